#include "core/base/buf.h"

#include "core/base/arena.h"
#include "core/base/ascii.h"

/*
 * Make room for n more bytes and the NUL that vsnprintf appends. False, with
 * overflow set, if that exceeds the ceiling.
 */
static bool reserve(struct buf *b, size_t n)
{
	size_t needed, capacity;

	if (b->overflow || b->n > b->bytes_max || n > b->bytes_max - b->n) {
		b->overflow = true;
		return false;
	}
	needed = b->n + n + 1;
	if (needed <= b->capacity)
		return true;
	capacity = b->capacity > b->bytes_max / 2 ? b->bytes_max + 1 : b->capacity * 2;
	if (capacity < needed)
		capacity = needed;
	b->p = arena_grow(b->arena, b->p, b->capacity, capacity);
	b->capacity = capacity;
	return true;
}

struct buf buf_new(struct arena *a, size_t capacity, size_t bytes_max)
{
	if (bytes_max > SIZE_MAX / 2)
		bytes_max = SIZE_MAX / 2;
	if (capacity > bytes_max)
		capacity = bytes_max;
	return (struct buf){ .arena = a, .p = arena_alloc(a, capacity), .capacity = capacity, .bytes_max = bytes_max };
}

char *buf_extend(struct buf *b, size_t n)
{
	if (!reserve(b, n))
		return NULL;
	b->n += n;
	return b->p + b->n - n;
}

void buf_add(struct buf *b, struct str s)
{
	if (s.n == 0 || !reserve(b, s.n))
		return;
	memcpy(b->p + b->n, s.p, s.n);
	b->n += s.n;
}

void buf_addz(struct buf *b, const char *z)
{
	buf_add(b, str_z(z));
}

void buf_addc(struct buf *b, char c)
{
	if (reserve(b, 1))
		b->p[b->n++] = c;
}

void buf_add_html(struct buf *b, struct str s)
{
	static const char special[] = "&<>\"'";
	static const char *const entities[] = { "&amp;", "&lt;", "&gt;", "&quot;", "&#39;" };

	for (size_t i = 0; i < s.n; i++) {
		const char *found = s.p[i] ? strchr(special, s.p[i]) : NULL;

		if (found)
			buf_addz(b, entities[found - special]);
		else
			buf_addc(b, s.p[i]);
	}
}

void buf_printf(struct buf *b, const char *fmt, ...)
{
	size_t room = b->capacity - b->n;
	va_list first, again;
	int n;

	va_start(first, fmt);
	va_copy(again, first);
	n = vsnprintf(b->p + b->n, room, fmt, first);
	va_end(first);
	if (n > 0 && reserve(b, (size_t)n)) {
		if ((size_t)n >= room)
			vsnprintf(b->p + b->n, (size_t)n + 1, fmt, again);
		b->n += (size_t)n;
	}
	va_end(again);
}

void buf_add_percent(struct buf *b, struct str s, const char *also)
{
	for (size_t i = 0; i < s.n; i++) {
		char c = s.p[i];

		if (ascii_is_alnum(c) || (c && (strchr("-._~", c) || strchr(also, c))))
			buf_addc(b, c);
		else
			buf_printf(b, "%%%02X", (unsigned char)c);
	}
}

struct str buf_str(const struct buf *b)
{
	return (struct str){ b->p, b->n };
}

void buf_clear(struct buf *b)
{
	b->n = 0;
	b->overflow = false;
}

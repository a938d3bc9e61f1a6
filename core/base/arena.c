#include "core/base/arena.h"

#include <stdalign.h>
#include "core/base/limits.h"

#if defined(__SANITIZE_ADDRESS__)
#define ARENA_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define ARENA_ASAN 1
#endif
#endif

#ifdef ARENA_ASAN
#include <sanitizer/asan_interface.h>
/* Poisoned memory between two allocations. */
enum { GAP_BYTES = 16 };
#define FORBID(p, n) ASAN_POISON_MEMORY_REGION(p, n)
#define PERMIT(p, n) ASAN_UNPOISON_MEMORY_REGION(p, n)
#else
enum { GAP_BYTES = 0 };
#define FORBID(p, n) ((void)(p), (void)(n))
#define PERMIT(p, n) ((void)(p), (void)(n))
#endif

enum {
	ALIGN_BYTES = alignof(max_align_t),
	/* Larger allocations get a block of their own, which realloc can grow. */
	SHARED_BYTES_MAX = ARENA_BLOCK_BYTES / 4,
};

struct arena_block {
	struct arena_block *next;
	size_t size; /* of data */
	size_t used; /* of data; the newest allocation ends here */
	alignas(max_align_t) char data[];
};

struct arena_deferred {
	struct arena_deferred *next;
	void (*fn)(void *ptr);
	void *ptr;
};

static _Noreturn void exhausted(struct arena *a)
{
	if (a->on_exhausted)
		a->on_exhausted(a->on_exhausted_ctx);
	abort();
}

/* The size of n bytes in a block. n is below the ceiling, so this cannot overflow. */
static size_t footprint(size_t n)
{
	return (n + GAP_BYTES + ALIGN_BYTES - 1) / ALIGN_BYTES * ALIGN_BYTES;
}

static bool may_take(const struct arena *a, size_t n)
{
	return a->used_bytes <= a->bytes_max && n <= a->bytes_max - a->used_bytes;
}

/* NULL when the ceiling is reached or malloc fails. The block is not linked yet. */
static struct arena_block *block_new(struct arena *a, size_t data_bytes)
{
	size_t bytes = sizeof(struct arena_block) + data_bytes;
	struct arena_block *b;

	if (!may_take(a, bytes))
		return NULL;
	b = malloc(bytes);
	if (!b)
		return NULL;
	a->used_bytes += bytes;
	b->size = data_bytes;
	b->used = 0;
	FORBID(b->data, data_bytes);
	return b;
}

static void block_free(struct arena *a, struct arena_block *b)
{
	a->used_bytes -= sizeof(*b) + b->size;
	PERMIT(b->data, b->size);
	free(b);
}

/* A block for one allocation goes behind the first, which may still have room. */
static void *alloc_alone(struct arena *a, size_t n)
{
	struct arena_block *b = block_new(a, footprint(n));

	if (!b)
		return NULL;
	if (a->blocks) {
		b->next = a->blocks->next;
		a->blocks->next = b;
	} else {
		b->next = NULL;
		a->blocks = b;
	}
	b->used = b->size;
	PERMIT(b->data, n);
	return b->data;
}

/* Like arena_alloc, but returns NULL when memory is exhausted. */
static void *try_alloc(struct arena *a, size_t n)
{
	struct arena_block *b = a->blocks;
	size_t bytes;
	char *p;

	if (n > a->bytes_max)
		return NULL;
	if (n > SHARED_BYTES_MAX)
		return alloc_alone(a, n);
	bytes = footprint(n ? n : 1);
	if (!b || b->size - b->used < bytes) {
		b = block_new(a, ARENA_BLOCK_BYTES);
		if (!b)
			return NULL;
		b->next = a->blocks;
		a->blocks = b;
	}
	p = b->data + b->used;
	b->used += bytes;
	PERMIT(p, n);
	return p;
}

/* Grow an allocation that has a block of its own; NULL on failure. */
static void *grow_alone(struct arena *a, void *p, size_t old_n, size_t new_n)
{
	size_t more = footprint(new_n) - footprint(old_n);
	struct arena_block **link, *b;

	for (link = &a->blocks; *link && (*link)->data != p; link = &(*link)->next)
		;
	if (!*link || !may_take(a, more))
		return NULL;
	PERMIT((*link)->data, (*link)->size);
	b = realloc(*link, sizeof(*b) + footprint(new_n));
	if (!b)
		return NULL;
	*link = b;
	a->used_bytes += more;
	b->size = b->used = footprint(new_n);
	FORBID(b->data, b->size);
	PERMIT(b->data, new_n);
	return b->data;
}

/* True if p is the newest allocation of the first block and was grown in place. */
static bool grow_in_place(struct arena *a, char *p, size_t old_n, size_t new_n)
{
	struct arena_block *b = a->blocks;
	size_t from;

	if (new_n > SHARED_BYTES_MAX || !b || p < b->data || p >= b->data + b->size)
		return false;
	from = (size_t)(p - b->data);
	if (from + footprint(old_n ? old_n : 1) != b->used || b->size - from < footprint(new_n))
		return false;
	b->used = from + footprint(new_n);
	PERMIT(p, new_n);
	return true;
}

void arena_init(struct arena *a, size_t bytes_max)
{
	*a = (struct arena){ .bytes_max = bytes_max };
}

void *arena_alloc(struct arena *a, size_t n)
{
	void *p = try_alloc(a, n);

	if (!p)
		exhausted(a);
	return p;
}

void *arena_calloc(struct arena *a, size_t count, size_t size)
{
	size_t n;
	void *p;

	if (__builtin_mul_overflow(count, size, &n))
		exhausted(a);
	p = arena_alloc(a, n);
	memset(p, 0, n);
	return p;
}

void *arena_grow(struct arena *a, void *p, size_t old_n, size_t new_n)
{
	void *bigger;

	if (new_n <= old_n || grow_in_place(a, p, old_n, new_n))
		return p;
	if (new_n > a->bytes_max)
		exhausted(a);
	if (old_n > SHARED_BYTES_MAX) {
		bigger = grow_alone(a, p, old_n, new_n);
		if (!bigger)
			exhausted(a);
		return bigger;
	}
	bigger = arena_alloc(a, new_n);
	if (old_n)
		memcpy(bigger, p, old_n);
	return bigger;
}

void arena_defer(struct arena *a, void (*fn)(void *ptr), void *ptr)
{
	struct arena_deferred *d = try_alloc(a, sizeof(*d));

	if (!d) {
		/* No memory to register the release: release now, as the owner never gets to use it. */
		fn(ptr);
		exhausted(a);
	}
	*d = (struct arena_deferred){ .next = a->deferred, .fn = fn, .ptr = ptr };
	a->deferred = d;
}

void arena_reset(struct arena *a)
{
	struct arena_block *b, *next, *kept = NULL;

	while (a->deferred) {
		struct arena_deferred *d = a->deferred;

		a->deferred = d->next;
		d->fn(d->ptr);
	}
	for (b = a->blocks; b; b = next) {
		next = b->next;
		if (!kept && b->size == ARENA_BLOCK_BYTES)
			kept = b;
		else
			block_free(a, b);
	}
	a->blocks = kept;
	if (kept) {
		kept->next = NULL;
		kept->used = 0;
		FORBID(kept->data, kept->size);
	}
}

void arena_free(struct arena *a)
{
	arena_reset(a);
	if (a->blocks)
		block_free(a, a->blocks);
	a->blocks = NULL;
}

/* Unicode's composed form, by utf8proc. */
#include <utf8proc.h>

#include "core/base/arena.h"
#include "core/base/text.h"

/*
 * utf8proc instead of libpq's unicode_normalize(), which is linked in anyway: that one searches its whole table for
 * each pair of characters, a second and a half for the largest body, where this takes 30 ms. Its tables add 340 kB to a
 * program, which are read only where a text is written in a script that needs them.
 */
struct str text_nfc(struct arena *a, struct str s)
{
	const utf8proc_option_t options = UTF8PROC_STABLE | UTF8PROC_COMPOSE;
	const utf8proc_uint8_t *bytes = (const utf8proc_uint8_t *)s.p;
	size_t at = 0;

	/* Below U+0300, 0xcc 0x80, each text is composed. */
	while (at < s.n && bytes[at] < 0xcc)
		at++;
	if (at == s.n)
		return s;
	/* Few characters become several; the count is exact. */
	utf8proc_ssize_t n = utf8proc_decompose(bytes, (utf8proc_ssize_t)s.n, NULL, 0, options);
	if (n < 0)
		return s; /* no UTF-8, which the checks refuse */
	utf8proc_int32_t *codes = arena_calloc(a, (size_t)n + 1, sizeof(*codes));
	n = utf8proc_decompose(bytes, (utf8proc_ssize_t)s.n, codes, n, options);
	if (n >= 0)
		n = utf8proc_reencode(codes, n, options); /* in place: no character takes more than its code */
	return n < 0 ? s : (struct str){ (const char *)codes, (size_t)n };
}

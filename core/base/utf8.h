/*
 * UTF-8 (RFC 3629), one code point at a time.
 */
#ifndef CGISHOP_BASE_UTF8_H
#define CGISHOP_BASE_UTF8_H

#include "core/base/str.h"

/*
 * The first code point of s, in *code, and its length in bytes; 0 if s is empty
 * or begins with a code point that is not in its shortest form, is cut off, or
 * is a surrogate. NUL is a code point here.
 */
size_t utf8_decode(struct str s, uint32_t *code);
/* The 1 to 4 bytes of a code point; how many they are. */
size_t utf8_encode(char *out, uint32_t code);
/* Not for interchange: JSON (RFC 7493, 2.1) and forms refuse it. */
static inline bool utf8_is_noncharacter(uint32_t code)
{
	return (code >= 0xfdd0 && code <= 0xfdef) || (code & 0xfffe) == 0xfffe;
}

#endif

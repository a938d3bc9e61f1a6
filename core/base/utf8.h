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

#endif

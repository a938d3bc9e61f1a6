/*
 * Checks of text that comes from outside. None allocates unless it says so.
 */
#ifndef CGISHOP_BASE_TEXT_H
#define CGISHOP_BASE_TEXT_H

#include "core/base/str.h"

struct arena;

/* Valid UTF-8 (RFC 3629: shortest form, no surrogates, ≤ U+10FFFF), no NUL. */
bool text_is_utf8(struct str s);
/* Code points of valid UTF-8. */
size_t text_chars(struct str s);
/* No C0 control but tab, LF, CR (`lines`) or none at all; no DEL. */
bool text_is_printable(struct str s, bool lines);
/*
 * What people may write for others to read: printable valid UTF-8, without C1 controls, bidirectional embeddings,
 * overrides and isolates, and without characters that nobody sees (zero width space, byte order mark, tags …).
 * Joiners and the marks U+200E and U+200F stay: names are spelt with them.
 */
bool text_is_plain(struct str s, bool lines);
/* Is there nothing to see in it: only white space of any script, joiners and fillers, or nothing at all? */
bool text_is_blank(struct str s);
/* 8-4-4-4-12 hex digits, either case, any version. */
bool text_is_uuid(struct str s);
/* local@domain as mail servers take it: ≤ 254 bytes, ASCII, one '@', dotted domain; not all of RFC 5322. */
bool text_is_email(struct str s);
/* Lower-case letters, digits and single '-' between them. */
bool text_is_slug(struct str s);
/* http or https, a host, no user info, visible ASCII without "<>\^`{|}; ≤ 2000 bytes. */
bool text_is_url(struct str s);
/* Two capital letters (ISO 3166-1 alpha-2 shape), three for a currency (ISO 4217 shape). */
bool text_is_country(struct str s);
bool text_is_currency(struct str s);
/* Without the white space at both ends, as Unicode has it. */
struct str text_trim(struct str s);
/*
 * E.164 number from what people type: 8 to 15 digits behind a '+', the first one not 0, with blanks, dashes, dots,
 * slashes and round brackets between them. The trunk's 0 behind a calling code, "+49 (0) 171 …", is dropped. With a
 * country (ISO 3166-1; empty: none) also a number as it is dialled there: "0171 …", "00 49 171 …". Each number has one
 * form. Copied into the arena; false when it is none.
 */
NODISCARD bool text_to_mobile(struct arena *a, struct str s, struct str country, struct str *out);
/* Is it a country that text_to_mobile knows? */
bool text_has_calling_code(struct str country);
/*
 * Is an E.164 number one of a place: a country (ISO 3166-1), or the beginning
 * of numbers, "+44"? Countries that share +1 or +7 are told apart by what
 * follows, but for the United States and Canada; those that share another code
 * are one place.
 */
bool text_mobile_is_of(struct str mobile, struct str place);
/*
 * A slug from a name: Latin letters lose their accents and case (ß gives ss,
 * æ ae, …), what is neither letter nor digit becomes one '-'; at most 80
 * bytes. Empty when nothing is left of it.
 */
struct str text_slugify(struct arena *a, struct str name);
/*
 * A plain decimal: optional '-', digits, optional '.' and digits (no exponent,
 * no leading zeros but "0.…", no '+') that fits numeric(digits, decimals): at
 * most `decimals` behind the point and `digits - decimals` before it.
 */
enum text_decimal { DECIMAL_OK, DECIMAL_MALFORMED, DECIMAL_TOO_LONG, DECIMAL_TOO_PRECISE };
enum text_decimal text_check_decimal(struct str s, unsigned digits, unsigned decimals);
/*
 * RFC 3339 date-time with Z or an offset (up to 15:59, which is what PostgreSQL
 * takes), a real day, year 1900 to 9999; seconds may have 1 to 6 decimals; no leap second.
 */
bool text_is_time(struct str s);
/*
 * A name that carries nothing but itself, for a message whose reader did not write it: at most 60 characters, no
 * address, host or number to follow or call, no markup, no control, and no stand-in for one of them (full-width
 * letters, mathematical ones, other full stops).
 */
bool text_is_plain_name(struct str s);
/* Visible ASCII only (0x21–0x7e), at least one byte. */
bool text_is_token(struct str s);

#endif

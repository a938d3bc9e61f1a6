/*
 * Checks of untrusted text. None allocates unless stated.
 */
#ifndef CGISHOP_BASE_TEXT_H
#define CGISHOP_BASE_TEXT_H

#include "core/base/str.h"

struct arena;

/* Valid UTF-8 (RFC 3629: shortest form, no surrogates, ≤ U+10FFFF), no NUL. */
bool text_is_utf8(struct str s);
/* Code points of valid UTF-8. */
size_t text_chars(struct str s);
enum text_lines { ONE_LINE, MANY_LINES };
/* No C0 controls except tab, LF and CR in MANY_LINES; no DEL. */
bool text_is_printable(struct str s, enum text_lines lines);
/*
 * Text that people write for others: valid printable UTF-8, without C1 controls, bidirectional embeddings, overrides
 * and isolates, and without invisible characters (zero width space, byte order mark, tags …). Joiners and the marks
 * U+200E and U+200F are allowed: names are spelt with them.
 */
bool text_is_plain(struct str s, enum text_lines lines);
/* Is it empty or invisible: only white space of any script, joiners and fillers? */
bool text_is_blank(struct str s);
/* Plain, on one line, and each character but the ASCII space is seen. */
bool text_is_visible(struct str s);
/* 8-4-4-4-12 hex digits, either case, any version. */
bool text_is_uuid(struct str s);
/* local@domain as mail servers accept it: ≤ 254 bytes, ASCII, one '@', dotted domain; not all of RFC 5322. */
bool text_is_email(struct str s);
/* ASCII alone. */
bool text_is_ascii(struct str s);
/* Lower-case letters, digits and single '-' between them. */
bool text_is_slug(struct str s);
/* http or https, a host, no user info, visible ASCII without "<>\^`{|}; ≤ 2000 bytes. */
bool text_is_url(struct str s);
/*
 * A path below a URL, as files of catalogues have them (RFC 3986, 4.2): "m/b/1.jpg" and "/m/b/1.jpg" below
 * "https://old.example/media". Spaces and others are percent-encoded, escapes and a query are kept. In the arena;
 * STR_NULL: it is not such a path, or leads elsewhere ("..", "//host", "data:").
 */
struct str text_url_below(struct arena *a, struct str url, struct str path);
/* Three capital letters: the shape of a currency's code, for what providers report; iso_is_currency knows the codes. */
bool text_is_currency(struct str s);
/*
 * In Unicode's composed form (UAX #15, NFC), in which equal texts have equal bytes. In the arena, or the text as it is,
 * also where it is no UTF-8; followed by a NUL only if it was changed.
 */
struct str text_nfc(struct arena *a, struct str s);
/* Without Unicode white space at both ends. */
struct str text_trim(struct str s);
/*
 * E.164 number from what people type: 8 to 15 digits after a '+', the first not 0, with blanks, dashes, dots, slashes
 * and round brackets between them; or 00 instead of the '+'. The trunk prefix 0 after a calling code, "+49 (0) 171 …",
 * is dropped where the country has one: Italy's 0 belongs to the number. With a country (ISO 3166-1; empty: none) also
 * a number as dialled there: "0171 …", "011 49 171 …". Each number has one form. Copied into the arena; false if it is
 * not a number.
 *
 * A table of calling codes, trunk prefixes and lengths stands for libphonenumber, which is C++ with metadata of 1 MB
 * for static programs that start at each request. It does not know which numbers are assigned, nor the lengths of
 * others than mobile numbers, nor two ways of dialling one number: 9 and 15 in Argentina, the former 1 after +52.
 */
NODISCARD bool text_to_mobile(struct arena *a, struct str s, struct str country, struct str *out);
/*
 * The digits of a GTIN (GS1 General Specifications, 7.9: the number of a barcode, as UPC, EAN and ISBN-13 are): 8, 12,
 * 13 or 14, the last of which is the check digit, with blanks and hyphens between them. Copied into the arena; false if
 * it is none, as all zeros are.
 */
NODISCARD bool text_to_gtin(struct arena *a, struct str s, struct str *out);
/* Is it a country known to text_to_mobile? */
bool text_has_calling_code(struct str country);
/*
 * Does an E.164 number belong to a country (ISO 3166-1) or begin with a prefix,
 * "+44"? Countries that share +1 or +7 are distinguished by the following
 * digits, except the United States and Canada; those that share another code
 * are not distinguished.
 */
bool text_mobile_is_of(struct str mobile, struct str place);
/*
 * A slug from a name: Latin letters lose their accents and case (ß gives ss, æ
 * ae, …), everything else becomes one '-'; at most 80 bytes. Empty if nothing
 * is left.
 */
struct str text_slugify(struct arena *a, struct str name);
/*
 * A plain decimal: optional '-', digits, optional '.' and digits (no exponent,
 * no leading zeros but "0.…", no '+') that fits numeric(digits, decimals): at
 * most `decimals` after the point and `digits - decimals` before it.
 */
enum text_decimal { DECIMAL_OK, DECIMAL_MALFORMED, DECIMAL_TOO_LONG, DECIMAL_TOO_PRECISE };
enum text_decimal text_check_decimal(struct str s, unsigned digits, unsigned decimals);
/*
 * RFC 3339 date-time with Z or an offset (up to 15:59, which is what PostgreSQL
 * takes), a real day, year 1900 to 9999; seconds may have 1 to 6 decimals; no leap second.
 */
bool text_is_time(struct str s);
/* A day of these years: "2026-01-31". */
bool text_is_date(struct str s);
/*
 * A plain name, for a message to someone who did not write it: at most 60 characters, no address, host or number to
 * follow or call, no markup, no control character, and no look-alike of one of these (full-width or mathematical
 * letters, other full stops).
 */
bool text_is_plain_name(struct str s);
/* Visible ASCII only (0x21–0x7e), at least one byte. */
bool text_is_token(struct str s);
/* ASCII letters, digits and characters of `others`; at least one. */
bool text_is_word(struct str s, const char *others);

#endif

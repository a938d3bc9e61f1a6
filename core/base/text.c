#include "core/base/text.h"

#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/utf8.h"

enum {
	EMAIL_BYTES_MAX = 254, /* RFC 5321, 4.5.3.1.3, without its angle brackets */
	EMAIL_LOCAL_BYTES_MAX = 64,
	LABEL_BYTES_MAX = 63, /* RFC 1035, 2.3.4 */
	HOST_BYTES_MAX = 253,
	URL_BYTES_MAX = 2000,
	PORT_MAX = 65535,
	NAME_CHARS_MAX = 60, /* of a plain name */
	NAME_DIGITS_MAX = 4,
};

static bool is_hex(int c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

/* True if s is not empty and all of it is of the one kind. */
static bool consists_of(struct str s, bool (*is)(int c))
{
	for (size_t i = 0; i < s.n; i++)
		if (!is(s.p[i]))
			return false;
	return s.n > 0;
}

bool text_is_utf8(struct str s)
{
	while (s.n) {
		uint32_t code;
		size_t n = utf8_decode(s, &code);

		if (n == 0 || code == 0)
			return false;
		s = str_sub(s, n, s.n);
	}
	return true;
}

size_t text_chars(struct str s)
{
	size_t n = 0;

	/* Every byte but the second, third and fourth of a sequence. */
	for (size_t i = 0; i < s.n; i++)
		n += ((unsigned char)s.p[i] & 0xc0) != 0x80;
	return n;
}

bool text_is_printable(struct str s, enum text_lines lines)
{
	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (c == 0x7f || (c < 0x20 && !(lines == MANY_LINES && (c == '\t' || c == '\n' || c == '\r'))))
			return false;
	}
	return true;
}

/* Both ends included; in order. */
struct code_range {
	uint32_t first, last;
};

static bool is_in(const struct code_range *ranges, size_t n, uint32_t code)
{
	for (size_t i = 0; i < n && code >= ranges[i].first; i++)
		if (code <= ranges[i].last)
			return true;
	return false;
}

/* Not the joiners U+200C and U+200D, without which Indic scripts, Persian and emoji are misspelt, nor U+200E and
 * U+200F. */
static const struct code_range deceptive[] = {
	{ 0x80, 0x9f },       /* C1 controls */
	{ 0x200b, 0x200b },   /* zero width space */
	{ 0x202a, 0x202e },   /* bidirectional embeddings and overrides */
	{ 0x2060, 0x206f },   /* word joiner, invisible operators, bidirectional isolates, deprecated controls */
	{ 0xfdd0, 0xfdef },   /* noncharacters */
	{ 0xfeff, 0xfeff },   /* byte order mark */
	{ 0xfff0, 0xfffb },   /* unassigned, interlinear annotation */
	{ 0xfffe, 0xffff },   /* noncharacters */
	{ 0xe0000, 0xe00ff }, /* tags, which are invisible ASCII, and unassigned neighbours */
};

/* The flags of England, Scotland and Wales are a black flag followed by tags. */
enum { BLACK_FLAG = 0x1f3f4, TAG_FIRST = 0xe0030, TAG_LAST = 0xe007f };

bool text_is_plain(struct str s, enum text_lines lines)
{
	bool in_flag = false;
	uint32_t code;

	if (!text_is_printable(s, lines))
		return false;
	for (size_t n; s.n; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (n == 0 || (lines == ONE_LINE && (code == 0x2028 || code == 0x2029)))
			return false;
		in_flag = code == BLACK_FLAG || (in_flag && code >= TAG_FIRST && code <= TAG_LAST);
		if (!in_flag && is_in(deceptive, ARRAY_LEN(deceptive), code))
			return false;
	}
	return true;
}

/* White space, and characters that are invisible on their own. */
static const struct code_range unseen[] = {
	{ 0x00, 0x20 },     { 0x7f, 0xa0 },     { 0xad, 0xad },     { 0x34f, 0x34f },     { 0x61c, 0x61c },
	{ 0x115f, 0x1160 }, { 0x1680, 0x1680 }, { 0x17b4, 0x17b5 }, { 0x180b, 0x180f },   { 0x2000, 0x200f },
	{ 0x2028, 0x202f }, { 0x205f, 0x206f }, { 0x2800, 0x2800 }, { 0x3000, 0x3000 },   { 0x3164, 0x3164 },
	{ 0xfe00, 0xfe0f }, { 0xfeff, 0xfeff }, { 0xffa0, 0xffa0 }, { 0xe0000, 0xe0fff },
};

bool text_is_blank(struct str s)
{
	uint32_t code;

	for (size_t n; s.n; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (n == 0 || !is_in(unseen, ARRAY_LEN(unseen), code))
			return false;
	}
	return true;
}

bool text_is_visible(struct str s)
{
	uint32_t code;

	if (!text_is_plain(s, ONE_LINE))
		return false;
	for (size_t n; s.n; s = str_sub(s, n, s.n)) {
		n = utf8_decode(s, &code);
		if (code != ' ' && is_in(unseen, ARRAY_LEN(unseen), code))
			return false;
	}
	return true;
}

/* A full stop as in "J. R. Rao" and "J.R. Rao", not as in "a.example": a space, the end or an initial follows. */
static bool is_stop_of_name(struct str after)
{
	if (!after.n || after.p[0] == ' ' || after.p[0] == ',' || after.p[0] == '-')
		return true;
	return ascii_is_upper(after.p[0]) && (after.n == 1 || after.p[1] == '.' || after.p[1] == ' ');
}

/* A digit of another script, except full-width ones: the zeros of the basic plane. */
static bool is_digit_elsewhere(uint32_t code)
{
	static const uint16_t zeros[] = {
		0x660,  0x6f0,  0x7c0,  0x966,  0x9e6,  0xa66,  0xae6,  0xb66,  0xbe6,  0xc66,  0xce6,  0xd66,
		0xde6,  0xe50,  0xed0,  0xf20,  0x1040, 0x1090, 0x17e0, 0x1810, 0x1946, 0x19d0, 0x1a80, 0x1a90,
		0x1b50, 0x1bb0, 0x1c40, 0x1c50, 0xa620, 0xa8d0, 0xa900, 0xa9d0, 0xa9f0, 0xaa50, 0xabf0,
	};

	for (size_t i = 0; i < ARRAY_LEN(zeros); i++)
		if (code >= zeros[i] && code < zeros[i] + 10u)
			return true;
	return false;
}

bool text_is_plain_name(struct str s)
{
	/* No marks, signs and pictures except joiners, hyphens and the apostrophe; nothing that looks like ASCII. */
	static const struct code_range in_no_name[] = {
		{ 0x80, 0xa0 },        { 0x589, 0x589 },   { 0x66a, 0x66d },     { 0x6d4, 0x6d4 },
		{ 0x700, 0x70d },      { 0x964, 0x965 },   { 0x2000, 0x200b },   { 0x200e, 0x200f },
		{ 0x2016, 0x2018 },    { 0x201a, 0x2bff }, { 0x3000, 0x3004 },   { 0x3008, 0x3020 },
		{ 0xa4f8, 0xa4ff },    { 0xa60e, 0xa60e }, { 0xe000, 0xf8ff },   { 0xfe00, 0xfe6f },
		{ 0xfeff, 0xff65 },    { 0xffe0, 0xffff }, { 0x1d400, 0x1d7ff }, { 0x1f000, 0x1faff },
		{ 0xe0000, 0x10ffff },
	};
	size_t digits = 0;

	if (text_chars(s) > NAME_CHARS_MAX)
		return false;
	while (s.n) {
		uint32_t code;
		size_t n = utf8_decode(s, &code);
		struct str after = str_sub(s, n ? n : 1, s.n);
		bool plain = code == '.'   ? is_stop_of_name(after)
			     : code < 0x80 ? ascii_is_alnum(s.p[0]) || strchr(" ',-&()", s.p[0])
					   : !is_in(in_no_name, ARRAY_LEN(in_no_name), code);

		digits += ascii_is_digit(s.p[0]) || is_digit_elsewhere(code);
		if (!n || !code || !plain || digits > NAME_DIGITS_MAX)
			return false;
		s = after;
	}
	return true;
}

bool text_is_uuid(struct str s)
{
	if (s.n != 36)
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = i == 8 || i == 13 || i == 18 || i == 23;

		if (dash ? s.p[i] != '-' : !is_hex(s.p[i]))
			return false;
	}
	return true;
}

/* A label of a host name: letters, digits, and '-' except at the ends. */
static bool is_label(struct str s)
{
	return s.n <= LABEL_BYTES_MAX && text_is_word(s, "-") && s.p[0] != '-' && s.p[s.n - 1] != '-';
}

/* At least labels_min labels; the last may be numeric only in an IPv4 address. */
static bool is_host(struct str s, size_t labels_min, bool may_be_address)
{
	struct str label = STR_NULL;
	size_t labels = 0;

	if (s.n == 0 || s.n > HOST_BYTES_MAX)
		return false;
	while (s.p) {
		label = str_cut(&s, '.');
		if (!is_label(label))
			return false;
		labels++;
	}
	return labels >= labels_min && (may_be_address || !consists_of(label, ascii_is_digit));
}

/* The characters of an e-mail address's local part (RFC 5321, 4.1.2: Atom). */
static bool is_atom(struct str s)
{
	return text_is_word(s, "!#$%&'*+-/=?^_`{|}~");
}

bool text_is_email(struct str s)
{
	struct str domain = s, local = str_cut(&domain, '@');

	if (s.n > EMAIL_BYTES_MAX || local.n > EMAIL_LOCAL_BYTES_MAX || local.n == 0)
		return false;
	while (local.p)
		if (!is_atom(str_cut(&local, '.')))
			return false;
	return is_host(domain, 2, false);
}

bool text_is_ascii(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if ((unsigned char)s.p[i] >= 0x80)
			return false;
	return true;
}

bool text_is_slug(struct str s)
{
	if (s.n == 0 || s.p[s.n - 1] == '-')
		return false;
	for (size_t i = 0; i < s.n; i++) {
		bool dash = s.p[i] == '-' && i > 0 && s.p[i - 1] != '-';

		if (!dash && !ascii_is_lower(s.p[i]) && !ascii_is_digit(s.p[i]))
			return false;
	}
	return true;
}

/* "[2001:db8::1]"; the caller checks the address when it connects. */
static bool is_bracketed(struct str s)
{
	if (s.n < 4 || s.p[0] != '[' || s.p[s.n - 1] != ']')
		return false;
	for (size_t i = 1; i < s.n - 1; i++)
		if (!is_hex(s.p[i]) && s.p[i] != ':' && s.p[i] != '.')
			return false;
	return true;
}

static bool is_authority(struct str s)
{
	size_t bracket = str_find(s, ']');
	struct str host = bracket < s.n ? str_sub(s, 0, bracket + 1) : str_sub(s, 0, str_find(s, ':'));
	struct str port = str_sub(s, host.n, s.n);
	int64_t number;

	if (port.n) {
		if (port.p[0] != ':' || port.n > 6 || !consists_of(str_sub(port, 1, port.n), ascii_is_digit))
			return false;
		if (!str_to_int(str_sub(port, 1, port.n), &number) || number < 1 || number > PORT_MAX)
			return false;
	}
	return is_bracketed(host) || is_host(host, 1, true);
}

bool text_is_url(struct str s)
{
	size_t n = 0;

	if (s.n > URL_BYTES_MAX)
		return false;
	if (str_eq_nocase(str_sub(s, 0, 7), STR("http://")))
		s = str_sub(s, 7, s.n);
	else if (str_eq_nocase(str_sub(s, 0, 8), STR("https://")))
		s = str_sub(s, 8, s.n);
	else
		return false;
	/* Browsers read '\' as '/'; the others would need escaping in a page. */
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] <= 0x20 || s.p[i] >= 0x7f || memchr("\"<>\\^`{|}", s.p[i], 9))
			return false;
	while (n < s.n && s.p[n] != '/' && s.p[n] != '?' && s.p[n] != '#')
		n++;
	return is_authority(str_sub(s, 0, n));
}

bool text_is_currency(struct str s)
{
	return s.n == 3 && consists_of(s, ascii_is_upper);
}

bool text_is_token(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < 0x21 || s.p[i] > 0x7e)
			return false;
	return s.n > 0;
}

bool text_is_word(struct str s, const char *others)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_alnum(s.p[i]) && (s.p[i] == '\0' || !strchr(others, s.p[i])))
			return false;
	return s.n > 0;
}

#include "core/base/text.h"

#include "core/base/arena.h"
#include "core/base/utf8.h"

enum { SLUG_BYTES_MAX = 80, VIETNAMESE_FIRST = 0x1ea0 };

/* U+00C0 to U+017F (Latin-1 Supplement, Latin Extended-A); '*' is one of `pairs`. */
static const char latin[] = "aaaaaa*ceeeeiiiidnooooo-ouuuuy**aaaaaa*ceeeeiiiidnooooo-ouuuuy*y"
			    "aaaaaaccccccccddddeeeeeeeeeegggggggghhhhiiiiiiiiii**jjkkklllllll"
			    "lllnnnnnnnnnoooooo**rrrrrrssssssssttttttuuuuuuuuuuuuwwyyyzzzzzzs";

/* U+1EA0 to U+1EF9: the letters of Vietnamese. */
static const char vietnamese[] =
	"aaaaaaaaaaaaaaaaaaaaaaaaeeeeeeeeeeeeeeeeiiiioooooooooooooooooooooooouuuuuuuuuuuuuuyyyyyyyy";

static const struct {
	uint16_t code;
	char text[3];
} pairs[] = {
	{ 0x00c6, "ae" },
	{ 0x00de, "th" },
	{ 0x00df, "ss" },
	{ 0x00e6, "ae" },
	{ 0x00fe, "th" },
	{ 0x0132, "ij" },
	{ 0x0133, "ij" },
	{ 0x0152, "oe" },
	{ 0x0153, "oe" },
	{ 0x1e9e, "ss" },
	/* Romanian and Vietnamese letters outside these ranges, and the superscripts of "1º", "m²" */
	{ 0x0218, "s" },
	{ 0x0219, "s" },
	{ 0x021a, "t" },
	{ 0x021b, "t" },
	{ 0x01a0, "o" },
	{ 0x01a1, "o" },
	{ 0x01af, "u" },
	{ 0x01b0, "u" },
	{ 0x00aa, "a" },
	{ 0x00ba, "o" },
	{ 0x00b2, "2" },
	{ 0x00b3, "3" },
	{ 0x00b9, "1" },
	{ 0x00b5, "u" },
};

/* Signs, spaces, arrows and pictures become a dash; letters of other scripts are dropped. */
static bool is_sign(uint32_t code)
{
	return code < 0xc0 || (code >= 0x2000 && code < 0x2c00) || (code >= 0x3000 && code < 0x3040) ||
	       (code >= 0x1f000 && code < 0x20000);
}

/* The replacement of a code point: lower-case letters and digits, "-", or "" to drop it. At most 2 bytes and a NUL. */
static void spell(uint32_t code, char out[3])
{
	char c = '\0';

	for (size_t i = 0; i < ARRAY_LEN(pairs); i++) {
		if (pairs[i].code == code) {
			memcpy(out, pairs[i].text, sizeof(pairs[i].text));
			return;
		}
	}
	if ((code >= '0' && code <= '9') || (code >= 'a' && code <= 'z'))
		c = (char)code;
	else if (code >= 'A' && code <= 'Z')
		c = (char)(code - 'A' + 'a');
	else if (code >= 0xc0 && code - 0xc0 < sizeof(latin) - 1)
		c = latin[code - 0xc0];
	else if (code >= VIETNAMESE_FIRST && code - VIETNAMESE_FIRST < sizeof(vietnamese) - 1)
		c = vietnamese[code - VIETNAMESE_FIRST];
	else if (is_sign(code))
		c = '-';
	out[0] = c;
	out[1] = '\0';
}

struct str text_slugify(struct arena *a, struct str name)
{
	char *slug = arena_alloc(a, SLUG_BYTES_MAX + 1);
	size_t n = 0;

	while (name.n) {
		uint32_t code;
		size_t bytes = utf8_decode(name, &code), more;
		char text[3];

		name = str_sub(name, bytes ? bytes : 1, name.n);
		if (!bytes)
			continue;
		spell(code, text);
		more = strlen(text);
		/* One '-' between words, none at the start. */
		if (text[0] == '-' && (n == 0 || slug[n - 1] == '-'))
			continue;
		if (n + more > SLUG_BYTES_MAX)
			break;
		memcpy(slug + n, text, more);
		n += more;
	}
	if (n && slug[n - 1] == '-')
		n--;
	slug[n] = '\0';
	return (struct str){ slug, n };
}

#include "core/auth/password_rule.h"

#include "core/base/ascii.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

/* Three words of the list are too few, even if one of them is disguised. */
enum { BITS_MIN = 35 };

/* The cost of guessing a part, in bits. */
enum {
	WORD_BITS = 11,
	CONTEXT_BITS = 2,
	DISGUISE_BITS = 1, /* capitals, or digits for letters, in a word */
	SEQUENCE_BITS = 6, /* 4567, dcba, qwert */
	YEAR_BITS = 6,
	RUN_BITS = 2, /* in addition to the repeated character */
	COPY_BITS = 2,
	SEPARATOR_BITS = 2,
	DIGIT_BITS = 3,
	LOWER_BITS = 5,
	FLUENT_BITS = 3, /* a letter that often follows the previous one: pronounceable text is not random */
	UPPER_BITS = 6,
	SIGN_BITS = 5,
	OTHER_BITS = 8,
	CONTEXT_WORD_CHARS_MIN = 3,
};

static const char common_words[] =
#include "core/auth/common_words.def"
	;

static const char *const rows[] = {
	"0123456789",   "1234567890",  "abcdefghijklmnopqrstuvwxyz",
	"qwertyuiop[]", "asdfghjkl;'", "zxcvbnm,./",
	"qwertzuiop",   "yxcvbnm",     "azertyuiop",
	"qsdfghjklm",   "wxcvbn",      "!@#$%^&*()",
	"!\"$%&/()=",
};

static const char common_pairs[] = "th he in er an re nd at on nt ha es st en ed to it ou ea hi is or ti as te et ng "
				   "of al de se le sa si ar ve ra ld "
				   "ur ro li ri io ne me la el ma il ic co ce ch ta tr om ca un us di ho lo no po pe "
				   "be ac ad ai am ap ee em ig ir ll "
				   "ly mi mo na ni ol op ot pa pl pr ss su tt ul ut wa wh wi da do du ec ef ei ep ev "
				   "ex fi fo ga ge go gr gu hu id ie "
				   "ia if im ip iv ki ke ka ko ls lt lu mm mp mu nc ns nu nn ob oc od og oo os ov ow "
				   "pi qu rd rr rs rt ru ry sc sh so sp "
				   "tu ub ue um up ui vi vo we ye ya zz bo bl br bu ba bi cr cl ct cu dr ef fa fe fl "
				   "fr gi gl ja je jo ju ks nk ph pu ";

/* The password during analysis: its characters, and the lowest cost of all before each. */
struct guess {
	uint32_t chars[PASSWORD_BYTES_MAX];
	unsigned price[PASSWORD_BYTES_MAX + 1];
	size_t n;
};

static uint32_t lower(uint32_t c)
{
	return c >= 'A' && c <= 'Z' ? c + ('a' - 'A') : c;
}

static bool is_digit(uint32_t c)
{
	return c >= '0' && c <= '9';
}

/* Can c replace the letter in a word? */
static bool replaces(uint32_t c, char letter)
{
	static const char *const pairs = "a4a@b8e3g9i1i!l1l!o0s5s$t7t+z21!2@3#4$5%6^7&8*9(0)";

	for (const char *pair = pairs; *pair; pair += 2)
		if (pair[0] == letter && (uint32_t)pair[1] == c)
			return true;
	return false;
}

static bool is_fluent(uint32_t before, uint32_t c)
{
	for (const char *pair = common_pairs; *pair; pair += 3)
		if ((uint32_t)pair[0] == lower(before) && (uint32_t)pair[1] == c)
			return true;
	return false;
}

static unsigned price_of_char(uint32_t c)
{
	if (c >= 0x80)
		return OTHER_BITS;
	if (is_digit(c))
		return DIGIT_BITS;
	if (c >= 'a' && c <= 'z')
		return LOWER_BITS;
	if (c >= 'A' && c <= 'Z')
		return UPPER_BITS;
	return strchr(" .-_!,", (int)c) ? SEPARATOR_BITS : SIGN_BITS;
}

/* The characters from `at` to `end` cost that much more. */
static void offer(struct guess *g, size_t at, size_t end, unsigned bits)
{
	if (g->price[at] + bits < g->price[end])
		g->price[end] = g->price[at] + bits;
}

static void offer_word(struct guess *g, size_t at, struct str word, unsigned bits)
{
	bool disguised = false;

	if (at + word.n > g->n)
		return;
	for (size_t i = 0; i < word.n; i++) {
		uint32_t c = g->chars[at + i];
		char letter = (char)lower((unsigned char)word.p[i]);

		if (lower(c) != (uint32_t)letter && !replaces(c, letter))
			return;
		/* An initial capital is too common to count. */
		disguised |= c != (uint32_t)letter && i > 0;
	}
	offer(g, at, at + word.n, bits + (disguised ? DISGUISE_BITS : 0));
}

/* The words of an address or a name, together and separately. */
static void offer_context(struct guess *g, size_t at, struct str text)
{
	offer_word(g, at, text, CONTEXT_BITS);
	while (text.n) {
		size_t n = 0;

		while (n < text.n && ascii_is_alnum(text.p[n]))
			n++;
		if (n >= CONTEXT_WORD_CHARS_MIN)
			offer_word(g, at, str_sub(text, 0, n), CONTEXT_BITS);
		text = str_sub(text, n + 1, text.n);
	}
}

static void offer_sequences(struct guess *g, size_t at)
{
	for (size_t i = 0; i < ARRAY_LEN(rows); i++) {
		size_t length = strlen(rows[i]);

		for (int step = -1; step <= 1; step += 2) {
			const char *from = strchr(rows[i], (int)(lower(g->chars[at]) & 0x7f));
			size_t n = 0;

			while (from && at + n < g->n && from >= rows[i] && from < rows[i] + length &&
			       lower(g->chars[at + n]) == (unsigned char)*from) {
				from += step;
				if (++n >= 3)
					offer(g, at, at + n, SEQUENCE_BITS);
			}
		}
	}
}

static void offer_runs(struct guess *g, size_t at)
{
	for (size_t n = 2; at + n <= g->n && g->chars[at + n - 1] == g->chars[at]; n++)
		offer(g, at, at + n, price_of_char(g->chars[at]) + RUN_BITS);
	/* The same as before it, again. */
	for (size_t n = 2; n <= at && at + n <= g->n; n++)
		if (memcmp(&g->chars[at - n], &g->chars[at], n * sizeof(g->chars[0])) == 0)
			offer(g, at, at + n, COPY_BITS);
}

static void offer_year(struct guess *g, size_t at)
{
	const uint32_t *c = &g->chars[at];

	if (at + 4 <= g->n && ((c[0] == '1' && c[1] == '9') || (c[0] == '2' && c[1] == '0')) && is_digit(c[2]) &&
	    is_digit(c[3]))
		offer(g, at, at + 4, YEAR_BITS);
}

static void read_chars(struct guess *g, struct str password)
{
	size_t bytes;

	g->n = 0;
	g->price[0] = 0;
	for (; password.n && g->n < ARRAY_LEN(g->chars); password = str_sub(password, bytes, password.n)) {
		bytes = utf8_decode(password, &g->chars[g->n]);
		if (bytes == 0)
			break;
		g->price[++g->n] = UINT16_MAX;
	}
}

unsigned password_bits(struct str password, const struct str *context, size_t context_n)
{
	struct guess g;

	read_chars(&g, password);
	for (size_t at = 0; at < g.n; at++) {
		struct str words = str_z(common_words);

		offer(&g, at, at + 1,
		      at && is_fluent(g.chars[at - 1], g.chars[at]) ? FLUENT_BITS : price_of_char(g.chars[at]));
		while (words.n)
			offer_word(&g, at, str_cut(&words, ' '), WORD_BITS);
		for (size_t i = 0; i < context_n; i++)
			offer_context(&g, at, context[i]);
		offer_sequences(&g, at);
		offer_runs(&g, at);
		offer_year(&g, at);
	}
	explicit_bzero(g.chars, sizeof(g.chars));
	return g.price[g.n];
}

struct fault password_rule(struct str password, const struct str *context, size_t context_n)
{
	if (!text_is_utf8(password))
		return (struct fault){ ERROR_INVALID_UTF8 };
	if (!text_is_printable(password, ONE_LINE))
		return (struct fault){ ERROR_CONTROL_CHARACTER };
	if (text_chars(password) < PASSWORD_CHARS_MIN)
		return (struct fault){ ERROR_MIN_LENGTH, { { "min", .number = PASSWORD_CHARS_MIN } } };
	if (password.n > PASSWORD_BYTES_MAX)
		return (struct fault){ ERROR_MAX_BYTES, { { "max", .number = PASSWORD_BYTES_MAX } } };
	if (password_bits(password, context, context_n) < BITS_MIN)
		return (struct fault){ ERROR_COMMON_PASSWORD };
	return (struct fault){ ERROR_NONE };
}

/*
 * The checks of text against second opinions: regular expressions, the C
 * library's calendar and multibyte functions. Every check sees every input.
 */
#include <langinfo.h>
#include <locale.h>
#include <regex.h>
#include <time.h>
#include <wchar.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/base/utf8.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

/* An expression is compiled once in the life of the fuzzer. */
struct expression {
	const char *text;
	regex_t compiled;
	bool ready;
};

/* s is followed by a NUL: regexec wants C strings. */
static bool matches(struct expression *e, struct str s)
{
	if (!e->ready) {
		must(regcomp(&e->compiled, e->text, REG_EXTENDED) == 0);
		e->ready = true;
	}
	return strlen(s.p) == s.n && regexec(&e->compiled, s.p, 0, NULL, 0) == 0;
}

static void check_decimal(struct str s)
{
	static struct expression plain = { .text = "^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$" };
	static struct expression money = { .text = "^-?(0|[1-9][0-9]{0,7})(\\.[0-9]{1,2})?$" };
	enum text_decimal result = text_check_decimal(s, 10, 2);

	must((result != DECIMAL_MALFORMED) == matches(&plain, s));
	must((result == DECIMAL_OK) == matches(&money, s));
}

static void check_time(struct str s)
{
	static struct expression shape = {
		.text = "^(19|[2-9][0-9])[0-9]{2}-[0-9]{2}-[0-9]{2}[Tt]([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
			"(\\.[0-9]{1,6})?([Zz]|[-+](0[0-9]|1[0-5]):[0-5][0-9])$",
	};
	bool valid = matches(&shape, s);
	char z[11];
	struct tm tm = { 0 }, normal;

	if (valid) {
		/* A day that there is not becomes another one. */
		memcpy(z, s.p, 10);
		z[10] = '\0';
		must(sscanf(z, "%d-%d-%d", &tm.tm_year, &tm.tm_mon, &tm.tm_mday) == 3);
		tm.tm_year -= 1900;
		tm.tm_mon -= 1;
		normal = tm;
		timegm(&normal);
		valid = normal.tm_mday == tm.tm_mday && normal.tm_mon == tm.tm_mon;
	}
	must(text_is_time(s) == valid);
}

static void check_names(struct str s)
{
	static struct expression uuid = { .text = "^[0-9a-fA-F]{8}(-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}$" };
	static struct expression slug = { .text = "^[a-z0-9]+(-[a-z0-9]+)*$" };
	static struct expression token = { .text = "^[!-~]+$" };
	static struct expression email = {
		.text = "^[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+(\\.[a-zA-Z0-9!#$%&'*+/=?^_`{|}~-]+)*@"
			"([a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?\\.)+[a-zA-Z0-9]([a-zA-Z0-9-]*[a-zA-Z0-9])?$",
	};
	static struct expression url = {
		.text = "^[hH][tT][tT][pP][sS]?://([a-zA-Z0-9.-]+|\\[[0-9a-fA-F:.]{2,}\\])(:[0-9]{1,5})?"
			"([/?#][]!#-;=?-[_a-z~]*)?$",
	};

	must(text_is_uuid(s) == matches(&uuid, s));
	must(text_is_slug(s) == matches(&slug, s));
	must(text_is_token(s) == matches(&token, s));
	must(!text_is_plain_name(s) ||
	     (text_is_utf8(s) && text_is_printable(s, ONE_LINE) && !strpbrk(s.p, "/:@<>[]\\")));
	/* Lengths are not in these two. */
	must(!text_is_email(s) || matches(&email, s));
	must(!text_is_url(s) || matches(&url, s));
}

/* The C library's decoder takes more than there is: it does not end at U+10FFFF. */
static void check_utf8(struct arena *a, struct str s)
{
	wchar_t *wide = arena_calloc(a, s.n + 1, sizeof(*wide));
	const char *z = s.p;
	size_t n = mbsrtowcs(wide, &z, s.n + 1, &(mbstate_t){ 0 });
	bool valid = n != (size_t)-1 && strlen(s.p) == s.n;

	for (size_t i = 0; valid && i < n; i++)
		valid = wide[i] <= 0x10ffff;
	must(text_is_utf8(s) == valid);
	must(!valid || text_chars(s) == n);
}

static void check_made(struct arena *a, struct str s)
{
	static struct expression number = { .text = "^\\+[1-9][0-9]{7,14}$" };
	struct str slug = text_slugify(a, s), mobile, again;

	must(slug.n == 0 || (text_is_slug(slug) && slug.n <= 80));
	must(str_eq(text_slugify(a, slug), slug));
	if (text_to_mobile(a, s, STR("DE"), &mobile)) {
		must(matches(&number, mobile));
		must(text_to_mobile(a, mobile, STR("IN"), &again) && str_eq(again, mobile));
	} else {
		must(!matches(&number, s) || memchr(s.p, '0', s.n)); /* too short without its trunk's 0 */
	}
}

/* A composed text stays as it is, and is text if it was. */
static void check_composed(struct arena *a, struct str s)
{
	struct str composed = text_nfc(a, s), gtin, again;

	must(str_eq(text_nfc(a, composed), composed));
	must(text_is_utf8(composed) == text_is_utf8(s));
	must(!text_is_visible(s) || text_is_plain(s, ONE_LINE));
	if (text_to_gtin(a, s, &gtin))
		must(text_to_gtin(a, gtin, &again) && str_eq(again, gtin));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct arena a;
	struct str s;

	if (strcmp(nl_langinfo(CODESET), "UTF-8") != 0)
		must(setlocale(LC_CTYPE, "C.UTF-8") != NULL);
	arena_init(&a, ARENA_BYTES_MAX);
	s = str_copy(&a, (struct str){ (const char *)data, n });
	check_utf8(&a, s);
	check_decimal(s);
	check_time(s);
	check_names(s);
	check_made(&a, s);
	check_composed(&a, s);
	arena_free(&a);
	return 0;
}

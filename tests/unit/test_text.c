#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "tests/unit/test.h"

/* Texts that a check accepts, and some that it refuses; each list ends with NULL. */
static void check_lists(const char *what, bool (*check)(struct str s), const char *const *good, const char *const *bad)
{
	for (; *good; good++)
		ok(check(str_z(*good)), "%s: \"%s\"", what, *good);
	for (; *bad; bad++)
		ok(!check(str_z(*bad)), "no %s: \"%s\"", what, *bad);
	ok(!check(STR_NULL), "nothing is no %s", what);
}

static void test_utf8(void)
{
	static const struct str good[] = {
		STR(""),
		STR("\x7f"),
		STR("\xc2\x80"),
		STR("\xdf\xbf"),
		STR("\xe0\xa0\x80"),
		STR("\xed\x9f\xbf"),
		STR("\xee\x80\x80"),
		STR("\xef\xbf\xbf"),
		STR("\xf0\x90\x80\x80"),
		STR("\xf4\x8f\xbf\xbf"),
	};
	static const struct str bad[] = {
		STR("\0"),
		STR("a\0b"),
		STR("\x80"),
		STR("\xbf"),
		STR("\xc0\xaf"),
		STR("\xc1\xbf"),
		STR("\xc2"),
		STR("\xc2\x41"),
		STR("\xe0\x9f\xbf"),
		STR("\xe2\x82"),
		STR("\xed\xa0\x80"),
		STR("\xed\xbf\xbf"),
		STR("\xf0\x8f\xbf\xbf"),
		STR("\xf4\x90\x80\x80"),
		STR("\xf5\x80\x80\x80"),
		STR("\xff"),
		STR("\xf8\x88\x80\x80\x80"),
		STR("abc\xe2\x28\xa1"),
	};

	for (size_t i = 0; i < ARRAY_LEN(good); i++)
		ok(text_is_utf8(good[i]), "valid UTF-8, case %zu", i);
	for (size_t i = 0; i < ARRAY_LEN(bad); i++)
		ok(!text_is_utf8(bad[i]), "invalid UTF-8, case %zu", i);
	is_int(text_chars(STR("aä€😀")), 4, "code points are counted, not bytes");
	is_int(text_chars(STR("")), 0, "nothing has no code points");
}

static void test_printable(void)
{
	ok(text_is_printable(STR("a b ä"), ONE_LINE), "letters and spaces can be printed");
	ok(text_is_printable(STR("a\n\tb\r"), MANY_LINES), "lines may have tabs and ends");
	ok(!text_is_printable(STR("a\nb"), ONE_LINE), "one line may not");
	ok(!text_is_printable(STR("a\tb"), ONE_LINE), "nor have a tab");
	ok(!text_is_printable(STR("a\x7f"), MANY_LINES), "DEL cannot be printed");
	ok(!text_is_printable(STR("a\0b"), MANY_LINES), "nor can NUL");
	ok(!text_is_printable(STR("a\x1b[0m"), MANY_LINES), "nor can an escape");
}

static void test_plain(void)
{
	static const char *const good[] = { "",
					    "a b ä",
					    "क्‍ष",      /* U+200D in Devanagari */
					    "می‌خواهم", /* U+200C in Persian */
					    "👩‍🍳",
					    "🏴\U000e0067\U000e0062\U000e0065\U000e006e\U000e0067\U000e007f",
					    "שלום\u200f!",
					    "\u00a0",
					    NULL };
	static const char *const bad[] = { "a\xc2\x80",
					   "a\xc2\x9b"
					   "31m",
					   "\u202ea",
					   "a\u202d",
					   "\u202a",
					   "a\u2066b",
					   "a\u2069",
					   "a\u200bb",
					   "\ufeffa",
					   "a\u2060",
					   "a\uffff",
					   "a\ufff9",
					   "a\U000e0041",
					   "a\u2028b",
					   "\u2029",
					   "a\x7f",
					   "a\nb",
					   "a\xff",
					   "\U0001f3f4x\U000e0067",
					   NULL };
	static const char *const blank[] = { "", " \t", "\u00a0", "\u3000", "\u200d", "\u3164", "\u2800 \ufe0f", NULL };

	for (size_t i = 0; good[i]; i++)
		ok(text_is_plain(str_z(good[i]), ONE_LINE), "plain: \"%s\"", good[i]);
	for (size_t i = 0; bad[i]; i++)
		ok(!text_is_plain(str_z(bad[i]), ONE_LINE), "not plain, case %zu", i);
	ok(text_is_plain(STR("a\n\u2028b"), MANY_LINES), "lines may be ended in any way");
	ok(!text_is_plain(STR("a\n\u202eb"), MANY_LINES), "but not be turned round");
	for (size_t i = 0; blank[i]; i++)
		ok(text_is_blank(str_z(blank[i])), "blank, case %zu", i);
	ok(!text_is_blank(STR("\u00a0.")), "a point can be seen");
	ok(!text_is_blank(STR("क्‍")), "so can a letter with a joiner");
}

static void test_plain_names(void)
{
	static const char *const plain[] = { "Asha Rao",
					     "Zoë Müller-Lüdenscheidt",
					     "Dr. J.R. O'Neill, Jr.",
					     "J. R. R. Tolkien",
					     "Tea & Sons (1921)",
					     "आशा राव",
					     "നന്ദൻ\u200dകുമാർ",
					     "李小龍",
					     "Ана Петровић",
					     "O’Brien",
					     "محمد",
					     "टी एंड संस १९२१",
					     "" };
	static const char *const more[] = { "https://evil.example",
					    "Win at evil.example now",
					    "EVIL.COM",
					    "www.evil",
					    "a@evil.example",
					    "evil。com",
					    "evil．com",
					    "evil․com",
					    "evil｡com",
					    "ｅｖｉｌ",
					    "𝐞𝐯𝐢𝐥",
					    "Call 0900 12345",
					    "Call ०९०० १२३४५",
					    "Call ٠٩٠٠ ١٢٣٤٥",
					    "Call ๐๙๐๐ ๑๒๓๔๕",
					    "Call 09०० 123٤٥",
					    "evil۔com",
					    "evil܂com",
					    "evilꓸcom",
					    "<b>Asha</b>",
					    "[Asha](x)",
					    "Asha\nBcc: x",
					    "Asha\u202eoar",
					    "Asha\xc2\x85x",
					    "Asha\u2028x",
					    "🎁 Asha",
					    "a/b",
					    "a:b",
					    "xn--80ak6aa92e.com",
					    "evil.रत",
					    "\xff",
					    "This is a whole sentence that says far more than a name ever does." };

	for (size_t i = 0; i < ARRAY_LEN(plain); i++)
		ok(text_is_plain_name(str_z(plain[i])), "a plain name: %s", plain[i]);
	for (size_t i = 0; i < ARRAY_LEN(more); i++)
		ok(!text_is_plain_name(str_z(more[i])), "more than a name: %zu", i);
}

static void test_names(void)
{
	static const char *const uuids[] = { "0190a1b2-c3d4-7e5f-8a6b-0123456789ab",
					     "FFFFFFFF-FFFF-FFFF-FFFF-FFFFFFFFFFFF", NULL };
	static const char *const no_uuids[] = { "0190a1b2-c3d4-7e5f-8a6b-0123456789a",
						"0190a1b2c3d47e5f8a6b0123456789ab",
						"0190a1b2-c3d4-7e5f-8a6b-0123456789ag",
						"{190a1b2-c3d4-7e5f-8a6b-0123456789a}",
						"0190a1b2-c3d4-7e5f-8a6b-0123456789abc",
						"0190a1b2-c3d4-7e5f-8a6b 0123456789ab",
						NULL };
	static const char *const slugs[] = { "a", "1", "a-b", "green-tea-2", NULL };
	static const char *const no_slugs[] = { "-a", "a-", "a--b", "A", "a_b", "ä", "a b", NULL };
	static const char *const currencies[] = { "EUR", "INR", NULL };
	static const char *const no_currencies[] = { "eur", "EU", "EURO", "E R", NULL };
	static const char *const tokens[] = { "!~", "abc", NULL };
	static const char *const no_tokens[] = { "a b", "a\t", "\x7f", "ä", NULL };

	check_lists("UUID", text_is_uuid, uuids, no_uuids);
	check_lists("slug", text_is_slug, slugs, no_slugs);
	check_lists("currency", text_is_currency, currencies, no_currencies);
	check_lists("token", text_is_token, tokens, no_tokens);
}

static void test_words(void)
{
	ok(text_is_word(STR("aZ09-_"), "-_"), "letters, digits and the others are a word");
	ok(!text_is_word(STR("a.b"), "-_"), "another character is not");
	ok(!text_is_word(STR("a\0b"), "-_") && !text_is_word(STR("\xc3\xa9"), ""), "NUL and other alphabets are not");
	ok(!text_is_word(STR(""), "-_"), "nothing is not");
}

static void test_addresses(void)
{
	static const char *const emails[] = {
		"a@b.de", "first.last+tag@sub.example.com", "o'hara@x-y.example", "a@xn--mnchen-3ya.de", "a@1.example",
		NULL
	};
	static const char *const no_emails[] = { "a",           "@b.de",
						 "a@",          "a@b",
						 "a@@b.de",     "a@b@c.de",
						 ".a@b.de",     "a.@b.de",
						 "a..b@c.de",   "a@-b.de",
						 "a@b-.de",     "a@b..de",
						 "a@.b.de",     "a@b.de.",
						 "a b@c.de",    "a@b c.de",
						 "ä@b.de",      "a@bä.de",
						 "a@[1.2.3.4]", "a@1.2.3.4",
						 "<a@b.de>",    "a@b.de\r\nBcc: c@d.de",
						 "\"a\"@b.de",  "a,b@c.de",
						 NULL };
	static const char *const urls[] = { "http://a",
					    "https://shop.example/",
					    "HTTPS://shop.example:8443/a?b=c#d",
					    "http://127.0.0.1:80",
					    "http://[::1]:8080/x",
					    "https://a?b",
					    "https://a/@b:c",
					    NULL };
	static const char *const no_urls[] = {
		"http://",     "https:///a",     "ftp://a",          "javascript:alert(1)", "//a",
		"a.example",   "http://a b",     "http://a\n",       "http://u@a",          "http://u:p@a/",
		"http://a:0",  "http://a:65536", "http://a:",        "http://a:x",          "http://a:80:80",
		"http://-a",   "http://a..b",    "http://a\\@b",     "http://a/\"",         "http://a/<x>",
		"http://[::1", "http://[]",      "http://ä.example", "http://a/ä",          NULL
	};

	check_lists("e-mail address", text_is_email, emails, no_emails);
	check_lists("URL", text_is_url, urls, no_urls);
}

static void test_urls_below(struct arena *a)
{
	static const struct {
		const char *path, *url; /* NULL: none */
	} cases[] = {
		{ "a.jpg", "https://o.example/m/a.jpg" },
		{ "/m/b/mb01-blue.jpg", "https://o.example/m/m/b/mb01-blue.jpg" },
		{ "a b/ä#1.jpg", "https://o.example/m/a%20b/%C3%A4%231.jpg" },
		{ "a%20b.jpg?w=1&v=2", "https://o.example/m/a%20b.jpg?w=1&v=2" },
		{ "100%.jpg", "https://o.example/m/100%25.jpg" },
		{ "a//b.jpg", "https://o.example/m/a//b.jpg" },
		{ "a/.b/c..d.jpg", "https://o.example/m/a/.b/c..d.jpg" },
		{ "a.jpg?x=../y", "https://o.example/m/a.jpg?x=../y" },
		{ "", NULL },
		{ "/", NULL },
		{ "//evil.example/a.jpg", NULL },
		{ "///a.jpg", NULL },
		{ "../a.jpg", NULL },
		{ "a/../../b.jpg", NULL },
		{ "a/%2e%2E/b.jpg", NULL },
		{ "a/.%2e", NULL },
		{ ".", NULL },
		{ "?a", NULL },
		{ "http:a.jpg", NULL },
		{ "javascript:alert(1)", NULL },
		{ "C:\\a.jpg", NULL },
		{ "a\\..\\b.jpg", NULL },
		{ "a\nb.jpg", NULL },
		{ "a\x7f.jpg", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str url = text_url_below(a, STR("https://o.example/m"), str_z(cases[i].path));

		if (cases[i].url)
			is_str(url, cases[i].url, "a URL below another one: %s", cases[i].path);
		else
			ok(!url.p, "no URL below another one: %s", cases[i].path);
	}
	ok(!text_url_below(a, STR("https://o.example"), str_fmt(a, "%02000d", 0)).p, "no URL that is too long");
}

static void test_lengths(struct arena *a)
{
	struct str local = str_fmt(a, "%064d@b.de", 0), long_local = str_fmt(a, "%065d@b.de", 0);
	struct str label = str_fmt(a, "a@%063d.de", 0), long_label = str_fmt(a, "a@%064d.de", 0);
	struct str url = str_fmt(a, "http://a/%01991d", 0), long_url = str_fmt(a, "http://a/%01992d", 0);
	struct str domain = str_fmt(a, "%060d.%060d.%060d.de", 0, 0, 0);

	ok(text_is_email(local) && !text_is_email(long_local), "a local part has at most 64 bytes");
	ok(text_is_email(label) && !text_is_email(long_label), "a label has at most 63 bytes");
	ok(text_is_email(str_fmt(a, "%064d@%.*s", 0, STR_ARG(domain))), "an e-mail address of 250 bytes");
	ok(!text_is_email(str_fmt(a, "%064d@12345.%.*s", 0, STR_ARG(domain))), "one of 256 is too long");
	ok(url.n == 2000 && text_is_url(url) && !text_is_url(long_url), "a URL has at most 2000 bytes");
}

static void test_times(void)
{
	static const char *const times[] = { "2026-01-31T10:00:00Z",        "2026-01-31t10:00:00z",
					     "1900-01-01T00:00:00Z",        "9999-12-31T23:59:59.999999Z",
					     "2024-02-29T00:00:00Z",        "2000-02-29T00:00:00Z",
					     "2026-01-31T10:00:00.1+05:30", "2026-01-31T10:00:00-00:00",
					     "2026-01-31T10:00:00+15:59",   NULL };
	static const char *const no_times[] = { "2026-01-31",
						"2026-01-31T10:00Z",
						"2026-01-31T10:00:00",
						"2026-01-31 10:00:00Z",
						"2026-13-01T00:00:00Z",
						"2026-00-01T00:00:00Z",
						"2026-01-00T00:00:00Z",
						"2026-01-32T00:00:00Z",
						"2026-04-31T00:00:00Z",
						"2026-02-29T00:00:00Z",
						"1900-02-29T00:00:00Z",
						"1899-12-31T00:00:00Z",
						"2026-01-31T24:00:00Z",
						"2026-01-31T10:60:00Z",
						"2026-01-31T23:59:60Z",
						"2026-01-31T10:00:00.Z",
						"2026-01-31T10:00:00.1234567Z",
						"2026-01-31T10:00:00+16:00",
						"2026-01-31T10:00:00+0530",
						"2026-01-31T10:00:00+05:60",
						"2026-01-31T10:00:00ZZ",
						"2026-1-31T10:00:00Z",
						"02026-01-31T10:00:00Z",
						"2026-01-31T10:00:00 Z",
						"-026-01-31T10:00:00Z",
						"2026-01-31T1a:00:00Z",
						NULL };

	check_lists("time", text_is_time, times, no_times);
}

static void test_mobile(struct arena *a)
{
	static const struct {
		const char *text, *number;
	} cases[] = {
		{ "+919876543210", "+919876543210" },
		{ "+49 (171) 123-45.67", "+491711234567" },
		{ " +12345678 ", "+12345678" },
		{ "+123456789012345", "+123456789012345" },
		{ "+1234567890123456", NULL },
		{ "+1234567", NULL },
		{ "+01234567890", NULL },
		{ "919876543210", NULL },
		{ "00919876543210", "+919876543210" },
		{ "00 49 (0)30 123456", "+4930123456" },
		{ "0000491711234567", NULL },
		{ "000", NULL },
		{ "+49 (0)30 123456", "+4930123456" },
		{ "+9 (0)62 02406530", "+9622406530" },
		{ "+49 30 123456", "+4930123456" },
		{ "++919876543210", NULL },
		{ "+91987654321x", NULL },
		{ "+9198765\t43210", NULL },
		{ "+٩١٩٨٧٦٥٤٣٢١٠", NULL },
		{ "+", NULL },
		{ "", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out = STR("unset");
		bool valid = text_to_mobile(a, str_z(cases[i].text), STR_NULL, &out);

		ok(valid == (cases[i].number != NULL), "\"%s\" is %s mobile number", cases[i].text,
		   cases[i].number ? "a" : "no");
		is_str(out, cases[i].number ? cases[i].number : "unset", "\"%s\" gives it, or nothing", cases[i].text);
	}
}

static void test_mobile_at_home(struct arena *a)
{
	static const struct {
		const char *country, *text, *number;
	} cases[] = {
		{ "IN", "98765 43210", "+919876543210" },
		{ "IN", "098765-43210", "+919876543210" },
		{ "IN", "919876543210", "+919876543210" },
		{ "IN", "+91 098765 43210", "+919876543210" },
		{ "IN", "00 91 98765 43210", "+919876543210" },
		{ "IN", "+1 415 555 0123", "+14155550123" },
		{ "IN", "9198765432", "+919198765432" },
		{ "IN",
		  "98765\xc2\xa0"
		  "43210",
		  "+919876543210" },
		{ "IN", "12345", NULL },
		{ "IN", "98765 43210 x", NULL },
		{ "IN", "", NULL },
		{ "IN", "++919876543210", NULL },
		{ "IN", "91+9876543210", NULL },
		{ "DE", "49 0171 1234567", "+491711234567" },
		{ "DE", "0171/123 45 67", "+491711234567" },
		{ "DE", "+49 (0) 171 1234567", "+491711234567" },
		{ "DE", "+49 (0)171 1234567", "+491711234567" },
		{ "DE", "0049 (0)171 1234567", "+491711234567" },
		{ "DE", "(0171) 1234567", "+491711234567" },
		{ "DE", "+490171 1234567", "+491711234567" },
		{ "DE", "(0)171 1234567", "+491711234567" },
		{ "", "+44 (0)20 7946 0958", "+442079460958" },
		{ "", "+39 06 698 1234", "+39066981234" },
		{ "IT", "06 698 12345", "+390669812345" },
		{ "IT", "+39 (0)6 698 12345", "+390669812345" },
		{ "US", "(415) 555-0123", "+14155550123" },
		{ "US", "1-415-555-0123", "+14155550123" },
		{ "US", "011 44 20 7946 0958", "+442079460958" },
		{ "RU", "8 (912) 345-67-89", "+79123456789" },
		{ "RU", "8123456789", "+78123456789" },
		{ "HU", "06 20 123 4567", "+36201234567" },
		{ "AU", "0412 345 678", "+61412345678" },
		{ "AU", "0011 44 20 7946 0958", "+442079460958" },
		{ "AU", "00 44 20 7946 0958", "+442079460958" },
		{ "US", "00 49 171 1234567", "+491711234567" },
		{ "US", "415 555 0123", "+14155550123" },
		{ "CV", "00 238 991 12 34", "+2389911234" },
		{ "DE", "030 123456", "+4930123456" },
		{ "ES", "612 345 678", "+34612345678" },
		{ "XX", "98765 43210", NULL },
		{ "in", "98765 43210", NULL },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str out = STR("unset");
		bool valid = text_to_mobile(a, str_z(cases[i].text), str_z(cases[i].country), &out);

		ok(valid == (cases[i].number != NULL), "\"%s\" in \"%s\"", cases[i].text, cases[i].country);
		is_str(out, cases[i].number ? cases[i].number : "unset", "\"%s\" in \"%s\" gives it", cases[i].text,
		       cases[i].country);
	}
	ok(text_has_calling_code(STR("IN")) && !text_has_calling_code(STR("ZZ")) && !text_has_calling_code(STR("")),
	   "countries");
}

static void test_trim(void)
{
	static const struct {
		const char *text, *trimmed;
	} cases[] = {
		{ "", "" },
		{ "a", "a" },
		{ " \t\r\n", "" },
		{ "  a b \n", "a b" },
		{ "\xc2\xa0\xe3\x80\x80"
		  "ä\xe2\x80\x83",
		  "ä" },
		{ "\xe2\x80\xaf x \xe2\x80\xa8", "x" },
		{ "\xe2\x80\x8b x", "\xe2\x80\x8b x" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(text_trim(str_z(cases[i].text)), cases[i].trimmed, "\"%s\" without what is around it",
		       cases[i].text);
}

static void test_slugify(struct arena *a)
{
	static const struct {
		const char *name, *slug;
	} cases[] = {
		{ "Green Tea", "green-tea" },
		{ "  --Green -- Tea!  ", "green-tea" },
		{ "Crème Brûlée", "creme-brulee" },
		{ "Cre\xcc\x80me", "creme" },
		{ "Straße", "strasse" },
		{ "STRAẞE", "strasse" },
		{ "Ærøskøbing", "aeroskobing" },
		{ "Þór Œuvre ĳs", "thor-oeuvre-ijs" },
		{ "Łódź Čačak Ğ ż ſ", "lodz-cacak-g-z-s" },
		{ "Ștefan Țară", "stefan-tara" },
		{ "Phở Việt Nam đặc biệt", "pho-viet-nam-dac-biet" },
		{ "5×7 m² 1º", "5-7-m2-1o" },
		{ "Tea – fine", "tea-fine" },
		{ "Tea🍵Cup", "tea-cup" },
		{ "चाय Tea", "tea" },
		{ "茶", "" },
		{ "€", "" },
		{ "", "" },
		{ "a\xff"
		  "b",
		  "ab" },
		{ "---", "" },
	};
	struct str slug = text_slugify(a, str_fmt(a, "%079d %d", 1, 2));

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_str(text_slugify(a, str_z(cases[i].name)), cases[i].slug, "the slug of \"%s\"", cases[i].name);
	is_int(slug.n, 79, "a slug does not end with the '-' it was cut at");
	is_int(text_slugify(a, str_fmt(a, "%079dæ", 1)).n, 79, "two letters for one are not cut apart");
	is_int(text_slugify(a, str_fmt(a, "%0200d", 1)).n, 80, "a slug has at most 80 bytes");
}

static void test_decimal(void)
{
	static const struct {
		const char *text;
		unsigned digits, decimals;
		enum text_decimal expected;
	} cases[] = {
		{ "0", 4, 2, DECIMAL_OK },
		{ "19.99", 4, 2, DECIMAL_OK },
		{ "-19.9", 4, 2, DECIMAL_OK },
		{ "0.99", 2, 2, DECIMAL_OK },
		{ "-0", 4, 2, DECIMAL_OK },
		{ "99", 2, 0, DECIMAL_OK },
		{ "100.00", 4, 2, DECIMAL_TOO_LONG },
		{ "100", 4, 2, DECIMAL_TOO_LONG },
		{ "1.0", 2, 0, DECIMAL_TOO_PRECISE },
		{ "1.990", 4, 2, DECIMAL_TOO_PRECISE },
		{ "100.999", 4, 2, DECIMAL_TOO_PRECISE },
		{ "1", 2, 2, DECIMAL_TOO_LONG },
		{ "", 4, 2, DECIMAL_MALFORMED },
		{ "-", 4, 2, DECIMAL_MALFORMED },
		{ "+1", 4, 2, DECIMAL_MALFORMED },
		{ ".5", 4, 2, DECIMAL_MALFORMED },
		{ "5.", 4, 2, DECIMAL_MALFORMED },
		{ "01", 4, 2, DECIMAL_MALFORMED },
		{ "00", 4, 2, DECIMAL_MALFORMED },
		{ "-01", 4, 2, DECIMAL_MALFORMED },
		{ "1e2", 4, 2, DECIMAL_MALFORMED },
		{ "1,5", 4, 2, DECIMAL_MALFORMED },
		{ " 1", 4, 2, DECIMAL_MALFORMED },
		{ "1 ", 4, 2, DECIMAL_MALFORMED },
		{ "1.2.3", 4, 2, DECIMAL_MALFORMED },
		{ "1.-2", 4, 2, DECIMAL_MALFORMED },
		{ "NaN", 4, 2, DECIMAL_MALFORMED },
		{ "Infinity", 4, 2, DECIMAL_MALFORMED },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		is_int(text_check_decimal(str_z(cases[i].text), cases[i].digits, cases[i].decimals), cases[i].expected,
		       "\"%s\" as numeric(%u,%u)", cases[i].text, cases[i].digits, cases[i].decimals);
}

static void test_places(void)
{
	static const struct {
		const char *mobile, *place;
		bool is;
	} cases[] = {
		{ "+919800000001", "IN", true },   { "+919800000001", "PK", false }, { "+919800000001", "+91", true },
		{ "+919800000001", "+92", false }, { "+12025550123", "US", true },   { "+12025550123", "CA", true },
		{ "+12025550123", "JM", false },   { "+18765550123", "JM", true },   { "+18765550123", "US", false },
		{ "+16585550123", "JM", true },    { "+18765550123", "+1", true },   { "+77011234567", "KZ", true },
		{ "+77011234567", "RU", false },   { "+79161234567", "RU", true },   { "+79161234567", "KZ", false },
		{ "+447700900123", "GB", true },   { "+353871234567", "GB", false }, { "+447700900123", "", false },
		{ "+447700900123", "XX", false },  { "+441", "+441481", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		ok(text_mobile_is_of(str_z(cases[i].mobile), str_z(cases[i].place)) == cases[i].is, "%s is %sof \"%s\"",
		   cases[i].mobile, cases[i].is ? "" : "not ", cases[i].place);
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_utf8();
	test_printable();
	test_plain();
	test_plain_names();
	test_names();
	test_words();
	test_addresses();
	test_urls_below(&a);
	test_lengths(&a);
	test_times();
	test_mobile(&a);
	test_mobile_at_home(&a);
	test_places();
	test_trim();
	test_slugify(&a);
	test_decimal();
	arena_free(&a);
	return test_done();
}

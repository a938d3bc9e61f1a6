#include "core/config/config_read.h"

#include "core/base/ascii.h"
#include "core/base/buf.h"
#include "core/base/iso.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/config/address.h"
#include "core/config/config.h"
#include "core/config/database_url.h"

enum {
	SECRET_BYTES_MIN = 32,
	KEY_BYTES_MIN = 16,
	CODE_DIGITS_MIN = 4,
	CODE_DIGITS_MAX = 8,
	SCRYPT_LOG2_N_MIN = 10,
	SCRYPT_LOG2_N_MAX = 17,
	SCRYPT_R = 8,
	SCRYPT_P_MAX = 10,
	HOURS_MAX = 1440,
	MINUTES_MAX = 30 * 24 * 60,
	COUNT_MAX = 1000 * 1000,
	HEADER_NAME_BYTES_MAX = 64,
};

/* Keep the text if it is valid; else the fault. */
static const char *keep_if(bool valid, struct arena *a, struct str value, void *field, const char *fault)
{
	if (!valid)
		return fault;
	*(const char **)field = str_to_z(a, value);
	return NULL;
}

/* The index of a word in a list that ends with NULL. */
static bool find_word(struct str value, const char *const *words, unsigned *index)
{
	for (unsigned i = 0; words[i]; i++)
		if (str_is(value, words[i])) {
			*index = i;
			return true;
		}
	return false;
}

static const char *read_app_env(struct arena *a UNUSED, struct str value, void *field)
{
	static const char *const words[] = {
		[APP_PRODUCTION] = "production", [APP_DEVELOPMENT] = "development", [APP_TEST] = "test", NULL
	};

	return find_word(value, words, field) ? NULL : "is not production, development or test";
}

static const char *read_log_level(struct arena *a UNUSED, struct str value, void *field)
{
	static const char *const words[] = {
		[LOG_LEVEL_ERROR] = "error", [LOG_LEVEL_INFO] = "info", [LOG_LEVEL_DEBUG] = "debug", NULL
	};

	return find_word(value, words, field) ? NULL : "is not error, info or debug";
}

static const char *read_on_off(struct arena *a UNUSED, struct str value, void *field)
{
	bool on = str_is(value, "on");

	if (!on && !str_is(value, "off"))
		return "is not on or off";
	*(bool *)field = on;
	return NULL;
}

static const char *read_database(struct arena *a, struct str value, void *field)
{
	const char *fault = database_url_fault(value);

	return keep_if(!fault, a, value, field, fault);
}

static const char *read_secret(struct arena *a, struct str value, void *field)
{
	return keep_if(value.n >= SECRET_BYTES_MIN, a, value, field,
		       "is shorter than 32 bytes; `shopctl secret-key` makes a good one");
}

static const char *read_key(struct arena *a, struct str value, void *field)
{
	return keep_if(value.n >= KEY_BYTES_MIN && text_is_token(value), a, value, field,
		       "is shorter than 16 characters or contains a space; type 32 letters and digits at random");
}

static const char *read_code(struct arena *a, struct str value, void *field)
{
	int64_t number;
	bool is_code =
		value.n >= CODE_DIGITS_MIN && value.n <= CODE_DIGITS_MAX && str_to_int(value, &number) && number >= 0;

	return keep_if(is_code, a, value, field, "is not 4 to 8 digits");
}

static struct str without_slashes(struct str s)
{
	while (str_has_suffix(s, STR("/")))
		s.n--;
	return s;
}

/* An http or https URL to which a path can be appended. */
static bool is_base_url(struct str s)
{
	return text_is_url(s) && str_find(s, '?') == s.n && str_find(s, '#') == s.n;
}

static const char *read_url(struct arena *a, struct str value, void *field)
{
	return keep_if(is_base_url(value), a, without_slashes(value), field,
		       "is not an address such as https://shop.example");
}

static const char *read_media_url(struct arena *a, struct str value, void *field)
{
	bool is_path = value.p[0] == '/' && value.n > 1 && !str_has_prefix(value, STR("//")) &&
		       is_base_url(str_fmt(a, "http://host%.*s", STR_ARG(value)));

	return keep_if(is_path || is_base_url(value), a, without_slashes(value), field,
		       "is neither a path such as /media nor an address such as https://images.example");
}

static const char *read_directory(struct arena *a, struct str value, void *field)
{
	struct str directory = without_slashes(value);

	/* The web server decides a program's current directory. */
	return keep_if(value.p[0] == '/' && directory.n, a, directory, field,
		       "is not a path from the root, such as /home/shop/media");
}

/* Items separated by commas and perhaps spaces, all of them valid; kept without the spaces. */
static const char *read_list(struct arena *a, struct str value, void *field, bool (*is_valid)(struct str item),
			     const char *fault)
{
	struct buf list = buf_new(a, value.n, value.n);

	while (value.p) {
		struct str item = str_trim(str_cut(&value, ','));

		if (!is_valid(item))
			return fault;
		if (list.n)
			buf_addc(&list, ',');
		buf_add(&list, item);
	}
	return keep_if(true, a, buf_str(&list), field, fault);
}

/* Scheme, host and port only. */
static bool is_origin(struct str s)
{
	size_t scheme = str_find(s, ':');

	return is_base_url(s) && str_find(str_sub(s, scheme + 3, s.n), '/') == s.n - scheme - 3;
}

static const char *read_origins(struct arena *a, struct str value, void *field)
{
	if (str_is(value, "*"))
		return keep_if(true, a, value, field, NULL);
	/* Browsers send origins in lower case. */
	return read_list(a, str_lower(a, value), field, is_origin,
			 "is not * or origins such as https://shop.example, separated by commas");
}

static const char *read_networks(struct arena *a, struct str value, void *field)
{
	return keep_if(address_networks_are_valid(value), a, value, field,
		       "is not a list of addresses or networks such as 127.0.0.1,10.0.0.0/8,2001:db8::/32");
}

/* A name of letters, digits and '-'; not Forwarded, whose value has a syntax of its own (RFC 7239). */
static const char *read_header(struct arena *a, struct str value, void *field)
{
	bool is_name = value.n <= HEADER_NAME_BYTES_MAX && !str_eq_nocase(value, STR("Forwarded"));

	for (size_t i = 0; i < value.n; i++)
		is_name = is_name && (ascii_is_alnum(value.p[i]) || value.p[i] == '-');
	return keep_if(is_name, a, value, field,
		       "is not the name of a header with addresses, such as X-Forwarded-For, X-Real-IP or "
		       "CF-Connecting-IP; Forwarded is not understood");
}

static bool is_contact(struct str s)
{
	struct str address = str_sub(s, STR("mailto:").n, s.n);

	if (str_has_prefix(s, STR("mailto:")))
		return text_is_email(address);
	return text_is_token(s) &&
	       (str_has_prefix(s, STR("tel:+")) || (str_has_prefix(s, STR("https://")) && text_is_url(s)));
}

/* URIs for the Contact fields of security.txt (RFC 9116, 2.5.3). */
static const char *read_contacts(struct arena *a, struct str value, void *field)
{
	return read_list(a, value, field, is_contact,
			 "is not a URI such as mailto:security@shop.example, https://shop.example/security or "
			 "tel:+15551234567, or several, separated by commas");
}

static const char *read_scrypt(struct arena *a UNUSED, struct str value, void *field)
{
	struct str rest = value, log2_n = str_cut(&rest, '/'), r = str_cut(&rest, '/');
	typeof(((struct config *)0)->scrypt_cost) *cost = field;
	int64_t n_number, r_number, p_number;

	if (!str_to_int(log2_n, &n_number) || !str_to_int(r, &r_number) || !str_to_int(rest, &p_number) ||
	    n_number < SCRYPT_LOG2_N_MIN || n_number > SCRYPT_LOG2_N_MAX || r_number != SCRYPT_R || p_number < 1 ||
	    p_number > SCRYPT_P_MAX)
		return "is not log2(N)/r/p with log2(N) 10 to 17, r 8 and p 1 to 10; 15/8/3 is the usual one";
	cost->log2_n = (unsigned)n_number;
	cost->r = (unsigned)r_number;
	cost->p = (unsigned)p_number;
	return NULL;
}

static const char *read_sms(struct arena *a, struct str value, void *field)
{
	return keep_if(str_is(value, "twilio") || str_is(value, "msg91") || str_is(value, "log"), a, value, field,
		       "is not twilio, msg91 or log");
}

static const char *read_mail(struct arena *a, struct str value, void *field)
{
	bool is_sender = str_is(value, "sendmail") || str_is(value, "smtp") || str_is(value, "log");

	return keep_if(is_sender, a, value, field, "is not sendmail, smtp or log");
}

/* Scheme, host and port: what else an URL has is in other settings. */
static const char *read_smtp_url(struct arena *a, struct str value, void *field)
{
	struct str rest = value, scheme = str_cut(&rest, ':');
	bool is_url = (str_is(scheme, "smtp") || str_is(scheme, "smtps")) && rest.n > 2 && !memcmp(rest.p, "//", 2) &&
		      text_is_token(value);

	for (size_t i = 2; is_url && i < rest.n; i++)
		is_url = rest.p[i] != '/' && rest.p[i] != '@' && rest.p[i] != '?' && rest.p[i] != '#';
	return keep_if(is_url, a, value, field, "is not smtp://host:587 or smtps://host:465, without anything else");
}

static const char *read_line(struct arena *a, struct str value, void *field)
{
	return keep_if(text_is_utf8(value) && text_is_printable(value, ONE_LINE), a, value, field,
		       "is not one line of text");
}

static const char *read_mail_from(struct arena *a, struct str value, void *field)
{
	return keep_if(text_is_email(value), a, value, field, "is not an address such as orders@shop.example");
}

/* A key or list made by others: visible characters only. */
static const char *read_word(struct arena *a, struct str value, void *field)
{
	return keep_if(text_is_token(value), a, value, field, "contains a space or another character that no key has");
}

/* Both, if nobody may see them. */
static const char *read_secret_word(struct arena *a, struct str value, void *field)
{
	return read_word(a, value, field);
}

static const char *read_secret_line(struct arena *a, struct str value, void *field)
{
	return read_line(a, value, field);
}

/* The fault of a code that is not assigned, with the one that is meant. */
static const char *fault_of_code(struct arena *a, const char *fault, struct str meant)
{
	return meant.p ? str_fmt(a, "%s; use %.*s", fault, STR_ARG(meant)).p : fault;
}

/* Numbers are understood as they are dialled there. */
static bool is_dialling_country(struct str s)
{
	return iso_is_country(s) && text_has_calling_code(s);
}

static const char *read_country(struct arena *a, struct str value, void *field)
{
	return keep_if(
		is_dialling_country(value), a, value, field,
		fault_of_code(a, "is not the code of a country such as IN (ISO 3166-1)", iso_country_meant(value)));
}

/* A country, or a calling code with its '+'. */
static bool is_place(struct str s)
{
	int64_t digits;

	return is_dialling_country(s) ||
	       (s.n > 1 && s.n < 9 && s.p[0] == '+' && s.p[1] > '0' && str_to_int(str_sub(s, 1, s.n), &digits));
}

static const char *read_places(struct arena *a, struct str value, void *field)
{
	return read_list(a, value, field, is_place,
			 "is not a list of countries such as IN (ISO 3166-1) or calling codes such as +91, "
			 "separated by commas");
}

static const char *read_currency(struct arena *a, struct str value, void *field)
{
	return keep_if(
		iso_is_currency(value), a, value, field,
		fault_of_code(a, "is not the code of a currency such as INR (ISO 4217)", iso_currency_meant(value)));
}

static const char *read_language(struct arena *a, struct str value, void *field)
{
	return keep_if(value.n == 2 && value.p[0] >= 'a' && value.p[0] <= 'z' && value.p[1] >= 'a' && value.p[1] <= 'z',
		       a, value, field, "is not a code of two letters such as en (ISO 639-1)");
}

static const char *keep_link(struct arena *a, struct str value, void *field, const char *name, const char *complaint)
{
	const char *text = str_to_z(a, value);
	bool web = str_has_prefix(value, STR("https://")) || str_has_prefix(value, STR("http://"));

	return keep_if(web && text_is_token(value) && (strstr(text, "{id}") || strstr(text, name)), a, value, field,
		       complaint);
}

static const char *read_order_link(struct arena *a, struct str value, void *field)
{
	return keep_link(a, value, field, "{number}", "is not an address such as https://shop.example/orders/{id}");
}

static const char *read_product_link(struct arena *a, struct str value, void *field)
{
	return keep_link(a, value, field, "{slug}", "is not an address such as https://shop.example/products/{slug}");
}

static const char *read_capture(struct arena *a UNUSED, struct str value, void *field)
{
	bool is_manual = str_is(value, "manual");

	if (!is_manual && !str_is(value, "automatic"))
		return "is not automatic or manual";
	*(bool *)field = is_manual;
	return NULL;
}

static const char *read_number(struct str value, int64_t min, int64_t max, void *field, const char *fault)
{
	int64_t number;

	if (!str_to_int(value, &number) || number < min || number > max)
		return fault;
	*(unsigned *)field = (unsigned)number;
	return NULL;
}

static const char *read_count(struct arena *a UNUSED, struct str value, void *field)
{
	return read_number(value, 0, COUNT_MAX, field, "is not a whole number from 0 to 1000000");
}

static const char *read_milliseconds(struct arena *a UNUSED, struct str value, void *field)
{
	return read_number(value, 0, DB_READ_MS_MAX, field, "is not a number of milliseconds from 0 to 2500");
}

static const char *read_hours(struct arena *a UNUSED, struct str value, void *field)
{
	return read_number(value, 1, HOURS_MAX, field, "is not a number of hours from 1 to 1440");
}

static const char *read_minutes(struct arena *a UNUSED, struct str value, void *field)
{
	return read_number(value, 0, MINUTES_MAX, field, "is not a number of minutes from 0 to 43200");
}

const struct setting settings[] = {
#define SETTING(name, field, kind, standard, doc) { #name, offsetof(struct config, field), read_##kind, standard },
#include "core/config/settings.def"
#undef SETTING
};

bool setting_is_secret(const struct setting *s)
{
	/* An address of a database may have its password in it. */
	return s->read == read_secret || s->read == read_key || s->read == read_code || s->read == read_database ||
	       s->read == read_secret_word || s->read == read_secret_line;
}

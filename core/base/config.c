#include "core/base/config.h"

#include "core/base/buf.h"
#include "core/base/env_file.h"
#include "core/base/text.h"

enum {
	SECRET_BYTES_MIN = 32,
	CODE_DIGITS_MIN = 4,
	CODE_DIGITS_MAX = 8,
	SCRYPT_LOG2_N_MIN = 10,
	SCRYPT_LOG2_N_MAX = 17,
	SCRYPT_R = 8,
	SCRYPT_P_MAX = 10,
	MINUTES_MAX = 30 * 24 * 60,
};

/*
 * Read a value, which is not empty, into its field of struct config. NULL, or
 * what is wrong with it; the value itself is never told: it may be a secret.
 */
typedef const char *read_value(struct arena *a, struct str value, void *field);

struct setting {
	const char *name;
	size_t field; /* its offset in struct config */
	read_value *read;
	const char *standard;
};

/* Values on the way from the file and the environment into the config. */
struct loading {
	struct config *config;
	struct arena *arena;
	struct config_errors *errors;
	bool usable;
};

static void set_text(struct arena *a, struct str value, void *field)
{
	*(const char **)field = str_to_z(a, value);
}

static const char *read_app_env(struct arena *a UNUSED, struct str value, void *field)
{
	enum app_env *env = field;

	if (str_is(value, "production"))
		*env = APP_PRODUCTION;
	else if (str_is(value, "development"))
		*env = APP_DEVELOPMENT;
	else if (str_is(value, "test"))
		*env = APP_TEST;
	else
		return "is none of production, development and test";
	return NULL;
}

static const char *read_log_level(struct arena *a UNUSED, struct str value, void *field)
{
	enum log_level *level = field;

	if (str_is(value, "error"))
		*level = LOG_LEVEL_ERROR;
	else if (str_is(value, "info"))
		*level = LOG_LEVEL_INFO;
	else if (str_is(value, "debug"))
		*level = LOG_LEVEL_DEBUG;
	else
		return "is none of error, info and debug";
	return NULL;
}

static const char *read_on_off(struct arena *a UNUSED, struct str value, void *field)
{
	bool on = str_is(value, "on");

	if (!on && !str_is(value, "off"))
		return "is neither on nor off";
	*(bool *)field = on;
	return NULL;
}

static const char *read_database(struct arena *a, struct str value, void *field)
{
	if (!str_has_prefix(value, STR("postgresql://")) && !str_has_prefix(value, STR("postgres://")))
		return "is not an address of the form postgresql://user:password@host/database";
	set_text(a, value, field);
	return NULL;
}

static const char *read_secret(struct arena *a, struct str value, void *field)
{
	if (value.n < SECRET_BYTES_MIN)
		return "is shorter than 32 bytes; `openssl rand -hex 32` makes a good one";
	set_text(a, value, field);
	return NULL;
}

static const char *read_code(struct arena *a, struct str value, void *field)
{
	int64_t number;

	if (value.n < CODE_DIGITS_MIN || value.n > CODE_DIGITS_MAX || !str_to_int(value, &number) || number < 0)
		return "is not 4 to 8 digits";
	set_text(a, value, field);
	return NULL;
}

static struct str without_slashes(struct str s)
{
	while (str_has_suffix(s, STR("/")))
		s.n--;
	return s;
}

/* An http or https address that a path can be put behind. */
static bool is_base_url(struct str s)
{
	return text_is_url(s) && str_find(s, '?') == s.n && str_find(s, '#') == s.n;
}

static const char *read_url(struct arena *a, struct str value, void *field)
{
	if (!is_base_url(value))
		return "is not an address such as https://shop.example";
	set_text(a, without_slashes(value), field);
	return NULL;
}

static const char *read_media_url(struct arena *a, struct str value, void *field)
{
	bool is_path = value.p[0] == '/' && !str_has_prefix(value, STR("//")) && text_is_token(value) &&
		       str_find(value, '?') == value.n && str_find(value, '#') == value.n;

	if (!is_path && !is_base_url(value))
		return "is neither a path such as /media nor an address such as https://images.example";
	set_text(a, without_slashes(value), field);
	return NULL;
}

static const char *read_directory(struct arena *a, struct str value, void *field)
{
	struct str directory = without_slashes(value);

	/* A program's current directory is whatever the web server makes it. */
	if (value.p[0] != '/' || directory.n == 0)
		return "is not a path from the root, such as /home/shop/media";
	set_text(a, directory, field);
	return NULL;
}

/* Scheme, host and port, nothing behind them. */
static bool is_origin(struct str s)
{
	size_t scheme = str_find(s, ':');

	return is_base_url(s) && str_find(str_sub(s, scheme + 3, s.n), '/') == s.n - scheme - 3;
}

static const char *read_origins(struct arena *a, struct str value, void *field)
{
	struct buf list = buf_new(a, value.n, value.n);

	if (!str_is(value, "*")) {
		while (value.p) {
			struct str origin = str_trim(str_cut(&value, ','));

			if (!is_origin(origin))
				return "is neither * nor origins such as https://shop.example with commas between";
			if (list.n)
				buf_addc(&list, ',');
			buf_add(&list, origin);
		}
		/* Browsers send theirs in lower case. */
		value = str_lower(a, buf_str(&list));
	}
	set_text(a, value, field);
	return NULL;
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
	if (!str_is(value, "twilio") && !str_is(value, "msg91") && !str_is(value, "log"))
		return "names a sender that does not exist; there are: twilio, msg91, log";
	set_text(a, value, field);
	return NULL;
}

static const char *read_mail(struct arena *a, struct str value, void *field)
{
	if (!str_is(value, "sendmail") && !str_is(value, "log"))
		return "names a sender that does not exist; there are: sendmail, log";
	set_text(a, value, field);
	return NULL;
}

static const char *read_mail_from(struct arena *a, struct str value, void *field)
{
	if (!text_is_email(value))
		return "is not an address such as orders@shop.example";
	set_text(a, value, field);
	return NULL;
}

/* A key or a list that others made: visible characters alone. */
static const char *read_word(struct arena *a, struct str value, void *field)
{
	if (!text_is_token(value))
		return "has a space or another character inside that no key has";
	set_text(a, value, field);
	return NULL;
}

static const char *read_language(struct arena *a, struct str value, void *field)
{
	if (value.n != 2 || value.p[0] < 'a' || value.p[0] > 'z' || value.p[1] < 'a' || value.p[1] > 'z')
		return "is not a code of two letters such as en (ISO 639-1)";
	set_text(a, value, field);
	return NULL;
}

static const char *read_link(struct arena *a, struct str value, void *field)
{
	bool web = str_has_prefix(value, STR("https://")) || str_has_prefix(value, STR("http://"));

	if (!web || !text_is_token(value) ||
	    (!strstr(str_to_z(a, value), "{id}") && !strstr(str_to_z(a, value), "{number}")))
		return "is not an address such as https://shop.example/orders/{id}";
	set_text(a, value, field);
	return NULL;
}

static const char *read_capture(struct arena *a UNUSED, struct str value, void *field)
{
	bool by_hand = str_is(value, "manual");

	if (!by_hand && !str_is(value, "automatic"))
		return "is neither automatic nor manual";
	*(bool *)field = by_hand;
	return NULL;
}

static const char *read_minutes(struct arena *a UNUSED, struct str value, void *field)
{
	int64_t minutes;

	if (!str_to_int(value, &minutes) || minutes < 0 || minutes > MINUTES_MAX)
		return "is not a number of minutes from 0 to 43200";
	*(unsigned *)field = (unsigned)minutes;
	return NULL;
}

static const struct setting settings[] = {
#define SETTING(name, field, kind, standard, doc) { #name, offsetof(struct config, field), read_##kind, standard },
#include "core/base/settings.def"
#undef SETTING
};

enum { SETTINGS_N = ARRAY_LEN(settings) };

static void note(struct loading *l, const char *name, const char *text)
{
	if (l->errors->n < CONFIG_ERRORS_MAX)
		l->errors->items[l->errors->n++] = (struct config_error){ .name = name, .text = text };
}

/* Note what the program cannot serve with. */
static void refuse(struct loading *l, const char *name, const char *text)
{
	note(l, name, text);
	l->usable = false;
}

/* SETTINGS_N when there is none of that name. */
static size_t setting_find(struct str name)
{
	size_t i = 0;

	while (i < SETTINGS_N && !str_is(name, settings[i].name))
		i++;
	return i;
}

static void take_file(struct loading *l, struct str text, struct str values[SETTINGS_N])
{
	struct str name, value;
	enum env_line kind;
	unsigned line = 0;

	while ((kind = env_next(&text, &line, &name, &value)) != ENV_END) {
		size_t i = kind == ENV_MALFORMED ? SETTINGS_N : setting_find(name);

		if (kind == ENV_MALFORMED) {
			note(l, ".env", str_fmt(l->arena, "line %u is not NAME=value", line).p);
		} else if (i == SETTINGS_N) {
			note(l, str_to_z(l->arena, name), "is no setting of this program; .env.example has them all");
		} else if (kind == ENV_OPEN_QUOTE) {
			refuse(l, settings[i].name, "begins with a quote that is not closed");
		} else {
			if (values[i].p)
				note(l, settings[i].name, "is in the file twice; the last one counts");
			values[i] = value;
		}
	}
}

static void take_environment(config_getenv *get, void *get_ctx, struct str values[SETTINGS_N])
{
	for (size_t i = 0; i < SETTINGS_N; i++) {
		const char *value = get(settings[i].name, get_ctx);

		if (value)
			values[i] = str_trim(str_z(value));
	}
}

/* The default first: it stays when the value is refused, so that no field is ever without one. */
static void fill(struct loading *l, const struct setting *s, struct str value)
{
	void *field = (char *)l->config + s->field;
	const char *wrong = NULL;

	if (s->standard[0])
		wrong = s->read(l->arena, str_z(s->standard), field);
	else
		*(const char **)field = ""; /* only C strings have no default */
	if (!text_is_printable(value, false))
		wrong = "has a control character inside";
	else if (value.n && !wrong)
		wrong = s->read(l->arena, value, field);
	if (wrong)
		refuse(l, s->name, wrong);
}

static void require(struct loading *l, const char *name, const char *value)
{
	if (value[0])
		return;
	l->usable = false;
	/* Of a value that was refused no one needs to hear that it is missing as well. */
	for (size_t i = 0; i < l->errors->n; i++)
		if (strcmp(l->errors->items[i].name, name) == 0)
			return;
	note(l, name, "is not set, and is needed");
}

/* A sender is of no use without what it signs in with. */
static void check_senders(struct loading *l)
{
	struct config *c = l->config;
	bool twilio = strcmp(c->sms_sender, "twilio") == 0, msg91 = strcmp(c->sms_sender, "msg91") == 0;

	if (twilio && !(c->twilio_account_sid[0] && c->twilio_auth_token[0] && c->twilio_from[0]))
		refuse(l, "SMS_SENDER", "is twilio, which needs TWILIO_ACCOUNT_SID, TWILIO_AUTH_TOKEN and TWILIO_FROM");
	if (msg91 && !(c->msg91_auth_key[0] && c->msg91_templates[0]))
		refuse(l, "SMS_SENDER", "is msg91, which needs MSG91_AUTH_KEY and MSG91_TEMPLATES");
	if (strcmp(c->mail_sender, "sendmail") == 0 && !c->mail_from[0])
		refuse(l, "MAIL_SENDER", "is sendmail, which needs MAIL_FROM");
}

/* What depends on more than one setting. */
static void check_together(struct loading *l)
{
	struct config *c = l->config;

	require(l, "DATABASE_URL", c->database_url);
	require(l, "SECRET_KEY", c->secret_key);
	if (c->database_owner_url[0] == '\0')
		c->database_owner_url = c->database_url;
	if (c->app_env != APP_DEVELOPMENT && c->otp_dev_code[0])
		refuse(l, "OTP_DEV_CODE",
		       "would let anybody sign in as any customer: remove it, or set "
		       "APP_ENV=development if this is no real shop");
	if (c->app_env == APP_DEVELOPMENT && c->otp_dev_code[0] == '\0')
		c->otp_dev_code = "1234";
	if (c->app_env == APP_PRODUCTION && !c->rate_limits)
		refuse(l, "RATE_LIMITS", "cannot be off with APP_ENV=production");
	if (c->app_env == APP_PRODUCTION && strcmp(c->sms_sender, "log") == 0)
		refuse(l, "SMS_SENDER", "cannot be log with APP_ENV=production: sign-in codes would stand in the log");
	if (c->app_env != APP_PRODUCTION && c->sms_sender[0] == '\0')
		c->sms_sender = "log";
	if (c->app_env != APP_PRODUCTION && c->mail_sender[0] == '\0')
		c->mail_sender = "log";
	check_senders(l);
}

static bool load(struct loading *l, struct str text, config_getenv *get, void *get_ctx)
{
	struct str values[SETTINGS_N] = { 0 };

	take_file(l, text, values);
	if (get)
		take_environment(get, get_ctx, values);
	for (size_t i = 0; i < SETTINGS_N; i++)
		fill(l, &settings[i], values[i]);
	check_together(l);
	return l->usable;
}

bool config_parse(struct config *c, struct arena *a, struct str file_text, config_getenv *get, void *get_ctx,
		  struct config_errors *errors)
{
	struct loading l = { .config = c, .arena = a, .errors = errors, .usable = true };

	*c = (struct config){ .env_file = "" };
	errors->n = 0;
	return load(&l, file_text, get, get_ctx);
}

bool config_load(struct config *c, struct arena *a, const char *env_file, config_getenv *get, void *get_ctx,
		 struct config_errors *errors)
{
	struct loading l = { .config = c, .arena = a, .errors = errors, .usable = true };
	struct str text;
	const char *wrong;

	*c = (struct config){ .env_file = "" };
	errors->n = 0;
	wrong = env_read(a, env_file, &text, &c->env_file);
	if (wrong)
		refuse(&l, ".env", wrong);
	return load(&l, text, get, get_ctx);
}

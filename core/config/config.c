#include "core/config/config.h"

#include "core/base/text.h"
#include "core/config/config_read.h"
#include "core/config/env_file.h"
#include "core/config/similar.h"

/* Values between the file, the environment and the config. */
struct loading {
	struct config *config;
	struct arena *arena;
	struct config_errors *errors;
	bool usable;
};

static void note(struct loading *l, const char *name, const char *text)
{
	if (l->errors->n < CONFIG_ERRORS_MAX)
		l->errors->items[l->errors->n++] = (struct config_error){ .name = name, .text = text };
}

/* Record an error that the program cannot serve with. */
static void refuse(struct loading *l, const char *name, const char *text)
{
	note(l, name, text);
	l->usable = false;
}

/* SETTINGS_N if there is no such setting. */
static size_t setting_find(struct str name)
{
	size_t i = 0;

	while (i < SETTINGS_N && !str_is(name, settings[i].name))
		i++;
	return i;
}

/* One that a newer or older version has is harmless; a misspelt one is not in force. */
static void note_unknown(struct loading *l, struct str name)
{
	const char *similar = setting_similar(name);
	size_t at = l->errors->n;

	note(l, str_to_z(l->arena, name),
	     similar ? str_fmt(l->arena, "is not a setting of this program; did you mean %s?", similar).p
		     : "is not a setting of this program; .env.example lists them");
	if (similar && l->errors->n > at)
		l->errors->items[at].is_misspelt = true;
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
			note_unknown(l, name);
		} else if (kind == ENV_OPEN_QUOTE) {
			refuse(l, settings[i].name, "begins with a quote that is not closed");
		} else {
			if (values[i].p)
				note(l, settings[i].name, "is in the file twice; the last one is used");
			values[i] = value;
		}
	}
}

static void take_environment(config_getenv *get, struct str values[SETTINGS_N])
{
	for (size_t i = 0; i < SETTINGS_N; i++) {
		const char *value = get(settings[i].name);

		if (value)
			values[i] = str_trim(str_z(value));
	}
}

/* The default first: it stays if the value is refused, so that every field has a value. */
static void fill(struct loading *l, const struct setting *s, struct str value)
{
	void *field = (char *)l->config + s->field;
	const char *wrong = NULL;

	if (s->standard[0])
		wrong = s->read(l->arena, str_z(s->standard), field);
	else
		*(const char **)field = ""; /* only C strings may have no default */
	if (!text_is_printable(value, ONE_LINE))
		wrong = "contains a control character";
	else if (value.n && !wrong)
		wrong = s->read(l->arena, value, field);
	if (wrong)
		refuse(l, s->name, wrong);
}

const char *config_fault(const struct config_errors *errors, const char *name)
{
	for (size_t i = 0; i < errors->n; i++)
		if (strcmp(errors->items[i].name, name) == 0)
			return errors->items[i].text;
	return NULL;
}

static void require(struct loading *l, const char *name, const char *value)
{
	if (value[0])
		return;
	l->usable = false;
	/* A refused value is not reported as missing as well. */
	if (!config_fault(l->errors, name))
		note(l, name, "is required");
}

/* A sender is useless without its credentials. */
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
	if (strcmp(c->mail_sender, "smtp") == 0 && !(c->mail_from[0] && c->smtp_url[0]))
		refuse(l, "MAIL_SENDER", "is smtp, which needs SMTP_URL and MAIL_FROM");
	if (!c->smtp_user[0] != !c->smtp_password[0])
		refuse(l, c->smtp_user[0] ? "SMTP_USER" : "SMTP_PASSWORD",
		       "needs the other one of SMTP_USER and SMTP_PASSWORD");
}

/* Rules of more than one setting. */
static void check_together(struct loading *l)
{
	struct config *c = l->config;

	require(l, "DATABASE_URL", c->database_url);
	require(l, "SECRET_KEY", c->secret_key);
	if (c->database_owner_url[0] == '\0')
		c->database_owner_url = c->database_url;
	if (c->app_env != APP_DEVELOPMENT && c->otp_dev_code[0])
		refuse(l, "OTP_DEV_CODE",
		       "would let anyone sign in as any customer: remove it, or set "
		       "APP_ENV=development if this is not a real shop");
	if (c->app_env == APP_DEVELOPMENT && c->otp_dev_code[0] == '\0')
		c->otp_dev_code = "1234";
	if (c->app_env == APP_PRODUCTION && !c->rate_limits)
		refuse(l, "RATE_LIMITS", "cannot be off with APP_ENV=production");
	if (c->app_env == APP_PRODUCTION && strcmp(c->sms_sender, "log") == 0)
		refuse(l, "SMS_SENDER", "cannot be log with APP_ENV=production: the log would contain sign-in codes");
	if (c->app_env != APP_PRODUCTION && c->sms_sender[0] == '\0')
		c->sms_sender = "log";
	if (c->app_env != APP_PRODUCTION && c->mail_sender[0] == '\0')
		c->mail_sender = "log";
	check_senders(l);
}

static bool load(struct loading *l, struct str text, config_getenv *get)
{
	struct str values[SETTINGS_N] = { 0 };

	take_file(l, text, values);
	if (get)
		take_environment(get, values);
	for (size_t i = 0; i < SETTINGS_N; i++)
		fill(l, &settings[i], values[i]);
	check_together(l);
	return l->usable;
}

const char *config_default(const char *name)
{
	return settings[setting_find(str_z(name))].standard;
}

bool config_parse(struct config *c, struct arena *a, struct str file_text, config_getenv *get,
		  struct config_errors *errors)
{
	struct loading l = { .config = c, .arena = a, .errors = errors, .usable = true };

	*c = (struct config){ .env_file = "" };
	errors->n = 0;
	return load(&l, file_text, get);
}

bool config_load(struct config *c, struct arena *a, const char *env_file, config_getenv *get,
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
	return load(&l, text, get);
}

void config_written_in(struct arena *a, struct str text, struct str values[SETTINGS_N])
{
	struct config_errors errors = { .n = 0 };
	struct loading l = { .arena = a, .errors = &errors };

	for (size_t i = 0; i < SETTINGS_N; i++)
		values[i] = STR_NULL;
	take_file(&l, text, values);
}

void config_written(struct arena *a, const char *env_file, config_getenv *get, struct str values[SETTINGS_N])
{
	const char *found;
	struct str text = STR("");

	if (env_file[0] && env_read(a, env_file, &text, &found))
		text = STR("");
	config_written_in(a, text, values);
	take_environment(get, values);
}

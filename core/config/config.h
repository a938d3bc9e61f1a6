/*
 * Settings: NAME=value lines of one file, `.env`, and the environment, which
 * overrides it. The file is looked for in the directory of the executable and
 * the ENV_PARENTS_MAX ones above it, nearest first: hosts that run programs
 * through suEXEC pass no environment of ours on.
 *
 * Syntax of the file: blank lines and lines that begin with '#' are skipped;
 * NAME=value, spaces around both are dropped; a value in single or double
 * quotes is taken without them, as it stands (no escapes, no expansion). Of two
 * lines with one name the last counts. An empty value is a setting that is not
 * set. A file that everybody on the host may write to is refused.
 */
#ifndef CGISHOP_CONFIG_CONFIG_H
#define CGISHOP_CONFIG_CONFIG_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum app_env { APP_PRODUCTION, APP_DEVELOPMENT, APP_TEST };
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* How often something may be tried: see rate_limits.def. */
enum limit {
#define RATE_LIMIT(id, name, rule, per, whom, count, seconds, doc) LIMIT_##id,
#include "core/config/rate_limits.def"
#undef RATE_LIMIT
	LIMITS_N
};

struct limit_value {
	unsigned count_max, window_s;
};

/* One per setting, in settings.def: SETTING(NAME, field, kind, default, doc) */
struct config {
	enum app_env app_env;
	enum log_level log_level;
	bool rate_limits;
	struct limit_value limits[LIMITS_N]; /* by enum limit */
	bool statement_cache;                /* see db_new */
	struct {
		unsigned log2_n, r, p;
	} scrypt_cost;
	unsigned scrypt_concurrency; /* 0: any number */
	/* C strings, "" when not set. They live as long as the config's arena. */
	const char *database_url;       /* libpq URI of the role that serves */
	const char *database_owner_url; /* of the role that migrates; falls back to database_url */
	const char *secret_key;
	const char *otp_dev_code;
	const char *trusted_proxies;    /* networks with commas between */
	const char *cors_origins;       /* origins with commas between, or "*" */
	const char *default_country;    /* ISO 3166-1, where national telephone numbers are from; "": none */
	const char *default_currency;   /* ISO 4217, of a store that names none; "": each has to */
	const char *ignored_parameters; /* names with commas between */
	const char *public_url;         /* without a trailing slash */
	const char *security_contact, *security_policy; /* "": none; contacts are URIs with commas between */
	const char *media_dir;
	const char *media_url;     /* without a trailing slash */
	const char *sms_sender;    /* "": none, codes cannot be sent; only in production */
	const char *sms_countries; /* for text_mobile_is_of, with commas between; "": everywhere */
	unsigned sms_per_hour;     /* codes, to new places and as many again to known ones */
	const char *mail_sender;   /* "": none; only in production */
	const char *mail_from, *sendmail, *message_log;
	const char *twilio_account_sid, *twilio_auth_token, *twilio_from, *twilio_api_base;
	const char *msg91_auth_key, *msg91_templates, *msg91_api_base;
	const char *template_dir, *helper_dir; /* "": near the programs, see core/process/process.h */
	const char *language;                  /* two letters, lower case */
	const char *order_link;                /* has {id} or {number}, or is "" */
	const char *payment_methods;           /* names with commas between */
	bool capture_by_hand, customer_details;
	const char *stripe_secret_key, *stripe_webhook_secret, *stripe_webhook_secret_old, *stripe_api_base;
	const char *razorpay_key_id, *razorpay_key_secret, *razorpay_webhook_secret, *razorpay_webhook_secret_old;
	const char *razorpay_api_base;
	unsigned unpaid_order_minutes; /* 0: for ever */
	unsigned slow_payment_hours;
	unsigned messages_per_day; /* about orders, to one recipient */
	const char *invoice_dir;
	const char *env_file; /* the file that was read, "" for none */
};

/* A setting that is wrong, missing or unknown; shown by `shopctl doctor`, never to a client. */
struct config_error {
	const char *name; /* of the setting */
	const char *text; /* what is wrong and how to mend it; never the value of a secret */
};

enum { CONFIG_ERRORS_MAX = 16 };

struct config_errors {
	struct config_error items[CONFIG_ERRORS_MAX];
	size_t n;
};

/* The environment as a lookup, so that tests and FastCGI can bring their own. NULL: not set. */
typedef const char *config_getenv(const char *name, void *ctx);

/*
 * Read the file (NULL: look for it as above) and the environment, check all.
 * True when the program may serve with it; false with the reasons in *errors.
 * A setting that is unknown is an error for `errors` but does not make it false.
 */
NODISCARD bool config_load(struct config *c, struct arena *a, const char *env_file, config_getenv *get, void *get_ctx,
			   struct config_errors *errors);
/* The same from text, for tests. */
NODISCARD bool config_parse(struct config *c, struct arena *a, struct str file_text, config_getenv *get, void *get_ctx,
			    struct config_errors *errors);

#endif

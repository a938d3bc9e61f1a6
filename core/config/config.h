/*
 * Settings: NAME=value lines of one file, `.env`, and the environment, which
 * overrides it. The file is the nearest one to the executable
 * (core/base/near.h): hosts that run programs through suEXEC do not pass our
 * environment on.
 *
 * Syntax of the file: blank lines and lines that begin with '#' are skipped;
 * spaces around NAME and value are dropped; a value in single or double quotes
 * is taken literally, without the quotes (no escapes, no expansion). The last
 * of several lines with one name is used. An empty value means that the setting
 * is not set. A world-writable file is refused.
 */
#ifndef CGISHOP_CONFIG_CONFIG_H
#define CGISHOP_CONFIG_CONFIG_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum app_env { APP_PRODUCTION, APP_DEVELOPMENT, APP_TEST };
enum log_level { LOG_LEVEL_ERROR, LOG_LEVEL_INFO, LOG_LEVEL_DEBUG };

/* How often an action is allowed: see rate_limits.def. */
enum limit {
#define RATE_LIMIT(id, name, rule, per, scope, count, seconds, doc) LIMIT_##id,
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
	unsigned public_list_ms;     /* 0: no limit besides DB_READ_MS_MAX */
	/* C strings, "" when not set. They live as long as the config's arena. */
	const char *database_url;       /* libpq URI of the role that serves */
	const char *database_owner_url; /* of the role that migrates; falls back to database_url */
	const char *secret_key;
	const char *cron_key, *metrics_key; /* "": none, the route does not exist */
	const char *metrics_file;           /* "": requests are not counted */
	const char *setup_token;            /* "": there is no setup.cgi */
	const char *otp_dev_code;
	const char *trusted_proxies; /* networks, separated by commas */
	const char *trusted_proxy_header;
	const char *cors_origins;       /* origins, separated by commas, or "*" */
	const char *default_country;    /* ISO 3166-1, the country of national telephone numbers; "": none */
	const char *default_currency;   /* ISO 4217, of stores that name none; "": each store must */
	const char *ignored_parameters; /* names, separated by commas */
	const char *public_url;         /* without a trailing slash */
	const char *security_contact, *security_policy; /* "": none; contacts are URIs, separated by commas */
	const char *media_dir;
	const char *media_import_base; /* without a trailing slash; "": paths are refused */
	const char *media_url;         /* without a trailing slash; "": request_media */
	const char *sms_sender;        /* "": none, codes cannot be sent; only in production */
	const char *sms_countries;     /* for text_mobile_is_of, separated by commas; "": everywhere */
	unsigned sms_per_hour;         /* codes to new places, and as many again to known ones */
	const char *mail_sender;       /* "": none; only in production */
	const char *mail_from, *sendmail, *message_log;
	const char *smtp_url, *smtp_user, *smtp_password; /* user and password: both or neither */
	const char *twilio_account_sid, *twilio_auth_token, *twilio_from, *twilio_api_base;
	const char *msg91_auth_key, *msg91_templates, *msg91_api_base;
	const char *template_dir, *helper_dir; /* "": near the programs, see core/base/near.h */
	const char *language;                  /* two letters, lower case */
	const char *order_link;                /* has {id} or {number}, or is "" */
	const char *product_link;              /* has {slug} or {id}, or is "" */
	const char *payment_methods;           /* names, separated by commas */
	bool manual_capture, customer_details;
	const char *stripe_secret_key, *stripe_webhook_secret, *stripe_webhook_secret_old, *stripe_api_base;
	const char *razorpay_key_id, *razorpay_key_secret, *razorpay_webhook_secret, *razorpay_webhook_secret_old;
	const char *razorpay_api_base;
	unsigned unpaid_order_minutes; /* 0: forever */
	unsigned slow_payment_hours;
	unsigned messages_per_day; /* about orders, to one recipient */
	const char *invoice_dir;
	const char *backup_dir; /* "": `backups` in the directory of env_file */
	unsigned backup_hours;  /* 0: cron makes none */
	unsigned backup_keep;
	const char *env_file; /* the file that was read, "" for none */
};

/* A wrong, missing or unknown setting; `shopctl doctor` shows it, never a client. */
struct config_error {
	const char *name; /* of the setting */
	const char *text; /* what is wrong and how to fix it; never the value of a secret */
	bool is_misspelt; /* its name is nearly that of a setting, which is therefore not in force */
};

enum { CONFIG_ERRORS_MAX = 16 };

struct config_errors {
	struct config_error items[CONFIG_ERRORS_MAX];
	size_t n;
};

/* What is wrong with a setting; NULL: nothing. */
const char *config_fault(const struct config_errors *errors, const char *name);

/* Looks up an environment variable, as getenv() does; tests supply their own. */
typedef char *config_getenv(const char *name);

/*
 * Read the file (NULL: search for it as above) and the environment, and check
 * all settings. True if the program can serve with them; false with the reasons
 * in *errors. An unknown setting is added to *errors, but is no reason for
 * false.
 */
NODISCARD bool config_load(struct config *c, struct arena *a, const char *env_file, config_getenv *get,
			   struct config_errors *errors);
/* The default of a setting, as it would be written; "" for none. */
const char *config_default(const char *name);
/* The same from text, for tests. */
NODISCARD bool config_parse(struct config *c, struct arena *a, struct str file_text, config_getenv *get,
			    struct config_errors *errors);

#endif

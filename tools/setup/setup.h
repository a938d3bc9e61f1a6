/*
 * setup.cgi: sets up a shop, or updates it, without a shell. It shows pages without scripts and does its work by
 * running shopctl; what it decides itself is who may use it.
 *
 * It is there while SETUP_TOKEN is in the settings file; without that it answers 404. Who has the token may use it as
 * long as no administrator exists, and afterwards with an administrator's password as well. docs/setup.md.
 */
#ifndef CGISHOP_SETUP_SETUP_H
#define CGISHOP_SETUP_SETUP_H

#include "core/config/config.h"
#include "core/db/migrate.h"
#include "core/http/response.h"
#include "core/json/json.h"
#include "tools/setup/session.h"

enum { SETUP_FIELDS_MAX = 16 };

/* What is there already: looked up for each page. */
struct state {
	enum { DATABASE_UNKNOWN, DATABASE_SILENT, DATABASE_ANSWERS } database;
	enum migrate_result look; /* of the tables, if the database answers */
	struct migrate_state tables;
	bool current; /* the tables are this version's */
	enum { ADMINS_UNKNOWN, ADMINS_NONE, ADMINS_THERE } admins;
	int64_t stores, products;
	struct str store; /* the name of the first one */
};

struct setup {
	struct arena *arena;
	struct config config;
	struct config_errors config_errors;
	bool config_usable;
	struct transport *transport;
	struct request *request;
	struct response *response;
	struct db *owner, *serving;
	struct query_param form[SETUP_FIELDS_MAX]; /* of a POST */
	size_t form_n;
	struct state state;
	struct session session;
	struct str cookie;      /* what the browser has sent */
	struct str style_nonce; /* of this page */
	struct str message;     /* above the page: what the last action has done */
	enum { MESSAGE_NONE, MESSAGE_DONE, MESSAGE_FAILED } message_kind;
	bool https;
	bool sent;           /* the response was sent: a file */
	bool outside_wanted; /* the checks from outside were asked for */
};

/* A field of the form; "" if it was not sent. */
struct str setup_field(const struct setup *s, const char *name);
/* A message for the page that follows. */
void setup_say(struct setup *s, bool done, const char *fmt, ...) PRINTF(3, 4);
/* Where a file of ours is: beside the settings file, or, if that is not writable, in /tmp under a secret name. */
const char *setup_file(struct setup *s, const char *name);

/* False with a message: an action that changes the database has to know whether there is an administrator. */
bool setup_may_change(struct setup *s);
/* Read the settings again, as they were changed. */
void setup_reload(struct setup *s);

void state_read(struct setup *s);

/* --- running shopctl: command.c */

struct command_result {
	bool ok;
	const struct json *json;  /* its output, if it is an object; else NULL */
	struct str output, error; /* error: why it is not ok, for the owner */
};

/* args end with NULL. */
void command_run(struct setup *s, const char *const *args, struct str input, struct command_result *out);

/* --- who may use it: signin.c */

/* True if the page goes on; else the response is made: the form, or a redirect after it. */
NODISCARD bool signin_check(struct setup *s);
/* Is it a form of the session of this cookie? What is signed in may have changed since; signin_check looks at that. */
bool signin_is_form(struct setup *s);
/* A new cookie: the session is that administrator's from now on or, with no id, one before there is any. */
void signin_keep(struct setup *s, struct str admin);
/* The browser forgets its cookie. */
void signin_forget(struct setup *s);

/* --- the steps */

struct step {
	const char *name, *title;
	void (*show)(struct setup *s);       /* what is between the heading and the links to other steps */
	void (*act)(struct setup *s);        /* the button of the step; NULL: none */
	bool (*done)(const struct setup *s); /* NULL: not known */
	bool for_update;                     /* only where there is a shop already */
};

extern const struct step steps[];
extern const size_t steps_n;

/* The notes of shopctl doctor, of the checks in `wanted`, which ends with NULL; NULL: all. */
void checks_of(struct setup *s, const char *const *wanted);
void checks_show(struct setup *s);
void database_show(struct setup *s);
void key_show(struct setup *s);
void key_act(struct setup *s);
void backup_show(struct setup *s);
void backup_act(struct setup *s);
void tables_show(struct setup *s);
void tables_act(struct setup *s);
void store_show(struct setup *s);
void store_act(struct setup *s);
void admin_show(struct setup *s);
void admin_act(struct setup *s);
void demo_show(struct setup *s);
void demo_act(struct setup *s);
void outside_show(struct setup *s);
void outside_act(struct setup *s);
void finish_show(struct setup *s);
void finish_act(struct setup *s);

#endif

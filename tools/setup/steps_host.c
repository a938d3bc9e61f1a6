/* The steps up to the tables: the host, its settings and its database. */
#include "tools/setup/page.h"

/* --- the checks of shopctl doctor */

/* A note is shown if `wanted` is NULL or has its check. */
static bool is_wanted(const char *const *wanted, struct str check)
{
	for (size_t i = 0; wanted && wanted[i]; i++)
		if (str_is(check, wanted[i]))
			return true;
	return !wanted;
}

static enum page_mark mark_of(struct str result)
{
	return str_is(result, "ok") ? MARK_OK : str_is(result, "warn") ? MARK_WARN : MARK_FAIL;
}

/* First what must be fixed, last what is good. */
static void show_notes(struct setup *s, const struct json *checks, const char *const *wanted)
{
	static const enum page_mark order[] = { MARK_FAIL, MARK_WARN, MARK_OK };

	page_put(s, "<ul class=\"findings\">\n");
	for (size_t k = 0; k < ARRAY_LEN(order); k++) {
		for (size_t i = 0; i < json_count(checks); i++) {
			const struct json *note = json_item(checks, i);
			struct str check = json_get_text(note, "check");
			enum page_mark mark = mark_of(json_get_text(note, "result"));

			if (mark == order[k] && is_wanted(wanted, check))
				page_finding(s, mark, str_to_z(s->arena, check), json_get_text(note, "found"),
					     json_get_text(note, "fix"));
		}
	}
	page_put(s, "</ul>\n");
}

void checks_of(struct setup *s, const char *const *wanted)
{
	static const char *const args[] = { "doctor", "--json", NULL };
	struct command_result result;
	const struct json *checks;

	command_run(s, args, STR_NULL, &result);
	checks = result.json ? json_get(result.json, "checks") : NULL;
	if (checks && json_kind(checks) == JSON_ARRAY) {
		show_notes(s, checks, wanted);
		return;
	}
	page_put(s, "<ul class=\"findings\">\n");
	page_finding(s, MARK_FAIL, "shopctl", result.error, STR_NULL);
	page_put(s, "</ul>\n");
}

void checks_show(struct setup *s)
{
	page_paragraph(s, "What was found on this host, the most urgent first. What concerns the secret key and the "
			  "database is set up in the next steps; come back here afterwards.");
	checks_of(s, NULL);
	page_put(s, "<p><a class=\"button\" href=\"?step=checks\">Check again</a></p>\n");
}

/* --- the secret key */

void key_show(struct setup *s)
{
	static const char *const args[] = { "secret-key", NULL };
	struct command_result result;

	if (s->config.secret_key[0]) {
		page_paragraph(s, "There is a secret key. Keep it: with another one, codes that were sent and links to "
				  "the next page of a list stop working.");
		return;
	}
	page_paragraph(s,
		       "The shop signs and encrypts with a key that nobody else knows. It is a line of the file .env.");
	page_form(s);
	page_form_end(s, "Make a key and write it to .env");
	command_run(s, args, STR_NULL, &result);
	if (!result.ok)
		return;
	page_put(s, "<h2>By hand</h2>\n");
	page_paragraph(s,
		       "If that does not work, put this line into .env, in place of an empty SECRET_KEY= if there is "
		       "one, and load the page again:");
	page_put(s, "<pre>");
	page_text(s, str_trim(result.output));
	page_put(s, "</pre>\n");
}

void key_act(struct setup *s)
{
	static const char *const args[] = { "secret-key", "--write", NULL };
	struct command_result result;

	if (s->config.secret_key[0])
		return; /* the second of two clicks */
	command_run(s, args, STR_NULL, &result);
	setup_reload(s);
	if (result.ok)
		setup_say(s, true, "A new key is in .env.");
	else
		setup_say(s, false, "The key was not written: %.*s", STR_ARG(result.error));
}

/* --- the database */

static bool is_missing(const struct setup *s, const char *name)
{
	const char *fault = config_fault(&s->config_errors, name);

	return !fault || strcmp(fault, "is required") == 0;
}

void database_show(struct setup *s)
{
	static const char *const wanted[] = { "settings", "database", "owner", "server", NULL };

	page_paragraph(s, "The address of the database is DATABASE_URL in .env, of the form");
	page_put(s, "<pre>DATABASE_URL=postgresql://user:password@host/database</pre>\n");
	page_paragraph(s, "Your host’s panel shows the four parts where you made the database. In the password, write "
			  "% as %25, @ as %40, / as %2F, : as %3A, # as %23 and ? as %3F.");
	/* A wrong one is among the findings. */
	if (s->state.database == DATABASE_UNKNOWN && is_missing(s, "DATABASE_URL"))
		page_paragraph(s, "There is no DATABASE_URL yet.");
	checks_of(s, wanted);
	page_put(s, "<p><a class=\"button\" href=\"?step=database\">Try again</a></p>\n");
}

/* --- the tables */

static const char *code_text(struct str state)
{
	if (str_is(state, "current"))
		return NULL;
	if (str_is(state, "missing"))
		return "The functions of the database are made";
	return "The functions of the database are replaced by those of this version";
}

/* What migrate did, or would do. */
static void show_migrations(struct setup *s, const struct json *json)
{
	const struct json *list = json_get(json, "migrations");
	const char *code = code_text(json_get_text(json, "functions"));

	page_put(s, "<ul class=\"findings\">\n");
	for (size_t i = 0; list && json_kind(list) == JSON_ARRAY && i < json_count(list); i++)
		page_finding(s, MARK_NOTE, "Tables", json_text(json_item(list, i)), STR_NULL);
	if (code)
		page_finding(s, MARK_NOTE, "Functions", str_z(code), STR_NULL);
	page_put(s, "</ul>\n");
}

void tables_show(struct setup *s)
{
	static const char *const args[] = { "migrate", "--plan", "--json", NULL };
	struct command_result plan;

	if (s->state.current) {
		page_paragraph(s, "The tables are those of this version. Nothing needs to be done.");
		return;
	}
	command_run(s, args, STR_NULL, &plan);
	if (!plan.ok || !plan.json) {
		page_put(s, "<ul class=\"findings\">\n");
		page_finding(s, MARK_FAIL, "Tables", plan.error, STR_NULL);
		page_put(s, "</ul>\n");
		return;
	}
	if (s->state.admins == ADMINS_THERE)
		page_paragraph(s, "Before you update, make a backup and download it, in the step Backup.");
	page_paragraph(s,
		       "This will be done, all of it or nothing. Leave the page open until it has an answer; a large "
		       "shop takes some minutes.");
	show_migrations(s, plan.json);
	page_form(s);
	page_form_end(s, s->state.tables.applied_n ? "Update the tables" : "Make the tables");
}

void tables_act(struct setup *s)
{
	static const char *const args[] = { "migrate", "--json", NULL };
	struct command_result result;
	const struct json *list;
	size_t n;

	if (!setup_may_change(s))
		return;
	command_run(s, args, STR_NULL, &result);
	if (!result.ok) {
		setup_say(s, false, "Nothing was changed: %.*s", STR_ARG(result.error));
		return;
	}
	list = result.json ? json_get(result.json, "migrations") : NULL;
	n = list && json_kind(list) == JSON_ARRAY ? json_count(list) : 0;
	if (n)
		setup_say(s, true, "Done: %.*s up to %.*s (%zu steps), and the functions.",
			  STR_ARG(json_text(json_item(list, 0))), STR_ARG(json_text(json_item(list, n - 1))), n);
	else
		setup_say(s, true, "The tables are up to date.");
}

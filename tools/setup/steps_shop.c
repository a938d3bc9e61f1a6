/* The steps that make the shop, and the last one. */
#include <unistd.h>
#include "core/config/env_file.h"
#include "queries.h"
#include "tools/setup/page.h"

/* --- the store */

static void show_zones(struct setup *s)
{
	struct db_scope owner = { .db = s->owner, .arena = s->arena };
	struct setup_time_zones_row row;

	page_put(s, "<datalist id=\"zones\">\n");
	if (!query_setup_time_zones(&owner, &row))
		while (row.names.n) {
			page_put(s, "<option value=\"");
			page_text(s, str_cut(&row.names, ' '));
			page_put(s, "\">\n");
		}
	page_put(s, "</datalist>\n");
}

static struct str sent_or(struct setup *s, const char *name, const char *otherwise)
{
	struct str sent = setup_field(s, name);

	return sent.n || s->message_kind == MESSAGE_DONE ? sent : str_z(otherwise);
}

static void store_form(struct setup *s)
{
	bool included = str_is(setup_field(s, "tax"), "included");

	page_form(s);
	page_field(s, &(struct page_field){ .name = "name",
					    .label = "Name",
					    .hint = "as your customers see it",
					    .type = "text",
					    .autocomplete = "organization",
					    .value = sent_or(s, "name", "") });
	page_field(s, &(struct page_field){ .name = "country",
					    .label = "Country",
					    .hint = "two letters, such as DE or IN",
					    .type = "text",
					    .autocomplete = "country",
					    .value = sent_or(s, "country", s->config.default_country) });
	page_field(s, &(struct page_field){ .name = "currency",
					    .label = "Currency",
					    .hint = "three letters, such as EUR or INR; it cannot be changed later",
					    .type = "text",
					    .autocomplete = "transaction-currency",
					    .value = sent_or(s, "currency", s->config.default_currency) });
	page_field(s, &(struct page_field){ .name = "zone",
					    .label = "Time zone",
					    .hint = "such as Europe/Berlin",
					    .type = "text",
					    .autocomplete = "off",
					    .list = "zones",
					    .value = sent_or(s, "zone", "") });
	show_zones(s);
	page_put(s, "<fieldset><legend>Tax</legend>\n<label class=\"choice\"><input type=\"radio\" name=\"tax\" "
		    "value=\"included\"");
	page_put(s, included ? " checked>" : ">");
	page_put(s, "Prices include tax, as in the EU, India or Australia</label>\n<label class=\"choice\"><input "
		    "type=\"radio\" name=\"tax\" value=\"added\"");
	page_put(s, included ? ">" : " checked>");
	page_put(s, "Tax is added at the end, as in the USA; or there is no tax</label>\n</fieldset>\n");
	page_form_end(s, "Make the store");
}

void store_show(struct setup *s)
{
	if (!s->state.current) {
		page_paragraph(s, "First make the tables, in the step before this one.");
		return;
	}
	if (s->state.stores) {
		page_put(s, "<p>You have the store <strong>");
		page_text(s, s->state.store);
		page_put(s, "</strong>");
		if (s->state.stores > 1)
			page_textf(s, " and %lld more", (long long)s->state.stores - 1);
		page_put(s,
			 ". The administrator can change it. Most shops have one store; you may make another one here."
			 "</p>\n");
	}
	page_paragraph(s, "Each product gets its own tax rate later, when you enter it.");
	store_form(s);
}

void store_act(struct setup *s)
{
	const char *args[] = { "create-store",
			       "--name",
			       str_to_z(s->arena, setup_field(s, "name")),
			       "--country",
			       str_to_z(s->arena, str_upper(s->arena, str_trim(setup_field(s, "country")))),
			       "--currency",
			       str_to_z(s->arena, str_upper(s->arena, str_trim(setup_field(s, "currency")))),
			       "--time-zone",
			       str_to_z(s->arena, str_trim(setup_field(s, "zone"))),
			       "--tax",
			       str_to_z(s->arena, setup_field(s, "tax")),
			       "--json",
			       NULL };
	struct command_result result;

	if (!setup_may_change(s))
		return;
	command_run(s, args, STR_NULL, &result);
	if (result.ok)
		setup_say(s, true, "The store was made.");
	else
		setup_say(s, false, "The store was not made: %.*s.", STR_ARG(result.error));
	if (result.ok)
		s->form_n = 0;
}

/* --- the administrator */

void admin_show(struct setup *s)
{
	if (!s->state.current) {
		page_paragraph(s, "First make the tables, two steps before this one.");
		return;
	}
	if (s->state.admins == ADMINS_THERE) {
		page_paragraph(s, "There is an administrator. Administrators can make others.");
		return;
	}
	page_paragraph(
		s, "The person who enters products and sees orders. Keep the password: this page asks for it later.");
	page_form(s);
	page_field(s, &(struct page_field){ .name = "email",
					    .label = "E-mail address",
					    .type = "email",
					    .autocomplete = "username",
					    .value = setup_field(s, "email") });
	page_field(s, &(struct page_field){ .name = "name",
					    .label = "Your name",
					    .hint = "may be left empty",
					    .type = "text",
					    .autocomplete = "name",
					    .value = setup_field(s, "name"),
					    .optional = true });
	page_field(s, &(struct page_field){
			      .name = "password",
			      .label = "Password",
			      .hint = "at least 10 characters that are hard to guess; several words are good",
			      .type = "password",
			      .autocomplete = "new-password" });
	page_field(s, &(struct page_field){ .name = "again",
					    .label = "The same password again",
					    .type = "password",
					    .autocomplete = "new-password" });
	page_form_end(s, "Make the administrator");
}

void admin_act(struct setup *s)
{
	struct str password = setup_field(s, "password");
	const char *args[] = { "create-admin",
			       "--email",
			       str_to_z(s->arena, str_trim(setup_field(s, "email"))),
			       "--name",
			       str_to_z(s->arena, str_trim(setup_field(s, "name"))),
			       "--json",
			       NULL };
	struct command_result result;

	if (s->state.admins == ADMINS_THERE || !setup_may_change(s))
		return;
	if (!str_eq(password, setup_field(s, "again"))) {
		setup_say(s, false, "The two passwords are not the same.");
		return;
	}
	command_run(s, args, str_fmt(s->arena, "%.*s\n", STR_ARG(password)), &result);
	if (!result.ok) {
		setup_say(s, false, "The administrator was not made: %.*s", STR_ARG(result.error));
		return;
	}
	signin_keep(s, result.json ? json_get_text(result.json, "id") : STR(""));
	setup_say(s, true, "The administrator was made. From now on this page asks for that password too.");
}

/* --- the examples */

void demo_show(struct setup *s)
{
	if (!s->state.current) {
		page_paragraph(s, "First make the tables.");
		return;
	}
	page_paragraph(s,
		       "To look around, you may fill the shop with two example stores and their products and pictures. "
		       "Leave this step out for a real shop.");
	page_form(s);
	page_form_end(s, "Load the examples");
}

void demo_act(struct setup *s)
{
	static const char *const args[] = { "load-demo", "--json", NULL };
	struct command_result result;

	if (!setup_may_change(s))
		return;
	command_run(s, args, STR_NULL, &result);
	if (!result.ok)
		setup_say(s, false, "The examples were not loaded: %.*s", STR_ARG(result.error));
	else
		setup_say(s, true, "The examples are in the shop.");
}

/* --- the end */

void finish_show(struct setup *s)
{
	page_paragraph(
		s, "When everything works, switch this page off: the line SETUP_TOKEN is removed from .env. To use the "
		   "page again, for example after uploading a new version, put such a line there again.");
	page_form(s);
	page_form_end(s, "Switch off");
}

void finish_act(struct setup *s)
{
	enum env_change change = ENV_KEPT;

	if (s->config.env_file[0])
		change = env_set(s->arena, s->config.env_file, "SETUP_TOKEN", STR_NULL);
	if (change == ENV_FAILED) {
		setup_say(s, false,
			  "The file .env cannot be changed from here. Remove the line that begins with SETUP_TOKEN "
			  "by hand; until then this page stays on.");
		return;
	}
	unlink(setup_file(s, "attempts"));
	unlink(setup_file(s, "lock"));
	setup_reload(s);
	if (s->config.setup_token[0]) {
		setup_say(s, false,
			  "SETUP_TOKEN is also set in the environment of the web server. Remove it there; until "
			  "then this page stays on.");
		return;
	}
	page_plain(
		s, 200, "Setup is switched off",
		"SETUP_TOKEN is no longer in .env, and this page answers 404 from now on. Your shop is ready for the "
		"website or the app that enters and shows products: INSTALL.md says what it needs.");
	signin_forget(s);
}

#include <stdarg.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/base/log.h"
#include "core/crypto/crypto.h"
#include "core/http/transport.h"
#include "core/http/urlencoded.h"
#include "core/process/slot.h"
#include "tools/setup/page.h"

/* An action waits this long for another one: two clicks are one after the other. */
enum {
	SETUP_ARENA_BYTES_MAX = 64 * 1024 * 1024,
	NONCE_BYTES = 16,
	NAME_BYTES = 16,
	SAID_BYTES = 16,
	ACTION_WAIT_MS_MAX = 60 * 1000
};

/* --- what the steps share */

struct str setup_field(const struct setup *s, const char *name)
{
	for (size_t i = 0; i < s->form_n; i++)
		if (str_is(s->form[i].name, name))
			return s->form[i].value;
	return STR("");
}

void setup_say(struct setup *s, bool done, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	s->message = str_vfmt(s->arena, fmt, args);
	s->message_kind = done ? MESSAGE_DONE : MESSAGE_FAILED;
	va_end(args);
}

const char *setup_file(struct setup *s, const char *name)
{
	const struct str parts[] = { STR("setup file"), str_z(name) };
	struct str file = str_z(s->config.env_file);
	uint8_t mac[SHA256_BYTES];

	while (file.n && file.p[file.n - 1] != '/')
		file.n--;
	if (file.n && access(str_to_z(s->arena, file), W_OK) == 0)
		return str_fmt(s->arena, "%.*s.setup-%s", STR_ARG(file), name).p;
	crypto_hmac(str_z(s->config.setup_token), parts, ARRAY_LEN(parts), mac);
	return str_fmt(s->arena, "/tmp/cgishop-%.*s-%u", STR_ARG(crypto_hex(s->arena, mac, NAME_BYTES)),
		       (unsigned)geteuid())
		.p;
}

bool setup_may_change(struct setup *s)
{
	if (s->state.admins != ADMINS_UNKNOWN)
		return true;
	setup_say(s, false, "Nothing was changed: the database cannot be used yet. See the step Database.");
	return false;
}

void setup_reload(struct setup *s)
{
	s->config_usable = config_load(&s->config, s->arena, NULL, getenv, &s->config_errors);
}

/* --- the request */

static void answer_not_found(struct setup *s)
{
	struct error error = { .problem = PROBLEM_NOT_FOUND };

	response_problem(s->response, &error, s->request);
}

/*
 * Is setup switched on? Without a token we are not there. An owner whose token or file cannot be used learns why, since
 * nothing else would tell.
 */
static bool is_on(struct setup *s)
{
	const char *file = config_fault(&s->config_errors, ".env");
	const char *token = config_fault(&s->config_errors, "SETUP_TOKEN");

	if (s->config.setup_token[0])
		return true;
	if (token)
		page_plain(s, 503, "The setup token cannot be used",
			   str_fmt(s->arena,
				   "SETUP_TOKEN in the file .env %s. Change it there and load this page again.", token)
				   .p);
	else if (file && !str_has_prefix(str_z(file), STR("line ")))
		page_plain(s, 503, "The settings cannot be read",
			   str_fmt(s->arena,
				   "There is a file .env, but %s. In the file manager of your host, give it the "
				   "permissions 600, and load this page again.",
				   file)
				   .p);
	else
		answer_not_found(s);
	return false;
}

static bool read_form(struct setup *s)
{
	struct request *r = s->request;
	struct str name;
	bool ok = r->media == MEDIA_URLENCODED && r->body.n <= FORM_URLENCODED_BYTES_MAX &&
		  urlencoded_parse(s->arena, r->body, ONE_LINE, NULL, s->form, SETUP_FIELDS_MAX, &s->form_n, &name) ==
			  URLENCODED_OK;

	if (!ok)
		page_plain(s, r->body.n > FORM_URLENCODED_BYTES_MAX ? 413 : 400, "That form cannot be read",
			   "Go back, load the page again, and send the form once more.");
	return ok;
}

static const struct step *wanted_step(const struct setup *s)
{
	struct str name = request_query(s->request, "step");

	for (size_t i = 0; i < steps_n; i++)
		if (str_is(name, steps[i].name))
			return &steps[i];
	return &steps[0];
}

static void show(struct setup *s, const struct step *step)
{
	page_begin(s, step->title, step);
	step->show(s);
	page_next(s, step);
	page_end(s);
}

/* --- what an action has done, said on a page that the browser may load again and go back to */

/* Only what we said in this session, not what a link says. */
static struct str said_mark(struct setup *s, struct str text)
{
	const struct str parts[] = { STR("setup said"), s->session.form, text };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(s->config.setup_token), parts, ARRAY_LEN(parts), mac);
	return crypto_hex(s->arena, mac, SAID_BYTES);
}

static void redirect(struct setup *s, const struct step *step)
{
	struct str text = crypto_base64url(s->arena, s->message.p, s->message.n);

	s->response->status = 303;
	response_header(s->response, "Location",
			str_fmt(s->arena, "?step=%s&said=%.*s&mark=%.*s", step->name, STR_ARG(text),
				STR_ARG(said_mark(s, s->message))));
}

static void read_said(struct setup *s)
{
	struct str text;

	if (crypto_base64url_decode(s->arena, request_query(s->request, "said"), &text) && text.n &&
	    crypto_equal(said_mark(s, text), request_query(s->request, "mark")))
		setup_say(s, true, "%.*s", STR_ARG(text));
}

/* The state are those after the action. */
static void act(struct setup *s, const struct step *step)
{
	if (step->act) {
		step->act(s);
		log_event(&(struct log_event){ .request_id = s->request->request_id,
					       .event = str_fmt(s->arena, "setup-%s", step->name).p,
					       .result = s->message_kind == MESSAGE_FAILED ? "failed" : "ok",
					       .from = s->request->client_address });
		state_read(s);
	}
}

static void serve_signed_in(struct setup *s)
{
	const struct step *step = wanted_step(s);

	if (!signin_check(s))
		return;
	if (s->request->method == METHOD_POST)
		act(s, step);
	else
		read_said(s);
	/* The last step may have switched us off. */
	if (!s->session.valid || s->sent)
		return;
	if (s->request->method == METHOD_POST && s->message_kind == MESSAGE_DONE)
		redirect(s, step);
	else
		show(s, step);
}

/* One action at a time, so that each knows what the one before it has done. */
static void serve_page(struct setup *s)
{
	bool post = s->request->method == METHOD_POST;
	int slot = SLOT_FAILED;

	if (post && !read_form(s))
		return;
	/* A download changes nothing, and takes long. Strangers, who cannot act, do not keep the owner waiting. */
	if (post && signin_is_form(s) && !(wanted_step(s)->act == backup_act && setup_field(s, "file").n))
		slot = slot_acquire(setup_file(s, "lock"), 1, ACTION_WAIT_MS_MAX);
	if (slot == SLOT_BUSY) {
		page_plain(s, 503, "Another step is running", "Wait a moment, and load the page again.");
		return;
	}
	state_read(s);
	serve_signed_in(s);
	slot_release(slot);
}

static void serve(struct setup *s)
{
	struct error error = { .problem = PROBLEM_NONE };
	enum problem problem = request_read(s->transport, s->arena, NULL, BODY_BYTES_MAX, s->request, &error);
	const char *https = transport_variable(s->transport, "HTTPS");
	struct str forwarded = request_header(s->request, s->arena, "HTTP_X_FORWARDED_PROTO");
	char id[UUID_CHARS + 1];
	uint8_t nonce[NONCE_BYTES];

	crypto_uuid7(id);
	crypto_random(nonce, sizeof(nonce));
	s->request->request_id = str_copy(s->arena, str_z(id));
	s->style_nonce = crypto_base64url(s->arena, nonce, sizeof(nonce));
	s->cookie = session_cookie(request_header(s->request, s->arena, "HTTP_COOKIE"));
	/* Anyone who claims it wrongly gets a cookie that their own browser does not send. */
	s->https = (https && strcmp(https, "off") != 0 && *https) || str_is(forwarded, "https");
	request_set_client(s->transport, s->arena, s->config.trusted_proxies, s->config.trusted_proxy_header,
			   s->request);
	if (!is_on(s))
		return;
	if (problem)
		page_plain(s, problem_info(problem)->status, "That request cannot be read",
			   "Load the page again without anything behind its address.");
	else if (s->request->path.n)
		answer_not_found(s);
	else if (s->request->method != METHOD_GET && s->request->method != METHOD_HEAD &&
		 s->request->method != METHOD_POST)
		page_plain(s, 405, "That is not possible here", "Open the page in a browser.");
	else
		serve_page(s);
}

static void run(struct setup *s)
{
	setup_reload(s);
	s->owner = db_new(s->config.database_owner_url, false);
	s->serving = db_new(s->config.database_url, false);
	response_init(s->response, s->arena);
	serve(s);
	if (!s->sent)
		response_send(s->response, s->request, s->transport);
	transport_finish(s->transport);
	db_free(s->serving);
	db_free(s->owner);
}

int main(void)
{
	struct arena arena;
	struct request request = { .method = METHOD_NONE };
	struct response response;
	struct setup s = { .arena = &arena, .request = &request, .response = &response };

	if (!getenv("GATEWAY_INTERFACE")) {
		fputs("setup: this is a page for a web server; shopctl does the same on the command line\n", stderr);
		return 64;
	}
	arena_init(&arena, SETUP_ARENA_BYTES_MAX);
	s.transport = transport_open();
	if (transport_accept(s.transport))
		run(&s);
	transport_close(s.transport);
	arena_free(&arena);
	return 0;
}

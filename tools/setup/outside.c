/*
 * What only shows from outside: the shop opens its own address, as a browser would.
 */
#include <dirent.h>
#include <errno.h>
#include <unistd.h>
#include "core/base/file.h"
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "core/gateway/fetch.h"
#include "core/http/transport.h"
#include "core/process/process.h"
#include "tools/setup/page.h"

enum { NAME_BYTES = 8 };

/* Files of the checks in MEDIA_DIR begin with this. */
static const char prefix[] = "setup-test-";
static const char ran[] = "ran-42"; /* what a file writes that is run; it is not in the file */

struct outside {
	struct setup *s;
	struct str base;   /* "https://shop.example" or with the shop's folder */
	struct str origin; /* without it */
};

/* --- addresses */

/* PUBLIC_URL; without it, the address of this page up to the folder of the shop. */
static struct str find_base(struct setup *s)
{
	const char *suffixes[] = { "/cgi-bin/setup.cgi", "/setup.cgi" };
	struct str host = request_header(s->request, s->arena, "HTTP_HOST");
	struct str uri = request_header(s->request, s->arena, "REQUEST_URI"), path = str_cut(&uri, '?'), base;
	bool found = false;

	if (s->config.public_url[0])
		return str_z(s->config.public_url);
	for (size_t i = 0; i < ARRAY_LEN(suffixes) && !found; i++) {
		found = str_has_suffix(path, str_z(suffixes[i]));
		if (found)
			path.n -= strlen(suffixes[i]);
	}
	base = str_fmt(s->arena, "%s://%.*s%.*s", s->https ? "https" : "http", STR_ARG(host),
		       STR_ARG(found ? path : STR("")));
	return host.n && text_is_url(base) ? base : STR("");
}

static struct str origin_of(struct str base)
{
	size_t host = str_find(base, ':') + 3;

	return str_sub(base, 0, host + str_find(str_sub(base, host, base.n), '/'));
}

static void get(const struct outside *o, struct str url, struct str authorization, struct fetch_answer *answer)
{
	struct gateway_call call = { o->s->arena, &o->s->config, o->s->request->request_id };
	struct fetch_request request = { .method = "GET", .url = url };

	if (authorization.n) {
		request.headers[0] = (struct fetch_header){ "Authorization", authorization };
		request.headers_n = 1;
	}
	fetch(&call, &request, answer);
}

static struct str below(const struct outside *o, const char *path)
{
	return str_fmt(o->s->arena, "%.*s%s", STR_ARG(o->base), path);
}

static bool contains(struct str text, const char *word)
{
	return text.n && memmem(text.p, text.n, word, strlen(word));
}

/* --- the API */

/* False if nothing answered. */
static bool check_api(const struct outside *o)
{
	struct str url = below(o, "/api/stores?page_size=1");
	struct fetch_answer answer;

	get(o, url, STR_NULL, &answer);
	if (answer.status == 200 && answer.body)
		page_finding(o->s, MARK_OK, "The shop", STR("answers at its address."), STR_NULL);
	else if (answer.status)
		page_finding(
			o->s, MARK_FAIL, "The shop",
			str_fmt(o->s->arena, "%.*s answers with status %u.", STR_ARG(url), answer.status),
			STR("check that public_html/.htaccess was uploaded (it is a hidden file), that the files in "
			    "cgi-bin/api have the permissions 755, and the steps before this one."));
	return answer.status;
}

static void check_authorization(const struct outside *o)
{
	struct fetch_answer answer;

	get(o, below(o, "/api/stores?page_size=1"), STR("Bearer setup-test"), &answer);
	if (answer.status == 401)
		page_finding(o->s, MARK_OK, "Signing in", STR("the Authorization header arrives."), STR_NULL);
	else if (answer.status == 200)
		page_finding(o->s, MARK_FAIL, "Signing in",
			     STR("the Authorization header does not arrive, so nobody stays signed in."),
			     STR("use the .htaccess of this version, which passes it on."));
	else
		page_finding(o->s, MARK_WARN, "Signing in", STR("it could not be tried."),
			     STR("first make the shop answer at its address."));
}

/* --- the settings */

static const char *const env_paths[] = { "/.env", "/cgishop/.env", "/%2e%2e/.env", "/%2e%2e/cgishop/.env",
					 "/cgi-bin/.env" };

static void check_env(const struct outside *o)
{
	struct fetch_answer answer;

	for (size_t i = 0; i < ARRAY_LEN(env_paths); i++) {
		struct str url = below(o, env_paths[i]);

		get(o, url, STR_NULL, &answer);
		if (answer.status != 200 ||
		    (!contains(answer.text, "SETUP_TOKEN") && !contains(answer.text, "DATABASE_URL")))
			continue;
		page_finding(
			o->s, MARK_FAIL, "Settings",
			str_fmt(o->s->arena, "everyone can read your passwords at %.*s.", STR_ARG(url)),
			STR("move the folder cgishop, with .env in it, beside public_html instead of into it. Then "
			    "change the password of the database, and SECRET_KEY."));
		return;
	}
	page_finding(o->s, MARK_OK, "Settings", STR(".env cannot be read from outside."), STR_NULL);
}

/* --- the media */

static const struct kind {
	const char *suffix, *content;
	mode_t mode;
} kinds[] = {
	{ "png", "a picture of setup.cgi", 0644 },
	{ "cgi", "#!/bin/sh\necho Content-Type: text/plain\necho\necho ran-$((6 * 7))\n", 0755 },
	{ "php", "<?php echo 'ran-', 6 * 7;\n", 0755 },
	{ "html", "<!DOCTYPE html><title>A page of setup.cgi</title>\n", 0644 },
};

/* What an earlier run has left. */
static void sweep(const char *directory)
{
	DIR *d = opendir(directory);
	const struct dirent *entry;

	while (d && (entry = readdir(d)))
		if (str_has_prefix(str_z(entry->d_name), STR("setup-test-")))
			(void)unlinkat(dirfd(d), entry->d_name, 0);
	if (d)
		closedir(d);
}

static void judge(const struct outside *o, const struct kind *kind, struct str url, const struct fetch_answer *answer)
{
	struct arena *a = o->s->arena;
	struct str about = str_fmt(a, "Media: .%s", kind->suffix);
	const char *remedy = "upload the folder public_html/media of this version again, with its hidden file "
			     ".htaccess; if that does not help, ask your host to switch scripts off in that folder.";

	if (kind == &kinds[0]) {
		if (answer->status == 200 && str_is(answer->text, kind->content))
			page_finding(o->s, MARK_OK, "Media", STR("pictures are shown."), STR_NULL);
		else
			page_finding(o->s, MARK_FAIL, "Media",
				     str_fmt(a, "a picture in MEDIA_DIR is not shown at %.*s: %s.", STR_ARG(url),
					     answer->error),
				     STR("MEDIA_DIR in .env must be the folder that MEDIA_URL leads to, usually "
					 "public_html/media."));
	} else if (answer->status && contains(answer->text, ran)) {
		page_finding(o->s, MARK_FAIL, about.p, STR("a file among the pictures is run as a program."),
			     str_z(remedy));
	} else if (answer->status == 200 && contains(str_lower(a, answer->type), "text/html")) {
		page_finding(o->s, MARK_FAIL, about.p, STR("a file among the pictures is shown as a page."),
			     str_z(remedy));
	} else {
		page_finding(o->s, MARK_OK, about.p, STR("is neither run nor shown as a page."), STR_NULL);
	}
}

static void check_medium(const struct outside *o, const struct kind *kind, struct str id)
{
	const struct config *config = &o->s->config;
	struct arena *a = o->s->arena;
	struct str name = str_fmt(a, "%s%.*s.%s", prefix, STR_ARG(id), kind->suffix), media = str_z(config->media_url);
	struct str base = media;
	struct fetch_answer answer;

	if (!media.n)
		base = below(o, "/media");
	else if (media.p[0] == '/')
		base = str_fmt(a, "%.*s%s", STR_ARG(o->origin), media.p);
	if (!file_create(a, config->media_dir, name, kind->mode, str_z(kind->content))) {
		page_finding(o->s, MARK_FAIL, "Media",
			     str_fmt(a, "no file can be written to MEDIA_DIR: %s.", strerror(errno)),
			     STR("make the folder, and give it the permissions 755."));
		return;
	}
	struct str url = str_fmt(a, "%.*s/%.*s", STR_ARG(base), STR_ARG(name));
	get(o, url, STR_NULL, &answer);
	unlink(str_fmt(a, "%s/%.*s", config->media_dir, STR_ARG(name)).p);
	judge(o, kind, url, &answer);
}

static void check_media(const struct outside *o)
{
	const char *directory = o->s->config.media_dir;
	uint8_t random[NAME_BYTES];

	if (!directory[0]) {
		page_finding(o->s, MARK_FAIL, "Media", STR("MEDIA_DIR is not set."),
			     STR("set it in .env to the folder public_html/media."));
		return;
	}
	crypto_random(random, sizeof(random));
	sweep(directory);
	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		check_medium(o, &kinds[i], crypto_hex(o->s->arena, random, sizeof(random)));
}

/* --- the step */

/* The line for the host's panel. */
static void show_cron(struct setup *s)
{
	static const char *const wanted[] = { "cron", NULL };
	const char *shopctl = process_find(&s->config, s->arena, "shopctl");

	page_put(s, "<h2>Recurring tasks</h2>\n");
	page_paragraph(s, "The shop needs a cron job every five minutes; your host’s panel has a page for it.");
	if (shopctl) {
		page_paragraph(s, "Its command is");
		page_put(s, "<pre>");
		page_textf(s, strchr(shopctl, ' ') ? "'%s' cron >/dev/null" : "%s cron >/dev/null", shopctl);
		page_put(s, "</pre>\n");
	}
	checks_of(s, wanted);
}

/* Where the host cannot open its own address, the owner does. */
static void show_links(const struct outside *o)
{
	page_finding(
		o->s, MARK_WARN, "The shop",
		str_fmt(o->s->arena, "this host cannot open %.*s itself.",
			STR_ARG(o->base.n ? o->base : STR("its own address"))),
		STR("set PUBLIC_URL in .env to the address of your shop, with https. Open it in a browser: if that "
		    "warns of "
		    "the certificate, have your host renew it. If both are right, open the links below yourself; the "
		    "host's error log says why it cannot."));
	page_put(o->s, "</ul>\n<p>Each of these must show an error, never your settings:</p>\n<ul>\n");
	for (size_t i = 0; i < ARRAY_LEN(env_paths); i++) {
		struct str url = below(o, env_paths[i]);

		page_put(o->s, "<li><a rel=\"noreferrer\" href=\"");
		page_text(o->s, url);
		page_put(o->s, "\">");
		page_text(o->s, url);
		page_put(o->s, "</a></li>\n");
	}
}

static void check_all(struct setup *s)
{
	struct outside o = { .s = s, .base = find_base(s) };

	o.origin = o.base.n ? origin_of(o.base) : STR("");
	page_put(s, "<ul class=\"findings\">\n");
	if (!o.base.n || !check_api(&o)) {
		show_links(&o);
	} else {
		check_authorization(&o);
		check_env(&o);
		check_media(&o);
	}
	page_put(s, "</ul>\n");
}

void outside_show(struct setup *s)
{
	page_paragraph(
		s, "Some mistakes only show from outside: whether signing in works through your web server, whether "
		   "others can read your settings, and whether pictures are shown and nothing among them is run. For "
		   "this, files are put among the pictures for a moment.");
	if (s->outside_wanted)
		check_all(s);
	page_form(s);
	page_form_end(s, s->outside_wanted ? "Check again" : "Check");
	show_cron(s);
}

void outside_act(struct setup *s)
{
	s->outside_wanted = true;
}

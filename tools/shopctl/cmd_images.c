#include <unistd.h>
#include "tools/shopctl/images.h"
#include "queries.h"

static int ask_state(struct images *m, struct images_state_row *state)
{
	struct db_scope scope = { .db = m->ctl->serving, .arena = m->ctl->arena };

	if (query_images_state(&scope, state, .attempts = IMAGES_ATTEMPTS_MAX))
		return report_database_error(m->ctl, m->ctl->serving, "pictures cannot be read");
	m->waiting = state->waiting;
	return EX_OK;
}

static int print(const struct images *m, const struct images_fetch *f, const struct images_state_row *state,
		 int64_t orphans)
{
	const struct {
		const char *name, *label;
		int64_t n;
	} figures[] = {
		{ "made", "made", m->made },
		{ "left_as_is", "narrow or moving", m->left_as_is },
		{ "unreadable", "unreadable", m->unreadable },
		{ "failed", "failed", m->failed },
		{ "waiting", "still waiting", state->waiting },
		{ "given_up", "given up", state->failed },
		{ "orphans", "files of no picture", orphans },
	};
	struct buf json;
	struct json_out o = open_json(m->ctl, &json);

	if (option(m->ctl, OPTION_FETCH))
		images_fetch_print(f, &o);
	for (size_t i = 0; i < ARRAY_LEN(figures); i++) {
		json_put_int(&o, figures[i].name, figures[i].n);
		if (!wants_json(m->ctl))
			printf("%s%s: %lld", i ? ", " : "", figures[i].label, (long long)figures[i].n);
	}
	json_close(&o, '}');
	if (wants_json(m->ctl))
		return print_json(&json);
	putchar('\n');
	return EX_OK;
}

static int make(struct images *m)
{
	struct db_scope scope = { .db = m->ctl->serving, .arena = m->ctl->arena };
	struct images_state_row state;
	int code;

	if (option(m->ctl, OPTION_AGAIN) && query_images_again(&scope))
		return report_database_error(m->ctl, m->ctl->serving, "pictures cannot be tried again");
	code = ask_state(m, &state);
	return code ? code : images_make(m);
}

static int fetch(struct images_fetch *f)
{
	struct shopctl *ctl = f->ctl;
	struct db_scope scope = { .db = ctl->serving, .arena = ctl->arena };
	int code = option(ctl, OPTION_STORE) ? option_store(ctl, ctl->serving, &f->store) : EX_OK;

	if (!code && !images_fetch_turn(ctl, 0))
		code = report_error(EX_TEMPFAIL, "another run downloads pictures");
	if (!code && option(ctl, OPTION_AGAIN) && query_images_fetch_again(&scope))
		code = report_database_error(ctl, ctl->serving, "pictures cannot be tried again");
	if (!code)
		code = images_fetch_state(f);
	if (!code)
		code = images_fetch(f);
	if (!code && f->lacks_helper)
		code = report_error(EX_UNAVAILABLE, "there is no program fetch that can be started: nothing is "
						    "downloaded");
	return code ? code : images_fetch_state(f);
}

static int check_options(struct shopctl *ctl)
{
	if (!ctl->config.media_dir[0])
		return report_error(EX_CONFIG, "MEDIA_DIR is not set: there are no pictures");
	if (option(ctl, OPTION_LIST) && wants_json(ctl))
		return report_error(EX_USAGE, "--list and --json exclude each other");
	if (option(ctl, OPTION_STORE) && !option(ctl, OPTION_FETCH))
		return report_error(EX_USAGE, "--store is for --fetch: sizes are made of the pictures of all stores");
	return EX_OK;
}

int command_images(struct shopctl *ctl)
{
	struct images m = { .ctl = ctl, .shows_progress = isatty(STDERR_FILENO) };
	struct images_fetch f = { .ctl = ctl, .shows_progress = m.shows_progress };
	struct images_state_row state;
	int64_t orphans = 0;
	int code = check_options(ctl);

	if (!code && option(ctl, OPTION_FETCH))
		code = fetch(&f);
	if (code)
		return code;
	if (!images_turn(ctl, IMAGES_TURN_MS_MAX)) {
		puts(wants_json(ctl) ? "{\"another_run\":true}" : "another run does it");
		return EX_OK;
	}
	code = make(&m);
	if (!code)
		code = images_orphans(ctl, option(ctl, OPTION_LIST) != NULL, &orphans);
	if (!code)
		code = ask_state(&m, &state);
	if (!code)
		code = print(&m, &f, &state, orphans);
	if (!code && m.lacks_helper)
		code = report_error(EX_UNAVAILABLE, "there is no program image-sizes that can be started: pictures are "
						    "served as they were uploaded");
	return code;
}

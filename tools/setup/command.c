#include "tools/setup/setup.h"

#include "core/process/process.h"

/* Migrations of a large shop take minutes; shopctl goes on if the web server does not wait for us. */
enum { ARGS_MAX = 16, MS_MAX = 15 * 60 * 1000, OUTPUT_BYTES_MAX = 256 * 1024, EX_OK = 0 };

/* "shopctl: the reason" without the name. */
static struct str reason(struct setup *s, struct str errors)
{
	struct str line = STR_NULL;

	/* The last line is the one that says why. */
	while (errors.n) {
		struct str next = str_trim(str_cut(&errors, '\n'));

		if (next.n)
			line = next;
	}
	if (str_has_prefix(line, STR("shopctl: ")))
		line = str_sub(line, STR("shopctl: ").n, line.n);
	return line.n ? str_copy(s->arena, line) : STR("shopctl ended without giving a reason.");
}

static const struct json *parse(struct setup *s, struct str text)
{
	const struct json *json;
	struct error *error = arena_calloc(s->arena, 1, sizeof(*error));

	return text.n && !json_parse(s->arena, text, &json, error) && json_kind(json) == JSON_OBJECT ? json : NULL;
}

void command_run(struct setup *s, const char *const *args, struct str input, struct command_result *out)
{
	const char *argv[ARGS_MAX + 4] = { process_find(&s->config, s->arena, "shopctl") };
	struct process_result result = { .status = -1 };
	enum process_outcome outcome = PROCESS_MISSING;
	struct str errors = STR_NULL;
	size_t n = 1;

	*out = (struct command_result){ .ok = false };
	if (s->config.env_file[0]) {
		argv[n++] = "--env";
		argv[n++] = s->config.env_file;
	}
	for (size_t i = 0; args[i] && i < ARGS_MAX; i++)
		argv[n++] = args[i];
	if (argv[0])
		outcome = process_run_shopctl(s->arena, argv, input, OUTPUT_BYTES_MAX, MS_MAX, &result, &errors);
	switch (outcome) {
	case PROCESS_MISSING:
		out->error = STR("The program shopctl is missing or cannot be started. Upload the folder cgishop/bin "
				 "again, and give the files in it the permissions 755.");
		return;
	case PROCESS_FAILED:
		out->error = STR("It took too long, or was stopped by the host. Try again.");
		return;
	case PROCESS_DONE:
		break;
	}
	out->ok = result.status == EX_OK;
	out->output = result.output;
	out->json = parse(s, result.output);
	if (result.status == 126 || result.status == 127)
		out->error = STR("The program shopctl cannot be started on this host.");
	else if (!out->ok)
		out->error = reason(s, errors);
}

#include "tools/shopctl/commands.h"

#include <getopt.h>
#include <string.h>
#include "tools/shopctl/shopctl.h"

static const struct command commands[] = {
#define COMMAND(word, function, ...) { .name = word, .run = function, __VA_ARGS__ },
#include "tools/shopctl/commands.def"
#undef COMMAND
};

static const struct option_info infos[OPTIONS_N] = {
#define OPTION(id, letter, name, argument, line) [OPTION_##id] = { letter, name, argument, line },
#include "tools/shopctl/commands.def"
#undef OPTION
};

const struct command *commands_all(size_t *n)
{
	*n = ARRAY_LEN(commands);
	return commands;
}

const struct option_info *option_info(enum option_id option)
{
	return &infos[option];
}

/* --- did you mean */

enum { WORD_BYTES_MAX = 32 };

/* How many letters differ (Levenshtein); of longer words, more than any two. */
static size_t distance(struct str a, struct str b)
{
	size_t row[WORD_BYTES_MAX + 1];

	if (a.n > WORD_BYTES_MAX || b.n > WORD_BYTES_MAX)
		return WORD_BYTES_MAX + 1;
	for (size_t j = 0; j <= b.n; j++)
		row[j] = j;
	for (size_t i = 1; i <= a.n; i++) {
		size_t corner = row[0];
		row[0] = i;
		for (size_t j = 1; j <= b.n; j++) {
			size_t best = corner + (a.p[i - 1] != b.p[j - 1]);
			corner = row[j];
			if (row[j] + 1 < best)
				best = row[j] + 1;
			if (row[j - 1] + 1 < best)
				best = row[j - 1] + 1;
			row[j] = best;
		}
	}
	return row[b.n];
}

/* One that is near enough to be meant: a few letters differ, or it begins so. */
struct nearest {
	const char *name;
	size_t distance;
};

static void consider(struct nearest *best, struct str given, const char *name)
{
	bool begins = given.n && str_has_prefix(str_z(name), given);
	size_t d = begins ? 1 : distance(given, str_z(name));

	if (d <= 1 + given.n / 4 && (!best->name || d < best->distance))
		*best = (struct nearest){ name, d };
}

static int no_such_command(const char *given)
{
	struct nearest best = { NULL, 0 };

	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		consider(&best, str_z(given), commands[i].name);
	if (best.name)
		return report_error(EX_USAGE, "there is no command \"%s\"; did you mean %s?", given, best.name);
	return report_error(EX_USAGE, "there is no command \"%s\"; shopctl --help lists the commands", given);
}

static int no_such_option(const char *given)
{
	struct nearest best = { NULL, 0 };
	struct str word = str_z(given);
	struct str name = str_cut(&word, '=');

	if (str_has_prefix(name, STR("--")))
		for (size_t i = 1; i < ARRAY_LEN(infos); i++)
			consider(&best, str_sub(name, 2, name.n), infos[i].name);
	if (best.name)
		return report_error(EX_USAGE, "there is no option %.*s; did you mean --%s?", STR_ARG(name), best.name);
	return report_error(EX_USAGE, "there is no option %.*s; shopctl COMMAND --help lists those of a command",
			    STR_ARG(name));
}

/* --- reading */

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (str_is(str_z(name), commands[i].name))
			return &commands[i];
	return NULL;
}

/* For getopt_long. The value of an option is its number; a letter's is the letter. */
struct syntax {
	struct option longs[OPTIONS_N];
	char shorts[2 * OPTIONS_N + 2];
};

static void make_syntax(struct syntax *s)
{
	size_t n = 0;

	*s = (struct syntax){ 0 };
	s->shorts[n++] = ':'; /* tell a missing argument from a wrong option */
	for (int i = 1; i < OPTIONS_N; i++) {
		int takes = infos[i].argument ? required_argument : no_argument;
		s->longs[i - 1] = (struct option){ infos[i].name, takes, NULL, i };
		if (!infos[i].letter)
			continue;
		s->shorts[n++] = infos[i].letter;
		if (infos[i].argument)
			s->shorts[n++] = ':';
	}
}

static int option_of_letter(int c)
{
	for (int i = 1; i < OPTIONS_N; i++)
		if (infos[i].letter && infos[i].letter == c)
			return i;
	return c < OPTIONS_N ? c : OPTION_NONE;
}

/* What getopt_long has refused: c is ':' or '?', optopt the option if there is one. */
static int refuse_option(int c, char **argv)
{
	int known = option_of_letter(optopt);

	if (c == ':')
		return report_error(EX_USAGE, "--%s needs an argument: %s", infos[known].name, infos[known].argument);
	if (known)
		return report_error(EX_USAGE, "--%s does not take an argument", infos[known].name);
	if (optopt)
		return no_such_option((const char[]){ '-', (char)optopt, '\0' });
	return no_such_option(argv[optind - 1]);
}

/* What the command does not take, or needs. */
static int check_options(const struct options *o)
{
	const struct command *command = o->command;
	bool takes[OPTIONS_N] = { [OPTION_ENV] = true, [OPTION_HELP] = true, [OPTION_VERSION] = true };

	for (size_t i = 0; command->takes[i].option; i++) {
		enum option_id option = command->takes[i].option;
		takes[option] = true;
		if (command->takes[i].needed && !o->values[option])
			return report_error(EX_USAGE, "%s needs --%s %s", command->name, infos[option].name,
					    infos[option].argument);
	}
	for (size_t i = 1; i < OPTIONS_N; i++)
		if (o->values[i] && !takes[i])
			return report_error(EX_USAGE, "%s does not take --%s; see shopctl %s --help", command->name,
					    infos[i].name, command->name);
	if (command->operand && command->operand[0] != '[' && !o->operand)
		return report_error(EX_USAGE, "%s needs an argument: %s", command->name, command->operand);
	return EX_OK;
}

int options_read(struct options *o, int argc, char **argv)
{
	struct syntax syntax;
	int c;

	*o = (struct options){ 0 };
	make_syntax(&syntax);
	opterr = 0;
	while ((c = getopt_long(argc, argv, syntax.shorts, syntax.longs, NULL)) != -1) {
		if (c == ':' || c == '?')
			return refuse_option(c, argv);
		o->values[option_of_letter(c)] = optarg ? optarg : "";
	}
	if (optind < argc) {
		o->command = command_find(argv[optind]);
		if (!o->command)
			return no_such_command(argv[optind]);
		optind++;
	}
	if (o->values[OPTION_HELP] || o->values[OPTION_VERSION])
		return EX_OK;
	if (!o->command)
		return report_error(EX_USAGE, "name a command; shopctl --help lists the commands");
	if (optind < argc && o->command->operand) {
		o->operands = argv + optind;
		o->operand = argv[optind++];
		if (str_has_suffix(str_z(o->command->operand), STR("...")))
			optind = argc;
	}
	if (optind < argc)
		return report_error(EX_USAGE, "%s does not take \"%s\"; see shopctl %s --help", o->command->name,
				    argv[optind], o->command->name);
	return check_options(o);
}

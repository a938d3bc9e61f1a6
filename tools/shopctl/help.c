#include <string.h>
#include "tools/shopctl/shopctl.h"

enum { COLUMNS = 80 };

/* Words after what is in the line already, which is at column at; other lines begin with `indent` spaces. */
static void print_wrapped(struct str text, size_t at, size_t indent)
{
	bool first = true;

	while (text.n) {
		struct str word = str_cut(&text, ' ');
		if (!first && at + 1 + word.n >= COLUMNS) {
			printf("\n%*s", (int)indent, "");
			at = indent;
			first = true;
		}
		at += (size_t)printf("%s%.*s", first ? "" : " ", STR_ARG(word));
		first = false;
	}
	putchar('\n');
}

static void print_paragraphs(struct str text)
{
	while (text.n) {
		struct str paragraph = str_cut(&text, '\n');
		putchar('\n');
		print_wrapped(paragraph, 0, 0);
		if (text.n && text.p[0] == '\n')
			text = str_sub(text, 1, text.n);
	}
}

/* "-h, --help" or "--env FILE": into the caller's text. */
static const char *option_words(char *out, size_t n, enum option_id option)
{
	const struct option_info *info = option_info(option);
	const char letter[] = { '-', info->letter, ',', ' ', '\0' };

	snprintf(out, n, "%s--%s%s%s", info->letter ? letter : "", info->name, info->argument ? " " : "",
		 info->argument ? info->argument : "");
	return out;
}

/* The options' column is as wide as the widest of them. */
static size_t widest(const enum option_id *options, size_t n)
{
	char words[64];
	size_t width = 0;

	for (size_t i = 0; i < n; i++) {
		size_t w = strlen(option_words(words, sizeof(words), options[i]));
		width = w > width ? w : width;
	}
	return width;
}

static void print_options(const enum option_id *options, const char *const *lines, size_t n)
{
	char words[64];
	size_t width = widest(options, n);

	for (size_t i = 0; i < n; i++) {
		printf("  %-*s   ", (int)width, option_words(words, sizeof(words), options[i]));
		print_wrapped(str_z(lines[i] ? lines[i] : option_info(options[i])->line), width + 5, width + 5);
	}
}

/* An option and its argument stay on one line. */
static void print_usage(const struct command *command)
{
	char words[64];
	size_t at = (size_t)printf("Usage: shopctl %s", command->name);

	for (size_t i = 0; command->takes[i].option; i++) {
		bool needed = command->takes[i].needed;
		size_t n = strlen(option_words(words, sizeof(words), command->takes[i].option)) + (needed ? 1 : 3);

		if (at + n >= COLUMNS)
			at = (size_t)printf("\n          ") - 1;
		at += (size_t)printf(needed ? " %s" : " [%s]", words);
	}
	if (command->operand && at + strlen(command->operand) >= COLUMNS)
		printf("\n          ");
	if (command->operand)
		printf(" %s", command->operand);
	putchar('\n');
}

static void print_examples(const char *const *examples)
{
	printf("\nExample%s:\n", examples[1] ? "s" : "");
	for (; *examples; examples++)
		printf("  %s\n", *examples);
}

static void print_command(const struct command *command)
{
	enum option_id options[COMMAND_OPTIONS_MAX];
	const char *lines[COMMAND_OPTIONS_MAX];
	size_t n = 0;

	print_usage(command);
	print_paragraphs(str_z(command->text));
	for (; command->takes[n].option; n++) {
		options[n] = command->takes[n].option;
		lines[n] = command->takes[n].line;
	}
	if (n)
		putchar('\n');
	print_options(options, lines, n);
	if (command->exits[0].text)
		printf("\nExit codes:\n");
	for (size_t i = 0; command->exits[i].text; i++) {
		printf("  %-3d ", command->exits[i].code);
		print_wrapped(str_z(command->exits[i].text), 6, 6);
	}
	if (command->examples[0])
		print_examples(command->examples);
}

static void print_commands(void)
{
	static const enum option_id options[] = { OPTION_ENV, OPTION_HELP, OPTION_VERSION };
	static const char *const lines[ARRAY_LEN(options)] = {
		"the settings; by default the .env beside this program or in a directory above it. The environment "
		"overrides the file.",
		"this text; shopctl COMMAND --help describes a command",
	};
	static const char *const examples[] = { "shopctl --env /etc/cgishop/env migrate --plan", "shopctl doctor",
						NULL };
	size_t n, width = 0;
	const struct command *all = commands_all(&n);

	printf("Usage: shopctl [--env FILE] COMMAND [OPTION]...\n\nSet up and maintain a shop.\n\nCommands:\n");
	for (size_t i = 0; i < n; i++)
		width = strlen(all[i].name) > width ? strlen(all[i].name) : width;
	for (size_t i = 0; i < n; i++)
		printf("  %-*s   %s\n", (int)width, all[i].name, all[i].line);
	printf("\nOptions:\n");
	print_options(options, lines, ARRAY_LEN(options));
	print_examples(examples);
}

void help_print(const struct command *command)
{
	if (command)
		print_command(command);
	else
		print_commands();
}

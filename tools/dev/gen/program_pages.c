/*
 * Prints what is made of the table of shopctl's commands: its man page, and its completion for bash and zsh.
 * Runs where cgishop is built: manual man DATE | bash | zsh
 */
#include <stdio.h>
#include <string.h>
#include "tools/shopctl/commands.h"

static const struct command commands[] = {
#define COMMAND(word, function, ...) { .name = word, __VA_ARGS__ },
#include "tools/shopctl/commands.def"
#undef COMMAND
};

static const struct option_info infos[OPTIONS_N] = {
#define OPTION(id, letter, name, argument, line) [OPTION_##id] = { letter, name, argument, line },
#include "tools/shopctl/commands.def"
#undef OPTION
};

static const struct {
	int code;
	const char *text;
} exits[] = {
#define EXIT(code, text) { code, text },
#include "tools/shopctl/commands.def"
#undef EXIT
};

static const enum option_id general[] = { OPTION_ENV, OPTION_HELP, OPTION_VERSION };

static const char *line_of(const struct command *command, size_t i)
{
	return command->takes[i].line ? command->takes[i].line : infos[command->takes[i].option].line;
}

/* --- the man page: man(7) */

/* As it is: every hyphen can be searched for and pasted. */
static void man_literal(const char *s)
{
	static const char special[] = "\\-'`^~", *const escapes[] = {
		"\\e", "\\-", "\\(aq", "\\(ga", "\\(ha", "\\(ti"
	};

	for (; *s; s++) {
		const char *found = strchr(special, *s);
		if (found)
			fputs(escapes[found - special], stdout);
		else
			putchar(*s);
	}
}

/* A paragraph or a line of prose: only hyphens that begin an option are as they are. Ends with a newline. */
static void man_prose(const char *s)
{
	if (*s == '.' || *s == '\'')
		fputs("\\&", stdout);
	for (const char *at = s; *at; at++) {
		if (at[0] == '\n' && at[1] == '\n') {
			fputs("\n.PP\n", stdout);
			at++;
		} else if (*at == '\\') {
			fputs("\\e", stdout);
		} else if (*at == '-' && (at == s || at[-1] == ' ' || at[-1] == '-')) {
			fputs("\\-", stdout);
		} else {
			putchar(*at);
		}
	}
	putchar('\n');
}

/* Bold what is typed, italic what stands for something. */
static void man_option(enum option_id option)
{
	const struct option_info *info = &infos[option];

	if (info->letter)
		printf("\\fB\\-%c\\fR, ", info->letter);
	fputs("\\fB", stdout);
	man_literal("--");
	man_literal(info->name);
	fputs("\\fR", stdout);
	if (info->argument)
		printf(" \\fI%s\\fR", info->argument);
}

static void man_options(const struct command *command)
{
	for (size_t i = 0; command->takes[i].option; i++) {
		puts(".TP");
		man_option(command->takes[i].option);
		putchar('\n');
		man_prose(line_of(command, i));
	}
}

static void man_command(const struct command *command)
{
	printf(".SS ");
	man_literal(command->name);
	printf("\n\\fBshopctl ");
	man_literal(command->name);
	fputs("\\fR", stdout);
	for (size_t i = 0; command->takes[i].option; i++) {
		bool needed = command->takes[i].needed;
		fputs(needed ? " " : " [", stdout);
		man_option(command->takes[i].option);
		fputs(needed ? "" : "]", stdout);
	}
	if (command->operand)
		printf(" \\fI%s\\fR", command->operand);
	printf("\n.PP\n");
	man_prose(command->text);
	man_options(command);
	if (command->exits[0].text)
		printf(".PP\nExit status:\n");
	for (size_t i = 0; command->exits[i].text; i++) {
		printf(".TP\n%d\n", command->exits[i].code);
		man_prose(command->exits[i].text);
	}
	if (command->examples[0])
		printf(".PP\nExample%s:\n.PP\n.nf\n.RS 4\n", command->examples[1] ? "s" : "");
	for (const char *const *example = command->examples; *example; example++) {
		fputs("\\&", stdout);
		man_literal(*example);
		putchar('\n');
	}
	if (command->examples[0])
		puts(".RE\n.fi");
}

static void print_man(const char *date)
{
	printf(".TH SHOPCTL 1 \"%s\" \"cgishop " CGISHOP_VERSION "\" \"cgishop\"\n"
	       ".SH NAME\nshopctl \\- set up and maintain a shop\n"
	       ".SH SYNOPSIS\n\\fBshopctl\\fR [\\fB\\-\\-env\\fR \\fIFILE\\fR] \\fICOMMAND\\fR [\\fIOPTION\\fR]...\n"
	       ".SH DESCRIPTION\n\\fBshopctl\\fR sets up and maintains a shop of \\fBcgishop\\fR(7): its database, its "
	       "administrators, what runs in the background.\n"
	       "Results go to standard output, errors to standard error, in one line.\n"
	       ".SH OPTIONS\nThese options may precede and follow any command.\n",
	       date);
	for (size_t i = 0; i < ARRAY_LEN(general); i++) {
		puts(".TP");
		man_option(general[i]);
		putchar('\n');
		man_prose(infos[general[i]].line);
	}
	puts(".SH COMMANDS");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		man_command(&commands[i]);
	puts(".SH EXIT STATUS\nThose of all commands; some give one a meaning of their own.");
	for (size_t i = 0; i < ARRAY_LEN(exits); i++) {
		printf(".TP\n%d\n", exits[i].code);
		man_prose(exits[i].text);
	}
	puts(".SH ENVIRONMENT\nEach setting may be a variable of the environment, which overrides the file: "
	     "\\fBcgishop.env\\fR(5).\n"
	     ".SH SEE ALSO\n\\fBcgishop.env\\fR(5), \\fBcgishop\\fR(7), \\fBfetch\\fR(8), \\fBinvoice\\-pdf\\fR(8)");
}

/* --- completion */

/* The words in lower case of an argument like ID|all, with spaces between; false without any. */
static bool argument_words(const char *argument, char *out, size_t size)
{
	size_t n = 0;

	for (const char *word = argument; *word; word += strcspn(word, "|"), word += *word == '|') {
		size_t length = strcspn(word, "|");
		if (*word >= 'a' && *word <= 'z' && n + length + 2 < size) {
			if (n)
				out[n++] = ' ';
			memcpy(out + n, word, length);
			n += length;
		}
	}
	out[n] = '\0';
	return n > 0;
}

static bool names_file(const char *argument)
{
	return strstr(argument, "FILE") != NULL;
}

static bool names_directory(const char *argument)
{
	return strstr(argument, "DIRECTORY") != NULL;
}

/* What follows an option, or is the operand of a command: the body of a branch of a case. */
static void bash_values(const char *argument)
{
	char words[256];

	if (names_file(argument))
		puts("\t\t_shopctl_files -f");
	else if (names_directory(argument))
		puts("\t\t_shopctl_files -d");
	else if (argument_words(argument, words, sizeof(words)))
		printf("\t\tmapfile -t COMPREPLY < <(compgen -W '%s' -- \"$current\")\n", words);
	else
		puts("\t\t:");
}

static void bash_command(const struct command *command)
{
	printf("\t%s)\n\t\twords='", command->name);
	for (size_t i = 0; command->takes[i].option; i++)
		printf("--%s ", infos[command->takes[i].option].name);
	puts("--env --help'");
	if (command->operand) {
		puts("\t\tif [[ $current != -* ]]; then");
		bash_values(command->operand);
		puts("\t\treturn; fi");
	}
	puts("\t\t;;");
}

static void print_bash(void)
{
	puts("# bash completion for shopctl                              -*- shell-script -*-\n\n"
	     "_shopctl_files() {\n"
	     "\tcompopt -o filenames 2>/dev/null\n"
	     "\tmapfile -t COMPREPLY < <(compgen \"$1\" -- \"$current\")\n"
	     "}\n\n"
	     "_shopctl() {\n"
	     "\tlocal current=${COMP_WORDS[COMP_CWORD]} previous=${COMP_WORDS[COMP_CWORD - 1]} command='' words i\n"
	     "\tCOMPREPLY=()\n"
	     "\tif [[ $current == = ]]; then\n"
	     "\t\tcurrent=\n"
	     "\telif [[ $previous == = ]]; then\n"
	     "\t\tprevious=${COMP_WORDS[COMP_CWORD - 2]}\n"
	     "\tfi\n"
	     "\tcase $previous in");
	for (int i = 1; i < OPTIONS_N; i++) {
		if (!infos[i].argument)
			continue;
		printf("\t--%s)\n", infos[i].name);
		bash_values(infos[i].argument);
		puts("\t\treturn ;;");
	}
	printf("\tesac\n"
	       "\tfor (( i = 1; i < COMP_CWORD; i++ )); do\n"
	       "\t\tcase ${COMP_WORDS[i]} in\n\t\t");
	for (int i = 1, n = 0; i < OPTIONS_N; i++)
		if (infos[i].argument)
			printf("%s--%s", n++ ? " | " : "", infos[i].name);
	puts(")\n"
	     "\t\t\tif [[ ${COMP_WORDS[i + 1]-} == = ]]; then (( i += 2 )); else (( i += 1 )); fi ;;\n"
	     "\t\t-* | =) ;;\n"
	     "\t\t*)\n"
	     "\t\t\tcommand=${COMP_WORDS[i]}\n"
	     "\t\t\tbreak ;;\n"
	     "\t\tesac\n"
	     "\tdone\n"
	     "\tcase $command in\n"
	     "\t'')");
	printf("\t\twords='");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("%s ", commands[i].name);
	puts("'\n"
	     "\t\tif [[ $current == -* ]]; then words='--env --help --version'; fi ;;");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		bash_command(&commands[i]);
	puts("\tesac\n"
	     "\tmapfile -t COMPREPLY < <(compgen -W \"$words\" -- \"$current\")\n"
	     "}\n\n"
	     "complete -F _shopctl shopctl");
}

/* In '…', with what _arguments and _describe give a meaning escaped. */
static void zsh_text(const char *s)
{
	for (; *s; s++) {
		if (*s == '\'') {
			fputs("'\\''", stdout);
			continue;
		}
		if (strchr("[]:\\", *s))
			putchar('\\');
		putchar(*s);
	}
}

/* ":what:how" */
static void zsh_values(const char *argument)
{
	char words[256];

	putchar(':');
	zsh_text(argument);
	if (names_file(argument))
		fputs(":_files", stdout);
	else if (names_directory(argument))
		fputs(":_files -/", stdout);
	else if (argument_words(argument, words, sizeof(words)))
		printf(":(%s)", words);
	else
		fputs(": ", stdout);
}

static void zsh_option(enum option_id option, const char *line)
{
	printf(" \\\n\t\t\t'--%s%s[", infos[option].name, infos[option].argument ? "=" : "");
	zsh_text(line);
	putchar(']');
	if (infos[option].argument)
		zsh_values(infos[option].argument);
	putchar('\'');
}

static void zsh_command(const struct command *command)
{
	printf("\t%s)\n\t\t_arguments", command->name);
	for (size_t i = 0; command->takes[i].option; i++)
		zsh_option(command->takes[i].option, line_of(command, i));
	zsh_option(OPTION_ENV, infos[OPTION_ENV].line);
	zsh_option(OPTION_HELP, infos[OPTION_HELP].line);
	if (command->operand) {
		fputs(" \\\n\t\t\t'", stdout);
		zsh_values(command->operand);
		putchar('\'');
	}
	puts(" ;;");
}

static void print_zsh(void)
{
	printf("#compdef shopctl\n\n"
	       "local curcontext=$curcontext state line\n"
	       "local -a commands\n"
	       "typeset -A opt_args\n"
	       "_arguments -C");
	for (size_t i = 0; i < ARRAY_LEN(general); i++)
		zsh_option(general[i], infos[general[i]].line);
	puts(" \\\n\t\t\t'1:command:->command' '*::argument:->arguments'\n"
	     "case $state in\n"
	     "command)\n"
	     "\tcommands=(");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++) {
		printf("\t\t'%s:", commands[i].name);
		zsh_text(commands[i].line);
		puts("'");
	}
	puts("\t)\n"
	     "\t_describe command commands ;;\n"
	     "arguments)\n"
	     "\tcase $words[1] in");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		zsh_command(&commands[i]);
	puts("\tesac ;;\n"
	     "esac");
}

int main(int argc, char **argv)
{
	if (argc == 3 && !strcmp(argv[1], "man"))
		print_man(argv[2]);
	else if (argc == 2 && !strcmp(argv[1], "bash"))
		print_bash();
	else if (argc == 2 && !strcmp(argv[1], "zsh"))
		print_zsh();
	else
		return fputs("program_pages: man DATE, bash or zsh\n", stderr), 64;
	return fflush(stdout) || ferror(stdout) ? 74 : 0;
}

/*
 * The table of commands and options (commands.def), and the command line that is read by it.
 */
#ifndef CGISHOP_SHOPCTL_COMMANDS_H
#define CGISHOP_SHOPCTL_COMMANDS_H

#include <sysexits.h>
#include "core/base/base.h"

struct shopctl;

enum option_id {
	OPTION_NONE,
#define OPTION(id, ...) OPTION_##id,
#include "tools/shopctl/commands.def"
#undef OPTION
	OPTIONS_N
};

struct option_info {
	char letter; /* -h, or 0 */
	const char *name;
	/* In upper case what it is, such as FILE or DIRECTORY; in lower case a word as it is; "|" between them. NULL:
	 * it takes none. */
	const char *argument;
	const char *line;
};

enum { COMMAND_OPTIONS_MAX = 12, COMMAND_EXITS_MAX = 8, COMMAND_EXAMPLES_MAX = 5 };

struct command {
	const char *name;
	int (*run)(struct shopctl *ctl); /* returns the exit code */
	bool any_config;                 /* runs with wrong settings too */
	const char *operand; /* an argument without a dash: "FILE", or "[FILE]" if it may be left out, or "FILE..." if
				there may be several; or NULL */
	struct {
		enum option_id option;
		const char *line; /* where the option's own is too general; or NULL */
		bool needed;
	} takes[COMMAND_OPTIONS_MAX + 1];
	const char *line, *text;
	struct {
		int code;
		const char *text;       /* a clause: "the database cannot be reached" */
	} exits[COMMAND_EXITS_MAX + 1]; /* the command's own; those of all are in the man page */
	const char *examples[COMMAND_EXAMPLES_MAX + 1];
};

/* What was given. */
struct options {
	const char *values[OPTIONS_N]; /* NULL: not given; "" for an option without an argument */
	const char *operand;           /* or NULL */
	char **operands; /* it and those after it, of a command that takes several: "FILE..."; NULL ends */
	const struct command *command; /* or NULL */
};

/* All commands: *n of them. */
const struct command *commands_all(size_t *n);
/* Valid for every option except OPTION_NONE. */
const struct option_info *option_info(enum option_id option);

/*
 * Read the command line: options may precede and follow the command. With --help or --version nothing else needs to be
 * there. Returns EX_OK, or EX_USAGE after an error on standard error. What is in *o points into argv.
 */
NODISCARD int options_read(struct options *o, int argc, char **argv);

/* The text of --help: of shopctl for NULL. To standard output, lines of 80 columns at most. */
void help_print(const struct command *command);

#endif

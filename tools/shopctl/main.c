#include "tools/shopctl/shopctl.h"

#include <getopt.h>
#include <unistd.h>

enum { SHOPCTL_ARENA_BYTES_MAX = 64 * 1024 * 1024 };

static const struct command {
	const char *name;
	unsigned options; /* of enum option_bit */
	bool any_config;  /* runs with wrong settings too */
	int (*run)(struct shopctl *ctl);
	const char *line;
	const char *help;
} commands[] = {
	{ "migrate", OPTION_PLAN | OPTION_JSON, false, command_migrate, "bring the database up to date",
	  "Usage: shopctl migrate [--plan] [--json]\n\n"
	  "Apply the migrations that the database does not have yet, replace its functions,\n"
	  "views and triggers when they are not this version's, and grant the role of\n"
	  "DATABASE_URL its rights: all of it or nothing. Connects as the role of\n"
	  "DATABASE_OWNER_URL. Safe to repeat, and to run twice at once.\n\n"
	  "  --plan   show what would be done and change nothing\n"
	  "  --json   print one JSON object\n\n"
	  "Examples:\n"
	  "  shopctl migrate --plan\n"
	  "  shopctl migrate && systemctl reload apache2\n" },
	{ "create-admin", OPTION_EMAIL | OPTION_NAME | OPTION_STAFF | OPTION_JSON, false, command_create_admin,
	  "create a user who signs in with a password",
	  "Usage: shopctl create-admin --email ADDRESS [--name NAME] [--staff] [--json]\n\n"
	  "Create an administrator and print the new id. The password, of at least 10\n"
	  "characters, is prompted for twice on a terminal, or else read from the first line\n"
	  "of standard input.\n\n"
	  "  --email ADDRESS   the user's address for signing in\n"
	  "  --name NAME       the user's name\n"
	  "  --staff           a member of staff, not an administrator\n"
	  "  --json            print one JSON object\n\n"
	  "Examples:\n"
	  "  shopctl create-admin --email ann@example.com --name 'Ann Lee'\n"
	  "  pass show shop/bob | shopctl create-admin --email bob@example.com --staff\n" },
	{ "load-demo", OPTION_JSON, false, command_load_demo, "fill an empty shop with the demonstration catalogue",
	  "Usage: shopctl load-demo [--json]\n\n"
	  "Make two stores with categories, products, variants, stock and pictures, all or\n"
	  "nothing. The pictures go to MEDIA_DIR. If the stores already exist, nothing is\n"
	  "changed.\n\n"
	  "  --json   print one JSON object\n\n"
	  "Example:\n"
	  "  shopctl migrate && shopctl load-demo\n" },
	{ "doctor", OPTION_JSON, true, command_doctor, "check an installation for problems",
	  "Usage: shopctl doctor [--json]\n\n"
	  "Check the settings, the files, the database, the rights and the machine, and\n"
	  "print a line for each: ok, warn or fail, and how to fix it. Run it as the\n"
	  "account that the web server runs the programs as. Changes nothing.\n\n"
	  "  --json   print one JSON object\n\n"
	  "Exit code: 0 without a failure, 78 when something must be fixed, 69 when the\n"
	  "database cannot be reached.\n\n"
	  "Examples:\n"
	  "  shopctl doctor\n"
	  "  shopctl doctor --json | jq '.checks[] | select(.result != \"ok\")'\n" },
	{ "outbox", OPTION_JSON | OPTION_DEAD | OPTION_RETRY, false, command_outbox, "send waiting messages",
	  "Usage: shopctl outbox [--dead | --retry ID|all] [--json]\n\n"
	  "Send the mail and text messages that are due, for a minute at most. Requests\n"
	  "start it automatically, and cron sends the rest; run it by hand after fixing a\n"
	  "sender. A message that is not accepted is retried after half a minute, two\n"
	  "minutes, eight and so on; after eight attempts, or at once if it can never be\n"
	  "accepted, it is a dead letter. Connects as the role of DATABASE_URL.\n\n"
	  "  --dead           show the dead letters, newest first, and send nothing\n"
	  "  --retry ID|all   retry this dead letter, or all of them, except sign-in codes\n"
	  "  --json           print one JSON object\n\n"
	  "Examples:\n"
	  "  shopctl outbox --dead\n"
	  "  shopctl outbox --retry all\n" },
	{ "cron", OPTION_JSON, false, command_cron, "run recurring tasks: every five to fifteen minutes",
	  "Usage: shopctl cron [--json]\n\n"
	  "Check unsettled payments with their providers, make refunds that are due, cancel\n"
	  "orders not paid within UNPAID_ORDER_MINUTES, delete expired records and send\n"
	  "waiting messages. Safe to repeat and to interrupt; a second run at the same time\n"
	  "does nothing. Connects as the role of DATABASE_URL.\n\n"
	  "  --json   print one JSON object\n\n"
	  "Exit code: 0 when everything is done, or another run is in progress; 75 when a\n"
	  "provider did not answer or a message was not accepted: the next run retries.\n\n"
	  "Example, for crontab -e:\n"
	  "  */5 * * * * $HOME/bin/shopctl cron >/dev/null\n" },
};

static const struct option long_options[] = {
	{ "env", required_argument, NULL, 'e' },
	{ "email", required_argument, NULL, 'm' },
	{ "name", required_argument, NULL, 'n' },
	{ "staff", no_argument, NULL, 's' },
	{ "plan", no_argument, NULL, 'p' },
	{ "json", no_argument, NULL, 'j' },
	{ "dead", no_argument, NULL, 'd' },
	{ "retry", required_argument, NULL, 'r' },
	{ "help", no_argument, NULL, 'h' },
	{ "version", no_argument, NULL, 'V' },
	{ NULL, 0, NULL, 0 },
};

static void print_help(void)
{
	printf("Usage: shopctl [--env FILE] COMMAND [OPTION]...\n\n"
	       "Set up and maintain a shop.\n\nCommands:\n");
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		printf("  %-14s %s\n", commands[i].name, commands[i].line);
	printf("\nOptions:\n"
	       "  --env FILE     the settings; default: the .env beside this program or in a\n"
	       "                 directory above it. The environment overrides the file.\n"
	       "  --help         this text; shopctl COMMAND --help describes a command\n"
	       "  --version      print the version\n\n"
	       "Examples:\n"
	       "  shopctl --env /etc/cgishop/env migrate --plan\n"
	       "  shopctl doctor\n");
}

static const struct command *command_find(const char *name)
{
	for (size_t i = 0; i < ARRAY_LEN(commands); i++)
		if (str_is(str_z(name), commands[i].name))
			return &commands[i];
	return NULL;
}

/* Options may precede and follow the command. getopt_long prints its own errors. */
static bool options_read(struct options *o, int argc, char **argv)
{
	int c;

	while ((c = getopt_long(argc, argv, "hV", long_options, NULL)) != -1) {
		switch (c) {
		case 'e':
			o->env = optarg;
			break;
		case 'm':
			o->given |= OPTION_EMAIL;
			o->email = optarg;
			break;
		case 'n':
			o->given |= OPTION_NAME;
			o->name = optarg;
			break;
		case 's':
			o->given |= OPTION_STAFF;
			break;
		case 'p':
			o->given |= OPTION_PLAN;
			break;
		case 'j':
			o->given |= OPTION_JSON;
			break;
		case 'd':
			o->given |= OPTION_DEAD;
			break;
		case 'r':
			o->given |= OPTION_RETRY;
			o->retry = optarg;
			break;
		case 'h':
			o->help = true;
			break;
		case 'V':
			o->version = true;
			break;
		default:
			return false;
		}
	}
	return true;
}

static int report_config_error(const struct shopctl *ctl)
{
	const struct config_error *first = &ctl->config_errors.items[0];

	return report_error(EX_CONFIG, "%s %s (settings: %s); shopctl doctor lists all errors", first->name,
			    first->text, ctl->config.env_file[0] ? ctl->config.env_file : "no .env was found");
}

static int run(struct shopctl *ctl, const struct command *command)
{
	if (ctl->options.env && access(ctl->options.env, R_OK) < 0)
		return report_error(EX_NOINPUT, "cannot read %s: %m", ctl->options.env);
	ctl->config_usable = config_load(&ctl->config, ctl->arena, ctl->options.env, getenv, &ctl->config_errors);
	if (!ctl->config_usable && !command->any_config)
		return report_config_error(ctl);
	ctl->owner = db_new(ctl->config.database_owner_url, false);
	ctl->serving = db_new(ctl->config.database_url, ctl->config.statement_cache);
	int code = command->run(ctl);
	db_free(ctl->serving);
	db_free(ctl->owner);
	if (fflush(stdout) != 0 || ferror(stdout))
		return report_error(EX_IOERR, "cannot write the output: %m");
	return code;
}

int main(int argc, char **argv)
{
	struct arena arena;
	struct shopctl ctl = { .arena = &arena };
	const char hint[] = "shopctl --help lists the commands";

	if (!options_read(&ctl.options, argc, argv))
		return EX_USAGE;
	if (ctl.options.version) {
		puts("shopctl " CGISHOP_VERSION);
		return EX_OK;
	}
	if (optind == argc) {
		if (!ctl.options.help)
			return report_error(EX_USAGE, "name a command; %s", hint);
		print_help();
		return EX_OK;
	}
	const struct command *command = command_find(argv[optind]);
	if (!command)
		return report_error(EX_USAGE, "there is no command \"%s\"; %s", argv[optind], hint);
	if (ctl.options.help) {
		fputs(command->help, stdout);
		return EX_OK;
	}
	if (optind + 1 < argc)
		return report_error(EX_USAGE, "%s does not take \"%s\"; see shopctl %s --help", command->name,
				    argv[optind + 1], command->name);
	if (ctl.options.given & ~command->options)
		return report_error(EX_USAGE, "%s does not take one of these options; see shopctl %s --help",
				    command->name, command->name);
	arena_init(&arena, SHOPCTL_ARENA_BYTES_MAX);
	int code = run(&ctl, command);
	arena_free(&arena);
	return code;
}

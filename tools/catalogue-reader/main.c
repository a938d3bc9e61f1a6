#include <getopt.h>
#include <sysexits.h>
#include <unistd.h>
#include "core/base/file.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/run.h"

enum { MEMORY_BYTES_MAX = 512 * 1024 * 1024, MAP_BYTES_MAX = 256 * 1024 };

static const char HELP[] = "Usage: catalogue-reader [OPTION]... FILE...\n\n"
			   "Read the catalogue files of other shops and write their products as lines of JSON, named\n"
			   "as in cgishop's API, with a line for each row that was changed or not taken in. FILE is\n"
			   "CSV, XML or JSON, '-' standard input; files that belong together are named together.\n"
			   "The format is recognised by the headers. shopctl import starts this program.\n\n"
			   "  --format NAME      the format, when it is not recognised; --formats lists them\n"
			   "  --formats          list the formats\n"
			   "  --map FILE         headers in another language: lines of \"their header = our header\"\n"
			   "  --delimiter CHAR   what separates the cells of CSV: , ; | or tab\n"
			   "  --image-base URL   before the names of images that are no URLs\n"
			   "  --image-paths      leave the names of images that are no URLs as they are\n"
			   "  --no-price=draft   keep products without a price, unpublished\n"
			   "  --help             print this\n"
			   "  --version          print the version\n\n"
			   "Exit code: 0, 64 for wrong arguments, 65 for a file that cannot be understood, 66 for one\n"
			   "that cannot be opened, 71 without memory, 74 when it cannot be read or written.\n";

static int report_error(int code, const char *file, const char *what)
{
	fprintf(stderr, "catalogue-reader: %s%s%s\n", file ? file : "", file ? ": " : "", what);
	return code;
}

static void out_of_memory(void *ctx UNUSED)
{
	exit(report_error(EX_OSERR, NULL, "the catalogue needs too much memory"));
}

/* Lines of "their header = our header"; '#' begins a comment. */
static bool read_map(struct arena *a, const char *path, struct pairs *map)
{
	struct group g = { .arena = a };
	struct str text;

	if (!file_read(a, path, MAP_BYTES_MAX, &text))
		return false;
	if (str_has_prefix(text, STR("\xef\xbb\xbf")))
		text = str_sub(text, 3, text.n);
	while (text.n) {
		struct str ours = str_cut(&text, '\n'), theirs = str_cut(&ours, '=');

		if (!str_has_prefix(theirs, STR("#")) && ours.n && ours.p[ours.n - 1] == '\r')
			ours.n--;
		if (!str_has_prefix(theirs, STR("#")))
			pairs_add(&g, map, theirs, ours);
	}
	return true;
}

static int list_formats(void)
{
	for (size_t i = 0; i < formats_n; i++)
		if (puts(formats[i]->name) < 0)
			return EX_IOERR;
	return EX_OK;
}

enum { FORMAT_NAME = 256, FORMATS, MAP, DELIMITER, IMAGE_BASE, IMAGE_PATHS, NO_PRICE, SHOW_HELP, VERSION };

static const struct option long_options[] = {
	{ "format", required_argument, NULL, FORMAT_NAME },
	{ "formats", no_argument, NULL, FORMATS },
	{ "map", required_argument, NULL, MAP },
	{ "delimiter", required_argument, NULL, DELIMITER },
	{ "image-base", required_argument, NULL, IMAGE_BASE },
	{ "image-paths", no_argument, NULL, IMAGE_PATHS },
	{ "no-price", required_argument, NULL, NO_PRICE },
	{ "help", no_argument, NULL, SHOW_HELP },
	{ "version", no_argument, NULL, VERSION },
	{ NULL, 0, NULL, 0 },
};

/* One option. -1: go on; else the exit code. */
static int take_option(struct world *w, int option, const char *value)
{
	switch (option) {
	case FORMAT_NAME:
		w->options.format = value;
		return format_named(value) ? -1 : report_error(EX_USAGE, value, "no such format (see --formats)");
	case FORMATS:
		return list_formats();
	case MAP:
		return read_map(w->arena, value, &w->options.map)
			       ? -1
			       : report_error(EX_NOINPUT, value, "it cannot be read");
	case DELIMITER:
		w->options.delimiter = !strcmp(value, "tab") || !strcmp(value, "\\t") ? '\t' : value[0];
		if (!value[0] || !strchr(",;|\t", w->options.delimiter))
			return report_error(EX_USAGE, value, "a delimiter is , ; | or tab");
		return -1;
	case IMAGE_BASE:
		w->options.image_base = str_z(value);
		return -1;
	case IMAGE_PATHS:
		w->options.image_paths = true;
		return -1;
	case NO_PRICE:
		w->options.no_price_draft = !strcmp(value, "draft");
		return w->options.no_price_draft ? -1 : report_error(EX_USAGE, value, "--no-price=draft is meant");
	case SHOW_HELP:
		return fputs(HELP, stdout) < 0 ? EX_IOERR : EX_OK;
	case VERSION:
		return puts("cgishop catalogue-reader " CGISHOP_VERSION) < 0 ? EX_IOERR : EX_OK;
	default:
		return EX_USAGE;
	}
}

static int run(struct world *w, char *const *files)
{
	const char *error = store_open(&w->store);

	if (error)
		return report_error(EX_IOERR, "temporary file", error);
	for (; *files; files++) {
		error = world_take(w, *files);
		if (error)
			return report_error(strcmp(*files, "-") && access(*files, R_OK) ? EX_NOINPUT : EX_DATAERR,
					    *files, error);
	}
	error = world_read(w);
	return error ? report_error(EX_IOERR, NULL, error) : EX_OK;
}

int main(int argc, char **argv)
{
	struct arena a;
	struct world w = { 0 };
	int code = -1, option;

	arena_init(&a, MEMORY_BYTES_MAX);
	a.on_exhausted = out_of_memory;
	world_open(&w, &a);
	while (code < 0 && (option = getopt_long(argc, argv, "", long_options, NULL)) != -1)
		code = take_option(&w, option, optarg);
	if (code < 0 && optind == argc)
		code = report_error(EX_USAGE, NULL, "name the files (see --help)");
	if (code < 0)
		code = run(&w, argv + optind);
	world_close(&w);
	arena_free(&a);
	return code;
}

/*
 * export: the products of a store as a file, page by page, so that its size takes no memory.
 */
#include <unistd.h>
#include "core/resource/export.h"
#include "tools/shopctl/shopctl.h"
#include "queries.h"

enum { PAGE_ARENA_BYTES_MAX = 512 * 1024 * 1024 };

struct exporting {
	struct shopctl *ctl;
	struct arena arena; /* of a page */
	struct str store, media;
	bool is_csv;
	FILE *out;
	char key[64]; /* of the last product written; empty: none */
	int64_t products;
};

/* Where pictures are for everybody: MEDIA_URL, or `media` below PUBLIC_URL. */
static struct str media_url(const struct shopctl *ctl)
{
	const struct config *c = &ctl->config;

	return *c->media_url ? str_z(c->media_url) : str_fmt(ctl->arena, "%s/media", c->public_url);
}

#define PAGE_OF(e) .media = (e)->media, .store = (e)->store, .key = str_z((e)->key), .rows = EXPORT_PRODUCTS_MAX

static int read_page(struct exporting *e, struct rows *rows)
{
	struct db_scope scope = { .db = e->ctl->serving, .arena = &e->arena };
	enum problem problem = e->is_csv ? query_export_product_rows(&scope, rows, PAGE_OF(e))
					 : query_export_product_lines(&scope, rows, PAGE_OF(e));

	return problem ? report_database_error(e->ctl, e->ctl->serving, "products cannot be read") : EX_OK;
}

static struct str key_of(const struct rows *rows, size_t i)
{
	return db_value(rows, i, db_columns(rows) - 1);
}

static int write_page(struct exporting *e, const struct rows *rows)
{
	struct buf b = buf_new(&e->arena, 64 * 1024, PAGE_ARENA_BYTES_MAX / 2);

	if (e->is_csv && !*e->key)
		export_csv_names(&b, rows, db_columns(rows) - 1);
	if (e->is_csv)
		export_csv(&b, rows, rows->n, db_columns(rows) - 1);
	for (size_t i = 0; i < rows->n; i++) {
		e->products += i == 0 || !str_eq(key_of(rows, i), key_of(rows, i - 1));
		if (e->is_csv)
			continue;
		buf_add(&b, db_value(rows, i, 0));
		buf_addc(&b, '\n');
	}
	if (rows->n)
		snprintf(e->key, sizeof(e->key), "%.*s", STR_ARG(key_of(rows, rows->n - 1)));
	if (b.overflow)
		return report_error(EX_OSERR, "a page of products is too large");
	return fwrite(b.p, 1, b.n, e->out) == b.n ? EX_OK : report_error(EX_IOERR, "writing failed: %m");
}

static int write_all(struct exporting *e)
{
	struct rows rows;
	int code;

	do {
		arena_reset(&e->arena);
		code = read_page(e, &rows);
		if (!code)
			code = write_page(e, &rows);
	} while (!code && rows.n);
	return code;
}

static int open_output(struct exporting *e, const char *path)
{
	e->out = path && strcmp(path, "-") != 0 ? fopen(path, "we") : stdout;
	return e->out ? EX_OK : report_error(EX_CANTCREAT, "cannot write %s: %m", path);
}

int command_export(struct shopctl *ctl)
{
	struct exporting e = { .ctl = ctl, .media = media_url(ctl) };
	const char *format = option(ctl, OPTION_FORMAT), *path = option(ctl, OPTION_OUTPUT);
	int code;

	if (format && strcmp(format, "ndjson") && strcmp(format, "csv"))
		return report_error(EX_USAGE, "--format is ndjson or csv, not \"%s\"", format);
	e.is_csv = format && !strcmp(format, "csv");
	code = require_migrated(ctl);
	if (!code)
		code = option_store(ctl, ctl->serving, &e.store);
	if (!code)
		code = open_output(&e, path);
	if (code)
		return code;
	arena_init(&e.arena, PAGE_ARENA_BYTES_MAX);
	code = write_all(&e);
	arena_free(&e.arena);
	if ((e.out == stdout ? fflush(e.out) : fclose(e.out)) != 0 && !code)
		code = report_error(EX_IOERR, "writing failed: %m");
	if (code && e.out != stdout)
		(void)unlink(path);
	else if (e.out != stdout)
		printf("%lld products written to %s\n", (long long)e.products, path);
	return code;
}

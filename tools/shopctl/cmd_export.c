/*
 * export: the products of a store as a file, page by page, so that its size takes no memory.
 */
#include <unistd.h>
#include "core/resource/export.h"
#include "tools/shopctl/export_format.h"
#include "tools/shopctl/shopctl.h"
#include "queries.h"

enum { PAGE_ARENA_BYTES_MAX = 512 * 1024 * 1024 };

struct exporting {
	struct shopctl *ctl;
	struct arena arena; /* of a page */
	struct str store, media;
	bool is_csv, measures;   /* measures: nothing is written yet */
	struct export_file file; /* its format is NULL for ours */
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

/* A line of JSON, as it is or in another shop's format. False: it is no product. */
static bool write_line(struct exporting *e, struct buf *b, struct str line)
{
	if (e->file.format && e->measures)
		return export_measure(&e->file, &e->arena, line);
	if (e->file.format)
		return export_line(&e->file, &e->arena, b, line);
	buf_add(b, line);
	buf_addc(b, '\n');
	return true;
}

static int write_out(struct exporting *e, const struct buf *b)
{
	if (b->overflow)
		return report_error(EX_OSERR, "a page of products is too large");
	return fwrite(b->p, 1, b->n, e->out) == b->n ? EX_OK : report_error(EX_IOERR, "writing failed: %m");
}

static int write_page(struct exporting *e, const struct rows *rows)
{
	struct buf b = buf_new(&e->arena, 64 * 1024, PAGE_ARENA_BYTES_MAX / 2);

	if (e->is_csv && !*e->key)
		export_csv_names(&b, rows, db_columns(rows) - 1);
	if (e->is_csv)
		export_csv(&b, rows, rows->n, db_columns(rows) - 1);
	for (size_t i = 0; i < rows->n; i++) {
		e->products += !e->measures && (i == 0 || !str_eq(key_of(rows, i), key_of(rows, i - 1)));
		if (!e->is_csv && !write_line(e, &b, db_value(rows, i, 0)))
			return report_error(EX_SOFTWARE, "a product is too large");
	}
	if (rows->n)
		snprintf(e->key, sizeof(e->key), "%.*s", STR_ARG(key_of(rows, rows->n - 1)));
	return write_out(e, &b);
}

static int write_pages(struct exporting *e)
{
	struct rows rows;
	int code;

	*e->key = '\0';
	do {
		arena_reset(&e->arena);
		code = read_page(e, &rows);
		if (!code)
			code = write_page(e, &rows);
	} while (!code && rows.n);
	return code;
}

/* Lines of JSON alone have the store's own categories, before the products, whose categories are bare names. */
static int write_categories(struct exporting *e)
{
	struct db_scope scope = { .db = e->ctl->serving, .arena = &e->arena };
	struct buf b = buf_new(&e->arena, 64 * 1024, PAGE_ARENA_BYTES_MAX / 2);
	struct rows rows;

	if (e->is_csv)
		return EX_OK;
	if (query_export_category_lines(&scope, &rows, .store = e->store))
		return report_database_error(e->ctl, e->ctl->serving, "categories cannot be read");
	for (size_t i = 0; i < rows.n; i++) {
		buf_add(&b, db_value(&rows, i, 0));
		buf_addc(&b, '\n');
	}
	return write_out(e, &b);
}

/* The formats of others: what they need to know of all products before the first, then what stands around them. */
static int write_all(struct exporting *e)
{
	struct buf b;
	int code;

	if (!e->file.format) {
		code = write_categories(e);
		return code ? code : write_pages(e);
	}
	e->measures = true;
	code = write_pages(e);
	e->measures = false;
	b = buf_new(e->ctl->arena, 4096, PAGE_ARENA_BYTES_MAX);
	e->file.format->begin(&e->file, &b);
	if (!code)
		code = write_out(e, &b);
	if (!code)
		code = write_pages(e);
	buf_clear(&b);
	e->file.format->end(&b);
	return code ? code : write_out(e, &b);
}

/* ndjson, csv, or the name of another format. */
static int read_format(struct exporting *e)
{
	const char *format = option(e->ctl, OPTION_FORMAT);

	if (!format || !strcmp(format, "ndjson"))
		return EX_OK;
	e->is_csv = !strcmp(format, "csv");
	e->file.format = e->is_csv ? NULL : export_format_named(format);
	if (!e->is_csv && !e->file.format)
		return report_error(EX_USAGE, "--format is ndjson, csv, shopify, woocommerce or google, not \"%s\"",
				    format);
	if (e->file.format && !*e->ctl->config.public_url && !*e->ctl->config.media_url)
		return report_error(EX_CONFIG, "set PUBLIC_URL: others fetch the pictures from there");
	return EX_OK;
}

static int open_output(struct exporting *e, const char *path)
{
	e->out = path && strcmp(path, "-") != 0 ? fopen(path, "we") : stdout;
	return e->out ? EX_OK : report_error(EX_CANTCREAT, "cannot write %s: %m", path);
}

int command_export(struct shopctl *ctl)
{
	struct exporting e = { .ctl = ctl, .media = media_url(ctl) };
	const char *path = option(ctl, OPTION_OUTPUT);
	int code = read_format(&e);

	e.file.config = &ctl->config;
	if (!code)
		code = require_migrated(ctl);
	if (!code)
		code = option_store(ctl, ctl->serving, &e.store);
	e.file.store = str_z(option(ctl, OPTION_STORE));
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

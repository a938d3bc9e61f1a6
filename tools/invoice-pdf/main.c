#include "tools/invoice-pdf/layout.h"

#include <cairo-pdf.h>
#include <errno.h>
#include <sysexits.h>
#include <unistd.h>
#include "core/base/buf.h"
#include "core/base/file.h"
#include "core/json/json.h"

enum {
	INPUT_BYTES_MAX = 4 * 1024 * 1024,
	OUTPUT_BYTES_MAX = 32 * 1024 * 1024,
	MEMORY_BYTES_MAX = 128 * 1024 * 1024,
};

static const char HELP[] = "Usage: invoice-pdf <DOCUMENT >FILE\n\n"
			   "Read an invoice or a credit note as JSON from standard input and write it as PDF\n"
			   "(A4) to standard output. The same document gives the same bytes.\n\n"
			   "  --help      print this\n"
			   "  --version   print the version\n\n"
			   "Exit code: 0, 64 for wrong arguments, 65 for an invalid document, 70 when the page\n"
			   "cannot be drawn, 74 when it cannot be read or written.\n";

#ifdef __SANITIZE_ADDRESS__
/* fontconfig and Pango keep their caches to the end: not a leak of ours. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

static int report_error(int code, const char *what)
{
	fprintf(stderr, "invoice-pdf: %s\n", what);
	return code;
}

static void out_of_memory(void *ctx UNUSED)
{
	exit(report_error(EX_SOFTWARE, "the document needs too much memory"));
}

static cairo_status_t collect(void *out, const unsigned char *bytes, unsigned n)
{
	struct buf *b = out;

	buf_add(b, (struct str){ (const char *)bytes, n });
	return b->overflow ? CAIRO_STATUS_WRITE_ERROR : CAIRO_STATUS_SUCCESS;
}

/* NULL, or what is wrong with the document. */
static const char *check(const struct json *document)
{
	const struct json *kind, *number;

	if (json_kind(document) != JSON_OBJECT)
		return "the document is not an object";
	kind = json_get(document, "kind");
	if (!kind || json_kind(kind) != JSON_STRING ||
	    (!str_is(json_text(kind), "invoice") && !str_is(json_text(kind), "credit_note")))
		return "its kind is not \"invoice\" or \"credit_note\"";
	number = json_get(document, "number");
	if (!number || json_kind(number) != JSON_STRING || !json_text(number).n)
		return "it has no number";
	return NULL;
}

/* cairo's default date is the current time: the day of issue makes the file reproducible. */
static void describe(cairo_surface_t *surface, struct arena *a, const struct invoice *in)
{
	struct str day = str_sub(in->issued_at, 0, 10);

	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE, str_to_z(a, in->number));
	if (in->seller.name.n)
		cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_AUTHOR, str_to_z(a, in->seller.name));
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, in->title);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "cgishop " CGISHOP_VERSION);
	cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
				       str_fmt(a, "%.*sT00:00:00Z", STR_ARG(day)).p);
}

/* PDF into out; gives the exit code. */
static int draw(struct arena *a, const struct invoice *in, struct buf *out)
{
	cairo_surface_t *surface = cairo_pdf_surface_create_for_stream(collect, out, PAGE_WIDTH, PAGE_HEIGHT);
	cairo_t *cr = cairo_create(surface);
	struct pen pen;
	struct flow flow;
	bool drawn;

	describe(surface, a, in);
	pen_open(&pen, a, cr, in->language);
	flow = flow_new(&pen);
	layout_invoice(&flow, in);
	flow_draw(&flow);
	drawn = cairo_status(cr) == CAIRO_STATUS_SUCCESS;
	cairo_destroy(cr);
	cairo_surface_finish(surface);
	drawn = drawn && cairo_surface_status(surface) == CAIRO_STATUS_SUCCESS;
	cairo_surface_destroy(surface);
	if (pen.unknown_glyphs)
		fprintf(stderr, "invoice-pdf: %.*s: no font here has %u of its characters; see tools/deps pdf\n",
			STR_ARG(in->number), pen.unknown_glyphs);
	return drawn ? EX_OK : report_error(EX_SOFTWARE, "the page cannot be drawn");
}

static int run(struct arena *a)
{
	struct buf out = buf_new(a, 64 * 1024, OUTPUT_BYTES_MAX);
	struct str in;
	const struct json *document;
	struct error error = { 0 };
	struct invoice invoice;
	const char *wrong;
	int code;

	if (!file_read_fd(a, STDIN_FILENO, INPUT_BYTES_MAX, &in))
		return errno == EFBIG ? report_error(EX_DATAERR, "the document is too long")
				      : report_error(EX_IOERR, "standard input cannot be read");
	if (json_parse(a, in, &document, &error))
		return report_error(EX_DATAERR, str_fmt(a, "%.*s", STR_ARG(error.detail)).p);
	wrong = check(document);
	if (wrong)
		return report_error(EX_DATAERR, wrong);
	invoice_read(a, document, &invoice);
	code = draw(a, &invoice, &out);
	if (code == EX_OK && !file_write_fd(STDOUT_FILENO, buf_str(&out)))
		code = report_error(EX_IOERR, "standard output cannot be written");
	return code;
}

int main(int argc, char **argv)
{
	struct arena a;
	int code;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return fputs(HELP, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc == 2 && !strcmp(argv[1], "--version"))
		return puts("cgishop invoice-pdf " CGISHOP_VERSION) < 0 ? EX_IOERR : EX_OK;
	if (argc != 1)
		return report_error(EX_USAGE, "it takes no arguments except --help and --version");
	arena_init(&a, MEMORY_BYTES_MAX);
	a.on_exhausted = out_of_memory;
	code = run(&a);
	arena_free(&a);
	return code;
}

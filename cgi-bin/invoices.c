/*
 * Invoices and credit notes as JSON, as a page to print, and as PDF. They are
 * created with the orders (sql/functions/invoice.sql) and never change, so a
 * PDF is drawn once and stored.
 */
#include "cgi-bin/invoices/shapes.h"
#include "core/app/app.h"
#include "core/auth/order_access.h"
#include "core/base/file.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/config/link.h"
#include "core/document/invoice.h"
#include "core/document/invoice_read.h"
#include "core/http/response.h"
#include "core/process/process.h"
#include "core/resource/resource.h"
#include "queries.h"

enum { PDF_MS_MAX = 15000 };

/* For lists; invoice_json() writes the invoice. */
static const struct field invoice_fields[] = {
	{ READABLE("kind", FIELD_CHOICE, CUSTOMER), .choices = invoice_kinds, .filter = FILTER_EQUAL },
	{ READABLE("invoice_number", FIELD_TEXT, CUSTOMER), .column = "number", .filter = FILTER_EQUAL | FILTER_ORDER },
	{ READABLE("order", FIELD_REF, CUSTOMER), .column = "order_id", .refers_to = "orders", .filter = FILTER_EQUAL },
	{ READABLE("store", FIELD_REF, CUSTOMER), .refers_to = "stores", .filter = FILTER_EQUAL },
	{ READABLE("issued_at", FIELD_TIME, CUSTOMER), .filter = FILTER_RANGE | FILTER_ORDER },
};

static const struct resource invoice = {
	.name = "invoice",
	.table = "invoices",
	RESOURCE_FIELDS(invoice_fields),
	.owned_if = "exists (select 1 from orders o where o.id = t.order_id and o.user_id = {user} and not o.claimed)",
	.store_of = "t.store",
	.body = "invoice_json(t.id, case when {mine} then 'staff' else 'customer' end)",
	.shape = &invoice_shape,
};

static enum problem read_row(struct context *cx, struct invoice_read_row *row)
{
	return query_invoice_read(cx, row, .invoice = cx->request->segments[0], ORDER_VIEWER(cx));
}

static enum problem invoice_get(struct context *cx)
{
	struct invoice_read_row row;
	enum problem problem = read_row(cx, &row);

	if (!problem)
		context_answer(cx, row.body);
	return problem;
}

/* The document, with the link to its order. */
static enum problem read_document(struct context *cx, const struct invoice_read_row *row, struct invoice *in)
{
	const struct json *document;
	enum problem problem = json_parse(cx->arena, row->document, &document, &cx->error);

	if (problem)
		return problem;
	invoice_read(cx->arena, document, in);
	in->link = link_to_order(cx->arena, cx->config, row->order_id, in->order_number);
	return PROBLEM_NONE;
}

/* GET /invoices/{id}/html */
static enum problem invoice_page(struct context *cx)
{
	struct invoice in;
	struct invoice_read_row row;
	enum problem problem = read_row(cx, &row);

	if (!problem)
		problem = read_document(cx, &row, &in);
	if (problem)
		return problem;
	cx->response->content_type = "text/html; charset=utf-8";
	response_header(cx->response, "Content-Security-Policy", STR("default-src 'none'; style-src 'unsafe-inline'"));
	invoice_html(&cx->response->body, &in);
	context_etag(cx);
	return PROBLEM_NONE;
}

/* --- PDF */

/* The name of an invoice's file in INVOICE_DIR. The id is from the database, in its spelling. */
static struct str file_name(struct context *cx)
{
	return str_fmt(cx->arena, "%.*s.pdf", STR_ARG(cx->request->segments[0]));
}

/* The stored PDF, into the response. False: there is none. */
static bool read_file(struct context *cx)
{
	const char *directory = cx->config->invoice_dir;
	const char *path = str_fmt(cx->arena, "%s/%.*s", directory, STR_ARG(file_name(cx))).p;
	struct str pdf;

	if (!*directory || !file_read(cx->arena, path, RESPONSE_BYTES_MAX, &pdf) || !pdf.n)
		return false;
	buf_add(&cx->response->body, pdf);
	return true;
}

/* Store it for the next time. Concurrent requests write the same; a failure is logged, and no error for the client. */
static void keep(struct context *cx, struct str pdf)
{
	const char *directory = cx->config->invoice_dir;

	if (*directory && !file_create(cx->arena, directory, file_name(cx), 0600, pdf))
		log_error(cx->request->request_id, "an invoice cannot be stored: check INVOICE_DIR");
}

static enum problem no_pdf(struct context *cx)
{
	struct str page = context_url(cx, str_fmt(cx->arena, "/%.*s/html", STR_ARG(cx->request->segments[0])));

	response_header(cx->response, "Link",
			str_fmt(cx->arena, "<%.*s>; rel=\"alternate\"; type=\"text/html\"", STR_ARG(page)));
	return error_set(&cx->error, cx->arena, PROBLEM_NO_PDF, "Print this page instead: %.*s", STR_ARG(page));
}

/* The input of invoice-pdf: the document with the link. */
static struct str with_link(struct context *cx, struct str document, struct str link)
{
	struct buf b = buf_new(cx->arena, document.n + 512, RESPONSE_BYTES_MAX);
	struct json_out o = json_out(&b);

	buf_add(&b, str_sub(document, 0, document.n - 1));
	buf_addz(&b, ",\"link\":");
	if (link.n)
		json_str(&o, link);
	else
		json_null(&o);
	buf_addc(&b, '}');
	return buf_str(&b);
}

static enum problem make_pdf(struct context *cx, const struct invoice_read_row *row, struct str *pdf)
{
	struct process_result result = { 0 };
	enum process_outcome outcome;
	struct invoice in;
	enum problem problem = read_document(cx, row, &in);

	if (problem)
		return problem;
	outcome = process_run_helper(cx->config, cx->arena, "invoice-pdf", NULL, with_link(cx, row->document, in.link),
				     RESPONSE_BYTES_MAX, PDF_MS_MAX, &result);
	if (outcome == PROCESS_MISSING)
		return no_pdf(cx);
	if (outcome == PROCESS_FAILED || result.status != 0 || !result.output.n) {
		log_error(cx->request->request_id, "invoice-pdf ended with %d", result.status);
		return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
	}
	*pdf = result.output;
	return PROBLEM_NONE;
}

/* GET /invoices/{id}/pdf */
static enum problem invoice_pdf(struct context *cx)
{
	struct invoice_read_row row;
	struct str pdf;
	enum problem problem = read_row(cx, &row);

	if (problem)
		return problem;
	if (!read_file(cx)) {
		problem = make_pdf(cx, &row, &pdf);
		if (problem)
			return problem;
		buf_add(&cx->response->body, pdf);
		keep(cx, pdf);
	}
	cx->response->content_type = "application/pdf";
	response_header(cx->response, "Content-Disposition",
			str_fmt(cx->arena, "inline; filename=\"%.*s.pdf\"", STR_ARG(row.number)));
	context_etag(cx);
	return PROBLEM_NONE;
}

static const enum problem pdf_problems[] = { PROBLEM_NO_PDF, PROBLEM_NONE };

#define HEADERS .headers = HEADER_ORDER_TOKEN | HEADER_IF_NONE_MATCH

static const struct route routes[] = {
	{ METHOD_GET, "", CUSTOMER, resource_list, &invoice, "The caller's invoices; staff: their stores'." },
	{ METHOD_GET, "/{id}", ANYONE, invoice_get, NULL, "An invoice or credit note, for those who may see the order.",
	  .answer = ANSWER_OBJECT, .shape = &invoice_shape, HEADERS },
	{ METHOD_GET, "/{id}/html", ANYONE, invoice_page, NULL, "A page to print.", .answer = ANSWER_FILE,
	  .media = "text/html", HEADERS },
	{ METHOD_GET, "/{id}/pdf", ANYONE, invoice_pdf, NULL, "The same as PDF.", .answer = ANSWER_FILE,
	  .media = "application/pdf", .problems = pdf_problems, HEADERS },
};

int main(int argc, char **argv)
{
	static const struct group invoices = GROUP("invoices", routes);
	return app_run(&invoices, argc, argv);
}

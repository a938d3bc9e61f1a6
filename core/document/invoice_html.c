#include "core/document/invoice.h"

#include "core/base/arena.h"
#include "core/document/invoice_read.h"

/*
 * System fonts, for every script; nothing is loaded. A browser repeats the head
 * of a table on each page and keeps unbreakable parts together.
 */
static const char STYLE[] =
	"@page{size:A4;margin:16mm 16mm 18mm}"
	"*{box-sizing:border-box}"
	"body{margin:0 auto;padding:2rem 1rem;max-width:50rem;color:#1c2430;background:#fff;"
	"font:14px/1.45 \"Noto Sans\",system-ui,-apple-system,\"Segoe UI\",Roboto,\"Noto Sans Devanagari\","
	"\"Noto Sans Arabic\",\"Noto Sans CJK JP\",\"Hiragino Sans\",\"Yu Gothic\",\"Droid Sans Fallback\",sans-serif}"
	"h1,h2,p,dl,dd{margin:0}"
	"h1{font-size:1.9rem;font-weight:300;line-height:1.2;color:#0b5c66}"
	"h2{font-size:.75rem;font-weight:600;color:#5b6675}"
	"header{display:flex;justify-content:space-between;gap:2rem;padding-bottom:1rem;border-bottom:2px solid "
	"#0b5c66}"
	".title{text-align:end}"
	".name{font-size:1.25rem;font-weight:700}"
	".lines{white-space:pre-line;overflow-wrap:anywhere}"
	".quiet{color:#5b6675;font-size:.85em;overflow-wrap:anywhere}"
	".parties{display:grid;grid-template-columns:1fr 1fr 1fr;gap:1.5rem;margin:1.25rem 0 1.5rem}"
	".strong{font-weight:600;overflow-wrap:anywhere}"
	".details{display:grid;grid-template-columns:auto 1fr;gap:.1rem 1rem;align-content:start}"
	".details dt{color:#5b6675}.details dd{text-align:end;overflow-wrap:anywhere}"
	"table{border-collapse:collapse;width:100%;font-variant-numeric:tabular-nums}"
	"thead{display:table-header-group}"
	"tr{break-inside:avoid}"
	"th{font-size:.75rem;font-weight:600;color:#0b5c66;text-align:start;vertical-align:bottom;background:#eef4f5}"
	"th,td{padding:.4rem .5rem}"
	"td{border-bottom:1px solid #dfe4ea;vertical-align:top}"
	".item{width:40%;overflow-wrap:anywhere}"
	".n{text-align:right;white-space:nowrap}"
	".sums{display:flex;justify-content:space-between;gap:2rem;margin-top:1.25rem;break-inside:avoid;"
	"break-before:avoid}"
	".sums>div{flex:1}.sums td{border:0;padding:.15rem .5rem}"
	".sums .rates{width:auto}"
	".grand td{border-top:2px solid #0b5c66;padding-top:.4rem;font-size:1.2em;font-weight:700}"
	"section{margin-top:1.25rem;break-inside:avoid}"
	"a{color:#0b5c66;overflow-wrap:anywhere}"
	"@media print{body{padding:0;max-width:none;font-size:9.5pt;print-color-adjust:exact;"
	"-webkit-print-color-adjust:exact}}"
	"@media(max-width:40rem){header,.sums{flex-direction:column}.title{text-align:start}"
	".parties{grid-template-columns:1fr}.scroll{overflow-x:auto}}";

/* An element with text that people wrote, whose script decides its direction; nothing for empty text. */
static void text_element(struct buf *out, const char *tag, const char *classes, struct str text)
{
	if (!text.n)
		return;
	buf_printf(out, "<%s class=\"%s\" dir=\"auto\">", tag, classes);
	buf_add_html(out, text);
	buf_printf(out, "</%s>\n", tag);
}

/* A cell of a table; written even if empty. */
static void cell(struct buf *out, const char *classes, struct str text)
{
	buf_printf(out, "<td class=\"%s\">", classes);
	buf_add_html(out, text);
	buf_addz(out, "</td>");
}

static void labelled(struct buf *out, const char *label, struct str text)
{
	if (!text.n)
		return;
	buf_printf(out, "<p class=\"quiet\">%s <bdi>", label);
	buf_add_html(out, text);
	buf_addz(out, "</bdi></p>\n");
}

static void head(struct buf *out, const struct invoice *in)
{
	buf_printf(out,
		   "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		   "<meta name=\"viewport\" content=\"width=device-width\">\n<title>%s ",
		   in->title);
	buf_add_html(out, in->number);
	buf_printf(out, "</title>\n<style>%s</style>\n</head>\n<body>\n", STYLE);
}

/* Texts of the seller and of the goods are in the seller's language, if known. */
static void lang(struct buf *out, const struct invoice *in)
{
	buf_addz(out, " lang=\"");
	buf_add_html(out, in->language);
	buf_addc(out, '"');
}

static void letterhead(struct buf *out, const struct invoice *in)
{
	buf_addz(out, "<header>\n<div");
	lang(out, in);
	buf_addz(out, ">\n");
	text_element(out, "p", "name", in->seller.name);
	text_element(out, "p", "lines quiet", in->seller.address);
	labelled(out, "Phone", in->seller.phone);
	labelled(out, "E-mail", in->seller.email);
	labelled(out, "Tax number", in->seller.tax_number);
	buf_printf(out, "</div>\n<div class=\"title\">\n<h1>%s</h1>\n", in->title);
	text_element(out, "p", "strong", in->number);
	buf_addz(out, "</div>\n</header>\n");
}

static void party(struct buf *out, const char *label, struct str name, struct str address_name, struct str address)
{
	buf_printf(out, "<div>\n<h2>%s</h2>\n", label);
	text_element(out, "p", "strong", name);
	text_element(out, "p", "strong", address_name);
	text_element(out, "p", "lines", address);
}

static void parties(struct buf *out, const struct invoice *in)
{
	struct invoice_detail details[INVOICE_DETAILS_MAX];
	size_t n = invoice_details(in, details);

	buf_addz(out, "<div class=\"parties\">\n");
	party(out, "Billed to", in->billed.name, in->billed.address_name, in->billed.address);
	labelled(out, "Phone", in->billed.phone);
	labelled(out, "E-mail", in->billed.email);
	labelled(out, "Tax number", in->billed.tax_number);
	buf_addz(out, "</div>\n");
	if (in->shipped.address.n) {
		party(out, "Shipped to", in->shipped.address_name.n ? in->shipped.address_name : in->shipped.name,
		      STR_NULL, in->shipped.address);
		buf_addz(out, "</div>\n");
	}
	buf_addz(out, "<dl class=\"details\">\n");
	for (size_t i = 0; i < n; i++) {
		buf_printf(out, "<dt>%s</dt><dd>", details[i].label);
		buf_add_html(out, details[i].text);
		buf_addz(out, "</dd>\n");
	}
	buf_addz(out, "</dl>\n</div>\n");
	labelled(out, "Reason:", in->reason);
}

static void line_heads(struct buf *out, const struct invoice *in)
{
	buf_addz(out, "<thead>\n<tr><th scope=\"col\" class=\"n\">#</th><th scope=\"col\" class=\"item\">Item</th>");
	if (in->has_hsn)
		buf_addz(out, "<th scope=\"col\">HSN</th>");
	buf_addz(out, "<th scope=\"col\" class=\"n\">Quantity</th><th scope=\"col\" class=\"n\">Unit price</th>");
	if (in->has_discounts)
		buf_addz(out, "<th scope=\"col\" class=\"n\">Discount</th>");
	if (in->has_taxes)
		buf_addz(out, "<th scope=\"col\" class=\"n\">Tax %</th><th scope=\"col\" class=\"n\">Tax</th>");
	buf_addz(out, "<th scope=\"col\" class=\"n\">Amount</th></tr>\n</thead>\n");
}

static void line_row(struct buf *out, const struct invoice *in, const struct invoice_line *line)
{
	buf_addz(out, "<tr>");
	cell(out, "n", line->position);
	/* The stock-keeping unit is aligned with the name. */
	buf_addz(out, "<td class=\"item\" dir=\"auto\"");
	lang(out, in);
	buf_addz(out, ">");
	buf_add_html(out, line->name);
	if (line->sku.n) {
		buf_addz(out, "<br><bdi class=\"quiet\">");
		buf_add_html(out, line->sku);
		buf_addz(out, "</bdi>");
	}
	buf_addz(out, "</td>");
	if (in->has_hsn)
		cell(out, "", line->hsn);
	cell(out, "n", line->quantity);
	cell(out, "n", line->unit_price);
	if (in->has_discounts)
		cell(out, "n", line->discount_amount);
	if (in->has_taxes) {
		cell(out, "n", line->tax_rate);
		cell(out, "n", line->tax_amount);
	}
	cell(out, "n", line->line_total);
	buf_addz(out, "</tr>\n");
}

static void line_table(struct buf *out, const struct invoice *in)
{
	if (!in->lines_n)
		return;
	buf_addz(out, "<div class=\"scroll\">\n<table>\n");
	line_heads(out, in);
	buf_addz(out, "<tbody>\n");
	for (size_t i = 0; i < in->lines_n; i++)
		line_row(out, in, &in->lines[i]);
	buf_addz(out, "</tbody>\n</table>\n</div>\n");
}

static void tax_table(struct buf *out, const struct invoice *in)
{
	if (!in->taxes_n)
		return;
	buf_addz(out, "<table class=\"rates\">\n<thead><tr><th scope=\"col\" class=\"n\">Tax %</th>"
		      "<th scope=\"col\" class=\"n\">Taxable</th><th scope=\"col\" "
		      "class=\"n\">Tax</th></tr></thead>\n<tbody>\n");
	for (size_t i = 0; i < in->taxes_n; i++) {
		buf_addz(out, "<tr>");
		cell(out, "n", in->taxes[i].rate);
		cell(out, "n", in->taxes[i].taxable);
		cell(out, "n", in->taxes[i].tax);
		buf_addz(out, "</tr>\n");
	}
	buf_addz(out, "</tbody>\n</table>\n");
}

static void sums(struct buf *out, const struct invoice *in)
{
	struct invoice_total rows[INVOICE_TOTALS_MAX];
	size_t n = invoice_totals(out->arena, in, rows);

	buf_addz(out, "<div class=\"sums\">\n<div>\n");
	tax_table(out, in);
	labelled(out, "In words:", in->total_in_words);
	buf_addz(out, "</div>\n<div>\n<table class=\"totals\">\n<tbody>\n");
	for (size_t i = 0; i < n; i++) {
		buf_addz(out, rows[i].grand ? "<tr class=\"grand\"><td>" : "<tr><td>");
		buf_add_html(out, rows[i].label);
		buf_addz(out, "</td>");
		cell(out, "n", rows[i].amount);
		buf_addz(out, "</tr>\n");
	}
	buf_addz(out, "</tbody>\n</table>\n</div>\n</div>\n");
}

static void section(struct buf *out, const char *heading, struct str text)
{
	if (!text.n)
		return;
	buf_printf(out, "<section>\n<h2>%s</h2>\n", heading);
	text_element(out, "p", "lines", text);
	buf_addz(out, "</section>\n");
}

/* An unsafe link is shown as text only. */
static void link_section(struct buf *out, const struct invoice *in)
{
	if (!in->link.n)
		return;
	buf_printf(out, "<section>\n<h2>%s</h2>\n<p>", invoice_link_label(in));
	if (invoice_is_link(in->link)) {
		buf_addz(out, "<a href=\"");
		buf_add_html(out, in->link);
		buf_addz(out, "\">");
	}
	buf_add_html(out, in->link);
	buf_addz(out, invoice_is_link(in->link) ? "</a></p>\n</section>\n" : "</p>\n</section>\n");
}

void invoice_html(struct buf *out, const struct invoice *in)
{
	head(out, in);
	letterhead(out, in);
	parties(out, in);
	line_table(out, in);
	sums(out, in);
	section(out, "By HSN", in->hsn_summary);
	section(out, "Tax", in->tax_note);
	section(out, "Notes", in->notes);
	section(out, "Bank details", in->seller.bank_details);
	link_section(out, in);
	buf_addz(out, "</body>\n</html>\n");
}

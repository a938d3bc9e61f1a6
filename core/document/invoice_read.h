/*
 * A document (core/document/invoice.h) as the slices that are printed. A member
 * that is null, missing or of the wrong kind is an empty slice, never an error:
 * an invoice with a gap is better than none.
 */
#ifndef CGISHOP_DOCUMENT_INVOICE_READ_H
#define CGISHOP_DOCUMENT_INVOICE_READ_H

#include "core/json/json.h"

struct invoice_party {
	struct str name;
	struct str address;      /* the lines of an envelope, separated by "\n", without the name; the phone last */
	struct str address_name; /* the recipient there, if not the party's name */
	struct str email, phone, tax_number, bank_details;
};

struct invoice_line {
	struct str position, sku, hsn, name, quantity, unit_price, discount_amount, tax_rate, tax_amount, line_total;
};

struct invoice_tax {
	struct str rate, taxable, tax; /* rate: "18", or with the name of a part of it: "CGST 9" */
};

struct invoice {
	bool credit_note;
	bool prices_include_tax;
	bool has_hsn, has_discounts, has_taxes; /* whether any line has one */
	const char *title;                      /* "Tax invoice", "Invoice", "Credit note" */
	struct str language;                    /* BCP 47, of the seller's texts, by its country; or empty */
	struct str number, issued_at, due_at, order_number, credits, credits_issued_at, reason, currency;
	struct str symbol; /* of the currency, "₹ "; its code and a space if it has no sign */
	struct str subtotal, discount_total, shipping_total, tax_total, rounding, total;
	struct str coupon, shipping_method, total_in_words, notes, link;
	struct str place_of_supply;                   /* "27 Maharashtra", or empty */
	struct str hsn_summary, tax_note;             /* lines, separated by "\n" */
	struct invoice_party seller, billed, shipped; /* shipped.address is empty if equal to billed's */
	struct invoice_line *lines;
	size_t lines_n;
	struct invoice_tax *taxes;
	size_t taxes_n;
};

/* All of it lives in the arena. document may be any kind of value. */
void invoice_read(struct arena *a, const struct json *document, struct invoice *out);

/* A safe link: http, https or upi, visible ASCII without quotes, brackets and backslashes. */
bool invoice_is_link(struct str link);

/* The purpose of the link, for people. */
const char *invoice_link_label(const struct invoice *in);

/* A row below the lines of the document: "Discount (SPRING)", "−50.00". */
struct invoice_total {
	struct str label, amount;
	bool grand; /* the total itself */
};

enum { INVOICE_TOTALS_MAX = 7 };

/* The rows between the lines and the total, the total and what it includes; returns their number. */
size_t invoice_totals(struct arena *a, const struct invoice *in, struct invoice_total rows[INVOICE_TOTALS_MAX]);

/* A row of details at the head: "Issued", "2026-11-22". */
struct invoice_detail {
	const char *label;
	struct str text;
};

enum { INVOICE_DETAILS_MAX = 7 };

size_t invoice_details(const struct invoice *in, struct invoice_detail rows[INVOICE_DETAILS_MAX]);

#endif

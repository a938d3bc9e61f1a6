/*
 * Invoices and credit notes for people: the document that the database stores of each (invoice_draft() in
 * sql/functions/invoice.sql), read from its JSON once (core/document/invoice_read.h) and written as a page.
 *
 * The document holds all that is printed; nothing is computed here. Every
 * amount is a string that is printed as it stands ("1180.00"). Members:
 *
 *	kind                 "invoice" or "credit_note"
 *	number               "INV2627-00001"
 *	issued_at, due_at    dates, "2026-11-22"; due_at may be null
 *	order_number         "100001"
 *	credits              number of the invoice that a credit note is about, or null
 *	credits_issued_at    its date; missing in older credit notes
 *	reason               of a credit note, or null
 *	currency             "INR"
 *	prices_include_tax   boolean
 *	seller               {name, address{company, line1, line2, city, region, postal_code, country, tax_id …},
 *	                     email, phone, tax_number, bank_details}; each may be null or missing, bank_details
 *	                     has lines
 *	buyer                {name, email, mobile_number, billing_address, shipping_address}; addresses as above
 *	                     with a name and a phone, or null; the buyer's company and tax number are the
 *	                     billing address's
 *	lines                [{position, sku, hsn, name, quantity, unit_price, discount_amount, tax_rate,
 *	                     tax_amount, line_total}]; hsn may be null; may be empty (a credit note of an amount)
 *	subtotal, discount_total, shipping_total, tax_total, total
 *	rounding             what the total was rounded by, with its sign: "-0.02"
 *	coupon               its code, or null
 *	shipping_method      its name, or null
 *	taxes                [{rate, taxable, tax}]
 *	tax_scheme           standard, gst_state, gst_inter_state or reverse_charge
 *	tax_rounding         line or rate
 *	tax_parts            [{name, rate, taxable, tax}]: CGST and SGST, or IGST; empty: taxes have no such names
 *	place_of_supply      "27 Maharashtra", or null
 *	hsn_summary          [{hsn, rate, quantity, taxable, tax}]; may be empty
 *	total_in_words       "One thousand one hundred eighty and 00/100 INR"
 *	notes                text with lines, may be ""
 *	link                 for the QR code and for a reader: where the order is paid or seen; null: none
 */
#ifndef CGISHOP_DOCUMENT_INVOICE_H
#define CGISHOP_DOCUMENT_INVOICE_H

#include "core/base/buf.h"

struct invoice;

/*
 * A page of HTML, UTF-8, print-ready on A4, with its own style sheet and no
 * script; it loads nothing. Every text is escaped, its direction left to the
 * browser (dir="auto").
 */
void invoice_html(struct buf *out, const struct invoice *in);

#endif

#include "cgi-bin/invoices/shapes.h"

#include "core/resource/address.h"

const char *const invoice_kinds[] = { "invoice", "credit_note", NULL };

static const struct shape_member tax_members[] = {
	{ "rate", SHAPE_DECIMAL, .doc = "Percent." },
	{ "taxable", SHAPE_DECIMAL },
	{ "tax", SHAPE_DECIMAL },
};
static const struct shape tax = SHAPE("invoice_tax", tax_members);

static const struct shape_member part_members[] = {
	{ "name", SHAPE_TEXT, .doc = "CGST, SGST, UTGST or IGST." },
	{ "rate", SHAPE_DECIMAL, .doc = "Percent." },
	{ "taxable", SHAPE_DECIMAL },
	{ "tax", SHAPE_DECIMAL },
};
static const struct shape part = SHAPE("invoice_tax_part", part_members);

static const struct shape_member hsn_members[] = {
	{ "hsn", SHAPE_TEXT },         { "rate", SHAPE_DECIMAL, .doc = "Percent." },
	{ "quantity", SHAPE_INTEGER }, { "taxable", SHAPE_DECIMAL },
	{ "tax", SHAPE_DECIMAL },
};
static const struct shape hsn = SHAPE("invoice_hsn", hsn_members);

static const char *const schemes[] = { "standard", "gst_state", "gst_inter_state", "reverse_charge", NULL };
static const char *const roundings[] = { "line", "rate", NULL };

static const struct shape_member seller_members[] = {
	{ "name", SHAPE_TEXT },
	{ "address", SHAPE_OBJECT, &address_shape },
	{ "email", SHAPE_TEXT, .nullable = true },
	{ "phone", SHAPE_TEXT, .nullable = true },
	{ "tax_number", SHAPE_TEXT, .nullable = true },
	{ "bank_details", SHAPE_TEXT, .nullable = true },
};
static const struct shape seller = SHAPE("invoice_seller", seller_members);

static const struct shape_member buyer_members[] = {
	{ "name", SHAPE_TEXT },
	{ "email", SHAPE_TEXT, .nullable = true },
	{ "mobile_number", SHAPE_TEXT, .nullable = true },
	{ "billing_address", SHAPE_OBJECT, &address_shape, .nullable = true },
	{ "shipping_address", SHAPE_OBJECT, &address_shape, .nullable = true },
};
static const struct shape buyer = SHAPE("invoice_buyer", buyer_members);

static const struct shape_member line_members[] = {
	{ "position", SHAPE_INTEGER },
	{ "sku", SHAPE_TEXT },
	{ "hsn", SHAPE_TEXT, .nullable = true,
	  .doc = "The product's attribute of that name: a code of the Harmonized System." },
	{ "name", SHAPE_TEXT },
	{ "options", SHAPE_OBJECT, .doc = "What tells the variant from its siblings." },
	{ "quantity", SHAPE_INTEGER },
	{ "unit_price", SHAPE_DECIMAL },
	{ "discount_amount", SHAPE_DECIMAL },
	{ "tax_rate", SHAPE_DECIMAL, .doc = "Percent." },
	{ "tax_amount", SHAPE_DECIMAL },
	{ "line_total", SHAPE_DECIMAL },
};
static const struct shape line = SHAPE("invoice_line", line_members);

static const struct shape_member members[] = {
	{ "id", SHAPE_UUID },
	{ "kind", SHAPE_TEXT, .choices = invoice_kinds },
	{ "invoice_number", SHAPE_TEXT },
	{ "store", SHAPE_UUID },
	{ "order", SHAPE_UUID },
	{ "credits", SHAPE_UUID, .nullable = true, .doc = "Of a credit note: the invoice that it reduces." },
	{ "refund", SHAPE_UUID, .nullable = true, .doc = "Of a credit note: the refund that it is for." },
	{ "superseded", SHAPE_BOOLEAN, .doc = "Credited in full, and replaced by another invoice of the order." },
	{ "issued_at", SHAPE_TIME },
	{ "due_at", SHAPE_DATE, .nullable = true },
	{ "amount", SHAPE_DECIMAL, .doc = "The total." },
	{ "currency", SHAPE_TEXT },
	{ "prices_include_tax", SHAPE_BOOLEAN },
	{ "taxes", SHAPE_LIST, &tax, .doc = "By rate." },
	{ "notes", SHAPE_TEXT },
	{ "seller", SHAPE_OBJECT, &seller },
	{ "buyer", SHAPE_OBJECT, &buyer },
	{ "lines", SHAPE_LIST, &line, .doc = "Empty in a credit note of a part." },
	{ "subtotal", SHAPE_DECIMAL },
	{ "discount_total", SHAPE_DECIMAL },
	{ "shipping_total", SHAPE_DECIMAL },
	{ "tax_total", SHAPE_DECIMAL },
	{ "tax_scheme", SHAPE_TEXT, .nullable = true, .choices = schemes,
	  .doc = "gst_state: CGST and SGST; gst_inter_state: IGST; reverse_charge: the buyer owes the tax. "
		 "Null: issued by version 0.2." },
	{ "tax_rounding", SHAPE_TEXT, .nullable = true, .choices = roundings,
	  .doc = "Whether the tax of each line is rounded, or once that of a rate." },
	{ "place_of_supply", SHAPE_TEXT, .nullable = true, .doc = "Under GST: \"27 Maharashtra\"." },
	{ "tax_parts", SHAPE_LIST, &part, .doc = "The taxes of India by name." },
	{ "hsn_summary", SHAPE_LIST, &hsn, .doc = "Under GST: the goods by HSN." },
	{ "rounding", SHAPE_DECIMAL, .nullable = true },
	{ "total_in_words", SHAPE_TEXT },
	{ "created_at", SHAPE_TIME },
	{ "modified_at", SHAPE_TIME },
	STAFF_MEMBERS,
	{ "status", SHAPE_TEXT, .read = STAFF },
	{ "comments", SHAPE_TEXT, .read = STAFF },
};
const struct shape invoice_shape = SHAPE("invoice", members);

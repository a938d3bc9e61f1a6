#include "cgi-bin/auth/shapes.h"

#include "core/json/member.h"

#define USER_MEMBERS                                                                                            \
	{ "id", SHAPE_UUID }, { "email", SHAPE_TEXT, .nullable = true }, { "email_verified", SHAPE_BOOLEAN },   \
		{ "mobile_number", SHAPE_TEXT, .nullable = true }, { "mobile_verified", SHAPE_BOOLEAN },        \
		{ "name", SHAPE_TEXT }, { "is_admin", SHAPE_BOOLEAN }, { "is_staff", SHAPE_BOOLEAN },           \
		{ "is_customer", SHAPE_BOOLEAN }, { "is_active", SHAPE_BOOLEAN }, { "created_at", SHAPE_TIME }, \
	{                                                                                                       \
		"modified_at", SHAPE_TIME                                                                       \
	}

static const struct shape_member me_members[] = { USER_MEMBERS };
const struct shape me_shape = SHAPE("me", me_members);

static const struct shape_member session_members[] = {
	{ "token", SHAPE_TEXT, .doc = "For the Authorization header: Bearer." },
	{ "expires_at", SHAPE_TIME },
	{ "user", SHAPE_OBJECT, &me_shape },
	{ "device", SHAPE_TEXT,
	  .doc = "To be sent at the next sign-in, which then is limited as one of a known device." },
};
const struct shape session_shape = SHAPE("session", session_members);

static const struct shape_member code_sent_members[] = {
	{ "email", SHAPE_TEXT, .optional = true, .doc = "Where the code was sent; or the mobile number." },
	{ "mobile_number", SHAPE_TEXT, .optional = true },
	{ "challenge", SHAPE_TEXT, .doc = "For the request that brings the code." },
	{ "expires_in", SHAPE_INTEGER, .doc = "Seconds." },
	{ "resend_after", SHAPE_INTEGER, .doc = "Seconds." },
};
const struct shape code_sent_shape = SHAPE("code_sent", code_sent_members);

static const struct shape_member me_changed_members[] = {
	USER_MEMBERS,
	{ "pending", SHAPE_OBJECT, &code_sent_shape, .optional = true, .doc = "The change that waits for its code." },
};
const struct shape me_changed_shape = SHAPE("me_changed", me_changed_members);

/* --- the export */

static const struct shape_member address_members[] = {
	{ "id", SHAPE_UUID },
	{ "label", SHAPE_TEXT },
#define ADDRESS_MEMBER(name_, type_, required_, chars_, doc_) \
	{ #name_, SHAPE_TEXT, .nullable = type_ == FIELD_MOBILE, .doc = doc_ },
#include "core/resource/address.def"
#undef ADDRESS_MEMBER
	{ "is_default", SHAPE_BOOLEAN },
	{ "is_deleted", SHAPE_BOOLEAN },
	{ "created_at", SHAPE_TIME },
};
static const struct shape address = SHAPE("export_address", address_members);

/* The document of an invoice: what it is printed from. */
static const struct shape_member document_members[] = {
	{ "number", SHAPE_TEXT },
	{ "kind", SHAPE_TEXT },
	{ "issued_at", SHAPE_DATE },
	{ "due_at", SHAPE_DATE, .nullable = true },
	{ "credits", SHAPE_TEXT, .nullable = true, .doc = "Of a credit note: the number of the invoice." },
	{ "credits_issued_at", SHAPE_DATE, .optional = true, .doc = "Its date; absent in older credit notes." },
	{ "reason", SHAPE_TEXT, .nullable = true },
	{ "order_number", SHAPE_TEXT },
	{ "currency", SHAPE_TEXT },
	{ "prices_include_tax", SHAPE_BOOLEAN },
	{ "seller", SHAPE_OBJECT, .of_name = "invoice_seller" },
	{ "buyer", SHAPE_OBJECT, .of_name = "invoice_buyer" },
	{ "lines", SHAPE_LIST, .of_name = "invoice_line" },
	{ "subtotal", SHAPE_DECIMAL },
	{ "discount_total", SHAPE_DECIMAL },
	{ "shipping_total", SHAPE_DECIMAL },
	{ "tax_total", SHAPE_DECIMAL },
	{ "rounding", SHAPE_DECIMAL },
	{ "total", SHAPE_DECIMAL },
	{ "coupon", SHAPE_TEXT, .nullable = true },
	{ "shipping_method", SHAPE_TEXT, .nullable = true },
	{ "taxes", SHAPE_LIST, .of_name = "invoice_tax" },
	/* Absent in documents of version 0.2; the last three are of India. */
	{ "tax_scheme", SHAPE_TEXT, .optional = true },
	{ "tax_rounding", SHAPE_TEXT, .optional = true, .nullable = true },
	{ "place_of_supply", SHAPE_TEXT, .optional = true },
	{ "tax_parts", SHAPE_LIST, .of_name = "invoice_tax_part", .optional = true },
	{ "hsn_summary", SHAPE_LIST, .of_name = "invoice_hsn", .optional = true },
	{ "total_in_words", SHAPE_TEXT },
	{ "notes", SHAPE_TEXT },
};
static const struct shape document = SHAPE("invoice_document", document_members);

static const struct shape_member coupon_members[] = {
	{ "code", SHAPE_TEXT },
	{ "order", SHAPE_UUID },
	{ "used_at", SHAPE_TIME },
};
static const struct shape coupon = SHAPE("export_coupon", coupon_members);

static const struct shape_member note_members[] = {
	{ "order", SHAPE_UUID },
	{ "note", SHAPE_TEXT },
	{ "created_at", SHAPE_TIME },
};
static const struct shape note = SHAPE("export_note", note_members);

static const struct shape_member message_members[] = {
	{ "template", SHAPE_TEXT }, { "channel", SHAPE_TEXT },    { "recipient", SHAPE_TEXT },
	{ "status", SHAPE_TEXT },   { "created_at", SHAPE_TIME },
};
static const struct shape message = SHAPE("export_message", message_members);

static const struct shape_member open_session_members[] = {
	{ "opened_by", SHAPE_TEXT },
	{ "client_address", SHAPE_TEXT },
	{ "created_at", SHAPE_TIME },
	{ "expires_at", SHAPE_TIME },
};
static const struct shape open_session = SHAPE("export_session", open_session_members);

static const struct shape_member place_members[] = {
	{ "kind", SHAPE_TEXT, .doc = "device or address." },
	{ "used_at", SHAPE_TIME },
};
static const struct shape place = SHAPE("export_place", place_members);

static const struct shape_member log_members[] = {
	{ "action", SHAPE_TEXT },
	{ "table_name", SHAPE_TEXT },
	{ "created_at", SHAPE_TIME },
};
static const struct shape log_entry = SHAPE("export_log_entry", log_members);

static const struct shape_member exported_members[] = {
	{ "user", SHAPE_OBJECT, &me_shape },
	{ "addresses", SHAPE_LIST, &address },
	{ "orders", SHAPE_LIST, .of_name = "order" },
	{ "payments", SHAPE_LIST, .of_name = "payment" },
	{ "invoices", SHAPE_LIST, &document },
	{ "coupons", SHAPE_LIST, &coupon },
	{ "notes", SHAPE_LIST, &note, .doc = "Written by the user on orders." },
	{ "messages", SHAPE_LIST, &message },
	{ "sessions", SHAPE_LIST, &open_session },
	{ "known_places", SHAPE_LIST, &place },
	{ "audit_log", SHAPE_LIST, &log_entry, .doc = "What the user did." },
};
const struct shape me_exported_shape = SHAPE("me_exported", exported_members);

#include "cgi-bin/orders/shapes.h"

#include "core/resource/address.h"

const char *const order_statuses[] = { "cart",    "placed",    "pending",   "paid",     "partly_shipped",
				       "shipped", "completed", "cancelled", "returned", NULL };
const char *const order_payment_statuses[] = { "unpaid", "pending", "paid", "partially_refunded", "refunded", NULL };

static const struct shape_member contact_members[] = {
	{ "name", SHAPE_TEXT },
	{ "email", SHAPE_TEXT, .nullable = true },
	{ "mobile_number", SHAPE_TEXT, .nullable = true },
};
static const struct shape contact = SHAPE("order_contact", contact_members);

static const struct shape_member item_members[] = {
	{ "id", SHAPE_UUID, .optional = true, .doc = "Of a line that was bought; those of a cart have none." },
	{ "position", SHAPE_INTEGER },
	{ "product", SHAPE_UUID },
	{ "sku", SHAPE_TEXT },
	{ "name", SHAPE_TEXT, .doc = "As the product was called when it was bought." },
	{ "options", SHAPE_OBJECT, .doc = "What tells the variant from its siblings." },
	{ "quantity", SHAPE_INTEGER },
	{ "unit_price", SHAPE_DECIMAL },
	{ "tax_rate", SHAPE_DECIMAL, .doc = "Percent." },
	{ "tax_amount", SHAPE_DECIMAL },
	{ "discount_amount", SHAPE_DECIMAL },
	{ "line_total", SHAPE_DECIMAL },
	{ "dropped", SHAPE_INTEGER, .optional = true,
	  .doc = "Pieces that went back to stock unshipped; not of a cart." },
	{ "shipped", SHAPE_INTEGER, .optional = true, .doc = "Pieces that were shipped." },
	{ "returned", SHAPE_INTEGER, .optional = true, .doc = "Of these, pieces that are in stock again." },
	{ "price_reason", SHAPE_TEXT, .nullable = true, .doc = "Why staff set its price or discount." },
};
static const struct shape item = SHAPE("order_item", item_members);

static const struct shape_member piece_members[] = {
	{ "id", SHAPE_UUID, .doc = "Of the line." },
	{ "quantity", SHAPE_INTEGER },
};
static const struct shape piece = SHAPE("order_pieces", piece_members);

static const struct shape_member shipment_members[] = {
	{ "id", SHAPE_UUID },
	{ "number", SHAPE_INTEGER, .doc = "1 is the order's first one." },
	{ "carrier", SHAPE_TEXT, .nullable = true },
	{ "tracking_number", SHAPE_TEXT, .nullable = true },
	{ "tracking_url", SHAPE_URL, .nullable = true },
	{ "shipped_at", SHAPE_TIME },
	{ "items", SHAPE_LIST, &piece },
};
static const struct shape shipment = SHAPE("shipment", shipment_members);

static const struct shape_member payment_members[] = {
	{ "id", SHAPE_UUID },
	{ "payment_method", SHAPE_TEXT },
	{ "status", SHAPE_TEXT },
	{ "unconfirmed", SHAPE_BOOLEAN, .doc = "The guest has still to confirm the order by a code." },
	{ "amount", SHAPE_DECIMAL },
	{ "currency", SHAPE_TEXT },
	{ "paid_at", SHAPE_TIME, .nullable = true },
	{ "created_at", SHAPE_TIME },
};
static const struct shape payment = SHAPE("order_payment", payment_members);

static const char *const return_statuses[] = { "requested", "approved",  "rejected", "received",
					       "refunded",  "cancelled", NULL };
static const struct shape_member return_item_members[] = {
	{ "id", SHAPE_UUID, .doc = "Of the order's line." },
	{ "position", SHAPE_INTEGER },
	{ "quantity", SHAPE_INTEGER, .doc = "How many are sent back." },
	{ "reason", SHAPE_TEXT },
	{ "received", SHAPE_INTEGER, .doc = "Of these, how many arrived." },
	{ "restock", SHAPE_BOOLEAN, .doc = "Whether they returned to stock." },
};
static const struct shape return_item = SHAPE("order_return_item", return_item_members);
static const struct shape_member return_members[] = {
	{ "id", SHAPE_UUID },
	{ "number", SHAPE_INTEGER, .doc = "Among those of the order." },
	{ "status", SHAPE_TEXT, .choices = return_statuses },
	{ "reason", SHAPE_TEXT, .doc = "The buyer's." },
	{ "note", SHAPE_TEXT, .doc = "The store's." },
	{ "items", SHAPE_LIST, &return_item },
	{ "created_at", SHAPE_TIME },
	{ "modified_at", SHAPE_TIME },
};
static const struct shape return_of_order = SHAPE("order_return", return_members);

static const char *const event_kinds[] = { "status", "note", "correction", "shipment", "return", NULL };
static const struct shape_member event_members[] = {
	{ "created_at", SHAPE_TIME },
	{ "user", SHAPE_UUID, .nullable = true, .doc = "Who did it; null: a guest, a provider or a tool." },
	{ "from_status", SHAPE_TEXT, .nullable = true, .choices = order_statuses },
	{ "to_status", SHAPE_TEXT, .choices = order_statuses },
	{ "kind", SHAPE_TEXT, .choices = event_kinds },
	{ "note", SHAPE_TEXT },
	{ "data", SHAPE_OBJECT,
	  .doc = "Of a shipment and a return: its id and number; of a correction: each member's old and new value." },
};
static const struct shape event = SHAPE("order_event", event_members);

static const struct shape_member invoice_members[] = {
	{ "id", SHAPE_UUID },
	{ "invoice_number", SHAPE_TEXT },
};
static const struct shape invoice = SHAPE("order_invoice", invoice_members);

static const struct shape_member estimate_members[] = {
	{ "days_min", SHAPE_INTEGER, .nullable = true },
	{ "days_max", SHAPE_INTEGER, .nullable = true },
};
static const struct shape estimate = SHAPE("delivery_estimate", estimate_members);

static const struct shape_member change_members[] = {
	{ "pointer", SHAPE_TEXT, .doc = "To the line, the total, the coupon or the shipping method (RFC 6901)." },
	{ "code", SHAPE_TEXT },
	{ "detail", SHAPE_TEXT },
	{ "old", SHAPE_DECIMAL, .optional = true, .doc = "Of a price or a total that changed." },
	{ "new", SHAPE_DECIMAL, .optional = true },
	{ "available", SHAPE_INTEGER, .optional = true, .doc = "Of a line that exceeds the stock." },
	{ "min", SHAPE_ANY, .optional = true,
	  .doc = "Of a coupon: the value of goods that it needs. Of a line: the fewest pieces." },
	{ "max", SHAPE_INTEGER, .optional = true, .doc = "Of a line: the most pieces." },
	{ "step", SHAPE_INTEGER, .optional = true, .doc = "Of a line: what its pieces are a multiple of." },
	{ "currency", SHAPE_TEXT, .optional = true },
};
static const struct shape change = SHAPE("cart_change", change_members);

static const struct shape_member code_sent_members[] = {
	{ "challenge", SHAPE_TEXT, .doc = "For the request that brings the code." },
	{ "expires_in", SHAPE_INTEGER, .doc = "Seconds." },
	{ "email", SHAPE_TEXT, .optional = true, .doc = "Where the code was sent." },
	{ "mobile_number", SHAPE_TEXT, .optional = true },
	{ "resend_after", SHAPE_INTEGER, .doc = "Seconds." },
};
const struct shape order_code_sent_shape = SHAPE("order_code_sent", code_sent_members);

static const struct shape_member order_members[] = {
#include "cgi-bin/orders/order_members.def"
};
const struct shape order_shape = SHAPE("order", order_members);

static const struct shape_member order_placed_members[] = {
#include "cgi-bin/orders/order_members.def"
	{ "order_token", SHAPE_TEXT, .optional = true,
	  .doc = "The key to an order that no account has: for X-Order-Token." },
};
const struct shape order_placed_shape = SHAPE("order_placed", order_placed_members);

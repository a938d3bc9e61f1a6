#include "cgi-bin/payments/shapes.h"

const char *const payment_methods[] = {
#define GATEWAY(name) #name,
#include "core/gateway/gateways.def"
#undef GATEWAY
	NULL,
};
const char *const payment_statuses[] = {
#define PAYMENT_STATE(name, text) text,
#include "core/gateway/states.def"
	NULL,
};
const char *const payment_attention_reasons[] = { "amount_differs", "currency_differs", "disputed", NULL };
static const char *const refund_statuses[] = {
#define REFUND_STATE(name, text) text,
#include "core/gateway/states.def"
	NULL,
};
static const char *const dispute_statuses[] = {
#define DISPUTE_STATE(name, text) text,
#include "core/gateway/states.def"
	NULL,
};

static const struct shape_member money_members[] = {
	{ "amount", SHAPE_DECIMAL },
	{ "currency", SHAPE_TEXT },
};
static const struct shape money = SHAPE("money", money_members);

static const struct shape_member attention_members[] = {
	{ "reason", SHAPE_TEXT, .choices = payment_attention_reasons },
	{ "expected", SHAPE_OBJECT, &money, .read = STAFF, .doc = "What was requested; not of a dispute." },
	{ "received", SHAPE_OBJECT, &money, .read = STAFF, .doc = "What the provider holds; not of a dispute." },
};
static const struct shape attention = SHAPE("payment_attention", attention_members);

#define DISPUTE_MEMBERS                                                                                      \
	{ "id", SHAPE_UUID }, { "status", SHAPE_TEXT, .choices = dispute_statuses },                         \
		{ "is_inquiry", SHAPE_BOOLEAN, .doc = "A question of the bank's; no money was taken." },     \
		{ "amount", SHAPE_DECIMAL, .nullable = true }, { "currency", SHAPE_TEXT, .nullable = true }, \
		{ "reason", SHAPE_TEXT, .doc = "In the provider's words." },                                 \
	{                                                                                                    \
		"evidence_due_at", SHAPE_TIME, .nullable = true                                              \
	}

static const struct shape_member dispute_members[] = { DISPUTE_MEMBERS };
static const struct shape dispute = SHAPE("dispute", dispute_members);

static const struct shape_member dispute_for_staff_members[] = {
	DISPUTE_MEMBERS,
	{ "gateway_dispute", SHAPE_TEXT, .doc = "Its id at the provider." },
	{ "created_at", SHAPE_TIME },
};
static const struct shape dispute_for_staff = SHAPE("dispute_for_staff", dispute_for_staff_members);

static const struct shape_member refund_item_members[] = {
	{ "id", SHAPE_UUID, .doc = "Of the order's line." },
	{ "position", SHAPE_INTEGER },
	{ "quantity", SHAPE_INTEGER },
	{ "restock", SHAPE_BOOLEAN, .doc = "Whether these pieces return to stock." },
	{ "amount", SHAPE_DECIMAL, .doc = "With its tax." },
	{ "tax", SHAPE_DECIMAL },
};
static const struct shape refund_item = SHAPE("refund_item", refund_item_members);

#define REFUND_MEMBERS                                                                                           \
	{ "id", SHAPE_UUID }, { "amount", SHAPE_DECIMAL }, { "currency", SHAPE_TEXT }, { "reason", SHAPE_TEXT }, \
		{ "restock", SHAPE_BOOLEAN, .doc = "Whether the order's goods were returned to the stock." },    \
		{ "items", SHAPE_LIST, &refund_item, .doc = "Empty: it names no lines." },                       \
		{ "shipping", SHAPE_DECIMAL, .doc = "Of the amount, with its tax." },                            \
		{ "return", SHAPE_UUID, .nullable = true, .doc = "Whose pieces are its items." },                \
		{ "status", SHAPE_TEXT, .choices = refund_statuses },                                            \
		{ "failure", SHAPE_TEXT, .doc = "Empty, refund_failed, or for staff the provider's words." },    \
	{                                                                                                        \
		"created_at", SHAPE_TIME                                                                         \
	}

static const struct shape_member refund_of_payment_members[] = { REFUND_MEMBERS };
static const struct shape refund_of_payment = SHAPE("refund_of_payment", refund_of_payment_members);

static const struct shape_member refund_members[] = {
	REFUND_MEMBERS,
	{ "payment", SHAPE_UUID },
	{ "order", SHAPE_UUID },
};
const struct shape refund_shape = SHAPE("refund", refund_members);

static const struct shape_member payment_members[] = {
#include "cgi-bin/payments/payment_members.def"
};
const struct shape payment_shape = SHAPE("payment", payment_members);

static const struct shape_member client_members[] = {
	{ "client_secret", SHAPE_TEXT, .optional = true, .doc = "Where the provider's script needs it." },
	{ "id", SHAPE_TEXT, .optional = true, .doc = "The provider's id of the payment." },
	{ "order_id", SHAPE_TEXT, .optional = true, .doc = "The provider's id of its order." },
	{ "key_id", SHAPE_TEXT, .optional = true, .doc = "The public key for the provider's script." },
	{ "amount", SHAPE_INTEGER, .optional = true,
	  .doc = "In the smallest unit, as the provider's script takes it." },
	{ "currency", SHAPE_TEXT, .optional = true, .doc = "Of the amount." },
};
static const struct shape client = SHAPE("payment_client", client_members);

static const struct shape_member begun_members[] = {
#include "cgi-bin/payments/payment_members.def"
	{ "client", SHAPE_OBJECT, &client, .doc = "For the provider's script in the browser. Empty offline." },
};
const struct shape payment_begun_shape = SHAPE("payment_begun", begun_members);

static const struct shape_member returned_members[] = {
	{ "order", SHAPE_UUID },
	{ "payment", SHAPE_UUID },
	{ "payment_status", SHAPE_TEXT, .choices = payment_statuses },
};
const struct shape payment_returned_shape = SHAPE("payment_returned", returned_members);

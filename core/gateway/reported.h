/*
 * From a provider's JSON to a provider status: each reader checks the kind and form of one member. Slices point
 * into the tree or the arena.
 */
#ifndef CGISHOP_GATEWAY_REPORTED_H
#define CGISHOP_GATEWAY_REPORTED_H

#include "core/gateway/gateway.h"
#include "core/gateway/money.h"
#include "core/json/json.h"

/* A provider's identifier: prefix, then letters, digits and '_', ≤ 255 bytes in all. */
bool reported_is_id(struct str s, const char *prefix);

/* All of these return false if the member is missing, null or malformed; `object` is an object. */
NODISCARD bool reported_id(const struct json *object, const char *name, const char *prefix, struct str *out);
NODISCARD bool reported_text(const struct json *object, const char *name, struct str *out);
/* An integer ≥ 0. */
NODISCARD bool reported_units(const struct json *object, const char *name, int64_t *out);
/* `amount` and `currency` of one object, as text: the currency converted to upper case. */
NODISCARD bool reported_money(struct arena *a, const struct money_rules *rules, const struct json *object,
			      const char *amount_name, struct str *amount, struct str *currency);

/* A provider's word for a state, and ours: of enum payment_state, refund_state or dispute_state. */
struct reported_state {
	const char *status;
	unsigned state;
};
/* Of a table that ends with an empty row. False: the provider has a new word. */
NODISCARD bool reported_state(const struct reported_state *states, struct str status, unsigned *out);

/* The object of that name, or NULL: Razorpay writes an empty object as []. */
const struct json *reported_object(const struct json *object, const char *name);
/* The array of that name; NULL unless all of its items are objects. */
const struct json *reported_items(const struct json *collection, const char *name);
/* `object` may be NULL. A UUID of ours that was sent along, or the empty slice: others may write there too. */
struct str reported_uuid(const struct json *object, const char *name);
/* `object` may be NULL. Text for people, one line of at most 500 characters; or the empty slice. */
struct str reported_message(struct arena *a, const struct json *object, const char *name);

/*
 * Begin to read a webhook's event: *event is NULL if the body is an object that we cannot read (too deep, a NUL in a
 * text). Until more is known, out->id is derived from the whole body and out->type is "unknown". False: not an object.
 */
NODISCARD bool reported_event(struct arena *a, struct str body, const struct json **event, struct gateway_event *out);
/* The type of an event, ≤ 100 visible characters; else it remains "unknown". */
void reported_event_type(const struct json *event, const char *name, struct gateway_event *out);

/* `object` may be NULL. Seconds since 1970, or 0. */
int64_t reported_time(const struct json *object, const char *name);

/* Fill reported->failure and return the outcome. */
enum gateway_outcome reported_fail(struct arena *a, struct provider_status *reported, enum gateway_outcome outcome,
				   const char *fmt, ...) PRINTF(4, 5);
/* DONE, or MISMATCH if *reported is about another payment than p. */
enum gateway_outcome reported_match(struct arena *a, const struct gateway_payment *p, struct provider_status *reported);
/*
 * The same for a payment that was opened: as long as it has no money, its amount and currency must be p's too. If it
 * has money, that is recorded, whatever the amount.
 */
enum gateway_outcome reported_match_opened(struct arena *a, const struct money_rules *rules,
					   const struct gateway_payment *p, struct provider_status *reported);
/* The same for a refund. */
enum gateway_outcome reported_match_refund(struct arena *a, const struct money_rules *rules,
					   const struct gateway_payment *p, const struct gateway_refund *r,
					   struct provider_status *reported);

/* The refund that has our id as its receipt or in `notes`, or NULL. `items` may be NULL. */
const struct json *reported_find_refund(const struct json *items, struct str id, const char *notes);
/* The refunds of p in a list, as far as they can be read. */
void reported_refunds(struct arena *a, const struct gateway_payment *p, const struct json *items,
		      bool (*read)(struct arena *a, const struct json *refund, struct provider_status *reported),
		      struct gateway_refunds *found);

/*
 * Is `hex` (64 digits, lower case) the HMAC-SHA256 of data with one of the
 * secrets? Empty secrets are skipped. In constant time.
 */
bool reported_hmac(struct str data, struct str hex, const char *const *secrets, size_t secrets_n);

#endif

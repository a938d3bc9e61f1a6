/*
 * Payment gateways: the payment methods, behind one interface.
 *
 * A gateway is one file with one `const struct gateway` and one line in
 * gateways.def. It calls its provider through the helper program `fetch`
 * (tools/fetch) and does not use the database: the structs below are its input
 * and output. Nothing here is called while a database transaction is open.
 *
 * Amounts are decimal strings in the currency's unit ("19.99"), as everywhere;
 * a gateway turns them into the integers that its provider counts in, and back.
 */
#ifndef CGISHOP_GATEWAY_GATEWAY_H
#define CGISHOP_GATEWAY_GATEWAY_H

#include "core/base/arena.h"
#include "core/base/str.h"

struct config;
struct money_rules;

/* The states: core/gateway/states.def. The names are those of SQL and the API. */
enum payment_state {
#define PAYMENT_STATE(name, text) PAYMENT_##name,
#include "core/gateway/states.def"
};
const char *payment_state_name(enum payment_state s);

enum refund_state {
#define REFUND_STATE(name, text) REFUND_##name,
#include "core/gateway/states.def"
};
const char *refund_state_name(enum refund_state s);

enum dispute_state {
#define DISPUTE_STATE(name, text) DISPUTE_##name,
#include "core/gateway/states.def"
};
const char *dispute_state_name(enum dispute_state s);

enum gateway_outcome {
	GATEWAY_DONE,     /* *reported is filled, and is about this payment */
	GATEWAY_REFUSED,  /* refused permanently, without effect; the reason is in reported->failure */
	GATEWAY_UNKNOWN,  /* no response, a 5xx, or an unreadable one: it may have happened; retry */
	GATEWAY_MISMATCH, /* the response is about another payment, or opened another amount: ignore it;
			   * reported->failure
			   */
};

/*
 * The buyer and the destination, for providers and rules that require them (PAYMENT_CUSTOMER_DETAILS). Slices with n ==
 * 0 are unknown.
 */
struct gateway_customer {
	struct str name, email, phone;
	struct str line1, line2, city, region, postal_code, country;
};

/* A payment as we know it. Slices with n == 0 are not known yet. */
struct gateway_payment {
	struct str id;           /* ours, a UUID: the idempotency key of its creation is derived from it */
	struct str order;        /* ours, a UUID */
	struct str order_number; /* "100001", for people */
	struct str amount;       /* "1180.00" */
	struct str currency;     /* "INR" */
	struct str gateway_id;   /* the provider's id of what was opened: "pi_…", "order_…" */
	struct str transaction;  /* the provider's id of what moved the money: "pi_…", "pay_…" */
	struct gateway_customer customer;
	bool requested_before; /* the provider may have opened it already; look it up first */
	bool manual_capture;   /* reserve the money only */
	bool waited;           /* the time for a slow method is over */
	struct str capture;    /* the part to capture; n == 0: all */
};

struct gateway_refund {
	struct str id;             /* ours, a UUID: the idempotency key */
	struct str amount;         /* of this refund */
	struct str gateway_refund; /* "re_…", "rfnd_…"; n == 0 before the first answer */
	bool requested_before;     /* the provider may have it already: look it up first, as keys expire after a day */
};

/* The customer's bank reverses a payment, or inquires about it. */
struct gateway_dispute {
	struct str id; /* the provider's: "du_…", "disp_…" */
	enum dispute_state state;
	bool is_inquiry;       /* no money has moved */
	struct str amount;     /* in the currency of the status */
	struct str taken;      /* the part lost, if it is lost */
	struct str reason;     /* the provider's code: "fraudulent" */
	int64_t due_s;         /* the deadline for evidence; 0: unknown */
	int64_t reported_at_s; /* the time of this state */
};

/* What a provider reports, in a response or a webhook. Slices with n == 0 were not reported. */
struct provider_status {
	enum payment_state state; /* PAYMENT_CREATED, which changes nothing, if this is about a refund or a dispute */
	struct str gateway_id, transaction;
	struct str payment;  /* our id, if the provider repeats it */
	struct str amount;   /* of the payment */
	struct str currency; /* upper case */
	struct str received; /* what the provider holds of it, before refunds */
	struct str refunded; /* the refunded part, by any refunds */
	struct str fee;      /* the part of received that the customer may have been charged above the amount */
	int64_t expires_at;  /* the deadline of the chosen voucher (Unix time); 0: none */
	bool is_slow;        /* a method that takes days and has no deadline, or the money is in transit */
	struct str failure;  /* why the last attempt failed, in the provider's words, ≤ 500 characters */
	bool unsent;         /* of GATEWAY_UNKNOWN: this shop could not send the request */

	/* The refund, if the response or event is about one. */
	bool about_refund;
	enum refund_state refund_state;
	struct str gateway_refund, refund; /* the provider's id, our id */
	struct str refund_amount;

	bool about_dispute;
	struct gateway_dispute dispute;

	/* What the customer's browser needs to pay: a JSON object. Secret; never stored. */
	struct str client;
};

/* The refunds of a payment, in the arena of the call. */
struct gateway_refunds {
	struct provider_status *reported;
	size_t n;
};

/* A webhook's event. */
struct gateway_event {
	struct str id;   /* unique among the provider's events, from signed data only; ≤ 1000 bytes */
	struct str type; /* "payment_intent.succeeded"; "unknown", "unreadable" */
	bool understood; /* `reported` is filled; false: an event without effect here */
	bool garbled;    /* it may matter here but cannot be read: for staff to check */
	struct provider_status reported;
};

struct gateway_call {
	struct arena *arena;
	const struct config *config;
	struct str request_id; /* for the log */
	int64_t end_us; /* of the monotonic clock: it is given up then, and its outcome is unknown; 0: its usual limit
			 */
};

struct gateway_setting {
	const char *name; /* "…_SECRET_KEY" */
	size_t field;     /* its offset in struct config */
};

struct gateway {
	const char *name; /* the payment_method: "stripe" */
	bool online;      /* paid at a provider, within minutes; else offline, at any time */

	/* How the provider counts amounts (core/gateway/money.h); NULL: any currency, as offline. */
	const struct money_rules *money;

	/* The settings without which it is not offered; all of them are text. */
	const struct gateway_setting *settings;
	size_t settings_n;

	/*
	 * The calls below fill *reported and are idempotent: a payment or refund
	 * is opened, captured or refunded once, however often they are made.
	 * NULL if `online` is false: staff do it and record it with mark-paid.
	 */
	enum gateway_outcome (*open)(const struct gateway_call *c, const struct gateway_payment *p,
				     struct provider_status *reported);
	enum gateway_outcome (*retrieve)(const struct gateway_call *c, const struct gateway_payment *p,
					 struct provider_status *reported);
	enum gateway_outcome (*capture)(const struct gateway_call *c, const struct gateway_payment *p,
					struct provider_status *reported);
	/* A payment that turns out to be captured is reported as captured, not refused. */
	enum gateway_outcome (*cancel)(const struct gateway_call *c, const struct gateway_payment *p,
				       struct provider_status *reported);
	enum gateway_outcome (*refund)(const struct gateway_call *c, const struct gateway_payment *p,
				       const struct gateway_refund *r, struct provider_status *reported);

	/* All refunds of a payment, including those made on the provider's pages; on failure reported->failure. */
	enum gateway_outcome (*refunds)(const struct gateway_call *c, const struct gateway_payment *p,
					struct gateway_refunds *found, struct provider_status *reported);

	/*
	 * Is the browser's data from the provider's page genuine? transaction
	 * and signature are as sent. NULL: the provider signs nothing for the
	 * browser; `retrieve` is called instead. No network.
	 */
	bool (*browser_signature)(const struct config *config, const struct gateway_payment *p, struct str transaction,
				  struct str signature);
	/* The names of its members: gateway_id, transaction, signature; in a link, the first. */
	struct {
		const char *gateway_id, *transaction, *signature;
	} browser_fields;

	/* Webhooks: no network, no clock but now_s. NULL: it sends none. */
	bool (*webhook_signature)(const struct config *config, struct str header, struct str body, int64_t now_s);
	/*
	 * Read a body with a valid signature. False: not an event of the provider. Every signed event is recorded, even
	 * of a later API version.
	 */
	bool (*webhook_read)(struct arena *a, struct str body, struct gateway_event *out);
	const char *webhook_header; /* the CGI variable of the signature: "HTTP_STRIPE_SIGNATURE" */
};

/* NULL for an unknown name. */
const struct gateway *gateway_find(struct str name);
/* All of gateways.def, in its order. */
extern const struct gateway *const gateways[];
extern const size_t gateways_n;
/* The value of its i-th setting; "": it is not set. */
const char *gateway_setting(const struct gateway *g, size_t i, const struct config *config);
/* The name of the first of its settings that is not set; NULL: it has all it needs. */
const char *gateway_missing(const struct gateway *g, const struct config *config);
bool gateway_is_configured(const struct gateway *g, const struct config *config);
/* Is it among PAYMENT_METHODS and configured? Others accept no new payments; old ones are still processed. */
bool gateway_is_offered(const struct gateway *g, const struct config *config);

/* All calls above compare secrets in constant time; none is logged or returned. */

#endif

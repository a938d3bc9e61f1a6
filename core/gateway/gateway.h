/*
 * Payment gateways: the ways to pay, behind one interface.
 *
 * A gateway is one file with one `const struct gateway` and one line in
 * gateways.def. It talks to its provider through the helper program `fetch`
 * (tools/fetch), and knows nothing of the database: what it is told and what it
 * tells are the structs below. Nothing here is called while a database
 * transaction is open.
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

/* How far a payment has come. A payment only moves down this list, whatever is heard of it and when. */
enum payment_state {
	PAYMENT_CREATED,    /* ours alone: the gateway has not answered yet */
	PAYMENT_PENDING,    /* the customer's turn */
	PAYMENT_FAILED,     /* the last try failed; another one may succeed */
	PAYMENT_AUTHORIZED, /* the money is reserved */
	PAYMENT_CANCELLED,
	PAYMENT_NEEDS_ATTENTION, /* the provider holds another amount or currency than ours */
	PAYMENT_CAPTURED,        /* the money is ours */
};
const char *payment_state_name(enum payment_state s); /* as in SQL: "created" */

enum refund_state { REFUND_PENDING, REFUND_FAILED, REFUND_SUCCEEDED };
const char *refund_state_name(enum refund_state s);

enum dispute_state { DISPUTE_NEEDS_RESPONSE, DISPUTE_UNDER_REVIEW, DISPUTE_CLOSED, DISPUTE_WON, DISPUTE_LOST };
const char *dispute_state_name(enum dispute_state s);

enum gateway_outcome {
	GATEWAY_DONE,     /* *facts is filled, and is about what was asked */
	GATEWAY_REFUSED,  /* it said no, for good, and nothing happened there; facts->failure says why */
	GATEWAY_UNKNOWN,  /* no answer, a 5xx, or one that cannot be read: it may have happened; ask again */
	GATEWAY_MISMATCH, /* the answer is about another payment, or opened another amount: believe nothing;
			     facts->failure */
};

/*
 * Who pays and where the goods go, for the providers and the rules that want it (PAYMENT_CUSTOMER_DETAILS). Slices with
 * n == 0 are not known.
 */
struct gateway_customer {
	struct str name, email, phone;
	struct str line1, line2, city, region, postal_code, country;
};

/* A payment as we know it. Slices with n == 0 are not known yet. */
struct gateway_payment {
	struct str id;           /* ours, a UUID: the idempotency key of its creation is made from it */
	struct str order;        /* ours, a UUID */
	struct str order_number; /* "100001", for people */
	struct str amount;       /* "1180.00" */
	struct str currency;     /* "INR" */
	struct str gateway_id;   /* what the provider calls what was opened: "pi_…", "order_…" */
	struct str transaction;  /* what moved the money: "pi_…", "pay_…" */
	struct gateway_customer customer;
	bool asked_before;    /* the provider may have opened it already; look there first */
	bool capture_by_hand; /* reserve the money only */
	bool waited;          /* the time for a slow method is up */
	struct str capture;   /* what to capture of what is reserved; n == 0: all */
};

struct gateway_refund {
	struct str id;             /* ours, a UUID: the idempotency key */
	struct str amount;         /* of this refund */
	struct str gateway_refund; /* "re_…", "rfnd_…"; n == 0 before the first answer */
	bool asked_before;         /* the provider may have it already: look there first, it forgets keys after a day */
};

/* A customer's bank takes a payment back, or asks what it was for. */
struct gateway_dispute {
	struct str id; /* the provider's: "du_…", "disp_…" */
	enum dispute_state state;
	bool is_inquiry;   /* no money has moved */
	struct str amount; /* in the currency of the facts */
	struct str taken;  /* of it, when it is lost */
	struct str reason; /* the provider's code: "fraudulent" */
	int64_t due_s;     /* when the evidence has to be there; 0: not told */
	int64_t news_s;    /* when this was so */
};

/* What a provider says, in an answer or in a webhook. Slices with n == 0: it did not say. */
struct gateway_facts {
	enum payment_state state; /* PAYMENT_CREATED, which moves nothing, when it is about a refund or a dispute */
	struct str gateway_id, transaction;
	struct str payment;  /* our id, where the provider repeats it */
	struct str amount;   /* of the payment */
	struct str currency; /* upper case */
	struct str received; /* what the provider holds of it, before refunds */
	struct str refunded; /* what has been given back of it, by whatever refunds */
	struct str fee;      /* of received, what the customer may have been charged above the amount */
	int64_t expires_at;  /* until when the customer may pay by the voucher that they chose (Unix time); 0: no such
				date */
	bool is_slow;        /* they chose a method that takes days and has no such date, or the money is on its way */
	struct str failure;  /* why the last try failed, in the provider's words, ≤ 500 characters */

	/* Of a refund, when the answer or the event is about one. */
	bool about_refund;
	enum refund_state refund_state;
	struct str gateway_refund, refund; /* the provider's id, our id */
	struct str refund_amount;

	bool about_dispute;
	struct gateway_dispute dispute;

	/* What the customer's browser needs to pay: a JSON object. Secret; never stored. */
	struct str client;
};

/* The refunds of a payment, as facts; in the arena of the call. */
struct gateway_refunds {
	struct gateway_facts *facts;
	size_t n;
};

/* A webhook's event. */
struct gateway_event {
	struct str id;   /* unique among the provider's events as far as the signature vouches for it; ≤ 1000 bytes */
	struct str type; /* "payment_intent.succeeded"; "unknown", "unreadable" */
	bool understood; /* facts are filled; false: an event that changes nothing here */
	bool garbled;    /* it may matter here, and cannot be read: for people to look at */
	struct gateway_facts facts;
};

struct gateway_call {
	struct arena *arena;
	const struct config *config;
	struct str request_id; /* for the log */
};

struct gateway {
	const char *name; /* the payment_method: "stripe" */
	bool online;      /* paid at a provider, within minutes; else by hand, whenever it comes */

	/* How the provider counts amounts (core/gateway/money.h); NULL: in any currency, as by hand. */
	const struct money_rules *money;

	/* All its settings are there. */
	bool (*is_configured)(const struct config *config);

	/*
	 * The calls below fill *facts and are idempotent: the same payment or
	 * refund is opened, captured or given back once, however often they are
	 * made. NULL where `online` is false: people do it, mark-paid tells of it.
	 */
	enum gateway_outcome (*open)(const struct gateway_call *c, const struct gateway_payment *p,
				     struct gateway_facts *facts);
	enum gateway_outcome (*retrieve)(const struct gateway_call *c, const struct gateway_payment *p,
					 struct gateway_facts *facts);
	enum gateway_outcome (*capture)(const struct gateway_call *c, const struct gateway_payment *p,
					struct gateway_facts *facts);
	/* A payment that turns out to be captured is told as that, not refused. */
	enum gateway_outcome (*cancel)(const struct gateway_call *c, const struct gateway_payment *p,
				       struct gateway_facts *facts);
	enum gateway_outcome (*refund)(const struct gateway_call *c, const struct gateway_payment *p,
				       const struct gateway_refund *r, struct gateway_facts *facts);

	/* All refunds of a payment, those too that were made on the provider's pages; facts->failure says why not. */
	enum gateway_outcome (*refunds)(const struct gateway_call *c, const struct gateway_payment *p,
					struct gateway_refunds *found, struct gateway_facts *facts);

	/*
	 * Is what the browser brings back from the provider's page genuine?
	 * transaction and signature are as sent. NULL: the provider signs nothing
	 * for the browser, `retrieve` is asked instead. No network.
	 */
	bool (*browser_signature)(const struct config *config, const struct gateway_payment *p, struct str transaction,
				  struct str signature);
	/* The names of what it brings: of our gateway_id, the transaction, the signature; of a link, of the first. */
	struct {
		const char *gateway_id, *transaction, *signature;
	} browser_fields;

	/* Webhooks: no network, no clock but now_s. NULL: it sends none. */
	bool (*webhook_signature)(const struct config *config, struct str header, struct str body, int64_t now_s);
	/*
	 * Of a body whose signature is right. False: it is no event of the provider's. Whatever event it signs is
	 * recorded, also what a later version of it says.
	 */
	bool (*webhook_read)(struct arena *a, struct str body, struct gateway_event *out);
	const char *webhook_header; /* the CGI variable of the signature: "HTTP_STRIPE_SIGNATURE" */
};

/* NULL for a name that is none. */
const struct gateway *gateway_find(struct str name);
/* All of gateways.def, in its order. */
extern const struct gateway *const gateways[];
extern const size_t gateways_n;
/* Is it among PAYMENT_METHODS, and has its settings? Others take no new payment; old ones are still looked after. */
bool gateway_is_offered(const struct gateway *g, const struct config *config);

/* The secrets of all calls above are compared in constant time; no one of them is logged or told. */

#endif

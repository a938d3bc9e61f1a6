/*
 * A provider of payments for tests: its helper program `fetch` is a script that
 * keeps what it was asked and answers what the test laid down.
 *
 *	provider_open(&v, (struct config){ .stripe_secret_key = "sk_test_1", … });
 *	provider_begin(&v);
 *	provider_answer(&v, 200, "{…}");
 *	is_outcome(g->open(&v.call, &provider_new_payment, &reported), GATEWAY_DONE, "opened");
 *	is_requested(&v, 0, "POST", "https://…");
 *	provider_close(&v);
 */
#ifndef CGISHOP_TESTS_UNIT_PROVIDER_H
#define CGISHOP_TESTS_UNIT_PROVIDER_H

#include "core/base/arena.h"
#include "core/config/config.h"
#include "core/gateway/gateway.h"
#include "tests/unit/test.h"

/* Ids of ours. */
#define PAYMENT "01900000-0000-7000-8000-000000000001"
#define OTHER "01900000-0000-7000-8000-00000000000f"
#define ORDER "01900000-0000-7000-8000-000000000002"
#define REFUND "01900000-0000-7000-8000-000000000003"

struct provider {
	struct arena arena; /* of one case: provider_begin empties it */
	struct config config;
	struct gateway_call call;
	char directory[64];
	int answers_n;
};

/* v stays where it is: v->call points into it. */
void provider_open(struct provider *v, struct config config);
void provider_close(struct provider *v);

/* Another case: forget what was asked, what is to be answered, and all that was read. */
void provider_begin(struct provider *v);
/* An HTTP answer to the next call that has none yet. */
void provider_answer(struct provider *v, int status, const char *body);
/* The same as what the helper writes, and its exit status. */
void provider_answer_raw(struct provider *v, struct str text, int exit_status);

/* How many calls there were. */
int provider_asked_n(struct provider *v);
/* A member of the i-th request; "headers/X" for one of its headers; "" when it has none. */
struct str provider_asked(struct provider *v, int i, const char *name);

/* 19.99 EUR, unknown to every provider. */
extern const struct gateway_payment provider_new_payment;
/* The same, opened there. */
struct gateway_payment provider_payment(const char *gateway_id, const char *transaction);

static UNUSED void is_requested(struct provider *v, int i, const char *method, const char *url)
{
	is_str(provider_asked(v, i, "method"), method, "call %d is a %s", i, method);
	is_str(provider_asked(v, i, "url"), url, "to %s", url);
}

static UNUSED void is_outcome(enum gateway_outcome got, enum gateway_outcome expected, const char *what)
{
	is_int(got, expected, "%s", what);
}

#endif

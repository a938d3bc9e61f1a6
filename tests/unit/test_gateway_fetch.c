/*
 * What the helper program `fetch` may do, whatever the provider.
 */
#include "tests/unit/provider.h"

static void test_outcomes(struct provider *v)
{
	static const struct {
		const char *text;
		int exit_status;
	} cases[] = {
		{ "", 64 },
		{ "", 69 },
		{ "", 75 },
		{ "", 0 },
		{ "{}", 0 },
		{ "{\"status\":\"200\",\"body\":\"{}\"}", 0 },
		{ "{\"status\":99,\"body\":\"{}\"}", 0 },
		{ "{\"status\":200,\"body\":{}}", 0 },
		{ "{\"status\":200,\"body\":\"{}\"", 0 },
	};
	struct gateway_call elsewhere = v->call;
	struct config config = v->config;
	struct provider_status f;

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		provider_begin(v);
		provider_answer_raw(v, str_z(cases[i].text), cases[i].exit_status);
		is_int(gateway_find(STR("stripe"))->open(&v->call, &provider_new_payment, &f), GATEWAY_UNKNOWN,
		       "fetch ends with %d: \"%s\"", cases[i].exit_status, cases[i].text);
		ok(f.failure.n > 0, "a reason");
	}
	ok(!f.unsent, "it may have been sent");
	for (int status = 1; status < 128; status += status == 1 ? 125 : 1) {
		provider_begin(v);
		provider_answer_raw(v, STR(""), status);
		is_int(gateway_find(STR("stripe"))->open(&v->call, &provider_new_payment, &f), GATEWAY_UNKNOWN,
		       "fetch ends with %d", status);
		ok(f.unsent, "nothing was sent, and that is not the provider's fault");
	}
	config.helper_dir = "/nowhere";
	elsewhere.config = &config;
	is_int(gateway_find(STR("stripe"))->open(&elsewhere, &provider_new_payment, &f), GATEWAY_UNKNOWN,
	       "there is no fetch");
	ok(f.unsent, "so nothing was sent");
	is_str(f.failure,
	       "Nothing was sent to Stripe: the helper program fetch is missing or cannot be started; shopctl doctor "
	       "says "
	       "more.",
	       "which is what staff read");
}

int main(void)
{
	struct provider v;

	provider_open(&v,
		      (struct config){ .stripe_secret_key = "sk_test_1", .stripe_api_base = "https://stripe.test" });
	test_outcomes(&v);
	provider_close(&v);
	return test_done();
}

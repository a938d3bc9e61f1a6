#include "core/gateway/gateway.h"

#include "core/config/config.h"
#include "tests/unit/test.h"

static void test_list(void)
{
	static const char *const names[] = { "cod", "manual", "stripe", "razorpay" };
	struct config config = { .payment_methods = "stripe, cod",
				 .stripe_secret_key = "k",
				 .stripe_webhook_secret = "" };

	is_int(gateways_n, ARRAY_LEN(names), "so many ways to pay");
	for (size_t i = 0; i < gateways_n && i < ARRAY_LEN(names); i++) {
		is_str(str_z(gateways[i]->name), names[i], "in their order");
		ok(gateway_find(str_z(names[i])) == gateways[i], "found by its name");
		is_int(gateways[i]->open && gateways[i]->retrieve && gateways[i]->capture && gateways[i]->cancel &&
			       gateways[i]->refund && gateways[i]->webhook_signature && gateways[i]->webhook_read &&
			       gateways[i]->webhook_header,
		       gateways[i]->online, "has all calls when it is online");
	}
	ok(!gateway_find(STR("")) && !gateway_find(STR("paypal")) && !gateway_find(STR("Stripe")), "others are none");
	ok(gateway_is_offered(gateway_find(STR("cod")), &config), "cod is offered");
	ok(!gateway_is_offered(gateway_find(STR("manual")), &config), "what is not in the list is not");
	ok(!gateway_is_offered(gateway_find(STR("stripe")), &config), "nor what lacks a setting");
	config.stripe_webhook_secret = "w";
	ok(gateway_is_offered(gateway_find(STR("stripe")), &config), "once it has all it is");
	is_str(str_z(payment_state_name(PAYMENT_CANCELLED)), "cancelled", "names of states");
	is_str(str_z(refund_state_name(REFUND_SUCCEEDED)), "succeeded", "of refunds too");
}

int main(void)
{
	test_list();
	return test_done();
}

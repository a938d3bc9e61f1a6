# Payments by Razorpay through the API: signatures of its page, reserved money, and check_fault.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

opened() { asked 'POST /v1/orders'; }

# page [HOW] : the customer pays $intent; what the page gives to the browser.
page() { pay razorpay "$intent" "${1-succeed}" | jq -c .checkout; }

@test "razorpay: from the order to the money" {
	place "$product:2"
	begin razorpay
	is '[.status, .amount, .currency, .client.currency, (.client.amount | tostring)] | join(" ")' \
		'pending 20.00 EUR EUR 2000'
	[[ $intent == order_* && $(field .client.key_id) == rzp_test_* ]]
	[[ $body != *stand_in_key_secret* ]]
	order_is pending pending
	act confirm
	expect 400 invalid-json
	paid=$(page)
	act confirm "$paid"
	expect 200
	is '[.status, .transaction_id] | join(" ")' "captured $(jq -r .razorpay_payment_id <<<"$paid")"
	order_is paid paid
	act confirm "$paid"
	expect 200
	deliver razorpay times:=2 >/dev/null
	order_is paid paid
	[[ $(ledger '[.totals[].captured] | tojson') == '[2000]' ]]
}

@test "razorpay: a signature that is not right changes nothing" {
	place "$product:1"
	begin razorpay
	paid=$(page)
	for change in '.razorpay_signature |= .[1:]' '.razorpay_signature = ("0" * 64)' '.razorpay_signature |= ascii_upcase' \
		'.razorpay_payment_id = "pay_OtherOneOfThem"' '.razorpay_order_id = "order_OtherOneOfThe"'; do
		act confirm "$(jq -c "$change" <<<"$paid")"
		expect 400 invalid-signature
	done
	payment_is pending
	order_is pending pending
	act confirm '{"razorpay_order_id":7}'
	refused '/razorpay_order_id wrong_type, /razorpay_payment_id required, /razorpay_signature required'
	act confirm "$(jq -c 'del(.razorpay_signature) + {signature: .razorpay_signature}' <<<"$paid")"
	refused '/razorpay_signature required'
	act confirm "$(jq -c '. + {amount: "0.01"} | del(.razorpay_order_id)' <<<"$paid")"
	expect 200
	is .status captured
}

@test "razorpay: the checkout's object is taken whole, with all that is not for us" {
	place "$product:1"
	begin razorpay
	paid=$(page)
	act confirm "$(jq -c '. + {checkout_logo: "https://cdn.example/logo.png", org_name: "Razorpay", org_logo: null,
		custom_branding: false, status_code: 200, "http_status_code": 200, nested: {a: [1, {b: null}]}}' <<<"$paid")"
	expect 200
	is .status captured
	order_is paid paid
	place "$product:1"
	begin razorpay
	paid=$(page)
	act confirm "$(jq -c '.razorpay_order_id = null' <<<"$paid")"
	expect 200
	# Besides what is ignored, required members are as strict as before.
	place "$product:1"
	begin razorpay
	page >/dev/null
	act confirm '{"org_name":"Razorpay","razorpay_payment_id":7}'
	refused '/razorpay_payment_id wrong_type, /razorpay_signature required'
	act confirm '["razorpay_payment_id"]'
	refused ' wrong_type'
	act confirm '{"org_name":"a","org_name":"b"}'
	expect 400 invalid-json
	payment_is pending
}

@test "razorpay: the signature of another payment pays nothing" {
	cheap=$(make_product price=1.00)
	place "$cheap:1"
	begin razorpay
	paid=$(page)
	place "$product:5"
	begin razorpay
	act confirm "$paid"
	expect 400 invalid-signature
	act confirm "$(jq -c --arg order "$intent" '.razorpay_order_id = $order' <<<"$paid")"
	expect 400 invalid-signature
	order_is pending pending
}

@test "razorpay: a signature is good for reserved money where the provider is silent" {
	place "$product:1"
	begin razorpay
	paid=$(page)
	fault error match='GET /v1/orders'
	act confirm "$paid"
	expect 200
	is '[.status, .transaction_id] | join(" ")' "authorized $(jq -r .razorpay_payment_id <<<"$paid")"
	order_is pending pending
	no_faults
	act confirm "$paid"
	expect 200
	is .status captured
	order_is paid paid
}

@test "razorpay: reserved money is captured by the confirmation" {
	place "$product:1"
	begin razorpay
	paid=$(page authorize)
	act confirm "$paid"
	expect 200
	is .status captured
	[[ $(ledger '[.totals[].captured] | tojson') == '[1000]' ]]
	place "$product:1"
	begin razorpay
	paid=$(page authorize)
	fault lose match=/capture times:=1
	act confirm "$paid"
	expect 200
	is .status authorized
	order_is pending pending
	by staff ask POST "/payments/$payment/capture"
	expect 200
	is .status captured
	order_is paid paid
	[[ $(ledger '[.totals[].captured] | tojson') == '[1000,1000]' ]]
}

@test "razorpay: reserved money cannot be cancelled" {
	place "$product:1"
	begin razorpay
	page authorize >/dev/null
	act cancel
	expect 409 conflict
	payment_is authorized
	new_key
	try_begin cod
	expect 409 conflict
	payments_are 'razorpay authorized'
}

@test "razorpay: a payment that was cancelled here and paid there is paid" {
	place "$product:1"
	begin razorpay
	act cancel
	expect 200
	order_is placed unpaid
	paid=$(page)
	fault error match='GET /v1/orders' times:=1
	act confirm "$paid"
	expect 503 unavailable
	payment_is cancelled
	act confirm "$paid"
	expect 200
	is .status captured
	order_is paid paid
	# The same with the shop's order gone: the money goes back.
	place "$product:1"
	begin razorpay
	by staff ask POST "/orders/$order/cancel"
	expect 200
	paid=$(page)
	act confirm "$paid"
	expect 200
	is .status captured
	order_is cancelled paid
	refunds_are '10.00 pending'
}

@test "razorpay: a failed try and then a good one" {
	place "$product:1"
	begin razorpay
	pay razorpay "$intent" fail >/dev/null
	deliver razorpay >/dev/null
	payment_is failed
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	is .failure payment_failed
	new_key
	try_begin razorpay
	expect 200
	[[ $(field .client.order_id) == "$intent" && $(opened) == 1 ]]
	paid=$(page)
	deliver razorpay order=reversed >/dev/null
	order_is paid paid
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	is '[.status, .failure] | join(":")' captured:
}

# check_fault FAULT... : begin fails by it, tells so, leaves one order there that counts, and succeeds when it is asked again.
check_fault() {
	gateways_reset
	place "$product:1"
	new_key
	fault "$@" times:=1
	try_begin razorpay
	expect 503 unavailable
	[[ $body != *order_* && -n $(header Retry-After) ]]
	payments_are 'razorpay created'
	try_begin razorpay
	expect 201
	begun
	[[ $(control '{"objects":{"kind":"order"}}' | jq length) == 1 ]]
	paid=$(page)
	act confirm "$paid"
	expect 200
	order_is paid paid
}

@test "razorpay: an error, a 429, a lost answer" {
	check_fault error
	check_fault error status:=429
	check_fault error_after
	check_fault lose
}

@test "razorpay: garbage, half an answer" {
	check_fault garbage
	check_fault truncate
	check_fault cut
}

@test "razorpay: an answer about another amount or currency makes nothing paid" {
	for how in wrong_amount wrong_currency; do
		check_fault "$how" match='POST /v1/orders'
	done
	place "$product:1"
	begin razorpay
	paid=$(page)
	for how in wrong_currency wrong_amount; do
		fault "$how" match='GET /v1/orders' times:=1
		act confirm "$paid"
		expect 200
		is .status needs_attention
		order_is pending pending
	done
	act confirm "$paid"
	expect 200
	order_is paid paid
}

@test "razorpay: a refusal is reported" {
	place "$product:1"
	fault error status:=400 times:=1
	try_begin razorpay
	expect 409 payment-refused
	payments_are 'razorpay failed'
	order_is placed unpaid
	try_begin cod
	expect 422 idempotency-key-reused
	begin cod
	payments_are 'razorpay cancelled, cod pending'
	[[ $(opened) == 1 ]]
}

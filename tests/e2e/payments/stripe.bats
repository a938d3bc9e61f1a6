# Payments by Stripe through the API, and what is done when Stripe does badly.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments
load ../../support/messages

# captured_of ID : what the provider took, in cents.
captured_of() { ledger ".totals[\"$1\"].captured // 0"; }

opened() { asked 'POST /v1/payment_intents' '[.[] | select(.path == "/v1/payment_intents")] | length'; }

@test "stripe: from the order to the money" {
	place "$product:2"
	begin stripe
	is '[.status, .amount, .currency, .gateway, (.transaction_id | tojson)] | join(" ")' 'pending 20.00 EUR stripe null'
	[[ $intent == pi_* && $(field .client.client_secret) == "${intent}_secret_"* ]]
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq -c '[.[] | [.amount, .currency, .metadata.order]]') == \
		"[[2000,\"eur\",\"$order\"]]" ]]
	order_is pending pending
	act confirm
	expect 200
	is .status pending
	pay stripe "$intent" >/dev/null
	act confirm
	expect 200
	is '[.status, .transaction_id] | join(" ")' "captured $intent"
	is 'has("client")' false
	order_is paid paid
	act confirm
	expect 200
	deliver stripe >/dev/null
	order_is paid paid
	by staff api GET "/orders/$order"
	is '[.events[] | .to_status] | join(" ")' 'placed pending paid'
	act cancel
	expect 409 conflict
	[[ $(captured_of "$intent") == 2000 ]]
}

@test "stripe: the secret is in no table" {
	place "$product:1"
	begin stripe
	secret=$(field .client.client_secret)
	[[ $(sql "select (select count(*) from idempotency_keys k where k::text like '%$secret%')
		+ (select count(*) from payments p where p::text like '%$secret%')
		+ (select count(*) from audit_logs a where a.new_data::text like '%$secret%')") == 0 ]]
	try_begin stripe
	expect 201
	[[ $(header Idempotent-Replayed) == true && $(field .client.client_secret) == "$secret" ]]
	[[ $(opened) == 1 ]]
}

@test "stripe: loading the page again finds the same intent" {
	place "$product:1"
	begin stripe
	first=$(field '[.id, .client.client_secret] | join(" ")')
	new_key
	try_begin stripe
	expect 200
	is '[.id, .client.client_secret] | join(" ")' "$first"
	[[ $(opened) == 1 ]]
	pay stripe "$intent" fail >/dev/null
	deliver stripe >/dev/null
	payment_is failed
	order_is placed unpaid
	act confirm
	expect 200
	is '[.status, .failure] | join(": ")' 'failed: payment_failed'
	new_key
	try_begin stripe
	expect 200
	is '[.id, .client.client_secret] | join(" ")' "$first"
	pay stripe "$intent" >/dev/null
	act confirm
	expect 200
	is '[.status, .failure] | join(": ")' 'captured: '
	[[ $(opened) == 1 ]]
}

@test "stripe: a change of mind ends the intent before the next payment" {
	place "$product:1"
	begin stripe
	first=$intent
	begin cod
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq -r '.[].status') == canceled ]]
	begin razorpay
	payments_are 'stripe cancelled, cod cancelled, razorpay pending'
	order_is pending pending
	deliver stripe >/dev/null
	order_is pending pending
	begin stripe
	[[ $intent != "$first" ]]
	payments_are 'stripe cancelled, cod cancelled, razorpay cancelled, stripe pending'
}

@test "stripe: a change of mind after it was paid keeps what was paid" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	new_key
	try_begin cod
	expect 409 conflict
	payments_are 'stripe captured'
	order_is paid paid
}

@test "stripe: an intent that cannot be ended stays, and nothing else is begun" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" processing >/dev/null
	fault error match="/cancel" status:=400
	new_key
	try_begin cod
	expect 409 conflict
	payments_are 'stripe pending'
	act cancel
	expect 409 payment-refused
	payments_are 'stripe pending'
	no_faults
	try_begin cod
	expect 201
	payments_are 'stripe cancelled, cod pending'
}

@test "stripe: cancelling a payment" {
	place "$product:1"
	begin stripe
	act cancel
	expect 200
	is .status cancelled
	order_is placed unpaid
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq -r '.[].status') == canceled ]]
	act cancel
	expect 200
	act confirm
	expect 409 conflict
	begin stripe
	pay stripe "$intent" >/dev/null
	act cancel
	expect 409 conflict
	payment_is captured
	order_is paid paid
}

@test "stripe: money that is reserved is taken by the staff" {
	place "$product:1"
	fault error times:=1
	try_begin stripe
	expect 503 unavailable
	sql "update payments set manual_capture = true where order_id = '$order'"
	try_begin stripe
	expect 201
	begun
	by staff ask POST "/payments/$payment/capture"
	expect 409 conflict
	pay stripe "$intent" >/dev/null
	act confirm
	expect 200
	is .status authorized
	order_is pending pending
	[[ $(captured_of "$intent") == 0 ]]
	new_key
	try_begin cod
	expect 409 conflict
	act capture
	expect 401 not-authenticated
	fault lose match=/capture times:=1
	by staff ask POST "/payments/$payment/capture"
	expect 503 unavailable
	payment_is authorized
	by staff ask POST "/payments/$payment/capture"
	expect 200
	is .status captured
	order_is paid paid
	[[ $(captured_of "$intent") == 1000 ]]
	by staff ask POST "/payments/$payment/capture"
	expect 200
}

# begin_manual : a payment by Stripe as in a shop with the settings of the test.
begin_manual() {
	mapfile -t -O "${#settings[@]}" settings < <(gateway_settings)
	by_cgi POST payments '' "{\"order\":\"$order\",\"payment_method\":\"stripe\"}" HTTP_IDEMPOTENCY_KEY="$key" \
		HTTP_X_ORDER_TOKEN="$order_token"
	[[ $said == "Status: 201"* ]]
	body=${said##*$'\n'}
	begun
}

@test "stripe: in a shop with PAYMENT_CAPTURE=manual money is reserved until the staff takes it" {
	local capture there state money
	while read -r capture there state money; do
		place "$product:1"
		new_key
		settings=(PAYMENT_CAPTURE="$capture")
		begin_manual
		pay stripe "$intent" >/dev/null
		[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq -r --arg id "$intent" '.[] | select(.id == $id).status') == "$there" ]]
		deliver stripe payment="$intent" >/dev/null
		act confirm
		expect 200
		is .status "$state"
		payment_is "$state"
		[[ $(captured_of "$intent") == "$money" ]]
	done <<-END
		automatic succeeded captured 1000
		manual requires_capture authorized 0
	END
	order_is pending pending
	# Nor does cron take it.
	cron
	payment_is authorized
	[[ $(captured_of "$intent") == 0 ]]
	by staff act capture
	expect 200
	is '[.status, .amount, .transaction_id] | join(" ")' "captured 10.00 $intent"
	[[ $(captured_of "$intent") == 1000 ]]
	order_is paid paid
	deliver stripe payment="$intent" >/dev/null
	by staff api GET "/orders/$order"
	is '[.events[] | .to_status] | join(" ")' 'placed pending paid'
	[[ $(captured_of "$intent") == 1000 ]]
}

@test "stripe: reserved money is released by a cancel" {
	place "$product:1"
	fault error times:=1
	try_begin stripe
	sql "update payments set manual_capture = true where order_id = '$order'"
	try_begin stripe
	begun
	pay stripe "$intent" >/dev/null
	deliver stripe >/dev/null
	payment_is authorized
	act cancel
	expect 200
	is .status cancelled
	order_is placed unpaid
	[[ $(captured_of "$intent") == 0 ]]
}

# check_fault FAULT... : begin fails by it, tells so, opens nothing twice, and succeeds when it is asked again.
check_fault() {
	place "$product:1"
	new_key
	fault "$@" times:=1
	try_begin stripe
	expect 503 unavailable
	[[ -n $(header Retry-After) ]]
	[[ $body != *client* && $body != *pi_* ]]
	payments_are 'stripe created'
	order_is pending pending
	try_begin stripe
	expect 201
	[[ -z $(header Idempotent-Replayed) ]]
	begun
	payments_are 'stripe pending'
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq "[.[] | select(.metadata.order == \"$order\")] | length") == 1 ]]
	pay stripe "$intent" >/dev/null
	act confirm
	expect 200
	order_is paid paid
}

@test "stripe: confirm accepts the parameters of the return_url, and trusts none of them" {
	place "$product:1"
	begin stripe
	back="{\"payment_intent\":\"$intent\",\"payment_intent_client_secret\":\"x\",\"redirect_status\":\"succeeded\"}"
	act confirm "$back"
	expect 200
	is .status pending
	order_is pending pending
	pay stripe "$intent" >/dev/null
	act confirm "${back/succeeded/failed}"
	expect 200
	is .status captured
}

@test "stripe: an error, a 429, a lost answer" {
	check_fault error
	check_fault error status:=503
	check_fault error status:=429
	check_fault error_after
	check_fault lose
}

@test "stripe: garbage, half an answer" {
	check_fault garbage
	check_fault truncate
	check_fault cut
}

@test "stripe: an answer about another amount, currency or payment makes nothing paid" {
	for how in wrong_amount wrong_currency; do
		place "$product:1"
		new_key
		fault "$how" match='POST /v1/payment_intents'
		try_begin stripe
		expect 503 unavailable
		payments_are 'stripe created'
		[[ -z $(sql "select gateway_id from payments where order_id = '$order'") ]]
		no_faults
	done
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	fault wrong_id times:=1
	act confirm
	expect 409 conflict
	payment_is pending
	order_is pending pending
	for how in wrong_currency wrong_amount; do
		fault "$how" times:=1
		act confirm
		expect 200
		is .status needs_attention
		order_is pending pending
	done
	act confirm
	expect 200
	order_is paid paid
}

@test "stripe: a refusal is reported, and another attempt may succeed" {
	place "$product:1"
	fault error status:=402 times:=1 keep:=true
	try_begin stripe
	expect 409 payment-refused
	payments_are 'stripe failed'
	order_is placed unpaid
	try_begin stripe
	expect 201
	payments_are 'stripe cancelled, stripe pending'
	order_is pending pending
}

@test "stripe: no answer; meanwhile nothing is locked and no transaction is open" {
	place "$product:1"
	fault hang
	(try_begin stripe; echo "$status" >"$BATS_TEST_TMPDIR/status") 3>&- &
	for _ in {1..50}; do
		if [[ $(opened) == 1 ]]; then break; fi
		sleep 0.1
	done
	nothing_is_held
	payments_are 'stripe created'
	# A request with the same key, or another one, must wait; the rest of the order goes on.
	try_begin stripe
	expect 409 idempotency-key-in-use
	was=$key
	new_key
	try_begin stripe
	expect 409 conflict
	try_begin cod
	expect 409 conflict
	by staff api GET "/orders/$order"
	expect 200
	[[ $(opened) == 1 ]]
	no_faults
	wait
	[[ $(<"$BATS_TEST_TMPDIR/status") == 503 ]]
	key=$was
	try_begin stripe
	expect 201
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 1 ]]
}

# hangs MATCH COMMAND... : the command's request to the shop waits, as Stripe says nothing to what it is asked: until
# `ends` is called.
hangs() {
	local before
	before=$(asked "$1")
	fault hang match="$1"
	("${@:2}"; echo "$status" >"$BATS_TEST_TMPDIR/status") 3>&- &
	for _ in {1..50}; do
		if (( $(asked "$1") > before )); then break; fi
		sleep 0.1
	done
	(( $(asked "$1") > before ))
	nothing_is_held
}

# ends : Stripe gives up.
ends() {
	[[ ! -e $BATS_TEST_TMPDIR/status ]]
	no_faults
	wait
	[[ $(<"$BATS_TEST_TMPDIR/status") == 503 ]]
	rm "$BATS_TEST_TMPDIR/status"
}

@test "stripe: during a call nothing is locked and no transaction is open" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	hangs "GET /v1/payment_intents/$intent" act confirm
	# The webhook is quicker.
	deliver stripe >/dev/null
	order_is paid paid
	ends
	act confirm
	expect 200

	new_key
	hangs 'POST /v1/refunds' refund_payment
	refunds_are '10.00 pending'
	by staff ask POST "/orders/$order/ship"
	expect 200
	ends
	refund_payment
	expect 201
	refunds_are '10.00 succeeded'

	place "$product:1"
	begin stripe
	hangs /cancel act cancel
	act confirm
	expect 200
	is .status pending
	ends
	new_key
	hangs /cancel try_begin cod
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	expect 200
	ends
	try_begin cod
	expect 201
	payments_are 'stripe cancelled, cod pending'

	place "$product:1"
	fault error times:=1
	try_begin stripe
	sql "update payments set manual_capture = true where order_id = '$order'"
	try_begin stripe
	begun
	pay stripe "$intent" >/dev/null
	act confirm
	is .status authorized
	hangs /capture by staff act capture
	act confirm
	expect 200
	is .status authorized
	ends
	by staff act capture
	expect 200
	order_is paid paid
}

@test "stripe: an order that is cancelled while its payment is opened" {
	place "$product:1"
	fault hang_after
	(try_begin stripe; echo "$status" >"$BATS_TEST_TMPDIR/status") 3>&- &
	for _ in {1..50}; do
		if [[ $(opened) == 1 ]]; then break; fi
		sleep 0.1
	done
	by staff ask POST "/orders/$order/cancel"
	expect 200
	payments_are 'stripe cancelled'
	[[ $(sql "select cancel_requested from payments where order_id = '$order'") == t ]]
	no_faults
	wait
	[[ $(<"$BATS_TEST_TMPDIR/status") == 503 ]]
	try_begin stripe
	expect 409 conflict
	order_is cancelled unpaid
}

@test "stripe: a payment whose browser never returned" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	fault error match='GET /v1/payment_intents'
	act confirm
	expect 503 unavailable
	order_is pending pending
	no_faults
	deliver stripe >/dev/null
	order_is paid paid
}

# The provider holds another amount, or another currency, than requested: it is recorded, and the store is notified.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments
load ../../support/messages

setup_file() {
	open_payments
	sql "update stores set contact_email = 'store@example.com' where id = '$store'"
}
setup() { fresh inventory_count:=100; }

@test "amounts: a fee that the customer bears is not part of the order's money" {
	for bearer in '"customer"' null; do
		place "$product:10"
		pay_other razorpay amount:=10236 fee:=236 fee_bearer:="$bearer"
		act confirm "$(jq -c .checkout <<<"$paid")"
		expect 200
		is '[.status, .amount, .amount_captured, .fee, (.attention | tojson)] | join(" ")' 'captured 100.00 102.36 2.36 null'
		order_is paid paid
		deliver razorpay times:=2 order=reversed >/dev/null
		order_is paid paid
		[[ $(messages_of payment_attention) == 0 ]]
		refund_payment '{"amount":"100.01"}'
		refused '/amount max_value'
		new_key
		refund_payment
		expect 201
		is .amount 100.00
		order_is paid refunded
		[[ $(ledger ".totals[\"$transaction\"].refunded") == 10000 ]]
	done
	# The same by webhook alone.
	place "$product:10"
	pay_other razorpay amount:=10236 fee:=236
	deliver razorpay times:=2 order=reversed >/dev/null
	held captured 102.36 none
	order_is paid paid
}

@test "amounts: a fee that is the shop's, or is not the difference, explains nothing" {
	for words in 'fee:=236 fee_bearer=platform' 'fee:=235 fee_bearer=customer' fee:=null fee:=10236; do
		place "$product:10"
		pay_other razorpay amount:=10236 $words
		act confirm "$(jq -c .checkout <<<"$paid")"
		expect 200
		is '[.status, .amount, .amount_captured, .attention.reason, (.attention | length)] | map(tostring) | join(" ")' \
			'needs_attention 100.00 102.36 amount_differs 1'
		order_is pending pending
	done
}

@test "amounts: a part that is captured at the provider is recorded, and the store is notified" {
	place "$product:2"
	pay_other stripe amount:=500
	only_ours
	no_sender act confirm
	told=$(sql "select recipient || ' ' || (data ->> 'expected') || ', ' || (data ->> 'received') from outbox
		where order_id = '$order' and template = 'payment_attention'")
	expect 200
	is '[.status, .amount, .amount_captured, .attention.reason, .failure] | join(" ")' \
		'needs_attention 20.00 5.00 amount_differs '
	[[ $told == 'store@example.com 20.00 EUR, 5.00 EUR' ]]
	act confirm
	expect 200
	deliver stripe times:=2 >/dev/null
	held needs_attention 5.00 amount_differs
	is '.attention | tojson' '{"expected":{"amount":"20.00","currency":"EUR"},"reason":"amount_differs","received":{"amount":"5.00","currency":"EUR"}}'
	[[ $(sql "select outcome from webhook_events where type = 'payment_intent.succeeded'") == nothing_new ]]
	by staff api GET "/orders/$order"
	is '[.events[].note | select(. != "")] | join("|")' '5.00 EUR were received for a payment of 20.00 EUR: accept or refund them.'
	order_is pending pending
	by staff api GET "/payments?attention=amount_differs&order=$order"
	is '[.results[].id] | join(" ")' "$payment"
	by staff api GET "/payments?attention=disputed&order=$order"
	is '.results | length' 0
	by customer api GET "/payments?attention=amount_differs"
	expect 400 invalid-query
	# Nothing else is paid meanwhile, nor is it cancelled, captured, or marked.
	new_key
	try_begin cod
	expect 409 conflict
	act cancel
	expect 409 conflict
	by staff act capture
	expect 409 conflict
	by staff act mark-paid
	expect 409 conflict
}

@test "amounts: only by webhook, and cron does not cancel the order" {
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	held needs_attention 5.00 amount_differs
	[[ $(outcome_of payment_intent.succeeded) == applied ]]
	overdue
	cron
	order_is pending pending
	held needs_attention 5.00 amount_differs
	# As cron would learn it.
	place "$product:2"
	pay_other stripe amount:=500
	sql "update payments set requested_at = requested_at - interval '10 minutes' where order_id = '$order'"
	cron
	held needs_attention 5.00 amount_differs
}

@test "amounts: a later, complete capture resolves it automatically" {
	place "$product:2"
	pay_other stripe amount:=500
	first=$(made payment_intent.succeeded "$intent")
	event stripe "$first"
	held needs_attention 5.00 amount_differs
	event stripe "$(jq -c --arg id "evt_$(unique)" '.id = $id | .data.object.amount_received = 2000' <<<"$first")"
	expect 200
	held captured 20.00 none
	order_is paid paid
	event stripe "$(jq -c --arg id "evt_$(unique)" '.id = $id' <<<"$first")"
	expect 200
	held captured 20.00 none
	order_is paid paid
	# While more can be captured, the intent is not at its end.
	place "$product:2"
	begin stripe
	pay stripe "$intent" >/dev/null
	whole=$(made payment_intent.succeeded "$intent")
	event stripe "$(jq -c --arg id "evt_$(unique)" '.id = $id | .type = "payment_intent.amount_capturable_updated" |
		.data.object |= (.status = "requires_capture" | .amount_received = 500)' <<<"$whole")"
	expect 200
	held needs_attention 5.00 amount_differs
	event stripe "$whole"
	held captured 20.00 none
	order_is paid paid
	ledger_is_right
}

@test "amounts: more than was known before, after it was captured or accepted" {
	place "$product:2"
	pay_other stripe amount:=500
	first=$(made payment_intent.succeeded "$intent")
	event stripe "$first"
	by staff act accept
	expect 200
	event stripe "$(jq -c --arg id "evt_$(unique)" '.id = $id | .data.object.amount_received = 2000' <<<"$first")"
	expect 200
	held captured 20.00 amount_differs
	[[ $(messages_of payment_attention) == 2 ]]
	by staff act accept
	expect 200
	is '[.status, .amount] | join(" ")' 'captured 20.00'
	order_is paid paid
}

@test "amounts: two transactions of one payment, of which one fits" {
	for order_of in '["reversed"]' '["made"]'; do
		place "$product:2"
		pay_other razorpay amount:=2047 fee:=null
		control "{\"pay\":{\"provider\":\"razorpay\",\"id\":\"$intent\",\"how\":\"again\"}}" >/dev/null
		event razorpay "$(jq -c '.payload.payment.entity.status = "captured"' <<<"$(made payment.authorized "$transaction")")"
		second=$(events 'types:=["payment.authorized"]' | jq -r '.[-1].body' | jq -c \
			'.event = "payment.captured" | .payload.payment.entity |= (.status = "captured" | .captured = true)')
		event razorpay "$second"
		expect 200
		deliver razorpay order="$(jq -r '.[0]' <<<"$order_of")" >/dev/null
		held captured 20.00 none
		is .transaction_id "$(jq -r .payload.payment.entity.id <<<"$second")"
		order_is paid paid
		by staff api GET "/orders/$order"
		is '[.events[].note | select(contains("razorpay holds 20.47 EUR more"))] | length' 1
	done
}

@test "amounts: an answer about another payment is a conflict, and is not lost" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	fault wrong_id match='GET /v1/payment_intents' times:=2
	act confirm
	expect 409 conflict
	by staff act confirm
	expect 409 conflict
	payment_is pending
	by staff api GET "/orders/$order"
	is '[.events[].note | select(. != "")] | join("|")' 'A report of the provider does not match its payment and was ignored.'
	act confirm
	expect 200
	is .status captured
	order_is paid paid
}

@test "amounts: an event of another payment is recorded wherever it arrives" {
	for how in cron cod; do
		place "$product:1"
		begin stripe
		pay stripe "$intent" >/dev/null
		fault wrong_id match='/v1/payment_intents/'
		if [[ $how == cron ]]; then
			sql "update payments set requested_at = requested_at - interval '10 minutes' where order_id = '$order'"
			cron
		else
			new_key
			try_begin cod
			expect 409 conflict
		fi
		no_faults
		payment_is pending
		by staff api GET "/orders/$order"
		is '[.events[].note | select(. != "")] | join("|")' 'A report of the provider does not match its payment and was ignored.'
		act confirm
		expect 200
		order_is paid paid
	done
}

@test "amounts: a provider's message about a failure is only for the store" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" fail >/dev/null
	act confirm
	expect 200
	is '[.status, .failure] | join(" ")' 'failed payment_failed'
	by staff api GET "/payments/$payment"
	is .failure 'Your card was declined.'
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	is .failure payment_failed
	place "$product:1"
	new_key
	fault error status:=400 times:=1
	try_begin stripe
	expect 409 payment-refused
	is .detail 'The payment provider refused the request.'
	new_key
	fault error status:=400 times:=1
	as staff
	try_begin stripe
	as nobody
	expect 409 payment-refused
	is .detail 'An unknown error occurred'
}

@test "amounts: what comes from a provider is written as its currency is" {
	here=$store
	while read -r currency price units held part; do
		open_store "$currency"
		product=$(make_product price="$price")
		place "$product:1"
		pay_other razorpay amount:="$units"
		deliver razorpay >/dev/null
		curl -sS -u rzp_test_StandIn000001:stand_in_key_secret -H 'Content-Type: application/json' \
			"$GATEWAYS/v1/payments/$transaction/refund" -d '{"amount":100}' >/dev/null
		control "{\"dispute\":$(words_as_json provider=razorpay payment="$transaction" amount:=200 phase=retrieval)}" >/dev/null
		deliver razorpay >/dev/null
		by staff api GET "/payments/$payment"
		is '[.amount_captured, .attention.received.amount, .refunds[0].amount, .amount_refunded] | join(" ")' \
			"$held $held $part $part"
		is .dispute.amount "$(sql "select 2 * $part")"
		by staff api GET "/orders/$order"
		is '[.events[].note | select(contains("were received"))] | join("|")' \
			"$held $currency were received for a payment of $price $currency: accept or refund them."
		by staff ask POST "/orders/$order/cancel"
		refunds_are "$part succeeded, $(sql "select $held - $part") pending"
		cron
		order_is cancelled refunded
		gateways_reset
	done <<-'END'
		JPY 1500  1400 1400  100
		KWD 1.500 1400 1.400 0.100
		EUR 15.00 1400 14.00 1.00
	END
	store=$here
}

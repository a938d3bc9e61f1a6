# Giving money back: how much, by scope, once, and what it does to the order, its stock and its invoice.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

# refunded ID : what the provider refunded, in cents.
refunded() { ledger ".totals[\"$1\"].refunded"; }

@test "refunds: in parts, by stripe, until nothing is left" {
	place "$product:2"
	pay_by_stripe
	refund_payment '{"amount":"5.00","reason":"a dent"}'
	expect 201
	is '[.status, .amount, .currency, .reason, (.restock | tostring), .failure] | join(" ")' \
		'succeeded 5.00 EUR a dent false '
	is '[.payment, .order] | join(" ")' "$payment $order"
	order_is paid partially_refunded
	credit_notes_are 5.00
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	is '[.amount_refunded, (.refunds | length | tostring), .refunds[0].amount] | join(" ")' '5.00 1 5.00'
	new_key
	refund_payment '{"amount":"15.01"}'
	refused '/amount max_value'
	refund_payment '{"amount":"7.5"}'
	expect 201
	is .amount 7.50
	new_key
	refund_payment
	expect 201
	is .amount 7.50
	order_is paid refunded
	credit_notes_are '5.00, 7.50, 7.50'
	new_key
	refund_payment
	expect 409 conflict
	in_stock "$product" 18
	[[ $(refunded "$intent") == 2000 ]]
	deliver stripe >/dev/null
	order_is paid refunded
	refunds_are '5.00 succeeded, 7.50 succeeded, 7.50 succeeded'
}

@test "refunds: by razorpay they are pending until it is reported" {
	place "$product:1"
	pay_by_razorpay
	control '{"refunds":"pending"}' >/dev/null
	refund_payment '{"amount":"4.00"}'
	expect 201
	is .status pending
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	order_is paid paid
	credit_notes_are ''
	new_key
	refund_payment '{"amount":"6.01"}'
	refused '/amount max_value'
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"succeeded\"}}" >/dev/null
	deliver razorpay times:=2 >/dev/null
	order_is paid partially_refunded
	refunds_are '4.00 succeeded'
	credit_notes_are 4.00
}

@test "refunds: a failed refund can be repeated" {
	place "$product:1"
	pay_by_stripe
	control '{"refunds":"pending"}' >/dev/null
	refund_payment
	expect 201
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"failed\"}}" >/dev/null
	deliver stripe order=reversed >/dev/null
	refunds_are '10.00 failed'
	order_is paid paid
	by staff api GET "/payments/$payment"
	is '[.refunds[0].status, .refunds[0].failure, .amount_refunded] | join(" ")' 'failed expired_or_canceled_card 0.00'
	by staff api GET "/orders/$order"
	is '[.events[].note | select(. != "")] | join(", ")' 'A refund of 10.00 EUR failed: expired_or_canceled_card'
	# The same key is the same refund.
	refund_payment
	expect 201
	[[ $(header Idempotent-Replayed) == true ]]
	control '{"refunds":"succeeded"}' >/dev/null
	new_key
	refund_payment
	expect 201
	refunds_are '10.00 failed, 10.00 succeeded'
	order_is paid refunded
	credit_notes_are 10.00
	[[ $(refunded "$intent") == 1000 ]]
}

@test "refunds: one that failed after it had succeeded" {
	place "$product:1"
	pay_by_stripe
	refund_payment
	expect 201
	is .status succeeded
	order_is paid refunded
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	failed=$(made refund.created "$intent" | jq -c '.id = "evt_failedlater'"$(unique)"'" | .type = "refund.failed" |
		.data.object.status = "failed" | .data.object.failure_reason = "lost_or_stolen_card"')
	event stripe "$failed"
	expect 200
	refunds_are '10.00 failed'
	order_is paid paid
	# What is older does not make it good again.
	deliver stripe >/dev/null
	refunds_are '10.00 failed'
}

@test "refunds: of offline payments" {
	place "$product:2"
	pay_offline
	refund_payment '{"amount":"20.00","reason":"sent back","restock":true}'
	expect 201
	is '[.status, (.restock | tostring)] | join(" ")' 'succeeded true'
	in_stock "$product" 20
	order_is paid refunded
	credit_notes_are 20.00
	[[ $(asked /) == 0 ]]
	# What is back in stock is not sent.
	by staff ask POST "/orders/$order/ship"
	expect 409 transition-not-allowed
	is '.allowed_transitions | tojson' '["cancelled"]'
	# Cancelling now gives nothing back a second time.
	by staff ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$product" 20
	refunds_are '20.00 succeeded'
	credit_notes_are 20.00
}

@test "refunds: the stock comes back with all of the money, once" {
	place "$product:2"
	pay_offline
	refund_payment '{"amount":"5.00","restock":true}'
	refused '/restock invalid'
	refund_payment '{"amount":"5.00"}'
	expect 201
	new_key
	refund_payment '{"restock":true}'
	expect 201
	is .amount 15.00
	in_stock "$product" 20
	place "$product:2"
	pay_offline
	by staff ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$product" 20
	# Offline payments are refunded offline, and staff get a note.
	refunds_are ''
	[[ $(sql "select count(*) from order_events where order_id = '$order' and note = 'To be refunded by hand: 20.00 EUR.'") == 1 ]]
	new_key
	refund_payment '{"restock":true}'
	refused '/restock invalid'
	new_key
	refund_payment '{}'
	expect 201
	is .status succeeded
	order_is cancelled refunded
	in_stock "$product" 20
}

# wrong BODY ERRORS
wrong() {
	refund_payment "$1"
	refused "$2"
}

@test "refunds: the body has its form" {
	place "$product:1"
	pay_offline
	wrong '{"amount":5e0}' '/amount invalid'
	wrong '{"amount":-5}' '/amount min_value'
	wrong '{"amount":true,"reason":7,"restock":"true"}' '/amount wrong_type, /reason wrong_type, /restock wrong_type'
	for amount in 1e1 0x10 ' 5' '5 ' +5 5,00 NaN Infinity .; do
		wrong "{\"amount\":\"$amount\"}" '/amount invalid'
	done
	wrong '{"amount":"5.0001"}' '/amount max_decimal_places'
	wrong '{"amount":"12345678901234567"}' '/amount max_digits'
	for amount in 0 0.00 0.000 -0 -5 -0.01; do
		wrong "{\"amount\":\"$amount\"}" '/amount min_value'
	done
	wrong '{"amount":"5.001"}' '/amount max_decimal_places'
	wrong '{"amount":""}' '/amount invalid'
	wrong '{"amount":"10.01"}' '/amount max_value'
	wrong '{"amount":"9999999999999.99"}' '/amount max_value'
	wrong '{"currency":"INR","status":"succeeded"}' '/currency unknown_field, /status unknown_field'
	wrong "{\"reason\":\"$(printf '%0501d' 7)\"}" '/reason max_length'
	refund_payment '{"amount":'
	expect 400 invalid-json
	refunds_are ''
	refund_payment '{"amount":null,"reason":""}'
	expect 201
	is .amount 10.00
}

@test "refunds: a currency without decimals" {
	yen=$(by admin make /stores name="$(unique Shop-)" currency=JPY)
	thing=$(by admin make /products store="$yen" sku="$(unique SKU-)" name=Tea price=100 inventory_count:=5)
	ask POST /orders "{\"store\":\"$yen\",$CONTACT,\"items\":[{\"product\":\"$thing\",\"quantity\":1}]}"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	begin stripe
	is '[.amount, .currency] | join(" ")' '100 JPY'
	pay stripe "$intent" >/dev/null
	deliver stripe >/dev/null
	order_is paid paid
	by admin ask POST "/payments/$payment/refunds" '{"amount":"10.5"}' "Idempotency-Key: $key"
	refused '/amount max_decimal_places'
	by admin ask POST "/payments/$payment/refunds" '{"amount":"10"}' "Idempotency-Key: $key"
	expect 201
	is .amount 10
	[[ $(refunded "$intent") == 10 ]]
}

@test "refunds: who may, and of what" {
	by customer place "$product:1"
	by customer begin manual
	refund_payment
	expect 409 conflict
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	by customer ask POST "/payments/$payment/refunds" '' "Idempotency-Key: $key"
	expect 403 forbidden
	ask POST "/payments/$payment/refunds" '' "Idempotency-Key: $key"
	expect 401 not-authenticated
	by stranger ask POST "/payments/$payment/refunds" '' "Idempotency-Key: $key"
	expect 404 not-found
	by staff ask POST /payments/01900000-0000-7000-8000-000000000000/refunds '' "Idempotency-Key: $key"
	expect 404 not-found
	by staff ask POST /payments/nonsense/refunds '' "Idempotency-Key: $key"
	expect 404 not-found
	by staff ask POST "/payments/$payment/refunds"
	expect 400 idempotency-key-required
	key='a,b'
	refund_payment
	expect 400 invalid-idempotency-key
	refunds_are ''
}

@test "refunds: the same key is the same refund" {
	place "$product:1"
	pay_by_stripe
	refund_payment '{"amount":"4.00"}'
	expect 201
	first=$body
	for _ in 1 2; do
		refund_payment '{"amount":"4.00"}'
		expect 201
		[[ $body == "$first" && $(header Idempotent-Replayed) == true ]]
	done
	refund_payment '{"amount":"4.01"}'
	expect 422 idempotency-key-reused
	[[ $(refunded "$intent") == 400 ]]
}

# check_fault FAULT... : the refund is reported as unknown, and made once when it is requested again, whatever was
# forgotten.
check_fault() {
	place "$product:1"
	pay_by_stripe
	new_key
	fault "$@" match='POST /v1/refunds' times:=1
	refund_payment '{"amount":"4.00"}'
	expect 503 unavailable
	refunds_are '4.00 pending'
	order_is paid paid
	refund_payment '{"amount":"4.00"}'
	expect 201
	is .status succeeded
	refunds_are '4.00 succeeded'
	[[ $(refunded "$intent") == 400 ]]
}

@test "refunds: faults at the provider refund nothing twice" {
	check_fault error
	check_fault error status:=429
	check_fault lose
	check_fault error_after
	check_fault truncate
	check_fault wrong_amount
}

@test "refunds: one whose answer was lost is found although the provider forgot the key" {
	place "$product:1"
	pay_by_stripe
	fault lose match='POST /v1/refunds' times:=1
	refund_payment '{"amount":"4.00"}'
	expect 503 unavailable
	control '{"forget_keys":true}' >/dev/null
	refund_payment '{"amount":"4.00"}'
	expect 201
	[[ $(refunded "$intent") == 400 ]]
	refunds_are '4.00 succeeded'
	place "$product:1"
	pay_by_razorpay
	new_key
	fault lose match=/refund times:=1
	refund_payment '{"amount":"4.00"}'
	expect 503 unavailable
	control '{"forget_keys":true}' >/dev/null
	later
	cron
	refunds_are '4.00 succeeded'
	[[ $(refunded "$transaction") == 400 ]]
}

@test "refunds: a refusal is reported and recorded" {
	place "$product:1"
	pay_by_stripe
	fault error status:=400 match='POST /v1/refunds' times:=1
	refund_payment '{"amount":"4.00"}'
	expect 409 payment-refused
	refunds_are '4.00 failed'
	order_is paid paid
	refund_payment '{"amount":"4.00"}'
	expect 409 payment-refused
	new_key
	refund_payment '{"amount":"10.00"}'
	expect 201
	refunds_are '4.00 failed, 10.00 succeeded'
}

@test "refunds: cancelling a paid order refunds the money automatically, once" {
	place "$product:1"
	pay_by_stripe
	by staff ask POST "/orders/$order/cancel"
	expect 200
	refunds_are '10.00 pending'
	order_is cancelled paid
	credit_notes_are 10.00
	refund_payment
	expect 409 conflict
	fault lose match='POST /v1/refunds' times:=1
	cron
	refunds_are '10.00 pending'
	later
	cron
	refunds_are '10.00 succeeded'
	order_is cancelled refunded
	credit_notes_are 10.00
	[[ $(refunded "$intent") == 1000 ]]
}

@test "refunds: an automatic one that is refused is not retried, but can be requested" {
	place "$product:1"
	pay_by_stripe
	by staff ask POST "/orders/$order/cancel"
	expect 200
	fault error status:=400 match='POST /v1/refunds' times:=1
	cron
	later
	cron
	refunds_are '10.00 failed'
	refund_payment
	expect 201
	refunds_are '10.00 failed, 10.00 succeeded'
	order_is cancelled refunded
	[[ $(refunded "$intent") == 1000 ]]
}

@test "refunds: the numbers of credit notes have no gaps" {
	shop=$(by admin make /stores name="$(unique Shop-)" currency=EUR)
	thing=$(by admin make /products store="$shop" sku="$(unique SKU-)" name=Tea price=10.00 inventory_count:=20)
	store=$shop
	for _ in 1 2 3; do
		place "$thing:1"
		begin manual
		by admin ask POST "/payments/$payment/mark-paid"
		expect 200
		new_key
		by admin ask POST "/payments/$payment/refunds" '{"amount":"11.00"}' "Idempotency-Key: $key"
		expect 422
		by admin ask POST "/payments/$payment/refunds" '{"amount":"1.00"}' "Idempotency-Key: $key"
		expect 201
	done
	[[ $(sql "select string_agg(right(number, 5), ' ' order by number) from invoices
		where store = '$shop' and kind = 'credit_note'") == '00001 00002 00003' ]]
}

@test "refunds: fifty at once, and never more than was taken" {
	built send_together
	place "$product:2"
	pay_by_stripe
	by staff eval 'bearer=$token'
	for n in {1..50}; do
		printf '{"method":"POST","path":"/payments/%s/refunds","headers":{"Authorization":"Bearer %s","Idempotency-Key":"%s"},"body":{"amount":"3.00"}}\n' \
			"$payment" "$bearer" "$key-$n"
	done >"$BATS_TEST_TMPDIR/requests"
	"$programs/send_together" -n 8 "$API" <"$BATS_TEST_TMPDIR/requests" >"$BATS_TEST_TMPDIR/answers"
	[[ $(jq .status "$BATS_TEST_TMPDIR/answers" | sort | uniq -c | awk '{ print $2 ":" $1 }' | paste -sd' ') == '201:6 422:44' ]]
	[[ $(refunded "$intent") == 1800 ]]
	order_is paid partially_refunded
}

# Payments by hand, and what is the same for all: who may ask, idempotency, what can be paid.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

@test "payments: cash on delivery, from the order to the cash" {
	place "$product:2"
	begin cod
	is '[.status, .amount, .currency, .payment_method] | join(" ")' 'pending 20.00 EUR cod'
	is '[.order, .amount_refunded] | join(" ")' "$order 0.00"
	is '[(.client | tojson), (.gateway | tojson), (.transaction_id | tojson), (.paid_at | tojson)] | join(" ")' \
		'{} null null null'
	order_is placed pending
	by staff ask POST "/orders/$order/ship"
	expect 200
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	is '[.status, .failure] | join(" ")' 'captured '
	[[ $(field .paid_at) == 20*Z ]]
	order_is shipped paid
	by staff ask POST "/orders/$order/complete"
	expect 200
	order_is completed paid
	# Once more is the same.
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	[[ $(asked /) == 0 ]]
}

@test "payments: a bank transfer is marked as paid, with its reference" {
	by customer place "$product:1"
	by customer begin manual
	by customer ask POST "/payments/$payment/mark-paid"
	expect 403 forbidden
	by staff api GET "/payments/$payment"
	etag=$(header ETag)
	by staff api POST "/payments/$payment/mark-paid" --json '{}' -H 'If-Match: "other"'
	expect 412 precondition-failed
	by staff api POST "/payments/$payment/mark-paid" --json '{"reference":"TX 4711"}' -H "If-Match: $etag"
	expect 200
	is '[.status, .transaction_id] | join(" ")' 'captured TX 4711'
	order_is paid paid
	by customer api GET "/orders/$order"
	is '[.payments[] | .payment_method + " " + .status] | join(", ")' 'manual captured'
	by customer api GET "/payments/$payment"
	is '[.status, (has("gateway_id") | tostring)] | join(" ")' 'captured false'
	by staff api GET "/orders/$order"
	is '[.events[] | .to_status] | join(" ")' 'placed paid'
}

@test "payments: two transfers may have the same reference" {
	for _ in 1 2; do
		by customer place "$product:1"
		by customer begin manual
		by staff ask POST "/payments/$payment/mark-paid" '{"reference":"the same"}'
		expect 200
	done
}

@test "payments: loading the page again finds the same payment" {
	place "$product:1"
	begin cod
	first=$payment
	new_key
	try_begin cod
	expect 200
	[[ $(field .id) == "$first" ]]
	payments_are 'cod pending'
}

@test "payments: another way to pay replaces the one before" {
	place "$product:1"
	begin cod
	begin manual
	payments_are 'cod cancelled, manual pending'
	order_is placed pending
	act cancel
	expect 200
	is .status cancelled
	order_is placed unpaid
	act cancel
	expect 200
	by staff ask POST "/payments/$payment/mark-paid"
	expect 409 conflict
}

@test "payments: a buyer who has the goods cannot cancel what is owed for them" {
	place "$product:1"
	begin cod
	by staff ask POST "/orders/$order/ship"
	expect 200
	act cancel
	expect 403
	payment_is pending
	by staff ask POST "/payments/$payment/cancel"
	expect 200
	payment_is cancelled
}

@test "payments: an offline payment of a cancelled order is not marked as paid" {
	for method in cod manual; do
		place "$product:1"
		begin "$method"
		by staff ask POST "/orders/$order/cancel"
		expect 200
		payment_is cancelled
		by staff ask POST "/payments/$payment/mark-paid"
		expect 409 conflict
		payment_is cancelled
		order_is cancelled unpaid
	done
}

@test "payments: nor if it is cancelled while staff mark it as paid" {
	local cancelling
	place "$product:1"
	begin cod
	# The order is held until the request has looked at the payment, found it pending, and waits for the order.
	coproc cancelling { $PSQL 3>&-; }
	echo "begin; select 'held' from orders where id = '$order' for update;" >&"${cancelling[1]}"
	read -r -t 10 <&"${cancelling[0]}"
	(by staff ask POST "/payments/$payment/mark-paid" '{"reference":"too late"}'
		echo "$status $body" >"$BATS_TEST_TMPDIR/answer") 3>&- &
	for _ in {1..100}; do
		if [[ $(sql "select count(*) from pg_locks where not granted") == 1 ]]; then break; fi
		sleep 0.05
	done
	printf '%s\n' "select outcome from payment_record('$payment', '{\"state\":\"cancelled\"}', null, 'admin', null, null, 0, null);" \
		'commit;' '\q' >&"${cancelling[1]}"
	wait
	read -r status body <"$BATS_TEST_TMPDIR/answer"
	[[ $status == 409 ]]
	is '[.type, .detail] | join(" ")' '/problems/conflict The payment was cancelled meanwhile.'
	[[ $(sql "select status, transaction_id is null, paid_at is null from payments where id = '$payment'") == 'cancelled|t|t' ]]
	order_is placed unpaid
}

@test "payments: what cannot be paid" {
	ask POST /orders "{\"store\":\"$store\",\"action\":\"update_cart\",\"items\":[{\"product\":\"$product\",\"quantity\":1}]}"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	try_begin cod
	expect 409 conflict
	order_token=
	by customer place "$product:1"
	by customer ask POST "/orders/$order/cancel"
	expect 200
	by customer try_begin cod
	expect 409 conflict
	by customer place "$product:1"
	by customer pay_offline
	new_key
	by customer try_begin cod
	expect 409 conflict
	free=$(make_product price=0)
	place "$free:1"
	order_is paid paid
	try_begin cod
	expect 409 conflict
	payments_are ''
}

@test "payments: a caller who must not know of an order cannot pay it" {
	by customer place "$product:1"
	mine=$order
	place "$product:1"
	theirs=$order_token
	for who in nobody another_customer stranger; do
		by "$who" ask POST /payments "{\"order\":\"$mine\",\"payment_method\":\"cod\"}" "Idempotency-Key: $key"
		refused '/order not_found'
		known=$(as_sent 'del(.request_id) | tojson')
		by "$who" ask POST /payments '{"order":"01900000-0000-7000-8000-000000000000","payment_method":"cod"}' \
			"Idempotency-Key: $key"
		refused '/order not_found'
		is 'del(.request_id) | tojson' "$known" as_sent
	done
	# A guest's token opens its own order alone.
	ask POST /payments "{\"order\":\"$mine\",\"payment_method\":\"cod\"}" "Idempotency-Key: $key" "X-Order-Token: $theirs"
	refused '/order not_found'
	[[ $(sql "select count(*) from payments where order_id = '$mine'") == 0 ]]
}

@test "payments: another customer's payment is a 404" {
	by customer place "$product:1"
	by customer begin cod
	place "$product:1"
	theirs=$order_token
	for who in nobody another_customer stranger; do
		by "$who" api GET "/payments/$payment" -H "X-Order-Token: $theirs"
		expect 404 not-found
		known=$(as_sent 'del(.request_id) | tojson')
		by "$who" api GET /payments/01900000-0000-7000-8000-000000000000 -H "X-Order-Token: $theirs"
		expect 404 not-found
		is 'del(.request_id) | tojson' "$known" as_sent
		for verb in confirm cancel; do
			by "$who" ask POST "/payments/$payment/$verb" '' "X-Order-Token: $theirs"
			expect 404 not-found
		done
	done
	for verb in capture mark-paid; do
		by stranger ask POST "/payments/$payment/$verb"
		expect 404 not-found
		by customer ask POST "/payments/$payment/$verb"
		expect 403 forbidden
		ask POST "/payments/$payment/$verb" '' "X-Order-Token: $theirs"
		expect 401 not-authenticated
	done
	payment_is pending
}

@test "payments: read by id, with an ETag, and in lists" {
	by customer place "$product:1"
	by customer begin cod
	for who in customer staff admin; do
		by "$who" api GET "/payments/$payment"
		expect 200
		by "$who" api GET "/payments/$payment" -H "If-None-Match: $(header ETag)"
		expect 304
		by "$who" api GET "/payments?order=$order"
		expect 200
		is '[.results[] | .id] | join(" ")' "$payment"
		by "$who" api GET "/payments?order=$order&status=captured"
		is '.results | length' 0
		by "$who" api GET "/payments?order=$order&amount__gte=10.01"
		is '.results | length' 0
		by "$who" api GET "/payments?payment_method=cod&order=$order&ordering=-amount"
		is '.results | length' 1
	done
	for who in another_customer stranger; do
		by "$who" api GET "/payments?order=$order"
		expect 200
		is '.results | length' 0
	done
	by customer api GET "/payments?transaction_id=1"
	expect 400 invalid-query
	api GET /payments
	expect 401 not-authenticated
	by customer api HEAD "/payments/$payment"
	expect 200
	api GET /payments/nonsense
	expect 404 not-found
}

# wrong BODY ERRORS
wrong() {
	ask POST /payments "$1" "Idempotency-Key: $key"
	refused "$2"
}

# etag : of $payment, as the buyer sees it.
etag() {
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	header ETag
}

@test "payments: If-Match of another state confirms and cancels nothing, and the provider is not called" {
	for verb in confirm cancel; do
		place "$product:1"
		begin stripe
		if [[ $verb == confirm ]]; then pay stripe "$intent" >/dev/null; fi
		before=$(asked '') tag=$(etag)
		act "$verb" '' 'If-Match: "other"'
		expect 412 precondition-failed
		[[ $(asked '') == "$before" ]]
		payment_is pending
		act "$verb" '' "If-Match: $tag"
		expect 200
		(( $(asked '') > before ))
		payment_is "$([[ $verb == confirm ]] && echo captured || echo cancelled)"
		# What was read before it changed is another state; what is done stays done.
		act "$verb" '' "If-Match: $tag"
		expect 412 precondition-failed
		act "$verb" '' "If-Match: $(etag)"
		expect 200
	done
}

@test "payments: the body has its form" {
	id=01900000-0000-7000-8000-000000000000
	wrong '{}' '/order required, /payment_method required'
	wrong '{"order":7,"payment_method":true}' '/order wrong_type, /payment_method wrong_type'
	wrong '{"order":"x","payment_method":["cod"]}' '/order invalid, /payment_method wrong_type'
	wrong "{\"order\":null,\"payment_method\":{}}" '/order null, /payment_method wrong_type'
	wrong "{\"order\":\"$id\",\"payment_method\":\"\"}" '/payment_method blank'
	wrong "{\"order\":\"$id\",\"payment_method\":\"paypal\"}" '/payment_method invalid_choice'
	wrong "{\"order\":\"$id\",\"payment_method\":\"COD\"}" '/payment_method invalid_choice'
	wrong "{\"order\":\"$id\",\"payment_method\":\"cod\",\"amount\":\"0.01\"}" '/amount unknown_field'
	wrong "{\"order\":\"$id\",\"payment_method\":\"cod\",\"currency\":\"INR\",\"status\":\"captured\"}" \
		'/currency unknown_field, /status unknown_field'
	ask POST /payments '{"order":' "Idempotency-Key: $key"
	expect 400 invalid-json
	ask POST /payments '' "Idempotency-Key: $key"
	expect 400 invalid-json
	api POST /payments -H "Idempotency-Key: $key" -H 'Content-Type: text/plain' --data-binary x
	expect 415 unsupported-media-type
	place "$product:1"
	begin cod
	by staff ask POST "/payments/$payment/mark-paid" '{"reference":7}'
	refused '/reference wrong_type'
	by staff ask POST "/payments/$payment/mark-paid" "{\"reference\":\"$(printf '%0256d' 7)\"}"
	refused '/reference max_length'
	by staff ask POST "/payments/$payment/mark-paid" '{"amount":"1.00"}'
	refused '/amount unknown_field'
	act cancel '{"force":true}'
	refused '/force unknown_field'
	payment_is pending
}

@test "payments: an Idempotency-Key is needed, and has its form" {
	place "$product:1"
	body_sent="{\"order\":\"$order\",\"payment_method\":\"cod\"}"
	ask POST /payments "$body_sent" "X-Order-Token: $order_token"
	expect 400 idempotency-key-required
	for bad in short 'with space and more' 'with,comma,and,more' "$(printf '%0256d' 7)"; do
		ask POST /payments "$body_sent" "X-Order-Token: $order_token" "Idempotency-Key: $bad"
		expect 400 invalid-idempotency-key
	done
	payments_are ''
	order_token=
	by customer place "$product:1"
	key=7$(unique)
	by customer try_begin cod
	expect 201
}

@test "payments: the same key gives the same answer, another body is refused" {
	place "$product:1"
	begin cod
	first=$body
	[[ -z $(header Idempotent-Replayed) ]]
	for _ in 1 2; do
		try_begin cod
		expect 201
		[[ $(header Idempotent-Replayed) == true && $body == "$first" ]]
	done
	try_begin manual
	expect 422 idempotency-key-reused
	payments_are 'cod pending'
	# Another guest's key is another key.
	place "$product:1"
	try_begin cod
	expect 201
	[[ $(field .id) != "$(jq -r .id <<<"$first")" ]]
}

@test "payments: a key that is a day old is forgotten, and the payment is found" {
	place "$product:1"
	begin cod
	sql "update idempotency_keys set created_at = now() - interval '25 hours' where key = '$key'"
	try_begin cod
	expect 201
	[[ $(field .id) == "$payment" && -z $(header Idempotent-Replayed) ]]
	act cancel
	expect 200
	sql "delete from idempotency_keys where key = '$key'"
	try_begin cod
	expect 201
	[[ $(field .id) != "$payment" ]]
	payments_are 'cod cancelled, cod pending'
}

@test "payments: they have no other methods" {
	place "$product:1"
	begin cod
	for method in PUT PATCH DELETE; do
		by admin ask "$method" "/payments/$payment" '{}'
		expect 405 method-not-allowed
	done
	by admin api GET "/payments/$payment/refunds"
	expect 405 method-not-allowed
}

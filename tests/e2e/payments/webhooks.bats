# Webhooks: whose they are, and that each has its effect once, whatever the order.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

stored() { sql "select count(*) from webhook_events"; }

# notes : of the order's events, the written ones.
notes() { sql "select coalesce(string_agg(note, ' | ' order by created_at, id), '') from order_events
	where order_id = '$order' and note <> ''"; }

# change TYPE OF JQ : the newest event of the type about a payment, changed, as an event of its own.
change() { made "$1" "$2" | jq -c '.id = "evt_'"$(unique)"'" | '"$3"; }

@test "webhooks: signed with the new or the old secret" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	body_sent=$(made payment_intent.succeeded "$intent")
	event stripe "$body_sent" whsec_stand_in_old
	expect 200
	[[ $body == '{"received":true}' ]]
	order_is paid paid
	event stripe "$body_sent"
	expect 200
	# Two signatures in one header, the first of a secret that we have not.
	made=$(change payment_intent.succeeded "$intent" .)
	right=$(signed stripe "$made")
	post_event stripe "$made" "${right%%,*},v1=$(printf '%064d' 1),${right#*,}"
	expect 200
	place "$product:1"
	begin razorpay
	transaction=$(pay razorpay "$intent" | jq -r .id)
	event razorpay "$(made payment.captured "$transaction")" stand_in_webhook_old
	expect 200
	order_is paid paid
}

@test "webhooks: without a right signature nothing is stored" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	sent=$(made payment_intent.succeeded "$intent")
	right=$(signed stripe "$sent")
	other=$(signed razorpay "$sent")
	for wrong in "${right%?}" "${right^^}" "${right#*,}" "${right%%,*}" "${right/v1=/v0=}" "v1=$other" "t=1,${right#*,}" \
		"$right,t=1" "${right/,/, }" "$other" x "$(printf '%07000d' 1)"; do
		post_event stripe "$sent" "$wrong"
		expect 400 invalid-signature
	done
	post_event stripe "$sent " "$right"
	expect 400 invalid-signature
	event stripe "$sent" another_secret
	expect 400 invalid-signature
	post_event stripe "$sent" "$(t=$(($(date +%s) - 301)) && printf 't=%s,v1=%s' "$t" \
		"$(printf '%s' "$t.$sent" | openssl dgst -sha256 -hmac whsec_stand_in_new -r | cut -d' ' -f1)")"
	expect 400 invalid-signature
	api POST /webhooks/stripe -H 'Content-Type: application/json' --data-binary "$sent"
	expect 400 invalid-signature
	post_event razorpay "$sent" "$other"
	expect 400 invalid-json
	post_event razorpay "$sent" "${other%?}"
	expect 400 invalid-signature
	post_event razorpay "$sent" ''
	expect 400 invalid-signature
	[[ $(stored) == 0 ]]
	order_is pending pending
}

@test "webhooks: what is not an event" {
	for sent in '' '{' '[]' '{}' '{"id":"evt_1","type":"x"}' '7' '"{}"' 'null' '{}{' "$(printf '%0100d' 0 | tr 0 '[')"; do
		event stripe "$sent"
		expect 400 invalid-json
		event razorpay "$sent"
		expect 400 invalid-json
	done
	[[ $(stored) == 0 ]]
	head -c 1100000 /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/huge"
	api POST /webhooks/stripe -H 'Content-Type: application/json' -H "Stripe-Signature: t=1,v1=$(printf '%064d' 0)" \
		--data-binary "@$BATS_TEST_TMPDIR/huge"
	expect 413 too-large
	for gateway in cod manual paypal Stripe; do
		post_event "$gateway" '{}' x
		expect 404 not-found
	done
	api GET /webhooks/stripe
	expect 405 method-not-allowed
	api GET /webhooks
	expect 404 not-found
}

@test "webhooks: a body of another media type is not read as JSON" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	sent=$(made payment_intent.succeeded "$intent")
	api POST /webhooks/stripe -H 'Content-Type: text/plain' -H "Stripe-Signature: $(signed stripe "$sent")" \
		--data-binary "$sent"
	expect 415 unsupported-media-type
}

@test "webhooks: events that change nothing are recorded" {
	event stripe '{"object":"event","id":"evt_'"$(unique)"'","type":"customer.created","data":{"object":{}}}'
	expect 200
	event razorpay '{"entity":"event","event":"settlement.processed","payload":{}}'
	expect 200
	[[ $(sql "select string_agg(gateway || ' ' || type || ' ' || outcome, ', ' order by gateway) from webhook_events") == \
		'razorpay settlement.processed ignored, stripe customer.created ignored' ]]
	# Of a payment that is not ours.
	event stripe "$(jq -nc --arg id "evt_$(unique)" '{object: "event", $id, type: "payment_intent.succeeded", data: {object:
		{object: "payment_intent", id: "pi_stranger", status: "succeeded", amount: 1, amount_received: 1, currency: "eur",
		metadata: {}}}}')"
	expect 200
	[[ $(outcome_of payment_intent.succeeded) == unmatched ]]
}

@test "webhooks: delivered many times, each counts once" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" fail_then_succeed >/dev/null
	[[ $(deliver stripe order=shuffled seed:=3 times:=4 connections:=4 | jq -c '.statuses | keys') == '["200"]' ]]
	order_is paid paid
	[[ $(sql "select count(*) from webhook_events where deliveries <> 4") == 0 ]]
	[[ $(sql "select count(*) from order_events where order_id = '$order' and to_status = 'paid'") == 1 ]]
	[[ $(sql "select count(*) from outbox where order_id = '$order' and kind = 'order_paid'") -le 1 ]]
	place "$product:1"
	begin razorpay
	pay razorpay "$intent" fail_then_succeed >/dev/null
	# The id of an event lies outside its signature.
	deliver razorpay order=reversed times:=2 >/dev/null
	deliver razorpay fresh_ids:=true times:=2 >/dev/null
	order_is paid paid
	[[ $(sql "select count(*) from webhook_events where gateway = 'razorpay' and deliveries <> 4") == 0 ]]
}

@test "webhooks: an older event changes nothing" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" fail >/dev/null
	pay stripe "$intent" >/dev/null
	deliver stripe 'types:=["payment_intent.succeeded"]' >/dev/null
	order_is paid paid
	deliver stripe 'types:=["payment_intent.payment_failed"]' >/dev/null
	[[ $(outcome_of payment_intent.payment_failed) == nothing_new ]]
	event stripe "$(change payment_intent.succeeded "$intent" '.type = "payment_intent.canceled" |
		.data.object.status = "canceled"')"
	expect 200
	payment_is captured
	place "$product:1"
	begin razorpay
	transaction=$(pay razorpay "$intent" | jq -r .id)
	deliver razorpay 'types:=["order.paid"]' >/dev/null
	order_is paid paid
	deliver razorpay 'types:=["payment.authorized"]' >/dev/null
	order_is paid paid
	[[ $(sql "select transaction_id from payments where id = '$payment'") == "$transaction" ]]
}

# no_payment STATUS OUTCOME JQ : an event that was changed like that makes nothing paid, and staff get a note.
no_payment() {
	event stripe "$(change payment_intent.succeeded "$intent" "$3")"
	expect 200
	[[ $(outcome_of payment_intent.succeeded) == "$2" ]]
	payment_is "$1"
	order_is pending pending
}

@test "webhooks: another amount, currency or payment makes nothing paid" {
	place "$product:1"
	begin stripe
	other=$payment
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	no_payment pending mismatch ".data.object.metadata.payment = \"$other\""
	no_payment pending mismatch '.data.object.id = "pi_another"'
	[[ $(notes) == 'A report of the provider does not match its payment and was ignored.' ]]
	no_payment needs_attention applied '.data.object.currency = "usd"'
	no_payment needs_attention applied '.data.object.amount_received = 999'
	no_payment needs_attention applied '.data.object.amount_received = 1001'
	no_payment needs_attention nothing_new '.data.object.amount_received = 999'
	by staff api GET "/orders/$order"
	is '[.events[].note | select(. != "")] | length' 4
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is 'has("events")' false
	deliver stripe >/dev/null
	order_is paid paid
	[[ $(sql "select status from payments where id = '$other'") == pending ]]
}

# not_understood GATEWAY BODY [TYPE] : it is recorded, answered with 200, and changes nothing, however often it comes.
not_understood() {
	local before
	sql "truncate webhook_events"
	before=$(sql "select json_agg(p order by p.id) from payments p where order_id in ('$order', '$other')")
	event "$1" "$2"
	expect 200
	event "$1" "$2"
	expect 200
	[[ $(sql "select string_agg(concat_ws(' ', gateway, type, outcome, deliveries), ', ') from webhook_events") == \
		"$1 ${3-*} not_understood 2" || -z ${3-} && $(stored) == 1 ]]
	[[ $(sql "select json_agg(p order by p.id) from payments p where order_id in ('$order', '$other')") == "$before" ]]
}

@test "webhooks: genuine events that are not understood are recorded" {
	local long deep other change
	long=$(printf '%0400d' 0) deep=$(printf '%0200d' 0 | sed 's/0/{"a":/g')1$(printf '%0200d' 0 | tr 0 '}')
	place "$product:1"
	other=$order
	pay_by_stripe
	new_key
	refund_payment '{"amount":"1.00"}'
	refunded=$intent
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	for change in '.data.object.status = null' '.data.object.status = "paid_in_kind"' '.data.object.status = 7' \
		'.data.object.amount_received = -1000' '.data.object.amount_received = 1000.5' \
		'.data.object.amount_received = "1000"' '.data.object.amount = 99999999999999999999' \
		'.data.object.id = "pi_x'"'"'; --"' '.data.object.id = "pi_'"$long"'"' '.data.object.id = null' \
		'.data.object.currency = "euros"' '.data.object.currency = null' '.data.object.object = "intent"' \
		'.data.object = null' '.data.object = []' '.data = "x"' 'del(.data)' '.data.object = {}'; do
		not_understood stripe "$(change payment_intent.succeeded "$intent" "$change")" payment_intent.succeeded
	done
	for change in '.data.object.status = null' '.data.object.status = "reversed"' '.data.object.amount = 0' \
		'.data.object.amount = null' '.data.object.id = 7' '.data.object.payment_intent = 7'; do
		not_understood stripe "$(change refund.created "$refunded" "$change")" refund.created
	done
	# What cannot be read at all: nested too deep, a NUL, a name twice.
	for change in "$deep" '"a\u0000b"' '{"x":1,"x":2}'; do
		not_understood stripe "{\"object\":\"event\",\"id\":\"evt_$(unique)\",\"data\":$change}" unreadable
		not_understood razorpay "{\"entity\":\"event\",\"event\":\"payment.captured\",\"payload\":$change}" unreadable
	done
	place "$product:1"
	begin razorpay
	transaction=$(pay razorpay "$intent" | jq -r .id)
	for change in '.payload.payment.entity.status = null' '.payload.payment.entity.status = "disputed"' \
		'.payload.payment.entity.amount = -1' '.payload.payment.entity.amount = "1000"' \
		'.payload.payment.entity.currency = 7' '.payload.payment.entity.id = "rf_1"' \
		'.payload.payment.entity.id = "pay_'"$long"'"' '.payload.payment.entity.order_id = {}' \
		'.payload.payment.entity = null' '.payload.payment = []' '.payload = null' 'del(.payload)'; do
		not_understood razorpay "$(made payment.captured "$transaction" | jq -c "$change")" payment.captured
	done
	# The money is not lost by that.
	deliver all >/dev/null
	order_is paid paid
}

@test "webhooks: events of other kinds, of whatever form, are recorded" {
	local body_sent gateway
	while read -r gateway body_sent; do
		sql "truncate webhook_events"
		event "$gateway" "$body_sent"
		expect 200
		event "$gateway" "$body_sent"
		expect 200
		[[ $(sql "select string_agg(gateway || ' ' || outcome || ' ' || deliveries, ', ') from webhook_events") == \
			"$gateway ignored 2" ]]
	done <<-END
		stripe {"object":"event"}
		stripe {"object":"event","id":7,"type":7,"data":7}
		stripe {"object":"event","id":"evt_1","type":"$(printf '%0400d' 0)","data":{"object":null}}
		stripe {"object":"event","id":"evt_$(printf '%0400d' 0)","type":"a b"}
		stripe {"object":"v2.core.event","id":"evt_test_1","type":"v2.core.account[requirements].updated","data":{}}
		stripe {"object":"v2.core.event","id":"evt_test_2","type":"payment_intent.succeeded","related_object":{"id":"pi_1"}}
		stripe {"object":"event","id":"evt_2","type":"payment_intent.partially_funded","data":{"object":{"id":"pi_1"}}}
		razorpay {"entity":"event"}
		razorpay {"entity":"event","event":null,"payload":7}
		razorpay {"entity":"event","event":"$(printf '%0400d' 0)"}
		razorpay {"entity":"event","event":"payment.settled","payload":{"payment":{}}}
	END
}

@test "webhooks: a refund whose id has another form counts" {
	place "$product:1"
	pay_by_stripe
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=300 >/dev/null
	event stripe "$(change refund.created "$intent" '.data.object.id = "rf_1" | .data.object.status = "succeeded"')"
	expect 200
	refunds_are '3.00 succeeded'
}

@test "webhooks: an event that was not understood is applied when it is understood" {
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	body_sent=$(made payment_intent.succeeded "$intent")
	event stripe "$(jq -c '.data.object.status = "new"' <<<"$body_sent")"
	[[ $(outcome_of payment_intent.succeeded) == not_understood ]]
	event stripe "$body_sent"
	[[ $(outcome_of payment_intent.succeeded) == applied ]]
	order_is paid paid
}

@test "webhooks: a payment of razorpay with the notes of another" {
	place "$product:5"
	begin razorpay
	victim=$payment
	place "$product:1"
	begin razorpay
	mine=$payment
	control "{\"pay\":{\"provider\":\"razorpay\",\"id\":\"$intent\",\"notes\":{\"payment\":\"$victim\"}}}" >/dev/null
	deliver razorpay >/dev/null
	[[ $(sql "select status from payments where id = '$victim'") == pending ]]
	[[ $(sql "select status from payments where id = '$mine'") != cancelled ]]
}

@test "webhooks: one that comes before the provider's answer" {
	place "$product:1"
	fault lose times:=1
	try_begin razorpay
	expect 503 unavailable
	intent=$(control '{"objects":{"kind":"order"}}' | jq -r --arg order "$order" '.[] | select(.notes.order == $order) | .id')
	pay razorpay "$intent" >/dev/null
	deliver razorpay 'types:=["payment.authorized","payment.captured"]' >/dev/null
	[[ $(sql "select string_agg(distinct outcome, ' ') from webhook_events") == unmatched ]]
	order_is pending pending
	try_begin razorpay
	expect 201
	is .status captured
	begun
	order_is paid paid
	[[ $(sql "select count(*) from webhook_events where outcome = 'unmatched'") == 0 ]]
	# The same, and nobody asks again.
	place "$product:1"
	new_key
	fault lose times:=1
	try_begin razorpay
	expect 503 unavailable
	intent=$(control '{"objects":{"kind":"order"}}' | jq -r --arg order "$order" '.[] | select(.notes.order == $order) | .id')
	pay razorpay "$intent" >/dev/null
	deliver razorpay 'types:=["payment.authorized","payment.captured"]' >/dev/null
	later
	cron
	order_is paid paid
	# Stripe's events name the payment.
	place "$product:1"
	new_key
	fault lose times:=1
	try_begin stripe
	expect 503 unavailable
	intent=$(control '{"objects":{"kind":"payment_intent"}}' |
		jq -r --arg order "$order" '.[] | select(.metadata.order == $order) | .id')
	pay stripe "$intent" >/dev/null
	deliver stripe >/dev/null
	order_is paid paid
}

@test "webhooks: a lost one is made up for by cron" {
	for gateway in stripe razorpay; do
		place "$product:1"
		begin "$gateway"
		pay "$gateway" "$intent" >/dev/null
		sql "update payments set requested_at = requested_at - interval '10 minutes' where order_id = '$order'"
		cron
		order_is paid paid
	done
}

@test "webhooks: money for a cancelled order is refunded" {
	place "$product:1"
	begin stripe
	by staff ask POST "/orders/$order/cancel"
	expect 200
	payment_is cancelled
	pay stripe "$intent" >/dev/null
	deliver stripe times:=2 >/dev/null
	payment_is captured
	order_is cancelled paid
	refunds_are '10.00 pending'
	in_stock "$product" 20
	[[ $(notes) == *'10.00 EUR are refunded: the order was cancelled.' ]]
	cron
	refunds_are '10.00 succeeded'
	order_is cancelled refunded
	[[ $(ledger ".totals[\"$intent\"].refunded") == 1000 ]]
	deliver stripe times:=2 >/dev/null
	refunds_are '10.00 succeeded'
}

@test "webhooks: paid twice, the second payment is refunded" {
	place "$product:1"
	begin razorpay
	first=$intent
	begin stripe
	pay stripe "$intent" >/dev/null
	deliver stripe >/dev/null
	order_is paid paid
	pay razorpay "$first" >/dev/null
	deliver razorpay times:=2 >/dev/null
	payments_are 'razorpay captured, stripe captured'
	refunds_are '10.00 pending'
	order_is paid paid
	cron
	refunds_are '10.00 succeeded'
	order_is paid partially_refunded
	[[ $(ledger '[.movements[] | select(.kind == "refund") | .provider] | join(" ")') == razorpay ]]
}

@test "webhooks: an order of razorpay that was paid by two payments" {
	place "$product:1"
	begin razorpay
	pay razorpay "$intent" >/dev/null
	deliver razorpay >/dev/null
	order_is paid paid
	pay razorpay "$intent" again >/dev/null
	deliver razorpay >/dev/null
	order_is paid paid
	refunds_are ''
}

@test "webhooks: refunds made at the provider's own pages" {
	place "$product:1"
	pay_by_stripe
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=300 >/dev/null
	deliver stripe times:=2 order=reversed >/dev/null
	refunds_are '3.00 succeeded'
	order_is paid partially_refunded
	refund_payment '{"amount":"7.01"}'
	refused '/amount max_value'
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	is '[.refunds[0].reason, .amount_refunded] | join(" ")' 'Refunded at stripe. 3.00'
	place "$product:1"
	pay_by_razorpay
	curl -sS -u rzp_test_StandIn000001:stand_in_key_secret "$GATEWAYS/v1/payments/$transaction/refund" \
		-H 'Content-Type: application/json' -d '{"amount":1000}' >/dev/null
	deliver razorpay times:=2 order=reversed >/dev/null
	refunds_are '10.00 succeeded'
	order_is paid refunded
}

@test "webhooks: refunds that are reported only by their sum are requested" {
	local at='curl -sS -u sk_test_stand_in: -o /dev/null'
	place "$product:1"
	pay_by_stripe
	$at "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=300
	$at "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=200
	deliver stripe 'types:=["charge.refunded"]' times:=2 order=reversed >/dev/null
	refunds_are '2.00 succeeded, 3.00 succeeded'
	order_is paid partially_refunded
	[[ $(sql "select sum(amount) from invoices where order_id = '$order' and kind = 'credit_note'") == 5.00 ]]
	[[ $(asked 'GET /v1/refunds') == 1 ]]
	deliver stripe >/dev/null
	refunds_are '2.00 succeeded, 3.00 succeeded'
	# Of what is known nothing is asked.
	refund_payment '{"amount":"1.00"}'
	expect 201
	deliver stripe 'types:=["charge.refunded"]' >/dev/null
	[[ $(asked 'GET /v1/refunds') == 1 ]]
	# The provider does not answer; cron asks.
	$at "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=400
	fault error match='GET /v1/refunds'
	deliver stripe 'types:=["charge.refunded"]' >/dev/null
	[[ $(outcome_of charge.refunded) == applied ]]
	order_is paid partially_refunded
	later
	cron
	order_is paid partially_refunded
	no_faults
	later
	cron
	order_is paid refunded
	[[ $(sql "select refunds_requested from payments where id = '$payment'") == f ]]
	# It overtakes the event that the payment is captured.
	place "$product:1"
	begin stripe
	pay stripe "$intent" >/dev/null
	$at "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=1000
	deliver stripe 'types:=["charge.refunded"]' >/dev/null
	payment_is pending
	deliver stripe 'types:=["payment_intent.succeeded"]' >/dev/null
	later
	cron
	refunds_are '10.00 succeeded'
	order_is paid refunded
	# Of strangers.
	event stripe "$(change charge.refunded "$intent" '.data.object.payment_intent = null')"
	[[ $(outcome_of charge.refunded) == ignored ]]
	event stripe "$(change charge.refunded "$intent" '.data.object.payment_intent = "pi_stranger"')"
	[[ $(outcome_of charge.refunded) == unmatched ]]
	event stripe "$(change charge.refunded "$intent" '.data.object.amount_refunded = null')"
	[[ $(outcome_of charge.refunded) == not_understood ]]
}

@test "webhooks: a refund of razorpay whose own event was lost is requested" {
	place "$product:1"
	pay_by_razorpay
	curl -sS -u rzp_test_StandIn000001:stand_in_key_secret "$GATEWAYS/v1/payments/$transaction/refund" \
		-H 'Content-Type: application/json' -d '{"amount":400}' >/dev/null
	# The next event of the payment shows the sum.
	event razorpay "$(made payment.captured "$transaction" | jq -c '.payload.payment.entity.amount_refunded = 400')"
	expect 200
	sql "truncate webhook_events"
	event razorpay "$(made order.paid "$transaction" | jq -c '.payload.payment.entity.amount_refunded = 400')"
	expect 200
	refunds_are '4.00 succeeded'
	order_is paid partially_refunded
	deliver razorpay >/dev/null
	refunds_are '4.00 succeeded'
}

@test "webhooks: a refund of the provider's pages is found when one of ours failed by it" {
	place "$product:1"
	pay_by_stripe
	by staff ask POST "/orders/$order/cancel"
	expect 200
	refunds_are '10.00 pending'
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=1000 >/dev/null
	cron
	later
	cron
	refunds_are '10.00 failed, 10.00 succeeded'
	order_is cancelled refunded
	[[ $(ledger ".totals[\"$intent\"].refunded") == 1000 ]]
}

@test "webhooks: a refund at the provider's pages while one of ours waits" {
	place "$product:1"
	pay_by_stripe
	by staff ask POST "/orders/$order/cancel"
	expect 200
	refunds_are '10.00 pending'
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=1000 >/dev/null
	deliver stripe >/dev/null
	refunds_are '10.00 pending'
	cron
	cron
	refunds_are '10.00 failed, 10.00 succeeded'
	order_is cancelled refunded
	[[ $(ledger ".totals[\"$intent\"].refunded") == 1000 ]]
}

@test "webhooks: a refund of more than there is is not recorded, and staff get a note" {
	place "$product:1"
	pay_by_stripe
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=300 >/dev/null
	event stripe "$(change refund.created "$intent" '.data.object.amount = 1001')"
	expect 200
	[[ $(outcome_of refund.created) == mismatch ]]
	refunds_are ''
	[[ $(notes) == *'does not match'* ]]
	event stripe "$(change refund.created "$intent" '.data.object.currency = "usd"')"
	expect 200
	[[ $(outcome_of refund.created) == mismatch ]]
	order_is paid paid
	deliver stripe >/dev/null
	refunds_are '3.00 succeeded'
}

@test "webhooks: two refunds at the provider with the id of one of ours" {
	place "$product:1"
	pay_by_stripe
	refund_payment '{"amount":"2.00"}'
	expect 201
	refund=$(field .id)
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/refunds" -d payment_intent="$intent" -d amount=200 \
		-d "metadata[refund]=$refund" >/dev/null
	deliver stripe >/dev/null
	refunds_are '2.00 succeeded, 2.00 succeeded'
}

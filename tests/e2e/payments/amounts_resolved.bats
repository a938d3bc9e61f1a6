# Staff accept a payment of another amount or currency, or refund it; what arrives for a cancelled order is refunded.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments
load ../../support/messages

setup_file() {
	open_payments
	sql "update stores set contact_email = 'store@example.com' where id = '$store'"
}
setup() { fresh inventory_count:=100; }

@test "amounts: the staff accepts too little, and the rest stays owed" {
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	act accept
	expect 401 not-authenticated
	by customer act accept
	expect 403 forbidden
	by staff act accept
	expect 200
	is '[.status, .amount, .amount_captured, (.attention | tojson)] | join(" ")' 'captured 5.00 5.00 null'
	order_is placed unpaid
	by staff act accept
	expect 200
	is .status captured
	deliver stripe times:=2 >/dev/null
	held captured 5.00 none
	begin razorpay
	is .amount 15.00
	pay razorpay "$intent" >/dev/null
	deliver razorpay >/dev/null
	payments_are 'stripe captured, razorpay captured'
	order_is paid paid
	refunds_are ''
}

@test "amounts: the staff accepts too much, and it is kept" {
	place "$product:10"
	pay_other razorpay amount:=10300 fee:=null
	deliver razorpay >/dev/null
	held needs_attention 103.00 amount_differs
	by staff act accept
	expect 200
	is '[.status, .amount, .amount_captured] | join(" ")' 'captured 103.00 103.00'
	order_is paid paid
	refunds_are ''
	[[ $(messages_of order_paid) == 1 ]]
	new_key
	refund_payment '{"amount":"103.01"}'
	refused '/amount max_value'
	refund_payment
	expect 201
	order_is paid refunded
}

@test "amounts: what is being refunded is not accepted" {
	for refund in succeeded failed; do
		place "$product:10"
		pay_other razorpay amount:=10300 fee:=null
		deliver razorpay >/dev/null
		control '{"refunds":"pending"}' >/dev/null
		new_key
		refund_payment '{"amount":"3.00"}'
		expect 201
		by staff act accept
		expect 200
		is '[.status, .amount, .amount_captured] | join(" ")' 'captured 100.00 103.00'
		order_is paid paid
		waiting=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[-1].id')
		control "{\"settle\":{\"id\":\"$waiting\",\"outcome\":\"$refund\"}}" >/dev/null
		deliver razorpay >/dev/null
		order_is paid paid
		[[ $(sql "select count(*) from invoices where order_id = '$order' and kind = 'credit_note'") == 0 ]]
		if [[ $refund == succeeded ]]; then
			held captured 103.00 none
		else
			held captured 103.00 amount_differs
			by staff act accept
			is .amount 103.00
		fi
	done
	# A part of too small an amount is refunded: the rest is paid, and no more.
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	new_key
	refund_payment '{"amount":"2.00"}'
	by staff act accept
	expect 200
	is .amount 3.00
	order_is placed unpaid
	begin razorpay
	is .amount 17.00
	# All of it, as the order was cancelled.
	control '{"refunds":"succeeded"}' >/dev/null
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	by staff ask POST "/orders/$order/cancel"
	by staff act accept
	expect 409 conflict
	is .detail 'All of it is being refunded: there is nothing to accept.'
	cron
	order_is cancelled refunded
}

@test "amounts: a fee that the customer paid may go back at the provider too" {
	for parts in 10236 '10000 236' '5000 5236'; do
		place "$product:10"
		pay_other razorpay amount:=10236 fee:=236 fee_bearer=customer
		deliver razorpay >/dev/null
		for part in $parts; do
			curl -sS -u rzp_test_StandIn000001:stand_in_key_secret -H 'Content-Type: application/json' \
				"$GATEWAYS/v1/payments/$transaction/refund" -d "{\"amount\":$part}" >/dev/null
		done
		deliver razorpay times:=2 >/dev/null
		order_is paid refunded
		[[ $(sql "select sum(amount) from invoices where order_id = '$order' and kind = 'credit_note'") == 100.00 ]]
		by staff api GET "/payments/$payment"
		is '[.amount, .amount_refunded, (.attention | tojson)] | join(" ")' '100.00 102.36 null'
		new_key
		refund_payment
		expect 409 conflict
		new_key
		refund_payment '{"amount":"0.01"}'
		expect 409 conflict
	done
}

@test "amounts: the received amount is refunded, and the order is paid anew" {
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	refund_payment '{"amount":"5.01"}'
	refused '/amount max_value'
	new_key
	refund_payment '{"restock":true}'
	refused '/restock invalid'
	new_key
	refund_payment
	expect 201
	is '[.amount, .currency, .status] | join(" ")' '5.00 EUR succeeded'
	held needs_attention 5.00 none
	order_is placed refunded
	[[ $(sql "select count(*) from invoices where order_id = '$order' and kind = 'credit_note'") == 0 ]]
	by staff act accept
	expect 409 conflict
	begin razorpay
	is .amount 20.00
	pay razorpay "$intent" >/dev/null
	deliver all >/dev/null
	order_is paid partially_refunded
	refunds_are '5.00 succeeded'
}

@test "amounts: the surplus is refunded, and the rest is the payment" {
	place "$product:10"
	pay_other razorpay amount:=10300 fee:=null
	deliver razorpay >/dev/null
	control '{"refunds":"pending"}' >/dev/null
	refund_payment '{"amount":"3.00"}'
	expect 201
	held needs_attention 103.00 amount_differs
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"succeeded\"}}" >/dev/null
	deliver razorpay >/dev/null
	held captured 103.00 none
	order_is paid paid
	[[ $(sql "select count(*) from invoices where order_id = '$order' and kind = 'credit_note'") == 0 ]]
	new_key
	refund_payment '{"amount":"100.01"}'
	refused '/amount max_value'
	control '{"refunds":"succeeded"}' >/dev/null
	new_key
	refund_payment '{"amount":"1.00"}'
	expect 201
	order_is paid partially_refunded
	[[ $(sql "select sum(amount) from invoices where order_id = '$order' and kind = 'credit_note'") == 1.00 ]]
}

@test "amounts: all money of a cancelled order is refunded, whether staff or the customer cancels it" {
	for who in guest staff; do
		for what in 'stripe amount:=500' 'razorpay amount:=2047' 'razorpay amount:=2047 currency=USD'; do
			place "$product:2"
			pay_other $what
			deliver all >/dev/null
			payment_is needs_attention
			refunds_are ''
			only_ours
			if [[ $who == staff ]]; then no_sender by staff ask POST "/orders/$order/cancel"; else
				no_sender ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"; fi
			expect 200
			amount=${what#*:=} amount=${amount%% *}
			amount=$((amount / 100)).$(printf '%02d' $((amount % 100)))
			refunds_are "$amount pending"
			[[ $(sql "select data ->> 'refund' from outbox where order_id = '$order' and template = 'order_cancelled'") == \
				"$amount $([[ $what == *USD* ]] && echo USD || echo EUR)" ]]
			cron
			refunds_are "$amount succeeded"
			order_is cancelled refunded
			[[ $(ledger "[.totals[\"$transaction\"] | .captured - .refunded] | tojson") == '[0]' ]]
			held needs_attention "$amount" none
		done
	done
}

@test "amounts: a cancelled order of which nothing was paid promises nothing back" {
	place "$product:2"
	begin stripe
	only_ours
	no_sender by staff ask POST "/orders/$order/cancel"
	expect 200
	[[ $(sql "select (data ->> 'refund') is null from outbox where order_id = '$order' and template = 'order_cancelled'") == t ]]
	for language in en de hi; do
		[[ $(grep -c '{refund}' "$VAR/site/templates/$language/order_cancelled.mail") == 1 ]]
	done
}

@test "amounts: what comes after the order was cancelled is not thanked for" {
	for what in stripe 'stripe amount:=500' 'razorpay amount:=2047'; do
		place "$product:2"
		begin "${what%% *}"
		by staff ask POST "/orders/$order/cancel"
		expect 200
		control "{\"pay\":$(words_as_json provider="${what%% *}" id="$intent" ${what#"${what%% *}"})}" >/dev/null
		deliver all times:=2 >/dev/null
		[[ $(messages_of order_paid) == 0 && $(messages_of order_paid_late) == 1 ]]
		[[ $(sql "select count(*) from refunds where order_id = '$order' and status = 'pending'") == 1 ]]
		cron
		order_is cancelled refunded
	done
	# What is paid by hand goes back by hand: nothing is promised.
	place "$product:2"
	begin manual
	by staff act mark-paid
	expect 200
	only_ours
	no_sender by staff ask POST "/orders/$order/cancel"
	expect 200
	[[ $(messages_of order_paid_late) == 0 ]]
	[[ $(sql "select (data ->> 'refund') is null from outbox where order_id = '$order' and template = 'order_cancelled'") == t ]]
}

@test "amounts: another currency is never accepted, and can be refunded" {
	place "$product:2"
	pay_other razorpay amount:=2000 currency=USD fee:=0
	act confirm "$(jq -c .checkout <<<"$paid")"
	expect 200
	is '[.status, .amount, .currency, .amount_captured, .attention.reason] | join(" ")' \
		'needs_attention 20.00 EUR 20.00 currency_differs'
	by staff api GET "/payments/$payment"
	is '.attention.received | tojson' '{"amount":"20.00","currency":"USD"}'
	order_is pending pending
	by staff act accept
	expect 409 conflict
	[[ $(field .detail) == *'USD'*'EUR'* ]]
	overdue
	cron
	order_is pending pending
	new_key
	refund_payment '{"amount":"20.01"}'
	refused '/amount max_value'
	refund_payment
	expect 201
	is '[.amount, .currency, .status] | join(" ")' '20.00 USD succeeded'
	held needs_attention 20.00 none
	begin stripe
	is '[.amount, .currency] | join(" ")' '20.00 EUR'
	# The order's own currency goes before it, whichever comes first.
	place "$product:2"
	pay_other stripe
	whole=$(made payment_intent.succeeded "$intent")
	event stripe "$(jq -c --arg id "evt_$(unique)" '.id = $id | .data.object.currency = "usd"' <<<"$whole")"
	held needs_attention 20.00 currency_differs
	event stripe "$whole"
	held captured 20.00 none
	event stripe "$(jq -c --arg id "evt_$(unique)" '.id = $id | .data.object.currency = "usd"' <<<"$whole")"
	held captured 20.00 none
	order_is paid paid
}

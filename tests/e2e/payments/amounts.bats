# The provider holds another amount, or another currency, than was asked for: it is recorded, the store is told, and its
# people accept it or give it back.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments
load ../../support/messages

setup_file() {
	gateways_up
	open_shop
	sql "update stores set contact_email = 'store@example.com' where id = '$store'"
}
teardown_file() { gateways_down; }
setup() {
	gateways_reset
	sql "truncate rate_limits; truncate webhook_events"
	order_token=
	product=$(make_product inventory_count:=100)
	new_key
}
teardown() { ledger_is_right && money_is_right; }

# pay_other METHOD [NAME=TEXT|NAME:=JSON]... : $order is begun to be paid, and paid there as the words say.
pay_other() {
	begin "$1"
	paid=$(control "{\"pay\":$(words_as_json provider="$1" id="$intent" "${@:2}")}")
	transaction=$(jq -r .id <<<"$paid")
}

# held STATUS AMOUNT ATTENTION : of $payment, as the staff sees it.
held() {
	by staff api GET "/payments/$payment"
	is '[.status, .amount_captured, .attention.reason // "none"] | join(" ")' "$1 $2 $3"
}

# mails TEMPLATE : how many the store, or the buyer, got about the order.
mails() { sql "select count(*) from outbox where order_id = '$order' and template = '$1'"; }

overdue() {
	sql "begin; alter table payments disable trigger user;
		update orders set placed_at = now() - interval '2 hours' where id = '$order';
		update payments set created_at = now() - interval '2 hours' where order_id = '$order';
		alter table payments enable trigger user; commit"
}

@test "amounts: a fee that the customer bears is no part of the order's money" {
	for bearer in '"customer"' null; do
		place "$product:10"
		pay_other razorpay amount:=10236 fee:=236 fee_bearer:="$bearer"
		act confirm "$(jq -c .checkout <<<"$paid")"
		expect 200
		is '[.status, .amount, .amount_captured, .fee, (.attention | tojson)] | join(" ")' 'captured 100.00 102.36 2.36 null'
		order_is paid paid
		deliver razorpay times:=2 order=reversed >/dev/null
		order_is paid paid
		[[ $(mails payment_attention) == 0 ]]
		give_back '{"amount":"100.01"}'
		refused '/amount max_value'
		new_key
		give_back
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

@test "amounts: a part that is captured at the provider is recorded, and the store is told" {
	place "$product:2"
	pay_other stripe amount:=500
	only_ours
	no_sender
	act confirm
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

@test "amounts: by webhook alone, and cron does not cancel the order" {
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
	sql "update payments set asked_at = asked_at - interval '10 minutes' where order_id = '$order'"
	cron
	held needs_attention 5.00 amount_differs
}

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
	[[ $(mails order_paid) == 1 ]]
	new_key
	give_back '{"amount":"103.01"}'
	refused '/amount max_value'
	give_back
	expect 201
	order_is paid refunded
}

@test "amounts: what is being given back is not accepted" {
	for refund in succeeded failed; do
		place "$product:10"
		pay_other razorpay amount:=10300 fee:=null
		deliver razorpay >/dev/null
		control '{"refunds":"pending"}' >/dev/null
		new_key
		give_back '{"amount":"3.00"}'
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
	# Of too little a part is given back: what is left is paid, and no more.
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	new_key
	give_back '{"amount":"2.00"}'
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
		give_back
		expect 409 conflict
		new_key
		give_back '{"amount":"0.01"}'
		expect 409 conflict
	done
}

@test "amounts: what came is given back, and the order is paid anew" {
	place "$product:2"
	pay_other stripe amount:=500
	deliver stripe >/dev/null
	give_back '{"amount":"5.01"}'
	refused '/amount max_value'
	new_key
	give_back '{"restock":true}'
	refused '/restock invalid'
	new_key
	give_back
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

@test "amounts: what is too much is given back, and what is left is the payment" {
	place "$product:10"
	pay_other razorpay amount:=10300 fee:=null
	deliver razorpay >/dev/null
	control '{"refunds":"pending"}' >/dev/null
	give_back '{"amount":"3.00"}'
	expect 201
	held needs_attention 103.00 amount_differs
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"succeeded\"}}" >/dev/null
	deliver razorpay >/dev/null
	held captured 103.00 none
	order_is paid paid
	[[ $(sql "select count(*) from invoices where order_id = '$order' and kind = 'credit_note'") == 0 ]]
	new_key
	give_back '{"amount":"100.01"}'
	refused '/amount max_value'
	control '{"refunds":"succeeded"}' >/dev/null
	new_key
	give_back '{"amount":"1.00"}'
	expect 201
	order_is paid partially_refunded
	[[ $(sql "select sum(amount) from invoices where order_id = '$order' and kind = 'credit_note'") == 1.00 ]]
}

@test "amounts: of a cancelled order all that is held goes back, whoever cancels it" {
	for who in guest staff; do
		for what in 'stripe amount:=500' 'razorpay amount:=2047' 'razorpay amount:=2047 currency=USD'; do
			place "$product:2"
			pay_other $what
			deliver all >/dev/null
			payment_is needs_attention
			refunds_are ''
			only_ours
			no_sender
			if [[ $who == staff ]]; then by staff ask POST "/orders/$order/cancel"; else
				ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"; fi
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
	no_sender
	by staff ask POST "/orders/$order/cancel"
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
		[[ $(mails order_paid) == 0 && $(mails order_paid_late) == 1 ]]
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
	no_sender
	by staff ask POST "/orders/$order/cancel"
	expect 200
	[[ $(mails order_paid_late) == 0 ]]
	[[ $(sql "select (data ->> 'refund') is null from outbox where order_id = '$order' and template = 'order_cancelled'") == t ]]
}

@test "amounts: a later, complete capture resolves it by itself" {
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
	[[ $(mails payment_attention) == 2 ]]
	by staff act accept
	expect 200
	is '[.status, .amount] | join(" ")' 'captured 20.00'
	order_is paid paid
}

@test "amounts: another currency is never accepted, and can be given back" {
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
	give_back '{"amount":"20.01"}'
	refused '/amount max_value'
	give_back
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

@test "amounts: whoever hears of another payment notes it" {
	for how in cron cod; do
		place "$product:1"
		begin stripe
		pay stripe "$intent" >/dev/null
		fault wrong_id match='/v1/payment_intents/'
		if [[ $how == cron ]]; then
			sql "update payments set asked_at = asked_at - interval '10 minutes' where order_id = '$order'"
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

@test "amounts: what a provider says of a failure is for the store alone" {
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

# reserve METHOD : $order is begun to be paid, and the money is reserved until the staff takes it.
reserve() {
	place "$product:2"
	new_key
	fault error match='POST /v1/' times:=1
	try_begin "$1"
	expect 503 unavailable
	sql "update payments set capture_by_hand = true where order_id = '$order'"
	try_begin "$1"
	expect 201
	begun
	transaction=$(pay "$1" "$intent" | jq -r .id)
	deliver "$1" >/dev/null
	payment_is authorized
}

@test "amounts: a part of what is reserved is captured, and the rest stays owed" {
	reserve stripe
	for wrong in '"20.01" max_value' '"5.001" max_decimal_places' '"0.00" min_value' '"-1" invalid' '"x" invalid' \
		'true wrong_type'; do
		by staff act capture "{\"amount\":${wrong% *}}"
		refused "/amount ${wrong#* }"
	done
	by customer act capture '{"amount":"5.00"}'
	expect 403 forbidden
	payment_is authorized
	by staff act capture '{"amount":"5.00"}'
	expect 200
	is '[.status, .amount, .amount_captured, (.attention | tojson)] | join(" ")' 'captured 5.00 5.00 null'
	[[ $(ledger ".totals[\"$intent\"].captured") == 500 ]]
	order_is placed unpaid
	deliver stripe times:=2 >/dev/null
	held captured 5.00 none
	by staff act capture '{"amount":"5.00"}'
	expect 200
	by staff act capture
	expect 200
	for other in 6.00 20.00; do
		by staff act capture "{\"amount\":\"$other\"}"
		expect 409 conflict
		is .detail '5.00 EUR of it are captured: that cannot be changed.'
	done
	begin razorpay
	is .amount 15.00
	pay razorpay "$intent" >/dev/null
	deliver razorpay >/dev/null
	order_is paid paid
	[[ $(mails payment_attention) == 0 ]]
}

@test "amounts: a part that was captured is known as such whoever tells of it" {
	# The webhook is quicker than the answer.
	reserve stripe
	fault lose match=/capture times:=1
	by staff act capture '{"amount":"5.00"}'
	expect 503 unavailable
	deliver stripe >/dev/null
	held captured 5.00 none
	# The answer is lost, and so is the webhook.
	reserve stripe
	fault lose match=/capture times:=1
	by staff act capture '{"amount":"5.00"}'
	expect 503 unavailable
	later
	cron
	held captured 5.00 none
	[[ $(ledger ".totals[\"$intent\"].captured") == 500 ]]
	# The question is lost.
	reserve stripe
	fault error match=/capture times:=1
	by staff act capture '{"amount":"5.00"}'
	expect 503 unavailable
	by staff act capture '{"amount":"6.00"}'
	expect 409 conflict
	later
	cron
	held captured 5.00 none
	# All of it is captured there instead.
	reserve stripe
	fault error match=/capture times:=1
	by staff act capture '{"amount":"5.00"}'
	expect 503 unavailable
	curl -sS -u sk_test_stand_in: "$GATEWAYS/v1/payment_intents/$intent/capture" -d '' >/dev/null
	deliver stripe >/dev/null
	held captured 20.00 none
	order_is paid paid
}

@test "amounts: all of it is captured by its amount too, and where parts are not captured that is said" {
	reserve stripe
	by staff act capture '{"amount":"20"}'
	expect 200
	is '[.status, .amount] | join(" ")' 'captured 20.00'
	reserve razorpay
	by staff act capture '{"amount":"5.00"}'
	expect 409 payment-refused
	payment_is authorized
	later
	cron
	payment_is authorized
	by staff act capture '{"amount":null}'
	expect 200
	is '[.status, .amount] | join(" ")' 'captured 20.00'
	order_is paid paid
}

@test "amounts: what is reserved with a fee of the customer's is captured with it" {
	place "$product:10"
	begin razorpay
	paid=$(control "{\"pay\":$(words_as_json provider=razorpay id="$intent" how=authorize amount:=10236)}")
	act confirm "$(jq -c .checkout <<<"$paid")"
	expect 200
	is '[.status, .amount_captured] | join(" ")' 'needs_attention 102.36'
	[[ $(ledger '[.totals[].captured] | tojson') == '[10236]' ]]
}

@test "amounts: a part that the currency does not have is not asked for" {
	here=$store
	while read -r currency price part wrong right; do
		store=$(make_store currency="$currency")
		by admin send POST "/stores/$store/members" user="$(staff_id staff)"
		product=$(make_product price="$price")
		reserve stripe
		by staff act capture "{\"amount\":\"$part\"}"
		refused "/amount $wrong"
		[[ $(asked /capture) == 0 ]]
		by staff act capture "{\"amount\":\"$right\"}"
		expect 200
		is '[.status, .amount, .amount_captured] | join(" ")' "captured $right $right"
		gateways_reset
	done <<-'END'
		KWD 5.000 1.005 invalid            1.010
		JPY 500   1.5   max_decimal_places 300
		MGA 50.00 1.50  invalid            30.00
		ISK 500   1.5   max_decimal_places 300
	END
	store=$here
}

@test "amounts: what comes from a provider is written as its currency is" {
	here=$store
	while read -r currency price units held part; do
		store=$(make_store currency="$currency")
		by admin send POST "/stores/$store/members" user="$(staff_id staff)"
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

# Disputes: they are recorded in whatever order their events arrive, the store is notified, disputed orders are not
# shipped, and what is lost is booked.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments
load ../../support/messages

setup_file() {
	open_payments
	sql "update stores set contact_email = 'store@example.com' where id = '$store'"
}
setup() {
	fresh inventory_count:=100
	place "$product:2"
}

# dispute GATEWAY PAYMENT [NAME=TEXT|NAME:=JSON]... : a new one; leaves $dispute.
dispute() { dispute=$(control "{\"dispute\":$(words_as_json provider="$1" payment="$2" "${@:3}")}" | jq -r .id); }
# dispute_event GATEWAY PAYMENT STATUS [NAME=TEXT|NAME:=JSON]... : of $dispute.
dispute_event() { control "{\"dispute\":$(words_as_json provider="$1" payment="$2" id="$dispute" status="$3" "${@:4}")}" >/dev/null; }

# disputed STATUS ATTENTION : the payment's dispute, as the staff sees it.
disputed() {
	by staff api GET "/payments/$payment"
	is '[.dispute.status, .attention.reason // "none"] | join(" ")' "$1 $2"
}

ship() { by staff ask POST "/orders/$order/ship" "${1-}"; }

# asked_back PAYMENT : how many refunds of it the provider was asked for, whatever cron asked of other suites' payments.
asked_back() { asked /refund "[.[] | select(.method == \"POST\" and (tostring | contains(\"$1\")))] | length"; }

# The events of a dispute in any order: all at once, reversed, one by one, several times.
every_order() {
	case $1 in
	made)     deliver all >/dev/null ;;
	reversed) deliver all order=reversed >/dev/null ;;
	shuffled) deliver all order=shuffled seed:=5 times:=3 connections:=4 >/dev/null ;;
	esac
}

@test "disputes: the store is notified, and the order is not shipped unless forced" {
	pay_by_stripe
	dispute stripe "$intent" due_by:=4102444800
	only_ours
	no_sender deliver stripe >/dev/null
	disputed needs_response disputed
	is '.dispute | [.amount, .currency, .reason, .evidence_due_at, (.is_inquiry | tostring)] | join(" ")' \
		'20.00 EUR fraudulent 2100-01-01T00:00:00.000000Z false'
	is '.disputes | [length, .[0].gateway_dispute] | join(" ")' "1 $dispute"
	is .status captured
	order_is paid paid
	[[ $(messages_of payment_disputed) == 1 ]]
	[[ $(sql "select concat_ws('|', recipient, data ->> 'status', data ->> 'reason', data ->> 'evidence_due_at') from outbox
		where order_id = '$order' and template = 'payment_disputed'") == \
		'store@example.com|needs response|fraudulent|2100-01-01T00:00:00.000000Z' ]]
	by staff api GET "/orders/$order"
	is '[.events[].note | select(. != "")] | join("|")' \
		'A dispute of 20.00 EUR is needs response: fraudulent, evidence until 2100-01-01T00:00:00.000000Z.'
	api GET "/payments/$payment" -H "X-Order-Token: $order_token"
	is '[.dispute.status, .attention.reason, has("disputes")] | map(tostring) | join(" ")' 'needs_response disputed false'
	ship
	expect 409 conflict
	ship '{"force":false}'
	expect 409 conflict
	ship '{"force":"yes"}'
	refused '/force wrong_type'
	order_is paid paid
	by staff act accept
	expect 200
	deliver stripe times:=2 >/dev/null
	[[ $(messages_of payment_disputed) == 1 ]]
	ship '{"force":true,"tracking":"T 1"}'
	expect 200
	is .status shipped
}

@test "disputes: after a won dispute all is as before, in whatever order events arrive" {
	for how in made reversed shuffled; do
		for gateway in stripe razorpay; do
			place "$product:2"
			begin "$gateway"
			transaction=$(pay "$gateway" "$intent" | jq -r .id)
			dispute "$gateway" "$transaction"
			dispute_event "$gateway" "$transaction" under_review
			dispute_event "$gateway" "$transaction" won
			every_order "$how"
			disputed won none
			order_is paid paid
			credit_notes_are ''
			refunds_are ''
			ship
			expect 200
		done
	done
}

@test "disputes: what is lost is booked once, with its credit note, and not shipped" {
	for how in made reversed shuffled; do
		for gateway in stripe razorpay; do
			place "$product:2"
			begin "$gateway"
			transaction=$(pay "$gateway" "$intent" | jq -r .id)
			dispute "$gateway" "$transaction"
			dispute_event "$gateway" "$transaction" under_review
			dispute_event "$gateway" "$transaction" lost
			every_order "$how"
			disputed lost none
			is '[.status, .amount_refunded, .refunds[0].reason] | join(" ")' 'captured 20.00 Lost in a dispute.'
			order_is paid refunded
			refunds_are '20.00 succeeded'
			credit_notes_are 20.00
			[[ $(sql "select count(*) from outbox where order_id = '$order' and template = 'order_refunded'") == 0 ]]
			ship
			expect 409 conflict
			new_key
			refund_payment
			expect 409 conflict
			cron
			refunds_are '20.00 succeeded'
			[[ $(asked_back "$transaction") == 0 ]]
			ship '{"force":true}'
			expect 200
		done
	done
}

@test "disputes: a part that is lost, beside a refund" {
	pay_by_razorpay
	refund_payment '{"amount":"5.00"}'
	expect 201
	dispute razorpay "$transaction" amount:=1000
	dispute_event razorpay "$transaction" lost amount_deducted:=900
	deliver razorpay >/dev/null
	refunds_are '5.00 succeeded, 9.00 succeeded'
	order_is paid partially_refunded
	credit_notes_are '5.00, 9.00'
	new_key
	refund_payment '{"amount":"6.01"}'
	refused '/amount max_value'
	# Never more than is held.
	dispute razorpay "$transaction" amount:=2000
	dispute_event razorpay "$transaction" lost
	deliver razorpay >/dev/null
	refunds_are '5.00 succeeded, 9.00 succeeded, 6.00 succeeded'
	order_is paid refunded
	by staff api GET "/payments/$payment"
	is '.disputes | length' 2
}

@test "disputes: an inquiry moves no money, and may become a dispute" {
	pay_by_stripe
	dispute stripe "$intent" status=warning_needs_response
	deliver stripe >/dev/null
	disputed needs_response disputed
	is .dispute.is_inquiry true
	ship
	expect 409 conflict
	dispute_event stripe "$intent" warning_under_review
	deliver stripe >/dev/null
	disputed under_review disputed
	dispute_event stripe "$intent" warning_closed
	deliver stripe order=reversed times:=2 >/dev/null
	disputed closed none
	refunds_are ''
	order_is paid paid
	ship
	expect 200
	place "$product:1"
	pay_by_stripe
	dispute stripe "$intent" status=warning_needs_response
	sleep 1.1
	dispute_event stripe "$intent" needs_response
	deliver stripe order=reversed >/dev/null
	disputed needs_response disputed
	is .dispute.is_inquiry false
	# A retrieval of Razorpay's, which is no chargeback, takes nothing.
	place "$product:1"
	pay_by_razorpay
	dispute razorpay "$transaction" phase=retrieval
	deliver razorpay >/dev/null
	disputed needs_response disputed
	is .dispute.is_inquiry true
	dispute_event razorpay "$transaction" closed
	deliver razorpay >/dev/null
	disputed closed none
	refunds_are ''
	# Of those that are decided the latest is shown, whose evidence was due later.
	sql "update disputes set evidence_due_at = evidence_due_at - interval '1 hour' where status = 'closed'"
	for phase in retrieval fraud; do
		dispute razorpay "$transaction" phase="$phase"
		dispute_event razorpay "$transaction" lost phase="$phase"
		deliver razorpay >/dev/null
		disputed lost none
		refunds_are ''
		order_is paid paid
	done
}

@test "disputes: more evidence is requested after a review, and a lost one is won" {
	pay_by_razorpay
	dispute razorpay "$transaction"
	dispute_event razorpay "$transaction" under_review
	sleep 1.1
	dispute_event razorpay "$transaction" open respond_by:=4102444800
	deliver razorpay order=reversed >/dev/null
	disputed needs_response disputed
	is .dispute.evidence_due_at 2100-01-01T00:00:00.000000Z
	dispute_event razorpay "$transaction" lost
	sleep 1.1
	dispute_event razorpay "$transaction" won
	deliver razorpay order=made times:=2 >/dev/null
	disputed won none
	refunds_are '20.00 failed'
	order_is paid paid
	by staff api GET "/orders/$order"
	is '[.events[].note | select(contains("by hand"))] | length' 1
	refund_payment '{"amount":"20.00"}'
	expect 201
}

@test "disputes: several of one payment, of which one is open" {
	pay_by_stripe
	dispute stripe "$intent" amount:=500
	dispute_event stripe "$intent" won
	dispute stripe "$intent" amount:=700
	deliver stripe >/dev/null
	disputed needs_response disputed
	is '[.dispute.amount, (.disputes | length)] | map(tostring) | join(" ")' '7.00 2'
	ship
	expect 409 conflict
	dispute_event stripe "$intent" lost
	deliver stripe >/dev/null
	disputed lost none
	refunds_are '7.00 succeeded'
	order_is paid partially_refunded
}

@test "disputes: of another amount than requested, accepted meanwhile or not" {
	for accepted in yes no; do
		place "$product:2"
		begin stripe
		control "{\"pay\":$(words_as_json provider=stripe id="$intent" amount:=500)}" >/dev/null
		dispute stripe "$intent"
		deliver stripe >/dev/null
		disputed needs_response amount_differs
		if [[ $accepted == yes ]]; then
			by staff act accept
			expect 200
			disputed needs_response disputed
			by staff api GET "/payments?attention=disputed&order=$order"
			is '.results | length' 1
		fi
		dispute_event stripe "$intent" lost
		deliver stripe >/dev/null
		disputed lost none
		refunds_are '5.00 succeeded'
		order_is placed refunded
	done
}

@test "disputes: a cancelled order's money is refunded once it is decided, not before" {
	for end in won lost; do
		place "$product:2"
		pay_by_stripe
		dispute stripe "$intent"
		deliver stripe >/dev/null
		no_sender by staff ask POST "/orders/$order/cancel"
		expect 200
		[[ $(sql "select (data ->> 'refund') is null from outbox
			where order_id = '$order' and template = 'order_cancelled'") == t ]]
		cron
		refunds_are ''
		by staff api GET "/orders/$order"
		is '[.events[].note | select(contains("by hand"))] | length' 0
		disputed needs_response disputed
		dispute_event stripe "$intent" "$end"
		deliver stripe >/dev/null
		cron
		refunds_are '20.00 succeeded'
		order_is cancelled refunded
		credit_notes_are 20.00
		[[ $(asked_back "$intent") == "$([[ $end == won ]] && echo 1 || echo 0)" ]]
	done
	# An inquiry has taken nothing.
	place "$product:2"
	pay_by_stripe
	dispute stripe "$intent" status=warning_needs_response
	deliver stripe >/dev/null
	by staff ask POST "/orders/$order/cancel"
	refunds_are '20.00 pending'
	cron
	refunds_are '20.00 succeeded'
}

@test "disputes: one that is reported before its payment" {
	fault lose times:=1
	try_begin razorpay
	expect 503 unavailable
	intent=$(control '{"objects":{"kind":"order"}}' | jq -r --arg order "$order" '.[] | select(.notes.order == $order) | .id')
	transaction=$(pay razorpay "$intent" | jq -r .id)
	dispute razorpay "$transaction"
	dispute_event razorpay "$transaction" lost
	deliver razorpay order=reversed 'types:=["payment.authorized","payment.captured","payment.dispute.created",
		"payment.dispute.lost"]' >/dev/null
	[[ $(sql "select string_agg(distinct outcome, ' ') from webhook_events") == unmatched ]]
	try_begin razorpay
	expect 201
	begun
	disputed lost none
	order_is paid refunded
	refunds_are '20.00 succeeded'
}

@test "disputes: strangers', and of a form that is not known" {
	pay_by_stripe
	dispute stripe "$intent"
	made=$(made charge.dispute.created "$intent")
	change() { jq -c --arg id "evt_$(unique)" '.id = $id | .data.object |= ('"$1"')' <<<"$made"; }
	event stripe "$(change '.payment_intent = null')"
	expect 200
	[[ $(outcome_of charge.dispute.created) == ignored ]]
	event stripe "$(change '.payment_intent = "pi_stranger"')"
	expect 200
	[[ $(outcome_of charge.dispute.created) == unmatched ]]
	for strange in '.status = null' '.status = "escalated"' '.amount = "x"' '.id = 7' '.object = "charge"'; do
		event stripe "$(change "$strange")"
		expect 200
		[[ $(outcome_of charge.dispute.created) == not_understood ]]
	done
	event stripe "$(change '.reason = null | .evidence_details = null | .evidence = {deep: {er: {}}}')"
	expect 200
	disputed needs_response disputed
	is '[.dispute.reason, (.dispute.evidence_due_at | tojson)] | join(" ")' ' null'
}

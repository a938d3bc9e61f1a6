# Payments with many at once: one key or one order makes one payment, and whatever meets on an order, nobody waits for
# each other for good and the money adds up. Needs RATE_LIMITS=off.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

setup() {
	built send_together
	fresh inventory_count:=500
	requests=$BATS_TEST_TMPDIR/requests answers=$BATS_TEST_TMPDIR/answers
}

# request PATH BODY HEADER=VALUE... : a line for send_together.
request() {
	local words
	words=$(words_as_json "${@:3}")
	words=${words/x_order_token/X-Order-Token} words=${words/idempotency_key/Idempotency-Key}
	printf '{"method":"POST","path":"%s",%s"headers":%s}\n' "$1" "${2:+"\"body\":$2,"}" "$words"
}

at_once() { "$programs/send_together" -n "$1" "$API" <"$requests" >"$answers"; }

# only STATUS... : no other answer came.
only() {
	local other
	other=$(jq -c --arg wanted " $* " 'select(" \(.status) " as $s | $wanted | contains($s) | not)' "$answers" | head -n 3)
	if [[ -n $other ]]; then echo "not only $*: $other"; return 1; fi
}

@test "payments: fifty at once with one key open one" {
	for gateway in stripe razorpay cod; do
		place "$product:1"
		new_key
		for _ in {1..50}; do
			request /payments "{\"order\":\"$order\",\"payment_method\":\"$gateway\"}" \
				idempotency_key="$key" x_order_token="$order_token"
		done >"$requests"
		at_once 8
		only 201 409
		[[ $(jq -r 'select(.status == 201).body.id' "$answers" | sort -u | wc -l) == 1 ]]
		[[ $(jq -r 'select(.status == 409).body.type' "$answers" | sort -u) == @(|/problems/idempotency-key-in-use) ]]
		[[ $(sql "select count(*) from payments where order_id = '$order'") == 1 ]]
	done
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 1 ]]
	[[ $(control '{"objects":{"kind":"order"}}' | jq length) == 1 ]]
}

@test "payments: fifty at once with different keys open one" {
	for gateway in stripe razorpay cod; do
		place "$product:1"
		for n in {1..50}; do
			request /payments "{\"order\":\"$order\",\"payment_method\":\"$gateway\"}" \
				idempotency_key="$key-$gateway-$n" x_order_token="$order_token"
		done >"$requests"
		at_once 8
		only 200 201 409
		[[ $(jq -r 'select(.status < 300).body | .id + (.client.id // .client.order_id // "")' "$answers" |
			sort -u | wc -l) == 1 ]]
		[[ $(sql "select count(*) from payments where order_id = '$order'") == 1 ]]
	done
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 1 ]]
	[[ $(control '{"objects":{"kind":"order"}}' | jq length) == 1 ]]
}

@test "payments: fifty at once by all methods leave one open" {
	place "$product:1"
	for n in {1..50}; do
		methods=(stripe razorpay cod manual)
		request /payments "{\"order\":\"$order\",\"payment_method\":\"${methods[n % 4]}\"}" \
			idempotency_key="$key-$n" x_order_token="$order_token"
	done >"$requests"
	at_once 8
	only 200 201 409
	[[ $(sql "select count(*) from payments where order_id = '$order'
		and status in ('created', 'pending', 'failed', 'authorized')") == 1 ]]
	# At the provider nothing is open that is cancelled here.
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq '[.[] | select(.status != "canceled")] | length') -le 1 ]]
}

# meet : five orders that are paid at their providers, and for each what may happen with it, all of it at once.
meet() {
	local bearer n
	by staff eval 'bearer=$token'
	for n in {1..5}; do
		place "$product:1"
		if (( n % 2 )); then begin stripe; else begin razorpay; fi
		checkout=$(pay "$( (( n % 2 )) && echo stripe || echo razorpay)" "$intent" | jq -c '.checkout // {}')
		for i in 1 2 3; do
			request "/payments/$payment/confirm" "$checkout" x_order_token="$order_token"
			request "/payments/$payment/refunds" '{"amount":"4.00"}' authorization="Bearer $bearer" \
				idempotency_key="$key-$payment-$i"
			request "/payments/$payment/cancel" '' x_order_token="$order_token"
		done
		request "/orders/$order/cancel" '' authorization="Bearer $bearer"
		request "/payments" "{\"order\":\"$order\",\"payment_method\":\"cod\"}" \
			x_order_token="$order_token" idempotency_key="$key-$order"
	done | sort -R >"$requests"
}

@test "payments: confirmations, webhooks, cancels and refunds meet" {
	log=${VAR:?}/log/postgres.log
	before=$(grep -c 'deadlock detected' "$log" || true)
	end=$((SECONDS + ${HEAVY_S:-5}))
	while (( SECONDS < end )); do
		gateways_reset
		new_key
		meet
		deliver all order=shuffled seed:="$RANDOM" times:=3 connections:=4 >"$BATS_TEST_TMPDIR/delivered" 3>&- &
		at_once 8
		wait
		only 200 201 409 422 400
		[[ $(jq -c '.statuses | keys' "$BATS_TEST_TMPDIR/delivered") == '["200"]' ]]
		deliver all times:=2 >/dev/null
		cron
		cron
		# What the providers have kept is what we think they have.
		ids=$(ledger '[.movements[].payment] | unique | map("'"'"'" + . + "'"'"'") | join(",")')
		[[ $(ledger '[.totals[] | .captured - .refunded] | add // 0') == $(sql "select
			coalesce(sum(100 * (p.amount - payment_refunded(p.id))), 0)::bigint from payments p
			where p.status = 'captured' and p.transaction_id in (${ids:-''})") ]]
	done
	[[ $(grep -c 'deadlock detected' "$log" || true) == "$before" ]]
}

# The stand-in of the payment providers (tests/gateways): their own clients get along with it, its objects have the
# members that theirs have, and what it does wrong on purpose is what was asked for. It is on the port PORT + 3; the
# clients need the npm registry once.
# shellcheck disable=SC2034,SC2153,SC2154 # contract.bash and gateways.bash set and use them

load contract
load ../support/gateways

gateways=$gateways_dir
shared=$top/../shared/data

setup_file() { gateways_up; }
teardown_file() { gateways_down; }
setup() { gateways_reset; }

stripe_api() { curl -sS -u sk_test_stand_in: "${@:3}" -X "$1" "$GATEWAYS/v1$2"; }
razorpay_api() { curl -sS -u rzp_test_StandIn000001:stand_in_key_secret "${@:3}" -X "$1" "$GATEWAYS/v1$2"; }
new_intent() { stripe_api POST /payment_intents -d amount=118000 -d currency=inr "$@"; }
new_order() { razorpay_api POST /orders --json '{"amount":118000,"currency":"INR","receipt":"100001"}'; }

# clients PROVIDER [NODE'S OPTIONS...]
clients() {
	local settings
	if ! fetch_packages; then skip "$why"; fi
	mapfile -t settings < <(gateway_settings)
	env "${settings[@]}" node "${@:2}" "$gateways/clients.js" "$1" "$GATEWAYS" | tee "$BATS_TEST_TMPDIR/tap"
	[[ $(grep -c '^ok' "$BATS_TEST_TMPDIR/tap") -gt 5 ]]
}

# members JQ FILE : the names of an object's members, sorted.
members() { command jq -c "$1 | keys" "$2"; }

# exits CODE COMMAND... : with what code curl ends.
exits() {
	local code=0
	"${@:2}" >"$BATS_TEST_TMPDIR/answer" 2>&1 || code=$?
	if [[ $code != "$1" ]]; then echo "ended with $code, not $1: $(<"$BATS_TEST_TMPDIR/answer")"; return 1; fi
}

@test "stand-in: Stripe's own client gets along with it" { clients stripe; }

@test "stand-in: Razorpay's own client gets along with it" { clients razorpay ; }

@test "stand-in: Stripe's objects have the members of its fixtures" {
	[[ -r $shared/stripe/fixtures.json ]] || skip "no $shared/stripe/fixtures.json"
	cd "$BATS_TEST_TMPDIR"
	id=$(new_intent | jq -r .id)
	pay stripe "$id" >payment_intent
	stripe_api POST /refunds -d "payment_intent=$id" >refund
	control '{"objects":{"kind":"charge"}}' | jq '.[0]' >charge
	events | jq -r '.[0].body' >event
	for kind in payment_intent refund event; do
		[[ $(members . $kind) == "$(members ".$kind" "$shared/stripe/fixtures.json")" ]]
	done
	# The list of refunds is in a charge only when it is asked for.
	[[ $(members . charge) == "$(members '.charge | del(.refunds)' "$shared/stripe/fixtures.json")" ]]
}

@test "stand-in: Razorpay's objects and events have the members of its documentation" {
	[[ -r $shared/razorpay/shapes.json ]] || skip "no $shared/razorpay/shapes.json"
	cd "$BATS_TEST_TMPDIR"
	new_order >order
	[[ $(members . order) == "$(members '.["order (answer of POST /v1/orders)"]' "$shared/razorpay/shapes.json")" ]]
	pay razorpay "$(jq -r .id order)" fail >failed
	payment=$(pay razorpay "$(jq -r .id order)" capture | jq -r .id)
	razorpay_api POST "/payments/$payment/refund" --json '{"amount":50000}' >refund
	for type in payment.authorized payment.captured order.paid payment.failed refund.processed; do
		events types:="[\"$type\"]" | jq -r '.[0].body' >event
		for path in . .payload '.payload.payment.entity' '.payload | map_values(.entity)[]'; do
			[[ $(members "$path" event) == "$(members ".\"$type\" | $path" "$shared/razorpay/shapes.json")" ]]
		done
	done
	razorpay_api POST /orders --json '{"amount":1,"currency":"INR"}' >error
	[[ $(members .error error) == "$(members '.["error (any refusal)"].error' "$shared/razorpay/shapes.json")" ]]
}

@test "stand-in: faults of which nothing is done" {
	fault error times:=1 status:=503
	[[ $(new_intent -o /dev/null -w '%{http_code}') == 503 ]]
	fault error times:=1 status:=429 match='POST /v1/orders'
	[[ $(new_intent | jq -r .object) == payment_intent ]]
	[[ $(new_order | jq -r .error.code) == BAD_REQUEST_ERROR ]]
	fault hang times:=1
	exits 28 new_intent --max-time 1
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 1 ]]
	[[ $(control '{"objects":{"kind":"order"}}') == '[]' ]]
	[[ $(asked /v1/payment_intents) == 3 && $(asked '' 'map(.fault)') == '["error",null,"error","hang"]' ]]
}

@test "stand-in: faults of which it is done" {
	fault lose times:=1
	exits 52 new_intent -H 'Idempotency-Key: key-of-the-test'
	[[ $(new_intent -H 'Idempotency-Key: key-of-the-test' -o /dev/null -w '%header{idempotent-replayed}') == true ]]
	fault hang_after times:=1
	exits 28 new_intent --max-time 1
	fault error_after times:=1 status:=502
	[[ $(new_intent -o /dev/null -w '%{http_code}') == 502 ]]
	fault cut times:=1
	exits 18 new_intent
	fault truncate times:=1
	new_intent >"$BATS_TEST_TMPDIR/half"
	! jq . "$BATS_TEST_TMPDIR/half" 2>/dev/null || false
	fault garbage times:=1
	[[ $(new_intent) == '<!DOCTYPE html>'* ]]
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 6 ]]
}

@test "stand-in: responses that differ from the state" {
	id=$(new_intent | jq -r .id)
	fault wrong_amount times:=1
	[[ $(stripe_api GET "/payment_intents/$id" | jq .amount) == 118001 ]]
	fault wrong_currency times:=1
	[[ $(stripe_api GET "/payment_intents/$id" | jq -r .currency) == usd ]]
	fault wrong_id times:=1
	[[ $(stripe_api GET "/payment_intents/$id" | jq -r .id) != "$id" ]]
	[[ $(stripe_api GET "/payment_intents/$id" | jq -c '[.id, .amount, .currency]') == "[\"$id\",118000,\"inr\"]" ]]
}

@test "stand-in: a failure that Stripe stores for the key is repeated" {
	fault error times:=1 keep:=true
	for expected in 500 500; do
		[[ $(new_intent -H 'Idempotency-Key: key-of-the-test' -o /dev/null -w '%{http_code}') == "$expected" ]]
	done
	control '{"forget_keys":true}'
	[[ $(new_intent -H 'Idempotency-Key: key-of-the-test' -o /dev/null -w '%{http_code}') == 200 ]]
}

@test "stand-in: Razorpay's refunds are repeated by their key" {
	payment=$(pay razorpay "$(new_order | jq -r .id)" capture | jq -r .id)
	refund() { razorpay_api POST "/payments/$payment/refund" --json "$1" -H "X-Refund-Idempotency: $2"; }
	first=$(refund '{"amount":50000}' key-of-the-test | jq -r .id)
	[[ $first == rfnd_* && $(refund '{"amount":50000}' key-of-the-test | jq -r .id) == "$first" ]]
	[[ $(refund '{"amount":50001}' key-of-the-test -w '%{http_code}' | jq -r .error.code) == BAD_REQUEST_ERROR ]]
	[[ $(refund '{"amount":50000}' short | jq -r .error.code) == BAD_REQUEST_ERROR ]]
	fault slow times:=1 latency_ms:=500
	refund '{"amount":100}' another-key-here >"$BATS_TEST_TMPDIR/slow" &
	sleep 0.2
	[[ $(razorpay_api POST "/payments/$payment/refund" --json '{"amount":100}' -o /dev/null -w '%{http_code}' \
		-H 'X-Refund-Idempotency: another-key-here') == 409 ]]
	wait
	[[ $(ledger '[.movements[] | [.kind, .amount, .key]]') == \
		'[["capture",118000,null],["refund",50000,"key-of-the-test"],["refund",100,"another-key-here"]]' ]]
}

@test "stand-in: refunds that wait, and fail later" {
	control '{"refunds":"pending"}'
	id=$(new_intent | jq -r .id)
	pay stripe "$id"
	refund=$(stripe_api POST /refunds -d "payment_intent=$id" -d amount=18000 | jq -r .id)
	[[ $(stripe_api GET "/refunds/$refund" | jq -r .status) == pending ]]
	[[ $(ledger ".totals[\"$id\"].refunded") == 18000 ]]
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"failed\"}}"
	[[ $(stripe_api GET "/refunds/$refund" | jq -r .status) == failed ]]
	[[ $(ledger ".totals[\"$id\"].refunded") == 0 ]]
	! control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"succeeded\"}}" || false
}

@test "stand-in: events are delivered in the order and as often as asked" {
	id=$(new_intent | jq -r .id)
	pay stripe "$id" fail_then_succeed
	pay razorpay "$(new_order | jq -r .id)" capture
	# The stand-in itself receives them here, does not know the key, and keeps them in its log.
	API=$GATEWAYS
	received() { asked 'POST /webhooks' 'map(.body | fromjson | .type // .event) | join(" ")'; }
	[[ $(deliver all | jq -c .statuses) == '{"401":8}' ]]
	made=$(received)
	[[ $made == 'payment_intent.created charge.failed payment_intent.payment_failed charge.succeeded '* ]]
	[[ $made == *' payment.authorized payment.captured order.paid' ]]
	deliver all order=reversed
	[[ $(received) == "$made order.paid payment.captured payment.authorized payment_intent.succeeded "* ]]
	shuffled=$(deliver all order=shuffled seed:=5 times:=3 | jq -c '[.sent, (.results | map(.id))]')
	[[ $shuffled == '[24,'* && $(jq -c '.[1] | group_by(.) | map(length) | unique' <<<"$shuffled") == '[3]' ]]
	[[ $(deliver all order=shuffled seed:=5 times:=3 | jq -c '[.sent, (.results | map(.id))]') == "$shuffled" ]]
	[[ $(deliver all order=shuffled seed:=6 times:=3 | jq -c '[.sent, (.results | map(.id))]') != "$shuffled" ]]
	[[ $(deliver stripe types:='["payment_intent.succeeded"]' times:=40 connections:=8 | jq .sent) == 40 ]]
}

@test "stand-in: it ends when its standard input does, and on SIGTERM" {
	cd "$BATS_TEST_TMPDIR"
	mkfifo in
	for how in input signal; do
		node "$gateways/stand_in.js" 0 <in >"$how" 3>&- &
		pid=$!
		exec {hold}>in
		for _ in {1..50}; do grep -q 'listening on http://127.0.0.1:' "$how" && break; sleep 0.1; done
		if [[ $how == signal ]]; then kill "$pid"; else exec {hold}>&-; fi
		wait "$pid"
		if [[ $how == signal ]]; then exec {hold}>&-; fi
	done
	[[ $(cat input signal | wc -l) == 2 ]]
}

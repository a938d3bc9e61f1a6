# The staff captures a part of what is reserved, and the rest stays owed.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

setup() { fresh inventory_count:=100; }

# reserve METHOD : $order is begun to be paid, and the money is reserved until the staff takes it.
reserve() {
	place "$product:2"
	new_key
	fault error match='POST /v1/' times:=1
	try_begin "$1"
	expect 503 unavailable
	sql "update payments set manual_capture = true where order_id = '$order'"
	try_begin "$1"
	expect 201
	begun
	transaction=$(pay "$1" "$intent" | jq -r .id)
	deliver "$1" >/dev/null
	payment_is authorized
}

@test "amounts: a part of what is reserved is captured, and the rest stays owed" {
	reserve stripe
	for wrong in '"20.01" max_value' '"5.001" max_decimal_places' '"0.00" min_value' '"-1" min_value' '"x" invalid' \
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
	[[ $(messages_of payment_attention) == 0 ]]
}

@test "amounts: If-Match of another state captures nothing" {
	reserve stripe
	by staff api GET "/payments/$payment"
	tag=$(header ETag)
	by staff act capture '{"amount":"5.00"}' 'If-Match: "other"'
	expect 412 precondition-failed
	[[ $(asked /capture) == 0 ]]
	payment_is authorized
	by staff act capture '{"amount":"5.00"}' "If-Match: $tag"
	expect 200
	held captured 5.00 none
	by staff act capture '{"amount":"5.00"}' "If-Match: $tag"
	expect 412 precondition-failed
	[[ $(asked /capture) == 1 ]]
}

@test "amounts: a captured part is recorded as such whatever its source" {
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

@test "amounts: the whole may be captured by its amount, and providers without partial capture refuse" {
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

@test "amounts: money reserved with a customer's fee is captured with it" {
	place "$product:10"
	begin razorpay
	paid=$(control "{\"pay\":$(words_as_json provider=razorpay id="$intent" how=authorize amount:=10236)}")
	act confirm "$(jq -c .checkout <<<"$paid")"
	expect 200
	is '[.status, .amount_captured] | join(" ")' 'needs_attention 102.36'
	[[ $(ledger '[.totals[].captured] | tojson') == '[10236]' ]]
}

@test "amounts: a part that the currency does not have is not requested" {
	here=$store
	while read -r currency price part wrong right; do
		open_store "$currency"
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

# Idempotency-Key: the same order is not placed twice, and no caller sees another one's.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	product=$(make_product)
	key=$(unique key-)$(unique)
}
teardown() { ledger_is_right; }

# with_key BODY : to POST /orders.
with_key() { ask POST /orders "$1" "Idempotency-Key: $key"; }

@test "idempotency: a guest's request is repeated" {
	with_key "$(order_of "$product:2")"
	expect 201
	[[ -z $(header Idempotent-Replayed) ]]
	first=$body location=$(header Location)
	for _ in 1 2; do
		with_key "$(order_of "$product:2")"
		expect 201
		[[ $(header Idempotent-Replayed) == true ]]
		[[ $body == "$first" && $(header Location) == "$location" && $(header Content-Type) == application/json ]]
		in_stock "$product" 18
	done
	api GET "/orders/$(field .id)" -H "X-Order-Token: $(field .order_token)"
	expect 200
}

@test "idempotency: a customer's request is repeated, with a short key too" {
	key=$(unique k)
	for short in "$key" 7 '!"~'; do
		key=$short
		by another_customer with_key "$(order_of "$product:1")"
		expect 201
		first=$body
		by another_customer with_key "$(order_of "$product:1")"
		expect 201
		[[ $(header Idempotent-Replayed) == true && $body == "$first" ]]
	done
	in_stock "$product" 17
}

@test "idempotency: the answer is the one of then" {
	by customer with_key "$(order_of "$product:20")"
	expect 201
	first=$body
	by customer ask POST "/orders/$(field .id)/cancel"
	expect 200
	by staff send PATCH "/products/$product" price=99.00
	by customer with_key "$(order_of "$product:20")"
	expect 201
	[[ $body == "$first" ]]
	in_stock "$product" 20
	by admin api DELETE "/products/$product"
	by customer with_key "$(order_of "$product:20")"
	expect 201
	[[ $body == "$first" ]]
}

@test "idempotency: another body with the same key" {
	for who in nobody customer; do
		by "$who" with_key "$(order_of "$product:1")"
		expect 201
		by "$who" with_key "$(order_of "$product:2")"
		expect 422 idempotency-key-reused
		by "$who" with_key "$(order_of "$product:9999")"
		expect 422 idempotency-key-reused
	done
	in_stock "$product" 18
}

@test "idempotency: keys that are not accepted" {
	as customer
	for key in 'with,comma' 'two words' "$(printf 'k%.0s' {1..256})" 'ké' $'tab\tkey'; do
		with_key "$(order_of "$product:1")"
		expect 400 invalid-idempotency-key || { echo "$key"; return 1; }
	done
	key=$(printf 'k%.0s' {1..255})
	with_key "$(order_of "$product:1")"
	expect 201
	in_stock "$product" 19
	as nobody
	for key in short 123456789012345; do
		with_key "$(order_of "$product:1")"
		expect 400 invalid-idempotency-key
	done
	key=$(unique)1234
	[[ ${#key} == 17 ]]
	key=${key#?}
	with_key "$(order_of "$product:1")"
	expect 201
}

@test "idempotency: callers do not share keys" {
	for who in nobody customer another_customer staff; do
		by "$who" with_key "$(order_of "$product:1")"
		expect 201
		[[ -z $(header Idempotent-Replayed) ]]
		ids+=" $(field .id)"
	done
	[[ $(tr ' ' '\n' <<<"$ids" | sort -u | grep -c .) == 4 ]]
	in_stock "$product" 16
}

@test "idempotency: a request that failed does not use up the key" {
	with_key "$(order_of "$product:21")"
	expect 409 out-of-stock
	by staff send POST "/products/$product/stock" delta:=1 reason=found
	expect 200
	with_key "$(order_of "$product:21")"
	expect 201
	[[ -z $(header Idempotent-Replayed) ]]
	key=$(unique key-)$(unique)
	with_key "$(order_of "$product:0")"
	refused '/items/0/quantity min_value'
	with_key "{"
	expect 400 invalid-json
	other=$(make_product)
	with_key "$(order_of "$other:1")"
	expect 201
}

@test "idempotency: a key is free again after a day" {
	with_key "$(order_of "$product:1")"
	expect 201
	first=$(field .id)
	sql "update idempotency_keys set created_at = now() - interval '23 hours 59 minutes' where key = '$key'"
	with_key "$(order_of "$product:1")"
	is .id "$first"
	sql "update idempotency_keys set created_at = now() - interval '24 hours 1 second' where key = '$key'"
	with_key "$(order_of "$product:2")"
	expect 201
	[[ $(field .id) != "$first" && -z $(header Idempotent-Replayed) ]]
	with_key "$(order_of "$product:2")"
	expect 201
	[[ $(header Idempotent-Replayed) == true ]]
	in_stock "$product" 17
}

@test "idempotency: without a key two requests are two orders" {
	place "$product:1"
	first=$order
	place "$product:1"
	[[ $order != "$first" ]]
	in_stock "$product" 18
}

@test "idempotency: saved answers do not outlive their day" {
	sql "insert into idempotency_keys (scope, key, request_hash, status, body, created_at)
		values ('anonymous', 'old-$key', '', 201, '{}', now() - interval '25 hours')"
	with_key "$(order_of "$product:1")"
	expect 201
	sql 'select cron_sweep()' >/dev/null
	[[ $(sql "select string_agg(key, ' ') from idempotency_keys where key in ('$key', 'old-$key')") == "$key" ]]
}

# How many orders a guest may try to place. Among the files of signing in because these run with RATE_LIMITS=on.
# shellcheck disable=SC2154

load orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

@test "orders: guests are limited, by their address" {
	product=$(make_product inventory_count:=100)
	place "$product:1"
	limit=$(header RateLimit-Limit)
	[[ $limit == 30 && $(header RateLimit-Remaining) == 29 ]]
	(( $(header RateLimit-Reset) > 0 && $(header RateLimit-Reset) <= 600 ))
	for (( i = 2; i <= limit; i++ )); do place "$product:1"; done
	[[ $(header RateLimit-Remaining) == 0 ]]
	try "$product:1"
	expect 429 rate-limited
	(( $(header Retry-After) > 0 && $(header Retry-After) <= 600 ))
	in_stock "$product" 70
	by customer place "$product:1"
	[[ -z $(header RateLimit-Limit) ]]
	sql "update rate_limits set resets_at = now()"
	place "$product:1"
	in_stock "$product" 68
}

@test "orders: what is refused for its form does not count, what is out of stock does" {
	product=$(make_product inventory_count:=1)
	place "$product:1"
	try "$product:0"
	refused '/items/0/quantity min_value'
	try "$product:1"
	expect 409 out-of-stock
	[[ $(header RateLimit-Remaining) == 28 ]]
}

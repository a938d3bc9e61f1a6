# How often customers and guests may order, guess coupons, pay and write. Among the files of signing in because these run with RATE_LIMITS=on.
# shellcheck disable=SC2154

load ../../support/orders

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
	[[ $(header RateLimit-Limit) == 20 ]]
	by staff place "$product:1"
	[[ -z $(header RateLimit-Limit) ]]
	sql "update rate_limits set resets_at = now()"
	place "$product:1"
	in_stock "$product" 67
}

@test "orders: an invalid request does not count, one out of stock does" {
	product=$(make_product inventory_count:=1)
	place "$product:1"
	try "$product:0"
	refused '/items/0/quantity min_value'
	try "$product:1"
	expect 409 out-of-stock
	[[ $(header RateLimit-Remaining) == 28 ]]
}

# used_up LIMIT : the next one of it is refused.
used_up() { sql "update rate_limits set taken = 100000 where bucket like '$1/%'"; }

@test "orders: a customer is limited, wherever the requests come from; carts count" {
	product=$(make_product inventory_count:=100)
	as customer
	for i in {1..10}; do
		place "$product:1"
		ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
		expect 201
	done
	[[ $(header RateLimit-Remaining) == 0 ]]
	try "$product:1"
	expect 429 rate-limited
	in_stock "$product" 90
	# Another address, the same customer.
	sql "delete from rate_limits where bucket like 'order-customers/%'"
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 429 rate-limited
	# Another customer, the same address.
	by another_customer place "$product:1"
	used_up order-customers
	by another_customer try "$product:1"
	expect 429 rate-limited
}

@test "orders: a replayed response does not count" {
	product=$(make_product) key=$(unique key-)$(unique)
	as customer
	for i in 1 2 3; do
		ask POST /orders "$(order_of "$product:1")" "Idempotency-Key: $key"
		expect 201
	done
	place "$product:1"
	[[ $(header RateLimit-Remaining) == 18 ]]
}

@test "coupons: guesses are limited, and answered alike beyond the limit" {
	product=$(make_product inventory_count:=100) code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_percent) values ('$code', '$store', 10)"
	buy() { ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$1" "${2-.}"' | .coupon = $c')"; }
	as customer
	# Those that are taken do not count.
	for i in 1 2 3; do buy "$code"; expect 201; done
	for i in {1..10}; do buy "GUESS-$i"; refused '/coupon not_found'; done
	for guess in GUESS-11 "$code"; do
		buy "$guess"
		expect 429 rate-limited
		buy "$guess" '.action = "update_cart"'
		expect 429 rate-limited
	done
	place "$product:1"
	sql "truncate rate_limits"
	# A guest's cart, by the cart.
	token=
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	change() { ask PATCH "/orders/$order" "{\"coupon\":\"$1\"}" "X-Order-Token: $order_token"; }
	for i in {1..10}; do change "GUESS-$i"; refused '/coupon not_found'; done
	for guess in GUESS-11 "$code"; do change "$guess"; expect 429 rate-limited; done
	ask PATCH "/orders/$order" '{"comments":"x","coupon":null}' "X-Order-Token: $order_token"
	expect 200
	# And by the address, whatever the cart.
	for i in {1..20}; do buy "GUESS-$i"; refused '/coupon not_found'; done
	for guess in GUESS-21 "$code"; do buy "$guess"; expect 429 rate-limited; done
}

@test "coupons: no way around the limit of guesses" {
	product=$(make_product inventory_count:=100) code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_percent) values ('$code', '$store', 10)"
	# A new cart for each guess, made with it or without; a quote of what is in none.
	for i in {1..10}; do
		ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
		expect 201
		ask PATCH "/orders/$(field .id)" "{\"coupon\":\"GUESS-$i\"}" "X-Order-Token: $(field .order_token)"
		refused '/coupon not_found'
		ask POST /orders "$(order_of "$product:1" | jq -c --arg c "CART-$i" '.action = "update_cart" | .coupon = $c')"
		refused '/coupon not_found'
		quote_with "QUOTE-$i"
		refused '/coupon not_found'
	done
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	order=$(field .id) order_token=$(field .order_token)
	for guess in GUESS-31 "$code"; do
		quote_with "$guess"
		expect 429 rate-limited
		ask PATCH "/orders/$order" "{\"coupon\":\"$guess\"}" "X-Order-Token: $order_token"
		expect 429 rate-limited
		ask POST /shipping-methods/quote "{\"order\":\"$order\",\"coupon\":\"$guess\"}" "X-Order-Token: $order_token"
		expect 429 rate-limited
	done
	# Staff of another store have no right to know either.
	sql "truncate rate_limits"
	for i in {1..10}; do by stranger quote_with "GUESS-$i"; refused '/coupon not_found'; done
	by stranger quote_with "$code"
	expect 429 rate-limited
	sql "truncate rate_limits"
	by stranger ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 201
	cart=$(field .id)
	for i in {1..10}; do by stranger ask PATCH "/orders/$cart" "{\"coupon\":\"GUESS-$i\"}"; refused '/coupon not_found'; done
	by stranger ask PATCH "/orders/$cart" "{\"coupon\":\"$code\"}"
	expect 429 rate-limited
	# The same code again, in any way, is no way to learn more; one that is taken does not count.
	sql "truncate rate_limits"
	for i in {1..10}; do by customer quote_with GUESS-1; refused '/coupon not_found'; done
	by customer quote_with GUESS-1
	expect 429 rate-limited
	sql "truncate rate_limits"
	for i in {1..12}; do by customer quote_with "$code"; expect 200; done
}

# quote_with CODE : what can send $product, with a coupon.
quote_with() {
	ask POST /shipping-methods/quote "{\"store\":\"$store\",\"coupon\":\"$1\",
		\"items\":[{\"product\":\"$product\",\"quantity\":1}]}"
}

@test "payments: how often one is begun is limited for each order" {
	product=$(make_product inventory_count:=100)
	place "$product:1"
	pay() {
		ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"$1\"}" "X-Order-Token: $order_token" \
			"Idempotency-Key: $(unique key-)$(unique)"
	}
	for i in {1..15}; do pay cod; [[ $status == 20? ]]; done
	pay cod
	expect 429 rate-limited
	by staff pay cod
	expect 200
	place "$product:1"
	pay cod
	expect 201
	used_up payment-address
	pay cod
	expect 429 rate-limited
}

@test "writes: of customers and guests are limited, of staff not" {
	product=$(make_product inventory_count:=100)
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 201
	cart=$(field .id) cart_token=$(field .order_token)
	by customer ask PATCH /auth/me '{"name":"Asha"}'
	expect 200
	[[ $(header RateLimit-Limit) == 200 && $(header RateLimit-Remaining) == 199 ]]
	as customer
	address=$(make /addresses line1='1 Lake Road' city=Pune region=Maharashtra country=IN)
	[[ $address ]]
	place "$product:1"
	placed=$order
	used_up write-customer
	while read -r method path sent; do
		ask "$method" "$path" "$sent"
		expect 429 rate-limited || { echo "$method $path"; return 1; }
	done <<-END
		PATCH /auth/me {"name":"Asha"}
		DELETE /auth/me
		POST /addresses {"line1":"1 Lake Road","city":"Pune","region":"Maharashtra","country":"IN"}
		PUT /addresses/$address {"line1":"1 Lake Road","city":"Pune","region":"Maharashtra","country":"IN"}
		PATCH /addresses/$address {"line1":"2 Lake Road"}
		DELETE /addresses/$address
		POST /addresses/$address/restore
		PATCH /orders/$placed {"comments":"x"}
		POST /orders/$placed/place
		POST /orders/$placed/cancel
		POST /orders/$placed/adopt
		POST /orders/$placed/disown
		POST /orders/$placed/confirm
		POST /payments/$placed/confirm {}
		POST /payments/$placed/cancel
	END
	api GET /auth/me
	expect 200
	[[ -z $(header RateLimit-Limit) ]]
	# A guest's by the address.
	token= order=$cart order_token=$cart_token
	ask PATCH "/orders/$order" '{"comments":"x"}' "X-Order-Token: $order_token"
	expect 200
	[[ $(header RateLimit-Limit) == 2000 ]]
	used_up write-address
	ask PATCH "/orders/$order" '{"comments":"x"}' "X-Order-Token: $order_token"
	expect 429 rate-limited
	by staff send PATCH "/stores/$store" description=Tea
	expect 200
	# Who is refused can sign out.
	by another_customer ask POST /auth/logout
	expect 204
	rm -f "$BATS_FILE_TMPDIR/another_customer.token"
}

@test "writes: an export is limited" {
	as customer
	for i in {1..10}; do api GET /auth/me/export; expect 200; done
	api GET /auth/me/export
	expect 429 rate-limited
}

@test "orders: codes that confirm them are limited as those to sign in are" {
	product=$(make_product)
	place "$product:1"
	ask POST "/orders/$order/request-confirmation" '{"by":"email"}' "X-Order-Token: $order_token"
	expect 202
	ask POST "/orders/$order/request-confirmation" '{"by":"email"}' "X-Order-Token: $order_token"
	expect 429 rate-limited
}

@test "keys: wrong ones are limited by address, and right ones are not counted" {
	local url="/meta/cron?key=check-key-0123456789"
	for i in {1..25}; do api HEAD "$url"; expect 200; done
	for i in {1..20}; do api GET "/meta/cron?key=$i"; expect 404 not-found; done
	api GET "/meta/cron?key=21"
	expect 429 rate-limited
	[[ $(header Retry-After) -gt 0 ]]
	api HEAD "$url"
	expect 429
}

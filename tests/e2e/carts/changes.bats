# What a cart says of itself since it was filled: prices, shipping, tax and coupon; and guests' carts that become a
# customer's.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }

# fill CART : with the requests of $token; leaves $order and, for a guest, $order_token.
fill() {
	ask POST /orders "$(jq -c '.action = "update_cart"' <<<"$1")"
	expect 201
	order=$(field .id) order_token=$(field '.order_token // ""')
}

# changes_are CHANGES : as "pointer code old new" with ", " between, in the order of the answer.
changes_are() {
	is '[.changes[] | [.pointer, .code, .old, .new] | map(select(.)) | join(" ")] | join(", ")' "$1"
}

look() { api GET "/orders/$order" -H "X-Order-Token: $order_token"; }

@test "changes: price, discount, shipping and tax, each with its old and its new value" {
	open_store EUR
	product=$(make_product price=100.00 tax_rate=19) code=$(unique SAVE-)
	by staff ask POST /coupons "{\"store\":\"$store\",\"code\":\"$code\",\"discount_percent\":\"10\"}"
	expect 201
	coupon=$(field .id)
	by staff ask POST /shipping-methods "{\"store\":\"$store\",\"name\":\"Post\",\"price\":\"5.00\",\"tax_rate\":\"19\"}"
	expect 201
	method=$(field .id)
	fill "$(order_of "$product:1" | jq -c --arg c "$code" --arg m "$method" '.coupon = $c | .shipping_method = $m |
		.shipping_address = {line1: "12 Lake Road", city: "Berlin", country: "DE"}')"
	changes_are ''
	is '[.discount_total, .shipping_total, .tax_total, .total] | join(" ")' '10.00 5.00 18.05 113.05'
	by staff ask PATCH "/shipping-methods/$method" '{"price":"6.00"}'
	look
	changes_are '/shipping_total shipping_changed 5.00 6.00, /tax_total tax_changed 18.05 18.24'
	is '.changes[0].detail' 'Shipping was 5.00 and is 6.00.'
	by staff ask PATCH "/coupons/$coupon" '{"discount_percent":"20"}'
	look
	changes_are '/discount_total discount_changed 10.00 20.00, /shipping_total shipping_changed 5.00 6.00, /tax_total tax_changed 18.05 16.34'
	# A change of something else shows them still; one of what they depend on accepts them.
	ask PATCH "/orders/$order" '{"comments":"soon"}' "X-Order-Token: $order_token"
	expect 200
	changes_are '/discount_total discount_changed 10.00 20.00, /shipping_total shipping_changed 5.00 6.00, /tax_total tax_changed 18.05 16.34'
	ask PATCH "/orders/$order" "{\"shipping_method\":\"$method\"}" "X-Order-Token: $order_token"
	expect 200
	changes_are ''
	by staff ask PATCH "/products/$product" '{"price":"110.00","tax_rate":"7"}'
	look
	changes_are '/items/0 price_changed 100.00 110.00, /discount_total discount_changed 20.00 22.00, /tax_total tax_changed 16.34 7.30'
	ask POST "/orders/$order/place" '{"expected_total":"101.30"}' "X-Order-Token: $order_token"
	expect 200
	is '[.discount_total, .shipping_total, .tax_total, .total] | join(" ")' '22.00 6.00 7.30 101.30'
}

@test "changes: a product in two items is one line of the cart" {
	product=$(make_product) other=$(make_product)
	fill "$(order_of "$product:2" "$other:1" "$product:3")"
	is '[.items[] | [.position, .product, .quantity] | join(" ")] | join(", ")' "1 $product 5, 2 $other 1" ||
		is '[.items[] | [(.position | tostring), .product, (.quantity | tostring)] | join(" ")] | join(", ")' "1 $product 5, 2 $other 1"
	ask PATCH "/orders/$order" "{\"items\":[{\"product\":\"$product\",\"quantity\":9999},{\"product\":\"$product\",\"quantity\":2}]}" \
		"X-Order-Token: $order_token"
	refused '/items max_value'
	look
	is '.items[0].quantity' 5
}

# a_customer : signed in as somebody new, with a name.
a_customer() {
	token=$(login_customer "$(new_number)")
	ask PATCH /auth/me '{"name":"Asha Rao"}'
	expect 200
	customer_token=$token customer=$(field .id)
}

@test "take-over: a customer's request with a guest's token takes the cart" {
	product=$(make_product)
	fill "$(order_of "$product:2")"
	cart=$order
	a_customer
	ask PATCH "/orders/$cart" '{"comments":"mine now"}' "X-Order-Token: $order_token"
	expect 200
	is '[.user, .status, .items[0].quantity, .contact.name] | tojson' "[\"$customer\",\"cart\",2,\"Asha Rao\"]"
	changes_are ''
	# The token has ended, and the account has the cart.
	token=
	look
	expect 404 not-found
	token=$customer_token
	ask GET '/orders?status=cart'
	is '[.results[].id] | join(" ")' "$cart"
	ask POST "/orders/$cart/place"
	expect 200
	is .user "$customer"
}

@test "take-over: what the customer's own cart of that store has is added, and that cart is gone" {
	one=$(make_product price=1.00) two=$(make_product price=2.00) three=$(make_product price=3.00)
	a_customer
	fill "$(order_of "$one:1" "$two:1")"
	own=$order
	ask PATCH "/orders/$own" '{"shipping_address":{"line1":"12 Lake Road","city":"Berlin","country":"DE"}}'
	expect 200
	token=
	fill "$(order_of "$three:1" "$two:4")"
	cart=$order
	token=$customer_token
	ask PATCH "/orders/$cart" '{"comments":"all"}' "X-Order-Token: $order_token"
	expect 200
	is '[.items[] | [.product, (.quantity | tostring)] | join(" ")] | join(", ")' "$three 1, $two 5, $one 1"
	is '[.subtotal, .shipping_address.city] | join(" ")' '14.00 Berlin'
	changes_are ''
	ask GET "/orders/$own"
	expect 404 not-found
	ask GET '/orders?status=cart'
	is '[.results[].id] | join(" ")' "$cart"
	# Placing takes over too.
	token=
	fill "$(order_of "$one:2")"
	token=$customer_token
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	expect 200
	is '[.user, (.items | map(.quantity) | tojson)] | join(" ")' "$customer [3,1,5]" ||
		is '[.items[] | [.product, (.quantity | tostring)] | join(" ")] | join(", ")' "$one 3, $three 1, $two 5"
}

@test "take-over: adopting a cart merges as well; a cart of another store stays" {
	product=$(make_product)
	a_customer
	fill "$(order_of "$product:1")"
	own=$order
	store=$other_store
	elsewhere=$(make_product)
	token=
	fill "$(order_of "$elsewhere:1")"
	token=$customer_token
	ask POST "/orders/$order/adopt" '' "X-Order-Token: $order_token"
	expect 200
	is '.items | length' 1
	ask GET "/orders/$own"
	expect 200
	token=
	fill "$(order_of "$elsewhere:2")"
	token=$customer_token
	ask POST "/orders/$order/adopt" '' "X-Order-Token: $order_token"
	expect 200
	is '.items[0].quantity' 3
	is '[.total, .user] | join(" ")' "30.00 $customer"
	# Its token has ended, and a client repeats what was not answered.
	ask POST "/orders/$order/adopt" '' "X-Order-Token: $order_token"
	expect 200
	is '.items[0].quantity' 3
}

@test "take-over: not by staff, not with a wrong token, and a read changes nothing" {
	product=$(make_product)
	fill "$(order_of "$product:1")"
	by staff ask PATCH "/orders/$order" '{"items":[]}' "X-Order-Token: $order_token"
	expect 200
	is .user null
	a_customer
	ask PATCH "/orders/$order" '{"comments":"x"}' 'X-Order-Token: wrong'
	expect 404 not-found
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	expect 200
	is .user null
	token=
	look
	expect 200
}

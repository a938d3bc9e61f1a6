# Carts: filled, changed, shown at today's prices, placed once.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# cart_of PRODUCT:QUANTITY... : the body of a cart.
cart_of() { order_of "$@" | jq -c '.action = "update_cart"'; }

# fill PRODUCT:QUANTITY... : a cart; leaves $order and, for a guest, $order_token.
fill() {
	ask POST /orders "$(cart_of "$@")"
	expect 201
	order=$(field .id) order_token=$(field '.order_token // ""')
}

# as_guest METHOD PATH [BODY [HEADER]...] : of the order, with its token.
as_guest() { ask "$1" "/orders/$order$2" "${3-}" "X-Order-Token: $order_token" "${@:4}"; }

# patch JSON : the guest changes the cart.
patch() { as_guest PATCH '' "$1"; }

look() { as_guest GET ''; }

# changed CHANGES : as "pointer code" with ", " between, in any order.
changed() {
	local found
	found=$(field '[.changes[] | .pointer + " " + .code] | sort | join(", ")')
	if [[ $found != "$1" ]]; then echo "changes are $found, not $1: $body"; return 1; fi
}

ADDRESS='{"name":"Asha Rao","line1":"12 Lake Road","city":"Pune","region":"Maharashtra","country":"IN"}'

@test "carts: a guest fills one, and it holds nothing" {
	product=$(make_product price=4.50 tax_rate=10)
	ask POST /orders "$(cart_of "$product:3" | jq -c 'del(.contact)')"
	expect 201
	[[ $(field .order_token) =~ ^[A-Za-z0-9_-]{22,}$ ]]
	[[ $(header Location) == */orders/$(field .id) ]]
	is '[.status, .number, .placed_at, .invoice, .user, .changes] | tojson' '["cart",null,null,null,null,[]]'
	is '.allowed_transitions | tojson' '["placed"]'
	is '[.subtotal, .discount_total, .shipping_total, .tax_total, .total] | join(" ")' '13.50 0.00 0.00 1.35 14.85'
	is '.items | map([.product, .quantity, .unit_price, .tax_amount, .line_total] | join(" ")) | tojson' \
		"[\"$product 3 4.50 1.35 14.85\"]"
	is '.contact | tojson' '{"name":"","email":null,"mobile_number":null}' as_sent
	in_stock "$product" 20
	[[ $(sql "select token_hash = sha256('$(field .order_token)') from orders where id = '$(field .id)'") == t ]]
	[[ $(sql "select count(*) from outbox where order_id = '$(field .id)'") == 0 ]]
}

@test "carts: an empty one is a cart too, and is not placed" {
	ask POST /orders "{\"store\":\"$store\",\"action\":\"update_cart\"}"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	is '[.items, .total] | tojson' '[[],"0.00"]'
	as_guest POST /place
	refused '/items min_items, /contact/name required, /contact required'
	patch "{$CONTACT}"
	expect 200
	as_guest POST /place
	refused '/items min_items'
	is .detail 'The cart is empty.'
	is '.errors[0].pointer' /items
}

@test "carts: a guest without contact cannot place" {
	fill "$(make_product):1"
	patch '{"contact":{"email":null,"mobile_number":null}}'
	expect 200
	is '.contact | tojson' '{"name":"Asha Rao","email":null,"mobile_number":null}' as_sent
	as_guest POST /place
	refused '/contact required'
	patch '{"contact":{"mobile_number":"+91 98000 00002"}}'
	expect 200
	as_guest POST /place
	expect 200
	is '[.status, .contact.mobile_number] | join(" ")' 'placed +919800000002'
}

@test "carts: items are replaced, addresses and contact merged, null clears" {
	product=$(make_product) other=$(make_product)
	fill "$product:1" "$other:2"
	patch "{\"items\":[{\"product\":\"$other\",\"quantity\":5}],\"shipping_address\":$ADDRESS,\"comments\":\"ring\"}"
	expect 200
	is '.items | map([.position, .product, .quantity]) | tojson' "[[1,\"$other\",5]]"
	patch '{"shipping_address":{"line2":"second floor","city":"Mumbai"},"contact":{"name":"A. Rao"}}'
	expect 200
	is '.shipping_address | [.line1, .line2, .city, .country] | join(", ")' '12 Lake Road, second floor, Mumbai, IN'
	is '.contact | tojson' '{"name":"A. Rao","email":"asha@example.com","mobile_number":"+919800000001"}' as_sent
	is '[.comments, (.items | length)] | tojson' '["ring",1]'
	patch '{"shipping_address":{"line2":null},"contact":{"email":null}}'
	expect 200
	is '.shipping_address | [has("line2"), .city] | tojson' '[false,"Mumbai"]'
	is '.contact.email' null
	for part in line1 city country; do
		patch "{\"shipping_address\":{\"$part\":null}}"
		refused "/shipping_address/$part required"
	done
	patch '{"billing_address":{"city":"Pune"}}'
	refused '/billing_address/country required, /billing_address/line1 required'
	patch '{"shipping_address":null}'
	expect 200
	is '.shipping_address' null
	patch '{"items":[]}'
	expect 200
	is '[.items, .total] | tojson' '[[],"0.00"]'
	patch '{}'
	expect 200
	is '[.comments, .contact.name] | tojson' '["ring","A. Rao"]'
	patch '{"comments":"","coupon":null,"shipping_method":null}'
	expect 200
	is '[.comments, .coupon, .shipping_method] | tojson' '["",null,null]'
}

@test "carts: null clears lists, objects and texts as a whole" {
	fill "$(make_product):1"
	patch '{"comments":"ring","items":null,"contact":null}'
	expect 200
	is '[.items, .contact] | tojson' '[[],{"name":"","email":null,"mobile_number":null}]' as_sent
	patch '{"contact":{"name":"A"}}'
	patch '{"comments":null,"contact":{"name":null}}'
	expect 200
	is '[.comments, .contact.name] | tojson' '["",""]'
}

@test "carts: a change that is wrong changes nothing" {
	product=$(make_product) foreign=$(store=$other_store make_product)
	fill "$product:2"
	look
	before=$body
	patch "{\"items\":[{\"product\":\"$product\",\"quantity\":0}],\"comments\":\"x\"}"
	refused '/items/0/quantity min_value'
	patch "{\"items\":[{\"product\":\"$foreign\",\"quantity\":1},{\"product\":\"$order\",\"quantity\":1}],
		\"coupon\":\"NONE\",\"shipping_method\":\"$order\",\"comments\":\"x\"}"
	refused '/items/0/product wrong_store, /items/1/product not_found, /coupon not_found, /shipping_method not_found'
	patch "{\"store\":\"$other_store\"}"
	refused '/store read_only'
	patch '{"action":"place_order"}'
	refused '/action unknown_field'
	patch '{"total":"1.00"}'
	refused '/total unknown_field'
	patch '{"contact":{"email":"nonsense"}}'
	refused '/contact/email invalid'
	look
	[[ $body == "$before" ]]
}

@test "carts: whose it is" {
	product=$(make_product)
	by customer fill "$product:1"
	[[ -z $order_token ]]
	by customer ask PATCH "/orders/$order" '{"comments":"mine"}'
	expect 200
	is '[.comments, has("events")] | tojson' '["mine",false]'
	by staff ask PATCH "/orders/$order" '{"comments":"by the store"}'
	expect 200
	is '[.comments, has("events")] | tojson' '["by the store",true]'
	for who in another_customer stranger nobody; do
		by "$who" ask PATCH "/orders/$order" '{"comments":"theirs"}'
		expect 404 not-found
		by "$who" ask POST "/orders/$order/place"
		expect 404 not-found
		by "$who" api GET "/orders/$order"
		expect 404 not-found
	done
	ask PATCH "/orders/$order" '{"comments":"theirs"}' 'X-Order-Token: AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA'
	expect 404 not-found
	by admin ask PATCH "/orders/$order" '{"comments":"by the administrator"}'
	expect 200
	by customer ask POST "/orders/$order/place"
	expect 200
	is '[.status, .comments] | join(" ")' 'placed by the administrator'
	fill "$product:1"
	ask PATCH "/orders/$order" '{"comments":"theirs"}'
	expect 404 not-found
	by staff ask POST "/orders/$order/place"
	expect 200
	is '.events | map([.from_status, .to_status]) | tojson' '[["cart","placed"]]'
}

@test "carts: If-Match" {
	product=$(make_product)
	fill "$product:1"
	look
	tag=$(header ETag)
	as_guest PATCH '' '{"comments":"one"}' "If-Match: $tag"
	expect 200
	[[ $(header ETag) != "$tag" ]]
	as_guest PATCH '' '{"comments":"two"}' "If-Match: $tag"
	expect 412 precondition-failed
	look
	is .comments one
	tag=$(header ETag)
	# What it costs is a part of it.
	by staff ask PATCH "/products/$product" '{"price":"11.00"}'
	expect 200
	as_guest POST /place '' "If-Match: $tag"
	expect 412 precondition-failed
	look
	is .status cart
	as_guest POST /place '' "If-Match: $(header ETag)"
	expect 200
	is .total 11.00
	as_guest PATCH '' '{"comments":"three"}' 'If-Match: *'
	expect 409 transition-not-allowed
}

@test "carts: not a cart any more" {
	fill "$(make_product):1"
	as_guest POST /place
	expect 200
	patch '{"comments":"late"}'
	expect 409 transition-not-allowed
	is .status_now placed
	as_guest POST /place
	expect 409 transition-not-allowed
	is .status_now placed
	[[ $(sql "select count(*) from cart_items where order_id = '$order'") == 0 ]]
	fill "$(make_product):1"
	for move in cancel ship complete; do
		by staff ask POST "/orders/$order/$move"
		expect 409 transition-not-allowed
		is '.allowed_transitions | tojson' '["placed"]'
	done
}

@test "carts: not in lists unless requested, and without a number" {
	product=$(make_product)
	by customer fill "$product:1"
	cart=$order
	by customer place "$product:1"
	by customer api GET '/orders'
	expect 200
	is "[.results[] | select(.id == \"$cart\")] | length" 0
	is "[.results[] | select(.id == \"$order\")] | length" 1
	by customer api GET '/orders?status=cart'
	is "[.results[] | select(.id == \"$cart\") | .number, .total] | tojson" '[null,"10.00"]'
	is "[.results[] | select(.status != \"cart\")] | length" 0
	by staff api GET "/orders?store=$store&page_size=100"
	is "[.results[] | select(.status == \"cart\")] | length" 0
	by staff api GET "/orders?store=$store&status=cart"
	is "[.results[] | select(.id == \"$cart\")] | length" 1
	by stranger api GET "/orders?status=cart"
	is "[.results[] | select(.id == \"$cart\")] | length" 0
	by customer ask POST "/orders/$cart/place"
	expect 200
	is '.number | type' number
	[[ $(field .invoice.invoice_number) == INV* ]]
}

@test "carts: today's price, and the one that was seen" {
	product=$(make_product price=10.00 tax_rate=20)
	fill "$product:2"
	by staff ask PATCH "/products/$product" '{"price":"12.50"}'
	look
	is '[.subtotal, .tax_total, .total, .items[0].unit_price] | join(" ")' '25.00 5.00 30.00 12.50'
	is '.changes | map([.pointer, .code, .old, .new]) | tojson' \
		'[["/items/0","price_changed","10.00","12.50"],["/tax_total","tax_changed","4.00","5.00"]]'
	by staff ask PATCH "/products/$product" '{"price":"10.00"}'
	look
	changed ''
	by staff ask PATCH "/products/$product" '{"price":"9.00","tax_rate":"0"}'
	patch "{\"items\":[{\"product\":\"$product\",\"quantity\":2}]}"
	expect 200
	changed ''
	is .total 18.00
	as_guest POST /place
	expect 200
	is '[.total, .items[0].unit_price, has("changes")] | tojson' '["18.00","9.00",false]'
}

@test "carts: what cannot be bought any more" {
	good=$(make_product price=3.00) deleted=$(make_product) suspended=$(make_product) parent=$(make_product)
	fill "$deleted:1" "$good:2" "$suspended:1" "$parent:1"
	by staff ask DELETE "/products/$deleted"
	expect 204
	by staff ask PATCH "/products/$suspended" '{"is_suspended":true}'
	make_product parent="$parent" >/dev/null
	look
	expect 200
	changed '/items/0 unavailable, /items/2 unavailable, /items/3 unavailable'
	is '[.subtotal, .total] | join(" ")' '6.00 6.00'
	is '.items | map(.line_total) | join(" ")' '0.00 6.00 0.00 0.00'
	is '.items | map(.tax_amount) | join(" ")' '0.00 0.00 0.00 0.00'
	is '.items | map(.discount_amount) | join(" ")' '0.00 0.00 0.00 0.00'
	as_guest POST /place
	refused '/items/0/product not_found, /items/2/product not_found, /items/3/product has_variants'
	in_stock "$good" 20
	patch "{\"items\":[{\"product\":\"$good\",\"quantity\":2}]}"
	expect 200
	as_guest POST /place
	expect 200
	in_stock "$good" 18
}

@test "carts: what is out of stock, line by line and together" {
	product=$(make_product) other=$(make_product inventory_count:=3)
	fill "$product:11" "$other:2" "$product:11"
	changed '/items/0 out_of_stock'
	is '.items | map(.quantity) | join(" ")' '22 2'
	is '.changes[0].available' 20
	by staff ask POST "/products/$other/stock" '{"delta":-2,"reason":"broken"}'
	expect 200
	look
	changed '/items/0 out_of_stock, /items/1 out_of_stock'
	as_guest POST /place
	expect 409 out-of-stock
	is '[.products[] | [.requested, .available]] | sort | tojson' '[[2,1],[22,20]]'
	look
	is '[.status, .number] | tojson' '["cart",null]'
	patch "{\"items\":[{\"product\":\"$product\",\"quantity\":20},{\"product\":\"$other\",\"quantity\":1}]}"
	changed ''
	as_guest POST /place
	expect 200
	in_stock "$product" 0
	in_stock "$other" 0
}

@test "carts: a coupon and a shipping method that are refused meanwhile" {
	product=$(make_product price=30.00) code=$(unique SALE-)
	coupon=$(sql "insert into coupons (code, store, discount_percent, min_order_value)
		values ('$code', '$store', 10, 20) returning id")
	method=$(sql "insert into shipping_methods (store, name, price) values ('$store', 'Post', 4) returning id")
	fill "$product:1"
	patch "{\"coupon\":\"${code,,}\",\"shipping_method\":\"$method\",\"shipping_address\":$ADDRESS}"
	expect 200
	is '[.coupon, .discount_total, .shipping_total, .total] | join(" ")' "$code 3.00 4.00 31.00"
	changed ''
	sql "update coupons set min_order_value = 31 where id = '$coupon'"
	sql "update shipping_methods set countries = '[\"DE\"]' where id = '$method'"
	look
	changed '/coupon min_value, /discount_total discount_changed, /shipping_method wrong_country'
	is '[.discount_total, .total] | join(" ")' '0.00 34.00'
	as_guest POST /place
	refused '/coupon min_value, /shipping_method wrong_country'
	sql "update coupons set is_active = false where id = '$coupon'"
	sql "update shipping_methods set is_suspended = true where id = '$method'"
	look
	changed '/coupon not_found, /discount_total discount_changed, /shipping_method not_found, /shipping_total shipping_changed'
	is '[.discount_total, .shipping_total, .total] | join(" ")' '0.00 0.00 30.00'
	patch '{"coupon":null,"shipping_method":null}'
	changed ''
	as_guest POST /place
	expect 200
	is '[.coupon, .shipping_method, .total] | tojson' '[null,null,"30.00"]'
	in_stock "$product" 19
}

@test "carts: a store whose prices become others" {
	store=$(make_store)
	product=$(make_product price=11.90 tax_rate=19)
	fill "$product:1"
	is '[.total, .prices_include_tax] | tojson' '["14.16",false]'
	by admin ask PATCH "/stores/$store" '{"prices_include_tax":true}'
	expect 200
	look
	is '[.total, .tax_total, .prices_include_tax] | tojson' '["11.90","1.90",true]'
	as_guest POST /place
	expect 200
	is '[.total, .prices_include_tax] | tojson' '["11.90",true]'
}

@test "carts: a store that is shut" {
	store=$(make_store)
	product=$(make_product)
	fill "$product:1"
	by admin ask PATCH "/stores/$store" '{"is_suspended":true}'
	expect 200
	look
	expect 200
	changed '/items/0 unavailable'
	as_guest POST /place
	refused '/store not_found'
}

@test "carts: placed once with one key, and the response is replayed" {
	product=$(make_product) key=$(unique key-)$(unique)
	fill "$product:2"
	as_guest POST /place '' "Idempotency-Key: $key"
	expect 200
	[[ -z $(header Idempotent-Replayed) ]]
	placed=$body
	as_guest POST /place '' "Idempotency-Key: $key"
	expect 200
	[[ $(header Idempotent-Replayed) == true && $body == "$placed" ]]
	in_stock "$product" 18
	as_guest POST /place '{}' "Idempotency-Key: $key"
	expect 422 idempotency-key-reused
	fill "$product:1"
	as_guest POST /place '' "Idempotency-Key: $(unique key-)$(unique)"
	expect 200
	is .status placed
	in_stock "$product" 17
}

@test "carts: filled once with one key" {
	product=$(make_product) key=$(unique key-)$(unique)
	ask POST /orders "$(cart_of "$product:2")" "Idempotency-Key: $key"
	expect 201
	cart=$(field .id) order_token=$(field .order_token)
	ask POST /orders "$(cart_of "$product:2")" "Idempotency-Key: $key"
	expect 201
	[[ $(header Idempotent-Replayed) == true ]]
	[[ $(field .id) == "$cart" && $(field .order_token) == "$order_token" ]]
}

@test "carts: a guest's cart belongs to the customer who proves the number" {
	mobile=$(new_number)
	ask POST /orders "$(cart_of "$(make_product):1" | jq -c --arg m "$mobile" '.contact.mobile_number = $m')"
	expect 201
	order=$(field .id)
	token=$(login_customer "$mobile")
	ask PATCH "/orders/$order" '{"comments":"mine now"}'
	expect 200
	is '.user | type' string
}

# closed_to_the_guest : the token opens nothing of $order, and says no more than one of no order.
closed_to_the_guest() {
	local request known order_id=$order
	local -A sent=([PATCH]='{"comments":"theirs"}')
	token=
	for request in 'GET ' 'PATCH ' 'POST /place' 'POST /cancel'; do
		order=01900000-0000-7000-8000-000000000000
		as_guest "${request% *}" "${request#* }" "${sent[${request% *}]-}"
		expect 404 not-found
		known=$(field 'del(.request_id) | tojson')
		order=$order_id
		as_guest "${request% *}" "${request#* }" "${sent[${request% *}]-}"
		expect 404 not-found
		is 'del(.request_id) | tojson' "$known"
	done
}

@test "carts: a guest's token ends when a customer claims the cart, an order's does not" {
	mobile=$(new_number)
	product=$(make_product)
	with_number=$(jq -c --arg m "$mobile" '.contact.mobile_number = $m' <<<"$(order_of "$product:1")")
	ask POST /orders "$with_number"
	expect 201
	placed=$(field .id) placed_token=$(field .order_token)
	ask POST /orders "$(jq -c '.action = "update_cart"' <<<"$with_number")"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	look
	expect 200

	customer=$(login_customer "$mobile")
	closed_to_the_guest
	# What the customer writes, also when it is an order, is theirs alone.
	token=$customer
	ask PATCH "/orders/$order" '{"comments":"mine","contact":{"name":"Asha"},"billing_address":'"$ADDRESS"'}'
	expect 200
	ask POST "/orders/$order/place"
	expect 200
	closed_to_the_guest
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"cod\"}" "X-Order-Token: $order_token" \
		"Idempotency-Key: $(unique key-)$(unique)"
	refused '/order not_found'
	token=$customer
	api GET "/orders/$order"
	expect 200
	is '[.status, .comments] | join(" ")' 'placed mine'

	# What was placed by then is read, paid and cancelled with its token, as before.
	order=$placed order_token=$placed_token token=
	look
	expect 200
	is .user null
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"cod\"}" "X-Order-Token: $order_token" \
		"Idempotency-Key: $(unique key-)$(unique)"
	expect 201
	as_guest POST /cancel
	expect 200
	is .status cancelled
}

@test "carts: the customer's name and addresses are filled in, and may be cleared" {
	mobile=$(new_number)
	token=$(login_customer "$mobile")
	ask PATCH /auth/me '{"name":"Zoë","email":"'"$(unique z)"'@example.test"}'
	expect 200
	product=$(make_product)
	ask POST /orders "$(cart_of "$product:1" | jq -c 'del(.contact)')"
	expect 201
	order=$(field .id)
	is '[.contact.name, .contact.mobile_number] | join(" ")' "Zoë $mobile"
	ask PATCH "/orders/$order" '{"contact":{"email":null}}'
	expect 200
	is .contact.email null
	ask POST "/orders/$order/place"
	expect 200
	is .contact.mobile_number "$mobile"
}

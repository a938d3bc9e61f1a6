# What a cart, or items, can be sent by, and what each method costs, before anything is ordered.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	store=$(make_store)
	product=$(make_product price=10.00 tax_rate=7 weight=0.4)
}
teardown() { ledger_is_right; }

# method NAME COLUMN=VALUE... : as SQL, of $store, 5.00; prints its id.
method() {
	local pair
	local -A wanted=([store]="'$store'" [name]="'$1'" [price]=5)
	for pair in "${@:2}"; do wanted[${pair%%=*}]=${pair#*=}; done
	sql "insert into shipping_methods ($(IFS=,; echo "${!wanted[*]}")) values ($(IFS=,; echo "${wanted[*]}")) returning id"
}

# quote PIECES [JQ] : for $product to Berlin; the body changed.
quote() {
	ask POST /shipping-methods/quote "$(jq -nc --arg s "$store" --arg p "$product" "{store: \$s,
		items: [{product: \$p, quantity: $1}], address: {country: \"DE\", city: \"Berlin\", postal_code: \"10115\"}} | ${2-.}")"
}

# offers NAMES : in this order.
offers() {
	expect 200
	is '[.results[].name] | join(" ")' "$1"
}

@test "quote: all methods that can send it, the cheapest first" {
	post=$(method Post description="'By foot.'" tax_rate=19 estimate_days_min=2 estimate_days_max=4)
	method Bike price=9 zones="'[{\"country\": \"DE\", \"postal_codes\": [\"10\"]}]'" >/dev/null
	method Heavy price=1 bands_by="'weight'" bands="'[{\"up_to\": \"1\", \"price\": \"2\"}]'" >/dev/null
	method Abroad price=0 countries="'[\"AT\"]'" >/dev/null
	method Gone price=0 is_suspended=true >/dev/null
	method Elsewhere price=0 store="'$other_store'" >/dev/null
	for who in nobody customer staff stranger; do
		by "$who" quote 2
		offers 'Heavy Post Bike'
	done
	is '.results[1] | tojson' "$(jq -nc --arg id "$post" '{shipping_method: $id, name: "Post", description: "By foot.",
		price: "5.00", tax: "0.95", total: "5.95", currency: "EUR", free: false, pickup: false, estimate_days_min: 2, estimate_days_max: 4}')"
	is '[.next, .previous] | tojson' '[null,null]'
	quote 3
	offers 'Post Bike'
	quote 1 '.address.postal_code = "20095"'
	offers 'Heavy Post'
	quote 1 '.address = {country: "AT"}'
	offers 'Abroad Heavy Post'
	is '.results[0] | [.price, .free] | tojson' '["0.00",true]'
	# As far as the address is known.
	quote 1 'del(.address)'
	offers 'Heavy Post'
	quote 1 '.address = {"region": "BE", "city": null, "label": "Home"}'
	offers 'Heavy Post'
	sql "update shipping_methods set is_deleted = true where store = '$store'"
	quote 1
	offers ''
}

@test "quote: a pickup goes everywhere, and saved addresses go by their id" {
	method Fetch price=0 pickup=true countries="'[\"FR\"]'" zones="'[{\"country\": \"FR\"}]'" >/dev/null
	method Post countries="'[\"AT\"]'" >/dev/null
	quote 1
	offers Fetch
	is '.results[0] | [.free, .pickup] | tojson' '[true,true]'
	quote 1 'del(.address)'
	offers Fetch
	as customer
	saved=$(make /addresses line1=Weg city=Graz country=AT)
	for address in "\"$saved\"" "{\"id\":\"$saved\"}"; do
		as customer
		quote 1 ".address = $address"
		offers 'Fetch Post'
		as nobody
		quote 1 ".address = $address"
		refused '/address not_found'
	done
	as customer
	api GET "/addresses/$saved"
	quote 1 ".address = $body"
	offers 'Fetch Post'
	quote 1 '.address = "x"'
	refused '/address invalid'
	token=
}

@test "quote: what it says is what an order costs" {
	sql "update stores set prices_include_tax = true where id = '$store'"
	method Post tax_rate=19 handling_fee=0.49 free_over=30 class_fees="'{\"bulky\": \"7\"}'" bands_by="'weight'" \
		bands="'[{\"up_to\": \"1\", \"price\": \"2\"}, {\"up_to\": null, \"price\": \"3\"}]'" >/dev/null
	sql "update products set shipping_class = 'bulky' where id = '$product'"
	code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_percent) values ('$code', '$store', 10)"
	for case in '1 .' '2 .' '3 .' "3 .coupon=\"$code\"" "4 .coupon=\"$code\""; do
		quote "${case%% *}" "${case#* }"
		expect 200
		quoted=$(field '.results[0] | [.price, .tax, .total] | join(" ")') method=$(field '.results[0].shipping_method')
		ask POST /orders "$(order_of "$product:${case%% *}" | jq -c --arg m "$method" '.shipping_method = $m
			| .shipping_address = {line1: "1 Street", city: "Berlin", country: "DE"} | '"${case#* }")"
		expect 201
		shipped=$(sql "select concat_ws(' ', shipping_total, shipping_tax, shipping_total) from orders where id = '$(field .id)'")
		[[ $shipped == "$quoted" ]] || { echo "$case: quoted $quoted, shipped for $shipped"; return 1; }
	done
	[[ $quoted == '0.00 0.00 0.00' ]]
}

@test "quote: a cart, with its address and coupon, or others" {
	method Post >/dev/null
	method Bike price=9 countries="'[\"AT\"]'" >/dev/null
	code=$(unique SAVE-) other=$(unique SAVE-)
	sql "insert into coupons (code, store, free_shipping, discount_percent) values ('$code', '$store', true, null),
		('$other', '$store', false, 10)"
	ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.action = "update_cart" | .coupon = $c
		| .shipping_address = {line1: "1 Street", city: "Graz", country: "AT"}')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	of_cart() { ask POST /shipping-methods/quote "$(jq -nc --arg o "$order" "{order: \$o} | ${1-.}")" "X-Order-Token: ${2-$order_token}"; }
	of_cart
	offers 'Bike Post'
	is '[.results[].price] | join(" ")' '0.00 0.00'
	of_cart ".coupon = \"$other\""
	offers 'Post Bike'
	is '[.results[].price] | join(" ")' '5.00 9.00'
	of_cart '.address = {country: "DE"}'
	offers 'Post'
	# A coupon of the cart that can no longer be used is left out; one that is sent is refused.
	sql "update coupons set valid_to = now() where code = '$code'"
	of_cart
	is '[.results[].price] | join(" ")' '5.00 9.00'
	of_cart ".coupon = \"$code\""
	refused '/coupon not_found'
	by staff of_cart ".coupon = \"$code\"" ''
	expect 404 not-found
	# Only for those who may see the cart.
	of_cart . wrong
	expect 404 not-found
	for who in nobody customer staff; do
		by "$who" of_cart . ''
		expect 404 not-found
	done
	by admin of_cart . ''
	expect 200
	# Not for an order, nor for an empty cart.
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	refused '/coupon not_found, /shipping_method required'
	ask PATCH "/orders/$order" '{"items":[]}' "X-Order-Token: $order_token"
	expect 200
	of_cart
	refused '/items min_items'
	place "$product:1" || true
	sql "update shipping_methods set is_deleted = true where store = '$store'"
	place "$product:1"
	of_cart
	expect 409 transition-not-allowed
}

@test "quote: all broken rules are reported at once" {
	ask POST /shipping-methods/quote '{}'
	refused '/items required, /store required'
	ask POST /shipping-methods/quote "{\"order\":\"$product\",\"store\":\"$store\"}"
	refused '/order exclusive'
	quote 0 '.store = "x" | .items[0].colour = 1 | .items += [{}] | .coupon = " " | .address = {country: "DEU", x: 1} | .user = "x"'
	refused "/address/country invalid, /address/x unknown_field, /coupon blank, /items/0/colour unknown_field, /items/0/quantity min_value, \
/items/1/product required, /items/1/quantity required, /store invalid, /user unknown_field"
	quote 1 '.items = []'
	refused '/items min_items'
	quote 1 '.items = [range(201) | {product: "01900000-0000-7000-8000-000000000000", quantity: 1}]'
	refused '/items max_items'
	quote 1 ".store = \"$product\""
	refused '/store not_found'
	quote 1 ".items += [{product: \"$store\", quantity: 1}, {product: \"$(store=$other_store make_product)\", quantity: 1}]"
	refused '/items/1/product not_found, /items/2/product wrong_store'
	api GET /shipping-methods/quote
	expect 405 method-not-allowed
}

@test "quote: coupons are answered as in an order" {
	method Post >/dev/null
	code=$(unique SAVE-)
	coupon=$(sql "insert into coupons (code, store, free_shipping, min_order_value) values ('$code', '$store', true, 20) returning id")
	quote 1 ".coupon = \"$code\""
	refused '/coupon min_value'
	quote 2 ".coupon = \"$code\""
	offers Post
	is '.results[0].price' 0.00
	for state in "valid_to = now()" "valid_to = null, valid_from = now() + interval '1 day'" "valid_from = null, is_active = false"; do
		sql "update coupons set $state where id = '$coupon'"
		quote 2 ".coupon = \"$code\""
		refused '/coupon not_found'
		is '.errors[0].detail' 'There is no coupon with this code that can be used now.'
	done
	sql "update coupons set is_active = true, valid_to = now() where id = '$coupon'"
	by admin quote 2 ".coupon = \"$code\""
	refused '/coupon expired'
}

@test "quote: many goods, of a class with many rates, by many methods" {
	class=$(sql "insert into tax_classes (store, name, rate, rates) select '$store', 'full', 19,
		jsonb_agg(jsonb_build_object('country', 'DE', 'postal_code', n::text, 'rate', '7')) from generate_series(10000, 10199) n
		returning id")
	sql "insert into products (store, sku, name, slug, price, currency, tax_class)
		select '$store', word || n, 'Tea', word || n, 10, 'EUR', '$class' from generate_series(1, 200) n, (select '$(unique sku-)' as word) w"
	sql "insert into shipping_methods (store, name, price, tax_class, pickup)
		select '$store', 'Post ' || n, n, '$class', n = 40 from generate_series(1, 40) n"
	items=$(sql "select json_agg(json_build_object('product', id, 'quantity', 1)) from products where tax_class = '$class'")
	quote 1 ".items = $items"
	expect 200
	is '.results | [length, .[0].total, .[39].tax] | tojson' '[40,"1.07","7.60"]'
}

# Shipping: when it is needed, where it goes, what it costs and is taxed.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	store=$(make_store)
	product=$(make_product price=10.00 tax_rate=7)
}
teardown() { ledger_is_right; }

# make_method COLUMN=VALUE... : as SQL; leaves $method. Of $store, 5.00 without tax unless they say otherwise.
make_method() {
	local pair
	local -A wanted=()
	for pair in "store='$store'" "name='Post'" price=5 "$@"; do wanted[${pair%%=*}]=${pair#*=}; done
	method=$(sql "insert into shipping_methods ($(IFS=,; echo "${!wanted[*]}")) values ($(IFS=,; echo "${wanted[*]}"))
		returning id")
}

# ship_to COUNTRY [PIECES [JQ]] : an order sent by $method.
ship_to() {
	ask POST /orders "$(order_of "$product:${2-1}" | jq -c --arg m "$method" --arg c "$1" ".shipping_method = \$m
		| .shipping_address = {line1: \"1 Street\", city: \"City\", country: \$c} | ${3-.}")"
}

@test "shipping: chosen when the store has methods" {
	place "$product:1"
	make_method
	try "$product:1"
	refused '/shipping_method required'
	in_stock "$product" 19
	ship_to DE
	expect 201
	is '[.shipping_total, .total, .shipping_method] | join(" ")' "5.00 15.70 $method"
	sql "update shipping_methods set is_suspended = true where id = '$method'"
	place "$product:1"
	is '[.shipping_total, .shipping_method] | tojson' '["0.00",null]'
}

@test "shipping: one that is not there" {
	make_method
	good=$method
	for state in is_suspended=true is_deleted=true "active_from='2999-01-01'" "active_to='2001-01-01'" \
		"store='$other_store'"; do
		make_method "$state"
		ship_to DE
		refused '/shipping_method not_found'
		is '.errors[0].detail' 'The store has no such shipping method.'
	done
	method=$product
	ship_to DE
	refused '/shipping_method not_found'
	method=nonsense
	ship_to DE
	refused '/shipping_method invalid'
	in_stock "$product" 20
	method=$good
	ship_to DE
	expect 201
}

@test "shipping: countries" {
	make_method countries="'[\"DE\", \"AT\"]'"
	ship_to AT
	expect 201
	ship_to FR
	refused '/shipping_method wrong_country'
	is '.errors[0].detail' 'It does not ship to the country of the shipping address.'
	ship_to DE 1 'del(.shipping_address)'
	refused '/shipping_address required'
	ship_to FR 1 '.billing_address = {line1: "1 Street", city: "City", country: "DE"}'
	refused '/shipping_method wrong_country'
	in_stock "$product" 19
}

@test "shipping: what is shipped has an address, what is fetched needs none" {
	make_method
	for address in 'del(.shipping_address)' '.shipping_address = null' 'del(.shipping_address)
		| .billing_address = {line1: "1 Street", city: "City", country: "DE"}'; do
		ship_to DE 1 "$address"
		refused '/shipping_address required'
		is '.errors[0].detail' 'The shipping method needs an address to ship to.'
	done
	ship_to DE 1 'del(.shipping_address) | .action = "update_cart"'
	expect 201
	is '.changes | tojson' '[]'
	order=$(field .id)
	ask POST "/orders/$order/place" '' "X-Order-Token: $(field .order_token)"
	refused '/shipping_address required'
	in_stock "$product" 20
	as staff
	by admin send POST "/stores/$store/members" user="$(staff_id)"
	send PATCH "/shipping-methods/$method" pickup:=true countries:='["FR"]'
	expect 200
	is .pickup true
	sql "update shipping_methods set zones = '[{\"country\": \"FR\"}]' where id = '$method'"
	token=
	ship_to DE 1 'del(.shipping_address)'
	expect 201
	is '[.shipping_total, .shipping_address] | tojson' '["5.00",null]'
	ship_to DE
	expect 201
	in_stock "$product" 18
}

# send_to ADDRESS WANTED : an order to the address, of which more members are given as JSON, is sent or refused.
send_to() {
	ship_to DE 1 ".shipping_address += $1"
	if [[ $2 == sent ]]; then expect 201; else refused "/shipping_method $2"; fi
}

@test "shipping: zones" {
	make_method zones="'[{\"country\": \"DE\", \"regions\": [\"BY\", \"Hesse\"]},
		{\"country\": \"DE\", \"regions\": [], \"postal_codes\": [\"80\", \"sw1a*\"]},
		{\"country\": \"AT\", \"regions\": [\"Tyrol\"], \"postal_codes\": [\"60\"]}, {\"country\": \"CH\"}]'"
	send_to '{region: "BY"}' sent
	send_to '{region: " by "}' sent
	send_to '{region: "hesse", postal_code: "10115"}' sent
	send_to '{region: "BW"}' wrong_postal_code
	send_to '{region: "BW", postal_code: "80331"}' sent
	send_to '{postal_code: "8 0331"}' sent
	send_to '{postal_code: "08033"}' wrong_postal_code
	is '.errors[0].detail' 'It does not ship to the postal code of the shipping address.'
	send_to '{postal_code: "SW1 A2AA"}' sent
	send_to '{}' wrong_postal_code
	send_to '{country: "AT", region: "Vienna", postal_code: "6020"}' wrong_region
	is '.errors[0].detail' 'It does not ship to the region of the shipping address.'
	send_to '{country: "AT"}' wrong_region
	send_to '{country: "AT", region: "Tyrol", postal_code: "5020"}' wrong_postal_code
	send_to '{country: "AT", region: "Tyrol", postal_code: "6020"}' sent
	send_to '{country: "CH"}' sent
	send_to '{country: "FR"}' wrong_country
	# Both the countries and the zones must have it.
	sql "update shipping_methods set countries = '[\"DE\", \"FR\"]' where id = '$method'"
	send_to '{country: "CH"}' wrong_country
	send_to '{country: "FR"}' wrong_country
	send_to '{region: "BY"}' sent
}

# costs PIECES WANTED [JQ] : to ship so many costs that, or is refused with that code.
costs() {
	ship_to DE "$1" "${3-.}"
	if [[ $2 == [0-9]* ]]; then expect 201 && is .shipping_total "$2"; else refused "/shipping_method $2"; fi
}

@test "shipping: bands by weight, pieces and value" {
	bands='[{\"up_to\": \"2\", \"price\": \"4.90\"}, {\"up_to\": \"5.000\", \"price\": \"9.90\"}]'
	make_method price=1 handling_fee=0.50 bands_by="'weight'" bands="'${bands//\\/}'"
	product=$(make_product inventory_count:=100)
	costs 5 6.40 # without a weight
	sql "update products set weight = 0.5 where id = '$product'"
	costs 4 6.40
	costs 5 11.40
	costs 10 11.40
	costs 11 too_heavy
	is '.errors[0].detail' 'The order is too heavy for it.'
	sql "update shipping_methods set bands_by = 'pieces' where id = '$method'"
	costs 2 6.40
	costs 3 11.40
	costs 6 out_of_bands
	is '.errors[0].detail' 'The order is too large for it.'
	sql "update shipping_methods set bands = bands || '[{\"up_to\": null, \"price\": \"0\"}]' where id = '$method'"
	costs 6 1.50
	sql "update shipping_methods set bands_by = 'subtotal', bands = '[{\"up_to\": \"20\", \"price\": \"4\"},
		{\"up_to\": \"29.99\", \"price\": \"3\"}]' where id = '$method'"
	costs 2 5.50
	costs 3 out_of_bands
	# The value is that after discounts.
	code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_amount) values ('$code', '$store', 0.01)"
	costs 3 4.50 ".coupon = \"$code\""
	# Free is free, but not beyond the bands.
	sql "update shipping_methods set free_over = 20 where id = '$method'"
	costs 1 5.50
	costs 2 0.00
	costs 3 out_of_bands
	in_stock "$product" "$(sql "select 100 - sum(quantity) from order_items where product = '$product'")"
}

@test "shipping: classes of products, and variants by their parents" {
	make_method class_fees="'{\"bulky\": \"15\", \"long\": \"2.50\"}'" tax_rate=19
	parent=$(make_product shipping_class=bulky weight=3)
	variant=$(make_product parent="$parent" attributes:='{"colour":"red"}')
	light=$(make_product parent="$parent" attributes:='{"colour":"blue"}' shipping_class=long weight=0.5)
	costs 1 5.00
	product=$variant
	costs 3 20.00
	is '[.tax_total, .total] | join(" ")' '3.80 53.80'
	product=$light
	costs 1 7.50
	ship_to DE 1 ".items += [{product: \"$variant\", quantity: 2}, {product: \"$variant\", quantity: 1}]"
	is .shipping_total 22.50
	sql "update shipping_methods set bands_by = 'weight', bands = '[{\"up_to\": \"3.5\", \"price\": \"1\"},
		{\"up_to\": \"7\", \"price\": \"2\"}]' where id = '$method'"
	ship_to DE 1 ".items += [{product: \"$variant\", quantity: 1}]"
	is .shipping_total 23.50
	ship_to DE 2 ".items += [{product: \"$variant\", quantity: 2}]"
	is .shipping_total 24.50
	ship_to DE 3 ".items += [{product: \"$variant\", quantity: 2}]"
	refused '/shipping_method too_heavy'
	sql "update shipping_methods set free_over = 40 where id = '$method'"
	ship_to DE 2 ".items += [{product: \"$variant\", quantity: 2}]"
	is .shipping_total 0.00
}

@test "shipping: a cart shows what its method costs, and why it cannot be used" {
	make_method bands_by="'pieces'" bands="'[{\"up_to\": \"2\", \"price\": \"3\"}]'" \
		zones="'[{\"country\": \"DE\", \"postal_codes\": [\"80\"]}]'"
	ship_to DE 2 '.action = "update_cart" | .shipping_address.postal_code = "80331"'
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	is '[.shipping_total, (.changes | length)] | join(" ")' '8.00 0'
	ask PATCH "/orders/$order" "{\"items\":[{\"product\":\"$product\",\"quantity\":3}]}" "X-Order-Token: $order_token"
	is '[.changes[] | .pointer + " " + .code] | join(", ")' '/shipping_method out_of_bands'
	is .shipping_total 0.00
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	refused '/shipping_method out_of_bands'
	ask PATCH "/orders/$order" "{\"items\":[{\"product\":\"$product\",\"quantity\":1}],
		\"shipping_address\":{\"postal_code\":\"10115\"}}" "X-Order-Token: $order_token"
	is '[.changes[] | .pointer + " " + .code] | join(", ")' '/shipping_method wrong_postal_code'
}

@test "shipping: free from an amount on, after the coupon" {
	make_method free_over=30
	code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_amount) values ('$code', '$store', 0.01)"
	ship_to DE 2
	is .shipping_total 5.00
	ship_to DE 3
	is '[.subtotal, .shipping_total, .total] | join(" ")' '30.00 0.00 32.10'
	ship_to DE 3 ".coupon = \"$code\""
	expect 201
	is '[.subtotal, .discount_total, .shipping_total] | join(" ")' '30.00 0.01 5.00'
	sql "update shipping_methods set free_over = 29.99 where id = '$method'"
	ship_to DE 3 ".coupon = \"$code\""
	is '[.subtotal, .discount_total, .shipping_total] | join(" ")' '30.00 0.01 0.00'
	sql "update shipping_methods set free_over = 30.01 where id = '$method'"
	ship_to DE 3
	is .shipping_total 5.00
	sql "update shipping_methods set free_over = 0 where id = '$method'"
	ship_to DE
	is .shipping_total 0.00
}

@test "shipping: its tax, on top and inside" {
	make_method tax_rate=19
	ship_to DE
	is '[.subtotal, .shipping_total, .tax_total, .total] | join(" ")' '10.00 5.00 1.65 16.65'
	[[ $(sql "select taxes from invoices where order_id = '$(field .id)'" | jq -c .) == "$(jq -nc '
		[{tax: "0.70", rate: "7", taxable: "10.00"}, {tax: "0.95", rate: "19", taxable: "5.00"}]')" ]]
	[[ $(sql "select shipping_tax || ' ' || shipping_tax_rate from orders where id = '$(field .id)'") == '0.95 19.000' ]]
	by admin ask PATCH "/stores/$store" '{"prices_include_tax":true}'
	expect 200
	ship_to DE
	is '[.subtotal, .shipping_total, .tax_total, .total] | join(" ")' '10.00 5.00 1.45 15.00'
	[[ $(sql "select taxes from invoices where order_id = '$(field .id)'" | jq -c .) == "$(jq -nc '
		[{tax: "0.65", rate: "7", taxable: "9.35"}, {tax: "0.80", rate: "19", taxable: "4.20"}]')" ]]
	# Of the same rate as the goods: one line of taxes.
	sql "update shipping_methods set tax_rate = 7 where id = '$method'"
	ship_to DE
	[[ $(sql "select jsonb_array_length(taxes) from invoices where order_id = '$(field .id)'") == 1 ]]
	is .tax_total 0.98
	# Free: no tax either.
	sql "update shipping_methods set free_over = 1 where id = '$method'"
	ship_to DE
	is '[.shipping_total, .tax_total, .total] | join(" ")' '0.00 0.65 10.00'
}

@test "shipping: an order keeps what it was" {
	make_method tax_rate=19
	ship_to DE
	order=$(field .id) before=$(field '[.shipping_total, .tax_total, .total, .shipping_method] | join(" ")')
	sql "update shipping_methods set price = 99, name = 'Other', is_deleted = true where id = '$method'"
	by admin api GET "/orders/$order"
	expect 200
	is '[.shipping_total, .tax_total, .total, .shipping_method] | join(" ")' "$before"
	[[ $(sql "select shipping_method_name from orders where id = '$order'") == Post ]]
	[[ $(sql "select document::json ->> 'shipping_method' from invoices where order_id = '$order'") == Post ]]
}

@test "shipping: goods for nothing are still sent for money" {
	make_method
	code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_percent) values ('$code', '$store', 100)"
	ship_to DE 1 ".coupon = \"$code\""
	expect 201
	is '[.subtotal, .discount_total, .total, .status] | join(" ")' '10.00 10.00 5.00 placed'
	sql "update shipping_methods set price = 0 where id = '$method'"
	ship_to DE 1 ".coupon = \"$code\""
	is '[.total, .status, .payment_status] | join(" ")' '0.00 paid paid'
}

@test "shipping: how long it takes, as it was when the order was placed" {
	make_method estimate_days_min=2 estimate_days_max=4
	ship_to DE
	expect 201
	is '.delivery_estimate | tojson' '{"days_max":4,"days_min":2}'
	placed=$(field .id)
	ship_to DE 1 '.action = "update_cart"'
	expect 201
	is '.delivery_estimate | tojson' '{"days_max":4,"days_min":2}'
	order=$(field .id) order_token=$(field .order_token)
	sql "update shipping_methods set estimate_days_min = null, estimate_days_max = 9 where id = '$method'"
	by admin api GET "/orders/$placed"
	is '.delivery_estimate | tojson' '{"days_max":4,"days_min":2}'
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '.delivery_estimate | tojson' '{"days_max":9,"days_min":null}'
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	expect 200
	is '.delivery_estimate | tojson' '{"days_max":9,"days_min":null}'
	sql "update shipping_methods set estimate_days_max = null where id = '$method'"
	ship_to DE
	is .delivery_estimate null
}

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
	token=
	ship_to DE 1 'del(.shipping_address)'
	expect 201
	is '[.shipping_total, .shipping_address] | tojson' '["5.00",null]'
	ship_to DE
	expect 201
	in_stock "$product" 18
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

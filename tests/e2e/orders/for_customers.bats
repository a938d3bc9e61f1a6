# Orders that staff enter for customers: whose they are, who gets the messages, and prices of their own.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() {
	open_shop
	export customer customer_mail
	token=$(login_customer "$(new_number)")
	customer_mail=$(unique asha)@example.test
	ask PATCH /auth/me '{"name":"Asha Rao"}'
	expect 200
	customer=$(field .id)
	sql "update users set email = '$customer_mail', email_verified_at = now() where id = '$customer'"
	token=
}

# entered ITEMS [JQ] : by staff, in $store.
entered() { by staff ask POST /orders "$(jq -cn --argjson i "$1" --arg s "$store" '{store: $s, items: $i} | '"${2-.}")"; }

# told ORDER : to whom the messages about it go.
told() { sql "select coalesce(string_agg(template || ' ' || recipient, ', ' order by created_at), '') from outbox where order_id = '$1'"; }

@test "for customers: an order belongs to the customer for whom staff place it" {
	product=$(make_product)
	entered "[{\"product\":\"$product\",\"quantity\":1}]" ".user = \"$customer\""
	expect 201
	order=$(field .id)
	is '[.user, .contact.name, .contact.email, .created_by, has("order_token")] | tojson' \
		"[\"$customer\",\"Asha Rao\",\"$customer_mail\",\"$(staff_id)\",false]"
	[[ $(told "$order") == "order_placed $customer_mail" ]]
	by staff api GET "/orders/$order"
	is '.events[0].user' "$(staff_id)"
}

@test "for customers: without an account it belongs to the buyer with the contact, never to staff" {
	product=$(make_product)
	entered "[{\"product\":\"$product\",\"quantity\":1}]" '.contact = {name: "Ravi", email: "ravi@example.test"}'
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	is '[.user, .contact.name, .contact.email] | tojson' '[null,"Ravi","ravi@example.test"]'
	[[ $(told "$order") == 'order_placed ravi@example.test' ]]
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	expect 200
	is 'has("events")' false
	# At the counter a name is enough; no message goes out, least of all to the member of staff.
	entered "[{\"product\":\"$product\",\"quantity\":1}]" '.contact = {name: "Ravi"}'
	expect 201
	[[ -z $(told "$(field .id)") ]]
	entered "[{\"product\":\"$product\",\"quantity\":1}]"
	refused '/contact/name required'
	# Limits of guests are not those of the store.
	by admin ask PATCH "/stores/$store" '{"guest_max_quantity":2}'
	expect 200
	entered "[{\"product\":\"$product\",\"quantity\":3}]" '.contact = {name: "Ravi"}'
	expect 201
	order=$(field .id)
	by staff ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"cod\"}" "Idempotency-Key: $(unique key-)$(unique)"
	expect 201
	by admin ask PATCH "/stores/$store" '{"guest_max_quantity":20}'
	expect 200
}

@test "for customers: a draft first, with prices that have a reason" {
	product=$(make_product price=10.00 tax_rate=19) other=$(make_product price=5.00)
	items="[{\"product\":\"$product\",\"quantity\":2,\"unit_price\":\"8.00\",\"price_reason\":\"a dent\"},
		{\"product\":\"$other\",\"quantity\":1,\"discount_amount\":\"1.50\",\"price_reason\":\"loyalty\"}]"
	entered "$items" ".user = \"$customer\" | .action = \"update_cart\""
	expect 201
	order=$(field .id)
	wanted='8.00 0.00 19.04 a dent, 5.00 1.50 3.50 loyalty'
	lines='[.items[] | [.unit_price, .discount_amount, .line_total, .price_reason] | join(" ")] | join(", ")'
	is "$lines" "$wanted"
	is '[.subtotal, .discount_total, .tax_total, .total] | join(" ")' '21.00 1.50 3.04 22.54'
	# What is set stays, whatever the catalogue's price becomes.
	by staff ask PATCH "/products/$product" '{"price":"20.00"}'
	by staff api GET "/orders/$order"
	is "$lines" "$wanted"
	is '.changes | length' 0
	by staff ask POST "/orders/$order/place"
	expect 200
	is "$lines" "$wanted"
	is '[.user, .total, .status] | join(" ")' "$customer 22.54 placed"
	[[ $(told "$order") == "order_placed $customer_mail" ]]
	by staff api GET "/invoices/$(field .invoice.id)"
	is '[.lines[] | [.unit_price, .discount_amount, .line_total] | join(" ")] | join(", ")' '8.00 0.00 19.04, 5.00 1.50 3.50'
}

@test "for customers: a discount is of the price of the day, and never more than that" {
	product=$(make_product price=10.00)
	entered "[{\"product\":\"$product\",\"quantity\":1,\"discount_amount\":\"8.00\",\"price_reason\":\"a dent\"}]" \
		".user = \"$customer\" | .action = \"update_cart\""
	expect 201
	order=$(field .id)
	by staff ask PATCH "/products/$product" '{"price":"5.00"}'
	by staff api GET "/orders/$order"
	is '[.items[0].unit_price, .items[0].discount_amount, .total, .changes[0].code] | join(" ")' '5.00 5.00 0.00 price_changed'
	by staff ask PATCH "/orders/$order" '{"coupon":null}'
	expect 200
	by staff ask PATCH "/products/$product" '{"price":"9.00"}'
	by staff ask POST "/orders/$order/place"
	expect 200
	is '[.subtotal, .discount_total, .total] | join(" ")' '9.00 8.00 1.00'
}

@test "for customers: where prices follow the tax, a discount does not raise them" {
	open_store EUR prices_include_tax:=true tax_inclusive_rebase:=true
	by admin ask PATCH "/stores/$store" '{"address":{"line1":"Torstr. 1","city":"Berlin","country":"DE"}}'
	by staff ask POST /tax-classes "{\"store\":\"$store\",\"name\":\"full\",\"rate\":\"0\",\"rates\":[{\"country\":\"DE\",\"rate\":\"19\"}]}"
	expect 201
	product=$(make_product price=119.00 tax_class="$(field .id)")
	abroad='.contact = {name: "Ravi"} | .shipping_address = {line1: "x", city: "Zug", country: "CH"}'
	entered "[{\"product\":\"$product\",\"quantity\":1,\"discount_amount\":\"1.00\",\"price_reason\":\"x\"}]" "$abroad"
	expect 201
	is '[.subtotal, .total] | join(" ")' '100.00 99.00'
	entered "[{\"product\":\"$product\",\"quantity\":1,\"discount_amount\":\"110.00\",\"price_reason\":\"x\"}]" "$abroad"
	expect 201
	is '[.subtotal, .total] | join(" ")' '100.00 0.00'
	entered "[{\"product\":\"$product\",\"quantity\":1,\"unit_price\":\"90.00\",\"price_reason\":\"x\"}]" "$abroad"
	expect 201
	is .total 90.00
}

@test "for customers: a coupon comes after the store's own discount" {
	product=$(make_product price=10.00) other=$(make_product price=10.00) code=$(unique SAVE-)
	by staff ask POST /coupons "{\"store\":\"$store\",\"code\":\"$code\",\"discount_amount\":\"3.00\"}"
	expect 201
	entered "[{\"product\":\"$product\",\"quantity\":1,\"discount_amount\":\"5\",\"price_reason\":\"a dent\"},
		{\"product\":\"$other\",\"quantity\":1}]" ".user = \"$customer\" | .coupon = \"$code\""
	expect 201
	is '[.items[].discount_amount] | join(" ")' '6.00 2.00'
	is '[.discount_total, .total] | join(" ")' '8.00 12.00'
	by staff ask PATCH "/coupons/$(sql "select id from coupons where code = '$code'")" '{"discount_amount":null,"discount_percent":"50"}'
	expect 200
	entered "[{\"product\":\"$product\",\"quantity\":1,\"discount_amount\":\"10\",\"price_reason\":\"a gift\"},
		{\"product\":\"$other\",\"quantity\":1}]" ".user = \"$customer\" | .coupon = \"$code\""
	expect 201
	is '[.items[].discount_amount] | join(" ")' '10.00 5.00'
}

@test "for customers: what is refused" {
	product=$(make_product price=10.00)
	line="\"product\":\"$product\",\"quantity\":1"
	entered "[{$line,\"unit_price\":\"8.00\"}]" ".user = \"$customer\""
	refused '/items/0/price_reason required'
	entered "[{$line,\"discount_amount\":\"1\",\"price_reason\":\"  \"}]" ".user = \"$customer\""
	refused '/items/0/price_reason blank, /items/0/price_reason required'
	entered "[{$line,\"unit_price\":\"-1\",\"price_reason\":\"x\"}]" ".user = \"$customer\""
	refused '/items/0/unit_price min_value'
	entered "[{$line,\"discount_amount\":\"10.01\",\"price_reason\":\"x\"}]" ".user = \"$customer\""
	refused '/items/0/discount_amount max_value'
	entered "[{$line,\"unit_price\":\"1.001\",\"price_reason\":\"x\"}]" ".user = \"$customer\""
	refused '/items/0/unit_price max_decimal_places'
	for user in "$(staff_id)" 01890000-0000-7000-8000-000000000000; do
		entered "[{$line}]" ".user = \"$user\""
		refused '/user not_found'
	done
	# Not by staff of another store, who are customers here.
	by stranger ask POST /orders "{\"store\":\"$store\",\"items\":[{$line}],\"user\":\"$customer\",\"contact\":{\"name\":\"X\"}}"
	expect 403 forbidden
	by stranger ask POST /orders "{\"store\":\"$store\",\"items\":[{$line,\"unit_price\":\"1\",\"price_reason\":\"x\"}],\"contact\":{\"name\":\"X\"}}"
	expect 403 forbidden
	in_stock "$product" 20
	by stranger ask POST /orders "{\"store\":\"$store\",\"items\":[{$line}],\"contact\":{\"name\":\"X\"}}"
	expect 201
	is .user "$(staff_id stranger)"
}

@test "for customers: a draft is given to a customer later" {
	product=$(make_product)
	entered "[{\"product\":\"$product\",\"quantity\":1}]" '.action = "update_cart"'
	expect 201
	order=$(field .id)
	is .user null
	by staff ask PATCH "/orders/$order" "{\"user\":\"$customer\"}"
	expect 200
	is .user "$customer"
	by staff ask POST "/orders/$order/place"
	expect 200
	is '[.user, .contact.name] | join(" ")' "$customer Asha Rao"
	[[ $(told "$order") == "order_placed $customer_mail" ]]
}

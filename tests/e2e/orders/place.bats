# Placing an order: what is taken, what is refused, and what an order looks like.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# edited JQ : a good body of one piece of $product, changed.
edited() { order_of "$product:1" | jq -c "$1"; }

# change JQ ERRORS : what is refused of a body that is changed so.
change() {
	ask POST /orders "$(edited "$1")"
	refused "$2" || { echo "changed by $1"; return 1; }
}

@test "orders: a guest places one and reads it with its token" {
	product=$(make_product name='Green tea' price=4.50)
	ask POST /orders "$(edited '.items[0].quantity = 3 | .comments = "two\nlines"')"
	expect 201
	[[ $(header Content-Type) == application/json ]]
	[[ $(header Cache-Control) == no-store ]]
	[[ $(header Location) == */orders/$(field .id) ]]
	[[ -z $(header Idempotent-Replayed) ]]
	is 'keys | join(" ")' "allowed_transitions billing_address carrier claimed comments contact coupon created_at currency \
delivery_estimate discount_total id invoice items modified_at number order_token payment_status payments placed_at prices_include_tax returns \
rounding shipments shipping_address shipping_method shipping_total status store subtotal tax_total total tracking_number user"
	is '[.store, .user, .status, .payment_status, .currency] | tojson' \
		"[\"$store\",null,\"placed\",\"unpaid\",\"EUR\"]"
	is '.contact | tojson' '{"name":"Asha Rao","email":"asha@example.com","mobile_number":"+919800000001"}' as_sent
	is '[.subtotal, .discount_total, .shipping_total, .tax_total, .total] | join(" ")' '13.50 0.00 0.00 0.00 13.50'
	is '.items[0] | keys | join(" ")' "discount_amount dropped id line_total name options position price_reason product quantity \
returned shipped sku tax_amount tax_rate unit_price"
	is '.items[0] | [.product, .name, .quantity, .unit_price, .line_total] | join(" ")' \
		"$product Green tea 3 4.50 13.50"
	is '.allowed_transitions | join(" ")' cancelled
	is '[.payments, .comments] | tojson' '[[],"two\nlines"]'
	is '.invoice.invoice_number | test("^INV[0-9]{2}-00001$")' true
	[[ $(field .placed_at) =~ ^20[0-9-]{8}T[0-9:]{8}\.[0-9]{6}Z$ ]]
	[[ $(field .order_token) =~ ^[A-Za-z0-9_-]{22,}$ ]]
	in_stock "$product" 17
	order_token=$(field .order_token) placed=$(as_sent 'del(.order_token) | tojson')
	api GET "/orders/$(field .id)" -H "X-Order-Token: $order_token"
	expect 200
	is tojson "$placed" as_sent
}

@test "orders: only the hash of a guest's token is stored" {
	product=$(make_product)
	ask POST /orders "$(edited .)" "Idempotency-Key: $(unique key-)$(unique)"
	expect 201
	[[ $(sql "select token_hash = sha256('$(field .order_token)') from orders where id = '$(field .id)'") == t ]]
	[[ $(sql "select count(*) from idempotency_keys where body like '%$(field .order_token)%'") == 0 ]]
	[[ $(sql "select count(*) from audit_logs where record_id = '$(field .id)'") == 1 ]]
	[[ $(sql "select count(*) from audit_logs where record_id = '$(field .id)' and new_data ? 'token_hash'") == 0 ]]
}

@test "orders: a customer's order belongs to the account and has no token" {
	product=$(make_product)
	by customer ask POST /orders "$(edited '.contact = {name: "Asha"}')"
	expect 201
	user=$(field .user)
	is 'has("order_token")' false
	by customer api GET /auth/me
	is .id "$user"
	number=$(field .mobile_number)
	is '[.name, .email] | tojson' '["",null]'
	by customer ask POST /orders "$(edited '.contact = {name: "Asha", email: "other@example.com"}')"
	expect 201
	is '.contact | tojson' "{\"name\":\"Asha\",\"email\":\"other@example.com\",\"mobile_number\":\"$number\"}" as_sent
	[[ $(sql "select count(*) from audit_logs where record_id = '$(field .id)' and user_id = '$(field .user)'") == 1 ]]
}

@test "orders: an invalid token identifies no guest" {
	product=$(make_product)
	token=nonsense
	try "$product:1"
	expect 401 invalid-token
	in_stock "$product" 20
}

@test "orders: addresses and contact are kept in their usual form" {
	product=$(make_product)
	ask POST /orders "$(edited '.contact = {name: "Zoë", mobile_number: "+49 (30) 123-456.78"}
		| .shipping_address = {name: "", line1: "1 Rue", line2: "", city: "Köln", region: "NRW", postal_code: "50667",
			country: "DE", phone: "+49 30 1234567"} | .billing_address = null')"
	expect 201
	is '.contact | tojson' '{"name":"Zoë","email":null,"mobile_number":"+493012345678"}' as_sent
	is '.shipping_address | [.line1, .city, .country] | join(" ")' '1 Rue Köln DE'
	is '.billing_address' null
}

@test "orders: a store that is not there for the public" {
	good=$store product=$(make_product)
	for store in 01890000-0000-7000-8000-000000000000 "$(make_store is_suspended:=true)" \
		"$(make_store active_from=2999-01-01T00:00:00Z)" "$(make_store active_to=2001-01-01T00:00:00Z)"; do
		try "$product:1"
		refused '/store not_found'
	done
	store=$(make_store)
	by admin ask DELETE "/stores/$store"
	expect 204
	try "$product:1"
	refused '/store not_found'
	store=${good^^}
	try "$product:1"
	expect 201
}

@test "orders: every product that cannot be bought is named" {
	deleted=$(make_product)
	by admin ask DELETE "/products/$deleted"
	expect 204
	category=$(by admin make /categories name="$(unique Gone-)" store="$store" is_suspended:=true)
	parent=$(make_product) shut_parent=$(make_product)
	variant=$(make_product parent="$parent") shut_variant=$(make_product parent="$shut_parent")
	by admin ask PATCH "/products/$shut_parent" '{"is_suspended":true}'
	expect 200
	other=$(store=$other_store make_product)
	products=(01890000-0000-7000-8000-000000000000 "$deleted" "$(make_product is_suspended:=true)"
		"$(make_product active_to=2001-01-01T00:00:00Z)" "$(make_product category="$category")"
		"$shut_variant" "$other" "$parent" "$variant")
	try "${products[@]/%/:1}"
	refused "/items/0/product not_found, /items/1/product not_found, /items/2/product not_found, \
/items/3/product not_found, /items/4/product not_found, /items/5/product not_found, /items/6/product wrong_store, \
/items/7/product has_variants"
	in_stock "$variant" 20
	place "$variant:1"
	in_stock "$variant" 19
}

@test "orders: a line keeps what distinguished the variant from its siblings" {
	options() { is '[.items[].options] | tojson' "$1"; }
	parent=$(make_product attributes:='{"material":"cotton","size":"any"}')
	large=$(make_product parent="$parent" attributes:='{"size":"L","colour":"red","material":"cotton","hsn":"6109"}')
	# No siblings yet: what its parent has not.
	place "$large:1"
	options '[{"colour":"red","size":"L"}]'
	first=$order first_token=$order_token
	medium=$(make_product parent="$parent" attributes:='{"size":"M","colour":"red","material":"cotton","long":true,"n":2}')
	plain=$(make_product attributes:='{"size":"L"}')
	place "$large:1" "$medium:2" "$plain:1"
	options '[{"size":"L"},{"long":true,"n":2,"size":"M"},{}]'
	token='' ask GET "/invoices/$(field .invoice.id)/html" '' "X-Order-Token: $order_token"
	expect 200
	[[ $body == *'Tea (size: L)'* && $body == *'size: M'* ]]
	# A cart shows today's, an order those of its day.
	ask POST /orders "$(order_of "$large:1" | jq -c '.action = "update_cart"')"
	expect 201
	options '[{"size":"L"}]'
	cart=$(field .id) cart_token=$(field .order_token)
	by admin ask PATCH "/products/$large" '{"attributes":{"size":"XL","list":[1],"text":"'"$(printf 'x%.0s' {1..100})"'"}}'
	expect 200
	ask GET "/orders/$cart" '' "X-Order-Token: $cart_token"
	options '[{"size":"XL"}]'
	ask POST "/orders/$cart/place" '' "X-Order-Token: $cart_token"
	expect 200
	options '[{"size":"XL"}]'
	for _ in 1 2; do
		ask GET "/orders/$order" '' "X-Order-Token: $order_token"
		options '[{"size":"L"},{"long":true,"n":2,"size":"M"},{}]'
		ask GET "/orders/$first" '' "X-Order-Token: $first_token"
		options '[{"colour":"red","size":"L"}]'
		by admin api DELETE "/products/$large"
	done
}

@test "orders: a product that had variants is not bought itself" {
	parent=$(make_product)
	variant=$(make_product parent="$parent")
	try "$parent:1"
	refused '/items/0/product has_variants'
	by admin ask DELETE "/products/$variant"
	try "$parent:1"
	refused '/items/0/product has_variants'
}

@test "orders: quantities" {
	product=$(make_product inventory_count:=10000)
	for bad in '0 min_value' '-1 min_value' '-99999999999999999999 min_value' '10001 max_value' \
		'99999999999999999999 max_value' '"2" wrong_type' '1.5 wrong_type' '1.0 wrong_type' '1e2 wrong_type' \
		'true wrong_type' '[] wrong_type' '{} wrong_type' 'null null'; do
		try "$product:${bad% *}"
		refused "/items/0/quantity ${bad##* }" || { echo "$bad"; return 1; }
	done
	change 'del(.items[0].quantity)' '/items/0/quantity required'
	in_stock "$product" 10000
	place "$product:10000"
	in_stock "$product" 0
}

@test "orders: the list of items" {
	product=$(make_product)
	change 'del(.items)' '/items required'
	change '.items = []' '/items min_items'
	change '.items = null' '/items null'
	change '.items = {}' '/items wrong_type'
	change '.items = "x"' '/items wrong_type'
	change '.items = ["x", null, {}]' \
		'/items/0 wrong_type, /items/1 wrong_type, /items/2/product required, /items/2/quantity required'
	change '.items = [range(201) as $i | .items[0]]' '/items max_items'
	in_stock "$product" 20
	many=$(sql "with made as (
			insert into products (sku, name, slug, store, price, currency)
			select 'MANY-' || n || '-$product', 'Tea', 'many-' || n || '-$product', '$store', 10, 'EUR'
			from generate_series(1, 200) n returning id), stocked as (
			insert into stock_movements (product, delta, reason) select id, 1, 'opening stock' from made)
		select json_agg(json_build_object('product', id, 'quantity', 1)) from made")
	ask POST /orders "$(edited ".items = $many")"
	expect 201
	is '.items | length' 200
	is '.total' 2000.00
	in_stock "$(jq -r '.[0].product' <<<"$many")" 0
}

@test "orders: the same product in two items is one line" {
	product=$(make_product inventory_count:=5) other=$(make_product)
	try "$product:3" "$other:1" "$product:3"
	expect 409 out-of-stock
	is '[.products[] | [.requested, .available]] | tojson' '[[6,5]]'
	in_stock "$product" 5
	place "$product:2" "$other:1" "${product^^}:3"
	is '[.items[] | .quantity] | tojson' '[5,1]'
	is '[.items[] | .product] | unique | length' 2
	in_stock "$product" 0
	[[ $(sql "select string_agg(delta::text, ' ') from stock_movements
		where order_id = '$order' and product = '$product'") == -5 ]]
	try "$other:6000" "$product:1" "$other:4001"
	refused '/items max_value'
}

@test "orders: the tax of a product does not depend on the number of its items" {
	open_store JPY guest_max_quantity:=null
	product=$(make_product price=6 tax_rate=8 inventory_count:=1000)
	place "$product:100"
	is '[.tax_total, .total] | join(" ")' '48 648'
	ask POST /orders "$(edited '.items = [range(100) as $i | .items[0]]')"
	expect 201
	is '[(.items | length | tostring), .tax_total, .total] | join(" ")' '1 48 648'
	ask POST /orders "$(edited '.items = [range(100) as $i | .items[0]] | .action = "update_cart"')"
	expect 201
	is '[(.items | length | tostring), .tax_total, .total] | join(" ")' '1 48 648'
}

@test "orders: the total that the buyer was shown" {
	product=$(make_product price=10.00)
	change '.expected_total = "1,5"' '/expected_total invalid'
	ask POST /orders "$(edited '.expected_total = "9.99"')"
	expect 409 conflict
	is '[.total, .currency] | join(" ")' '10.00 EUR'
	in_stock "$product" 20
	for total in '"10.00"' '"10"' 10 null; do
		ask POST /orders "$(edited ".expected_total = $total")"
		expect 201
	done
	change '.expected_total = "10.00" | .action = "update_cart"' '/expected_total read_only'
	ask POST /orders "$(edited '.action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	by staff ask PATCH "/products/$product" '{"price":"11.00"}'
	ask POST "/orders/$order/place" '{"expected_total":"10.00"}' "X-Order-Token: $order_token"
	expect 409 conflict
	is .total 11.00
	ask POST "/orders/$order/place" '{"expected_total":"11.00"}' "X-Order-Token: $order_token"
	expect 200
	is .total 11.00
}

@test "orders: prices and everything that is the server's come from the server" {
	product=$(make_product)
	change '.items[0].price = "0.01"' '/items/0/price unknown_field'
	change '.items[0].unit_price = "0.01" | .items[0]["a/b~c"] = 1' \
		'/items/0/unit_price read_only, /items/0/a~1b~0c unknown_field'
	change '.items[0].discount_amount = "1" | .items[0].price_reason = "mine"' \
		'/items/0/discount_amount read_only, /items/0/price_reason read_only'
	change '.user = "01890000-0000-7000-8000-000000000000"' '/user read_only'
	for name in total subtotal tax_total discount_total shipping_total currency status payment_status number id \
		order_token token_hash placed_at nonsense; do
		change ".$name = \"1\"" "/$name unknown_field"
	done
	in_stock "$product" 20
}

@test "orders: all broken rules at once" {
	product=$(make_product)
	ask POST /orders '{"store":7,"items":[{"product":"x","quantity":0},{"quantity":"1","price":1},5],"contact":{"name":"",
		"email":"nobody","mobile_number":"12","age":3},"shipping_address":{"city":"Rome","country":"ita","zip":"1"},
		"billing_address":[],"comments":1,"action":"give_away","surprise":true}'
	refused "/store wrong_type, /items/0/product invalid, /items/0/quantity min_value, /items/1/product required, \
/items/1/quantity wrong_type, /items/1/price unknown_field, /items/2 wrong_type, /contact/name blank, \
/contact/email invalid, /contact/mobile_number invalid, /contact/age unknown_field, /shipping_address/line1 required, \
/shipping_address/country invalid, /shipping_address/zip unknown_field, /billing_address wrong_type, \
/comments wrong_type, /action invalid_choice, /surprise unknown_field"
	is '.status' 422
	[[ $(field .request_id) == "$(header X-Request-Id)" ]]
	[[ $(field '[.errors[] | select(.detail == null or .detail == "")] | length') == 0 ]]
}

@test "orders: the contact of a guest" {
	product=$(make_product)
	change 'del(.contact)' '/contact required'
	change '.contact = null' '/contact null'
	change '.contact = []' '/contact wrong_type'
	change '.contact = {}' '/contact/name required, /contact required'
	change '.contact = {name: "A"}' '/contact required'
	change '.contact = {name: "A", email: null, mobile_number: null}' '/contact required'
	change '.contact.name = "   "' '/contact/name blank'
	change '.contact.name = "a\u0001"' '/contact/name control_character'
	change '.contact.name = "a\u0085"' '/contact/name control_character'
	change '.contact.name = "\u202eanna"' '/contact/name control_character'
	change '.contact.name = ("é" * 256)' '/contact/name max_length'
	change '.contact.email = "a@b"' '/contact/email invalid'
	change '.contact.mobile_number = "+0123456789"' '/contact/mobile_number invalid'
	change '.contact = {name: 1, email: 2, mobile_number: 3}' \
		'/contact/name wrong_type, /contact/email wrong_type, /contact/mobile_number wrong_type'
	for good in '{name: "A", email: "a@b.example"}' '{name: "A", mobile_number: "+49301234567"}' \
		'{name: ("é" * 255), email: "a@b.example"}'; do
		ask POST /orders "$(edited ".contact = $good")"
		expect 201
	done
}

@test "orders: a customer's contact" {
	product=$(make_product)
	as customer
	change '.contact = null' '/contact/name required'
	change '.contact = {email: "x"}' '/contact/email invalid'
	ask POST /orders "$(edited '.contact = {name: "Asha"}')"
	expect 201
}

# Whatever else is wrong is named beside it.
@test "orders: the invoice of a customer needs a name, theirs or the contact's" {
	product=$(make_product)
	token=$(login_customer "$(new_number)")
	for contact in 'del(.contact)' '.contact = {}' '.contact = {email: "asha@example.com"}'; do
		change "$contact" '/contact/name required'
	done
	change "del(.contact) | .items[0].product = \"01900000-0000-7000-8000-000000000000\"" '/contact/name required, /items/0/product not_found'
	in_stock "$product" 20
	# So does their cart when it is placed.
	ask POST /orders "$(edited 'del(.contact) | .action = "update_cart"')"
	expect 201
	cart=$(field .id)
	ask POST "/orders/$cart/place"
	refused '/contact/name required'
	send PATCH /auth/me name='Asha Rao'
	expect 200
	ask POST "/orders/$cart/place"
	expect 200
	is .contact.name 'Asha Rao'
	api GET "/invoices/$(field .invoice.id)"
	is .buyer.name 'Asha Rao'
	ask POST /orders "$(edited 'del(.contact)')"
	expect 201
	is .contact.name 'Asha Rao'
	ask POST /orders "$(edited '.contact = {name: "A. R."}')"
	expect 201
	is .contact.name 'A. R.'
	in_stock "$product" $((20 - 3 * $(field '.items[0].quantity')))
}

@test "orders: addresses" {
	product=$(make_product)
	for which in shipping_address billing_address; do
		change ".$which = {}" "/$which/line1 required, /$which/city required, /$which/country required"
		change ".$which = 7" "/$which wrong_type"
		change ".$which = \"x\"" "/$which invalid"
		change ".$which = {id: \"x\"}" "/$which/id invalid"
		change ".$which = {id: null}" "/$which/id null"
		change ".$which = \"01900000-0000-7000-8000-000000000000\"" "/$which not_found"
		change ".$which = {line1: \"a\", city: \"b\", country: \"US\"}" "/$which/region required"
		change ".$which = {line1: \"a\", city: \"b\", country: \"DE\", tax_id: \"DE123\"}" "/$which/tax_id invalid"
		change ".$which = {line1: \"\", city: \" \", country: \"\"}" \
			"/$which/line1 blank, /$which/city blank, /$which/country invalid"
		change ".$which = {line1: \"a\", city: \"b\", country: \"DEU\"}" "/$which/country invalid"
		change ".$which = {name: 1, line1: 2, line2: 3, city: 4, region: 5, postal_code: 6, country: 7, phone: 8}" \
			"$(printf "/$which/%s wrong_type, " name line1 line2 city region postal_code country)/$which/phone wrong_type"
		change ".$which = {line1: \"a\\nb\", city: (\"c\" * 121), country: \"DE\", phone: \"x\"}" \
			"/$which/line1 control_character, /$which/city max_length, /$which/phone invalid"
	done
}

@test "orders: wrong types of every field" {
	product=$(make_product)
	declare -A types=([store]='string' [items]='array' [contact]='object' [shipping_address]='object'
		[billing_address]='object' [comments]='string' [action]='string')
	for name in "${!types[@]}"; do
		for value in 1 1.5 true '"text"' '[]' '{}'; do
			[[ $(jq -r type <<<"$value") != "${types[$name]}" ]] || continue
			[[ $name != *_address || $value != '"text"' ]] || continue # it could be an id
			change ".$name = $value" "/$name wrong_type"
		done
	done
	for value in 1 true '[]' '{}'; do
		change ".items[0].product = $value" '/items/0/product wrong_type'
	done
	for value in '""' '"123"' '"zzzzzzzz-0000-7000-8000-000000000000"'; do
		change ".items[0].product = $value | .store = $value" '/items/0/product invalid, /store invalid'
	done
	change '.comments = ("x" * 2001)' '/comments max_length'
	change '.action = "PLACE_ORDERS"' '/action invalid_choice'
	ask POST /orders "$(edited '.action = "place_order" | .comments = ""')"
	expect 201
}

@test "orders: a body that is not a JSON object" {
	product=$(make_product)
	good=$(order_of "$product:1")
	for bad in '{' "${good%\}}" "$good$good" "{\"store\":\"$store\",${good#\{}" '' "${good/Asha/As\\u0000ha}" "'$good'" \
		"${good/Asha/$'As\xffha'}"; do
		api POST /orders -H 'Content-Type: application/json' --data-binary "$bad"
		expect 400 invalid-json || { echo "$bad"; return 1; }
	done
	for bad in '[]' '"x"' 'null' '1'; do
		ask POST /orders "$bad"
		refused ' wrong_type'
	done
	api POST /orders -H 'Content-Type: text/plain' --data-binary "$good"
	expect 415 unsupported-media-type
	api POST /orders -H 'Content-Type: application/merge-patch+json' --data-binary "$good"
	expect 415 unsupported-media-type
	ask PUT /orders "$good"
	expect 405 method-not-allowed
	[[ $(header Allow) == 'GET, HEAD, POST, OPTIONS' ]]
	in_stock "$product" 20
}

@test "orders: out of stock names each product and what is left" {
	full=$(make_product inventory_count:=10) low=$(make_product inventory_count:=2 name=Low sku="$(unique LOW-)")
	none=$(make_product inventory_count:=0)
	try "$full:10" "$low:3" "$none:1"
	expect 409 out-of-stock
	is '[.products[] | [.product, .requested, .available]] | sort | tojson' "$(
		jq -nc --arg low "$low" --arg none "$none" '[[$low, 3, 2], [$none, 1, 0]] | sort')"
	is '.products[] | select(.name == "Low") | .sku[:4]' LOW-
	is '.products[0] | keys | join(" ")' 'available name product requested sku'
	in_stock "$full" 10
	in_stock "$low" 2
	place "$full:10" "$low:2"
	try "$full:1"
	expect 409 out-of-stock
	is '.products | tojson | contains("\"available\":0")' true
}

@test "orders: what was ordered stays as it was" {
	store=$(make_store)
	product=$(make_product price=5.00 tax_rate=10)
	by customer place "$product:2"
	by customer ask GET "/orders/$order"
	before=$(as_sent tojson)
	by admin ask PATCH "/products/$product" \
		'{"price":"9.99","name":"Another","tax_rate":"20","sku":"'"$(unique NEW-)"'"}'
	expect 200
	by customer ask GET "/orders/$order"
	is tojson "$before" as_sent
	by admin ask DELETE "/products/$product"
	expect 204
	by admin ask DELETE "/stores/$store"
	expect 204
	by customer ask GET "/orders/$order"
	is tojson "$before" as_sent
	by customer ask GET /orders
	expect 200
	is ".results[] | select(.id == \"$order\") | tojson" "$before" as_sent
	by customer ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$product" 20
}

@test "orders: a parent with a variant that is only hidden is neither in stock nor sold" {
	parent=$(make_product)
	variant=$(make_product parent="$parent")
	api GET "/products/$parent"
	is .in_stock true
	is '.variants | length' 1
	by admin ask PATCH "/products/$variant" '{"is_suspended":true}'
	expect 200
	api GET "/products/$parent"
	is .in_stock false
	is '.variants | length' 0
	try "$variant:1" "$parent:1"
	refused '/items/0/product not_found, /items/1/product has_variants'
}

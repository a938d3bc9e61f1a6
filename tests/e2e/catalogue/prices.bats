# What a product costs: no price, sales and when they end, and what lists by price go by.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# in_seconds N : that time, as the API takes it.
in_seconds() { date -u -d "$1 seconds" +%Y-%m-%dT%H:%M:%SZ; }

# change PRODUCT NAME=TEXT... : by staff.
change() { by staff send PATCH "/products/$1" "${@:2}"; }

# priced PRODUCT PRICES : price, sale_price and current_price, as the public sees them.
priced() {
	api GET "/products/$1"
	expect 200
	is '[.price, .sale_price, .current_price] | map(. // "-") | join(" ")' "$2"
}

@test "prices: without one a product is seen, but sold by staff alone, for a price of their own" {
	bare=$(by admin make /products store="$store" sku="$(unique SKU-)" name=Boat inventory_count:=5)
	priced "$bare" '- - -'
	is '[.price_min, .price_max, .in_stock] | tojson' '[null,null,true]'
	for action in place_order update_cart; do
		ask POST /orders "$(order_of "$bare:1" | jq -c ".action = \"$action\"")"
		refused '/items/0/product not_for_sale'
	done
	by staff ask POST /orders "$(order_of "$bare:1" | jq -c '.items[0] += {unit_price: "900.00", price_reason: "as agreed"}')"
	expect 201
	is .total 900.00
	in_stock "$bare" 4
	by staff ask POST /orders "$(order_of "$bare:1" | jq -c '.items[0] += {discount_amount: "1.00", price_reason: "as agreed"}')"
	refused '/items/0/product not_for_sale'
}

@test "prices: nothing is a price, if it is meant" {
	free=$(make_product price=0)
	place "$free:1"
	is '[.total, .status] | join(" ")' '0.00 paid'
	change "$free" price:=null
	expect 200
	priced "$free" '- - -'
	try "$free:1"
	refused '/items/0/product not_for_sale'
	change "$free" price=3
	priced "$free" '3.00 - 3.00'
}

@test "prices: one that is taken away while the product is in a cart" {
	product=$(make_product) other=$(make_product price=4)
	ask POST /orders "$(order_of "$product:2" "$other:1" | jq -c '.action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	is .total 24.00
	change "$product" price:=null
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is '.changes | map("\(.pointer) \(.code)") | join(", ")' '/items/0 unavailable'
	is .total 4.00
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	refused '/items/0/product not_for_sale'
	in_stock "$product" 20
}

@test "prices: a sale is charged while it lasts" {
	product=$(make_product price=10 tax_rate=19)
	change "$product" sale_price=7.50
	priced "$product" '10.00 7.50 7.50'
	change "$product" sale_from="$(in_seconds 3600)"
	priced "$product" '10.00 7.50 10.00'
	is '.price_min' 10.00
	change "$product" sale_from="$(in_seconds -3600)" sale_to="$(in_seconds 3600)"
	priced "$product" '10.00 7.50 7.50'
	is '[.price_min, .price_max] | join(" ")' '7.50 7.50'
	place "$product:2"
	is '[.subtotal, .tax_total, .total] | join(" ")' '15.00 2.85 17.85'
	is '.items[0].unit_price' 7.50
	change "$product" sale_to="$(in_seconds -1)"
	priced "$product" '10.00 7.50 10.00'
	# A placed order keeps what it was sold for, also when it is corrected.
	by staff ask PATCH "/orders/$order" "$(order_of "$product:3" | jq -c '{items}')"
	expect 200
	is '[.subtotal, .items[0].unit_price] | join(" ")' '22.50 7.50'
}

@test "prices: a sale that ends between cart and order" {
	product=$(make_product price=10)
	change "$product" sale_price=6 sale_to="$(in_seconds 3)"
	expect 200
	ask POST /orders "$(order_of "$product:2" | jq -c '.action = "update_cart"')"
	expect 201
	is '[.total, .changes] | tojson' '["12.00",[]]'
	order=$(field .id) order_token=$(field .order_token)
	sleep 4
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is '.changes | map("\(.pointer) \(.code) \(.old) \(.new)") | join(", ")' '/items/0 price_changed 6.00 10.00'
	is .total 20.00
	ask POST "/orders/$order/place" '{"expected_total":"12.00"}' "X-Order-Token: $order_token"
	expect 409 conflict
	is .total 20.00
	ask POST "/orders/$order/place" '{"expected_total":"20.00"}' "X-Order-Token: $order_token"
	expect 200
	is '.items[0].unit_price' 10.00
	ask POST /orders "$(order_of "$product:1" | jq -c '.expected_total = "6.00"')"
	expect 409 conflict
}

@test "prices: what a sale must be" {
	product=$(make_product price=10)
	for sale in 10 10.01 99; do
		change "$product" sale_price="$sale"
		expect 422 validation "/sale_price max_value"
	done
	change "$product" sale_price=9.999
	expect 422 validation "/sale_price max_decimal_places"
	change "$product" sale_price=-1
	expect 422 validation "/sale_price min_value"
	change "$product" sale_price=9 sale_from=2030-01-01T00:00:00Z sale_to=2030-01-01T00:00:00Z
	expect 422 validation "/sale_to invalid"
	change "$product" sale_from=tomorrow sale_to:=5
	expect 422 validation "/sale_from invalid, /sale_to wrong_type"
	change "$product" sale_price=0
	expect 200
	change "$product" price=0
	expect 422 validation "/sale_price max_value"
	change "$product" price:=null
	expect 422 validation "/sale_price max_value"
	change "$product" price:=null sale_price:=null
	expect 200
	change "$product" current_price=1 price_min=1
	expect 422 validation "/current_price read_only, /price_min read_only"
	# What GET gave goes back.
	change "$product" price=5 sale_price=4
	api GET "/products/$product"
	by staff api PUT "/products/$product" --json "$body"
	expect 200
}

@test "prices: what goods cost the store is for its staff" {
	product=$(make_product cost_price=2.5)
	change "$product" name=Tea
	is .cost_price 2.50
	change "$product" cost_price=2.555
	expect 422 validation "/cost_price max_decimal_places"
	for who in nobody customer stranger; do
		by "$who" api GET "/products/$product"
		is 'has("cost_price") or has("low_stock_threshold")' false
		by "$who" api GET "/products?store=$store"
		is '[.results[] | has("cost_price")] | any' false
		by "$who" api GET '/products?ordering=cost_price'
		expect 400 invalid-query
	done
	by admin api GET "/products?store=$store&sku=$(sql "select sku from products where id = '$product'")"
	is '.results[0].cost_price' 2.50
}

@test "prices: a parent has those of its variants" {
	parent=$(by admin make /products store="$store" sku="$(unique SKU-)" name=Shirt)
	small=$(make_product parent="$parent" price=10) large=$(make_product parent="$parent" price=14)
	bounds() { api GET "/products/$parent"; is '[.price_min, .price_max] | map(. // "-") | join(" ")' "$1"; }
	bounds '10.00 14.00'
	is .current_price 10.00
	modified=$(field .modified_at)
	is '.variants | map("\(.price) \(.current_price)") | join(", ")' '10.00 10.00, 14.00 14.00'
	change "$small" sale_price=8
	bounds '8.00 14.00'
	is '.variants[0] | [.price, .sale_price, .current_price] | join(" ")' '10.00 8.00 8.00'
	change "$large" is_suspended:=true
	bounds '8.00 8.00'
	by staff api DELETE "/products/$small"
	bounds '- -'
	by staff api POST "/products/$small/restore"
	change "$large" is_suspended:=false price:=null
	bounds '8.00 8.00'
	# Who reads what has changed reads the parent again.
	[[ $(field .modified_at) > $modified ]]
}

@test "prices: lists go by what a shopper pays, and end with what is not for sale" {
	open_store EUR
	make_product name=a price=30 sale_price=5 >/dev/null
	make_product name=b price=20 >/dev/null
	by admin make /products store="$store" sku="$(unique SKU-)" name=c >/dev/null
	by admin make /products store="$store" sku="$(unique SKU-)" name=d >/dev/null
	parent=$(by admin make /products store="$store" sku="$(unique SKU-)" name=e price=1)
	make_product parent="$parent" price=10 >/dev/null
	make_product parent="$parent" price=40 >/dev/null
	listed() {
		local next seen=''
		api GET "/products?store=$store&page_size=1&$1"
		while expect 200; do
			seen+=$(field '.results[].name // ""')
			next=$(field '.next // ""')
			[[ -n $next ]] || break
			api GET "$next"
		done
		[[ $seen == "$2" ]] || { echo "$1: $seen, not $2"; return 1; }
	}
	listed 'ordering=price' aebcd || listed 'ordering=price' aebdc
	listed 'ordering=price,name' aebcd
	listed 'ordering=price,-name' aebdc
	listed 'ordering=-price,name' cdbea
	listed 'price__lte=10&ordering=price' ae
	listed 'price__gte=10&ordering=price' eb
	listed 'price=5' a
	listed 'price=null&ordering=name' cd
	listed 'price__gte=0&ordering=-price' bea
	api GET "/products?store=$store&ordering=price&page_size=4&count=exact"
	is '[.count, (.results | length)] | tojson' '[5,4]'
	next=$(field .next)
	api GET "$next"
	api GET "$(field .previous)"
	is '.results | map(.name) | join("")[:3]' aeb
}

@test "prices: a coupon that is not for sale items knows sales" {
	sold=$(make_product price=10 sale_price=8) usual=$(make_product price=10) former=$(make_product price=10 compare_at_price=12)
	code=$(unique SAVE-)
	by staff ask POST /coupons "{\"store\":\"$store\",\"code\":\"$code\",\"discount_percent\":\"50\",\"exclude_sale_items\":true}"
	expect 201
	with_coupon() { ask POST /orders "$(order_of "$@" | jq -c --arg c "$code" '.coupon = $c')"; }
	with_coupon "$sold:1"
	refused '/coupon wrong_products'
	with_coupon "$sold:1" "$usual:1" "$former:1"
	expect 201
	is '[.subtotal, .discount_total, .total] | join(" ")' '28.00 5.00 23.00'
	change "$sold" sale_to="$(in_seconds -60)"
	expect 200
	with_coupon "$sold:1"
	expect 201
	is '[.subtotal, .discount_total, .total] | join(" ")' '10.00 5.00 5.00'
}

@test "prices: a sale that began or ended does not change what a coupon is worth for what was sold" {
	sold=$(make_product price=10 sale_price=8) usual=$(make_product price=10)
	code=$(unique SAVE-)
	by staff ask POST /coupons "{\"store\":\"$store\",\"code\":\"$code\",\"discount_percent\":\"50\",\"exclude_sale_items\":true}"
	expect 201
	ask POST /orders "$(order_of "$sold:1" "$usual:1" | jq -c --arg c "$code" '.coupon = $c')"
	expect 201
	order=$(field .id)
	is '[.subtotal, .discount_total] | join(" ")' '18.00 5.00'
	change "$sold" sale_price:=null
	change "$usual" sale_price=7
	by staff ask PATCH "/orders/$order" "$(order_of "$sold:2" "$usual:2" | jq -c '{items}')"
	expect 200
	is '[.subtotal, .discount_total] | join(" ")' '36.00 10.00'
	is '.items | map(.discount_amount) | join(" ")' '0.00 10.00'
}

@test "prices: with tax, at the rate of the destination, and of a sale" {
	open_store EUR prices_include_tax:=true tax_inclusive_rebase:=true
	by admin ask PATCH "/stores/$store" '{"address":{"line1":"x","city":"Berlin","country":"DE"}}'
	by staff ask POST /tax-classes "{\"store\":\"$store\",\"name\":\"full\",\"rate\":\"0\",\"rates\":[
		{\"country\":\"DE\",\"rate\":\"19\"},{\"country\":\"AT\",\"rate\":\"20\"}]}"
	expect 201
	product=$(make_product price=238.00 sale_price=119.00 sale_to="$(in_seconds 4)" tax_class="$(field .id)")
	ask POST /orders "$(order_of "$product:2" | jq -c '.action = "update_cart" |
		.shipping_address = {line1: "x", city: "Wien", country: "AT"}')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	look() { api GET "/orders/$order" -H "X-Order-Token: $order_token"; }
	# The rate is not a change of the price.
	look
	is '[.total, .tax_total, .changes] | tojson' '["240.00","40.00",[]]'
	is '.items[0].unit_price' 120.00
	sleep 5
	look
	is '[.total, .tax_total] | join(" ")' '480.00 80.00'
	is '.changes | map([.pointer, .code, .old, .new] | join(" ")) | join(", ")' \
		'/items/0 price_changed 119.00 238.00, /tax_total tax_changed 40.00 80.00'
}

# How the stock of a product is kept: not counted, below zero, low, and in which quantities it is sold.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

change() { by staff send PATCH "/products/$1" "${@:2}"; expect 200; }

# available PRODUCT WORD COUNT : as the public sees it; out of stock is what cannot be bought.
available() {
	api GET "/products/$1"
	expect 200
	is '[.available, .in_stock, .inventory_count] | tojson' "$(jq -nc --arg w "$2" --argjson n "$3" '[$w, $w != "out", $n]')" as_sent
}

# movements PRODUCT : the differences in its ledger.
movements() { sql "select coalesce(string_agg(delta::text, ' ' order by created_at, id), '') from stock_movements where product = '$1'"; }

# move ACTION : by staff, of the last order.
move() { by staff ask POST "/orders/$order/$1"; expect 200; }

@test "stock: pieces that are not counted are always there" {
	product=$(make_product track_inventory:=false inventory_count:=3)
	available "$product" in_stock 3
	place "$product:50"
	in_stock "$product" 3
	move cancel
	available "$product" in_stock 3
	[[ $(movements "$product") == 3 ]]
	# Staff may still count them.
	by staff ask POST "/products/$product/stock" '{"delta":-1,"reason":"broken"}'
	expect 200
	is .inventory_count 2
}

@test "stock: what was taken returns, and nothing else, whatever is counted meanwhile" {
	product=$(make_product inventory_count:=10)
	place "$product:4"
	taken=$order
	change "$product" track_inventory:=false
	place "$product:3"
	untaken=$order
	change "$product" track_inventory:=true
	in_stock "$product" 6
	order=$untaken
	move cancel
	in_stock "$product" 6
	is '.items[0] | [.quantity, .dropped] | tojson' '[3,3]'
	change "$product" track_inventory:=false
	order=$taken
	move cancel
	in_stock "$product" 10
	[[ $(movements "$product") == '10 -4 4' ]]
}

@test "stock: refunds and returns of what was not taken leave the stock alone" {
	product=$(make_product inventory_count:=10 track_inventory:=false)
	place "$product:3"
	line=$(field '.items[0].id')
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"manual\"}" "Idempotency-Key: $(unique key-of-a-payment-)" \
		"X-Order-Token: $order_token"
	expect 201
	payment=$(field .id)
	by staff ask POST "/payments/$payment/mark-paid" '{}'
	expect 200
	change "$product" track_inventory:=true
	by staff ask POST "/payments/$payment/refunds" "{\"items\":[{\"id\":\"$line\",\"quantity\":1,\"restock\":true}]}" \
		"Idempotency-Key: $(unique key-of-a-refund-)"
	expect 201
	in_stock "$product" 10
	move ship
	by staff ask POST "/orders/$order/returns" "{\"items\":[{\"id\":\"$line\",\"quantity\":2}],\"reason\":\"too large\"}"
	expect 201
	return=$(field '.returns[0].id')
	by staff ask POST "/orders/$order/returns/$return/receive"
	expect 200
	is '.items[0] | [.dropped, .shipped, .returned] | tojson' '[1,2,2]'
	in_stock "$product" 10
	[[ $(movements "$product") == 10 ]]
}

@test "stock: backorders go below zero, and no further once they are off" {
	product=$(make_product inventory_count:=2 allow_backorder:=true)
	available "$product" in_stock 2
	place "$product:5"
	available "$product" backorder -3
	place "$product:1"
	change "$product" allow_backorder:=false
	available "$product" out -4
	try "$product:1"
	expect 409 out-of-stock
	is '.products[0].available' 0
	by staff ask POST "/products/$product/stock" '{"delta":-1,"reason":"x"}'
	refused '/delta min_value'
	by staff ask POST "/products/$product/stock" '{"delta":6,"reason":"delivery"}'
	expect 200
	available "$product" in_stock 2
	try "$product:3"
	expect 409 out-of-stock
	is '.products[0].available' 2
	place "$product:2"
	available "$product" out 0
}

@test "stock: what is owed may be there from the start, with backorders" {
	sku=$(unique SKU-)
	by staff send POST /products store="$store" sku="$sku" name=Tea price=1 inventory_count:=-2
	refused '/inventory_count min_value'
	[[ $(sql "select count(*) from products where sku = '$sku'") == 0 ]]
	product=$(make_product inventory_count:=-2 allow_backorder:=true)
	available "$product" backorder -2
}

@test "stock: low is what the store calls so" {
	product=$(make_product inventory_count:=6 low_stock_threshold:=5)
	available "$product" in_stock 6
	place "$product:1"
	available "$product" low 5
	place "$product:5"
	available "$product" out 0
	change "$product" allow_backorder:=true
	available "$product" backorder 0
	change "$product" track_inventory:=false
	available "$product" in_stock 0
}

@test "stock: a parent is as available as the best of its variants" {
	parent=$(make_product inventory_count:=9)
	red=$(make_product parent="$parent" inventory_count:=0) blue=$(make_product parent="$parent" inventory_count:=0)
	available "$parent" out 9
	change "$blue" allow_backorder:=true
	available "$parent" backorder 9
	change "$red" low_stock_threshold:=3
	by staff ask POST "/products/$red/stock" '{"delta":3,"reason":"delivery"}'
	available "$parent" low 9
	is '.variants | map("\(.available) \(.in_stock)") | join(", ")' 'low true, backorder true'
	change "$blue" track_inventory:=false
	available "$parent" in_stock 9
	for product in "$red" "$blue"; do change "$product" is_suspended:=true; done
	available "$parent" out 9
	api GET "/products?store=$store&in_stock=false&ordering=-created_at&page_size=1"
	is '.results[0] | [.id, .available] | join(" ")' "$parent out"
}

@test "stock: the quantities that an order takes" {
	product=$(make_product inventory_count:=100 min_quantity:=4 max_quantity:=11 quantity_step:=3)
	for action in place_order update_cart; do
		for case in '3 min_value At least 6 of this product can be ordered.' '7 quantity_step This product is sold in multiples of 3.' \
			'12 max_value At most 9 of a product can be ordered.'; do
			read -r pieces rule sentence <<<"$case"
			ask POST /orders "$(order_of "$product:$pieces" | jq -c ".action = \"$action\"")"
			refused "/items/0/quantity $rule"
			is '.errors[0].detail' "$sentence"
		done
	done
	# Lines of one product count together.
	try "$product:3" "$product:6" "$product:3"
	refused '/items/0/quantity max_value, /items/1/quantity max_value, /items/2/quantity max_value'
	place "$product:3" "$product:3"
	is '.items[0].quantity' 6
	by staff ask PATCH "/orders/$order" "$(order_of "$product:7" | jq -c '{items}')"
	refused '/items/0/quantity quantity_step'
	other=$(make_product)
	change "$product" min_quantity:=9
	by staff ask PATCH "/orders/$order" "$(order_of "$product:6" "$other:1" | jq -c '{items}')"
	expect 200
	by staff ask PATCH "/orders/$order" "$(order_of "$product:3" "$product:6" | jq -c '{items}')"
	expect 200
	in_stock "$product" 91
	available "$product" in_stock 91
	by staff send PATCH "/products/$product" max_quantity:=8
	expect 422 validation "/max_quantity min_value"
	by staff send PATCH "/products/$product" min_quantity:=0 max_quantity:=10001 quantity_step:=1.5
	expect 422 validation "/max_quantity max_value, /min_quantity min_value, /quantity_step wrong_type"
	change "$product" min_quantity:=null max_quantity:=null quantity_step:=null
	is '[.min_quantity, .max_quantity, .quantity_step] | tojson' '[1,null,1]'
}

@test "stock: a cart whose quantities are no longer sold says so" {
	product=$(make_product)
	ask POST /orders "$(order_of "$product:5" | jq -c '.action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	change "$product" quantity_step:=2
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is '.changes | map([.pointer, .code, .detail, .step]) | tojson' '[["/items/0","quantity_step","This product is sold in multiples of 2.",2]]'
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	refused '/items/0/quantity quantity_step'
	ask PATCH "/orders/$order" "$(order_of "$product:4" | jq -c '{items}')" "X-Order-Token: $order_token"
	expect 200
	is '.changes | length' 0
	change "$product" allow_backorder:=true
	by staff ask POST "/products/$product/stock" '{"delta":-20,"reason":"moved"}'
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is '.changes | length' 0
	change "$product" allow_backorder:=false
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is '.changes | map("\(.code) \(.available)") | join(", ")' 'out_of_stock 0'
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	expect 409 out-of-stock
}

# count PRODUCT BODY : by staff.
count() { by staff ask PUT "/products/$1/stock" "$2" "${@:3}"; }

@test "stock: counted, unless it is not as expected" {
	product=$(make_product inventory_count:=10)
	count "$product" '{"inventory_count":12,"expected":10,"reason":"counted"}'
	expect 200
	is .inventory_count 12
	count "$product" '{"inventory_count":5,"expected":10,"reason":"counted"}'
	expect 409 conflict
	is '[.inventory_count, .detail] | tojson' '[12,"There are 12 in stock."]' as_sent
	in_stock "$product" 12
	count "$product" '{"inventory_count":5,"reason":"counted"}'
	expect 200
	count "$product" '{"inventory_count":5,"expected":5,"reason":"again"}'
	expect 200
	count "$product" '{"inventory_count":0,"expected":null,"reason":"sold out"}'
	expect 200
	[[ $(movements "$product") == '10 2 -7 -5' ]]
	count "$product" '{"inventory_count":-1,"reason":"counted"}'
	refused '/inventory_count min_value'
	change "$product" allow_backorder:=true
	count "$product" '{"inventory_count":-1000000000,"reason":"counted"}'
	expect 200
	count "$product" '{"inventory_count":1000000000,"reason":"counted"}'
	expect 200
	is '[.inventory_count, .available] | tojson' '[1000000000,"in_stock"]' as_sent
	count "$product" '{"inventory_count":-4,"reason":"counted"}'
	change "$product" allow_backorder:=false
	count "$product" '{"inventory_count":-5,"reason":"counted"}'
	refused '/inventory_count min_value'
	count "$product" '{"inventory_count":-3,"reason":"delivery"}'
	expect 200
	count "$product" '{"inventory_count":-4,"reason":"counted"}'
	refused '/inventory_count min_value'
}

@test "stock: a count that is not one" {
	product=$(make_product)
	for case in '{}|/inventory_count required, /reason required' '{"inventory_count":"5","reason":"x"}|/inventory_count wrong_type' \
		'{"inventory_count":1.5,"reason":"x"}|/inventory_count wrong_type' '{"inventory_count":1000000001,"reason":"x"}|/inventory_count max_value' \
		'{"inventory_count":1,"reason":" ","expected":true}|/expected wrong_type, /reason blank' '{"delta":1}|/delta unknown_field, /inventory_count required, /reason required' \
		'{"inventory_count":1,"reason":"x","expected":99999999999999999999}|/expected max_value'; do
		count "$product" "${case%|*}"
		refused "${case#*|}" || { echo "$case"; false; }
	done
	by staff api GET "/products/$product"
	tag=$(header ETag)
	count "$product" '{"inventory_count":4,"reason":"x"}' "If-Match: \"x\""
	expect 412 precondition-failed
	count "$product" '{"inventory_count":4,"reason":"x"}' "If-Match: $tag"
	expect 200
	count 01900000-0000-7000-8000-000000000000 '{"inventory_count":4,"reason":"x"}'
	expect 404 not-found
	by stranger ask PUT "/products/$product/stock" '{"inventory_count":4,"reason":"x"}'
	expect 403 forbidden
}

@test "stock: of counts that are sent at once each sees the one before, or is refused" {
	product=$(make_product inventory_count:=0)
	token=$(token_of staff)
	for n in {1..8}; do
		curl -s -o /dev/null -w '%{http_code}\n' -X PUT "$API/products/$product/stock" -H "Authorization: Bearer $token" \
			--json "{\"inventory_count\":$n,\"expected\":0,\"reason\":\"counted\"}" &
	done >"$BATS_TEST_TMPDIR/codes"
	wait
	[[ $(sort "$BATS_TEST_TMPDIR/codes" | uniq -c | xargs) == '1 200 7 409' ]]
	[[ $(sql "select count(*) from stock_movements where product = '$product'") == 1 ]]
}

@test "stock: the ledger, page by page, for the store's people" {
	product=$(make_product inventory_count:=9)
	place "$product:2"
	by staff ask POST "/products/$product/stock" '{"delta":-1,"reason":"broken"}'
	move cancel
	by staff api GET "/products/$product/stock"
	expect 200
	is '.results | map("\(.delta) \(.reason)") | join(", ")' '2 order cancelled, -1 broken, -2 order placed, 9 initial stock'
	is '.results | map(.order // "-") | join(" ")' "$order - $order -"
	is '[.results[0].created_by, .results[2].created_by, .next] | tojson' "[\"$(staff_id)\",null,null]"
	for who in admin staff; do
		by "$who" api GET "/products/$product/stock?page_size=3&count=exact&ordering=created_at"
		is '[.count] + (.results | map(.delta)) | tojson' '[4,9,-2,-1]'
	done
	next=$(field .next)
	by staff api GET "$next"
	is '.results | map(.delta) | tojson' '[2]'
	by staff api GET "/products/$product/stock?order=$order&created_at__gte=2020-01-01T00:00:00Z"
	is '.results | length' 2
	by staff api GET "/products/$product/stock?product=x"
	expect 400 invalid-query
	by staff api GET "/products/$product/stock?cursor=x"
	expect 400 invalid-cursor
	by staff api GET "/products/x/stock"
	expect 404 not-found
	by staff api GET "/products/01900000-0000-7000-8000-000000000000/stock"
	expect 404 not-found
	by stranger api GET "/products/$product/stock"
	expect 403 forbidden
	change "$product" is_suspended:=true
	by stranger api GET "/products/$product/stock"
	expect 404 not-found
	by staff api GET "/products/$product/stock"
	expect 200
	# A cursor of another list, and of this one for another product.
	other=$(make_product)
	by staff api GET "/products/$other/stock?${next#*\?}"
	expect 200
	is '.results | map(.delta) | tojson' '[20]'
}

@test "stock: lines of a cart with prices of their own count together" {
	product=$(make_product inventory_count:=5)
	by staff ask POST /orders "$(order_of "$product:3" "$product:3" | jq -c '.action = "update_cart"
		| .items[1] += {unit_price: "1.00", price_reason: "shop-soiled"}')"
	expect 201
	order=$(field .id)
	is '.items | length' 2
	is '.changes | map("\(.pointer) \(.code) \(.available)") | join(", ")' '/items/0 out_of_stock 5, /items/1 out_of_stock 5'
	by staff ask POST "/orders/$order/place"
	expect 409 out-of-stock
	change "$product" max_quantity:=4 allow_backorder:=true
	by staff api GET "/orders/$order"
	is '.changes | map("\(.pointer) \(.code)") | join(", ")' '/items/0 max_value, /items/1 max_value'
}

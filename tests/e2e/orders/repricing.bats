# What staff correct of an order's items and shipping method while nothing is paid: its price, stock and invoice follow.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	tea=$(make_product tax_rate=19) cup=$(make_product name=Cup price=5.00)
}
teardown() {
	ledger_is_right
	# The current invoice is of the order's total, and those before it are credited in full.
	[[ $(sql "select count(*) from invoices i join orders o on o.id = i.order_id
		where i.kind = 'invoice' and not i.superseded and i.amount <> o.total") == 0 ]]
	[[ $(sql "select count(*) from invoices i where i.superseded and i.amount <> (
		select coalesce(sum(c.amount), 0) from invoices c where c.credits = i.id)") == 0 ]]
}

# items PRODUCT:QUANTITY... : as members of a body.
items() { printf '"items":%s\n' "$(order_of "$@" | jq -c .items)"; }

# correct BODY [HEADER]... : by staff.
correct() { by staff ask PATCH "/orders/$order" "$@"; }

# lines : sku and quantity of the order's lines that are shown.
lines() { is '.items | map("\(.name) \(.quantity) \(.unit_price)") | join(", ")' "$1"; }

# pay METHOD [WHO] : begin to; leaves $payment.
pay() {
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"$1\"}" "Idempotency-Key: $(unique key-of-a-payment-)" \
		"X-Order-Token: $order_token"
	expect 201
	payment=$(field .id)
}

@test "repricing: other items move the stock by the difference" {
	place "$tea:3" "$cup:2"
	tea_line=$(field '.items[0].id') invoice=$(field .invoice.id)
	is '[.subtotal, .tax_total, .total] | join(" ")' '40.00 5.70 45.70'
	third=$(make_product name=Spoon price=1.00 inventory_count:=5)
	correct "{$(items "$third:5" "$tea:4"),\"comments\":\"by phone\"}"
	expect 200
	lines 'Spoon 5 1.00, Tea 4 10.00'
	is '[.status, .subtotal, .tax_total, .total] | join(" ")' 'placed 45.00 7.60 52.60'
	is '.items[1].id' "$tea_line"
	in_stock "$tea" 16
	in_stock "$cup" 20
	in_stock "$third" 0
	[[ $(sql "select string_agg(delta::text, ' ' order by delta) from stock_movements
		where order_id = '$order' and reason = 'order corrected'") == '-5 -1 2' ]]
	is '.events | length' 2
	is '.events[1] | [.kind, .data.total.old, .data.total.new, .data.comments.new, (.data | keys | length)] | join(" ")' \
		'correction 45.70 52.60 by phone 3'
	is '.events[1].data.items | map_values(map("\(.quantity) \(.unit_price)")) | tojson' \
		'{"new":["5 1.00","4 10.00"],"old":["3 10.00","2 5.00"]}'
	[[ $(field .invoice.id) != "$invoice" ]]
	[[ $(sql "select string_agg(kind || ' ' || amount, ', ' order by created_at, kind) from invoices where order_id = '$order'") \
		== 'invoice 45.70, credit_note 45.70, invoice 52.60' ]]
	by staff api GET "/invoices/$(field .invoice.id)"
	is '.lines | map("\(.name) \(.quantity)") | join(", ")' 'Spoon 5, Tea 4'
	by staff ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$tea" 20
	in_stock "$third" 5
}

@test "repricing: a product that stays keeps its price, another one has today's" {
	place "$tea:1"
	by admin send PATCH "/products/$tea" price=12.00
	by admin send PATCH "/products/$cup" price=6.00
	correct "{$(items "$tea:2" "$cup:1")}"
	expect 200
	lines 'Tea 2 10.00, Cup 1 6.00'
	events=$(field '.events | length')
	correct "{$(items "$tea:1" "$tea:1" "$cup:1")}"
	expect 200
	is '.events | length' "$events"
	correct "{\"items\":[{\"product\":\"$tea\",\"quantity\":2,\"unit_price\":\"8.00\",\"discount_amount\":\"1.00\",\"price_reason\":\"scratched\"}]}"
	expect 200
	is '.items[0] | [.unit_price, .discount_amount, .price_reason] | join(" ")' '8.00 1.00 scratched'
	correct "{$(items "$tea:3" "$cup:1")}"
	expect 200
	is '.items[0] | [.quantity, .unit_price, .discount_amount, .price_reason] | map(tostring) | join(" ")' '3 8.00 1.00 scratched'
}

@test "repricing: only what is more must be in stock" {
	product=$(make_product inventory_count:=5)
	place "$product:5"
	correct "{$(items "$product:6")}"
	expect 409 out-of-stock
	is '.products[0] | [.requested, .available] | join(" ")' '1 0'
	correct "{$(items "$product:2" "$product:2")}"
	expect 200
	lines 'Tea 4 10.00'
	in_stock "$product" 1
	correct "{$(items "$product:5")}"
	expect 200
	in_stock "$product" 0
}

@test "repricing: the coupon stays and is priced again, down to its minimum" {
	code=$(unique SAVE)
	by admin make /coupons code="$code" store="$store" discount_percent=10 min_order_value=15.00 usage_limit:=1 >/dev/null
	ask POST /orders "$(order_of "$tea:2" | jq -c --arg code "$code" '.coupon = $code')"
	expect 201
	order=$(field .id)
	sql "update coupons set is_active = false where code = '$code'"
	correct "{$(items "$tea:4")}"
	expect 200
	is '[.coupon, .discount_total, .total] | join(" ")' "$code 4.00 42.84"
	correct "{$(items "$tea:1")}"
	refused '/items min_value'
	[[ $(sql "select used_count from coupon_uses u join coupons c on c.id = u.coupon where c.code = '$code'") == 1 ]]
}

@test "repricing: another shipping method, at its price" {
	open_store EUR
	tea=$(make_product)
	post=$(by admin make /shipping-methods store="$store" name=Post price=5.00 free_over=50.00)
	courier=$(by admin make /shipping-methods store="$store" name=Courier price=9.00 countries:='["DE"]')
	other=$(store=$other_store by admin make /shipping-methods store="$other_store" name=Post price=1.00)
	ask POST /orders "$(order_of "$tea:2" | jq -c --arg m "$post" '.shipping_method = $m
		| .shipping_address = {line1: "1 Lake Road", city: "Wien", postal_code: "1010", country: "AT"}')"
	expect 201
	order=$(field .id)
	correct "{\"shipping_method\":\"$courier\"}"
	refused '/shipping_method wrong_country'
	correct "{\"shipping_method\":\"$courier\",\"shipping_address\":{\"country\":\"DE\",\"postal_code\":\"53111\"}}"
	expect 200
	is '[.shipping_total, .total, .shipping_address.country, (.events | length)] | join(" ")' '9.00 29.00 DE 2'
	is '.events[1].data | [.shipping_method.new, .total.new, (keys | join(","))] | join(" ")' \
		"$courier 29.00 shipping_address,shipping_method,total"
	for bad in "\"$other\" /shipping_method not_found" 'null /shipping_method required'; do
		correct "{\"shipping_method\":${bad%% *}}"
		refused "${bad#* }"
	done
	# The same method stays, also once it is not offered any more.
	by admin send PATCH "/shipping-methods/$courier" price=11.00
	by admin api DELETE "/shipping-methods/$courier"
	correct "{$(items "$tea:3")}"
	expect 200
	is '[.shipping_total, .total] | join(" ")' '11.00 41.00'
	correct "{\"shipping_method\":\"$post\",$(items "$tea:5")}"
	is '[.shipping_total, .total] | join(" ")' '0.00 50.00'
	correct "{$(items "$tea:4")}"
	is '[.shipping_total, .total] | join(" ")' '5.00 45.00'
}

@test "repricing: not beyond what the shipping method sends" {
	open_store EUR
	tea=$(make_product)
	bands=$(by admin make /shipping-methods store="$store" name=Letter price=0.00 bands_by=pieces \
		bands:='[{"up_to":"2","price":"3.00"},{"up_to":"4","price":"5.00"}]')
	ask POST /orders "$(order_of "$tea:2" | jq -c --arg m "$bands" '.shipping_method = $m
		| .shipping_address = {line1: "1 Lake Road", city: "Wien", postal_code: "1010", country: "AT"}')"
	expect 201
	order=$(field .id)
	correct "{$(items "$tea:4")}"
	expect 200
	is '[.shipping_total, .total] | join(" ")' '5.00 45.00'
	correct "{$(items "$tea:5")}"
	expect 422 validation
	is '.errors[0].pointer' /shipping_method
	in_stock "$tea" 16
}

@test "repricing: a coupon that is for some goods needs one of them" {
	code=$(unique SOME)
	by admin make /coupons code="$code" store="$store" discount_percent=10 products:="[\"$tea\"]" >/dev/null
	ask POST /orders "$(order_of "$tea:2" | jq -c --arg code "$code" '.coupon = $code')"
	expect 201
	order=$(field .id)
	correct "{$(items "$tea:1" "$cup:1")}"
	expect 200
	is '.items | map(.discount_amount) | join(" ")' '1.00 0.00'
	correct "{$(items "$cup:1")}"
	expect 422 validation
	is '.errors[0].pointer' /items
}

@test "repricing: an offline payment that is awaited is of the new total" {
	place "$tea:2"
	pay cod
	correct "{$(items "$tea:1")}"
	expect 200
	is '[.payment_status, .payments[0].status, .payments[0].amount, .total] | join(" ")' 'pending pending 11.90 11.90'
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	by staff api GET "/orders/$order"
	is '[.status, .payment_status] | join(" ")' 'paid paid'
	correct "{$(items "$tea:2")}"
	expect 409 conflict
}

@test "repricing: what costs nothing then is paid" {
	free=$(make_product price=0)
	place "$tea:1"
	pay cod
	correct "{$(items "$free:1")}"
	expect 200
	is '[.status, .payment_status, .total, .payments[0].status] | join(" ")' 'paid paid 0.00 cancelled'
	correct "{$(items "$tea:1")}"
	expect 409 conflict
}

# open_payment STATUS SET... : of the order, at a provider; the columns that are set besides.
open_payment() {
	sql "insert into payments (order_id, payment_method, online, amount, currency, status, requested_at)
		select id, 'stripe', true, total, currency, '$1', ${2-now()} from orders where id = '$order'"
}

@test "repricing: not while a payment is open at a provider, has money or may still get it" {
	for state in created pending failed authorized; do
		place "$tea:1"
		open_payment "$state"
		correct "{$(items "$tea:2")}"
		expect 409 conflict
		is .detail 'A payment of the order is open or was made: its items and shipping method can no longer be corrected.'
		correct '{"contact":{"name":"Ann"}}'
		expect 200
	done
	place "$tea:1"
	open_payment cancelled
	sql "update payments set cancel_requested = true where order_id = '$order'"
	correct "{$(items "$tea:2")}"
	expect 409 conflict
	sql "update payments set cancel_requested = false where order_id = '$order'"
	open_payment failed null
	correct "{$(items "$tea:2")}"
	expect 200
	for state in pending paid partly_shipped shipped completed cancelled; do
		place "$tea:1"
		sql "update orders set status = '$state' where id = '$order'"
		correct "{$(items "$tea:2")}"
		expect 409 conflict
		is .detail "The order is $state: its items and shipping method can no longer be corrected."
	done
}

@test "repricing: what is refused of items" {
	place "$tea:1" "$cup:1"
	foreign=$(store=$other_store make_product)
	correct "{$(items "$foreign:1" "01900000-0000-7000-8000-000000000000:1")}"
	refused '/items/0/product wrong_store, /items/1/product not_found'
	correct '{"items":[]}'
	refused '/items min_items'
	correct '{"items":null}'
	refused '/items min_items'
	correct '{"items":[{"product":"x","quantity":0}],"shipping_method":"y"}'
	refused '/items/0/product invalid, /items/0/quantity min_value, /shipping_method invalid'
	# A product that is not sold any more may stay, and is not added.
	gone=$(make_product)
	by admin api DELETE "/products/$tea"
	by admin api DELETE "/products/$gone"
	correct "{$(items "$gone:1" "$tea:1")}"
	refused '/items/0/product not_found'
	correct "{$(items "$tea:2")}"
	expect 200
	in_stock "$cup" 20
	correct "{$(items "$cup:1")}"
	expect 200
	correct "{$(items "$tea:1")}"
	refused '/items/0/product not_found'
	ask PATCH "/orders/$order" "{$(items "$cup:2")}" "X-Order-Token: $order_token"
	expect 409 transition-not-allowed
}

@test "repricing: taxes stay included or added as they were" {
	open_store EUR prices_include_tax:=true
	tea=$(make_product tax_rate=19 price=11.90)
	place "$tea:1"
	by admin send PATCH "/stores/$store" prices_include_tax:=false
	correct "{$(items "$tea:2")}"
	expect 200
	is '[.prices_include_tax, .total, .tax_total] | map(tostring) | join(" ")' 'true 23.80 3.80'
}

@test "repricing: another tax rate is another line, and on the invoice" {
	open_store EUR prices_include_tax:=true
	tea=$(make_product tax_rate=19 price=11.90)
	place "$tea:1"
	invoice=$(field .invoice.id)
	by admin send PATCH "/products/$tea" tax_rate=7
	correct "{$(items "$tea:1")}"
	expect 200
	is '[.total, .tax_total, .items[0].tax_rate, .events[1].data.items.new[0].tax_rate] | join(" ")' '11.90 0.78 7.000 7'
	[[ $(field .invoice.id) != "$invoice" ]]
}

@test "repricing: another destination is another tax, while nothing is paid" {
	open_store EUR
	class=$(by admin make /tax-classes store="$store" name=Food rate=19 \
		rates:='[{"country":"AT","rate":"20"},{"country":"DE","region":"BY","rate":"7"}]')
	tea=$(make_product tax_class="$class")
	ask POST /orders "$(order_of "$tea:2" | jq -c \
		'.shipping_address = {line1: "1 Lake Road", city: "Bonn", postal_code: "53111", country: "DE"}')"
	expect 201
	order=$(field .id) order_token=$(field .order_token) tea_line=$(field '.items[0].id')
	is '[.tax_total, .total] | join(" ")' '3.80 23.80'
	by admin send PATCH "/products/$tea" price=11.00
	correct '{"shipping_address":{"line1":"2 Lake Road"}}'
	expect 200
	is '[.tax_total, .total, (.events[-1].data | keys | join(","))] | join(" ")' '3.80 23.80 shipping_address'
	correct '{"shipping_address":{"city":"Wien","postal_code":"1010","country":"AT"}}'
	expect 200
	is '[.tax_total, .total, .items[0].unit_price, .items[0].id] | join(" ")' "4.00 24.00 10.00 $tea_line"
	is '.events[-1].data | keys | join(",")' 'items,shipping_address,total'
	in_stock "$tea" 18
	pay manual
	correct '{"shipping_address":{"region":"BY","country":"DE","postal_code":"80331"}}'
	expect 200
	is '[.total, .payments[0].amount] | join(" ")' '21.40 21.40'
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	correct '{"shipping_address":{"country":"AT","postal_code":"1010"}}'
	expect 200
	is '[.status, .total, .shipping_address.country] | join(" ")' 'paid 21.40 AT'
}

@test "repricing: a price that follows the tax of the destination stays as it was sold" {
	open_store EUR prices_include_tax:=true tax_inclusive_rebase:=true address:='{"country":"DE"}'
	class=$(by admin make /tax-classes store="$store" name=Food rate=19 rates:='[{"country":"AT","rate":"20"}]')
	tea=$(make_product tax_class="$class" price=11.90)
	cup=$(make_product tax_class="$class" price=1.19)
	ask POST /orders "$(order_of "$tea:1" | jq -c \
		'.shipping_address = {line1: "1 Lake Road", city: "Wien", postal_code: "1010", country: "AT"}')"
	expect 201
	order=$(field .id)
	lines 'Tea 1 12.00'
	correct "{$(items "$tea:2" "$cup:1")}"
	expect 200
	lines 'Tea 2 12.00, Tea 1 1.20'
	is '[.tax_total, .total, .items[0].price_reason] | map(tostring) | join(" ")' '4.20 25.20 null'
}

# The smallest amount that can be charged: what a total is rounded to, by currency and by store, and that every provider
# takes what was priced.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

bats_require_minimum_version 1.5.0
load ../../support/payments

# sells PRICE RATE : a $product of $store.
sells() { product=$(make_product price="$1" tax_rate="$2"); }

# sums_are TEXT : of the answer.
sums_are() { is '[.subtotal, .tax_total, .rounding, .total] | join(" ")' "$1"; }

# charged METHOD UNITS : $order is begun, paid and captured as so many of the provider's units.
charged() {
	begin "$1"
	if [[ $1 == stripe ]]; then
		[[ $(pay stripe "$intent" | jq .amount) == "$2" ]]
	else
		is .client.amount "$2"
		pay razorpay "$intent" >/dev/null
	fi
	deliver "$1" >/dev/null
	payment_is captured
	order_is paid paid
	[[ $(ledger '[.totals[].captured] | tojson') == "[$2]" ]]
}

@test "rounding: three decimals end in 0: 12.750 and 10 % is 14.03" {
	open_store KWD
	sells 12.750 10
	place "$product:1"
	sums_are '12.750 1.275 0.005 14.030'
	charged stripe 14030
	gateways_reset
	place "$product:1"
	charged razorpay 14030
	# A part that cannot be refunded is refused before the provider is called; what can be is refunded.
	refund_payment '{"amount":"1.234"}'
	refused '/amount invalid'
	refunds_are ''
	refund_payment '{"amount":"1.23"}'
	expect 201
	is .amount 1.230
	new_key
	refund_payment
	expect 201
	is .amount 12.800
	refunds_are '1.230 succeeded, 12.800 succeeded'
}

@test "rounding: of what is reserved no part is captured that cannot be charged" {
	open_store KWD
	sells 12.000 0
	place "$product:1"
	fault error times:=1
	try_begin stripe
	sql "update payments set manual_capture = true where order_id = '$order'"
	try_begin stripe
	begun
	pay stripe "$intent" >/dev/null
	deliver stripe >/dev/null
	payment_is authorized
	by staff act capture '{"amount":"1.234"}'
	refused '/amount invalid'
	[[ $(asked /capture) == 0 ]]
	by staff act capture '{"amount":"1.23"}'
	expect 200
	[[ $(ledger '[.totals[].captured] | tojson') == '[1230]' ]]
}

@test "rounding: every currency of three decimals, up and down" {
	for currency in BHD JOD OMR TND; do
		gateways_reset
		open_store "$currency"
		sells 1.004 0
		place "$product:1"
		sums_are '1.004 0.000 -0.004 1.000'
		charged stripe 1000
	done
	gateways_reset
	open_store IQD
	sells 1.004 0
	place "$product:1"
	charged razorpay 1000
}

@test "rounding: currencies without decimals, and what each provider makes of them" {
	while read -r currency price sums at_stripe at_razorpay; do
		open_store "$currency"
		sells "$price" 10
		for method in stripe razorpay; do
			gateways_reset
			place "$product:1"
			sums_are "${sums//_/ }"
			if [[ $method == stripe ]]; then charged stripe "$at_stripe"; else charged razorpay "$at_razorpay"; fi
		done
	done <<-'END'
		JPY 105    105_11_0_116             116   116
		ISK 1005   1005_101_0_1106          110600 1106
		UGX 1005   1005_101_0_1106          110600 1106
		MGA 10.30  10.30_1.03_-0.33_11.00   11    1100
		HUF 10.35  10.35_1.04_0.00_11.39    1139  1139
		CHF 10.35  10.35_1.04_0.00_11.39    1139  1139
	END
}

@test "rounding: cash in steps of 0.05, on the cart, the order, the invoice, and the credit note" {
	open_store CHF rounding_step=0.05
	sells 10.33 8.1
	try "$product:1"
	expect 201
	sums_are '10.33 0.84 -0.02 11.15'
	order=$(field .id) order_token=$(field .order_token)
	api GET "/invoices/$(field .invoice.id)" -H "X-Order-Token: $order_token"
	is '[.amount, .rounding, .taxes[].taxable, .taxes[].tax] | join(" ")' '11.15 -0.02 10.33 0.84'
	api GET "/invoices/$(field .id)/html" -H "X-Order-Token: $order_token"
	[[ $body == *'<td>Rounding</td><td class="n">−0.02</td>'* ]]
	charged stripe 1115
	new_key
	refund_payment '{"amount":"5.00"}'
	expect 201
	new_key
	refund_payment
	expect 201
	[[ $(sql "select string_agg(concat_ws(' ', amount, document::jsonb ->> 'subtotal', document::jsonb ->> 'rounding'), ', '
		order by created_at) from invoices where order_id = '$order' and kind = 'credit_note'") == \
		'5.00 5.00 0.00, 6.15 6.17 -0.02' ]]
	[[ $(sql "select count(*) from invoices i, jsonb_array_elements(taxes_left(i)) t where i.order_id = '$order'
		and i.kind = 'invoice' and (t ->> 'taxable', t ->> 'tax') <> ('0.00', '0.00')") == 0 ]]

	# A cart shows the same, and follows the store.
	ask POST /orders "$(order_of "$product:1" | jq -c '. + {action: "update_cart"}')"
	expect 201
	sums_are '10.33 0.84 -0.02 11.15'
	order=$(field .id) order_token=$(field .order_token)
	by staff send PATCH "/stores/$store" rounding_step:=null
	expect 200
	is .rounding_step null
	ask PATCH "/orders/$order" "{\"items\":[{\"product\":\"$product\",\"quantity\":2}]}" "X-Order-Token: $order_token"
	expect 200
	sums_are '20.66 1.67 0.00 22.33'
	by staff send PATCH "/stores/$store" rounding_step=1
	expect 200
	is .rounding_step 1.00
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	expect 200
	sums_are '20.66 1.67 -0.33 22.00'
	# Cancelled, all of it is taken back as it was.
	by staff ask POST "/orders/$order/cancel"
	expect 200
	[[ $(sql "select document::jsonb ->> 'rounding' || ' ' || amount from invoices where order_id = '$order'
		and kind = 'credit_note'") == '-0.33 22.00' ]]
}

@test "rounding: an order that is rounded to nothing has nothing to pay" {
	open_store CHF rounding_step=0.05
	sells 0.02 0
	place "$product:1"
	sums_are '0.02 0.00 -0.02 0.00'
	is '[.status, .payment_status] | join(" ")' 'paid paid'
	try_begin stripe
	expect 409 conflict
}

@test "rounding: coupons and free shipping look at what the goods cost, not at what they are rounded to" {
	open_store CHF rounding_step=1
	sells 19.60 0
	by staff make /coupons code="$(unique TEN-)" store="$store" discount_amount=1.00 min_order_value=19.61 >/dev/null
	by staff make /coupons code="$(unique OK-)" store="$store" discount_amount=0.50 min_order_value=19.60 >/dev/null
	post=$(by staff make /shipping-methods store="$store" name=Post price=3.00 free_over=19.61)
	coupon=$(sql "select code from coupons where store = '$store' and code like 'TEN-%'")
	ask POST /orders "$(order_of "$product:1" | jq -c ". + {coupon: \"$coupon\", shipping_method: \"$post\", $SHIP_TO}")"
	refused '/coupon min_value'
	coupon=$(sql "select code from coupons where store = '$store' and code like 'OK-%'")
	ask POST /orders "$(order_of "$product:1" | jq -c ". + {coupon: \"$coupon\", shipping_method: \"$post\", $SHIP_TO}")"
	expect 201
	is '[.subtotal, .discount_total, .shipping_total, .rounding, .total] | join(" ")' '19.60 0.50 3.00 -0.10 22.00'
}

@test "rounding: a step that cannot be charged is refused" {
	open_store KWD
	for step in 0.005 0.015 0 0.001; do
		by staff send PATCH "/stores/$store" rounding_step="$step"
		refused '/rounding_step invalid'
	done
	by staff send PATCH "/stores/$store" rounding_step=0.05
	expect 200
	is .rounding_step 0.050
	by admin send POST /stores name="$(unique)" currency=JPY rounding_step=0.5
	refused '/rounding_step invalid'
	by admin send POST /stores name="$(unique)" currency=MGA rounding_step=0.2
	refused '/rounding_step invalid'
	api GET "/stores/$store"
	is .rounding_step 0.050
}

@test "rounding: a currency that a provider does not charge is refused, and nothing of it stays" {
	open_store LYD
	sells 10.000 0
	place "$product:1"
	for method in stripe razorpay; do
		new_key
		try_begin "$method"
		refused '/payment_method currency'
		[[ $body == *"LYD cannot be paid by $method."* ]]
	done
	payments_are ''
	order_is placed unpaid
	[[ $(sql "select count(*) from order_events where order_id = '$order'") == 1 ]]
	[[ $(asked 'POST ') == 0 ]]
	begin manual
	order_is placed pending
}

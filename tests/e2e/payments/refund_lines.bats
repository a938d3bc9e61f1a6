# Refunds by line: what pieces cost, their taxes on the credit note, and that each piece goes back to stock once.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

# A $cup at 7 % beside the $product at 19 %, with taxes in the prices.
setup() {
	fresh price=11.90 tax_rate=19
	by staff send PATCH "/stores/$store" prices_include_tax:=true rounding_step:=null
	cup=$(make_product price=10.70 tax_rate=7)
}

# line N : the id of a line of $order.
line() { sql "select id from order_items where order_id = '$order' and position = $1"; }

# part LINE QUANTITY [RESTOCK] : an item of a refund.
part() { printf '{"id":"%s","quantity":%s%s}' "$(line "$1")" "$2" "${3:+,\"restock\":$3}"; }

# refund_parts BODY : of $payment with a new key, where @N:M and @N:M:true stand for M pieces of line N.
refund_parts() {
	local text=$1
	while [[ $text =~ @([0-9]+):([0-9]+)(:(true|false))? ]]; do
		text=${text/"${BASH_REMATCH[0]}"/$(part "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}" "${BASH_REMATCH[4]}")}
	done
	new_key
	refund_payment "$text"
}

# pieces_are LIST : dropped/shipped/returned of each line.
pieces_are() {
	local found
	found=$(sql "select string_agg(concat_ws('/', dropped, shipped, returned), ' ' order by position) from order_items
		where order_id = '$order'")
	if [[ $found != "$1" ]]; then echo "the pieces are $found, not $1"; return 1; fi
}

# taxes_are LIST : of all credit notes, as "rate taxable tax".
taxes_are() {
	local found
	found=$(sql "select string_agg(concat_ws(' ', t ->> 'rate', t ->> 'taxable', t ->> 'tax'), ', '
		order by i.created_at, (t ->> 'rate')::numeric)
		from invoices i, jsonb_array_elements(taxes) t where order_id = '$order' and kind = 'credit_note'")
	if [[ $found != "$1" ]]; then echo "the taxes are $found, not $1"; return 1; fi
}

# Every credit note adds up, and together they are no more than the invoice, rate by rate.
credits_add_up() {
	local wrong
	wrong=$(sql "with d as (select kind, document::jsonb as d, taxes from invoices where order_id = '$order')
		select d ->> 'number' from d where (d ->> 'total')::numeric <> (d ->> 'subtotal')::numeric
			- (d ->> 'discount_total')::numeric + (d ->> 'shipping_total')::numeric + (d ->> 'rounding')::numeric
			+ case when (d ->> 'prices_include_tax')::boolean then 0 else (d ->> 'tax_total')::numeric end
		union all select 'more than the invoice at ' || rate from (
			select (t ->> 'rate')::numeric as rate, kind, sum((t ->> 'taxable')::numeric) as taxable,
				sum((t ->> 'tax')::numeric) as tax from d, jsonb_array_elements(taxes) t group by 1, 2) x
		group by rate having sum(case kind when 'invoice' then taxable else -taxable end) < 0
			or sum(case kind when 'invoice' then tax else -tax end) < 0")
	if [[ -n $wrong ]]; then echo "wrong: $wrong"; return 1; fi
}

@test "refund lines: one returned article credits the tax of its own rate" {
	place "$product:2" "$cup:3"
	pay_by_stripe
	refund_parts '{"items":[@2:1:true],"reason":"broken"}'
	expect 201
	is '[.amount, .shipping, .items[0].amount, .items[0].tax, (.items[0].quantity | tostring)] | join(" ")' \
		'10.70 0.00 10.70 0.70 1'
	taxes_are '7 10.00 0.70'
	in_stock "$cup" 18
	in_stock "$product" 18
	pieces_are '0/0/0 1/0/0'
	credits_add_up
	by staff api GET "/invoices?order=$order&kind=credit_note"
	is '.results[0] | [.subtotal, .tax_total, .lines[0].name, (.lines[0].quantity | tostring), .lines[0].line_total] | join(" ")' \
		'10.70 0.70 Tea 1 10.70'
	api GET "/invoices/$(field '.results[0].id')/html" -H "X-Order-Token: $order_token"
	[[ $body == *'10.70'* && $body == *'Total credited'* ]]
	by staff api GET "/payments/$payment"
	is '.refunds[0].items[0].quantity' 1
}

@test "refund lines: parts add up to the line, the discount with them" {
	by staff make /coupons code="$(unique C)" store="$store" discount_amount=10.00 >/dev/null
	coupon=$(sql "select code from coupons where store = '$store' order by created_at desc limit 1")
	ask POST /orders "$(order_of "$product:3" | jq -c --arg c "$coupon" '. + {coupon: $c}')"
	expect 201
	is .total 25.70
	order=$(field .id) order_token=$(field .order_token)
	pay_by_stripe
	for _ in 1 2 3; do
		refund_parts '{"items":[@1:1:true]}'
		expect 201
		credits_add_up
	done
	refunds_are '8.57 succeeded, 8.57 succeeded, 8.56 succeeded'
	credit_notes_are '8.57, 8.57, 8.56'
	[[ $(sql "select sum((t ->> 'tax')::numeric) from invoices i, jsonb_array_elements(taxes) t
		where order_id = '$order' and kind = 'credit_note'") == $(sql "select tax_total from orders where id = '$order'") ]]
	order_is paid refunded
	in_stock "$product" 20
	pieces_are 3/0/0
	[[ $(sql "select sum((document::jsonb ->> 'discount_total')::numeric) from invoices
		where order_id = '$order' and kind = 'credit_note'") == 10.00 ]]
}

@test "refund lines: prices without tax, shipping, goodwill beside them, and the rest" {
	open_store EUR prices_include_tax:=false
	tea=$(make_product price=10.00 tax_rate=19) honey=$(make_product price=5.00 tax_rate=7)
	method=$(by staff make /shipping-methods store="$store" name=Post price=4.00 tax_rate=19 pickup:=true)
	ask POST /orders "$(order_of "$tea:2" "$honey:2" | jq -c --arg m "$method" '. + {shipping_method: $m}')"
	expect 201
	is .total 39.26
	order=$(field .id) order_token=$(field .order_token)
	pay_by_stripe
	refund_parts '{"items":[@2:1],"shipping":"2.00","amount":"1.00"}'
	expect 201
	is '[.amount, .shipping] | join(" ")' '8.35 2.00'
	credits_add_up
	[[ $(sql "select document::jsonb ->> 'prices_include_tax' from invoices where order_id = '$order'
		and kind = 'credit_note'") == false ]]
	refund_parts '{"shipping":"2.77"}'
	refused '/shipping max_value'
	refund_parts '{"shipping":"0.00"}'
	refused '/shipping min_value'
	refund_parts '{"shipping":"0.001"}'
	refused '/shipping max_decimal_places'
	refund_parts '{"shipping":"2.76"}'
	expect 201
	is .amount 2.76
	credits_add_up
	# A goodwill amount was given before: not all lines are left in money.
	refund_parts '{"items":[@1:2,@2:1]}'
	refused '/items max_value'
	refund_parts '{"items":[@1:2:true]}'
	expect 201
	is .amount 23.80
	refund_parts '{}'
	expect 201
	is .amount 4.35
	credits_add_up
	order_is paid refunded
	[[ $(sql "select sum(amount) from invoices where order_id = '$order' and kind = 'credit_note'") == 39.26 ]]
	[[ $(sql "select count(*) from invoices i, jsonb_array_elements(taxes_left(i)) t where i.order_id = '$order'
		and i.kind = 'invoice' and (t ->> 'taxable', t ->> 'tax') <> ('0.00', '0.00')") == 0 ]]
}

@test "refund lines: after a goodwill of everything at a rate its tax is not credited twice" {
	place "$product:1" "$cup:1"
	pay_by_stripe
	refund_payment '{"amount":"11.30"}'
	expect 201
	refund_parts '{"items":[@1:1:true]}'
	refused '/items max_value'
	refund_parts '{"items":[@2:1:true]}'
	expect 201
	is .amount 10.70
	credits_add_up
	refund_parts '{}'
	expect 201
	is .amount 0.60
	credits_add_up
	[[ $(sql "select count(*) from invoices i, jsonb_array_elements(taxes_left(i)) t where i.order_id = '$order'
		and i.kind = 'invoice' and (t ->> 'taxable', t ->> 'tax') <> ('0.00', '0.00')") == 0 ]]
}

@test "refund lines: part with restock, the rest, cancel, in any order: never more pieces than were sold" {
	for steps in 'line rest cancel' 'line cancel rest' 'cancel' 'rest line cancel' 'line line cancel' 'ship line' \
		'ship line line' 'line ship line'; do
		place "$product:2" "$cup:1"
		pay_offline
		for step in $steps; do
			case $step in
			line)   refund_parts '{"items":[@1:1:true]}' ;;
			rest)   refund_parts '{"restock":true}' ;;
			cancel) by staff ask POST "/orders/$order/cancel" ;;
			ship)   by staff ask POST "/orders/$order/ship" ;;
			esac
			[[ $status == @(200|201|409|422) ]]
		done
		case $steps in
		'ship line')                   in_stock "$product" 19 && pieces_are '0/2/1 0/1/0' ;;
		'ship line line')              in_stock "$product" 20 && pieces_are '0/2/2 0/1/0' ;;
		'line ship line')              in_stock "$product" 20 && pieces_are '1/1/1 0/1/0' ;;
		*)                             in_stock "$product" 20 && in_stock "$cup" 20 && pieces_are '2/0/0 1/0/0' ;;
		esac
		ledger_is_right
		credits_add_up
		product=$(make_product price=11.90 tax_rate=19) cup=$(make_product price=10.70 tax_rate=7)
	done
}

@test "refund lines: a pending one counts, and a failed one no longer" {
	place "$product:2"
	pay_by_razorpay
	control '{"refunds":"pending"}' >/dev/null
	refund_parts '{"items":[@1:2:true]}'
	expect 201
	is .status pending
	in_stock "$product" 18
	refund_parts '{"items":[@1:1]}'
	expect 409 conflict
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"failed\"}}" >/dev/null
	deliver razorpay >/dev/null
	refunds_are '23.80 failed'
	in_stock "$product" 18
	control '{"refunds":"succeeded"}' >/dev/null
	refund_parts '{"items":[@1:1:true]}'
	expect 201
	in_stock "$product" 19
	refunds_are '23.80 failed, 11.90 succeeded'
	# Cancelled while another is pending: its pieces are back once.
	control '{"refunds":"pending"}' >/dev/null
	refund_parts '{"items":[@1:1:true]}'
	expect 201
	refund_parts '{"items":[@1:1]}'
	expect 409 conflict
	by staff ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$product" 20
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[] | select(.status == "pending") | .id')
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"succeeded\"}}" >/dev/null
	deliver razorpay >/dev/null
	in_stock "$product" 20
	credits_add_up
}

@test "refund lines: what is refused" {
	place "$product:2" "$cup:1"
	pay_by_stripe
	other=01900000-0000-7000-8000-000000000000
	refund_parts "{\"items\":[@1:3,{\"id\":\"$other\",\"quantity\":1},@2:1,@2:1]}"
	refused '/items/0/quantity max_value, /items/1/id not_found, /items/3/id duplicate'
	is '.errors[0].detail' 'Only 2 of it can still be sent back or refunded.'
	refund_parts '{"items":[{}]}'
	refused '/items/0/id required, /items/0/quantity required'
	refund_parts '{"items":[]}'
	refused '/items min_items'
	refund_parts '{"items":[@1:0]}'
	refused '/items/0/quantity min_value'
	refund_parts '{"items":"all"}'
	refused '/items wrong_type'
	refund_parts '{"amount":"1.00","restock":true}'
	refused '/restock invalid'
	refund_parts '{"items":[@1:1],"amount":"0.001"}'
	refused '/amount max_decimal_places'
	refunds_are ''
	# Back in stock without money, by hand of the shop: dropped pieces do not return again.
	refund_parts '{"items":[@1:1],"restock":true}'
	expect 201
	sql "update order_items set dropped = 2 where order_id = '$order' and position = 1"
	refund_parts '{"items":[@1:1:true]}'
	refused '/items/0/restock invalid'
	sql "update order_items set dropped = 1 where order_id = '$order' and position = 1"
	refund_parts '{"items":[@1:1:true]}'
	expect 201
	in_stock "$product" 20
}

@test "refund lines: the rounding of the order goes with its last line" {
	open_store CHF rounding_step=0.05 prices_include_tax:=true
	tea=$(make_product price=10.33 tax_rate=8.1) cup=$(make_product price=5.00 tax_rate=8.1)
	place "$tea:1" "$cup:1"
	is '[.rounding, .total] | join(" ")' '0.02 15.35'
	pay_by_stripe
	refund_parts '{"items":[@1:1]}'
	expect 201
	is .amount 10.33
	refund_parts '{"items":[@2:1]}'
	expect 201
	is .amount 5.02
	order_is paid refunded
	credits_add_up
	[[ $(sql "select string_agg(document::jsonb ->> 'rounding', ' ' order by created_at) from invoices
		where order_id = '$order' and kind = 'credit_note'") == '0.00 0.02' ]]
}

@test "refund lines: three decimals are rounded to what can be charged, and meet the payment" {
	open_store KWD prices_include_tax:=true
	tea=$(make_product price=1.235 tax_rate=0)
	place "$tea:3"
	is '[.rounding, .total] | join(" ")' '0.005 3.710'
	pay_by_stripe
	for amount in 1.240 1.240 1.230; do
		refund_parts '{"items":[@1:1:true]}'
		expect 201
		is .amount "$amount"
		credits_add_up
	done
	order_is paid refunded
	in_stock "$tea" 20
}

@test "refund lines: a payment of another amount is accepted first" {
	place "$product:1"
	pay_other stripe amount:=1290
	deliver stripe >/dev/null
	payment_is needs_attention
	refund_parts '{"items":[@1:1]}'
	expect 409 conflict
	by staff act accept
	expect 200
	refund_parts '{"items":[@1:1:true]}'
	expect 201
	is .amount 11.90
	refund_parts '{}'
	expect 201
	is .amount 1.00
	credit_notes_are 11.90
}

@test "refund lines: fifty at once, and no piece twice" {
	built send_together
	place "$product:9" "$cup:5"
	pay_by_stripe
	by staff eval 'bearer=$token'
	for n in {1..50}; do
		printf '{"method":"POST","path":"/payments/%s/refunds","headers":{"Authorization":"Bearer %s","Idempotency-Key":"%s"},"body":{"items":[%s]}}\n' \
			"$payment" "$bearer" "$key-$n" "$(part $((n % 2 + 1)) 2 true)"
	done >"$BATS_TEST_TMPDIR/requests"
	"$programs/send_together" -n 8 "$API" <"$BATS_TEST_TMPDIR/requests" >"$BATS_TEST_TMPDIR/answers"
	[[ $(jq .status "$BATS_TEST_TMPDIR/answers" | sort | uniq -c | awk '{ print $2 ":" $1 }' | paste -sd' ') == '201:6 422:44' ]]
	[[ $(ledger ".totals[\"$intent\"].refunded") == $((1190 * 8 + 1070 * 4)) ]]
	in_stock "$product" 19
	in_stock "$cup" 19
	credits_add_up
}

@test "refund lines: refunds, shipping and cancelling at once is some order of them" {
	built send_together
	by staff eval 'bearer=$token'
	orders=()
	for n in {1..5}; do
		place "$product:2" "$cup:1"
		orders+=("$order")
		pay_by_stripe
		for path in "orders/$order/cancel {}" "orders/$order/ship {}" "orders/$order/cancel {}" \
			"payments/$payment/refunds {\"items\":[$(part 1 1 true)]}" "payments/$payment/refunds {\"items\":[$(part 1 2 true)]}" \
			"payments/$payment/refunds {\"items\":[$(part 2 1 true)],\"amount\":\"1.00\"}" \
			"payments/$payment/refunds {\"restock\":true}"; do
			new_key
			printf '{"method":"POST","path":"/%s","headers":{"Authorization":"Bearer %s","Idempotency-Key":"%s"},"body":%s}\n' \
				"${path%% *}" "$bearer" "$key" "${path#* }"
		done >>"$BATS_TEST_TMPDIR/requests"
	done
	sort -R "$BATS_TEST_TMPDIR/requests" | "$programs/send_together" -n 8 "$API" >"$BATS_TEST_TMPDIR/answers"
	[[ -z $(jq -r 'select([200, 201, 409, 422] | index(.status) | not) | .status' "$BATS_TEST_TMPDIR/answers") ]]
	cron
	for order in "${orders[@]}"; do
		credits_add_up
		# A cancelled one is in stock whole, and all of its money is back.
		[[ $(sql "select count(*) from orders o join order_items i on i.order_id = o.id where o.id = '$order'
			and o.status = 'cancelled' and (i.dropped <> i.quantity or o.payment_status <> 'refunded')") == 0 ]]
		[[ $(sql "select count(*) from (select i.id, coalesce(sum(x.quantity) filter (where r.status <> 'failed'), 0) as n, i.quantity
			from order_items i left join refund_items x on x.order_item = i.id left join refunds r on r.id = x.refund
			where i.order_id = '$order' group by i.id) x where n > quantity") == 0 ]]
	done
	back=$(sql "select string_agg(n::text, ' ' order by position) from (select position, sum(dropped + returned) as n
		from order_items where order_id in ('${orders[0]}', '${orders[1]}', '${orders[2]}', '${orders[3]}', '${orders[4]}')
		group by 1) x")
	in_stock "$product" $((20 - 10 + ${back% *}))
	in_stock "$cup" $((20 - 5 + ${back#* }))
}

@test "refund lines: of an order that is partly shipped" {
	place "$product:3"
	pay_by_stripe
	by staff ask POST "/orders/$order/shipments" "{\"items\":[$(part 1 1)]}"
	expect 201
	refund_parts '{"items":[@1:1:true]}'
	expect 201
	pieces_are 1/1/0
	order_is partly_shipped partially_refunded
	refund_parts '{"items":[@1:1:true]}'
	expect 201
	pieces_are 2/1/0
	order_is shipped partially_refunded
	in_stock "$product" 19
	by staff ask POST "/orders/$order/return" '{"reason":"refused"}'
	expect 200
	pieces_are 2/1/1
	in_stock "$product" 20
	cron
	order_is returned refunded
	credits_add_up
}

@test "refund lines: what cost nothing is not refunded" {
	free=$(make_product price=0)
	place "$product:1" "$free:1"
	pay_by_stripe
	refund_parts '{"items":[@2:1:true]}'
	refused '/items min_value'
	refund_parts '{"items":[@1:1:true,@2:1:true]}'
	expect 201
	in_stock "$free" 20
}

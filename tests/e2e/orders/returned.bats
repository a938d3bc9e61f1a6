# Orders that come back undelivered: stock, money, invoice and coupon end as if they had been cancelled.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

# came_back [BODY] : POST /orders/$order/return by the staff.
came_back() { by staff ask POST "/orders/$order/return" "${1-"{\"reason\":\"refused at the door\"}"}"; }

shipped() {
	by staff ask POST "/orders/$order/ship"
	expect 200
}

@test "returned: unpaid cash on delivery needs no payment" {
	place "$product:3"
	begin cod
	shipped
	is '.allowed_transitions | join(" ")' 'completed returned'
	came_back
	expect 200
	is '[.status, .payment_status, (.allowed_transitions | length | tostring)] | join(" ")' 'returned unpaid 0'
	is '.events[-1] | [.from_status, .to_status, .note] | join(", ")' 'shipped, returned, refused at the door'
	is '.items[0] | [.dropped, .shipped, .returned] | tojson' '[0,3,3]'
	in_stock "$product" 20
	payment_is cancelled
	credit_notes_are 30.00
	[[ $(sql "select document::jsonb ->> 'reason' from invoices where order_id = '$order' and kind = 'credit_note'") == \
		'The order was returned.' ]]
	[[ $(messages_of order_returned) == 1 ]]
	by staff act mark-paid
	expect 409 conflict
	new_key
	try_begin cod
	expect 409 conflict
	came_back
	expect 409 transition-not-allowed
	for verb in cancel ship complete; do
		by staff ask POST "/orders/$order/$verb"
		expect 409 transition-not-allowed
	done
	in_stock "$product" 20
}

@test "returned: pieces that came back before, unfit for stock, stay out of it" {
	place "$product:3"
	pay_offline
	shipped
	line=$(field '.items[0].id')
	by staff ask POST "/orders/$order/returns" "{\"reason\":\"x\",\"items\":[{\"id\":\"$line\",\"quantity\":2}]}"
	expect 201
	by staff ask POST "/orders/$order/returns/$(field '.returns[0].id')/receive" \
		"{\"items\":[{\"id\":\"$line\",\"quantity\":1,\"restock\":false}]}"
	expect 200
	came_back
	expect 200
	is '.items[0] | [.shipped, .returned] | tojson' '[3,2]'
	in_stock "$product" 19
}

@test "returned: online payments are refunded, the coupon can be used again" {
	code=$(unique C)
	coupon=$(by staff make /coupons code="$code" store="$store" discount_percent=10 usage_limit:=1)
	ask POST /orders "$(order_of "$product:2" | jq -c --arg c "$code" '. + {coupon: $c}')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	pay_by_stripe
	new_key
	refund_payment "{\"items\":[{\"id\":\"$(sql "select id from order_items where order_id = '$order'")\",\"quantity\":1}]}"
	expect 201
	shipped
	came_back
	expect 200
	is .status returned
	refunds_are '9.00 succeeded, 9.00 pending'
	cron
	refunds_are '9.00 succeeded, 9.00 succeeded'
	order_is returned refunded
	credit_notes_are '9.00, 9.00'
	in_stock "$product" 20
	[[ $(sql "select used_count from coupon_uses where coupon = '$coupon'") == 0 ]]
	[[ $(sql "select count(*) from coupon_redemptions where coupon = '$coupon'") == 0 ]]
	[[ $(ledger ".totals[\"$intent\"].refunded") == 1800 ]]
}

@test "returned: money that was paid offline has a note, and is recorded when it is paid back" {
	place "$product:1"
	pay_offline
	shipped
	came_back
	expect 200
	order_is returned paid
	is '[.events[].note | select(startswith("To be refunded"))] | join("")' 'To be refunded by hand: 10.00 EUR.'
	new_key
	refund_payment
	expect 201
	order_is returned refunded
	credit_notes_are 10.00
	in_stock "$product" 20
}

@test "returned: goods that are broken stay out of stock" {
	place "$product:2"
	pay_offline
	shipped
	came_back '{"reason":"crushed","restock":false}'
	expect 200
	in_stock "$product" 18
	# Found whole after all.
	new_key
	refund_payment '{"restock":true}'
	expect 201
	in_stock "$product" 20
	place "$product:2"
	pay_offline
	shipped
	came_back '{"reason":"whole","restock":true}'
	expect 200
	new_key
	refund_payment '{"restock":true}'
	refused '/restock invalid'
	in_stock "$product" 20
}

@test "returned: one parcel of two that comes back ends the whole order, paid or not" {
	for restock in true false; do
		before=$(stock_of "$product")
		place "$product:5"
		begin cod
		line=$(sql "select id from order_items where order_id = '$order'")
		by staff ask POST "/orders/$order/shipments" "{\"items\":[{\"id\":\"$line\",\"quantity\":2}]}"
		expect 201
		is '[.status, (.allowed_transitions | join(" "))] | join(", ")' 'partly_shipped, shipped returned'
		came_back "{\"reason\":\"refused\",\"restock\":$restock}"
		expect 200
		is '[.status, .payment_status] | join(" ")' 'returned unpaid'
		# What never left is in stock again in any case.
		is '.items[0] | [.dropped, .shipped, .returned] | tojson' "[3,2,$([[ $restock == true ]] && echo 2 || echo 0)]"
		in_stock "$product" "$([[ $restock == true ]] && echo "$before" || echo $((before - 2)))"
	done
}

@test "returned: a payment that arrives later is refunded" {
	place "$product:1"
	begin cod
	shipped
	begin stripe
	came_back
	expect 200
	pay stripe "$intent" >/dev/null || true
	deliver stripe >/dev/null
	cron
	later
	cron
	[[ $(ledger '[.totals[] | .captured - .refunded] | add // 0') == 0 ]]
	order_is returned "$(sql "select payment_status from orders where id = '$order'")"
}

@test "returned: by whom, from where, and why" {
	by customer place "$product:1"
	came_back
	expect 409 transition-not-allowed
	shipped
	came_back '{}'
	refused '/reason required'
	came_back '{"reason":" "}'
	refused '/reason blank'
	came_back '{"reason":"x","restock":"no","note":"y"}'
	refused '/note unknown_field, /restock wrong_type'
	by customer ask POST "/orders/$order/return" '{"reason":"x"}'
	expect 403 forbidden
	ask POST "/orders/$order/return" '{"reason":"x"}'
	expect 401 not-authenticated
	by stranger ask POST "/orders/$order/return" '{"reason":"x"}'
	expect 404 not-found
	by staff ask POST "/orders/$order/return" '{"reason":"x"}' 'If-Match: "other"'
	expect 412
	by staff ask POST "/orders/$order/complete"
	expect 200
	came_back
	expect 409 transition-not-allowed
}

# meet SHIP_FIRST PATH... : five orders, to each of which all of it happens at once.
meet() {
	local bearer n path
	by staff eval 'bearer=$token'
	for n in {1..5}; do
		place "$product:1"
		[[ $1 == no ]] || shipped
		for path in "${@:2}"; do
			printf '{"method":"POST","path":"/orders/%s/%s","headers":{"Authorization":"Bearer %s"},"body":%s}\n' "$order" \
				"${path%% *}" "$bearer" "${path#* }"
		done
	done | sort -R >"$BATS_TEST_TMPDIR/requests"
	"$programs/send_together" -n 8 "$API" <"$BATS_TEST_TMPDIR/requests" >"$BATS_TEST_TMPDIR/answers"
	[[ $(jq -r .status "$BATS_TEST_TMPDIR/answers" | sort -u | paste -sd' ') == '200 409' ]]
}

@test "returned: shipped, cancelled and returned at once is some order of them" {
	built send_together
	for _ in 1 2 3; do
		meet no 'ship {}' 'cancel {}' 'return {"reason":"x"}' 'ship {}' 'cancel {}'
	done
	meet yes 'return {"reason":"x"}' 'cancel {}' 'complete {}' 'return {"reason":"x"}'
	[[ $(sql "select count(*) from orders o join order_items i on i.order_id = o.id where i.product = '$product' and (
		case o.status when 'shipped' then (i.dropped, i.shipped, i.returned) <> (0, 1, 0)
			when 'completed' then (i.dropped, i.shipped, i.returned) <> (0, 1, 0)
			when 'cancelled' then (i.dropped, i.shipped, i.returned) <> (1, 0, 0)
			else (i.dropped, i.shipped, i.returned) <> (0, 1, 1) end)") == 0 ]]
	kept=$(sql "select count(*) from orders o join order_items i on i.order_id = o.id where i.product = '$product'
		and o.status in ('shipped', 'completed')")
	in_stock "$product" $((20 - kept))
}

# Returns: a buyer asks to send goods back, the store approves, receives and refunds them.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

# line N : the id of a line of $order.
line() { sql "select id from order_items where order_id = '$order' and position = $1"; }

# bought : $order of three pieces at 19 % and two cups at 7 %, paid and shipped.
bought() {
	cup=$(make_product price=5.00 tax_rate=7)
	place "$product:3" "$cup:2"
	pay_offline
	by staff ask POST "/orders/$order/ship"
	expect 200
}

# request_return BODY : by the buyer, where @N:M stands for M pieces of line N; leaves $return.
request_return() {
	local text=$1
	while [[ $text =~ @([0-9]+):([0-9]+) ]]; do
		text=${text/"${BASH_REMATCH[0]}"/"{\"id\":\"$(line "${BASH_REMATCH[1]}")\",\"quantity\":${BASH_REMATCH[2]}}"}
	done
	ask POST "/orders/$order/returns" "$text" "X-Order-Token: $order_token"
	return=$(field '.returns[-1].id // ""')
}

# do_return VERB [BODY] : by the staff.
do_return() { by staff ask POST "/orders/$order/returns/$return/$1" "${2-}"; }

# return_is STATUS
return_is() {
	local found
	found=$(sql "select status from returns where id = '$return'")
	if [[ $found != "$1" ]]; then echo "the return is $found, not $1"; return 1; fi
}

setup() {
	fresh tax_rate=19
	by staff send PATCH "/stores/$store" prices_include_tax:=true contact_email=shop@example.test
}

@test "returns: requested, approved, received and refunded" {
	bought
	request_return '{"reason":"too small","items":[@1:2,@2:1]}'
	expect 201
	is '.returns[0] | [.number, .status, .reason, (.items | length), .items[0].quantity, .items[0].received] | tojson' \
		'[1,"requested","too small",2,2,0]'
	[[ $(messages_of store_return) == 1 ]]
	do_return approve '{"note":"Use the label in the parcel."}'
	expect 200
	is '.returns[0] | [.status, .note] | join(" ")' 'approved Use the label in the parcel.'
	[[ $(messages_of order_return_approved) == 1 ]]
	in_stock "$product" 17
	new_key
	refund_payment "{\"return\":\"$return\"}"
	refused '/return invalid'
	do_return receive
	expect 200
	is '.returns[0] | [.status, .items[0].received, .items[0].restock] | tojson' '["received",2,true]'
	is '.items[0] | [.dropped, .shipped, .returned] | tojson' '[0,3,2]'
	in_stock "$product" 19
	in_stock "$cup" 19
	new_key
	refund_payment "{\"return\":\"$return\",\"reason\":\"too small\"}"
	expect 201
	is '[.amount, .return, (.items | length | tostring)] | join(" ")' "25.00 $return 2"
	return_is refunded
	in_stock "$product" 19
	order_is shipped partially_refunded
	[[ $(sql "select string_agg(t ->> 'rate', ' ' order by t ->> 'rate') from invoices i, jsonb_array_elements(taxes) t
		where order_id = '$order' and kind = 'credit_note'") == '19 7' ]]
	new_key
	refund_payment "{\"return\":\"$return\"}"
	refused '/return invalid'
	by staff api GET "/orders/$order"
	is '[.events[] | select(.kind == "return") | .data.status] | join(" ")' 'requested approved received refunded'
	is '[.events[] | select(.kind == "return") | .data.number] | unique | tojson' '[1]'
	api GET "/orders/$order" -H "X-Order-Token: $order_token"
	is '.returns[0].status' refunded
	[[ $(messages_of order_return_received) == 1 ]]
	by staff api GET "/payments/$payment"
	is '.refunds[0].return' "$return"
}

@test "returns: only pieces that were shipped, once" {
	place "$product:2"
	request_return '{"reason":"x","items":[@1:1]}'
	expect 409 conflict
	pay_offline
	by staff ask POST "/orders/$order/ship"
	expect 200
	request_return '{"reason":"x","items":[@1:3]}'
	refused '/items/0/quantity max_value'
	request_return '{"reason":"x","items":[@1:1,@1:1]}'
	refused '/items/1/id duplicate'
	request_return '{"reason":"x","items":[{"id":"01900000-0000-7000-8000-000000000000","quantity":1}]}'
	refused '/items/0/id not_found'
	request_return '{"items":[]}'
	refused '/items min_items, /reason required'
	request_return '{"reason":" ","items":[{}],"note":"x"}'
	refused '/items/0/id required, /items/0/quantity required, /note unknown_field, /reason blank'
	request_return '{"reason":"x","items":[@1:1]}'
	expect 201
	request_return '{"reason":"y","items":[@1:2]}'
	refused '/items/0/quantity max_value'
	request_return '{"reason":"y","items":[@1:1]}'
	expect 201
	is '.returns[-1].number' 2
	ask POST "/orders/$order/returns/$return/cancel" '' "X-Order-Token: $order_token"
	expect 200
	return_is cancelled
	# Refused goods may be asked about again; goods that arrived broken may not.
	request_return '{"reason":"y","items":[@1:1]}'
	expect 201
	do_return reject '{"note":"used"}'
	expect 200
	[[ $(messages_of order_return_rejected) == 1 ]]
	request_return '{"reason":"y","items":[@1:1]}'
	expect 201
	do_return receive "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":1,\"restock\":false}]}"
	expect 200
	in_stock "$product" 18
	request_return '{"reason":"y","items":[@1:1]}'
	refused '/items/0/quantity max_value'
	by staff ask POST "/orders/$order/complete"
	expect 200
	return=$(sql "select id from returns where order_id = '$order' and number = 1")
	do_return receive
	expect 200
	in_stock "$product" 19
}

@test "returns: fewer arrive than were announced, some broken" {
	bought
	request_return '{"reason":"x","items":[@1:3,@2:2]}'
	expect 201
	do_return receive "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":4}]}"
	refused '/items/0/quantity max_value'
	do_return receive "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":0}]}"
	refused '/items/0/quantity min_value'
	do_return receive "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":2},{\"id\":\"$(line 2)\",\"quantity\":1,\"restock\":false}],\"note\":\"a cup is broken\"}"
	expect 200
	is '[.returns[0].items[] | .received, .restock] | tojson' '[2,true,1,false]'
	in_stock "$product" 19
	in_stock "$cup" 18
	new_key
	refund_payment "{\"return\":\"$return\",\"items\":[{\"id\":\"$(line 1)\",\"quantity\":1}]}"
	refused '/items exclusive'
	refund_payment '{"return":"01900000-0000-7000-8000-000000000000"}'
	refused '/return not_found'
	refund_payment "{\"return\":\"$return\",\"amount\":\"2.00\"}"
	expect 201
	is .amount 27.00
	# The third piece never arrived, and can be sent later.
	request_return '{"reason":"x","items":[@1:1,@2:1]}'
	expect 201
}

@test "returns: what was refunded by line before is not refunded again, and the rest no more than is left" {
	bought
	request_return '{"reason":"x","items":[@1:2]}'
	do_return receive
	expect 200
	new_key
	refund_payment "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":2}]}"
	expect 201
	return_is received
	new_key
	refund_payment "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":1}]}"
	expect 201
	return_is refunded
	new_key
	refund_payment "{\"return\":\"$return\"}"
	refused '/return invalid'
	bought
	refund_payment '{"amount":"35.00"}'
	expect 201
	request_return '{"reason":"x","items":[@1:1]}'
	do_return receive
	new_key
	refund_payment "{\"return\":\"$return\"}"
	expect 201
	is .amount 5.00
	return_is refunded
	order_is shipped refunded
	[[ $(sql "select sum(case kind when 'invoice' then amount else -amount end) from invoices where order_id = '$order'") == 0.00 ]]
}

@test "returns: what cost nothing is refunded when it arrives" {
	free=$(make_product price=0)
	place "$product:1" "$free:1"
	pay_offline
	by staff ask POST "/orders/$order/ship"
	request_return '{"reason":"x","items":[@2:1]}'
	do_return receive
	expect 200
	is '.returns[0].status' refunded
	is '[.events[] | select(.kind == "return") | .data.status] | join(" ")' 'requested received refunded'
	in_stock "$free" 20
}

@test "returns: a refund that fails leaves the return received" {
	place "$product:1"
	pay_by_razorpay
	by staff ask POST "/orders/$order/ship"
	request_return '{"reason":"x","items":[@1:1]}'
	do_return receive
	expect 200
	control '{"refunds":"pending"}' >/dev/null
	new_key
	refund_payment "{\"return\":\"$return\"}"
	expect 201
	return_is received
	new_key
	refund_payment "{\"return\":\"$return\"}"
	expect 409 conflict
	refund=$(control '{"objects":{"kind":"refund"}}' | jq -r '.[0].id')
	control "{\"settle\":{\"id\":\"$refund\",\"outcome\":\"failed\"}}" >/dev/null
	deliver razorpay >/dev/null
	return_is received
	control '{"refunds":"succeeded"}' >/dev/null
	new_key
	refund_payment "{\"return\":\"$return\"}"
	expect 201
	return_is refunded
	in_stock "$product" 20
	# One by line that is open has its pieces.
	control '{"refunds":"pending"}' >/dev/null
	place "$product:2" "$(make_product):1"
	pay_by_razorpay
	by staff ask POST "/orders/$order/ship"
	request_return '{"reason":"x","items":[@1:2]}'
	do_return receive
	new_key
	refund_payment "{\"items\":[{\"id\":\"$(line 1)\",\"quantity\":2}]}"
	expect 201
	new_key
	refund_payment "{\"return\":\"$return\"}"
	refused '/return max_value'
	return_is received
}

@test "returns: those of an order that comes back whole end with it" {
	bought
	request_return '{"reason":"x","items":[@1:1]}'
	expect 201
	by staff ask POST "/orders/$order/return" '{"reason":"refused"}'
	expect 200
	is '[.status, .returns[0].status] | join(" ")' 'returned cancelled'
	in_stock "$product" 20
	do_return receive
	expect 409 conflict
	in_stock "$product" 20
}

@test "returns: who may do what" {
	bought
	ask POST "/orders/$order/returns" '{"reason":"x","items":[]}'
	refused '/items min_items'
	items="[{\"id\":\"$(line 1)\",\"quantity\":1}]"
	ask POST "/orders/$order/returns" "{\"reason\":\"x\",\"items\":$items}"
	expect 404 not-found
	by another_customer ask POST "/orders/$order/returns" "{\"reason\":\"x\",\"items\":$items}"
	expect 404 not-found
	request_return "{\"reason\":\"x\",\"items\":$items}"
	expect 201
	for verb in approve reject receive; do
		by another_customer ask POST "/orders/$order/returns/$return/$verb"
		expect 403 forbidden
		by stranger ask POST "/orders/$order/returns/$return/$verb"
		expect 404 not-found
		ask POST "/orders/$order/returns/$return/$verb" '' "X-Order-Token: $order_token"
		expect 401 not-authenticated
	done
	by another_customer ask POST "/orders/$order/returns/$return/cancel"
	expect 404 not-found
	by staff ask POST "/orders/$order/returns/01900000-0000-7000-8000-000000000000/approve"
	expect 404 not-found
	by staff ask POST "/orders/$order/returns/nonsense/approve"
	expect 404 not-found
	by staff ask POST "/orders/$order/returns/$return/approve" '' 'If-Match: "other"'
	expect 412
	do_return approve
	expect 200
	do_return approve
	expect 409 conflict
	do_return receive
	expect 200
	for verb in approve reject receive cancel; do
		do_return "$verb"
		expect 409 conflict
	done
	in_stock "$product" 18
}

@test "returns: a buyer does not ask for ever" {
	bought
	sql "insert into returns (order_id, number, status, reason) select '$order', n, 'cancelled', 'x' from generate_series(1, 20) n"
	request_return '{"reason":"x","items":[@1:1]}'
	expect 409 conflict
	by staff ask POST "/orders/$order/returns" "{\"reason\":\"x\",\"items\":[{\"id\":\"$(line 1)\",\"quantity\":1}]}"
	expect 201
	is '.returns[-1].number' 21
	[[ $(messages_of store_return) == 0 ]]
}

@test "returns: the same key is the same return" {
	bought
	items="[{\"id\":\"$(line 1)\",\"quantity\":1}]"
	new_key
	for _ in 1 2; do
		ask POST "/orders/$order/returns" "{\"reason\":\"x\",\"items\":$items}" "X-Order-Token: $order_token" \
			"Idempotency-Key: $key"
		expect 201
		is '.returns | length' 1
	done
	[[ $(header Idempotent-Replayed) == true ]]
}

@test "returns: received, cancelled, refunded and the order returned at once: no piece and no cent twice" {
	built send_together
	by staff eval 'bearer=$token'
	cup=$(make_product price=5.00 tax_rate=7)
	for n in {1..6}; do
		place "$product:2"
		pay_offline >/dev/null
		by staff ask POST "/orders/$order/ship"
		request_return '{"reason":"x","items":[@1:1]}'
		expect 201
		if (( n % 2 )); then do_return receive; fi
		for path in "orders/$order/returns/$return/receive {}" "orders/$order/returns/$return/cancel {}" \
			"orders/$order/returns/$return/receive {}" "orders/$order/return {\"reason\":\"x\"}" \
			"payments/$payment/refunds {\"return\":\"$return\"}" "payments/$payment/refunds {\"return\":\"$return\"}" \
			"payments/$payment/refunds {\"items\":[{\"id\":\"$(line 1)\",\"quantity\":1,\"restock\":true}]}" \
			"payments/$payment/refunds {\"items\":[{\"id\":\"$(line 1)\",\"quantity\":2,\"restock\":true}]}"; do
			new_key
			printf '{"method":"POST","path":"/%s","headers":{"Authorization":"Bearer %s","Idempotency-Key":"%s"},"body":%s}\n' \
				"${path%% *}" "$bearer" "$key" "${path#* }"
		done >>"$BATS_TEST_TMPDIR/requests"
	done
	sort -R "$BATS_TEST_TMPDIR/requests" | "$programs/send_together" -n 8 "$API" >"$BATS_TEST_TMPDIR/answers"
	[[ -z $(jq -r 'select([200, 201, 409, 422] | index(.status) | not) | .status' "$BATS_TEST_TMPDIR/answers") ]]
	# Every order came back in the end, whole.
	[[ $(sql "select count(*) from orders o join order_items i on i.order_id = o.id where i.product = '$product'
		and (o.status <> 'returned' or i.shipped <> 2 or i.returned <> 2 or i.dropped <> 0)") == 0 ]]
	in_stock "$product" 20
	[[ $(sql "select count(*) from returns r join return_items x on x.return_id = r.id join order_items i on i.id = x.order_item
		where i.product = '$product' and r.status not in ('cancelled', 'received', 'refunded')") == 0 ]]
}

# Shipments: an order goes in several parcels, each with its pieces, its number and its message.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# two_lines : a guest's order of three of $tea and two of $cup; their lines are $tea_line and $cup_line.
two_lines() {
	tea=$(make_product) cup=$(make_product name=Cup)
	place "$tea:3" "$cup:2"
	tea_line=$(field '.items[0].id') cup_line=$(field '.items[1].id')
}

# pieces LINE:QUANTITY... : as the items of a shipment.
pieces() {
	local piece items=''
	for piece; do items+=",{\"id\":\"${piece%%:*}\",\"quantity\":${piece#*:}}"; done
	printf '"items":[%s]\n' "${items#,}"
}

# ship BODY [HEADER]... : by staff.
ship() { by staff ask POST "/orders/$order/shipments" "$@"; }

# shipped QUANTITY... : of each line, in their order.
shipped() { is '.items | map(.shipped) | join(" ")' "$*"; }

@test "shipments: an order goes in two parcels" {
	two_lines
	shipped 0 0
	is '.shipments | tojson' '[]'
	ship "{$(pieces "$tea_line:1" "$cup_line:2"),\"carrier\":\"DHL\",\"tracking_number\":\"1\",
		\"tracking_url\":\"https://dhl.example/1\",\"note\":\"fragile\"}"
	expect 201
	is '[.status, .carrier, .tracking_number, (.allowed_transitions | join(","))] | join(" ")' 'partly_shipped DHL 1 shipped,returned'
	shipped 1 2
	first=$(field '.shipments[0].id')
	is '.shipments | map(del(.id, .shipped_at)) | tojson' "$(jq -nc --arg tea "$tea_line" --arg cup "$cup_line" '[{
		carrier: "DHL", items: [{id: $tea, quantity: 1}, {id: $cup, quantity: 2}], number: 1, tracking_number: "1",
		tracking_url: "https://dhl.example/1"}]')"
	is '.events[1] | [.kind, .from_status, .to_status, .note, .data.shipment, .data.number, (.data.items | length)] | tojson' \
		"[\"shipment\",\"placed\",\"partly_shipped\",\"fragile\",\"$first\",1,2]"
	ship "{$(pieces "$tea_line:1")}"
	expect 201
	is '[.status, .carrier, .tracking_number] | tojson' '["partly_shipped",null,null]'
	by staff ask POST "/orders/$order/ship" '{"tracking":"3","carrier":"UPS"}'
	expect 200
	is '[.status, .carrier, .tracking_number] | join(" ")' 'shipped UPS 3'
	shipped 3 2
	is '.shipments | map([.number, .tracking_number, (.items | map(.quantity))]) | tojson' \
		'[[1,"1",[1,2]],[2,null,[1]],[3,"3",[1]]]'
	is '.events | map(.to_status) | join(" ")' 'placed partly_shipped partly_shipped shipped'
	in_stock "$tea" 17
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '[(.shipments | length), .shipments[0].tracking_url, has("events")] | tojson' '[3,"https://dhl.example/1",false]'
	shipped 3 2
	ship "{$(pieces "$tea_line:1")}"
	expect 409 transition-not-allowed
}

@test "shipments: each has a message" {
	two_lines
	ship "{$(pieces "$tea_line:1")}"
	by staff ask POST "/orders/$order/ship"
	expect 200
	[[ $(sql "select count(*) from outbox where order_id = '$order' and template = 'order_shipped'") == 2 ]]
}

@test "shipments: what is refused of a body" {
	two_lines
	ship '{}'
	refused '/items required'
	ship '{"items":[]}'
	refused '/items min_items'
	ship '{"items":{}}'
	refused '/items wrong_type'
	ship '{"items":[{"id":"x","quantity":0},{}],"tracking_url":"ftp://x.example","carrier":" ","weight":1}'
	refused '/items/0/id invalid, /items/0/quantity min_value, /items/1/id required, /items/1/quantity required,'\
' /tracking_url invalid, /carrier blank, /weight unknown_field'
	ship '{"tracking_url":"javascript:alert(1)","items":[1]}'
	refused '/tracking_url invalid, /items/0 wrong_type'
	ship "{$(pieces "$tea_line:4" "$cup_line:2" "$cup_line:1" "$order:1")}"
	refused '/items/0/quantity max_value, /items/2/id duplicate, /items/3/id not_found'
	is '.errors[0].detail' 'Only 3 of it can still be shipped.'
	ship "{$(pieces "$tea_line:3")}"
	expect 201
	ship "{$(pieces "$tea_line:1")}"
	refused '/items/0/quantity max_value'
	shipment=$(sql "select id from shipments where order_id = '$order'")
	by staff ask PATCH "/orders/$order/shipments/$shipment" '{"tracking_url":"x","items":[],"number":2}'
	refused '/tracking_url invalid, /items unknown_field, /number unknown_field'
}

@test "shipments: the rules of shipping hold for each" {
	two_lines
	by customer ask POST "/orders/$order/shipments" "{$(pieces "$tea_line:1")}"
	expect 403 forbidden
	by stranger ask POST "/orders/$order/shipments" "{$(pieces "$tea_line:1")}"
	expect 404 not-found
	sql "with p as (insert into payments (order_id, payment_method, online, amount, currency, status, paid_at)
			select id, 'stripe', true, total, currency, 'captured', now() from orders where id = '$order' returning *)
		insert into disputes (payment, order_id, gateway_dispute, is_inquiry, amount, currency, reason, reported_at, status)
		select id, order_id, 'dp_' || id, false, amount, currency, 'fraudulent', now(), 'needs_response' from p"
	sql "select order_reconcile('$order')"
	ship "{$(pieces "$tea_line:1")}"
	expect 409 conflict
	ship "{$(pieces "$tea_line:1"),\"force\":true}"
	expect 201
	is '.status, .payment_status' $'partly_shipped\npaid'
	by staff ask POST "/orders/$order/ship"
	expect 409 conflict
	by staff ask POST "/orders/$order/cancel"
	expect 409 transition-not-allowed
	by staff ask POST "/orders/$order/ship" '{"force":true}'
	expect 200
	two_lines
	sql "update orders set restocked_at = now() where id = '$order'"
	by staff ask GET "/orders/$order"
	is '.allowed_transitions | join(" ")' cancelled
	ship "{$(pieces "$tea_line:1")}"
	expect 409 transition-not-allowed
	sql "update orders set restocked_at = null where id = '$order'"
	sql "update order_items set dropped = quantity where order_id = '$order'"
	by staff ask POST "/orders/$order/ship"
	expect 409 conflict
	is .detail 'Nothing of the order is left to ship.'
}

@test "shipments: pieces that were taken out are not shipped" {
	two_lines
	sql "update order_items set dropped = 2 where id = '$tea_line'"
	ship "{$(pieces "$tea_line:2")}"
	refused '/items/0/quantity max_value'
	by staff ask POST "/orders/$order/ship"
	expect 200
	shipped 1 2
	is '[.status, (.shipments[0].items | map(.quantity) | tojson)] | join(" ")' 'shipped [1,2]'
}

@test "shipments: the order is shipped when the rest is taken out" {
	two_lines
	ship "{$(pieces "$tea_line:3" "$cup_line:1")}"
	expect 201
	sql "select order_shipped_by_rest('$order')"
	[[ $(sql "select status from orders where id = '$order'") == partly_shipped ]]
	sql "update order_items set dropped = 1 where id = '$cup_line'; select order_shipped_by_rest('$order')"
	by staff ask GET "/orders/$order"
	is '[.status, .events[-1].from_status, .events[-1].to_status, .events[-1].note] | join(" ")' \
		'shipped partly_shipped shipped Nothing is left to ship.'
}

@test "shipments: a partly shipped order is an open one, paid by who has the goods" {
	two_lines
	ship "{$(pieces "$tea_line:1")}"
	key=$(unique key-of-a-payment-)
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"cod\"}" "Idempotency-Key: $key" "X-Order-Token: $order_token"
	expect 201
	payment=$(field .id)
	ask POST "/payments/$payment/cancel" '' "X-Order-Token: $order_token"
	expect 403 forbidden
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	by staff ask GET "/orders/$order"
	is '[.status, .payment_status] | join(" ")' 'partly_shipped paid'
	by staff ask GET "/orders?status=partly_shipped&number=$(field .number)"
	is '.results | length' 1
	by customer place "$tea:2"
	line=$(field '.items[0].id')
	ship "{$(pieces "$line:1")}"
	expect 201
	by customer api DELETE /auth/me
	expect 409 conflict
}

@test "shipments: a parcel's carrier, number and page are corrected" {
	two_lines
	ship "{$(pieces "$tea_line:1"),\"carrier\":\"DHL\",\"tracking_number\":\"1\"}"
	first=$(field '.shipments[0].id')
	ship "{$(pieces "$tea_line:1"),\"carrier\":\"DHL\",\"tracking_number\":\"2\"}"
	second=$(field '.shipments[1].id') etag=$(header ETag)
	by staff ask PATCH "/orders/$order/shipments/$first" '{"tracking_number":"11","tracking_url":"https://dhl.example/11"}' \
		"If-Match: $etag"
	expect 200
	is '.shipments | map([.carrier, .tracking_number, .tracking_url]) | tojson' \
		'[["DHL","11","https://dhl.example/11"],["DHL","2",null]]'
	is .tracking_number 2
	is '.events[-1] | [.kind, .from_status, .to_status, .data.shipments.old.tracking_number,
		.data.shipments.new.tracking_number, .data.shipments.new.number] | tojson' \
		'["correction","partly_shipped","partly_shipped","1","11",1]'
	by staff ask PATCH "/orders/$order/shipments/$first" '{"tracking_number":"12"}' "If-Match: $etag"
	expect 412 precondition-failed
	by staff ask POST "/orders/$order/ship"
	third=$(field '.shipments[2].id')
	by staff ask PATCH "/orders/$order/shipments/$third" '{"carrier":"UPS","tracking_number":"3"}'
	is '[.carrier, .tracking_number] | join(" ")' 'UPS 3'
	by staff ask PATCH "/orders/$order/shipments/$third" '{"carrier":null}'
	is '[.carrier, .tracking_number] | tojson' '[null,"3"]'
	events=$(field '.events | length')
	by staff ask PATCH "/orders/$order/shipments/$third" '{"tracking_number":"3"}'
	expect 200
	is '.events | length' "$events"
	by staff ask PATCH "/orders/$order/shipments/$order" '{"carrier":"UPS"}'
	expect 404 not-found
	by customer ask PATCH "/orders/$order/shipments/$second" '{"carrier":"UPS"}'
	expect 403 forbidden
	[[ $(sql "select count(*) from audit_logs where table_name = 'shipments' and record_id = '$third'") == 4 ]]
}

@test "shipments: a repeated request ships once" {
	two_lines
	key=$(unique key-of-a-shipment-)
	ship "{$(pieces "$tea_line:1")}" "Idempotency-Key: $key"
	expect 201
	ship "{$(pieces "$tea_line:1")}" "Idempotency-Key: $key"
	expect 201
	[[ $(header Idempotent-Replayed) == true ]]
	shipped 1 0
	ship "{$(pieces "$tea_line:2")}" "Idempotency-Key: $key"
	expect 422 idempotency-key-reused
}

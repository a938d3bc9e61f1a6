# What staff correct of an order until it is shipped, and the invoice that follows.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	product=$(make_product tax_rate=19)
}
teardown() {
	ledger_is_right
	# Of each order one invoice counts: all others are credited in full, none beyond its amount.
	[[ $(sql "select count(*) from invoices i where i.kind = 'invoice' and (
		i.amount < (select coalesce(sum(c.amount), 0) from invoices c where c.credits = i.id)
		or (i.superseded and i.amount <> (select coalesce(sum(c.amount), 0) from invoices c where c.credits = i.id)))") == 0 ]]
}

ADDRESS='{"line1":"1 Lake Road","city":"Bonn","postal_code":"53111","country":"DE"}'

# correct BODY [HEADER]... : by staff.
correct() { by staff ask PATCH "/orders/$order" "$@"; }

# addressed : a guest's order with an address.
addressed() {
	ask POST /orders "$(order_of "$product:2" | jq -c --argjson to "$ADDRESS" '.shipping_address = $to')"
	expect 201
	order=$(field .id) order_token=$(field .order_token) invoice=$(field .invoice.id)
}

# documents : kind, amount and buyer's name of the order's invoices and credit notes, in their order.
documents() {
	sql "select string_agg(concat_ws(' ', i.kind, i.amount, i.document::jsonb #>> '{buyer,name}'), ', ' order by i.created_at, i.kind)
		from invoices i where i.order_id = '$order'"
}

@test "corrections: the contact and addresses, each request one event" {
	addressed
	correct '{"contact":{"email":"new@example.com"},"shipping_address":{"city":"Köln","postal_code":"50667"},
		"comments":"moved","tags":["moved"]}'
	expect 200
	is '[.contact.name, .contact.email, .contact.mobile_number, .comments, .tags[0]] | join(" ")' \
		'Asha Rao new@example.com +919800000001 moved moved'
	is '.shipping_address | [.line1, .city, .postal_code] | join(", ")' '1 Lake Road, Köln, 50667'
	is '.events | length' 2
	correct '{}'
	expect 200
	is '.events | length' 2
	is '.events[1] | [.kind, .from_status, .to_status, .user] | join(" ")' "correction placed placed $(staff_id staff)"
	is '.events[1].data | keys | join(" ")' 'comments contact shipping_address'
	is '.events[1].data | [.contact.old.email, .contact.new.email, .shipping_address.old.city, .shipping_address.new.city,
		.comments.old, .comments.new] | join(" ")' 'asha@example.com new@example.com Bonn Köln  moved'
	correct '{"shipping_address":{"line2":"left"}}'
	correct '{"shipping_address":{"line2":null},"billing_address":null}'
	is '.shipping_address | has("line2")' false
	is '.events | length' 4
	# What changes nothing is no event.
	correct '{"contact":{"email":"new@example.com"},"shipping_address":{"city":"Köln"}}'
	expect 200
	is '.events | length' 4
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '[.contact.email, has("events")] | tojson' '["new@example.com",false]'
}

@test "corrections: until the order is shipped" {
	addressed
	line=$(sql "select id from order_items where order_id = '$order'")
	by staff ask POST "/orders/$order/shipments" "{\"items\":[{\"id\":\"$line\",\"quantity\":1}]}"
	expect 201
	correct '{"shipping_address":{"city":"Köln"}}'
	expect 200
	by staff ask POST "/orders/$order/ship"
	expect 200
	for late in '{"shipping_address":{"city":"Ulm"}}' '{"contact":{"name":"Ann"}}' "{\"billing_address\":$ADDRESS}"; do
		correct "$late"
		expect 409 conflict
		is .detail 'The order is shipped: its contact and addresses can no longer be corrected.'
	done
	correct '{"shipping_address":{"city":"Köln"},"comments":"late"}'
	expect 200
	is '[.comments, .events[-1].kind] | join(" ")' 'late correction'
	addressed
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	correct '{"contact":{"name":"Ann"}}'
	expect 409 conflict
}

@test "corrections: another buyer on the invoice makes another invoice" {
	addressed
	[[ $(documents) == 'invoice 23.80 Asha Rao' ]]
	correct '{"contact":{"email":"new@example.com"}}'
	is .invoice.id "$invoice"
	correct '{"contact":{"name":"Asha Rao-Singh"}}'
	expect 200
	[[ $(documents) == 'invoice 23.80 Asha Rao, credit_note 23.80 Asha Rao, invoice 23.80 Asha Rao-Singh' ]]
	second=$(field .invoice.id)
	[[ $second != "$invoice" ]]
	by staff api GET "/invoices?order=$order&ordering=invoice_number"
	is '.results | map([.kind, .superseded, .credits != null]) | tojson' \
		'[["credit_note",false,true],["invoice",true,false],["invoice",false,false]]'
	api GET "/invoices/$second/html" -H "X-Order-Token: $order_token"
	expect 200
	[[ $body == *'Asha Rao-Singh'* ]]
	# The shipping address is billed where there is no other.
	correct '{"shipping_address":{"line1":"2 Lake Road"}}'
	third=$(field .invoice.id)
	[[ $third != "$second" ]]
	by staff api GET "/invoices/$third"
	is '[.buyer.billing_address.line1, .superseded] | tojson' '["2 Lake Road",false]'
	correct "{\"billing_address\":$(jq -c '.line1 = "2 Lake Road"' <<<"$ADDRESS")}"
	is .invoice.id "$third"
	correct '{"shipping_address":{"line1":"3 Lake Road"}}'
	is .invoice.id "$third"
	number=$(field .invoice.invoice_number)
	by admin api GET "/orders/export?of=orders&store=$store&from=2000-01-01&to=2999-12-31&format=ndjson"
	[[ $(jq -r "select(.id == \"$order\").invoice_number" <<<"$body") == "$number" ]]
	# What is credited from here on is of the current one, and nothing is left when the order is cancelled.
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 200
	[[ $(sql "select sum(case kind when 'invoice' then amount else -amount end) from invoices where order_id = '$order'") == 0.00 ]]
	[[ $(sql "select credits from invoices where order_id = '$order' order by created_at desc, id desc limit 1") == "$third" ]]
}

@test "corrections: an invoice of which a part was credited stays" {
	addressed
	sql "with p as (insert into payments (order_id, payment_method, online, amount, currency, status, paid_at)
			select id, 'stripe', true, total, currency, 'captured', now() from orders where id = '$order' returning *)
		, r as (insert into refunds (payment, order_id, amount, currency, status) select id, order_id, 5, currency, 'pending'
			from p returning *) select 1"
	sql "select refund_apply(id, jsonb_build_object('refund_state', 'succeeded', 'refund_amount', amount::text,
		'currency', currency, 'gateway_refund', id)) from refunds where order_id = '$order'"
	correct '{"contact":{"name":"Ann"}}'
	expect 200
	is '[.contact.name, .invoice.id] | join(" ")' "Ann $invoice"
	[[ $(documents) == 'invoice 23.80 Asha Rao, credit_note 5.00 Asha Rao' ]]
}

@test "corrections: of an order that costs nothing the invoice is replaced without a credit note" {
	product=$(make_product price=0)
	addressed
	correct '{"contact":{"name":"Ann"}}'
	expect 200
	[[ $(documents) == 'invoice 0.00 Asha Rao, invoice 0.00 Ann' ]]
}

@test "corrections: another contact of a guest is unconfirmed, and a customer's order stays theirs" {
	addressed
	sql "update orders set email_proven = true, mobile_proven = true where id = '$order'"
	correct '{"contact":{"email":"ASHA@example.com","mobile_number":"+919800000002"}}'
	expect 200
	[[ $(sql "select email_proven, mobile_proven from orders where id = '$order'") == 't|f' ]]
	correct '{"contact":{"email":"other@example.com"}}'
	[[ $(sql "select email_proven, mobile_proven from orders where id = '$order'") == 'f|f' ]]
	by customer place "$product:1"
	owner=$(field .user)
	correct '{"contact":{"name":"Ann","email":"other@example.com","mobile_number":null}}'
	expect 200
	is '.user, .claimed, .contact.mobile_number' "$owner
false
null"
	by customer api GET "/orders/$order"
	is .contact.name Ann
}

@test "corrections: what is refused" {
	addressed
	correct '{"contact":{"name":" ","email":"x"},"shipping_address":{"country":"in"},"tags":[1],"colour":"red"}'
	refused '/contact/name blank, /contact/email invalid, /shipping_address/country invalid, /tags/0 wrong_type,'\
' /colour unknown_field'
	correct '{"contact":{"email":"x"},"tags":["right"]}'
	refused '/contact/email invalid'
	correct '{"contact":{"name":"Ann"},"tags":[""]}'
	refused '/tags/0 blank'
	correct '{"contact":{"email":null,"mobile_number":null}}'
	refused '/contact required'
	correct '{"contact":{"name":null}}'
	refused '/contact/name required'
	correct '{"shipping_address":{"line1":null},"billing_address":{"line1":"1 Lake Road"}}'
	refused '/shipping_address/line1 required, /billing_address/city required, /billing_address/country required'
	correct '{"coupon":"X"}'
	expect 409 transition-not-allowed
	ask PATCH "/orders/$order" '{"contact":{"name":"Ann"}}' "X-Order-Token: $order_token"
	expect 409 transition-not-allowed
	by stranger ask PATCH "/orders/$order" '{"contact":{"name":"Ann"}}'
	expect 404 not-found
	is .status 404
	by staff api GET "/orders/$order"
	is '.events | length' 1
}

@test "corrections: not to a country that the shipping method does not serve" {
	open_store EUR
	product=$(make_product)
	method=$(by admin make /shipping-methods store="$store" name=Post price=5.00 countries:='["AT","DE"]')
	ask POST /orders "$(order_of "$product:2" | jq -c --argjson to "$ADDRESS" --arg m "$method" '.shipping_address = $to | .shipping_method = $m')"
	expect 201
	order=$(field .id)
	correct '{"shipping_address":{"country":"FR"}}'
	refused '/shipping_method wrong_country'
	correct '{"shipping_address":null}'
	refused '/shipping_address required'
	correct '{"shipping_address":{"country":"AT","postal_code":"1010"}}'
	expect 200
}

@test "corrections: with If-Match one of two wins, and the other one sees what was corrected" {
	addressed
	by staff api GET "/orders/$order"
	etag=$(header ETag)
	correct '{"contact":{"name":"Ann"}}' "If-Match: $etag"
	expect 200
	correct '{"contact":{"name":"Ben"}}' "If-Match: $etag"
	expect 412 precondition-failed
	by staff api GET "/orders/$order"
	is '[.contact.name, (.events | length)] | tojson' '["Ann",2]'
}

@test "corrections: an account that is deleted takes them with it" {
	by another_customer place "$product:1"
	correct '{"contact":{"name":"Secret Name"}}'
	expect 200
	by staff ask POST "/orders/$order/ship" '{"tracking":"0034"}'
	by staff ask POST "/orders/$order/complete"
	by another_customer api DELETE /auth/me
	expect 204
	by staff api GET "/orders/$order"
	is 'tostring | test("Secret|Asha|0034")' false
}

# What becomes of an order: shipped, cancelled, free, refunded; who did it and when; what its invoice is worth then.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() {
	ledger_is_right
	[[ $(sql "select count(*) from invoices i where i.kind = 'invoice' and i.amount < (
		select sum(c.amount) from invoices c where c.credits = i.id)") == 0 ]]
}

# credited : what credit notes took of the order's invoice.
credited() {
	sql "select coalesce(sum(c.amount), 0) from invoices c join invoices i on i.id = c.credits
		where i.order_id = '$order'"
}

# refund AMOUNT RESTOCK : of the order's payment, as a provider tells of it.
refund() {
	sql "with p as (select * from payments where order_id = '$order' and status = 'captured'),
		r as (insert into refunds (payment, order_id, amount, currency, status, reason, restock)
			select p.id, p.order_id, $1, p.currency, 'pending', 'broken', $2 from p returning *)
		select id from r"
}

# done_refund REFUND : it succeeded.
done_refund() {
	sql "select refund_apply(id, jsonb_build_object('refund_state', 'succeeded', 'refund_amount', amount::text,
		'currency', currency, 'gateway_refund', id)) from refunds where id = '$1'"
}

# pay : all of it, by hand.
pay() {
	sql "insert into payments (order_id, payment_method, online, amount, currency, status, paid_at)
		select id, 'stripe', true, total, currency, 'captured', now() from orders where id = '$order'"
	sql "select order_reconcile('$order')"
}

@test "orders: shipped with a carrier and a number, actor and time" {
	place "$(make_product):2"
	before=$(date -u -d '2 seconds ago' +%FT%T)
	by staff ask POST "/orders/$order/ship" '{"tracking":"00340434161094","carrier":"DHL","note":"two boxes"}'
	expect 200
	is '[.status, .carrier, .tracking_number] | join(" ")' 'shipped DHL 00340434161094'
	is '.events | map([.from_status, .to_status, .note]) | tojson' '[[null,"placed",""],["placed","shipped","two boxes"]]'
	is '.events | map(.user) | tojson' "[null,\"$(staff_id staff)\"]"
	is '.modified_by' "$(staff_id staff)"
	[[ $(field '.events[1].created_at') > $before && $(field '.events[1].created_at') > $(field '.events[0].created_at') ]]
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '[.status, .carrier, .tracking_number, has("events"), has("modified_by")] | tojson' \
		'["shipped","DHL","00340434161094",false,false]'
	[[ $(sql "select string_agg(template, ' ' order by created_at) from outbox where order_id = '$order'") \
		== 'order_placed order_shipped' ]]
	by admin ask POST "/orders/$order/complete" '{"note":"arrived"}'
	expect 200
	by admin api GET /auth/me
	admin=$(field .id)
	by staff api GET "/orders/$order"
	is '.events[2] | [.to_status, .user, .note] | join(" ")' "completed $admin arrived"
	by staff ask POST "/orders/$order/ship" '{"tracking":"other"}'
	expect 409 transition-not-allowed
	is '.allowed_transitions | tojson' '[]'
	[[ $(sql "select tracking_number from orders where id = '$order'") == 00340434161094 ]]
}

@test "orders: members of a ship request" {
	place "$(make_product):1"
	for bad in '{"tracking":""} /tracking blank' '{"carrier":1} /carrier wrong_type' '{"tracking":7} /tracking wrong_type' \
		'{"weight":1} /weight unknown_field' '{"carrier":"'"$(printf 'x%.0s' {1..101})"'"} /carrier max_length'; do
		by staff ask POST "/orders/$order/ship" "${bad%% *}"
		refused "${bad#* }" || { echo "$bad"; return 1; }
	done
	by staff ask POST "/orders/$order/cancel" '{"tracking":"1"}'
	refused '/tracking unknown_field'
	by staff ask POST "/orders/$order/ship" '{}'
	expect 200
	is '[.status, .carrier, .tracking_number] | tojson' '["shipped",null,null]'
}

@test "orders: one that costs nothing is paid, and its events are in order" {
	product=$(make_product price=0 inventory_count:=100)
	for _ in {1..25}; do
		place "$product:1"
		is '[.status, .payment_status, .total, (.allowed_transitions | tojson)] | join(" ")' 'paid paid 0.00 ["cancelled"]'
		by admin api GET "/orders/$order"
		is '.events | map(.from_status, .to_status, .note) | tojson' \
			'[null,"placed","","placed","paid","There is nothing to pay."]'
	done
	by staff ask POST "/orders/$order/ship"
	expect 200
	is .payment_status paid
}

@test "orders: one that cost nothing is cancelled without a credit note" {
	product=$(make_product price=0)
	place "$product:3"
	by staff ask POST "/orders/$order/cancel"
	expect 200
	is '[.status, .payment_status] | join(" ")' 'cancelled unpaid'
	in_stock "$product" 20
	[[ $(sql "select count(*) from invoices where order_id = '$order'") == 1 ]]
	[[ $(sql "select count(*) from refunds where order_id = '$order'") == 0 ]]
}

@test "orders: a cancelled one has a credit note over all of it, once" {
	product=$(make_product price=10.00 tax_rate=19)
	place "$product:2"
	for _ in 1 2; do by staff ask POST "/orders/$order/cancel" '{"note":"no"}'; done
	expect 409 transition-not-allowed
	[[ $(sql "select count(*), sum(amount), min(kind), min(number) ~ '^CN[0-9]{2}-[0-9]{5}$' from invoices
		where order_id = '$order' and kind = 'credit_note'") == '1|23.80|credit_note|t' ]]
	[[ $(sql "select c.taxes = i.taxes and c.document::jsonb -> 'lines' = i.document::jsonb -> 'lines'
			and c.document::jsonb ->> 'credits' = i.number and c.credits = i.id
			and c.document::jsonb ->> 'credits_issued_at' = i.document::jsonb ->> 'issued_at'
		from invoices c, invoices i where c.kind = 'credit_note' and i.kind = 'invoice' and c.order_id = '$order'
			and i.order_id = '$order'") == t ]]
	[[ $(sql "select string_agg(template, ' ' order by created_at) from outbox where order_id = '$order'") \
		== 'order_placed order_cancelled' ]]
}

@test "orders: a paid one that is cancelled gives the money back once" {
	product=$(make_product)
	place "$product:2"
	pay
	[[ $(sql "select status || ' ' || payment_status from orders where id = '$order'") == 'paid paid' ]]
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 409 transition-not-allowed
	by staff ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$product" 20
	[[ $(credited) == 20.00 ]]
	[[ $(sql "select count(*), sum(amount), min(status) from refunds where order_id = '$order'") == '1|20.00|pending' ]]
	refund=$(sql "select id from refunds where order_id = '$order'")
	for _ in 1 2; do done_refund "$refund"; done
	[[ $(credited) == 20.00 ]]
	[[ $(sql "select status || ' ' || payment_status from orders where id = '$order'") == 'cancelled refunded' ]]
	[[ $(sql "select count(*) from refunds where order_id = '$order'") == 1 ]]
	in_stock "$product" 20
}

@test "orders: goods that came back with a refund do not come back again" {
	product=$(make_product)
	place "$product:2"
	pay
	first=$(refund 5.00 true) second=$(refund 1.00 true)
	for refund in "$first" "$first" "$second"; do done_refund "$refund"; done
	in_stock "$product" 20
	[[ $(credited) == 6.00 ]]
	[[ $(sql "select payment_status from orders where id = '$order'") == partially_refunded ]]
	by staff ask POST "/orders/$order/cancel"
	expect 200
	in_stock "$product" 20
	[[ $(credited) == 20.00 ]]
	[[ $(sql "select sum(amount) from refunds where order_id = '$order'") == 20.00 ]]
}

@test "orders: many credit notes together are the invoice, rate by rate" {
	store=$(make_store)
	products=("$(make_product price=0.37 tax_rate=7):1" "$(make_product price=0.61 tax_rate=19):1"
		"$(make_product price=0.10 tax_rate=0):3")
	place "${products[@]}"
	total=$(field .total)
	pay
	# A cent at a time at first: what is rounded each time must not add up at one rate.
	for amount in 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.01 0.13 0.07 0.29 0.50; do
		done_refund "$(refund "$amount" false)" >/dev/null
		[[ $(sql "select bool_and((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric > 0
				and (t ->> 'taxable')::numeric >= 0 and (t ->> 'tax')::numeric >= 0)
			from invoices c, jsonb_array_elements(c.taxes) t where c.order_id = '$order' and c.kind = 'credit_note'") == t ]]
		[[ $(sql "select count(*) from invoices c where c.order_id = '$order' and c.amount <> (
			select sum((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric) from jsonb_array_elements(c.taxes) t)") == 0 ]]
		over=$(sql "select i.rate, i.taxable - c.taxable, i.tax - c.tax from (
				select t ->> 'rate' as rate, (t ->> 'taxable')::numeric as taxable, (t ->> 'tax')::numeric as tax
				from invoices n, jsonb_array_elements(n.taxes) t where n.order_id = '$order' and n.kind = 'invoice') i
			join (
				select t ->> 'rate' as rate, sum((t ->> 'taxable')::numeric) as taxable, sum((t ->> 'tax')::numeric) as tax
				from invoices n, jsonb_array_elements(n.taxes) t
				where n.order_id = '$order' and n.kind = 'credit_note' group by 1) c using (rate)
			where c.taxable > i.taxable or c.tax > i.tax")
		if [[ -n $over ]]; then echo "more is taken back than there was: $over"; return 1; fi
	done
	by admin ask POST "/orders/$order/cancel"
	expect 200
	[[ $(credited) == "$total" ]]
	[[ $(sql "select jsonb_object_agg(rate, sums order by rate) from (
			select t ->> 'rate' as rate, sum((t ->> 'taxable')::numeric) || ' ' || sum((t ->> 'tax')::numeric) as sums
			from invoices n, jsonb_array_elements(n.taxes) t
			where n.order_id = '$order' and n.kind = 'credit_note' group by 1) c") \
		== "$(sql "select jsonb_object_agg(t ->> 'rate', (t ->> 'taxable') || ' ' || (t ->> 'tax') order by t ->> 'rate')
			from invoices n, jsonb_array_elements(n.taxes) t where n.order_id = '$order' and n.kind = 'invoice'")" ]]
}

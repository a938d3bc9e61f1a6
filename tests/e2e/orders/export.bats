# The export of a store's orders, lines, payments and taxes: who gets it, its days, its pages, what is in it.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	open_store EUR
}
teardown() { ledger_is_right; }

# export_of TABLE [PARAMETERS] : of $store, as staff; of all days.
export_of() { by staff api GET "/orders/export?of=$1&store=$store&from=2000-01-01&to=2999-12-31${2+&$2}"; }

# values JQ : of all objects of the answer.
values() { jq -rs "$1" <"$BATS_TEST_TMPDIR/body"; }

@test "export: staff export their own store, nobody else does" {
	place "$(make_product):1"
	from='from=2000-01-01&to=2999-12-31'
	by staff api GET "/orders/export?$from&store=$store"
	expect 200
	[[ $(header Content-Type) == 'text/csv; charset=utf-8; header=present' ]]
	slug=$(sql "select slug from stores where id = '$store'")
	[[ $(header Content-Disposition) == "attachment; filename=\"$slug-orders-2000-01-01-2999-12-31.csv\"" ]]
	[[ $(header Cache-Control) == no-store ]]
	by admin api GET "/orders/export?$from&store=$store"
	expect 200
	by staff api GET "/orders/export?$from&store=$other_store"
	expect 403 forbidden
	by stranger api GET "/orders/export?$from&store=$store"
	expect 403 forbidden
	by customer api GET "/orders/export?$from&store=$store"
	expect 403 forbidden
	by nobody api GET "/orders/export?$from&store=$store"
	expect 401 not-authenticated
	# The stranger works in one, the staff in several.
	by stranger api GET "/orders/export?$from"
	expect 200
	by staff api GET "/orders/export?$from"
	expect 400 invalid-query 'store required'
	by admin api GET "/orders/export?$from&store=01900000-0000-7000-8000-000000000000"
	expect 403 forbidden
}

@test "export: parameters that are wrong are named" {
	while read -r query wanted; do
		by staff api GET "/orders/export?store=$store&$query"
		expect 400 invalid-query "$wanted"
	done <<-'END'
		to=2026-01-31 from required
		from=2026-01-01 to required
		from=2026-02-30&to=2026-03-01 from invalid
		from=2026-1-1&to=2026-03-01 from invalid
		from=2026-01-01T00:00:00Z&to=2026-03-01 from invalid
		from=2026-02-01&to=2026-01-31 to invalid
		from=2026-01-01&to=2026-01-31&of=nonsense of invalid_choice
		from=2026-01-01&to=2026-01-31&format=xlsx format invalid_choice
		from=2026-01-01&to=2026-01-31&colour=red colour invalid
		from=2026-01-01&to=2027-01-02&of=taxes to max_value
	END
	by staff api GET "/orders/export?store=$store&from=2026-01-01&to=2027-01-01&of=taxes"
	expect 200
	by staff api GET "/orders/export?store=$store&from=2026-01-01&to=2026-01-31&cursor=x"
	expect 400 invalid-cursor
}

@test "export: CSV has names, plain amounts and guarded texts, and so have objects, without a guard" {
	product=$(make_product name='=Tea, "green"' price=4.50 tax_rate=19)
	ask POST /orders "$(order_of "$product:2" | jq -c '.contact.name = "Rao, Asha" | .billing_address = {company: "@Acme",
		line1: "1 Street", city: "City", country: "DE", tax_id: "DE136695976"}')"
	expect 201
	order=$(field .id) number=$(field .number) placed=$(field .placed_at) invoice=$(field .invoice.invoice_number)
	export_of orders
	[[ $body == "number,id,placed_at,status,payment_status,name,email,mobile_number,company,tax_id,country,currency,subtotal,\
discount_total,shipping_total,tax_total,rounding,total,coupon,shipping_method,invoice_number,tax_scheme"$'\r\n'"$number,$order,$placed,\
placed,unpaid,\"Rao, Asha\",asha@example.com,'+919800000001,'@Acme,DE136695976,,EUR,9.00,0.00,0.00,1.71,0.00,10.71,,,\
$invoice,standard"$'\r' ]]
	export_of lines
	[[ $body == "order_number,order_id,placed_at,status,position,sku,name,hsn,quantity,dropped,shipped,returned,currency,\
unit_price,tax_rate,discount_amount,tax_amount,line_total"$'\r\n'"$number,$order,$placed,placed,1,SKU-"*",\
\"'=Tea, \"\"green\"\"\",,2,0,0,0,EUR,4.50,19.000,0.00,1.71,10.71"$'\r' ]]
	export_of orders format=ndjson
	[[ $(header Content-Type) == application/x-ndjson ]]
	[[ $(values '.[] | [.number, .total, .name, .mobile_number, .coupon] | tojson') == \
		"[$number,\"10.71\",\"Rao, Asha\",\"+919800000001\",null]" ]]
	export_of lines format=NDJSON
	[[ $(values '.[] | [.name, .quantity, .tax_rate] | tojson') == '["=Tea, \"green\"",2,"19.000"]' ]]
}

@test "export: the days are the store's" {
	store=$(staffed_store timezone=Asia/Kolkata)
	product=$(make_product)
	place "$product:1"
	sql "update orders set placed_at = '2031-03-09 18:29:59Z' where id = '$order'"
	place "$product:1"
	sql "update orders set placed_at = '2031-03-09 18:30:00Z' where id = '$order'"
	while read -r days n; do
		by staff api GET "/orders/export?store=$store&format=ndjson&$days"
		expect 200
		[[ $(values length) == "$n" ]] || { echo "$days: $body"; false; }
	done <<-'END'
		from=2031-03-09&to=2031-03-09 1
		from=2031-03-10&to=2031-03-10 1
		from=2031-03-09&to=2031-03-10 2
		from=2031-03-11&to=2031-03-12 0
	END
	by staff api GET "/orders/export?store=$store&from=2031-03-11&to=2031-03-12"
	[[ $body == number,*,tax_scheme$'\r' ]]
}

@test "export: a page has 2000 rows, and a link to the next one" {
	sql "insert into orders (number, store, status, payment_status, currency, prices_include_tax, subtotal, tax_total, total,
			contact_name, contact_email, token_hash, placed_at)
		select 7000000000 + n, '$store', 'placed', 'unpaid', 'EUR', false, 1, 0, 1, 'Asha', 'asha@example.com', '\x00',
			timestamptz '2032-01-01' + n / 3 * interval '1 second'
		from generate_series(1, 4001) n"
	export_of orders format=ndjson
	expect 200
	pages=1
	values '.[].number' >"$BATS_TEST_TMPDIR/numbers"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/numbers") == 2000 ]]
	while link=$(header Link) && [[ $link ]]; do
		[[ $link == '<'*'/orders/export?'*'>; rel="next"' ]]
		link=${link#<}
		by staff api GET "${link%%>*}"
		expect 200
		values '.[].number' >>"$BATS_TEST_TMPDIR/numbers"
		(( ++pages < 5 ))
	done
	[[ $pages == 3 ]]
	[[ $(sort -u "$BATS_TEST_TMPDIR/numbers" | wc -l) == 4001 && $(wc -l <"$BATS_TEST_TMPDIR/numbers") == 4001 ]]
	# A cursor is of its table.
	export_of orders
	link=$(header Link) cursor=${link##*cursor=}
	export_of payments "cursor=${cursor%%>*}"
	expect 400 invalid-cursor
	sql "delete from orders where store = '$store'"
}

@test "export: lines are in their order's order, on the next page too" {
	sql "with o as (insert into orders (number, store, status, payment_status, currency, prices_include_tax, subtotal,
				tax_total, total, contact_name, contact_email, token_hash, placed_at)
			select 7100000000 + n, '$store', 'placed', 'unpaid', 'EUR', false, 1, 0, 1, 'Asha', 'asha@example.com', '\x00',
				timestamptz '2032-01-01'
			from generate_series(1, 2) n returning id)
		insert into order_items (order_id, position, product, sku, name, quantity, unit_price, tax_rate, tax_amount,
			line_total)
		select o.id, n, '$(make_product)', 'S', 'Tea', 1, 1, 0, 0, 1 from o, generate_series(1100, 1, -1) n"
	export_of lines format=ndjson
	expect 200
	values '.[] | [.order_number, .position] | join(" ")' >"$BATS_TEST_TMPDIR/lines"
	link=$(header Link) link=${link#<}
	by staff api GET "${link%%>*}"
	expect 200
	values '.[] | [.order_number, .position] | join(" ")' >>"$BATS_TEST_TMPDIR/lines"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/lines") == 2200 ]]
	diff "$BATS_TEST_TMPDIR/lines" <(
		for number in $(cut -d ' ' -f 1 "$BATS_TEST_TMPDIR/lines" | uniq); do seq -f "$number %g" 1100; done)
	sql "delete from order_items where sku = 'S'; delete from orders where store = '$store'"
}

@test "export: what a payment has not captured is written with its currency's decimals" {
	place "$(make_product):1"
	by staff ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"cod\"}" "Idempotency-Key: $(unique key)"
	expect 201
	export_of payments format=ndjson
	[[ $(values '.[] | [.amount_captured, .amount_refunded] | join(" ")') == '0.00 0.00' ]]
}

@test "export: taxes add up to the invoices and credit notes, to the cent" {
	low=$(make_product price=3.33 tax_rate=7) high=$(make_product price=7.77 tax_rate=19) none=$(make_product price=1.01)
	for pieces in 1 3 7; do
		place "$low:$pieces" "$high:$((pieces + 1))" "$none:1"
		by staff ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"manual\"}" "Idempotency-Key: $(unique key)"
		expect 201
		payment=$(field .id)
		by staff ask POST "/payments/$payment/mark-paid"
		expect 200
	done
	for amount in '{"amount":"5.55"}' '{}'; do
		by staff ask POST "/payments/$payment/refunds" "$amount" "Idempotency-Key: $(unique key)"
		expect 201
	done
	[[ $(sql "select count(*) filter (where kind = 'invoice'), count(*) filter (where kind = 'credit_note') from invoices
		where store = '$store'") == '3|2' ]]
	day=$(sql "select (now() at time zone timezone)::date from stores where id = '$store'")
	by staff api GET "/orders/export?of=taxes&format=ndjson&store=$store&from=$day&to=$day"
	expect 200
	found=$(values 'map("\(.kind) \(.rate) \(.taxable) \(.tax) \(.documents) \(.tax_scheme)") | sort | .[]')
	wanted=$(sql "select concat_ws(' ', i.kind, x ->> 'rate',
			sum((x ->> 'taxable')::numeric * case i.kind when 'invoice' then 1 else -1 end),
			sum((x ->> 'tax')::numeric * case i.kind when 'invoice' then 1 else -1 end), count(*), 'standard')
		from invoices i, jsonb_array_elements(i.taxes) x where i.store = '$store' group by i.kind, x ->> 'rate'
		order by concat_ws(' ', i.kind, x ->> 'rate') collate \"C\"")
	[[ $found == "$wanted" && $(wc -l <<<"$found") == 6 ]]
	# What the documents charge is what the rows add up to.
	total=$(values 'map((.taxable | tonumber) + (.tax | tonumber)) | add * 100 | round')
	[[ $total == "$(sql "select round(sum(amount * case kind when 'invoice' then 1 else -1 end) * 100) from invoices
		where store = '$store'")" ]]
	export_of payments format=ndjson
	[[ $(values 'map([.payment_method, .status, .currency, .amount_refunded] | join(" ")) | sort | .[-1]') == \
		"manual captured EUR $(sql "select amount from payments where id = '$payment'")" ]]
	[[ $(values length) == 3 ]]
}

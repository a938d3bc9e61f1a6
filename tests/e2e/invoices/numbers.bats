# Numbers of invoices: without gaps, by store, kind and financial year; amounts in words; taxes of parts.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	store=$(make_store)
}

# number KIND DAY
number() { sql "select invoice_number(s, '$1', '$2') from stores s where s.id = '$store'"; }

# numbers_of STORE KIND : those that are given out, without what is in front.
numbers_of() {
	sql "select string_agg(substring(number from '[0-9]+$')::integer::text, ' ' order by number)
		from invoices where store = '$1' and kind = '$2'"
}

@test "invoices: numbers begin with each store, kind and year" {
	[[ $(number invoice 2026-01-01) == INV26-00001 ]]
	[[ $(number invoice 2026-12-31) == INV26-00002 ]]
	[[ $(number credit_note 2026-12-31) == CN26-00001 ]]
	[[ $(number invoice 2027-01-01) == INV27-00001 ]]
	[[ $(number invoice 2026-12-31) == INV26-00003 ]]
	[[ $(number invoice 2100-01-01) == INV00-00001 ]]
	store=$(make_store)
	[[ $(number invoice 2026-12-31) == INV26-00001 ]]
}

@test "invoices: a financial year that begins in April" {
	sql "update stores set financial_year_start = 4, invoice_prefix = 'A/', credit_note_prefix = 'A-C' where id = '$store'"
	[[ $(number invoice 2027-03-30) == A/2627-00001 ]]
	[[ $(number invoice 2027-03-31) == A/2627-00002 ]]
	[[ $(number invoice 2027-04-01) == A/2728-00001 ]]
	[[ $(number invoice 2026-04-01) == A/2627-00003 ]]
	[[ $(number invoice 2026-03-31) == A/2526-00001 ]]
	[[ $(number credit_note 2027-04-01) == A-C2728-00001 ]]
	[[ $(number invoice 2099-12-31) == A/9900-00001 ]]
	sql "update stores set financial_year_start = 12 where id = '$store'"
	[[ $(number invoice 2030-11-30) == A/2930-00001 ]]
	[[ $(number invoice 2030-12-01) == A/3031-00001 ]]
}

@test "invoices: the order of the last day and that of the first" {
	sql "update stores set financial_year_start = 4, invoice_due_days = 14 where id = '$store'"
	product=$(make_product)
	for day in 2077-03-31 2077-04-01; do
		place "$product:1"
		# As if it were placed on that day.
		sql "begin; delete from invoices where order_id = '$order';
			select invoice_issue(invoice_draft(o, s, '$day'), s, '$day') from orders o join stores s on s.id = o.store where o.id = '$order'; commit"
		numbers+=("$(sql "select number || ' ' || due_at || ' ' || (document::json ->> 'issued_at')
				|| ' ' || (document::json ->> 'due_at')
			from invoices where order_id = '$order'")")
	done
	[[ ${numbers[0]} == 'INV7677-00001 2077-04-14 2077-03-31 2077-04-14' ]]
	[[ ${numbers[1]} == 'INV7778-00001 2077-04-15 2077-04-01 2077-04-15' ]]
}

@test "invoices: the day is the store's" {
	for zone in Pacific/Kiritimati Etc/GMT+12 Asia/Kolkata; do
		store=$(make_store timezone="$zone")
		product=$(make_product)
		place "$product:1"
		[[ $(sql "select (document::json ->> 'issued_at')::date = (issued_at at time zone '$zone')::date from invoices
			where order_id = '$order'") == t ]]
		by admin ask POST "/orders/$order/cancel"
		[[ $(sql "select (document::json ->> 'issued_at')::date = (issued_at at time zone '$zone')::date from invoices
			where order_id = '$order' and kind = 'credit_note'") == t ]]
		days+=("$(sql "select document::json ->> 'issued_at' from invoices where order_id = '$order' and kind = 'invoice'")")
	done
	[[ ${days[0]} != "${days[1]}" ]] # they are 26 hours apart
}

@test "invoices: sixteen characters are enough" {
	sql "update stores set financial_year_start = 4, invoice_prefix = 'ABCD', credit_note_prefix = 'ABCE'
		where id = '$store'"
	for last in 99998 99999 9999998; do
		sql "insert into invoice_counters values ('$store', 'invoice', 2026, $last)
			on conflict on constraint invoice_counters_pkey do update set last = excluded.last"
		numbers+=("$(number invoice 2026-05-01)")
	done
	[[ ${numbers[*]} == 'ABCD2627-99999 ABCD2627-100000 ABCD2627-9999999' ]]
	(( ${#numbers[2]} == 16 ))
	product=$(make_product)
	day=$(sql "select (now() at time zone 'UTC')::date")
	year=$(sql "select extract(year from date '$day') - case when extract(month from date '$day') < 4 then 1 else 0 end")
	sql "insert into invoice_counters values ('$store', 'invoice', $year, 9999998)
		on conflict on constraint invoice_counters_pkey do update set last = excluded.last"
	place "$product:1"
	[[ $(field .invoice.invoice_number) =~ ^ABCD[0-9]{4}-9999999$ ]]
}

@test "invoices: what does not become an order leaves no gap" {
	product=$(make_product inventory_count:=3) dear=$(make_product inventory_count:=100)
	place "$product:1"
	try "$product:3"
	expect 409 out-of-stock
	ask POST /orders "$(order_of "$product:1" | jq -c '.coupon = "NONE"')"
	refused '/coupon not_found'
	try "$order:1"
	refused '/items/0/product not_found'
	place "$dear:1"
	key=$(unique key-)$(unique)
	for _ in 1 2; do
		ask POST /orders "$(order_of "$dear:1")" "Idempotency-Key: $key"
		expect 201
	done
	by admin ask POST "/orders/$(field .id)/cancel"
	expect 200
	place "$dear:1"
	[[ $(numbers_of "$store" invoice) == '1 2 3 4' ]]
	[[ $(numbers_of "$store" credit_note) == 1 ]]
}

@test "invoices: one agrees with its order" {
	product=$(make_product name='Green tea' price=11.90 tax_rate=19 attributes:='{"hsn":"0902"}')
	sql "update stores set tax_number = 'DE123', bank_details = 'IBAN DE00', contact_email = 'shop@example.com'
		where id = '$store'"
	ask POST /orders "$(order_of "$product:2" | jq -c '.billing_address = {line1: "1 Street", city: "Pune",
		region: "Maharashtra", country: "IN"}')"
	expect 201
	document=$(sql "select document from invoices where order_id = '$(field .id)'")
	[[ $(jq -c '[.kind, .order_number, .currency, .subtotal, .tax_total, .total, .total_in_words]' <<<"$document") \
		== "[\"invoice\",\"$(field .number)\",\"EUR\",\"23.80\",\"4.52\",\"28.32\",\"Twenty-eight and 32/100 EUR\"]" ]]
	[[ $(jq -c '.lines | map([.position, .sku, .hsn, .name, .quantity, .unit_price, .tax_rate, .tax_amount,
		.line_total])' \
		<<<"$document") == "[[1,\"$(field '.items[0].sku')\",\"0902\",\"Green tea\",2,\"11.90\",\"19\",\"4.52\",\"28.32\"]]" ]]
	[[ $(jq -c '[.seller.tax_number, .seller.bank_details, .buyer.name, .buyer.billing_address.city]' <<<"$document") \
		== '["DE123","IBAN DE00","Asha Rao","Pune"]' ]]
	# It stays so, whatever the store and the product are called then.
	sql "update stores set name = 'Other', tax_number = 'X' where id = '$store'"
	sql "update products set name = 'Other', price = 1 where id = '$product'"
	[[ $(sql "select document from invoices where order_id = '$(field .id)'") == "$document" ]]
}

@test "invoices: amounts in words" {
	while IFS='|' read -r amount currency words; do
		found=$(sql "select amount_in_words($amount, '$currency')")
		if [[ $found != "$words" ]]; then echo "$amount $currency is \"$found\", not \"$words\""; return 1; fi
	done <<-END
		0.00|EUR|Zero and 00/100 EUR
		0.05|EUR|Zero and 05/100 EUR
		0.29|EUR|Zero and 29/100 EUR
		1.00|EUR|One and 00/100 EUR
		13.10|EUR|Thirteen and 10/100 EUR
		20.99|USD|Twenty and 99/100 USD
		21.00|EUR|Twenty-one and 00/100 EUR
		100.00|EUR|One hundred and 00/100 EUR
		110.01|EUR|One hundred ten and 01/100 EUR
		999.99|EUR|Nine hundred ninety-nine and 99/100 EUR
		1000.00|EUR|One thousand and 00/100 EUR
		1180.50|EUR|One thousand one hundred eighty and 50/100 EUR
		1000001.00|EUR|One million one and 00/100 EUR
		70040015.12|EUR|Seventy million forty thousand fifteen and 12/100 EUR
		999999999999.99|EUR|Nine hundred ninety-nine billion nine hundred ninety-nine million nine hundred ninety-nine thousand nine hundred ninety-nine and 99/100 EUR
		1000000000000.00|EUR|One trillion and 00/100 EUR
		1999999999999800.00|EUR|One thousand nine hundred ninety-nine trillion nine hundred ninety-nine billion nine hundred ninety-nine million nine hundred ninety-nine thousand eight hundred and 00/100 EUR
		0|JPY|Zero JPY
		1|JPY|One JPY
		120345|JPY|One hundred twenty thousand three hundred forty-five JPY
		0.001|KWD|Zero and 001/1000 KWD
		12.345|KWD|Twelve and 345/1000 KWD
		7.050|KWD|Seven and 050/1000 KWD
		0.00|INR|Zero rupees only
		0.05|INR|Zero rupees and five paise only
		0.01|INR|Zero rupees and one paisa only
		1.00|INR|One rupee only
		1.01|INR|One rupee and one paisa only
		2.29|INR|Two rupees and twenty-nine paise only
		99999.00|INR|Ninety-nine thousand nine hundred ninety-nine rupees only
		100000.00|INR|One lakh rupees only
		100001.10|INR|One lakh one rupees and ten paise only
		9999999.99|INR|Ninety-nine lakh ninety-nine thousand nine hundred ninety-nine rupees and ninety-nine paise only
		10000000.00|INR|One crore rupees only
		12345678.90|INR|One crore twenty-three lakh forty-five thousand six hundred seventy-eight rupees and ninety paise only
		1234567890123.45|INR|One lakh twenty-three thousand four hundred fifty-six crore seventy-eight lakh ninety thousand one hundred twenty-three rupees and forty-five paise only
	END
}

@test "invoices: a part is shared out to the last unit" {
	# Random taxes and parts: the parts sum up, none is negative or more than there is, and the whole is the whole.
	[[ $(sql "
		with cases as (
			select n, d, (
				select jsonb_agg(jsonb_build_object('rate', r::text, 'taxable', t::text, 'tax', round(t * r / 100, d)::text)
					order by r)
				from (
					select distinct on (r) r, round((random() * 10 ^ floor(random() * 6))::numeric, d) as t
					from (select (array[0, 5, 7, 12.5, 19, 28])[1 + floor(random() * 6)::integer] as r, n as again
						from generate_series(1, 4)) x) y) as taxes
			from generate_series(1, 2000) n, lateral (select (array[0, 2, 3])[1 + n % 3] as d) z),
		wholes as (
			select c.*, (select sum((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric)
				from jsonb_array_elements(taxes) t) as whole
			from cases c),
		parts as (
			select w.*, case when n % 5 = 0 then whole else round(whole * random()::numeric, d) end as part from wholes w),
		shared as (
			select p.*, taxes_of_part(taxes, part, d) as of_part from parts p where part > 0)
		select count(*) filter (where part <> (select sum((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric)
				from jsonb_array_elements(of_part) t)
			or exists (select 1 from jsonb_array_elements(of_part) t
				join jsonb_array_elements(taxes) u on u ->> 'rate' = t ->> 'rate'
				where (t ->> 'taxable')::numeric not between 0 and (u ->> 'taxable')::numeric
					or (t ->> 'tax')::numeric not between 0 and (u ->> 'tax')::numeric)
			or (part = whole and of_part <> (select jsonb_agg(u order by (u ->> 'rate')::numeric)
				from jsonb_array_elements(taxes) u where (u ->> 'taxable')::numeric > 0))),
			count(*) > 1000
		from shared") == '0|t' ]]
}

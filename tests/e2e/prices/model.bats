# Prices of hundreds of random orders, compared with a second computation of them: price_model.js.
# A failure names its seed: SEED=12345 bats model.bats asks for the same orders again.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

bats_require_minimum_version 1.5.0
load ../../support/orders

setup_file() {
	command -v node >/dev/null || skip "node is missing"
	open_shop
}
setup() {
	cases=$BATS_TEST_TMPDIR/cases placed=$BATS_TEST_TMPDIR/placed
	seed=${SEED:-$RANDOM$RANDOM}
	echo "SEED=$seed"
}

model() { node "$top/tests/support/price_model.js" "$@"; }

# For each case a store of its own with what the case speaks of; what a client would send goes to the table bodies.
PREPARE='
create temp table cases (n serial primary key, c jsonb);
create temp table bodies (n integer primary key, body jsonb);

create function pg_temp.prepare(c jsonb) returns jsonb language plpgsql as $$
declare
	shop uuid;
	code text;
	method uuid;
	product uuid;
	line jsonb;
	items jsonb := $j$[]$j$;
	more jsonb := $j$[]$j$;
	chosen jsonb;
begin
	insert into stores (name, slug, currency, prices_include_tax, tax_rounding, rounding_step, guest_max_quantity)
	values ($j$Sums$j$, gen_random_uuid()::text, c ->> $j$currency$j$, (c ->> $j$inclusive$j$)::boolean,
		c ->> $j$rounding$j$, (c ->> $j$step$j$)::numeric, null)
	returning id into shop;
	for line in select * from jsonb_array_elements(c -> $j$lines$j$) loop
		insert into products (sku, name, slug, store, price, tax_rate, currency)
		values (gen_random_uuid()::text, $j$Tea$j$, gen_random_uuid()::text, shop,
			(line ->> $j$price$j$)::numeric, (line ->> $j$rate$j$)::numeric, $j$EUR$j$)
		returning id into product;
		insert into stock_movements (product, delta, reason) values (product, 10000, $j$delivery$j$);
		if (line ->> $j$split$j$)::boolean and (line ->> $j$quantity$j$)::integer > 1 then
			line := jsonb_set(line, array[$j$quantity$j$], to_jsonb((line ->> $j$quantity$j$)::integer - 1));
			more := more || jsonb_build_object($j$product$j$, product, $j$quantity$j$, 1);
		end if;
		items := items || jsonb_build_object($j$product$j$, product, $j$quantity$j$, line -> $j$quantity$j$);
	end loop;
	if c -> $j$coupon$j$ <> $j$null$j$ then
		select coalesce(jsonb_agg(items -> i::integer -> $j$product$j$), $j$[]$j$) into chosen
		from jsonb_array_elements_text(nullif(c -> $j$coupon$j$ -> $j$lines$j$, $j$null$j$)) i;
		insert into coupons (code, store, discount_percent, discount_amount, free_shipping, products)
		values (gen_random_uuid()::text, shop, (c -> $j$coupon$j$ ->> $j$percent$j$)::numeric,
			(c -> $j$coupon$j$ ->> $j$amount$j$)::numeric, (c -> $j$coupon$j$ ->> $j$free$j$)::boolean, chosen)
		returning coupons.code into code;
	end if;
	if c -> $j$method$j$ <> $j$null$j$ then
		insert into shipping_methods (store, name, price, tax_rate, free_over, handling_fee, bands_by, bands)
		values (shop, $j$Post$j$, (c -> $j$method$j$ ->> $j$price$j$)::numeric,
			(c -> $j$method$j$ ->> $j$rate$j$)::numeric, (c -> $j$method$j$ ->> $j$free_over$j$)::numeric,
			(c -> $j$method$j$ ->> $j$handling$j$)::numeric, c -> $j$method$j$ ->> $j$bands_by$j$,
			c -> $j$method$j$ -> $j$bands$j$)
		returning id into method;
	end if;
	return jsonb_build_object($j$store$j$, shop, $j$items$j$, items || more, $j$coupon$j$, code, $j$shipping_method$j$, method,
		$j$shipping_address$j$, $j${"line1": "1 Street", "city": "City", "country": "DE"}$j$::jsonb,
		$j$contact$j$, $j${"name": "Asha Rao", "email": "asha@example.com"}$j$::jsonb);
end
$$;
-- The body of a request as cgi-bin/orders passes it on.
create function pg_temp.request(body jsonb, order_id uuid) returns jsonb language sql as $$
	select body - array[$j$items$j$, $j$contact$j$] || jsonb_build_object($j$order_id$j$, order_id,
		$j$new_token_hash$j$, $j$\x00$j$, $j$request_id$j$, $j$prices$j$,
		$j$lines$j$, body -> $j$items$j$,
		$j$contact_name$j$, body -> $j$contact$j$ -> $j$name$j$, $j$contact_email$j$, body -> $j$contact$j$ -> $j$email$j$)
$$;'

# prepared COUNT SQL [KIND] : with so many cases prepared, more SQL in the same session.
prepared() {
	model make "$seed" "$1" ${3+"$3"} >"$cases"
	{ echo "$PREPARE"
	  printf '%s\n' "\\copy cases (c) from '$cases' (format csv, delimiter e'\\x02', quote e'\\x01')"
	  echo 'insert into bodies select n, pg_temp.prepare(c) from cases;'
	  echo "$2"; } | $PSQL -X -q -A -t -v ON_ERROR_STOP=1
}

right() {
	model check <"$placed" >"$BATS_TEST_TMPDIR/wrong" || { head -c 4000 "$BATS_TEST_TMPDIR/wrong"; return 1; }
	[[ $(<"$BATS_TEST_TMPDIR/wrong") == "$1 orders, 0 wrong" ]]
}

# placed_in_database COUNT [KIND]
placed_in_database() {
	prepared "$1" "
		create temp table placed as
		select n, uuid_v7() as id from cases;
		create temp table answers as
		select p.n, r.body::jsonb as body
		from placed p join bodies b using (n), lateral order_place(pg_temp.request(b.body, p.id)) r;
		select jsonb_build_object('case', c.c, 'order', a.body, 'invoice', jsonb_build_object('amount', i.amount::text,
			'taxes', i.taxes))
		from cases c join answers a using (n) join placed p using (n)
		join invoices i on i.order_id = p.id order by c.n;
		-- What is stored is what was answered.
		select 'stored otherwise: ' || o.id from placed p join answers a using (n) join orders o on o.id = p.id
		where (o.subtotal::text, o.discount_total::text, o.shipping_total::text, o.tax_total::text,
				o.rounding::text, o.total::text)
			is distinct from (a.body ->> 'subtotal', a.body ->> 'discount_total', a.body ->> 'shipping_total',
				a.body ->> 'tax_total', a.body ->> 'rounding', a.body ->> 'total')
			or o.subtotal <> (select sum(i.unit_price * i.quantity) from order_items i where i.order_id = o.id)
			or o.discount_total <> (select sum(i.discount_amount) from order_items i where i.order_id = o.id)
			or o.tax_total - o.shipping_tax <> (select sum(i.tax_amount) from order_items i where i.order_id = o.id)
			or (o.status = 'paid') <> (o.total = 0);" "${@:2}" >"$placed"
	run ! grep 'stored otherwise' "$placed"
	right "$1"
}

@test "prices: 600 random orders in the database, and their invoices" { placed_in_database 600; }

@test "prices: 200 orders of the highest prices there are" { placed_in_database 200 dear; }

# Each invoice is taken back in parts: no part has more of a rate than is left, and together they are the invoice.
@test "prices: 150 random invoices are taken back in parts to the last unit" {
	prepared 150 "
		select setseed(0.$seed);
		create temp table placed as select n, uuid_v7() as id from cases;
		create temp table answers as
		select p.n, r.status from placed p join bodies b using (n), lateral order_place(pg_temp.request(b.body, p.id)) r;
		do \$\$
		declare
			o orders;
			step numeric;
			rest numeric;
			part numeric;
		begin
			for o in select r.* from orders r join placed p on p.id = r.id loop
				step := currency_step(o.currency);
				rest := o.total;
				while rest > 0 loop
					part := least(rest, greatest(step, round(o.total * random()::numeric / step) * step));
					perform credit_note_issue(o, part, '', null);
					rest := rest - part;
				end loop;
			end loop;
		end \$\$;
		create temp table notes as
		select i.credits, i.amount, (i.document::jsonb ->> 'rounding')::numeric as rounding,
			(i.document::jsonb ->> 'subtotal')::numeric as subtotal, (i.document::jsonb ->> 'tax_total')::numeric as tax, i.taxes
		from invoices i join placed p on p.id = i.order_id where i.kind = 'credit_note';
		select 'wrong note: ' || to_jsonb(n)::text from notes n cross join lateral (
			select coalesce(sum((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric), 0) as gross,
				coalesce(sum((t ->> 'tax')::numeric), 0) as tax, bool_or((t ->> 'taxable')::numeric < 0 or (t ->> 'tax')::numeric < 0) as below
			from jsonb_array_elements(n.taxes) t) s
		where s.gross + n.rounding <> n.amount or s.tax <> n.tax or s.below;
		select 'not all of it: ' || i.number from invoices i join placed p on p.id = i.order_id
		where i.kind = 'invoice' and i.amount > 0 and (
			i.amount <> (select coalesce(sum(n.amount), 0) from notes n where n.credits = i.id)
			or (i.document::jsonb ->> 'rounding')::numeric <> (select coalesce(sum(n.rounding), 0) from notes n where n.credits = i.id)
			or exists (select from jsonb_array_elements(taxes_left(i)) t
				where (t ->> 'taxable')::numeric <> 0 or (t ->> 'tax')::numeric <> 0));
		select count(*) from notes;" >"$placed"
	run ! grep -E 'wrong note|not all of it' "$placed"
	(( $(tail -n 1 "$placed") > 150 ))
}

# Refunds of an order that is paid, until nothing is left: pieces of lines, shipping, goodwill beside them or alone, in any
# order, some of them failing; offline, or online in amounts that can be charged.
REFUND='
create function pg_temp.one_of(most numeric) returns integer language sql as $$ select floor(random() * (most + 1))::integer $$;

create function pg_temp.wish(o orders, step numeric) returns jsonb language plpgsql as $$
declare
	items jsonb;
	shipping numeric := (order_shipping_left(o)).amount;
begin
	select jsonb_agg(jsonb_build_object($j$id$j$, f.order_item, $j$quantity$j$, 1 + pg_temp.one_of(f.quantity - 1),
		$j$restock$j$, random() < 0.5))
	into items from order_items_left(o.id) f where f.quantity > 0 and f.pieces >= f.quantity and random() < 0.4;
	return jsonb_strip_nulls(jsonb_build_object($j$items$j$, items,
		$j$shipping$j$, case when shipping > 0 and random() < 0.3 then case when random() < 0.5 then shipping
			else greatest(shipping, round(shipping * random()::numeric, currency_decimals(o.currency))) end end,
		$j$amount$j$, case when items is null or random() < 0.1 then step * (1 + pg_temp.one_of(3)) end));
end
$$;

create function pg_temp.refund(p payments, wish jsonb) returns text language plpgsql as $$
declare
	id constant uuid := uuid_v7();
begin
	perform refund_begin(wish || jsonb_build_object($j$refund_id$j$, id, $j$payment_id$j$, p.id, $j$restock$j$, false,
		$j$role$j$, $j$admin$j$, $j$request_id$j$, $j$prices$j$,
		$j$key$j$, jsonb_build_object($j$scope$j$, $j$prices$j$, $j$key$j$, id, $j$hash$j$, $j$aa$j$)));
	if p.online then
		perform refund_apply(id, jsonb_build_object($j$refund_state$j$,
			case when random() < 0.1 then $j$failed$j$ else $j$succeeded$j$ end));
	end if;
	return $j$done$j$;
exception when sqlstate $j$CS422$j$ then
	return sqlerrm;
end
$$;

create function pg_temp.refund_all(o orders, online boolean) returns text language plpgsql as $$
declare
	p payments;
	answer text;
begin
	insert into payments (order_id, payment_method, online, amount, currency, status, paid_at, currency_captured,
		amount_captured)
	values (o.id, case when online then $j$stripe$j$ else $j$manual$j$ end, online, o.total, o.currency, $j$captured$j$, now(),
		o.currency, o.total)
	returning * into p;
	perform order_reconcile(o.id);
	for i in 1 .. 12 loop
		exit when payment_refunded(p.id) = o.total;
		answer := pg_temp.refund(p, pg_temp.wish(o, currency_step(o.currency)));
		if answer not in ($j$done$j$, $j$max_refund$j$, $j$not_positive$j$) then
			return answer;
		end if;
	end loop;
	while payment_refunded(p.id) < o.total loop
		answer := pg_temp.refund(p, $j${}$j$);
		if answer <> $j$done$j$ then
			return answer;
		end if;
	end loop;
	return $j$done$j$;
end
$$;'

@test "prices: 150 random orders are refunded by line to the last unit, at the taxes of their lines" {
	prepared 150 "
		$REFUND
		select setseed(0.$seed);
		create temp table placed as select n, uuid_v7() as id from cases;
		create temp table answers as
		select p.n, r.status from placed p join bodies b using (n), lateral order_place(pg_temp.request(b.body, p.id)) r;
		select 'not refunded: ' || p.id || ' ' || r from placed p join orders o on o.id = p.id,
			lateral pg_temp.refund_all(o, p.n % 2 = 0) r where o.total > 0 and r <> 'done';
		create temp table notes as
		select i.credits, i.amount, i.taxes, d.d, (d.d ->> 'rounding')::numeric as rounding, (d.d ->> 'tax_total')::numeric as tax
		from invoices i join placed p on p.id = i.order_id, lateral (select i.document::jsonb) d (d) where i.kind = 'credit_note';
		select 'wrong note: ' || to_jsonb(n)::text from notes n cross join lateral (
			select coalesce(sum((t ->> 'taxable')::numeric + (t ->> 'tax')::numeric), 0) as gross,
				coalesce(sum((t ->> 'tax')::numeric), 0) as tax, bool_or((t ->> 'taxable')::numeric < 0 or (t ->> 'tax')::numeric < 0) as below
			from jsonb_array_elements(n.taxes) t) s
		where s.gross + n.rounding <> n.amount or s.tax <> n.tax or s.below
			or n.amount <> (d ->> 'subtotal')::numeric - (d ->> 'discount_total')::numeric + (d ->> 'shipping_total')::numeric
				+ n.rounding + case when (d ->> 'prices_include_tax')::boolean then 0 else n.tax end;
		select 'wrong line: ' || to_jsonb(n)::text from notes n, jsonb_array_elements(n.d -> 'lines') l
		where (l ->> 'line_total')::numeric <> (l ->> 'unit_price')::numeric * (l ->> 'quantity')::integer
			- (l ->> 'discount_amount')::numeric
			+ case when (n.d ->> 'prices_include_tax')::boolean then 0 else (l ->> 'tax_amount')::numeric end;
		select 'not all of it: ' || i.number from invoices i join placed p on p.id = i.order_id
		where i.kind = 'invoice' and i.amount > 0 and (
			i.amount <> (select coalesce(sum(n.amount), 0) from notes n where n.credits = i.id)
			or (i.document::jsonb ->> 'rounding')::numeric <> (select coalesce(sum(n.rounding), 0) from notes n where n.credits = i.id)
			or exists (select from jsonb_array_elements(taxes_left(i)) t
				where (t ->> 'taxable')::numeric <> 0 or (t ->> 'tax')::numeric <> 0));
		select 'wrong stock: ' || i.id from order_items i join placed p on p.id = i.order_id
		join stock k on k.product = i.product where k.inventory_count <> 10000 - i.quantity + i.dropped
			or i.dropped <> (select coalesce(sum(x.quantity), 0) from refund_items x join refunds r on r.id = x.refund
				where x.order_item = i.id and x.restock and r.status = 'succeeded');
		select 'cannot be charged: ' || r.amount || ' ' || r.currency from refunds r join placed p on p.id = r.order_id
		join payments y on y.id = r.payment where y.online and r.amount % currency_step(r.currency) <> 0;
		select count(*) from notes n where n.d -> 'lines' <> '[]';" >"$placed"
	run ! grep -E 'not refunded|wrong|not all of it|cannot be' "$placed"
	(( $(tail -n 1 "$placed") > 150 ))
}

@test "prices: 60 random orders and carts over HTTP" {
	prepared 60 'select c.c || chr(9) || b.body from cases c join bodies b using (n) order by n' \
		>"$BATS_TEST_TMPDIR/bodies"
	while IFS=$'\t' read -r case wanted; do
		if (( ++turn % 2 )); then
			ask POST /orders "$wanted"
			expect 201
		else
			ask POST /orders "${wanted%\}},\"action\":\"update_cart\"}"
			expect 201
			order=$(field .id) order_token=$(field .order_token)
			is .status cart
			printf '{"case":%s,"order":%s}\n' "$case" "$body" >>"$placed"
			ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
			expect 200
		fi
		is '.status | IN("placed", "paid")' true
		printf '{"case":%s,"order":%s,"invoice":%s}\n' "$case" "$body" "$(sql "select jsonb_build_object('amount',
			amount::text, 'taxes', taxes) from invoices where order_id = '$(field .id)'")" >>"$placed"
	done <"$BATS_TEST_TMPDIR/bodies"
	[[ $turn == 60 ]]
	right 90
}

@test "prices: the second computation can tell right from wrong" {
	printf '%s\n' '{"case":{"currency":"EUR","inclusive":false,"lines":[{"price":"0.05","rate":"10","quantity":1}],
		"coupon":null,"method":null},"order":{"subtotal":"0.05","discount_total":"0.00","shipping_total":"0.00",
		"tax_total":"0.00","rounding":"0.00","total":"0.05","items":[{"tax_amount":"0.00","discount_amount":"0.00","line_total":"0.05"}]}}' |
		tr -d '\n' >"$placed"
	run -1 model check <"$placed"
	[[ $output == *'tax_total is 0.00, not 0.01'* && $output == *'1 orders, 1 wrong'* ]]
}

@test "prices: the database takes no order whose sums are wrong" {
	place "$(make_product price=10.00 tax_rate=10):2"
	for wrong in "total = total + 0.01" "rounding = 0.01" "discount_total = 1" "tax_total = tax_total - 0.01" \
		"discount_total = -1, total = total + 1" "shipping_tax = tax_total + 1" "number = null"; do
		run ! sql "update orders set $wrong where id = '$order'"
		[[ $output == *'violates check constraint'* ]]
	done
	for wrong in "line_total = line_total + 0.01" "discount_amount = -1, line_total = line_total + 1" \
		"discount_amount = 21" "quantity = 0"; do
		run ! sql "update order_items set $wrong where order_id = '$order'"
		[[ $output == *'violates check constraint'* ]]
	done
}

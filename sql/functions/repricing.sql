-- What a placed order costs once its items or its shipping method are corrected.

-- Why what an order costs can no longer be corrected, 'too_late' or 'payment'; null: it can be. Not once something left
-- it or its stock, nor while a payment has money or could bring some: a failed one that was opened at its provider may
-- still be paid there.
create or replace function order_reprice_denied(o orders) returns text
language plpgsql stable as $$
begin
	if o.status <> 'placed' or exists (select 1 from order_items i where i.order_id = o.id and i.dropped > 0) then
		return 'too_late';
	elsif exists (select 1 from payments p where p.order_id = o.id and (p.amount_captured > 0 or p.cancel_requested
			or p.status in ('authorized', 'captured', 'needs_attention')
			or (p.online and (p.status in ('created', 'pending')
				or (p.status = 'failed' and p.requested_at is not null)))))
		or exists (select 1 from invoices i where i.order_id = o.id and i.kind = 'credit_note'
			and i.credits = (invoice_of(o.id)).id) then
		return 'payment';
	end if;
	return null;
end
$$;

create or replace function order_reprice_refuse(o orders) returns void
language plpgsql stable as $$
declare
	denied constant text := order_reprice_denied(o);
begin
	if denied = 'too_late' then
		perform deny('CS409', 'too_late_to_reprice', jsonb_build_object('status', o.status));
	elsif denied = 'payment' then
		perform deny('CS409', 'payment_fixes_price');
	end if;
end
$$;

-- Is an order taxed elsewhere than before, or by another scheme?
create or replace function order_is_taxed_anew(was orders, o orders) returns boolean
language plpgsql stable as $$
declare
	shop stores;
	m shipping_methods;
	before tax_situation;
	now tax_situation;
begin
	if (was.shipping_address, was.billing_address) is not distinct from (o.shipping_address, o.billing_address) then
		return false;
	end if;
	select * into shop from stores s where s.id = o.store;
	select * into m from shipping_methods s where s.id = o.shipping_method;
	before := tax_situation(shop, m, was);
	now := tax_situation(shop, m, o);
	return (before.scheme, before.destination ->> 'country', before.destination ->> 'region',
		before.destination ->> 'postal_code') is distinct from (now.scheme, now.destination ->> 'country',
		now.destination ->> 'region', now.destination ->> 'postal_code');
end
$$;

-- The basket of a placed order, at the prices at which it was sold: with a reason, '' for none, since order_quote()
-- leaves such a price as it is.
create or replace function order_basket_sold(which uuid) returns basket_line[]
language plpgsql stable as $$
begin
	return array(select row(i.product, i.quantity, i.unit_price, i.price_discount,
			coalesce(i.price_reason, ''))::basket_line
		from order_items i where i.order_id = which order by i.position);
end
$$;

-- A basket in which the products of `sold` keep their price, and what staff took off, unless it sets another.
create or replace function basket_as_sold(basket basket_line[], sold basket_line[]) returns basket_line[]
language plpgsql stable as $$
begin
	return array(
		select row(w.product, w.quantity, coalesce(w.unit_price, s.unit_price),
			case when w.reason is not null then w.discount
				when w.first then least(s.discount, s.unit_price * w.quantity) end,
			coalesce(w.reason, s.reason))::basket_line
		from (
			select u.product, u.quantity, u.unit_price, u.discount, u.reason, u.position,
				row_number() over (partition by u.product, u.reason order by u.position) = 1 as first
			from unnest(basket) with ordinality u (product, quantity, unit_price, discount, reason, position)) w
		left join lateral (
			select x.unit_price, x.discount, x.reason
			from unnest(sold) with ordinality x (product, quantity, unit_price, discount, reason, position)
			where x.product = w.product order by x.reason, x.position limit 1) s on true
		order by w.position);
end
$$;

-- What is refused of the items of a correction. A product of the order may stay although it is no longer sold, and so
-- may its quantity.
create or replace function order_items_refused(shop stores, basket basket_line[], sold basket_line[]) returns refusal[]
language plpgsql stable as $$
begin
	if basket = '{}' then
		return refused('/items', 'min_items', '{"min": 1}');
	end if;
	return (select array_agg(row(e.pointer, e.code, e.params)::refusal order by e.at)
		from unnest(basket_refused(shop, basket)) with ordinality e (pointer, code, params, at)
		cross join lateral (select basket[nullif(split_part(e.pointer, '/', 3), '')::integer + 1].product
			as id) p
		where not (e.code in ('product_not_found', 'has_variants') and basket_pieces(sold, p.id) > 0)
			and not (e.code in ('min_quantity', 'quantity_of_product', 'quantity_step')
				and basket_pieces(sold, p.id) = basket_pieces(basket, p.id)));
end
$$;

-- The shipping method of a correction: one that stays need not be offered any more.
create or replace function order_method(was orders, o orders, shop stores) returns shipping_methods
language plpgsql stable as $$
declare
	m shipping_methods;
begin
	if o.shipping_method is distinct from was.shipping_method then
		return shipping_method_find(o.shipping_method, shop);
	end if;
	select * into m from shipping_methods s where s.id = o.shipping_method;
	return m;
end
$$;

-- What is refused of a corrected order that is priced as q. The coupon stays, with what it requires of the goods.
create or replace function order_reprice_refused(was orders, o orders, shop stores, c coupons, m shipping_methods,
	q quote) returns refusal[]
language plpgsql stable as $$
begin
	return coalesce(ship_to_refused(m, o), case
			when o.shipping_method is distinct from was.shipping_method then shipping_refused(m, shop, o, q)
			when m.id is not null then shipping_method_refused(m, o.shipping_address, q) end)
		|| case
			when c.id is not null and q.eligible is null then refused('/items', 'wrong_products')
			when q.eligible < c.min_order_value then refused('/items', 'coupon_min_value',
				jsonb_build_object('min', c.min_order_value::text, 'currency', shop.currency)) end;
end
$$;

-- Lock the stock of two baskets, and check that there is enough for what the second has more. Returns the products
-- whose pieces are counted.
create or replace function order_lock_difference(sold basket_line[], basket basket_line[]) returns uuid[]
language plpgsql as $$
begin
	return order_lock_stock(basket || array(
		select row(s.product, -s.quantity, null, null, null)::basket_line from unnest(sold) s));
end
$$;

-- The order with its corrected items and shipping method, and its lines. A product that stays keeps the price at which
-- it was sold, the coupon stays, and taxes are added or included as they were; all else is as it is now.
create or replace function order_reprice(was orders, inout o orders, r order_request, request jsonb,
	out lines quote_line[], out counted uuid[])
language plpgsql as $$
declare
	sold constant basket_line[] := order_basket_sold(o.id);
	basket basket_line[] := sold;
	shop stores;
	c coupons;
	m shipping_methods;
	q quote;
	errors refusal[];
begin
	perform order_reprice_refuse(was);
	select * into shop from stores s where s.id = o.store;
	shop.prices_include_tax := o.prices_include_tax;
	if request ? 'lines' then
		basket := basket_as_sold(r.lines, sold);
		errors := order_items_refused(shop, basket, sold);
	end if;
	perform refuse_all(errors);
	basket := case when request ? 'lines' then basket_merge(basket) else sold end;

	counted := order_lock_difference(sold, basket);

	select * into c from coupons k where k.id = o.coupon_id;
	m := order_method(was, o, shop);
	q := order_quote(shop, basket, c, m, o);
	perform refuse_all(order_reprice_refused(was, o, shop, c, m, q));
	o := order_priced(o, shop, q, c, m);
	lines := q.lines;
	for i in 1 .. array_length(lines, 1) loop
		lines[i].price_reason := nullif(lines[i].price_reason, '');
	end loop;
end
$$;

-- What is corrected of an order's items, as in order_difference().
create or replace function order_items_difference(which uuid, lines quote_line[]) returns jsonb
language plpgsql stable as $$
begin
	return (select case when d.was is not distinct from d.now then '{}'
			else jsonb_build_object('items', jsonb_build_object('old', d.was, 'new', d.now)) end
		from (
			select jsonb_agg(l.shown order by l.position) filter (where not l.is_new) as was,
				jsonb_agg(l.shown order by l.position) filter (where l.is_new) as now
			from (
				select b.is_new, b.position, jsonb_build_object('product', b.product, 'quantity', b.quantity,
					'unit_price', b.unit_price::text, 'tax_rate', trim_scale(b.tax_rate)::text,
					'line_total', b.line_total::text, 'price_reason', b.price_reason) as shown
				from (
					select false as is_new, i.position, i.product, i.quantity::integer, i.unit_price, i.tax_rate,
						i.line_total, i.price_reason
					from order_items i where i.order_id = which
					union all
					select true, u.position, u.product, u.quantity, u.unit_price, u.tax_rate, u.line_total,
						u.price_reason
					from unnest(lines) u) b) l) d);
end
$$;

-- Write the corrected lines of an order: a line of the same product keeps its id. Of the difference what is
-- counted is taken, and what was taken returns. An offline payment that is awaited is of the new total.
create or replace function order_reprice_write(o orders, lines quote_line[], counted uuid[]) returns void
language plpgsql as $$
declare
	before order_items[];
begin
	insert into stock_movements (product, delta, reason, order_id)
	select d.product, case when sum(d.pieces) > 0 then least(sum(d.pieces), t.pieces) else sum(d.pieces) end,
		'order corrected', o.id
	from (
		select i.product, i.quantity as pieces from order_items i where i.order_id = o.id
		union all
		select l.product, -l.quantity from unnest(lines) l) d
	left join order_taken(o.id) t on t.product = d.product
	group by d.product, t.pieces
	having (sum(d.pieces) > 0 and t.pieces > 0) or (sum(d.pieces) < 0 and d.product = any (counted))
	order by d.product;
	before := array(select i from order_items i where i.order_id = o.id order by i.position);
	delete from order_items i where i.order_id = o.id;
	insert into order_items (id, order_id, position, product, sku, name, hsn, options, quantity, unit_price, tax_rate,
		tax_amount, discount_amount, line_total, price_reason, price_discount)
	select coalesce(b.id, uuid_v7()), o.id, l.position, l.product, l.sku, l.name, l.hsn, l.options, l.quantity,
		l.unit_price, l.tax_rate, l.tax_amount, l.discount_amount, l.line_total, l.price_reason, l.price_discount
	from unnest(lines) l
	left join unnest(before) b on b.id = (select x.id from unnest(before) x where x.product = l.product
		order by x.position offset (
			select count(*) from unnest(lines) e where e.product = l.product and e.position < l.position) limit 1);
	update payments p set amount = case when o.total > 0 then o.total else p.amount end,
		status = case when o.total > 0 then p.status else 'cancelled' end
	where p.order_id = o.id and not p.online and p.status = 'pending';
end
$$;

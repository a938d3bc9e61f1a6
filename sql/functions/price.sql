-- What an order costs: prices, taxes.

-- An address belongs to its creator, who may have a hundred; at most one is the default, the newest one set.
create or replace function address_check() returns trigger
language plpgsql as $$
begin
	if tg_op = 'INSERT' then
		new.user_id := coalesce(acting_user(), new.user_id); -- no acting user: a tool
	end if;
	if new.region = '' and country_has_regions(new.country)
		and (tg_op = 'INSERT' or new.country <> old.country or new.region <> old.region) then
		perform refuse('/region', 'region_required');
	end if;
	-- The lock serializes concurrent inserts and changes of the default.
	perform 1 from users u where u.id = new.user_id for no key update;
	if not new.is_deleted and (tg_op = 'INSERT' or old.is_deleted)
		and (select count(*) from addresses a where a.user_id = new.user_id and not a.is_deleted) >= 100 then
		perform deny('CS409', 'too_many_addresses');
	end if;
	if new.is_default and not new.is_deleted and (tg_op = 'INSERT' or not old.is_default or old.is_deleted) then
		update addresses a set is_default = false
		where a.user_id = new.user_id and a.is_default and a.id <> new.id;
	end if;
	return new;
end
$$;

-- A quote of lines with the shipping of a method: taxes that are rounded once for each rate, and the total.
create or replace function quote_shipped(q quote, shop stores, coupon coupons, method shipping_methods,
	t tax_situation) returns quote
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(shop.currency);
	step constant numeric := coalesce(shop.rounding_step, currency_step(shop.currency));
	due numeric;
begin
	q.shipping_tax_rate := coalesce(tax_rate_of(method.tax_class, method.tax_rate, t), 0);
	q.shipping_total := case when method.id is null or coupon.free_shipping then round(0::numeric, decimals)
		else round(coalesce(shipping_charge(method, q.subtotal - q.discount_total, q.lines), 0), decimals) end;
	if shop.prices_include_tax and shop.tax_inclusive_rebase and method.tax_class is not null then
		q.shipping_total := price_rebased(q.shipping_total, tax_class_rate(method.tax_class, shop.address),
			q.shipping_tax_rate, decimals);
	end if;
	q.shipping_tax := tax_of(q.shipping_total, q.shipping_tax_rate, shop.prices_include_tax, t.scheme, decimals);
	q.tax_total := q.tax_total + q.shipping_tax;
	if shop.tax_rounding = 'rate' then
		q := taxes_by_rate(q, shop.prices_include_tax, decimals);
	end if;
	due := q.subtotal - q.discount_total + q.shipping_total
		+ case when shop.prices_include_tax then 0 else q.tax_total end;
	-- A dividend has at least these decimal places: a quotient truncated earlier could be rounded to another unit.
	q.total := round(1.000000000000000000000000 * due / step) * step;
	q.rounding := q.total - due;
	return q;
end
$$;

-- What some products cost together, now. A coupon's amount is spread over the lines that it is for; tax is of the
-- discounted line, rounded to the currency's unit, half up, line by line or once for each rate. Only the total
-- is rounded to what can be charged, half up, and the difference is stored separately: taxes do not change.
create or replace function order_quote(shop stores, basket basket_line[], coupon coupons, method shipping_methods,
	o orders) returns quote
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(shop.currency);
	nothing constant numeric := round(0::numeric, decimals);
	t constant tax_situation := tax_situation(shop, method, o);
	q quote;
	lines quote_line[];
	line quote_line;
	taxed numeric;
	off numeric[]; -- by the coupon, of each line
begin
	select array_agg(row(w.position, p.id, p.sku, coalesce(p.line_name, p.name), nullif(p.attributes ->> 'hsn', ''),
			case when p.parent is null then '{}' else product_options(p) end, w.quantity,
			round(coalesce(w.unit_price, c.price), decimals), tax_rate_of(p.tax_class, p.tax_rate, t), nothing,
			nothing, nothing, w.reason, case when w.discount is null then nothing
				else least(round(w.discount, decimals), coalesce(w.unit_price, c.price) * w.quantity) end)::quote_line
			order by w.position),
		coalesce(sum(coalesce(w.unit_price, c.price) * w.quantity), nothing), nothing, nothing
	into lines, q.subtotal, q.discount_total, q.tax_total
	from unnest(basket) with ordinality w (product, quantity, unit_price, discount, reason, position)
	join products p on p.id = w.product
	cross join lateral (select price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) as price) c;
	if shop.prices_include_tax and shop.tax_inclusive_rebase then
		lines := lines_rebased(lines, basket, shop);
		select coalesce(sum(l.unit_price * l.quantity), nothing) into q.subtotal from unnest(lines) l;
	end if;
	if not coupon is null then
		select d.parts, d.eligible into off, q.eligible from coupon_discount(coupon, lines, decimals) d;
	end if;
	for i in 1 .. coalesce(array_length(lines, 1), 0) loop
		line := lines[i];
		line.discount_amount := line.price_discount + coalesce(off[i], nothing);
		taxed := line.unit_price * line.quantity - line.discount_amount;
		line.tax_amount := tax_of(taxed, line.tax_rate, shop.prices_include_tax, t.scheme, decimals);
		line.line_total := taxed + case when shop.prices_include_tax then 0 else line.tax_amount end;
		q.discount_total := q.discount_total + line.discount_amount;
		q.tax_total := q.tax_total + line.tax_amount;
		lines[i] := line;
	end loop;
	q.lines := lines;
	q.tax_scheme := t.scheme;
	return quote_shipped(q, shop, coupon, method, t);
end
$$;

-- The verified buyer: a customer's account with its own number and address, whatever the contact; a guest's contact if
-- confirmed by a code; the contact that the store's staff enter. All null: unverified.
create or replace function order_buyer(o orders, out who uuid, out mobile text, out email text)
language plpgsql stable as $$
declare
	person users;
begin
	if o.user_id is null then
		mobile := case when o.mobile_proven or order_is_entered(o) then o.contact_mobile end;
		email := case when o.email_proven or order_is_entered(o) then o.contact_email end;
		return;
	end if;
	select * into person from users u where u.id = o.user_id;
	if person.is_admin or (person.is_staff and works_in_store(person.id, o.store)) then
		mobile := o.contact_mobile;
		email := o.contact_email;
	else
		who := person.id;
		mobile := case when person.mobile_verified_at is not null then person.mobile_number end;
		email := case when person.email_verified_at is not null then person.email end;
	end if;
end
$$;

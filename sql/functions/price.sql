-- What an order costs: prices, taxes, coupons.

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

-- The rules between two fields of a coupon; all errors at once.
create or replace function coupon_check() returns trigger
language plpgsql as $$
declare
	currency constant text := (select s.currency from stores s where s.id = new.store);
	errors refusal[];
begin
	if num_nonnulls(new.discount_percent, new.discount_amount) <> 1 then
		errors := refused('/discount_percent', 'one_discount');
	end if;
	if new.valid_from >= new.valid_to then
		errors := errors || refused('/valid_to', 'ends_before_start');
	end if;
	if new.store is null and (new.discount_amount is not null or new.min_order_value is not null) then
		errors := errors || refused('/store', 'amount_needs_store');
	elsif new.store is not null then
		errors := errors || money_refused('/discount_amount', new.discount_amount, currency)
			|| money_refused('/min_order_value', new.min_order_value, currency);
		new.discount_amount := round(new.discount_amount, currency_decimals(currency));
		new.min_order_value := round(new.min_order_value, currency_decimals(currency));
	end if;
	perform refuse_all(errors);
	return new;
end
$$;

create or replace function coupon_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into coupon_uses (coupon) values (new.id);
	return null;
end
$$;

-- What some products cost together, now. Rounding is per line, to the currency's unit, half up. A coupon's amount is
-- spread over the lines proportionally, with parts that add up exactly; tax is of the discounted line. Only the total
-- is rounded to what can be charged, half up, and the difference is stored separately: taxes do not change.
create or replace function order_quote(shop stores, basket basket_line[], coupon coupons, method shipping_methods)
returns quote
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(shop.currency);
	nothing constant numeric := round(0::numeric, decimals);
	step constant numeric := coalesce(shop.rounding_step, currency_step(shop.currency));
	-- Dividends have at least these decimal places: a quotient truncated earlier could be rounded to another unit.
	fine constant numeric := 1.000000000000000000000000;
	q quote;
	lines quote_line[];
	line quote_line;
	taxed numeric;
	discountable numeric; -- the goods, less what staff took off
	discount numeric;     -- that a coupon's amount can give
	part numeric;         -- of it, for a line
	up_to numeric := 0;   -- the lines so far
	discounted numeric := nothing; -- of them
begin
	select array_agg(row(w.position, p.id, p.sku, p.name, nullif(p.attributes ->> 'hsn', ''),
			case when p.parent is null then '{}' else product_options(p) end, w.quantity,
			round(coalesce(w.unit_price, p.price), decimals), p.tax_rate, nothing,
			nothing, nothing, w.reason, round(coalesce(w.discount, 0), decimals))::quote_line order by w.position),
		coalesce(sum(coalesce(w.unit_price, p.price) * w.quantity), nothing), coalesce(sum(w.discount), 0)
	into lines, q.subtotal, discountable
	from unnest(basket) with ordinality w (product, quantity, unit_price, discount, reason, position)
	join products p on p.id = w.product;
	discountable := q.subtotal - discountable;
	discount := least(coupon.discount_amount, discountable);
	q.discount_total := nothing;
	q.tax_total := nothing;
	for i in 1 .. coalesce(array_length(lines, 1), 0) loop
		line := lines[i];
		taxed := line.unit_price * line.quantity - line.price_discount;
		if coupon.discount_percent is not null then
			part := round(fine * taxed * coupon.discount_percent / 100, decimals);
		elsif coupon.discount_amount is not null and discountable > 0 then
			up_to := up_to + taxed;
			part := round(fine * discount * up_to / discountable, decimals) - discounted;
			discounted := discounted + part;
		else
			part := nothing;
		end if;
		line.discount_amount := line.price_discount + part;
		taxed := taxed - part;
		line.tax_amount := round(fine * taxed * line.tax_rate
			/ case when shop.prices_include_tax then 100 + line.tax_rate else 100 end, decimals);
		line.line_total := taxed + case when shop.prices_include_tax then 0 else line.tax_amount end;
		q.discount_total := q.discount_total + line.discount_amount;
		q.tax_total := q.tax_total + line.tax_amount;
		lines[i] := line;
	end loop;
	q.lines := lines;
	q.shipping_total := case when method.id is null then nothing
		else round(coalesce(shipping_charge(method, q.subtotal - q.discount_total, lines), 0), decimals) end;
	q.shipping_tax := round(fine * q.shipping_total * coalesce(method.tax_rate, 0)
		/ case when shop.prices_include_tax then 100 + coalesce(method.tax_rate, 0) else 100 end, decimals);
	q.tax_total := q.tax_total + q.shipping_tax;
	q.total := q.subtotal - q.discount_total + q.shipping_total
		+ case when shop.prices_include_tax then 0 else q.tax_total end;
	q.rounding := round(fine * q.total / step) * step - q.total;
	q.total := q.total + q.rounding;
	return q;
end
$$;

-- The verified buyer: a customer's account with its own number and address, whatever the contact; a guest's contact if
-- confirmed by a code; the contact that the store's staff enter. All null: unverified.
create or replace function order_buyer(o orders, out who uuid, out mobile text, out email text)
language plpgsql stable as $$
declare
	person users;
begin
	if o.user_id is not null then
		select * into person from users u where u.id = o.user_id;
	end if;
	if order_is_entered(o) or person.is_admin or (person.is_staff and works_in_store(person.id, o.store)) then
		mobile := o.contact_mobile;
		email := o.contact_email;
	elsif person.id is not null then
		who := person.id;
		mobile := case when person.mobile_verified_at is not null then person.mobile_number end;
		email := case when person.email_verified_at is not null then person.email end;
	else
		mobile := case when o.mobile_proven then o.contact_mobile end;
		email := case when o.email_proven then o.contact_email end;
	end if;
end
$$;

-- Why an order's coupon cannot be used. c is null if there is none of that code; the same is said of one that is not
-- active or belongs to another store. uses: how often it was used before, if its count is locked; null: it is looked
-- up. A limit per customer requires a verified one: a typed contact could use up another person's allowance.
create or replace function coupon_refused(c coupons, shop stores, subtotal numeric, o orders, uses integer default null)
returns refusal[]
language plpgsql stable as $$
declare
	buyer record;
	used integer;
begin
	if o.coupon is null then
		return null;
	elsif c.id is null or c.store <> shop.id or not c.is_active
		or not is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to) then
		return refused('/coupon', 'coupon_not_found');
	elsif c.valid_from > now() then
		return refused('/coupon', 'not_yet');
	elsif c.valid_to <= now() then
		return refused('/coupon', 'expired');
	elsif subtotal < c.min_order_value then
		return refused('/coupon', 'coupon_min_value', jsonb_build_object('min', c.min_order_value::text,
			'currency', shop.currency));
	elsif c.usage_limit is not null
		and coalesce(uses, (select u.used_count from coupon_uses u where u.coupon = c.id)) >= c.usage_limit then
		return refused('/coupon', 'used_up');
	elsif c.usage_limit_per_customer is not null then
		buyer := order_buyer(o);
		if num_nonnulls(buyer.who, buyer.mobile, buyer.email) = 0 then
			return refused('/coupon', 'sign_in_required');
		end if;
		select count(*) into used from coupon_redemptions r
		where r.coupon = c.id
		and (r.user_id = buyer.who or r.mobile = buyer.mobile or lower(r.email) = lower(buyer.email));
		if used >= c.usage_limit_per_customer then
			return refused('/coupon', 'used_up_by_customer');
		end if;
	end if;
	return null;
end
$$;

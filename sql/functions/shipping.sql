-- Shipping: where a method sends to, what it charges, and why it cannot be used.

-- The errors of a method's bands: each reaches further than the one before, and only the last has no end.
create or replace function shipping_bands_refused(m shipping_methods, currency text) returns refusal[]
language plpgsql immutable as $$
declare
	errors refusal[];
	pointer text;
	reach numeric;
	before numeric := 0;
begin
	if m.bands_by is null and m.bands <> '[]' then
		return refused('/bands_by', 'bands_by');
	elsif m.bands_by is not null and m.bands = '[]' then
		return refused('/bands', 'bands');
	end if;
	for n in 0 .. jsonb_array_length(m.bands) - 1 loop
		pointer := '/bands/' || n || '/up_to';
		reach := (m.bands -> n ->> 'up_to')::numeric;
		errors := errors || case
				when reach is null and n < jsonb_array_length(m.bands) - 1 then refused(pointer, 'band_without_end')
				when reach <= before then refused(pointer, 'band_order')
				when m.bands_by = 'subtotal' then money_refused(pointer, reach, currency)
				when m.bands_by = 'pieces' and reach <> trunc(reach) then refused(pointer, 'invalid_integer') end
			|| money_refused('/bands/' || n || '/price', (m.bands -> n ->> 'price')::numeric, currency);
		before := coalesce(reach, before);
	end loop;
	return errors;
end
$$;

create or replace function shipping_fees_refused(fees jsonb, currency text) returns refusal[]
language plpgsql immutable as $$
declare
	errors refusal[];
	pointer text;
	class text;
	fee text;
begin
	for class, fee in select e.key, e.value from jsonb_each_text(fees) e loop
		pointer := '/class_fees/' || replace(replace(class, '~', '~0'), '/', '~1');
		errors := errors || case
			when coalesce(fee !~ '^\d{1,11}(\.\d{1,12})?$', true) then refused(pointer, 'invalid_decimal')
			else money_refused(pointer, fee::numeric, currency) end;
	end loop;
	return errors;
end
$$;

-- The rules between the fields of a shipping method; all errors at once. Amounts get the decimals of the currency.
create or replace function shipping_method_check() returns trigger
language plpgsql as $$
declare
	currency constant text := (select s.currency from stores s where s.id = new.store);
	decimals constant integer := currency_decimals(currency);
begin
	perform refuse_all(money_refused('/price', new.price, currency)
		|| money_refused('/free_over', new.free_over, currency)
		|| money_refused('/handling_fee', new.handling_fee, currency)
		|| shipping_bands_refused(new, currency)
		|| case when exists (select 1 from tax_classes c where c.id = new.tax_class and c.store <> new.store) then
			refused('/tax_class', 'wrong_store') end
		|| shipping_fees_refused(new.class_fees, currency)
		|| case when new.estimate_days_max < new.estimate_days_min then
			refused('/estimate_days_max', 'ends_before_start') end);
	new.price := round(new.price, decimals);
	new.free_over := round(new.free_over, decimals);
	new.handling_fee := round(new.handling_fee, decimals);
	new.bands := (select coalesce(jsonb_agg(jsonb_build_object('up_to', b.band ->> 'up_to',
			'price', round((b.band ->> 'price')::numeric, decimals)::text) order by b.n), '[]')
		from jsonb_array_elements(new.bands) with ordinality b (band, n));
	new.class_fees := (select coalesce(jsonb_object_agg(e.key, round(e.value::numeric, decimals)::text), '{}')
		from jsonb_each_text(new.class_fees) e);
	return new;
end
$$;

-- Nulls: the store has no such shipping method.
create or replace function shipping_method_find(which uuid, shop stores) returns shipping_methods
language plpgsql stable as $$
declare
	m shipping_methods;
begin
	if which is not null then
		select * into m from shipping_methods s
		where s.id = which and s.store = shop.id and is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to)
			and is_live(shop.is_deleted, shop.is_suspended, shop.active_from, shop.active_to);
	end if;
	return m;
end
$$;

-- What a method chooses a band by: the weight or the pieces of an order's lines, or `goods`, their value after
-- discounts. A variant without a weight has its parent's; what has none weighs nothing.
create or replace function shipping_measure(m shipping_methods, goods numeric, lines quote_line[]) returns numeric
language plpgsql stable as $$
begin
	if m.bands_by = 'subtotal' then
		return goods;
	end if;
	return (select coalesce(sum(l.quantity * case when m.bands_by = 'pieces' then 1
			else coalesce(p.weight, parent.weight, 0) end), 0)
		from unnest(lines) l join products p on p.id = l.product left join products parent on parent.id = p.parent);
end
$$;

-- The price of the band that an order falls into; 0 for a method without bands, null beyond the last one.
create or replace function shipping_band(m shipping_methods, goods numeric, lines quote_line[]) returns numeric
language plpgsql stable as $$
declare
	measure numeric;
begin
	if m.bands_by is null then
		return 0;
	end if;
	measure := shipping_measure(m, goods, lines);
	return (select (b.band ->> 'price')::numeric from jsonb_array_elements(m.bands) with ordinality b (band, n)
		where b.band ->> 'up_to' is null or measure <= (b.band ->> 'up_to')::numeric
		order by b.n limit 1);
end
$$;

-- What a method charges for an order, before tax; null: it does not send so much. Free means free: from free_over on no
-- fee is charged either. The fee of a class is charged once, however many pieces of it there are.
create or replace function shipping_charge(m shipping_methods, goods numeric, lines quote_line[]) returns numeric
language plpgsql stable as $$
declare
	charge numeric := m.price + coalesce(m.handling_fee, 0);
begin
	if m.bands_by is not null then
		charge := charge + shipping_band(m, goods, lines);
	end if;
	if charge is not null and goods >= m.free_over then
		charge := 0;
	elsif m.class_fees <> '{}' then
		charge := charge + (select coalesce(sum(e.value::numeric), 0) from jsonb_each_text(m.class_fees) e
			where e.key in (select coalesce(p.shipping_class, parent.shipping_class)
				from unnest(lines) l join products p on p.id = l.product
				left join products parent on parent.id = p.parent));
	end if;
	return charge;
end
$$;

-- Why a method does not send to an address. One of its zones must match; the reason is that of the zone that comes
-- closest. Regions are compared by region_key(), postal codes by the beginning of their postal_key().
create or replace function shipping_destination_refused(m shipping_methods, address jsonb) returns refusal[]
language plpgsql immutable as $$
declare
	country constant text := coalesce(address ->> 'country', '');
	region text;
	postal_code text;
	reached integer := 0; -- how much of the address a zone has
	zone jsonb;
begin
	if m.pickup then
		return null;
	elsif m.countries <> '[]' and not m.countries ? country then
		return refused('/shipping_method', 'wrong_country');
	elsif m.zones = '[]' then
		return null;
	end if;
	region := region_key(country, coalesce(address ->> 'region', ''));
	postal_code := postal_key(address ->> 'postal_code');
	for zone in select * from jsonb_array_elements(m.zones) z where z.value ->> 'country' = country loop
		if zone -> 'regions' <> '[]' and not exists (select 1 from jsonb_array_elements_text(zone -> 'regions') r
			where region_key(country, r.value) = region) then
			reached := greatest(reached, 1);
		elsif zone -> 'postal_codes' <> '[]' and not exists (
			select 1 from jsonb_array_elements_text(zone -> 'postal_codes') c
			where starts_with(postal_code, postal_key(c.value))) then
			reached := 2;
		else
			return null;
		end if;
	end loop;
	return refused('/shipping_method', case reached when 0 then 'wrong_country' when 1 then 'wrong_region'
		else 'wrong_postal_code' end);
end
$$;

-- Why a method cannot send an order that is priced as q.
create or replace function shipping_method_refused(m shipping_methods, address jsonb, q quote) returns refusal[]
language plpgsql stable as $$
begin
	if m.bands_by is not null and shipping_band(m, q.subtotal - q.discount_total, q.lines) is null then
		return refused('/shipping_method', case m.bands_by when 'weight' then 'too_heavy' else 'out_of_bands' end);
	end if;
	return case when not m.pickup and (m.countries <> '[]' or m.zones <> '[]') then
		shipping_destination_refused(m, address) end;
end
$$;

-- The same of the method that an order names; none is needed if the store has none.
create or replace function shipping_refused(m shipping_methods, shop stores, o orders, q quote) returns refusal[]
language plpgsql stable as $$
begin
	if o.shipping_method is null then
		if exists (select 1 from shipping_methods s where s.store = shop.id
			and is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to)) then
			return refused('/shipping_method', 'shipping_required');
		end if;
		return null;
	elsif m.id is null then
		return refused('/shipping_method', 'shipping_not_found');
	end if;
	return shipping_method_refused(m, o.shipping_address, q);
end
$$;

-- The methods that can send a basket to the address of an order, as JSON, the cheapest first. The goods are priced only
-- twice, for those that send and for those where the buyer fetches them, which can be taxed differently.
create or replace function shipping_methods_quoted(shop stores, basket basket_line[], c coupons, o orders)
returns json
language plpgsql stable as $$
declare
	pickup shipping_methods;
	sent constant quote := order_quote(shop, basket, c, null, o);
	fetched quote;
begin
	pickup.pickup := true;
	fetched := order_quote(shop, basket, c, pickup, o);
	return (select coalesce(json_agg(row_to_json(r) order by r.total::numeric, r.name, r.shipping_method), '[]')
		from (
			select m.id as shipping_method, m.name, m.description, q.shipping_total::text as price,
				q.shipping_tax::text as tax,
				(q.shipping_total + case when shop.prices_include_tax then 0 else q.shipping_tax end)::text as total,
				shop.currency, q.shipping_total = 0 as free, m.pickup, m.estimate_days_min,
				m.estimate_days_max
			from shipping_methods m
			cross join lateral quote_shipped(case when m.pickup then fetched else sent end, shop, c, m,
				tax_situation(shop, m, o)) q
			where m.store = shop.id and is_live(m.is_deleted, m.is_suspended, m.active_from, m.active_to)
				and shipping_destination_refused(m, o.shipping_address) is null
				and shipping_method_refused(m, o.shipping_address, q) is null) r);
end
$$;

-- The same for a caller: of a cart, or of new lines in a store. The address and the coupon replace the cart's; a coupon
-- of the cart that can no longer be used is left out.
create or replace function shipping_quote(which uuid, who uuid, caller_role text, token bytea, shop_id uuid,
	lines jsonb, address jsonb, code text)
returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	r order_request;
	o orders;
	viewer text;
	shop stores;
	c coupons;
	basket basket_line[];
	refusal refusal[];
begin
	r.order_id := which;
	r.user_id := who;
	r.role := caller_role;
	r.token_hash := token;
	r.store := shop_id;
	if which is not null then
		select * into o from orders where id = which;
		viewer := cart_viewer(o, r);
		basket := cart_basket(which);
	else
		o := order_begin(r);
		viewer := case when request_is_of_store(r, shop_id) then 'staff' end;
		basket := basket_merge(array(select jsonb_populate_record(null::basket_line, l.value)
			from jsonb_array_elements(lines) l));
	end if;
	shop := store_find(o.store);
	perform refuse_all(basket_refused(shop, basket));
	if jsonb_typeof(address) = 'string' then
		address := address_saved('/address', address, who);
	end if;
	o.shipping_address := coalesce(address, o.shipping_address);
	o.coupon := coalesce(code, o.coupon);
	c := coupon_find(o.coupon);
	refusal := coupon_refused(c, shop, order_quote(shop, basket, c, null, o), o);
	if refusal is not null and code is not null then
		perform refuse_all(refusals_seen(refusal, viewer));
	end if;
	return shipping_methods_quoted(shop, basket, case when refusal is null then c end, o);
end
$$;

-- An order that is placed is shipped to an address, unless its buyer fetches it or the store has no shipping methods.
create or replace function ship_to_refused(m shipping_methods, o orders) returns refusal[]
language sql immutable as $$
	select case when m.id is not null and not m.pickup and o.shipping_address is null then
		refused('/shipping_address', 'shipping_address_required') end
$$;

-- Shared by placing an order, saving a cart and quoting one: requests and look-ups.

-- A saved address of the caller's own, by its id: as an order has it.
create or replace function address_saved(pointer text, id jsonb, owner uuid) returns jsonb
language plpgsql stable as $$
declare
	found_one jsonb;
begin
	select jsonb_strip_nulls(jsonb_build_object('name', a.name, 'company', a.company, 'line1', a.line1,
		'line2', a.line2, 'city', a.city, 'region', a.region, 'postal_code', a.postal_code, 'country', a.country,
		'phone', a.phone, 'tax_id', a.tax_id))
	into found_one
	from addresses a where a.id = (address_saved.id #>> '{}')::uuid and a.user_id = owner and not a.is_deleted;
	if found_one is null then
		perform refuse(pointer, 'address_not_found');
	end if;
	return found_one;
end
$$;

-- An address with a change of it: absent members stay unchanged, null clears them (RFC 7396). A tax number is of its
-- country: it does not stay when only that is replaced. A saved address replaces the whole.
create or replace function address_merged(pointer text, now jsonb, change jsonb, owner uuid) returns jsonb
language plpgsql stable as $$
begin
	if jsonb_typeof(change) = 'string' then
		return address_saved(pointer, change, owner);
	elsif change ->> 'country' <> now ->> 'country' and not change ? 'tax_id' then
		now := now - 'tax_id';
	end if;
	return jsonb_strip_nulls(coalesce(now, '{}') || change);
end
$$;

-- Does the caller of a request act for the store, not for themselves?
create or replace function request_is_of_store(r order_request, store uuid) returns boolean
language plpgsql stable as $$
begin
	return r.role = 'admin' or (r.role = 'staff' and works_in_store(r.user_id, request_is_of_store.store));
end
$$;

-- Was the order entered by the store for somebody without an account?
create or replace function order_is_entered(o orders) returns boolean
language sql immutable as $$
	select o.user_id is null and o.created_by is not null
$$;

-- The customer for whom the store places an order; null: a buyer without an account.
create or replace function request_buyer(r order_request) returns uuid
language plpgsql stable as $$
begin
	if r.buyer is not null and not exists (select 1 from users u where u.id = r.buyer and u.is_customer
		and u.is_active and is_live(u.is_deleted, u.is_suspended, u.active_from, u.active_to)) then
		perform refuse('/user', 'no_such_customer');
	end if;
	return r.buyer;
end
$$;

-- A new order from its request. Missing members of the contact come from the account of the customer; what the store
-- enters never belongs to its staff.
create or replace function order_begin(r order_request) returns orders
language plpgsql stable as $$
declare
	of_store constant boolean := r.role in ('staff', 'admin') and request_is_of_store(r, r.store);
	o orders;
begin
	o.user_id := case when of_store then request_buyer(r) else r.user_id end;
	o.created_by := r.user_id;
	if o.user_id is not null then
		select u.name, u.email, u.mobile_number into o.contact_name, o.contact_email, o.contact_mobile
		from users u where u.id = o.user_id;
	else
		o.token_hash := r.new_token_hash;
	end if;
	o.id := r.order_id;
	o.store := r.store;
	o.language := coalesce(r.language, '');
	o.contact_name := coalesce(r.contact_name, o.contact_name, '');
	o.contact_email := coalesce(r.contact_email, o.contact_email);
	o.contact_mobile := coalesce(r.contact_mobile, o.contact_mobile);
	o.email_proven := false;
	o.mobile_proven := false;
	o.shipping_address := case when jsonb_typeof(r.shipping_address) = 'string'
		then address_saved('/shipping_address', r.shipping_address, r.user_id) else r.shipping_address end;
	o.billing_address := case when jsonb_typeof(r.billing_address) = 'string'
		then address_saved('/billing_address', r.billing_address, r.user_id) else r.billing_address end;
	o.comments := coalesce(r.comments, '');
	o.coupon := r.coupon;
	o.shipping_method := r.shipping_method;
	return o;
end
$$;

-- Merge the request into the order: absent members stay unchanged, null clears them, also within addresses (RFC 7396).
-- A confirmed contact stays confirmed while it is unchanged.
create or replace function order_merge(o orders, r order_request, request jsonb) returns orders
language plpgsql stable as $$
begin
	if request ? 'contact_name' then
		o.contact_name := coalesce(r.contact_name, '');
	end if;
	if request ? 'contact_email' then
		o.email_proven := o.email_proven and coalesce(lower(o.contact_email) = lower(r.contact_email), false);
		o.contact_email := r.contact_email;
	end if;
	if request ? 'contact_mobile' then
		o.mobile_proven := o.mobile_proven and coalesce(o.contact_mobile = r.contact_mobile, false);
		o.contact_mobile := r.contact_mobile;
	end if;
	if request ? 'shipping_address' then
		o.shipping_address := address_merged('/shipping_address', o.shipping_address, r.shipping_address, r.user_id);
	end if;
	if request ? 'billing_address' then
		o.billing_address := address_merged('/billing_address', o.billing_address, r.billing_address, r.user_id);
	end if;
	if request ? 'comments' then
		o.comments := coalesce(r.comments, '');
	end if;
	if request ? 'coupon' then
		o.coupon := r.coupon;
	end if;
	if request ? 'shipping_method' then
		o.shipping_method := r.shipping_method;
	end if;
	return o;
end
$$;

-- A store that sells.
create or replace function store_find(which uuid) returns stores
language plpgsql stable as $$
declare
	shop stores;
begin
	select * into shop from stores s
	where s.id = which and is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);
	if shop.id is null then
		perform refuse('/store', 'store_not_found');
	end if;
	return shop;
end
$$;

create or replace function coupon_find(code text) returns coupons
language plpgsql stable as $$
declare
	c coupons;
begin
	if code is not null then
		select * into c from coupons k where upper(k.code) = upper(coupon_find.code) and not k.is_deleted;
	end if;
	return c;
end
$$;

-- Which lines of an order cannot be bought in a store; null: there are none. One product at a time: joined to all at
-- once, live_products would read whole tables. is_stored: of a cart, where a discount that staff gave has been checked;
-- it is never more than the line costs.
create or replace function basket_refused(shop stores, lines basket_line[], is_stored boolean default false)
returns refusal[]
language plpgsql stable as $$
declare
	errors refusal[];
	line basket_line;
	pointer text;
	sold_by uuid;
	has_variants boolean;
	has_price boolean;
	quantity_min integer;
	quantity_max integer;
	step integer;
	n integer := 0;
begin
	if lines is null then
		return refused('/items', 'cart_empty');
	end if;
	foreach line in array lines loop
		select p.store, p.has_variants, p.price is not null, p.min_quantity, p.max_quantity, p.quantity_step
		into sold_by, has_variants, has_price, quantity_min, quantity_max, step
		from live_products p where p.id = line.product;
		pointer := '/items/' || n;
		if sold_by is null then
			errors := errors || refused(pointer || '/product', 'product_not_found');
		elsif sold_by <> shop.id then
			errors := errors || refused(pointer || '/product', 'product_wrong_store');
		elsif has_variants then
			errors := errors || refused(pointer || '/product', 'has_variants');
		elsif not has_price and line.unit_price is null then
			errors := errors || refused(pointer || '/product', 'not_for_sale');
		elsif line.reason is not null and not is_stored then
			errors := errors || line_price_refused(pointer, line, shop);
		end if;
		if quantity_min > 1 or quantity_max is not null or step > 1 then
			errors := errors || quantity_refused(pointer || '/quantity', basket_pieces(lines, line.product),
				quantity_min, quantity_max, step);
		end if;
		n := n + 1;
	end loop;
	return errors;
end
$$;

-- The pieces of a product in a basket.
create or replace function basket_pieces(lines basket_line[], which uuid) returns bigint
language plpgsql immutable as $$
begin
	return (select coalesce(sum(w.quantity), 0) from unnest(lines) w where w.product = which);
end
$$;

-- Which rule of its product a quantity breaks.
create or replace function quantity_refused(pointer text, quantity bigint, quantity_min integer, quantity_max integer,
	step integer) returns refusal[]
language plpgsql immutable as $$
begin
	return case
		when quantity < quantity_least(quantity_min, step) then
			refused(pointer, 'min_quantity', jsonb_build_object('min', quantity_least(quantity_min, step)))
		when quantity > quantity_max then
			refused(pointer, 'quantity_of_product', jsonb_build_object('max', quantity_max / step * step))
		when quantity % step <> 0 then
			refused(pointer, 'quantity_step', jsonb_build_object('step', step)) end;
end
$$;

-- A price or a discount that staff set for a line.
create or replace function line_price_refused(pointer text, line basket_line, shop stores) returns refusal[]
language plpgsql stable as $$
declare
	price constant numeric := coalesce(line.unit_price, (
		select price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) from products p where p.id = line.product));
begin
	return money_refused(pointer || '/unit_price', line.unit_price, shop.currency)
		|| money_refused(pointer || '/discount_amount', line.discount, shop.currency)
		|| case when line.discount > price * line.quantity then refused(pointer || '/discount_amount', 'max_value',
			jsonb_build_object('max', (price * line.quantity)::text)) end;
end
$$;

-- Equal lines as one, at the place of the first: on separate lines the buyer would choose how their tax is rounded.
create or replace function basket_merge(lines basket_line[]) returns basket_line[]
language plpgsql stable as $$
declare
	merged basket_line[];
begin
	if coalesce(cardinality(lines), 0) = (select count(distinct w.product) from unnest(lines) w) then
		return lines;
	end if;
	select array_agg(row(m.product, m.quantity, m.unit_price, m.discount, m.reason)::basket_line order by m.position)
	into merged
	from (
		select w.product, sum(w.quantity) as quantity, w.unit_price, sum(w.discount) as discount, w.reason,
			min(w.position) as position
		from unnest(lines) with ordinality w (product, quantity, unit_price, discount, reason, position)
		group by w.product, w.unit_price, w.reason) m;
	for i in 1 .. array_length(merged, 1) loop
		if merged[i].quantity > 10000 then
			perform refuse('/items', 'quantity_of_product', jsonb_build_object('max', 10000));
		end if;
	end loop;
	return merged;
end
$$;

-- Does an address there name its state, province or prefecture? Those of the large federations and of China and Japan,
-- where places of the same name and sorting depend on it; in others it is optional.
create or replace function country_has_regions(country text) returns boolean
language sql immutable parallel safe as $$
	select country in ('AU', 'BR', 'CA', 'CN', 'IN', 'JP', 'MX', 'US')
$$;

-- The missing parts of an address; nothing for no address.
create or replace function address_refused(pointer text, address jsonb) returns refusal[]
language plpgsql immutable strict as $$
declare
	errors refusal[];
	needed text;
begin
	if country_has_regions(address ->> 'country') and coalesce(address ->> 'region', '') = '' then
		errors := refused(pointer || '/region', 'region_required');
	end if;
	if not address ?& array['line1', 'city', 'country'] then
		foreach needed in array array['line1', 'city', 'country'] loop
			if not address ? needed then
				errors := errors || refused(pointer || '/' || needed, 'address_incomplete');
			end if;
		end loop;
	end if;
	return errors;
end
$$;

-- The order at the prices of a quote.
create or replace function order_priced(o orders, shop stores, q quote, c coupons, m shipping_methods) returns orders
language plpgsql immutable as $$
begin
	o.currency := shop.currency;
	o.prices_include_tax := shop.prices_include_tax;
	o.subtotal := q.subtotal;
	o.discount_total := q.discount_total;
	o.shipping_total := q.shipping_total;
	o.shipping_tax := q.shipping_tax;
	o.shipping_tax_rate := q.shipping_tax_rate;
	o.tax_scheme := q.tax_scheme;
	o.tax_rounding := shop.tax_rounding;
	o.shipping_method_name := m.name;
	o.delivery_estimate := case when m.estimate_days_min is not null or m.estimate_days_max is not null then
		jsonb_build_object('days_min', m.estimate_days_min, 'days_max', m.estimate_days_max) end;
	o.tax_total := q.tax_total;
	o.rounding := q.rounding;
	o.total := q.total;
	o.coupon := coalesce(c.code, o.coupon);
	o.coupon_id := c.id;
	return o;
end
$$;

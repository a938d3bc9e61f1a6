-- Placing an order.

-- Placed by a guest whose contact was not confirmed by a code?
create or replace function order_is_unproven(o orders) returns boolean
language sql immutable as $$
	select o.user_id is null and o.created_by is null and not coalesce(o.email_proven or o.mobile_proven, false)
$$;

-- What exceeds the limits of a guest's unpaid order. Otherwise an order that is never paid could hold the whole stock
-- forever. Variants count as one product. Orders paid online are not limited: they are paid, or expire.
create or replace function order_guest_refused(pointer text, o orders, shop stores, basket basket_line[])
returns refusal[]
language plpgsql stable as $$
begin
	if not order_is_unproven(o) then
		return null;
	elsif o.total > shop.guest_max_total then
		return refused(pointer, 'guest_max_total', jsonb_build_object('max', shop.guest_max_total::text,
			'currency', shop.currency));
	elsif exists (select 1 from unnest(basket) w join products p on p.id = w.product
		group by coalesce(p.parent, p.id) having sum(w.quantity) > shop.guest_max_quantity) then
		return refused(pointer, 'guest_max_quantity', jsonb_build_object('max', shop.guest_max_quantity));
	end if;
	return null;
end
$$;

-- The contact of an order that is placed: a guest must be reachable, and the invoice needs a name.
create or replace function order_contact_refused(o orders) returns refusal[]
language sql immutable as $$
	select case when o.user_id is null and o.created_by is null and o.contact_email is null
			and o.contact_mobile is null then refused('/contact', 'guest_contact') end
		|| case when is_blank(o.contact_name) then refused('/contact/name', 'invoice_name') end
$$;

-- Lock the stock of a basket and check that there is enough of each product. Returns the products whose pieces are
-- counted: from now on the order takes these, whatever becomes of the others.
create or replace function order_lock_stock(basket basket_line[]) returns uuid[]
language plpgsql as $$
declare
	counted uuid[];
	short uuid[];
begin
	with locked as (
		select k.product, k.inventory_count, k.owed_max from stock k
		where k.product in (select w.product from unnest(basket) w) and k.is_tracked order by k.product for update)
	select array_agg(k.product), array_agg(k.product) filter (
		where k.inventory_count < k.quantity and k.quantity > 0 and k.owed_max < 1000000000)
	into counted, short
	from (select l.product, l.inventory_count, l.owed_max,
			(select sum(w.quantity) from unnest(basket) w where w.product = l.product) as quantity from locked l) k;
	if short is not null then
		perform deny('CSOOS', 'short_of_stock', null, (
			select jsonb_build_object('products', json_agg(json_build_object('product', p.id, 'sku', p.sku,
				'name', coalesce(p.line_name, p.name), 'requested', w.quantity,
				'available', greatest(k.inventory_count, 0)) order by p.id))
			from (select u.product, sum(u.quantity) as quantity from unnest(basket) u group by u.product) w
			join products p on p.id = w.product
			join stock k on k.product = p.id
			where p.id = any (short)));
	end if;
	return counted;
end
$$;

-- Write the placed order; a cart stops being one.
create or replace function order_write(o orders, was_cart boolean) returns orders
language plpgsql as $$
begin
	o.number := nextval('order_numbers');
	o.status := case when o.total = 0 then 'paid' else 'placed' end;
	o.payment_status := case when o.total = 0 then 'paid' else 'unpaid' end;
	o.placed_at := now();
	if was_cart then
		update orders set number = o.number, status = o.status, payment_status = o.payment_status,
			currency = o.currency, prices_include_tax = o.prices_include_tax, subtotal = o.subtotal,
			discount_total = o.discount_total, shipping_total = o.shipping_total, shipping_tax = o.shipping_tax,
			shipping_tax_rate = o.shipping_tax_rate, shipping_method_name = o.shipping_method_name,
			tax_total = o.tax_total, rounding = o.rounding, total = o.total, coupon = o.coupon, coupon_id = o.coupon_id,
			tax_scheme = o.tax_scheme, tax_rounding = o.tax_rounding,
			delivery_estimate = o.delivery_estimate, contact_name = o.contact_name, placed_at = o.placed_at
		where id = o.id returning * into o;
		delete from cart_items where order_id = o.id;
	else
		insert into orders (id, number, store, user_id, token_hash, status, payment_status, contact_name, contact_email,
			contact_mobile, shipping_address, billing_address, comments, currency, prices_include_tax, subtotal,
			discount_total, shipping_total, shipping_tax, shipping_tax_rate, shipping_method, shipping_method_name,
			tax_total, rounding, total, coupon, coupon_id, language, tax_scheme, tax_rounding,
			delivery_estimate, placed_at)
		values (o.id, o.number, o.store, o.user_id, o.token_hash, o.status, o.payment_status, o.contact_name,
			o.contact_email, o.contact_mobile, o.shipping_address, o.billing_address, o.comments, o.currency,
			o.prices_include_tax, o.subtotal, o.discount_total, o.shipping_total, o.shipping_tax, o.shipping_tax_rate,
			o.shipping_method, o.shipping_method_name, o.tax_total, o.rounding, o.total, o.coupon, o.coupon_id,
			o.language, o.tax_scheme, o.tax_rounding, o.delivery_estimate, o.placed_at)
		returning * into o;
	end if;
	return o;
end
$$;

-- Write the lines of a placed order, the stock movements of those that are counted, and its first events.
create or replace function order_write_lines(o orders, lines quote_line[], counted uuid[], was_cart boolean)
returns void
language plpgsql as $$
begin
	insert into order_items (order_id, position, product, sku, name, hsn, options, quantity, unit_price, tax_rate,
		tax_amount, discount_amount, line_total, price_reason, price_discount)
	select o.id, l.position, l.product, l.sku, l.name, l.hsn, l.options, l.quantity, l.unit_price, l.tax_rate,
		l.tax_amount, l.discount_amount, l.line_total, l.price_reason, l.price_discount
	from unnest(lines) l;
	insert into stock_movements (product, delta, reason, order_id)
	select i.product, -sum(i.quantity), 'order placed', o.id
	from unnest(lines) i where i.product = any (counted) group by i.product order by i.product;
	insert into order_events (order_id, user_id, from_status, to_status)
	values (o.id, acting_user(), case when was_cart then 'cart' end, 'placed');
	if o.status = 'paid' then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (o.id, null, 'placed', 'paid', 'There is nothing to pay.');
	end if;
end
$$;

-- The order of a request: a new one from its members, or a stored cart. Locks are always taken in the same order: the
-- order, the stock by product id, the coupon, the counter of invoices; the last two, which the orders of a shop share,
-- as late as possible.
create or replace function order_place_now(r order_request, out body text, out wake boolean)
language plpgsql as $$
declare
	is_cart constant boolean := r.store is null;
	viewer text := 'customer';
	cart record;
	o orders;
	shop stores;
	c coupons;
	m shipping_methods;
	q quote;
	basket basket_line[] := r.lines;
	counted uuid[];
	draft invoices;
	day date; -- of the store
begin
	-- Collect, and refuse all errors at once.
	if is_cart then
		cart := cart_open(r);
		o := cart.o;
		viewer := cart.viewer;
		basket := cart_basket(o.id);
		if is_blank(o.contact_name) then
			o.contact_name := coalesce((select u.name from users u where u.id = o.user_id), '');
		end if;
	else
		o := order_begin(r);
		if r.role in ('staff', 'admin') then
			viewer := order_viewer(o, r.user_id, r.role, r.new_token_hash);
			o := cart_assign(o, r, viewer <> 'customer');
		end if;
	end if;
	shop := store_find(o.store);
	perform refuse_all(order_contact_refused(o) || address_refused('/shipping_address', o.shipping_address)
		|| address_refused('/billing_address', o.billing_address)
		|| case when shop.address ->> 'country' = 'IN' then tax_refused(shop, o) end
		|| basket_refused(shop, basket, is_cart));
	if cardinality(basket) > 1 then
		basket := basket_merge(basket);
	end if;
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);

	counted := order_lock_stock(basket);

	-- Price.
	q := order_quote(shop, basket, c, m, o);
	o := order_priced(o, shop, q, c, m);
	perform refuse_all(refusals_seen(coupon_refused(c, shop, q, o), viewer)
		|| case when q.total = 0 then order_guest_refused('/items', o, shop, basket) end
		|| coalesce(ship_to_refused(m, o), shipping_refused(m, shop, o, q)));
	if o.total <> r.expected_total then
		perform deny('CS409', 'total_differs', jsonb_build_object('total', o.total::text, 'currency', o.currency),
			jsonb_build_object('total', o.total::text, 'currency', o.currency));
	end if;

	-- Write.
	o := order_write(o, is_cart);
	perform order_write_lines(o, q.lines, counted, is_cart);

	-- Effects.
	wake := order_notify(o, shop, 'order_placed');
	if shop.notification_emails <> '[]' then
		perform store_notify_order(o);
		wake := true;
	end if;
	wake := wake and outbox_wake();
	day := (now() at time zone shop.timezone)::date;
	draft := invoice_draft(o, shop, day);
	body := order_render(o, viewer, order_lines(o.id), null, null);

	-- Finish: concurrent orders compete for the two locks that follow.
	if c.id is not null then
		perform coupon_redeem(c, o, viewer);
	end if;
	body := order_with_invoice(body, invoice_issue(draft, shop, day));
end
$$;

-- Place an order: one call is one transaction. The caller has validated the request's format. Plans do not depend on
-- the items: planning again for each order would be a quarter of the work.
create or replace function order_place(request jsonb, out status integer, out body text, out replayed boolean,
	out wake boolean)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	r constant order_request := request_read(null::order_request, request);
	placed record;
begin
	perform act_as(r.user_id, r.request_id);
	if r.key is not null then
		select k.saved_status, k.saved_body into status, body from idempotency_begin(r.key) k;
	end if;
	replayed := status is not null;
	wake := false;
	if replayed then
		return;
	end if;
	placed := order_place_now(r);
	body := placed.body;
	wake := placed.wake;
	status := case when r.store is null then 200 else 201 end;
	if r.key is not null then
		perform idempotency_save(r.key, status, body);
	end if;
end
$$;

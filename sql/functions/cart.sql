-- Carts: an order that is being filled.

-- The caller's relation to the cart of a request, which is locked.
create or replace function cart_viewer(o orders, r order_request) returns text
language plpgsql stable as $$
declare
	viewer constant text := order_viewer_required(o, r.user_id, r.role, r.token_hash);
begin
	if o.status <> 'cart' then
		perform deny('CSTRN', 'no_longer_a_cart', jsonb_build_object('status', o.status),
			jsonb_build_object('status_now', o.status));
	end if;
	return viewer;
end
$$;

-- The lines of a stored cart.
create or replace function cart_basket(which uuid) returns basket_line[]
language plpgsql stable as $$
begin
	return (select array_agg(row(i.product, i.quantity, case when i.is_price_set then i.unit_price end,
			case when i.price_reason is not null then i.discount_amount end, i.price_reason)::basket_line
			order by i.position)
		from cart_items i where i.order_id = which);
end
$$;

-- What changed since the cart was filled: its lines, at the prices of the catalogue, then its totals, then a coupon or
-- a shipping method that is refused now. o: as stored; priced: as it is now. A cart of version 0.2 has no totals.
create or replace function cart_changes(o orders, priced orders, state cart_state) returns refusal[]
language plpgsql stable as $$
declare
	changes refusal[];
begin
	select array_agg(x.change[1] order by x.position) into changes
	from (
		select i.position, case
			when l.product is null then refused('/items/' || i.position - 1, 'unavailable')
			when not i.is_price_set and i.unit_price <> c.price then refused('/items/' || i.position - 1,
				'price_changed', jsonb_build_object('old', i.unit_price::text, 'new', c.price::text))
			end as change
		from cart_items i
		join products p on p.id = i.product
		cross join lateral (select price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) as price) c
		left join unnest(state.positions, (state.quoted).lines) l (at) on l.at = i.position
		where i.order_id = o.id
		union all
		select i.position, c.change
		from (select l.position, l.product, sum(l.quantity) over (partition by l.product) as pieces
			from cart_items l where l.order_id = o.id) i
		join products p on p.id = i.product
		join stock k on k.product = i.product
		cross join lateral (
			select refused('/items/' || i.position - 1, 'out_of_stock',
				jsonb_build_object('available', greatest(k.inventory_count, 0))) as change
			where k.inventory_count < i.pieces and k.is_tracked and k.owed_max < 1000000000
			union all
			select quantity_refused('/items/' || i.position - 1, i.pieces, p.min_quantity, p.max_quantity,
				p.quantity_step)
			where p.min_quantity > 1 or p.max_quantity is not null or p.quantity_step > 1) c) x
	where x.change is not null;
	if o.subtotal > 0 or o.total > 0 then
		changes := changes
			|| case when o.discount_total <> priced.discount_total then refused('/discount_total', 'discount_changed',
				jsonb_build_object('old', o.discount_total::text, 'new', priced.discount_total::text)) end
			|| case when o.shipping_total <> priced.shipping_total then refused('/shipping_total', 'shipping_changed',
				jsonb_build_object('old', o.shipping_total::text, 'new', priced.shipping_total::text)) end
			|| case when o.tax_total <> priced.tax_total then refused('/tax_total', 'tax_changed',
				jsonb_build_object('old', o.tax_total::text, 'new', priced.tax_total::text)) end;
	end if;
	return changes || state.refusal;
end
$$;

-- The lines of a cart as they were priced; the others cannot be bought, and cost nothing.
create or replace function cart_lines(which uuid, state cart_state, decimals integer) returns json
language plpgsql stable as $$
declare
	nothing constant numeric := round(0::numeric, decimals);
begin
	return (select json_agg(row_to_json(s) order by s.position)
		from (
			select i.position, i.product, p.sku, coalesce(p.line_name, p.name) as name, product_options(p) as options,
				i.quantity,
				coalesce(l.unit_price, i.unit_price)::text as unit_price,
				coalesce(l.tax_rate, p.tax_rate)::text as tax_rate,
				coalesce(l.tax_amount, nothing)::text as tax_amount,
				coalesce(l.discount_amount, nothing)::text as discount_amount,
				coalesce(l.line_total, nothing)::text as line_total, i.price_reason
			from cart_items i join products p on p.id = i.product
			left join unnest(state.positions, (state.quoted).lines) l (at) on l.at = i.position
			where i.order_id = which) s);
end
$$;

-- A cart as it would be placed now: the order at current prices, and its lines.
create or replace function cart_quote(inout o orders, basket basket_line[], out state cart_state)
language plpgsql stable as $$
declare
	shop stores;
	c coupons;
	m shipping_methods;
	buyable basket_line[];
begin
	select * into shop from stores s where s.id = o.store;
	select array_agg(w.position order by w.position),
		array_agg(row(w.product, w.quantity, w.unit_price, w.discount, w.reason)::basket_line order by w.position)
	into state.positions, buyable
	from unnest(basket) with ordinality w (product, quantity, unit_price, discount, reason, position)
	where exists (select 1 from live_products p where p.id = w.product and not p.has_variants
		and coalesce(w.unit_price, p.price) is not null);
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);
	state.quoted := order_quote(shop, buyable, c, m, o);
	state.refusal := coupon_refused(c, shop, state.quoted, o);
	if state.refusal is not null then
		state.quoted := order_quote(shop, buyable, null, m, o);
	end if;
	if o.shipping_method is not null then
		state.refusal := state.refusal || shipping_refused(m, shop, o, state.quoted);
	end if;
	o := order_priced(o, shop, state.quoted, c, m);
end
$$;

-- A cart's JSON. o: as stored and seen by the viewer; priced and state: of cart_quote().
create or replace function cart_render(o orders, priced orders, state cart_state, viewer text) returns text
language plpgsql stable as $$
begin
	priced.modified_at := o.modified_at;
	return order_with_invoice(order_render(priced, viewer,
		cart_lines(o.id, state, currency_decimals(priced.currency)), null,
		cart_changes_json(refusals_seen(cart_changes(o, priced, state), viewer))), null);
end
$$;

-- The refused changes to a cart, which are merged into it. The minimum value of its coupon is checked when it is shown
-- and when it is placed.
create or replace function cart_refused(o orders, shop stores, c coupons, r order_request, request jsonb)
returns refusal[]
language plpgsql stable as $$
declare
	errors refusal[];
begin
	if request ? 'lines' then
		errors := basket_refused(shop, r.lines);
	end if;
	if request ? 'shipping_address' then
		errors := errors || address_refused('/shipping_address', o.shipping_address);
	end if;
	if request ? 'billing_address' then
		errors := errors || address_refused('/billing_address', o.billing_address);
	end if;
	if request ? 'coupon' then
		errors := errors || coupon_refused(c, shop, null, o);
	end if;
	if request ? 'shipping_method' and r.shipping_method is not null
		and (shipping_method_find(r.shipping_method, shop)).id is null then
		errors := errors || refused('/shipping_method', 'shipping_not_found');
	end if;
	return errors;
end
$$;

create or replace function cart_write(inout o orders, is_new boolean)
language plpgsql as $$
begin
	if is_new then
		insert into orders (id, store, user_id, token_hash, status, contact_name, contact_email, contact_mobile,
			shipping_address, billing_address, comments, coupon, shipping_method, language, currency,
			prices_include_tax, subtotal, discount_total, shipping_total, shipping_tax, tax_total, rounding, total,
			delivery_estimate)
		values (o.id, o.store, o.user_id, o.token_hash, 'cart', o.contact_name, o.contact_email, o.contact_mobile,
			o.shipping_address, o.billing_address, o.comments, o.coupon, o.shipping_method, o.language, o.currency,
			o.prices_include_tax, o.subtotal, o.discount_total, o.shipping_total, o.shipping_tax, o.tax_total,
			o.rounding, o.total, o.delivery_estimate)
		returning * into o;
	else
		update orders set user_id = o.user_id, contact_name = o.contact_name, contact_email = o.contact_email,
			contact_mobile = o.contact_mobile, email_proven = o.email_proven, mobile_proven = o.mobile_proven,
			shipping_address = o.shipping_address, billing_address = o.billing_address, comments = o.comments,
			coupon = o.coupon, shipping_method = o.shipping_method, currency = o.currency,
			prices_include_tax = o.prices_include_tax, subtotal = o.subtotal, discount_total = o.discount_total,
			shipping_total = o.shipping_total, shipping_tax = o.shipping_tax, tax_total = o.tax_total,
			rounding = o.rounding, total = o.total, delivery_estimate = o.delivery_estimate
		where id = o.id returning * into o;
	end if;
end
$$;

create or replace function cart_write_lines(which uuid, basket basket_line[]) returns void
language plpgsql as $$
begin
	delete from cart_items where order_id = which;
	insert into cart_items (order_id, position, product, quantity, unit_price, discount_amount, price_reason,
		is_price_set)
	select which, w.position, w.product, w.quantity, coalesce(w.unit_price,
			price_charged(p.price, p.sale_price, p.sale_from, p.sale_to)), coalesce(w.discount, 0), w.reason,
		w.unit_price is not null
	from unnest(basket) with ordinality w (product, quantity, unit_price, discount, reason, position)
	join products p on p.id = w.product;
end
$$;

-- A stored cart of a request, locked, and taken over if it is a guest's and the request a customer's with its token.
create or replace function cart_open(r order_request, out o orders, out viewer text, out taken boolean)
language plpgsql as $$
begin
	select * into o from orders where id = r.order_id for update;
	viewer := cart_viewer(o, r);
	taken := o.user_id is null and r.role = 'customer' and o.token_hash = r.token_hash;
	if taken then
		o := cart_take_over(o, r.user_id);
	end if;
end
$$;

-- What only staff may send, as the programs ensure, and only that of the store: for whom the cart is, and prices.
create or replace function cart_assign(inout o orders, r order_request, of_store boolean)
language plpgsql stable as $$
begin
	if not of_store and (r.buyer is not null
		or exists (select 1 from unnest(r.lines) l where l.reason is not null)) then
		perform deny('CS403', 'store_only');
	end if;
	o.user_id := coalesce(request_buyer(r), o.user_id);
end
$$;

-- The changed cart of a request; with a store, a new one. What the buyer was shown changes with what it depends on.
create or replace function cart_save_now(r order_request, request jsonb) returns text
language plpgsql as $$
declare
	is_new constant boolean := r.store is not null;
	is_priced boolean := is_new or request ?| array['lines', 'coupon', 'shipping_method', 'shipping_address',
		'billing_address'];
	cart record;
	o orders;
	viewer text;
	basket basket_line[];
	shop stores;
	c coupons;
begin
	-- Collect and refuse.
	if is_new then
		o := order_begin(r);
		viewer := order_viewer(o, r.user_id, r.role, r.new_token_hash);
	else
		cart := cart_open(r);
		o := cart.o;
		viewer := cart.viewer;
		is_priced := is_priced or cart.taken;
	end if;
	select * into shop from stores s where s.id = o.store;
	if is_new then
		shop := store_find(o.store);
	end if;
	o := order_merge(o, r, request);
	if r.role in ('staff', 'admin') then
		o := cart_assign(o, r, viewer <> 'customer');
	end if;
	c := coupon_find(o.coupon);
	perform refuse_all(refusals_seen(cart_refused(o, shop, c, r, request), viewer));
	basket := case when request ? 'lines' then basket_merge(r.lines) else cart_basket(o.id) end;

	-- Price and write.
	o.coupon := coalesce(c.code, o.coupon);
	cart := cart_quote(o, basket);
	o := cart_write(case when is_priced then cart.o else o end, is_new);
	if request ? 'lines' then
		perform cart_write_lines(o.id, basket);
	end if;

	o := order_seen(o, viewer, r.user_id);
	return cart_render(o, case when is_priced then o else order_seen(cart.o, viewer, r.user_id) end, cart.state,
		viewer);
end
$$;

-- Create or change a cart; absent members stay unchanged. The caller has validated the request's format. Only a new
-- cart uses the key. Plans: as for order_place().
create or replace function order_cart_save(request jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	r constant order_request := request_read(null::order_request, request);
	is_kept constant boolean := r.store is not null and r.key is not null;
begin
	perform act_as(r.user_id, r.request_id);
	if is_kept then
		select k.saved_status, k.saved_body into status, body from idempotency_begin(r.key) k;
	end if;
	replayed := status is not null;
	if replayed then
		return;
	end if;
	body := cart_save_now(r, request);
	status := case when r.store is null then 200 else 201 end;
	if is_kept then
		perform idempotency_save(r.key, status, body);
	end if;
end
$$;

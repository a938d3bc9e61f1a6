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

-- What changed since the cart was filled; `buyable` are those of its products that can be bought.
create or replace function cart_changes(which uuid, buyable uuid[]) returns refusal[]
language plpgsql stable as $$
begin
	return (select array_agg(x.change[1] order by x.position)
		from (
			select i.position, case
				when not i.product = any (coalesce(buyable, '{}')) then
					refused('/items/' || i.position - 1, 'unavailable')
				when i.unit_price <> p.price then refused('/items/' || i.position - 1, 'price_changed',
					jsonb_build_object('old', i.unit_price::text, 'new', p.price::text))
				end as change
			from cart_items i join products p on p.id = i.product
			where i.order_id = which
			union all
			select i.position, refused('/items/' || i.position - 1, 'out_of_stock',
				jsonb_build_object('available', k.inventory_count))
			from cart_items i join stock k on k.product = i.product
			where i.order_id = which and k.inventory_count < (
				select sum(j.quantity) from cart_items j where j.order_id = which and j.product = i.product)) x
		where x.change is not null);
end
$$;

-- The lines of a cart: at `positions` as they were priced; the others cannot be bought, and cost nothing.
create or replace function cart_lines(which uuid, positions integer[], priced quote_line[], decimals integer)
returns json
language plpgsql stable as $$
declare
	nothing constant numeric := round(0::numeric, decimals);
begin
	return (select json_agg(row_to_json(s) order by s.position)
		from (
			select i.position, i.product, p.sku, p.name, product_options(p) as options, i.quantity,
				coalesce(l.unit_price, p.price)::text as unit_price, p.tax_rate::text as tax_rate,
				coalesce(l.tax_amount, nothing)::text as tax_amount,
				coalesce(l.discount_amount, nothing)::text as discount_amount,
				coalesce(l.line_total, nothing)::text as line_total
			from cart_items i join products p on p.id = i.product
			left join unnest(positions, priced) l (at) on l.at = i.position
			where i.order_id = which) s);
end
$$;

-- A cart as it would be placed now: at current prices, with its lines and what changed since it was filled.
create or replace function cart_quote(inout o orders, out changes refusal[], out lines json)
language plpgsql stable as $$
declare
	shop stores;
	c coupons;
	m shipping_methods;
	q quote;
	refusal refusal[];
	positions integer[]; -- of the lines that can be bought
	products uuid[];
	quantities integer[];
begin
	select * into shop from stores s where s.id = o.store;
	select array_agg(i.position order by i.position), array_agg(i.product order by i.position),
		array_agg(i.quantity order by i.position)
	into positions, products, quantities
	from cart_items i
	where i.order_id = o.id and exists (select 1 from live_products p where p.id = i.product)
		and not exists (select 1 from products v where v.parent = i.product and not v.is_deleted);
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);
	q := order_quote(shop, products, quantities, c, m);
	refusal := coupon_refused(c, shop, q.subtotal, o);
	if refusal is not null then
		q := order_quote(shop, products, quantities, null, m);
	end if;
	changes := cart_changes(o.id, products) || refusal
		|| case when o.shipping_method is not null then shipping_refused(m, shop, o) end;
	lines := cart_lines(o.id, positions, q.lines, currency_decimals(shop.currency));
	o := order_priced(o, shop, q, c, m);
end
$$;

-- The refused changes to a cart, which are merged into it. The minimum value of its coupon is checked when it is shown
-- and when it is placed.
create or replace function cart_refused(o orders, shop stores, c coupons, m shipping_methods, r order_request,
	request jsonb) returns refusal[]
language plpgsql stable as $$
declare
	errors refusal[];
begin
	if request ? 'products' then
		errors := products_refused(shop, r.products);
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
	if request ? 'shipping_method' and r.shipping_method is not null and m.id is null then
		errors := errors || refused('/shipping_method', 'shipping_not_found');
	end if;
	return errors;
end
$$;

create or replace function cart_write(o orders, shop stores, is_new boolean) returns void
language plpgsql as $$
begin
	if is_new then
		insert into orders (id, store, user_id, token_hash, status, contact_name, contact_email, contact_mobile,
			shipping_address, billing_address, comments, coupon, shipping_method, currency, prices_include_tax,
			subtotal, tax_total, total, language)
		values (o.id, o.store, o.user_id, o.token_hash, 'cart', o.contact_name, o.contact_email, o.contact_mobile,
			o.shipping_address, o.billing_address, o.comments, o.coupon, o.shipping_method, shop.currency,
			shop.prices_include_tax, 0, 0, 0, o.language);
	else
		update orders set contact_name = o.contact_name, contact_email = o.contact_email,
			contact_mobile = o.contact_mobile, email_proven = o.email_proven, mobile_proven = o.mobile_proven,
			shipping_address = o.shipping_address, billing_address = o.billing_address, comments = o.comments,
			coupon = o.coupon, shipping_method = o.shipping_method
		where id = o.id;
	end if;
end
$$;

-- The changed cart of a request; with a store, a new one.
create or replace function cart_save_now(r order_request, request jsonb) returns text
language plpgsql as $$
declare
	is_new constant boolean := r.store is not null;
	viewer text := 'customer';
	o orders;
	shop stores;
	c coupons;
	m shipping_methods;
begin
	-- Collect and refuse.
	if is_new then
		o := order_begin(r);
		shop := store_find(o.store);
	else
		select * into o from orders where id = r.order_id for update;
		viewer := cart_viewer(o, r);
		select * into shop from stores s where s.id = o.store;
	end if;
	o := order_merge(o, r, request);
	c := coupon_find(o.coupon);
	m := shipping_method_find(o.shipping_method, shop);
	perform refuse_all(cart_refused(o, shop, c, m, r, request));

	-- Write.
	o.coupon := coalesce(c.code, o.coupon);
	perform cart_write(o, shop, is_new);
	if request ? 'products' then
		delete from cart_items where order_id = o.id;
		insert into cart_items (order_id, position, product, quantity, unit_price)
		select o.id, w.position, w.product, w.quantity, p.price
		from unnest(r.products, r.quantities) with ordinality w (product, quantity, position)
		join products p on p.id = w.product;
	end if;

	return order_json(o.id, viewer, r.user_id);
end
$$;

-- Create or change a cart; absent members stay unchanged. The caller has validated the request's format. Only a new
-- cart uses the key.
create or replace function order_cart_save(request jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
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

-- Annotate an order as staff, whatever its status: its tags, and the base model's comments, active_from, active_to and
-- is_suspended; absent members stay unchanged. The status may be sent back unchanged, in upper or lower case:
-- order_move() changes it. For the buyer this changes a cart, even if they are staff elsewhere.
create or replace function order_annotate(request jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	r constant order_request := request_read(null::order_request, request);
	o orders;
	viewer text;
begin
	perform act_as(r.user_id, r.request_id);
	select * into o from orders where id = r.order_id for update;
	viewer := order_viewer_required(o, r.user_id, r.role, r.token_hash);
	status := 200;
	replayed := false;
	if viewer = 'customer'
		and not request ?| array['active_from', 'active_to', 'is_suspended', 'status', 'tags'] then
		body := cart_save_now(r, request);
		return;
	elsif viewer = 'customer' then
		perform deny('CS403', 'store_only');
	elsif request ? 'status' and lower(coalesce(r.status, '')) <> o.status then
		perform refuse('/status', 'status_read_only');
	end if;
	update orders set
		comments = case when request ? 'comments' then coalesce(r.comments, '') else o.comments end,
		active_from = case when request ? 'active_from' then r.active_from else o.active_from end,
		active_to = case when request ? 'active_to' then r.active_to else o.active_to end,
		is_suspended = coalesce(r.is_suspended, o.is_suspended),
		tags = case when request ? 'tags' then coalesce(r.tags, '[]') else o.tags end
	where id = o.id;
	body := order_json(o.id, viewer, r.user_id);
end
$$;

-- Carts: an order that is being filled.

-- A cart as it would be placed now: its lines at today's prices, and what is otherwise than when it was filled:
-- changes [{pointer, code, detail, …}]. What cannot be bought any more is shown with a total of nothing.
create function cart_quote(o orders, out q quote, out changes jsonb, out lines json)
language plpgsql stable as $$
declare
	shop stores;
	c coupons;
	m shipping_methods;
	ids uuid[];
	quantities integer[];
	refusal json;
	nothing numeric;
begin
	select * into shop from stores s where s.id = o.store;
	nothing := round(0::numeric, currency_decimals(shop.currency));
	select array_agg(i.product order by i.position), array_agg(i.quantity order by i.position) into ids, quantities
	from cart_items i
	where i.order_id = o.id and exists (select 1 from live_products p where p.id = i.product)
		and not exists (select 1 from products v where v.parent = i.product and not v.is_deleted);
	if o.coupon is not null then
		select * into c from coupons k where upper(k.code) = upper(o.coupon) and not k.is_deleted;
	end if;
	if o.shipping_method is not null then
		select s.* into m from live_shipping_methods l join shipping_methods s on s.id = l.id where l.id = o.shipping_method;
	end if;
	q := order_quote(shop, ids, quantities, null, m);

	select coalesce(jsonb_agg(x.change order by x.position), '[]') into changes
	from (
		select i.position, case
			when not i.product = any (coalesce(ids, '{}')) then jsonb_build_object('pointer', '/items/' || i.position - 1,
				'code', 'unavailable', 'detail', 'The product is no longer available.')
			when i.unit_price <> p.price then jsonb_build_object('pointer', '/items/' || i.position - 1,
				'code', 'price_changed', 'detail', format('The price was %s and is %s.', i.unit_price, p.price),
				'old', i.unit_price::text, 'new', p.price::text)
			end as change
		from cart_items i join products p on p.id = i.product
		where i.order_id = o.id
		union all
		select i.position, jsonb_build_object('pointer', '/items/' || i.position - 1, 'code', 'out_of_stock',
			'detail', format('There are %s left.', k.inventory_count), 'available', k.inventory_count)
		from cart_items i join stock k on k.product = i.product
		where i.order_id = o.id and k.inventory_count < (
			select sum(j.quantity) from cart_items j where j.order_id = o.id and j.product = i.product)) x
	where x.change is not null;

	if o.coupon is not null then
		refusal := coupon_refusal(c, shop, q.subtotal,
			(select u.used_count from coupon_uses u where u.coupon = c.id), o);
		if refusal is null then
			q := order_quote(shop, ids, quantities, c, m);
		else
			changes := changes || (jsonb_build_object('pointer', '/coupon') || refusal::jsonb);
		end if;
	end if;
	refusal := case when o.shipping_method is not null then
		shipping_refusal(m, shop, o.shipping_method, o.shipping_address) end;
	if refusal is not null then
		changes := changes || (jsonb_build_object('pointer', '/shipping_method') || refusal::jsonb);
	end if;

	select json_agg(row_to_json(s) order by s.position)
	into lines
	from (
		select i.position, i.product, p.sku, p.name, product_options(p) as options, i.quantity, coalesce(l.unit_price, p.price)::text as unit_price,
			p.tax_rate::text as tax_rate, coalesce(l.tax_amount, nothing)::text as tax_amount,
			coalesce(l.discount_amount, nothing)::text as discount_amount,
			coalesce(l.line_total, nothing)::text as line_total
		from cart_items i join products p on p.id = i.product
		left join (
			select n.position, w.* from (
				select j.position, row_number() over (order by j.position) as nth
				from cart_items j where j.order_id = o.id and j.product = any (coalesce(ids, '{}'))) n
			join unnest(q.lines) w on w.position = n.nth) l (at, position, product, sku, name, hsn, options, quantity, unit_price,
				tax_rate, tax_amount, discount_amount, line_total) on l.at = i.position
		where i.order_id = o.id) s;
end
$$;

-- What an address has not, as errors; [] also for none at all.
create function address_incomplete(pointer text, address jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(jsonb_build_object('pointer', pointer || '/' || needed, 'code', 'required',
		'detail', 'An address needs it.')), '[]')
	from unnest(array['line1', 'city', 'country']) needed
	where address is not null and not address ? needed
$$;

-- Carts. `wanted` is checked for its form by the caller: {order, new, store, user, role, token, token_hash, request_id,
-- language} and, of what is to be changed, {items[{product, quantity}], contact{}, shipping_address, billing_address,
-- coupon, shipping_method, comments}; a member that is missing stays, null clears it. Gives the cart, and the answer's
-- status. For a new one with a key {scope, key, hash} as order_place.
create function order_cart_save(wanted jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	shop stores;
	buyer users;
	c coupons;
	m shipping_methods;
	ids uuid[];
	quantities integer[];
	viewer text := 'customer';
	contact jsonb := wanted -> 'contact';
	wrong jsonb;
	refusal json;
begin
	perform act_as((wanted ->> 'user')::uuid, wanted ->> 'request_id');
	replayed := false;
	status := 200;
	if (wanted ->> 'new')::boolean then
		if wanted -> 'key' <> 'null' then
			select saved_status, saved_body into order_cart_save.status, body from idempotency_begin(wanted -> 'key');
			if body is not null then
				replayed := true;
				return;
			end if;
		end if;
		status := 201;
		select s.* into shop from live_stores l join stores s on s.id = l.id where l.id = (wanted ->> 'store')::uuid;
		if shop.id is null then
			perform refuse('/store', 'not_found', 'There is no such store.');
		end if;
		select * into buyer from users u where u.id = acting_user();
		insert into orders (id, store, user_id, token_hash, status, contact_name, contact_email, contact_mobile, currency,
			prices_include_tax, subtotal, tax_total, total, language)
		values ((wanted ->> 'order')::uuid, shop.id, buyer.id, decode(wanted ->> 'token_hash', 'hex'), 'cart',
			coalesce(buyer.name, ''), buyer.email, buyer.mobile_number, shop.currency, shop.prices_include_tax, 0, 0, 0,
			coalesce(wanted ->> 'language', ''))
		returning * into o;
	else
		select * into o from orders where id = (wanted ->> 'order')::uuid for update;
		viewer := order_viewer(o, (wanted ->> 'user')::uuid, wanted ->> 'role', decode(wanted ->> 'token', 'hex'));
		if viewer is null then
			raise exception using errcode = 'CS404', message = 'Not found.';
		elsif o.status <> 'cart' then
			raise exception using errcode = 'CSTRN', message = format('The order is %s; only a cart can be changed.', o.status),
				detail = json_build_object('status_now', o.status)::text;
		end if;
		select * into shop from stores s where s.id = o.store;
	end if;

	if wanted ? 'items' then
		select array_agg((e.item ->> 'product')::uuid order by e.position),
			array_agg((e.item ->> 'quantity')::integer order by e.position)
		into ids, quantities
		from jsonb_array_elements(wanted -> 'items') with ordinality e (item, position);
		wrong := order_lines_refused(shop, ids)::jsonb;
	end if;
	o.contact_name := case when contact ? 'name' then coalesce(contact ->> 'name', '') else o.contact_name end;
	-- What was confirmed by a code stays confirmed while it is the same.
	if contact ? 'email' then
		o.email_proven := o.email_proven and coalesce(lower(o.contact_email) = lower(contact ->> 'email'), false);
		o.contact_email := contact ->> 'email';
	end if;
	if contact ? 'mobile_number' then
		o.mobile_proven := o.mobile_proven and coalesce(o.contact_mobile = contact ->> 'mobile_number', false);
		o.contact_mobile := contact ->> 'mobile_number';
	end if;
	if wanted ? 'shipping_address' then
		o.shipping_address := nullif(jsonb_merge_patch(o.shipping_address, wanted -> 'shipping_address'), 'null');
		wrong := nullif(coalesce(wrong, '[]') || address_incomplete('/shipping_address', o.shipping_address), '[]');
	end if;
	if wanted ? 'billing_address' then
		o.billing_address := nullif(jsonb_merge_patch(o.billing_address, wanted -> 'billing_address'), 'null');
		wrong := nullif(coalesce(wrong, '[]') || address_incomplete('/billing_address', o.billing_address), '[]');
	end if;
	o.comments := case when wanted ? 'comments' then coalesce(wanted ->> 'comments', '') else o.comments end;
	if wanted ? 'coupon' then
		o.coupon := wanted ->> 'coupon';
		if o.coupon is not null then
			select * into c from coupons k where upper(k.code) = upper(o.coupon) and not k.is_deleted;
			-- What the cart is worth is looked at when it is shown and when it is placed.
			refusal := coupon_refusal(c, shop, null, (select u.used_count from coupon_uses u where u.coupon = c.id),
				o);
			if refusal is not null then
				wrong := coalesce(wrong, '[]') || (jsonb_build_object('pointer', '/coupon') || refusal::jsonb);
			end if;
			o.coupon := coalesce(c.code, o.coupon);
		end if;
	end if;
	if wanted ? 'shipping_method' then
		o.shipping_method := (wanted ->> 'shipping_method')::uuid;
		if o.shipping_method is not null then
			select s.* into m from live_shipping_methods l join shipping_methods s on s.id = l.id where l.id = o.shipping_method;
			if m.id is null or m.store <> shop.id then
				wrong := coalesce(wrong, '[]') || jsonb_build_object('pointer', '/shipping_method', 'code', 'not_found',
					'detail', 'The store has no such shipping method.');
			end if;
		end if;
	end if;
	if wrong is not null then
		perform refuse_all(wrong::json, 'The cart cannot become this.');
	end if;

	update orders set contact_name = o.contact_name, contact_email = o.contact_email, contact_mobile = o.contact_mobile,
		email_proven = o.email_proven, mobile_proven = o.mobile_proven,
		shipping_address = o.shipping_address, billing_address = o.billing_address, comments = o.comments,
		coupon = o.coupon, shipping_method = o.shipping_method
	where id = o.id;
	if wanted ? 'items' then
		delete from cart_items where order_id = o.id;
		insert into cart_items (order_id, position, product, quantity, unit_price)
		select o.id, w.position, w.product, w.quantity, p.price
		from unnest(ids, quantities) with ordinality w (product, quantity, position) join products p on p.id = w.product;
	end if;
	body := order_json(o.id, viewer, (wanted ->> 'user')::uuid);
	if (wanted ->> 'new')::boolean and wanted -> 'key' <> 'null' then
		perform idempotency_save(wanted -> 'key', status, body);
	end if;
end
$$;

-- What the store's people note on an order, whatever its status: {order, user, role, token, request_id} and, of the base
-- model, {comments, active_from, active_to, is_suspended}; a member that is missing stays. A status may be sent back as it
-- is, in any case: moving an order is order_move(). Who is staff elsewhere and the buyer here changes a cart.
create function order_annotate(wanted jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	who constant uuid := (wanted ->> 'user')::uuid;
	o orders;
	viewer text;
begin
	perform act_as(who, wanted ->> 'request_id');
	select * into o from orders where id = (wanted ->> 'order')::uuid for update;
	viewer := order_viewer(o, who, wanted ->> 'role', decode(wanted ->> 'token', 'hex'));
	if viewer is null then
		raise exception using errcode = 'CS404', message = 'Not found.';
	elsif viewer = 'customer' and not wanted ?| array['active_from', 'active_to', 'is_suspended', 'status'] then
		select s.status, s.body, s.replayed into order_annotate.status, body, replayed from order_cart_save(wanted) s;
		return;
	elsif viewer = 'customer' then
		raise exception using errcode = 'CS403', message = 'Only the store can do this.';
	elsif wanted ? 'status' and lower(coalesce(wanted ->> 'status', '')) <> o.status then
		perform refuse('/status', 'read_only', 'Use POST to place, cancel, ship or complete an order.');
	end if;
	update orders set
		comments = case when wanted ? 'comments' then coalesce(wanted ->> 'comments', '') else o.comments end,
		active_from = case when wanted ? 'active_from' then (wanted ->> 'active_from')::timestamptz else o.active_from end,
		active_to = case when wanted ? 'active_to' then (wanted ->> 'active_to')::timestamptz else o.active_to end,
		is_suspended = coalesce((wanted ->> 'is_suspended')::boolean, o.is_suspended)
	where id = o.id;
	status := 200;
	replayed := false;
	body := order_json(o.id, viewer, who);
end
$$;

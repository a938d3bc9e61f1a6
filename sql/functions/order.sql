-- Placing an order and moving it from status to status.

-- What of some products cannot be bought in a store, as errors; null: all of it can. One product after the other: joined
-- to all of them at once, live_products reads whole tables.
create function order_lines_refused(shop stores, ids uuid[]) returns json
language plpgsql stable as $$
declare
	errors jsonb;
	sold_by uuid;
	has_variants boolean;
begin
	for i in 1 .. coalesce(array_length(ids, 1), 0) loop
		select p.store, exists (select 1 from products v where v.parent = p.id and not v.is_deleted)
		into sold_by, has_variants from live_products p where p.id = ids[i];
		if sold_by is null or sold_by <> shop.id or has_variants then
			errors := coalesce(errors, '[]') || jsonb_build_object('pointer', '/items/' || i - 1 || '/product',
				'code', case when sold_by is null then 'not_found' when sold_by <> shop.id then 'wrong_store'
					else 'has_variants' end,
				'detail', case when sold_by is null then 'There is no such product.'
					when sold_by <> shop.id then 'Another store sells this product.'
					else 'Choose one of its variants.' end);
		end if;
	end loop;
	return errors;
end
$$;

-- Placed by a guest whose contact was not confirmed by a code?
create function order_is_unproven(o orders) returns boolean
language sql immutable as $$
	select o.user_id is null and not coalesce(o.email_proven or o.mobile_proven, false)
$$;

-- Why a guest's order, whose money the store does not have, takes too much; null: it does not. Else one order of nobody,
-- never to be paid, could hold a whole stock for ever. The variants of a product are one. What is paid online is not
-- limited: it is paid, or expires.
create function order_guest_excess(o orders, shop stores, ids uuid[], quantities integer[]) returns text
language plpgsql stable as $$
begin
	if not order_is_unproven(o) then
		return null;
	elsif o.total > shop.guest_max_total then
		return format('Without paying online, guests may order for up to %s %s: sign in, or confirm the order''s contact.',
			shop.guest_max_total, shop.currency);
	elsif exists (select 1 from unnest(ids, quantities) w (product, quantity) join products p on p.id = w.product
		group by coalesce(p.parent, p.id) having sum(w.quantity) > shop.guest_max_quantity) then
		return format('Without paying online, guests may order %s of a product: sign in, or confirm the order''s contact.',
			shop.guest_max_quantity);
	end if;
	return null;
end
$$;

-- For who reads an order before changing it. Who may not know of it learns nothing from waiting.
create function order_lock(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform 1 from orders where id = which for update;
end
$$;

-- Place an order: one call is one transaction. `wanted` is checked for its form by the caller: {order, user, role,
-- request_id, language, key{scope, key, hash} or null} and either {cart: true, token} or {store, token_hash, contact{},
-- shipping_address, billing_address, comments, items[{product, quantity}], coupon, shipping_method}.
-- Locks are taken in one order everywhere: the order, the stock by product id, the coupon, the counter of invoices;
-- the last two, which the orders of a shop share, after all that can be done before.
-- Plans do not depend on what is in the basket: making them anew for each would be a quarter of the work.
create function order_place(wanted jsonb, out status integer, out body text, out replayed boolean, out wake boolean)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	from_cart constant boolean := coalesce((wanted ->> 'cart')::boolean, false);
	o orders;
	shop stores;
	buyer users;
	c coupons;
	m shipping_methods;
	q quote;
	ids uuid[]; -- of the products, line by line
	quantities integer[];
	uses integer;
	draft invoices;
	day date; -- of the store
	viewer text := 'customer';
	wrong jsonb := '[]';
	refused json;
begin
	perform act_as((wanted ->> 'user')::uuid, wanted ->> 'request_id');
	replayed := false;
	wake := false;
	if wanted -> 'key' <> 'null' then
		select saved_status, saved_body into status, body from idempotency_begin(wanted -> 'key');
		if status is not null then
			replayed := true;
			return;
		end if;
	end if;

	if from_cart then
		select * into o from orders where id = (wanted ->> 'order')::uuid for update;
		viewer := order_viewer(o, (wanted ->> 'user')::uuid, wanted ->> 'role', decode(wanted ->> 'token', 'hex'));
		if viewer is null then
			raise exception using errcode = 'CS404', message = 'Not found.';
		elsif o.status <> 'cart' then
			raise exception using errcode = 'CSTRN', message = format('The order is %s already.', o.status),
				detail = json_build_object('status_now', o.status)::text;
		end if;
		select array_agg(i.product order by i.position), array_agg(i.quantity order by i.position) into ids, quantities
		from cart_items i where i.order_id = o.id;
		if ids is null then
			wrong := wrong || '{"pointer": "/items", "code": "min_items", "detail": "The cart is empty."}';
		end if;
		if o.user_id is not null and o.contact_name = '' then
			o.contact_name := (select u.name from users u where u.id = o.user_id);
		end if;
		if o.user_id is null and o.contact_email is null and o.contact_mobile is null then
			wrong := wrong || '{"pointer": "/contact", "code": "required",
				"detail": "A guest needs an e-mail address or a mobile number."}';
		end if;
	else
		o.id := (wanted ->> 'order')::uuid;
		o.store := (wanted ->> 'store')::uuid;
		o.user_id := (wanted ->> 'user')::uuid;
		if o.user_id is not null then
			select * into buyer from users u where u.id = o.user_id;
		end if;
		o.token_hash := decode(wanted ->> 'token_hash', 'hex');
		o.contact_name := coalesce(wanted -> 'contact' ->> 'name', buyer.name);
		o.contact_email := coalesce(wanted -> 'contact' ->> 'email', buyer.email);
		o.contact_mobile := coalesce(wanted -> 'contact' ->> 'mobile_number', buyer.mobile_number);
		o.shipping_address := nullif(wanted -> 'shipping_address', 'null');
		o.billing_address := nullif(wanted -> 'billing_address', 'null');
		o.comments := coalesce(wanted ->> 'comments', '');
		o.coupon := wanted ->> 'coupon';
		o.shipping_method := (wanted ->> 'shipping_method')::uuid;
		select array_agg((e.item ->> 'product')::uuid order by e.position),
			array_agg((e.item ->> 'quantity')::integer order by e.position)
		into ids, quantities
		from jsonb_array_elements(wanted -> 'items') with ordinality e (item, position);
	end if;
	if coalesce(btrim(o.contact_name), '') = '' then
		wrong := wrong || '{"pointer": "/contact/name", "code": "required", "detail": "The invoice needs a name."}';
	end if;

	select s.* into shop from live_stores l join stores s on s.id = l.id where l.id = o.store;
	if shop.id is null then
		perform refuse('/store', 'not_found', 'There is no such store.');
	end if;
	-- What cannot be bought here, all of it at once.
	refused := order_lines_refused(shop, ids);
	if refused is not null or wrong <> '[]' then
		perform refuse_all((wrong || coalesce(refused::jsonb, '[]'))::json, case
			when refused is null then 'The order cannot be placed like this.' else 'Some products cannot be ordered.' end);
	end if;

	if o.coupon is not null then
		select * into c from coupons k where upper(k.code) = upper(o.coupon) and not k.is_deleted;
		select u.used_count into uses from coupon_uses u where u.coupon = c.id;
	end if;
	perform 1 from stock k where k.product = any (ids) order by k.product for update;

	select json_agg(json_build_object('product', p.id, 'sku', p.sku, 'name', p.name, 'requested', w.quantity,
			'available', k.inventory_count) order by p.id)
	into refused
	from (
		select u.product, sum(u.quantity) as quantity
		from unnest(ids, quantities) u (product, quantity) group by u.product) w
	join products p on p.id = w.product
	join stock k on k.product = w.product
	where k.inventory_count < w.quantity;
	if refused is not null then
		raise exception using errcode = 'CSOOS', message = 'Some products are not in stock in that quantity.',
			detail = json_build_object('products', refused)::text;
	end if;

	if o.shipping_method is not null then
		select s.* into m from live_shipping_methods l join shipping_methods s on s.id = l.id where l.id = o.shipping_method;
	end if;
	q := order_quote(shop, ids, quantities, c, m);
	if o.coupon is not null then
		refused := coupon_refusal(c, shop, q.subtotal, uses, o);
		if refused is not null then
			wrong := wrong || (jsonb_build_object('pointer', '/coupon') || refused::jsonb);
		end if;
	end if;
	if q.total = 0 and order_guest_excess(o, shop, ids, quantities) is not null then
		wrong := wrong || jsonb_build_object('pointer', '/items', 'code', 'guest_limit',
			'detail', order_guest_excess(o, shop, ids, quantities));
	end if;
	refused := shipping_refusal(m, shop, o.shipping_method, o.shipping_address);
	if refused is not null then
		wrong := wrong || (jsonb_build_object('pointer', '/shipping_method') || refused::jsonb);
	end if;
	if wrong <> '[]' then
		perform refuse_all(wrong::json, 'The order cannot be placed like this.');
	end if;

	o.number := nextval('order_numbers');
	o.status := case when q.total = 0 then 'paid' else 'placed' end;
	o.payment_status := case when q.total = 0 then 'paid' else 'unpaid' end;
	o.currency := shop.currency;
	o.prices_include_tax := shop.prices_include_tax;
	o.subtotal := q.subtotal;
	o.discount_total := q.discount_total;
	o.shipping_total := q.shipping_total;
	o.shipping_tax := q.shipping_tax;
	o.shipping_tax_rate := coalesce(m.tax_rate, 0);
	o.shipping_method_name := m.name;
	o.tax_total := q.tax_total;
	o.rounding := q.rounding;
	o.total := q.total;
	o.coupon := c.code;
	o.coupon_id := c.id;
	o.placed_at := now();
	if from_cart then
		update orders set number = o.number, status = o.status, payment_status = o.payment_status, currency = o.currency,
			prices_include_tax = o.prices_include_tax, subtotal = o.subtotal, discount_total = o.discount_total,
			shipping_total = o.shipping_total, shipping_tax = o.shipping_tax, shipping_tax_rate = o.shipping_tax_rate,
			shipping_method_name = o.shipping_method_name, tax_total = o.tax_total, rounding = o.rounding, total = o.total,
			coupon = o.coupon, coupon_id = o.coupon_id, contact_name = o.contact_name, placed_at = o.placed_at
		where id = o.id returning * into o;
		delete from cart_items where order_id = o.id;
	else
		o.language := coalesce(wanted ->> 'language', '');
		insert into orders (id, number, store, user_id, token_hash, status, payment_status, contact_name, contact_email,
			contact_mobile, shipping_address, billing_address, comments, currency, prices_include_tax, subtotal,
			discount_total, shipping_total, shipping_tax, shipping_tax_rate, shipping_method, shipping_method_name,
			tax_total, rounding, total, coupon, coupon_id, language, placed_at)
		values (o.id, o.number, o.store, o.user_id, o.token_hash, o.status, o.payment_status, o.contact_name, o.contact_email,
			o.contact_mobile, o.shipping_address, o.billing_address, o.comments, o.currency, o.prices_include_tax, o.subtotal,
			o.discount_total, o.shipping_total, o.shipping_tax, o.shipping_tax_rate, o.shipping_method,
			o.shipping_method_name, o.tax_total, o.rounding, o.total, o.coupon, o.coupon_id, o.language, o.placed_at)
		returning * into o;
	end if;
	insert into order_items (order_id, position, product, sku, name, hsn, options, quantity, unit_price, tax_rate,
		tax_amount, discount_amount, line_total)
	select o.id, l.position, l.product, l.sku, l.name, l.hsn, l.options, l.quantity, l.unit_price, l.tax_rate,
		l.tax_amount, l.discount_amount, l.line_total
	from unnest(q.lines) l;
	insert into stock_movements (product, delta, reason, order_id)
	select i.product, -sum(i.quantity), 'order placed', o.id
	from unnest(q.lines) i group by i.product order by i.product;
	insert into order_events (order_id, user_id, from_status, to_status)
	values (o.id, acting_user(), case when from_cart then 'cart' end, 'placed');
	if o.status = 'paid' then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (o.id, null, 'placed', 'paid', 'There is nothing to pay.');
	end if;
	wake := order_tell(o, shop, 'order_placed') and outbox_wake();
	day := (now() at time zone shop.timezone)::date;
	draft := invoice_draft(o, shop, day);
	body := order_render(o, viewer, order_lines(o.id), null);
	-- All is ready. Of the two locks that follow, many orders at once want the same ones.
	if c.id is not null then
		-- Looked at again, now that nobody else can use it.
		update coupon_uses u set used_count = u.used_count + 1 where u.coupon = c.id returning u.used_count - 1 into uses;
		refused := coupon_refusal(c, shop, q.subtotal, uses, o);
		if refused is not null then
			perform refuse('/coupon', refused ->> 'code', refused ->> 'detail');
		end if;
		insert into coupon_redemptions (order_id, coupon, user_id, mobile, email)
		select o.id, c.id, b.who, b.mobile, b.email from order_buyer(o) b;
	end if;
	body := json_join(body, '{"invoice":' || invoice_issue(draft, shop, day) || '}');

	status := case when from_cart then 200 else 201 end;
	if wanted -> 'key' <> 'null' then
		perform idempotency_save(wanted -> 'key', status, body);
	end if;
end
$$;

-- What an order took from the stock goes back.
create function order_restock(which uuid, why text) returns void
language plpgsql as $$
begin
	perform 1 from stock k where k.product in (select i.product from order_items i where i.order_id = which)
	order by k.product for update;
	insert into stock_movements (product, delta, reason, order_id)
	select i.product, sum(i.quantity), why, which
	from order_items i where i.order_id = which group by i.product order by i.product;
end
$$;

-- What happened to an order without moving it, told among its events: by nobody.
create function order_note(which uuid, said text) returns void
language plpgsql as $$
begin
	insert into order_events (order_id, user_id, from_status, to_status, note)
	select o.id, null, o.status, o.status, said from orders o where o.id = which;
end
$$;

-- Cancelling an order gives back, once, what it holds: its coupon, its stock, its invoice, its money.
create function order_release(o orders) returns void
language plpgsql as $$
declare
	used uuid;
begin
	if o.restocked_at is null then
		perform order_restock(o.id, 'order cancelled');
	end if;
	delete from coupon_redemptions r where r.order_id = o.id returning r.coupon into used;
	if used is not null then
		update coupon_uses u set used_count = u.used_count - 1 where u.coupon = used;
	end if;
	update payments p set status = 'cancelled', cancel_wanted = p.online and p.asked_at is not null
	where p.order_id = o.id and p.status in ('created', 'pending', 'failed', 'authorized');
	perform order_follow(o.id);
	perform credit_note_issue(o, o.total, 'The order was cancelled.', null);
end
$$;

-- Move an order to another status for a caller, or, with the role 'system', by itself. Cancelling happens once: the row
-- is locked, and nothing leads out of 'cancelled'. What is disputed is not shipped unless that is forced. Answers with the
-- order as it is then.
create function order_move(which uuid, target text, who uuid, caller_role text, token bytea, request_id text,
	note text, tracking text, carried_by text, forced boolean, out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	viewer text;
	allowed text[];
	was text;
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	was := o.status;
	viewer := case when caller_role = 'system' then 'admin' else order_viewer(o, who, caller_role, token) end;
	if viewer is null then
		raise exception using errcode = 'CS404', message = 'Not found.';
	end if;
	allowed := order_next(o, viewer);
	if not target = any (allowed) then
		if viewer = 'customer' and target in ('shipped', 'completed') then
			raise exception using errcode = 'CS403', message = 'Only the store can do this.';
		end if;
		raise exception using errcode = 'CSTRN',
			message = format('The order is %s and cannot become %s.', o.status, target),
			detail = json_build_object('status_now', o.status, 'allowed_transitions', to_json(allowed))::text;
	end if;

	if target = 'shipped' and not coalesce(forced, false) and exists (
		select 1 from disputes d where d.order_id = which and (dispute_is_open(d.status) or d.status = 'lost')) then
		raise exception using errcode = 'CS409',
			message = 'A payment of the order is disputed. Send "force": true to ship it anyway.';
	end if;

	update orders set status = target, tracking_number = coalesce(tracking, tracking_number),
		carrier = coalesce(carried_by, carrier)
	where id = which returning * into o;
	insert into order_events (order_id, user_id, from_status, to_status, note)
	values (which, who, was, target, coalesce(order_move.note, ''));
	if target = 'cancelled' then
		perform order_release(o);
	end if;
	if target in ('shipped', 'cancelled') then
		perform order_tell(o, (select s from stores s where s.id = o.store), 'order_' || target, null, case target
			when 'cancelled' then jsonb_build_object('refund', (
				select string_agg(r.amount || ' ' || r.currency, ' + ' order by r.created_at, r.id)
				from refunds r where r.order_id = which and r.status = 'pending'))
			else '{}' end);
	end if;
	wake := order_wakes_sender(which);
	body := order_json(which, viewer, who);
end
$$;

-- Who goes at this moment places no order any more: the lock waits for me_forget().
create function order_needs_buyer() returns trigger
language plpgsql as $$
begin
	perform 1 from users u where u.id = new.user_id and not u.is_deleted for key share;
	if not found then
		raise exception using errcode = 'CS403', message = 'The account no longer exists.';
	end if;
	return new;
end
$$;

-- Is it an order that was to be paid online, or to be confirmed, or of which it was not said how it is paid, and was not in
-- time?
create function order_is_overdue(o orders, minutes integer) returns boolean
language plpgsql stable as $$
begin
	return o.status in ('placed', 'pending') and o.total > 0 and o.placed_at < now() - make_interval(mins => minutes)
		and not exists (select 1 from payments p where p.order_id = o.id and (
			p.status in ('authorized', 'captured')
			or (p.status = 'needs_attention' and p.attention is not null)
			or (not p.online and p.status = 'pending'
				and (not p.unconfirmed or p.created_at > now() - make_interval(mins => minutes)))
			or (p.online and (p.created_at > now() - make_interval(mins => minutes) or p.expires_at > now())
				and p.status in ('created', 'pending', 'failed'))));
end
$$;

-- The orders that time is up for, and their payments that the providers have to be asked about once more.
create function orders_overdue(minutes integer, count integer) returns table (order_id uuid, open_payments jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return query
	select o.id, (select coalesce(jsonb_agg(payment_for_gateway(p)), '[]') from payments p
		where p.order_id = o.id and p.online and p.asked_at is not null and p.status in ('created', 'pending', 'failed'))
	from orders o
	where o.status in ('placed', 'pending') and o.placed_at < now() - make_interval(mins => minutes)
		and order_is_overdue(o, minutes)
		and not exists (select 1 from payments p where p.order_id = o.id and p.cancel_after > now()
			and p.status in ('created', 'pending', 'failed'))
	order by o.placed_at limit count;
end
$$;

-- The providers were asked, and the payments are cancelled there. False: something has happened meanwhile.
create function order_expire(which uuid, minutes integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
begin
	select * into o from orders where id = which for update;
	if not order_is_overdue(o, minutes) or exists (
		select 1 from payments p where p.order_id = which and p.online and p.status in ('created', 'pending', 'failed')
			and p.asked_at is not null) then
		return false;
	end if;
	perform order_move(which, 'cancelled', null, 'system', null, null, 'It was not paid in time.', null, null, false);
	return true;
end
$$;

-- Orders: the status table, placing in one transaction, moving from status to status, idempotency keys.

create table order_statuses (
	name text not null,
	position integer not null,
	description text not null,
	constraint order_statuses_pkey primary key (name)
);
insert into order_statuses values
	('cart', 1, 'Being filled; holds no stock.'),
	('placed', 2, 'Stock is taken; nothing is paid.'),
	('pending', 3, 'A payment is on its way.'),
	('paid', 4, 'Paid in full.'),
	('shipped', 5, 'Handed to the carrier.'),
	('completed', 6, 'Arrived.'),
	('cancelled', 7, 'Will not be fulfilled; its stock went back.');

-- All the ways an order can go, and the least role that may send it there. What
-- payments move (pending, paid) they move themselves: nobody asks for it by hand.
create table order_transitions (
	from_status text not null,
	to_status text not null,
	least text not null,
	constraint order_transitions_pkey primary key (from_status, to_status),
	constraint order_transitions_from_fkey foreign key (from_status) references order_statuses,
	constraint order_transitions_to_fkey foreign key (to_status) references order_statuses,
	constraint order_transitions_least check (least in ('customer', 'staff', 'payment'))
);
insert into order_transitions values
	('cart', 'placed', 'customer'),
	('placed', 'pending', 'payment'),
	('placed', 'paid', 'payment'),
	('placed', 'shipped', 'staff'), -- cash on delivery
	('placed', 'cancelled', 'customer'),
	('pending', 'paid', 'payment'),
	('pending', 'placed', 'payment'), -- the payment failed
	('pending', 'cancelled', 'customer'),
	('paid', 'shipped', 'staff'),
	('paid', 'cancelled', 'staff'), -- the money has to go back
	('shipped', 'completed', 'staff');

create sequence order_numbers as bigint start 100001;

create table orders (
	like base_model including all,
	number bigint not null default nextval('order_numbers'),
	store uuid not null,
	user_id uuid,
	token_hash bytea, -- of a guest's order_token (SHA-256)
	payment_status text not null default 'unpaid',
	contact_name text not null,
	contact_email text,
	contact_mobile text,
	shipping_address jsonb,
	billing_address jsonb,
	currency text not null,
	prices_include_tax boolean not null,
	subtotal numeric not null,
	discount_total numeric not null default 0,
	shipping_total numeric not null default 0,
	tax_total numeric not null,
	rounding numeric not null default 0, -- what the total was rounded by, up or down
	total numeric not null,
	coupon text,
	tracking_number text,
	placed_at timestamptz,
	constraint orders_store_fkey foreign key (store) references stores,
	constraint orders_user_id_fkey foreign key (user_id) references users,
	constraint orders_status_fkey foreign key (status) references order_statuses,
	constraint orders_payment_status check (payment_status in ('unpaid', 'pending', 'paid', 'refunded')),
	constraint orders_whose check (user_id is not null or token_hash is not null),
	constraint orders_total check (total =
		subtotal - discount_total + shipping_total + case when prices_include_tax then 0 else tax_total end + rounding),
	constraint orders_not_negative check (
		subtotal >= 0 and discount_total >= 0 and shipping_total >= 0 and tax_total >= 0 and total >= 0)
);
select base_model_adopt('orders', '{token_hash}');
create unique index orders_number_key on orders (number);
create index orders_user on orders (user_id, created_at);
create index orders_store on orders (store, created_at);
create index orders_status on orders (status, created_at);
create index orders_total on orders (total, id);
create index orders_placed_at on orders (placed_at);
alter table stock_movements add constraint stock_movements_order_id_fkey
	foreign key (order_id) references orders;

-- What was bought, as it was called and priced then. Never changed.
create table order_items (
	id uuid not null default uuid_v7(),
	order_id uuid not null,
	position integer not null,
	product uuid not null,
	sku text not null,
	name text not null,
	quantity integer not null,
	unit_price numeric not null,
	tax_rate numeric not null,
	tax_amount numeric not null,
	discount_amount numeric not null default 0,
	line_total numeric not null,
	constraint order_items_pkey primary key (id),
	constraint order_items_order_id_fkey foreign key (order_id) references orders,
	constraint order_items_product_fkey foreign key (product) references products,
	constraint order_items_quantity check (quantity between 1 and 10000),
	constraint order_items_line unique (order_id, position)
);

create table order_events (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default now(),
	order_id uuid not null,
	user_id uuid,
	from_status text,
	to_status text not null,
	note text not null default '',
	constraint order_events_pkey primary key (id),
	constraint order_events_order_id_fkey foreign key (order_id) references orders
);
create index order_events_order on order_events (order_id, created_at);

-- Answers kept for a day, committed with what they tell of. Nothing secret is in
-- them: an order token is derived again.
create table idempotency_keys (
	scope text not null, -- whose key: a user, or all who are anonymous
	key text not null,
	request_hash bytea not null,
	status integer not null,
	body text not null,
	created_at timestamptz not null default now(),
	constraint idempotency_keys_pkey primary key (scope, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

-- The representation of an order for a role. The store's people see their notes
-- and the base model too.
create function order_json(which uuid, viewer text) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	o orders;
	shown text;
begin
	select * into o from orders where id = which;
	select row_to_json(r)::text into shown from (
		select o.id, o.number, o.store, o.user_id as "user", o.status, o.payment_status,
			(select row_to_json(c) from (select o.contact_name as name, o.contact_email as email,
				o.contact_mobile as mobile_number) c) as contact,
			o.shipping_address, o.billing_address,
			(select coalesce(json_agg(row_to_json(l) order by l.position), '[]') from (
				select i.id, i.position, i.product, i.sku, i.name, i.quantity,
					i.unit_price::text as unit_price, i.tax_rate::text as tax_rate,
					i.tax_amount::text as tax_amount, i.discount_amount::text as discount_amount,
					i.line_total::text as line_total
				from order_items i where i.order_id = o.id) l) as items,
			o.subtotal::text as subtotal, o.discount_total::text as discount_total,
			o.shipping_total::text as shipping_total, o.tax_total::text as tax_total,
			o.total::text as total, o.currency, o.prices_include_tax, o.coupon, o.tracking_number,
			rfc3339(o.placed_at) as placed_at,
			(select coalesce(json_agg(t.to_status order by s.position), '[]')
				from order_transitions t join order_statuses s on s.name = t.to_status
				where t.from_status = o.status
					and (t.least = 'customer' or (t.least = 'staff' and viewer in ('staff', 'admin'))))
				as allowed_transitions,
			null as invoice, '[]'::json as payments,
			o.comments, rfc3339(o.created_at) as created_at, rfc3339(o.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := left(shown, -1) || ',' || substr((select row_to_json(r)::text from (
			select o.created_by, o.modified_by, o.is_deleted, o.is_suspended,
				rfc3339(o.active_from) as active_from, rfc3339(o.active_to) as active_to,
				(select coalesce(json_agg(row_to_json(e)), '[]') from (
					select rfc3339(v.created_at) as created_at, v.user_id as "user", v.from_status,
						v.to_status, v.note
					from order_events v where v.order_id = o.id order by v.created_at, v.id) e)
					as events) r), 2);
	end if;
	return shown;
end
$$;

-- Who acts, for the audit log. In plpgsql, which keeps its plan, where a function in SQL makes one at each call.
create function act_as(who uuid, request_id text) returns void
language plpgsql as $$
begin
	perform set_config('cgishop.user_id', coalesce(who::text, ''), true),
		set_config('cgishop.request_id', coalesce(request_id, ''), true);
end
$$;

-- A saved answer for the key, nothing when the key is new. Holds the key until
-- the transaction ends; refuses it when another one holds it, or when it was
-- used for another request.
create function idempotency_begin(key_scope text, wanted text, hash bytea, out saved_status integer, out saved_body text)
language plpgsql as $$
declare
	saved idempotency_keys;
begin
	if not pg_try_advisory_xact_lock(hashtextextended(key_scope || ' ' || wanted, 0)) then
		raise exception using errcode = 'CSRUN', message = 'A request with this key is still running; try again.';
	end if;
	select * into saved from idempotency_keys k
	where k.scope = key_scope and k.key = wanted;
	if saved.created_at < now() - interval '24 hours' then
		delete from idempotency_keys k where k.scope = key_scope and k.key = wanted;
		return;
	end if;
	if saved.request_hash <> hash then
		raise exception using errcode = 'CSKEY', message = 'The key was used with another body.';
	end if;
	saved_status := saved.status;
	saved_body := saved.body;
end
$$;

-- Place an order: one call is one transaction. `wanted` is checked for its form by
-- the caller: {order, store, user, request_id, token_hash, contact{}, shipping_address,
-- billing_address, comments, items[{product, quantity}], key{scope, key, hash} or null}.
-- Stock is locked in the order of product ids, so that two baskets never wait for each other.
-- Plans do not depend on what is in the basket: making them anew for each would be a quarter of the work.
create function order_place(wanted jsonb, out status integer, out body text, out replayed boolean)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	shop stores;
	fresh orders;
	ids uuid[]; -- of the products, line by line
	quantities integer[];
	bought order_items[];
	decimals integer;
	buyer users;
	refused json;
	short json;
begin
	perform act_as((wanted ->> 'user')::uuid, wanted ->> 'request_id');
	replayed := false;
	if wanted -> 'key' <> 'null' then
		select saved_status, saved_body into status, body from idempotency_begin(
			wanted -> 'key' ->> 'scope', wanted -> 'key' ->> 'key', decode(wanted -> 'key' ->> 'hash', 'hex'));
		if status is not null then
			replayed := true;
			return;
		end if;
	end if;

	select s.* into shop from live_stores s where s.id = (wanted ->> 'store')::uuid;
	if shop.id is null then
		perform refuse('/store', 'not_found', 'There is no such store.');
	end if;
	decimals := currency_decimals(shop.currency);

	select array_agg((e.item ->> 'product')::uuid order by e.position),
		array_agg((e.item ->> 'quantity')::integer order by e.position)
	into ids, quantities
	from jsonb_array_elements(wanted -> 'items') with ordinality e (item, position);

	-- What cannot be bought here, all of it at once.
	select json_agg(json_build_object('pointer', '/items/' || l.position - 1 || '/product', 'code', l.code,
			'detail', case l.code when 'not_found' then 'There is no such product.'
				when 'wrong_store' then 'Another store sells this product.'
				else 'Choose one of its variants.' end) order by l.position)
	into refused
	from (
		select w.position, case
			when p.id is null then 'not_found'
			when p.store <> shop.id then 'wrong_store'
			when exists (select 1 from products v where v.parent = p.id and not v.is_deleted) then 'has_variants'
			end as code
		from unnest(ids) with ordinality w (product, position)
		left join live_products p on p.id = w.product) l
	where l.code is not null;
	if refused is not null then
		raise exception using errcode = 'CS422', message = 'Some products cannot be ordered.',
			detail = json_build_object('errors', refused)::text;
	end if;

	perform 1 from stock k where k.product = any (ids) order by k.product for update;

	select json_agg(json_build_object('product', p.id, 'sku', p.sku, 'name', p.name, 'requested', w.quantity,
			'available', k.inventory_count) order by p.id)
	into short
	from (
		select u.product, sum(u.quantity) as quantity
		from unnest(ids, quantities) u (product, quantity) group by u.product) w
	join products p on p.id = w.product
	join stock k on k.product = w.product
	where k.inventory_count < w.quantity;
	if short is not null then
		raise exception using errcode = 'CSOOS', message = 'Some products are not in stock in that quantity.',
			detail = json_build_object('products', short)::text;
	end if;

	select * into buyer from users u where u.id = acting_user();
	fresh.id := (wanted ->> 'order')::uuid;
	select array_agg(row(uuid_v7(), fresh.id, l.position, l.id, l.sku, l.name, l.quantity, l.price, l.tax_rate, l.tax,
			round(0::numeric, decimals), l.net + case when shop.prices_include_tax then 0 else l.tax end)::order_items
			order by l.position),
		sum(l.net), sum(l.tax)
	into bought, fresh.subtotal, fresh.tax_total
	from (
		select w.position, p.id, p.sku, p.name, p.price, p.tax_rate, w.quantity, p.price * w.quantity as net,
			round(case when shop.prices_include_tax
				then p.price * w.quantity * p.tax_rate / (100 + p.tax_rate)
				else p.price * w.quantity * p.tax_rate / 100 end, decimals) as tax
		from unnest(ids, quantities) with ordinality w (product, quantity, position)
		join products p on p.id = w.product) l;

	insert into orders (id, store, user_id, token_hash, status, contact_name, contact_email, contact_mobile,
		shipping_address, billing_address, comments, currency, prices_include_tax, subtotal, discount_total,
		shipping_total, tax_total, total, placed_at)
	values (fresh.id, shop.id, (wanted ->> 'user')::uuid, decode(wanted ->> 'token_hash', 'hex'), 'placed',
		coalesce(wanted -> 'contact' ->> 'name', buyer.name), coalesce(wanted -> 'contact' ->> 'email', buyer.email),
		coalesce(wanted -> 'contact' ->> 'mobile_number', buyer.mobile_number),
		nullif(wanted -> 'shipping_address', 'null'), nullif(wanted -> 'billing_address', 'null'),
		coalesce(wanted ->> 'comments', ''), shop.currency, shop.prices_include_tax, fresh.subtotal,
		round(0::numeric, decimals), round(0::numeric, decimals), fresh.tax_total,
		fresh.subtotal + case when shop.prices_include_tax then 0 else fresh.tax_total end, now());
	insert into order_items select * from unnest(bought);
	insert into stock_movements (product, delta, reason, order_id)
	select i.product, -sum(i.quantity), 'order placed', fresh.id
	from unnest(bought) i group by i.product order by i.product;
	insert into order_events (order_id, user_id, to_status) values (fresh.id, acting_user(), 'placed');

	status := 201;
	body := order_json(fresh.id, 'customer');
	if wanted -> 'key' <> 'null' then
		insert into idempotency_keys (scope, key, request_hash, status, body)
		values (wanted -> 'key' ->> 'scope', wanted -> 'key' ->> 'key',
			decode(wanted -> 'key' ->> 'hash', 'hex'), order_place.status, order_place.body);
		-- Nothing is kept for longer than it is good for.
		delete from idempotency_keys k where (k.scope, k.key) in (
			select o.scope, o.key from idempotency_keys o
			where o.created_at < now() - interval '24 hours' limit 10 for update skip locked);
	end if;
end
$$;

-- How the caller stands to an order: 'admin', 'staff', 'customer' (its owner, or
-- who has its token), or null for somebody who may not know of it.
create function order_viewer(which orders, who uuid, caller_role text, token bytea) returns text
language plpgsql stable as $$
begin
	if which.id is null or which.is_deleted then
		return null;
	elsif caller_role = 'admin' then
		return 'admin';
	elsif caller_role = 'staff' and works_in_store(who, which.store) then
		return 'staff';
	elsif which.user_id = who or (which.user_id is null and which.token_hash = token) then
		return 'customer';
	end if;
	return null;
end
$$;

-- One order as the caller sees it; null when they may not know of it.
create function order_read(which uuid, who uuid, caller_role text, token bytea) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	o orders;
	viewer text;
begin
	select * into o from orders where id = which;
	viewer := order_viewer(o, who, caller_role, token);
	return case when viewer is not null then order_json(which, viewer) end;
end
$$;

-- Move an order to another status for a caller. Cancelling gives the stock back,
-- once: the row is locked, and nothing leads out of 'cancelled'. Also answers
-- with the order as it is then.
create function order_move(which uuid, target text, who uuid, caller_role text, token bytea, request_id text,
	note text, tracking text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	viewer text;
	allowed text[];
begin
	perform act_as(who, request_id);
	select * into o from orders where id = which for update;
	viewer := order_viewer(o, who, caller_role, token);
	if viewer is null then
		raise exception using errcode = 'CS404', message = 'Not found.';
	end if;
	select coalesce(array_agg(t.to_status order by s.position), '{}') into allowed
	from order_transitions t join order_statuses s on s.name = t.to_status
	where t.from_status = o.status
		and (t.least = 'customer' or (t.least = 'staff' and viewer in ('staff', 'admin')));
	if not target = any (allowed) then
		if viewer = 'customer' and target in ('shipped', 'completed') then
			raise exception using errcode = 'CS403', message = 'Only the store can do this.';
		end if;
		raise exception using errcode = 'CSTRN',
			message = format('The order is %s and cannot become %s.', o.status, target),
			detail = json_build_object('status_now', o.status, 'allowed_transitions', to_json(allowed))::text;
	end if;

	if target = 'cancelled' then
		perform 1 from stock k where k.product in (select i.product from order_items i where i.order_id = which)
		order by k.product for update;
		insert into stock_movements (product, delta, reason, order_id)
		select i.product, sum(i.quantity), 'order cancelled', which
		from order_items i where i.order_id = which group by i.product order by i.product;
	end if;
	update orders set status = target, tracking_number = coalesce(tracking, tracking_number) where id = which;
	insert into order_events (order_id, user_id, from_status, to_status, note)
	values (which, who, o.status, target, coalesce(order_move.note, ''));
	return order_json(which, viewer);
end
$$;

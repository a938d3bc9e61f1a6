-- Placing an order, moving it from status to status, and when it expires.

update stores set guest_max_quantity = 5 where id = :store;
insert into stores (id, name, slug, currency) values ('00000000-0000-4000-8000-000000000002', 'Other', 'sql-other', 'EUR');
insert into products (id, sku, name, slug, store, price, currency) values
	('00000000-0000-4000-8000-0000000000a3', 'SQL-3', 'Other', 'sql-other', '00000000-0000-4000-8000-000000000002', 1, 'EUR');
insert into coupons (id, code, store, discount_percent) values ('00000000-0000-4000-8000-0000000000c1', 'SQLFREE', :store, 100);

-- A guest's order of one tea, with changes.
create function pg_temp.place(changes jsonb default '{}', out status integer, out body jsonb, out replayed boolean) language sql as $$
	select p.status, p.body::jsonb, p.replayed from order_place(jsonb_build_object('order_id', uuid_v7(), 'request_id', 'test',
		'store', '00000000-0000-4000-8000-000000000001', 'new_token_hash', '\x01', 'contact_name', 'Guest',
		'contact_email', 'guest@sql.example', 'lines', '[{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 1}]'::jsonb)
		|| changes) p
$$;
create function pg_temp.stock() returns integer[] language sql as $$
	select array_agg(k.inventory_count order by p.sku) from stock k join products p on p.id = k.product where p.sku in ('SQL-1', 'SQL-2')
$$;

-- What is refused, by code and rule; nothing of it stays.
select throws_ok(format('select pg_temp.place(%L)', changes), code, reason, changes)
from (values
	('{"copon": "X"}', 'CSVER', 'order_request has no member "copon"'),
	('{"store": "00000000-0000-4000-8000-0000000000ff"}', 'CS422', 'store_not_found'),
	('{"contact_email": null}', 'CS422', 'guest_contact'),
	('{"contact_name": " "}', 'CS422', 'invoice_name'),
	('{"lines": null}', 'CS422', 'cart_empty'),
	('{"lines": [{"product": "00000000-0000-4000-8000-0000000000ff", "quantity": 1}]}', 'CS422', 'product_not_found'),
	('{"lines": [{"product": "00000000-0000-4000-8000-0000000000a3", "quantity": 1}]}', 'CS422', 'product_wrong_store'),
	('{"coupon": "NONE"}', 'CS422', 'coupon_not_found'),
	('{"shipping_method": "00000000-0000-4000-8000-0000000000ff"}', 'CS422', 'shipping_not_found'),
	('{"lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 21}]}', 'CSOOS', 'short_of_stock'),
	('{"lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 11}, {"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 10}]}',
		'CSOOS', 'short_of_stock'),
	('{"coupon": "SQLFREE", "lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 6}]}', 'CS422', 'guest_max_quantity'),
	('{"user_id": "00000000-0000-4000-8000-0000000000ff"}', 'CS403', 'account_gone'),
	('{"store": null}', 'CS404', 'missing')
) c (changes, code, reason);
select is(pg_temp.stock(), array[20, 3], 'no stock is taken');
select is((select count(*) from orders where store = :store), 0::bigint, 'no order is written');
select is((select used_count::integer from coupon_uses where coupon = '00000000-0000-4000-8000-0000000000c1'), 0, 'no coupon is used');

-- What is placed.
select status as status, body as body from pg_temp.place('{"lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 2}, {"product": "00000000-0000-4000-8000-0000000000a2", "quantity": 1}, {"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 1}]}') \gset
select :'body'::jsonb ->> 'id' as first \gset
select is(:'status'::text, '201', 'an order is made');
select is(:'body'::jsonb ->> member, value, member) from (values
	('status', 'placed'), ('payment_status', 'unpaid'), ('subtotal', '34.99'), ('tax_total', '6.05'), ('total', '41.04')) c (member, value);
select is(jsonb_array_length(:'body'::jsonb -> 'items'), 2, 'with one line for each product');
select is(pg_temp.stock(), array[17, 2], 'its stock is taken');
select results_eq(format('select p.sku, m.delta::integer from stock_movements m join products p on p.id = m.product where m.order_id = %L order by p.sku', :'first'),
	$$ values ('SQL-1', -3), ('SQL-2', -1) $$, 'a product once in the ledger');
select results_eq(format('select from_status, to_status, note from order_events where order_id = %L', :'first'),
	$$ values (null, 'placed', '') $$, 'one event');

select body ->> 'id' as free from pg_temp.place('{"coupon": "sqlfree", "lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 5}]}') \gset
select is((select concat_ws(' ', status, payment_status, coupon, total) from orders where id = :'free'), 'paid paid SQLFREE 0.00', 'what costs nothing is paid');
select is((select used_count::integer from coupon_uses where coupon = '00000000-0000-4000-8000-0000000000c1'), 1, 'its coupon is used once');

-- A key: the same request again gets the same answer and does nothing.
select status as status, body ->> 'id' as kept, replayed as replayed from pg_temp.place('{"key": {"scope": "sql", "key": "order", "hash": "aa"}}') \gset
select is(:'replayed'::text, 'f', 'the first one is done');
select is((select concat_ws(' ', status, body ->> 'id', replayed) from pg_temp.place('{"key": {"scope": "sql", "key": "order", "hash": "aa"}}')),
	:'status' || ' ' || :'kept' || ' t', 'the second one is its answer');
select is((pg_temp.stock())[1], 11, 'stock is taken once');
select throws_ok($$ select pg_temp.place('{"key": {"scope": "sql", "key": "order", "hash": "bb"}}') $$, 'CSKEY', 'key_reused', 'another body is refused');

-- Each status, target and role: what is done, and what is refused how.
create function pg_temp.order_in(state text) returns uuid language sql as $$
	with o as (
		insert into orders (store, user_id, status, currency, prices_include_tax, subtotal, tax_total, total, number, placed_at, contact_name)
		values ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000c', state, 'EUR', true, 10, 0, 10,
			nextval('order_numbers'), now(), 'Customer')
		returning id)
	insert into order_items (order_id, position, product, sku, name, quantity, unit_price, tax_rate, tax_amount, line_total)
	select o.id, 1, '00000000-0000-4000-8000-0000000000a1', 'SQL-1', 'Tea', 1, 10, 0, 0, 10 from o
	returning order_id
$$;
create function pg_temp.move(which uuid, target text, who uuid, role text, forced boolean default false) returns text language plpgsql as $$
declare
	moved text;
begin
	select (m.body::jsonb) ->> 'status' into moved from order_move(which, target, who, role, null, 'test', null, null, null, forced) m;
	raise exception using errcode = 'TT000', message = case when moved = target then 'done' else 'another status' end;
exception when sqlstate 'TT000' or sqlstate 'CSTRN' or sqlstate 'CS403' or sqlstate 'CS404' or sqlstate 'CS409' then
	return sqlerrm; -- what was done is undone
end
$$;
create temporary table moves as
select a.name as caller, f.name as was, t.name as target, pg_temp.move(pg_temp.order_in(f.name), t.name, a.who, a.role) as result
from order_statuses f, order_statuses t, (values
	('customer', '00000000-0000-4000-8000-00000000000c'::uuid, 'customer'),
	('staff', '00000000-0000-4000-8000-00000000000a', 'staff'),
	('admin', '00000000-0000-4000-8000-0000000000ff', 'admin'),
	('stranger', '00000000-0000-4000-8000-0000000000ff', 'customer'),
	('staff elsewhere', '00000000-0000-4000-8000-0000000000ff', 'staff')) a (name, who, role)
where f.name <> 'cart';
select results_eq(format('select was || '' '' || target from moves where caller = %L and result = ''done'' order by 1', caller), moves, caller || ' moves')
from (values
	('customer', array['pending cancelled', 'placed cancelled']),
	('staff', array['paid cancelled', 'paid partly_shipped', 'paid shipped', 'partly_shipped returned', 'partly_shipped shipped', 'pending cancelled',
		'placed cancelled', 'placed partly_shipped', 'placed shipped', 'shipped completed', 'shipped returned']),
	('admin', array['paid cancelled', 'paid partly_shipped', 'paid shipped', 'partly_shipped returned', 'partly_shipped shipped', 'pending cancelled',
		'placed cancelled', 'placed partly_shipped', 'placed shipped', 'shipped completed', 'shipped returned'])
) c (caller, moves);
select results_eq(format('select distinct result from moves where caller = %L and result <> ''done'' order by 1', caller), results, caller || ' is refused')
from (values
	('customer', array['order_cannot_be', 'store_only']), ('staff', array['order_cannot_be']), ('admin', array['order_cannot_be']),
	('stranger', array['missing']), ('staff elsewhere', array['missing'])
) c (caller, results);
select is((select array_agg(distinct target order by target) from moves where result = 'store_only'), array['completed', 'partly_shipped', 'returned', 'shipped'], 'of a store alone');
select is((select count(*) from moves where caller like '%stran%' and result = 'done'), 0::bigint, 'nothing for a stranger');

-- A disputed order is shipped by force alone; returned goods are not shipped.
select pg_temp.order_in('paid') as disputed \gset
insert into payments (id, order_id, payment_method, online, amount, currency, status, paid_at)
values ('00000000-0000-4000-8000-0000000000d1', :'disputed', 'stripe', true, 10, 'EUR', 'captured', now());
insert into disputes (payment, order_id, gateway_dispute, is_inquiry, amount, currency, reason, reported_at, status)
values ('00000000-0000-4000-8000-0000000000d1', :'disputed', 'dp_sql', false, 10, 'EUR', 'fraudulent', now(), 'needs_response');
select is(pg_temp.move(:'disputed', 'shipped', :staff, 'staff'), 'disputed', 'a disputed order is not shipped');
select is(pg_temp.move(:'disputed', 'shipped', :staff, 'staff', true), 'done', 'unless that is forced');
update disputes set status = 'won' where order_id = :'disputed';
select is(pg_temp.move(:'disputed', 'shipped', :staff, 'staff'), 'done', 'or the dispute is won');
update orders set restocked_at = now() where id = :'disputed';
select is(pg_temp.move(:'disputed', 'shipped', :staff, 'staff', true), 'order_cannot_be', 'returned goods are not shipped');

-- Cancelling returns what an order holds, once.
insert into payments (order_id, payment_method, online, amount, currency, status, requested_at) values
	(:'first', 'stripe', true, 41.04, 'EUR', 'pending', now()), (:'first', 'cod', false, 41.04, 'EUR', 'pending', null);
select order_move(:'first', 'cancelled', :staff, 'staff', null, 'test', 'gone', null, null, false) \g /dev/null
select is(pg_temp.stock(), array[14, 3], 'its stock');
select results_eq(format('select payment_method, status, cancel_requested from payments where order_id = %L order by 1', :'first'),
	$$ values ('cod', 'cancelled', false), ('stripe', 'cancelled', true) $$, 'its payments, at the provider too');
select is((select concat_ws(' ', from_status, to_status, note) from order_events where order_id = :'first' and user_id = :staff),
	'placed cancelled gone', 'an event says who did it, and why');
select is(pg_temp.move(:'first', 'cancelled', :staff, 'staff'), 'order_cannot_be', 'once');
select order_move(:'free', 'cancelled', :staff, 'staff', null, 'test', null, null, null, false) \g /dev/null
select is((select used_count::integer from coupon_uses where coupon = '00000000-0000-4000-8000-0000000000c1'), 0, 'its coupon');
select is((pg_temp.stock())[1], 19, 'and its stock');

-- Pieces return to stock once, those that were not shipped first.
select pg_temp.order_in('paid') as parted \gset
insert into order_items (order_id, position, product, sku, name, quantity, unit_price, tax_rate, tax_amount, line_total, shipped)
values (:'parted', 2, :tea, 'SQL-1', 'Tea', 5, 1, 0, 0, 5, 2) returning id as line \gset
update order_items set dropped = quantity where order_id = :'parted' and position = 1;
insert into stock_movements (product, delta, reason, order_id) values (:tea, -5, 'order placed', :'parted');
create function pg_temp.restock(which uuid, line uuid, count integer, only_shipped boolean) returns text language plpgsql as $$
declare
	before constant integer := (pg_temp.stock())[1];
begin
	perform order_restock(which, 'test', case when count is not null then array[row(line, count)::order_pieces] end, only_shipped);
	return (select concat_ws(' ', (pg_temp.stock())[1] - before, i.dropped, i.shipped, i.returned, o.restocked_at is not null)
		from order_items i join orders o on o.id = i.order_id where i.id = line);
end
$$;
select is(pg_temp.restock(:'parted', :'line', count, only_shipped), result, what)
from (values
	(1, 1, true, '1 0 2 1 f', 'one that was shipped'),
	(2, 2, true, '1 0 2 2 f', 'no more of these than there are'),
	(3, 2, false, '2 2 2 2 f', 'two that were not'),
	(4, null, false, '1 3 2 2 t', 'all that is left'),
	(5, 5, false, '0 3 2 2 t', 'and then nothing')
) c (place, count, only_shipped, result, what) order by place;

-- Overdue after thirty minutes, unless a payment may still come. Cancelled when nothing is open at a provider.
create function pg_temp.expire(state text, minutes integer, total numeric, payment jsonb) returns text language plpgsql as $$
declare
	which uuid := pg_temp.order_in(state);
	due boolean;
	expired boolean;
begin
	update orders o set placed_at = now() - make_interval(mins => minutes), subtotal = expire.total, total = expire.total where o.id = which;
	if payment is not null then
		insert into payments (order_id, payment_method, online, amount, currency, status, attention, created_at, expires_at, requested_at,
			unconfirmed)
		select which, 'test', p.online, 10, 'EUR', p.status, p.attention, coalesce(p.created_at, now() - interval '31 minutes'), p.expires_at,
			p.requested_at, coalesce(p.unconfirmed, false)
		from jsonb_populate_record(null::payments, payment) p;
	end if;
	due := exists (select 1 from orders_overdue(30, 1000) d where d.order_id = which);
	expired := order_expire(which, 30);
	return concat_ws(' ', case when due then 'due' end, case when expired then 'expired' end, (select o.status from orders o where o.id = which));
end
$$;
select is(pg_temp.expire(state, minutes, total, payment::jsonb), result, concat_ws(' ', state, minutes, total, payment))
from (values
	('placed', 31, 10, null, 'due expired cancelled'),
	('placed', 29, 10, null, 'placed'),
	('placed', 31, 0, null, 'placed'),
	('pending', 31, 10, null, 'due expired cancelled'),
	('paid', 31, 10, null, 'paid'),
	('shipped', 31, 10, null, 'shipped'),
	('placed', 31, 10, '{"online": false, "status": "pending"}', 'placed'),
	('placed', 31, 10, '{"online": false, "status": "pending", "unconfirmed": true}', 'due expired cancelled'),
	('placed', 31, 10, '{"online": false, "status": "pending", "unconfirmed": true, "created_at": "2999-01-01"}', 'placed'),
	('placed', 31, 10, '{"online": true, "status": "created"}', 'due expired cancelled'),
	('placed', 31, 10, '{"online": true, "status": "pending", "created_at": "2999-01-01"}', 'placed'),
	('placed', 31, 10, '{"online": true, "status": "pending", "expires_at": "2999-01-01"}', 'placed'),
	('placed', 31, 10, '{"online": true, "status": "pending", "requested_at": "2001-01-01"}', 'due placed'),
	('placed', 31, 10, '{"online": true, "status": "failed"}', 'due expired cancelled'),
	('placed', 31, 10, '{"online": true, "status": "authorized"}', 'placed'),
	('placed', 31, 10, '{"online": true, "status": "needs_attention", "attention": "amount_differs"}', 'placed'),
	('placed', 31, 10, '{"online": true, "status": "cancelled"}', 'due expired cancelled')
) c (state, minutes, total, payment, result);

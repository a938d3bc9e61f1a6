-- Carts: saving and changing one, what changed since it was filled, placing it.

insert into coupons (id, code, store, discount_percent, min_order_value) values
	('00000000-0000-4000-8000-0000000000c1', 'SQLTEN', :store, 10, 20);

-- A guest's cart; the changes of a request; what its answer says.
create function pg_temp.save(changes jsonb, out status integer, out body jsonb, out replayed boolean) language sql as $$
	select s.status, s.body::jsonb, s.replayed from order_cart_save('{"request_id": "test", "token_hash": "\\x01"}' || changes) s
$$;
create function pg_temp.make(changes jsonb default '{}', out status integer, out body jsonb, out replayed boolean) language sql as $$
	select s.* from pg_temp.save(jsonb_build_object('order_id', uuid_v7(), 'store', '00000000-0000-4000-8000-000000000001',
		'new_token_hash', '\x01', 'lines', '[{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 2},
		{"product": "00000000-0000-4000-8000-0000000000a2", "quantity": 1}]'::jsonb) || changes) s
$$;
create function pg_temp.shown(body jsonb) returns text language sql as $$
	select concat_ws(' ', body ->> 'status', body ->> 'subtotal', body ->> 'discount_total', body ->> 'total', jsonb_array_length(body -> 'items'),
		(select string_agg(c ->> 'code', ',') from jsonb_array_elements(body -> 'changes') c))
$$;

select status as status, body as body, body ->> 'id' as cart from pg_temp.make() \gset
select is(:'status'::text, '201', 'a cart is made');
select is(pg_temp.shown(:'body'), 'cart 24.99 0.00 29.14 2', 'at the prices of today');
select is((select k.inventory_count::integer from stock k where k.product = :tea), 20, 'it takes no stock');
select is(order_read(:'cart', null, null, '\x02'), null, 'without its token nobody reads it');

-- A change has only what changes; null clears it; of an address too.
create function pg_temp.change(cart uuid, changes jsonb) returns jsonb language sql as $$
	select body from pg_temp.save(jsonb_build_object('order_id', cart) || changes)
$$;
select is(pg_temp.change(:'cart', changes::jsonb) #>> path::text[], value, changes)
from (values
	(1, '{"contact_name": "Guest", "contact_email": "g@sql.example"}', '{contact,email}', 'g@sql.example'),
	(2, '{"comments": "ring"}', '{contact,email}', 'g@sql.example'),
	(3, '{"contact_email": null}', '{contact,email}', null),
	(4, '{"shipping_address": {"line1": "Street 1", "city": "Town", "country": "DE", "line2": "x"}}', '{shipping_address,city}', 'Town'),
	(5, '{"shipping_address": {"line1": "Street 2", "line2": null}}', '{shipping_address}',
		'{"city": "Town", "line1": "Street 2", "country": "DE"}'),
	(6, '{"lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 1}]}', '{subtotal}', '10.00'),
	(7, '{"lines": [{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 3}]}', '{subtotal}', '30.00'),
	(8, '{"coupon": "sqlten"}', '{coupon}', 'SQLTEN'),
	(9, '{"comments": null}', '{discount_total}', '3.00'),
	(10, '{"coupon": null}', '{discount_total}', '0.00')
) c (place, changes, path, value) order by place;

-- What was confirmed by a code stays so while it is the same.
update orders set contact_email = 'g@sql.example', email_proven = true where id = :'cart';
select is((select email_proven from orders where id = (pg_temp.change(:'cart', changes::jsonb) ->> 'id')::uuid), proven, changes)
from (values
	(1, '{"comments": "x"}', true), (2, '{"contact_email": "G@sql.example"}', true)) c (place, changes, proven) order by place;
select pg_temp.change(:'cart', '{"contact_email": "h@sql.example"}') \g /dev/null
select is((select email_proven from orders where id = :'cart'), false, 'another address is not confirmed');

-- What is refused.
select throws_ok(format('select pg_temp.change(%L, %L)', :'cart', changes), code, reason, changes)
from (values
	('{"token_hash": "\\x02"}', 'CS404', 'missing'),
	('{"lines": [{"product": "00000000-0000-4000-8000-0000000000ff", "quantity": 1}]}', 'CS422', 'product_not_found'),
	('{"lines": null}', 'CS422', 'cart_empty'),
	('{"billing_address": {"city": "Town"}}', 'CS422', 'address_incomplete'),
	('{"coupon": "NONE"}', 'CS422', 'coupon_not_found'),
	('{"shipping_method": "00000000-0000-4000-8000-0000000000ff"}', 'CS422', 'shipping_not_found')
) c (changes, code, reason);
select throws_ok($$ select pg_temp.make('{"store": "00000000-0000-4000-8000-0000000000ff"}') $$, 'CS422', 'store_not_found', 'a store that is none');

-- What changed since it was filled: the cart shows it, and costs what it would cost now.
create function pg_temp.after(change text) returns text language plpgsql as $$
declare
	cart uuid := ((pg_temp.make('{"coupon": "SQLTEN"}')).body ->> 'id')::uuid;
begin
	begin
		execute change;
		raise exception using errcode = 'TT000', message = pg_temp.shown(order_read(cart, null, null, '\x01')::jsonb);
	exception when sqlstate 'TT000' then
		return sqlerrm;
	end;
end
$$;
select is(pg_temp.after(change), shown, change)
from (values
	('select 1', 'cart 24.99 2.50 26.22 2'),
	('update products set price = 11 where sku = ''SQL-1''', 'cart 26.99 2.70 28.36 2 price_changed,discount_changed,tax_changed'),
	('update products set is_deleted = true where sku = ''SQL-1''', 'cart 4.99 0.00 5.34 2 unavailable,discount_changed,tax_changed,min_value'),
	('insert into stock_movements (product, delta, reason) select id, -19, ''x'' from products where sku = ''SQL-1''',
		'cart 24.99 2.50 26.22 2 out_of_stock'),
	('update coupons set is_active = false where code = ''SQLTEN''', 'cart 24.99 0.00 29.14 2 discount_changed,tax_changed,not_found'),
	('update coupons set valid_to = now() where code = ''SQLTEN''', 'cart 24.99 0.00 29.14 2 discount_changed,tax_changed,not_found'),
	('update coupons set min_order_value = 25 where code = ''SQLTEN''', 'cart 24.99 0.00 29.14 2 discount_changed,tax_changed,min_value')
) c (change, shown);
update products set price = 11 where sku = 'SQL-1';
select is(order_read(:'cart', null, null, '\x01')::jsonb #> '{changes,0}', '{"pointer": "/items/0", "code": "price_changed", "old": "10.00",
	"new": "11.00", "detail": "The price was 10.00 and is 11.00."}', 'a change has its sentence and its parameters');

-- A key counts for a new cart.
select body ->> 'id' as kept from pg_temp.make('{"key": {"scope": "sql", "key": "cart", "hash": "aa"}}') \gset
select is((select concat_ws(' ', status, body ->> 'id', replayed) from pg_temp.make('{"key": {"scope": "sql", "key": "cart", "hash": "aa"}}')),
	'201 ' || :'kept' || ' t', 'the same request makes no other cart');
select throws_ok($$ select pg_temp.make('{"key": {"scope": "sql", "key": "cart", "hash": "bb"}}') $$, 'CSKEY', 'key_reused', 'another body is refused');

-- Placed, it is an order and no longer a cart.
create function pg_temp.place(cart uuid) returns text language sql as $$
	select concat_ws(' ', p.status, p.body::jsonb ->> 'status', p.body::jsonb ->> 'total')
	from order_place(jsonb_build_object('order_id', cart, 'token_hash', '\x01', 'request_id', 'test')) p
$$;
select is(pg_temp.place(:'cart'), '200 placed 39.27', 'it is placed at the prices of now');
select is((select count(*) from cart_items where order_id = :'cart'), 0::bigint, 'its lines are those of an order');
select is((select string_agg(coalesce(from_status, '') || ' ' || to_status, ',') from order_events where order_id = :'cart'), 'cart placed', 'an event says so');
select throws_ok(format('select pg_temp.place(%L)', :'cart'), 'CSTRN', 'no_longer_a_cart', 'once');
select throws_ok(format('select pg_temp.change(%L, ''{"comments": "x"}'')', :'cart'), 'CSTRN', 'no_longer_a_cart', 'nor is it changed as one');

-- What the store's people note, whatever its status.
create function pg_temp.annotate(which uuid, changes jsonb) returns jsonb language sql as $$
	select a.body::jsonb from order_correct(jsonb_build_object('order_id', which, 'role', 'staff', 'request_id', 'test',
		'user_id', '00000000-0000-4000-8000-00000000000a') || changes) a
$$;
select is(pg_temp.annotate(:'cart', '{"comments": "call first", "status": "placed"}') ->> 'comments', 'call first', 'a status may be sent as it is');
select throws_ok(format('select pg_temp.annotate(%L, %L)', :'cart', changes), code, reason, changes)
from (values
	('{"status": "shipped"}', 'CS422', 'status_read_only'),
	('{"user_id": "00000000-0000-4000-8000-0000000000ff"}', 'CS404', 'missing'),
	('{"user_id": null, "role": null, "token_hash": "\\x01", "status": "placed"}', 'CS403', 'store_only')
) c (changes, code, reason);

-- Shipments: what the messages name, and what becomes of an order whose rest is taken out.

insert into orders (id, number, store, user_id, contact_name, status, currency, prices_include_tax, subtotal, tax_total, total, placed_at)
values ('00000000-0000-4000-8000-0000000000f1', 900001, :store, :customer, 'Customer', 'placed', 'EUR', true, 50, 0, 50, now());
insert into order_items (id, order_id, position, product, sku, name, options, quantity, unit_price, tax_rate, tax_amount, line_total) values
	('00000000-0000-4000-8000-0000000000e1', '00000000-0000-4000-8000-0000000000f1', 1, :tea, 'SQL-1', 'Shirt', '{"size": "M", "color": "red"}',
		3, 10, 0, 0, 30),
	('00000000-0000-4000-8000-0000000000e2', '00000000-0000-4000-8000-0000000000f1', 2, :cup, 'SQL-2', 'Cup', '{}', 2, 10, 0, 0, 20);

create function pg_temp.ship(changes jsonb) returns text language sql as $$
	select concat_ws(' ', s.status, s.body::jsonb ->> 'status') from order_ship(jsonb_build_object('request_id', 'test', 'role', 'staff',
		'order_id', '00000000-0000-4000-8000-0000000000f1', 'user_id', '00000000-0000-4000-8000-00000000000a') || changes) s
$$;
create function pg_temp.told() returns text language sql as $$
	select concat_ws(' | ', data ->> 'items', data ->> 'items_to_come', data ->> 'carrier', data ->> 'tracking_number', data ->> 'tracking_url')
	from outbox where template = 'order_shipped' and order_id = '00000000-0000-4000-8000-0000000000f1' order by id desc limit 1
$$;

select throws_ok($$ select pg_temp.ship('{"weight": 1}') $$, 'CSVER', 'shipment_request has no member "weight"', 'a member that there is not');
select is(pg_temp.ship('{"items": [{"id": "00000000-0000-4000-8000-0000000000e1", "quantity": 1}], "carrier": "DHL", "tracking_number": "1",
	"tracking_url": "https://dhl.example/1"}'), '201 partly_shipped', 'a piece is shipped');
select is(pg_temp.told(), '1 × Shirt (red, M) | 2 × Shirt (red, M), 2 × Cup | DHL | 1 | https://dhl.example/1',
	'its message names it, what is still to come, and how it travels');
select is(pg_temp.ship('{"items": [{"id": "00000000-0000-4000-8000-0000000000e2", "quantity": 2},
	{"id": "00000000-0000-4000-8000-0000000000e1", "quantity": 1}]}'), '201 partly_shipped', 'more pieces are shipped');
select is(pg_temp.told(), '1 × Shirt (red, M), 2 × Cup | 1 × Shirt (red, M)', 'in the order of the lines');

update order_items set name = 'Shirt – red / M' where id = '00000000-0000-4000-8000-0000000000e1';
select is(pieces_text(array[row('00000000-0000-4000-8000-0000000000e1', 2)::order_pieces]), '2 × Shirt – red / M', 'options that the name says are enough');
update order_items set name = 'Shirt – red / XL' where id = '00000000-0000-4000-8000-0000000000e1';
select is(pieces_text(array[row('00000000-0000-4000-8000-0000000000e1', 2)::order_pieces]), '2 × Shirt – red / XL (M)', 'those that it does not say follow');

select order_shipped_by_rest('00000000-0000-4000-8000-0000000000f1') \g /dev/null
select is((select status from orders where number = 900001), 'partly_shipped', 'while a piece is left the order is not shipped');
update order_items set dropped = 1 where id = '00000000-0000-4000-8000-0000000000e1';
select order_shipped_by_rest('00000000-0000-4000-8000-0000000000f1') \g /dev/null
select is((select concat_ws(' ', o.status, e.kind, e.from_status, e.to_status) from orders o join order_events e on e.order_id = o.id
	where o.number = 900001 order by e.created_at desc limit 1), 'shipped status partly_shipped shipped', 'without it the order is');
select throws_ok(format('update order_items set %s where id = %L', change, '00000000-0000-4000-8000-0000000000e1'), '23514', null, change)
from (values ('shipped = 3'), ('returned = 3'), ('dropped = 2')) c (change);

-- What a product costs now, how it is available, and what orders take and return.

select is(price_charged(price, sale, starts, ends), charged, concat_ws(' ', price, sale, starts, ends))
from (values
	(10.00, null::numeric, null::timestamptz, null::timestamptz, 10.00),
	(null, null, null, null, null),
	(10.00, 8.00, null, null, 8.00),
	(10.00, 8.00, now(), null, 8.00),
	(10.00, 8.00, now() + interval '1 us', null, 10.00),
	(10.00, 8.00, null, now(), 10.00),
	(10.00, 8.00, null, now() + interval '1 us', 8.00),
	(10.00, 8.00, now() - interval '1 day', now() + interval '1 day', 8.00),
	(10.00, 0.00, null, null, 0.00)
) c (price, sale, starts, ends, charged);

select is(availability(availability_rank(count, tracked, backorder, low_at, pieces_min)), word, concat_ws(' ', count, tracked, backorder, low_at, pieces_min))
from (values
	(5, true, false, null::integer, 1, 'in_stock'), (5, true, false, 4, 1, 'in_stock'), (5, true, false, 5, 1, 'low'),
	(0, true, false, 5, 1, 'out'), (0, true, true, 5, 1, 'backorder'), (-3, true, true, null, 1, 'backorder'),
	(-3, true, false, null, 1, 'out'), (0, false, false, 5, 1, 'in_stock'), (5, true, false, null, 6, 'out'),
	(6, true, false, null, 6, 'in_stock'), (6, true, false, 6, 6, 'low'), (5, true, true, null, 6, 'backorder')
) c (count, tracked, backorder, low_at, pieces_min, word);

select is(quantity_least(pieces, step), wanted, format('at least %s in steps of %s', pieces, step))
from (values (1, 1, 1), (5, 1, 5), (1, 6, 6), (6, 6, 6), (7, 6, 12), (10000, 3, 10002)) c (pieces, step, wanted);

-- What is wrong with a product's prices and quantities.
select throws_ok(format('update products set %s where id = %L', change, :tea), code, rule, change)
from (values
	('sale_price = 10', 'CS422', 'sale_price'), ('sale_price = 11', 'CS422', 'sale_price'),
	('price = null, sale_price = 1', 'CS422', 'sale_price'), ('sale_price = 1.001', 'CS422', 'currency_decimals'),
	('cost_price = 0.001', 'CS422', 'currency_decimals'), ('cost_price = -1', '23514', null),
	('sale_from = now(), sale_to = now()', 'CS422', 'ends_before_start'),
	('min_quantity = 5, max_quantity = 4', 'CS422', 'quantity_bounds'),
	('quantity_step = 6, max_quantity = 5', 'CS422', 'quantity_bounds'),
	('min_quantity = 0', '23514', null), ('quantity_step = 10001', '23514', null)
) c (change, code, rule);

-- What lists go by follows the product, its variants, and time.
create function pg_temp.shop_price(which uuid) returns text language sql as $$
	select concat_ws(' ', coalesce(nullif(k.shop_price, 'infinity')::text, '-'), coalesce(k.shop_price_max::text, '-'), k.price_changes_at - now())
	from stock k where k.product = which
$$;
select is(pg_temp.shop_price(:tea), '10.00 10.00', 'a price');
update products set sale_price = 8, sale_to = now() + interval '1 hour' where id = :tea;
select is(pg_temp.shop_price(:tea), '8.00 8.00 01:00:00', 'a sale, until it ends');
update products set sale_from = now() + interval '10 minutes' where id = :tea;
select is(pg_temp.shop_price(:tea), '10.00 10.00 00:10:00', 'one that is to come');
update products set price = null, sale_price = null where id = :tea;
select is(pg_temp.shop_price(:tea), '- -', 'no price');
insert into products (id, sku, name, slug, store, parent, price, currency, active_from, active_to) values
	('00000000-0000-4000-8000-0000000000b1', 'SQL-B1', 'S', 'sql-b1', :store, :tea, 7, 'EUR', null, null),
	('00000000-0000-4000-8000-0000000000b2', 'SQL-B2', 'M', 'sql-b2', :store, :tea, 9, 'EUR', null, now() + interval '2 hours'),
	('00000000-0000-4000-8000-0000000000b3', 'SQL-B3', 'L', 'sql-b3', :store, :tea, 1, 'EUR', now() + interval '1 hour', null),
	('00000000-0000-4000-8000-0000000000b4', 'SQL-B4', 'X', 'sql-b4', :store, :tea, null, 'EUR', null, null);
\set s '''00000000-0000-4000-8000-0000000000b1'''
select is(pg_temp.shop_price(:tea), '7.00 9.00 01:00:00', 'the least and the most of the variants, until one comes');
update products set sale_price = 5, sale_to = now() + interval '1 minute' where id = :s;
select is(pg_temp.shop_price(:tea), '5.00 9.00 00:01:00', 'a sale of a variant');
update products set is_deleted = true where id = :s;
select is(pg_temp.shop_price(:tea), '9.00 9.00 01:00:00', 'not of one that is deleted');
update products set is_deleted = false, sale_price = null, parent = null where id = :s;
select is(pg_temp.shop_price(:tea) || ', ' || pg_temp.shop_price(:s), '9.00 9.00 01:00:00, 7.00 7.00', 'one that leaves');
update products set parent = :cup where id = :s;
select is(pg_temp.shop_price(:cup), '7.00 7.00', 'for another parent');
update products set is_suspended = true where parent = :tea;
select is(pg_temp.shop_price(:tea), '- - 01:00:00', 'none of them');
update products set name = 'Tea' where id = :tea;
update products set is_deleted = true where parent in (:tea, :cup);
select is(pg_temp.shop_price(:tea) || ', ' || pg_temp.shop_price(:cup), '- -, - -', 'parents stay parents');
insert into products (id, sku, name, slug, store, price, currency) values
	('00000000-0000-4000-8000-0000000000b5', 'SQL-B5', 'Pot', 'sql-b5', :store, 10, 'EUR');
\set pot '''00000000-0000-4000-8000-0000000000b5'''

-- How far below zero a stock may go: nothing; as far as orders like; and no further than it is.
create function pg_temp.moved(what text, delta integer default 0) returns text language plpgsql as $$
begin
	if what <> '' then
		execute 'update products set ' || what || ' where id = ''00000000-0000-4000-8000-0000000000b5''';
	end if;
	if delta <> 0 then
		insert into stock_movements (product, delta, reason) values ('00000000-0000-4000-8000-0000000000b5', moved.delta, 'test');
	end if;
	return (select k.inventory_count::text from stock k where k.product = '00000000-0000-4000-8000-0000000000b5');
exception when others then
	return sqlerrm;
end
$$;
select is(pg_temp.moved(what, delta), result, concat_ws(' ', what, delta))
from (values
	(1, '', -1, 'stock_min'), (2, '', 2, '2'), (3, 'allow_backorder = true', -5, '-3'), (4, '', -1000000000, 'stock_min'),
	(5, 'allow_backorder = false', 0, '-3'), (6, '', -1, 'stock_min'), (7, '', 1, '-2'), (8, '', -1, 'stock_min'),
	(9, 'allow_backorder = true', -1, '-3'), (10, 'allow_backorder = false', 4, '1'), (11, '', -2, 'stock_min'), (12, '', -1, '0')
) c (place, what, delta, result) order by place;
select throws_ok($$ update stock set inventory_count = -1 where product = '00000000-0000-4000-8000-0000000000b5' $$, '23514', null, 'the table has it too');

-- What was not taken never returns. Each step: the policy, then an action with its pieces, then the stock.
create function pg_temp.order_pot(pieces integer) returns uuid language sql as $$
	select (p.body::jsonb ->> 'id')::uuid from order_place(jsonb_build_object('order_id', uuid_v7(), 'request_id', 'test',
		'store', '00000000-0000-4000-8000-000000000001', 'user_id', '00000000-0000-4000-8000-00000000000c',
		'lines', jsonb_build_array(jsonb_build_object('product', '00000000-0000-4000-8000-0000000000b5', 'quantity', pieces)))) p
$$;
create function pg_temp.correct(which uuid, pieces integer) returns void language sql as $$
	select order_correct(jsonb_build_object('order_id', which, 'request_id', 'test', 'user_id', '00000000-0000-4000-8000-00000000000a',
		'role', 'staff', 'lines', jsonb_build_array(jsonb_build_object('product', '00000000-0000-4000-8000-0000000000b5', 'quantity', pieces))))
$$;
create function pg_temp.story(steps text) returns text language plpgsql as $$
declare
	step text;
	which uuid;
	n integer;
	counts text := '';
	line uuid;
begin
	update products set track_inventory = true, allow_backorder = false where id = '00000000-0000-4000-8000-0000000000b5';
	perform pg_temp.moved('', 10 - pg_temp.moved('')::integer);
	foreach step in array string_to_array(steps, ' ') loop
		n := nullif(regexp_replace(step, '\D', '', 'g'), '')::integer;
		begin
			case regexp_replace(step, '\d', '', 'g')
				when 'on' then update products set track_inventory = true where id = '00000000-0000-4000-8000-0000000000b5';
				when 'off' then update products set track_inventory = false where id = '00000000-0000-4000-8000-0000000000b5';
				when 'owe' then update products set allow_backorder = true where id = '00000000-0000-4000-8000-0000000000b5';
				when 'dont' then update products set allow_backorder = false where id = '00000000-0000-4000-8000-0000000000b5';
				when 'order' then which := pg_temp.order_pot(n);
				when 'correct' then perform pg_temp.correct(which, n);
				when 'back' then
					select i.id into line from order_items i where i.order_id = which;
					perform order_restock(which, 'test', array[row(line, n)::order_pieces]);
				when 'all' then perform order_restock(which, 'test');
				when 'cancel' then perform order_move(which, 'cancelled', null, 'system', null, null, null, null, null, false);
			end case;
		exception when others then
			counts := counts || ' ' || sqlerrm;
		end;
		counts := counts || ' ' || pg_temp.moved('');
	end loop;
	return ltrim(counts);
end
$$;
select is(pg_temp.story(steps), counts, steps)
from (values
	('order3 cancel all', '7 10 10'),
	('off order3 cancel', '10 10 10'),
	('off order300 on cancel', '10 10 10 10'),
	('order3 off cancel', '7 7 10'),
	('order3 off on cancel all', '7 7 7 10 10'),
	('off order3 on back1 back2 all cancel', '10 10 10 10 10 10 10'),
	('order4 off back1 on back1 cancel', '6 6 7 7 8 10'),
	-- Corrections: of the difference only what is counted then is taken, and returns first.
	('off order3 on correct5 cancel', '10 10 10 8 10'),
	('off order3 on correct5 correct4 correct1 cancel', '10 10 10 8 9 10 10'),
	('off order3 on correct5 back1 back4', '10 10 10 8 9 10'),
	('order5 off correct3 correct8 cancel', '5 5 7 7 10'),
	('order5 off correct8 on correct9 cancel', '5 5 5 5 4 10'),
	('off order3 on correct14 correct13 cancel', '10 10 10 short_of_stock 10 0 10'),
	-- Backorders.
	('order11', 'short_of_stock 10'),
	('owe order13 cancel', '10 -3 10'),
	('owe order13 dont order1 cancel', '10 -3 -3 short_of_stock -3 10'),
	('owe order13 dont correct12 correct13 correct1 cancel', '10 -3 -3 -2 short_of_stock -2 9 10'),
	('owe order13 off correct14 on dont cancel', '10 -3 -3 -3 -3 -3 10')
) c (steps, counts);

-- Rules of quantities, for all pieces of a product together.
create function pg_temp.asked(pieces jsonb) returns text language sql as $$
	select (r.e).code || ' ' || (select string_agg(x.value, ' ') from jsonb_each_text((r.e).params) x)
	from (select (basket_refused(s, array(select row('00000000-0000-4000-8000-0000000000b5', q::integer, null, null, null)::basket_line
		from jsonb_array_elements_text(pieces) q)))[1] as e from stores s where s.id = '00000000-0000-4000-8000-000000000001') r
$$;
update products set min_quantity = 4, max_quantity = 11, quantity_step = 3 where id = :pot;
select is(pg_temp.asked(lines), rule, lines::text)
from (values ('[3]'::jsonb, 'min_quantity 6'), ('[5, 1]', null), ('[6]', null), ('[7]', 'quantity_step 3'), ('[9]', null),
	('[10]', 'quantity_step 3'), ('[12]', 'quantity_of_product 9'), ('[6, 6]', 'quantity_of_product 9')) c (lines, rule);

-- is_out: of a product by its count and policy, of a parent by its variants.
create function pg_temp.outs() returns text language sql as $$
	select string_agg(case when k.is_out then 'out' else 'in' end, ' ' order by k.product)
	from stock k where k.product::text like '00000000-0000-4000-8000-0000000000f%' $$;
insert into products (id, sku, name, slug, store, price, currency) values
	('00000000-0000-4000-8000-0000000000f1', 'SQL-F1', 'Shirt', 'sql-shirt', :store, 10, 'EUR');
select is(pg_temp.outs(), 'out', 'a new product is out');
insert into products (id, sku, name, slug, store, parent, price, currency) values
	('00000000-0000-4000-8000-0000000000f2', 'SQL-F2', 'Blue', 'sql-f2', :store, '00000000-0000-4000-8000-0000000000f1', 10, 'EUR'),
	('00000000-0000-4000-8000-0000000000f3', 'SQL-F3', 'Red', 'sql-f3', :store, '00000000-0000-4000-8000-0000000000f1', 10, 'EUR');
create function pg_temp.after(statement text, expected text, name text) returns text language plpgsql as $$
begin
	execute statement;
	return is(pg_temp.outs(), expected, name);
end
$$;
select pg_temp.after(regexp_replace(statement, $$'f([1-3])'$$, $$'00000000-0000-4000-8000-0000000000f\1'$$, 'g'), expected, name)
from (values
	(1, $$insert into stock_movements (product, delta, reason) values ('f1', 5, 'x')$$, 'out out out', 'pieces of a parent are not sold'),
	(2, $$insert into stock_movements (product, delta, reason) values ('f2', 2, 'x'), ('f2', -1, 'x')$$, 'in in out', 'one of a variant is'),
	(3, $$update products set min_quantity = 2 where id = 'f2'$$, 'out out out', 'less than is sold at least is out'),
	(4, $$update products set allow_backorder = true where id = 'f2'$$, 'in in out', 'backorders are not'),
	(5, $$update products set is_suspended = true where id = 'f2'$$, 'out in out', 'what cannot be seen does not count'),
	(6, $$update products set track_inventory = false where id = 'f3'$$, 'in in in', 'what is not counted is in'),
	(7, $$update products set is_deleted = true where id = 'f3'$$, 'out in in', 'but for what is deleted'),
	(8, $$update products set is_suspended = false, allow_backorder = false, min_quantity = 1 where id = 'f2'$$, 'in in in', 'as it was'),
	(9, $$insert into stock_movements (product, delta, reason) values ('f2', -1, 'x')$$, 'out out in', 'the last one is gone'),
	(10, $$insert into stock_movements (product, delta, reason) values ('f2', 1, 'x'), ('f2', -1, 'x')$$, 'out out in', 'there and gone'),
	(11, $$update products set parent = null where id = 'f3'$$, 'out out in', 'one leaves'),
	(12, $$update products set active_from = now() + interval '1 hour', track_inventory = false where id = 'f2'$$, 'out in in', 'one is yet to come')
) c (n, statement, expected, name) order by n;
-- An hour later: the trigger did not see it, cron does.
alter table products disable trigger stock_follow;
update products set active_from = now() - interval '1 hour' where sku = 'SQL-F2';
update stock set price_changes_at = now() - interval '1 hour' where product = '00000000-0000-4000-8000-0000000000f1';
alter table products enable trigger stock_follow;
select is(pg_temp.outs(), 'out in in', 'time alone changes nothing');
select ok(shop_prices_refresh(1000) > 0, 'but for cron');
select is(pg_temp.outs(), 'in in in', 'which sees it');
select is((select count(*) from stock k join products p on p.id = k.product where k.is_out <> (case when p.has_variants
		then variants_availability(p.id) else availability_rank(k.inventory_count, p.track_inventory, p.allow_backorder,
		p.low_stock_threshold, quantity_least(p.min_quantity, p.quantity_step)) end = 3)), 0::bigint, 'of all it is as it is shown');

-- Stock and its ledger, who works in a store, what fits together.

select is((select inventory_count from stock where product = :tea), 20, 'the stock is what its movements sum up to');
insert into stock_movements (product, delta, reason) values (:tea, -5, 'count'), (:tea, 2, 'found');
select is((select inventory_count from stock where product = :tea), 17, 'after two more movements too');
select throws_ok(format('insert into stock_movements (product, delta, reason) values (%L, -18, ''x'')', :tea), 'CS422', null, 'it never goes below zero');
select throws_ok(format('insert into stock_movements (product, delta, reason) values (%L, 0, ''x'')', :tea), '23514', null, 'nothing is no movement');
select is((select inventory_count from stock where product = :tea), 17, 'and what was refused moved nothing');

insert into users (id, name, email, is_staff) values ('00000000-0000-4000-8000-0000000000e1', 'M', 'member@sql.example', true);
insert into store_members values (:store, '00000000-0000-4000-8000-0000000000e1');
select is(works_in_store(who, which), works, name)
from (values
	(:staff::uuid, :store::uuid, true, 'its owner works in a store'),
	('00000000-0000-4000-8000-0000000000e1', :store, true, 'a member does'),
	(:customer, :store, false, 'a customer does not'),
	(null, :store, false, 'nobody does not'),
	(:staff, null, false, 'in what is everybody''s nobody works')
) c (who, which, works, name);

insert into stores (id, name, slug, currency) values ('00000000-0000-4000-8000-000000000002', 'Other', 'sql-other', 'EUR');
insert into categories (id, name, slug, store) values ('00000000-0000-4000-8000-0000000000d1', 'Theirs', 'sql-theirs', '00000000-0000-4000-8000-000000000002'),
	('00000000-0000-4000-8000-0000000000d2', 'All', 'sql-all', null);
insert into categories (id, name, slug, parent) values ('00000000-0000-4000-8000-0000000000d3', 'Part', 'sql-part', '00000000-0000-4000-8000-0000000000d2');
select throws_ok(format($$ update products set category = '00000000-0000-4000-8000-0000000000d1' where id = %L $$, :tea), 'CS422', null, 'a category of another store does not fit');
select lives_ok(format($$ update products set category = '00000000-0000-4000-8000-0000000000d2' where id = %L $$, :tea), 'one of all stores does');
select lives_ok(format($$ update products set category = '00000000-0000-4000-8000-0000000000d3' where id = %L $$, :tea), 'and a part of it');
select is((select categories::text || category from products where id = :tea),
	'["00000000-0000-4000-8000-0000000000d3"]00000000-0000-4000-8000-0000000000d3', 'which replaces the other one');

-- product_categories: those above too, without a position, with what lists are ordered by.
create function listed_in(which uuid) returns text language sql as $$
	select string_agg(right(c.category::text, 2) || coalesce(c.position::text, '-') || ' ' || trim_scale(c.shop_price), ', ' order by c.category)
	from product_categories c join products p on p.id = c.product and p.created_at = c.created_at where c.product = which $$;
select is(listed_in(:tea), 'd2- 10, d30 10', 'a product is in the categories above its own');
insert into categories (id, name, slug) values ('00000000-0000-4000-8000-0000000000d4', 'Root', 'sql-root'),
	('00000000-0000-4000-8000-0000000000d5', 'Side', 'sql-side');
update categories set parent = '00000000-0000-4000-8000-0000000000d4' where id = '00000000-0000-4000-8000-0000000000d2';
select is(listed_in(:tea), 'd2- 10, d30 10, d4- 10', 'a branch moves with its products');
update products set categories = '["00000000-0000-4000-8000-0000000000d5", "00000000-0000-4000-8000-0000000000d2"]', price = 11 where id = :tea;
select is(listed_in(:tea), 'd21 11, d4- 11, d50 11', 'others replace them, with the new price');
update categories set parent = '00000000-0000-4000-8000-0000000000d4' where id = '00000000-0000-4000-8000-0000000000d5';
update categories set parent = null where id = '00000000-0000-4000-8000-0000000000d2';
select is(listed_in(:tea), 'd21 11, d4- 11, d50 11', 'one above two of them stays while one is below');
update categories set parent = null where id = '00000000-0000-4000-8000-0000000000d5';
select is(listed_in(:tea), 'd21 11, d50 11', 'and goes with the last');
update categories set parent = case id when '00000000-0000-4000-8000-0000000000d2' then '00000000-0000-4000-8000-0000000000d5'::uuid
		else '00000000-0000-4000-8000-0000000000d4' end
where id in ('00000000-0000-4000-8000-0000000000d2', '00000000-0000-4000-8000-0000000000d5');
select is(listed_in(:tea), 'd21 11, d4- 11, d50 11', 'several move at once');
insert into products (id, sku, name, slug, store, price, sale_price, currency, categories) values ('00000000-0000-4000-8000-0000000000a3',
	'SQL-3', 'Pot', 'sql-pot', :store, 9, 8, 'EUR', '["00000000-0000-4000-8000-0000000000d3"]');
select is(listed_in('00000000-0000-4000-8000-0000000000a3'), 'd2- 8, d30 8, d4- 8, d5- 8', 'a new product too, with its price');
insert into products (id, sku, name, slug, store, price, currency, parent) values ('00000000-0000-4000-8000-0000000000a4',
	'SQL-4', 'Pot', 'sql-pot-4', :store, 7, 'EUR', '00000000-0000-4000-8000-0000000000a3');
select is(listed_in('00000000-0000-4000-8000-0000000000a3'), 'd2- 7, d30 7, d4- 7, d5- 7', 'and that of its variants');
update products set is_deleted = true where id = '00000000-0000-4000-8000-0000000000a3';
update products set category = '00000000-0000-4000-8000-0000000000d3' where id = :tea;
select throws_ok(format($$ update products set parent = id where id = %L $$, :tea), 'CS422', null, 'a product is not its own variant');
update products set parent = :tea where id = :cup;
select is((select string_agg(id::text, ' ') from live_variants where parent = :tea), :cup, 'a variant of its parent');
update products set is_suspended = true where id = :tea;
select is((select count(*) from live_products where id = :cup), 0::bigint, 'a variant of a suspended parent cannot be seen');

select is(json_merge_patch(target::json, patch::json)::text, result, name)
from (values
	('{"b":1,"a":2}', '{"a":3,"c":4}', '{"b": 1, "a": 3, "c": 4}', 'a merge keeps the order, new members follow'),
	('{"b":1,"a":2}', '{"b":null}', '{"a": 2}', 'null removes a member'),
	('{"z":{"y":1,"x":2}}', '{"z":{"x":{"q":null,"p":1}}}', '{"z": {"y": 1, "x": {"p": 1}}}', 'objects within are merged too'),
	('[1]', '{"a":1}', '{"a": 1}', 'an object replaces what is none'),
	('{"a":1}', '[1,2]', '[1,2]', 'an array replaces an object'),
	('{"a":1}', '{}', '{"a": 1}', 'nothing changes nothing')
) c (target, patch, result, name);
select matches(sku_of('01a22871-596c-7dbd-b8c1-63987d5a08da'), '^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$', 'a SKU from an id');
select is((select count(distinct sku_of(uuid_v7())) from generate_series(1, 1000)), 1000::bigint, 'of a thousand ids each has its own');

-- What products are chosen by: facet.sql.

select is(facet_fold(x.text), x.folded, x.text)
from (values ('Red', 'red'), ('GRÜN', 'grün'), (normalize('GRÜN', NFD), 'grün'), ('STRAẞE', 'strasse'), ('ΟΔΟΣ', 'οδοσ'),
	('οδος', 'οδοσ'), ('İzmir', 'izmir'), (E' New \t\n in ', 'new in'), ('C++', 'c++'), ('1.5', '1.5'), ('50 %', '50 %'),
	(repeat('x', 100), repeat('x', 100)), (repeat('X', 101), E'\1' || md5(repeat('x', 101))), (E'\1', ''), ('', ''))
	x (text, folded);
select is(facet_fold(null), null, 'nothing');
select is(array(select unnest(facet_values(x.listed)) order by 1), x.folded, 'values of ' || x.listed)
from (values ('M', '{m}'::text[]), ('b,A', '{a,b,"b,a"}'), ('a,', '{a,"a,"}'), (',', '{","}')) x (listed, folded);
select is(array(select unnest(facet_keys('a', 'Colour', 'Red,blue')) order by 1),
	array[E'a\tcolour\tblue', E'a\tcolour\tred', E'a\tcolour\tred,blue'], 'keys of a filter');
select is(facet_keys('t', '', repeat('x', 101)), array[facet_key('t', '', repeat('X', 101))], 'the key of a long value');

select is(array(select facet_texts(x.value::json)), x.texts::text[], x.value)
from (values ('"a"', '{a}'), ('1.50', '{1.5}'), ('1e2', '{100}'), ('true', '{true}'), ('null', '{}'), ('{"a": "b"}', '{}'),
	('["a", 2, false, null, ["b"], {"c": "d"}]', '{a,2,false}'), ('[]', '{}')) x (value, texts);

-- In the transaction of the change.
update products set brand = 'ACME', tags = '["New in", "NEW in"]', options = '[]',
	attributes = ('{"Colour": ["Red", "red"], "care": {"wash": "30"}, "blank": " ", "story": "' || repeat('s', 101) || '"}')::json
where id = :tea;
create function pg_temp.has(which uuid) returns text language sql as $$
	select string_agg(replace(f.key, E'\t', '|') || case f.shown when '' then '' else ' = ' || replace(f.shown, E'\t', '|') end,
		'; ' order by f.key collate "C")
	from product_search s, unnest(s.facets, s.shown) f (key, shown) where s.product = which
$$;
select is(replace(pg_temp.has(:tea), E'\1' || md5(repeat('s', 101)), 'HASH'),
	'a|colour|red = Colour|red; a|story|HASH; b||acme = |ACME; t||new in = |New in', 'what a product has');
update products set options = '[{"name": "Size", "values": ["M"]}]' where id = :cup;
insert into products (id, sku, name, slug, store, parent, price, currency, options, attributes) values
	('00000000-0000-4000-8000-0000000000a3', 'VAR-M', 'Cup', 'sql-cup-m', :store, :cup, 5, 'EUR', '{"Size": "M"}',
		'{"fit": "slim"}');
select is(pg_temp.has('00000000-0000-4000-8000-0000000000a3'), 'a|fit|slim; o|size|m = Size|M', 'what a variant has');
select is(pg_temp.has(:cup), 'a|fit|slim; o|size|m = Size|M', 'a product has it too');
update products set published = false where id = '00000000-0000-4000-8000-0000000000a3';
select is(pg_temp.has(:cup), null, 'but not of a variant that is not for sale');

select is(array(select g.kind || '|' || g.key || '|' || g.name || '|' || g.value || '|' || g.products from facet_groups(
		array[E'a\tcolour\tred', E'a\tcolour\tblue', E'o\tsize\tm', E'b\t\tacme', E't\t\tx', E'a\tstory\t\1abc', E'a\tstory\ty'],
		array[E'Colour\tRed', '', '', E'\tACME', '', '', ''], '{2,5,1,4,3,9,9}') g),
	'{a|colour|colour|blue|5,a|colour|Colour|Red|2,b|||ACME|4,o|size|size|m|1,t|||x|3}'::text[], 'groups');
select is(array(select g.kind || count(*) from facet_groups(
		array(select E'a\tserial\t' || n from generate_series(1, 1001) n)
			|| array(select E'a\tbatch\t' || n from generate_series(1, 1000) n)
			|| array(select E'a\tname' || n || E'\tx' from generate_series(1, 30) n)
			|| array(select E'b\t\t' || n from generate_series(1, 2000) n),
		array_fill(''::text, array[4031]), array_fill(1::bigint, array[4031])) g group by g.kind order by 1),
	'{a69,b50}'::text[], 'at most 20 names with 50 values each, without an attribute of more than a thousand values');

select is(price_band_width(x.lowest, x.highest, x.currency), x.width, format('from %s to %s %s', x.lowest, x.highest, x.currency))
from (values (2, 902, 'EUR', 200), (0, 100, 'EUR', 20), (12.34, 12.34, 'EUR', 1), (0, 0, 'EUR', 0.01), (1, 9, 'JPY', 2),
	(0.01, 0.05, 'EUR', 0.01), (95, 100, 'KWD', 5), (100, 120, 'EUR', 10), (1, 100000000000000, 'EUR', 20000000000000))
	x (lowest, highest, currency, width);

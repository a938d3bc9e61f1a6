-- What products are found by: search.sql and search_find.sql.

select is(search_fold(x.text), x.folded, x.text)
from (values
	('Café au lait', 'cafe au lait'), (normalize('Café', NFD), 'cafe'), ('ＦＵＬＬ　ＷＩＤＴＨ', 'full width'),
	('ΣΊΣΥΦΟΣ', 'σισυφοσ'), ('σίσυφος', 'σισυφοσ'), ('STRAẞE', 'strasse'), ('Straße', 'strasse'), ('İzmir', 'izmir'),
	('ırmak', 'irmak'), ('Łódź', 'lodz'), ('Øre & Æble', 'ore aeble'), ('men''s', 'mens'), ('men’s', 'mens'),
	('“12,5” × a_b', '12 5 a b'), ('緑茶カップ', '緑 茶 カ ッ プ'), ('ชา', 'ช า'), ('שָׁלוֹם', 'שלום'), ('हिन्दी किताब', 'हिन्दी किताब'),
	('%%% --- ''''', ''), ('', '')) x (text, folded);
select is(search_fold(null), null, 'nothing');

select is(search_code('PKA.KDS/4040'), 'pkakds4040', 'a code without its separators');
select is(search_code_lexemes('PKA.KDS/4040b')::tsvector,
	'''#pkakds4040b'' ''pkakds4040b'':1B ''kds4040b'':1B ''4040b'':1B'::tsvector, 'and from each part on');
select is(search_code_lexemes('---'), null, 'a code without letters and digits');
select is(search_fold(search_texts('{"a": "x\ny", "b": {"c": ["Y", 3, true, null, "\"q\""]}}')), 'x y y 3 q',
	'texts and numbers of a value');

select is(search_fold(search_text(x.html)), x.words, x.html)
from (values ('<p class="x">Waxed&nbsp;<em>linen</em>.</p><!-- no -->', 'waxed linen'), ('a < b && c > d; R&D', 'a b c d r d'),
	('fish &amp; chips &#233;', 'fish chips'), ('<3 tea', '3 tea'), ('plain', 'plain')) x (html, words);

select is(edit_distance(x.a, x.b), x.slips, x.a || ' and ' || x.b)
from (values ('kettle', 'kettle', 0), ('kettel', 'kettle', 1), ('samsng', 'samsung', 1), ('', 'abc', 3), ('ab', 'ba', 1),
	('abcd', 'badc', 2), ('kitten', 'sitting', 3)) x (a, b, slips);

select is(search_stems(x.word, x.language), x.stems::text[], x.word || ' in ' || x.language)
from (values ('shirts', 'en', '{shirt}'), ('berries', 'en', '{berri,berry}'), ('berry', 'en', '{berries}'),
	('organic', 'en', '{}'), ('hemden', 'de', '{hemd}'), ('camisas', 'es', '{camis}'), ('tea', 'en', '{}'),
	('knives', 'en', '{knive,knif,knife}'), ('shelf', 'en', '{shelves}'), ('чайники', 'ru', '{чайник}'),
	('shirts', 'xx', '{shirt}'), ('shirts', null, '{shirt}')) x (word, language, stems);

-- In the transaction of the change.
update products set name = 'Zzyzx' where id = :tea;
update products set name = 'Blue Kettle', description = 'Boils water wibblewob', brand = 'Acme', tags = '["gift"]',
	sku = 'KDS-40/40', attributes = '{"colour": "Blau"}' where id = :tea;
insert into products (id, sku, name, slug, store, parent, price, currency, options) values
	('00000000-0000-4000-8000-0000000000a3', 'VAR-XL', 'Cup', 'sql-cup-xl', :store, :cup, 5, 'EUR', '{}');
create function pg_temp.finds(query text) returns text language sql as $$
	select coalesce(string_agg(right(s.product::text, 2), ' ' order by s.product), '-')
	from search_find(query, 'en') f, product_search s join products p on p.id = s.product join stores o on o.id = p.store
	where o.slug = 'sql-shop' and s.words @@ f.queries[6]::tsquery
$$;
select is(pg_temp.finds(x.words), x.found, 'finds ' || x.words)
from (values ('kettle', 'a1'), ('kett', 'a1'), ('BLUE kettle', 'a1'), ('kettles', 'a1'), ('kds-4040', 'a1'), ('kds4040', 'a1'),
	('4040', 'a1'), ('acme', 'a1'), ('gift', 'a1'), ('blau', 'a1'), ('water kettle', 'a1'), ('"blue kettle"', 'a1'),
	('"kettle blue"', '-'), ('kettle -blue', '-'), ('kettle -red', 'a1'), ('var-xl', 'a2 a3'), ('tea', '-'),
	('-kettle', '-'), ('"', '-'), ('" "', '-'), ('''', '-'), ('a & ! | ( :*', '-'), ('kettle " ', 'a1'),
	('\ kettle', 'a1'), ('bluekettle', 'a1'), ('40 40', 'a1')) x (words, found);
select is(pg_temp.finds(x.words), x.found, 'part of ' || x.words)
from (values ('blue zzqqxx', 'a1'), ('blue kettle zzqqxx', 'a1'), ('kettle "no such"', '-'), ('zork zzqqxx', '-'),
	('zzqqxx kettle -blue', '-'), ('zzqqxx kettle -red', 'a1')) x (words, found);
select is(search_joined('blue', 'kettle'), null, 'no product has the two as one word');
select is(search_joined('ket', 'tle'), 'kettle', 'one has');
select is(search_joined('55', 'l'), '55l', 'a number and its unit');
select is(search_parted('55l'), '{55 l}', 'and the other way');
select is(search_parted('zorkettle'), '{}', 'no two words');
select is((select f.queries from search_find('%%%', 'en') f), null, 'nothing that could be found');
select ok(search_has_trigrams() is not null, 'whether words that are not quite right are found depends on the server');
select is(case when search_has_trigrams() then pg_temp.finds('kettel') else 'a1' end, 'a1', 'a slip');
select is(case when search_has_trigrams() then pg_temp.finds('ettle') else 'a1' end, 'a1', 'inside a word');

update products set is_deleted = true where id = '00000000-0000-4000-8000-0000000000a3';
select is(pg_temp.finds('var-xl'), 'a3', 'a product is no longer found by a deleted variant');

select search_count();
select is((select min(w.products) || ' ' || min(w.named) || ' ' || count(*) from search_words w where w.word = 'wibblewob'),
	'1 0 1', 'words are counted');
select is((select count(*) from search_words w where w.word = 'zzyzx'), 0::bigint, 'and forgotten');
insert into search_words (word) values ('xyzzy');
select search_count_if_due();
select is((select count(*) from search_words w where w.word = 'xyzzy'), 1::bigint, 'not again for an hour');
update search_words set counted_at = now() - interval '2 hours' where counted_at is not null;
select search_count_if_due();
select is((select count(*) from search_words w where w.word = 'xyzzy'), 0::bigint, 'then again, if there are new ones');

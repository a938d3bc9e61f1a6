-- What products are found by: their words, and other lexemes that no word is like.
--
--	linen:3A       a word, of the name (A), a code (B), brand, tags, options, attributes (C) or the description (D)
--	=linen:3A      the same word of the name
--	==linen shirt  the whole name
--	#kds4040       a whole code: SKU, barcode or MPN; as a word it is found from where each of its parts begins
--	@…             the id of a category of the product: its name may change
--
-- A word is lower case without accents, in the compatible form of its characters (NFKC). Scripts without spaces between
-- words have a word for each character, and what is searched in them is a phrase.

-- The version of these rules: product_search is made again when it changes.
create or replace function search_version() returns integer
language sql immutable parallel safe as $$
	select 3
$$;

create or replace function search_has_trigrams() returns boolean
language sql stable parallel safe as $$
	select exists (select 1 from pg_extension e where e.extname = 'pg_trgm')
$$;

-- Words with one space between them, or nothing.
create or replace function search_fold(x text) returns text
language plpgsql immutable parallel safe as $$
begin
	if x ~ '[^\u0001-\u007f]' then
		x := normalize(x, NFKD);
		-- Accents, points and vowel signs that are optional; what joins characters, and apostrophes.
		x := regexp_replace(x, '[\u0300-\u036f\u0591-\u05c7\u0610-\u061a\u064b-\u065f\u0670\u06d6-\u06ed'
			|| '\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe00-\ufe0f\ufe20-\ufe2f'
			|| '\u00ad\u200b-\u200f\u2060\ufeff\u02bc\u2018\u2019]+', '', 'g');
		x := public.lower_case(x);
		x := translate(replace(replace(replace(replace(x, 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe'), 'þ', 'th'),
			'ςøłđðħıŧ', 'σolddhit');
		x := normalize(x, NFKC);
		-- Thai, Lao, Burmese and Khmer; kana and Han characters.
		x := regexp_replace(x, '([\u0e00-\u0eff\u1000-\u109f\u1780-\u17ff\u3005-\u3007\u3041-\u30ff'
			|| '\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff])', ' \1 ', 'g');
		-- Signs and symbols.
		x := regexp_replace(x, '[\u0080-\u00a9\u00ab-\u00b4\u00b6-\u00b9\u00bb-\u00bf\u00d7\u00f7\u2010-\u206f'
			|| '\u20a0-\u20cf\u2190-\u2bff\u2e00-\u2e7f\u3000-\u3004\u3008-\u3020\u3030\u30fb\uff00-\uff0f'
			|| '\U0001f000-\U0001faff]+', ' ', 'g');
		return btrim(regexp_replace(replace(x, '''', ''), '[^a-z0-9\u0080-\U0010ffff]+', ' ', 'g'));
	end if;
	return btrim(regexp_replace(replace(lower(x), '''', ''), '[^a-z0-9]+', ' ', 'g'));
end
$$;

-- A code without what separates its parts: 'PKA.KDS/4040' is pkakds4040.
create or replace function search_code(code text) returns text
language plpgsql immutable parallel safe as $$
begin
	return left(replace(public.search_fold(code), ' ', ''), 100); -- an index calls it without a search_path
end
$$;

-- A code as lexemes: whole, and from where each of its parts begins, but for a last letter or digit.
create or replace function search_code_lexemes(code text) returns text
language plpgsql immutable strict parallel safe as $$
declare
	parts constant text[] := string_to_array(left(regexp_replace(regexp_replace(search_fold(code),
		'([a-z])([0-9])', '\1 \2', 'g'), '([0-9])([a-z])', '\1 \2', 'g'), 100), ' ');
	rest text := '';
	lexemes text := '';
begin
	for n in reverse cardinality(parts) .. 1 loop
		rest := parts[n] || rest;
		lexemes := lexemes || case when n = 1 or length(rest) > 1 then '''' || rest || ''':1B ' else '' end;
	end loop;
	return case when rest <> '' then lexemes || '''#' || rest || '''' end;
end
$$;

-- A text without the tags and character references of HTML, which are no words.
create or replace function search_text(html text) returns text
language plpgsql immutable parallel safe as $$
begin
	if position('<' in html) = 0 and position('&' in html) = 0 then
		return html;
	end if;
	return regexp_replace(html, '</?[a-zA-Z][^<>]*>|<!--([^-]|-[^-]|--[^>])*-->'
		|| '|&(#[0-9]+|#[xX][0-9a-fA-F]+|[a-zA-Z][a-zA-Z0-9]*);', ' ', 'g');
end
$$;

-- The texts and numbers in a JSON value, as text to be folded: those of an object's members, not their names.
create or replace function search_texts(x jsonb) returns text
language plpgsql immutable parallel safe as $$
begin
	return regexp_replace(
		jsonb_path_query_array(x, 'strict $.** ? (@.type() == "string" || @.type() == "number")')::text,
		'\\[nrtbf]', ' ', 'g');
end
$$;

-- What a product has of those of its variants that are for sale: their codes, as lexemes, and texts. Of very many
-- variants the first thousand.
create or replace function product_words_of_variants(p products, out codes text, out texts text)
language plpgsql stable as $$
begin
	select string_agg(concat_ws(' ', search_code_lexemes(v.sku), search_code_lexemes(v.barcode)), ' '),
		left(string_agg(distinct concat_ws(' ', case when v.name <> p.name then v.name end,
			search_texts(v.options::jsonb), case when v.attributes::text <> '{}'
				then search_texts(v.attributes::jsonb) end), ' '), 20000)
	into codes, texts
	from (
		select x.sku, x.barcode, x.name, x.options, x.attributes
		from products x where x.parent = p.id and not x.is_deleted and x.published and not x.is_suspended
		order by x.position, x.created_at, x.id limit 1000) v;
end
$$;

-- The lexemes of a product or a variant. Folded words are of letters and digits alone: the parser splits nothing.
create or replace function product_words(p products) returns tsvector
language plpgsql stable as $$
declare
	name constant text := search_fold(p.name);
	words constant tsvector := to_tsvector('simple'::regconfig, name);
	codes text := concat_ws(' ', search_code_lexemes(p.sku), search_code_lexemes(p.barcode),
		search_code_lexemes(nullif(p.mpn, '')));
	texts text := concat_ws(' ', p.brand, p.tags::text, case when p.attributes::text <> '{}'
		then search_texts(p.attributes::jsonb) end);
	variants record;
	lexemes tsvector;
begin
	if p.has_variants then
		variants := product_words_of_variants(p);
		codes := concat_ws(' ', codes, variants.codes);
		texts := concat_ws(' ', texts, variants.texts);
	end if;
	if p.options::text not in ('[]', '{}') then
		texts := texts || ' ' || search_texts(case when p.parent is not null then p.options::jsonb
			else jsonb_path_query_array(p.options::jsonb, '$[*].values') end);
	end if;
	codes := codes || ' ''==' || left(name, 200) || ''' '
		|| regexp_replace(setweight(words, 'A')::text, '''([^'']+)''', '''=\1''', 'g')
		|| regexp_replace(translate(p.categories::text, '[],', ''), '"([^"]+)" ?', ' ''@\1''', 'g');
	lexemes := setweight(words, 'A') || codes::tsvector
		|| setweight(to_tsvector('simple'::regconfig, search_fold(texts)), 'C');
	return case when p.description = '' then lexemes else
		lexemes || setweight(to_tsvector('simple'::regconfig,
			search_fold(search_text(left(p.description, 20000)))), 'D') end;
end
$$;

-- Words that search_words lacks. Two transactions may add the same one: cron makes one row of them, as waiting for each
-- other could become a deadlock.
create or replace function search_words_add(vectors tsvector[]) returns void
language plpgsql as $$
begin
	insert into search_words (word)
	select d.lexeme from (
		select distinct l.lexeme from unnest(vectors) v (words), unnest(v.words) l
		where l.lexeme !~ '[0-9@#=]' and length(l.lexeme) <= 40) d
	where not exists (select 1 from search_words w where w.word = d.lexeme collate "C");
end
$$;

-- Bring product_search up to date for these products. One plan serves any number of them: to make another for each
-- change of a product would take longer than the change.
create or replace function product_search_write(which uuid[]) returns void
language plpgsql set plan_cache_mode = force_generic_plan as $$
declare
	done record;
begin
	with made as materialized (
		select p.id as product, product_words(p) as words, f.facets, f.shown
		from products p cross join lateral product_facets(p) f where p.id = any (which)),
	kept as (
		insert into product_search as s (product, words, facets, shown, version)
		select m.product, m.words, m.facets, m.shown, search_version() from made m
		on conflict on constraint product_search_pkey do update
		set words = excluded.words, facets = excluded.facets, shown = excluded.shown, version = excluded.version
		where s.words <> excluded.words or s.facets <> excluded.facets or s.shown <> excluded.shown
			or s.version <> excluded.version)
	select search_words_add(array_agg(m.words)) from made m into done;
end
$$;

-- Products that were added, and the parents of variants among them. Those that are said to have variants get these in
-- the same transaction.
create or replace function product_search_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform product_search_write(array(
		select n.id from new_rows n where not n.has_variants
		union select n.parent from new_rows n where n.parent is not null));
	return null;
end
$$;

-- Products of which something changed that they are found by, and their parents.
create or replace function product_search_follow() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	changed constant uuid[] := array(
		select x.id from new_rows n join old_rows o on o.id = n.id
		cross join lateral (values (n.id), (n.parent), (o.parent)) x (id)
		where x.id is not null and (n.name, n.sku, n.barcode, n.mpn, n.brand, n.tags, n.options::text,
				n.attributes::text, n.description, n.categories, n.parent, n.is_deleted, n.published, n.is_suspended)
			is distinct from (o.name, o.sku, o.barcode, o.mpn, o.brand, o.tags, o.options::text,
				o.attributes::text, o.description, o.categories, o.parent, o.is_deleted, o.published, o.is_suspended)
		group by x.id);
begin
	if changed <> '{}' then
		perform product_search_write(changed);
	end if;
	return null;
end
$$;

-- What a category is found by.
create or replace function category_search_keep() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into category_search (category, words)
	values (new.id, to_tsvector('simple'::regconfig, search_fold(new.name)))
	on conflict on constraint category_search_pkey do update set words = excluded.words;
	return null;
end
$$;

-- Count how many products have each word, and forget words that none has; of more than 6,000 products so many are
-- counted, which takes seconds. Statistics for the planner too, as the plan of a search depends on how frequent its
-- words are.
create or replace function search_count() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	share real; -- percent
begin
	analyze product_search;
	select least(100, 100 * 6000 / greatest(c.reltuples, 1)) into share
	from pg_class c where c.oid = 'product_search'::regclass;
	with counted as materialized (
		select ltrim(s.word, '=') as word,
			max(case when s.word like '=%' then 0 else s.ndoc end * 100 / share)::integer as products,
			max(case when s.word like '=%' then s.ndoc else 0 end * 100 / share)::integer as named
		from ts_stat('select words from product_search'
			|| case when share < 100 then ' tablesample system (' || share || ')' else '' end) s
		where s.word !~ '[0-9@#]|^==' group by 1 having length(ltrim(s.word, '=')) <= 40),
	gone as (delete from search_words w returning w.word)
	insert into search_words (word, products, named, counted_at)
	select c.word, greatest(c.products, 1), c.named, now() from counted c
	union all
	select distinct g.word, 1, 1, now() from gone g
	where share < 100 and not exists (select 1 from counted c where c.word = g.word);
end
$$;

-- What lists and searches go by, after many products were added: statistics, and how frequent words are.
create or replace function catalogue_analyze() returns void
language plpgsql as $$
begin
	analyze products;
	analyze stock;
	analyze categories;
	analyze product_categories;
	analyze product_images;
	perform search_count();
end
$$;

-- search_count() where words were added since, at most once an hour.
create or replace function search_count_if_due() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if exists (select 1 from search_words w where w.counted_at is null)
		and not exists (select 1 from search_words w where w.counted_at > now() - interval '1 hour') then
		perform search_count();
	end if;
end
$$;

-- What migrate computes after all else, and where nothing else is to be done: the extension for words that are not
-- quite right, if the server has it and the owner may create it; the indexes that it is for; and the words of products
-- that have none of this version.
create or replace function search_prepare() returns void
language plpgsql as $$
declare
	lacking uuid[];
	behind uuid := '00000000-0000-0000-0000-000000000000'; -- the last one written
	counts boolean := false;
begin
	if not search_has_trigrams() then
		begin
			create extension pg_trgm with schema public;
		exception when insufficient_privilege or undefined_file or feature_not_supported or duplicate_object
			or unique_violation then
			null; -- doctor tells, or another migrate creates it
		end;
	end if;
	if search_has_trigrams() and to_regclass('public.search_words_trigrams') is null then
		create index search_words_trigrams on search_words using gin (word gin_trgm_ops);
	end if;
	if search_has_trigrams() and to_regclass('public.products_code_trigrams') is null then
		create index products_code_trigrams on products using gin (search_code(sku) gin_trgm_ops) where not is_deleted;
	end if;
	insert into category_search (category, words)
	select c.id, to_tsvector('simple'::regconfig, search_fold(c.name)) from categories c
	on conflict on constraint category_search_pkey do update set words = excluded.words
	where category_search.words <> excluded.words;
	loop
		lacking := array(
			select p.id from products p
			where p.id > behind and not exists (
				select 1 from product_search s where s.product = p.id and s.version = search_version())
			order by p.id limit 5000);
		exit when lacking = '{}';
		perform product_search_write(lacking);
		behind := lacking[cardinality(lacking)];
		counts := true;
	end loop;
	if counts then
		perform search_count();
	end if;
end
$$;

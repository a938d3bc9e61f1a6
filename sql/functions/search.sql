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
	select 1
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
		if lower('Σ') = 'σ' then
			x := lower(x);
		else
			x := lower(x collate "und-x-icu"); -- of a database whose own rules know ASCII only
		end if;
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

-- Folded words as lexemes with their places; with what is put before each.
create or replace function search_lexemes(folded text, weight text, mark text default '') returns text
language plpgsql immutable parallel safe as $$
begin
	return (select string_agg('''' || mark || left(w.word, 100) || ''':' || w.n || weight, ' ')
		from unnest(string_to_array(folded, ' ')) with ordinality w (word, n)
		where w.word <> '' and w.n <= 16000);
end
$$;

-- A code without what separates its parts: 'PKA.KDS/4040' is pkakds4040.
create or replace function search_code(code text) returns text
language plpgsql immutable parallel safe as $$
begin
	return (select left(replace(search_fold(code), ' ', ''), 100));
end
$$;

-- A code as lexemes: whole, and from where each of its parts begins.
create or replace function search_code_lexemes(code text) returns text
language plpgsql immutable parallel safe as $$
begin
	return (select '''#' || left(string_agg(p.part, '' order by p.n), 100) || ''' '
			|| string_agg('''' || p.rest || ''':1B', ' ')
		from (
			select w.part, w.n, left(string_agg(w.part, '') over (
				order by w.n rows between current row and unbounded following), 100) as rest
			from unnest(string_to_array(regexp_replace(regexp_replace(search_fold(code),
				'([a-z])([0-9])', '\1 \2', 'g'), '([0-9])([a-z])', '\1 \2', 'g'), ' ')) with ordinality w (part, n)
			where w.part <> '' and w.n <= 12) p);
end
$$;

-- The texts in a JSON value: those of an object's members, not their names. Two levels of them.
create or replace function search_texts(x jsonb) returns text
language plpgsql immutable parallel safe as $$
begin
	return (select string_agg(v.value #>> '{}', ' . ')
		from jsonb_path_query(x, 'strict $.** ? (@.type() == "string" || @.type() == "number")') v (value));
end
$$;

-- The lexemes of products and variants, and of products those of their variants that are for sale; of very many
-- variants the first thousand.
create or replace function product_words(which uuid[]) returns table (product uuid, words tsvector)
language sql stable as $$
	with sold as (
		select v.parent, string_agg(search_code_lexemes(v.sku), ' ') || ' '
				|| coalesce(string_agg(search_code_lexemes(v.barcode), ' '), '') as codes,
			left(string_agg(distinct concat_ws(' . ', case when v.name <> p.name then v.name end,
				search_texts(v.options::jsonb), search_texts(v.attributes::jsonb)), ' . '), 20000) as texts
		from products p cross join lateral (
			select x.parent, x.sku, x.barcode, x.name, x.options, x.attributes
			from products x where x.parent = p.id and not x.is_deleted and x.published and not x.is_suspended
			order by x.position, x.created_at, x.id limit 1000) v
		where p.id = any (which) and p.has_variants group by v.parent),
	folded as (
		select p.id, search_fold(p.name) as name, p.sku, p.barcode, p.mpn, p.categories, v.codes,
			search_fold(concat_ws(' . ', p.brand, search_texts(p.tags), search_texts(jsonb_path_query_array(
				p.options::jsonb, case when p.parent is null then '$[*].values' else '$.*' end::jsonpath)),
				search_texts(p.attributes::jsonb), v.texts)) as texts,
			search_fold(left(p.description, 20000)) as description
		from products p left join sold v on v.parent = p.id
		where p.id = any (which))
	select f.id, concat_ws(' ', search_lexemes(f.name, 'A'), search_lexemes(f.name, 'A', '='),
			'''==' || left(f.name, 200) || '''')::tsvector
		|| concat_ws(' ', search_code_lexemes(f.sku), search_code_lexemes(nullif(f.barcode, '')),
			search_code_lexemes(nullif(f.mpn, '')), f.codes, (
				select string_agg('''@' || c.id || '''', ' ')
				from jsonb_array_elements_text(f.categories) c (id)))::tsvector
		|| coalesce(search_lexemes(f.texts, 'C'), '')::tsvector
		|| coalesce(search_lexemes(f.description, 'D'), '')::tsvector
	from folded f
$$;

-- Words that search_words lacks. Two transactions may add the same one: cron makes one row of them, as waiting for each
-- other could become a deadlock.
create or replace function search_words_add(vectors tsvector[]) returns void
language plpgsql as $$
begin
	insert into search_words (word)
	select distinct l.lexeme from unnest(vectors) v (words), unnest(v.words) l
	where l.lexeme !~ '[0-9@#=]' and length(l.lexeme) <= 40
		and not exists (select 1 from search_words w where w.word = l.lexeme collate "C");
end
$$;

-- Bring product_search up to date for these products.
create or replace function product_search_write(which uuid[]) returns void
language plpgsql as $$
declare
	done record;
begin
	with made as materialized (select w.product, w.words from product_words(which) w),
	kept as (
		insert into product_search as s (product, words, version)
		select m.product, m.words, search_version() from made m
		on conflict on constraint product_search_pkey do update set words = excluded.words, version = excluded.version
		where s.words <> excluded.words or s.version <> excluded.version)
	select search_words_add(array_agg(m.words)) from made m into done;
end
$$;

-- Products that were added, and the parents of variants among them.
create or replace function product_search_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform product_search_write(array(
		select n.id from new_rows n union select n.parent from new_rows n where n.parent is not null));
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
	values (new.id, coalesce(search_lexemes(search_fold(new.name), ''), '')::tsvector)
	on conflict on constraint category_search_pkey do update set words = excluded.words;
	return null;
end
$$;

-- Count how many products have each word, and forget words that none has; of very many products a part is counted.
-- Statistics for the planner too, as the plan of a search depends on how frequent its words are.
create or replace function search_count() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	total constant real := (select greatest(c.reltuples, 1) from pg_class c where c.oid = 'product_search'::regclass);
	share constant real := least(100, 100 * 50000 / total); -- percent
begin
	analyze product_search;
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

-- The same where words were added since, at most once an hour.
create or replace function search_count_if_due() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if exists (select 1 from search_words w where w.counted_at is null)
		and not exists (select 1 from search_words w where w.counted_at > now() - interval '1 hour') then
		perform search_count();
	end if;
end
$$;

-- What migrate computes after all else: the extension for words that are not quite right, if the server has it and the
-- owner may create it; the indexes that it is for; and the words of products that have none of this version.
create or replace function search_prepare() returns void
language plpgsql as $$
declare
	lacking uuid[];
begin
	begin
		create extension if not exists pg_trgm with schema public;
	exception when insufficient_privilege or undefined_file or feature_not_supported then
		null; -- doctor tells
	end;
	if search_has_trigrams() then
		create index if not exists search_words_trigrams on search_words using gin (word gin_trgm_ops);
		create index if not exists products_code_trigrams on products using gin (search_code(sku) gin_trgm_ops)
			where not is_deleted;
	end if;
	insert into category_search (category, words)
	select c.id, coalesce(search_lexemes(search_fold(c.name), ''), '')::tsvector from categories c
	on conflict on constraint category_search_pkey do update set words = excluded.words
	where category_search.words <> excluded.words;
	if not exists (select 1 from products p where not exists (
		select 1 from product_search s where s.product = p.id and s.version = search_version())) then
		return;
	end if;
	loop
		lacking := array(select p.id from products p where not exists (
			select 1 from product_search s where s.product = p.id and s.version = search_version()) limit 5000);
		exit when lacking = '{}';
		perform product_search_write(lacking);
	end loop;
	perform search_count();
end
$$;

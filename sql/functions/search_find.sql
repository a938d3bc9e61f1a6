-- What a search means: tsqueries for the lexemes of sql/functions/search.sql.

-- What a word may begin with in the plural or the singular, by the stems of the language: 'berri' and 'berry' for
-- 'berries'. Nothing more than an ending of plurals is cut off.
create or replace function search_stems(word text, language text) returns text[]
language plpgsql stable parallel safe as $$
declare
	dictionary constant text := coalesce((jsonb '{"ar": "arabic", "da": "danish", "de": "german",
		"el": "greek", "es": "spanish", "fi": "finnish", "fr": "french", "ga": "irish",
		"hu": "hungarian", "id": "indonesian", "it": "italian", "lt": "lithuanian", "ne": "nepali",
		"nl": "dutch", "no": "norwegian", "pt": "portuguese", "ro": "romanian", "ru": "russian",
		"sv": "swedish", "ta": "tamil", "tr": "turkish"}' ->> language), 'english') || '_stem';
	stem text;
	stems text[] := '{}';
begin
	if length(word) < 4 then
		return stems;
	end if;
	stem := (ts_lexize(dictionary::regdictionary, word))[1];
	if length(stem) >= 3 and starts_with(word, stem)
		and substr(word, length(stem) + 1)
			in ('s', 'es', 'e', 'en', 'er', 'ern', 'n', 'x', 'i', 'a', 'o', 'as', 'os', 'и', 'ы', 'а', 'я') then
		stems := stems || stem;
	end if;
	if dictionary = 'english_stem' and word ~ '[a-z]{2}ies$' then
		stems := stems || (left(word, -3) || 'y');
	elsif dictionary = 'english_stem' and word ~ '[^aeiou]y$' then
		stems := stems || (left(word, -1) || 'ies');
	elsif dictionary = 'english_stem' and word ~ '[aeiourl]ves$' then
		stems := stems || (left(word, -3) || 'f') || (left(word, -3) || 'fe');
	elsif dictionary = 'english_stem' and word ~ '[aeiourl]fe?$' then
		stems := stems || (regexp_replace(word, 'fe?$', '') || 'ves');
	end if;
	return stems;
end
$$;

-- How many letters must be replaced, added, left out or exchanged with the next one to make one word of the other.
create or replace function edit_distance(a text, b text) returns integer
language plpgsql immutable parallel safe as $$
declare
	n constant integer := length(b);
	before integer[];
	last integer[];
	now integer[] := array(select i from generate_series(0, n) i);
begin
	for i in 1 .. length(a) loop
		before := last;
		last := now;
		now := array[i];
		for j in 1 .. n loop
			now[j + 1] := least(last[j + 1] + 1, now[j] + 1,
				last[j] + case when substr(a, i, 1) = substr(b, j, 1) then 0 else 1 end,
				case when i > 1 and j > 1 and substr(a, i, 1) = substr(b, j - 1, 1)
					and substr(a, i - 1, 1) = substr(b, j, 1) then before[j - 1] + 1 end);
		end loop;
	end loop;
	return now[n + 1];
end
$$;

-- The words that may be meant by one that no product has, at most three: the nearest ones, with one slip in a short
-- word or two in a longer one.
create or replace function search_near(word text) returns text[]
language plpgsql stable as $$
begin
	perform set_config('pg_trgm.similarity_threshold', '0.2', true);
	return array(
		select d.word
		from (
			select s.word, max(s.products) as products, edit_distance(s.word, search_near.word) as slips
			from (
				select w.word, w.products from search_words w
				where w.word % search_near.word and abs(length(w.word) - length(search_near.word)) <= 2
				order by similarity(w.word, search_near.word) desc limit 20) s
			group by s.word) d
		where d.slips <= case when length(search_near.word) <= 5 then 1 else 2 end
		order by d.slips, d.products desc limit 3);
end
$$;

-- Is it Korean? A character of it is a syllable, so that words are shorter.
create or replace function search_is_hangul(word text) returns boolean
language sql immutable parallel safe as $$
	select word ~ '^[\uac00-\ud7a3]+$'
$$;

-- Words that contain this one behind their beginning: 'leinenhemd' for 'hemd'.
create or replace function search_compounds(word text) returns text[]
language plpgsql stable as $$
begin
	return array(
		select w.word from search_words w
		where w.word like '%' || search_compounds.word || '%' and not starts_with(w.word, search_compounds.word)
			and length(w.word) >= length(search_compounds.word) + case when search_is_hangul(w.word) then 1
				else 3 end
		order by w.products desc limit 30);
end
$$;

-- Whole codes that contain these characters behind the beginning.
create or replace function search_codes(part text) returns text[]
language plpgsql stable as $$
begin
	return array(
		select distinct search_code(p.sku) from products p
		where search_code(p.sku) like '%' || search_codes.part || '%' and not p.is_deleted limit 50);
end
$$;

-- The categories with such a word in their names, and those below them, as lexemes; up to a limit the highest ones.
create or replace function search_categories(query text, at_most integer) returns text[]
language plpgsql stable as $$
declare
	named constant uuid[] := array(
		select s.category from category_search s where s.words @@ query::tsquery limit 20);
begin
	if named = '{}' then
		return '{}';
	end if;
	return array(
		select '''@' || p.category || '''' from category_paths p where p.path && named and not p.is_closed
		order by cardinality(p.path) limit at_most);
end
$$;

-- Folded words as a tsquery of adjacent lexemes. The last may go on, unless it is a single letter or digit.
create or replace function search_phrase(folded text, mark text default '', weights text default '',
	goes_on boolean default false) returns text
language plpgsql immutable parallel safe as $$
begin
	return (select '(' || string_agg('''' || mark || w.word || '''' || case
			when goes_on and w.n = w.words and w.word !~ '^[a-z0-9]$' then ':*' || weights
			when weights <> '' then ':' || weights else '' end, ' <-> ' order by w.n) || ')'
		from (
			select u.word, u.n, count(*) over () as words
			from unnest(string_to_array(folded, ' ')) with ordinality u (word, n)) w);
end
$$;

-- How many products have a word that begins so, and how many in their names: about, and at most as two thousand words
-- have it. A single letter or digit is a word.
create or replace function search_frequency(prefix text, out products bigint, out named bigint)
language plpgsql stable as $$
begin
	select coalesce(sum(f.products), 0), coalesce(sum(f.named), 0)
	into search_frequency.products, search_frequency.named
	from (
		select w.products, w.named from search_words w
		where w.word >= prefix collate "C" and w.word < (prefix || case when prefix ~ '^[a-z0-9]$' then U&'\0001'
			else U&'\+10FFFF' end) collate "C" limit 2000) f;
end
$$;

-- Alternatives of a tsquery: folded words that may go on, and lexemes as they are.
create or replace function search_either(going_on text[], whole text[], mark text, weights text) returns text
language plpgsql immutable parallel safe as $$
begin
	return (select '(' || concat_ws(' | ',
			(select string_agg(search_phrase(g, mark, weights, true), ' | ') from unnest(going_on) g),
			(select string_agg(search_phrase(w, mark, weights), ' | ') from unnest(whole) w)) || ')');
end
$$;

-- Do products have a word that begins so? One with digits is not kept.
create or replace function search_knows(prefix text) returns boolean
language plpgsql stable as $$
begin
	return exists (
		select 1 from search_words w
		where w.word >= prefix collate "C" and w.word < (prefix || U&'\+10FFFF') collate "C");
end
$$;

-- Two words beside each other as one, if products have it: 'teapot'. A number and its unit may always be one: '55l'.
create or replace function search_joined(word text, next_word text) returns text
language plpgsql stable as $$
begin
	if (word ~ '[0-9]$') = (next_word ~ '^[0-9]') and not search_knows(word || next_word) then
		return null;
	end if;
	return left(word || next_word, 100);
end
$$;

-- A word as two that products have: 'pepper mill'; a number and its unit: '55 l'.
create or replace function search_parted(word text) returns text[]
language plpgsql stable as $$
begin
	if word ~ '[0-9]' then
		return array(
			select p.parts
			from regexp_replace(regexp_replace(word, '([0-9])([^0-9])', '\1 \2', 'g'),
				'([^0-9])([0-9])', '\1 \2', 'g') p (parts)
			where p.parts <> word);
	end if;
	return array(
		select left(word, i) || ' ' || substr(word, i + 1) from generate_series(3, least(length(word), 40) - 3) i
		where exists (select 1 from search_words w where w.word = left(search_parted.word, i) collate "C")
			and exists (select 1 from search_words w where w.word = substr(search_parted.word, i + 1) collate "C")
		limit 3);
end
$$;

-- A term of a search in each of four ways, as alternatives of a tsquery: as whole words of the name, as words of it, as
-- words that are not only in the description, and wherever it is found. `products` says how many have it at most, if
-- its letters tell, and `names` how many names. Here a word; `joined` is what it is as one with those beside it, and
-- `terms` is how many the search has: the index is asked for a hundred categories altogether.
create or replace function search_word(word text, joined text[], terms bigint, language text, out ways text[],
	out products bigint, out names bigint)
language plpgsql stable as $$
declare
	has_trigrams constant boolean := search_has_trigrams()
		and length(word) >= case when search_is_hangul(word) then 3 else 4 end;
	spellings text[] := array[word] || search_stems(word, language) || joined;
	categories constant text[] := search_categories(search_phrase(word, '', '', true),
		(100 / terms)::integer);
	inside text[] := '{}'; -- words that contain it
	near text[] := '{}';   -- what it may be instead
	codes text[] := '{}';
begin
	if word ~ '[0-9]' then
		codes := case when has_trigrams then search_codes(word) end;
		spellings := spellings || search_parted(word);
	else
		select max(f.products), max(f.named) into products, names
		from unnest(spellings) s cross join search_frequency(s) f;
		inside := case when has_trigrams then search_compounds(word) else '{}' end;
		if products = 0 and inside = '{}' and categories = '{}' then
			near := search_parted(word);
			near := case when near = '{}' and has_trigrams then search_near(word) else near end;
		end if;
	end if;
	ways := array[
		search_either('{}', spellings || (word || 's') || near, '=', ''),
		search_either(spellings, near, '=', ''),
		search_either(spellings, inside || near, '', 'ABC'),
		search_either(spellings, inside || near, '', '')];
	for way in 3 .. 4 loop
		ways[way] := concat_ws(' | ', ways[way], (select string_agg('''#' || c || '''', ' | ') from unnest(codes) c),
			nullif(array_to_string(categories, ' | '), ''));
	end loop;
end
$$;

-- Words beside each other: what is in quotes, a code, a compound with hyphens, what is written in characters. Which
-- products have them so is only known from the products: of words that more than 10,000 have, a thousand are looked at,
-- and if they are rarely beside each other, it is enough that a product has them.
create or replace function search_together(folded text, is_exact boolean, out ways text[], out products bigint,
	out names bigint)
language plpgsql stable as $$
declare
	many constant integer := 10000;
	code constant text := case when is_exact then ''
		else ' | ' || search_phrase(left(replace(folded, ' ', ''), 100), '', '', true) end;
	beside constant text := search_phrase(folded, '', '', not is_exact);
	anywhere constant text := replace(beside, '<->', '&');
begin
	ways := array[search_phrase(folded, '='), search_phrase(folded, '=', '', not is_exact),
		search_phrase(folded, '', 'ABC', not is_exact) || code, beside || code];
	if anywhere <> beside and search_exceeds(anywhere, many) then
		products := many;
		if not search_exceeds(anywhere, 100, beside, 1000) then
			ways := array(select replace(w, '<->', '&') from unnest(ways) w);
		end if;
	end if;
end
$$;

-- The terms of a search: of those to be found the columns of search_word(), of the others `without`, a tsquery.
create or replace function search_terms(words text, language text) returns table (ways text[], products bigint,
	names bigint, is_quoted boolean, without text)
language plpgsql stable as $$
declare
	term record;
begin
	for term in
		select m.parts[1] = '-' as is_excluded, m.parts[2] is not null as is_quoted, f.folded, x.word,
			array_remove(array[search_joined(lag(x.word) over typed, x.word),
				search_joined(x.word, lead(x.word) over typed)], null) as joined, count(*) over () as terms
		from regexp_matches(search_terms.words, '(-?)(?:"([^"]*)"|([^\s"]+))', 'g') with ordinality m (parts, n)
		cross join lateral (select search_fold(coalesce(m.parts[2], m.parts[3]))) f (folded)
		cross join lateral (select case when m.parts[1] = '' and m.parts[2] is null
			and position(' ' in f.folded) = 0 then f.folded end) x (word)
		where f.folded <> ''
		window typed as (order by m.n)
	loop
		if term.is_excluded then
			return query select null::text[], null::bigint, null::bigint, false, search_phrase(term.folded);
		elsif term.word is null then
			return query select t.ways, t.products, t.names, term.is_quoted, null
				from search_together(term.folded, term.is_quoted) t;
		else
			return query select w.ways, w.products, w.names, false, null
				from search_word(term.word, term.joined, term.terms, language) w;
		end if;
	end loop;
end
$$;

-- The four ways of two terms or more, with an operator between; null is no term.
create or replace function search_combine(ways text[], operator text, others text[]) returns text[]
language plpgsql immutable parallel safe as $$
begin
	return case when ways is null then others when others is null then ways
		else array(select '(' || u.way || ') ' || operator || ' (' || u.other || ')'
			from unnest(ways, others) u (way, other)) end;
end
$$;

-- The four ways for what has only part of the terms, best first: all of three or four but one, then any one, but none
-- that `many` products have; of two, first the one that fewer have. Null if there is nothing to leave out: a phrase in
-- quotes must be there.
create or replace function search_partly(words text, language text, many integer) returns text[]
language plpgsql stable as $$
declare
	term record;
	n integer := 0;
	whole text[];
	most text[]; -- all terms but one
	any_one text[];
	rarest text[];
	fewest bigint := many + 1;
	has_frequent boolean := false;
begin
	for term in select * from search_terms(words, language) t where t.without is null loop
		if term.is_quoted then
			return null;
		end if;
		n := n + 1;
		has_frequent := has_frequent or coalesce(term.products > many, false);
		most := case when n between 2 and 4 and not has_frequent
			then search_combine(search_combine(most, '&', term.ways), '|', whole) end;
		whole := search_combine(whole, '&', term.ways);
		if term.products <= many then
			any_one := search_combine(any_one, '|', term.ways);
			if term.products between 1 and fewest - 1 then
				rarest := term.ways;
				fewest := term.products;
			end if;
		end if;
	end loop;
	return case when n < 2 or any_one is null then null
		when n > 2 and most is not null
			then array[most[2], most[4], any_one[2], '(' || most[4] || ') | (' || any_one[4] || ')']
		else array[(coalesce(rarest, any_one))[2], any_one[2], any_one[3], any_one[4]] end;
end
$$;

-- Do more than so many products match? Of those that match `query`, also `narrower`, if a part of them is looked at. By
-- the index, whatever the planner thinks of a query that it does not know.
create or replace function search_exceeds(query text, many integer, narrower text default null,
	part integer default null) returns boolean
language plpgsql stable set enable_seqscan = off as $$
begin
	return many < (
		select count(*)
		from (
			select 1
			from (select s.words from product_search s where s.words @@ query::tsquery limit part) f
			where narrower is null or f.words @@ narrower::tsquery
			limit many + 1) g);
end
$$;

-- The products that match one of the queries of search_find() from the first to this one, at most 2,000, and how well:
-- 5 for the first, 0 for the sixth.
create or replace function search_scored(queries text[], ways integer) returns table (product uuid, score integer)
language plpgsql stable rows 100 security definer set search_path = public, pg_temp set enable_seqscan = off as $$
declare
	q constant tsquery[] := queries::tsquery[];
	found tsquery := q[ways];
begin
	for n in 1 .. case when ways < 6 then ways - 1 else 0 end loop
		found := found || q[n];
	end loop;
	return query
	select s.product, case when s.words @@ q[1] then 5 when s.words @@ q[2] then 4 when s.words @@ q[3] then 3
		when s.words @@ q[4] then 2 when s.words @@ q[5] then 1 else 0 end
	from product_search s where s.words @@ found limit 2000;
end
$$;

-- A search as tsqueries, best matches first: a code, a whole name, and the four ways of search_word(), of all its
-- terms, or, if no product has all, of part of them. Null if there are none to be found. Is it found in so many
-- products that they cannot all be looked at, and in so many names?
create or replace function search_find(words text, language text, out queries text[], out is_frequent boolean,
	out is_frequent_name boolean)
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	many constant integer := 1000;
	folded constant text := search_fold(words);
	term record;
	whole text[];
	without text := '';
	fewest bigint; -- products, of the terms that tell
	most_frequent bigint;
	fewest_names bigint;
begin
	for term in select * from search_terms(words, language) loop
		if term.without is not null then
			without := without || ' & !' || term.without;
		else
			whole := search_combine(whole, '&', term.ways);
			fewest := least(fewest, term.products);
			most_frequent := greatest(most_frequent, term.products);
			fewest_names := least(fewest_names, term.names);
		end if;
	end loop;
	if whole is null or folded = '' then
		return;
	end if;
	for part in 1 .. 2 loop
		queries := array['''#' || search_code(words) || '''', '''==' || left(folded, 200) || '''']
			|| array(select '(' || w || ')' || without from unnest(whole) w);
		exit when part = 2 or fewest > many
			or search_exceeds(queries[1] || ' | ' || queries[2] || ' | (' || queries[6] || ')', 0);
		whole := coalesce(search_partly(words, language, many), whole);
		fewest := null;
		fewest_names := null;
	end loop;
	-- Terms that are frequent may be rare together: to ask the index costs what it reads of each.
	is_frequent := coalesce(fewest > many and (fewest = most_frequent or most_frequent > 100 * many), false)
		or search_exceeds(queries[6], many);
	is_frequent_name := is_frequent and (coalesce(fewest_names, 0) > many or search_exceeds(queries[4], many));
end
$$;

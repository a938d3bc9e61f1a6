-- Facets: what products have of each kind that shoppers choose by, as keys of a kind, a name and a value, with tabs
-- between:
--
--	b, '', acme       the brand
--	t, '', new in     a tag
--	a, colour, red    a top-level attribute that is a text, a number or a boolean, or one of these in a list
--	o, size, m        an option of a variant
--
-- Names and values are folded by facet_fold(). A product has the attributes and options of its variants that are for
-- sale too.

create or replace function facet_key(kind text, name text, value text) returns text
language plpgsql immutable parallel safe as $$
begin
	return kind || U&'\0009' || facet_fold(name) || U&'\0009' || facet_fold(value);
end
$$;

-- The folded values of a filter: those with commas between, and the whole, as a value may have commas.
create or replace function facet_values(listed text) returns text[]
language plpgsql immutable parallel safe as $$
begin
	return array(
		select facet_fold(listed) union select facet_fold(v.value) from unnest(string_to_array(listed, ',')) v (value)
		where btrim(v.value) <> '');
end
$$;

-- The keys of what a filter is for.
create or replace function facet_keys(kind text, name text, listed text) returns text[]
language plpgsql immutable parallel safe as $$
begin
	return array(select facet_key(kind, facet_keys.name, '') || v.value from unnest(facet_values(listed)) v (value));
end
$$;

-- A JSON value, or each in a list, as text: texts, numbers and booleans.
create or replace function facet_texts(x json) returns setof text
language sql immutable parallel safe as $$
	select case json_typeof(v.value) when 'number' then trim_scale((v.value #>> '{}')::numeric)::text
		else v.value #>> '{}' end
	from json_array_elements(case json_typeof(x) when 'array' then x else json_build_array(x) end) v (value)
	where json_typeof(v.value) in ('string', 'number', 'boolean')
$$;

-- The facets of a product or a variant, at most a thousand, and how they are shown.
create or replace function product_facets(p products, out facets text[], out shown text[])
language plpgsql stable as $$
declare
	objects json[] := case when p.attributes::text <> '{}' then array[p.attributes] end;
	chosen json[] := case when p.parent is not null then array[p.options] end;
begin
	if p.has_variants then
		select objects || array_agg(v.attributes), chosen || array_agg(v.options) into objects, chosen
		from (
			select x.attributes, x.options
			from products x where x.parent = p.id and not x.is_deleted and x.published and not x.is_suspended
			order by x.position, x.created_at, x.id limit 1000) v;
	end if;
	select coalesce((array_agg(k.key))[:1000], '{}'), coalesce((array_agg(case
			when k.shown = substr(k.key, 3) or position(U&'\0001' in k.key) > 0 then '' else k.shown end))[:1000], '{}')
	into facets, shown
	from (
		select facet_key(t.kind, t.name, t.value) as key,
			max(translate(t.name, U&'\0009', ' ') || U&'\0009' || translate(t.value, U&'\0009', ' ') collate "C")
				as shown
		from (
			select 'b' as kind, '' as name, p.brand as value
			union all
			select 't', '', jsonb_array_elements_text(p.tags)
			union all
			select 'a', a.key, v.value from unnest(objects) u (x)
			cross join lateral json_each(u.x) a cross join lateral facet_texts(a.value) v (value)
			union all
			select 'o', o.key, v.value from unnest(chosen) u (x)
			cross join lateral json_each(case json_typeof(u.x) when 'object' then u.x end) o
			cross join lateral facet_texts(o.value) v (value)) t
		where btrim(t.value) <> '' group by 1 order by facet_key(t.kind, t.name, t.value) collate "C") k;
end
$$;

-- Facets with how many products have each, as groups: of each kind at most 20 names, of each name at most 50 values,
-- the most frequent ones first. Left out are names with values that are hashes, and attributes that take more than a
-- thousand values, which nobody chooses from.
create or replace function facet_groups(facets text[], shown text[], counts bigint[])
returns table (kind text, key text, name text, value text, products bigint)
language sql stable parallel safe as $$
	with split as (
		select split_part(f.facet, U&'\0009', 1) as kind, split_part(f.facet, U&'\0009', 2) as key,
			split_part(f.facet, U&'\0009', 3) as value, f.shown, f.products
		from unnest(facets, facet_groups.shown, counts) f (facet, shown, products)),
	placed as (
		select s.kind, s.key, s.value, s.shown, s.products, sum(s.products) over same as uses,
			bool_or(starts_with(s.key, U&'\0001') or starts_with(s.value, U&'\0001')) over same as has_hashes,
			count(*) over same as choices,
			row_number() over (partition by s.kind, s.key order by s.products desc, s.value collate "C") as nth
		from split s window same as (partition by s.kind, s.key)),
	chosen as (
		select p.kind, p.key, p.value, p.shown, p.products, p.nth,
			dense_rank() over (partition by p.kind order by p.uses desc, p.key collate "C") as nth_name
		from placed p where p.kind in ('b', 't') or (not p.has_hashes and (p.kind = 'o' or p.choices <= 1000)))
	select c.kind, c.key, case c.shown when '' then c.key else split_part(c.shown, U&'\0009', 1) end,
		case c.shown when '' then c.value else split_part(c.shown, U&'\0009', 2) end, c.products
	from chosen c where c.nth_name <= 20 and c.nth <= 50
	order by c.kind, c.nth_name, c.nth
$$;

-- The width of at most eight bands of prices that begin at multiples of it: 1, 2, 2.5 or 5 times a power of ten.
create or replace function price_band_width(lowest numeric, highest numeric, currency text) returns numeric
language sql immutable parallel safe as $$
	select min(w.width)
	from (select m.digits * power(10::numeric, e) as width
		from unnest('{1, 2, 2.5, 5}'::numeric[]) m (digits), generate_series(-3, 28) e) w
	where w.width % currency_step(currency) = 0 and w.width >= highest / 20
		and floor(highest / w.width) - floor(lowest / w.width) < 8
$$;

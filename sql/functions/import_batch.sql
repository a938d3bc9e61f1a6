-- A batch of an import: what is refused of it, and all that is written.

-- GS1's check digit: from the right, weights 1 and 3.
create or replace function gtin_is_valid(barcode text) returns boolean
language sql immutable as $$
	select barcode ~ '^([0-9]{8}|[0-9]{12,14})$' and (
		select sum(substr(barcode, length(barcode) - k, 1)::integer * case when k % 2 = 1 then 3 else 1 end) % 10 = 0
		from generate_series(0, length(barcode) - 1) k)
$$;

-- Texts that are too long or have characters that no one sees, at a pointer.
create or replace function import_text_refused(pointer text, value text, most integer, lines boolean) returns refusal[]
language sql immutable as $$
	select case when length(value) > most then refused(pointer, 'max_length', jsonb_build_object('max', most))
		when value ~ '[\x01-\x08\x0b\x0c\x0e-\x1f\x7f\u0080-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]'
			or not lines and value ~ '[\t\n\r]' then refused(pointer, 'control_character') end
$$;

-- Does an object look right at first sight? Then import_object_refused() would find nothing, which takes longer.
-- Stable, as concat() is: it becomes part of the query.
create or replace function import_is_plain(i import_item, currency text) returns boolean
language sql stable as $$
	select jsonb_typeof(i.object) = 'object' and (i.parent is null or i.variant is not null)
		and case when i.object -> 'variants' is null then
			coalesce(i.object ->> 'price', '') <> '' when jsonb_typeof(i.object -> 'variants') = 'array' then
			jsonb_array_length(i.object -> 'variants') between 1 and 2000 else false end
		and coalesce(i.object ->> 'name', case when i.variant is not null then ' ' else '' end) <> ''
		and coalesce(i.object ->> 'currency', currency) = currency and i.object -> 'barcode' is null
		and octet_length(i.object ->> 'name') <= 255 is not false and octet_length(i.object ->> 'description') <= 20000
			is not false
		and octet_length(concat(i.object ->> 'sku', i.object ->> 'mpn', i.object ->> 'slug')) <= 70
		and octet_length(concat(i.object ->> 'brand', i.object ->> 'external_id', i.object ->> 'seo_title')) <= 100
		and octet_length(concat(i.object ->> 'seo_description', i.object -> 'tags')) <= 60
		and jsonb_typeof(coalesce(i.object -> 'attributes', '{}')) = 'object'
		and jsonb_typeof(coalesce(i.object -> 'metadata', '{}')) = 'object'
		and coalesce(jsonb_typeof(i.object -> 'images') = 'array'
			and jsonb_array_length(i.object -> 'images') <= 250, true)
		and coalesce(jsonb_typeof(i.object -> 'tags') = 'array', true)
		and i.object -> 'shipping_class' is null
		and coalesce(jsonb_typeof(i.object -> 'categories') = 'array'
			and jsonb_array_length(i.object -> 'categories') <= 50, true)
		and concat(i.object ->> 'name', i.object ->> 'sku', i.object ->> 'mpn', i.object ->> 'slug',
			i.object ->> 'brand', i.object ->> 'external_id', i.object ->> 'seo_title', i.object ->> 'description',
			i.object ->> 'seo_description', i.object -> 'tags')
			!~ '[\x01-\x1f\x7f\u0080-\u009f\u200b\u202a-\u202e\u2066-\u2069\ufeff]'
$$;

-- What is wrong with an object, beyond what the table and its triggers refuse.
create or replace function import_object_refused(i import_item, currency text, draft boolean) returns refusal[]
language plpgsql stable as $$
declare
	at constant text := coalesce('/variants/' || i.variant, '');
	has_variants constant boolean := i.variant is null and coalesce(jsonb_typeof(i.object -> 'variants') = 'array'
		and jsonb_array_length(i.object -> 'variants') > 0, false);
	errors refusal[];
begin
	if jsonb_typeof(i.object) <> 'object' then
		return refused(at, 'wrong_type', '{"expected": "an object", "actual": "another value"}');
	end if;
	select array_agg(e) into errors
	from (values ('name', 255, false), ('sku', 255, false), ('external_id', 200, false), ('slug', 80, false),
			('description', 20000, true), ('brand', 100, false), ('mpn', 70, false), ('seo_title', 255, false),
			('seo_description', 1000, true), ('shipping_class', 40, false)) m (name, most, lines)
	cross join lateral unnest(import_text_refused(at || '/' || m.name, i.object ->> m.name, m.most, m.lines)) e;
	return errors
		|| case when i.is_new and i.variant is null and coalesce(trim(i.object ->> 'name'), '') = '' then
			refused('/name', 'required') end
		|| case when i.is_new and not has_variants and not draft and i.object ->> 'price' is null then
			refused(at || '/price', 'required') end
		|| case when i.object ->> 'currency' <> currency then
			refused(at || '/currency', 'store_currency', jsonb_build_object('currency', currency)) end
		|| case when not gtin_is_valid(i.object ->> 'barcode') then refused(at || '/barcode', 'invalid_gtin') end
		|| case when i.variant is null and i.parent is not null
			and jsonb_typeof(i.object -> 'categories') = 'array' then
			variant_categories_refused(i.parent, jsonb_build_object('categories', i.object -> 'categories')) end
		|| import_lists_refused(at, i.object);
end
$$;

-- Members that are lists and objects.
create or replace function import_lists_refused(at text, object jsonb) returns refusal[]
language plpgsql stable as $$
begin
	return (
		select array_agg((refused(at || '/' || m.name, 'wrong_type', jsonb_build_object('expected', 'an ' || m.type,
			'actual', 'another value')))[1])
		from (values ('tags', 'array'), ('categories', 'array'), ('images', 'array'), ('variants', 'array'),
			('attributes', 'object'), ('metadata', 'object')) m (name, type)
		where jsonb_typeof(object -> m.name) not in (m.type, 'null'))
		|| case when jsonb_typeof(object -> 'tags') = 'array' then (
			select case when count(*) > 50 then refused(at || '/tags', 'max_items', '{"max": 50}') end
				|| array_agg(e) filter (where e is not null)
			from jsonb_array_elements_text(object -> 'tags') with ordinality t (value, n)
			left join lateral unnest(import_text_refused(at || '/tags/' || t.n - 1, t.value, 60, false)) e on true) end
		|| case when jsonb_typeof(object -> 'categories') = 'array'
			and jsonb_array_length(object -> 'categories') > 50 then
			refused(at || '/categories', 'max_items', '{"max": 50}') end
		|| case when jsonb_typeof(object -> 'images') = 'array' and jsonb_array_length(object -> 'images') > 250 then
			refused(at || '/images', 'max_items', '{"max": 250}') end
		|| case when jsonb_typeof(object -> 'variants') = 'array'
			and jsonb_array_length(object -> 'variants') > 2000 then
			refused(at || '/variants', 'max_items', '{"max": 2000}') end;
end
$$;

-- The ids of all paths of categories that a batch names: {"[\"A\", \"B\"]": id}.
create or replace function import_paths(which_store uuid, goods import_item[], slugs jsonb) returns jsonb
language plpgsql as $$
begin
	return (
		select coalesce(jsonb_object_agg(d.path::text, import_category(which_store, d.path, slugs)), '{}')
		from (
			select c.value::jsonb as path, min(c.n) as n, min(g.n) as first
			from unnest(goods) g cross join lateral jsonb_array_elements(
				case when jsonb_typeof(g.object -> 'categories') = 'array' then g.object -> 'categories' else '[]' end)
				with ordinality c (value, n)
			where jsonb_typeof(c.value) = 'array' group by c.value::jsonb order by 3, 2) d);
end
$$;

-- Lock what a batch may change, in the order of those who change one product: it, its variants, then, as orders do,
-- the stock by product id, that of parents last. Each step of a batch has some of them only: an order of two products
-- could lock it out.
create or replace function import_lock(list import_item[]) returns void
language plpgsql as $$
begin
	perform 1 from products p
	where p.id in (select coalesce(i.parent, i.id) from unnest(list) i where not i.is_new)
	order by p.id for no key update;
	perform 1 from products p
	where p.id in (select i.id from unnest(list) i where not i.is_new and i.parent is not null)
	order by p.id for no key update;
	perform 1 from stock k join products p on p.id = k.product
	where k.product in (select unnest(array[i.id, i.parent]) from unnest(list) i where not i.is_new)
	order by p.has_variants, k.product for update of k;
end
$$;

-- How many categories the store has, if a batch may make some: it has category_tree_lock() then.
create or replace function import_categories_n(which_store uuid, goods import_item[]) returns bigint
language sql stable as $$
	select case when exists (select 1 from unnest(goods) g where g.object ? 'categories')
		then (select count(*) from categories c where c.store = which_store) else 0 end
$$;

-- Write a batch, which is locked and of which nothing is refused up to now: [{"n": 0, "outcome": "created", "created":
-- 3, …}]: numbers of the product and its variants; the first has that of all categories that were made of paths.
create or replace function import_batch(which_store uuid, goods import_item[], variants import_item[], slugs jsonb,
	options jsonb) returns jsonb
language plpgsql as $$
declare
	draft constant boolean := coalesce((options ->> 'draft')::boolean, false);
	list constant import_item[] := goods || variants;
	categories_n bigint := import_categories_n(which_store, goods);
	paths jsonb;
	pictures jsonb := '{}';
	changed uuid[];
begin
	if (select count(distinct i.id) < count(*) from unnest(list) i) then
		perform refuse('', 'duplicate');
	end if;
	paths := import_paths(which_store, goods, slugs);
	categories_n := import_categories_n(which_store, goods) - categories_n;
	changed := import_write(which_store, import_prepare(which_store, array(
		select i from unnest(list) i where i.parent is null order by i.n), goods, paths, draft));
	if exists (select 1 from unnest(list) i where i.parent is not null) then
		changed := changed || import_write(which_store, import_prepare(which_store, array(
			select i from unnest(list) i where i.parent is not null order by i.n, i.variant), goods, '{}', draft));
	end if;
	changed := changed || import_rest(which_store, list) || import_stock(list);
	if coalesce((options ->> 'folder')::boolean, false) then
		pictures := import_pictures(list);
	end if;
	if coalesce((options ->> 'images')::boolean, true) then
		changed := changed || import_images(list, coalesce((options ->> 'fetch')::boolean, false));
	end if;
	return (
		select jsonb_agg(jsonb_build_object('n', r.n, 'id', r.id, 'outcome', case when r.is_new then 'created'
			when r.updated + r.created > 0 then 'updated' else 'unchanged' end, 'created', r.created,
			'updated', r.updated, 'unchanged', r.unchanged, 'pictures', pictures -> r.n::text,
			'categories', case when r.n = goods[1].n then categories_n end) order by r.n)
		from (
			select i.n, (array_agg(i.id) filter (where i.variant is null))[1] as id,
				bool_or(i.is_new and i.variant is null) as is_new, count(*) filter (where i.is_new) as created,
				count(*) filter (where not i.is_new and i.id = any (changed)) as updated,
				count(*) filter (where not i.is_new and i.id <> all (changed)) as unchanged
			from unnest(list) i group by i.n) r);
end
$$;

-- Take objects in: what each came to, in their order. One that is refused leaves nothing, and the others are taken in.
-- `slugs` has the slug of each name of a category; options: {"draft": true} keeps products without a price,
-- unpublished; {"images": false} leaves images out; {"fetch": true} has cron download them; {"folder": true} returns
-- those whose addresses are paths, as `pictures`; {"patience": "1 s"} is for how long objects that cannot be taken in
-- together are tried apart: what is left then is refused.
create or replace function catalogue_import(which_store uuid, items jsonb, slugs jsonb, options jsonb) returns jsonb
language plpgsql as $$
declare
	goods import_item[] := import_goods(which_store, items);
	variants import_item[] := import_variants(goods);
	errors jsonb;
begin
	select coalesce(jsonb_object_agg(b.n, b.errors), '{}') into errors
	from (
		select i.n, jsonb_agg(to_jsonb(e)) as errors
		from unnest(goods || variants) i join stores s on s.id = which_store
		cross join lateral unnest(import_object_refused(i, s.currency,
			coalesce((options ->> 'draft')::boolean, false))) e
		where not import_is_plain(i, s.currency)
		group by i.n) b;
	goods := array(select g from unnest(goods) g where not errors ? g.n::text order by g.n);
	variants := array(select v from unnest(variants) v where not errors ? v.n::text order by v.n, v.variant);
	return (
		select coalesce(jsonb_agg(r order by (r ->> 'n')::integer), '[]')
		from (
			select import_refused_outcome(e.key::integer, e.value) as r from jsonb_each(errors) e
			union all
			select b from jsonb_array_elements(case when import_is_tried()
				then import_tried(which_store, goods, variants, slugs, options)
				else import_locked(which_store, goods, variants, slugs, options) end) b) o);
end
$$;

-- All locks at once, in the order of everybody: the halves of a batch that fails would take theirs in the file's.
create or replace function import_locked(which_store uuid, goods import_item[], variants import_item[], slugs jsonb,
	options jsonb) returns jsonb
language plpgsql as $$
begin
	if exists (select 1 from unnest(goods) g where g.object ? 'categories') then
		perform category_tree_lock();
	end if;
	perform import_lock(goods || variants);
	return import_parts(which_store, goods, variants, slugs, options);
end
$$;

-- What import_locked() would come to, in a transaction that will be rolled back. What is new stays until then, so that
-- later batches find it as they would; what the store has is changed and released at once: orders do not wait for it.
create or replace function import_tried(which_store uuid, goods import_item[], variants import_item[], slugs jsonb,
	options jsonb) returns jsonb
language plpgsql as $$
declare
	known constant import_item[] := array(select g from unnest(goods) g where not g.is_new order by g.n);
	known_n constant integer[] := array(select g.n from unnest(known) g);
	outcomes jsonb := '[]';
begin
	begin
		outcomes := import_locked(which_store, known, array(
			select v from unnest(variants) v where v.n = any (known_n) order by v.n, v.variant), slugs, options);
		raise sqlstate 'CS000'; -- caught here: it undoes what was changed
	exception when sqlstate 'CS000' then
		null;
	end;
	-- Categories that they make are there for what comes later, which would make them again.
	if exists (select 1 from jsonb_array_elements(outcomes) o where (o ->> 'categories')::integer > 0) then
		perform category_tree_lock();
		perform import_paths(which_store, array(
			select g from unnest(known) g join jsonb_array_elements(outcomes) o on (o ->> 'n')::integer = g.n
			where o ->> 'outcome' <> 'refused' order by g.n), slugs);
	end if;
	return outcomes || import_locked(which_store,
		array(select g from unnest(goods) g where g.is_new order by g.n),
		array(select v from unnest(variants) v where v.n <> all (known_n) order by v.n, v.variant), slugs, options);
end
$$;

-- What the triggers of products would refuse of an object, whose `columns` are prepared; `listed` are the options of
-- its parent.
create or replace function import_row_refused(i import_item, shop stores, listed json) returns refusal[]
language plpgsql stable as $$
declare
	has products := import_blank();
	p products;
	at constant text := coalesce('/variants/' || i.variant, '');
	errors refusal[];
begin
	if not i.is_new then
		select * into has from products o where o.id = i.id;
	end if;
	p := jsonb_populate_record(has, i.columns);
	p.currency := shop.currency;
	errors := product_terms_refused(p);
	if i.object ->> 'tax_class' is not null and not exists (select 1 from tax_classes c where c.store = shop.id
		and lower(c.name) = lower(i.object ->> 'tax_class') and not c.is_deleted) then
		errors := errors || refused('/tax_class', 'not_found');
	end if;
	if i.variant is null and json_typeof(p.options) = 'array' then
		errors := errors || options_refused(p.options);
	elsif i.variant is not null and i.is_new and (variant_options(listed, p.options, null)).options is null then
		errors := errors || variant_options_refused(listed, p.options, null);
	end if;
	errors := errors || (
		select array_agg(e) from jsonb_array_elements_text(p.categories) with ordinality c (id, n)
		cross join lateral unnest(product_category_refused('/categories/' || c.n - 1, c.id::uuid, shop.id)) e
		where not has.categories ? c.id);
	return array(select row(at || e.pointer, e.code, e.params)::refusal from unnest(errors) e);
end
$$;

-- What can be known to be wrong with the objects of a batch that failed: {"0": [errors]}, by number. Nothing if a value
-- cannot even be read.
create or replace function import_known_refused(which_store uuid, goods import_item[], variants import_item[],
	draft boolean) returns jsonb
language plpgsql as $$
declare
	shop stores;
	list import_item[];
begin
	select * into shop from stores s where s.id = which_store;
	list := import_prepare(which_store, goods, goods, '{}', draft);
	if variants <> '{}' then
		list := list || import_prepare(which_store, variants, goods, '{}', draft);
	end if;
	return (
		select coalesce(jsonb_object_agg(b.n, b.errors), '{}')
		from (
			select (w.i).n, jsonb_agg(to_jsonb(e)) as errors
			from (
				select i, r.errors, row_number() over (partition by lower(i.columns ->> 'sku'), r.errors = '{}'
					order by i.is_new, i.n, i.variant nulls first) as nth
				from unnest(list) i
				left join unnest(list) g on g.n = i.n and g.variant is null and i.variant is not null
				left join products o on o.id = i.parent
				cross join lateral import_row_refused(i, shop,
					coalesce((g.columns -> 'options')::json, o.options, '[]')) r (errors)) w
			cross join lateral unnest(w.errors || case
				when (w.i).columns ->> 'sku' <> '' and (w.nth > 1 and (w.i).is_new or exists (
				select 1 from products p
				where lower(p.sku) = lower((w.i).columns ->> 'sku') and p.store is not distinct from which_store
					and not p.is_deleted and p.id <> (w.i).id)) then
				refused(coalesce('/variants/' || (w.i).variant, '') || '/sku', 'taken') end) e
			group by (w.i).n) b);
exception when data_exception then
	return '{}';
end
$$;

-- The objects of a batch whose key, in the other shop or here, an earlier one has: they come after it, as changes. So
-- do variants that are sent alone and products with variants in them, which may be the same.
create or replace function import_later(goods import_item[]) returns import_item[]
language sql immutable as $$
	select coalesce(array_agg(w.g order by (w.g).n), '{}')
	from (
		select g, row_number() over (partition by g.id order by g.n) as id_nth,
			row_number() over (partition by coalesce(lower(g.object ->> 'sku'), g.id::text) order by g.n) as sku_nth,
			row_number() over (partition by coalesce(g.object ->> 'external_id', g.id::text) order by g.n) as key_nth,
			case when import_variants_n(null, g.object) > 0 then row_number() over of_product > 1 else
				count(*) filter (where import_variants_n(null, g.object) > 0) over of_product > 0 end as is_behind
		from unnest(goods) g window of_product as (partition by coalesce(g.parent, g.id) order by g.n)) w
	where greatest(w.id_nth, w.sku_nth, w.key_nth) > 1 or w.is_behind
$$;

-- Objects as import_goods() finds them now, with their numbers in the batch.
create or replace function import_anew(which_store uuid, goods import_item[]) returns import_item[]
language plpgsql as $$
begin
	return array(
		select row(g.n, null, a.object, a.id, a.parent, a.is_new, null)::import_item
		from unnest(goods) with ordinality g (n, variant, object, id, parent, is_new, columns, nth)
		join unnest(import_goods(which_store, (select jsonb_agg(o.object order by o.n) from unnest(goods) o))) a
			on a.n = g.nth - 1
		order by g.n);
end
$$;

-- A batch at once; null: it failed, and nothing of it is there.
create or replace function import_whole(which_store uuid, goods import_item[], variants import_item[], slugs jsonb,
	options jsonb) returns jsonb
language plpgsql as $$
begin
	return case when goods = '{}' then '[]' else import_batch(which_store, goods, variants, slugs, options) end;
exception when sqlstate 'CS422' or sqlstate 'CS409' or sqlstate 'CS403' or integrity_constraint_violation
	or data_exception or cardinality_violation then
	return null;
end
$$;

-- Take a batch in at once, or, if it fails, in parts: without what is known to be refused, those that come later behind
-- the others, and what fails still in halves.
create or replace function import_parts(which_store uuid, goods import_item[], variants import_item[], slugs jsonb,
	options jsonb) returns jsonb
language plpgsql as $$
declare
	draft constant boolean := coalesce((options ->> 'draft')::boolean, false);
	until timestamptz;
	later import_item[];
	known jsonb;
	outcome jsonb := import_whole(which_store, goods, variants, slugs, options);
	outcomes jsonb := '[]';
begin
	if outcome is not null then
		return outcome;
	end if;
	loop
		later := import_later(goods);
		goods := array(select g from unnest(goods) g where g.n <> all (array(select l.n from unnest(later) l))
			order by g.n);
		known := import_known_refused(which_store, goods, array(select v from unnest(variants) v join unnest(goods) g
			on g.n = v.n order by v.n, v.variant), draft);
		goods := array(select g from unnest(goods) g where not known ? g.n::text order by g.n);
		variants := array(select v from unnest(variants) v join unnest(goods) g on g.n = v.n order by v.n, v.variant);
		outcome := import_whole(which_store, goods, variants, slugs, options);
		until := coalesce(until, clock_timestamp() + (options ->> 'patience')::interval);
		outcomes := outcomes || coalesce(outcome, import_halves(which_store, goods, variants, slugs, options, until))
			|| (select coalesce(jsonb_agg(import_refused_outcome(e.key::integer, e.value)), '[]')
				from jsonb_each(known) e);
		exit when later = '{}';
		goods := import_anew(which_store, later);
		variants := import_variants(goods);
		perform import_lock(goods || variants);
		if clock_timestamp() > until then
			return outcomes || import_halves(which_store, goods, variants, slugs, options, until);
		end if;
	end loop;
	return outcomes;
end
$$;

-- A batch that failed, in halves; those of more than sixteen are not tried, as what is wrong with one is rarely alone.
create or replace function import_halves(which_store uuid, goods import_item[], variants import_item[], slugs jsonb,
	options jsonb, until timestamptz) returns jsonb
language plpgsql as $$
declare
	middle integer := cardinality(goods) / 2;
	errors jsonb;
	detail text;
begin
	if cardinality(goods) = 0 then
		return '[]';
	elsif clock_timestamp() > until then
		return (select jsonb_agg(import_refused_outcome(g.n, to_jsonb(refused('', 'not_tried')))) from unnest(goods) g);
	end if;
	if cardinality(goods) <= 16 then
		begin
			return import_batch(which_store, goods, variants, slugs, options);
		exception when sqlstate 'CS422' or sqlstate 'CS409' or sqlstate 'CS403' or integrity_constraint_violation
			or data_exception or cardinality_violation then
			get stacked diagnostics detail = pg_exception_detail;
			errors := import_errors(sqlstate, sqlerrm, detail);
			if cardinality(goods) = 1 and sqlstate <> '23505' then
				return jsonb_build_array(import_refused_outcome(goods[1].n, errors));
			end if;
		end;
	end if;
	if cardinality(goods) = 1 then
		return import_again(which_store, goods[1], slugs, options, errors);
	end if;
	return import_halves(which_store, goods[:middle],
			array(select v from unnest(variants) v where v.n <= goods[middle].n), slugs, options, until)
		|| import_halves(which_store, goods[middle + 1:],
			array(select v from unnest(variants) v where v.n > goods[middle].n), slugs, options, until);
end
$$;

create or replace function import_refused_outcome(n integer, errors jsonb) returns jsonb
language sql immutable as $$
	select jsonb_build_object('n', n, 'outcome', 'refused', 'errors', errors)
$$;

-- What an exception says, as refusals; the detail of one of ours has them.
create or replace function import_errors(code text, message text, detail text) returns jsonb
language plpgsql stable as $$
begin
	return case when code like 'CS%' then coalesce(nullif(detail, '')::jsonb -> 'errors',
			jsonb_build_array(jsonb_build_object('pointer', '', 'code', message)))
		else jsonb_build_array(jsonb_build_object('pointer', '', 'code', case when code = '23505' then 'taken'
			else 'invalid' end, 'message', message)) end;
end
$$;

-- A product that another one was in the way of: an earlier one of its batch, or one that was made meanwhile. If that is
-- the same product, it is changed.
create or replace function import_again(which_store uuid, good import_item, slugs jsonb, options jsonb, errors jsonb)
returns jsonb
language plpgsql as $$
declare
	goods import_item[] := import_goods(which_store, jsonb_build_array(good.object));
	variants import_item[];
	outcome jsonb;
begin
	if goods[1].is_new then
		return jsonb_build_array(jsonb_build_object('n', good.n, 'outcome', 'refused', 'errors', errors));
	end if;
	variants := import_variants(goods);
	perform import_lock(goods || variants);
	outcome := import_batch(which_store, goods, variants, slugs, options);
	return jsonb_build_array(outcome -> 0 || jsonb_build_object('n', good.n));
exception when sqlstate 'CS422' or sqlstate 'CS409' or sqlstate 'CS403' or integrity_constraint_violation
		or data_exception or cardinality_violation then
	return jsonb_build_array(jsonb_build_object('n', good.n, 'outcome', 'refused', 'errors', errors));
end
$$;

-- One category that is described, with its path; the store's own.
create or replace function import_category_item(which_store uuid, item jsonb, slugs jsonb) returns jsonb
language plpgsql as $$
declare
	which constant uuid := import_category(which_store, item -> 'path', slugs);
	is_new boolean;
begin
	select c.created_at = now() into is_new from categories c where c.id = which and c.store = which_store;
	if is_new is null then
		perform deny('CS403', 'store_only');
	end if;
	update categories c set description = coalesce(r.description, ''), seo_title = coalesce(r.seo_title, ''),
		seo_description = coalesce(r.seo_description, ''), external_id = r.external_id,
		position = coalesce(r.position, 0)
	from categories o, jsonb_populate_record(o,
		item - '{path,source,published,image,made_slug,attributes_sent}'::text[]) r
	where o.id = which and c.id = which and to_jsonb(r) is distinct from to_jsonb(o);
	return jsonb_build_object('id', which,
		'outcome', case when is_new then 'created' when found then 'updated' else 'unchanged' end);
end
$$;

-- Categories that a file describes, each with its path: what each came to, as catalogue_import() has it. What this
-- transaction has made was made now.
create or replace function catalogue_import_categories(which_store uuid, items jsonb, slugs jsonb) returns jsonb
language plpgsql as $$
declare
	item record;
	result jsonb := '[]';
	detail text;
begin
	perform category_tree_lock();
	for item in
		select i.n - 1 as n, i.value from jsonb_array_elements(items) with ordinality i (value, n) order by i.n
	loop
		begin
			result := result || jsonb_build_array(import_category_item(which_store, item.value, slugs)
				|| jsonb_build_object('n', item.n));
		exception when sqlstate 'CS422' or sqlstate 'CS409' or sqlstate 'CS403' or integrity_constraint_violation
			or data_exception then
			get stacked diagnostics detail = pg_exception_detail;
			result := result || jsonb_build_array(jsonb_build_object('n', item.n, 'outcome', 'refused',
				'errors', import_errors(sqlstate, sqlerrm, detail)));
		end;
	end loop;
	return result;
end
$$;

-- The same for those who work in the store: categories, then products.
create or replace function catalogue_bulk(who uuid, is_admin boolean, which_store uuid, category_items jsonb,
	category_slugs jsonb, product_items jsonb, product_slugs jsonb, draft boolean, out categories text,
	out products text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if not is_admin and not works_in_store(who, which_store) then
		perform deny('CS403', 'store_only');
	end if;
	categories := '[]';
	if category_items <> '[]' then
		categories := catalogue_import_categories(which_store, category_items, category_slugs)::text;
	end if;
	products := catalogue_import(which_store, product_items, product_slugs,
		jsonb_build_object('draft', draft, 'patience', '1 s'))::text;
end
$$;

-- Products as other shops have them, taken in by the hundred: shopctl import. An object is named as in the API, but its
-- categories are paths of names, [["Garden", "Hoses"]], and its variants and images are in it.

-- The category at a path of names below those of the store; the missing ones are made. `slugs` has the slug of each
-- name.
create or replace function import_category(which_store uuid, path jsonb, slugs jsonb) returns uuid
language plpgsql as $$
declare
	nobody constant uuid := '00000000-0000-0000-0000-000000000000';
	above uuid;
	here uuid;
	step text;
begin
	for step in select trim(normalize(s)) from jsonb_array_elements_text(path) s loop
		if step = '' then
			perform refuse('/categories', 'blank');
		end if;
		perform refuse_all(import_text_refused('/categories', step, 255, false));
		select c.id into here from categories c
		where coalesce(c.store, nobody) in (which_store, nobody)
			and coalesce(c.parent, nobody) = coalesce(above, nobody)
			and lower(normalize(c.name)) = lower(step) and not c.is_deleted
		order by c.store is null limit 1;
		if here is null then
			insert into categories (name, slug, store, parent)
			select step, case when s.slug is null or exists (
				select 1 from categories c
				where coalesce(c.store, nobody) = which_store
					and coalesce(c.parent, nobody) = coalesce(above, nobody) and c.slug = s.slug and not c.is_deleted)
				then left(coalesce(s.slug || '-', ''), 70) || left(md5(lower(step)), 8) else s.slug end,
				which_store, above
			from (select nullif(slugs ->> step, '') as slug) s
			returning id into here;
		end if;
		above := here;
	end loop;
	return above;
end
$$;

-- The ids of a product's categories: [["A", "B"], …] by the ids of paths, `known`; ids stay.
create or replace function import_category_ids(categories jsonb, known jsonb) returns jsonb
language sql immutable as $$
	select coalesce(jsonb_agg(c.id order by c.n), '[]')
	from (
		select c.id, min(c.n) as n
		from (
			select case when jsonb_typeof(e.value) = 'array' then known ->> e.value::jsonb::text
				else (e.value #>> '{}')::uuid::text end as id, e.n
			from jsonb_array_elements(categories) with ordinality e (value, n)) c
		where c.id is not null group by c.id) c
$$;

-- The products of a batch: those that the store has are found by their key in the other shop, their SKU, or their slug,
-- which is made of the name where a shop has neither of these. An object without variants may be a variant, which has
-- a parent then, unless it has a name and says otherwise: by another key, or by a slug alone. New ones get ids in the
-- order of the batch: those that are made within a millisecond are in none. By the keys alone: the index of a store
-- looks as good to the planner while it does not know how many products a new store has, and then takes them all for
-- each object.
create or replace function import_goods(which_store uuid, items jsonb) returns import_item[]
language plpgsql as $$
declare
	ids constant uuid[] := array(select uuid_v7() as id from jsonb_array_elements(items) order by id);
begin
	return (
		select array_agg(row(i.n - 1, null, i.object, coalesce(found.id, ids[i.n]), found.parent, found.id is null,
			null)::import_item order by i.n)
		from jsonb_array_elements(items) with ordinality i (object, n)
		left join lateral (
			select c.id, c.parent from (
				select p.id, p.parent, 1 as rank, true as may_be_variant from products p
				where p.external_id = i.object ->> 'external_id' and p.store is not distinct from which_store
					and not p.is_deleted
				union all
				select p.id, p.parent, 2, i.object ->> 'external_id' is null or i.object ->> 'name' is null
				from products p
				where lower(p.sku) = lower(i.object ->> 'sku') and p.store is not distinct from which_store
					and not p.is_deleted
				union all
				select p.id, p.parent, 3, i.object ->> 'name' is null from products p
				where p.slug = coalesce(i.object ->> 'slug', case when i.object ->> 'external_id' is null
					and i.object ->> 'sku' is null then i.object ->> 'made_slug' end)
					and p.store is not distinct from which_store and not p.is_deleted
					and (p.external_id is null or i.object ->> 'external_id' is null)) c
			where c.parent is null or c.may_be_variant and import_variants_n(null, i.object) = 0
			order by c.parent is not null, c.rank limit 1) found on true);
end
$$;

-- Their variants: found by their key, their SKU, or their options.
create or replace function import_variants(goods import_item[]) returns import_item[]
language plpgsql as $$
begin
	return (
		select array_agg(row(g.n, v.n - 1, v.object, coalesce(found.id, uuid_v7()), g.id, found.id is null, null)
			::import_item order by g.n, v.n)
		from unnest(goods) g
		cross join lateral jsonb_array_elements(
			case when jsonb_typeof(g.object -> 'variants') = 'array' then g.object -> 'variants' else '[]' end)
			with ordinality v (object, n)
		left join lateral (
			select p.id from products p
			where p.parent = g.id and not g.is_new and not p.is_deleted and (p.external_id = v.object ->> 'external_id'
				or lower(p.sku) = lower(v.object ->> 'sku')
				or p.options::text <> '{}'
					and lower(p.options::jsonb::text) = lower((v.object -> 'options')::text))
			order by p.external_id is distinct from v.object ->> 'external_id',
				lower(p.sku) is distinct from lower(v.object ->> 'sku')
			limit 1) found on true);
end
$$;

-- The options that a product gets: values that it has stay, as variants that the batch does not name have them.
create or replace function import_options(has jsonb, gets jsonb) returns jsonb
language sql immutable as $$
	select case when has::text = '[]' then gets else coalesce((
		select jsonb_agg(jsonb_build_object('name', g.value ->> 'name', 'values', (
			select jsonb_agg(v.value order by v.first)
			from (
				select min(l.value) as value, min(l.n) as first
				from (
					select w.value, w.n from jsonb_array_elements(has) h, jsonb_array_elements_text(h -> 'values')
						with ordinality w (value, n)
					where lower(h ->> 'name') = lower(g.value ->> 'name')
					union all
					select w.value, w.n + 1000 from jsonb_array_elements_text(g.value -> 'values')
						with ordinality w (value, n)) l
				group by lower(l.value)) v)) order by g.n)
		from jsonb_array_elements(gets) with ordinality g (value, n)), '[]') end
$$;

-- The members of the objects of a list that are no columns, or none that are taken as they are.
create or replace function import_other_members(list import_item[]) returns text[]
language sql immutable as $$
	select array(
		select distinct k from unnest(list) i, jsonb_object_keys(i.object) k
		where k <> all ('{sku,external_id,name,description,brand,tags,price,sale_price,sale_from,sale_to,
			compare_at_price,cost_price,track_inventory,allow_backorder,low_stock_threshold,min_quantity,max_quantity,
			quantity_step,weight,length,width,height,barcode,mpn,condition,published,listed,attributes,metadata,
			seo_title,seo_description,tax_rate,shipping_class,position}'::text[]))
$$;

-- The slug that a new product should have: that of the other shop, or else one of its name, sent as `made_slug`. A
-- variant has its product's, with its options. A table, so that it becomes part of the query.
create or replace function import_wanted_slug(object jsonb, product_slug text) returns table (slug text)
language sql immutable as $$
	select coalesce(object ->> 'slug', case when product_slug is null then object ->> 'made_slug'
		else left(product_slug, 50) || coalesce((
			select '-' || left(trim(both '-' from regexp_replace(lower(string_agg(v.value, '-' order by v.n)),
				'[^a-z0-9]+', '-', 'g')), 29)
			from jsonb_each_text(object -> 'options') with ordinality v (key, value, n)), '') end)
$$;

-- What becomes of each object of a list, as columns; `goods` are the products of the batch.
create or replace function import_prepare(which_store uuid, list import_item[], goods import_item[], paths jsonb,
	draft boolean) returns import_item[]
language plpgsql as $$
declare
	others constant text[] := import_other_members(list);
begin
	return (
		select array_agg(row(i.n, i.variant, i.object, i.id, i.parent, i.is_new, (
			case when i.variant is not null and i.is_new then
				jsonb_build_object('name', i.product_name) else '{}' end
			|| (i.object - others)
			|| case when i.parent is null and jsonb_typeof(i.object -> 'categories') = 'array' then
				jsonb_build_object('categories', import_category_ids(i.object -> 'categories', paths)) else '{}' end
			|| case when i.object -> 'options' is null then '{}' when i.parent is null then
				jsonb_build_object('options', import_options(coalesce(i.options::jsonb, '[]'), i.object -> 'options'))
				else jsonb_build_object('options', i.object -> 'options') end
			|| case when i.is_new then jsonb_build_object('slug', import_slug(i.id, which_store, i.slug, i.nth))
				else '{}' end
			|| case when i.is_new and draft and i.object ->> 'price' is null
				and import_variants_n(i.variant, i.object) = 0 then
				jsonb_build_object('published', false) else '{}' end
			)::jsonb)::import_item order by i.n, i.variant nulls first)
		from (
			select u.n, u.variant, u.object, u.id, u.parent, u.is_new, p.options, w.slug,
				coalesce(g.object ->> 'name', o.name) as product_name,
				row_number() over (partition by w.slug order by u.n, u.variant nulls first) as nth
			from unnest(list) u
			left join unnest(goods) g on g.n = u.n and u.variant is not null
			left join products p on p.id = u.id
			left join products o on o.id = u.parent
			cross join lateral import_wanted_slug(u.object, case when u.variant is not null then
				coalesce(g.object ->> 'slug', g.object ->> 'made_slug', o.slug, '') end) w) i);
end
$$;

-- A slug that no other product of the store has; `nth` of those in the batch that want it.
create or replace function import_slug(id uuid, which_store uuid, wanted text, nth bigint) returns text
language sql stable as $$
	select case when coalesce(wanted, '') = '' then lower(replace(sku_of(id), '-', ''))
		when nth > 1 or exists (
			select 1 from products p
			where p.slug = wanted and p.store is not distinct from which_store and not p.is_deleted)
		then left(wanted, 69) || '-' || lower(replace(sku_of(id), '-', ''))
		else wanted end
$$;

-- How many variants a product of the batch has in it.
create or replace function import_variants_n(variant integer, object jsonb) returns integer
language sql immutable as $$
	select case when variant is null and jsonb_typeof(object -> 'variants') = 'array'
		then jsonb_array_length(object -> 'variants') else 0 end
$$;

-- A new product before its members are set.
create or replace function import_blank() returns products
language sql stable as $$
	select jsonb_populate_record(null::products, '{"sku": "", "name": "", "description": "", "tax_rate": 0, "mpn": "",
		"brand": "", "tags": [], "condition": "new", "seo_title": "", "seo_description": "", "published": true,
		"listed": true, "metadata": {}, "attributes": {}, "options": [], "position": 0, "track_inventory": true,
		"allow_backorder": false, "min_quantity": 1, "quantity_step": 1, "categories": []}')
$$;

-- The attributes of an object, in the order that they were sent in: jsonb has lost it.
create or replace function import_attributes(i import_item, r products) returns json
language sql immutable as $$
	select coalesce((i.object ->> 'attributes_sent')::json, r.attributes)
$$;

-- Insert what is new and update what differs; which ids were updated.
create or replace function import_write(which_store uuid, list import_item[]) returns uuid[]
language plpgsql as $$
declare
	blank constant products := import_blank();
	updated uuid[];
begin
	insert into products (id, store, parent, sku, external_id, name, slug, description, brand, tags, price, sale_price,
		sale_from, sale_to, compare_at_price, cost_price, track_inventory, allow_backorder, low_stock_threshold,
		min_quantity, max_quantity, quantity_step, weight, length, width, height, barcode, mpn, condition, published,
		listed, attributes, metadata, seo_title, seo_description, tax_rate, shipping_class, position, options,
		categories, has_variants)
	select i.id, which_store, i.parent, r.sku, r.external_id, r.name, r.slug, r.description, r.brand, r.tags, r.price,
		r.sale_price, r.sale_from, r.sale_to, r.compare_at_price, r.cost_price, r.track_inventory, r.allow_backorder,
		r.low_stock_threshold, r.min_quantity, r.max_quantity, r.quantity_step, r.weight, r.length, r.width, r.height,
		r.barcode, r.mpn, r.condition, r.published, r.listed, import_attributes(i, r), r.metadata, r.seo_title,
		r.seo_description,
		r.tax_rate, r.shipping_class, case when i.variant is null or i.object ? 'position' then r.position
			else i.variant end, r.options,
		r.categories, import_variants_n(i.variant, i.object) > 0
	from unnest(list) i, jsonb_populate_record(blank, i.columns) r
	where i.is_new;
	with wanted as (
		select p.id, r as record, import_attributes(i, r) as attributes
		from unnest(list) i join products p on p.id = i.id, jsonb_populate_record(p, i.columns) r
		where not i.is_new and to_jsonb(r) is distinct from to_jsonb(p)
	), written as (
		update products p set sku = (l.record).sku, external_id = (l.record).external_id, name = (l.record).name,
			description = (l.record).description, brand = (l.record).brand, tags = (l.record).tags,
			price = (l.record).price, sale_price = (l.record).sale_price, sale_from = (l.record).sale_from,
			sale_to = (l.record).sale_to, compare_at_price = (l.record).compare_at_price,
			cost_price = (l.record).cost_price, track_inventory = (l.record).track_inventory,
			allow_backorder = (l.record).allow_backorder, low_stock_threshold = (l.record).low_stock_threshold,
			min_quantity = (l.record).min_quantity, max_quantity = (l.record).max_quantity,
			quantity_step = (l.record).quantity_step, weight = (l.record).weight, length = (l.record).length,
			width = (l.record).width, height = (l.record).height, barcode = (l.record).barcode, mpn = (l.record).mpn,
			condition = (l.record).condition, published = (l.record).published, listed = (l.record).listed,
			attributes = l.attributes, metadata = (l.record).metadata, seo_title = (l.record).seo_title,
			seo_description = (l.record).seo_description, tax_rate = (l.record).tax_rate,
			shipping_class = (l.record).shipping_class, position = (l.record).position, options = (l.record).options,
			categories = (l.record).categories
		from wanted l where p.id = l.id returning p.id
	)
	select array_agg(w.id) into updated from written w;
	return coalesce(updated, '{}');
end
$$;

-- Set the counts that objects have: what a product lacks or has too much goes through the ledger. Only what is counted,
-- and below zero only with backorders.
create or replace function import_stock(list import_item[]) returns uuid[]
language plpgsql as $$
declare
	moved uuid[];
begin
	with wanted as (
		select i.id, least(greatest((i.object ->> 'inventory_count')::numeric,
			case when p.allow_backorder then -1000000000 else 0 end), 1000000000)::integer as count
		from unnest(list) i join products p on p.id = i.id
		where i.object ->> 'inventory_count' is not null and p.track_inventory
	), written as (
		insert into stock_movements (product, delta, reason)
		select k.product, w.count - k.inventory_count, 'import'
		from wanted w join stock k on k.product = w.id
		where w.count <> k.inventory_count order by k.product returning product
	)
	select array_agg(w.product) into moved from written w;
	return coalesce(moved, '{}');
end
$$;

-- Has the product that picture: by its address, by the one that it was taken from, or as a file of the shop's
-- own, which has a name that no other one has?
create or replace function import_has_image(which uuid, address text) returns boolean
language plpgsql stable as $$
begin
	return exists (
		select 1 from product_images p
		where p.product = which and not p.is_deleted
			and (p.url = address or address = any (p.sources) or p.file = substring(address from '[^/]+$')));
end
$$;

-- The images of a list, by product, that it does not have yet, with their positions behind those that it has.
create or replace function import_new_images(list import_item[])
returns table (n integer, product uuid, address text, alt_text text, place integer)
language sql stable as $$
	select i.n, i.id, m.value ->> 'url', left(coalesce(m.value ->> 'alt_text', ''), 255), m.n::integer - 1
		+ case when i.is_new then 0 else coalesce((
			select max(p.position) + 1 from product_images p where p.product = i.id and not p.is_deleted), 0) end
	from unnest(list) i
	cross join lateral jsonb_array_elements(case when jsonb_typeof(i.object -> 'images') = 'array'
		then i.object -> 'images' else '[]' end) with ordinality m (value, n)
	where length(m.value ->> 'url') between 1 and 2000
		and (i.is_new or not import_has_image(i.id, m.value ->> 'url'))
$$;

-- Add the images with addresses; `downloads`: cron is to download them.
create or replace function import_images(list import_item[], downloads boolean) returns uuid[]
language plpgsql as $$
declare
	added uuid[];
begin
	with written as (
		insert into product_images (product, url, alt_text, position, fetch_at)
		select i.product, i.address, i.alt_text, i.place, case when downloads then now() end
		from import_new_images(list) i
		where i.address ~ '^https?://[!-~]+$'
		returning product_images.product
	)
	select array_agg(distinct w.product) into added from written w;
	return coalesce(added, '{}');
end
$$;

-- The images that are not addresses, but paths in a folder: {"0": [{"product": id, "path": "a/b.jpg", …}]} by the
-- numbers of products.
create or replace function import_pictures(list import_item[]) returns jsonb
language plpgsql stable as $$
begin
	return (
		select coalesce(jsonb_object_agg(f.n, f.pictures), '{}')
		from (
			select i.n, jsonb_agg(jsonb_build_object('product', i.product, 'path', i.address, 'alt_text', i.alt_text,
				'position', i.place) order by i.product, i.place) as pictures
			from import_new_images(list) i
			where i.address !~ '^https?://[!-~]+$' group by i.n) f);
end
$$;

-- What few objects have: a class of taxes by its name, related products by their SKUs, when it is public, and what
-- staff note. The ids of the products that are changed.
create or replace function import_rest(which_store uuid, list import_item[]) returns uuid[]
language plpgsql as $$
declare
	rest constant text[] := '{tax_class,related,active_from,active_to,is_suspended,status,comments}';
	updated uuid[];
begin
	if exists (select 1 from unnest(list) i where i.object ->> 'tax_class' is not null and not exists (
		select 1 from tax_classes c where c.store = which_store and lower(c.name) = lower(i.object ->> 'tax_class')
			and not c.is_deleted)) then
		perform refuse('/tax_class', 'not_found');
	end if;
	with wanted as (
		select p.id, case when i.object ? 'tax_class' then c.id else p.tax_class end as tax_class,
			case when i.object ? 'related' then (
				select coalesce(jsonb_agg(o.id order by s.n), '[]')
				from jsonb_array_elements_text(i.object -> 'related') with ordinality s (sku, n)
				join products o on lower(o.sku) = lower(s.sku) and o.store is not distinct from which_store
					and not o.is_deleted)
				else p.related end as related,
			r.active_from, r.active_to, coalesce(r.is_suspended, false) as is_suspended,
			coalesce(r.status, '') as status, coalesce(r.comments, '') as comments
		from unnest(list) i join products p on p.id = i.id
		cross join lateral jsonb_populate_record(p, i.object - 'tax_class' - 'related' - (
			select array_agg(k) from jsonb_object_keys(i.object) k where k <> all (rest))) r
		left join tax_classes c on c.store = which_store and lower(c.name) = lower(i.object ->> 'tax_class')
			and not c.is_deleted
		where i.object ?| rest
	), written as (
		update products p set tax_class = w.tax_class, related = w.related, active_from = w.active_from,
			active_to = w.active_to, is_suspended = w.is_suspended, status = w.status, comments = w.comments
		from wanted w
		where p.id = w.id and row(p.tax_class, p.related, p.active_from, p.active_to, p.is_suspended, p.status,
			p.comments) is distinct from row(w.tax_class, w.related, w.active_from, w.active_to, w.is_suspended,
			w.status, w.comments)
		returning p.id
	)
	select array_agg(w.id) into updated from written w;
	return coalesce(updated, '{}');
end
$$;

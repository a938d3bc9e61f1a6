-- Products as lines of JSON, with what they have in other tables: what `shopctl import` reads, with nothing left out.

-- A text of a list in a cell: with a backslash before backslashes and what separates texts.
create or replace function export_escaped(item text, separators text) returns text
language sql immutable as $$
	select regexp_replace(item, '([\\' || separators || '])', '\\\1', 'g')
$$;

-- The names on the way to a category, from the root.
create or replace function category_names(which uuid) returns json
language plpgsql stable as $$
begin
	return (select json_agg(c.name order by a.n)
		from category_paths p cross join unnest(p.path) with ordinality a (id, n) join categories c on c.id = a.id
		where p.category = which);
end
$$;

-- The pictures of a product in order. media: what stands before the name of a file.
create or replace function product_line_images(which uuid, media text) returns json
language plpgsql stable as $$
begin
	return (select json_agg(json_strip_nulls(json_build_object('url', coalesce(i.url, media || '/' || i.file),
			'alt_text', nullif(i.alt_text, ''))) order by i.position, i.id)
		from product_images i where i.product = which and not i.is_deleted);
end
$$;

-- The members that products and variants have, as the text of an object. What is empty is left out, except within the
-- objects of the shop's own.
create or replace function product_line_members(p products, media text) returns text
language plpgsql stable as $$
declare
	members constant json := json_build_object('sku', p.sku, 'external_id', p.external_id, 'barcode', p.barcode,
		'mpn', nullif(p.mpn, ''), 'name', p.name, 'description', nullif(p.description, ''),
		'price', p.price::text, 'sale_price', p.sale_price::text, 'sale_from', rfc3339(p.sale_from),
		'sale_to', rfc3339(p.sale_to), 'compare_at_price', p.compare_at_price::text, 'cost_price', p.cost_price::text,
		'currency', p.currency, 'tax_rate', p.tax_rate::text,
		'tax_class', (select c.name from tax_classes c where c.id = p.tax_class),
		'inventory_count', (select s.inventory_count from stock s where s.product = p.id),
		'track_inventory', p.track_inventory, 'allow_backorder', p.allow_backorder,
		'low_stock_threshold', p.low_stock_threshold, 'min_quantity', p.min_quantity, 'max_quantity', p.max_quantity,
		'quantity_step', p.quantity_step, 'weight', p.weight::text, 'length', p.length::text, 'width', p.width::text,
		'height', p.height::text, 'shipping_class', p.shipping_class, 'published', p.published,
		'is_suspended', nullif(p.is_suspended, false), 'active_from', rfc3339(p.active_from),
		'active_to', rfc3339(p.active_to), 'status', nullif(p.status, ''), 'comments', nullif(p.comments, ''),
		'images', product_line_images(p.id, media));
	own constant json := json_build_object('attributes', p.attributes, 'metadata', p.metadata);
begin
	return json_join(json_strip_nulls(members)::text, own::text);
end
$$;

create or replace function product_line(p products, media text) returns text
language plpgsql stable as $$
declare
	members constant json := json_build_object('slug', p.slug, 'brand', nullif(p.brand, ''),
		'tags', nullif(p.tags, '[]'), 'condition', p.condition, 'listed', p.listed,
		'seo_title', nullif(p.seo_title, ''), 'seo_description', nullif(p.seo_description, ''),
		'related', (select json_agg(o.sku order by r.n) from jsonb_array_elements_text(p.related)
			with ordinality r (id, n) join products o on o.id = r.id::uuid),
		'categories', (select json_agg(category_names(c.id::uuid) order by c.n)
			from jsonb_array_elements_text(p.categories) with ordinality c (id, n)));
	of_variants text;
begin
	select string_agg(json_join(json_build_object('options', v.options, 'position', v.position)::text,
		product_line_members(v, media)), ',' order by v.position, v.created_at, v.id)
	into of_variants from products v where v.parent = p.id and not v.is_deleted;
	return json_join(json_join(json_strip_nulls(members)::text, product_line_members(p, media)),
		'{"options":' || p.options::text || coalesce(',"variants":[' || of_variants || ']', '') || '}');
end
$$;

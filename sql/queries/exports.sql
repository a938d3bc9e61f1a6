
-- name: export_store :optional
-- The store whose data the caller exports, and the days as times of its time zone. Without $store it is the caller's
-- only one.
select s.id as store, s.slug, (count(*) over () > 1)::boolean as is_one_of_several,
	($from::date::timestamp at time zone s.timezone)::text as since,
	(($to::date + 1)::timestamp at time zone s.timezone)::text as until, ($to::date - $from::date)::integer as days
from stores s
where not s.is_deleted and (s.id = $store::uuid or $store is null)
	and ($is_admin::boolean or works_in_store($user::uuid, s.id))
limit 1

-- name: export_orders :many
-- Exports have a header of these names, and last two columns that are not shown: the keys of the next page.
select o.number::bigint as number, o.id, rfc3339(o.placed_at) as placed_at, o.status, o.payment_status,
	o.contact_name as name, o.contact_email as email, o.contact_mobile as mobile_number,
	coalesce(o.billing_address, o.shipping_address) ->> 'company' as company,
	coalesce(o.billing_address, o.shipping_address) ->> 'tax_id' as tax_id,
	o.shipping_address ->> 'country' as country, o.currency, o.subtotal, o.discount_total, o.shipping_total,
	o.tax_total, o.rounding, o.total, o.coupon, o.shipping_method_name as shipping_method,
	(select i.number from invoices i where i.order_id = o.id and i.kind = 'invoice' and not i.superseded)
		as invoice_number, o.tax_scheme,
	o.placed_at::text as at, o.id::text as key
from orders o
where o.store = $store::uuid
	and o.placed_at >= $since::text::timestamptz and o.placed_at < $until::text::timestamptz
	and ($key::uuid is null or (o.placed_at, o.id) > ($at::text::timestamptz, $key))
order by o.placed_at, o.id limit $rows::bigint

-- name: export_lines :many
select o.number::bigint as order_number, o.id as order_id, rfc3339(o.placed_at) as placed_at, o.status,
	i.position::integer as position, i.sku, i.name, i.hsn, i.quantity::integer as quantity,
	i.dropped::integer as dropped, i.shipped::integer as shipped, i.returned::integer as returned, o.currency,
	i.unit_price, i.tax_rate, i.discount_amount, i.tax_amount, i.line_total, o.placed_at::text as at,
	concat_ws(' ', o.id, i.position) as key
from orders o join order_items i on i.order_id = o.id
where o.store = $store::uuid
	and o.placed_at >= $since::text::timestamptz and o.placed_at < $until::text::timestamptz
	and ($key::text is null or (o.placed_at, o.id, i.position)
		> ($at::text::timestamptz, split_part($key, ' ', 1)::uuid, split_part($key, ' ', 2)::integer))
order by o.placed_at, o.id, i.position limit $rows::bigint

-- name: export_payments :many
select o.number::bigint as order_number, o.id as order_id, p.id, rfc3339(p.created_at) as created_at,
	rfc3339(p.paid_at) as paid_at, p.payment_method, p.status, p.transaction_id, p.currency, p.amount,
	round(p.amount_captured, currency_decimals(coalesce(p.currency_captured, p.currency))) as amount_captured, p.fee,
	(select coalesce(sum(r.amount), p.amount * 0) from refunds r where r.payment = p.id and r.status = 'succeeded')
		as amount_refunded,
	p.created_at::text as at, p.id::text as key
from payments p join orders o on o.id = p.order_id
where o.store = $store::uuid
	and p.created_at >= $since::text::timestamptz and p.created_at < $until::text::timestamptz
	and ($key::uuid is null or (p.created_at, p.id) > ($at::text::timestamptz, $key))
order by p.created_at, p.id limit $rows::bigint

-- name: export_taxes :many
-- By day, rate and scheme, from the documents: what credit notes take back is negative.
select t.day::text as date, t.kind, t.currency, t.rate, t.taxable, t.tax, t.documents::bigint as documents,
	t.tax_scheme, t.day::text as at, t.key
from (
	select (i.issued_at at time zone s.timezone)::date as day, i.kind::text as kind, i.currency,
		trim_scale((x ->> 'rate')::numeric) as rate, o.tax_scheme,
		concat_ws(' ', i.kind, i.currency, x ->> 'rate', o.tax_scheme) as key,
		sum((x ->> 'taxable')::numeric * case i.kind when 'invoice' then 1 else -1 end) as taxable,
		sum((x ->> 'tax')::numeric * case i.kind when 'invoice' then 1 else -1 end) as tax, count(*) as documents
	from invoices i join stores s on s.id = i.store join orders o on o.id = i.order_id, jsonb_array_elements(i.taxes) x
	where i.store = $store::uuid
		and i.issued_at >= $since::text::timestamptz and i.issued_at < $until::text::timestamptz
	group by 1, 2, 3, 4, 5, 6) t
where $key::text is null or (t.day, t.key) > ($at::date, $key)
order by t.day, t.key limit $rows::bigint

-- name: export_category_lines :many
-- The categories of the store itself as catalogue_import_categories() takes them, parents before children. What is
-- empty is left out.
select json_strip_nulls(json_build_object('category', json_build_object('path', category_names(c.id),
		'external_id', c.external_id, 'position', c.position, 'description', nullif(c.description, ''),
		'seo_title', nullif(c.seo_title, ''), 'seo_description', nullif(c.seo_description, ''))))::text as line
from categories c join category_paths p on p.category = c.id
where c.store = $store::uuid and not c.is_deleted
order by cardinality(p.path), c.position, c.name, c.id

-- name: export_product_lines :many
select product_line(p, $media::text) as line, p.id::text as key
from products p
where p.store = $store::uuid and p.parent is null and not p.is_deleted and ($key::uuid is null or p.id > $key)
order by p.id limit $rows::bigint

-- name: export_product_rows :many
-- A row for each product, and behind it one for each of its variants; all have the key of the product.
with products_of_page as (
	select p.id, p.slug, p.options from products p
	where p.store = $store::uuid and p.parent is null and not p.is_deleted and ($key::uuid is null or p.id > $key)
	order by p.id limit $rows::bigint
)
select o.slug as handle, p.sku, p.external_id, p.name, p.description, p.brand,
	(select string_agg(export_escaped(t.name, ','), ', ' order by t.n)
		from jsonb_array_elements_text(p.tags) with ordinality t (name, n)) as tags,
	(select string_agg((select string_agg(export_escaped(n.name, ',>'), ' > ' order by n.n)
			from json_array_elements_text(category_names(c.id::uuid)) with ordinality n (name, n)), ', ' order by c.n)
		from jsonb_array_elements_text(p.categories) with ordinality c (id, n)) as categories,
	o.options #>> '{0,name}' as option1_name, p.options ->> (o.options #>> '{0,name}') as option1_value,
	o.options #>> '{1,name}' as option2_name, p.options ->> (o.options #>> '{1,name}') as option2_value,
	o.options #>> '{2,name}' as option3_name, p.options ->> (o.options #>> '{2,name}') as option3_value,
	o.options #>> '{3,name}' as option4_name, p.options ->> (o.options #>> '{3,name}') as option4_value,
	o.options #>> '{4,name}' as option5_name, p.options ->> (o.options #>> '{4,name}') as option5_value,
	o.options #>> '{5,name}' as option6_name, p.options ->> (o.options #>> '{5,name}') as option6_value,
	p.price, p.sale_price, rfc3339(p.sale_from) as sale_from, rfc3339(p.sale_to) as sale_to, p.compare_at_price,
	p.cost_price, p.currency, p.tax_rate, k.inventory_count::integer as inventory_count, p.track_inventory::text,
	p.allow_backorder::text, p.low_stock_threshold::integer as low_stock_threshold,
	p.min_quantity::integer as min_quantity, p.max_quantity::integer as max_quantity,
	p.quantity_step::integer as quantity_step, p.weight, p.length, p.width, p.height, p.barcode, p.mpn, p.condition,
	p.shipping_class, p.published::text, p.listed::text,
	(select string_agg(i.value ->> 'url', ' ' order by i.n)
		from json_array_elements(product_line_images(p.id, $media::text)) with ordinality i (value, n)) as images,
	nullif(p.attributes::text, '{}') as attributes, nullif(p.metadata::text, '{}') as metadata, p.seo_title,
	p.seo_description, p.id, (select c.name from tax_classes c where c.id = p.tax_class) as tax_class,
	rfc3339(p.active_from) as active_from, rfc3339(p.active_to) as active_to,
	case when p.is_suspended then 'true' end as is_suspended, p.status, p.comments,
	(select string_agg(export_escaped(r.sku, ','), ', ' order by s.n) from jsonb_array_elements_text(p.related)
		with ordinality s (id, n) join products r on r.id = s.id::uuid) as related,
	case when p.parent is null then nullif(p.options::text, '[]') end as options,
	case when p.parent is not null then p.position end::integer as position,
	(select case when bool_or(i.value ->> 'alt_text' is not null) then
			string_agg(export_escaped(coalesce(i.value ->> 'alt_text', ''), ','), ', ' order by i.n) end
		from json_array_elements(product_line_images(p.id, $media::text)) with ordinality i (value, n))
		as image_alt_texts, o.id::text as key
from products_of_page o
cross join lateral (
	select o.id
	union all
	select v.id from products v where v.parent = o.id and not v.is_deleted) m
join products p on p.id = m.id
join stock k on k.product = p.id
order by o.id, p.parent is not null, p.position, p.created_at, p.id

-- name: feed_store :optional
-- A public store, and how many of its products lists show, counted up to $most.
select s.id, s.slug, s.name, s.description, (select count(*) from (
	select 1 from live_products l join products p on p.id = l.id
	where l.store = s.id and p.parent is null and p.listed limit $most::bigint) shown)::bigint as products
from stores s join live_stores v on v.id = s.id
where s.id = $store::uuid

-- name: feed_items :many
-- What is for sale: a variant is an item of its product's group, and has of the product what it has not itself. A sale
-- without an end, or that has no beginning, is shown while it is on.
with page as materialized (
	select p.id from live_products v
	join products p on p.id = v.id
	join products o on o.id = coalesce(p.parent, p.id)
	where v.store = $store::uuid and not v.has_variants and o.listed and p.price is not null
	order by p.id offset $skipped::bigint limit $rows::bigint
)
select p.id, o.id as product, o.slug, p.sku, coalesce(p.line_name, p.name) as title,
	left(coalesce(nullif(p.description, ''), o.description), 1500) as description, p.price, p.currency,
	case when (p.sale_from is not null and p.sale_to is not null)
		or price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) = p.sale_price then p.sale_price end
		as sale_price,
	to_char(p.sale_from at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as sale_from,
	to_char(p.sale_to at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"') as sale_to,
	(array['in_stock', 'in_stock', 'backorder', 'out_of_stock'])[1 + availability_rank(k.inventory_count,
		p.track_inventory, p.allow_backorder, p.low_stock_threshold,
		quantity_least(p.min_quantity, p.quantity_step))] as availability,
	o.brand, p.barcode, coalesce(nullif(p.mpn, ''), o.mpn) as mpn, o.condition,
	case when p.parent is not null then o.sku end as item_group, p.options::text as options,
	coalesce(p.weight, o.weight)::text as weight,
	(select string_agg(u.url, E'\n' order by u.n)
		from (
			select i.url, min(i.n) as n
			from (
				select coalesce(l.url, $media::text || '/' || l.file) as url,
					row_number() over (order by l.product <> p.id, l.position, l.id) as n
				from live_product_images l where l.product in (p.id, o.id)) i
			group by i.url) u) as images,
	(select string_agg(n.name, ' > ' order by n.n)
		from json_array_elements_text(category_names(o.category)) with ordinality n (name, n)) as category
from page
join products p on p.id = page.id
join stock k on k.product = p.id
join products o on o.id = coalesce(p.parent, p.id)
order by p.id

-- name: sitemap_urls :many
select p.id, p.slug, rfc3339(p.modified_at) as modified_at
from live_products v join products p on p.id = v.id
where v.store = $store::uuid and p.parent is null and p.listed
order by p.id offset $skipped::bigint limit $rows::bigint

-- What the public sees of each kind: rows that are live and belong to live ones. Dropped and recreated by every migrate
-- that changes them. Views, not functions: a cached plan holds them at no cost.

create or replace view live_stores as
select s.id from stores s
where is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);

-- Live, and so are all above it. A product needs no more of its category: it checks the store itself, and
-- product_categorize() accepts only categories that are global or the store's.
create or replace view own_live_categories as
select p.category as id from category_paths p
where is_live(p.is_closed, false, p.live_from, p.live_to);

-- A variant is live only if its parent is, in its category; its own conditions are separate.
create or replace view live_parents as
select p.id from products p
where p.parent is null and p.published and is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to)
	and (p.category is null or exists (select 1 from own_live_categories v where v.id = p.category));

create or replace view live_variants as
select p.id, p.parent, p.created_at, p.sku, p.name, p.slug, p.price, p.sale_price, p.sale_from, p.sale_to,
	price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) as current_price, p.compare_at_price, p.currency,
	k.inventory_count, availability_rank(k.inventory_count, p.track_inventory, p.allow_backorder, p.low_stock_threshold,
		quantity_least(p.min_quantity, p.quantity_step)) as availability,
	p.track_inventory, p.allow_backorder, p.min_quantity, p.max_quantity, p.quantity_step, p.weight, p.attributes,
	p.options, p.position, p.barcode
from products p join stock k on k.product = p.id
where p.parent is not null and p.published and is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to);

-- Visible products; parents of variants are among them and cannot be bought themselves.
create or replace view live_products as
select p.id, p.store, p.has_variants, p.price, p.min_quantity, p.max_quantity, p.quantity_step from products p
where p.published and is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to)
	and exists (select 1 from live_stores v where v.id = p.store)
	and (p.category is null or exists (select 1 from own_live_categories v where v.id = p.category))
	and (p.parent is null or exists (select 1 from live_parents v where v.id = p.parent));

create or replace view live_product_images as
select i.id, i.product, i.file, i.url, i.alt_text, i.position, i.width, i.height, i.sizes
from product_images i
where is_live(i.is_deleted, i.is_suspended, i.active_from, i.active_to);

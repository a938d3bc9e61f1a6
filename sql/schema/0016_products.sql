-- What products have in other shops: keys and barcodes, brand, tags, dimensions, drafts, data of staff; options of
-- variants.

alter table products
	alter column sku set default '', -- one is made of the id
	add column external_id text, -- its key in another system
	add column barcode text,
	add column mpn text not null default '',
	add column brand text not null default '',
	add column tags jsonb not null default '[]',
	add column length numeric, -- centimetres
	add column width numeric,
	add column height numeric,
	add column condition text not null default 'new',
	add column seo_title text not null default '',
	add column seo_description text not null default '',
	add column related jsonb not null default '[]', -- ids
	add column published boolean not null default true, -- false: a draft
	add column listed boolean not null default true, -- false: not in public lists
	add column metadata jsonb not null default '{}',
	-- [{"name": "Size", "values": ["S", "M"]}]; of a variant {"Size": "M"}
	add column options json not null default '[]',
	add column position integer not null default 0, -- of a variant
	add column line_name text, -- what lines of orders call a variant with options: "Shirt – Blue / M"
	add column has_variants boolean not null default false, -- also when they are deleted
	add column deleted_with uuid, -- the parent with which a variant was deleted
	add constraint products_barcode check (barcode ~ '^[0-9]{8}([0-9]{4,6})?$'),
	add constraint products_tags check (jsonb_typeof(tags) = 'array'),
	add constraint products_length check (length >= 0),
	add constraint products_width check (width >= 0),
	add constraint products_height check (height >= 0),
	add constraint products_condition check (condition in ('new', 'refurbished', 'used')),
	add constraint products_related check (jsonb_typeof(related) = 'array'),
	add constraint products_metadata_size check (octet_length(metadata::text) <= 16384);

update products p set has_variants = true where exists (select 1 from products v where v.parent = p.id);
update products set options = '{}' where parent is not null;

-- A SKU was unique in the whole shop, in its case; it is unique in its store, in any. Of two that differ in case alone
-- the later one gets a suffix.
update products set sku = btrim(sku) where sku <> btrim(sku);
drop index products_sku_key;
update products p set sku = left(p.sku, 240) || '-' || left(md5(p.id::text), 6)
from (
	select id, row_number() over (partition by store, lower(sku) order by created_at, id) as n
	from products where not is_deleted) same
where same.id = p.id and same.n > 1;
create unique index products_sku_key on products (lower(sku), store) where not is_deleted;
create unique index products_external_id_key on products (external_id, store) where not is_deleted;
create unique index products_options_key on products (parent, md5(options::text))
	where parent is not null and not is_deleted and options::text <> '{}';
create index products_barcode on products (barcode) where barcode is not null;
create index products_brand on products (brand, created_at);
create index products_tags on products using gin (tags) where tags <> '[]';

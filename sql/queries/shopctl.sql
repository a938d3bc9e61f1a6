-- Statements of shopctl. They run with the owner's rights.

-- name: admin_create :one
insert into users (email, name, password_hash, is_admin, is_staff)
values ($1, $2, $3, $4, not $4::boolean)
returning id;

-- name: demo_exists :one
select exists (select 1 from stores where slug = any ($1::text[]) and not is_deleted);

-- Of demo_…: $1 is an object of the demonstration catalogue, $2 the slug made from its name.

-- name: demo_store :one
insert into stores (name, slug, description, currency, timezone, prices_include_tax, contact_email, contact_phone,
	address)
select name, $2, description, currency, timezone, prices_include_tax, contact_email, contact_phone, address
from jsonb_populate_record(null::stores, $1::jsonb)
returning id;

-- name: demo_category :one
insert into categories (name, slug, description, position, store)
select name, $2, description, $3, (select id from stores where slug = $4 and not is_deleted)
from jsonb_populate_record(null::categories, $1::jsonb)
returning id;

-- name: demo_subcategory :one
insert into subcategories (name, slug, position, category)
select name, $2, $3, (select id from categories where slug = $4 and not is_deleted)
from jsonb_populate_record(null::subcategories, $1::jsonb)
returning id;

-- name: demo_product :one
-- $3: the store's slug, $4: its tax rate. No row when the product names a category or subcategory that there is not.
insert into products (sku, name, slug, description, store, category, subcategory, price, compare_at_price, tax_rate,
	weight, attributes)
select p.sku, p.name, $2, p.description, st.id, c.id, s.id, p.price, p.compare_at_price, $4, p.weight, p.attributes
from jsonb_populate_record(null::products, $1::jsonb - 'category' - 'subcategory') p
join stores st on st.slug = $3 and not st.is_deleted
join categories c on c.slug = $1::jsonb ->> 'category' and not c.is_deleted
left join subcategories s on s.category = c.id and s.slug = $1::jsonb ->> 'subcategory' and not s.is_deleted
where ($1::jsonb ? 'subcategory') = (s.id is not null)
returning id;

-- name: demo_variant :one
-- $3: the name behind the product's, $4: the product's id.
insert into products (sku, name, slug, description, store, category, subcategory, parent, price, tax_rate, weight,
	attributes)
select v.sku, $3, $2, p.description, p.store, p.category, p.subcategory, p.id, v.price, p.tax_rate, p.weight,
	v.attributes
from jsonb_populate_record(null::products, $1::jsonb) v
join products p on p.id = $4
returning id;

-- name: demo_stock :exec
insert into stock_movements (product, delta, reason)
values ($1, $2, 'opening stock');

-- name: demo_image :exec
insert into product_images (product, alt_text, file, width, height)
values ($1, $2, $3, $4, $5);

-- name: doctor_server :one
select current_user, current_setting('server_version_num'), current_setting('server_version'),
	(extract(epoch from clock_timestamp()) * 1000)::bigint, r.rolsuper
from pg_roles r
where r.rolname = current_user;

-- name: doctor_rights :many
select c.relname || '.' || a.attname || ': ' || v.verb
from (values
	('users', 'password_hash', 'select'), ('users', 'password_hash', 'update'),
	('sessions', 'token_hash', 'select'), ('orders', 'token_hash', 'select'),
	('audit_logs', 'new_data', 'insert'), ('audit_logs', 'new_data', 'update'),
	('stock', 'inventory_count', 'update'), ('schema_migrations', 'number', 'insert')) as v (tab, col, verb)
join pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = v.tab
join pg_attribute a on a.attrelid = c.oid and a.attname = v.col and not a.attisdropped
where has_column_privilege(c.oid, a.attnum, v.verb)
order by 1;

-- Statements of shopctl. They run with the owner's rights.

-- name: admin_create :one
insert into users (email, name, password_hash, is_admin, is_staff)
values ($1, $2, $3, $4, not $4::boolean)
returning id;

-- name: demo_exists :one
select exists (select 1 from stores where slug = any ($1::text[]) and not is_deleted);

-- name: demo_store :one
insert into stores (name, slug, description, currency, timezone, prices_include_tax, contact_email, contact_phone,
	address)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
returning id;

-- name: demo_category :one
insert into categories (name, slug, description, store, position)
values ($1, $2, $3, $4, $5)
returning id;

-- name: demo_subcategory :one
insert into subcategories (name, slug, category, position)
values ($1, $2, $3, $4)
returning id;

-- name: demo_product :one
insert into products (sku, name, slug, description, store, category, subcategory, parent, price, compare_at_price,
	tax_rate, weight, attributes)
values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)
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

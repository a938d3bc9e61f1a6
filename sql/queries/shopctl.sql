-- Statements of shopctl. They run with the owner's rights.

-- name: admin_create :one :writes
insert into users (email, name, password_hash, is_admin, is_staff)
values ($email::text, $name::text, $password_hash::text, $is_admin::boolean, not $is_admin)
returning id;

-- name: staff_of_email :optional
-- The user with that address; works: is staff or an admin.
select id, name, is_admin::boolean, (is_admin or is_staff)::boolean as works
from users
where lower(email) = lower($email::text) and not is_deleted;

-- name: password_reset :exec :writes
with ended as (
	delete from sessions where user_id = $user::uuid)
update users set password_hash = $password_hash::text where id = $user::uuid;

-- name: demo_exists :one
select exists (select 1 from stores where slug = any ($slugs::text[]) and not is_deleted)::boolean as is_there;

-- name: store_create :one :writes
-- $object has the columns below except slug, as in the API.
insert into stores (name, slug, description, currency, timezone, prices_include_tax, contact_email, contact_phone,
	address)
select name, $slug::text, description, currency, timezone, prices_include_tax, contact_email, contact_phone, address
from jsonb_populate_record(null::stores, $object::jsonb)
returning id;

-- In demo_…: $object is an object of the demonstration catalogue, $slug the slug of its name.

-- name: demo_category :one :writes
insert into categories (name, slug, description, position, store)
select name, $slug::text, description, $position::integer,
	(select id from stores where slug = $store_slug::text and not is_deleted)
from jsonb_populate_record(null::categories, $object::jsonb)
returning id;

-- name: demo_subcategory :one :writes
insert into categories (name, slug, position, parent)
select name, $slug::text, $position::integer, $category::uuid
from jsonb_populate_record(null::categories, $object::jsonb)
returning id;

-- name: demo_product :one :writes
-- No row if its category or subcategory does not exist.
insert into products (sku, name, slug, description, store, category, price, compare_at_price, tax_rate, weight,
	attributes, options)
select p.sku, p.name, $slug::text, p.description, st.id, coalesce(s.id, c.id), p.price, p.compare_at_price,
	$tax_rate::numeric, p.weight, p.attributes, coalesce(($object::jsonb -> 'options')::json, '[]')
from jsonb_populate_record(null::products, $object::jsonb - 'category' - 'subcategory') p
join stores st on st.slug = $store_slug::text and not st.is_deleted
join categories c on c.slug = $object::jsonb ->> 'category' and c.parent is null and not c.is_deleted
	and (c.store is null or c.store = st.id)
left join categories s on s.parent = c.id and s.slug = $object::jsonb ->> 'subcategory' and not s.is_deleted
where ($object::jsonb ? 'subcategory') = (s.id is not null)
returning id;

-- name: demo_variant :one :writes
-- $name is the full name, with the product's.
insert into products (sku, name, slug, description, store, parent, price, tax_rate, weight, options,
	position)
select v.sku, $name::text, $slug::text, p.description, p.store, p.id, v.price, p.tax_rate, p.weight,
	($object::jsonb -> 'options')::json, $position::integer
from jsonb_populate_record(null::products, $object::jsonb) v
join products p on p.id = $product::uuid
returning id;

-- name: demo_stock :exec :writes
insert into stock_movements (product, delta, reason)
values ($product::uuid, $delta::integer, 'opening stock');

-- name: demo_image :exec :writes
insert into product_images (product, alt_text, file, image, width, height)
values ($product::uuid, $alt_text::text, $file::text, $digest::text, $width::integer, $height::integer);

-- name: doctor_server :one :reusable
select current_user as role, current_setting('server_version_num')::integer as version_number,
	current_setting('server_version') as version, (extract(epoch from clock_timestamp()) * 1000)::bigint as clock_ms,
	r.rolsuper::boolean as is_superuser, pg_is_in_recovery()::boolean as is_standby,
	(current_setting('default_transaction_read_only') = 'on')::boolean as is_read_only,
	least(
		current_setting('max_connections')::bigint - current_setting('superuser_reserved_connections')::bigint
			- coalesce(current_setting('reserved_connections', true)::bigint, 0),
		nullif(r.rolconnlimit, -1)::bigint, nullif(d.datconnlimit, -1)::bigint)::bigint as connections
from pg_roles r, pg_database d
where r.rolname = current_user and d.datname = current_database();

-- name: search_prepare :exec :writes
select search_prepare();

-- name: doctor_search :one
select search_has_trigrams()::boolean as has_trigrams;

-- name: doctor_cron :one
select coalesce(extract(epoch from now() - max(h.started_at))::bigint, -1)::bigint as seconds_ago
from cron_history h;

-- name: doctor_additions :many
with functions as (
	select f.signature, split_part(f.signature, '(', 1) as name from schema_code c, unnest(c.functions) f (signature)
)
select 'the function ' || p.oid::regprocedure::text as name,
	'has the name of one of ours, and may be called in its place' as fault,
	format('rename it or drop it: drop function %s', p.oid::regprocedure) as fix
from pg_proc p
where p.pronamespace = 'public'::regnamespace and p.proname in (select f.name from functions f)
	and p.oid::regprocedure::text not in (select f.signature from functions f)
union all
select 'the table ' || c.relname, 'has row level security: rows are hidden from the programs',
	format('run: alter table %I disable row level security', c.relname)
from pg_class c
where c.relnamespace = 'public'::regnamespace and c.relrowsecurity
	and (c.relforcerowsecurity or not pg_has_role(c.relowner, 'usage'))
union all
select 'the table ' || r.tablename, format('has the rule %s, which changes what statements do', r.rulename),
	format('run: drop rule %I on %I', r.rulename, r.tablename)
from pg_rules r
where r.schemaname = 'public'
order by 1;

-- name: rights_held :many
-- Rights of the role, and of everyone, that sql/grants.sql gives and takes.
with held as (
	select case when c.relkind = 'v' then 'the view ' else 'the table ' end || c.relname as item, 'r' as kind,
		coalesce(c.relacl, acldefault('r', c.relowner)) as acl
	from pg_class c
	where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v')
	union all
	select format('the column %s of %s', a.attname, c.relname), 'c', a.attacl
	from pg_class c
	join pg_attribute a on a.attrelid = c.oid
	where c.relnamespace = 'public'::regnamespace and a.attnum > 0 and not a.attisdropped
	union all
	select 'the function ' || p.oid::regprocedure::text, 'f', coalesce(p.proacl, acldefault('f', p.proowner))
	from pg_proc p
	where p.pronamespace = 'public'::regnamespace
	union all
	select 'the schema public', 'n', n.nspacl from pg_namespace n where n.nspname = 'public'
	union all
	select 'the database', 'd', d.datacl from pg_database d where d.datname = current_database()
)
select h.item as item, coalesce((
	select string_agg(lower(x.privilege_type), ' ' order by x.grantee, x.privilege_type) from aclexplode(h.acl) x
	where x.grantee in (0, (select r.oid from pg_roles r where r.rolname = $role::text))), '')::text as rights
from held h
order by h.item;

-- name: doctor_rights :many
select c.relname || '.' || a.attname || ': ' || v.verb as right_held
from (values
	('users', 'password_hash', 'select'), ('users', 'password_hash', 'update'),
	('sessions', 'token_hash', 'select'), ('orders', 'token_hash', 'select'),
	('audit_logs', 'new_data', 'insert'), ('audit_logs', 'new_data', 'update'),
	('stock', 'inventory_count', 'update'), ('schema_migrations', 'number', 'insert')) as v (tab, col, verb)
join pg_class c on c.relnamespace = 'public'::regnamespace and c.relname = v.tab
join pg_attribute a on a.attrelid = c.oid and a.attname = v.col and not a.attisdropped
where has_column_privilege(c.oid, a.attnum, v.verb)
order by 1;

-- name: doctor_admin :one
select exists (select 1 from users where is_admin and not is_deleted)::boolean as is_there;

-- name: doctor_may_create :one
-- Before PostgreSQL 15 everybody may, where the schema does not belong to the tables' owner.
select has_schema_privilege('public', 'create')::boolean as may_create;

-- name: import_store :optional
-- The store of that slug or id.
select s.id, s.name from stores s
where (s.slug = $store::text or s.id::text = lower($store)) and not s.is_deleted;

-- name: import_try :one :writes
-- What this transaction imports will be rolled back.
select set_config('cgishop.import_is_tried', 'on', true) as is_tried;

-- name: import_products :one :writes
select catalogue_import($store::uuid, $items::jsonb, $slugs::jsonb, $options::jsonb)::text as outcomes;

-- name: import_categories :one :writes
select catalogue_import_categories($store::uuid, $items::jsonb, $slugs::jsonb)::text as outcomes;

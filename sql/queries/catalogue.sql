-- name: stock_move :exec :writes
insert into stock_movements (product, delta, reason) values ($product::uuid, $delta::integer, $reason::text)

-- name: stock_lock :exec
select stock_lock($product::uuid)

-- name: image_same :optional
-- The product's picture whose file has this digest.
select id from product_images where product = $product::uuid and image = $digest::text and not is_deleted

-- name: stock_set :exec :writes
-- $expected: a number, null for any.
select stock_set($product::uuid, $count::integer, $expected::text::integer, $reason::text)

-- name: product_ledger :optional
-- May the user, or an admin, see the ledger? No row: no such product, for them.
select ($is_admin::boolean or works_in_store($user::uuid, p.store))::boolean as may_see
from products p
where p.id = $product::uuid
	and ($is_admin or works_in_store($user, p.store) or exists (select 1 from live_products v where v.id = p.id))

-- name: store_members :one
-- May the user, or an admin, see them? The members, with the owner first, who need not be in the table.
select (works_in_store($user::uuid, s.id) or $is_admin::boolean)::boolean as may_see, (
	select coalesce(json_agg(row_to_json(shown) order by not shown.is_owner, shown.created_at, shown."user"), '[]')
	from (
		select u.id as "user", u.name, u.email, u.id is not distinct from s.owner as is_owner,
			rfc3339(m.created_at) as created_at
		from users u left join store_members m on m.user_id = u.id and m.store = s.id
		where u.id = s.owner or m.store is not null) shown) as members
from stores s
where s.id = $store::uuid and not s.is_deleted
	and ($is_admin or works_in_store($user, s.id) or exists (select 1 from live_stores v where v.id = s.id))

-- name: store_owned :one
select (owner is not distinct from $user::uuid)::boolean as is_owner from stores where id = $store::uuid

-- name: store_member_add :optional :writes
-- The member, and whether it is new. No row: not a member of staff. Admins can be added only by admins, so that adding
-- does not reveal who is one.
with person as (
	select u.id, u.name, u.email, m.created_at
	from users u left join store_members m on m.store = $store::uuid and m.user_id = u.id
	where u.id = $user::uuid and not u.is_deleted
		and (m.store is not null
			or case when $by_admin::boolean then u.is_staff or u.is_admin else u.is_staff and not u.is_admin end)
), added as (
	insert into store_members (store, user_id)
	select $store, p.id from person p
	on conflict (store, user_id) do nothing
	returning user_id, created_at
)
select (a.user_id is not null)::boolean as is_new, json_build_object('user', p.id, 'name', p.name, 'email', p.email,
	'is_owner', p.id is not distinct from s.owner,
	'created_at', rfc3339(coalesce(a.created_at, p.created_at))) as member
from stores s
join person p on true
left join added a on true
where s.id = $store

-- name: store_member_remove :one :writes
-- Was there such a member, and is it the owner, who cannot be removed?
with removed as (
	delete from store_members m where m.store = $store::uuid and m.user_id = $user::uuid
	returning user_id
)
select exists (select 1 from removed)::boolean as removed, (s.owner is not distinct from $user)::boolean as is_owner
from stores s
where s.id = $store

-- name: store_seller :one
-- The seller of a store as it will be: what is sent, null for what stays; and the state of India that the address
-- names.
select coalesce($country::text, s.address ->> 'country', '') as country,
	coalesce($tax_number::text, s.tax_number, '') as tax_number,
	coalesce(gst_state(coalesce($region::text, s.address ->> 'region')), '') as state
from (select $store::uuid as id) one left join stores s on s.id = one.id

-- name: timezone_known :one
-- Names with the same meaning on every machine.
select exists (
	select 1 from pg_timezone_names
	where name = $name::text and name !~ '^(posix/|right/|localtime$|posixrules$|Factory$)')::boolean as known

-- name: user_is_staff :one
select exists (select 1 from users where id = $user::uuid and (is_staff or is_admin) and not is_deleted)::boolean
	as is_staff

-- name: password_set :exec :writes
select password_set($user::uuid, $stored::text)

-- name: schema_state :one :reusable
select (select coalesce(max(number), 0) from schema_migrations)::integer as number,
	(select checksum from schema_code) as code,
	(pg_is_in_recovery() or current_setting('default_transaction_read_only') = 'on')::boolean as is_read_only

-- name: address_tax :optional
-- What the form of an address's tax number depends on.
select country, tax_id from addresses where id = $address::uuid and user_id = $user::uuid

-- name: category_store :optional
select store from categories where id = $category::uuid

-- name: category_tree :many :reusable
-- The categories that the caller may see, $levels of them, at most $most. `above` is the parent, if the caller sees it.
with seen as materialized (
	select c.id, c.parent, c.name, c.slug, c.store, c.position, c.image, l.is_live
	from categories c join category_paths k on k.category = c.id
	cross join lateral (select is_live(k.is_closed, false, k.live_from, k.live_to)
		and (c.store is null or c.store in (select v.id from live_stores v)) as is_live) l
	where not c.is_deleted and cardinality(k.path) <= $levels::integer
		and (c.store = $store::uuid or c.store is null or $store is null)
		and ($is_admin::boolean or l.is_live
			or ($is_staff::boolean and c.store in (
				select m.store from store_members m where m.user_id = $user::uuid
				union all select s.id from stores s where s.owner = $user)))
	limit $most::integer
)
-- Not a join, which is planned by what is known of the table: much, or nothing yet.
select s.id, case when s.parent in (select p.id from seen p) then s.parent end as above, s.name, s.slug, s.store,
	s.position::integer as position, s.image, s.is_live::boolean as is_live
from seen s
order by above nulls first, s.position, s.name, s.id

-- name: catalogue_bulk :one :writes
-- What became of each category and of each product, as catalogue_import() has it.
select categories, products from catalogue_bulk($user::uuid, $is_admin::boolean, $store::uuid,
	$categories::jsonb, $category_slugs::jsonb, $products::jsonb,
	$product_slugs::jsonb, $draft::boolean)

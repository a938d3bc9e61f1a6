-- name: stock_move :exec
insert into stock_movements (product, delta, reason) values ($1::uuid, $2::integer, $3)

-- name: store_members :many
select m.user_id, u.name, u.email, rfc3339(m.created_at), m.user_id is not distinct from s.owner
from stores s join store_members m on m.store = s.id join users u on u.id = m.user_id
where s.id = $1::uuid
order by m.created_at, m.user_id

-- name: store_member_add :one
-- Nothing for a user who is no staff; already a member is no error.
with added as (
	insert into store_members (store, user_id)
	select $1::uuid, u.id from users u where u.id = $2::uuid and (u.is_staff or u.is_admin) and not u.is_deleted
	on conflict (store, user_id) do nothing
)
select u.id, u.name, u.email from users u
where u.id = $2::uuid and (u.is_staff or u.is_admin) and not u.is_deleted

-- name: store_member_remove :exec
delete from store_members where store = $1::uuid and user_id = $2::uuid

-- name: timezone_known :one
select exists (select 1 from pg_timezone_names where name = $1)

-- Statements of setup.cgi. They run with the owner's rights.

-- name: setup_state :one
select (select count(*) from users where is_admin and not is_deleted)::bigint as admins,
	(select count(*) from stores where not is_deleted)::bigint as stores,
	(select count(*) from products where not is_deleted)::bigint as products,
	(select name from stores where not is_deleted order by id limit 1) as store;

-- name: setup_admin_proven :one
select exists (
	select 1 from users u
	where u.id = $user::uuid and u.is_admin and password_fits(u.password_hash, $proof::bytea))::boolean as proven;

-- What changes with the password of an administrator who may sign in; '' of anybody else.
-- name: setup_admin_mark :one
select coalesce((
	select encode(sha256(convert_to(u.password_hash, 'UTF8')), 'hex') from users u
	where u.id = $user::uuid and u.is_admin and user_may_sign_in(u)), '') as mark;

-- name: setup_time_zones :one
select string_agg(name, ' ' order by name) as names
from pg_timezone_names
where name ~ '^(Africa|America|Antarctica|Asia|Atlantic|Australia|Europe|Indian|Pacific)/';

-- What metrics read.

-- name: shop_figures :one
-- cron_age_s: -1 if it never ran. connections_max: the least of the server's, the database's and our role's limit.
select f.waiting::bigint, f.oldest_s::bigint, f.dead::bigint, f.attention::bigint, f.out_of_stock::bigint,
	coalesce(extract(epoch from now() - c.ended_at), -1)::bigint as cron_age_s,
	coalesce(c.failed_step = '', false)::boolean as cron_ok,
	(select count(*) from pg_stat_activity a where a.datname = current_database())::bigint as connections,
	least(current_setting('max_connections')::integer,
		(select nullif(r.rolconnlimit, -1) from pg_roles r where r.rolname = current_user),
		(select nullif(d.datconnlimit, -1) from pg_database d where d.datname = current_database()))::bigint
		as connections_max,
	pg_database_size(current_database())::bigint as bytes
from shop_figures() f
left join (select h.ended_at, h.failed_step from cron_history h
	where h.ended_at is not null order by h.started_at desc limit 1) c on true

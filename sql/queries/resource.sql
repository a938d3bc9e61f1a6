-- name: index_keys :many
-- What a unique index is of: one expression for each column, and the condition of its rows.
select pg_get_indexdef(i.indexrelid, k::integer, true)::text as expression,
	coalesce(pg_get_expr(i.indpred, i.indrelid, true), 'true')::text as condition
from pg_index i cross join generate_series(1, i.indnkeyatts) k
where i.indexrelid = to_regclass(quote_ident($index::text)) order by k

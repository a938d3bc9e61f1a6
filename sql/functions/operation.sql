-- Figures of a running shop, for metrics.

create or replace function shop_figures(out waiting bigint, out oldest_s bigint, out dead bigint,
	out attention bigint, out out_of_stock bigint)
language sql stable security definer set search_path = public, pg_temp as $$
	select
		(select count(*) from outbox b where b.status in ('queued', 'sending')),
		(select coalesce(greatest(extract(epoch from now() - min(b.created_at)), 0), 0)::bigint from outbox b
			where b.status in ('queued', 'sending')),
		(select count(*) from outbox b where b.status = 'dead'),
		(select count(*) from payments p where p.attention is not null),
		-- Parents of variants have no stock of their own.
		(select count(*) from live_products p
			where not p.has_variants
				and not exists (select 1 from stock s where s.product = p.id and s.inventory_count > 0))
$$;

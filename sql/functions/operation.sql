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
		(select count(*) from live_products l join products p on p.id = l.id join stock s on s.product = p.id
			where availability_rank(s.inventory_count, p.track_inventory, p.allow_backorder, p.low_stock_threshold,
					quantity_least(p.min_quantity, p.quantity_step)) = 3
				and not p.has_variants)
$$;

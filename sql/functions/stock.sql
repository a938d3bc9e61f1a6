-- Stock and its ledger.

-- What stock.sold_from is of a product without variants.
create or replace function stock_sold_from(is_tracked boolean, allows_backorder boolean, pieces_min integer)
returns integer
language sql immutable parallel safe as $$
	select case when is_tracked and not allows_backorder then pieces_min else -2000000000 end
$$;

-- The same of parents, whose variants' is up to date. They are locked after all variants, in order, also if another
-- variant makes no difference: of two that run out at once, the one that is seen second finds the first.
-- `limit 1` and not `exists`, of which the planner may make a table of all that is in stock.
create or replace function stock_parents_follow(which uuid[]) returns void
language plpgsql as $$
begin
	perform 1 from stock k where k.product = any (which) order by k.product for update;
	update stock k set sold_from = d.sold_from
	from (
		select p.id, coalesce((
			select -2000000000 from products v join stock s on s.product = v.id and not s.is_out
			where v.parent = p.id and v.published and is_live(v.is_deleted, v.is_suspended, v.active_from, v.active_to)
			limit 1), 2000000000) as sold_from
		from products p where p.id = any (which) and p.has_variants) d
	where k.product = d.id and k.sold_from <> d.sold_from;
end
$$;

-- After movements: parents of variants that ran out with them, or came back.
create or replace function stock_out_follow() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	parents constant uuid[] := array(
		select distinct p.parent
		from (select m.product, sum(m.delta) as delta from new_rows m group by m.product) m
		join stock k on k.product = m.product and k.is_out <> (k.inventory_count - m.delta < k.sold_from)
		join products p on p.id = m.product and p.parent is not null);
begin
	if parents <> '{}' then
		perform stock_parents_follow(parents);
	end if;
	return null;
end
$$;

-- Bring what stock has of products and of their variants up to date: the policy, what a shopper pays, and whether it is
-- out. The rows are locked first, as orders do it, parents last, so that what another transaction changes meanwhile is
-- seen by one of the two.
-- Without backorders what is owed already stays owed, but it grows no further.
create or replace function stock_follow(which uuid[]) returns void
language plpgsql as $$
declare
	parents uuid[];
begin
	select array_agg(l.product) filter (where l.has_variants) into parents
	from (
		select k.product, p.has_variants from stock k join products p on p.id = k.product
		where k.product = any (which) order by p.has_variants, k.product for update of k) l;
	update stock k set is_tracked = d.track_inventory, sold_from = coalesce(d.sold_from, k.sold_from),
		owed_max = case when d.allow_backorder then 1000000000 else greatest(0, -k.inventory_count) end,
		shop_price = coalesce(d.lowest, 'infinity'), shop_price_max = d.highest, price_changes_at = d.changes_at
	from (
		select p.id, p.track_inventory, p.allow_backorder, case when not p.has_variants then
				stock_sold_from(p.track_inventory, p.allow_backorder, quantity_least(p.min_quantity, p.quantity_step))
			end as sold_from,
			case when p.has_variants then v.lowest
				else price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) end as lowest,
			case when p.has_variants then v.highest
				else price_charged(p.price, p.sale_price, p.sale_from, p.sale_to) end as highest,
			least(v.changes_at, sale_changes_at(p.sale_price, p.sale_from, p.sale_to)) as changes_at
		from products p
		cross join lateral (
			select min(c.price) filter (where c.is_live) as lowest, max(c.price) filter (where c.is_live) as highest,
				min(least(sale_changes_at(x.sale_price, x.sale_from, x.sale_to), time_ahead(x.active_from),
					time_ahead(x.active_to))) filter (where not x.is_deleted) as changes_at
			from products x
			cross join lateral (select price_charged(x.price, x.sale_price, x.sale_from, x.sale_to) as price,
				x.published and is_live(x.is_deleted, x.is_suspended, x.active_from, x.active_to) as is_live) c
			where x.parent = p.id) v
		where p.id = any (which)) d
	where k.product = d.id;
	if parents is not null then
		perform stock_parents_follow(parents);
	end if;
end
$$;

-- The same where time has changed a price, or what variants are live, since: a number of rows, those that are due
-- longest first. Returns how many.
create or replace function shop_prices_refresh(count integer) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	due constant uuid[] := array(
		select k.product from stock k where k.price_changes_at <= now()
		order by k.price_changes_at limit shop_prices_refresh.count);
begin
	-- As who changes a product: its categories, which have its price too, must not change meanwhile.
	perform 1 from products p where p.id = any (due) order by p.id for share;
	perform stock_follow(due);
	return cardinality(due);
end
$$;

-- How available the best of a product's live variants is: availability_rank().
create or replace function variants_availability(which uuid) returns integer
language plpgsql stable parallel safe as $$
begin
	return coalesce((select min(v.availability) from live_variants v where v.parent = which), 3);
end
$$;

-- A time that is still to come.
create or replace function time_ahead(at timestamptz) returns timestamptz
language sql stable parallel safe as $$
	select nullif(greatest(at, now()), now())
$$;

-- When what is charged changes next; null: with time it does not.
create or replace function sale_changes_at(sale_price numeric, sale_from timestamptz, sale_to timestamptz)
returns timestamptz
language sql stable parallel safe as $$
	select case when sale_price is not null then least(time_ahead(sale_from), time_ahead(sale_to)) end
$$;

-- Movements of several products are one change: their rows are locked in order, as orders do it.
create or replace function stock_apply() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	refused_delta bigint;
begin
	perform 1 from stock s where s.product in (select m.product from new_rows m) order by s.product for update;
	with moved as materialized (select m.product, sum(m.delta) as delta from new_rows m group by m.product),
	applied as (
		update stock s set inventory_count = s.inventory_count + m.delta,
			owed_max = case when s.owed_max = 1000000000 then s.owed_max
				else least(s.owed_max, greatest(0, -(s.inventory_count + m.delta))) end
		from moved m
		where s.product = m.product and s.inventory_count + m.delta between -s.owed_max and 1000000000
		returning s.product)
	select m.delta into refused_delta from moved m where m.product not in (select a.product from applied a)
	order by m.product limit 1;
	if found then
		perform refuse('/delta', case when refused_delta < 0 then 'stock_min' else 'stock_max' end);
	end if;
	return null;
end
$$;

-- For callers that read the stock of a product before moving it. The product is locked first.
create or replace function stock_lock(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform 1 from stock s where s.product = which for update;
end
$$;

-- Set the stock of a product to what was counted, by a movement of the difference, unless it is not what was expected;
-- null: nothing was. The product is locked first.
create or replace function stock_set(which uuid, pieces integer, expected integer, reason text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	there stock;
begin
	select * into there from stock k where k.product = which for update;
	if there.inventory_count <> expected then
		perform deny('CS409', 'stock_differs', jsonb_build_object('count', there.inventory_count),
			jsonb_build_object('inventory_count', there.inventory_count));
	elsif pieces < -there.owed_max then
		perform refuse('/inventory_count', 'stock_min');
	elsif pieces <> there.inventory_count then
		insert into stock_movements (product, delta, reason)
		values (which, pieces - there.inventory_count, stock_set.reason);
	end if;
end
$$;

-- The stock of new products, which have no variants but those of the same statement.
create or replace function product_stock_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into stock (product, is_tracked, owed_max, sold_from, shop_price, shop_price_max, price_changes_at)
	select a.id, a.track_inventory, case when a.allow_backorder then 1000000000 else 0 end,
		stock_sold_from(a.track_inventory, a.allow_backorder, quantity_least(a.min_quantity, a.quantity_step)),
		coalesce(c.price, 'infinity'), c.price, sale_changes_at(a.sale_price, a.sale_from, a.sale_to)
	from new_rows a
	cross join lateral (select price_charged(a.price, a.sale_price, a.sale_from, a.sale_to) as price) c;
	if exists (select 1 from new_rows a where a.parent is not null) then
		perform stock_follow(array(select a.parent from new_rows a where a.parent is not null));
		perform products_touch(array(select a.parent from new_rows a where a.parent is not null));
	end if;
	return null;
end
$$;

-- After products were changed: their stock follows, and that of the parents that they have or had.
create or replace function product_stock_follow() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	-- Grouped, not joined: a plan of a join is kept, and that of one row compares each of many with each.
	changed constant uuid[] := array(
		select unnest(x.id || array_agg(x.parent))
		from (
			select r.id, r.parent, row(r.price, r.sale_price, r.sale_from, r.sale_to, r.track_inventory,
				r.allow_backorder, r.min_quantity, r.quantity_step, r.parent, r.is_deleted, r.is_suspended,
				r.active_from, r.active_to, r.published) as terms
			from (table new_rows union all table old_rows) r) x
		group by x.id having count(distinct x.terms) > 1);
begin
	if changed <> '{}' then
		perform stock_follow(changed);
	end if;
	if exists (select 1 from new_rows a where a.parent is not null)
		or exists (select 1 from old_rows b where b.parent is not null) then
		perform products_touch(array(
			select r.parent from (select a.parent from new_rows a union select b.parent from old_rows b) r
			where r.parent is not null));
	end if;
	return null;
end
$$;

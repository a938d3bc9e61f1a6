-- Stock and its ledger.

create or replace function stock_apply() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update stock s set inventory_count = s.inventory_count + new.delta
	where s.product = new.product and s.inventory_count::bigint + new.delta between 0 and 1000000000;
	if not found then
		perform refuse('/delta', case when new.delta < 0 then 'stock_min' else 'stock_max' end);
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

create or replace function product_stock_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into stock (product) values (new.id);
	return null;
end
$$;

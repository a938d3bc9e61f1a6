-- Stores, products and stock.

-- A membership has no id of its own: its changes are logged as changes of the store.
create or replace function store_members_audit() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		coalesce(new.store, old.store), to_jsonb(old), to_jsonb(new));
	return null;
end
$$;

-- May this user act within the store? Its owner is a member. Null (a global object): no.
create or replace function works_in_store(who uuid, which uuid) returns boolean
language plpgsql stable parallel safe cost 10 as $$
begin
	return exists (select 1 from store_members m where m.store = which and m.user_id = who)
		or exists (select 1 from stores s where s.id = which and s.owner = who);
end
$$;

-- Two series never share a number: the prefixes differ, and neither may become a former prefix of the other.
create or replace function store_check_prefixes() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if new.invoice_prefix = new.credit_note_prefix then
		perform refuse(case when tg_op = 'UPDATE' and new.credit_note_prefix = old.credit_note_prefix
				then '/invoice_prefix' else '/credit_note_prefix' end,
			'equal_prefixes');
	elsif tg_op = 'UPDATE' and new.invoice_prefix <> old.invoice_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'credit_note'
			and i.number ~ ('^' || new.invoice_prefix || '[0-9]+-')) then
		perform refuse('/invoice_prefix', 'prefix_of_credit_notes');
	elsif tg_op = 'UPDATE' and new.credit_note_prefix <> old.credit_note_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'invoice'
			and i.number ~ ('^' || new.credit_note_prefix || '[0-9]+-')) then
		perform refuse('/credit_note_prefix', 'prefix_of_invoices');
	end if;
	return new;
end
$$;

-- A store's step is a multiple of the currency's, so that rounded amounts can be charged.
create or replace function store_check_rounding() returns trigger
language plpgsql as $$
declare
	step constant numeric := currency_step(new.currency);
begin
	if new.rounding_step <= 0 or new.rounding_step % step <> 0 then
		perform refuse('/rounding_step', 'rounding_step', jsonb_build_object('step', step, 'currency', new.currency));
	end if;
	new.rounding_step := round(new.rounding_step, scale(step));
	return new;
end
$$;

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

-- Rules that need other rows: a product's store, category, subcategory and parent must match.
create or replace function product_check() returns trigger
language plpgsql as $$
declare
	decimals integer;
	parent products;
begin
	select s.currency into new.currency from stores s where s.id = new.store;
	decimals := currency_decimals(new.currency);
	perform refuse_all(money_refused('/price', new.price, new.currency)
		|| money_refused('/compare_at_price', new.compare_at_price, new.currency));
	new.price := round(new.price, decimals);
	new.compare_at_price := round(new.compare_at_price, decimals);
	if exists (select 1 from tax_classes c where c.id = new.tax_class and c.store <> new.store) then
		perform refuse('/tax_class', 'wrong_store');
	end if;
	if exists (select 1 from categories c where c.id = new.category and c.store <> new.store) then
		perform refuse('/category', 'wrong_store');
	end if;
	if new.subcategory is not null and not exists (
		select 1 from subcategories s where s.id = new.subcategory and s.category = new.category) then
		perform refuse('/subcategory', 'wrong_category');
	end if;
	if new.parent is not null then
		select * into parent from products p where p.id = new.parent for share;
		if parent.id = new.id or parent.parent is not null then
			perform refuse('/parent', 'nested_variant');
		elsif parent.store <> new.store then
			perform refuse('/parent', 'wrong_store');
		elsif tg_op = 'UPDATE' and exists (select 1 from products v where v.parent = new.id) then
			perform refuse('/parent', 'variants_of_its_own');
		end if;
	end if;
	return new;
end
$$;

-- What distinguishes a variant from its siblings: its attributes that a sibling lacks or has with another value; for an
-- only variant, compared with its parent. Nothing for a product that is not a variant. Only short texts, numbers and
-- booleans: what people choose by.
create or replace function product_options(p products) returns jsonb
language plpgsql stable as $$
declare
	others jsonb[];
begin
	if p.parent is null then
		return '{}';
	end if;
	select array_agg(s.attributes) into others
	from products s where s.parent = p.parent and s.id <> p.id and not s.is_deleted;
	if others is null then
		others := array(select o.attributes from products o where o.id = p.parent);
	end if;
	return (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from jsonb_each(p.attributes) a
		where a.key <> 'hsn' and jsonb_typeof(a.value) in ('string', 'number', 'boolean')
		and length(a.value::text) <= 100
			and exists (select 1 from unnest(others) o where o -> a.key is distinct from a.value));
end
$$;

-- Products and their variants.

-- A SKU for a product that was given none, short enough to be read out: 48 bits of its id in Crockford's base 32, which
-- has neither I, L, O nor U.
create or replace function sku_of(id uuid) returns text
language sql immutable parallel safe as $$
	select overlay(string_agg(substr('0123456789ABCDEFGHJKMNPQRSTVWXYZ',
		(('x' || right(sku_of.id::text, 12))::bit(48)::bigint >> (45 - 5 * i) & 31)::integer + 1, 1), '' order by i)
		placing '-' from 6 for 0)
	from generate_series(0, 9) i
$$;

-- Which of the related products does not exist in the store? Those that were there before may be deleted since.
create or replace function related_refused(p products, before jsonb) returns refusal[]
language plpgsql stable as $$
begin
	return (select array_agg((refused('/related/' || r.n - 1, case when r.id::uuid = p.id then 'related_to_itself'
			else 'not_found' end))[1])
		from jsonb_array_elements_text(p.related) with ordinality r (id, n)
		where r.id::uuid = p.id or not coalesce(before, '[]') ? r.id and not exists (
			select 1 from products o where o.id = r.id::uuid and o.store = p.store and not o.is_deleted));
end
$$;

-- Those of the related products that the public may see.
create or replace function related_live(related jsonb) returns jsonb
language plpgsql stable as $$
begin
	return (select coalesce(jsonb_agg(r.id order by r.n), '[]')
		from jsonb_array_elements_text(related) with ordinality r (id, n) join live_products p on p.id = r.id::uuid);
end
$$;

-- Rules that need other rows: a product's store, category, subcategory and parent must match.
create or replace function product_check() returns trigger
language plpgsql as $$
declare
	decimals integer;
begin
	select s.currency into new.currency from stores s where s.id = new.store;
	decimals := currency_decimals(new.currency);
	perform refuse_all(money_refused('/price', new.price, new.currency)
		|| money_refused('/compare_at_price', new.compare_at_price, new.currency));
	new.price := round(new.price, decimals);
	new.compare_at_price := round(new.compare_at_price, decimals);
	new.sku := coalesce(nullif(new.sku, ''), sku_of(new.id));
	new.external_id := nullif(new.external_id, '');
	new.barcode := nullif(new.barcode, '');
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
	if new.related <> '[]' then
		perform refuse_all(related_refused(new, case when tg_op = 'UPDATE' then old.related end));
	end if;
	if new.parent is not null then
		perform product_check_parent(new, tg_op = 'UPDATE');
		new.options := '{}';
	end if;
	return new;
end
$$;

-- The rules of a variant.
create or replace function product_check_parent(p products, is_update boolean) returns void
language plpgsql as $$
declare
	parent products;
begin
	select * into parent from products o where o.id = p.parent for share;
	if parent.id = p.id or parent.parent is not null then
		perform refuse('/parent', 'nested_variant');
	elsif parent.store <> p.store then
		perform refuse('/parent', 'wrong_store');
	elsif is_update and exists (select 1 from products v where v.parent = p.id) then
		perform refuse('/parent', 'variants_of_its_own');
	end if;
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

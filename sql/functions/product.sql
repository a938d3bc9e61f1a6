-- Products and their variants.

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

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

-- What is wrong with the prices and the quantities of a product.
create or replace function product_terms_refused(p products) returns refusal[]
language plpgsql stable as $$
declare
	pieces_min constant integer := quantity_least(p.min_quantity, p.quantity_step);
begin
	return money_refused('/price', p.price, p.currency)
		|| money_refused('/compare_at_price', p.compare_at_price, p.currency)
		|| money_refused('/sale_price', p.sale_price, p.currency)
		|| money_refused('/cost_price', p.cost_price, p.currency)
		|| case when p.sale_price is not null and coalesce(p.sale_price >= p.price, true) then
			refused('/sale_price', 'sale_price') end
		|| case when p.sale_from >= p.sale_to then refused('/sale_to', 'ends_before_start') end
		|| case when p.max_quantity < pieces_min then
			refused('/max_quantity', 'quantity_bounds', jsonb_build_object('min', pieces_min)) end;
end
$$;

-- The detail of products has changed with their variants or pictures: so does modified_at, by which other systems see
-- it.
create or replace function products_touch(which uuid[]) returns void
language plpgsql as $$
begin
	perform 1 from products p where p.id = any (which) and p.modified_at < now() order by p.id for no key update;
	update products p set has_variants = p.has_variants where p.id = any (which) and p.modified_at < now();
end
$$;

-- After pictures were added or changed; not when smaller ones of them were made (image_untouched()).
create or replace function product_images_follow() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform products_touch(array(select distinct i.product from new_rows i where i.modified_at = now()));
	return null;
end
$$;

-- Rules that need other rows: its store, tax class, related products and parent. Its categories: product_categorize().
create or replace function product_check() returns trigger
language plpgsql as $$
declare
	decimals integer;
	errors refusal[];
begin
	if new.store is null then
		select p.store into new.store from products p where p.id = new.parent;
	end if;
	select s.currency into new.currency from stores s where s.id = new.store;
	decimals := currency_decimals(new.currency);
	errors := product_terms_refused(new);
	if errors is not null then
		perform refuse_all(errors);
	end if;
	new.price := round(new.price, decimals);
	new.compare_at_price := round(new.compare_at_price, decimals);
	new.sale_price := round(new.sale_price, decimals);
	new.cost_price := round(new.cost_price, decimals);
	new.sku := coalesce(nullif(new.sku, ''), sku_of(new.id));
	new.external_id := nullif(new.external_id, '');
	new.barcode := nullif(new.barcode, '');
	if new.tax_class is not null then
		perform refuse('/tax_class', 'wrong_store')
		from tax_classes c where c.id = new.tax_class and c.store <> new.store;
	end if;
	if new.related <> '[]' then
		perform refuse_all(related_refused(new, case when tg_op = 'UPDATE' then old.related end));
	end if;
	if new.parent is null then
		return product_as_parent(new, case when tg_op = 'UPDATE' then old end);
	end if;
	return product_as_variant(new, case when tg_op = 'UPDATE' then old end);
end
$$;

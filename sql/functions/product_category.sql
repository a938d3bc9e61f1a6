-- The categories that a product is in.

-- A primary category as the API shows it, by the nearest two levels: one without a parent has no subcategory.
create or replace function product_levels(primary_category uuid, out category uuid, out subcategory uuid)
language plpgsql stable as $$
begin
	select coalesce(p.parent, p.category), case when p.parent is not null then p.category end
	into product_levels.category, product_levels.subcategory
	from category_paths p where p.category = primary_category;
end
$$;

-- A category that a client names for a product of a store.
create or replace function product_category_refused(pointer text, id uuid, store uuid) returns refusal[]
language plpgsql stable as $$
declare
	home categories;
begin
	if id is null then
		return null;
	end if;
	select * into home from categories c where c.id = product_category_refused.id and not c.is_deleted;
	return case when home is null then refused(pointer, 'not_found')
		when home.store <> product_category_refused.store then refused(pointer, 'wrong_store') end;
end
$$;

-- The categories that a product gets from what was sent of the members category, subcategory and categories; `now` are
-- those that it has. The first two replace the primary one and keep the others. `categories` that are sent unchanged
-- beside them are not meant: an object that was read can be sent back with another category.
create or replace function product_categories_sent(store uuid, sent jsonb, now jsonb) returns jsonb
language plpgsql stable as $$
declare
	shown constant record := product_levels((now ->> 0)::uuid);
	is_moved constant boolean := sent ? 'category' and (sent ->> 'category')::uuid is distinct from shown.category;
	is_parted constant boolean :=
		sent ? 'subcategory' and (sent ->> 'subcategory')::uuid is distinct from shown.subcategory;
	wanted constant jsonb := nullif(sent -> 'categories', now);
	category uuid := case when sent ? 'category' then (sent ->> 'category')::uuid else shown.category end;
	subcategory uuid := case when sent ? 'subcategory' then (sent ->> 'subcategory')::uuid
		when not is_moved then shown.subcategory end;
begin
	if not is_moved and not is_parted then
		return coalesce(wanted, now);
	end if;
	perform refuse_all(case when is_moved then product_category_refused('/category', category, store) end
		|| case when is_parted then product_category_refused('/subcategory', subcategory, store) end);
	if subcategory is not null and not exists (select 1 from categories c
		where c.id = subcategory and c.parent = category) then
		perform refuse('/subcategory', 'wrong_category');
	end if;
	category := coalesce(subcategory, category);
	if wanted is not null and wanted ->> 0 is distinct from category::text then
		perform refuse('/categories', 'primary_category');
	end if;
	return coalesce(wanted, case when category is null then '[]'
		else jsonb_build_array(category) || (now - 0 - category::text) end);
end
$$;

-- Refuse categories that a product of the store cannot have; those that it has are not looked at again. The others stay
-- until the transaction ends.
-- One at a time: a list of them would be planned at each call.
create or replace function product_categories_lock(store uuid, wanted jsonb, now jsonb) returns void
language plpgsql as $$
declare
	errors refusal[];
	added uuid;
	n integer := 0;
begin
	if jsonb_array_length(wanted) > 50 then
		perform refuse('/categories', 'max_items', '{"max": 50}');
	end if;
	perform category_tree_keep();
	while n < jsonb_array_length(wanted) loop
		if not now ? (wanted ->> n) then
			added := wanted ->> n;
			perform 1 from categories c where c.id = added and not c.is_deleted
				and (c.store is null or c.store = product_categories_lock.store);
			if not found then
				errors := errors || product_category_refused('/categories/' || n, added, store);
			end if;
		end if;
		n := n + 1;
	end loop;
	perform refuse_all(errors);
end
$$;

-- A variant has its parent's categories: those may be sent, or none.
create or replace function variant_categories_refused(parent uuid, sent jsonb) returns refusal[]
language plpgsql stable as $$
declare
	of_parent constant jsonb := (select o.categories from products o where o.id = variant_categories_refused.parent);
	shown constant record := product_levels((of_parent ->> 0)::uuid);
begin
	return case when sent -> 'categories' not in ('[]', of_parent) then refused('/categories', 'follows_parent') end
		|| case when (sent ->> 'category')::uuid is distinct from shown.category and sent ->> 'category' is not null
			then refused('/category', 'follows_parent') end
		|| case when (sent ->> 'subcategory')::uuid is distinct from shown.subcategory
			and sent ->> 'subcategory' is not null then refused('/subcategory', 'follows_parent') end;
end
$$;

-- `categories` is an array of ids, or an object with what a client sent of the three members. `category` is the first
-- of them; if only it is written, it replaces the first.
create or replace function product_categorize() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	now constant jsonb := case when tg_op = 'UPDATE' then old.categories else '[]' end;
	sent constant jsonb := case when jsonb_typeof(new.categories) = 'object' then new.categories
		when new.categories <> now then jsonb_build_object('categories', new.categories)
		when new.category::text is distinct from now ->> 0 then jsonb_build_object('category', new.category)
		else '{}' end;
	wanted jsonb := now;
begin
	if new.parent is not null then
		if sent <> '{}' then
			perform refuse_all(variant_categories_refused(new.parent, sent));
		end if;
		wanted := '[]';
	elsif tg_op = 'UPDATE' and old.parent is not null and sent = '{}' then
		wanted := (select p.categories from products p where p.id = old.parent);
	elsif sent ?| array['category', 'subcategory'] then
		wanted := product_categories_sent(new.store, sent, now);
	elsif sent <> '{}' then
		wanted := sent -> 'categories';
	end if;
	if wanted <> now then
		perform product_categories_lock(new.store, wanted, now);
	end if;
	if tg_op = 'UPDATE' and old.is_deleted and not new.is_deleted and wanted <> '[]' then
		wanted := (select coalesce(jsonb_agg(i.id order by i.n), '[]')
			from jsonb_array_elements_text(wanted) with ordinality i (id, n)
			join categories c on c.id = i.id::uuid and not c.is_deleted);
		-- As product_categories_replace() does it with those that were not deleted meanwhile.
		new.published := new.published
			and (wanted ? (now ->> 0) is not false or not category_is_hidden((now ->> 0)::uuid));
	end if;
	new.categories := wanted;
	new.category := wanted ->> 0;
	return new;
end
$$;

-- Keep product_categories: a product's own categories, with their position, and those above them, without.
create or replace function product_categories_keep() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	before constant jsonb := case when tg_op = 'UPDATE' then old.categories else '[]' end;
	own uuid[];
	every uuid[];
	lowest numeric;
begin
	if new.categories = before then
		return null;
	end if;
	own := array(select i::uuid from jsonb_array_elements_text(new.categories) i);
	perform category_tree_keep();
	every := array(select distinct unnest(k.path) from category_paths k where k.category = any (own));
	if tg_op = 'INSERT' then
		lowest := coalesce(price_charged(new.price, new.sale_price, new.sale_from, new.sale_to), 'infinity');
	else
		select k.shop_price into lowest from stock k where k.product = new.id;
		delete from product_categories c where c.product = new.id and c.category <> all (every);
	end if;
	insert into product_categories as c (product, category, position, created_at, shop_price)
	select new.id, e, array_position(own, e) - 1, new.created_at, lowest from unnest(every) e
	on conflict on constraint product_categories_pkey do update set position = excluded.position
	where c.position is distinct from excluded.position;
	return null;
end
$$;

-- The same after categories were moved: their products leave some above them and come below others.
create or replace function product_categories_move(moved uuid[], gone uuid[], come uuid[]) returns void
language plpgsql as $$
begin
	if gone <> '{}' then
		delete from product_categories c
		where c.category = any (gone) and c.position is null
			and c.product in (select o.product from product_categories o
				where o.category = any (moved) and o.position is not null)
			and not exists (
				select 1 from product_categories o join category_paths k on k.category = o.category
				where o.product = c.product and o.position is not null and c.category = any (k.path));
	end if;
	if come <> '{}' then
		insert into product_categories (product, category, created_at, shop_price)
		select o.product, a.category, o.created_at, o.shop_price
		from product_categories o join category_paths k on k.category = o.category
		cross join unnest(k.path) a (category)
		where o.category = any (moved) and o.position is not null and a.category = any (come)
		on conflict on constraint product_categories_pkey do nothing;
	end if;
end
$$;

-- What a shopper pays, in product_categories as in stock.
create or replace function stock_price_follow() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update product_categories c set shop_price = new.shop_price where c.product = new.product;
	return null;
end
$$;

-- Replace categories of all products that have them, by another one or by none. Deleted products keep those for which
-- there is no other: restoring one leaves out the deleted ones. A product whose primary one is `closed` becomes a
-- draft.
create or replace function product_categories_replace(gone uuid[], target uuid, closed uuid[] default '{}')
returns void
language plpgsql as $$
begin
	update products p set published = p.published and not coalesce(p.category = any (closed), false), categories = (
		select coalesce(jsonb_agg(k.id order by k.n), '[]')
		from (
			select case when i.id::uuid = any (gone) then target else i.id::uuid end as id, min(i.n) as n
			from jsonb_array_elements_text(p.categories) with ordinality i (id, n) group by 1) k
		where k.id is not null)
	from (
		select o.id from products o
		where o.id in (select c.product from product_categories c
				where c.category = any (gone) and c.position is not null)
			and (target is not null or not o.is_deleted)
		order by o.id for no key update) locked
	where p.id = locked.id;
end
$$;

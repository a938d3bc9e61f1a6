-- Categories: the tree that they are, and what becomes of a category's contents.

-- Is this transaction one of shopctl import --dry-run?
create or replace function import_is_tried() returns boolean
language plpgsql stable as $$
begin
	return coalesce(current_setting('cgishop.import_is_tried', true), '') = 'on';
end
$$;

-- One change of the tree at a time, until the transaction ends: of two moves at once each would see the tree without
-- the other, and both together could make a circle. An import that is only tried is rolled back, and keeps nobody
-- waiting.
create or replace function category_tree_lock() returns void
language plpgsql as $$
begin
	if import_is_tried() then
		return;
	end if;
	perform pg_advisory_xact_lock(hashtextextended('the tree of categories', 0));
end
$$;

-- The same lock, shared, of those who put products in categories, before they lock a product: a change of the tree
-- waits, and then finds the product; it locks categories before products.
create or replace function category_tree_keep() returns void
language plpgsql as $$
begin
	if import_is_tried() then
		return;
	end if;
	perform pg_advisory_xact_lock_shared(hashtextextended('the tree of categories', 0));
end
$$;

-- Would a move or a deletion of a category by staff undo what an administrator has suspended: it, or one above it?
create or replace function category_suspension_keep(before categories, after categories) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if (after.parent is distinct from before.parent or after.is_deleted and not before.is_deleted)
		and not acts_as_admin() and exists (
		select 1 from category_paths p join categories c on c.id = any (p.path)
		where p.category = before.id and c.is_suspended and is_suspended_by_admin('categories', c.id)) then
		perform deny('CS403', 'category_suspended');
	end if;
end
$$;

-- Is a category hidden by a suspension or by its time, its own or of one above it, whether or not it is deleted?
create or replace function category_is_hidden(which uuid) returns boolean
language plpgsql stable as $$
begin
	return exists (
		select 1 from category_paths p join categories c on c.id = any (p.path)
		where p.category = which and not is_live(false, c.is_suspended, p.live_from, p.live_to));
end
$$;

-- A new category below one of a store is the store's too.
create or replace function category_check() returns trigger
language plpgsql as $$
begin
	perform category_tree_lock();
	if tg_op = 'UPDATE' then
		perform category_suspension_keep(old, new);
	end if;
	if tg_op = 'INSERT' then
		new.store := coalesce(new.store, (select c.store from categories c where c.id = new.parent));
	end if;
	new.external_id := nullif(new.external_id, '');
	if not new.is_deleted then
		new.deleted_with := null;
	end if;
	return new;
end
$$;

-- A category and those below it, as category_paths has them; without regard to what it has now, which may be outdated.
create or replace function category_branch(root uuid) returns setof category_paths
language sql stable as $$
	with recursive above as (
		select c.id, c.parent, c.active_from, c.active_to, c.is_deleted or c.is_suspended as is_closed, 1 as n
		from categories c where c.id = root
		union all
		select c.id, c.parent, c.active_from, c.active_to, c.is_deleted or c.is_suspended, a.n + 1
		from above a join categories c on c.id = a.parent where a.n <= 10
	), below as (
		select root as id, (array_agg(a.id order by a.n))[2] as parent, array_agg(a.id order by a.n desc) as path,
			bool_or(a.is_closed) as is_closed, max(a.active_from) as live_from, min(a.active_to) as live_to
		from above a
		union all
		select c.id, c.parent, b.path || c.id, b.is_closed or c.is_deleted or c.is_suspended,
			greatest(b.live_from, c.active_from), least(b.live_to, c.active_to)
		from below b join categories c on c.parent = b.id where cardinality(b.path) <= 10
	)
	select b.id, b.parent, b.path, b.is_closed, b.live_from, b.live_to from below b
$$;

-- Refuse a place that a category cannot have: where the tree would be a circle or too deep, or below one of another
-- store or a deleted one.
create or replace function category_place_refuse(c categories, deepest integer, is_circle boolean) returns void
language plpgsql stable as $$
declare
	parent categories;
begin
	select * into parent from categories k where k.id = c.parent;
	if is_circle then
		perform refuse('/parent', 'category_circle');
	elsif deepest > 10 then
		perform refuse('/parent', 'category_depth', '{"max": 10}');
	elsif parent.store is not null and parent.store is distinct from c.store then
		perform refuse('/parent', 'wrong_store');
	end if;
end
$$;

-- Keep category_paths: of the category that is written and, when it moves, opens or closes, of all below it, whose
-- products move with it.
create or replace function category_place() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	tree category_paths[];
	moved uuid[];
	gone uuid[];
	come uuid[];
	is_moved constant boolean := tg_op = 'INSERT' or new.parent is distinct from old.parent;
	is_restored constant boolean := tg_op = 'UPDATE' and old.is_deleted and not new.is_deleted;
begin
	tree := array(select t from category_branch(new.id) t);
	if is_moved then
		perform category_place_refuse(new, (select max(cardinality(t.path)) from unnest(tree) t),
			(select bool_or(t.category = any (t.path[:cardinality(t.path) - 1])) from unnest(tree) t));
	end if;
	if (is_moved or is_restored) and exists (select 1 from categories c where c.id = new.parent and c.is_deleted) then
		if is_restored then
			perform deny('CS409', 'parent_deleted');
		end if;
		perform refuse('/parent', 'not_found');
	end if;
	moved := array(select t.category from unnest(tree) t join category_paths k on k.category = t.category
		where k.path <> t.path);
	gone := array(select distinct a from unnest(tree) t join category_paths k on k.category = t.category
		cross join unnest(k.path) a where a <> all (t.path));
	come := array(select distinct a from unnest(tree) t join category_paths k on k.category = t.category
		cross join unnest(t.path) a where a <> all (k.path));
	insert into category_paths as k
	select t.category, t.parent, t.path, t.is_closed, t.live_from, t.live_to from unnest(tree) t
	on conflict on constraint category_paths_pkey do update
	set parent = excluded.parent, path = excluded.path, is_closed = excluded.is_closed, live_from = excluded.live_from,
		live_to = excluded.live_to
	where (k.parent, k.path, k.is_closed, k.live_from, k.live_to)
		is distinct from (excluded.parent, excluded.path, excluded.is_closed, excluded.live_from, excluded.live_to);
	if moved <> '{}' then
		perform product_categories_move(moved, gone, come);
	end if;
	if is_restored then
		update categories set is_deleted = false where deleted_with = new.id and is_deleted;
	end if;
	return null;
end
$$;

-- The categories that are named, by ids or slugs with commas between.
create or replace function categories_named(names text) returns uuid[]
language plpgsql stable as $$
begin
	return array(
		select c.id from categories c
		where not c.is_deleted and (c.slug = any (string_to_array(names, ',')) or c.id = any (array(
			select n::uuid from unnest(string_to_array(names, ',')) n
			where n ~ '^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$'))));
end
$$;

-- Delete a category, and say what becomes of its products and of the categories below it: they go to `target`; or, with
-- `force`, the categories are deleted with it and the products lose them all; or there must be none. The tree is locked
-- first.
create or replace function category_delete(which uuid, target uuid, force boolean) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	branch constant uuid[] := array(select p.category from category_paths p where p.path @> array[which]);
	closed constant uuid[] := array(select b from unnest(branch) b
		where not exists (select 1 from own_live_categories v where v.id = b));
	children bigint;
	goods bigint;
	contents jsonb;
begin
	if target is null and not force then
		select count(*) into children from categories c where c.parent = which and not c.is_deleted;
		select count(*) into goods from product_categories i join products p on p.id = i.product
		where i.category = which and not p.is_deleted;
		contents := jsonb_build_object('children', children, 'products', goods);
		if children > 0 or goods > 0 then
			perform deny('CS409', 'category_in_use', contents, jsonb_build_object('contents', contents));
		end if;
	end if;
	update categories c set is_deleted = true where c.id = which;
	if target is not null then
		perform category_move_contents(which, target);
	elsif force then
		update categories c set is_deleted = true, deleted_with = which where c.id = any (branch) and not c.is_deleted;
		perform product_categories_replace(branch, null, closed);
	end if;
end
$$;

-- Names and slugs are unique among those beside each other: what moves must fit.
create or replace function category_move_contents(which uuid, target uuid) returns void
language plpgsql as $$
declare
	moved categories;
	home categories;
	clash text;
begin
	select * into moved from categories c where c.id = which;
	select * into home from categories c where c.id = target and not c.is_deleted for share;
	if exists (select 1 from category_paths p where p.category = target and p.path @> array[which]) then
		perform refuse('move_to', 'category_circle');
	elsif home is null then
		perform refuse('move_to', 'not_found');
	elsif home.store is not null and home.store is distinct from moved.store then
		perform refuse('move_to', 'wrong_store');
	end if;
	select c.name into clash
	from categories c join categories o on o.parent = target and o.store is not distinct from c.store
		and (lower(normalize(o.name)) = lower(normalize(c.name)) or o.slug = c.slug)
	where c.parent = which and not c.is_deleted and not o.is_deleted
	order by c.position, c.name limit 1;
	if clash is not null then
		perform deny('CS409', 'category_name_taken', jsonb_build_object('name', clash));
	end if;
	update categories c set parent = target where c.parent = which and not c.is_deleted;
	perform product_categories_replace(array[which], target);
end
$$;

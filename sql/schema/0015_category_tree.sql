-- Categories as a tree, and products in several of them.

-- A subcategory is a category with a parent.
alter table categories
	add column parent uuid,
	add column image text,
	add column seo_title text not null default '',
	add column seo_description text not null default '',
	add column external_id text,  -- of another system, such as an import's
	add column deleted_with uuid, -- the category with whose deletion it went, and with which it is restored
	add constraint categories_parent_fkey foreign key (parent) references categories;

drop index categories_slug_key; -- unique in the whole shop, apart from the subcategories'
insert into categories (id, created_at, modified_at, created_by, modified_by, is_deleted, status, comments,
	active_from, active_to, is_suspended, name, slug, description, store, position, parent)
select s.id, s.created_at, s.modified_at, s.created_by, s.modified_by, s.is_deleted, s.status, s.comments,
	s.active_from, s.active_to, s.is_suspended, s.name, s.slug, s.description, c.store, s.position, c.id
from subcategories s join categories c on c.id = s.category;

-- Names are unique among siblings from now on: the older one keeps a name that several have.
do $$
declare
	tries integer := 1;
begin
	loop
		update categories c set name = left(c.name, 240) || ' (' || r.nth + tries - 1 || ')'
		from (select k.id, row_number() over (partition by k.store, k.parent, lower(normalize(k.name))
				order by k.created_at, k.id) as nth
			from categories k where not k.is_deleted) r
		where r.id = c.id and r.nth > 1;
		exit when not found;
		tries := tries + 1;
	end loop;
end
$$;

-- Siblings have one store, or none, and one parent, or none.
create unique index categories_slug_key on categories (
	coalesce(store, '00000000-0000-0000-0000-000000000000'), coalesce(parent, '00000000-0000-0000-0000-000000000000'),
	slug) where not is_deleted;
create unique index categories_name_key on categories (
	coalesce(store, '00000000-0000-0000-0000-000000000000'), coalesce(parent, '00000000-0000-0000-0000-000000000000'),
	lower(normalize(name))) where not is_deleted;
create unique index categories_external_id_key on categories (
	coalesce(store, '00000000-0000-0000-0000-000000000000'), external_id) where not is_deleted;
create index categories_external_id on categories (external_id) where external_id is not null;
create index categories_slug on categories (slug);
create index categories_parent on categories (parent, position, name, id);
create index categories_deleted_with on categories (deleted_with) where deleted_with is not null;

-- Where a category is and whether its branch is open, with all above it: kept by category_place(). Not in categories:
-- suspending or moving one changes this of all below it, which are not changed themselves.
create table category_paths (
	category uuid not null,
	parent uuid,
	path uuid[] not null, -- from the root to itself
	is_closed boolean not null, -- deleted or suspended, or one above it is
	live_from timestamptz, -- the latest active_from, and the earliest active_to
	live_to timestamptz,
	constraint category_paths_pkey primary key (category),
	constraint category_paths_category_fkey foreign key (category) references categories on delete cascade
);
create index category_paths_path on category_paths using gin (path);

insert into category_paths (category, parent, path, is_closed, live_from, live_to)
with recursive tree as (
	select c.id, c.parent, array[c.id] as path, c.is_deleted or c.is_suspended as is_closed, c.active_from as live_from,
		c.active_to as live_to
	from categories c where c.parent is null
	union all
	select c.id, c.parent, t.path || c.id, t.is_closed or c.is_deleted or c.is_suspended,
		greatest(t.live_from, c.active_from), least(t.live_to, c.active_to)
	from tree t join categories c on c.parent = t.id)
select t.id, t.parent, t.path, t.is_closed, t.live_from, t.live_to from tree t;

-- All categories of each product that is no variant: `categories` has them in order, `category` is the first. A variant
-- has none: its parent's count.
alter table products
	add column categories jsonb not null default '[]';
update products set category = case when parent is null then coalesce(subcategory, category) end,
	categories = case when parent is null and category is not null
		then jsonb_build_array(coalesce(subcategory, category)) else '[]' end
where category is not null;
alter table products
	drop column subcategory,
	add constraint products_categories check (jsonb_typeof(categories) = 'array');

-- The same for finding the products of a category: kept by product_categories_keep().
create table product_categories (
	product uuid not null,
	category uuid not null,
	position integer not null,
	constraint product_categories_pkey primary key (product, category),
	constraint product_categories_product_fkey foreign key (product) references products,
	constraint product_categories_category_fkey foreign key (category) references categories
);
create index product_categories_category on product_categories (category, product);
insert into product_categories (product, category, position)
select p.id, p.category, 0 from products p where p.category is not null;

drop table subcategories;

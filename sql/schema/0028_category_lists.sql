-- Lists of a category at the cost of a page, however many products it has. product_categories gets the categories above
-- a product's own, and what lists are ordered by. It is made anew of products and the tree.
drop table product_categories;
create table product_categories (
	product uuid not null,
	category uuid not null,
	position integer, -- among the product's own, which products.categories has; null: one above these
	created_at timestamptz not null, -- the product's
	shop_price numeric not null -- as in stock, kept by stock_price_follow()
);
insert into product_categories (product, category, position, created_at, shop_price)
select p.id, c.category, c.position, p.created_at, k.shop_price
from products p
join stock k on k.product = p.id
cross join lateral (
	select a.category, min(i.n) filter (where i.id::uuid = a.category) - 1 as position
	from jsonb_array_elements_text(p.categories) with ordinality i (id, n)
	join category_paths t on t.category = i.id::uuid
	cross join lateral unnest(t.path) a (category)
	group by a.category) c
where p.categories <> '[]';
-- Without foreign keys: nobody but triggers writes it, and they would double the time in which a category moves.
alter table product_categories add constraint product_categories_pkey primary key (product, category);
-- How many products each of up to some thousand categories has is for the planner.
alter table product_categories alter column category set statistics 1000;
create index product_categories_created_at on product_categories (category, created_at, product);
create index product_categories_shop_price on product_categories (category, shop_price, product);

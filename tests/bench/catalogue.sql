-- The catalogue that is measured: one store, 10 categories with 2 subcategories
-- each, 1,000 products with 2 images each, enough stock for every order. Run by
-- the owner on a migrated database; prints the store's id.
\set ON_ERROR_STOP 1
begin;

insert into stores (name, slug, description, currency, contact_email)
values ('Bench', 'bench', 'What is measured.', 'EUR', 'bench@example.com')
returning id as store \gset

insert into categories (name, slug, store, position)
select 'Category ' || n, 'category-' || n, :'store', n from generate_series(1, 10) n;

insert into categories (name, slug, parent, position)
select c.name || ' part ' || n, c.slug || '-part-' || n, c.id, n from categories c, generate_series(1, 2) n where c.store = :'store';

-- A minute between one product and the next, so that the default order is not one of ties.
insert into products (created_at, sku, name, slug, description, store, category, price, compare_at_price, tax_rate,
	weight, attributes)
select now() - make_interval(mins => n), 'BENCH-' || lpad(n::text, 4, '0'),
	(array['Oak', 'Steel', 'Linen', 'Glass', 'Cork'])[n % 5 + 1] || ' '
		|| (array['lamp', 'chair', 'table', 'bowl', 'shelf', 'mirror', 'clock', 'basket'])[n % 8 + 1] || ' ' || n,
	'product-' || n, repeat('Made to be looked at, to be used and to last. ', 6),
	:'store', s.id, 5 + (n * 37 % 20000) / 100.0, case when n % 4 = 0 then 250 end,
	19, 0.25 + n % 10, jsonb_build_object('colour', (array['red', 'green', 'blue'])[n % 3 + 1], 'size', n % 40)
from generate_series(1, 1000) n
join categories c on c.store = :'store' and c.parent is null and c.position = n % 10 + 1
join categories s on s.parent = c.id and s.position = n % 2 + 1;

insert into stock_movements (product, delta, reason)
select p.id, 1000000, 'opening stock' from products p order by p.id;

insert into product_images (product, position, alt_text, file, width, height)
select p.id, n, p.name, substr(md5(p.sku || n), 1, 24) || '.jpg', 1200, 800
from products p, generate_series(1, 2) n;

commit;
vacuum analyze stores, categories, category_paths, products, product_categories, stock, stock_movements, product_images, audit_logs;
\echo :store

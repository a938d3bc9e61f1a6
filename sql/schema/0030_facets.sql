-- Facets: what shoppers choose products by, beside the words that they are found by. search_prepare() fills them, as
-- all rows are of an old version.
alter table product_search
	add column facets text[] not null default '{}',
	add column shown text[] not null default '{}'; -- of each facet, in the same order; '': as the facet has it
update product_search set version = 0;
create index product_search_facets on product_search using gin (facets);
alter table product_search alter column facets set statistics 1000;

-- Filters compare brands and tags without regard to case.
drop index products_brand, products_tags;
create index products_brand on products (facet_fold(brand), created_at);

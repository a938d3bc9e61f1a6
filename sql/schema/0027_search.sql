-- Search: the words of products in tables of their own, kept by triggers. search_prepare() fills them.

drop index products_search;
alter table products drop column search;

-- What a product, or a variant, is found by: sql/functions/search.sql says what its lexemes are. A product has what its
-- variants are found by too.
create table product_search (
	product uuid not null,
	words tsvector not null,
	version integer not null, -- of the rules it was made by
	constraint product_search_pkey primary key (product),
	constraint product_search_product_fkey foreign key (product) references products
);
create index product_search_words on product_search using gin (words);
alter table product_search alter column words set statistics 1000;

create table category_search (
	category uuid not null,
	words tsvector not null,
	constraint category_search_pkey primary key (category),
	constraint category_search_category_fkey foreign key (category) references categories on delete cascade
);
create index category_search_words on category_search using gin (words);

-- The words of all products, without those with digits in them: to tell frequent ones from rare ones, and to find the
-- one that was meant by one that is misspelt. How many products have it, and in their names, is counted by cron.
create table search_words (
	id uuid not null default uuid_v7(),
	word text collate "C" not null, -- not unique: see search_words_add()
	products integer not null default 1,
	named integer not null default 1,
	counted_at timestamptz,
	constraint search_words_pkey primary key (id)
);
create index search_words_word on search_words (word);

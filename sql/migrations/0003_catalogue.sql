-- Stores, categories, products, images, and the stock with its ledger.

create table stores (
	like base_model including all,
	name text not null,
	slug text not null,
	description text not null default '',
	owner uuid,
	currency text not null,
	timezone text not null default 'UTC',
	prices_include_tax boolean not null default false,
	contact_email text,
	contact_phone text,
	address jsonb not null default '{}',
	constraint stores_owner_fkey foreign key (owner) references users,
	constraint stores_currency check (currency ~ '^[A-Z]{3}$'),
	-- What is printed, not what is kept: jsonb keeps 1e131071 in a few bytes.
	constraint stores_address_size check (octet_length(address::text) <= 4096)
);
select base_model_adopt('stores');
create unique index stores_slug_key on stores (slug) where not is_deleted;
create index stores_name on stores (name, id);
create index stores_owner on stores (owner);

create table store_members (
	store uuid not null,
	user_id uuid not null,
	created_at timestamptz not null default now(),
	created_by uuid default acting_user(),
	constraint store_members_pkey primary key (store, user_id),
	constraint store_members_store_fkey foreign key (store) references stores,
	constraint store_members_user_fkey foreign key (user_id) references users
);
create index store_members_user on store_members (user_id);

-- The table has no id of its own: what is done to it is done to the store.
create function store_members_audit() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		coalesce(new.store, old.store), to_jsonb(old), to_jsonb(new));
	return null;
end
$$;
create trigger audit after insert or delete on store_members for each row execute function store_members_audit();

-- May this user act within the store? Its owner is a member. Null (a global thing): no.
create function works_in_store(who uuid, which uuid) returns boolean
language plpgsql stable parallel safe cost 10 as $$
begin
	return exists (select 1 from store_members m where m.store = which and m.user_id = who)
		or exists (select 1 from stores s where s.id = which and s.owner = who);
end
$$;

-- What the public sees of each kind: live itself, and so is what it belongs to.
-- Views, not functions: a cached plan holds them at no cost.
create view live_stores as
select s.* from stores s
where is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);

create table categories (
	like base_model including all,
	name text not null,
	slug text not null,
	description text not null default '',
	store uuid,
	position integer not null default 0,
	constraint categories_store_fkey foreign key (store) references stores
);
select base_model_adopt('categories');
create unique index categories_slug_key on categories (slug) where not is_deleted;
create index categories_name on categories (name, id);
create index categories_position on categories (position, name, id);
create index categories_store on categories (store);

create view live_categories as
select c.* from categories c
where is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to)
	and (c.store is null or exists (select 1 from live_stores v where v.id = c.store));

create table subcategories (
	like base_model including all,
	name text not null,
	slug text not null,
	description text not null default '',
	category uuid not null,
	position integer not null default 0,
	constraint subcategories_category_fkey foreign key (category) references categories
);
select base_model_adopt('subcategories');
create unique index subcategories_slug_key on subcategories (slug) where not is_deleted;
create index subcategories_name on subcategories (name, id);
create index subcategories_position on subcategories (position, name, id);
create index subcategories_category on subcategories (category);

create view live_subcategories as
select s.* from subcategories s
where is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to)
	and exists (select 1 from live_categories v where v.id = s.category);

-- Digits behind the decimal point of a currency (ISO 4217, "minor unit").
create function currency_decimals(currency text) returns integer
language sql immutable parallel safe as $$
	select case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI',
			'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
		else 2 end
$$;

-- The smallest amount of a currency that can be charged: card networks want the third decimal to be 0, and Stripe counts
-- ariary in whole ones (core/gateway/money.c).
create function currency_step(currency text) returns numeric
language sql immutable parallel safe as $$
	select case
		when currency = 'MGA' then 1.00
		when currency_decimals(currency) = 0 then 1
		when currency_decimals(currency) = 3 then 0.010
		else 0.01 end
$$;

-- Money and stock do not share a row: buyers lock the stock, staff edit the product.
create table products (
	like base_model including all,
	sku text not null,
	name text not null,
	slug text not null,
	description text not null default '',
	store uuid not null,
	category uuid,
	subcategory uuid,
	parent uuid,
	price numeric not null,
	compare_at_price numeric,
	tax_rate numeric(6, 3) not null default 0,
	currency text not null,
	weight numeric,
	attributes jsonb not null default '{}',
	search tsvector generated always as (
		setweight(to_tsvector('simple', name), 'A') || setweight(to_tsvector('simple', sku), 'A')
		|| setweight(to_tsvector('simple', description), 'B')) stored,
	constraint products_store_fkey foreign key (store) references stores,
	constraint products_category_fkey foreign key (category) references categories,
	constraint products_subcategory_fkey foreign key (subcategory) references subcategories,
	constraint products_price check (price >= 0),
	constraint products_compare_at_price check (compare_at_price >= 0),
	constraint products_tax_rate check (tax_rate between 0 and 100),
	constraint products_weight check (weight >= 0),
	constraint products_attributes_size check (octet_length(attributes::text) <= 16384)
);
select base_model_adopt('products', '{search}');
alter table products add constraint products_parent_fkey foreign key (parent) references products;
create unique index products_sku_key on products (sku) where not is_deleted;
create unique index products_slug_key on products (slug, store) where not is_deleted;
create index products_name on products (name, id);
create index products_price on products (price, id);
create index products_store on products (store, created_at);
create index products_category on products (category, created_at);
create index products_subcategory on products (subcategory);
create index products_parent on products (parent) where parent is not null;
create index products_search on products using gin (search);

create table stock (
	product uuid not null,
	inventory_count integer not null default 0,
	constraint stock_pkey primary key (product),
	constraint stock_product_fkey foreign key (product) references products,
	constraint stock_not_negative check (inventory_count >= 0)
) with (fillfactor = 70);

-- The ledger. stock.inventory_count is the sum of delta, because the trigger below is all that ever changes it.
create table stock_movements (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default now(),
	created_by uuid default acting_user(),
	product uuid not null,
	delta integer not null,
	reason text not null,
	order_id uuid,
	constraint stock_movements_pkey primary key (id),
	constraint stock_movements_product_fkey foreign key (product) references products,
	constraint stock_movements_delta check (delta <> 0)
);
create index stock_movements_product on stock_movements (product, created_at);
create index stock_movements_order on stock_movements (order_id) where order_id is not null;

create function stock_apply() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update stock s set inventory_count = s.inventory_count + new.delta
	where s.product = new.product and s.inventory_count::bigint + new.delta between 0 and 1000000000;
	if not found then
		perform refuse('/delta', case when new.delta < 0 then 'min_value' else 'max_value' end,
			'Stock must be between 0 and 1,000,000,000.');
	end if;
	return null;
end
$$;
create trigger apply after insert on stock_movements for each row execute function stock_apply();

-- For who reads the stock of a product before moving it. The product is locked first.
create function stock_lock(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform 1 from stock s where s.product = which for update;
end
$$;

create function product_stock_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into stock (product) values (new.id);
	return null;
end
$$;
create trigger stock_open after insert on products for each row execute function product_stock_open();

-- Rules that need other rows: what a product belongs to must fit together.
create function product_check() returns trigger
language plpgsql as $$
declare
	decimals integer;
	mother products;
begin
	select s.currency into new.currency from stores s where s.id = new.store;
	decimals := currency_decimals(new.currency);
	if new.price <> round(new.price, decimals) then
		perform refuse('/price', 'max_decimal_places',
			format('%s has %s decimal places.', new.currency, decimals));
	end if;
	if new.compare_at_price <> round(new.compare_at_price, decimals) then
		perform refuse('/compare_at_price', 'max_decimal_places',
			format('%s has %s decimal places.', new.currency, decimals));
	end if;
	new.price := round(new.price, decimals);
	new.compare_at_price := round(new.compare_at_price, decimals);
	if exists (select 1 from categories c where c.id = new.category and c.store <> new.store) then
		perform refuse('/category', 'wrong_store', 'The category belongs to another store.');
	end if;
	if new.subcategory is not null and not exists (
		select 1 from subcategories s where s.id = new.subcategory and s.category = new.category) then
		perform refuse('/subcategory', 'wrong_category', 'The subcategory does not belong to the category.');
	end if;
	if new.parent is not null then
		select * into mother from products p where p.id = new.parent for share;
		if mother.id = new.id or mother.parent is not null then
			perform refuse('/parent', 'nested_variant', 'A variant cannot have variants.');
		elsif mother.store <> new.store then
			perform refuse('/parent', 'wrong_store', 'The parent belongs to another store.');
		elsif tg_op = 'UPDATE' and exists (select 1 from products v where v.parent = new.id) then
			perform refuse('/parent', 'nested_variant', 'A product that has variants cannot become one.');
		end if;
	end if;
	return new;
end
$$;
create trigger check_links before insert or update on products for each row execute function product_check();

-- Live by themselves. A product needs no more of its category and subcategory: the store
-- is asked for once, by the product, since product_check() lets only categories fit that
-- are global or the store's and subcategories that are the category's, and which store and
-- category those belong to is fixed. Each relation less is a tenth of a request.
create view own_live_categories as
select c.id from categories c
where is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to);

create view own_live_subcategories as
select s.id from subcategories s
where is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);

-- A parent must be live for its variants to be; what else a variant needs it says itself.
create view live_parents as
select p.id from products p
where p.parent is null and is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to);

create view live_variants as
select p.* from products p
where p.parent is not null and is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to)
	and (p.category is null or exists (select 1 from own_live_categories v where v.id = p.category))
	and (p.subcategory is null or exists (select 1 from own_live_subcategories v where v.id = p.subcategory));

create view live_variants_in_stock as
select p.id, p.parent from live_variants p join stock s on s.product = p.id
where s.inventory_count > 0;

-- What can be seen; a parent of variants is among it and cannot be bought itself.
create view live_products as
select p.* from products p
where is_live(p.is_deleted, p.is_suspended, p.active_from, p.active_to)
	and exists (select 1 from live_stores v where v.id = p.store)
	and (p.category is null or exists (select 1 from own_live_categories v where v.id = p.category))
	and (p.subcategory is null or exists (select 1 from own_live_subcategories v where v.id = p.subcategory))
	and (p.parent is null or exists (select 1 from live_parents v where v.id = p.parent));

-- All of the words, each as the beginning of one in the product. A single letter or digit is a whole word: half of the
-- catalogue begins with it.
create function search_words(words text) returns tsquery
language sql stable parallel safe as $$
	select regexp_replace(
		regexp_replace(plainto_tsquery('simple', words)::text, $re$'( |$)$re$, $re$':*\1$re$, 'g'),
		$re$('[a-z0-9]'):\*$re$, $re$\1$re$, 'g')::tsquery
$$;

-- Either an uploaded file (a name below MEDIA_DIR) or an address that is never fetched.
create table product_images (
	like base_model including all,
	product uuid not null,
	position integer not null default 0,
	alt_text text not null default '',
	file text,
	url text,
	width integer,
	height integer,
	constraint product_images_product_fkey foreign key (product) references products,
	constraint product_images_source check ((file is null) <> (url is null))
);
select base_model_adopt('product_images');
create index product_images_product on product_images (product, position, id);
create index product_images_position on product_images (position, id);

create view live_product_images as
select i.* from product_images i
where is_live(i.is_deleted, i.is_suspended, i.active_from, i.active_to);

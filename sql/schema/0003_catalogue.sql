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
	tax_number text not null default '', -- the seller on invoices, and the series of their numbers
	bank_details text not null default '',
	invoice_prefix text not null default 'INV',
	credit_note_prefix text not null default 'CN',
	financial_year_start integer not null default 1, -- a month
	invoice_due_days integer not null default 0,
	guest_max_quantity integer default 20, -- in a guest's order not paid online; null: unlimited
	guest_max_total numeric,               -- of such an order; null: unlimited
	cod_confirmation text not null default 'none',
	rounding_step numeric,                 -- totals are a multiple of it; null: of the currency's step
	constraint stores_owner_fkey foreign key (owner) references users,
	constraint stores_currency check (currency ~ '^[A-Z]{3}$'),
	-- The printed size, not the stored one: jsonb stores 1e131071 in a few bytes.
	constraint stores_address_size check (octet_length(address::text) <= 4096),
	constraint stores_cod_confirmation check (cod_confirmation in ('none', 'code')),
	constraint stores_guest_max_quantity check (guest_max_quantity > 0),
	constraint stores_guest_max_total check (guest_max_total > 0),
	constraint stores_invoice_prefix check (invoice_prefix ~ '^[A-Z0-9/-]{1,4}$'),
	constraint stores_credit_note_prefix check (
		credit_note_prefix ~ '^[A-Z0-9/-]{1,4}$' and credit_note_prefix <> invoice_prefix),
	constraint stores_financial_year_start check (financial_year_start between 1 and 12),
	constraint stores_invoice_due_days check (invoice_due_days between 0 and 365)
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
	constraint products_parent_fkey foreign key (parent) references products,
	constraint products_price check (price >= 0),
	constraint products_compare_at_price check (compare_at_price >= 0),
	constraint products_tax_rate check (tax_rate between 0 and 100),
	constraint products_weight check (weight >= 0),
	constraint products_attributes_size check (octet_length(attributes::text) <= 16384)
);
select base_model_adopt('products');
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

-- The ledger. stock.inventory_count is the sum of delta, because only the trigger changes it.
create table stock_movements (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default now(),
	created_by uuid default acting_user(),
	product uuid not null,
	delta piece_delta not null,
	reason text not null,
	order_id uuid,
	constraint stock_movements_pkey primary key (id),
	constraint stock_movements_product_fkey foreign key (product) references products
);
create index stock_movements_product on stock_movements (product, created_at);
create index stock_movements_order on stock_movements (order_id) where order_id is not null;

-- Either an uploaded file (a name below MEDIA_DIR) or a URL that is never fetched.
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

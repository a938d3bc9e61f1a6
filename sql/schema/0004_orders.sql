-- Addresses, coupons, shipping methods, orders and carts.

create table addresses (
	like base_model including all,
	user_id uuid not null,
	label text not null default '',
	name text not null default '',
	line1 text not null,
	line2 text not null default '',
	city text not null,
	region text not null default '',
	postal_code text not null default '',
	country text not null,
	phone text,
	is_default boolean not null default false,
	constraint addresses_user_id_fkey foreign key (user_id) references users,
	constraint addresses_country check (country ~ '^[A-Z]{2}$')
);
select base_model_adopt('addresses');
create index addresses_user on addresses (user_id, created_at);
create index addresses_label on addresses (label, id);

create table coupons (
	like base_model including all,
	code text not null,
	description text not null default '',
	store uuid,
	discount_percent numeric,
	discount_amount numeric,
	min_order_value numeric,
	valid_from timestamptz,
	valid_to timestamptz,
	usage_limit integer,
	usage_limit_per_customer integer,
	is_active boolean not null default true,
	constraint coupons_store_fkey foreign key (store) references stores,
	constraint coupons_discount_percent check (discount_percent > 0 and discount_percent <= 100),
	constraint coupons_discount_amount check (discount_amount > 0),
	constraint coupons_min_order_value check (min_order_value >= 0),
	constraint coupons_usage_limit check (usage_limit > 0),
	constraint coupons_usage_limit_per_customer check (usage_limit_per_customer > 0)
);
select base_model_adopt('coupons');
create unique index coupons_code_key on coupons (upper(code)) where not is_deleted;
create index coupons_store on coupons (store, created_at);
create index coupons_code_order on coupons (code, id);

-- The uses of a coupon: a separate row, because buyers lock it while staff edit the coupon.
create table coupon_uses (
	coupon uuid not null,
	used_count piece_count not null default 0,
	constraint coupon_uses_pkey primary key (coupon),
	constraint coupon_uses_coupon_fkey foreign key (coupon) references coupons
) with (fillfactor = 70);

create table shipping_methods (
	like base_model including all,
	store uuid not null,
	name text not null,
	price numeric not null,
	tax_rate numeric(6, 3) not null default 0,
	free_over numeric,
	countries jsonb not null default '[]', -- ["DE", "AT"]; none: all of them
	constraint shipping_methods_store_fkey foreign key (store) references stores,
	constraint shipping_methods_price check (price >= 0),
	constraint shipping_methods_tax_rate check (tax_rate between 0 and 100),
	constraint shipping_methods_free_over check (free_over >= 0),
	constraint shipping_methods_countries check (jsonb_typeof(countries) = 'array')
);
select base_model_adopt('shipping_methods');
create index shipping_methods_store on shipping_methods (store, created_at);
create index shipping_methods_name on shipping_methods (name, id);
create index shipping_methods_price on shipping_methods (price, id);

-- Orders: statuses and transitions.
create table order_statuses (
	name text not null,
	position integer not null,
	description text not null,
	constraint order_statuses_pkey primary key (name)
);
insert into order_statuses values
	('cart', 1, 'Being filled; holds no stock.'),
	('placed', 2, 'Stock is taken; nothing is paid.'),
	('pending', 3, 'A payment is in progress.'),
	('paid', 4, 'Paid in full.'),
	('shipped', 5, 'Handed to the carrier.'),
	('completed', 6, 'Arrived.'),
	('cancelled', 7, 'Will not be fulfilled; its stock was returned.');

-- All transitions of an order, and the lowest role that may make each. Payments make theirs (pending, paid): no one
-- requests them.
create table order_transitions (
	from_status text not null,
	to_status text not null,
	min_role text not null,
	position integer not null, -- among those of its from_status
	constraint order_transitions_pkey primary key (from_status, to_status),
	constraint order_transitions_from_fkey foreign key (from_status) references order_statuses,
	constraint order_transitions_to_fkey foreign key (to_status) references order_statuses,
	constraint order_transitions_min_role check (min_role in ('customer', 'staff', 'payment'))
);
insert into order_transitions values
	('cart', 'placed', 'customer', 1),
	('placed', 'pending', 'payment', 1),
	('placed', 'paid', 'payment', 2),
	('placed', 'shipped', 'staff', 3), -- cash on delivery
	('placed', 'cancelled', 'customer', 4),
	('pending', 'paid', 'payment', 2),
	('pending', 'placed', 'payment', 1), -- the payment failed
	('pending', 'cancelled', 'customer', 3),
	('paid', 'shipped', 'staff', 1),
	('paid', 'cancelled', 'staff', 2), -- the money must be refunded
	('shipped', 'completed', 'staff', 1);

create sequence order_numbers as bigint start 100001;

-- A cart is an order without a number.
create table orders (
	like base_model including all,
	number bigint,
	store uuid not null,
	user_id uuid,
	token_hash bytea, -- of a guest's order_token (SHA-256)
	payment_status order_payment_status not null default 'unpaid',
	contact_name text not null,
	contact_email text,
	contact_mobile text,
	shipping_address jsonb,
	billing_address jsonb,
	currency text not null,
	prices_include_tax boolean not null,
	subtotal nonnegative_amount not null,
	discount_total nonnegative_amount not null default 0,
	shipping_total nonnegative_amount not null default 0,
	tax_total nonnegative_amount not null,
	rounding numeric not null default 0, -- the rounding of the total, up or down
	total nonnegative_amount not null,
	coupon text,
	tracking_number text,
	placed_at timestamptz,
	carrier text,
	coupon_id uuid,
	shipping_method uuid,
	shipping_method_name text,
	shipping_tax_rate numeric not null default 0,
	shipping_tax nonnegative_amount not null default 0,
	language text not null default '',
	restocked_at timestamptz,
	email_proven boolean not null default false, -- a guest's contact, with a code that was sent to it
	mobile_proven boolean not null default false,
	claimed boolean not null default false, -- shown to a customer only because a guest typed its number
	disowned boolean not null default false, -- by the owner of the number; not claimed again
	constraint orders_store_fkey foreign key (store) references stores,
	constraint orders_user_id_fkey foreign key (user_id) references users,
	constraint orders_status_fkey foreign key (status) references order_statuses,
	constraint orders_whose check (user_id is not null or token_hash is not null),
	constraint orders_total check (total =
		subtotal - discount_total + shipping_total + case when prices_include_tax then 0 else tax_total end + rounding),
	constraint orders_numbered check (status = 'cart' or (number is not null and placed_at is not null)),
	constraint orders_coupon_id_fkey foreign key (coupon_id) references coupons,
	constraint orders_shipping_method_fkey foreign key (shipping_method) references shipping_methods,
	constraint orders_shipping_tax check (shipping_tax <= tax_total)
);
alter sequence order_numbers owned by orders.number;
select base_model_adopt('orders');
create unique index orders_number_key on orders (number);
create index orders_user on orders (user_id, created_at);
create index orders_store on orders (store, created_at);
create index orders_status on orders (status, created_at);
create index orders_total on orders (total, id);
create index orders_placed_at on orders (placed_at);
create index orders_carts on orders (modified_at) where status = 'cart';
create index orders_unpaid on orders (placed_at) where status in ('placed', 'pending');
create index orders_of_guests on orders (contact_mobile) where user_id is null;
create index orders_of_guests_mail on orders (lower(contact_email)) where user_id is null;

alter table stock_movements add constraint stock_movements_order_id_fkey foreign key (order_id) references orders;

-- What was bought, with its name and price at that time. Never changed.
create table order_items (
	id uuid not null default uuid_v7(),
	order_id uuid not null,
	position integer not null,
	product uuid not null,
	sku text not null,
	name text not null,
	quantity line_quantity not null,
	unit_price numeric not null,
	tax_rate numeric not null,
	tax_amount numeric not null,
	discount_amount numeric not null default 0,
	line_total numeric not null,
	hsn text, -- the tax code of the goods: attributes.hsn of the product
	options jsonb not null default '{}', -- what distinguishes the variant from its siblings: product_options()
	constraint order_items_pkey primary key (id),
	constraint order_items_order_id_fkey foreign key (order_id) references orders,
	constraint order_items_product_fkey foreign key (product) references products,
	constraint order_items_line unique (order_id, position),
	constraint order_items_line_total check (
		line_total - unit_price * quantity + discount_amount in (0, tax_amount)),
	constraint order_items_discount check (discount_amount between 0 and unit_price * quantity)
);

create table order_events (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default clock_timestamp(), -- in their order within a transaction too
	order_id uuid not null,
	user_id uuid,
	from_status text,
	to_status text not null,
	note text not null default '',
	constraint order_events_pkey primary key (id),
	constraint order_events_order_id_fkey foreign key (order_id) references orders
);
create index order_events_order on order_events (order_id, created_at);

-- The lines of a cart: they have only what was requested and the price shown then.
create table cart_items (
	order_id uuid not null,
	position integer not null,
	product uuid not null,
	quantity line_quantity not null,
	unit_price numeric not null, -- as shown when the line was added
	constraint cart_items_pkey primary key (order_id, position),
	constraint cart_items_order_id_fkey foreign key (order_id) references orders on delete cascade,
	constraint cart_items_product_fkey foreign key (product) references products
);

-- The verified buyer of each order that used a coupon (order_buyer); deleted when the order is cancelled.
create table coupon_redemptions (
	order_id uuid not null,
	coupon uuid not null,
	user_id uuid,
	mobile text,
	email text,
	created_at timestamptz not null default now(),
	constraint coupon_redemptions_pkey primary key (order_id),
	constraint coupon_redemptions_order_id_fkey foreign key (order_id) references orders,
	constraint coupon_redemptions_coupon_fkey foreign key (coupon) references coupons
);
create index coupon_redemptions_user on coupon_redemptions (coupon, user_id) where user_id is not null;
create index coupon_redemptions_mobile on coupon_redemptions (coupon, mobile) where mobile is not null;
create index coupon_redemptions_email on coupon_redemptions (coupon, lower(email)) where email is not null;

-- --- prices: the one place where they are computed
create type quote_line as (
	position integer, product uuid, sku text, name text, hsn text, options jsonb, quantity integer,
	unit_price numeric, tax_rate numeric, tax_amount numeric, discount_amount numeric, line_total numeric
);

create type quote as (
	lines quote_line[],
	subtotal numeric, discount_total numeric, shipping_total numeric, shipping_tax numeric, tax_total numeric,
	rounding numeric, total numeric
);

-- --- requests
-- What cgi-bin/orders sends to order_place(), order_cart_save() and order_annotate(); a member that is missing is not
-- changed. With a store the order is new; without, order_id is one that there is.
create type order_request as (
	order_id uuid,
	user_id uuid, -- the caller, with role and, of the order's token that was shown, the SHA-256
	role text,
	token_hash bytea,
	request_id text,
	language text,
	key jsonb, -- of idempotency_begin()
	store uuid,
	new_token_hash bytea, -- of the token that a guest is given
	products uuid[], -- line by line, as the quantities
	quantities integer[],
	contact_name text,
	contact_email text,
	contact_mobile text,
	shipping_address jsonb,
	billing_address jsonb,
	coupon text,
	shipping_method uuid,
	comments text,
	status text, -- this and what follows: order_annotate() alone
	active_from timestamptz,
	active_to timestamptz,
	is_suspended boolean
);

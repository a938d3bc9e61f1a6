-- Where a shipping method sends to, what it charges by weight, value or pieces, and how long it takes. The defaults are
-- what a method did before: one price, to whole countries.

alter table shipping_methods
	add column description text not null default '',
	add column zones jsonb not null default '[]', -- [{"country": "DE", "regions": ["BY"], "postal_codes": ["80"]}]
	add column bands_by text,
	add column bands jsonb not null default '[]', -- [{"up_to": "2.000", "price": "4.90"}], ascending
	add column handling_fee numeric,
	add column class_fees jsonb not null default '{}', -- {"bulky": "15.00"}: by products.shipping_class
	add column estimate_days_min integer,
	add column estimate_days_max integer,
	add constraint shipping_methods_zones check (jsonb_typeof(zones) = 'array'),
	add constraint shipping_methods_bands_by check (bands_by in ('weight', 'subtotal', 'pieces')),
	add constraint shipping_methods_bands check (jsonb_typeof(bands) = 'array'),
	add constraint shipping_methods_handling_fee check (handling_fee >= 0),
	add constraint shipping_methods_class_fees check (jsonb_typeof(class_fees) = 'object'),
	add constraint shipping_methods_estimate_days_min check (estimate_days_min between 0 and 365),
	add constraint shipping_methods_estimate_days_max check (estimate_days_max between 0 and 365);

alter table products
	add column shipping_class text;

-- A coupon may be for some of the goods, send them for nothing, or welcome a new customer.
alter table coupons
	add column products jsonb not null default '[]',   -- ids: with both lists empty it is for all goods
	add column categories jsonb not null default '[]',
	add column free_shipping boolean not null default false,
	add column exclude_sale_items boolean not null default false,
	add column first_order boolean not null default false,
	add constraint coupons_products check (jsonb_typeof(products) = 'array'),
	add constraint coupons_categories check (jsonb_typeof(categories) = 'array');

-- The value of the goods that the coupon is for; null: it is for none of them.
alter type quote
	add attribute eligible numeric;

-- How long the shipping method said it takes when the order was placed: {"days_min": 2, "days_max": 4}, or null.
alter table orders
	add column delivery_estimate jsonb;

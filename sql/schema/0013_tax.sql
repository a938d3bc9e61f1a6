-- Taxes by destination, how they are rounded, and what an invoice says of them.

-- What products of a kind are taxed with, by where they go: the most exact of `rates` that matches, else `rate`.
create table tax_classes (
	like base_model including all,
	store uuid not null,
	name text not null,
	rate numeric(6, 3) not null,
	rates jsonb not null default '[]', -- [{"country": "DE", "region": "", "postal_code": "", "rate": "19"}]
	constraint tax_classes_store_fkey foreign key (store) references stores,
	constraint tax_classes_rate check (rate between 0 and 100),
	constraint tax_classes_rates check (jsonb_typeof(rates) = 'array')
);
select base_model_adopt('tax_classes');
create unique index tax_classes_name_key on tax_classes (store, lower(name)) where not is_deleted;
create index tax_classes_name on tax_classes (name, id);
create index tax_classes_store on tax_classes (store, created_at);

-- With a class, its rates count instead of tax_rate.
alter table products
	add column tax_class uuid,
	add constraint products_tax_class_fkey foreign key (tax_class) references tax_classes;
create index products_tax_class on products (tax_class) where tax_class is not null;
alter table shipping_methods
	add column tax_class uuid,
	add constraint shipping_methods_tax_class_fkey foreign key (tax_class) references tax_classes;
create index shipping_methods_tax_class on shipping_methods (tax_class) where tax_class is not null;

alter table stores
	add column tax_rounding text not null default 'line',          -- of each line, or once of all with a rate
	add column tax_inclusive_rebase boolean not null default false, -- prices with tax change with its rate
	add column reverse_charge boolean not null default false,       -- of businesses in other countries of the EU
	add constraint stores_tax_rounding check (tax_rounding in ('line', 'rate'));

-- Which taxes an order has: 'standard'; of India 'gst_state' (CGST and SGST) or 'gst_inter_state' (IGST);
-- 'reverse_charge': the buyer owes it.
create domain tax_scheme as text constraint tax_scheme check (
	value in ('standard', 'gst_state', 'gst_inter_state', 'reverse_charge'));

alter table orders
	add column tax_scheme tax_scheme not null default 'standard',
	add column tax_rounding text not null default 'line';

alter type quote add attribute tax_scheme text, add attribute shipping_tax_rate numeric;

-- The scheme, and the address that the rates are of.
create type tax_situation as (scheme text, destination jsonb);

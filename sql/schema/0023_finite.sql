-- Amounts and measures are numbers: 'NaN' and 'Infinity', which a numeric may be, are greater than any.

alter table products
	drop constraint products_price, add constraint products_price check (price >= 0 and price < 'Infinity'),
	drop constraint products_compare_at_price,
	add constraint products_compare_at_price check (compare_at_price >= 0 and compare_at_price < 'Infinity'),
	drop constraint products_sale_price,
	add constraint products_sale_price check (sale_price >= 0 and sale_price < 'Infinity'),
	drop constraint products_cost_price,
	add constraint products_cost_price check (cost_price >= 0 and cost_price < 'Infinity'),
	drop constraint products_weight, add constraint products_weight check (weight >= 0 and weight < 'Infinity'),
	drop constraint products_length, add constraint products_length check (length >= 0 and length < 'Infinity'),
	drop constraint products_width, add constraint products_width check (width >= 0 and width < 'Infinity'),
	drop constraint products_height, add constraint products_height check (height >= 0 and height < 'Infinity');

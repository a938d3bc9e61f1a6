-- Taxes: schemes, rates by destination, rounding, and what invoices say of them.

-- The states of India as people write them.
select is(gst_state(written), code, coalesce(written, 'nothing')) from (values
	('Maharashtra', '27'), ('MAHARASHTRA ', '27'), ('MH', '27'), ('in-mh', '27'), ('27', '27'), ('Tamil Nadu', '33'),
	('Jammu & Kashmir', '01'), ('Orissa', '21'), ('OR', '21'), ('Andaman and Nicobar Islands', '35'), ('25', '26'),
	('New Delhi', '07'), ('TS', '36'), ('TG', '36'), ('Bavaria', null), ('', null), (null, null), ('99', null)) c (written, code);
select is((select count(distinct code)::integer from indian_states()), 36, 'twenty-eight states and eight territories');

-- Which taxes: the store, the addresses, the scheme.
create function pg_temp.scheme(shop jsonb, o jsonb) returns text language sql as $$
	select (tax_situation(jsonb_populate_record(null::stores, shop), null, jsonb_populate_record(null::orders, o))).scheme
$$;
\set india '{"tax_number": "27AAPFU0939F1ZV", "address": {"country": "IN", "region": "Maharashtra"}}'
\set germany '{"reverse_charge": true, "tax_number": "DE123456789", "address": {"country": "DE"}}'
select is(pg_temp.scheme(shop::jsonb, o::jsonb), scheme, name) from (values
	(:'india', '{"shipping_address": {"country": "IN", "region": "MH"}}', 'gst_state', 'within the state'),
	(:'india', '{"shipping_address": {"country": "IN", "region": "27"}}', 'gst_state', 'by its number'),
	(:'india', '{"shipping_address": {"country": "IN", "region": "Karnataka"}}', 'gst_inter_state', 'to another state'),
	(:'india', '{"shipping_address": {"country": "LK"}}', 'gst_inter_state', 'an export'),
	(:'india', '{}', 'gst_state', 'fetched from the store'),
	('{"tax_number": "x", "address": {"country": "IN"}}', '{"shipping_address": {"country": "IN"}}', 'standard', 'not registered'),
	(:'germany', '{"shipping_address": {"country": "FR", "tax_id": "FR83404833048"}}', 'reverse_charge', 'a business elsewhere'),
	(:'germany', '{"shipping_address": {"country": "FR"}}', 'standard', 'a consumer elsewhere'),
	(:'germany', '{"shipping_address": {"country": "DE", "tax_id": "DE136695976"}}', 'standard', 'a business at home'),
	(:'germany', '{"shipping_address": {"country": "FR"}, "billing_address": {"country": "AT", "tax_id": "ATU12345675"}}',
		'reverse_charge', 'which pays from a third country'),
	(:'germany', '{"shipping_address": {"country": "DE"}, "billing_address": {"country": "FR", "tax_id": "FR83404833048"}}',
		'standard', 'goods that stay at home'),
	(:'germany', '{"shipping_address": {"country": "FR"}, "billing_address": {"country": "DE", "tax_id": "DE136695976"}}',
		'standard', 'a business at home that sends them abroad'),
	(:'germany', '{"shipping_address": {"country": "CH", "tax_id": "CHE123"}}', 'standard', 'outside the EU'),
	('{"address": {"country": "DE"}}', '{"shipping_address": {"country": "FR", "tax_id": "FR83404833048"}}', 'standard',
		'a store that does not want it')) c (shop, o, scheme, name);

-- Rates of a class: the most exact one.
insert into tax_classes (id, store, name, rate, rates) values ('00000000-0000-4000-8000-0000000000b1', :store, 'full', 19,
	'[{"country": "AT", "rate": "20"}, {"country": "AT", "postal_code": "6691", "rate": "19"},
	{"country": "ES", "rate": "21"}, {"country": "ES", "region": "Canarias", "rate": "7"},
	{"country": "ES", "postal_code": "35", "rate": "6"}, {"country": "US", "region": "CA", "rate": "7.25"},
	{"country": "US", "region": "US-CA", "postal_code": "90", "rate": "9.5"}, {"country": "IN", "region": "MH", "rate": "18"}]');
select is(tax_class_rate('00000000-0000-4000-8000-0000000000b1', address::jsonb), rate::numeric, address) from (values
	('{"country": "DE"}', '19'), ('{}', '19'), (null, '19'), ('{"country": "AT"}', '20'),
	('{"country": "AT", "postal_code": "6691"}', '19'), ('{"country": "AT", "postal_code": "6690"}', '20'),
	('{"country": "ES", "region": "Madrid", "postal_code": "28001"}', '21'),
	('{"country": "ES", "region": " canarias", "postal_code": "38001"}', '7'),
	('{"country": "ES", "region": "Canarias", "postal_code": "35 001"}', '6'),
	('{"country": "US", "region": "CA"}', '7.25'), ('{"country": "US", "region": "us-ca", "postal_code": "90210"}', '9.5'),
	('{"country": "US", "region": "NV", "postal_code": "90210"}', '19'),
	('{"country": "IN", "region": "Maharashtra"}', '18'), ('{"country": "IN", "region": "Goa"}', '19')) c (address, rate);

-- A quote of both articles of the tests with a class: total tax and total.
create function pg_temp.quote(shop jsonb, o jsonb, method jsonb default null, basket basket_line[] default null) returns quote language sql as $$
	select order_quote((select jsonb_populate_record(s, shop) from stores s where s.slug = 'sql-shop'),
		coalesce(basket, array[row('00000000-0000-4000-8000-0000000000a1', 2, null, null, null),
			row('00000000-0000-4000-8000-0000000000a2', 1, null, null, null)]::basket_line[]), null,
		jsonb_populate_record(null::shipping_methods, method), jsonb_populate_record(null::orders, o))
$$;
update products set tax_class = '00000000-0000-4000-8000-0000000000b1' where sku = 'SQL-1';
select is(concat_ws(' ', (q.q).subtotal, (q.q).tax_total, (q.q).total), quoted, name)
from (values
	('{}', '{"shipping_address": {"country": "DE"}}', '24.99 4.15 29.14', 'the rate at home'),
	('{}', '{"shipping_address": {"country": "AT"}}', '24.99 4.35 29.34', 'the rate of the destination, of what has a class'),
	('{"prices_include_tax": true}', '{"shipping_address": {"country": "AT"}}', '24.99 3.66 24.99', 'the price stays'),
	('{"prices_include_tax": true, "tax_inclusive_rebase": true}', '{"shipping_address": {"country": "AT"}}',
		'25.15 3.69 25.15', 'or follows the rate'),
	('{"prices_include_tax": true, "tax_inclusive_rebase": true}', '{"shipping_address": {"country": "DE"}}',
		'24.99 3.52 24.99', 'which at home changes nothing'),
	('{"reverse_charge": true, "address": {"country": "DE"}}', '{"shipping_address": {"country": "FR", "tax_id": "FR83404833048"}}',
		'24.99 0.00 24.99', 'no tax under reverse charge'),
	('{"reverse_charge": true, "address": {"country": "DE"}, "prices_include_tax": true, "tax_inclusive_rebase": true}',
		'{"shipping_address": {"country": "FR", "tax_id": "FR83404833048"}}', '21.46 0.00 21.46', 'nor in the price')) c (shop, o, quoted, name),
	lateral (select pg_temp.quote(shop::jsonb, o::jsonb) as q) q;
update products set tax_class = null where sku = 'SQL-1';

-- Rounded once for each rate: what many small lines, and the shipping, lose or gain line by line.
insert into products (id, sku, name, slug, store, price, tax_rate, currency)
select ('00000000-0000-4000-8000-0000000001' || to_char(n, 'FM00'))::uuid, 'SQL-TAX-' || n, 'Bead', 'bead-' || n, :store, 0.03, 19, 'EUR'
from generate_series(10, 29) n;
create function pg_temp.beads() returns basket_line[] language sql as $$
	select array_agg(row(p.id, 1, null, null, null)::basket_line order by p.sku) from products p where p.sku like 'SQL-TAX-%'
$$;
select is(concat_ws(' ', (q.q).tax_total, (q.q).shipping_tax, (q.q).total,
		(select sum(l.tax_amount) from unnest((q.q).lines) l), (select sum(l.line_total) from unnest((q.q).lines) l)), quoted, shop)
from (values
	('{"tax_rounding": "line"}', '0.21 0.01 0.84 0.20 0.80'),
	('{"tax_rounding": "rate"}', '0.12 0.01 0.75 0.11 0.71'),
	('{"tax_rounding": "line", "prices_include_tax": true}', '0.00 0.00 0.63 0.00 0.60'),
	('{"tax_rounding": "rate", "prices_include_tax": true}', '0.10 0.00 0.63 0.10 0.60'),
	('{"tax_rounding": "rate", "tax_number": "27AAPFU0939F1ZV", "address": {"country": "IN", "region": "MH"}}', '0.12 0.00 0.75 0.12 0.72')
) c (shop, quoted), lateral (select pg_temp.quote(shop::jsonb, null, '{"id": "00000000-0000-4000-8000-0000000000e1", "price": 0.03, "tax_rate": 19}',
	pg_temp.beads()) as q) q;

-- CGST and SGST are equal; territories have UTGST; between states it is IGST.
select is(tax_of(0.27, 18, false, scheme, 2), tax, scheme) from (values ('gst_state', 0.04), ('gst_inter_state', 0.05), ('standard', 0.05)) c (scheme, tax);
select is((select string_agg(concat_ws(' ', p ->> 'name', p ->> 'rate', p ->> 'taxable', p ->> 'tax'), ', ')
	from jsonb_array_elements(tax_parts('[{"rate": "5", "taxable": "10.00", "tax": "0.50"}, {"rate": "0", "taxable": "1.00", "tax": "0.00"},
		{"rate": "18", "taxable": "100.00", "tax": "18.01"}]', scheme, state)) p), parts, concat_ws(' ', scheme, state))
from (values
	('gst_state', '27', 'CGST 2.5 10.00 0.25, SGST 2.5 10.00 0.25, CGST 9 100.00 9.00, SGST 9 100.00 9.01'),
	('gst_state', '35', 'CGST 2.5 10.00 0.25, UTGST 2.5 10.00 0.25, CGST 9 100.00 9.00, UTGST 9 100.00 9.01'),
	('gst_inter_state', '27', 'IGST 5 10.00 0.50, IGST 18 100.00 18.01'), ('standard', '27', null)) c (scheme, state, parts);
select is(hsn_summary('[{"hsn": "7323", "tax_rate": "18", "quantity": 2, "unit_price": "10.00", "discount_amount": "1.00", "tax_amount": "3.42"},
	{"hsn": "7323", "tax_rate": "18", "quantity": 1, "unit_price": "5.00", "discount_amount": "0.00", "tax_amount": "0.90"},
	{"hsn": null, "tax_rate": "18", "quantity": 1, "unit_price": "5.00", "discount_amount": "0.00", "tax_amount": "0.90"}]', false),
	'[{"hsn": "7323", "rate": "18", "quantity": 3, "taxable": "24.00", "tax": "4.32"}]', 'goods by their code');
select throws_ok($$ insert into tax_classes (store, name, rate, rates) select id, 'twice', 1, '[{"country": "DE", "rate": "1"}, {"country": "DE", "rate": "2"}]'
	from stores where slug = 'sql-shop' $$, 'CS422', 'duplicate', 'two rates for one place');

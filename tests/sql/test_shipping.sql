-- Where a shipping method sends to, and what it charges. Two tea of 1.250 kg, bulky, and a cup without a weight.

update products set weight = 1.25, shipping_class = 'bulky' where id = :tea;

create function pg_temp.method(members jsonb) returns shipping_methods language sql as $$
	select jsonb_populate_record(null::shipping_methods, '{"id": "00000000-0000-4000-8000-0000000000e1", "price": 5, "countries": [],
		"zones": [], "bands": [], "class_fees": {}}' || members)
$$;
create function pg_temp.lines() returns quote_line[] language sql as $$
	select array_agg(jsonb_populate_record(null::quote_line, l))
	from jsonb_array_elements('[{"product": "00000000-0000-4000-8000-0000000000a1", "quantity": 2},
		{"product": "00000000-0000-4000-8000-0000000000a2", "quantity": 1}]') l
$$;

select is(shipping_charge(pg_temp.method(method::jsonb), goods, pg_temp.lines()), charge::numeric, concat_ws(' ', method, goods))
from (values
	('{}', 24.99, '5'),
	('{"handling_fee": 1.5}', 24.99, '6.5'),
	('{"free_over": 25, "handling_fee": 1}', 24.99, '6'),
	('{"free_over": 24.99, "handling_fee": 1, "class_fees": {"bulky": "15"}}', 24.99, '0'),
	('{"class_fees": {"bulky": "15", "long": "2"}}', 24.99, '20'),
	('{"class_fees": {"Bulky": "15"}}', 24.99, '5'),
	('{"bands_by": "weight", "bands": [{"up_to": "2.499", "price": "1"}, {"up_to": "2.5", "price": "2"}]}', 24.99, '7'),
	('{"bands_by": "weight", "bands": [{"up_to": "2.499", "price": "1"}]}', 24.99, null),
	('{"bands_by": "weight", "bands": [{"up_to": "2.499", "price": "1"}, {"up_to": null, "price": "3"}]}', 24.99, '8'),
	('{"bands_by": "weight", "bands": [{"up_to": "2.499", "price": "1"}], "free_over": 1, "class_fees": {"bulky": "1"}}', 24.99, null),
	('{"bands_by": "pieces", "bands": [{"up_to": "2", "price": "1"}, {"up_to": "3", "price": "2"}]}', 24.99, '7'),
	('{"bands_by": "subtotal", "bands": [{"up_to": "24.99", "price": "1"}, {"up_to": "30", "price": "2"}]}', 24.99, '6'),
	('{"bands_by": "subtotal", "bands": [{"up_to": "24.99", "price": "1"}, {"up_to": "30", "price": "2"}]}', 25, '7'),
	('{"bands_by": "subtotal", "bands": [{"up_to": "0.5", "price": "1"}]}', 0, '6')
) c (method, goods, charge);
select is(shipping_charge(pg_temp.method('{"bands_by": "weight", "bands": [{"up_to": "1", "price": "1"}], "class_fees": {"bulky": "1"}}'),
	0, null), 6::numeric, 'nothing weighs nothing, and is of no class');

\set zones '{"zones": [{"country": "DE", "regions": ["BY"], "postal_codes": ["80 3*", "81"]}, {"country": "GB", "postal_codes": ["sw1"]}, {"country": "AT", "regions": ["Tirol"]}, {"country": "CH", "regions": [], "postal_codes": []}]}'
select is((shipping_destination_refused(pg_temp.method(:'zones'), address::jsonb))[1].code, refused, coalesce(address, 'no address'))
from (values
	('{"country": "DE", "region": "by", "postal_code": "80331"}', null),
	('{"country": "DE", "region": " BY ", "postal_code": "8 1 000"}', null),
	('{"country": "DE", "region": "BY", "postal_code": "80400"}', 'wrong_postal_code'),
	('{"country": "DE", "region": "BY"}', 'wrong_postal_code'),
	('{"country": "DE", "postal_code": "80331"}', 'wrong_region'),
	('{"country": "GB", "postal_code": "SW1A 1AA"}', null),
	('{"country": "AT", "region": "TIROL"}', null),
	('{"country": "AT", "region": "Tirol 2"}', 'wrong_region'),
	('{"country": "CH"}', null),
	('{"country": "FR"}', 'wrong_country'),
	('{}', 'wrong_country'),
	(null, 'wrong_country')
) c (address, refused);
select is(shipping_destination_refused(pg_temp.method('{}'), null), null, 'everywhere needs no address');

-- Quotes, and why a coupon or a shipping method is refused.

-- Two tea at 10.00 with 19 %, a cup at 4.99 with 7 %: subtotal, discount, shipping, tax, rounding, total.
create function pg_temp.basket() returns basket_line[] language sql as $$
	select array[row('00000000-0000-4000-8000-0000000000a1', 2, null, null, null),
		row('00000000-0000-4000-8000-0000000000a2', 1, null, null, null)]::basket_line[]
$$;
create function pg_temp.quote(shop jsonb, coupon jsonb, method jsonb) returns text language sql as $$
	select concat_ws(' ', q.subtotal, q.discount_total, q.shipping_total, q.tax_total, q.rounding, q.total)
	from order_quote((select jsonb_populate_record(s, shop) from stores s where s.slug = 'sql-shop'),
		pg_temp.basket(),
		jsonb_populate_record(null::coupons, '{"products": [], "categories": []}' || coupon), jsonb_populate_record(null::shipping_methods, method), null) q
$$;
\set shipping '{"id": "00000000-0000-4000-8000-0000000000e1", "price": 5.00, "tax_rate": 19'
select is(pg_temp.quote(shop::jsonb, coupon::jsonb, method::jsonb), quoted, name)
from (values
	('{}', null, null, '24.99 0.00 0.00 4.15 0.00 29.14', 'taxes are added'),
	('{"prices_include_tax": true}', null, null, '24.99 0.00 0.00 3.52 0.00 24.99', 'or included'),
	('{}', '{"discount_percent": 10}', null, '24.99 2.50 0.00 3.73 0.00 26.22', 'a percentage is rounded line by line, and taxes are of what remains'),
	('{}', '{"discount_percent": 100}', null, '24.99 24.99 0.00 0.00 0.00 0.00', 'all of it'),
	('{"prices_include_tax": true}', '{"discount_amount": 5}', null, '24.99 5.00 0.00 2.81 0.00 19.99', 'an amount is spread over the lines'),
	('{}', '{"discount_amount": 100}', null, '24.99 24.99 0.00 0.00 0.00 0.00', 'and never more than they cost'),
	('{}', null, :'shipping' || '}', '24.99 0.00 5.00 5.10 0.00 35.09', 'shipping and its tax'),
	('{"prices_include_tax": true}', null, :'shipping' || '}', '24.99 0.00 5.00 4.32 0.00 29.99', 'which may be included'),
	('{}', null, :'shipping' || ', "free_over": 24.99}', '24.99 0.00 0.00 4.15 0.00 29.14', 'it is free from an amount on'),
	('{}', null, :'shipping' || ', "free_over": 25}', '24.99 0.00 5.00 5.10 0.00 35.09', 'not below'),
	('{}', '{"discount_percent": 10}', :'shipping' || ', "free_over": 24.99}', '24.99 2.50 5.00 4.68 0.00 32.17', 'the discounted amount counts'),
	('{"rounding_step": 0.05}', null, null, '24.99 0.00 0.00 4.15 0.01 29.15', 'only the total is rounded'),
	('{"rounding_step": 1.00, "prices_include_tax": true}', null, null, '24.99 0.00 0.00 3.52 0.01 25.00', 'to whole units'),
	('{"rounding_step": 0.10, "prices_include_tax": true}', '{"discount_amount": 0.04}', null, '24.99 0.04 0.00 3.52 0.05 25.00', 'half up'),
	('{"rounding_step": 0.50}', null, null, '24.99 0.00 0.00 4.15 -0.14 29.00', 'or down')
) c (shop, coupon, method, quoted, name);

create function pg_temp.lines(shop jsonb, coupon jsonb) returns text language sql as $$
	select string_agg(concat_ws(' ', l.sku, l.discount_amount, l.tax_amount, l.line_total), ', ' order by l.position)
	from unnest((order_quote((select jsonb_populate_record(s, shop) from stores s where s.slug = 'sql-shop'),
		pg_temp.basket(),
		jsonb_populate_record(null::coupons, '{"products": [], "categories": []}' || coupon), null, null)).lines) l
$$;
select is(pg_temp.lines('{}', null), 'SQL-1 0.00 3.80 23.80, SQL-2 0.00 0.35 5.34', 'a line has its tax');
select is(pg_temp.lines('{"prices_include_tax": true}', '{"discount_amount": 5}'), 'SQL-1 4.00 2.55 16.00, SQL-2 1.00 0.26 3.99',
	'and its part of a discount');
select is((select concat_ws(' ', subtotal, total) from order_quote((select s from stores s where s.id = :store), '{}', null, null, null)), '0.00 0.00',
	'nothing costs nothing');

-- A coupon: what of coupon, order, subtotal and count of uses refuses it.
insert into coupons (id, code, store, discount_percent)
values ('00000000-0000-4000-8000-0000000000c1', 'SQL', :store, 10);
create function pg_temp.coupon(coupon jsonb, about jsonb, subtotal numeric, uses integer) returns text language sql as $$
	update coupon_uses u set used_count = uses where u.coupon = '00000000-0000-4000-8000-0000000000c1';
	select (coupon_refused(jsonb_populate_record(null::coupons, '{"id": "00000000-0000-4000-8000-0000000000c1", "is_active": true,
			"is_deleted": false, "is_suspended": false, "products": [], "categories": []}' || coupon), s,
		jsonb_populate_record(null::quote, jsonb_build_object('eligible', subtotal)),
		jsonb_populate_record(null::orders, jsonb_build_object('coupon', 'SQL', 'store', s.id) || about)))[1].code
	from stores s where s.slug = 'sql-shop'
$$;
select is(pg_temp.coupon(coupon::jsonb, about::jsonb, subtotal, uses), refused, concat_ws(' ', coupon, about, subtotal, uses))
from (values
	('{}', '{}', 24.99, 0, null),
	('{"id": null}', '{}', 24.99, 0, 'coupon_not_found'),
	('{"id": null}', '{"coupon": null}', 24.99, 0, null),
	('{"store": "00000000-0000-4000-8000-000000000001"}', '{}', 24.99, 0, null),
	('{"store": "00000000-0000-4000-8000-000000000002"}', '{}', 24.99, 0, 'coupon_not_found'),
	('{"is_active": false}', '{}', 24.99, 0, 'coupon_not_found'),
	('{"is_deleted": true}', '{}', 24.99, 0, 'coupon_not_found'),
	('{"is_suspended": true}', '{}', 24.99, 0, 'coupon_not_found'),
	('{"active_to": "2001-01-01"}', '{}', 24.99, 0, 'coupon_not_found'),
	('{"valid_from": "2001-01-01", "valid_to": "2999-01-01"}', '{}', 24.99, 0, null),
	('{"valid_from": "2999-01-01"}', '{}', 24.99, 0, 'not_yet'),
	('{"valid_to": "2001-01-01"}', '{}', 24.99, 0, 'expired'),
	('{"min_order_value": 24.99}', '{}', 24.99, 0, null),
	('{"min_order_value": 25}', '{}', 24.99, 0, 'coupon_min_value'),
	('{"min_order_value": 25}', '{}', null, 0, null),
	('{"usage_limit": 2}', '{}', 24.99, 1, null),
	('{"usage_limit": 2}', '{}', 24.99, 2, 'used_up'),
	('{"usage_limit": 2, "min_order_value": 25, "usage_limit_per_customer": 1}', '{}', 24.99, 2, 'used_up'),
	('{"first_order": true}', '{}', 24.99, 0, 'sign_in_required'),
	('{"first_order": true}', '{"user_id": "00000000-0000-4000-8000-00000000000c"}', 24.99, 0, null),
	('{"usage_limit_per_customer": 1}', '{}', 24.99, 0, 'sign_in_required'),
	('{"usage_limit_per_customer": 1}', '{"contact_mobile": "+4915900000009"}', 24.99, 0, 'sign_in_required'),
	('{"usage_limit_per_customer": 1}', '{"contact_mobile": "+4915900000009", "mobile_proven": true}', 24.99, 0, null),
	('{"usage_limit_per_customer": 1}', '{"contact_email": "a@sql.example", "email_proven": true}', 24.99, 0, null),
	('{"usage_limit_per_customer": 1}', '{"user_id": "00000000-0000-4000-8000-00000000000c"}', 24.99, 0, null)
) c (coupon, about, subtotal, uses, refused);

select is(pg_temp.coupon(jsonb_build_object('valid_from', now()), '{}', 24.99, 0), null, 'from this moment');
select is(pg_temp.coupon(jsonb_build_object('valid_to', now()), '{}', 24.99, 0), 'expired', 'until this moment');

-- A customer who used it is found by account, number or address.
insert into orders (id, store, user_id, status, contact_name, currency, prices_include_tax, subtotal, tax_total, total)
values ('00000000-0000-4000-8000-0000000000f1', :store, :customer, 'cart', 'Customer', 'EUR', true, 0, 0, 0);
insert into coupon_redemptions (order_id, coupon, user_id, mobile, email) values ('00000000-0000-4000-8000-0000000000f1',
	'00000000-0000-4000-8000-0000000000c1', :customer, '+4915900000001', 'Customer@sql.example');
select is(pg_temp.coupon('{"usage_limit_per_customer": 1}', about::jsonb, 24.99, 0), refused, about)
from (values
	('{"user_id": "00000000-0000-4000-8000-00000000000c"}', 'used_up_by_customer'),
	('{"contact_mobile": "+4915900000001", "mobile_proven": true}', 'used_up_by_customer'),
	('{"contact_email": "customer@SQL.example", "email_proven": true}', 'used_up_by_customer'),
	('{"contact_mobile": "+4915900000009", "mobile_proven": true}', null),
	('{"contact_mobile": "+4915900000001"}', 'sign_in_required'),
	('{"user_id": "00000000-0000-4000-8000-00000000000a", "contact_mobile": "+4915900000001"}', 'used_up_by_customer')
) c (about, refused);
select is(pg_temp.coupon('{"usage_limit_per_customer": 2}', '{"user_id": "00000000-0000-4000-8000-00000000000c"}', 24.99, 0), null, 'two times are not used up by one');

-- What a coupon is for: tea by its category, a variant of a parent. Discounts of the lines, and their value.
insert into categories (id, name, slug) values ('00000000-0000-4000-8000-0000000000ca', 'Drinks', 'sql-drinks');
update products set category = '00000000-0000-4000-8000-0000000000ca' where id = :tea;
insert into products (id, sku, name, slug, store, parent, price, currency) values
	('00000000-0000-4000-8000-0000000000a3', 'SQL-3', 'Green tea', 'sql-green', :store, :tea, 7, 'EUR');
create function pg_temp.off(coupon jsonb) returns text language sql as $$
	select concat_ws(' ', array_to_string(d.parts, ',', '-'), d.eligible)
	from coupon_discount(jsonb_populate_record(null::coupons, '{"products": [], "categories": []}' || coupon), (
		select array_agg(jsonb_populate_record(null::quote_line, l || '{"price_discount": 0}'))
		from jsonb_array_elements('[{"position": 1, "product": "00000000-0000-4000-8000-0000000000a1", "quantity": 2, "unit_price": 10},
			{"position": 2, "product": "00000000-0000-4000-8000-0000000000a2", "quantity": 1, "unit_price": 4.99},
			{"position": 3, "product": "00000000-0000-4000-8000-0000000000a3", "quantity": 1, "unit_price": 7}]') l), 2) d
$$;
select is(pg_temp.off(coupon::jsonb), wanted, coupon)
from (values
	('{"discount_percent": 10}', '2.00,0.50,0.70 31.99'),
	('{"discount_amount": 5}', '3.13,0.78,1.09 31.99'),
	('{"discount_percent": 10, "products": ["00000000-0000-4000-8000-0000000000a1"]}', '2.00,-,0.70 27'),
	('{"discount_percent": 10, "products": ["00000000-0000-4000-8000-0000000000a3"]}', '-,-,0.70 7'),
	('{"discount_amount": 5, "categories": ["00000000-0000-4000-8000-0000000000ca"]}', '3.70,-,1.30 27'),
	('{"discount_amount": 50, "categories": ["00000000-0000-4000-8000-0000000000ca"]}', '20.00,-,7.00 27'),
	('{"discount_amount": 50, "categories": ["00000000-0000-4000-8000-0000000000cb"], "products": ["00000000-0000-4000-8000-0000000000a2"]}',
		'-,4.99,- 4.99'),
	('{"discount_amount": 5, "categories": ["00000000-0000-4000-8000-0000000000cb"]}', '-,-,-'),
	('{"free_shipping": true, "products": ["00000000-0000-4000-8000-0000000000a2"]}', '-,-,- 4.99')
) c (coupon, wanted);
select is((coupon_refused(jsonb_populate_record(null::coupons, '{"id": "00000000-0000-4000-8000-0000000000c1", "is_active": true,
		"is_deleted": false, "is_suspended": false}'), s, jsonb_populate_record(null::quote, '{"lines": [{}], "subtotal": 5, "discount_total": 0}'),
	jsonb_populate_record(null::orders, '{"coupon": "SQL"}')))[1].code, 'wrong_products', 'a coupon for none of the goods')
from stores s where s.id = :store;

-- To whom the reason is said.
select is((select string_agg(r.code, ' ') from unnest(refusals_seen(refused('/items/0', 'unavailable') || refused('/coupon', rule), viewer)) r),
	'unavailable ' || seen, concat_ws(' ', rule, viewer))
from (values
	('coupon_not_found', 'customer', 'coupon_not_found'), ('not_yet', 'customer', 'coupon_not_found'),
	('expired', null, 'coupon_not_found'), ('used_up', 'customer', 'coupon_not_found'),
	('coupon_min_value', 'customer', 'coupon_min_value'), ('expired', 'staff', 'expired'), ('used_up', 'admin', 'used_up')
) c (rule, viewer, seen);
select is(refusals_seen(null, 'customer'), null, 'nothing stays nothing');

-- Who has ordered before: by account, proven number or address; what was entered by the store; what was only typed.
insert into users (id, name, mobile_number, email, is_customer, mobile_verified_at, email_verified_at) values
	('00000000-0000-4000-8000-00000000000d', 'Buyer', '+4915900000021', 'Buyer@sql.example', true, now(), now());
create function pg_temp.ordered(placed jsonb, who uuid, mobile text, email text) returns boolean language plpgsql as $$
declare
	answer boolean;
begin
	begin
		insert into orders (number, placed_at, store, user_id, status, contact_name, contact_mobile, contact_email, mobile_proven,
			email_proven, claimed, created_by, token_hash, currency, prices_include_tax, subtotal, tax_total, total)
		select nextval('order_numbers'), now(), coalesce((placed ->> 'store')::uuid, '00000000-0000-4000-8000-000000000001'), o.user_id,
			coalesce(o.status, 'placed'), '', o.contact_mobile, o.contact_email, coalesce(o.mobile_proven, false),
			coalesce(o.email_proven, false), coalesce(o.claimed, false), o.created_by, '\x00', 'EUR', true, 0, 0, 0
		from jsonb_populate_record(null::orders, placed) o;
		answer := buyer_has_ordered(who, mobile, email, '00000000-0000-4000-8000-000000000001', uuid_v7());
		raise exception using errcode = 'TT000';
	exception when sqlstate 'TT000' then null;
	end;
	return answer;
end
$$;
select is(pg_temp.ordered(placed::jsonb, who::uuid, mobile, email), wanted, concat_ws(' ', placed, who, mobile, email))
from (values
	('{"user_id": "00000000-0000-4000-8000-00000000000d"}', '00000000-0000-4000-8000-00000000000d', null, null, true),
	('{"user_id": "00000000-0000-4000-8000-00000000000d", "status": "cancelled"}', '00000000-0000-4000-8000-00000000000d', null, null, false),
	('{"user_id": "00000000-0000-4000-8000-00000000000d", "status": "cart"}', '00000000-0000-4000-8000-00000000000d', null, null, false),
	('{"user_id": "00000000-0000-4000-8000-00000000000d", "claimed": true}', '00000000-0000-4000-8000-00000000000d', null, null, false),
	('{"user_id": "00000000-0000-4000-8000-00000000000d"}', null, '+4915900000021', null, true),
	('{"user_id": "00000000-0000-4000-8000-00000000000d"}', null, null, 'buyer@SQL.example', true),
	('{"user_id": "00000000-0000-4000-8000-00000000000d"}', null, '+4915900000022', 'other@sql.example', false),
	('{"contact_mobile": "+4915900000023", "mobile_proven": true}', null, '+4915900000023', null, true),
	('{"contact_mobile": "+4915900000023"}', null, '+4915900000023', null, false),
	('{"contact_email": "A@sql.example", "email_proven": true}', null, null, 'a@SQL.example', true),
	('{"contact_email": "A@sql.example", "email_proven": true}', null, null, 'a+1@sql.example', false),
	('{"contact_email": "A@sql.example", "mobile_proven": true}', null, null, 'a@sql.example', false),
	('{"contact_email": "A@sql.example", "created_by": "00000000-0000-4000-8000-00000000000a"}', null, null, 'a@sql.example', true)
) c (placed, who, mobile, email, wanted);

-- A shipping method.
create function pg_temp.shipping(method jsonb, about jsonb) returns text language sql as $$
	select (shipping_refused(jsonb_populate_record(null::shipping_methods, '{"zones": []}' || method), s,
		jsonb_populate_record(null::orders, about), null))[1].code
	from stores s where s.slug = 'sql-shop'
$$;
\set asked '{"shipping_method": "00000000-0000-4000-8000-0000000000e1"'
\set found '{"id": "00000000-0000-4000-8000-0000000000e1", "pickup": false, "countries": '
select is(pg_temp.shipping(method::jsonb, about::jsonb), refused, concat_ws(' ', method, about))
from (values
	(null, '{}', null),
	(null, :'asked' || '}', 'shipping_not_found'),
	(:'found' || '[]}', :'asked' || '}', null),
	(:'found' || '["DE", "AT"]}', :'asked' || ', "shipping_address": {"country": "AT"}}', null),
	(:'found' || '["DE", "AT"]}', :'asked' || ', "shipping_address": {"country": "FR"}}', 'wrong_country'),
	(:'found' || '["DE", "AT"]}', :'asked' || '}', 'wrong_country'),
	(:'found' || '["DE", "AT"], "pickup": true}', :'asked' || ', "shipping_address": {"country": "FR"}}', null)
) c (method, about, refused);
create function pg_temp.ship_to(method jsonb, about jsonb) returns text language sql as $$
	select (ship_to_refused(jsonb_populate_record(null::shipping_methods, method),
		jsonb_populate_record(null::orders, about)))[1].code
$$;
select is(pg_temp.ship_to(method::jsonb, about::jsonb), refused, concat_ws(' ', 'an address:', method, about))
from (values
	(null, '{}', null),
	(:'found' || '[]}', '{}', 'shipping_address_required'),
	(:'found' || '[]}', '{"billing_address": {"country": "AT"}}', 'shipping_address_required'),
	(:'found' || '[]}', '{"shipping_address": {"country": "AT"}}', null),
	(:'found' || '[], "pickup": true}', '{}', null)
) c (method, about, refused);
insert into shipping_methods (store, name, price) values (:store, 'Parcel', 5);
select is(pg_temp.shipping(null, '{}'), 'shipping_required', 'a store that ships wants to know how');

-- The rules between the fields of a coupon and of a shipping method: all errors at once.
create function pg_temp.errors(statement text) returns text language plpgsql as $$
declare
	described text;
begin
	execute statement;
	raise exception using errcode = 'TT000';
exception when sqlstate 'CS422' then
	get stacked diagnostics described = pg_exception_detail;
	return (select string_agg(concat_ws(' ', e ->> 'pointer', e ->> 'code'), ', ') from jsonb_array_elements(described::jsonb -> 'errors') e);
when sqlstate 'TT000' then
	return null;
end
$$;
select is(pg_temp.errors('insert into coupons (code, store, discount_percent, discount_amount, min_order_value, valid_from, valid_to) values ('
	|| given || ')'), errors, given)
from (values
	('''A'', null, 10, null, null, null, null', null),
	('''A'', null, null, null, null, null, null', '/discount_percent one_discount'),
	('''A'', null, 10, 1, null, now(), now()', '/discount_percent one_discount, /valid_to ends_before_start, /store amount_needs_store'),
	('''A'', ''00000000-0000-4000-8000-000000000001'', null, 1.001, 2.001, null, null',
		'/discount_amount currency_decimals, /min_order_value currency_decimals'),
	('''A'', ''00000000-0000-4000-8000-000000000001'', null, 1.5, 2, null, null', null)
) c (given, errors);
select is(pg_temp.errors(format('insert into shipping_methods (store, name, price, free_over) values (%L, ''A'', 1.001, 2.001)', :store)),
	'/price currency_decimals, /free_over currency_decimals', 'of a shipping method too');

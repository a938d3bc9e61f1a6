-- Orders of guests: adopting, disowning, confirming and claiming them.

insert into users (id, name, email, is_customer, email_verified_at) values
	('00000000-0000-4000-8000-0000000000b2', 'Second', 'second@sql.example', true, now());

-- A guest's order, whose token is \x01, with changes.
create function pg_temp.order_of(changes jsonb default '{}') returns uuid language sql as $$
	insert into orders (store, user_id, token_hash, status, currency, prices_include_tax, subtotal, tax_total, total, number, placed_at,
		contact_name, contact_email, contact_mobile, email_proven, mobile_proven, shipping_address, comments, disowned)
	select '00000000-0000-4000-8000-000000000001', o.user_id, coalesce(o.token_hash, '\x01'), coalesce(o.status, 'placed'), 'EUR', true,
		10, 0, 10, case when o.status is distinct from 'cart' then nextval('order_numbers') end, now(),
		'Guest', o.contact_email, o.contact_mobile, coalesce(o.email_proven, false), coalesce(o.mobile_proven, false),
		'{"line1": "Street 1", "city": "Town", "country": "DE"}', 'ring', coalesce(o.disowned, false)
	from jsonb_populate_record(null::orders, changes) o
	returning id
$$;
-- Like concat_ws(), with nulls.
create function pg_temp.state(which uuid) returns text language sql as $$
	select concat_ws('|', coalesce((select u.name from users u where u.id = o.user_id), '-'), o.claimed, o.disowned, o.email_proven, o.mobile_proven,
		coalesce(o.contact_email, '-'), coalesce(o.contact_mobile, '-'))
	from orders o where o.id = which
$$;

-- Adopting: a customer with the token.
select pg_temp.order_of('{"contact_mobile": "+4915900000009"}') as guests,
	pg_temp.order_of('{"user_id": "00000000-0000-4000-8000-0000000000b2"}') as seconds \gset
select throws_ok(format('select order_adopt(%L, %L, %L, %L, ''test'')', which, who, role, token), code, reason, reason)
from (values
	(:'guests', :customer, 'customer', '\x02', 'CS404', 'missing'),
	(:'guests', :customer, 'customer', null, 'CS404', 'missing'),
	('00000000-0000-4000-8000-0000000000ff', :customer, 'customer', '\x01', 'CS404', 'missing'),
	(:'guests', :staff, 'staff', '\x01', 'CS403', 'customers_adopt'),
	(:'seconds', '00000000-0000-4000-8000-0000000000b2', 'customer', null, 'CS403', 'token_required'),
	(:'seconds', :customer, 'customer', '\x01', 'CS409', 'another_account')
) c (which, who, role, token, code, reason);
insert into payments (order_id, payment_method, online, amount, currency, status, unconfirmed)
values (:'guests', 'cod', false, 10, 'EUR', 'pending', true);
select order_adopt(:'guests', :customer, 'customer', '\x01', 'test') \g /dev/null
select is(pg_temp.state(:'guests'), 'Customer|f|f|f|f|-|+4915900000009', 'a customer adopts a guest''s order');
select is((select unconfirmed from payments where order_id = :'guests'), false, 'which needs no confirmation then');
select is((select token_hash from orders where id = :'guests'), '\x01'::bytea, 'the token of an order stays');
select pg_temp.order_of('{"status": "cart"}') as cart \gset
select order_adopt(:'cart', :customer, 'customer', '\x01', 'test') \g /dev/null
select is((select token_hash from orders where id = :'cart'), null, 'that of a cart ends');

-- Disowning: what a guest placed with another person's number leaves that person's account.
select pg_temp.order_of('{"user_id": "00000000-0000-4000-8000-00000000000c", "contact_mobile": "+4915900000001",
	"contact_email": "g@sql.example", "email_proven": true}') as guests \gset
select throws_ok(format('select order_disown(%L, %L, %L, %L, ''test'')', which, who, role, token), code, reason, reason)
from (values
	(:'guests', '00000000-0000-4000-8000-0000000000b2', 'customer', null, 'CS404', 'missing'),
	(:'guests', '00000000-0000-4000-8000-0000000000b2', 'customer', '\x01', 'CS403', 'owner_only'),
	(:'guests', :staff, 'staff', null, 'CS403', 'owner_only'),
	(:'cart', :customer, 'customer', null, 'CS409', 'placed_yourself')
) c (which, who, role, token, code, reason);
select order_disown(:'guests', :customer, 'customer', null, 'test') \g /dev/null
select is(pg_temp.state(:'guests'), '-|f|t|f|f|g@sql.example|-', 'the order leaves the account, without its number');
select is((select count(*) from order_events where order_id = :'guests'), 1::bigint, 'with a note for the store');
select orders_claim(:customer, '+4915900000001', null) \g /dev/null
select is(pg_temp.state(:'guests'), '-|f|t|f|f|g@sql.example|-', 'it is not claimed again');

-- Where the code goes that confirms an order.
create function pg_temp.contact(changes jsonb, way text, can_text boolean, token bytea default '\x01') returns text language plpgsql as $$
declare
	which uuid := pg_temp.order_of(changes);
begin
	return (select concat_ws(' ', c.channel, c.recipient) from order_contact(which, null, null, token, way, can_text) c);
exception when sqlstate 'CS404' or sqlstate 'CS409' or sqlstate 'CS422' then
	return sqlstate || ' ' || sqlerrm;
end
$$;
\set both '{"contact_email": "g@sql.example", "contact_mobile": "+4915900000009"'
select is(pg_temp.contact(changes::jsonb, way, can_text), contact, concat_ws(' ', changes, way, can_text))
from (values
	(:'both' || '}', null, true, 'sms +4915900000009'),
	(:'both' || '}', null, false, 'mail g@sql.example'),
	(:'both' || '}', 'email', true, 'mail g@sql.example'),
	(:'both' || '}', 'mobile_number', false, 'sms +4915900000009'),
	('{"contact_email": "g@sql.example"}', null, true, 'mail g@sql.example'),
	('{"contact_mobile": "+4915900000009"}', null, false, 'sms +4915900000009'),
	(:'both' || ', "mobile_proven": true}', 'email', true, 'mail g@sql.example'),
	(:'both' || ', "status": "cart"}', null, true, 'sms +4915900000009'),
	(:'both' || ', "status": "partly_shipped"}', null, true, 'sms +4915900000009')
) c (changes, way, can_text, contact);
select is(pg_temp.contact(changes::jsonb, way, true, token::bytea), refused, concat_ws(' ', changes, way, token))
from (values
	(:'both' || '}', null, '\x02', 'CS404 missing'),
	(:'both' || ', "user_id": "00000000-0000-4000-8000-00000000000c"}', null, '\x01', 'CS409 nothing_to_confirm'),
	(:'both' || ', "status": "shipped"}', null, '\x01', 'CS409 order_is'),
	(:'both' || ', "status": "cancelled"}', null, '\x01', 'CS409 order_is'),
	('{"contact_email": "g@sql.example"}', 'mobile_number', '\x01', 'CS422 not_in_contact'),
	('{"contact_mobile": "+4915900000009"}', 'email', '\x01', 'CS422 not_in_contact'),
	(:'both' || ', "mobile_proven": true}', null, '\x01', 'CS409 already_confirmed')
) c (changes, way, token, refused);

-- Confirming it: with the code of its own challenge, sent to its contact, or by the store without one.
create function pg_temp.confirm(which uuid, challenge text, code text, role text default null, who uuid default null) returns text language sql as $$
	select case when c.body is null then 'wrong' else c.body::jsonb ->> 'status' end
	from order_confirm(which, who, role, '\x01', 'test', challenge::bytea, code::bytea) c
$$;
select pg_temp.order_of((:'both' || '}')::jsonb) as guests, pg_temp.order_of((:'both' || '}')::jsonb) as another \gset
insert into payments (order_id, payment_method, online, amount, currency, status, unconfirmed)
values (:'guests', 'cod', false, 10, 'EUR', 'pending', true), (:'another', 'cod', false, 10, 'EUR', 'pending', true);
select challenge_issue('confirm_order', 'sms', '+4915900000009', :'guests', 'sql1', 'right', null, 'place', ''),
	challenge_issue('confirm_order', 'mail', 'old@sql.example', :'guests', 'sql2', 'right', null, 'place', ''),
	challenge_issue('confirm_order', 'sms', '+4915900000009', :'another', 'sql3', 'right', null, 'place', '') \g /dev/null
select is(pg_temp.confirm(:'guests', 'sql1', 'false'), 'wrong', 'a wrong code');
select is(pg_temp.confirm(:'guests', 'sql2', 'right'), 'wrong', 'that of an address which is no longer its own');
select is(pg_temp.confirm(:'guests', 'sql3', 'right'), 'wrong', 'that of another order');
select is(pg_temp.state(:'guests'), '-|f|f|f|f|g@sql.example|+4915900000009', 'confirm nothing');
select is(pg_temp.confirm(:'guests', 'sql1', 'right'), 'placed', 'the right code');
select is(pg_temp.state(:'guests'), '-|f|f|f|t|g@sql.example|+4915900000009', 'confirms where it was sent');
select is((select unconfirmed from payments where order_id = :'guests'), false, 'and the payment');
select throws_ok(format('select pg_temp.confirm(%L, null, null)', :'another'), 'CS403', 'code_required', 'a guest needs a code');
select is(pg_temp.confirm(:'another', null, null, 'staff', :staff), 'placed', 'the store does not');
select is((select unconfirmed from payments where order_id = :'another'), false, 'and confirms the payment');
select is(pg_temp.state(:'another'), '-|f|f|f|f|g@sql.example|+4915900000009', 'not the contact');
select is(pg_temp.confirm(pg_temp.order_of('{"status": "partly_shipped"}'), null, null, 'staff', :staff), 'partly_shipped',
	'also while a part is still to be shipped');
select throws_ok(format('select pg_temp.confirm(%L, null, null, ''staff'', %L)', pg_temp.order_of('{"status": "shipped"}'), :staff), 'CS409', 'order_is',
	'what is shipped is not confirmed');

-- Claiming: a customer who proves a number or an address gets the orders that guests placed with it.
create function pg_temp.claim(changes jsonb) returns text language plpgsql as $$
declare
	which uuid := pg_temp.order_of(changes);
begin
	perform orders_claim('00000000-0000-4000-8000-00000000000c', '+4915900000001', 'proven@sql.example');
	return (select concat_ws(' ', (select u.name from users u where u.id = o.user_id), case when o.claimed then 'claimed' end,
		case when o.token_hash is null then 'without token' end, case when o.shipping_address is null then 'without address' end)
		from orders o where o.id = which);
end
$$;
select is(pg_temp.claim(changes::jsonb), claimed, changes)
from (values
	('{"contact_mobile": "+4915900000001"}', 'Customer claimed'),
	('{"contact_email": "Proven@SQL.example"}', 'Customer claimed'),
	('{"contact_mobile": "+4915900000001", "mobile_proven": true}', 'Customer'),
	('{"contact_mobile": "+4915900000001", "contact_email": "g@sql.example", "email_proven": true}', 'Customer claimed'),
	('{"contact_mobile": "+4915900000009", "contact_email": "g@sql.example"}', ''),
	('{"contact_mobile": "+4915900000001", "disowned": true}', ''),
	('{"contact_mobile": "+4915900000001", "user_id": "00000000-0000-4000-8000-0000000000b2"}', 'Second'),
	('{"contact_mobile": "+4915900000001", "status": "shipped"}', 'Customer claimed'),
	('{"contact_mobile": "+4915900000001", "status": "cart"}', 'Customer without token without address'),
	('{"contact_mobile": "+4915900000001", "status": "cart", "mobile_proven": true}', 'Customer without token')
) c (changes, claimed);
select is((select concat_ws(' ', nullif(o.contact_name, ''), o.shipping_address, nullif(o.comments, '')) from orders x,
	order_seen(x, 'customer', :customer) o where x.claimed and x.user_id = :customer limit 1), '', 'what is only claimed does not show who placed it');

-- Export and deletion: all that is a customer's, and nothing of anybody else's.

select set_config('cgishop.user_id', :customer, true) \g /dev/null
insert into orders (id, number, store, user_id, token_hash, status, contact_name, contact_email, contact_mobile, currency, prices_include_tax,
	subtotal, tax_total, total, placed_at, comments) values
	('00000000-0000-4000-8000-0000000000f1', 900001, :store, :customer, null, 'completed', 'Customer', 'c@sql.example', '+4915900000001',
		'EUR', true, 10, 0, 10, now(), 'ring twice'),
	('00000000-0000-4000-8000-0000000000f2', 900002, :store, null, '\x01', 'completed', 'Guest', 'g@sql.example', '+4915900000002',
		'EUR', true, 10, 0, 10, now(), 'a guest'),
	('00000000-0000-4000-8000-0000000000f3', null, :store, :customer, null, 'cart', 'Customer', null, null,
		'EUR', true, 0, 0, 0, null, '');
insert into addresses (user_id, name, line1, city, country) values (:customer, 'Customer', 'Street 1', 'Town', 'DE');
insert into order_events (order_id, user_id, to_status, note) values ('00000000-0000-4000-8000-0000000000f1', :customer, 'completed', 'thank you');

insert into order_events (order_id, to_status, kind, data)
values ('00000000-0000-4000-8000-0000000000f1', 'completed', 'correction', '{"contact": {"old": "c@sql.example"}}');
insert into shipments (order_id, number, carrier, tracking_number, tracking_url)
values ('00000000-0000-4000-8000-0000000000f1', 1, 'DHL', '0034 of c@sql.example', 'https://dhl.example/c@sql.example');
insert into order_items (order_id, position, product, sku, name, quantity, unit_price, tax_rate, tax_amount, line_total, price_reason)
values ('00000000-0000-4000-8000-0000000000f1', 1, :tea, 'SQL-1', 'Tea', 1, 10, 0, 0, 10, 'as promised to c@sql.example');

create function pg_temp.export() returns jsonb language sql as $$ select me_export('00000000-0000-4000-8000-00000000000c')::jsonb $$;
select is(jsonb_array_length(pg_temp.export() -> member), n, member || ' in the export')
from (values ('orders', 2), ('addresses', 1), ('notes', 1), ('payments', 0), ('sessions', 0)) c (member, n);
select is(pg_temp.export() #>> '{user,name}', 'Customer', 'and who it is');
select ok(pg_temp.export()::text !~ 'Guest', 'but nothing of anybody else');

-- Only for the customer whose session asks, and not while an order is open.
select throws_ok($$ select me_forget('r') $$, 'CS404', null, 'without a session nobody is deleted');
select session_start(:customer, 'otp', sha256('token'), '') \g /dev/null
select set_config('cgishop.session', encode(sha256('token'), 'hex'), true) \g /dev/null
update orders set status = 'paid' where number = 900001;
select throws_ok($$ select me_forget('r') $$, 'CS409', null, 'an open order must end first');
update orders set status = 'completed' where number = 900001;
select lives_ok($$ select me_forget('r') $$, 'a customer is deleted');

select is((select concat_ws('|', is_deleted, is_active, name, mobile_number, email) from users where id = :customer), 't|f|', 'the account has no name');
select is((select concat_ws('|', contact_name, contact_email, contact_mobile, comments, status, total) from orders where number = 900001),
	'||completed|10', 'its order stays, without one');
select is((select count(*) from orders where id = '00000000-0000-4000-8000-0000000000f3'), 0::bigint, 'its cart goes');
select is((select count(*) from addresses where user_id = :customer), 0::bigint, 'so do its addresses');
select is((select count(*) from sessions where user_id = :customer), 0::bigint, 'and its sessions');
select is((select string_agg(note || data, ' ') from order_events where order_id = '00000000-0000-4000-8000-0000000000f1'), '{} {}',
	'notes and corrections are emptied');
select is((select concat_ws(' ', carrier, tracking_number, tracking_url) from shipments where order_id = '00000000-0000-4000-8000-0000000000f1'), 'DHL', 'so are the numbers of shipments');
select is((select price_reason from order_items where order_id = '00000000-0000-4000-8000-0000000000f1'), '', 'and why a price was set');
select is((select count(*) from audit_logs where table_name = 'shipments'
	and (old_data::text || coalesce(new_data::text, '')) ~ 'c@sql.example'), 0::bigint, 'in the log too');
select is((select contact_name from orders where number = 900002), 'Guest', 'nobody else''s order is touched');
select is((select count(*) from audit_logs where record_id in (:customer, '00000000-0000-4000-8000-0000000000f1', '00000000-0000-4000-8000-0000000000f3')
	and (old_data::text || coalesce(new_data::text, '')) ~ '\+4915900000001|c@sql.example|ring twice'), 0::bigint, 'the log has lost the names');
select cmp_ok((select count(*) from audit_logs where record_id = '00000000-0000-4000-8000-0000000000f1'), '>=', 2::bigint, 'but not the actions');

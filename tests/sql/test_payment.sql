-- Payments and refunds: what a request may have, the order of states, and what reports of a provider do.

create function pg_temp.order_of(total numeric) returns uuid language sql as $$
	insert into orders (store, user_id, status, currency, prices_include_tax, subtotal, tax_total, total, number, placed_at,
		contact_name)
	values ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000c', 'placed', 'EUR', true, total, 0,
		total, (random() * 1e9)::bigint, now(), 'Customer')
	returning id
$$;
create function pg_temp.begin(about uuid, method text default 'stripe', more jsonb default '{}') returns jsonb language sql as $$
	select to_jsonb(b) from payment_begin(jsonb_build_object('payment_id', uuid_v7(), 'order_id', about, 'method', method,
		'online', method = 'stripe', 'manual_capture', false, 'role', 'customer', 'user_id', '00000000-0000-4000-8000-00000000000c',
		'request_id', 'test') || more) b
$$;
create function pg_temp.report(which uuid, reported jsonb) returns text language sql as $$
	select outcome from payment_record(which, reported, null, '', null, 'test', 0, null)
$$;
create function pg_temp.state(which uuid) returns text language sql as $$
	select concat_ws(' ', o.status, o.payment_status, p.status, p.attention)
	from payments p join orders o on o.id = p.order_id where p.id = which
$$;

-- A member that the type does not have is an error.
select throws_like($$ select pg_temp.begin(null, more => '{"metod": "cod"}') $$, '%payment_request has no member "metod"%',
	'a mistyped member of a payment''s request');
select throws_like($$ select refund_begin('{"refund_id": null, "reasons": "x"}') $$, '%refund_request has no member "reasons"%',
	'a mistyped member of a refund''s request');

-- Begin, report, refuse.
select pg_temp.order_of(20.00) as about \gset
select throws_ok(format('select pg_temp.begin(%L, more => %L)', :'about', '{"user_id": null}'), 'CS422', 'order_not_found',
	'an order that the caller may not see');
select throws_ok(format('select pg_temp.begin(%L, more => %L)', :'about', '{"currencies": {"only": true, "codes": ["INR"]}}'),
	'CS422', 'currency', 'a currency that the method does not take');
select pg_temp.begin(:'about') ->> 'to_open' as opened \gset
select :'opened'::jsonb ->> 'id' as payment \gset
select is(:'opened'::jsonb ->> 'amount', '20.00', 'the outstanding amount is opened');
select is((:'opened'::jsonb ->> 'requested_before')::boolean, false, 'for the first time');
select throws_ok(format('select pg_temp.begin(%L)', :'about'), 'CS409', 'provider_call_running', 'nobody opens another meanwhile');
select payment_unanswered(:'payment') \g /dev/null
select is(pg_temp.begin(:'about') -> 'to_open' ->> 'id', :'payment', 'after a call without a response the same one is opened');
select payment_unanswered(:'payment') \g /dev/null
select is(pg_temp.begin(:'about', 'cod') -> 'to_cancel' ->> 'id', :'payment', 'another method waits until it is cancelled');

select is(pg_temp.report(:'payment', reported::jsonb), outcome, reported) from (values
	(1, '{"state": "pending", "gateway_id": "pi_sql"}', 'applied'),
	(2, '{"state": "pending", "gateway_id": "pi_sql"}', 'nothing_new'),
	(3, '{"state": "authorized", "gateway_id": "pi_sql"}', 'applied'),
	(4, '{"state": "failed", "gateway_id": "pi_sql"}', 'nothing_new'),
	(5, '{"state": "captured", "gateway_id": "pi_other", "currency": "EUR", "received": "20.00"}', 'mismatch'),
	(6, '{"state": "captured", "gateway_id": "pi_sql", "currency": "EUR", "received": "25.00"}', 'applied')
) c (place, reported, outcome) order by place;
select is(pg_temp.state(:'payment'), 'pending pending needs_attention amount_differs', 'another amount waits for staff');
select payment_accept(:'payment', :staff, 'admin', null, 'test') \g /dev/null
select is(pg_temp.state(:'payment'), 'paid paid captured', 'what is accepted pays the order');
select throws_ok(format('select pg_temp.begin(%L)', :'about'), 'CS409', 'order_is', 'which takes no other payment');

-- Refunds: refused by rule, and never more than is held.
create function pg_temp.refund(about uuid, amount numeric, more jsonb default '{}') returns jsonb language sql as $$
	select to_jsonb(b) from refund_begin(jsonb_build_object('refund_id', uuid_v7(), 'payment_id', about, 'amount', amount,
		'restock', false, 'role', 'admin', 'user_id', '00000000-0000-4000-8000-00000000000a', 'request_id', 'test') || more) b
$$;
select throws_ok(format('select pg_temp.refund(%L, %s, %L)', :'payment', amount, more), code, rule, rule || ' of ' || amount)
from (values
	(25.01, '{}', 'CS422', 'max_refund'),
	(1.001, '{}', 'CS422', 'currency_decimals'),
	(1.00, '{"restock": true}', 'CS422', 'restock_partial'),
	(1.00, '{"role": "customer", "user_id": "00000000-0000-4000-8000-00000000000c"}', 'CS403', 'store_only')
) c (amount, more, code, rule);
select is(pg_temp.refund(:'payment', 10) -> 'to_refund' -> 'refund' ->> 'amount', '10.00', 'a part is refunded');
select throws_ok(format('select pg_temp.refund(%L, 15.01)', :'payment'), 'CS422', 'max_refund', 'a pending refund counts');

-- A second payment is surplus, and refunded automatically.
select pg_temp.order_of(7.00) as about \gset
select pg_temp.begin(:'about') -> 'to_open' ->> 'id' as payment \gset
select pg_temp.report(:'payment', '{"state": "captured", "gateway_id": "pi_7", "currency": "EUR", "received": "7.00"}') \g /dev/null
select is(pg_temp.state(:'payment'), 'paid paid captured', 'paid by its first payment');
insert into payments (order_id, payment_method, online, amount, currency, status, gateway_id)
values (:'about', 'stripe', true, 7, 'EUR', 'pending', 'pi_8') returning id as second \gset
select pg_temp.report(:'second', '{"state": "captured", "gateway_id": "pi_8", "currency": "EUR", "received": "7.00"}') \g /dev/null
select results_eq(format('select payment, amount::numeric, status from refunds where order_id = %L', :'about'),
	format('values (%L::uuid, 7.00, ''pending'')', :'second'), 'the second one is refunded');

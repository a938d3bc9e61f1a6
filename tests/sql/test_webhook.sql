-- Events of providers: applied once, and in whatever order they arrive; refunds and disputes that they report.

create function pg_temp.payment_of(gateway text, captured boolean default false) returns uuid language sql as $$
	with o as (
		insert into orders (store, user_id, status, payment_status, currency, prices_include_tax, subtotal, tax_total, total, number, placed_at, contact_name)
		values ('00000000-0000-4000-8000-000000000001', '00000000-0000-4000-8000-00000000000c', case when captured then 'paid' else 'pending' end,
			case when captured then 'paid' else 'pending' end, 'EUR', true, 20, 0, 20, nextval('order_numbers'), now(), 'Customer')
		returning id)
	insert into payments (order_id, payment_method, online, amount, currency, status, gateway_id, requested_at, amount_captured, currency_captured, paid_at)
	select id, 'stripe', true, 20, 'EUR', case when captured then 'captured' else 'created' end, gateway, now(), case when captured then 20 else 0 end,
		case when captured then 'EUR' end, case when captured then now() end from o
	returning id
$$;
create function pg_temp.deliver(event text, reported jsonb, garbled boolean default false) returns text language sql as $$
	select outcome from webhook_record('stripe', event, 'test', reported, garbled, 'test')
$$;
create function pg_temp.state(which uuid) returns text language sql as $$
	select concat_ws(' ', o.status, o.payment_status, p.status, p.attention)
	from payments p join orders o on o.id = p.order_id where p.id = which
$$;

-- Once.
select pg_temp.payment_of('pi_once') as payment \gset
\set captured '{"gateway_id": "pi_once", "state": "captured", "currency": "EUR", "received": "20.00"}'
select is(pg_temp.deliver('evt_1', :'captured'), 'applied', 'an event is applied');
select is(pg_temp.deliver('evt_1', :'captured'), 'applied', 'delivered again it has the same outcome');
select is((select deliveries::integer from webhook_events where event_id = 'evt_1'), 2, 'and is counted');
select is((select count(*) from order_events e join payments p on p.order_id = e.order_id where p.id = :'payment' and e.to_status = 'paid'),
	1::bigint, 'but not applied again');
select is(pg_temp.deliver('evt_2', :'captured'), 'nothing_new', 'another event of the same state is nothing new');
select is(pg_temp.deliver('evt_3', null), 'ignored', 'one without an effect is ignored');
select is(pg_temp.deliver('evt_4', null, true), 'not_understood', 'one that is not understood');
select is(pg_temp.deliver('evt_4', :'captured'), 'nothing_new', 'is read again');

-- An event that comes before its payment waits for it.
\set early '{"gateway_id": "pi_early", "state": "captured", "currency": "EUR", "received": "20.00"}'
select is(pg_temp.deliver('evt_5', :'early'), 'unmatched', 'an event of an unknown payment');
select pg_temp.payment_of('pi_early') as payment \gset
select webhooks_apply_waiting() \g /dev/null
select is(pg_temp.state(:'payment'), 'paid paid captured', 'is applied once it is known');
select is((select outcome from webhook_events where event_id = 'evt_5'), 'applied', 'and says so');
select is(pg_temp.deliver('evt_6', jsonb_build_object('payment', pg_temp.payment_of(null), 'gateway_id', 'pi_mine', 'state', 'pending')), 'applied',
	'a payment is found by its own id too');

-- All orders of some events, as arrays of their places.
create function pg_temp.orders_of(n integer) returns setof integer[] language sql as $$
	with recursive p (taken) as (
		select '{}'::integer[]
		union all
		select p.taken || i from p, generate_series(1, n) i where not i = any (p.taken))
	select taken from p where array_length(taken, 1) = n
$$;
-- The events in an order, for a new payment; then how it is.
create function pg_temp.after(events jsonb, places integer[], captured boolean) returns uuid language plpgsql as $$
declare
	gateway constant text := 'pi_' || uuid_v7();
	which constant uuid := pg_temp.payment_of(gateway, captured);
	place integer;
begin
	foreach place in array places loop
		perform pg_temp.deliver('evt_' || uuid_v7(), events -> place - 1 || jsonb_build_object('gateway_id', gateway, 'currency', 'EUR'));
	end loop;
	perform webhooks_apply_waiting();
	return which;
end
$$;
create function pg_temp.ends(events jsonb, captured boolean) returns text language plpgsql as $$
declare
	which uuid;
	places integer[];
	found_ends text[] := '{}';
	ending text;
begin
	for places in select * from pg_temp.orders_of(jsonb_array_length(events)) loop
		which := pg_temp.after(events, places, captured);
		ending := concat_ws(', ', pg_temp.state(which),
			(select string_agg(concat_ws(' ', 'refund', r.status, r.amount), ', ' order by r.amount) from refunds r where r.payment = which),
			(select string_agg(concat_ws(' ', 'dispute', d.status, d.taken), ', ' order by d.status) from disputes d where d.payment = which));
		if not ending = any (found_ends) then
			found_ends := found_ends || ending;
		end if;
	end loop;
	return array_to_string(found_ends, ' or ');
end
$$;
select is(pg_temp.ends(events::jsonb, captured), ending, name)
from (values
	('[{"state": "pending"}, {"state": "failed"}]', false, 'placed unpaid failed', 'failed after all'),
	('[{"state": "pending"}, {"state": "authorized"}, {"state": "failed"}]', false, 'pending pending authorized', 'a reservation outlasts an older failure'),
	('[{"state": "pending"}, {"state": "authorized"}, {"state": "failed"}, {"state": "captured", "received": "20.00"}]', false,
		'paid paid captured', 'so does a payment'),
	('[{"state": "pending"}, {"state": "captured", "received": "25.00"}]', false, 'pending pending needs_attention amount_differs', 'another amount waits for staff'),
	('[{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "5.00", "refund_state": "pending"},
		{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "5.00", "refund_state": "succeeded"}]', true,
		'paid partially_refunded captured, refund succeeded 5.00', 'a refund is done once'),
	('[{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "5.00", "refund_state": "pending"},
		{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "5.00", "refund_state": "succeeded"},
		{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "5.00", "refund_state": "failed"}]', true,
		'paid paid captured, refund failed 5.00', 'one that the bank returned has failed'),
	('[{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "5.00", "refund_state": "succeeded"},
		{"about_refund": true, "gateway_refund": "re_2", "refund_amount": "15.00", "refund_state": "succeeded"}]', true,
		'paid refunded captured, refund succeeded 5.00, refund succeeded 15.00', 'two refunds are two'),
	('[{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "25.00", "refund_state": "succeeded"}]', true, 'paid paid captured', 'more than is held is no refund of ours'),
	('[{"state": "captured", "received": "20.00"},
		{"about_refund": true, "gateway_refund": "re_1", "refund_amount": "20.00", "refund_state": "succeeded"}]', false,
		'paid refunded captured, refund succeeded 20.00', 'a refund may come before its payment'),
	('[{"dispute": {"id": "dp_1", "state": "needs_response", "is_inquiry": false, "amount": "20.00", "reported_at": 100, "due": 900}},
		{"dispute": {"id": "dp_1", "state": "under_review", "is_inquiry": false, "amount": "20.00", "reported_at": 200}}]', true,
		'paid paid captured disputed, dispute under_review', 'a dispute that goes on'),
	('[{"dispute": {"id": "dp_1", "state": "needs_response", "is_inquiry": false, "amount": "20.00", "reported_at": 100}},
		{"dispute": {"id": "dp_1", "state": "lost", "is_inquiry": false, "amount": "20.00", "taken": "20.00", "reported_at": 300}}]', true,
		'paid refunded captured, refund succeeded 20.00, dispute lost 20.00', 'a lost one is booked once'),
	('[{"dispute": {"id": "dp_1", "state": "closed", "is_inquiry": true, "amount": "20.00", "reported_at": 200}},
		{"dispute": {"id": "dp_1", "state": "needs_response", "is_inquiry": true, "amount": "20.00", "reported_at": 100}}]', true,
		'paid paid captured, dispute closed', 'an inquiry that is closed')
) c (events, captured, ending, name);

select pg_temp.payment_of('pi_twice', true) \g /dev/null
select is(pg_temp.deliver('evt_twice_' || place, '{"gateway_id": "pi_twice", "currency": "EUR", "about_refund": true, "gateway_refund": "re_t",
	"refund_amount": "5.00", "refund_state": "succeeded"}'), outcome, 'a refund reported by event ' || place)
from (values (1, 'applied'), (2, 'nothing_new')) c (place, outcome) order by place;

-- A dispute that was lost and is won after all: what was booked does not count.
update stores set contact_email = 'shop@sql.example' where id = :store;
select pg_temp.payment_of('pi_won', true) as payment \gset
select is(pg_temp.deliver('evt_won_' || place, jsonb_build_object('gateway_id', 'pi_won', 'currency', 'EUR', 'dispute', dispute::jsonb)), outcome, dispute)
from (values
	(1, '{"id": "dp_w", "state": "lost", "is_inquiry": false, "amount": "20.00", "taken": "20.00", "reported_at": 300}', 'applied'),
	(2, '{"id": "dp_w", "state": "under_review", "is_inquiry": false, "amount": "20.00", "reported_at": 400}', 'nothing_new'),
	(3, '{"id": "dp_w", "state": "won", "is_inquiry": false, "amount": "20.00", "reported_at": 500}', 'applied'),
	(4, '{"id": "dp_w", "state": "won", "is_inquiry": false, "amount": "20.00", "reported_at": 500}', 'nothing_new')
) c (place, dispute, outcome) order by place;
select is(pg_temp.state(:'payment'), 'paid paid captured', 'what was taken is back');
select is((select status from refunds where payment = :'payment'), 'failed', 'and its refund has failed');
select is((select count(*) from outbox b join payments p on p.order_id = b.order_id where p.id = :'payment' and b.template = 'payment_disputed'
	and b.recipient = 'shop@sql.example'), 2::bigint, 'the store gets a message of each change');

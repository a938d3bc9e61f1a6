-- Apply what is reported of a payment, and reconcile its order.

-- Begin to refund the surplus of an order, and all that is held of one that is undone; cron requests the refunds.
create or replace function order_refund_surplus(o orders, surplus numeric) returns void
language plpgsql as $$
declare
	undone constant boolean := order_is_undone(o.status);
	why constant text := case when undone then format('The order was %s.', o.status)
		else 'It was paid more than once.' end;
	p record;
	part numeric;
begin
	-- The newest payment first: it is the one too many. A failed refund is not retried automatically. What a bank has
	-- taken back while a dispute is open cannot be refunded too: that waits for the decision.
	for p in
		select y.*, payment_held(y) - payment_refunded(y.id) as left_of from payments y
		where y.order_id = o.id and y.online and (y.status = 'captured' or (undone and y.status = 'needs_attention'))
		order by y.paid_at desc nulls last, y.id desc
	loop
		exit when surplus <= 0 and not undone;
		continue when p.left_of <= 0 or exists (
			select 1 from refunds r where r.payment = p.id and r.key_scope is null and r.status = 'failed');
		part := case when undone then p.left_of else least(surplus, p.left_of) end;
		if exists (select 1 from disputes d where d.payment = p.id and dispute_is_open(d.status)
			and not d.is_inquiry) then
			surplus := surplus - case when p.status = 'captured' then part else 0 end;
			continue;
		end if;
		insert into refunds (payment, order_id, amount, currency, status, reason, created_by)
		values (p.id, o.id, part, coalesce(p.currency_captured, p.currency), 'pending', why, null);
		perform order_note(o.id, format('%s %s are refunded: %s', part, coalesce(p.currency_captured, p.currency),
			lower(left(why, 1)) || substr(why, 2)));
		if p.status = 'captured' then
			surplus := surplus - part;
		end if;
	end loop;
	-- Offline payments are refunded offline: staff record a refund.
	if surplus > 0 and not exists (
		select 1 from order_events e where e.order_id = o.id and e.note like 'To be refunded by hand:%') then
		perform order_note(o.id, format('To be refunded by hand: %s %s.', surplus, o.currency));
	end if;
end
$$;

-- Of the refunds of a payment (`given`), what reduces its amount: what was paid above it goes first, and the
-- customer's fee last.
create or replace function payment_reduced(p payments, given numeric) returns numeric
language plpgsql immutable as $$
begin
	return case when p.status = 'captured' then least(p.amount, greatest(0, given - (payment_held(p) - p.amount)))
		else given end;
end
$$;

-- The totals of an order's payments.
create or replace function order_money(o orders, out captured numeric, out surplus numeric, out reduced numeric,
	out reducible numeric, out waiting boolean, out opened boolean, out stuck boolean)
language plpgsql as $$
begin
	select coalesce(sum(y.amount) filter (where y.status = 'captured'), 0), -- as payments of the order
		-- of it, what is not refunded; of an undone order all that is held
		coalesce(sum(case when order_is_undone(o.status) then payment_held(y) - g.promised
			else y.amount - y.kept - payment_reduced(y, g.promised) end) filter (where y.status = 'captured'), 0),
		coalesce(sum(payment_reduced(y, g.done)), 0), -- refunded, of `reducible`
		coalesce(sum(case y.status when 'captured' then y.amount when 'needs_attention' then y.amount_captured end), 0),
		coalesce(bool_or((y.online and y.status in ('created', 'pending', 'authorized')) -- for a provider, or for staff
			or (y.status = 'needs_attention' and y.attention is not null)), false),
		coalesce(bool_or(y.status in ('created', 'pending', 'authorized') -- by any method
			or (y.status = 'needs_attention' and y.attention is not null)), false),
		-- money that is not a payment of the order
		coalesce(bool_or(y.status = 'needs_attention' and g.promised < y.amount_captured), false)
	into captured, surplus, reduced, reducible, waiting, opened, stuck
	from payments y, lateral (
		select coalesce(sum(r.amount), 0) as promised,
			coalesce(sum(r.amount) filter (where r.status = 'succeeded'), 0) as done
		from refunds r where r.payment = y.id and r.status <> 'failed') g
	where y.order_id = o.id;
	surplus := surplus - case when order_is_undone(o.status) then 0 else o.total end;
end
$$;

-- Bring an order in line with its payments: paid, waiting, or neither; refund the online surplus: of two payments, or
-- of an undone order. Depends only on stored data, not on the last event.
create or replace function order_reconcile(which uuid) returns void
language plpgsql as $$
declare
	o orders;
	m record;
	target text;
	standing text;
begin
	select * into o from orders where id = which;
	m := order_money(o);
	target := case
		when o.status in ('placed', 'pending') and m.captured >= o.total then 'paid'
		when o.status = 'placed' and m.waiting then 'pending'
		when o.status = 'pending' and not m.waiting then 'placed'
		else o.status end;
	if m.surplus > 0 or (m.stuck and order_is_undone(o.status)) then
		perform order_refund_surplus(o, m.surplus);
	end if;
	standing := case
		when m.reduced > 0 and m.reduced >= m.reducible then 'refunded'
		when m.reduced > 0 then 'partially_refunded'
		when m.captured >= o.total and (m.captured > 0 or (o.total = 0 and not order_is_undone(o.status))) then 'paid'
		when m.opened then 'pending'
		else 'unpaid' end;
	if target <> o.status or standing <> o.payment_status then
		update orders set status = target, payment_status = standing where id = which;
	end if;
	if target <> o.status then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (which, acting_user(), o.status, target, '');
	end if;
	if standing = 'paid' and o.payment_status in ('unpaid', 'pending') and not order_is_undone(target) then
		perform order_notify(o, (select s from stores s where s.id = o.store), 'order_paid');
	end if;
end
$$;

create or replace function store_notify_amount(p payments, held numeric, held_currency text) returns void
language plpgsql as $$
begin
	perform store_notify(o, 'payment_attention', jsonb_build_object('payment', p.id,
		'expected', p.amount || ' ' || p.currency, 'received', held || ' ' || held_currency))
	from orders o where o.id = p.order_id;
end
$$;

-- Does a payment need attention, and why? Record it, and notify the store of what is new.
create or replace function payment_check_attention(which uuid, is_new boolean) returns void
language plpgsql as $$
declare
	p payments;
	given numeric;
	reason text;
begin
	select * into p from payments y where y.id = which;
	select coalesce(sum(r.amount), 0) into given from refunds r where r.payment = which and r.status = 'succeeded';
	if p.status = 'needs_attention' and p.currency_captured = p.currency and p.amount_captured - given = p.amount then
		-- The surplus was refunded.
		update payments set status = 'captured', paid_at = now() where id = which returning * into p;
	end if;
	given := payment_refunded(which);
	reason := case
		when payment_held(p) <= given then null -- nothing is held any more
		when p.currency_captured <> p.currency then 'currency_differs'
		when p.status = 'needs_attention' or p.amount_captured - coalesce(p.fee, 0) - p.amount > given
			then 'amount_differs'
		when exists (select 1 from disputes d where d.payment = which and dispute_is_open(d.status)) then 'disputed'
		end;
	if reason is distinct from p.attention then
		update payments set attention = reason where id = which;
	end if;
	if reason <> 'disputed' and (is_new or reason is distinct from p.attention) then
		perform order_note(p.order_id, format('%s %s were received for a payment of %s %s: accept or refund them.',
			p.amount_captured, p.currency_captured, p.amount, p.currency));
		perform store_notify_amount(p, p.amount_captured, p.currency_captured);
	end if;
end
$$;

-- Is what was reported about another payment than p?
create or replace function payment_is_another(p payments, reported jsonb) returns boolean
language plpgsql stable as $$
begin
	return coalesce(reported ->> 'gateway_id' <> p.gateway_id or (reported ->> 'payment')::uuid <> p.id, false)
		or exists (select 1 from payments y where y.payment_method = p.payment_method
			and y.gateway_id = reported ->> 'gateway_id' and y.id <> p.id)
		or exists (select 1 from payments y where y.payment_method = p.payment_method and y.online
			and y.transaction_id = reported ->> 'transaction' and y.id <> p.id);
end
$$;

-- The payment was paid twice at its provider, by two transactions: it has one here. Staff see the other there.
create or replace function payment_note_other(p payments, transaction text, held numeric, held_currency text)
returns void
language plpgsql as $$
declare
	words constant text := format('%s holds %s %s more for this payment, by %s: look at it there.', p.payment_method,
		held, held_currency, transaction);
begin
	if exists (select 1 from order_events e where e.order_id = p.order_id and e.note = words) then
		return;
	end if;
	perform order_note(p.order_id, words);
	perform store_notify_amount(p, held, held_currency);
end
$$;

-- What a provider holds of a payment. That is always recorded. It counts as the payment if it is exactly the requested
-- amount, or a part that we captured, or the amount and a fee that the customer paid; otherwise staff decide. A
-- provider's holdings only grow, so that the order of events does not matter; the order's currency comes before any
-- other, and what fits before what does not.
create or replace function payment_receive(p payments, reported jsonb) returns text
language plpgsql as $$
declare
	before constant payments := p;
	money constant text := coalesce(reported ->> 'currency', p.currency);
	received constant numeric := money_of(coalesce((reported ->> 'received')::numeric, p.amount), money);
	fee constant numeric := money_of((reported ->> 'fee')::numeric, money);
	other constant boolean := coalesce(p.amount_captured > 0 and p.transaction_id <> reported ->> 'transaction', false);
	fits constant boolean := coalesce(money = p.currency
		and (received in (p.amount, p.capture_requested) or received - fee = p.amount), false);
begin
	if other and (p.status = 'captured' or (not fits and received <= p.amount_captured)) then
		perform payment_note_other(p, reported ->> 'transaction', received, money);
		return 'nothing_new';
	elsif money <> p.currency and p.currency_captured <> money
		and (p.currency_captured = p.currency or p.currency_captured < money) then
		return 'nothing_new';
	elsif other then
		perform payment_note_other(p, p.transaction_id, p.amount_captured, p.currency_captured);
	end if;
	p.amount_captured := case when other or p.currency_captured is distinct from money then received
		else greatest(p.amount_captured, received) end;
	p.currency_captured := money;
	if money = p.currency and received - fee = p.amount then
		p.fee := fee;
	end if;
	if fits and p.status <> 'captured' then
		p.status := 'captured';
		p.amount := case when received = p.capture_requested then received else p.amount end;
	elsif p.status <> 'captured' then
		p.status := 'needs_attention';
	end if;
	if (p.status, p.amount_captured, p.currency_captured, p.fee) is not distinct from
		(before.status, before.amount_captured, before.currency_captured, before.fee) then
		return 'nothing_new';
	end if;
	update payments set status = p.status, amount = p.amount, amount_captured = p.amount_captured,
		currency_captured = p.currency_captured, fee = p.fee, failure = '', cancel_requested = false,
		transaction_id = coalesce(reported ->> 'transaction', transaction_id),
		paid_at = case when p.status = 'captured' then coalesce(paid_at, now()) end
	where id = p.id;
	if exists (select 1 from disputes d where d.payment = p.id) then
		perform disputes_book(p.id);
		perform payment_check_attention(p.id, true);
	elsif p.status <> 'captured' or p.attention is not null or p.amount_captured - coalesce(p.fee, 0) <> p.amount then
		perform payment_check_attention(p.id, true);
	end if;
	return 'applied';
end
$$;

-- The order was cancelled before its payment came: notify the buyer if it is refunded.
create or replace function order_notify_late(which uuid, about uuid) returns void
language plpgsql as $$
begin
	perform order_notify(o, s, 'order_paid_late', r.amount, jsonb_build_object('currency', r.currency))
	from orders o join stores s on s.id = o.store, refunds r
	where o.id = which and o.status = 'cancelled' and r.payment = about and r.status = 'pending'
	and r.created_at = now();
end
$$;

-- Until when the buyer may pay: the date of a voucher, or if a slow method has none, the payment's slow_hours since it
-- was chosen. An old event does not shorten it: before an order is cancelled the payment is refreshed.
create or replace function payment_set_expiry(p payments, reported jsonb) returns void
language plpgsql as $$
declare
	until timestamptz := case when reported ? 'expires_at' then
		least(to_timestamp((reported ->> 'expires_at')::bigint), p.created_at + interval '60 days') end;
begin
	if (reported ->> 'is_slow')::boolean then
		until := coalesce(p.expires_at, now() + make_interval(hours => p.slow_hours));
	elsif reported ->> 'state' <> 'failed' then
		until := coalesce(until, p.expires_at);
	end if;
	if p.status in ('created', 'pending', 'failed') and until is distinct from p.expires_at then
		update payments set expires_at = until where id = p.id;
	end if;
end
$$;

-- Apply what was reported of a payment: by the buyer's return, a webhook, or a call. All three end here. Idempotent,
-- forward only, in any order. A report about another payment is not trusted: 'mismatch'.
create or replace function payment_apply(which uuid, reported jsonb) returns text
language plpgsql as $$
declare
	p payments;
	state text := reported ->> 'state';
	outcome text;
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	if payment_is_another(p, reported) then
		if p.failure = '' or p.failure not like 'The provider reported%' then
			update payments set failure = 'The provider reported another payment.' where id = which;
			perform order_note(p.order_id, 'A report of the provider does not match its payment and was ignored.');
		end if;
		return 'mismatch';
	end if;
	if p.gateway_id is null and reported ->> 'gateway_id' is not null then
		update payments set gateway_id = reported ->> 'gateway_id' where id = which;
	end if;
	perform payment_set_expiry(p, reported);
	if state = 'captured' and not p.online and p.status = 'cancelled' then
		perform deny('CS409', 'payment_cancelled');
	elsif state = 'captured' or reported ? 'received' then
		outcome := payment_receive(p, reported);
	elsif payment_rank(state) > payment_rank(p.status) then
		update payments set status = state, failure = coalesce(reported ->> 'failure', ''),
			transaction_id = coalesce(reported ->> 'transaction', transaction_id)
		where id = which returning * into p;
		if state = 'failed' then
			perform store_notify_failure(p);
		end if;
		outcome := 'applied';
	else
		outcome := 'nothing_new';
	end if;
	if p.cancel_requested and state in ('cancelled', 'captured') then
		update payments set cancel_requested = false where id = which and cancel_requested;
	end if;
	if outcome = 'applied' then
		perform order_reconcile(p.order_id);
		perform order_notify_late(p.order_id, which);
	end if;
	if reported ? 'refunded' and refunds_missing(which, reported) then
		outcome := 'applied';
	end if;
	return outcome;
end
$$;

-- What payments and refunds do to their orders, whatever is heard of them and when. Who calls these functions holds the
-- lock on the order.

-- An amount as it is written in its currency, whatever decimal places a provider has; more of them where they are not 0.
create function money_of(amount numeric, currency text) returns numeric
language sql immutable parallel safe as $$
	select round(amount, greatest(currency_decimals(currency), min_scale(amount)))
$$;

-- Begin to give back what was paid too much for an order, and all that is held of one that is cancelled; the refunds are
-- for cron to ask the providers for.
create function order_give_back(o orders, surplus numeric) returns void
language plpgsql as $$
declare
	cancelled constant boolean := o.status = 'cancelled';
	why constant text := case when cancelled then 'The order was cancelled.' else 'It was paid more than once.' end;
	p record;
	part numeric;
begin
	-- The newest payment first: it is the one too much. A refund that failed is not tried again by itself. What a bank has
	-- taken back while a dispute is open cannot be given back too: that waits for how it is decided.
	for p in
		select y.*, payment_held(y) - payment_given_back(y.id) as left_of from payments y
		where y.order_id = o.id and y.online and (y.status = 'captured' or (cancelled and y.status = 'needs_attention'))
		order by y.paid_at desc nulls last, y.id desc
	loop
		exit when surplus <= 0 and not cancelled;
		continue when p.left_of <= 0 or exists (
			select 1 from refunds r where r.payment = p.id and r.key_scope is null and r.status = 'failed');
		part := case when cancelled then p.left_of else least(surplus, p.left_of) end;
		if exists (select 1 from disputes d where d.payment = p.id and dispute_is_open(d.status) and not d.is_inquiry) then
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
	-- What was paid by hand goes back by hand: the staff tells of it by a refund.
	if surplus > 0 and not exists (
		select 1 from order_events e where e.order_id = o.id and e.note like 'To be refunded by hand:%') then
		perform order_note(o.id, format('To be refunded by hand: %s %s.', surplus, o.currency));
	end if;
end
$$;

-- Of what was given back of a payment, what reduces the amount that it stands for: what came above that goes first, and
-- a fee of the customer's that went back too, last.
create function payment_reduced(p payments, given numeric) returns numeric
language plpgsql immutable as $$
begin
	return case when p.status = 'captured' then least(p.amount, greatest(0, given - (payment_held(p) - p.amount)))
		else given end;
end
$$;

-- Bring an order in line with its payments: paid, waiting, or neither; give back what was paid online and is too much: by
-- two payments, or for an order that is cancelled by now. Depends on what is stored alone, not on what happened last.
create function order_follow(which uuid) returns void
language plpgsql as $$
declare
	o orders;
	captured numeric;   -- as payments of the order
	surplus numeric;    -- of it, before the total; of a cancelled order, all that is held
	reduced numeric;    -- given back
	reducible numeric;
	waiting boolean;    -- at a provider, or for the store's people
	opened boolean;     -- anywhere
	stuck boolean;      -- money that is no payment of the order
	target text;
	standing text;
begin
	select * into o from orders where id = which;
	select coalesce(sum(y.amount) filter (where y.status = 'captured'), 0),
		coalesce(sum(case when o.status = 'cancelled' then payment_held(y) - g.promised
			else y.amount - y.kept - payment_reduced(y, g.promised) end) filter (where y.status = 'captured'), 0),
		coalesce(sum(payment_reduced(y, g.done)), 0),
		coalesce(sum(case y.status when 'captured' then y.amount when 'needs_attention' then y.amount_captured end), 0),
		coalesce(bool_or((y.online and y.status in ('created', 'pending', 'authorized'))
			or (y.status = 'needs_attention' and y.attention is not null)), false),
		coalesce(bool_or(y.status in ('created', 'pending', 'authorized')
			or (y.status = 'needs_attention' and y.attention is not null)), false),
		coalesce(bool_or(y.status = 'needs_attention' and g.promised < y.amount_captured), false)
	into captured, surplus, reduced, reducible, waiting, opened, stuck
	from payments y, lateral (
		select coalesce(sum(r.amount), 0) as promised,
			coalesce(sum(r.amount) filter (where r.status = 'succeeded'), 0) as done
		from refunds r where r.payment = y.id and r.status <> 'failed') g
	where y.order_id = which;

	target := case
		when o.status in ('placed', 'pending') and captured >= o.total then 'paid'
		when o.status = 'placed' and waiting then 'pending'
		when o.status = 'pending' and not waiting then 'placed'
		else o.status end;
	surplus := surplus - case when o.status = 'cancelled' then 0 else o.total end;
	if surplus > 0 or (stuck and o.status = 'cancelled') then
		perform order_give_back(o, surplus);
	end if;
	standing := case
		when reduced > 0 and reduced >= reducible then 'refunded'
		when reduced > 0 then 'partially_refunded'
		when captured >= o.total and (captured > 0 or o.total = 0) then 'paid'
		when opened then 'pending'
		else 'unpaid' end;
	if target <> o.status or standing <> o.payment_status then
		update orders set status = target, payment_status = standing where id = which;
	end if;
	if target <> o.status then
		insert into order_events (order_id, user_id, from_status, to_status, note)
		values (which, acting_user(), o.status, target, '');
	end if;
	if standing = 'paid' and o.payment_status in ('unpaid', 'pending') and target <> 'cancelled' then
		perform order_tell(o, (select s from stores s where s.id = o.store), 'order_paid');
	end if;
end
$$;

create function store_tell_amount(p payments, held numeric, held_currency text) returns void
language plpgsql as $$
begin
	perform store_tell(o, 'payment_attention', jsonb_build_object('payment', p.id, 'expected', p.amount || ' ' || p.currency,
		'received', held || ' ' || held_currency))
	from orders o where o.id = p.order_id;
end
$$;

-- Must people look at a payment, and why? Writes it down, and tells the store when there is something new.
create function payment_attend(which uuid, is_news boolean) returns void
language plpgsql as $$
declare
	p payments;
	given numeric;
	reason text;
begin
	select * into p from payments y where y.id = which;
	select coalesce(sum(r.amount), 0) into given from refunds r where r.payment = which and r.status = 'succeeded';
	if p.status = 'needs_attention' and p.currency_captured = p.currency and p.amount_captured - given = p.amount then
		-- What was too much went back.
		update payments set status = 'captured', paid_at = now() where id = which returning * into p;
	end if;
	given := payment_given_back(which);
	reason := case
		when payment_held(p) <= given then null -- nothing is held any more
		when p.currency_captured <> p.currency then 'currency_differs'
		when p.status = 'needs_attention' or p.amount_captured - coalesce(p.fee, 0) - p.amount > given then 'amount_differs'
		when exists (select 1 from disputes d where d.payment = which and dispute_is_open(d.status)) then 'disputed'
		end;
	if reason is distinct from p.attention then
		update payments set attention = reason where id = which;
	end if;
	if reason <> 'disputed' and (is_news or reason is distinct from p.attention) then
		perform order_note(p.order_id, format('%s %s were received for a payment of %s %s: accept or refund them.',
			p.amount_captured, p.currency_captured, p.amount, p.currency));
		perform store_tell_amount(p, p.amount_captured, p.currency_captured);
	end if;
end
$$;

-- A refund that is done: the invoice is taken back by as much as it reduces what was paid, and the goods, if they came
-- back.
create function refund_done(r refunds) returns void
language plpgsql as $$
declare
	o orders;
	p payments;
	given numeric;
begin
	select * into o from orders where id = r.order_id;
	select * into p from payments where id = r.payment;
	if r.restock and o.restocked_at is null and o.status <> 'cancelled' then
		perform order_restock(o.id, 'order refunded');
		update orders set restocked_at = now() where id = o.id;
	end if;
	if not exists (select 1 from disputes d where d.refund = r.id) then
		perform order_tell(o, (select s from stores s where s.id = o.store), 'order_refunded', r.amount,
			jsonb_build_object('currency', r.currency));
	end if;
	if p.status = 'captured' then
		select sum(f.amount) into given from refunds f where f.payment = p.id and f.status = 'succeeded';
		perform credit_note_issue(o, payment_reduced(p, given) - payment_reduced(p, given - r.amount), r.reason, r.id);
	end if;
end
$$;

-- What was heard of a refund. Forward only; hearing it twice changes nothing.
create function refund_apply(which uuid, facts jsonb) returns text
language plpgsql as $$
declare
	r refunds;
	state text := facts ->> 'refund_state';
begin
	perform 1 from orders where id = (select f.order_id from refunds f where f.id = which) for update;
	select * into r from refunds f where f.id = which for update;
	if (facts ->> 'refund_amount')::numeric <> r.amount or facts ->> 'currency' <> r.currency then
		update refunds set failure = 'The provider reported another amount.' where id = which;
		return 'mismatch';
	end if;
	if r.gateway_refund is null and facts ->> 'gateway_refund' is not null then
		update refunds set gateway_refund = facts ->> 'gateway_refund' where id = which;
	end if;
	if refund_rank(state) <= refund_rank(r.status) then
		return 'nothing_new';
	end if;
	update refunds set status = state, failure = coalesce(facts ->> 'failure', '') where id = which returning * into r;
	if state = 'succeeded' then
		perform refund_done(r);
	else
		perform order_note(r.order_id, format('A refund of %s %s failed: %s', r.amount, r.currency, r.failure));
		-- Perhaps because there is another one.
		update payments y set refunds_wanted = y.online where y.id = r.payment;
	end if;
	perform payment_attend(r.payment, false);
	perform order_follow(r.order_id);
	return 'applied';
end
$$;

-- Book the disputes of a payment that are decided: what a lost one took counts as given back, once; what is won after
-- all, as not given back.
create function disputes_book(which uuid) returns void
language plpgsql as $$
declare
	p payments;
	d disputes;
	r refunds;
	part numeric;
begin
	select * into p from payments y where y.id = which;
	for d in select * from disputes x where x.payment = which order by x.created_at, x.id loop
		if d.refund is not null and d.status <> 'lost' then
			update refunds set status = 'failed', failure = 'The dispute was won.', gateway_refund = null where id = d.refund;
			update disputes set refund = null where id = d.id;
			perform order_note(d.order_id, 'A lost dispute was won: its credit note must be reversed by hand.');
		end if;
		part := least(d.taken, payment_held(p) - payment_given_back(which));
		continue when d.status <> 'lost' or d.taken is null or d.refund is not null or d.currency <> p.currency_captured
			or p.status not in ('needs_attention', 'captured') or part <= 0;
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (which, d.order_id, part, d.currency, 'succeeded', 'Lost in a dispute.', d.gateway_dispute, 'dispute')
		returning * into r;
		update disputes set refund = r.id where id = d.id;
		perform refund_done(r);
	end loop;
end
$$;

-- What was heard of a dispute of a payment, whatever the order: see dispute_rank. The store is told of each change.
create function dispute_apply(which uuid, facts jsonb) returns text
language plpgsql as $$
declare
	heard constant jsonb := facts -> 'dispute';
	heard_at constant timestamptz := to_timestamp((heard ->> 'news')::bigint);
	due constant timestamptz := to_timestamp((heard ->> 'due')::bigint);
	o orders;
	d disputes;
	known disputes;
begin
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	select * into known from disputes x where x.payment = which and x.gateway_dispute = heard ->> 'id' for update;
	if dispute_rank(known.status, known.news_at) >= dispute_rank(heard ->> 'state', heard_at) then
		return 'nothing_new';
	end if;
	insert into disputes as x (payment, order_id, gateway_dispute, status, is_inquiry, amount, currency, taken, reason,
		evidence_due_at, news_at)
	values (which, o.id, heard ->> 'id', heard ->> 'state', (heard ->> 'is_inquiry')::boolean,
		money_of((heard ->> 'amount')::numeric, facts ->> 'currency'), facts ->> 'currency',
		money_of((heard ->> 'taken')::numeric, facts ->> 'currency'),
		coalesce(heard ->> 'reason', ''), due, heard_at)
	on conflict (payment, gateway_dispute) do update set status = excluded.status, is_inquiry = excluded.is_inquiry,
		amount = excluded.amount, currency = excluded.currency, taken = excluded.taken, reason = excluded.reason,
		evidence_due_at = coalesce(excluded.evidence_due_at, x.evidence_due_at), news_at = excluded.news_at
	returning * into d;
	if (known.status, known.evidence_due_at, known.amount) is distinct from (d.status, d.evidence_due_at, d.amount) then
		perform order_note(o.id, format('A dispute of %s %s is %s%s%s.', d.amount, d.currency,
			replace(d.status, '_', ' '), ': ' || nullif(d.reason, ''),
			case when d.status = 'needs_response' then ', evidence until ' || rfc3339(d.evidence_due_at) end));
		perform store_tell(o, 'payment_disputed', jsonb_build_object('payment', which, 'amount', d.amount::text,
			'currency', d.currency, 'status', replace(d.status, '_', ' '), 'reason', nullif(d.reason, ''),
			'evidence_due_at', case when d.status = 'needs_response' then rfc3339(d.evidence_due_at) end));
	end if;
	perform disputes_book(which);
	perform payment_attend(which, false);
	perform order_follow(o.id);
	return 'applied';
end
$$;

-- Is what was heard about another payment than p?
create function payment_is_another(p payments, facts jsonb) returns boolean
language plpgsql stable as $$
begin
	return coalesce(facts ->> 'gateway_id' <> p.gateway_id or (facts ->> 'payment')::uuid <> p.id, false)
		or exists (select 1 from payments y where y.payment_method = p.payment_method
			and y.gateway_id = facts ->> 'gateway_id' and y.id <> p.id)
		or exists (select 1 from payments y where y.payment_method = p.payment_method and y.online
			and y.transaction_id = facts ->> 'transaction' and y.id <> p.id);
end
$$;

-- The same payment was paid twice at its provider, by two transactions: here it has one. People see the other one there.
create function payment_note_other(p payments, transaction text, held numeric, held_currency text) returns void
language plpgsql as $$
declare
	said constant text := format('%s holds %s %s more for this payment, by %s: look at it there.', p.payment_method,
		held, held_currency, transaction);
begin
	if exists (select 1 from order_events e where e.order_id = p.order_id and e.note = said) then
		return;
	end if;
	perform order_note(p.order_id, said);
	perform store_tell_amount(p, held, held_currency);
end
$$;

-- What a provider holds of a payment. That is always written down; as the payment that was asked for it counts when it is
-- exactly that amount, or a part that we captured ourselves, or the amount and a fee that the customer paid. Else people
-- look at it. A provider's holdings only grow, so that the order of news does not matter; the order's currency goes
-- before any other one, and what fits before what does not.
create function payment_receive(p payments, facts jsonb) returns text
language plpgsql as $$
declare
	before constant payments := p;
	money constant text := coalesce(facts ->> 'currency', p.currency);
	received constant numeric := money_of(coalesce((facts ->> 'received')::numeric, p.amount), money);
	fee constant numeric := money_of((facts ->> 'fee')::numeric, money);
	other constant boolean := coalesce(p.amount_captured > 0 and p.transaction_id <> facts ->> 'transaction', false);
	fits constant boolean := coalesce(money = p.currency
		and (received in (p.amount, p.capture_wanted) or received - fee = p.amount), false);
begin
	if other and (p.status = 'captured' or (not fits and received <= p.amount_captured)) then
		perform payment_note_other(p, facts ->> 'transaction', received, money);
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
		p.amount := case when received = p.capture_wanted then received else p.amount end;
	elsif p.status <> 'captured' then
		p.status := 'needs_attention';
	end if;
	if (p.status, p.amount_captured, p.currency_captured, p.fee) is not distinct from
		(before.status, before.amount_captured, before.currency_captured, before.fee) then
		return 'nothing_new';
	end if;
	update payments set status = p.status, amount = p.amount, amount_captured = p.amount_captured,
		currency_captured = p.currency_captured, fee = p.fee, failure = '', cancel_wanted = false,
		transaction_id = coalesce(facts ->> 'transaction', transaction_id),
		paid_at = case when p.status = 'captured' then coalesce(paid_at, now()) end
	where id = p.id;
	if exists (select 1 from disputes d where d.payment = p.id) then
		perform disputes_book(p.id);
		perform payment_attend(p.id, true);
	elsif p.status <> 'captured' or p.attention is not null or p.amount_captured - coalesce(p.fee, 0) <> p.amount then
		perform payment_attend(p.id, true);
	end if;
	return 'applied';
end
$$;

-- The order was cancelled before its payment came: its buyer is told that it goes back, if it does.
create function order_tell_late(which uuid, about uuid) returns void
language plpgsql as $$
begin
	perform order_tell(o, s, 'order_paid_late', r.amount, jsonb_build_object('currency', r.currency))
	from orders o join stores s on s.id = o.store, refunds r
	where o.id = which and o.status = 'cancelled' and r.payment = about and r.status = 'pending' and r.created_at = now();
end
$$;

-- Has the provider given back more than is known? Then it is to be asked for the refunds. What a dispute took is not
-- among them.
create function refunds_missing(which uuid, facts jsonb) returns boolean
language plpgsql as $$
begin
	update payments y set refunds_wanted = true
	where y.id = which and not y.refunds_wanted and (facts ->> 'refunded')::numeric > (
		select coalesce(sum(r.amount), 0) from refunds r
		where r.payment = which and r.status <> 'failed' and r.key_scope is distinct from 'dispute');
	return found;
end
$$;

-- The refunds that a provider has listed; those that do not fit wait for nothing.
create function refunds_found(which uuid, list jsonb, request_id text, out changed boolean, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	f jsonb;
	about uuid;
begin
	perform act_as(null, request_id);
	select y.order_id into about from payments y where y.id = which;
	perform 1 from orders where id = about for update;
	changed := false;
	for f in select * from jsonb_array_elements(list) loop
		changed := refund_heard(which, f) = 'applied' or changed;
	end loop;
	update payments set refunds_wanted = false where id = which and refunds_wanted;
	wake := order_wakes_sender(about);
end
$$;

-- Until when the buyer may pay: what a voucher says, or where a slow method has no date, the hours of the payment from when
-- it was chosen. Old news does not shorten it: before an order is cancelled the provider is asked once more.
create function payment_wait(p payments, facts jsonb) returns void
language plpgsql as $$
declare
	until timestamptz := case when facts ? 'expires_at' then
		least(to_timestamp((facts ->> 'expires_at')::bigint), p.created_at + interval '60 days') end;
begin
	if (facts ->> 'is_slow')::boolean then
		until := coalesce(p.expires_at, now() + make_interval(hours => p.slow_hours));
	elsif facts ->> 'state' <> 'failed' then
		until := coalesce(until, p.expires_at);
	end if;
	if p.status in ('created', 'pending', 'failed') and until is distinct from p.expires_at then
		update payments set expires_at = until where id = p.id;
	end if;
end
$$;

-- What was heard of a payment: by the browser's way back, a webhook, or from the provider itself. All three end here.
-- Idempotent, forward only, whatever the order. News of another payment is not believed: 'mismatch'.
create function payment_apply(which uuid, facts jsonb) returns text
language plpgsql as $$
declare
	p payments;
	heard text := facts ->> 'state';
	outcome text;
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	if payment_is_another(p, facts) then
		if p.failure = '' or p.failure not like 'The provider reported%' then
			update payments set failure = 'The provider reported another payment.' where id = which;
			perform order_note(p.order_id, 'A report of the provider does not match its payment and was ignored.');
		end if;
		return 'mismatch';
	end if;
	if p.gateway_id is null and facts ->> 'gateway_id' is not null then
		update payments set gateway_id = facts ->> 'gateway_id' where id = which;
	end if;
	perform payment_wait(p, facts);
	if heard = 'captured' and not p.online and p.status = 'cancelled' then
		raise exception using errcode = 'CS409', message = 'The payment was cancelled meanwhile.';
	elsif heard = 'captured' or facts ? 'received' then
		outcome := payment_receive(p, facts);
	elsif payment_rank(heard) > payment_rank(p.status) then
		update payments set status = heard, failure = coalesce(facts ->> 'failure', ''),
			transaction_id = coalesce(facts ->> 'transaction', transaction_id)
		where id = which;
		outcome := 'applied';
	else
		outcome := 'nothing_new';
	end if;
	if p.cancel_wanted and heard in ('cancelled', 'captured') then
		update payments set cancel_wanted = false where id = which and cancel_wanted;
	end if;
	if outcome = 'applied' then
		perform order_follow(p.order_id);
		perform order_tell_late(p.order_id, which);
	end if;
	if facts ? 'refunded' and refunds_missing(which, facts) then
		outcome := 'applied';
	end if;
	return outcome;
end
$$;

-- What was heard of a refund of a payment, which we may not know of: it was made on the provider's own pages.
create function refund_heard(which uuid, facts jsonb) returns text
language plpgsql as $$
declare
	refund_id uuid;
	p payments;
	given numeric;
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which;
	select r.id into refund_id from refunds r
	where r.payment = which
		and (r.gateway_refund = facts ->> 'gateway_refund'
			or (r.gateway_refund is null and r.id = (facts ->> 'refund')::uuid));
	if refund_id is null then
		-- Given back at the provider's own pages. What does not fit waits: the news that the payment is captured, or
		-- that another refund failed, may be on its way. One that failed itself is kept too, as its older news may follow.
		given := case when facts ->> 'refund_state' = 'failed' then 0 else payment_given_back(which) end;
		if p.status not in ('needs_attention', 'captured') then
			return 'unmatched';
		elsif (facts ->> 'refund_amount')::numeric > greatest(p.amount, p.amount_captured)
			or facts ->> 'currency' not in (p.currency, coalesce(p.currency_captured, p.currency)) then
			perform order_note(p.order_id, 'A reported refund does not match its payment and was ignored.');
			return 'mismatch';
		elsif given + (facts ->> 'refund_amount')::numeric > p.amount_captured
			or facts ->> 'currency' <> p.currency_captured then
			return 'unmatched';
		end if;
		-- With a scope, as it was somebody's wish: only what the shop gives back by itself has none.
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (which, p.order_id, money_of((facts ->> 'refund_amount')::numeric, facts ->> 'currency'),
			facts ->> 'currency', 'pending',
			'Refunded at ' || p.payment_method || '.', facts ->> 'gateway_refund', p.payment_method)
		returning id into refund_id;
	end if;
	return refund_apply(refund_id, facts);
end
$$;

-- An event of a webhook, whose signature is right. facts null: it changes nothing here. Each event's effect happens
-- once; one about a payment that is not known yet waits for it.
create function webhook_effect(gw text, facts jsonb, out outcome text, out payment uuid)
language plpgsql as $$
begin
	select y.id into payment from payments y where y.payment_method = gw and y.gateway_id = facts ->> 'gateway_id';
	if payment is null then
		select y.id into payment from payments y where y.payment_method = gw and y.id = (facts ->> 'payment')::uuid;
	end if;
	if payment is null then
		select y.id into payment from payments y
		where y.payment_method = gw and y.online and y.transaction_id = facts ->> 'transaction';
	end if;
	if payment is null then
		outcome := 'unmatched';
		return;
	elsif facts ? 'dispute' then
		outcome := dispute_apply(payment, facts);
		return;
	elsif not coalesce((facts ->> 'about_refund')::boolean, false) then
		outcome := payment_apply(payment, facts);
		return;
	end if;
	outcome := refund_heard(payment, facts);
end
$$;

-- One that is not understood is recorded; it is looked at again when it is delivered again, perhaps to a later version.
-- `ask`: the payment whose refunds its provider has to be asked for.
create function webhook_take(gw text, event text, kind text, facts jsonb, garbled boolean, request_id text,
	out outcome text, out wake boolean, out ask jsonb)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	effect record;
	about uuid;
begin
	perform act_as(null, request_id);
	wake := false;
	update webhook_events w set deliveries = w.deliveries + 1
	where w.gateway = gw and w.event_id = event and w.outcome not in ('unmatched', 'not_understood')
	returning w.outcome into outcome;
	if found then
		return;
	end if;
	-- Two that bring it for the first time at once both come here, and the order's lock lets one after the other: what
	-- an event does twice it does once.
	outcome := case when garbled then 'not_understood' else 'ignored' end;
	if webhook_take.facts is not null then
		select * into effect from webhook_effect(gw, webhook_take.facts);
		outcome := effect.outcome;
		about := effect.payment;
	end if;
	insert into webhook_events as w (gateway, event_id, type, facts, outcome, payment)
	values (gw, event, kind, webhook_take.facts, webhook_take.outcome, about)
	on conflict on constraint webhook_events_pkey do update set deliveries = w.deliveries + 1,
		payment = coalesce(w.payment, excluded.payment), facts = coalesce(w.facts, excluded.facts),
		outcome = case when w.outcome in ('unmatched', 'not_understood') then excluded.outcome else w.outcome end;
	if outcome = 'applied' then
		wake := order_wakes_sender((select p.order_id from payments p where p.id = about));
		if webhook_take.facts ? 'refunded' then
			select payment_for_gateway(p) into ask from payments p
			where p.id = about and p.refunds_wanted and p.status in ('needs_attention', 'captured');
		end if;
	end if;
end
$$;

-- Events that came before we knew what they are about. Their rows are not locked before their orders, as in webhook_take:
-- one that is delivered again just now may have its effect from both, which is the same as from one.
create function webhook_catch_up(gw text, about text) returns void
language plpgsql as $$
declare
	e webhook_events;
	effect record;
begin
	for e in
		select * from webhook_events w where w.gateway = gw and w.outcome = 'unmatched'
			and (about is null or w.facts ->> 'gateway_id' = about)
			-- Others may have the same account there: their events are not ours, however many, and stand in nobody's way.
			and (exists (select 1 from payments y where y.payment_method = gw and y.gateway_id = w.facts ->> 'gateway_id')
				or exists (select 1 from payments y where y.payment_method = gw and y.online
					and y.transaction_id = w.facts ->> 'transaction')
				or exists (select 1 from payments y where y.payment_method = gw and y.id = (w.facts ->> 'payment')::uuid))
		order by w.received_at limit 1000
	loop
		select * into effect from webhook_effect(gw, e.facts);
		update webhook_events w set outcome = effect.outcome, payment = effect.payment
		where w.gateway = e.gateway and w.event_id = e.event_id and w.outcome = 'unmatched'
			and effect.outcome <> 'unmatched';
	end loop;
end
$$;

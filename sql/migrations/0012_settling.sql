-- What payments and refunds do to their orders, whatever is heard of them and when. Who calls these functions holds the
-- lock on the order.

-- Begin to give back what was paid too much for an order; the refunds are for cron to ask the providers for.
create function order_give_back(o orders, surplus numeric) returns void
language plpgsql as $$
declare
	p record;
begin
	-- The newest payment first: it is the one too much. A refund that failed is not tried again by itself.
	for p in
		select y.*, y.amount - payment_given_back(y.id) as left_of from payments y
		where y.order_id = o.id and y.status = 'captured' and y.online order by y.paid_at desc, y.id desc
	loop
		exit when surplus <= 0;
		continue when p.left_of <= 0 or exists (
			select 1 from refunds r where r.payment = p.id and r.key_scope is null and r.status = 'failed');
		insert into refunds (payment, order_id, amount, currency, status, reason, created_by)
		values (p.id, o.id, least(surplus, p.left_of), p.currency, 'pending',
			case when o.status = 'cancelled' then 'The order was cancelled.' else 'It was paid more than once.' end, null);
		perform order_note(o.id, format('%s %s are given back: %s', least(surplus, p.left_of), p.currency,
			case when o.status = 'cancelled' then 'the order was cancelled.' else 'it was paid more than once.' end));
		surplus := surplus - p.left_of;
	end loop;
	-- What was paid by hand goes back by hand: the staff tells of it by a refund.
	if surplus > 0 and not exists (
		select 1 from order_events e where e.order_id = o.id and e.note like 'To be given back by hand:%') then
		perform order_note(o.id, format('To be given back by hand: %s %s.', surplus, o.currency));
	end if;
end
$$;

-- Bring an order in line with its payments: paid, waiting, or neither; give back what was paid online and is too much: by
-- two payments, or for an order that is cancelled by now. Depends on what is stored alone, not on what happened last.
create function order_follow(which uuid) returns void
language plpgsql as $$
declare
	o orders;
	captured numeric;
	promised numeric;   -- to be given back, or given back
	given_back numeric;
	surplus numeric;
	waiting boolean;    -- at a provider
	opened boolean;     -- anywhere
	target text;
	standing text;
begin
	select * into o from orders where id = which;
	select coalesce(sum(y.amount) filter (where y.status = 'captured'), 0),
		coalesce(bool_or(y.online and y.status in ('created', 'pending', 'authorized')), false),
		coalesce(bool_or(y.status in ('created', 'pending', 'authorized')), false)
	into captured, waiting, opened
	from payments y where y.order_id = which;

	target := case
		when o.status in ('placed', 'pending') and captured >= o.total then 'paid'
		when o.status = 'placed' and waiting then 'pending'
		when o.status = 'pending' and not waiting then 'placed'
		else o.status end;
	select coalesce(sum(r.amount), 0), coalesce(sum(r.amount) filter (where r.status = 'succeeded'), 0)
	into promised, given_back from refunds r where r.order_id = which and r.status <> 'failed';
	surplus := captured - promised - case when o.status = 'cancelled' then 0 else o.total end;
	if surplus > 0 then
		perform order_give_back(o, surplus);
	end if;
	standing := case
		when given_back > 0 and given_back >= captured then 'refunded'
		when given_back > 0 then 'partially_refunded'
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
	if standing = 'paid' and o.payment_status in ('unpaid', 'pending') then
		perform order_tell(o, (select s from stores s where s.id = o.store), 'order_paid');
	end if;
end
$$;

-- A refund that is done: the invoice is taken back by as much, and the goods, if they came back.
create function refund_done(r refunds) returns void
language plpgsql as $$
declare
	o orders;
begin
	select * into o from orders where id = r.order_id;
	if r.restock and o.restocked_at is null and o.status <> 'cancelled' then
		perform order_restock(o.id, 'order refunded');
		update orders set restocked_at = now() where id = o.id;
	end if;
	perform order_tell(o, (select s from stores s where s.id = o.store), 'order_refunded', r.amount);
	perform credit_note_issue(o, r.amount, r.reason, r.id);
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
		update refunds set failure = 'The provider speaks of another amount.' where id = which;
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
	end if;
	perform order_follow(r.order_id);
	return 'applied';
end
$$;

-- What was heard of a payment: by the browser's way back, a webhook, or from the provider itself. All three end here.
-- Idempotent, forward only, whatever the order. Amount, currency and the provider's id must be those of the payment,
-- or nothing is believed: 'mismatch'.
create function payment_apply(which uuid, facts jsonb) returns text
language plpgsql as $$
declare
	p payments;
	heard text := facts ->> 'state';
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	if (facts ->> 'amount')::numeric <> p.amount or facts ->> 'currency' <> p.currency
		or facts ->> 'gateway_id' <> p.gateway_id or (facts ->> 'payment')::uuid <> p.id
		or exists (select 1 from payments y where y.payment_method = p.payment_method
			and y.gateway_id = facts ->> 'gateway_id' and y.id <> p.id)
		or exists (select 1 from payments y where y.payment_method = p.payment_method and y.online
			and y.transaction_id = facts ->> 'transaction' and y.id <> p.id) then
		if p.failure = '' or p.failure not like 'The provider speaks%' then
			update payments set failure = 'The provider speaks of another amount, currency or payment.' where id = which;
			perform order_note(p.order_id, 'News of a payment does not fit to it and was not believed.');
		end if;
		return 'mismatch';
	end if;
	if p.gateway_id is null and facts ->> 'gateway_id' is not null then
		update payments set gateway_id = facts ->> 'gateway_id' where id = which;
	end if;
	if p.cancel_wanted and heard in ('cancelled', 'captured') then
		update payments set cancel_wanted = false where id = which;
	end if;
	if heard = 'captured' and not p.online and p.status = 'cancelled' then
		raise exception using errcode = 'CS409', message = 'The payment was cancelled meanwhile.';
	elsif payment_rank(heard) <= payment_rank(p.status) then
		return 'nothing_new';
	end if;
	update payments set status = heard, failure = coalesce(facts ->> 'failure', ''),
		transaction_id = coalesce(facts ->> 'transaction', transaction_id),
		paid_at = case when heard = 'captured' then now() end
	where id = which;
	perform order_follow(p.order_id);
	return 'applied';
end
$$;

-- An event of a webhook, whose signature is right. facts null: it changes nothing here. Each event's effect happens
-- once; one about a payment that is not known yet waits for it.
create function webhook_effect(gw text, facts jsonb, out outcome text, out payment uuid)
language plpgsql as $$
declare
	refund_id uuid;
	p payments;
	given numeric;
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
	elsif not coalesce((facts ->> 'about_refund')::boolean, false) then
		outcome := payment_apply(payment, facts);
		return;
	end if;
	select * into p from payments y where y.id = payment;
	perform 1 from orders where id = p.order_id for update;
	select r.id into refund_id from refunds r
	where r.payment = webhook_effect.payment
		and (r.gateway_refund = facts ->> 'gateway_refund'
			or (r.gateway_refund is null and r.id = (facts ->> 'refund')::uuid));
	if refund_id is null then
		-- Given back at the provider's own pages. What does not fit waits: the news that the payment is captured, or
		-- that another refund failed, may be on its way. One that failed itself is kept too, as its older news may follow.
		given := case when facts ->> 'refund_state' = 'failed' then 0 else payment_given_back(payment) end;
		if (facts ->> 'refund_amount')::numeric > p.amount or facts ->> 'currency' <> p.currency then
			perform order_note(p.order_id, 'News of a refund does not fit to its payment and was not believed.');
			outcome := 'mismatch';
			return;
		elsif p.status <> 'captured' or given + (facts ->> 'refund_amount')::numeric > p.amount then
			outcome := 'unmatched';
			return;
		end if;
		-- With a scope, as it was somebody's wish: only what the shop gives back by itself has none.
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (payment, p.order_id, (facts ->> 'refund_amount')::numeric, p.currency, 'pending',
			'Given back at ' || gw || '.', facts ->> 'gateway_refund', gw)
		returning id into refund_id;
	end if;
	outcome := refund_apply(refund_id, facts);
end
$$;

create function webhook_take(gw text, event text, kind text, facts jsonb, request_id text,
	out outcome text, out wake boolean)
language plpgsql security definer
set search_path = public, pg_temp set plan_cache_mode = force_generic_plan as $$
declare
	effect record;
	about uuid;
begin
	perform act_as(null, request_id);
	wake := false;
	update webhook_events w set deliveries = w.deliveries + 1
	where w.gateway = gw and w.event_id = event and w.outcome <> 'unmatched'
	returning w.outcome into outcome;
	if found then
		return;
	end if;
	-- Two that bring it for the first time at once both come here, and the order's lock lets one after the other: what
	-- an event does twice it does once.
	outcome := 'ignored';
	if webhook_take.facts is not null then
		select * into effect from webhook_effect(gw, webhook_take.facts);
		outcome := effect.outcome;
		about := effect.payment;
	end if;
	insert into webhook_events as w (gateway, event_id, type, facts, outcome, payment)
	values (gw, event, kind, webhook_take.facts, webhook_take.outcome, about)
	on conflict on constraint webhook_events_pkey do update set deliveries = w.deliveries + 1,
		payment = coalesce(w.payment, excluded.payment),
		outcome = case when w.outcome = 'unmatched' then excluded.outcome else w.outcome end;
	if outcome = 'applied' then
		wake := order_wakes_sender((select p.order_id from payments p where p.id = about));
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

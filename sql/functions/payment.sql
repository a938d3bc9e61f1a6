-- Payments: their states, what is recorded of them, and the actions on one.

-- A payment only moves up, so that the order of events does not matter. The states: core/gateway/states.def.
create or replace function payment_rank(state text) returns integer
language sql immutable parallel safe as $$
	select array_position('{created,pending,failed,authorized,cancelled,needs_attention,captured}'::text[], state)
$$;

-- Record what a provider reported of a payment (struct provider_status), and return the payment as the caller may see
-- it. With a key that is the response of the request that began it, and is saved. caller_role '' is cron's.
create or replace function payment_record(which uuid, reported jsonb, who uuid, caller_role text, token bytea,
	request_id text, answer_status integer, key jsonb, out outcome text, out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	p payments;
begin
	perform act_as(who, request_id);
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	outcome := payment_apply(which, reported);
	select * into p from payments y where y.id = which;
	if outcome <> 'mismatch' and p.gateway_id is not null then
		perform webhook_apply_waiting(p.payment_method, p.gateway_id);
		select * into p from payments y where y.id = which;
	end if;
	body := payment_json(p, order_viewer(o, who, caller_role, token));
	if payment_record.key is not null and outcome <> 'mismatch' then
		perform idempotency_save(payment_record.key, answer_status, body);
	end if;
	wake := order_wakes_sender(p.order_id);
end
$$;

-- The provider refused to open it. If it never was open there is nothing to look up, and the next attempt is another
-- payment: a provider may repeat its refusal for as long as it keeps the key of this one.
create or replace function payment_refused(which uuid, why text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	p payments;
begin
	perform act_as(null, null);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	update payments set status = 'failed', failure = left(why, 500), cancel_requested = false,
		requested_at = case when gateway_id is not null then requested_at end
	where id = which and status in ('created', 'pending') returning * into p;
	if found then
		perform store_notify_failure(p);
	end if;
	update payments set cancel_requested = false where id = which and cancel_requested;
	perform order_reconcile((select y.order_id from payments y where y.id = which));
end
$$;

-- The provider refused to capture a part: none is requested any more.
create or replace function payment_capture_refused(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	update payments set capture_requested = null where id = which and status = 'authorized'
		and capture_requested is not null;
end
$$;

-- The provider refused to cancel it, as it does while money is in transit: retried at growing intervals, up to a day.
create or replace function payment_cancel_refused(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	p payments;
begin
	perform act_as(null, null);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	update payments set cancel_tries = cancel_tries + 1,
		cancel_after = now() + least(interval '1 day', interval '5 minutes' * 2 ^ least(cancel_tries, 12))
	where id = which returning * into p;
	if p.cancel_tries = 1 then
		perform order_note(p.order_id, 'The provider refused to cancel a payment: it may still be paid.');
	end if;
end
$$;

-- The call had no valid response: the client may repeat its request at once.
create or replace function payment_unanswered(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	update payments set requested_at = clock_timestamp() - interval '1 minute' where id = which and status = 'created';
end
$$;

-- Begin to capture a part of what is reserved; null: all of it. Not another part while a call is running.
create or replace function payment_capture_part(which uuid, part numeric, who uuid, request_id text) returns payments
language plpgsql as $$
declare
	p payments;
	decimals integer;
begin
	perform act_as(who, request_id);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	decimals := currency_decimals(p.currency);
	if part > p.amount then
		perform refuse('/amount', 'max_reserved', jsonb_build_object('max', p.amount, 'currency', p.currency));
	elsif part <> round(part, decimals) then
		perform refuse('/amount', 'currency_decimals', jsonb_build_object('currency', p.currency,
			'decimals', currency_decimals(p.currency)));
	elsif part < p.amount and part % currency_step(p.currency) <> 0 then
		perform refuse('/amount', 'capture_step',
			jsonb_build_object('step', currency_step(p.currency), 'currency', p.currency));
	end if;
	part := nullif(round(part, decimals), p.amount);
	if p.status <> 'authorized' then
		perform deny('CS409', 'payment_is', jsonb_build_object('status', p.status));
	elsif part is distinct from p.capture_requested then
		if p.capture_requested is not null then
			perform deny_if_running(p.requested_at, false);
		end if;
		update payments set capture_requested = part, requested_at = clock_timestamp() where id = which
			returning * into p;
	end if;
	return p;
end
$$;

-- Prepare to confirm, capture, cancel or mark as paid: the payment for its gateway, or a refusal. `done`: it is in that
-- state already, and `body` is the response. A part to be captured is recorded first, so that an event about it is
-- known to be meant.
create or replace function payment_prepare(which uuid, action text, who uuid, caller_role text, token bytea,
	part numeric, request_id text, out payment jsonb, out done boolean, out body text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	p payments;
	viewer text;
begin
	select * into p from payments y where y.id = which;
	select * into o from orders where id = p.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	if viewer is null or action in ('capture', 'mark-paid')
		-- a customer who has goods owes the money
		or (action = 'cancel' and o.status in ('partly_shipped', 'shipped', 'completed')) then
		perform deny_unless_store(viewer);
	end if;
	done := p.status = case when action = 'cancel' then 'cancelled' else 'captured' end;
	if done and action = 'capture' and part not in (p.amount, p.amount_captured) then
		perform deny('CS409', 'captured_amount',
			jsonb_build_object('amount', p.amount_captured, 'currency', p.currency));
	end if;
	if not done and not (case action
		when 'confirm' then p.online -- a cancelled one too: it may be paid if its provider did not cancel it
		when 'capture' then p.online and p.status = 'authorized'
		when 'cancel' then p.status in ('created', 'pending', 'failed', 'authorized')
		else not p.online and p.status = 'pending' end) then
		perform deny('CS409', 'action_impossible', jsonb_build_object('status', p.status, 'method', p.payment_method));
	end if;
	if action = 'capture' and not done and (part is not null or p.capture_requested is not null) then
		p := payment_capture_part(which, part, who, payment_prepare.request_id);
	end if;
	payment := payment_for_gateway(p);
	body := payment_json(p, viewer);
end
$$;

-- Take what the provider holds as the payment, whatever was requested, less its refunds. Done once; a payment that is
-- captured as requested is accepted already.
create or replace function payment_accept(which uuid, who uuid, caller_role text, token bytea, request_id text,
	out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	p payments;
	viewer text;
	remaining numeric;
begin
	perform act_as(who, request_id);
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which for update;
	viewer := order_viewer(o, who, caller_role, token);
	perform deny_unless_store(viewer);
	if p.attention = 'currency_differs' then
		perform deny('CS409', 'other_currency', jsonb_build_object('currency', p.currency,
			'amount', round(p.amount_captured, currency_decimals(p.currency_captured)), 'held', p.currency_captured));
	elsif p.attention = 'amount_differs' then
		remaining := round(p.amount_captured - payment_refunded(which), currency_decimals(p.currency));
		if remaining <= 0 then
			perform deny('CS409', 'refunds_pending');
		end if;
		perform order_note(o.id, format('%s %s were accepted for a payment of %s %s.', remaining, p.currency, p.amount,
			p.currency));
		update payments set status = 'captured', kept = kept + greatest(0, remaining - amount), amount = remaining,
			fee = null, paid_at = coalesce(paid_at, now())
		where id = which;
		perform payment_check_attention(which, false); -- it may be disputed
		perform order_reconcile(o.id);
	elsif p.status <> 'captured' then
		perform deny('CS409', 'nothing_to_accept', jsonb_build_object('status', p.status));
	end if;
	body := payment_json(which, viewer);
	wake := order_wakes_sender(o.id);
end
$$;

-- A payment whose buyer returns from the provider's page, without credentials; null: there is none.
create or replace function payment_returned(which uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return (select payment_for_gateway(p) from payments p where p.id = which);
end
$$;

-- Payments that need a call to their provider: {…, action: open | cancel | capture | refunds | refresh}. Each is
-- claimed for at least a minute, so that two runs at once get different ones.
create or replace function payments_due(count integer) returns setof jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	return query
	with due as (
		select p.id, case
			when p.cancel_requested then 'cancel'
			when p.refunds_requested and p.status in ('needs_attention', 'captured') then 'refunds'
			when p.status = 'created' then 'open'
			when p.status = 'authorized' then 'capture'
			else 'refresh' end as action
		from payments p
		where p.online and p.requested_at < now() - interval '1 minute' and (
			(p.cancel_requested and coalesce(p.cancel_after < now(), true)) or p.status = 'created'
			or (p.refunds_requested and p.status in ('needs_attention', 'captured'))
			or (p.status = 'authorized' and (not p.manual_capture or p.capture_requested is not null))
			-- The webhook may be lost: less often as it gets older, for a week.
			or ((p.status in ('pending', 'failed') or (p.status = 'needs_attention' and p.attention is not null))
				and greatest(p.created_at, p.expires_at) > now() - interval '7 days'
				and p.requested_at < now() - greatest(interval '5 minutes', (now() - p.created_at) / 4)))
		order by p.requested_at limit count for update skip locked
	)
	update payments p set requested_at = clock_timestamp() from due d where p.id = d.id
	returning payment_for_gateway(p) || jsonb_build_object('action', d.action, 'requested_before', true);
end
$$;

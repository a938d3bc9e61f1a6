-- Payments, from the request to the answer of the provider.

-- A payment moves up these numbers only, so that the order in which news comes does not matter.
create function payment_rank(state text) returns integer
language sql immutable parallel safe as $$
	select array_position('{created,pending,failed,authorized,cancelled,needs_attention,captured}'::text[], state)
$$;

-- Thirty seconds: longer than a provider is given to answer (core/gateway/fetch.c). Nobody waits that long who asks
-- again after an answer, be it a bad one: see payment_unanswered.
create function refuse_if_running(asked_at timestamptz, same_key boolean) returns void
language plpgsql as $$
begin
	if asked_at > clock_timestamp() - interval '30 seconds' then
		raise exception using errcode = case when same_key then 'CSRUN' else 'CS409' end,
			message = 'A request to the provider is still running; try again.';
	end if;
end
$$;

-- Begin to pay. `wanted`: {payment, order, method, online, capture_by_hand, slow_hours, user, role, token, request_id, key{}} and,
-- where the provider does not charge every currency, currencies{only, codes[]}: only those, or all but those.
-- Three ends: `body` with its status is the answer (the key was used before, or the payment is by hand); `ask` is the
-- payment to open at its provider, whose facts payment_tell wants; `in_the_way` is another payment that has to be
-- cancelled at its provider first, then this is called again.
create function payment_begin(wanted jsonb, out status integer, out body text, out replayed boolean, out ask jsonb,
	out in_the_way jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	who constant uuid := wanted ->> 'user';
	hash constant bytea := decode(wanted -> 'key' ->> 'hash', 'hex');
	o orders;
	p payments;
	viewer text;
	outstanding numeric;
	same_key boolean;
	same uuid;
begin
	perform act_as(who, wanted ->> 'request_id');
	replayed := false;
	select saved_status, saved_body into status, body from idempotency_begin(wanted -> 'key');
	if status is not null then
		replayed := true;
		ask := payment_for_gateway(y) from payments y where y.id = (body::jsonb ->> 'id')::uuid;
		return;
	end if;
	select * into o from orders where id = (wanted ->> 'order')::uuid for update;
	viewer := order_viewer(o, who, wanted ->> 'role', decode(wanted ->> 'token', 'hex'));
	if viewer is null then
		perform refuse('/order', 'not_found', 'There is no such order.');
	elsif (wanted #> '{currencies,codes}' ? o.currency) <> (wanted #>> '{currencies,only}')::boolean then
		perform refuse('/payment_method', 'currency', format('%s cannot be paid by %s.', o.currency, wanted ->> 'method'));
	end if;
	select * into p from payments y
	where y.key_scope = wanted -> 'key' ->> 'scope' and y.key = wanted -> 'key' ->> 'key'
		and y.created_at > now() - interval '24 hours';
	if p.id is not null and p.request_hash <> hash then
		raise exception using errcode = 'CSKEY', message = 'The key was used with another body.';
	end if;
	if o.status not in ('placed', 'pending', 'shipped', 'completed') then
		raise exception using errcode = 'CS409', message = case o.status
			when 'cart' then 'A cart cannot be paid; place it first.' else format('The order is %s.', o.status) end;
	end if;
	if exists (select 1 from payments y where y.order_id = o.id and y.status = 'needs_attention'
		and y.attention is not null) then
		raise exception using errcode = 'CS409',
			message = 'Another amount than the order''s was already paid: the store must resolve this first.';
	end if;
	outstanding := o.total - (select coalesce(sum(y.amount), 0) from payments y
		where y.order_id = o.id and y.status = 'captured');
	if outstanding <= 0 then
		raise exception using errcode = 'CS409', message = 'There is nothing left to pay.';
	end if;

	if not (wanted ->> 'online')::boolean and viewer = 'customer' then
		perform refuse_all(order_guest_refused('/payment_method', o, (select s from stores s where s.id = o.store),
			array(select i.product from order_items i where i.order_id = o.id order by i.position),
			array(select i.quantity::integer from order_items i where i.order_id = o.id order by i.position)));
	end if;

	status := 201;
	for p in
		select * from payments y where y.order_id = o.id and y.status in ('created', 'pending', 'failed', 'authorized')
		order by y.created_at desc
	loop
		same_key := coalesce(p.key_scope = wanted -> 'key' ->> 'scope' and p.key = wanted -> 'key' ->> 'key', false);
		if p.status = 'authorized' then
			raise exception using errcode = 'CS409', message = 'A payment of this order is already in progress.';
		elsif p.status = 'created' then
			perform refuse_if_running(p.asked_at, same_key); -- two who open it at once could open two
		end if;
		if p.payment_method = wanted ->> 'method' and p.amount = outstanding and same is null
			and (p.asked_at is not null or not p.online) then
			same := p.id; -- the page was loaded again, or this request was answered badly
			status := case when same_key then 201 else 200 end;
		elsif p.online and p.asked_at is not null then
			in_the_way := payment_for_gateway(p);
			return;
		else
			update payments set status = 'cancelled' where id = p.id;
		end if;
	end loop;
	if same is not null then
		select * into p from payments y where y.id = same;
	else
		if viewer = 'customer' and (select count(*) from payments y where y.order_id = o.id) >= 20 then
			raise exception using errcode = 'CS409',
				message = 'The order has already had 20 payments: only its store can begin another.';
		end if;
		-- Of a payment that came to nothing, or of longer ago than a key is kept.
		update payments y set key_scope = null, key = null, request_hash = null
		where y.key_scope = wanted -> 'key' ->> 'scope' and y.key = wanted -> 'key' ->> 'key';
		insert into payments (id, order_id, payment_method, online, amount, currency, status, capture_by_hand, slow_hours,
			asked_at, unconfirmed, key_scope, key, request_hash)
		values ((wanted ->> 'payment')::uuid, o.id, wanted ->> 'method', (wanted ->> 'online')::boolean, outstanding,
			o.currency, case when (wanted ->> 'online')::boolean then 'created' else 'pending' end,
			(wanted ->> 'capture_by_hand')::boolean, coalesce((wanted ->> 'slow_hours')::integer, 120), null,
			not (wanted ->> 'online')::boolean and viewer = 'customer' and order_is_unproven(o)
				and exists (select 1 from stores s where s.id = o.store and s.cod_confirmation = 'code'),
			wanted -> 'key' ->> 'scope', wanted -> 'key' ->> 'key', hash)
		returning * into p;
		perform order_follow(o.id);
	end if;
	if p.online then
		ask := payment_for_gateway(p);
		update payments set asked_at = clock_timestamp() where id = p.id;
	else
		body := payment_json(p, viewer);
		perform idempotency_save(wanted -> 'key', status, body);
	end if;
end
$$;

-- What the provider said of a payment; then the payment as the caller sees it. With a key it is the answer to the
-- request that began, and is kept under it. viewer: '' for tools, without a user.
create function payment_tell(which uuid, facts jsonb, who uuid, caller_role text, token bytea, request_id text,
	answer_status integer, key jsonb, out outcome text, out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	p payments;
begin
	perform act_as(who, request_id);
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	outcome := payment_apply(which, facts);
	select * into p from payments y where y.id = which;
	if outcome <> 'mismatch' and p.gateway_id is not null then
		perform webhook_catch_up(p.payment_method, p.gateway_id);
		select * into p from payments y where y.id = which;
	end if;
	body := payment_json(p, order_viewer(o, who, caller_role, token));
	if payment_tell.key is not null and outcome <> 'mismatch' then
		perform idempotency_save(payment_tell.key, answer_status, body);
	end if;
	wake := order_wakes_sender(p.order_id);
end
$$;

-- The provider said no to opening it. Where it never was open there is nothing to ask about, and the next try is
-- another payment: a provider may repeat its refusal for as long as it keeps the key of this one.
create function payment_refused(which uuid, why text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	update payments set status = 'failed', failure = left(why, 500), cancel_wanted = false,
		asked_at = case when gateway_id is not null then asked_at end
	where id = which and status in ('created', 'pending');
	update payments set cancel_wanted = false where id = which and cancel_wanted;
	perform order_follow((select y.order_id from payments y where y.id = which));
end
$$;

-- The provider does not capture the part that was wanted: nothing is under way.
create function payment_part_refused(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	update payments set capture_wanted = null where id = which and status = 'authorized' and capture_wanted is not null;
end
$$;

-- The provider refuses to cancel it, as it does while money is on its way: it is tried again later and later, at last once
-- a day.
create function payment_uncancelled(which uuid) returns void
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

-- The provider gave no valid response: a retry need not wait for this call.
create function payment_unanswered(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	update payments set asked_at = clock_timestamp() - interval '1 minute' where id = which and status = 'created';
end
$$;

-- Begin to capture a part of what is reserved; null: all of it. Not another part while one is being asked for.
create function payment_capture_part(which uuid, part numeric, who uuid, request_id text) returns payments
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
		perform refuse('/amount', 'max_value', format('Only %s %s are reserved.', p.amount, p.currency));
	elsif part <> round(part, decimals) then
		perform refuse('/amount', 'max_decimal_places', format('%s has %s decimal places.', p.currency, decimals));
	elsif part < p.amount and part % currency_step(p.currency) <> 0 then
		perform refuse('/amount', 'invalid', format('In %s only multiples of %s can be captured.', p.currency,
			currency_step(p.currency)));
	end if;
	part := nullif(round(part, decimals), p.amount);
	if p.status <> 'authorized' then
		raise exception using errcode = 'CS409', message = format('The payment is already %s.', p.status);
	elsif part is distinct from p.capture_wanted then
		if p.capture_wanted is not null then
			perform refuse_if_running(p.asked_at, false);
		end if;
		update payments set capture_wanted = part, asked_at = clock_timestamp() where id = which returning * into p;
	end if;
	return p;
end
$$;

-- A payment that the caller wants to confirm, capture, cancel or mark as paid: what its provider is to be told, or why
-- not. `done` is true when it is in that state already; `body` is then the answer. A part that is to be captured is
-- written down first: who hears of it later knows that it was meant.
create function payment_ask(which uuid, action text, who uuid, caller_role text, token bytea, part numeric,
	request_id text, out ask jsonb, out done boolean, out body text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
	p payments;
	viewer text;
begin
	select * into p from payments y where y.id = which;
	select * into o from orders where id = p.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	if viewer is null then
		raise exception using errcode = 'CS404', message = 'Not found.';
	elsif viewer = 'customer' and (action in ('capture', 'mark-paid')
		or (action = 'cancel' and o.status in ('shipped', 'completed'))) then -- a buyer who has the goods owes the money
		raise exception using errcode = 'CS403', message = 'Only the store can do this.';
	end if;
	done := p.status = case when action = 'cancel' then 'cancelled' else 'captured' end;
	if done and action = 'capture' and part not in (p.amount, p.amount_captured) then
		raise exception using errcode = 'CS409', message = format('%s %s of it are captured: that cannot be changed.',
			p.amount_captured, p.currency);
	end if;
	if not done and not (case action
		when 'confirm' then p.online -- a cancelled one too: where it cannot be ended at the provider, it may be paid
		when 'capture' then p.online and p.status = 'authorized'
		when 'cancel' then p.status in ('created', 'pending', 'failed', 'authorized')
		else not p.online and p.status = 'pending' end) then
		raise exception using errcode = 'CS409', message = format('The payment is %s by %s: this action is not possible.',
			p.status, p.payment_method);
	end if;
	if action = 'capture' and not done and (part is not null or p.capture_wanted is not null) then
		p := payment_capture_part(which, part, who, payment_ask.request_id);
	end if;
	ask := payment_for_gateway(p) || jsonb_build_object('online', p.online);
	body := payment_json(p, viewer);
end
$$;

-- What the provider holds is taken as the payment, whatever was asked for, but for what was given back of it or is being
-- given back. Done once; a payment that is captured as it should be is accepted already.
create function payment_accept(which uuid, who uuid, caller_role text, token bytea, request_id text, out body text,
	out wake boolean)
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
	if viewer is null then
		raise exception using errcode = 'CS404', message = 'Not found.';
	elsif viewer = 'customer' then
		raise exception using errcode = 'CS403', message = 'Only the store can do this.';
	elsif p.attention = 'currency_differs' then
		raise exception using errcode = 'CS409', message = format(
			'The provider holds %s %s, and the order is in %s: it cannot be accepted. Refund the payment.',
			round(p.amount_captured, currency_decimals(p.currency_captured)), p.currency_captured, p.currency);
	elsif p.attention = 'amount_differs' then
		remaining := round(p.amount_captured - payment_given_back(which), currency_decimals(p.currency));
		if remaining <= 0 then
			raise exception using errcode = 'CS409', message = 'All of it is being refunded: there is nothing to accept.';
		end if;
		perform order_note(o.id, format('%s %s were accepted for a payment of %s %s.', remaining, p.currency, p.amount,
			p.currency));
		update payments set status = 'captured', kept = kept + greatest(0, remaining - amount), amount = remaining, fee = null,
			paid_at = coalesce(paid_at, now())
		where id = which;
		perform payment_attend(which, false); -- it may be disputed
		perform order_follow(o.id);
	elsif p.status <> 'captured' then
		raise exception using errcode = 'CS409', message = format('The payment is %s: there is nothing to accept.', p.status);
	end if;
	body := payment_json(which, viewer);
	wake := order_wakes_sender(o.id);
end
$$;

-- A payment whose buyer comes back from the provider's page, with nothing that shows who they are: what the provider is to
-- be asked, and which page of the shop they are sent to. Null: there is none.
create function payment_returned(which uuid) returns jsonb
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return (select payment_for_gateway(p) || jsonb_build_object('online', p.online) from payments p where p.id = which);
end
$$;

-- Payments whose provider has to be asked, and for what: {…, do: open | cancel | capture | refunds | look}. Each is claimed for a
-- minute at least, so that two who ask at once get different ones.
create function payments_due(count integer) returns setof jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	return query
	with due as (
		select p.id, case
			when p.cancel_wanted then 'cancel'
			when p.refunds_wanted and p.status in ('needs_attention', 'captured') then 'refunds'
			when p.status = 'created' then 'open'
			when p.status = 'authorized' then 'capture'
			else 'look' end as what
		from payments p
		where p.online and p.asked_at < now() - interval '1 minute' and (
			(p.cancel_wanted and coalesce(p.cancel_after < now(), true)) or p.status = 'created'
			or (p.refunds_wanted and p.status in ('needs_attention', 'captured')) or (p.status = 'authorized' and (not p.capture_by_hand or p.capture_wanted is not null))
			-- Where the webhook was lost: less often as it gets older, for a week.
			or ((p.status in ('pending', 'failed') or (p.status = 'needs_attention' and p.attention is not null)) and greatest(p.created_at, p.expires_at) > now() - interval '7 days'
				and p.asked_at < now() - greatest(interval '5 minutes', (now() - p.created_at) / 4)))
		order by p.asked_at limit count for update skip locked
	)
	update payments p set asked_at = clock_timestamp() from due d where p.id = d.id
	returning payment_for_gateway(p) || jsonb_build_object('do', d.what, 'requested_before', true);
end
$$;

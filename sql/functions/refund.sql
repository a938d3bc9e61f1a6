-- Refunds.

-- A refund that the bank sends back becomes failed after it had succeeded; never the other way.
create function refund_rank(state text) returns integer
language sql immutable parallel safe as $$
	select array_position('{pending,succeeded,failed}'::text[], state)
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
		-- With a scope, as a person requested it: only automatic refunds have none.
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (which, p.order_id, money_of((facts ->> 'refund_amount')::numeric, facts ->> 'currency'),
			facts ->> 'currency', 'pending',
			'Refunded at ' || p.payment_method || '.', facts ->> 'gateway_refund', p.payment_method)
		returning id into refund_id;
	end if;
	return refund_apply(refund_id, facts);
end
$$;

create function refund_json(which uuid) returns text
language plpgsql stable as $$
begin
	return (select row_to_json(f)::text from (
		select r.id, r.payment, r.order_id as "order", r.amount::text as amount, r.currency, r.reason, r.restock, r.status,
			r.failure, rfc3339(r.created_at) as created_at
		from refunds r where r.id = which) f);
end
$$;

-- Begin to give money back. `wanted`: {refund, payment, amount (null: all that is left), reason, restock, user, role,
-- request_id, key{}}. Either `body` is the answer, or `ask` {payment{}, refund{}} is for the provider and refund_tell
-- comes next. What is pending counts as given back, so that no two together exceed what was captured.
create function refund_begin(wanted jsonb, out status integer, out body text, out replayed boolean, out ask jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	who constant uuid := wanted ->> 'user';
	hash constant bytea := decode(wanted -> 'key' ->> 'hash', 'hex');
	o orders;
	p payments;
	r refunds;
	viewer text;
	left_over numeric;
	wanted_amount numeric;
begin
	perform act_as(who, wanted ->> 'request_id');
	replayed := false;
	select saved_status, saved_body into status, body from idempotency_begin(wanted -> 'key');
	if status is not null then
		replayed := true;
		return;
	end if;
	select * into p from payments y where y.id = (wanted ->> 'payment')::uuid;
	select * into o from orders where id = p.order_id for update;
	viewer := order_viewer(o, who, wanted ->> 'role', null);
	if viewer is null then
		raise exception using errcode = 'CS404', message = 'Not found.';
	elsif viewer = 'customer' then
		raise exception using errcode = 'CS403', message = 'Only the store can do this.';
	end if;
	select * into p from payments y where y.id = p.id;
	status := 201;
	select * into r from refunds f
	where f.key_scope = wanted -> 'key' ->> 'scope' and f.key = wanted -> 'key' ->> 'key';
	if r.id is not null then
		if r.request_hash <> hash then
			raise exception using errcode = 'CSKEY', message = 'The key was used with another body.';
		elsif r.status = 'failed' then
			raise exception using errcode = 'CSPAY', message = 'The provider refused the request: ' || r.failure;
		elsif r.status = 'pending' then
			perform refuse_if_running(r.asked_at, true);
		end if;
	else
		if p.status not in ('captured', 'needs_attention') then
			raise exception using errcode = 'CS409', message = format('The payment is %s: there is nothing to refund.', p.status);
		end if;
		p.currency := coalesce(p.currency_captured, p.currency); -- from here on, what is held
		left_over := payment_held(p) - payment_given_back(p.id);
		wanted_amount := coalesce((wanted ->> 'amount')::numeric, left_over);
		if left_over <= 0 then
			raise exception using errcode = 'CS409', message = 'The payment is already fully refunded.';
		elsif wanted_amount > left_over then
			perform refuse('/amount', 'max_value', format('Only %s %s are left to refund.', left_over, p.currency));
		elsif wanted_amount <> round(wanted_amount, currency_decimals(p.currency)) then
			perform refuse('/amount', 'max_decimal_places',
				format('%s has %s decimal places.', p.currency, currency_decimals(p.currency)));
		elsif p.online and wanted_amount < left_over and wanted_amount % currency_step(p.currency) <> 0 then
			perform refuse('/amount', 'invalid', format('In %s only multiples of %s can be refunded.', p.currency,
				currency_step(p.currency)));
		elsif (wanted ->> 'restock')::boolean and (o.status = 'cancelled' or o.restocked_at is not null) then
			perform refuse('/restock', 'invalid', 'The goods are already back in stock.');
		elsif (wanted ->> 'restock')::boolean and (p.status <> 'captured' or wanted_amount < (
			select sum(y.amount - payment_given_back(y.id)) from payments y
			where y.order_id = o.id and y.status = 'captured')) then
			perform refuse('/restock', 'invalid',
				'With a partial refund the stock is not returned automatically: adjust it by hand.');
		end if;
		insert into refunds (id, payment, order_id, amount, currency, status, reason, restock, key_scope, key, request_hash)
		values ((wanted ->> 'refund')::uuid, p.id, o.id, round(wanted_amount, currency_decimals(p.currency)), p.currency,
			'pending', coalesce(wanted ->> 'reason', ''), (wanted ->> 'restock')::boolean, wanted -> 'key' ->> 'scope',
			wanted -> 'key' ->> 'key', hash)
		returning * into r;
	end if;
	if p.online then
		update refunds set asked_at = clock_timestamp(), tries = tries + 1 where id = r.id;
		p.currency := r.currency;
		ask := jsonb_build_object('payment', payment_for_gateway(p), 'refund', jsonb_build_object('id', r.id,
			'amount', r.amount::text, 'gateway_refund', r.gateway_refund, 'requested_before', r.asked_at is not null));
	else
		perform refund_apply(r.id, '{"refund_state": "succeeded"}');
		body := refund_json(r.id);
		perform idempotency_save(wanted -> 'key', status, body);
	end if;
end
$$;

-- What the provider said of a refund, and the answer to who asked for it. A key that is null: the tools.
create function refund_tell(which uuid, facts jsonb, who uuid, request_id text, key jsonb,
	out outcome text, out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	of uuid;
begin
	perform act_as(who, request_id);
	select r.order_id into of from refunds r where r.id = which;
	outcome := refund_apply(which, facts);
	body := refund_json(which);
	if key is not null and outcome <> 'mismatch' and facts ->> 'refund_state' <> 'failed' then
		perform idempotency_save(refund_tell.key, 201, body);
	end if;
	wake := order_wakes_sender(of);
end
$$;

create function refund_unanswered(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	update refunds set asked_at = clock_timestamp() - interval '1 minute' where id = which and status = 'pending';
end
$$;

create function refunds_due(count integer) returns setof jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	return query
	with due as (
		select r.id from refunds r
		where r.status = 'pending'
			and (r.asked_at is null or r.asked_at < now() - least(interval '6 hours', interval '1 minute' * 2 ^ least(r.tries, 12)))
		order by r.asked_at nulls first limit count for update skip locked
	)
	update refunds r set asked_at = clock_timestamp(), tries = r.tries + 1 from due d, payments p
	where r.id = d.id and p.id = r.payment
	returning jsonb_build_object('payment', payment_for_gateway(p) || jsonb_build_object('currency', r.currency), 'refund', jsonb_build_object(
		'id', r.id, 'amount', r.amount::text, 'gateway_refund', r.gateway_refund, 'requested_before', true));
end
$$;

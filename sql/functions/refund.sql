-- Refunds.

-- A refund that the bank returns changes from succeeded to failed; never the other way.
create or replace function refund_rank(state text) returns integer
language sql immutable parallel safe as $$
	select array_position('{pending,succeeded,failed}'::text[], state)
$$;

-- Restock the goods of a refund if they came back: those of its lines, or of the whole order if it names none.
create or replace function refund_restock(r refunds) returns void
language plpgsql as $$
declare
	pieces order_pieces[];
begin
	if exists (select 1 from refund_items x where x.refund = r.id) then
		pieces := array(select row(x.order_item, x.quantity)::order_pieces from refund_items x
			where x.refund = r.id and x.restock);
	end if;
	if pieces <> '{}' or (pieces is null and r.restock) then
		perform order_restock(r.order_id, 'order refunded', pieces);
	end if;
end
$$;

-- A refund is done: issue a credit note for what it reduces of the payment, and restock the goods if they came back.
create or replace function refund_done(r refunds) returns void
language plpgsql as $$
declare
	o orders;
	p payments;
	given numeric;
begin
	select * into o from orders where id = r.order_id;
	select * into p from payments where id = r.payment;
	perform refund_restock(r);
	perform returns_settle(o.id);
	if not exists (select 1 from disputes d where d.refund = r.id) then
		perform order_notify(o, (select s from stores s where s.id = o.store), 'order_refunded', r.amount,
			jsonb_build_object('currency', r.currency));
	end if;
	if p.status = 'captured' then
		select sum(f.amount) into given from refunds f where f.payment = p.id and f.status = 'succeeded';
		perform credit_note_issue(o, payment_reduced(p, given) - payment_reduced(p, given - r.amount), r.reason, r.id);
	end if;
end
$$;

-- Apply what was reported of a refund. Forward only, idempotent.
create or replace function refund_apply(which uuid, reported jsonb) returns text
language plpgsql as $$
declare
	r refunds;
	state text := reported ->> 'refund_state';
begin
	perform 1 from orders where id = (select f.order_id from refunds f where f.id = which) for update;
	select * into r from refunds f where f.id = which for update;
	if (reported ->> 'refund_amount')::numeric <> r.amount or reported ->> 'currency' <> r.currency then
		update refunds set failure = 'The provider reported another amount.' where id = which;
		return 'mismatch';
	end if;
	if r.gateway_refund is null and reported ->> 'gateway_refund' is not null then
		update refunds set gateway_refund = reported ->> 'gateway_refund' where id = which;
	end if;
	if refund_rank(state) <= refund_rank(r.status) then
		return 'nothing_new';
	end if;
	update refunds set status = state, failure = coalesce(reported ->> 'failure', '') where id = which
		returning * into r;
	if state = 'succeeded' then
		perform refund_done(r);
	else
		perform returns_settle(r.order_id);
		perform order_note(r.order_id, format('A refund of %s %s failed: %s', r.amount, r.currency, r.failure));
		-- Perhaps because there is another refund.
		update payments y set refunds_requested = y.online where y.id = r.payment;
	end if;
	perform payment_check_attention(r.payment, false);
	perform order_reconcile(r.order_id);
	return 'applied';
end
$$;

-- Has the provider refunded more than is known? Then its list of refunds is requested. What a dispute took is not in
-- it.
create or replace function refunds_missing(which uuid, reported jsonb) returns boolean
language plpgsql as $$
begin
	update payments y set refunds_requested = true
	where y.id = which and not y.refunds_requested and (reported ->> 'refunded')::numeric > (
		select coalesce(sum(r.amount), 0) from refunds r
		where r.payment = which and r.status <> 'failed' and r.key_scope is distinct from 'dispute');
	return found;
end
$$;

-- Record the refunds that a provider has listed; those that do not match are dropped.
create or replace function refunds_record(which uuid, list jsonb, request_id text, out changed boolean,
	out wake boolean)
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
		changed := refund_apply_event(which, f) = 'applied' or changed;
	end loop;
	update payments set refunds_requested = false where id = which and refunds_requested;
	wake := order_wakes_sender(about);
end
$$;

-- A refund that was made on the provider's pages. Null with an outcome: it does not match.
create or replace function refund_import(p payments, reported jsonb, out refund uuid, out outcome text)
language plpgsql as $$
declare
	amount constant numeric := (reported ->> 'refund_amount')::numeric;
	currency constant text := reported ->> 'currency';
	-- A failed one is imported too, as its older events may follow.
	refunded constant numeric :=
		case when reported ->> 'refund_state' = 'failed' then 0 else payment_refunded(p.id) end;
begin
	if p.status not in ('needs_attention', 'captured') then
		outcome := 'unmatched';
	elsif amount > greatest(p.amount, p.amount_captured)
		or currency not in (p.currency, coalesce(p.currency_captured, p.currency)) then
		perform order_note(p.order_id, 'A reported refund does not match its payment and was ignored.');
		outcome := 'mismatch';
	elsif refunded + amount > p.amount_captured or currency <> p.currency_captured then
		-- The event that the payment is captured, or that another refund failed, may follow.
		outcome := 'unmatched';
	else
		-- With a scope, as a person requested it: only automatic refunds have none.
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (p.id, p.order_id, money_of(amount, currency), currency, 'pending',
			'Refunded at ' || p.payment_method || '.', reported ->> 'gateway_refund', p.payment_method)
		returning id into refund;
	end if;
end
$$;

-- Apply what was reported of a refund of a payment, which may be unknown here.
create or replace function refund_apply_event(which uuid, reported jsonb) returns text
language plpgsql as $$
declare
	p payments;
	about record;
begin
	perform 1 from orders where id = (select y.order_id from payments y where y.id = which) for update;
	select * into p from payments y where y.id = which;
	select r.id as refund, null::text as outcome into about from refunds r
	where r.payment = which
		and (r.gateway_refund = reported ->> 'gateway_refund'
			or (r.gateway_refund is null and r.id = (reported ->> 'refund')::uuid));
	if about.refund is null then
		about := refund_import(p, reported);
	end if;
	return coalesce(about.outcome, refund_apply(about.refund, reported));
end
$$;

-- A refund and its payment for a gateway. The payment is in the currency that the provider holds.
create or replace function refund_for_gateway(p payments, r refunds) returns jsonb
language plpgsql stable as $$
begin
	return jsonb_build_object('payment', payment_for_gateway(p) || jsonb_build_object('currency', r.currency),
		'refund', jsonb_build_object('id', r.id, 'amount', r.amount::text, 'gateway_refund', r.gateway_refund,
			'requested_before', r.requested_at is not null));
end
$$;

create or replace function refund_json(which uuid) returns text
language plpgsql stable as $$
begin
	return (select row_to_json(f)::text from (
		select r.id, r.payment, r.order_id as "order", r.amount::text as amount, r.currency, r.reason, r.restock,
			refund_items_json(r.id) as items, round(r.shipping, currency_decimals(r.currency))::text as shipping,
			r.return_id as "return", r.status, r.failure, rfc3339(r.created_at) as created_at
		from refunds r where r.id = which) f);
end
$$;

-- The refund that was begun with the key of a request, if it may be continued; null: there is none.
create or replace function refund_of_key(q refund_request) returns refunds
language plpgsql as $$
declare
	r refunds;
begin
	select * into r from refunds f where f.key_scope = q.key ->> 'scope' and f.key = q.key ->> 'key';
	if r.request_hash <> decode(q.key ->> 'hash', 'hex') then
		perform deny('CSKEY', 'key_reused');
	elsif r.status = 'failed' then
		perform deny('CSPAY', 'provider_refused', jsonb_build_object('failure', r.failure));
	elsif r.status = 'pending' then
		perform deny_if_running(r.requested_at, true);
	end if;
	return r;
end
$$;

-- Does a request name what is refunded, other than by an amount?
create or replace function refund_is_by_line(q refund_request) returns boolean
language sql immutable parallel safe as $$
	select num_nonnulls(q.items, q.shipping, q.return_id) > 0
$$;

-- Refuse a refund of a payment of which nothing, or nothing of the order's lines, can be refunded.
create or replace function refund_deny(q refund_request, p payments, available numeric) returns void
language plpgsql stable as $$
begin
	if p.status not in ('captured', 'needs_attention') then
		perform deny('CS409', 'nothing_to_refund', jsonb_build_object('status', p.status));
	elsif available <= 0 then
		perform deny('CS409', 'fully_refunded');
	elsif refund_is_by_line(q) and (p.status <> 'captured' or p.attention <> 'disputed') then
		perform deny('CS409', 'payment_needs_attention');
	end if;
end
$$;

-- Refuse to refund `amount` of the money that is available in `currency`.
create or replace function refund_refuse(q refund_request, o orders, p payments, available numeric, amount numeric,
	currency text) returns void
language plpgsql as $$
declare
	pointer constant text := case when q.return_id is not null then '/return' when q.items is not null then '/items'
		when q.shipping is not null then '/shipping' else '/amount' end;
begin
	if amount > available then
		perform refuse(pointer, 'max_refund', jsonb_build_object('max', available, 'currency', currency));
	elsif amount <= 0 then
		perform refuse(pointer, 'not_positive');
	elsif amount <> round(amount, currency_decimals(currency)) then
		perform refuse(pointer, 'currency_decimals', jsonb_build_object('currency', currency,
			'decimals', currency_decimals(currency)));
	elsif p.online and amount < available and amount % currency_step(currency) <> 0 then
		perform refuse(pointer, 'refund_step',
			jsonb_build_object('step', currency_step(currency), 'currency', currency));
	elsif q.restock and not refund_is_by_line(q) and o.restocked_at is not null then
		perform refuse('/restock', 'already_restocked');
	elsif q.restock and q.items is null and (p.status <> 'captured' or amount < (
		select sum(y.amount - payment_refunded(y.id)) from payments y
		where y.order_id = o.id and y.status = 'captured')) then
		perform refuse('/restock', 'restock_partial');
	end if;
end
$$;

create or replace function refund_insert(q refund_request, o orders, p payments) returns refunds
language plpgsql as $$
declare
	currency constant text := coalesce(p.currency_captured, p.currency);
	available constant numeric := payment_held(p) - payment_refunded(p.id);
	items refund_items[];
	part record;
	r refunds;
begin
	perform refund_deny(q, p, available);
	if q.return_id is not null then
		q.items := return_items_due(q.return_id, o);
	end if;
	if refund_is_by_line(q) then
		perform refuse_all(refund_lines_refused(q, o));
		items := refund_items_of(q, o);
	end if;
	part := refund_parts(q, o, p, items, available);
	perform refund_refuse(q, o, p, available, part.amount, currency);
	insert into refunds (id, payment, order_id, amount, currency, status, reason, restock, shipping, shipping_tax,
		rounding, return_id, key_scope, key, request_hash)
	values (q.refund_id, p.id, o.id, round(part.amount, currency_decimals(currency)), currency, 'pending',
		coalesce(q.reason, ''), q.restock, part.shipping, part.shipping_tax, part.rounding, q.return_id,
		q.key ->> 'scope', q.key ->> 'key', decode(q.key ->> 'hash', 'hex'))
	returning * into r;
	insert into refund_items (refund, order_item, quantity, restock, amount, tax)
	select r.id, x.order_item, x.quantity, x.restock, x.amount, x.tax from unnest(items) x;
	return r;
end
$$;

-- Begin to refund: a refund_request. Either `body` is the response, or `to_refund` {payment{}, refund{}} is for the
-- provider, and refund_record comes next. A pending refund counts as refunded, so that no two together exceed what was
-- captured.
create or replace function refund_begin(request jsonb, out status integer, out body text, out replayed boolean,
	out to_refund jsonb)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	q constant refund_request := request_read(null::refund_request, request);
	o orders;
	p payments;
	r refunds;
begin
	perform act_as(q.user_id, q.request_id);
	select saved_status, saved_body, saved_status is not null into status, body, replayed from idempotency_begin(q.key);
	if replayed then
		return;
	end if;
	select y.order_id into p.order_id from payments y where y.id = q.payment_id;
	select * into o from orders where id = p.order_id for update;
	perform deny_unless_store(order_viewer(o, q.user_id, q.role, null));
	select * into p from payments y where y.id = q.payment_id;
	status := 201;
	r := refund_of_key(q);
	if r.id is null then
		r := refund_insert(q, o, p);
	end if;
	if p.online then
		update refunds set requested_at = clock_timestamp(), tries = tries + 1 where id = r.id;
		to_refund := refund_for_gateway(p, r);
	else
		perform refund_apply(r.id, '{"refund_state": "succeeded"}');
		body := refund_json(r.id);
		perform idempotency_save(q.key, status, body);
	end if;
end
$$;

-- Record what a provider reported of a refund, and return it. The key is null for cron.
create or replace function refund_record(which uuid, reported jsonb, who uuid, request_id text, key jsonb,
	out outcome text, out body text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	of uuid;
begin
	perform act_as(who, request_id);
	select r.order_id into of from refunds r where r.id = which;
	outcome := refund_apply(which, reported);
	body := refund_json(which);
	if key is not null and outcome <> 'mismatch' and reported ->> 'refund_state' <> 'failed' then
		perform idempotency_save(refund_record.key, 201, body);
	end if;
	wake := order_wakes_sender(of);
end
$$;

-- The call had no valid response: the client may repeat its request at once.
create or replace function refund_unanswered(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	update refunds set requested_at = clock_timestamp() - interval '1 minute' where id = which and status = 'pending';
end
$$;

-- Refunds that need a call to their provider, each claimed for at least a minute.
create or replace function refunds_due(count integer) returns setof jsonb
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform act_as(null, null);
	return query
	with due as (
		select r.id from refunds r
		where r.status = 'pending' and (r.requested_at is null
			or r.requested_at < now() - least(interval '6 hours', interval '1 minute' * 2 ^ least(r.tries, 12)))
		order by r.requested_at nulls first limit count for update skip locked
	)
	update refunds r set requested_at = clock_timestamp(), tries = r.tries + 1 from due d, payments p
	where r.id = d.id and p.id = r.payment
	returning refund_for_gateway(p, r);
end
$$;

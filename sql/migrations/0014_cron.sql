-- What cron looks after: payments and refunds whose answer was lost, overdue orders, what is too old to keep.

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
	returning payment_for_gateway(p) || jsonb_build_object('do', d.what, 'asked_before', true);
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
		'id', r.id, 'amount', r.amount::text, 'gateway_refund', r.gateway_refund, 'asked_before', true));
end
$$;

-- Is it an order that was to be paid online, or to be confirmed, or of which it was not said how it is paid, and was not in
-- time?
create function order_is_overdue(o orders, minutes integer) returns boolean
language plpgsql stable as $$
begin
	return o.status in ('placed', 'pending') and o.total > 0 and o.placed_at < now() - make_interval(mins => minutes)
		and not exists (select 1 from payments p where p.order_id = o.id and (
			p.status in ('authorized', 'captured')
			or (p.status = 'needs_attention' and p.attention is not null)
			or (not p.online and p.status = 'pending'
				and (not p.unconfirmed or p.created_at > now() - make_interval(mins => minutes)))
			or (p.online and (p.created_at > now() - make_interval(mins => minutes) or p.expires_at > now())
				and p.status in ('created', 'pending', 'failed'))));
end
$$;

-- The orders that time is up for, and their payments that the providers have to be asked about once more.
create function orders_overdue(minutes integer, count integer) returns table (order_id uuid, open_payments jsonb)
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return query
	select o.id, (select coalesce(jsonb_agg(payment_for_gateway(p)), '[]') from payments p
		where p.order_id = o.id and p.online and p.asked_at is not null and p.status in ('created', 'pending', 'failed'))
	from orders o
	where o.status in ('placed', 'pending') and o.placed_at < now() - make_interval(mins => minutes)
		and order_is_overdue(o, minutes)
		and not exists (select 1 from payments p where p.order_id = o.id and p.cancel_after > now()
			and p.status in ('created', 'pending', 'failed'))
	order by o.placed_at limit count;
end
$$;

-- The providers were asked, and the payments are cancelled there. False: something has happened meanwhile.
create function order_expire(which uuid, minutes integer) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	o orders;
begin
	select * into o from orders where id = which for update;
	if not order_is_overdue(o, minutes) or exists (
		select 1 from payments p where p.order_id = which and p.online and p.status in ('created', 'pending', 'failed')
			and p.asked_at is not null) then
		return false;
	end if;
	perform order_move(which, 'cancelled', null, 'system', null, null, 'It was not paid in time.', null, null, false);
	return true;
end
$$;

-- What waits for a payment that we have learned of since.
create function webhooks_catch_up() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	gw text;
begin
	perform act_as(null, null);
	for gw in select distinct w.gateway from webhook_events w where w.outcome = 'unmatched' loop
		perform webhook_catch_up(gw, null);
	end loop;
end
$$;

create table cron_runs (
	only_one boolean not null default true,
	started_at timestamptz not null,
	ended_at timestamptz,
	constraint cron_runs_pkey primary key (only_one),
	constraint cron_runs_only_one check (only_one)
);

-- May this run begin? Not while another one is on its way; one that was killed holds the next up for ten minutes. An
-- advisory lock decides between two that begin at once; it ends with the statement, as a session's own one would stay
-- on a pooler's connection.
create function cron_begin() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if not pg_try_advisory_xact_lock(hashtext('cron')) or exists (
		select 1 from cron_runs c where c.ended_at is null and c.started_at > now() - interval '10 minutes') then
		return false;
	end if;
	insert into cron_runs (started_at) values (now())
	on conflict on constraint cron_runs_pkey do update set started_at = now(), ended_at = null;
	return true;
end
$$;

create function cron_end() returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update cron_runs set ended_at = now();
end
$$;

-- What is of no use any more; gives how many of each. A bounded number each time.
create function cron_sweep() returns json
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	gone json;
begin
	perform act_as(null, null);
	with
	gone_sessions as (delete from sessions s where s.expires_at <= now()
		or (s.idle_max is not null and s.last_used_at + s.idle_max < now()) returning 1),
	gone_challenges as (delete from challenges o where o.expires_at <= now() returning 1),
	gone_places as (delete from known_places p where p.used_at < now() - interval '90 days' returning 1),
	gone_limits as (delete from rate_limits r where r.resets_at <= now() returning 1),
	gone_keys as (delete from idempotency_keys k where k.created_at < now() - interval '24 hours' returning 1),
	gone_messages as (delete from outbox b where (b.status = 'sent' and b.sent_at < now() - interval '30 days')
		or (b.status = 'skipped' and b.created_at < now() - interval '30 days') returning 1),
	gone_events as (delete from webhook_events w where w.received_at < now() - interval '90 days' returning 1),
	old_carts as (select o.id from orders o where o.status = 'cart' and o.modified_at < now() - interval '30 days'
		limit 1000 for update skip locked),
	gone_carts as (delete from orders o using old_carts c where o.id = c.id returning 1)
	select json_build_object(
		'sessions', (select count(*) from gone_sessions), 'challenges', (select count(*) from gone_challenges),
		'known_places', (select count(*) from gone_places), 'rate_limits', (select count(*) from gone_limits), 'idempotency_keys', (select count(*) from gone_keys),
		'messages', (select count(*) from gone_messages), 'webhook_events', (select count(*) from gone_events),
		'carts', (select count(*) from gone_carts))
	into gone;
	return gone;
end
$$;

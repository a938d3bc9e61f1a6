-- The part of cron in the database.

-- May this run begin? Not while another is in progress; one that was killed delays the next until its time is over. An
-- advisory lock decides between two that begin at once; it ends with the statement, as a session lock would stay on a
-- pooler's connection.
create or replace function cron_begin(which uuid default null, given integer default null) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	this_run constant uuid := coalesce(which, uuid_v7());
begin
	if not pg_try_advisory_xact_lock(hashtext('cron')) or exists (
		select 1 from cron_runs c
		where c.ended_at is null and coalesce(c.ends_by, c.started_at + interval '10 minutes') > now()) then
		return false;
	end if;
	-- What a run does last may take a while longer.
	insert into cron_runs (run, started_at, ends_by)
	values (this_run, now(), now() + make_interval(secs => coalesce(given + 40, 600)))
	on conflict on constraint cron_runs_pkey
	do update set run = excluded.run, started_at = excluded.started_at, ends_by = excluded.ends_by, ended_at = null;
	insert into cron_history (id, started_at, seconds) values (this_run, now(), given);
	delete from cron_history h where h.id in (select o.id from cron_history o order by o.started_at desc offset 100);
	return true;
end
$$;

-- What it did. A run that took so long that another has begun does not end that one.
create or replace function cron_end(
	which uuid default null, failed text default '', next text default '', figures jsonb default '{}')
returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	this_run constant uuid := coalesce(which, (select c.run from cron_runs c));
begin
	update cron_runs c set ended_at = now() where c.run is not distinct from this_run;
	update cron_history h set ended_at = now(), failed_step = failed, next_step = next, done = figures
	where h.id = this_run;
end
$$;

-- Delete expired records; returns how many of each kind. A bounded number each time.
create or replace function cron_sweep() returns json
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
		'known_places', (select count(*) from gone_places), 'rate_limits', (select count(*) from gone_limits),
		'idempotency_keys', (select count(*) from gone_keys),
		'messages', (select count(*) from gone_messages), 'webhook_events', (select count(*) from gone_events),
		'carts', (select count(*) from gone_carts))
	into gone;
	return gone;
end
$$;

-- Cron: one run at a time, and what it sweeps.

delete from cron_runs; delete from cron_history;
select uuid_v7() as run \gset
select is(cron_begin(:'run'), true, 'the first run begins');
select is(cron_begin(), false, 'another one does not begin beside it');
select is((select count(*) from cron_history), 1::bigint, 'and leaves no record');
select is((select ended_at is null and seconds is null from cron_history where id = :'run'), true, 'a run in progress is recorded');
select cron_end(:'run', '', 'orders', '{"complete": false}') \g /dev/null
select is((select row(ended_at is not null, failed_step, next_step, done)::text from cron_history where id = :'run'),
	row(true, '', 'orders', '{"complete": false}'::jsonb)::text, 'what it did is recorded at its end');
select is(cron_begin(), true, 'after its end another one begins');
update cron_runs set ends_by = now() + interval '1 s';
select is(cron_begin(), false, 'a run that was killed delays the next until its time is over');
update cron_runs set ends_by = now();
select is(cron_begin(), true, 'and no longer');
select is((select ends_by - started_at from cron_runs), interval '10 minutes', 'which is ten minutes after its start');
update cron_runs set started_at = now() - interval '11 minutes', ends_by = null, run = null;
select uuid_v7() as short \gset
select is(cron_begin(:'short', 20), true, 'a run of an earlier version delays the next as long');
select is((select ends_by - started_at from cron_runs), interval '1 minute', 'a run with a limit delays the next less');
select cron_end(:'run', 'orders', 'sweep') \g /dev/null
select is((select ended_at from cron_runs), null, 'a run that took too long does not end the one that has begun since');
select cron_end() \g /dev/null
select is((select ended_at is not null from cron_runs), true, 'an earlier version names none: it ends the last');
insert into cron_history (started_at) select now() - interval '1 day' - n * interval '1 min' from generate_series(1, 150) n;
update cron_runs set ended_at = now();
select is(cron_begin(), true, 'and the next begins');
select is((select count(*) from cron_history), 100::bigint, 'a hundred runs are kept');
select is((select count(*) from cron_history where id = :'short'), 1::bigint, 'the newest ones');
update cron_runs set ended_at = now();
delete from sessions; delete from challenges; delete from rate_limits; delete from idempotency_keys; delete from outbox;
delete from known_places; delete from webhook_events;
insert into sessions (user_id, opened_by, token_hash, expires_at, idle_max, last_used_at) values
	(:staff, 'password', '\x01', now(), null, now()),
	(:staff, 'password', '\x02', now() + interval '1 h', interval '30 min', now() - interval '31 min'),
	(:staff, 'password', '\x03', now() + interval '1 h', interval '30 min', now() - interval '29 min');
insert into rate_limits values ('a', 1, now()), ('b', 1, now() + interval '1 min');
insert into idempotency_keys values ('s', 'a', '\x', 201, '', now() - interval '25 h'), ('s', 'b', '\x', 201, '', now());
insert into known_places values (:staff, '\x01', true, now() - interval '91 days'), (:staff, '\x02', true, now());
insert into outbox (template, channel, recipient, data, give_up_at, status, sent_at) values
	('order_placed', 'mail', 'a@sql.example', '{}', now(), 'sent', now() - interval '31 days'),
	('order_placed', 'mail', 'a@sql.example', '{}', now(), 'sent', now() - interval '29 days'),
	('order_placed', 'mail', 'a@sql.example', '{}', now(), 'dead', null);
select is(cron_sweep()::jsonb, '{"sessions":2,"challenges":0,"known_places":1,"rate_limits":1,"idempotency_keys":1,"messages":1,"webhook_events":0,"carts":0}',
	'expired records are deleted, and nothing else');
select is(cron_sweep()::jsonb - '{sessions,challenges,known_places,rate_limits,idempotency_keys,messages,webhook_events,carts}'::text[], '{}', 'it counts nothing else');
select is((select sum(v::integer) from jsonb_each_text(cron_sweep()::jsonb) as e (k, v)), 0::bigint, 'the second time there is nothing to sweep');

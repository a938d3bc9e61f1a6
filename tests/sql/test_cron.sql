-- Cron: one run at a time, and what it sweeps.

delete from cron_runs;
select is(cron_begin(), true, 'the first run begins');
select is(cron_begin(), false, 'another one does not begin beside it');
select cron_end() \g /dev/null
select is(cron_begin(), true, 'after its end it does');
update cron_runs set started_at = now() - interval '11 minutes', ended_at = null;
select is(cron_begin(), true, 'a run that was killed holds up the next for ten minutes only');

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

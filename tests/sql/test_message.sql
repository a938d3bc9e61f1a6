-- The outbox: claiming, failing, giving up, reviving, and how many a day.

create function pg_temp.put(n integer, template text default 'order_placed') returns void language sql as $$
	insert into outbox (template, channel, recipient, data, give_up_at)
	select template, 'mail', 'buyer@sql.example', '{"a":1}', now() + interval '3 days' from generate_series(1, n)
$$;
create function pg_temp.states() returns text language sql as $$
	select string_agg(status || ' ' || n, ', ' order by status) from (select status::text, count(*) as n from outbox group by 1) s
$$;
delete from outbox;

select pg_temp.put(3) \g /dev/null
select is((select count(*) from outbox_claim(2)), 2::bigint, 'two are claimed');
select is(pg_temp.states(), 'queued 1, sending 2', 'and the third waits');
select is((select count(*) from outbox_claim(5)), 1::bigint, 'nobody claims them again');
update outbox set next_try_at = now();
select is((select count(*) from outbox_claim(5)), 3::bigint, 'unless two minutes pass without an answer');

select outbox_sent(id) from (select id from outbox order by id limit 1) o \g /dev/null
select is((select count(*) from outbox where status = 'sent' and data = '{}' and sent_at is not null), 1::bigint, 'what is sent keeps no data');

-- How long it waits after each try, and when it gives up.
delete from outbox;
select pg_temp.put(1) \g /dev/null
create temp table waits (try integer, status text, wait interval);
do $$
begin
	for i in 1 .. 8 loop
		update outbox set status = 'sending', tries = i;
		perform outbox_failed(id, 'no answer', false) from outbox;
		insert into waits select i, status, next_try_at - now() from outbox;
	end loop;
end
$$;
select results_eq('select * from waits order by try', $$ values
	(1, 'queued', interval '30 s'), (2, 'queued', interval '2 min'), (3, 'queued', interval '8 min'), (4, 'queued', interval '32 min'),
	(5, 'queued', interval '128 min'), (6, 'queued', interval '6 hours'), (7, 'queued', interval '6 hours'), (8, 'dead', interval '6 hours') $$,
	'it waits four times as long after each try, and is dead after eight');
select is((select outbox_revive(null)), 1, 'a dead letter is revived');
select is(pg_temp.states(), 'queued 1', 'and waits again');
update outbox set status = 'sending';
select outbox_failed(id, 'no such mailbox', true) from outbox \g /dev/null
select is(pg_temp.states(), 'dead 1', 'what no further try helps is dead at once');
update outbox set template = 'otp_login';
select is(outbox_revive(null), 0, 'a code is not revived');

-- What is too late is not sent.
delete from outbox;
select pg_temp.put(1) \g /dev/null
update outbox set give_up_at = now(), sealed = 'secret';
select is((select count(*) from outbox_claim(5)), 0::bigint, 'what is too late is not claimed');
select is((select status || coalesce(sealed, '') from outbox), 'dead', 'it is dead, and its secret gone');

-- So many of orders a day for one recipient; others' and codes do not count.
delete from outbox;
select pg_temp.put(5) \g /dev/null
select pg_temp.put(2, 'otp_login') \g /dev/null
select is((select count(*) from outbox_claim(10, 3)), 5::bigint, 'of five of orders three, and two codes');
select is(pg_temp.states(), 'sending 5, skipped 2', 'the others are skipped');
select pg_temp.put(1) \g /dev/null
select is((select count(*) from outbox_claim(10, 3)), 0::bigint, 'nor is the next one sent that day');
update outbox set created_at = now() - interval '25 hours' where tries > 0;
select pg_temp.put(1) \g /dev/null
select is((select count(*) from outbox_claim(10, 3)), 1::bigint, 'on the next day it is');

-- One sender is started at once.
delete from outbox_sender;
select is(outbox_wake(), true, 'the first who asks starts a sender');
select is(outbox_wake(), false, 'the second does not');
update outbox_sender set started_at = now() - interval '3 s';
select is(outbox_wake(), true, 'after two seconds one does again');

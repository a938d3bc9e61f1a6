-- Sessions, passwords, challenges, known places, rate limits.

delete from sessions; delete from challenges; delete from rate_limits; delete from outbox;
insert into users (id, name, email, is_admin, password_hash) values
	('00000000-0000-4000-8000-0000000000b1', 'Admin', 'admin@sql.example', true, '$s2$0a0801$c2FsdA==$' || encode(sha256('proof'), 'base64'));
\set admin '''00000000-0000-4000-8000-0000000000b1'''

-- What a session may do is what its user may, and never more than how it was opened.
select is((select c.role from session_caller(sha256(token::bytea)) c), role, name)
from (values
	(1, session_start(:admin, 'password', sha256('t1'), ''), 't1', 'admin', 'a password opens an administrator''s session'),
	(2, session_start(:staff, 'password', sha256('t2'), ''), 't2', 'staff', 'or a staff member''s'),
	(3, session_start(:customer, 'otp', sha256('t3'), ''), 't3', 'customer', 'a code a customer''s'),
	(4, session_start(:admin, 'otp', sha256('t4'), ''), 't4', null, 'but no administrator''s'),
	(5, null, 'unknown', null, 'an unknown token has no user')
) c (place, opened, token, role, name);

-- How a session ends.
create function pg_temp.role_after(change text) returns text language plpgsql as $$
declare
	found_role text;
begin
	begin
		execute change;
		select c.role into found_role from session_caller(sha256('t2')) c;
		raise exception using errcode = 'TT000', message = coalesce(found_role, 'nobody');
	exception when sqlstate 'TT000' then
		return sqlerrm; -- what was changed is undone
	end;
end
$$;
select is(pg_temp.role_after(change), role, change)
from (values
	('select 1', 'staff'),
	('update users set name = ''X'' where email = ''staff@sql.example''', 'staff'),
	('update users set is_active = false where email = ''staff@sql.example''', 'nobody'),
	('update users set is_suspended = true where email = ''staff@sql.example''', 'nobody'),
	('update users set is_deleted = true where email = ''staff@sql.example''', 'nobody'),
	('update users set is_admin = true where email = ''staff@sql.example''', 'nobody'),
	('update users set email = ''new@sql.example'' where email = ''staff@sql.example''', 'nobody'),
	('update users set active_to = now() where email = ''staff@sql.example''', 'nobody'),
	('update sessions set expires_at = now() where token_hash = sha256(''t2'')', 'nobody'),
	('update sessions set last_used_at = now() - interval ''31 min'' where token_hash = sha256(''t2'')', 'nobody'),
	('update sessions set last_used_at = now() - interval ''29 min'' where token_hash = sha256(''t2'')', 'staff')
) c (change, role);

-- Passwords: the proof is compared, never the hash given.
select is((select salt from password_salt_of_email('ADMIN@sql.example')), '$s2$0a0801$c2FsdA==$', 'the programs get cost and salt, whatever the case of the address');
select is((select count(*) from password_salt_of_email('nobody@sql.example')), 0::bigint, 'nobody with that address');
select is((select count(*) from password_login(:admin, '$s2$0a0801$c2FsdA==$', 'proof', null, 'x1', '')), 1::bigint, 'the proof signs in');
select is((select count(*) from password_login(:admin, '$s2$0a0801$c2FsdA==$', 'other', null, 'x2', '')), 0::bigint, 'another one does not');
select is((select count(*) from password_login(:admin, '$s2$0a0801$c2FsdA==$', sha256('proof'), null, 'x3', '')), 0::bigint, 'nor does what is stored');
select is((select expires_at from password_login(:admin, '$s2$other$', 'proof', null, 'x4', '')), null, 'a proof made with an old salt says so');
select throws_ok(format('select password_set(%L, ''x'')', :staff), 'CS403', null, 'without an administrator''s session no password is set');
select set_config('cgishop.session', encode(sha256('t1'), 'hex'), true) \g /dev/null
select lives_ok(format('select password_set(%L, ''$s2$a$b$c'')', :staff), 'with one it is');
select is((select count(*) from sessions where user_id = :staff), 0::bigint, 'and the sessions of that user end');

-- The last administrator stays.
select throws_ok(format('update users set is_admin = false where id = %L', :admin), 'CS409', null, 'the last administrator stays')
where not exists (select 1 from users u where u.is_admin and u.id <> :admin and is_working_admin(u));

-- Challenges: once, with the right code, for its purpose, within five tries and five minutes.
create function pg_temp.challenge(name text) returns boolean language sql as $$
	select challenge_issue('sign_in', 'sms', '+4915900000001', null, name::bytea, 'right', null, 'place', '')
$$;
create function pg_temp.take(name text, code text, purpose text default 'sign_in', blind boolean default false) returns boolean language sql as $$
	select (challenge_redeem(purpose, name::bytea, code::bytea, blind)).id is not null
$$;
select pg_temp.challenge('a') \g /dev/null
select is(pg_temp.take('a', 'right', 'change_email'), false, 'a code is not good for another purpose');
select is(pg_temp.take('b', 'right'), false, 'nor for another challenge');
select is(pg_temp.take('a', 'wrong'), false, 'a wrong code does not take it');
select is(pg_temp.take('a', 'right'), true, 'the right one does');
select is(pg_temp.take('a', 'right'), false, 'once');
select pg_temp.challenge('c') \g /dev/null
select pg_temp.take('c', 'wrong') from generate_series(1, 5) \g /dev/null
select is(pg_temp.take('c', 'right'), false, 'five wrong codes end it');
select pg_temp.challenge('d') \g /dev/null
select pg_temp.take('d', 'wrong', blind => true) from generate_series(1, 5) \g /dev/null
select is(pg_temp.take('d', 'right', blind => true), false, 'so do five blind ones, for blind tries');
select is(pg_temp.take('d', 'right'), true, 'but not for who has its id');
select pg_temp.challenge('e') \g /dev/null
update challenges set expires_at = now() where id = 'e';
select is(pg_temp.take('e', 'right'), false, 'it ends after five minutes');
select pg_temp.challenge('f' || n) from generate_series(1, 7) n \g /dev/null
select is((select count(*) from challenges where recipient = '+4915900000001'), 5::bigint, 'of one place and recipient five are kept');

-- A code signs its owner in, and makes a customer at the first time.
select challenge_issue('sign_in', 'mail', 'New@sql.example', null, 'g', 'right', null, 'place', '') \g /dev/null
select is((select count(*) from otp_login('g', 'right', false, 'other@sql.example', 'y1', '')), 0::bigint, 'it is not of another recipient');
select is((select user_object ->> 'email' from otp_login('g', 'right', false, 'new@sql.example', 'y2', '')), 'New@sql.example', 'a new customer');
select is((select is_customer and email_verified_at is not null from users where email = 'New@sql.example'), true, 'whose address is proven');

-- Known places.
select is(place_known('mobile', '+4915900000001', 'here', 'device'), '', 'a new place is not known');
select place_remember(sha256('t3'), 'here', null, 'device') \g /dev/null
select is(place_known('mobile', '+4915900000001', address, device), known, name)
from (values
	('here'::bytea, 'device'::bytea, 'device', 'by its device first'), ('here', 'x', 'address', 'by its address'),
	('there', 'device', 'device', 'by the device elsewhere'), ('there', 'x', '', 'by neither')
) c (address, device, known, name);
update known_places set used_at = now() - interval '91 days';
select is(place_known('mobile', '+4915900000001', 'here', 'device'), '', 'after 90 days it is forgotten');

-- Rate limits: who is refused is not counted, and the nearest bucket speaks.
create function pg_temp.take(limits integer[]) returns text language sql as $$
	select concat_ws(' ', r.count_max, r.remaining, r.refused) from rate_limit_take(array['sql-a', 'sql-b'], limits, array[60, 3600]) r
$$;
select results_eq('select pg_temp.take(array[2, 5]) from generate_series(1, 4)', array['2 1 f', '2 0 f', '2 0 t', '2 0 t'], 'the third request is refused');
select results_eq($$ select taken from rate_limits where bucket like 'sql-_' $$, array[2, 2], 'and counts in no bucket');
select rate_limit_release(array['sql-a', 'sql-b']) \g /dev/null
select is(pg_temp.take(array[2, 5]), '2 0 f', 'what is uncounted can be used');
update rate_limits set resets_at = now() where bucket = 'sql-a';
select is(pg_temp.take(array[2, 5]), '2 1 f', 'a window that has ended begins anew');

-- Signing in and proving a contact with a code; known places; rate limits.

-- The user who has proven an e-mail address. Of a customer and a member of staff, the customer.
create or replace function user_of_mail(address text) returns users
language sql stable as $$
	select u from users u
	where lower(u.email) = lower(address) and not u.is_deleted and u.email_verified_at is not null
	order by u.is_admin or u.is_staff limit 1
$$;

-- The account of an attempt to sign in.
create or replace function account_of(way text, account text) returns uuid
language plpgsql stable as $$
begin
	if way = 'mobile' then
		return (select u.id from users u where u.mobile_number = account and not u.is_deleted);
	elsif way = 'mail' then
		return (user_of_mail(account)).id;
	end if;
	return (select u.id from users u
		where lower(u.email) = lower(account) and not u.is_deleted and (u.is_admin or u.is_staff));
end
$$;

-- 'device' or 'address': how the account knows the place; '' for a new one.
create or replace function place_known(way text, account text, address bytea, device bytea) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	who uuid := account_of(way, account);
begin
	return coalesce((
		select case when p.is_device then 'device' else 'address' end from known_places p
		where p.user_id = who and p.used_at > now() - interval '90 days'
			and p.mark = case when p.is_device then device else address end
		order by p.is_device desc limit 1), '');
end
$$;

-- Store a place for the user of a session: the address, unless null, and the device that the client sent or, if that is
-- unknown, a new one. True: the device is known. The last twenty of each kind are kept.
create or replace function place_remember(session bytea, address bytea, device bytea, new_device bytea) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	who constant uuid := (select s.user_id from sessions s where s.token_hash = session);
	kept boolean;
begin
	update known_places p set used_at = now()
	where p.user_id = who and p.mark = device and p.is_device and p.used_at > now() - interval '90 days';
	kept := found;
	insert into known_places as p (user_id, mark, is_device)
	select who, m.mark, m.is_device from (values (address, false), (new_device, true)) m (mark, is_device)
	where m.mark is not null and not (m.is_device and kept)
	on conflict (user_id, mark) do update set used_at = excluded.used_at;
	delete from known_places p where p.user_id = who and p.mark in (
		select k.mark from (
			select o.mark, row_number() over (partition by o.is_device order by o.used_at desc) as place
			from known_places o where o.user_id = who) k
		where k.place > 20);
	return kept;
end
$$;

-- Count one request in each bucket or, if one of them is full, in none: repeated attempts do not prolong a refusal.
-- Returns the numbers of the fullest bucket. A window begins with its first request. The order prevents deadlocks of
-- two callers.
create or replace function rate_limit_take(buckets text[], counts_max integer[], windows_s integer[],
	out count_max integer, out remaining integer, out reset_s integer, out refused boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asked record;
	kept rate_limits;
	left_here integer;
	reset_here integer;
begin
	for asked in
		select * from unnest(buckets, counts_max, windows_s) as b (bucket, most, window_s) order by b.bucket
	loop
		insert into rate_limits as r (bucket, taken, resets_at)
		values (asked.bucket, 1, now() + make_interval(secs => asked.window_s))
		on conflict (bucket) do update set
			taken = case when r.resets_at <= now() then 1 else r.taken + 1 end,
			resets_at = case when r.resets_at <= now() then excluded.resets_at else r.resets_at end
		returning * into kept;
		left_here := greatest(asked.most - kept.taken, -1);
		reset_here := ceil(extract(epoch from kept.resets_at - now()));
		if count_max is null or (left_here, -reset_here) < (remaining, -reset_s) then
			count_max := asked.most;
			remaining := left_here;
			reset_s := reset_here;
		end if;
	end loop;
	refused := remaining < 0;
	if refused then
		update rate_limits r set taken = r.taken - 1 where r.bucket = any (buckets);
		remaining := 0;
	end if;
	if random() < 0.02 then
		delete from rate_limits where bucket in (
			select r.bucket from rate_limits r where r.resets_at <= now() limit 200 for update skip locked);
	end if;
end
$$;

-- Uncount one request.
create or replace function rate_limit_release(buckets text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform 1 from rate_limits r where r.bucket = any (buckets) order by r.bucket for update;
	update rate_limits r set taken = r.taken - 1 where r.bucket = any (buckets) and r.taken > 0;
end
$$;

-- Issue a challenge and, unless its code is the fixed one of development, its message: `sealed` is the code, encrypted
-- for the sender. True: start a sender. Earlier challenges remain valid until they expire; of those requested from one
-- place for one recipient only the newest five are kept, so that no request ends another person's challenge.
create or replace function challenge_issue(purpose text, channel text, recipient text, subject uuid,
	id bytea, code bytea, sealed text, place bytea, language text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
declare
	valid constant interval := '5 minutes';
begin
	insert into challenges (id, purpose, channel, recipient, subject, place, code_hash, expires_at)
	values (challenge_issue.id, challenge_issue.purpose, challenge_issue.channel, challenge_issue.recipient,
		challenge_issue.subject, challenge_issue.place, challenge_issue.code, now() + valid);
	if challenge_issue.sealed is not null then
		insert into outbox (template, channel, recipient, language, data, sealed, give_up_at)
		values (case challenge_issue.purpose when 'sign_in' then 'otp' when 'confirm_order' then 'otp_order'
				else 'otp_contact' end,
			challenge_issue.channel, challenge_issue.recipient, coalesce(challenge_issue.language, ''),
			json_build_object('minutes', extract(epoch from valid)::integer / 60), challenge_issue.sealed,
			now() + valid);
	end if;
	-- Last: a transaction that waits for no lock after this cannot deadlock.
	delete from challenges c where c.id in (
		select k.id from challenges k
		where lower(k.recipient) = lower(challenge_issue.recipient) and k.purpose = challenge_issue.purpose
			and k.place = challenge_issue.place
		order by k.created_at desc offset 5 for update skip locked);
	delete from challenges c where c.id in (
		select k.id from challenges k where k.expires_at <= now() limit 20 for update skip locked);
	return challenge_issue.sealed is not null and outbox_wake();
end
$$;

-- Redeem a challenge, which deletes it. Null: it is unknown, for another purpose, expired or used, or the code is
-- wrong, which counts; five wrong codes end it. The count is kept only if the transaction is committed, so refuse
-- without raising an error. The lock on the row serializes concurrent attempts; the second finds it gone. A blind
-- attempt, found by recipient and not by id, has a count of its own: strangers can make such attempts.
create or replace function challenge_redeem(purpose text, id bytea, code bytea, blind boolean default false)
returns challenges
language plpgsql as $$
#variable_conflict use_column
declare
	found_one challenges;
begin
	select * into found_one from challenges c
	where c.id = challenge_redeem.id and c.purpose = challenge_redeem.purpose and c.expires_at > now()
		and case when challenge_redeem.blind then c.blind_tries else c.tries end < 5
	for update;
	if not found then
		return null;
	elsif found_one.code_hash <> challenge_redeem.code then
		update challenges c set tries = c.tries + (not challenge_redeem.blind)::integer,
			blind_tries = c.blind_tries + challenge_redeem.blind::integer
		where c.id = found_one.id;
		return null;
	end if;
	delete from challenges c where c.id = found_one.id;
	return found_one;
end
$$;

-- The newest challenge of a recipient from a place, for clients that send none.
create or replace function challenge_newest(purpose text, recipient text, place bytea) returns bytea
language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
	return (select c.id from challenges c
		where lower(c.recipient) = lower(challenge_newest.recipient) and c.purpose = challenge_newest.purpose
			and c.place = challenge_newest.place and c.expires_at > now()
		order by c.created_at desc limit 1);
end
$$;

-- The user who has proven a number or address, created if missing; locked. An unproven address in a row does not
-- identify its user; only administrators write numbers, and this one is proven now.
create or replace function user_proven(channel text, recipient text) returns users
language plpgsql as $$
declare
	person users;
begin
	if channel = 'sms' then
		insert into users (mobile_number, mobile_verified_at, is_customer) values (recipient, now(), true)
		on conflict (mobile_number) where not is_deleted do nothing;
		select * into person from users u where u.mobile_number = recipient and not u.is_deleted for no key update;
		if person.mobile_verified_at is null then
			update users u set mobile_verified_at = now() where u.id = person.id;
		end if;
		return person;
	end if;
	if (user_of_mail(recipient)).id is null then
		insert into users (email, email_verified_at, is_customer) values (recipient, now(), true)
			on conflict do nothing;
	end if;
	select * into person from users u where u.id = (user_of_mail(recipient)).id for no key update;
	return person;
end
$$;

-- Sign in with a challenge; the first sign-in creates the customer. No row: the code is wrong, or the user may not sign
-- in. `recipient`, unless null, is what the client believes to be the recipient.
create or replace function otp_login(challenge bytea, code bytea, blind boolean, recipient text, token bytea,
	address text) returns table (expires_at text, user_object json)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	proven challenges;
	person users;
begin
	if otp_login.recipient is not null and not exists (select 1 from challenges c
		where c.id = challenge and lower(c.recipient) = lower(otp_login.recipient)) then
		return;
	end if;
	proven := challenge_redeem('sign_in', challenge, code, blind);
	if proven.id is null then
		return;
	end if;
	person := user_proven(proven.channel, proven.recipient);
	if person.id is null or not user_may_sign_in(person) then
		return;
	end if;
	update users u set is_customer = true where u.id = person.id and not u.is_customer;
	perform orders_claim(person.id, case proven.channel when 'sms' then proven.recipient end,
		case proven.channel when 'mail' then proven.recipient end);
	expires_at := rfc3339(session_start(person.id, 'otp', token, address));
	user_object := user_json(person.id);
	return next;
end
$$;

-- Send a code to the caller's new address or number. what: 'sent', or for staff, who may not change it like this,
-- 'by_code', 'password_required', 'wrong_password'. Whether another account has it makes no difference.
create or replace function contact_issue(channel text, recipient text, proof bytea, id bytea, code bytea,
	sealed text, place bytea, language text, out what text, out wake boolean)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asks record := session_proven();
	person users;
begin
	select * into person from users u where u.id = asks.who for no key update;
	if not (person.is_admin or person.is_staff) then
		what := 'sent';
	elsif asks.role = 'customer' then
		what := 'by_code';
	elsif proof is null then
		what := 'password_required';
	else
		what := case when password_fits(person.password_hash, proof) then 'sent' else 'wrong_password' end;
	end if;
	if what = 'sent' then
		wake := challenge_issue(case channel when 'mail' then 'change_email' else 'change_mobile' end, channel,
			recipient, person.id, id, code, sealed, place, language);
	end if;
end
$$;

-- The code came back: the address or number is proven. 'done'; 'wrong': not the caller's challenge, or a wrong code;
-- 'by_code' as above; 'taken': another account has it, which is revealed only to a user who has proven it. Accounts are
-- not merged: which of two names, addresses, carts and sets of coupons is right cannot be known. Sessions by code of
-- the old address or number end, except this one.
create or replace function contact_prove(purpose text, challenge bytea, code bytea, request_id text) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asks record := session_proven();
	person users;
	proven challenges;
begin
	perform act_as(asks.who, contact_prove.request_id);
	select * into person from users u where u.id = asks.who for no key update;
	if (person.is_admin or person.is_staff) and asks.role = 'customer' then
		return 'by_code';
	elsif not exists (select 1 from challenges c where c.id = challenge and c.subject = person.id) then
		return 'wrong';
	end if;
	proven := challenge_redeem(contact_prove.purpose, challenge, code);
	if proven.id is null then
		return 'wrong';
	elsif proven.channel = 'mail' and (user_of_mail(proven.recipient)).id <> person.id then
		return 'taken';
	end if;
	begin
		if proven.channel = 'mail' then
			update users u set email = proven.recipient, email_verified_at = clock_timestamp() where u.id = person.id;
		else
			update users u set mobile_number = proven.recipient, mobile_verified_at = clock_timestamp()
				where u.id = person.id;
		end if;
	exception when unique_violation then
		return 'taken';
	end;
	if (case proven.channel when 'mail' then person.email_verified_at else person.mobile_verified_at end)
		is not null then
		delete from sessions s where s.user_id = person.id and s.opened_by = 'otp'
			and s.token_hash <> decode(current_setting('cgishop.session', true), 'hex');
	end if;
	perform orders_claim(person.id, case proven.channel when 'sms' then proven.recipient end,
		case proven.channel when 'mail' then proven.recipient end);
	return 'done';
end
$$;

-- The outbox: what is to be told to people is a row of the transaction that causes it, and is sent afterwards.

create domain outbox_channel as text constraint outbox_channel check (value in ('sms', 'mail'));
create domain outbox_status as text constraint outbox_status check (value in ('queued', 'sending', 'sent', 'skipped', 'dead'));

create table outbox (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default now(),
	template text not null,   -- "order_placed"
	channel outbox_channel not null,
	recipient text not null,
	language text not null default '',
	data jsonb not null,      -- what the template may name; empty once it is sent
	sealed text,              -- a secret among them, encrypted with SECRET_KEY: a sign-in code
	status outbox_status not null default 'queued',
	tries integer not null default 0,
	next_try_at timestamptz not null default now(),
	give_up_at timestamptz not null,
	sent_at timestamptz,
	last_error text not null default '',
	order_id uuid,
	constraint outbox_pkey primary key (id),
	constraint outbox_order_id_fkey foreign key (order_id) references orders
) with (fillfactor = 80);
create index outbox_due on outbox (next_try_at) where status in ('queued', 'sending');
create index outbox_dead on outbox (created_at) where status = 'dead';
create index outbox_sent on outbox (sent_at) where status = 'sent';
create index outbox_skipped on outbox (created_at) where status = 'skipped';
create index outbox_recipient on outbox (lower(recipient), created_at);
create index outbox_order on outbox (order_id) where order_id is not null;

-- When a sender was started last, or had something to do: one row.
create unlogged table outbox_sender (
	started_at timestamptz not null,
	only_one boolean not null default true,
	constraint outbox_sender_pkey primary key (only_one),
	constraint outbox_sender_only_one check (only_one)
);

-- Should who asks start a sender now? Not when one was started, or found something to send, within two seconds: it looks
-- again before it ends, see tools/shopctl/cmd_outbox.c. Nobody waits for anybody here.
create function outbox_wake() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	before timestamptz;
begin
	select started_at into before from outbox_sender for update skip locked;
	if not found then
		insert into outbox_sender (started_at) values (clock_timestamp()) on conflict do nothing;
		return found;
	elsif before > clock_timestamp() - interval '2 seconds' and before <= clock_timestamp() then
		return false;
	elsif (select count(*) from outbox o where o.status = 'sending' and o.next_try_at > now()) >= 16 then
		return false; -- several wait for a slow provider already
	end if;
	update outbox_sender set started_at = clock_timestamp();
	return true;
end
$$;

-- Who reads the messages of an order: a customer at their own address or number, which they have proven, whatever
-- contact they gave for the parcel. The contact is for a guest, and for what the store's people enter for a buyer; its
-- number only once it was proven by a code, as anyone's can be typed. Null: nobody.
create function order_reader(o orders, out channel text, out recipient text, out name text)
language plpgsql stable as $$
declare
	buyer record;
begin
	select * into buyer from order_buyer(o);
	if buyer.who is not null then
		select u.name, coalesce(buyer.email, buyer.mobile, u.email) into name, recipient from users u where u.id = buyer.who;
		channel := case when recipient = buyer.mobile then 'sms' else 'mail' end;
	else
		recipient := coalesce(o.contact_email, case when o.mobile_proven then o.contact_mobile end);
		channel := case when o.contact_email is not null then 'mail' else 'sms' end;
	end if;
	name := coalesce(nullif(name, ''), o.contact_name);
end
$$;

-- A message to the reader of an order; false: it has none. `more`: what else its template may name.
create function order_tell(o orders, shop stores, what text, amount numeric default null, more jsonb default '{}')
returns boolean
language plpgsql as $$
declare
	reader record;
begin
	select * into reader from order_reader(o);
	if reader.recipient is null then
		return false;
	end if;
	insert into outbox (template, channel, recipient, language, data, give_up_at, order_id)
	values (what, reader.channel, reader.recipient, o.language,
		jsonb_build_object('store', shop.name, 'store_email', shop.contact_email, 'name', reader.name,
			'number', o.number::text, 'id', o.id, 'total', o.total::text, 'currency', o.currency,
			'carrier', o.carrier, 'tracking_number', o.tracking_number, 'amount', amount::text) || more,
		now() + interval '3 days', o.id);
	return true;
end
$$;

-- Tell the store of what needs its people, at its contact address; where there is none, the order's events have it.
create function store_tell(o orders, what text, more jsonb) returns void
language plpgsql as $$
begin
	insert into outbox (template, channel, recipient, data, give_up_at, order_id)
	select what, 'mail', s.contact_email, jsonb_build_object('store', s.name, 'store_email', s.contact_email,
		'number', o.number::text) || more, now() + interval '3 days', o.id
	from stores s where s.id = o.store and s.contact_email is not null;
end
$$;

-- Of messages that are about to be sent: what exceeds a number a day for one recipient is skipped. Anyone may place
-- orders with anyone's address. Codes have limits of their own, per request.
create function outbox_skip(taken uuid[], a_day integer) returns void
language plpgsql as $$
begin
	update outbox o set status = 'skipped', data = '{}',
		last_error = format('The recipient has had %s messages within a day: MESSAGES_PER_DAY.', a_day)
	where o.id = any (taken) and o.tries = 0 and o.template like 'order\_%' and a_day <= (
		select count(*) from outbox x
		where lower(x.recipient) = lower(o.recipient) and x.created_at > now() - interval '1 day'
			and x.template like 'order\_%'
			and (x.tries > 0 or (x.id = any (taken) and (x.created_at, x.id) < (o.created_at, o.id))));
end
$$;

-- A few messages to send, each for two minutes the caller's own; a_day: no more of orders' to one recipient within a day,
-- null for any number. Who has claimed one and was killed leaves it to the next: a message may so be sent twice, and none
-- is lost.
create function outbox_claim(count integer, a_day integer default null)
returns table (id uuid, template text, channel text, recipient text, language text, data jsonb, sealed text, tries integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	taken uuid[];
begin
	if a_day is not null then
		perform pg_advisory_xact_lock(hashtext('outbox_claim')); -- two that count at once would count too little
	end if;
	update outbox o set status = 'dead', last_error = 'It is too late for it. ' || o.last_error, data = o.data, sealed = null
	where o.status in ('queued', 'sending') and o.give_up_at <= now() and o.next_try_at <= now();
	loop
		taken := array(select d.id from outbox d
			where d.status in ('queued', 'sending') and d.next_try_at <= now()
			order by d.next_try_at, d.id limit count for update skip locked);
		exit when taken = '{}';
		if a_day is not null then
			perform outbox_skip(taken, a_day);
		end if;
		return query update outbox o set status = 'sending', tries = o.tries + 1, next_try_at = now() + interval '2 minutes'
			where o.id = any (taken) and o.status <> 'skipped'
			returning o.id, o.template, o.channel::text, o.recipient, o.language, o.data, o.sealed, o.tries;
		-- Who is at work needs no other one beside.
		if found then
			update outbox_sender set started_at = clock_timestamp();
			exit;
		end if;
	end loop;
end
$$;

create function outbox_sent(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update outbox set status = 'sent', sent_at = now(), data = '{}', sealed = null, last_error = '' where id = which;
end
$$;

-- It was not taken: again after half a minute, two minutes, eight … up to six hours; after eight tries, or at once
-- when another try is of no use, it goes to the dead letters.
create function outbox_failed(which uuid, why text, for_good boolean) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update outbox o set last_error = left(why, 500),
		status = case when for_good or o.tries >= 8 then 'dead' else 'queued' end,
		sealed = case when for_good or o.tries >= 8 then null else o.sealed end,
		next_try_at = now() + least(interval '6 hours', interval '30 seconds' * 4 ^ (o.tries - 1))
	where o.id = which and o.status = 'sending';
end
$$;

-- The dead letters, the newest first, how much waits, and how much was skipped within a day.
create function outbox_state() returns json
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return json_build_object(
		'queued', (select count(*) from outbox where status in ('queued', 'sending')),
		'skipped', (select count(*) from outbox where status = 'skipped' and created_at > now() - interval '1 day'),
		'dead', (select coalesce(json_agg(row_to_json(d)), '[]') from (
			select o.id, rfc3339(o.created_at) as created_at, o.template, o.channel, o.recipient, o.tries, o.last_error
			from outbox o where o.status = 'dead' order by o.created_at desc limit 100) d));
end
$$;

-- Try a dead letter again; all of them with null. Codes stay dead: they are gone. Gives their number.
create function outbox_revive(which uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	count integer;
begin
	update outbox o set status = 'queued', tries = 0, next_try_at = now(), give_up_at = now() + interval '3 days'
	where o.status = 'dead' and o.template !~ '^otp' and (which is null or o.id = which);
	get diagnostics count = row_count;
	return count;
end
$$;

-- A challenge and, unless its code is the fixed one of development, its message: `sealed` is the code for the sender's
-- eyes. True: start a sender. Earlier challenges stay good until they expire; of those requested from one place for one
-- recipient the oldest beyond five goes, so that nobody's request ends another one's.
create function challenge_issue(purpose text, channel text, recipient text, subject uuid,
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
			json_build_object('minutes', extract(epoch from valid)::integer / 60), challenge_issue.sealed, now() + valid);
	end if;
	-- Last: who waits for no lock after this cannot be part of a deadlock.
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

-- Take a challenge: it is gone then. Null: it is unknown, of another purpose, expired, used, or the code is wrong, which
-- counts; five wrong codes end it. The count is kept only when the transaction is committed, so refuse without raising
-- an error. The lock on the row decides between two that come at once; who is second finds it gone. A blind try is one
-- that was found by its recipient, not by its id, and has a count of its own: strangers can make such tries.
create function challenge_take(purpose text, id bytea, code bytea, blind boolean default false) returns challenges
language plpgsql as $$
#variable_conflict use_column
declare
	found_one challenges;
begin
	select * into found_one from challenges c
	where c.id = challenge_take.id and c.purpose = challenge_take.purpose and c.expires_at > now()
		and case when challenge_take.blind then c.blind_tries else c.tries end < 5
	for update;
	if not found then
		return null;
	elsif found_one.code_hash <> challenge_take.code then
		update challenges c set tries = c.tries + (not challenge_take.blind)::integer,
			blind_tries = c.blind_tries + challenge_take.blind::integer
		where c.id = found_one.id;
		return null;
	end if;
	delete from challenges c where c.id = found_one.id;
	return found_one;
end
$$;

-- The newest challenge of a recipient from a place, for clients that know of none.
create function challenge_newest(purpose text, recipient text, place bytea) returns bytea
language plpgsql stable security definer set search_path = public, pg_temp as $$
#variable_conflict use_column
begin
	return (select c.id from challenges c
		where lower(c.recipient) = lower(challenge_newest.recipient) and c.purpose = challenge_newest.purpose
			and c.place = challenge_newest.place and c.expires_at > now()
		order by c.created_at desc limit 1);
end
$$;

-- Who proves a number or an address gets the orders that guests placed with it. As anyone can type one, the customer sees
-- of those that were not confirmed by a code what was bought, and not who placed it (order_seen), and may disown them.
-- The order_token stays good: it was given to the guest. That of a cart ends: what its owner fills in from now on is
-- nobody else's. Nor is a stranger's address left in it for the owner's goods to go to.
create function orders_claim(who uuid, mobile text, email text) returns void
language plpgsql as $$
declare
	buyer users;
	found_one record;
begin
	perform set_config('cgishop.user_id', who::text, true);
	select * into buyer from users u where u.id = who;
	for found_one in
		select o.id, o.status, ((o.mobile_proven and o.contact_mobile = mobile)
			or (o.email_proven and lower(o.contact_email) = lower(email))) is true as proven
		from orders o
		where o.user_id is null and not o.is_deleted and not o.disowned
			and (o.contact_mobile = mobile or lower(o.contact_email) = lower(email))
		order by o.id
	loop
		if found_one.status <> 'cart' then
			update orders o set user_id = who, claimed = not found_one.proven where o.id = found_one.id and o.user_id is null;
		else
			update orders o set user_id = who, token_hash = null, contact_name = buyer.name, contact_email = buyer.email,
				shipping_address = case when found_one.proven then o.shipping_address end,
				billing_address = case when found_one.proven then o.billing_address end,
				comments = case when found_one.proven then o.comments else '' end
			where o.id = found_one.id and o.user_id is null;
		end if;
	end loop;
end
$$;

-- The user who has proven a number or an address, made when there is none; locked. An address that stands in somebody's
-- row without having been proven is not theirs for that; numbers are written by administrators alone, and proven now.
create function user_proven(channel text, recipient text) returns users
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
		insert into users (email, email_verified_at, is_customer) values (recipient, now(), true) on conflict do nothing;
	end if;
	select * into person from users u where u.id = (user_of_mail(recipient)).id for no key update;
	return person;
end
$$;

-- Sign in by a challenge; makes the customer at the first time. No row: the code is not right, or the user may not sign
-- in. `recipient`, unless null, is whom the client believes it to be of.
create function otp_login(challenge bytea, code bytea, blind boolean, recipient text, token bytea, address text)
returns table (expires_at text, user_object json)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	proven challenges;
	person users;
begin
	if otp_login.recipient is not null and not exists (select 1 from challenges c
		where c.id = challenge and lower(c.recipient) = lower(otp_login.recipient)) then
		return;
	end if;
	proven := challenge_take('sign_in', challenge, code, blind);
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

-- A code to the address or number that whoever asks wants to be reached by. what: 'sent', or 'by_code',
-- 'password_required', 'wrong_password': they work here, and are not let change how they sign in. Whether another account
-- has it makes no difference.
create function contact_issue(channel text, recipient text, proof bytea, id bytea, code bytea, sealed text, place bytea,
	language text, out what text, out wake boolean)
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
		wake := challenge_issue(case channel when 'mail' then 'change_email' else 'change_mobile' end, channel, recipient,
			person.id, id, code, sealed, place, language);
	end if;
end
$$;

-- The code came back: the address or number is theirs. 'done'; 'wrong': the challenge is not one of theirs, or the code
-- is not right; 'by_code' as above; 'taken': it is another account's, which whoever has proven it may know. Accounts are
-- not merged: which of two names, addresses, carts and sets of coupons is right nobody can tell afterwards. Sessions by
-- code that what was replaced has opened end, but for this one.
create function contact_prove(purpose text, challenge bytea, code bytea, request_id text) returns text
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
	proven := challenge_take(contact_prove.purpose, challenge, code);
	if proven.id is null then
		return 'wrong';
	elsif proven.channel = 'mail' and (user_of_mail(proven.recipient)).id <> person.id then
		return 'taken';
	end if;
	begin
		if proven.channel = 'mail' then
			update users u set email = proven.recipient, email_verified_at = clock_timestamp() where u.id = person.id;
		else
			update users u set mobile_number = proven.recipient, mobile_verified_at = clock_timestamp() where u.id = person.id;
		end if;
	exception when unique_violation then
		return 'taken';
	end;
	if (case proven.channel when 'mail' then person.email_verified_at else person.mobile_verified_at end) is not null then
		delete from sessions s where s.user_id = person.id and s.opened_by = 'otp'
			and s.token_hash <> decode(current_setting('cgishop.session', true), 'hex');
	end if;
	perform orders_claim(person.id, case proven.channel when 'sms' then proven.recipient end,
		case proven.channel when 'mail' then proven.recipient end);
	return 'done';
end
$$;

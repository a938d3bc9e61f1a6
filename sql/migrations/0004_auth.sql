-- Sessions, one-time codes, rate limits, and the only ways in: the functions
-- below run with the owner's rights, so that the serving role needs no right on
-- the three tables and can never read a hash out of them.

create table sessions (
	id uuid not null default uuid_v7(),
	user_id uuid not null,
	opened_by text not null,
	token_hash bytea not null,
	client_address text not null default '',
	created_at timestamptz not null default now(),
	last_used_at timestamptz not null default now(),
	expires_at timestamptz not null,
	idle_max interval,
	constraint sessions_pkey primary key (id),
	constraint sessions_token_hash_key unique (token_hash),
	constraint sessions_user_fkey foreign key (user_id) references users on delete cascade,
	constraint sessions_opened_by check (opened_by in ('password', 'otp'))
);
create index sessions_user on sessions (user_id);
create index sessions_expires_at on sessions (expires_at);

-- What these two hold may be lost in a crash: a code is requested again, a count
-- begins again. In return nobody waits for the disk.

-- A code that was sent to somebody, and what it is good for.
create unlogged table challenges (
	id bytea not null,             -- SHA-256 of what the client was given
	purpose text not null,
	channel text not null,
	recipient text not null,       -- a number, or an e-mail address
	subject uuid,                  -- what it is about, by purpose
	place bytea not null,          -- a MAC of where it was requested from
	code_hash bytea not null,
	created_at timestamptz not null default clock_timestamp(),
	expires_at timestamptz not null,
	tries integer not null default 0,
	blind_tries integer not null default 0,
	constraint challenges_pkey primary key (id),
	constraint challenges_purpose check (purpose in ('sign_in', 'change_email', 'change_mobile', 'confirm_order')),
	constraint challenges_channel check (channel in ('sms', 'mail'))
);
create index challenges_recipient on challenges (lower(recipient), created_at);
create index challenges_expires_at on challenges (expires_at);

create unlogged table rate_limits (
	bucket text not null,
	taken integer not null,
	resets_at timestamptz not null,
	constraint rate_limits_pkey primary key (bucket)
) with (fillfactor = 70);
create index rate_limits_resets_at on rate_limits (resets_at);

-- A user as it is shown to itself.
create function user_json(which uuid) returns json
language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
	return (select row_to_json(shown) from (
		select u.id, u.email, u.email_verified_at is not null as email_verified, u.mobile_number,
			u.mobile_verified_at is not null as mobile_verified, u.name, u.is_admin, u.is_staff, u.is_customer, u.is_active,
			rfc3339(u.created_at) as created_at, rfc3339(u.modified_at) as modified_at
		from users u where u.id = which) shown);
end
$$;

-- Whose token is this? Runs once for every request that brings one. What a
-- session may do never exceeds how it was opened: whoever holds the telephone
-- of an administrator does not hold the shop. No row: not, or not any more.
create function session_caller(hash bytea) returns table (session_id uuid, user_id uuid, role text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	idle_max interval;
	last_used_at timestamptz;
begin
	select s.id, s.user_id, s.idle_max, s.last_used_at,
		case when s.opened_by = 'otp' then case when u.is_customer then 'customer' end
			when u.is_admin then 'admin'
			when u.is_staff then 'staff' end
	into session_id, user_id, idle_max, last_used_at, role
	from sessions s join users u on u.id = s.user_id
	where s.token_hash = hash and s.expires_at > now()
		and (s.idle_max is null or s.last_used_at > now() - s.idle_max)
		and u.is_active and is_live(u.is_deleted, u.is_suspended, u.active_from, u.active_to);
	if role is null then
		return;
	end if;
	-- Once a minute is exact enough, and requests at the same time do not wait for each other.
	if idle_max is not null and last_used_at < now() - interval '1 minute' then
		update sessions s set last_used_at = now()
		where s.id = (select t.id from sessions t where t.id = session_id for update skip locked);
	end if;
	return next;
end
$$;

-- For the functions below; how long a session lasts stands here alone.
create function session_start(who uuid, how text, hash bytea, address text) returns timestamptz
language plpgsql as $$
declare
	ends timestamptz := now() + case how when 'otp' then interval '30 days' else interval '12 hours' end;
begin
	delete from sessions where id in (
		select s.id from sessions s where s.expires_at <= now() limit 20 for update skip locked);
	insert into sessions (user_id, opened_by, token_hash, client_address, expires_at, idle_max)
	values (who, how, hash, coalesce(address, ''), ends, case how when 'password' then interval '30 minutes' end);
	return ends;
end
$$;

create function session_close(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	delete from sessions where id = which;
end
$$;

-- All sessions of the user whose session it is; from one that was opened by a code, those that were. Whoever holds the
-- telephone of an administrator does not put them out of the shop.
create function session_close_all(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	delete from sessions s using sessions o
	where o.id = which and s.user_id = o.user_id and (o.opened_by = 'password' or s.opened_by = 'otp');
end
$$;

-- May this user sign in now?
create function user_may_sign_in(who users) returns boolean
language sql stable parallel safe as $$
	select who.is_active and is_live(who.is_deleted, who.is_suspended, who.active_from, who.active_to)
$$;

-- Sessions end when their user may not sign in, even for a moment, and when their rights, number or address change:
-- what was opened before must not come back with a release, a restore or a later end, nor outlive a role. Whoever works
-- here and signs in by a code becomes a customer by it, which ends nothing; nor does what its owner proves, which is
-- contact_prove()'s affair, or gives up.
create function user_end_sessions() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asking constant bytea := decode(coalesce(current_setting('cgishop.session', true), ''), 'hex');
begin
	if not user_may_sign_in(old) or not user_may_sign_in(new)
		or (old.is_admin, old.is_staff) is distinct from (new.is_admin, new.is_staff)
		or (old.is_customer and not new.is_customer)
		or (old.mobile_number is distinct from new.mobile_number and new.mobile_verified_at is null)
		or (lower(old.email) is distinct from lower(new.email) and new.email is not null and new.email_verified_at is null)
	then
		delete from sessions s where s.user_id = new.id and s.token_hash <> asking;
		-- One's own proves the rest of this transaction, and ends with it: now() is when a transaction began.
		update sessions s set expires_at = clock_timestamp() where s.user_id = new.id and s.token_hash = asking;
	end if;
	return null;
end
$$;
create trigger end_sessions after update of is_active, is_deleted, is_suspended, active_from, active_to, is_admin,
	is_staff, is_customer, mobile_number, email on users for each row execute function user_end_sessions();

-- Who asks, by the hash of their token in cgishop.session (db_begin), which cannot be read out of the database: nobody
-- can claim it. cgishop.user_id is only what the programs say.
create function session_proven(out who uuid, out role text)
language plpgsql as $$
begin
	select s.user_id, s.role into who, role
	from session_caller(decode(current_setting('cgishop.session', true), 'hex')) s;
end
$$;

-- The serving role writes users for administrators; oneself it gives a name, and takes the address away. It makes no
-- administrator.
create function user_guard() returns trigger
language plpgsql as $$
declare
	own constant text[] := array['name', 'email', 'email_verified_at', 'modified_at', 'modified_by'];
	asks record;
begin
	if pg_has_role(current_user, (select c.relowner from pg_class c where c.oid = tg_relid), 'usage') then
		return new; -- a function of the owner's, or a tool
	end if;
	asks := session_proven();
	if asks.role = 'admin' or (tg_op = 'UPDATE' and asks.who = new.id and to_jsonb(new) - own = to_jsonb(old) - own
		and (new.email is null or new.email = old.email))
	then
		return new;
	end if;
	raise exception using errcode = 'CS403', message = 'Only an administrator who is signed in can change users.';
end
$$;
create trigger guard before insert or update on users for each row execute function user_guard();

-- A password is kept as "$s2$<cost>$<salt>$<hash>": the hash is SHA-256 of what scrypt makes of it, which is the proof
-- that somebody knows it. The proof is stored nowhere, so that what is stored opens no session, and the hash leaves the
-- database never: the programs are given cost and salt alone.
create function password_fits(stored text, proof bytea) returns boolean
language sql immutable parallel safe as $$
	select split_part(stored, '$', 5) = encode(sha256(proof), 'base64')
$$;

-- All of it in front of the hash.
create function password_salt(stored text) returns text
language sql immutable strict parallel safe as $$
	select left(stored, -length(split_part(stored, '$', 5)))
$$;

-- No row: nobody with that address may sign in by a password.
create function password_salt_of_email(address text) returns table (user_id uuid, salt text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	return query select u.id, password_salt(u.password_hash) from users u
		where lower(u.email) = lower(address) and not u.is_deleted and u.password_hash is not null
			and (u.is_admin or u.is_staff) and user_may_sign_in(u);
end
$$;

create function password_salt_of_user(who uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	return (select password_salt(u.password_hash) from users u where u.id = who);
end
$$;

-- No row: the proof is wrong, or they may not sign in. Without expires_at: the salt that it was made with is not theirs
-- any more, because the password was hashed anew meanwhile. `renewed`, unless null, is the same password at today's cost.
create function password_login(who uuid, salt text, proof bytea, renewed text, token bytea, address text)
returns table (expires_at text, user_object json)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	person users;
begin
	select * into person from users u where u.id = who for no key update;
	if not found or person.password_hash is null or not (person.is_admin or person.is_staff)
		or not user_may_sign_in(person) then
		return;
	elsif password_salt(person.password_hash) is distinct from salt then
		return next;
		return;
	elsif not password_fits(person.password_hash, proof) then
		return;
	end if;
	if renewed is not null then
		perform set_config('cgishop.user_id', who::text, true);
		update users set password_hash = renewed where id = who;
	end if;
	expires_at := rfc3339(session_start(who, 'password', token, address));
	user_object := user_json(who);
	return next;
end
$$;

-- For who knows the password that there is. Ends every session but the one it is done from. False: the proof is wrong,
-- or was made with the salt of an older one.
create function password_change(who uuid, kept_session uuid, proof bytea, renewed text) returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update users u set password_hash = renewed where u.id = who and password_fits(u.password_hash, proof);
	if not found then
		return false;
	end if;
	delete from sessions s where s.user_id = who and s.id <> kept_session;
	return true;
end
$$;

-- An admin gives somebody a password: who knew the old one is out.
create function password_set(which uuid, renewed text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asks record := session_proven();
begin
	if asks.role is distinct from 'admin' then
		raise exception using errcode = 'CS403', message = 'Only an administrator who is signed in can set passwords.';
	end if;
	update users u set password_hash = renewed where u.id = which and (u.is_admin or u.is_staff);
	if not found then
		perform refuse('/password', 'not_staff', 'Only staff and admins have a password.');
	end if;
	delete from sessions s where s.user_id = which;
end
$$;

-- From where somebody has signed in: from there they are not refused because of what others try.
create table known_places (
	user_id uuid not null,
	mark bytea not null,        -- a MAC of an address, or the SHA-256 of a device's token
	is_device boolean not null,
	used_at timestamptz not null default now(),
	constraint known_places_pkey primary key (user_id, mark),
	constraint known_places_user_fkey foreign key (user_id) references users on delete cascade
);
create index known_places_used_at on known_places (used_at);

-- Who has proven that an e-mail address is theirs? Of two, one of whom works here, the customer.
create function user_of_mail(address text) returns users
language sql stable as $$
	select u.* from users u
	where lower(u.email) = lower(address) and not u.is_deleted and u.email_verified_at is not null
	order by u.is_admin or u.is_staff limit 1
$$;

-- Whose account is it that somebody tries to sign in to?
create function account_of(way text, account text) returns uuid
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

-- 'device' or 'address': by what the account knows the place; '' for a new one.
create function place_known(way text, account text, address bytea, device bytea) returns text
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

-- Remember a place for the user of a session: the address, unless null, and the device that the client sent, or, when
-- that is not known, a new one. True: it is known. The twenty used last of each kind stay.
create function place_remember(session bytea, address bytea, device bytea, new_device bytea) returns boolean
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

-- Count one request in each of the buckets, or, when one of them is full, in
-- none: who is refused is not kept out for longer by asking again. Gives the
-- figures of the bucket that is nearest to its end. A window begins with its
-- first request. The order keeps two callers from waiting for each other.
create function rate_limit_take(buckets text[], counts_max integer[], windows_s integer[],
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
create function rate_limit_give_back(buckets text[]) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	perform 1 from rate_limits r where r.bucket = any (buckets) order by r.bucket for update;
	update rate_limits r set taken = r.taken - 1 where r.bucket = any (buckets) and r.taken > 0;
end
$$;

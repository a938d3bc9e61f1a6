-- Users, sessions and passwords. These run with the rights of the owner, so that the serving role never reads a hash.

-- Reports by field what users_reachable and users_staff_email (sql/schema/0002_users.sql) refuse. A proof is of the old
-- address or number, not of a new one; and an address in use is not given to another user, unless that user proves it.
create or replace function user_check() returns trigger
language plpgsql as $$
declare
	came constant boolean := tg_op = 'INSERT' or old.is_deleted;
begin
	if tg_op = 'UPDATE' then
		if lower(new.email) is distinct from lower(old.email) and new.email_verified_at = old.email_verified_at then
			new.email_verified_at := null;
		end if;
		if new.mobile_number is distinct from old.mobile_number and new.mobile_verified_at = old.mobile_verified_at then
			new.mobile_verified_at := null;
		end if;
	end if;
	if not new.is_deleted and new.email_verified_at is null
		and (came or lower(new.email) is distinct from lower(old.email))
		and exists (select 1 from users u where lower(u.email) = lower(new.email) and not u.is_deleted
			and u.id <> new.id)
	then
		raise unique_violation using table = 'users', constraint = 'users_email_key';
	end if;
	if not new.is_deleted and new.email is null then
		if new.is_admin or new.is_staff then
			perform refuse('/email', 'staff_email');
		elsif new.mobile_number is null then
			perform refuse('/email', 'recipient_required');
		end if;
	end if;
	return new;
end
$$;

-- Can this user manage the shop today, and on any later day?
create or replace function is_working_admin(who users) returns boolean
language sql stable parallel safe as $$
	select who.is_admin and who.is_active and who.password_hash is not null and who.active_to is null
		and is_live(who.is_deleted, who.is_suspended, who.active_from, who.active_to)
$$;

-- One of them must remain. The lock is for two who lock each other out at once; the second sees what the first has
-- done.
create or replace function user_keep_an_admin() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if is_working_admin(old) and not is_working_admin(new) then
		perform pg_advisory_xact_lock(hashtext('users: the last admin'));
		if not exists (select 1 from users u where is_working_admin(u)) then
			perform deny('CS409', 'last_admin');
		end if;
	end if;
	return null;
end
$$;

-- A user as shown to itself.
create or replace function user_json(which uuid) returns json
language plpgsql stable parallel safe security definer set search_path = public, pg_temp as $$
begin
	return (select row_to_json(shown) from (
		select u.id, u.email, u.email_verified_at is not null as email_verified, u.mobile_number,
			u.mobile_verified_at is not null as mobile_verified, u.name, u.is_admin, u.is_staff, u.is_customer,
			u.is_active, rfc3339(u.created_at) as created_at, rfc3339(u.modified_at) as modified_at
		from users u where u.id = which) shown);
end
$$;

-- May this user sign in now?
create or replace function user_may_sign_in(who users) returns boolean
language sql stable parallel safe as $$
	select who.is_active and is_live(who.is_deleted, who.is_suspended, who.active_from, who.active_to)
$$;

-- The user of a token. Runs once for every request with a token. The rights of a session depend on how it was opened:
-- the holder of an administrator's telephone does not control the shop. No row: not, or no longer, valid.
create or replace function session_caller(hash bytea) returns table (session_id uuid, user_id uuid, role text)
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
	-- Once a minute is precise enough, and concurrent requests do not wait for each other.
	if idle_max is not null and last_used_at < now() - interval '1 minute' then
		update sessions s set last_used_at = now()
		where s.id = (select t.id from sessions t where t.id = session_id for update skip locked);
	end if;
	return next;
end
$$;

-- For the functions below; only this defines how long a session lasts.
create or replace function session_start(who uuid, how text, hash bytea, address text) returns timestamptz
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

create or replace function session_close(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	delete from sessions where id = which;
end
$$;

-- All sessions of the session's user; from a session by code, only those by code: the holder of an administrator's
-- telephone cannot lock them out of the shop.
create or replace function session_close_all(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	delete from sessions s using sessions o
	where o.id = which and s.user_id = o.user_id and (o.opened_by = 'password' or s.opened_by = 'otp');
end
$$;

-- Sessions end when their user may not sign in, even for a moment, and when their rights, number or address change: an
-- earlier session must not return with a release, a restore or a longer range, nor outlive a role. A member of staff
-- who signs in with a code becomes a customer, which ends no session; nor does what the owner proves, which
-- contact_prove() handles, or removes.
create or replace function user_end_sessions() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asking constant bytea := decode(coalesce(current_setting('cgishop.session', true), ''), 'hex');
begin
	if not user_may_sign_in(old) or not user_may_sign_in(new)
		or (old.is_admin, old.is_staff) is distinct from (new.is_admin, new.is_staff)
		or (old.is_customer and not new.is_customer)
		or (old.mobile_number is distinct from new.mobile_number and new.mobile_verified_at is null)
		or (lower(old.email) is distinct from lower(new.email) and new.email is not null
			and new.email_verified_at is null)
	then
		delete from sessions s where s.user_id = new.id and s.token_hash <> asking;
		-- The caller's own session stays valid for this transaction, and ends with it: now() is the start of
		-- the transaction.
		update sessions s set expires_at = clock_timestamp() where s.user_id = new.id and s.token_hash = asking;
	end if;
	return null;
end
$$;

-- The caller, by the hash of the token in cgishop.session (db_begin), which cannot be read from the database: so it
-- cannot be forged. cgishop.user_id is only what the programs set.
create or replace function session_proven(out who uuid, out role text)
language plpgsql as $$
begin
	select s.user_id, s.role into who, role
	from session_caller(decode(current_setting('cgishop.session', true), 'hex')) s;
end
$$;

-- The serving role writes users for administrators; for users themselves it changes the name and removes the address.
-- It cannot make an administrator.
create or replace function user_guard() returns trigger
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
	perform deny('CS403', 'admin_changes_users');
end
$$;

-- A password is stored as "$s2$<cost>$<salt>$<hash>": the hash is the SHA-256 of its scrypt hash, which is the proof of
-- the password. The proof is not stored, so stored data opens no session, and the hash never leaves the database: the
-- programs get only cost and salt.
create or replace function password_fits(stored text, proof bytea) returns boolean
language sql immutable parallel safe as $$
	select split_part(stored, '$', 5) = encode(sha256(proof), 'base64')
$$;

-- Everything before the hash.
create or replace function password_salt(stored text) returns text
language sql immutable strict parallel safe as $$
	select left(stored, -length(split_part(stored, '$', 5)))
$$;

-- No row: no user with that address may sign in with a password.
create or replace function password_salt_of_email(address text) returns table (user_id uuid, salt text)
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	return query select u.id, password_salt(u.password_hash) from users u
		where lower(u.email) = lower(address) and not u.is_deleted and u.password_hash is not null
			and (u.is_admin or u.is_staff) and user_may_sign_in(u);
end
$$;

create or replace function password_salt_of_user(who uuid) returns text
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	return (select password_salt(u.password_hash) from users u where u.id = who);
end
$$;

-- No row: the proof is wrong, or the user may not sign in. Without expires_at: the proof's salt is outdated, because
-- the password was hashed again meanwhile. `renewed`, unless null, is the same password at the current cost.
create or replace function password_login(who uuid, salt text, proof bytea, renewed text, token bytea, address text)
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

-- Change a password with proof of the current one. Ends every session except the current one. False: the proof is
-- wrong, or was made with an older salt.
create or replace function password_change(who uuid, kept_session uuid, proof bytea, renewed text) returns boolean
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

-- An admin sets a user's password: this ends the user's sessions.
create or replace function password_set(which uuid, renewed text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	asks record := session_proven();
begin
	if asks.role is distinct from 'admin' then
		perform deny('CS403', 'admin_sets_passwords');
	end if;
	update users u set password_hash = renewed where u.id = which and (u.is_admin or u.is_staff);
	if not found then
		perform refuse('/password', 'password_of_staff');
	end if;
	delete from sessions s where s.user_id = which;
end
$$;

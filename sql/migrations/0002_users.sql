-- People: customers, staff and admins are one table, told apart by flags.

create table users (
	like base_model including all,
	email text,
	mobile_number text,
	name text not null default '',
	is_admin boolean not null default false,
	is_staff boolean not null default false,
	is_customer boolean not null default false,
	is_active boolean not null default true,
	password_hash text,
	email_verified_at timestamptz,  -- when its owner last proved it by a code
	mobile_verified_at timestamptz,
	constraint users_reachable check (is_deleted or email is not null or mobile_number is not null),
	constraint users_staff_email check (is_deleted or email is not null or not (is_admin or is_staff))
);
select base_model_adopt('users', '{password_hash}');
-- An address identifies somebody once they have proven it, or when it is what they sign in with at work. Others may stand
-- in several rows: nobody keeps an address from its owner by writing it down.
create unique index users_email_key on users (lower(email), (is_admin or is_staff))
	where not is_deleted and (email_verified_at is not null or is_admin or is_staff);
create index users_email on users (lower(email)) where not is_deleted;
create unique index users_mobile_number_key on users (mobile_number) where not is_deleted;
create index users_name on users (name, id);

-- What the two constraints above say, told to the client field by field. What was proven is the old address or number,
-- not another one; and an address that somebody has is not given to a second one, unless they prove it.
create function user_check() returns trigger
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
		and exists (select 1 from users u where lower(u.email) = lower(new.email) and not u.is_deleted and u.id <> new.id)
	then
		raise unique_violation using table = 'users', constraint = 'users_email_key';
	end if;
	if not new.is_deleted and new.email is null then
		if new.is_admin or new.is_staff then
			perform refuse('/email', 'required', 'Staff and admins need an e-mail address.');
		elsif new.mobile_number is null then
			perform refuse('/email', 'required', 'An e-mail address or a mobile number is needed.');
		end if;
	end if;
	return new;
end
$$;
create trigger check_reachable before insert or update on users for each row execute function user_check();

-- Can this user manage the shop today, and on any later day?
create function is_working_admin(who users) returns boolean
language sql stable parallel safe as $$
	select who.is_admin and who.is_active and who.password_hash is not null and who.active_to is null
		and is_live(who.is_deleted, who.is_suspended, who.active_from, who.active_to)
$$;

-- One of them stays, whatever is done to the others. The lock is for two who
-- lock each other out at once; what the first has done is seen behind it.
create function user_keep_an_admin() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if is_working_admin(old) and not is_working_admin(new) then
		perform pg_advisory_xact_lock(hashtext('users: the last admin'));
		if not exists (select 1 from users u where is_working_admin(u)) then
			raise exception using errcode = 'CS409',
				message = 'This is the last administrator who can sign in.';
		end if;
	end if;
	return null;
end
$$;
create trigger keep_an_admin after update on users for each row when (old.is_admin)
	execute function user_keep_an_admin();

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
	constraint users_reachable check (is_deleted or email is not null or mobile_number is not null),
	constraint users_staff_email check (is_deleted or email is not null or not (is_admin or is_staff))
);
select base_model_adopt('users', '{password_hash}');
create unique index users_email_key on users (lower(email)) where not is_deleted;
create unique index users_mobile_number_key on users (mobile_number) where not is_deleted;
create index users_name on users (name, id);

-- What the two constraints above say, told to the client field by field.
create function user_check() returns trigger
language plpgsql as $$
begin
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

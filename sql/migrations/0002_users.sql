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

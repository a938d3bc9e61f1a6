-- Users and how they sign in. Customers, staff and admins are one table, distinguished by flags.

-- Customers, staff and admins are one table, distinguished by flags.
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
	email_verified_at timestamptz,  -- when its owner last proved it with a code
	mobile_verified_at timestamptz,
	constraint users_reachable check (is_deleted or email is not null or mobile_number is not null),
	constraint users_staff_email check (is_deleted or email is not null or not (is_admin or is_staff))
);
select base_model_adopt('users');
-- An address identifies a user who has proven it, or who signs in with it as staff. Unproven ones may be in several
-- rows: no one can block an address for its owner by entering it.
create unique index users_email_key on users (lower(email), (is_admin or is_staff))
	where not is_deleted and (email_verified_at is not null or is_admin or is_staff);
create index users_email on users (lower(email)) where not is_deleted;
create unique index users_mobile_number_key on users (mobile_number) where not is_deleted;
create index users_name on users (name, id);

-- Sessions, one-time codes and rate limits: only functions with the owner's rights use them, so that the serving role
-- needs no rights on the three tables and can never read a hash.
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

-- A code that was sent, and its purpose.
create unlogged table challenges (
	id bytea not null,             -- SHA-256 of what the client received
	purpose text not null,
	channel text not null,
	recipient text not null,       -- a number, or an e-mail address
	subject uuid,                  -- the subject, by purpose
	place bytea not null,          -- a MAC of the place of the request
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

-- The places from which a user has signed in: there other people's attempts do not lock the user out.
create table known_places (
	user_id uuid not null,
	mark bytea not null,        -- a MAC of an address, or the SHA-256 of a device's token
	is_device boolean not null,
	used_at timestamptz not null default now(),
	constraint known_places_pkey primary key (user_id, mark),
	constraint known_places_user_fkey foreign key (user_id) references users on delete cascade
);
create index known_places_used_at on known_places (used_at);

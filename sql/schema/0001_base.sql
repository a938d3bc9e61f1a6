-- The base model of every major table, the audit log, saved responses.

-- Checks of columns that an order writes belong to domains: a domain's check is parsed once per session, a table's at
-- each statement, and an order writes a dozen rows.
create domain nonnegative_amount as numeric constraint not_negative check (value >= 0);
create domain positive_amount as numeric constraint positive check (value > 0);
create domain piece_count as integer constraint not_negative check (value >= 0);
create domain piece_delta as integer constraint not_zero check (value <> 0);
create domain line_quantity as integer constraint quantity check (value between 1 and 10000);
create domain audit_action as text constraint audit_action check (value in ('insert', 'update', 'delete'));
create domain order_payment_status as text constraint order_payment_status check (
	value in ('unpaid', 'pending', 'paid', 'partially_refunded', 'refunded'));

-- A rule that a request breaks: where (RFC 6901), its name in core/base/error_codes.def, and what its sentence names.
create type refusal as (pointer text, code text, params jsonb);

-- The one definition of what every major object has. Never holds a row itself.
create table base_model (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default now(),
	modified_at timestamptz not null default now(),
	created_by uuid default acting_user(),
	modified_by uuid default acting_user(),
	is_deleted boolean not null default false,
	status text not null default '',
	comments text not null default '',
	active_from timestamptz,
	active_to timestamptz,
	is_suspended boolean not null default false,
	constraint base_model_pkey primary key (id),
	constraint active_range check (active_from < active_to)
);

-- A row is not compressed while it fits: compression took longer than all the indexes.
create table audit_logs (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default clock_timestamp(), -- in their order within a transaction too
	user_id uuid,
	request_id text not null default '',
	action audit_action not null,
	table_name text not null,
	record_id uuid not null,
	old_data jsonb,
	new_data jsonb,
	constraint audit_logs_pkey primary key (id)
) with (toast_tuple_target = 4080);
create index audit_logs_record on audit_logs (record_id, created_at);
create index audit_logs_user on audit_logs (user_id, created_at);
create index audit_logs_table on audit_logs (table_name, created_at);
create index audit_logs_action_at on audit_logs (action, created_at);
create index audit_logs_created_at on audit_logs (created_at);
-- For the owners of carts and addresses that only the log has. Few rows are ever deleted.
create index audit_logs_gone_of on audit_logs ((old_data ->> 'user_id')) where action = 'delete';
create index audit_logs_gone_email on audit_logs (lower(old_data ->> 'contact_email')) where action = 'delete';
create index audit_logs_gone_mobile on audit_logs ((old_data ->> 'contact_mobile')) where action = 'delete';

-- Responses saved for a day, committed with their effects. They contain no secret: an order token is derived again.
create table idempotency_keys (
	scope text not null, -- a user, or all anonymous callers
	key text not null,
	request_hash bytea not null,
	status integer not null,
	body text not null,
	created_at timestamptz not null default now(),
	constraint idempotency_keys_pkey primary key (scope, key)
);
create index idempotency_keys_created_at on idempotency_keys (created_at);

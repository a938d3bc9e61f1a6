-- Ids, who acts, the base model that every major table takes over, the audit log.

-- UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds in front of the random bits
-- of a version 4 one, so that ids grow with time and indexes stay dense.
create function uuid_v7() returns uuid
language sql volatile parallel safe as $$
	select encode(
		set_bit(set_bit(
			overlay(uuid_send(gen_random_uuid())
				placing substring(int8send((extract(epoch from clock_timestamp()) * 1000)::bigint) from 3)
				from 1 for 6),
			52, 1), 53, 1),
		'hex')::uuid
$$;

-- The user on whose behalf the transaction runs; null for nobody or a tool.
create function acting_user() returns uuid
language sql stable parallel safe as $$
	select nullif(current_setting('cgishop.user_id', true), '')::uuid
$$;

-- Times as the API shows them, whatever the session's TimeZone is.
create function rfc3339(at timestamptz) returns text
language sql stable strict parallel safe as $$
	select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

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
	constraint active_range check (active_from < active_to)
);

-- Shown to the public? The same words as in core/resource/compose.c.
create function is_live(row_deleted boolean, row_suspended boolean, row_from timestamptz, row_to timestamptz)
returns boolean
language sql stable parallel safe as $$
	select not row_deleted and not row_suspended
		and (row_from is null or row_from <= now()) and (row_to is null or row_to > now())
$$;

create table audit_logs (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default clock_timestamp(), -- in their order within a transaction too
	user_id uuid,
	request_id text not null default '',
	action text not null,
	table_name text not null,
	record_id uuid not null,
	old_data jsonb,
	new_data jsonb,
	constraint audit_logs_pkey primary key (id),
	constraint audit_logs_action check (action in ('insert', 'update', 'delete'))
);
create index audit_logs_record on audit_logs (record_id, created_at);
create index audit_logs_user on audit_logs (user_id, created_at);
create index audit_logs_table on audit_logs (table_name, created_at);
create index audit_logs_action_at on audit_logs (action, created_at);
create index audit_logs_created_at on audit_logs (created_at);

-- Runs with the owner's rights: the serving role cannot write the log itself.
-- The trigger's arguments are the columns that are left out: secrets, and what is derived.
create function audit_write() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	unaudited constant text[] := coalesce(tg_argv, '{}'); -- null when there are none
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		case when tg_op = 'DELETE' then old.id else new.id end,
		case when tg_op <> 'INSERT' then to_jsonb(old) - unaudited end,
		case when tg_op <> 'DELETE' then to_jsonb(new) - unaudited end);
	return null;
end
$$;

create function base_model_touch() returns trigger
language plpgsql as $$
begin
	new.id := old.id;
	new.created_at := old.created_at;
	new.created_by := old.created_by;
	new.modified_at := now();
	new.modified_by := acting_user();
	return new;
end
$$;

-- What an administrator, or a tool, has suspended is released by an administrator alone: the staff of a store must not
-- undo what was done about them. Who suspended a row last stands in the log; the one who acts is nobody in a tool.
create function suspension_keep() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	suspended_by uuid;
begin
	if acting_user() is null or exists (select 1 from users u where u.id = acting_user() and u.is_admin) then
		return new;
	end if;
	select l.user_id into suspended_by from audit_logs l
	where l.record_id = new.id and l.table_name = tg_table_name and (l.new_data ->> 'is_suspended')::boolean
		and not coalesce((l.old_data ->> 'is_suspended')::boolean, false)
	order by l.created_at desc limit 1;
	if found and (suspended_by is null or exists (select 1 from users u where u.id = suspended_by and u.is_admin)) then
		raise exception using errcode = 'CS403', message = 'An administrator suspended this record, and only an administrator can release it.';
	end if;
	return new;
end
$$;

-- What a table made `(like base_model including all, …)` still needs. `unaudited`
-- names the columns that the audit log must not hold.
create function base_model_adopt(target regclass, unaudited text[] default '{}') returns void
language plpgsql as $$
begin
	execute format('alter table %s add constraint %I primary key (id)', target, target || '_pkey');
	execute format('alter table %s rename constraint active_range to %I', target, target || '_active_to');
	execute format('create trigger touch before update on %s for each row execute function base_model_touch()', target);
	execute format('create trigger suspension before update of is_suspended on %s for each row
		when (old.is_suspended and not new.is_suspended) execute function suspension_keep()', target);
	execute format('create trigger audit after insert or update or delete on %s for each row
		execute function audit_write(%s)', target,
		coalesce((select string_agg(quote_literal(name), ', ') from unnest(unaudited) as name), ''));
	execute format('create index %I on %s (created_at, id)', target || '_created_at', target);
	execute format('create index %I on %s (modified_at, id)', target || '_modified_at', target);
end
$$;

-- JSON merge patch (RFC 7396): null removes a member, objects merge, all else replaces.
create function jsonb_merge_patch(target jsonb, patch jsonb) returns jsonb
language plpgsql immutable parallel safe as $$
declare
	name text;
	value jsonb;
begin
	if jsonb_typeof(patch) is distinct from 'object' then
		return patch;
	end if;
	if jsonb_typeof(target) is distinct from 'object' then
		target := '{}';
	end if;
	for name, value in select * from jsonb_each(patch) loop
		if value = 'null' then
			target := target - name;
		else
			target := jsonb_set(target, array[name], jsonb_merge_patch(target -> name, value));
		end if;
	end loop;
	return target;
end
$$;

-- Refuse a value: what the API answers with 422. `rule` is the error's code.
create function refuse(pointer text, rule text, detail text) returns void
language plpgsql as $$
begin
	raise exception using errcode = 'CS422', message = detail,
		detail = json_build_object('errors', json_build_array(
			json_build_object('pointer', pointer, 'code', rule, 'detail', detail)))::text;
end
$$;

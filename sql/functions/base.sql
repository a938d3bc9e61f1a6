-- Functions for tables, views and every area: ids, times, the acting user, the base model, the audit log, errors,
-- repeated requests. This file runs before the migrations of sql/schema, which use it, so no function here may have a
-- table's row among its parameters.

-- UUIDv7 (RFC 9562, 5.7): 48 bits of milliseconds in front of the random bits of a version 4 one, so that ids grow with
-- time and indexes stay dense. In plpgsql, which is initialized once in a transaction that makes a dozen ids.
create or replace function uuid_v7() returns uuid
language plpgsql volatile parallel safe as $$
begin
	return encode(
		set_bit(set_bit(
			overlay(uuid_send(gen_random_uuid())
				placing substring(int8send((date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3)
				from 1 for 6),
			52, 1), 53, 1),
		'hex')::uuid;
end
$$;

-- The current functions, views and triggers made by migrate, as one hash, which changes if they are edited.
create or replace function code_fingerprint() returns text
language sql stable set search_path = public, pg_temp as $$
	select md5(string_agg(l.line, E'\n' order by l.line))
	from schema_code c, lateral (
		select concat_ws(' ', p.oid::regprocedure, p.prorettype::regtype, p.prosecdef, p.proisstrict, p.provolatile,
			p.proparallel, p.proconfig, p.prosrc) as line
		from pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.oid::regprocedure::text = any (c.functions)
		union all
		select concat_ws(' ', v.name, pg_get_viewdef(to_regclass(v.name)),
			(select r.reloptions from pg_class r where r.oid = to_regclass(v.name))) from unnest(c.views) v (name)
		union all
		select concat_ws(' ', pg_get_triggerdef(t.oid), t.tgenabled)
		from pg_trigger t
		where not t.tgisinternal and format('%s on %s', t.tgname, t.tgrelid::regclass) = any (c.triggers)) l
$$;

-- The user on whose behalf the transaction runs; null for anonymous callers and tools.
create or replace function acting_user() returns uuid
language sql stable parallel safe as $$
	select nullif(current_setting('cgishop.user_id', true), '')::uuid
$$;

-- Set the acting user, for the audit log. In plpgsql, which keeps its plan, while a function in SQL is planned at each
-- call.
create or replace function act_as(who uuid, request_id text) returns void
language plpgsql as $$
begin
	perform set_config('cgishop.user_id', coalesce(who::text, ''), true),
		set_config('cgishop.request_id', coalesce(request_id, ''), true);
end
$$;

-- Times in the API's format, whatever the session's TimeZone.
create or replace function rfc3339(at timestamptz) returns text
language sql stable strict parallel safe as $$
	select to_char(at at time zone 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US"Z"')
$$;

-- May the public see the row? Statements of core/resource/compose.c call it.
create or replace function is_live(row_deleted boolean, row_suspended boolean, row_from timestamptz, row_to timestamptz)
returns boolean
language sql stable parallel safe as $$
	select not row_deleted and not row_suspended
		and (row_from is null or row_from <= now()) and (row_to is null or row_to > now())
$$;

-- Is a text empty or invisible: only white space of any script, joiners and fillers? As text_is_blank() in C.
create or replace function is_blank(value text) returns boolean
language sql immutable parallel safe as $$
	select value !~ ('[^\s\u00a0\u00ad\u034f\u061c\u115f\u1160\u1680\u17b4\u17b5\u180b-\u180f\u2000-\u200f'
		|| '\u2028-\u202f\u205f-\u206f\u2800\u3000\u3164\ufe00-\ufe0f\ufeff\uffa0]')
$$;

-- What a table created `(like base_model including all, …)` still needs: for its migration.
create or replace function base_model_adopt(target regclass) returns void
language plpgsql as $$
begin
	execute format('alter table %s rename constraint active_range to %I', target, target || '_active_to');
	execute format('create index %I on %s (created_at, id)', target || '_created_at', target);
	execute format('create index %I on %s (modified_at, id)', target || '_modified_at', target);
end
$$;

-- Its triggers: for sql/triggers.sql. `unaudited` names the columns that the audit log must not hold.
create or replace function base_model_triggers(target regclass, unaudited text[] default '{}') returns void
language plpgsql as $$
declare
	arguments constant text :=
		coalesce((select string_agg(quote_literal(name), ', ') from unnest(unaudited) as name), '');
begin
	execute format('create trigger touch before update on %s for each row execute function base_model_touch()', target);
	execute format('create trigger suspension before update of is_suspended on %s for each row
		when (old.is_suspended and not new.is_suspended) execute function suspension_keep()', target);
	execute format('create trigger audit after update or delete on %s for each row execute function audit_write(%s)',
		target, arguments);
	execute format('create trigger audit_insert after insert on %s referencing new table as new_rows
		for each statement execute function audit_write_inserted(%s)', target, arguments);
end
$$;

create or replace function base_model_touch() returns trigger
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

-- Runs with the owner's rights: the serving role cannot write the log itself. The trigger's arguments are the columns
-- left out: secrets and derived ones.
create or replace function audit_write() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	unaudited constant text[] := coalesce(tg_argv, '{}'); -- null when there are none
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		old.id, to_jsonb(old) - unaudited, case when tg_op = 'UPDATE' then to_jsonb(new) - unaudited end);
	return null;
end
$$;

-- The same of the rows that a statement has inserted: an import inserts them by the hundred.
create or replace function audit_write_inserted() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	unaudited constant text[] := coalesce(tg_argv, '{}');
	who constant uuid := acting_user();
	request constant text := coalesce(current_setting('cgishop.request_id', true), '');
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, new_data)
	select who, request, 'insert', tg_table_name, n.id, to_jsonb(n) - unaudited from new_rows n;
	return null;
end
$$;

-- Was a row that is suspended suspended by an administrator, or by a tool, which has no acting user? The log has who
-- did it last.
create or replace function is_suspended_by_admin(of_table text, which uuid) returns boolean
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	suspended_by uuid;
begin
	select l.user_id into suspended_by from audit_logs l
	where l.record_id = which and (l.table_name = of_table
			or (of_table = 'categories' and l.table_name = 'subcategories')) -- of a version that had them
		and (l.new_data ->> 'is_suspended')::boolean
		and not coalesce((l.old_data ->> 'is_suspended')::boolean, false)
	order by l.created_at desc limit 1;
	return found
		and (suspended_by is null or exists (select 1 from users u where u.id = suspended_by and u.is_admin));
end
$$;

-- May the acting user, an administrator or a tool, undo what an administrator did?
create or replace function acts_as_admin() returns boolean
language sql stable as $$
	select acting_user() is null or exists (select 1 from users u where u.id = acting_user() and u.is_admin)
$$;

-- Only an administrator releases what an administrator has suspended: the staff of a store must not undo measures
-- against them.
create or replace function suspension_keep() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if not acts_as_admin() and is_suspended_by_admin(tg_table_name, new.id) then
		perform deny('CS403', 'admin_suspended');
	end if;
	return new;
end
$$;

-- The members of two non-empty objects as one object.
create or replace function json_join(one text, more text) returns text
language sql immutable parallel safe as $$
	select left(one, -1) || ',' || substr(more, 2)
$$;

-- JSON merge patch (RFC 7396): null removes a member, objects are merged, anything else replaces.
create or replace function jsonb_merge_patch(target jsonb, patch jsonb) returns jsonb
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

-- The same of an object whose members keep their order; new ones follow.
create or replace function json_merge_patch(target json, patch json) returns json
language plpgsql immutable parallel safe as $$
begin
	if json_typeof(patch) is distinct from 'object' then
		return patch;
	elsif json_typeof(target) is distinct from 'object' then
		target := '{}';
	end if;
	return (
		select ('{' || coalesce(string_agg(to_json(m.key)::text || ': ' || m.value::text, ', ' order by m.n), '')
			|| '}')::json
		from (
			select t.key, t.n,
				case when p.key is null then t.value else json_merge_patch(t.value, p.value) end as value
			from json_each(target) with ordinality t (key, value, n) left join json_each(patch) p on p.key = t.key
			where p.key is null or json_typeof(p.value) <> 'null'
			union all
			select p.key, 1000000 + p.n, json_merge_patch(null, p.value)
			from json_each(patch) with ordinality p (key, value, n)
			where json_typeof(p.value) <> 'null'
				and not exists (select 1 from json_object_keys(target) k where k = p.key)) m);
end
$$;

-- The same where the case of names does not matter: they stay as the target has them. One that is patched twice is
-- there twice.
create or replace function json_merge_patch_any_case(target json, patch json) returns json
language plpgsql immutable parallel safe as $$
begin
	if json_typeof(patch) is distinct from 'object' or json_typeof(target) is distinct from 'object' then
		return patch;
	end if;
	return json_merge_patch(target, (
		select ('{' || coalesce(string_agg(to_json(coalesce(t.key, p.key))::text || ': ' || p.value::text, ', '
			order by p.n), '') || '}')::json
		from json_each(patch) with ordinality p (key, value, n)
		left join json_object_keys(target) t (key) on lower(t.key) = lower(p.key)));
end
$$;

-- A request as the composite type of `shape`. A member that the type does not have: the program is of another version.
create or replace function request_read(shape anyelement, request jsonb) returns anyelement
language plpgsql stable as $$
declare
	known constant jsonb := to_jsonb(jsonb_populate_record(shape, '{}'));
begin
	if not known ?& array(select jsonb_object_keys(request)) then
		raise exception using errcode = 'CSVER', message = format('%s has no member "%s"', pg_typeof(shape),
			(select k from jsonb_object_keys(request) k where not known ? k limit 1));
	end if;
	return jsonb_populate_record(shape, request);
end
$$;

-- Digits behind the decimal point of a currency (ISO 4217, "minor unit").
create or replace function currency_decimals(currency text) returns integer
language sql immutable parallel safe as $$
	select case
		when currency in ('BIF', 'CLP', 'DJF', 'GNF', 'ISK', 'JPY', 'KMF', 'KRW', 'PYG', 'RWF', 'UGX', 'UYI',
			'VND', 'VUV', 'XAF', 'XOF', 'XPF') then 0
		when currency in ('BHD', 'IQD', 'JOD', 'KWD', 'LYD', 'OMR', 'TND') then 3
		else 2 end
$$;

-- The smallest amount of a currency that can be charged: card networks want the third decimal to be 0, and Stripe
-- counts ariary in whole ones (core/gateway/money.c).
create or replace function currency_step(currency text) returns numeric
language sql immutable parallel safe as $$
	select case
		when currency = 'MGA' then 1.00
		when currency_decimals(currency) = 0 then 1
		when currency_decimals(currency) = 3 then 0.010
		else 0.01 end
$$;

-- Lower case in any script, also in a database whose own rules know ASCII only.
create or replace function lower_case(x text) returns text
language plpgsql immutable parallel safe as $$
begin
	if lower('Σ') = 'σ' then
		return lower(x);
	end if;
	return lower(x collate "und-x-icu");
end
$$;

-- What shoppers choose products by, for comparisons: in lower case, without the characters that separate. What is
-- longer than people choose by is its hash behind \1. An index of brands is of it.
create or replace function facet_fold(x text) returns text
language plpgsql immutable parallel safe as $$
begin
	if octet_length(x) > length(x) then
		x := public.lower_case(normalize(x, NFC));
		x := replace(replace(replace(x, 'ß', 'ss'), 'ς', 'σ'), U&'i\0307', 'i');
	else
		x := lower(x);
	end if;
	if x ~ '[[:cntrl:]]|  |^ | $' then
		x := btrim(regexp_replace(x, '[[:cntrl:] ]+', ' ', 'g'));
	end if;
	return case when length(x) > 100 then U&'\0001' || md5(x) else x end;
end
$$;

-- An amount in its currency's decimal places, whatever the provider's; more of them if they are not 0.
create or replace function money_of(amount numeric, currency text) returns numeric
language sql immutable parallel safe as $$
	select round(amount, greatest(currency_decimals(currency), min_scale(amount)))
$$;

-- The price that is charged now: that of the sale while it lasts. Null: the product is not for sale.
create or replace function price_charged(price numeric, sale_price numeric, sale_from timestamptz, sale_to timestamptz)
returns numeric
language sql stable parallel safe as $$
	select case when sale_price is not null and (sale_from is null or sale_from <= now())
		and (sale_to is null or sale_to > now()) then sale_price else price end
$$;

-- The smallest quantity that can be ordered of a product that is sold in steps.
create or replace function quantity_least(min_quantity integer, quantity_step integer) returns integer
language sql immutable parallel safe as $$
	select (min_quantity + quantity_step - 1) / quantity_step * quantity_step
$$;

-- How available a product is, from 0, the best: in stock, low, on backorder, out of stock. low_at: the
-- count at which it begins to be low; pieces_min: what an order takes at least.
create or replace function availability_rank(count integer, is_tracked boolean, allows_backorder boolean,
	low_at integer, pieces_min integer) returns integer
language sql immutable parallel safe as $$
	select case when not is_tracked or count > greatest(low_at, pieces_min - 1) then 0 when count >= pieces_min then 1
		when allows_backorder then 2 else 3 end
$$;

create or replace function availability(rank integer) returns text
language sql immutable parallel safe as $$
	select (array['in_stock', 'low', 'backorder', 'out'])[rank + 1]
$$;

-- The smaller files of an image at the address of MEDIA_DIR.
create or replace function image_sizes(sizes text, media text) returns json
language sql immutable parallel safe as $$
	select case when sizes = '[]' then json '[]' else replace(sizes, '@', media)::json end
$$;

-- The saved response for a key {scope, key, hash}, nothing if it is new. Locks the key until the transaction ends;
-- refuses it if another transaction holds it, or if it was used for another request.
create or replace function idempotency_begin(key jsonb, out saved_status integer, out saved_body text)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	request constant text := key ->> 'key';
	saved idempotency_keys;
begin
	if not pg_try_advisory_xact_lock(hashtextextended((key ->> 'scope') || ' ' || request, 0)) then
		perform deny('CSRUN', 'key_running');
	end if;
	select * into saved from idempotency_keys k
	where k.scope = idempotency_begin.key ->> 'scope' and k.key = request;
	if saved.created_at < now() - interval '24 hours' then
		delete from idempotency_keys k where k.scope = saved.scope and k.key = request;
		return;
	end if;
	if saved.request_hash <> decode(idempotency_begin.key ->> 'hash', 'hex') then
		perform deny('CSKEY', 'key_reused');
	end if;
	saved_status := saved.status;
	saved_body := saved.body;
end
$$;

-- Save a response under its key. cron_sweep() deletes expired ones.
create or replace function idempotency_save(key jsonb, answer_status integer, answer text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into idempotency_keys (scope, key, request_hash, status, body)
	values (idempotency_save.key ->> 'scope', idempotency_save.key ->> 'key',
		decode(idempotency_save.key ->> 'hash', 'hex'), answer_status, answer)
	on conflict on constraint idempotency_keys_pkey do nothing;
end
$$;

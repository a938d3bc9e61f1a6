-- Before the tables of a backup are loaded, at its migration: no rows, and no foreign keys, as they are checked once at
-- the end. There are no triggers yet: they are part of the code, which follows.

set local datestyle = 'ISO, DMY';
set local intervalstyle = 'postgres';
set local timezone = 'UTC';
set local bytea_output = 'hex';
set local client_encoding = 'UTF8';

do $restore_begin$
declare
	item record;
begin
	perform set_config('cgishop.restore_keys', coalesce(json_agg(json_build_object(
		'target', c.conrelid::regclass::text, 'name', c.conname, 'definition', pg_get_constraintdef(c.oid)
		) order by c.conrelid, c.conname), '[]')::text, true)
	from pg_constraint c
	where c.contype = 'f' and c.connamespace = 'public'::regnamespace;
	for item in
		select k.target, k.name
		from json_to_recordset(current_setting('cgishop.restore_keys')::json) k (target text, name text)
	loop
		execute format('alter table %s drop constraint %I', item.target, item.name);
	end loop;
	for item in
		select c.oid::regclass as name from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_has_role(c.relowner, 'usage')
			and c.relname not in ('schema_migrations', 'schema_code')
	loop
		execute format('truncate %s', item.name);
	end loop;
end
$restore_begin$;

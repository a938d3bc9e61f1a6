-- After the tables of a backup were loaded: the foreign keys again, which checks all rows, and statistics.

do $restore_end$
declare
	item record;
begin
	for item in
		select k.target, k.name, k.definition
		from json_to_recordset(current_setting('cgishop.restore_keys')::json)
			k (target text, name text, definition text)
	loop
		execute format('alter table %s add constraint %I %s', item.target, item.name, item.definition);
	end loop;
	for item in
		select c.oid::regclass as target from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_has_role(c.relowner, 'usage')
	loop
		execute format('analyze %s', item.target);
	end loop;
end
$restore_end$;

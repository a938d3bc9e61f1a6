-- Before the functions, views and triggers are recreated: drop those of the last migrate. What a default, check or
-- index of a table calls cannot be dropped: sql/functions/base.sql replaces it.

do $code_drop$
declare
	item record;
begin
	for item in
		select t.tgname as name, t.tgrelid::regclass as target
		from schema_code c, pg_trigger t join pg_proc p on p.oid = t.tgfoid
		where not t.tgisinternal and p.oid::regprocedure::text = any (c.functions)
	loop
		execute format('drop trigger %I on %s', item.name, item.target);
	end loop;

	-- All in one statement: they may depend on one another.
	for item in
		select string_agg(v.name, ', ') as names from schema_code c, unnest(c.views) v (name)
		where to_regclass(v.name) is not null
		having count(*) > 0
	loop
		execute format('drop view %s', item.names);
	end loop;

	for item in
		select f.signature from schema_code c, unnest(c.functions) f (signature)
		where to_regprocedure(f.signature) is not null and not exists (
			select 1 from pg_depend d
			where d.refclassid = 'pg_proc'::regclass and d.refobjid = to_regprocedure(f.signature))
	loop
		execute format('drop function %s', item.signature);
	end loop;
end
$code_drop$;

-- Before the functions, views and triggers are created again: drop the triggers and views of the last migrate.
-- Functions keep their identity where they can, because requests in progress call them: they are replaced. Only when
-- PostgreSQL refuses that, since a result or the name of a parameter has changed, migrate tries again with
-- cgishop.drop_functions. What a default, check or index of a table calls is always replaced.

do $code_drop$
declare
	ours constant schema_code := (select c from schema_code c);
	item record;
begin
	-- All tables at once, in the order of their creation, so that nothing waits for part of this. The lock timeout is
	-- shorter than the deadlock timeout, so migrate gives way before a request does, and tries again.
	for item in
		select string_agg(t.target::text, ', ' order by t.target) as names
		from (select distinct g.tgrelid::regclass as target from pg_trigger g join pg_proc p on p.oid = g.tgfoid
			where not g.tgisinternal and p.pronamespace = 'public'::regnamespace) t
		having count(*) > 0
	loop
		execute format('lock table %s in access exclusive mode', item.names);
	end loop;

	for item in
		select g.tgname as name, g.tgrelid::regclass as target
		from pg_trigger g join pg_proc p on p.oid = g.tgfoid
		where not g.tgisinternal and p.pronamespace = 'public'::regnamespace
			-- Without the record, all that call a function of this schema.
			and (ours.triggers is null or format('%s on %s', g.tgname, g.tgrelid::regclass) = any (ours.triggers))
	loop
		execute format('drop trigger %I on %s', item.name, item.target);
	end loop;

	-- All in one statement: they may depend on one another.
	for item in
		select string_agg(v.name, ', ') as names from unnest(ours.views) v (name)
		where to_regclass(v.name) is not null
		having count(*) > 0
	loop
		execute format('drop view %s', item.names);
	end loop;

	for item in
		select f.signature from unnest(ours.functions) f (signature)
		where current_setting('cgishop.drop_functions') = 'on' and to_regprocedure(f.signature) is not null
			and not exists (select 1 from pg_depend d
				where d.refclassid = 'pg_proc'::regclass and d.refobjid = to_regprocedure(f.signature))
	loop
		execute format('drop function %s', item.signature);
	end loop;
end
$code_drop$;

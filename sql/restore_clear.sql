-- Before a backup is restored into a database that was migrated: drop all that migrating made. Refused when a table has
-- rows that migrating did not put there, or when the owner has added objects, which would go too.

do $restore_clear$
declare
	-- Rows of these come from migrating, or from programs without anyone's doing.
	filled constant text[] := array['cron_history', 'cron_runs', 'order_statuses', 'order_transitions',
		'schema_code', 'schema_migrations'];
	ours constant schema_code := (select c from schema_code c);
	made constant oid[] := array(select to_regprocedure(f.signature)::oid from unnest(ours.functions) f (signature));
	item record;
	has_rows boolean;
begin
	for item in
		select c.oid::regclass as name from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
			and pg_has_role(c.relowner, 'usage') and c.relname <> all (filled)
		order by c.relname
	loop
		execute format('lock table %s in access exclusive mode', item.name);
		execute format('select exists (select 1 from %s)', item.name) into has_rows;
		if has_rows then
			raise exception 'the shop is not empty: the table % has rows', item.name using errcode = '55000';
		end if;
	end loop;

	for item in
		select c.oid::regclass::text as name from pg_class c
		where c.relkind in ('v', 'm') and c.oid::regclass::text <> all (ours.views)
			and exists (select 1 from pg_rewrite r join pg_depend d on d.classid = 'pg_rewrite'::regclass
					and d.objid = r.oid and d.refclassid = 'pg_class'::regclass
				join pg_class t on t.oid = d.refobjid and t.relnamespace = 'public'::regnamespace
					and t.relkind in ('r', 'v') and t.oid <> c.oid
				where r.ev_class = c.oid)
			and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
		union all
		select p.oid::regprocedure::text from pg_proc p
		where p.pronamespace = 'public'::regnamespace and pg_has_role(p.proowner, 'usage')
			and p.oid::regprocedure::text <> all (ours.functions)
			and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
	loop
		raise exception 'the database has an object that is not the shop''s: %', item.name using errcode = '55000';
	end loop;

	for item in
		select format('drop table %s cascade', string_agg(c.oid::regclass::text, ', ')) as statement
		from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and pg_has_role(c.relowner, 'usage')
			and not exists (select 1 from pg_depend d where d.objid = c.oid and d.deptype = 'e')
	loop
		execute item.statement;
	end loop;
	-- Those that took a row of a table went with it.
	for item in
		select format('drop function %s cascade', string_agg(p.oid::regprocedure::text, ', ')) as statement
		from pg_proc p
		where p.oid = any (made)
		having count(*) > 0
	loop
		execute item.statement;
	end loop;
	for item in
		select format('drop type %s cascade', string_agg(t.oid::regtype::text, ', ')) as statement
		from pg_type t
		where t.typnamespace = 'public'::regnamespace and pg_has_role(t.typowner, 'usage')
			and (t.typtype = 'd' or exists (select 1 from pg_class c where c.oid = t.typrelid and c.relkind = 'c'))
			and not exists (select 1 from pg_depend d where d.objid = t.oid and d.deptype = 'e')
		having count(*) > 0
	loop
		execute item.statement;
	end loop;
end
$restore_clear$;

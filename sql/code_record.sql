-- After the functions, views and triggers were created: record which are ours (created by this transaction), drop those
-- no longer defined, and store a fingerprint for shopctl doctor. cgishop.code_checksum is that of the program's texts.

do $code_record$
declare
	signature text;
	kept constant text[] := array(
		select p.oid::regprocedure::text from pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.xmin = pg_current_xact_id()::xid
			and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e') -- an extension's
		order by 1);
begin
	for signature in
		select f.signature from schema_code c, unnest(c.functions) f (signature)
		where f.signature <> all (kept) and to_regprocedure(f.signature) is not null
	loop
		execute format('drop function %s', signature);
	end loop;

	delete from schema_code;
	insert into schema_code (checksum, functions, views, triggers, fingerprint)
	select current_setting('cgishop.code_checksum'), kept, array(
		select c.oid::regclass::text from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'v' and c.xmin = pg_current_xact_id()::xid
		order by 1), array(
		select format('%s on %s', g.tgname, g.tgrelid::regclass) from pg_trigger g
		where not g.tgisinternal and g.xmin = pg_current_xact_id()::xid
		order by 1), '';
	update schema_code set fingerprint = code_fingerprint();
end
$code_record$;

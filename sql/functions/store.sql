-- Stores: their people, series and rounding.

-- A membership has no id of its own: its changes are logged as changes of the store.
create or replace function store_members_audit() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into audit_logs (user_id, request_id, action, table_name, record_id, old_data, new_data)
	values (acting_user(), coalesce(current_setting('cgishop.request_id', true), ''), lower(tg_op), tg_table_name,
		coalesce(new.store, old.store), to_jsonb(old), to_jsonb(new));
	return null;
end
$$;

-- May this user act within the store? Its owner is a member. Null (a global object): no.
create or replace function works_in_store(who uuid, which uuid) returns boolean
language plpgsql stable parallel safe cost 10 as $$
begin
	return exists (select 1 from store_members m where m.store = which and m.user_id = who)
		or exists (select 1 from stores s where s.id = which and s.owner = who);
end
$$;

-- Two series never share a number: the prefixes differ, and neither may become a former prefix of the other.
create or replace function store_check_prefixes() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if new.invoice_prefix = new.credit_note_prefix then
		perform refuse(case when tg_op = 'UPDATE' and new.credit_note_prefix = old.credit_note_prefix
				then '/invoice_prefix' else '/credit_note_prefix' end,
			'equal_prefixes');
	elsif tg_op = 'UPDATE' and new.invoice_prefix <> old.invoice_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'credit_note'
			and i.number ~ ('^' || new.invoice_prefix || '[0-9]+-')) then
		perform refuse('/invoice_prefix', 'prefix_of_credit_notes');
	elsif tg_op = 'UPDATE' and new.credit_note_prefix <> old.credit_note_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'invoice'
			and i.number ~ ('^' || new.credit_note_prefix || '[0-9]+-')) then
		perform refuse('/credit_note_prefix', 'prefix_of_invoices');
	end if;
	return new;
end
$$;

-- A store's step is a multiple of the currency's, so that rounded amounts can be charged.
create or replace function store_check_rounding() returns trigger
language plpgsql as $$
declare
	step constant numeric := currency_step(new.currency);
begin
	if new.rounding_step <= 0 or new.rounding_step % step <> 0 then
		perform refuse('/rounding_step', 'rounding_step', jsonb_build_object('step', step, 'currency', new.currency));
	end if;
	new.rounding_step := round(new.rounding_step, scale(step));
	return new;
end
$$;

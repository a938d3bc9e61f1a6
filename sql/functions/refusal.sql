-- Errors for clients: refusing a value of the request, or denying the request. C makes the sentences from names and
-- parameters (core/json/refusal.h).

-- Deny the request where no value is at fault. `code` is an SQLSTATE of core/db/db_error.c, `reason` a name of
-- core/base/reasons.def in lower case, `params` the values of its sentence; `members` are added to the problem.
create or replace function deny(code text, reason text, params jsonb default null, members jsonb default '{}')
returns void
language plpgsql as $$
begin
	raise exception using errcode = code, message = reason,
		detail = (members || jsonb_build_object('params', params))::text;
end
$$;

-- One broken rule: `rule` is a name of core/base/error_codes.def in lower case. A step returns its refusals as
-- refusal[], or null, so that they can be joined with ||; refuse_all() raises them.
create or replace function refused(pointer text, rule text, params jsonb default null) returns refusal[]
language sql immutable parallel safe as $$
	select array[row(pointer, rule, params)::refusal]
$$;

-- Refuse the request if there are errors: a 422 of the API with all of them, and the first one's sentence.
create or replace function refuse_all(errors refusal[]) returns void
language plpgsql as $$
begin
	if errors is not null then
		raise exception using errcode = 'CS422', message = errors[1].code,
			detail = json_build_object('params', errors[1].params, 'errors', to_json(errors))::text;
	end if;
end
$$;

-- Refuse one value.
create or replace function refuse(pointer text, rule text, params jsonb default null) returns void
language plpgsql as $$
begin
	perform refuse_all(refused(pointer, rule, params));
end
$$;

-- An amount with more decimal places than its currency has.
create or replace function money_refused(pointer text, amount numeric, currency text) returns refusal[]
language plpgsql immutable parallel safe as $$
declare
	decimals constant integer := currency_decimals(currency);
begin
	return case when amount <> round(amount, decimals) then
		refused(pointer, 'currency_decimals', jsonb_build_object('currency', currency, 'decimals', decimals)) end;
end
$$;

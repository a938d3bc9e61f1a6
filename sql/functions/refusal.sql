-- Refusing several values at once, while refuse() refuses one: a step returns its refusals as refusal[], or null, so
-- that they can be joined with ||; refuse_all() raises them.

-- One broken rule of core/base/error_codes.def.
create function refused(pointer text, rule text, params jsonb default null) returns refusal[]
language sql immutable parallel safe as $$
	select array[row(pointer, rule, params)::refusal]
$$;

-- Refuse the request if there are errors: a 422 of the API with all of them, and the first one's sentence.
create function refuse_all(errors refusal[]) returns void
language plpgsql as $$
begin
	if errors is not null then
		raise exception using errcode = 'CS422', message = errors[1].code,
			detail = json_build_object('params', errors[1].params, 'errors', to_json(errors))::text;
	end if;
end
$$;

-- An amount with more decimal places than its currency has.
create function money_refused(pointer text, amount numeric, currency text) returns refusal[]
language plpgsql immutable parallel safe as $$
declare
	decimals constant integer := currency_decimals(currency);
begin
	return case when amount <> round(amount, decimals) then
		refused(pointer, 'currency_decimals', jsonb_build_object('currency', currency, 'decimals', decimals)) end;
end
$$;

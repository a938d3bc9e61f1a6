-- Ids, times, liveness, JSON, currencies, repeated requests, the base model's triggers.

select matches(uuid_v7()::text, '^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$', 'an id is a UUID of version 7');
select ok(abs(('x' || left(replace(uuid_v7()::text, '-', ''), 12))::bit(48)::bigint - extract(epoch from clock_timestamp()) * 1000) < 1000,
	'it begins with the milliseconds of now');
select is((select count(distinct uuid_v7()) from generate_series(1, 1000)), 1000::bigint, 'a thousand are all different');

select is(rfc3339('2026-03-01 00:30:00.000001+01'), '2026-02-28T23:30:00.000001Z', 'times are in UTC, to the microsecond');
select is(rfc3339(null), null, 'no time, no text');

select is(is_live(deleted, suspended, begins, ends), live, name)
from (values
	(false, false, null, null, true, 'live without a range'),
	(true, false, null, null, false, 'deleted'),
	(false, true, null, null, false, 'suspended'),
	(false, false, now(), null, true, 'from this moment'),
	(false, false, now() + interval '1 s', null, false, 'not yet'),
	(false, false, null, now(), false, 'until this moment'),
	(false, false, null, now() + interval '1 s', true, 'still')
) c (deleted, suspended, begins, ends, live, name);

-- RFC 7396, appendix A.
select is(jsonb_merge_patch(target::jsonb, patch::jsonb), result::jsonb, target || ' patched with ' || patch)
from (values
	('{"a":"b"}', '{"a":"c"}', '{"a":"c"}'),
	('{"a":"b"}', '{"b":"c"}', '{"a":"b","b":"c"}'),
	('{"a":"b"}', '{"a":null}', '{}'),
	('{"a":"b","b":"c"}', '{"a":null}', '{"b":"c"}'),
	('{"a":["b"]}', '{"a":"c"}', '{"a":"c"}'),
	('{"a":"c"}', '{"a":["b"]}', '{"a":["b"]}'),
	('{"a":{"b":"c"}}', '{"a":{"b":"d","c":null}}', '{"a":{"b":"d"}}'),
	('{"a":[{"b":"c"}]}', '{"a":[1]}', '{"a":[1]}'),
	('["a","b"]', '["c","d"]', '["c","d"]'),
	('{"a":"b"}', '["c"]', '["c"]'),
	('{"e":null}', '{"a":1}', '{"e":null,"a":1}'),
	('[1,2]', '{"a":"b","c":null}', '{"a":"b"}'),
	('{}', '{"a":{"bb":{"ccc":null}}}', '{"a":{"bb":{}}}')
) c (target, patch, result);

select is(json_join('{"a":1}', '{"b":2}'), '{"a":1,"b":2}', 'two objects as one');

select is(array[currency_decimals(currency)::numeric, currency_step(currency)], array[decimals, step], currency)
from (values ('EUR', 2, 0.01), ('JPY', 0, 1), ('KWD', 3, 0.010), ('MGA', 2, 1.00), ('XXX', 2, 0.01)) c (currency, decimals, step);
select is(money_of(amount, 'EUR'), shown, amount || ' EUR is shown as ' || shown)
from (values (1, 1.00), (1.5, 1.50), (1.2300, 1.23), (1.234, 1.234)) c (amount, shown);

-- What is refused: the message and the detail that core/json/refusal.c reads.
create function pg_temp.refusal(pointer text, rule text, params jsonb) returns text language plpgsql as $$
declare
	message text;
	described text;
begin
	perform refuse(pointer, rule, params);
	return 'accepted';
exception when sqlstate 'CS422' then
	get stacked diagnostics message = message_text, described = pg_exception_detail;
	return message || ' ' || (described::jsonb ->> 'params' is not null) || ' ' || jsonb_strip_nulls(described::jsonb -> 'errors');
end
$$;
select is(pg_temp.refusal('/a', rule, params::jsonb), refused, rule)
from (values
	('not_found', null, 'not_found false [{"code": "not_found", "pointer": "/a"}]'),
	('max_value', '{"max":1}', 'max_value true [{"code": "max_value", "params": {"max": 1}, "pointer": "/a"}]')
) c (rule, params, refused);
select lives_ok('select refuse_all(null)', 'steps that refuse nothing add up to nothing');
select throws_ok($$ select refuse_all(refused('/a', 'not_found') || null || refused('/b', 'max_value', '{"max": 1}')) $$, 'CS422', 'not_found',
	'of several the first speaks');

-- What is denied.
create function pg_temp.denial(code text, reason text, params jsonb, members jsonb) returns text language plpgsql as $$
declare
	described text;
begin
	perform deny(code, reason, params, members);
	return 'accepted';
exception when sqlstate 'CS409' or sqlstate 'CSTRN' then
	get stacked diagnostics described = pg_exception_detail;
	return sqlstate || ' ' || sqlerrm || ' ' || described;
end
$$;
select is(pg_temp.denial('CS409', 'missing', null, '{}'), 'CS409 missing {"params": null}', 'denied by a reason');
select is(pg_temp.denial('CSTRN', 'order_is', '{"status": "paid"}', '{"left": 1}'),
	'CSTRN order_is {"left": 1, "params": {"status": "paid"}}', 'with parameters and further members');

-- Repeated requests: nothing for a new key, the answer for a known one, an error for another body, nothing after a day.
create function pg_temp.key(name text, hash text) returns jsonb language sql as
	$$ select jsonb_build_object('scope', 'sql', 'key', name, 'hash', hash) $$;
select is((idempotency_begin(pg_temp.key('k', 'aa'))).saved_status, null, 'a new key has no answer');
select lives_ok($$ select idempotency_save(pg_temp.key('k', 'aa'), 201, '{"a":1}') $$, 'its answer is kept');
select is((select r.saved_status || ' ' || r.saved_body from idempotency_begin(pg_temp.key('k', 'aa')) r), '201 {"a":1}', 'and given again');
select throws_ok($$ select idempotency_begin(pg_temp.key('k', 'bb')) $$, 'CSKEY', null, 'but not for another body');
select is((idempotency_begin(jsonb_build_object('scope', 'other', 'key', 'k', 'hash', 'bb'))).saved_status, null, 'keys are each scope''s own');
update idempotency_keys set created_at = now() - interval '25 hours' where scope = 'sql';
select is((idempotency_begin(pg_temp.key('k', 'bb'))).saved_status, null, 'after a day it is a new key');

-- The base model: what a client sends for these does not count, and the log has each change once, without secrets.
select set_config('cgishop.user_id', :staff, true), set_config('cgishop.request_id', 'request-1', true) \g /dev/null
update stores set id = uuid_v7(), created_at = '2000-01-01', modified_at = '2000-01-01', description = 'changed' where id = :store;
select is((select (s.created_at = now(), s.modified_at = now(), s.modified_by)::text from stores s where s.id = :store),
	format('(t,t,%s)', :staff), 'id and created_at stay, modified_* are set');
select is((select count(*) from audit_logs where record_id = :store and action = 'update' and user_id = :staff
	and request_id = 'request-1' and new_data ->> 'description' = 'changed' and old_data ->> 'description' = ''), 1::bigint,
	'the log has the change once');
select is((select count(*) from audit_logs where table_name = 'users' and (old_data ? 'password_hash' or new_data ? 'password_hash')), 0::bigint,
	'no hash is in it');

update stores set is_suspended = true where id = :store; -- by staff, who is no administrator
select lives_ok(format('update stores set is_suspended = false where id = %L', :store), 'what staff suspend, staff release');
select set_config('cgishop.user_id', '', true) \g /dev/null
update stores set is_suspended = true where id = :store;
select set_config('cgishop.user_id', :staff, true) \g /dev/null
select throws_ok(format('update stores set is_suspended = false where id = %L', :store), 'CS403', null, 'what a tool suspended, staff do not release');

-- Views: what the public sees is live itself, and so is what it belongs to.
update stores set is_suspended = true where id = :store;
select is((select count(*) from live_products where store = :store), 0::bigint, 'a suspended store has no live products');

-- What is empty or invisible.
select ok(is_blank(value), 'blank: ' || to_json(value))
from unnest(array['', ' ', e'\t\n', U&'\00A0\3000', U&'\200E\200D', U&'\2800', U&'\FEFF \00AD', U&'\3164']) value;
select ok(not is_blank(value), 'not blank: ' || value)
from unnest(array['a', ' . ', U&'\200Eא', '渋', U&'\0939\200D']) value;

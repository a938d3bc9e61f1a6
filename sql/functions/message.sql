-- The outbox: messages to customers and stores.

-- Should the caller start a sender now? Not if one was started, or found work, within two seconds: it checks again
-- before it ends, see tools/shopctl/cmd_outbox.c. No one waits here.
create or replace function outbox_wake() returns boolean
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	before timestamptz;
begin
	select started_at into before from outbox_sender for update skip locked;
	if not found then
		insert into outbox_sender (started_at) values (clock_timestamp()) on conflict do nothing;
		return found;
	elsif before > clock_timestamp() - interval '2 seconds' and before <= clock_timestamp() then
		return false;
	elsif (select count(*) from outbox o where o.status = 'sending' and o.next_try_at > now()) >= 16 then
		return false; -- several already wait for a slow provider
	end if;
	update outbox_sender set started_at = clock_timestamp();
	return true;
end
$$;

-- The recipient of an order's messages: a customer's own proven address or number, whatever contact was given for the
-- parcel. The contact is used for guests and for orders entered by the store's staff; its number only if proven by a
-- code, as anyone's can be typed. Null: none.
create or replace function order_reader(o orders, out channel text, out recipient text, out name text)
language plpgsql stable as $$
declare
	buyer record;
begin
	select * into buyer from order_buyer(o);
	if buyer.who is not null then
		select u.name, coalesce(buyer.email, buyer.mobile, u.email) into name, recipient
			from users u where u.id = buyer.who;
		channel := case when recipient = buyer.mobile then 'sms' else 'mail' end;
	else
		recipient := coalesce(o.contact_email, buyer.mobile);
		channel := case when o.contact_email is not null then 'mail' else 'sms' end;
	end if;
	name := coalesce(nullif(name, ''), o.contact_name);
end
$$;

-- Queue a message to the recipient of an order; false: there is none. `more`: further values for the template.
create or replace function order_notify(o orders, shop stores, what text, amount numeric default null,
	more jsonb default '{}') returns boolean
language plpgsql as $$
declare
	reader record;
begin
	select * into reader from order_reader(o);
	if reader.recipient is null then
		return false;
	end if;
	insert into outbox (template, channel, recipient, language, data, give_up_at, order_id)
	values (what, reader.channel, reader.recipient, o.language,
		jsonb_build_object('store', shop.name, 'store_email', shop.contact_email, 'name', reader.name,
			'number', o.number::text, 'id', o.id, 'total', o.total::text, 'currency', o.currency,
			'carrier', o.carrier, 'tracking_number', o.tracking_number, 'amount', amount::text) || more,
		now() + interval '3 days', o.id);
	return true;
end
$$;

-- Notify the store of what its staff want to know, at the addresses that it names: one message each. A store that names
-- none gets at its contact address what needs its staff; without one, only the order's events have it.
create or replace function store_notify(o orders, what text, more jsonb) returns void
language plpgsql as $$
begin
	insert into outbox (template, channel, recipient, language, data, give_up_at, order_id)
	select what, 'mail', e.address, s.language, jsonb_build_object('store', s.name, 'store_email', s.contact_email,
		'number', o.number::text) || more, now() + interval '3 days', o.id
	from stores s, lateral jsonb_array_elements_text(case
		when s.notification_emails <> '[]' then s.notification_emails
		when s.contact_email is null or what in ('store_order', 'store_payment_failed') then '[]'
		else jsonb_build_array(s.contact_email) end) e (address)
	where s.id = o.store;
end
$$;

-- A new order. Only for a store that names addresses: a text of all lines is work.
create or replace function store_notify_order(o orders) returns void
language plpgsql as $$
begin
	perform store_notify(o, 'store_order', jsonb_build_object('total', o.total::text, 'currency', o.currency,
		'items', pieces_text(order_unshipped(o.id))));
end
$$;

create or replace function store_notify_failure(p payments) returns void
language plpgsql as $$
begin
	perform store_notify(o, 'store_payment_failed', jsonb_build_object('payment', p.id, 'amount', p.amount::text,
		'currency', p.currency, 'reason', nullif(p.failure, '')))
	from orders o where o.id = p.order_id;
end
$$;

-- A return that the buyer requests of some pieces.
create or replace function store_notify_return(o orders, pieces order_pieces[], reason text) returns void
language plpgsql as $$
begin
	perform store_notify(o, 'store_return', jsonb_build_object('items', pieces_text(pieces),
		'reason', nullif(reason, '')));
end
$$;

-- Were messages about the order queued in this transaction, and should a sender be started?
create or replace function order_wakes_sender(which uuid) returns boolean
language plpgsql as $$
begin
	return exists (select 1 from outbox b where b.order_id = which and b.created_at = now()) and outbox_wake();
end
$$;

-- Skip due messages beyond a number per day and recipient, as anyone may place orders with anyone's address. Codes have
-- limits of their own, per request.
create or replace function outbox_skip(taken uuid[], a_day integer) returns void
language plpgsql as $$
begin
	update outbox o set status = 'skipped', data = '{}',
		last_error = format('The recipient has had %s messages within a day: MESSAGES_PER_DAY.', a_day)
	where o.id = any (taken) and o.tries = 0 and o.template like 'order\_%' and a_day <= (
		select count(*) from outbox x
		where lower(x.recipient) = lower(o.recipient) and x.created_at > now() - interval '1 day'
			and x.template like 'order\_%'
			and (x.tries > 0 or (x.id = any (taken) and (x.created_at, x.id) < (o.created_at, o.id))));
end
$$;

-- Claim a few messages to send, each for two minutes; a_day: the maximum of order messages to one recipient per day,
-- null: unlimited. If the claimant is killed the next one sends it: a message may be sent twice, but none is lost.
create or replace function outbox_claim(count integer, a_day integer default null)
returns table (id uuid, template text, channel text, recipient text, language text, data jsonb, sealed text,
	tries integer)
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	taken uuid[];
begin
	if a_day is not null then
		perform pg_advisory_xact_lock(hashtext('outbox_claim')); -- two concurrent counts would miss each other
	end if;
	update outbox o set status = 'dead', last_error = 'It is too late for it. ' || o.last_error, data = o.data,
		sealed = null
	where o.status in ('queued', 'sending') and o.give_up_at <= now() and o.next_try_at <= now();
	loop
		taken := array(select d.id from outbox d
			where d.status in ('queued', 'sending') and d.next_try_at <= now()
			order by d.next_try_at, d.id limit count for update skip locked);
		exit when taken = '{}';
		if a_day is not null then
			perform outbox_skip(taken, a_day);
		end if;
		return query update outbox o set status = 'sending', tries = o.tries + 1,
			next_try_at = now() + interval '2 minutes'
			where o.id = any (taken) and o.status <> 'skipped'
			returning o.id, o.template, o.channel::text, o.recipient, o.language, o.data, o.sealed, o.tries;
		-- A working sender needs no other.
		if found then
			update outbox_sender set started_at = clock_timestamp();
			exit;
		end if;
	end loop;
end
$$;

create or replace function outbox_sent(which uuid) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update outbox set status = 'sent', sent_at = now(), data = '{}', sealed = null, last_error = '' where id = which;
end
$$;

-- Not accepted: retry after half a minute, two minutes, eight … up to six hours; after eight attempts, or at once if a
-- retry is useless, it becomes a dead letter.
create or replace function outbox_failed(which uuid, why text, for_good boolean) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	update outbox o set last_error = left(why, 500),
		status = case when for_good or o.tries >= 8 then 'dead' else 'queued' end,
		sealed = case when for_good or o.tries >= 8 then null else o.sealed end,
		next_try_at = now() + least(interval '6 hours', interval '30 seconds' * 4 ^ (o.tries - 1))
	where o.id = which and o.status = 'sending';
end
$$;

-- The dead letters, newest first, and how many messages wait or were skipped within a day.
create or replace function outbox_state() returns json
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return json_build_object(
		'queued', (select count(*) from outbox where status in ('queued', 'sending')),
		'skipped', (select count(*) from outbox where status = 'skipped' and created_at > now() - interval '1 day'),
		'dead', (select coalesce(json_agg(row_to_json(d)), '[]') from (
			select o.id, rfc3339(o.created_at) as created_at, o.template, o.channel, o.recipient, o.tries, o.last_error
			from outbox o where o.status = 'dead' order by o.created_at desc limit 100) d));
end
$$;

-- Retry a dead letter; all of them with null. Codes stay dead: they are deleted. Returns their number.
create or replace function outbox_revive(which uuid) returns integer
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	count integer;
begin
	update outbox o set status = 'queued', tries = 0, next_try_at = now(), give_up_at = now() + interval '3 days'
	where o.status = 'dead' and o.template !~ '^otp' and (which is null or o.id = which);
	get diagnostics count = row_count;
	return count;
end
$$;

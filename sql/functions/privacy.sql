-- A customer's rights to their data: export and deletion.

-- The data stored about a customer, to be exported and to be deleted.
create or replace function me_export(who uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return (select json_build_object(
		'user', user_json(who),
		'addresses', (select coalesce(json_agg(json_build_object('id', a.id, 'label', a.label, 'name', a.name,
			'company', a.company, 'line1', a.line1, 'line2', a.line2, 'city', a.city, 'region', a.region,
			'postal_code', a.postal_code, 'country', a.country, 'phone', a.phone, 'tax_id', a.tax_id,
			'is_default', a.is_default, 'is_deleted', a.is_deleted,
			'created_at', rfc3339(a.created_at)) order by a.created_at), '[]') from addresses a where a.user_id = who),
		'orders', (select coalesce(json_agg(order_json(o.id, 'customer', who)::json order by o.created_at), '[]')
			from orders o where o.user_id = who),
		'payments', (select coalesce(json_agg(payment_json(p, 'customer')::json order by p.created_at), '[]')
			from payments p join orders o on o.id = p.order_id where o.user_id = who),
		'invoices', (select coalesce(json_agg(i.document::json order by i.issued_at), '[]')
			from invoices i join orders o on o.id = i.order_id where o.user_id = who and not o.claimed),
		'coupons', (select coalesce(json_agg(json_build_object('code', c.code, 'order', r.order_id,
			'used_at', rfc3339(r.created_at)) order by r.created_at), '[]')
			from coupon_redemptions r join coupons c on c.id = r.coupon join orders o on o.id = r.order_id
			where o.user_id = who),
		'notes', (select coalesce(json_agg(json_build_object('order', e.order_id, 'note', e.note,
			'created_at', rfc3339(e.created_at)) order by e.created_at), '[]')
			from order_events e where e.user_id = who and e.note <> ''),
		'messages', (select coalesce(json_agg(json_build_object('template', b.template, 'channel', b.channel,
			'recipient', b.recipient, 'status', b.status, 'created_at', rfc3339(b.created_at))
			order by b.created_at), '[]')
			from outbox b where b.order_id in (select o.id from orders o where o.user_id = who and not o.claimed)
				or (b.order_id is null and exists (select 1 from users u where u.id = who
					and (b.recipient = u.mobile_number
					or (u.email_verified_at is not null and lower(b.recipient) = lower(u.email)))))),
		'sessions', (select coalesce(json_agg(json_build_object('opened_by', s.opened_by,
			'client_address', s.client_address, 'created_at', rfc3339(s.created_at),
			'expires_at', rfc3339(s.expires_at)) order by s.created_at), '[]') from sessions s where s.user_id = who),
		'known_places', (select coalesce(json_agg(json_build_object(
			'kind', case when k.is_device then 'device' else 'address' end, 'used_at', rfc3339(k.used_at))
			order by k.used_at), '[]') from known_places k where k.user_id = who),
		'audit_log', (select coalesce(json_agg(json_build_object('action', l.action, 'table_name', l.table_name,
			'created_at', rfc3339(l.created_at)) order by l.created_at), '[]') from audit_logs l
			where l.user_id = who))::text);
end
$$;

-- Remove names from the log entries of some rows. A request's id leads to the web server's log.
create or replace function audit_forget(records uuid[], who uuid) returns void
language plpgsql as $$
declare
	named constant text[] := array['email', 'mobile_number', 'name', 'label', 'line1', 'line2', 'city', 'region',
		'postal_code', 'phone', 'contact_name', 'contact_email', 'contact_mobile', 'shipping_address',
		'billing_address', 'company', 'tax_id',
		'comments', 'tags', 'tracking_number', 'tracking_url', 'failure', 'reason', 'note',
		'metadata', 'key_scope'];
begin
	update audit_logs l set old_data = l.old_data - named, new_data = l.new_data - named,
		request_id = case when l.user_id is null then '' else l.request_id end
	where l.record_id = any (records);
	update audit_logs l set request_id = '' where l.user_id = who and l.request_id <> '';
end
$$;

-- Carts go; orders, their payments and refunds stay, without a name.
create or replace function orders_forget(ours uuid[], paid uuid[]) returns void
language plpgsql as $$
begin
	delete from orders o where o.id = any (ours) and o.status = 'cart';
	update coupon_redemptions r set user_id = o.user_id, mobile = null, email = null
	from orders o where o.id = r.order_id and o.id = any (ours);
	update order_events e set note = '', data = '{}' where e.order_id = any (ours) and (e.note <> '' or e.data <> '{}');
	update order_items i set price_reason = '' where i.order_id = any (ours) and i.price_reason <> '';
	update shipments s set tracking_number = null, tracking_url = null, comments = '' where s.order_id = any (ours);
	update orders o set contact_name = '', contact_email = null, contact_mobile = null, shipping_address = null,
		billing_address = null, comments = '', tags = '[]', tracking_number = null, token_hash = null
	where o.id = any (ours);
	update payments p set metadata = '{}', failure = '', comments = '', key_scope = null, key = null,
		request_hash = null
	where p.id = any (paid);
	update refunds r set reason = '', failure = '', comments = '', key_scope = null, key = null, request_hash = null
	where r.payment = any (paid);
	update returns r set reason = '', note = '', comments = '' where r.order_id = any (ours);
	update return_items x set reason = '' from returns r where r.id = x.return_id and r.order_id = any (ours);
	update webhook_events w set reported = null where w.payment = any (paid);
end
$$;

-- Delete a customer: account, addresses, sessions, carts and messages. Orders stay without a name, because the stock
-- and the books need them, and invoices stay unchanged, because the law requires it. Open orders must end first. The
-- log keeps the actions and loses the names. Only data that is certainly the customer's is deleted: orders of the
-- account, and of the proven number and address. Nothing else removes data from the log, so the session must prove the
-- user.
create or replace function me_forget(request_id text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	who constant uuid := (session_proven()).who;
	person users;
	ours uuid[]; -- orders
	paid uuid[]; -- payments
	gone uuid[]; -- carts and addresses
	proven_email text;
begin
	perform act_as(who, request_id);
	-- First: this lock prevents new orders, addresses and sessions of the user.
	select * into person from users u where u.id = who and not u.is_deleted for update;
	if not found then
		perform deny('CS404', 'missing');
	elsif person.is_admin or person.is_staff then
		perform deny('CS409', 'account_of_staff');
	end if;
	proven_email := case when person.email_verified_at is not null then person.email end;
	perform orders_claim(who, person.mobile_number, proven_email);
	perform 1 from orders o where o.user_id = who order by o.id for update;
	if exists (select 1 from orders o where o.user_id = who
		and o.status in ('placed', 'pending', 'paid', 'partly_shipped', 'shipped')) then
		perform deny('CS409', 'open_order');
	end if;
	ours := array(select o.id from orders o where o.user_id = who);
	paid := array(select p.id from payments p where p.order_id = any (ours));

	delete from sessions s where s.user_id = who;
	delete from known_places p where p.user_id = who;
	delete from challenges c where c.recipient = person.mobile_number or lower(c.recipient) = lower(proven_email)
		or c.subject = who;
	delete from outbox b where b.order_id = any (ours) or (b.order_id is null
		and (b.recipient = person.mobile_number or lower(b.recipient) = lower(proven_email)));
	update orders o set contact_mobile = null where o.disowned and o.contact_mobile = person.mobile_number;
	update orders o set contact_email = null where o.disowned and lower(o.contact_email) = lower(proven_email);
	delete from addresses a where a.user_id = who;
	perform orders_forget(ours, paid);
	update users u set is_deleted = true, is_active = false, is_customer = false, email = null, mobile_number = null,
		name = '', status = '', comments = '', password_hash = null
	where u.id = who;

	gone := array(select l.record_id from audit_logs l where l.action = 'delete'
		and l.old_data ->> 'user_id' = who::text
		union select l.record_id from audit_logs l where l.action = 'delete'
			and l.old_data ->> 'contact_mobile' = person.mobile_number and l.old_data ->> 'user_id' is null
		union select l.record_id from audit_logs l where l.action = 'delete'
			and lower(l.old_data ->> 'contact_email') = lower(proven_email) and l.old_data ->> 'user_id' is null);
	delete from idempotency_keys k where k.scope = who::text
		or k.body::jsonb ->> 'id' = any ((ours || gone)::text[]) or k.body::jsonb ->> 'order' = any (ours::text[]);
	perform audit_forget(ours || paid || gone || who
		|| array(select r.id from refunds r where r.payment = any (paid))
		|| array(select s.id from shipments s where s.order_id = any (ours))
		|| array(select r.id from returns r where r.order_id = any (ours))
		|| array(select i.id from invoices i where i.order_id = any (ours)), who);
end
$$;

-- What is stored of a customer: all of it for them to read, and none of it left when they go.

create function me_export(who uuid) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
begin
	return (select json_build_object(
		'user', user_json(who),
		'addresses', (select coalesce(json_agg(json_build_object('id', a.id, 'label', a.label, 'name', a.name,
			'line1', a.line1, 'line2', a.line2, 'city', a.city, 'region', a.region, 'postal_code', a.postal_code,
			'country', a.country, 'phone', a.phone, 'is_default', a.is_default, 'is_deleted', a.is_deleted,
			'created_at', rfc3339(a.created_at)) order by a.created_at), '[]') from addresses a where a.user_id = who),
		'orders', (select coalesce(json_agg(order_json(o.id, 'customer')::json order by o.created_at), '[]')
			from orders o where o.user_id = who),
		'payments', (select coalesce(json_agg(payment_json(p, 'customer')::json order by p.created_at), '[]')
			from payments p join orders o on o.id = p.order_id where o.user_id = who),
		'invoices', (select coalesce(json_agg(i.document order by i.issued_at), '[]')
			from invoices i join orders o on o.id = i.order_id where o.user_id = who),
		'coupons', (select coalesce(json_agg(json_build_object('code', c.code, 'order', r.order_id,
			'used_at', rfc3339(r.created_at)) order by r.created_at), '[]')
			from coupon_redemptions r join coupons c on c.id = r.coupon where r.user_id = who),
		'messages', (select coalesce(json_agg(json_build_object('template', b.template, 'channel', b.channel,
			'recipient', b.recipient, 'status', b.status, 'created_at', rfc3339(b.created_at)) order by b.created_at), '[]')
			from outbox b where b.order_id in (select o.id from orders o where o.user_id = who)
				or b.recipient = (select u.mobile_number from users u where u.id = who)),
		'sessions', (select coalesce(json_agg(json_build_object('opened_by', s.opened_by,
			'client_address', s.client_address, 'created_at', rfc3339(s.created_at),
			'expires_at', rfc3339(s.expires_at)) order by s.created_at), '[]') from sessions s where s.user_id = who),
		'audit_log', (select coalesce(json_agg(json_build_object('action', l.action, 'table_name', l.table_name,
			'created_at', rfc3339(l.created_at)) order by l.created_at), '[]') from audit_logs l where l.user_id = who))::text);
end
$$;

-- The customer goes. Their account, addresses, sessions, carts and messages do; orders stay without a name, because the
-- stock and the books need them, and invoices stay as they are, because the law wants them kept. An order that is under
-- way has to end first. The log keeps what was done, and loses whom it named.
create function me_forget(who uuid, request_id text) returns void
language plpgsql security definer set search_path = public, pg_temp as $$
declare
	person users;
	named constant text[] := array['email', 'mobile_number', 'name', 'label', 'line1', 'line2', 'city', 'region',
		'postal_code', 'phone', 'contact_name', 'contact_email', 'contact_mobile', 'shipping_address', 'billing_address',
		'comments'];
begin
	perform act_as(who, request_id);
	select * into person from users u where u.id = who for update;
	if person.is_admin or person.is_staff then
		raise exception using errcode = 'CS409', message = 'You work here: an administrator removes your account.';
	end if;
	perform 1 from orders o where o.user_id = who order by o.id for update;
	if exists (select 1 from orders o where o.user_id = who and o.status in ('placed', 'pending', 'paid', 'shipped')) then
		raise exception using errcode = 'CS409', message = 'An order of yours is under way: it has to arrive or be cancelled first.';
	end if;
	delete from sessions s where s.user_id = who;
	delete from orders o where o.user_id = who and o.status = 'cart';
	delete from outbox b where b.order_id in (select o.id from orders o where o.user_id = who)
		or b.recipient in (person.mobile_number, person.email);
	delete from otps t where t.mobile_number = person.mobile_number;
	update coupon_redemptions r set mobile = null, email = null where r.user_id = who;
	update addresses a set is_deleted = true, is_default = false, label = '', name = '', line1 = '', line2 = '', city = '',
		region = '', postal_code = '', phone = null, comments = ''
	where a.user_id = who;
	update orders o set contact_name = '', contact_email = null, contact_mobile = null, shipping_address = null,
		billing_address = null, comments = '', token_hash = null
	where o.user_id = who;
	update users u set is_deleted = true, is_active = false, is_customer = false, email = null, mobile_number = null,
		name = '', comments = ''
	where u.id = who;
	update audit_logs l set old_data = l.old_data - named, new_data = l.new_data - named
	where l.record_id = who
		or (l.table_name = 'addresses' and l.record_id in (select a.id from addresses a where a.user_id = who))
		or (l.table_name = 'orders' and (l.record_id in (select o.id from orders o where o.user_id = who)
			or l.old_data ->> 'user_id' = who::text));
end
$$;

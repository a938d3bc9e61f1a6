-- A payment as its reader, and as a gateway, sees it.

-- What is held of a payment, before refunds: the most that can be refunded.
create or replace function payment_held(p payments) returns numeric
language plpgsql immutable as $$
begin
	return case p.status
		when 'captured' then greatest(p.amount, p.amount_captured - coalesce(p.fee, 0))
		when 'needs_attention' then p.amount_captured
		else 0 end;
end
$$;

-- What was refunded of a payment, or is about to be.
create or replace function payment_refunded(which uuid) returns numeric
language plpgsql stable as $$
begin
	return (select coalesce(sum(r.amount), 0) from refunds r where r.payment = which and r.status <> 'failed');
end
$$;

-- The dispute of a payment that matters most: one that is open, or the latest; null: there is none.
create or replace function payment_dispute_json(which uuid) returns json
language plpgsql stable as $$
begin
	return (select row_to_json(f) from (
		select d.id, d.status, d.is_inquiry, d.amount::text as amount, d.currency, d.reason,
			rfc3339(d.evidence_due_at) as evidence_due_at
		from disputes d where d.payment = which
		order by dispute_is_open(d.status) desc, case when dispute_is_open(d.status) then d.evidence_due_at end,
			d.reported_at desc, d.id desc limit 1) f);
end
$$;

-- A failure as shown: the provider's words are for the store.
create or replace function failure_shown(failure text, code text, viewer text) returns text
language plpgsql immutable as $$
begin
	return case when failure = '' or viewer in ('staff', 'admin') then failure else code end;
end
$$;

-- Why a payment needs attention; staff see what was expected and what was received.
create or replace function payment_attention_json(p payments, viewer text) returns json
language plpgsql stable as $$
begin
	if p.attention is null then
		return null;
	elsif viewer not in ('staff', 'admin') or p.attention = 'disputed' then
		return json_build_object('reason', p.attention);
	end if;
	return json_build_object('reason', p.attention,
		'expected', json_build_object('amount', p.amount::text, 'currency', p.currency),
		'received', json_build_object('amount', round(p.amount_captured, currency_decimals(p.currency_captured))::text,
			'currency', p.currency_captured));
end
$$;

create or replace function payment_json(p payments, viewer text) returns text
language plpgsql stable as $$
declare
	shown text;
begin
	select row_to_json(r)::text into shown from (
		select p.id, p.order_id as "order", p.payment_method, p.status, p.amount::text as amount, p.currency,
			(select round(coalesce(sum(f.amount), 0), currency_decimals(p.currency))::text from refunds f
				where f.payment = p.id and f.status = 'succeeded') as amount_refunded,
			case when p.online then p.payment_method end as gateway, p.transaction_id,
			rfc3339(p.paid_at) as paid_at, rfc3339(p.expires_at) as expires_at,
			round(p.amount_captured, currency_decimals(coalesce(p.currency_captured, p.currency)))::text
				as amount_captured,
			round(p.fee, currency_decimals(p.currency))::text as fee,
			payment_attention_json(p, viewer) as attention, payment_dispute_json(p.id) as dispute,
			failure_shown(p.failure, 'payment_failed', viewer) as failure, p.metadata,
			p.unconfirmed and p.status = 'pending' as unconfirmed,
			(select coalesce(json_agg(row_to_json(f) order by f.created_at, f.id), '[]') from (
				select r.id, r.amount::text as amount, r.currency, r.reason, r.restock,
					refund_items_json(r.id) as items,
					round(r.shipping, currency_decimals(r.currency))::text as shipping,
					r.return_id as "return", r.status,
					failure_shown(r.failure, 'refund_failed', viewer) as failure,
					rfc3339(r.created_at) as created_at
				from refunds r where r.payment = p.id) f) as refunds,
			rfc3339(p.created_at) as created_at, rfc3339(p.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select p.created_by, p.modified_by, p.is_deleted, p.is_suspended, p.comments,
				rfc3339(p.active_from) as active_from, rfc3339(p.active_to) as active_to,
				p.gateway_id, p.cancel_requested,
				(select coalesce(json_agg(row_to_json(f) order by f.created_at, f.id), '[]') from (
					select d.id, d.gateway_dispute, d.status, d.is_inquiry, d.amount::text as amount, d.currency,
						d.reason, rfc3339(d.evidence_due_at) as evidence_due_at, rfc3339(d.created_at) as created_at
					from disputes d where d.payment = p.id) f) as disputes) r));
	end if;
	return shown;
end
$$;

-- The same by id, for lists.
create or replace function payment_json(which uuid, viewer text) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	p payments;
begin
	select * into p from payments where id = which;
	return payment_json(p, viewer);
end
$$;

-- One payment as the caller sees it; null if the caller must not know of it.
create or replace function payment_read(which uuid, who uuid, caller_role text, token bytea) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	o orders;
	p payments;
	viewer text;
begin
	select * into p from payments where id = which;
	select * into o from orders where id = p.order_id;
	viewer := order_viewer(o, who, caller_role, token);
	return case when viewer is not null then payment_json(p, viewer) end;
end
$$;

-- A payment for a gateway (struct gateway_payment).
create or replace function payment_for_gateway(p payments) returns jsonb
language plpgsql stable as $$
begin
	return (select jsonb_build_object('id', p.id, 'order', p.order_id, 'order_number', o.number,
		'method', p.payment_method,
			'amount', p.amount::text, 'currency', p.currency, 'gateway_id', p.gateway_id,
			'transaction', p.transaction_id, 'requested_before', p.requested_at is not null, 'status', p.status,
			'manual_capture', p.manual_capture, 'waited', p.expires_at <= now(), 'capture', p.capture_requested::text,
			'customer', a.address || jsonb_build_object(
				'name', coalesce(nullif(a.address ->> 'name', ''), o.contact_name),
				'email', o.contact_email, 'phone', coalesce(nullif(a.address ->> 'phone', ''), o.contact_mobile)))
		from orders o, coalesce(o.shipping_address, o.billing_address, '{}') a (address) where o.id = p.order_id);
end
$$;

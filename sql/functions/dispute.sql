-- Disputes: a bank reverses a payment, or inquires about it.

-- Events of a dispute come in any order: the latest counts, of the same time the later status, and what is decided
-- before what is not.
create or replace function dispute_rank(state text, reported_at timestamptz) returns text
language plpgsql stable as $$
begin
	return (state in ('won', 'lost'))::integer || to_char(reported_at at time zone 'UTC', 'YYYYMMDDHH24MISS')
		|| array_position('{needs_response,under_review,closed,won,lost}'::text[], state);
end
$$;

create or replace function dispute_is_open(state text) returns boolean
language sql immutable parallel safe as $$
	select state in ('needs_response', 'under_review')
$$;

-- Book the decided disputes of a payment: what a lost one took counts as refunded, once; one that is won after all is
-- not refunded.
create or replace function disputes_book(which uuid) returns void
language plpgsql as $$
declare
	p payments;
	d disputes;
	r refunds;
	part numeric;
begin
	select * into p from payments y where y.id = which;
	for d in select * from disputes x where x.payment = which order by x.created_at, x.id loop
		if d.refund is not null and d.status <> 'lost' then
			update refunds set status = 'failed', failure = 'The dispute was won.', gateway_refund = null
				where id = d.refund;
			update disputes set refund = null where id = d.id;
			perform order_note(d.order_id, 'A lost dispute was won: its credit note must be reversed by hand.');
		end if;
		part := least(d.taken, payment_held(p) - payment_refunded(which));
		continue when d.status <> 'lost' or d.taken is null or d.refund is not null or d.currency <> p.currency_captured
			or p.status not in ('needs_attention', 'captured') or part <= 0;
		insert into refunds (payment, order_id, amount, currency, status, reason, gateway_refund, key_scope)
		values (which, d.order_id, part, d.currency, 'succeeded', 'Lost in a dispute.', d.gateway_dispute, 'dispute')
		returning * into r;
		update disputes set refund = r.id where id = d.id;
		perform refund_done(r);
	end loop;
end
$$;

-- Apply what was reported of a dispute, in any order: see dispute_rank. The store is notified of each change.
create or replace function dispute_apply(which uuid, reported jsonb) returns text
language plpgsql as $$
declare
	event constant jsonb := reported -> 'dispute';
	event_at constant timestamptz := to_timestamp((event ->> 'reported_at')::bigint);
	due constant timestamptz := to_timestamp((event ->> 'due')::bigint);
	o orders;
	d disputes;
	known disputes;
begin
	select r.* into o from orders r where r.id = (select y.order_id from payments y where y.id = which) for update;
	select * into known from disputes x where x.payment = which and x.gateway_dispute = event ->> 'id' for update;
	if dispute_rank(known.status, known.reported_at) >= dispute_rank(event ->> 'state', event_at) then
		return 'nothing_new';
	end if;
	insert into disputes as x (payment, order_id, gateway_dispute, status, is_inquiry, amount, currency, taken, reason,
		evidence_due_at, reported_at)
	values (which, o.id, event ->> 'id', event ->> 'state', (event ->> 'is_inquiry')::boolean,
		money_of((event ->> 'amount')::numeric, reported ->> 'currency'), reported ->> 'currency',
		money_of((event ->> 'taken')::numeric, reported ->> 'currency'),
		coalesce(event ->> 'reason', ''), due, event_at)
	on conflict (payment, gateway_dispute) do update set status = excluded.status, is_inquiry = excluded.is_inquiry,
		amount = excluded.amount, currency = excluded.currency, taken = excluded.taken, reason = excluded.reason,
		evidence_due_at = coalesce(excluded.evidence_due_at, x.evidence_due_at), reported_at = excluded.reported_at
	returning * into d;
	if (known.status, known.evidence_due_at, known.amount) is distinct from (d.status, d.evidence_due_at, d.amount) then
		perform order_note(o.id, format('A dispute of %s %s is %s%s%s.', d.amount, d.currency,
			replace(d.status, '_', ' '), ': ' || nullif(d.reason, ''),
			case when d.status = 'needs_response' then ', evidence until ' || rfc3339(d.evidence_due_at) end));
		perform store_notify(o, 'payment_disputed', jsonb_build_object('payment', which, 'amount', d.amount::text,
			'currency', d.currency, 'status', replace(d.status, '_', ' '), 'reason', nullif(d.reason, ''),
			'evidence_due_at', case when d.status = 'needs_response' then rfc3339(d.evidence_due_at) end));
	end if;
	perform disputes_book(which);
	perform payment_check_attention(which, false);
	perform order_reconcile(o.id);
	return 'applied';
end
$$;

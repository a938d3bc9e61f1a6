-- Payments, refunds, and what providers tell of them.

create table payments (
	like base_model including all,
	order_id uuid not null,
	payment_method text not null,
	online boolean not null, -- paid at a provider; else by hand
	amount positive_amount not null,
	currency text not null,
	gateway_id text,         -- what the provider calls it: a PaymentIntent, an order
	transaction_id text,     -- what moved the money
	paid_at timestamptz,
	amount_captured numeric not null default 0, -- what the provider says it holds, before refunds
	currency_captured text,  -- of it; null: nothing
	fee numeric,             -- of amount_captured, what the customer was charged above the amount
	kept numeric not null default 0, -- of amount, what the store accepted above what was asked for
	capture_wanted numeric,  -- of what is reserved, the part that is being captured; null: all
	attention text,          -- why people have to look at it; null: they need not
	failure text not null default '', -- in the provider's words: not for customers
	metadata jsonb not null default '{}',
	capture_by_hand boolean not null default false,
	slow_hours integer not null default 120, -- how long a method without a date may take: SLOW_PAYMENT_HOURS
	expires_at timestamptz,  -- until when the buyer may pay by the slow method that they chose; null: by a quick one
	cancel_tries integer not null default 0, -- that the provider refused
	cancel_after timestamptz, -- when it may be tried again
	asked_at timestamptz,    -- when the provider was last asked to open it; null: never
	unconfirmed boolean not null default false, -- by hand, for a guest who has still to confirm the order
	cancel_wanted boolean not null default false, -- the provider has still to be told
	refunds_wanted boolean not null default false, -- it has given back what we do not know of: ask for the refunds
	key_scope text,          -- the Idempotency-Key that it was asked for with
	key text,
	request_hash bytea,
	constraint payments_order_id_fkey foreign key (order_id) references orders,
	constraint payments_status check (
		status in ('created', 'pending', 'failed', 'authorized', 'cancelled', 'needs_attention', 'captured')),
	constraint payments_attention check (attention in ('amount_differs', 'currency_differs', 'disputed')),
	constraint payments_paid check ((status = 'captured') = (paid_at is not null))
);
select base_model_adopt('payments', '{key,request_hash}');
create index payments_order on payments (order_id, created_at);
create unique index payments_gateway_id_key on payments (payment_method, gateway_id) where gateway_id is not null;
create unique index payments_transaction_id_key on payments (transaction_id, payment_method)
	where transaction_id is not null and online;
create unique index payments_key_key on payments (key_scope, key) where key is not null;
create index payments_status on payments (status, created_at);
create index payments_attention on payments (attention, created_at) where attention is not null;
create index payments_paid_at on payments (paid_at);
create index payments_amount on payments (amount, id);
create index payments_unfinished on payments (asked_at) where online and (status in ('created', 'authorized') or cancel_wanted or refunds_wanted);

create table refunds (
	like base_model including all,
	payment uuid not null,
	order_id uuid not null,
	amount positive_amount not null,
	currency text not null,
	reason text not null default '',
	restock boolean not null default false,
	gateway_refund text,
	failure text not null default '',
	tries integer not null default 0,
	asked_at timestamptz,
	key_scope text,
	key text,
	request_hash bytea,
	constraint refunds_payment_fkey foreign key (payment) references payments,
	constraint refunds_order_id_fkey foreign key (order_id) references orders,
	constraint refunds_status check (status in ('pending', 'succeeded', 'failed'))
);
select base_model_adopt('refunds', '{key,request_hash}');
create index refunds_payment on refunds (payment, created_at);
create index refunds_order on refunds (order_id);
create unique index refunds_gateway_refund_key on refunds (payment, gateway_refund) where gateway_refund is not null;
create unique index refunds_key_key on refunds (key_scope, key) where key is not null;
create index refunds_unfinished on refunds (asked_at) where status = 'pending';

-- A buyer's bank takes a payment back, or asks what it was for.
create table disputes (
	like base_model including all,
	payment uuid not null,
	order_id uuid not null,
	gateway_dispute text not null, -- what the provider calls it
	is_inquiry boolean not null,   -- no money has moved
	amount nonnegative_amount not null,
	currency text not null,
	taken numeric,                 -- of the amount, when it is lost; null: nothing
	reason text not null,
	evidence_due_at timestamptz,
	news_at timestamptz not null,  -- of what is known
	refund uuid,                   -- by which it is booked, once it is lost
	constraint disputes_payment_fkey foreign key (payment) references payments,
	constraint disputes_order_id_fkey foreign key (order_id) references orders,
	constraint disputes_refund_fkey foreign key (refund) references refunds,
	constraint disputes_status check (status in ('needs_response', 'under_review', 'closed', 'won', 'lost'))
);
select base_model_adopt('disputes');
create unique index disputes_gateway_dispute_key on disputes (payment, gateway_dispute);
create index disputes_order on disputes (order_id);
create index disputes_refund on disputes (refund) where refund is not null;

create domain webhook_outcome as text constraint webhook_outcome check (
	value in ('ignored', 'applied', 'nothing_new', 'mismatch', 'unmatched', 'not_understood'));

-- One row an event, whatever the number of its deliveries. What it said is kept as far as it was understood, so that
-- an event that overtook our own answer is applied later.
create table webhook_events (
	gateway text not null,
	event_id text not null,
	type text not null,
	received_at timestamptz not null default now(),
	deliveries integer not null default 1,
	outcome webhook_outcome not null default 'ignored',
	payment uuid,
	facts jsonb,
	constraint webhook_events_pkey primary key (gateway, event_id)
);
create index webhook_events_received_at on webhook_events (received_at);
create index webhook_events_unmatched on webhook_events (gateway, received_at) where outcome = 'unmatched';

-- A payment moves up these numbers only, so that the order in which news comes does not matter.
create function payment_rank(state text) returns integer
language sql immutable parallel safe as $$
	select array_position('{created,pending,failed,authorized,cancelled,needs_attention,captured}'::text[], state)
$$;

-- What is held of a payment, before refunds: what can be given back at most.
create function payment_held(p payments) returns numeric
language plpgsql immutable as $$
begin
	return case p.status
		when 'captured' then greatest(p.amount, p.amount_captured - coalesce(p.fee, 0))
		when 'needs_attention' then p.amount_captured
		else 0 end;
end
$$;

-- A refund that the bank sends back becomes failed after it had succeeded; never the other way.
create function refund_rank(state text) returns integer
language sql immutable parallel safe as $$
	select array_position('{pending,succeeded,failed}'::text[], state)
$$;

-- What was, or is about to be, given back of a payment.
create function payment_given_back(which uuid) returns numeric
language plpgsql stable as $$
begin
	return (select coalesce(sum(r.amount), 0) from refunds r where r.payment = which and r.status <> 'failed');
end
$$;

-- News of a dispute come in any order: that of the latest time counts, of the same time that of the later status, and
-- what was decided before what was not.
create function dispute_rank(state text, news_at timestamptz) returns text
language plpgsql stable as $$
begin
	return (state in ('won', 'lost'))::integer || to_char(news_at at time zone 'UTC', 'YYYYMMDDHH24MISS')
		|| array_position('{needs_response,under_review,closed,won,lost}'::text[], state);
end
$$;

create function dispute_is_open(state text) returns boolean
language sql immutable parallel safe as $$
	select state in ('needs_response', 'under_review')
$$;

-- The dispute of a payment that matters most: one that is open, or the latest; null: there is none.
create function payment_dispute_json(which uuid) returns json
language plpgsql stable as $$
begin
	return (select row_to_json(f) from (
		select d.id, d.status, d.is_inquiry, d.amount::text as amount, d.currency, d.reason,
			rfc3339(d.evidence_due_at) as evidence_due_at
		from disputes d where d.payment = which
		order by dispute_is_open(d.status) desc, case when dispute_is_open(d.status) then d.evidence_due_at end,
			d.news_at desc, d.id desc limit 1) f);
end
$$;

-- What is told of a failure: the provider's words are the store's business.
create function failure_shown(failure text, code text, viewer text) returns text
language plpgsql immutable as $$
begin
	return case when failure = '' or viewer in ('staff', 'admin') then failure else code end;
end
$$;

-- Why people have to look at a payment; the store's people see what was asked for and what came.
create function payment_attention_json(p payments, viewer text) returns json
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

create function payment_json(p payments, viewer text) returns text
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
			round(p.amount_captured, currency_decimals(coalesce(p.currency_captured, p.currency)))::text as amount_captured,
			round(p.fee, currency_decimals(p.currency))::text as fee,
			payment_attention_json(p, viewer) as attention, payment_dispute_json(p.id) as dispute,
			failure_shown(p.failure, 'payment_failed', viewer) as failure, p.metadata,
			p.unconfirmed and p.status = 'pending' as unconfirmed,
			(select coalesce(json_agg(row_to_json(f) order by f.created_at, f.id), '[]') from (
				select r.id, r.amount::text as amount, r.currency, r.reason, r.restock, r.status,
					failure_shown(r.failure, 'refund_failed', viewer) as failure,
					rfc3339(r.created_at) as created_at
				from refunds r where r.payment = p.id) f) as refunds,
			rfc3339(p.created_at) as created_at, rfc3339(p.modified_at) as modified_at) r;
	if viewer in ('staff', 'admin') then
		shown := json_join(shown, (select row_to_json(r)::text from (
			select p.created_by, p.modified_by, p.is_deleted, p.is_suspended, p.comments,
				rfc3339(p.active_from) as active_from, rfc3339(p.active_to) as active_to,
				p.gateway_id, p.cancel_wanted,
				(select coalesce(json_agg(row_to_json(f) order by f.created_at, f.id), '[]') from (
					select d.id, d.gateway_dispute, d.status, d.is_inquiry, d.amount::text as amount, d.currency,
						d.reason, rfc3339(d.evidence_due_at) as evidence_due_at, rfc3339(d.created_at) as created_at
					from disputes d where d.payment = p.id) f) as disputes) r));
	end if;
	return shown;
end
$$;

-- The same by id, for lists.
create function payment_json(which uuid, viewer text) returns text
language plpgsql stable security definer set search_path = public, pg_temp as $$
declare
	p payments;
begin
	select * into p from payments where id = which;
	return payment_json(p, viewer);
end
$$;

-- One payment as the caller sees it; null when they may not know of it.
create function payment_read(which uuid, who uuid, caller_role text, token bytea) returns text
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

-- What a gateway is told of a payment (struct gateway_payment).
create function payment_for_gateway(p payments) returns jsonb
language plpgsql stable as $$
begin
	return (select jsonb_build_object('id', p.id, 'order', p.order_id, 'order_number', o.number, 'method', p.payment_method,
			'amount', p.amount::text, 'currency', p.currency, 'gateway_id', p.gateway_id,
			'transaction', p.transaction_id, 'asked_before', p.asked_at is not null, 'status', p.status,
			'capture_by_hand', p.capture_by_hand, 'waited', p.expires_at <= now(), 'capture', p.capture_wanted::text,
			'customer', a.address || jsonb_build_object('name', coalesce(nullif(a.address ->> 'name', ''), o.contact_name),
				'email', o.contact_email, 'phone', coalesce(nullif(a.address ->> 'phone', ''), o.contact_mobile)))
		from orders o, coalesce(o.shipping_address, o.billing_address, '{}') a (address) where o.id = p.order_id);
end
$$;

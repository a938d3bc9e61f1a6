-- Payments, refunds, disputes, the events of providers, invoices and credit notes.

create table payments (
	like base_model including all,
	order_id uuid not null,
	payment_method text not null,
	online boolean not null, -- paid at a provider; else offline
	amount positive_amount not null,
	currency text not null,
	gateway_id text,         -- the provider's id: of a PaymentIntent, an order
	transaction_id text,     -- the provider's id of what moved the money
	paid_at timestamptz,
	amount_captured numeric not null default 0, -- what the provider reports to hold, before refunds
	currency_captured text,  -- of it; null: nothing
	fee numeric,             -- of amount_captured, what the customer was charged above the amount
	kept numeric not null default 0, -- of amount, what the store accepted above the requested amount
	capture_requested numeric, -- of the reserved amount, the part being captured; null: all
	attention text,          -- why staff must decide; null: they need not
	failure text not null default '', -- in the provider's words: not for customers
	metadata jsonb not null default '{}',
	manual_capture boolean not null default false,
	slow_hours integer not null default 120, -- how long a method without a date may take: SLOW_PAYMENT_HOURS
	expires_at timestamptz,  -- until when the buyer may pay by the chosen slow method; null: a quick one
	cancel_tries integer not null default 0, -- refused by the provider
	cancel_after timestamptz, -- when it may be retried
	requested_at timestamptz, -- of the last call to open it; null: none
	unconfirmed boolean not null default false, -- offline, for a guest who must still confirm the order
	cancel_requested boolean not null default false, -- the provider must still be called
	refunds_requested boolean not null default false, -- it has refunds that are unknown here: list them
	key_scope text,          -- the Idempotency-Key of its request
	key text,
	request_hash bytea,
	constraint payments_order_id_fkey foreign key (order_id) references orders,
	constraint payments_status check (
		status in ('created', 'pending', 'failed', 'authorized', 'cancelled', 'needs_attention', 'captured')),
	constraint payments_attention check (attention in ('amount_differs', 'currency_differs', 'disputed')),
	constraint payments_paid check ((status = 'captured') = (paid_at is not null))
);
select base_model_adopt('payments');
create index payments_order on payments (order_id, created_at);
create unique index payments_gateway_id_key on payments (payment_method, gateway_id) where gateway_id is not null;
create unique index payments_transaction_id_key on payments (transaction_id, payment_method)
	where transaction_id is not null and online;
create unique index payments_key_key on payments (key_scope, key) where key is not null;
create index payments_status on payments (status, created_at);
create index payments_attention on payments (attention, created_at) where attention is not null;
create index payments_paid_at on payments (paid_at);
create index payments_amount on payments (amount, id);
create index payments_unfinished on payments (requested_at)
	where online and (status in ('created', 'authorized') or cancel_requested or refunds_requested);

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
	requested_at timestamptz,
	key_scope text,
	key text,
	request_hash bytea,
	constraint refunds_payment_fkey foreign key (payment) references payments,
	constraint refunds_order_id_fkey foreign key (order_id) references orders,
	constraint refunds_status check (status in ('pending', 'succeeded', 'failed'))
);
select base_model_adopt('refunds');
create index refunds_payment on refunds (payment, created_at);
create index refunds_order on refunds (order_id);
create unique index refunds_gateway_refund_key on refunds (payment, gateway_refund) where gateway_refund is not null;
create unique index refunds_key_key on refunds (key_scope, key) where key is not null;
create index refunds_unfinished on refunds (requested_at) where status = 'pending';

-- A buyer's bank reverses a payment, or inquires about it.
create table disputes (
	like base_model including all,
	payment uuid not null,
	order_id uuid not null,
	gateway_dispute text not null, -- the provider's id
	is_inquiry boolean not null,   -- no money has moved
	amount nonnegative_amount not null,
	currency text not null,
	taken numeric,                 -- of the amount, when it is lost; null: nothing
	reason text not null,
	evidence_due_at timestamptz,
	reported_at timestamptz not null, -- the time of this state
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

-- One row for each event, however often it is delivered. What it reported is kept, so that an event that came before
-- our own response is applied later.
create table webhook_events (
	gateway text not null,
	event_id text not null,
	type text not null,
	received_at timestamptz not null default now(),
	deliveries integer not null default 1,
	outcome webhook_outcome not null default 'ignored',
	payment uuid,
	reported jsonb, -- struct provider_status
	constraint webhook_events_pkey primary key (gateway, event_id)
);
create index webhook_events_received_at on webhook_events (received_at);
create index webhook_events_unmatched on webhook_events (gateway, received_at) where outcome = 'unmatched';

-- Invoices and credit notes: numbers without gaps, and documents that never change.
create domain invoice_kind as text constraint invoice_kind check (value in ('invoice', 'credit_note'));

create domain document_number as text constraint document_number check (length(value) <= 16);

create table invoices (
	like base_model including all,
	kind invoice_kind not null,
	number document_number not null,
	store uuid not null,
	order_id uuid not null,
	refund uuid,  -- of a credit note that a refund made
	credits uuid, -- of a credit note: the invoice
	issued_at timestamptz not null default now(),
	due_at date,
	amount nonnegative_amount not null,
	currency text not null,
	taxes jsonb not null,
	notes text not null default '',
	document text not null, -- all that is printed, as JSON that is read as a whole: core/document/invoice.h
	constraint invoices_store_fkey foreign key (store) references stores,
	constraint invoices_order_id_fkey foreign key (order_id) references orders,
	constraint invoices_credits_fkey foreign key (credits) references invoices,
	constraint invoices_refund_fkey foreign key (refund) references refunds
);
select base_model_adopt('invoices');
create unique index invoices_number_key on invoices (store, number);
create unique index invoices_order_id_key on invoices (order_id) where kind = 'invoice';
create unique index invoices_refund_key on invoices (refund) where refund is not null;
create index invoices_order on invoices (order_id, created_at);
create index invoices_store on invoices (store, issued_at);
create index invoices_kind on invoices (kind, created_at);
create index invoices_number_order on invoices (number, id);
create index invoices_issued_at on invoices (issued_at, id);
create index invoices_credits on invoices (credits) where credits is not null;

-- The last number of each series. The row is locked until the transaction ends, and is rolled back with it: hence no
-- gaps.
create table invoice_counters (
	store uuid not null,
	kind text not null,
	financial_year integer not null, -- in which it begins
	last integer not null,
	constraint invoice_counters_pkey primary key (store, kind, financial_year),
	constraint invoice_counters_store_fkey foreign key (store) references stores
) with (fillfactor = 50);

-- The arguments of payment_begin() and refund_begin(), from cgi-bin/payments.
create type payment_request as (
	payment_id uuid, -- of a new payment
	order_id uuid,
	method text,
	online boolean,
	currencies jsonb, -- {only, codes[]}: the method takes only those, or all but those; null: all
	manual_capture boolean,
	slow_hours integer,
	user_id uuid, -- the caller, with role and the SHA-256 of the order_token that was sent
	role text,
	token_hash bytea,
	request_id text,
	key jsonb -- of idempotency_begin()
);

create type refund_request as (
	refund_id uuid, -- of a new refund
	payment_id uuid,
	amount numeric, -- null: all that is left
	reason text,
	restock boolean,
	user_id uuid,
	role text,
	token_hash bytea,
	request_id text,
	key jsonb
);

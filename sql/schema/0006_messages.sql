-- The outbox, and when cron ran.

-- The outbox: what is to be told to people is a row of the transaction that causes it, and is sent afterwards.
create domain outbox_channel as text constraint outbox_channel check (value in ('sms', 'mail'));

create domain outbox_status as text constraint outbox_status check
	(value in ('queued', 'sending', 'sent', 'skipped', 'dead'));

create table outbox (
	id uuid not null default uuid_v7(),
	created_at timestamptz not null default now(),
	template text not null,   -- "order_placed"
	channel outbox_channel not null,
	recipient text not null,
	language text not null default '',
	data jsonb not null,      -- what the template may name; empty once it is sent
	sealed text,              -- a secret among them, encrypted with SECRET_KEY: a sign-in code
	status outbox_status not null default 'queued',
	tries integer not null default 0,
	next_try_at timestamptz not null default now(),
	give_up_at timestamptz not null,
	sent_at timestamptz,
	last_error text not null default '',
	order_id uuid,
	constraint outbox_pkey primary key (id),
	constraint outbox_order_id_fkey foreign key (order_id) references orders
) with (fillfactor = 80);
create index outbox_due on outbox (next_try_at) where status in ('queued', 'sending');
create index outbox_dead on outbox (created_at) where status = 'dead';
create index outbox_sent on outbox (sent_at) where status = 'sent';
create index outbox_skipped on outbox (created_at) where status = 'skipped';
create index outbox_recipient on outbox (lower(recipient), created_at);
create index outbox_order on outbox (order_id) where order_id is not null;

-- When a sender was started last, or had something to do: one row.
create unlogged table outbox_sender (
	started_at timestamptz not null,
	only_one boolean not null default true,
	constraint outbox_sender_pkey primary key (only_one),
	constraint outbox_sender_only_one check (only_one)
);

create table cron_runs (
	only_one boolean not null default true,
	started_at timestamptz not null,
	ended_at timestamptz,
	constraint cron_runs_pkey primary key (only_one),
	constraint cron_runs_only_one check (only_one)
);

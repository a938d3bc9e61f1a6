-- Returned goods and refunds by line.

insert into order_statuses values
	('returned', 8, 'Came back undelivered; its money is refunded.');
insert into order_transitions values
	('shipped', 'returned', 'staff', 2);

-- From here on, restocked_at is set whenever nothing of an order can go back to stock any more.
update orders set restocked_at = modified_at where status = 'cancelled' and restocked_at is null;

-- An order for nothing is not paid any more once it is cancelled.
update orders o set payment_status = 'unpaid'
where o.status = 'cancelled' and o.total = 0 and o.payment_status = 'paid' and not exists (
	select 1 from payments p where p.order_id = o.id and p.status = 'captured');

-- Goods that a buyer sends back. "received" pieces have arrived; with "restock" they went to stock then.
create table returns (
	like base_model including all,
	order_id uuid not null,
	number integer not null, -- among those of the order
	reason text not null,
	note text not null default '', -- the store's, for the buyer
	constraint returns_order_id_fkey foreign key (order_id) references orders,
	constraint returns_number_key unique (order_id, number),
	constraint returns_status check (
		status in ('requested', 'approved', 'rejected', 'received', 'refunded', 'cancelled'))
);
select base_model_adopt('returns');

create table return_items (
	return_id uuid not null,
	order_item uuid not null,
	quantity line_quantity not null,
	reason text not null default '',
	received piece_count not null default 0,
	restock boolean not null default false,
	constraint return_items_pkey primary key (return_id, order_item),
	constraint return_items_return_id_fkey foreign key (return_id) references returns,
	constraint return_items_order_item_fkey foreign key (order_item) references order_items,
	constraint return_items_received check (received <= quantity)
);
create index return_items_order_item on return_items (order_item);

create type return_request as (
	order_id uuid,
	return_id uuid,
	action text, -- request, approve, reject, receive, cancel
	user_id uuid, -- the caller, with role and, of the order's token that was shown, the SHA-256
	role text,
	token_hash bytea,
	request_id text,
	language text,
	key jsonb, -- of idempotency_begin()
	reason text,
	note text,
	items jsonb -- [{id, quantity, reason}] of a request, [{id, quantity, restock}] of what was received
);

-- Of the amount of a refund: what is not of its lines, shipping or rounding was given beyond them.
alter table refunds
	add column shipping nonnegative_amount not null default 0, -- with its tax
	add column shipping_tax nonnegative_amount not null default 0,
	add column rounding numeric not null default 0, -- of the lines to what can be charged; the last has the order's
	add column return_id uuid, -- whose pieces are its lines
	add constraint refunds_return_id_fkey foreign key (return_id) references returns;
create index refunds_return_id on refunds (return_id) where return_id is not null;

-- The lines of a refund, while it is pending too; those of a failed one do not count.
create table refund_items (
	refund uuid not null,
	order_item uuid not null,
	quantity line_quantity not null,
	restock boolean not null,
	amount nonnegative_amount not null, -- with its tax
	tax nonnegative_amount not null,
	constraint refund_items_pkey primary key (refund, order_item),
	constraint refund_items_refund_fkey foreign key (refund) references refunds,
	constraint refund_items_order_item_fkey foreign key (order_item) references order_items,
	constraint refund_items_tax check (tax <= amount)
);
create index refund_items_order_item on refund_items (order_item);

alter type refund_request
	add attribute items jsonb, -- [{id, quantity, restock}]; restock null: as that of the refund
	add attribute shipping numeric,
	add attribute return_id uuid;

-- Returned goods and refunds by line.

-- From here on, restocked_at is set whenever nothing of an order can go back to stock any more.
update orders set restocked_at = modified_at where status = 'cancelled' and restocked_at is null;

-- Of the amount of a refund: what is not of its lines, shipping or rounding was given beyond them.
alter table refunds
	add column shipping nonnegative_amount not null default 0, -- with its tax
	add column shipping_tax nonnegative_amount not null default 0,
	add column rounding numeric not null default 0; -- of the lines to what can be charged; the last has the order's

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
	add attribute shipping numeric;

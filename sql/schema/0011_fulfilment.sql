-- What becomes of an order once it is placed: shipments, the labels of its store, corrected
-- invoices.

-- Shipments: which pieces of an order were handed to a carrier, by what, and when.

update order_statuses set position = position + 1 where position > 4;
insert into order_statuses values
	('partly_shipped', 5, 'Some pieces are handed to the carrier, others are still to be.');

update order_transitions set position = position + 1
where from_status in ('placed', 'paid') and to_status in ('shipped', 'cancelled');
insert into order_transitions values
	('placed', 'partly_shipped', 'staff', 3),
	('paid', 'partly_shipped', 'staff', 1),
	('partly_shipped', 'shipped', 'staff', 1),
	('partly_shipped', 'returned', 'staff', 2);

create table shipments (
	like base_model including all,
	order_id uuid not null,
	number integer not null, -- among those of its order, from 1
	carrier text,
	tracking_number text,
	tracking_url text,
	shipped_at timestamptz not null default now(),
	constraint shipments_order_id_fkey foreign key (order_id) references orders
);
select base_model_adopt('shipments');
create unique index shipments_number_key on shipments (order_id, number);

create table shipment_items (
	shipment uuid not null,
	order_item uuid not null,
	quantity line_quantity not null,
	constraint shipment_items_pkey primary key (shipment, order_item),
	constraint shipment_items_shipment_fkey foreign key (shipment) references shipments,
	constraint shipment_items_order_item_fkey foreign key (order_item) references order_items
);
create index shipment_items_order_item on shipment_items (order_item);

-- What was shipped before there were shipments went as one, when the order became shipped. It has the order's id, so
-- that it is the same whenever a backup is restored.
insert into shipments (id, created_at, modified_at, created_by, modified_by, order_id, number, carrier,
	tracking_number, shipped_at)
select o.id, e.created_at, e.created_at, e.user_id, e.user_id, o.id, 1, o.carrier, o.tracking_number, e.created_at
from orders o, lateral (
	select coalesce(min(v.created_at), o.modified_at) as created_at, min(v.user_id::text)::uuid as user_id
	from order_events v where v.order_id = o.id and v.to_status = 'shipped' and v.kind = 'status') e
where exists (select 1 from order_items i where i.order_id = o.id and i.shipped > 0);
insert into shipment_items (shipment, order_item, quantity)
select s.id, i.id, i.shipped from shipments s join order_items i on i.order_id = s.order_id where i.shipped > 0;

-- Pieces of one line of an order.
create type order_pieces as (order_item uuid, quantity integer);

-- What cgi-bin/orders sends to order_ship() and shipment_correct(): the head as in order_request.
create type shipment_request as (
	order_id uuid,
	user_id uuid,
	role text,
	token_hash bytea,
	request_id text,
	language text,
	key jsonb,
	shipment_id uuid, -- of one that is corrected
	items jsonb, -- [{id, quantity}]
	carrier text,
	tracking_number text,
	tracking_url text,
	note text,
	force boolean
);

-- Labels of the store, for its staff.
alter table orders
	add column tags jsonb not null default '[]';
create index orders_tags on orders using gin (tags) where tags <> '[]';
alter type order_request
	add attribute tags jsonb;

-- An invoice that was corrected is fully credited, and another one takes its place.
alter table invoices
	add column superseded boolean not null default false;
drop index invoices_order_id_key;
create unique index invoices_order_id_key on invoices (order_id) where kind = 'invoice' and not superseded;

-- What becomes of an order's lines after it is placed, and what else than transitions is in its history.

-- The pieces of a line. Taken out before they were shipped, or returned afterwards, they are in stock again:
-- order_item_check() keeps dropped + shipped within quantity, and returned within shipped.
alter table order_items
	add column dropped piece_count not null default 0,
	add column shipped piece_count not null default 0,
	add column returned piece_count not null default 0;

update order_items i set
	shipped = case when o.status in ('shipped', 'completed') then i.quantity else 0 end,
	returned = case when o.status in ('shipped', 'completed') and o.restocked_at is not null then i.quantity else 0 end,
	dropped = case when o.status = 'cancelled'
		or (o.status not in ('shipped', 'completed') and o.restocked_at is not null) then i.quantity else 0 end
from orders o
where o.id = i.order_id and (o.status in ('shipped', 'completed', 'cancelled') or o.restocked_at is not null);

-- Besides transitions there are notes, corrections, shipments and returns; from_status and to_status are then equal.
create domain order_event_kind as text constraint order_event_kind check (
	value in ('status', 'note', 'correction', 'shipment', 'return'));
alter table order_events
	add column kind order_event_kind not null default 'status',
	add column data jsonb not null default '{}'; -- of a correction: {"<member>": {"old": …, "new": …}}
update order_events set kind = 'note' where from_status = to_status;

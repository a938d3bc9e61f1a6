-- What is ordered, as lines: one for each product, for which staff may set a price or a discount, with a reason.

-- Without a reason the price is the product's.
create type basket_line as (product uuid, quantity integer, unit_price numeric, discount numeric, reason text);

alter type order_request
	drop attribute products,
	drop attribute quantities,
	add attribute lines basket_line[],
	add attribute buyer uuid,             -- for whom the store's staff place it
	add attribute expected_total numeric; -- what the buyer was shown

alter type quote_line add attribute price_reason text, add attribute price_discount numeric;

alter table order_items
	add column price_reason text,                           -- of staff, who set the price or took something off
	add column price_discount numeric not null default 0; -- that, of discount_amount; the rest is the coupon's

alter table cart_items
	add column discount_amount nonnegative_amount not null default 0,
	add column price_reason text, -- of staff, who set the price or took something off
	add column is_price_set boolean not null default false; -- unit_price is what staff set

-- A product that stands twice in a cart becomes one line, at the first one's place.
with gone as (
	delete from cart_items i
	where i.order_id in (select t.order_id from cart_items t group by t.order_id, t.product having count(*) > 1)
	returning i.*)
insert into cart_items (order_id, position, product, quantity, unit_price)
select l.order_id, row_number() over (partition by l.order_id order by l.first), l.product, least(l.pieces, 10000),
	l.unit_price
from (
	select g.order_id, g.product, min(g.position) as first, sum(g.quantity) as pieces,
		(array_agg(g.unit_price order by g.position))[1] as unit_price
	from gone g group by g.order_id, g.product) l;

-- A cart's quote: what its lines that can be bought cost, which of its positions they have, and why its coupon or
-- shipping method is refused.
create type cart_state as (quoted quote, positions integer[], refusal refusal[]);

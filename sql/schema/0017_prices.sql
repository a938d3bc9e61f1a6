-- Prices that may be missing or be those of a sale, what pieces cost the shop, and how each product's stock is kept.

alter table products
	alter column price drop not null, -- null: not for sale
	add column sale_price numeric,
	add column sale_from timestamptz,
	add column sale_to timestamptz,
	add column cost_price numeric,
	add column track_inventory boolean not null default true,
	add column allow_backorder boolean not null default false,
	add column low_stock_threshold integer,
	add column min_quantity integer not null default 1,
	add column max_quantity integer,
	add column quantity_step integer not null default 1,
	add constraint products_sale_price check (sale_price >= 0),
	add constraint products_cost_price check (cost_price >= 0),
	add constraint products_low_stock_threshold check (low_stock_threshold >= 0),
	add constraint products_min_quantity check (min_quantity between 1 and 10000),
	add constraint products_max_quantity check (max_quantity between 1 and 10000),
	add constraint products_quantity_step check (quantity_step between 1 and 10000);

-- What follows from the product and, for a parent, from its variants: stock_follow() writes it, nobody else. Here and
-- not in products: orders lock this row, so that they see one state of the policy, and a price that changes with a
-- variant or with time is no change of the product, which the audit log would have.
alter table stock
	add column is_tracked boolean not null default true,
	add column owed_max integer not null default 0, -- how far below zero the count may go
	add column shop_price numeric,     -- what a shopper pays, the least of the variants; null: not for sale
	add column shop_price_max numeric, -- the greatest of the variants
	add column price_changes_at timestamptz,
	drop constraint stock_not_negative,
	add constraint stock_not_negative check (inventory_count >= -owed_max);

update stock k set shop_price = d.lowest, shop_price_max = d.highest, price_changes_at = d.changes_at
from (
	select p.id, case when count(v.id) = 0 then p.price else min(v.price) filter (where is_live(v.is_deleted,
			v.is_suspended, v.active_from, v.active_to)) end as lowest,
		case when count(v.id) = 0 then p.price else max(v.price) filter (where is_live(v.is_deleted,
			v.is_suspended, v.active_from, v.active_to)) end as highest,
		min(least(case when v.active_from > now() then v.active_from end,
			case when v.active_to > now() then v.active_to end)) filter (where not v.is_deleted) as changes_at
	from products p left join products v on v.parent = p.id group by p.id) d
where k.product = d.id;

drop index products_price;
create index stock_shop_price on stock (shop_price);
-- Lists by price end with what is not for sale.
create index stock_shop_price_order on stock (coalesce(shop_price, 'infinity'), product);
create index stock_price_changes_at on stock (price_changes_at) where price_changes_at is not null;

-- Lists of what is out of stock, and of what is not. sold_from: the fewest pieces of which some can be sold; below any
-- count where none are counted; of a parent below or above any count, as one of its variants can be sold or none.
alter table stock add column sold_from integer not null default 1;
update stock k set sold_from = d.sold_from
from (
	select p.id, case when p.has_variants then 2000000000
		when not p.track_inventory or p.allow_backorder then -2000000000
		else (p.min_quantity + p.quantity_step - 1) / p.quantity_step * p.quantity_step end as sold_from
	from products p) d
where k.product = d.id and k.sold_from <> d.sold_from;
update stock k set sold_from = -2000000000
where k.product in (
	select v.parent from products v join stock s on s.product = v.id and s.inventory_count >= s.sold_from
	where v.published and is_live(v.is_deleted, v.is_suspended, v.active_from, v.active_to));
alter table stock add column is_out boolean not null generated always as (inventory_count < sold_from) stored;
create index stock_is_out on stock (product) where is_out;

-- What lists go by is never null, so that one index serves filters, orderings and pages: infinity is not for sale.
update stock set shop_price = 'infinity' where shop_price is null;
alter table stock
	alter column shop_price set default 'infinity',
	alter column shop_price set not null;
drop index stock_shop_price, stock_shop_price_order;
create index stock_shop_price on stock (shop_price, product);

-- What buying is measured with, on top of catalogue.sql: a second store of 200 products with a shipping method and a
-- coupon, 200 carts of a customer, orders that wait for their money at Razorpay, :each of each product, and the signed
-- events that bring it. Run by the owner with -v each=NUMBER -v customer=ID -v secret=RAZORPAY_WEBHOOK_SECRET -v dir=DIRECTORY, where it leaves the files
-- checkout-ids, cart-ids, invoice-ids and events (signature, tab, body). Prints "STORE METHOD".
\set ON_ERROR_STOP 1
create extension if not exists pgcrypto;

insert into stores (name, slug, currency, prices_include_tax)
values ('Bench checkout', 'bench-checkout', 'INR', true)
returning id as store \gset
insert into shipping_methods (store, name, price, tax_rate, free_over, countries)
values (:'store', 'Parcel', 40, 18, 5000, '["IN"]')
returning id as method \gset
insert into coupons (code, discount_percent, usage_limit) values ('BENCH10', 10, 100000000);
insert into products (sku, name, slug, store, price, tax_rate, attributes)
select 'CHECKOUT-' || n, 'Kettle ' || n, 'kettle-' || n, :'store', 100 + n, (array[5, 12, 18])[n % 3 + 1], '{"hsn": "7323"}'
from generate_series(1, 200) n;
insert into stock_movements (product, delta, reason)
select p.id, 1000000, 'opening stock' from products p where p.store = :'store';

create temporary view lines as
select row_number() over (order by p.id) as n, p.id as product
from products p where p.store = :'store';
create temporary view basket as
select n, jsonb_build_object('user_id', :'customer', 'request_id', 'bench', 'store', :'store',
	'shipping_method', :'method', 'coupon', 'BENCH10', 'lines',
	jsonb_build_array(jsonb_build_object('product', product, 'quantity', 1)), 'contact_name', 'Asha Rao', 'contact_email', 'asha@example.com',
	'shipping_address', '{"line1": "12 Lake Road", "city": "Pune", "region": "Maharashtra", "country": "IN"}'::jsonb) as request
from lines;

select count(order_cart_save(b.request || jsonb_build_object('order_id', uuid_v7()))) from basket b \g /dev/null
select count(order_place(b.request || jsonb_build_object('order_id', uuid_v7())))
from basket b, generate_series(1, :each) \g /dev/null

insert into payments (order_id, payment_method, online, amount, currency, status, gateway_id, requested_at)
select o.id, 'razorpay', true, o.total, o.currency, 'pending', 'order_' || replace(o.id::text, '-', ''), now()
from orders o where o.store = :'store' and o.status = 'placed';

create temporary view events as
select convert_to(jsonb_build_object('entity', 'event', 'account_id', 'acc_Bench', 'event', 'payment.captured',
	'contains', '["payment"]'::jsonb, 'created_at', 1795000001, 'payload', jsonb_build_object('payment', jsonb_build_object(
		'entity', jsonb_build_object('id', 'pay_' || substr(p.gateway_id, 7), 'entity', 'payment',
			'amount', (p.amount * 100)::bigint, 'currency', p.currency, 'status', 'captured', 'order_id', p.gateway_id,
			'method', 'upi', 'amount_refunded', 0, 'captured', true, 'notes', '[]'::jsonb, 'fee', 236, 'tax', 36,
			'email', 'buyer@example.org', 'contact', '+919812345678', 'created_at', 1795000000))))::text, 'UTF8') as body
from payments p;

\pset tuples_only on
\pset format unaligned
\o :dir/checkout-ids
select p.id from products p where p.store = :'store';
\o :dir/cart-ids
select o.id from orders o where o.status = 'cart';
\o :dir/invoice-ids
select i.id from invoices i join orders o on o.id = i.order_id where o.user_id = :'customer' limit 500;
\o :dir/events
select encode(hmac(e.body, :'secret', 'sha256'), 'hex') || E'\t' || convert_from(e.body, 'UTF8') from events e;
\o
vacuum analyze orders, order_items, order_events, cart_items, invoices, payments, outbox, coupon_redemptions;
\echo :store :method

-- In front of every file: a transaction with pgTAP in it, and a shop.
begin;
set local client_min_messages = warning;
create schema tap;
create extension pgtap schema tap;
grant usage on schema tap to cgishop_owner;
set local role cgishop_owner;
set local search_path = public, tap;
select * from no_plan();

-- A store, its staff member, a customer, and two products with stock.
insert into users (id, name, email, is_staff, password_hash) values
	('00000000-0000-4000-8000-00000000000a', 'Staff', 'staff@sql.example', true, 'x');
insert into users (id, name, mobile_number, is_customer, mobile_verified_at) values
	('00000000-0000-4000-8000-00000000000c', 'Customer', '+4915900000001', true, now());
insert into stores (id, name, slug, currency, owner) values
	('00000000-0000-4000-8000-000000000001', 'Shop', 'sql-shop', 'EUR', '00000000-0000-4000-8000-00000000000a');
insert into products (id, sku, name, slug, store, price, currency, tax_rate) values
	('00000000-0000-4000-8000-0000000000a1', 'SQL-1', 'Tea', 'sql-tea', '00000000-0000-4000-8000-000000000001', 10, 'EUR', 19),
	('00000000-0000-4000-8000-0000000000a2', 'SQL-2', 'Cup', 'sql-cup', '00000000-0000-4000-8000-000000000001', 4.99, 'EUR', 7);
insert into stock_movements (product, delta, reason) values
	('00000000-0000-4000-8000-0000000000a1', 20, 'opening'), ('00000000-0000-4000-8000-0000000000a2', 3, 'opening');
\set store '''00000000-0000-4000-8000-000000000001'''
\set staff '''00000000-0000-4000-8000-00000000000a'''
\set customer '''00000000-0000-4000-8000-00000000000c'''
\set tea '''00000000-0000-4000-8000-0000000000a1'''
\set cup '''00000000-0000-4000-8000-0000000000a2'''

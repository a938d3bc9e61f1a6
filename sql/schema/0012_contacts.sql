-- Who buys, where it goes and who is notified: businesses have addresses too, and what is picked up needs none.

alter table addresses
	add column company text not null default '',
	add column tax_id text not null default ''; -- core/base/tax_id.h has its form

-- The buyer fetches the goods: no address is needed, and countries do not matter.
alter table shipping_methods add column pickup boolean not null default false;

-- Where store_notify() sends what happens, and in which language; empty: the one of LANGUAGE.
alter table stores
	add column notification_emails jsonb not null default '[]',
	add column language text not null default '',
	add constraint stores_notification_emails check (
		jsonb_typeof(notification_emails) = 'array' and jsonb_array_length(notification_emails) <= 10),
	add constraint stores_language check (language ~ '^([a-z]{2})?$');

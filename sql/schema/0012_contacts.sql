-- Who buys and where it goes: businesses have addresses too, and what is picked up needs none.

alter table addresses
	add column company text not null default '',
	add column tax_id text not null default ''; -- core/base/tax_id.h has its form

-- The buyer fetches the goods: no address is needed, and countries do not matter.
alter table shipping_methods add column pickup boolean not null default false;

-- What a checkout needs beside products: addresses, coupons, shipping methods, carts.

-- Checks of one column belong to its type where rows are written on the way of an order: a domain's is parsed once by a
-- session, a table's at each statement, and an order writes a dozen rows.
create domain nonnegative_amount as numeric constraint not_negative check (value >= 0);
create domain positive_amount as numeric constraint positive check (value > 0);
create domain piece_count as integer constraint not_negative check (value >= 0);
create domain piece_delta as integer constraint not_zero check (value <> 0);
create domain line_quantity as integer constraint quantity check (value between 1 and 10000);
create domain audit_action as text constraint audit_action check (value in ('insert', 'update', 'delete'));
create domain order_payment_status as text constraint order_payment_status check (
	value in ('unpaid', 'pending', 'paid', 'partially_refunded', 'refunded'));

alter table audit_logs drop constraint audit_logs_action, alter column action type audit_action;
-- A row of the log is not compressed while it fits: that took longer than all its indexes.
alter table audit_logs set (toast_tuple_target = 4080);
alter table stock_movements drop constraint stock_movements_delta, alter column delta type piece_delta;

-- As in 0001_base.sql, in plpgsql: a transaction that makes a dozen ids sets it up once.
create or replace function uuid_v7() returns uuid
language plpgsql volatile parallel safe as $$
begin
	return encode(
		set_bit(set_bit(
			overlay(uuid_send(gen_random_uuid())
				placing substring(int8send((date_part('epoch', clock_timestamp()) * 1000)::bigint) from 3)
				from 1 for 6),
			52, 1), 53, 1),
		'hex')::uuid;
end
$$;

-- The members of two objects, none of them empty, as one.
create function json_join(one text, more text) returns text
language sql immutable parallel safe as $$
	select left(one, -1) || ',' || substr(more, 2)
$$;

-- What an invoice says of its seller, and how its number is made (0008_invoices.sql).
alter table stores
	add column tax_number text not null default '',
	add column bank_details text not null default '',
	add column invoice_prefix text not null default 'INV',
	add column credit_note_prefix text not null default 'CN',
	add column financial_year_start integer not null default 1,
	add column invoice_due_days integer not null default 0,
	add column guest_max_quantity integer default 20, -- in a guest's order that is not paid online; null: any
	add column guest_max_total numeric,               -- of such an order; null: any
	add column cod_confirmation text not null default 'none',
	add constraint stores_cod_confirmation check (cod_confirmation in ('none', 'code')),
	add constraint stores_guest_max_quantity check (guest_max_quantity > 0),
	add constraint stores_guest_max_total check (guest_max_total > 0),
	add column rounding_step numeric, -- totals are a multiple of it; null: of the currency's step
	add constraint stores_invoice_prefix check (invoice_prefix ~ '^[A-Z0-9/-]{1,4}$'),
	add constraint stores_credit_note_prefix check (
		credit_note_prefix ~ '^[A-Z0-9/-]{1,4}$' and credit_note_prefix <> invoice_prefix),
	add constraint stores_financial_year_start check (financial_year_start between 1 and 12),
	add constraint stores_invoice_due_days check (invoice_due_days between 0 and 365);

-- Two series never share a number: the prefixes differ, and neither becomes one that the other had.
create function store_check_prefixes() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	if new.invoice_prefix = new.credit_note_prefix then
		perform refuse(case when tg_op = 'UPDATE' and new.credit_note_prefix = old.credit_note_prefix
				then '/invoice_prefix' else '/credit_note_prefix' end,
			'invalid', 'Invoices and credit notes need prefixes that differ.');
	elsif tg_op = 'UPDATE' and new.invoice_prefix <> old.invoice_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'credit_note'
			and i.number ~ ('^' || new.invoice_prefix || '[0-9]+-')) then
		perform refuse('/invoice_prefix', 'taken', 'There are credit notes with this prefix.');
	elsif tg_op = 'UPDATE' and new.credit_note_prefix <> old.credit_note_prefix and exists (
		select 1 from invoices i where i.store = new.id and i.kind = 'invoice'
			and i.number ~ ('^' || new.credit_note_prefix || '[0-9]+-')) then
		perform refuse('/credit_note_prefix', 'taken', 'There are invoices with this prefix.');
	end if;
	return new;
end
$$;
create trigger check_prefixes before insert or update of invoice_prefix, credit_note_prefix on stores
	for each row execute function store_check_prefixes();

-- A store's step is a multiple of the currency's one, so that what is rounded to it can be charged.
create function store_check_rounding() returns trigger
language plpgsql as $$
declare
	step constant numeric := currency_step(new.currency);
begin
	if new.rounding_step <= 0 or new.rounding_step % step <> 0 then
		perform refuse('/rounding_step', 'invalid', format('It must be a positive multiple of %s %s.', step, new.currency));
	end if;
	new.rounding_step := round(new.rounding_step, scale(step));
	return new;
end
$$;
create trigger check_rounding before insert or update of rounding_step, currency on stores
	for each row when (new.rounding_step is not null) execute function store_check_rounding();

create or replace view live_stores as
select s.* from stores s
where is_live(s.is_deleted, s.is_suspended, s.active_from, s.active_to);

create table addresses (
	like base_model including all,
	user_id uuid not null,
	label text not null default '',
	name text not null default '',
	line1 text not null,
	line2 text not null default '',
	city text not null,
	region text not null default '',
	postal_code text not null default '',
	country text not null,
	phone text,
	is_default boolean not null default false,
	constraint addresses_user_id_fkey foreign key (user_id) references users,
	constraint addresses_country check (country ~ '^[A-Z]{2}$')
);
select base_model_adopt('addresses');
create index addresses_user on addresses (user_id, created_at);
create index addresses_label on addresses (label, id);

-- An address belongs to whoever makes it; nobody needs more than a hundred; one of somebody's is the default, the newest
-- that was called so.
create function address_check() returns trigger
language plpgsql as $$
begin
	if tg_op = 'INSERT' then
		new.user_id := coalesce(acting_user(), new.user_id); -- who is nobody is a tool
	end if;
	-- The lock: two that are made, or become the default, at once come one after the other.
	perform 1 from users u where u.id = new.user_id for no key update;
	if not new.is_deleted and (tg_op = 'INSERT' or old.is_deleted)
		and (select count(*) from addresses a where a.user_id = new.user_id and not a.is_deleted) >= 100 then
		raise exception using errcode = 'CS409', message = 'You have a hundred addresses: delete one first.';
	end if;
	if new.is_default and not new.is_deleted and (tg_op = 'INSERT' or not old.is_default or old.is_deleted) then
		update addresses a set is_default = false
		where a.user_id = new.user_id and a.is_default and a.id <> new.id;
	end if;
	return new;
end
$$;
create trigger check_rules before insert or update on addresses for each row execute function address_check();

-- An amount with more decimals than its currency has, as a list of one error; an empty list: it has not.
create function money_refused(pointer text, amount numeric, decimals integer) returns jsonb
language sql immutable parallel safe as $$
	select case when amount <> round(amount, decimals) then jsonb_build_array(jsonb_build_object(
		'pointer', pointer, 'code', 'max_decimal_places',
		'detail', format('The currency has %s decimal places.', decimals))) else '[]' end
$$;

create table coupons (
	like base_model including all,
	code text not null,
	description text not null default '',
	store uuid,
	discount_percent numeric,
	discount_amount numeric,
	min_order_value numeric,
	valid_from timestamptz,
	valid_to timestamptz,
	usage_limit integer,
	usage_limit_per_customer integer,
	is_active boolean not null default true,
	constraint coupons_store_fkey foreign key (store) references stores,
	constraint coupons_discount_percent check (discount_percent > 0 and discount_percent <= 100),
	constraint coupons_discount_amount check (discount_amount > 0),
	constraint coupons_min_order_value check (min_order_value >= 0),
	constraint coupons_usage_limit check (usage_limit > 0),
	constraint coupons_usage_limit_per_customer check (usage_limit_per_customer > 0)
);
select base_model_adopt('coupons');
create unique index coupons_code_key on coupons (upper(code)) where not is_deleted;
create index coupons_store on coupons (store, created_at);
create index coupons_code_order on coupons (code, id);

-- The rules that need two of the fields; all that are broken at once.
create function coupon_check() returns trigger
language plpgsql as $$
declare
	decimals constant integer := (select currency_decimals(s.currency) from stores s where s.id = new.store);
	wrong jsonb := '[]';
begin
	if num_nonnulls(new.discount_percent, new.discount_amount) <> 1 then
		wrong := wrong || jsonb_build_object('pointer', '/discount_percent', 'code', 'one_of',
			'detail', 'Give either discount_percent or discount_amount.');
	end if;
	if new.valid_from >= new.valid_to then
		wrong := wrong || jsonb_build_object('pointer', '/valid_to', 'code', 'invalid', 'detail', 'It ends before it begins.');
	end if;
	if new.store is null and (new.discount_amount is not null or new.min_order_value is not null) then
		wrong := wrong || jsonb_build_object('pointer', '/store', 'code', 'required',
			'detail', 'An amount of money needs a store, because it needs a currency.');
	elsif new.store is not null then
		wrong := wrong || money_refused('/discount_amount', new.discount_amount, decimals)
			|| money_refused('/min_order_value', new.min_order_value, decimals);
		new.discount_amount := round(new.discount_amount, decimals);
		new.min_order_value := round(new.min_order_value, decimals);
	end if;
	if wrong <> '[]' then
		perform refuse_all(wrong::json, 'Some values do not go together.');
	end if;
	return new;
end
$$;
create trigger check_rules before insert or update on coupons for each row execute function coupon_check();

-- How often a coupon was used: a row of its own, because buyers lock it while staff edit the coupon.
create table coupon_uses (
	coupon uuid not null,
	used_count piece_count not null default 0,
	constraint coupon_uses_pkey primary key (coupon),
	constraint coupon_uses_coupon_fkey foreign key (coupon) references coupons
) with (fillfactor = 70);

create function coupon_open() returns trigger
language plpgsql security definer set search_path = public, pg_temp as $$
begin
	insert into coupon_uses (coupon) values (new.id);
	return null;
end
$$;
create trigger uses_open after insert on coupons for each row execute function coupon_open();

-- Who used it for which order, as far as it was proven (order_buyer); gone when the order is cancelled.
create table coupon_redemptions (
	order_id uuid not null,
	coupon uuid not null,
	user_id uuid,
	mobile text,
	email text,
	created_at timestamptz not null default now(),
	constraint coupon_redemptions_pkey primary key (order_id),
	constraint coupon_redemptions_order_id_fkey foreign key (order_id) references orders,
	constraint coupon_redemptions_coupon_fkey foreign key (coupon) references coupons
);
create index coupon_redemptions_user on coupon_redemptions (coupon, user_id) where user_id is not null;
create index coupon_redemptions_mobile on coupon_redemptions (coupon, mobile) where mobile is not null;
create index coupon_redemptions_email on coupon_redemptions (coupon, lower(email)) where email is not null;

create table shipping_methods (
	like base_model including all,
	store uuid not null,
	name text not null,
	price numeric not null,
	tax_rate numeric(6, 3) not null default 0,
	free_over numeric,
	countries jsonb not null default '[]', -- ["DE", "AT"]; none: all of them
	constraint shipping_methods_store_fkey foreign key (store) references stores,
	constraint shipping_methods_price check (price >= 0),
	constraint shipping_methods_tax_rate check (tax_rate between 0 and 100),
	constraint shipping_methods_free_over check (free_over >= 0),
	constraint shipping_methods_countries check (jsonb_typeof(countries) = 'array')
);
select base_model_adopt('shipping_methods');
create index shipping_methods_store on shipping_methods (store, created_at);
create index shipping_methods_name on shipping_methods (name, id);
create index shipping_methods_price on shipping_methods (price, id);

create function shipping_method_check() returns trigger
language plpgsql as $$
declare
	decimals constant integer := (select currency_decimals(s.currency) from stores s where s.id = new.store);
	wrong jsonb := money_refused('/price', new.price, decimals) || money_refused('/free_over', new.free_over, decimals);
begin
	if wrong <> '[]' then
		perform refuse_all(wrong::json, 'The currency does not have these amounts.');
	end if;
	new.price := round(new.price, decimals);
	new.free_over := round(new.free_over, decimals);
	return new;
end
$$;
create trigger check_rules before insert or update on shipping_methods
	for each row execute function shipping_method_check();

create view live_shipping_methods as
select m.* from shipping_methods m
where is_live(m.is_deleted, m.is_suspended, m.active_from, m.active_to)
	and exists (select 1 from live_stores v where v.id = m.store);

-- A cart is an order without a number; its lines are not bought yet, so they keep what was asked for and the price
-- that was seen, and nothing else.
alter table orders
	alter column number drop not null,
	alter column number drop default,
	add column carrier text,
	add column coupon_id uuid,
	add column shipping_method uuid,
	add column shipping_method_name text,
	add column shipping_tax_rate numeric not null default 0,
	add column shipping_tax nonnegative_amount not null default 0,
	add column language text not null default '',
	add column restocked_at timestamptz,
	add column email_proven boolean not null default false, -- a guest's contact, by a code that was sent to it
	add column mobile_proven boolean not null default false,
	add column claimed boolean not null default false, -- its customer's by the number alone that a guest typed
	add column disowned boolean not null default false, -- by one whose number it is; not claimed again
	add constraint orders_numbered check (status = 'cart' or (number is not null and placed_at is not null)),
	add constraint orders_coupon_id_fkey foreign key (coupon_id) references coupons,
	add constraint orders_shipping_method_fkey foreign key (shipping_method) references shipping_methods,
	add constraint orders_shipping_tax check (shipping_tax <= tax_total),
	drop constraint orders_payment_status,
	drop constraint orders_not_negative,
	alter column payment_status type order_payment_status,
	alter column subtotal type nonnegative_amount,
	alter column discount_total type nonnegative_amount,
	alter column shipping_total type nonnegative_amount,
	alter column tax_total type nonnegative_amount,
	alter column total type nonnegative_amount;
alter sequence order_numbers owned by orders.number;
create index orders_carts on orders (modified_at) where status = 'cart';
create index orders_unpaid on orders (placed_at) where status in ('placed', 'pending');
create index orders_of_guests on orders (contact_mobile) where user_id is null;
create index orders_of_guests_mail on orders (lower(contact_email)) where user_id is null;

alter table order_items
	drop constraint order_items_quantity,
	alter column quantity type line_quantity,
	add column hsn text, -- the goods' number for the tax office: attributes.hsn of the product
	add column options jsonb not null default '{}', -- what told the variant from its siblings: product_options()
	add constraint order_items_line_total check (
		line_total - unit_price * quantity + discount_amount in (0, tax_amount)),
	add constraint order_items_discount check (discount_amount between 0 and unit_price * quantity);

create table cart_items (
	order_id uuid not null,
	position integer not null,
	product uuid not null,
	quantity line_quantity not null,
	unit_price numeric not null, -- as it was seen when the line was put in
	constraint cart_items_pkey primary key (order_id, position),
	constraint cart_items_order_id_fkey foreign key (order_id) references orders on delete cascade,
	constraint cart_items_product_fkey foreign key (product) references products
);

-- --- prices: the one place where they are computed

create type quote_line as (
	position integer, product uuid, sku text, name text, hsn text, options jsonb, quantity integer,
	unit_price numeric, tax_rate numeric, tax_amount numeric, discount_amount numeric, line_total numeric
);

create type quote as (
	lines quote_line[],
	subtotal numeric, discount_total numeric, shipping_total numeric, shipping_tax numeric, tax_total numeric,
	rounding numeric, total numeric
);

-- What tells a variant from its siblings: those of its attributes that one of them has not, or has with another value; of
-- an only child, that its parent has not so. Nothing of a product that is no variant. Short texts, numbers and truth
-- values: what people choose by.
create function product_options(p products) returns jsonb
language plpgsql stable as $$
declare
	others jsonb[];
begin
	if p.parent is null then
		return '{}';
	end if;
	select array_agg(s.attributes) into others
	from products s where s.parent = p.parent and s.id <> p.id and not s.is_deleted;
	if others is null then
		others := array(select o.attributes from products o where o.id = p.parent);
	end if;
	return (select coalesce(jsonb_object_agg(a.key, a.value), '{}') from jsonb_each(p.attributes) a
		where a.key <> 'hsn' and jsonb_typeof(a.value) in ('string', 'number', 'boolean') and length(a.value::text) <= 100
			and exists (select 1 from unnest(others) o where o -> a.key is distinct from a.value));
end
$$;

-- What some products cost together, now. Rounding is per line, to the currency's unit, half up. A coupon's amount is
-- spread over the lines in proportion, so that the parts sum up to it exactly; tax is of what is left of a line. The
-- total alone is rounded to what can be charged, half up, and the difference is kept beside it: taxes stay as they are.
create function order_quote(shop stores, ids uuid[], quantities integer[], coupon coupons, method shipping_methods)
returns quote
language plpgsql stable as $$
declare
	decimals constant integer := currency_decimals(shop.currency);
	nothing constant numeric := round(0::numeric, decimals);
	step constant numeric := coalesce(shop.rounding_step, currency_step(shop.currency));
	-- What is divided has these decimal places at least: a quotient that is cut earlier can be rounded to another unit.
	fine constant numeric := 1.000000000000000000000000;
	q quote;
	lines quote_line[];
	line quote_line;
	net numeric;
	taxed numeric;
	discount numeric;     -- that a coupon's amount can give
	up_to numeric := 0;   -- the lines so far
	discounted numeric := nothing; -- of them
begin
	select array_agg(row(w.position, p.id, p.sku, p.name, nullif(p.attributes ->> 'hsn', ''),
			case when p.parent is null then '{}' else product_options(p) end, w.quantity, p.price, p.tax_rate, nothing, nothing, nothing)::quote_line order by w.position),
		coalesce(sum(p.price * w.quantity), nothing)
	into lines, q.subtotal
	from unnest(ids, quantities) with ordinality w (product, quantity, position)
	join products p on p.id = w.product;
	discount := least(coupon.discount_amount, q.subtotal);
	q.discount_total := nothing;
	q.tax_total := nothing;
	for i in 1 .. coalesce(array_length(lines, 1), 0) loop
		line := lines[i];
		net := line.unit_price * line.quantity;
		if coupon.discount_percent is not null then
			line.discount_amount := round(fine * net * coupon.discount_percent / 100, decimals);
		elsif coupon.discount_amount is not null and q.subtotal > 0 then
			up_to := up_to + net;
			line.discount_amount := round(fine * discount * up_to / q.subtotal, decimals) - discounted;
			discounted := discounted + line.discount_amount;
		end if;
		taxed := net - line.discount_amount;
		line.tax_amount := round(fine * taxed * line.tax_rate
			/ case when shop.prices_include_tax then 100 + line.tax_rate else 100 end, decimals);
		line.line_total := taxed + case when shop.prices_include_tax then 0 else line.tax_amount end;
		q.discount_total := q.discount_total + line.discount_amount;
		q.tax_total := q.tax_total + line.tax_amount;
		lines[i] := line;
	end loop;
	q.lines := lines;
	q.shipping_total := case
		when method.id is null or q.subtotal - q.discount_total >= method.free_over then nothing
		else method.price end;
	q.shipping_tax := round(fine * q.shipping_total * coalesce(method.tax_rate, 0)
		/ case when shop.prices_include_tax then 100 + coalesce(method.tax_rate, 0) else 100 end, decimals);
	q.tax_total := q.tax_total + q.shipping_tax;
	q.total := q.subtotal - q.discount_total + q.shipping_total
		+ case when shop.prices_include_tax then 0 else q.tax_total end;
	q.rounding := round(fine * q.total / step) * step - q.total;
	q.total := q.total + q.rounding;
	return q;
end
$$;

-- Who buys, as far as it is proven: a customer's account with its own number and address, whatever contact they gave; a
-- guest's contact where it was confirmed by a code; the contact that the store's people enter for a buyer. All null:
-- somebody who may be anybody.
create function order_buyer(o orders, out who uuid, out mobile text, out email text)
language plpgsql stable as $$
declare
	person users;
begin
	if o.user_id is not null then
		select * into person from users u where u.id = o.user_id;
	end if;
	if person.is_admin or (person.is_staff and works_in_store(person.id, o.store)) then
		mobile := o.contact_mobile;
		email := o.contact_email;
	elsif person.id is not null then
		who := person.id;
		mobile := case when person.mobile_verified_at is not null then person.mobile_number end;
		email := case when person.email_verified_at is not null then person.email end;
	else
		mobile := case when o.mobile_proven then o.contact_mobile end;
		email := case when o.email_proven then o.contact_email end;
	end if;
end
$$;

-- Why a coupon cannot be used, as {code, detail}; null: it can. Of a coupon that is not there, is switched off or
-- belongs to another store it says the same. Limits are looked at where `uses` is known: under its lock. A limit for each
-- customer needs one who is proven: by a contact that is only typed, others' coupons would be used up.
create function coupon_refusal(c coupons, shop stores, subtotal numeric, uses integer, o orders)
returns json
language plpgsql stable as $$
declare
	buyer record;
	used integer;
begin
	if c.id is null or c.store <> shop.id or not c.is_active
		or not is_live(c.is_deleted, c.is_suspended, c.active_from, c.active_to) then
		return json_build_object('code', 'not_found', 'detail', 'There is no such coupon.');
	elsif c.valid_from > now() then
		return json_build_object('code', 'not_yet', 'detail', 'The coupon is not valid yet.');
	elsif c.valid_to <= now() then
		return json_build_object('code', 'expired', 'detail', 'The coupon has expired.');
	elsif subtotal < c.min_order_value then
		return json_build_object('code', 'min_value', 'detail',
			format('The coupon is for orders of at least %s %s.', c.min_order_value, shop.currency));
	elsif uses >= c.usage_limit then
		return json_build_object('code', 'used_up', 'detail', 'The coupon has reached its usage limit.');
	elsif c.usage_limit_per_customer is not null then
		select * into buyer from order_buyer(o);
		if num_nonnulls(buyer.who, buyer.mobile, buyer.email) = 0 then
			return json_build_object('code', 'sign_in_required', 'detail',
				'The coupon has a limit per customer: sign in, or confirm the contact of the cart.');
		end if;
		select count(*) into used from coupon_redemptions r
		where r.coupon = c.id and (r.user_id = buyer.who or r.mobile = buyer.mobile or lower(r.email) = lower(buyer.email));
		if used >= c.usage_limit_per_customer then
			return json_build_object('code', 'used_up', 'detail', 'You have reached the usage limit of this coupon.');
		end if;
	end if;
	return null;
end
$$;

-- The same for a shipping method; null also when the store needs none.
create function shipping_refusal(m shipping_methods, shop stores, wanted uuid, address jsonb) returns json
language plpgsql stable as $$
begin
	if wanted is null then
		if exists (select 1 from live_shipping_methods l where l.store = shop.id) then
			return json_build_object('code', 'required', 'detail', 'Choose one of the store''s shipping methods.');
		end if;
	elsif m.id is null or m.store <> shop.id then
		return json_build_object('code', 'not_found', 'detail', 'The store has no such shipping method.');
	elsif m.countries <> '[]' and not m.countries ? coalesce(address ->> 'country', '') then
		return json_build_object('code', 'wrong_country', 'detail',
			'It does not go to the country of the shipping address.');
	end if;
	return null;
end
$$;

# A database of each released version (tests/upgrade) is migrated to this one, and is then what a new one is.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need PSQL
	host=$($PSQL -c '\echo :HOST') port=$($PSQL -c '\echo :PORT')
	export host port
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	name=upgrade_$BATS_TEST_NUMBER
	for base in "${name}_old" "${name}_new"; do
		postgres postgres -c "set client_min_messages = error" -c "drop database if exists $base" -c "create database $base owner cgishop_owner"
	done
}

teardown() {
	postgres postgres -c "drop database if exists ${name}_old" -c "drop database if exists ${name}_new"
}

# postgres DATABASE ARGUMENT... : psql as the cluster's superuser.
postgres() { psql -h "$host" -U postgres -X -q -A -t -v ON_ERROR_STOP=1 -d "$1" "${@:2}"; }

# migrate DATABASE : as this version does it.
migrate() {
	local server="host=${host//\//%2F}&port=$port"
	printf '%s\n' "DATABASE_URL=postgresql://cgishop_app@/$1?$server" MEDIA_DIR=/nonexistent \
		"DATABASE_OWNER_URL=postgresql://cgishop_owner@/$1?$server" APP_ENV=test \
		SECRET_KEY=0123456789abcdef0123456789abcdef >env
	env -i "$build/bin/shopctl" --env env migrate
}

# Tables, columns, defaults, constraints, indexes, views, functions with their bodies, triggers, and all rights.
catalogue() {
	pg_dump -h "$host" -U postgres --schema-only "$1" | sed "/^-- Dumped/d; /^\\\\/d; s/$1/DATABASE/g"
}

# What each table holds, but for the record of the code.
rows_of() {
	postgres "$1" -c "select format('select %L, count(*), md5(string_agg(t::text, '''' order by t::text)) from %I t',
		relname, relname) from pg_class where relkind = 'r' and relnamespace = 'public'::regnamespace
		and relname not in ('schema_code', 'schema_migrations') order by relname" >statements
	postgres "$1" -f <(sed 's/$/;/' statements)
}

@test "upgrade: a database of every released version becomes what a new one is" {
	migrate "${name}_new" >/dev/null
	catalogue "${name}_new" >new
	grep -q 'CREATE TABLE public.orders' new
	for dump in "$top"/tests/upgrade/*.sql; do
		echo "# $dump"
		postgres postgres -c "drop database if exists ${name}_old" -c "create database ${name}_old owner cgishop_owner"
		psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$dump" >/dev/null
		[[ $(postgres "${name}_old" -c "select count(*) > 3 from orders") == t ]]
		migrate "${name}_old"
		catalogue "${name}_old" | diff new -
		migrate "${name}_old" | grep -q '^up to date'
	done
}

@test "upgrade: what was shipped is shown as one shipment" {
	psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$top/tests/upgrade/0.2.0.sql" >/dev/null
	postgres "${name}_old" -c "update orders set carrier = 'DHL', tracking_number = '0034' where status = 'shipped'"
	postgres "${name}_old" -c "select o.id, e.created_at, e.user_id, sum(i.quantity)
		from orders o join order_events e on e.order_id = o.id and e.to_status = 'shipped' join order_items i on i.order_id = o.id
		where o.status in ('shipped', 'completed') group by 1, 2, 3 order by 1" >before
	[[ -s before ]]
	migrate "${name}_old" >/dev/null
	postgres "${name}_old" -c "select s.order_id, s.shipped_at, s.created_by, sum(p.quantity)
		from shipments s join shipment_items p on p.shipment = s.id
		where s.created_at = s.shipped_at and s.number = 1 and s.carrier = 'DHL' and s.tracking_number = '0034'
		group by s.id order by 1" | diff before -
}

@test "upgrade: texts are composed, SKUs differ in more than case, and who had variants is known" {
	psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$top/tests/upgrade/0.2.0.sql" >/dev/null
	postgres "${name}_old" -c "
		insert into products (id, store, sku, name, slug, price, currency, attributes, parent, is_deleted)
		select id, (select s.id from stores s limit 1), sku, name, sku || 'x', 1, 'EUR', attributes, parent, is_deleted
		from (values
			('00000000-0000-4000-8000-0000000000f1'::uuid, 'upgrade-a', e'Gru\\u0308n', '{\"e\\u0301\":1}'::jsonb, null::uuid, false),
			('00000000-0000-4000-8000-0000000000f2', 'Upgrade-A', 'x', '{}', null, false),
			('00000000-0000-4000-8000-0000000000f3', e'upgrade-e\\u0301', 'x', '{}', null, false),
			('00000000-0000-4000-8000-0000000000f4', e'upgrade-\\u00e9', 'x', '{}', null, false),
			('00000000-0000-4000-8000-0000000000f5', 'upgrade-v', 'x', '{}', '00000000-0000-4000-8000-0000000000f1', true)
		) p (id, sku, name, attributes, parent, is_deleted)" 2>/dev/null
	migrate "${name}_old" >/dev/null
	[[ $(postgres "${name}_old" -c "select string_agg(concat_ws(' ', sku, name, attributes, has_variants), '|' order by id)
		from products where id::text ~ 'f[12345]$' and id::text like '00000000-%'") == \
		"upgrade-a Grün {\"é\": 1} t|Upgrade-A-"??????" x {} f|"*" x {} f|upgrade-é x {} f|upgrade-v x {} f" ]]
	[[ $(postgres "${name}_old" -c "select count(distinct lower(sku)) from products where id::text like '00000000-0000-4000-8000-0000000000f%'") == 5 ]]
}

@test "upgrade: subcategories become categories, and products stay where they were" {
	psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$top/tests/upgrade/0.2.0.sql" >/dev/null
	# Equal names, one too long to append to; a product of each kind; a subcategory that an administrator suspended.
	postgres "${name}_old" -c "
		insert into users (id, email, is_admin) values ('01900000-0000-7000-8000-0000000000a1', 'up@example.test', true);
		insert into stores (id, name, slug, currency) values ('01900000-0000-7000-8000-0000000000b1', 'Up', 'up', 'EUR');
		insert into categories (id, name, slug, store, is_deleted)
		select ('01900000-0000-7000-8000-0000000000c' || n)::uuid, name, 'up-' || n, '01900000-0000-7000-8000-0000000000b1', n = 4
		from (values (1, 'Tea'), (2, 'tea'), (3, 'Tea (2)'), (4, 'TEA')) v (n, name);
		insert into categories (name, slug, store) select repeat('x', 255), 'up-x' || n, '01900000-0000-7000-8000-0000000000b1'
		from generate_series(1, 3) n;
		insert into subcategories (id, name, slug, category, description, position, active_to)
		select ('01900000-0000-7000-8000-0000000000d' || n)::uuid, 'Part', 'up-' || n, '01900000-0000-7000-8000-0000000000c1', 'd', n,
			'2999-01-01' from generate_series(1, 2) n;
		begin;
		select set_config('cgishop.user_id', '01900000-0000-7000-8000-0000000000a1', true);
		update subcategories set is_suspended = true where id = '01900000-0000-7000-8000-0000000000d2';
		commit;
		insert into products (id, sku, name, slug, store, currency, price, category, subcategory, parent)
		select ('01900000-0000-7000-8000-0000000000e' || n)::uuid, 'UP-' || n, 'P', 'up-' || n, '01900000-0000-7000-8000-0000000000b1',
			'EUR', 1, c, s, p
		from (values (1, '01900000-0000-7000-8000-0000000000c1'::uuid, '01900000-0000-7000-8000-0000000000d1'::uuid, null::uuid),
			(2, '01900000-0000-7000-8000-0000000000c2', null, null), (3, null, null, null),
			(4, '01900000-0000-7000-8000-0000000000c2', null, '01900000-0000-7000-8000-0000000000e1')) v (n, c, s, p)" >/dev/null
	postgres "${name}_old" -c "select id, category, subcategory from products where parent is null order by id" >before
	postgres "${name}_old" -c "select id, category, name, slug, description, position, active_to, created_at, modified_at, is_deleted
		from subcategories order by id" >parts
	migrate "${name}_old" >/dev/null
	postgres "${name}_old" -c "select p.id, l.category, l.subcategory from products p
		left join lateral product_levels(p.category) l on true where parent is null order by id" | diff before -
	postgres "${name}_old" -c "select id, parent, name, slug, description, position, active_to, created_at, modified_at, is_deleted
		from categories where parent is not null order by id" | sed 's/Part (2)/Part/' | diff parts -
	[[ $(postgres "${name}_old" -c "select name from categories where slug ~ '^up-[1-4]$' order by parent nulls first, slug") == \
		$'Tea\ntea (2)\nTea (2) (3)\nTEA\nPart\nPart (2)' ]]
	[[ $(postgres "${name}_old" -c "select count(distinct name) from categories where slug ~ '^up-x'") == 3 ]]
	[[ $(postgres "${name}_old" -c "select p.categories from products p where p.sku = 'UP-4'") == '[]' ]]
	[[ $(postgres "${name}_old" -c "select count(*) from products p where p.parent is null and p.categories <>
		(select coalesce(jsonb_agg(c.category order by c.position), '[]') from product_categories c
			where c.product = p.id and c.position is not null)") == 0 ]]
	[[ $(postgres "${name}_old" -c "select count(*) from categories c left join category_paths k on k.category = c.id
		where k.path is distinct from case when c.parent is null then array[c.id] else array[c.parent, c.id] end
			or k.is_closed <> (c.is_deleted or c.is_suspended)") == 0 ]]
	# Only an administrator releases it.
	run postgres "${name}_old" -c "insert into users (id, email, is_staff)
			values ('01900000-0000-7000-8000-0000000000a2', 'up2@example.test', true)" \
		-c "begin" -c "select set_config('cgishop.user_id', '01900000-0000-7000-8000-0000000000a2', true)" \
		-c "update categories set is_suspended = false where id = '01900000-0000-7000-8000-0000000000d2'"
	[[ $status != 0 && $output == *admin_suspended* ]]
}

@test "upgrade: functions, views and triggers of another version are replaced, and the rows stay" {
	for dump in "$top"/tests/upgrade/*.sql; do
		psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$dump" >/dev/null
		break
	done
	migrate "${name}_old" >/dev/null
	catalogue "${name}_old" >before
	rows_of "${name}_old" >rows
	psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" <<-'END'
		create function order_gone(uuid) returns void language sql as '';
		create trigger gone after insert on orders for each row execute function audit_write();
		drop view live_product_images;
		create view live_product_images as select *, 1 as more from product_images;
		drop function order_read(uuid, uuid, text, bytea);
		create function order_read(uuid) returns integer language sql as 'select 1';
		update schema_code set checksum = 'of another version',
			functions = array_replace(functions, 'order_read(uuid,uuid,text,bytea)', 'order_read(uuid)') || 'order_gone(uuid)'::text,
			triggers = triggers || 'gone on orders'::text;
	END
	migrate "${name}_old" | grep -q '^replaced the functions, views and triggers, which were outdated'
	catalogue "${name}_old" | diff before -
	rows_of "${name}_old" | diff rows -
}

# money DATABASE : every amount of orders, lines, payments, refunds and invoices, and the stock.
money() {
	postgres "$1" -c "select id, number, status, payment_status, subtotal, discount_total, shipping_total, shipping_tax,
			tax_total, rounding, total from orders where status <> 'cart' order by id" \
		-c "select order_id, position, product, quantity, unit_price, tax_rate, tax_amount, discount_amount, line_total
			from order_items order by order_id, position" \
		-c "select id, status, amount, amount_captured, fee, kept from payments order by id" \
		-c "select id, status, amount from refunds order by id" \
		-c "select id, number, amount, taxes, document from invoices order by id" \
		-c "select product, inventory_count from stock order by product" \
		-c "select coupon, used_count from coupon_uses order by coupon"
}

@test "upgrade: orders, payments and invoices of a released version stay as they are, to the cent" {
	for dump in "$top"/tests/upgrade/*.sql; do
		postgres postgres -c "drop database if exists ${name}_old" -c "create database ${name}_old owner cgishop_owner"
		psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$dump" >/dev/null
		money "${name}_old" >before
		(( $(grep -c . before) > 20 ))
		migrate "${name}_old" >/dev/null
		money "${name}_old" | diff before -
	done
}

@test "upgrade: lists by price go by the prices there were, and orders return what they took" {
	psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$top/tests/upgrade/0.2.0.sql" >/dev/null
	# A parent, and a variant that is not sold yet.
	postgres "${name}_old" -c "update products set active_from = now() + interval '1 day'
			where id = (select id from products where parent is not null order by price limit 1)"
	migrate "${name}_old" >/dev/null
	[[ $(postgres "${name}_old" -c "select count(*) > 1, count(*) filter (where k.shop_price <> p.price or k.shop_price_max <> p.price)
		from stock k join products p on p.id = k.product where not p.has_variants") == 't|0' ]]
	[[ $(postgres "${name}_old" -c "select count(*) > 0, count(*) filter (where k.shop_price <> v.low or k.shop_price_max <> v.high
			or k.price_changes_at is distinct from v.changes)
		from stock k join (select parent, min(price) filter (where active_from is null) as low,
			max(price) filter (where active_from is null) as high, min(active_from) as changes
			from products where not is_deleted group by 1) v on v.parent = k.product") == 't|0' ]]
	[[ $(postgres "${name}_old" -c "select count(*) from products where not track_inventory or allow_backorder") == 0 ]]
	stock="select sum(inventory_count) from stock"
	before=$(postgres "${name}_old" -c "$stock")
	taken=$(postgres "${name}_old" -c "select sum(i.quantity) from order_items i join orders o on o.id = i.order_id where o.status = 'placed'")
	(( taken > 0 ))
	postgres "${name}_old" -c "select order_move(id, 'cancelled', null, 'system', null, null, null, null, null, false) from orders
		where status = 'placed'" >/dev/null
	[[ $(postgres "${name}_old" -c "$stock") == $((before + taken)) ]]
}

@test "upgrade: a product that stood twice in a cart is one line of it" {
	psql -h "$host" -U cgishop_owner -X -q -v ON_ERROR_STOP=1 -d "${name}_old" -f "$top/tests/upgrade/0.2.0.sql" >/dev/null
	postgres "${name}_old" -c "with cart as (
			insert into orders (store, token_hash, status, currency, prices_include_tax, subtotal, tax_total, total, contact_name)
			select s.id, '\\x01', 'cart', s.currency, false, 0, 0, 0, 'Twice' from stores s limit 1 returning id)
		insert into cart_items (order_id, position, product, quantity, unit_price)
		select c.id, l.position, p.id, l.quantity, l.position
		from cart c, (values (1, 1, 2), (2, 2, 5), (3, 1, 3), (4, 2, 9999)) l (position, which, quantity),
			lateral (select id from products order by id offset l.which limit 1) p"
	migrate "${name}_old" >/dev/null
	[[ $(postgres "${name}_old" -c "select string_agg(concat_ws(' ', i.position, i.quantity, i.unit_price), ', ' order by i.position)
		from cart_items i join orders o on o.id = i.order_id where o.contact_name = 'Twice'") == '1 5 1, 2 10000 2' ]]
}

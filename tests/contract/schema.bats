# What the migrated database promises whatever the programs do: rights, triggers, names.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() { need PSQL APP_PSQL; }

app() { $APP_PSQL -X -q -A -t -F $'\t' -v ON_ERROR_STOP=1 -c "$1"; }
serving_role() { app 'select current_user'; }

# denied STATEMENT : the serving role may not run it.
denied() {
	local code=0 said
	said=$(app "begin; $1; rollback" 2>&1) || code=$?
	if (( code == 0 )) || [[ ! $said =~ 'permission denied'|'must be owner of'|'must be superuser' ]]; then
		echo "not denied: $1: $said"
		return 1
	fi
}

# The tables that were made like base_model.
readonly MAJOR="(select c.oid, c.relname from pg_class c
	where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'base_model'
		and (select count(*) from pg_attribute a join pg_attribute b on b.attrelid = 'base_model'::regclass
			and b.attname = a.attname and b.atttypid = a.atttypid and b.attnotnull = a.attnotnull
			and b.attnum > 0 where a.attrelid = c.oid)
			= (select count(*) from pg_attribute b where b.attrelid = 'base_model'::regclass and b.attnum > 0))"

@test "schema: what the API writes has the base model" {
	[[ $(sql "select string_agg(relname, ' ' order by relname) from $MAJOR m") == \
		*addresses*categories*coupons*orders*product_images*products*shipping_methods*stores*users* ]]
	sql "select c.relname from pg_class c
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'base_model'
			and has_table_privilege('$(serving_role)', c.oid, 'update')
			and c.oid not in (select oid from $MAJOR m)" | nothing "tables without it"
}

@test "schema: a major table has its key and its triggers" {
	sql "select relname, 'no primary key on id' from $MAJOR m
		where not exists (select 1 from pg_constraint k where k.conrelid = m.oid and k.contype = 'p'
			and k.conname = m.relname || '_pkey'
			and k.conkey = (select array[a.attnum] from pg_attribute a where a.attrelid = m.oid and a.attname = 'id'))
		union all
		select relname, 'no trigger ' || t.tgname || ' ' || t.events from $MAJOR m,
			(values ('touch', 'base_model_touch', 19, 'before update'),
				('audit', 'audit_write', 25, 'after update, delete'),
				('audit_insert', 'audit_write_inserted', 4, 'after insert')) t (tgname, func, type, events)
		where not exists (select 1 from pg_trigger g join pg_proc p on p.oid = g.tgfoid
			where g.tgrelid = m.oid and g.tgname = t.tgname and p.proname = t.func
				and g.tgtype = t.type and g.tgenabled = 'O' and g.tgqual is null)" | nothing "major tables"
}

@test "schema: every table has a primary key" {
	sql "select c.relname from pg_class c
		where c.relkind = 'r' and c.relnamespace = 'public'::regnamespace and c.relname <> 'base_model'
			and not exists (select 1 from pg_constraint k where k.conrelid = c.oid and k.contype = 'p')" |
		nothing "tables without one"
}

@test "schema: a foreign key has an index, so that what it points at can be looked for" {
	sql "select k.conrelid::regclass, k.conname from pg_constraint k
		where k.contype = 'f' and k.connamespace = 'public'::regnamespace
			-- These stay, and nobody looks from there.
			and k.conname not in ('order_items_product_fkey', 'cart_items_product_fkey', 'orders_coupon_id_fkey',
				'orders_shipping_method_fkey')
			and k.conrelid <> 'order_transitions'::regclass
			and not exists (select 1 from pg_index i where i.indrelid = k.conrelid and i.indkey[0] = k.conkey[1])" |
		nothing "foreign keys without an index"
}

# --- rights

@test "schema: only the owner writes the audit log, the stock and the migrations" {
	for table in audit_logs stock schema_migrations; do
		denied "delete from $table"
		denied "truncate $table"
	done
	denied "insert into audit_logs (action, table_name, record_id) values ('insert', 'users', uuid_v7())"
	denied "update audit_logs set action = 'insert'"
	denied "insert into stock values (uuid_v7(), 1)"
	denied "update stock set inventory_count = 1"
	denied "insert into schema_migrations values (9999, 'x', 'x')"
	denied "update schema_migrations set name = 'x'"
	denied "update stock_movements set delta = 1"
	denied "delete from stock_movements"
}

@test "schema: secrets are out of the serving role's reach" {
	denied "select password_hash from users"
	denied "select u from users u"
	denied "select * from users"
	denied "update users set password_hash = 'x'"
	denied "insert into users (password_hash) values ('x')"
	denied "select token_hash from orders"
	denied "select * from orders"
	for table in sessions challenges idempotency_keys rate_limits outbox coupon_redemptions cart_items; do
		denied "select 1 from $table"
		denied "delete from $table"
	done
	denied "select pg_read_file('/etc/hostname')"
	denied "copy users to program 'true'"
}

# An order is written by order_place() alone, and so on.
@test "schema: what functions write is not written without them" {
	denied "update orders set total = 0"
	denied "insert into orders (store) values (uuid_v7())"
	denied "delete from orders"
	denied "update order_items set quantity = 1"
	denied "delete from order_items"
	denied "insert into order_events (order_id, to_status) values (uuid_v7(), 'paid')"
	denied "update coupon_uses set used_count = 0"
	denied "update invoices set amount = 0"
	denied "select document from invoices"
	denied "select audit_forget('{}', uuid_v7())"
	app "select started_at, ended_at, failed_step, done from cron_history" >/dev/null
	denied "update cron_history set ended_at = now()"
	denied "insert into cron_history (id) values (uuid_v7())"
	denied "select 1 from cron_runs"
	denied "select orders_claim(uuid_v7(), '+491', null)"
	denied "insert into order_transitions values ('cancelled', 'paid', 'customer')"
	denied "insert into sessions (user_id, opened_by, token_hash, expires_at) values (uuid_v7(), 'otp', '', now())"
}

@test "schema: a request with a member that its type does not have is an error, not a null" {
	local name said
	for name in order_place order_cart_save order_correct; do
		said=$(app "select $name('{\"order_id\": \"$(sql 'select uuid_v7()')\", \"copon\": \"SPRING\"}')" 2>&1) && return 1
		[[ $said == *'order_request has no member "copon"'* ]]
	done
}

@test "schema: no row of a major table can be deleted by the serving role, no table changed" {
	sql "select relname, v.verb from $MAJOR m, (values ('delete'), ('truncate'), ('trigger'), ('references')) v (verb)
		where has_table_privilege('$(serving_role)', m.oid, v.verb)" | nothing "rights that are too many"
	denied "create table x (a int)"
	denied "create function x() returns int language sql as 'select 1'"
	denied "drop table products"
	denied "alter table products add x int"
	denied "alter table users disable trigger audit"
	denied "set session_replication_role = replica"
	denied "set role $(sql 'select current_user')"
}

@test "schema: the serving role has no special rights and owns nothing" {
	[[ $(sql "select rolsuper or rolcreaterole or rolcreatedb or rolbypassrls or rolreplication
		from pg_roles where rolname = '$(serving_role)'") == f ]]
	sql "select m.roleid::regrole from pg_auth_members m where m.member = '$(serving_role)'::regrole" |
		nothing "roles that it is a member of"
	sql "select relname from pg_class where relowner = '$(serving_role)'::regrole" | nothing "tables of its own"
	sql "select c.relname from pg_class c where c.relnamespace = 'public'::regnamespace and c.relacl::text ~ '[{,]='" |
		nothing "tables that everybody has a right on"
}

@test "schema: a function with the owner's rights has a fixed search_path and is not public" {
	sql "select p.oid::regprocedure from pg_proc p
		where p.pronamespace = 'public'::regnamespace and p.prosecdef
			and coalesce(array_to_string(p.proconfig, ';'), '') !~ '^(.*;)?search_path=public, pg_temp(;.*)?$'" |
		nothing "functions without one"
	sql "select p.oid::regprocedure from pg_proc p
		where p.pronamespace = 'public'::regnamespace
			and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e')
			and (p.proacl is null or p.proacl::text ~ '[{,]=')" | nothing "functions that everybody may call"
}

# rights : "table verb column", and "function()", that sql/grants.sql gives the serving role.
rights() {
	local table verbs hidden
	sed -n "s/^\t\t\['\([a-z_]*\)', *'\([a-z ]*\)', *'\([a-z_ ]*\)'\],\{0,1\}$/\1|\2|\3/p" "$top/sql/grants.sql" |
		while IFS='|' read -r table verbs hidden; do
			sql "select '$table', verb, a.attname from unnest(string_to_array('$verbs', ' ')) verb, pg_attribute a
				where a.attrelid = '$table'::regclass and a.attnum > 0 and not a.attisdropped
					and a.attname <> all (string_to_array('$hidden', ' '))
					and (verb = 'select' or a.attgenerated = '') and (verb <> 'delete' or a.attnum = 1)"
		done | tr '\t' ' '
	sed -n '/calls constant/,/];/p' "$top/sql/grants.sql" | grep -o "'[a-z0-9_]*'" | sed "s/'\(.*\)'/\1()/"
}

# tried : the same, as it is found by trying each verb on each column and each function as that role. What is tried does
# nothing: rights are looked at before there are rows. A function that may be called is not called.
tried() {
	$APP_PSQL -X -q -A -t -v ON_ERROR_STOP=1 2>&1 <<-'END' | sed -n 's/^.*NOTICE:  //p'
		do $$
		declare
			item record;
			attempt text[];
		begin
			for item in
				select c.relname as tab, a.attname as col, a.attnum, a.attgenerated = '' as writable
				from pg_class c join pg_attribute a on a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped
				where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p', 'v', 'm', 'f')
			loop
				foreach attempt slice 1 in array array[['select', 'select %2$I from %1$I where false'],
					['insert', 'insert into %1$I (%2$I) select null where false'],
					['update', 'update %1$I set %2$I = null where false'],
					['delete', 'delete from %1$I where false'], ['truncate', 'truncate %1$I']]
				loop
					continue when attempt[1] in ('delete', 'truncate') and item.attnum > 1
						or attempt[1] in ('insert', 'update') and not item.writable;
					begin
						execute format(attempt[2], item.tab, item.col);
						raise notice '% % %', item.tab, attempt[1], item.col;
					exception when insufficient_privilege or object_not_in_prerequisite_state or wrong_object_type
						or generated_always then
						null; -- but for the first: views that nobody can write
					end;
				end loop;
			end loop;
			for item in
				select p.proname, (select string_agg(format('null::%s as a%s', t.type::regtype, t.n), ', ')
						from unnest(p.proargtypes) with ordinality as t (type, n)) as args,
					(select string_agg(format('a%s', t.n), ', ' order by t.n)
						from unnest(p.proargtypes) with ordinality as t (type, n)) as names,
					has_function_privilege(p.oid, 'execute') as may
				from pg_proc p where p.pronamespace = 'public'::regnamespace
					and not exists (select 1 from pg_depend d where d.objid = p.oid and d.deptype = 'e') -- an extension's
			loop
				if item.may then
					raise notice '%()', item.proname;
					continue;
				end if;
				begin
					execute format('select %I(%s) from (select %s offset 0) as v', item.proname, item.names,
						coalesce(item.args, '1'));
					raise notice '%() without a right', item.proname;
				exception when insufficient_privilege then
					null;
				end;
			end loop;
		end
		$$;
	END
}

@test "schema: what the serving role may do is what grants.sql lists, tried on every column and every function" {
	rights | sort -u >"$BATS_TEST_TMPDIR/listed"
	tried | sort -u >"$BATS_TEST_TMPDIR/found"
	grep -q '^users select email$' "$BATS_TEST_TMPDIR/found"
	grep -q '^store_members delete store$' "$BATS_TEST_TMPDIR/found"
	grep -q '^order_place()$' "$BATS_TEST_TMPDIR/found"
	diff "$BATS_TEST_TMPDIR/listed" "$BATS_TEST_TMPDIR/found"
}

# refused STATEMENTS : the serving role is refused, as it takes a signed-in administrator.
refused() {
	local said code=0
	said=$(app "begin; $1; rollback" 2>&1) || code=$?
	[[ $code != 0 && $said == *'ERROR:  admin_'* ]] || { echo "not refused: $1: $said"; return 1; }
}

@test "schema: the serving role makes no administrator and sets no password, whatever user it names" {
	admin=$(make_user is_admin)
	staff=$(make_user is_staff)
	sql "update users set password_hash = '\$s2\$0a0801\$nky9ys6ocg3r4q3FDs7J1g==\$fNn0shTWlln+g7pnq+6j4u9vPQGOXGsqCpFi0nIRJN0='
		where id in ('$admin', '$staff')"
	hash=$(sql "select encode(token_hash, 'hex') from sessions where token_hash = sha256('$(token_for "$staff" password)')")
	for as in "set_config('cgishop.user_id', '$admin', true)" "set_config('cgishop.session', '$hash', true)"; do
		refused "select $as; update users set is_admin = true where id = '$staff'"
		refused "select $as; update users set email = 'x@example.test' where id = '$admin'"
		refused "select $as; update users set is_suspended = false where id = '$admin'"
		refused "select $as; insert into users (email, is_admin) values ('x@example.test', true)"
		refused "select $as; insert into users (mobile_number, is_customer) values ('+4912345678', true)"
		refused "select $as; select password_set('$admin', 'x')"
	done
	[[ $(sql "select is_admin from users where id = '$staff'") == f ]]
	app "begin; select set_config('cgishop.session', '$hash', true); update users set name = 'Zoë' where id = '$staff'; commit"
	refused "select set_config('cgishop.session', '$hash', true); update users set email = 'x@example.test' where id = '$staff'"
	hash=$(sql "select encode(token_hash, 'hex') from sessions where token_hash = sha256('$(token_for "$admin" password)')")
	app "begin; select set_config('cgishop.session', '$hash', true); update users set is_admin = true where id = '$staff';
		select password_set('$staff', 'x'); rollback"
}

@test "schema: the serving role cannot read hashes, and a stored password opens no session" {
	admin=$(make_user is_admin)
	stored='$s2$0a0801$nky9ys6ocg3r4q3FDs7J1g==$fNn0shTWlln+g7pnq+6j4u9vPQGOXGsqCpFi0nIRJN0='
	sql "update users set password_hash = '$stored' where id = '$admin'"
	email=$(sql "select email from users where id = '$admin'")
	salt=${stored%"${stored##*\$}"}
	[[ $(app "select salt from password_salt_of_email('$email')") == "$salt" ]]
	[[ $(app "select password_salt_of_user('$admin')") == "$salt" ]]
	for proof in "'\\x00'" "decode('${stored##*\$}', 'base64')" "'$stored'::text::bytea" "sha256('correct horse battery')"; do
		[[ -z $(app "select * from password_login('$admin', '$salt', $proof, null, sha256('x$admin'), '')") ]]
		[[ $(app "select password_change('$admin', uuid_v7(), $proof, 'x')") == f ]]
	done
	[[ $(sql "select count(*) from sessions where user_id = '$admin'") == 0 ]]
	denied "select session_start('$admin', 'password', sha256('x'), '')"
	denied "select password_fits(password_hash, '') from users"
	denied "select is_working_admin(u) from users u"
	denied "select count(*) from users where password_hash like '\$s2%'"
}

@test "schema: nothing is removed from the audit log without the session of its user" {
	customer=$(make_user is_customer)
	run app "begin; select set_config('cgishop.user_id', '$customer', true); select me_forget('x'); commit"
	[[ $status != 0 && $output == *'ERROR:  missing'* ]]
	[[ $(sql "select is_deleted from users where id = '$customer'") == f ]]
}

# Nor could a table of its own stand in for one of ours inside a function.
@test "schema: the serving role makes no temporary tables" {
	denied "create temp table users (id uuid)"
}

# --- names: core/db/db_error.c finds the field of a broken constraint by them

@test "schema: constraints and indexes are named after their table" {
	sql "select conrelid::regclass, conname from pg_constraint
		where connamespace = 'public'::regnamespace and conrelid <> 0
			and conname not like replace(conrelid::regclass::text, '_', '\\_') || '\\_%'
			and conrelid <> 'base_model'::regclass" |
		nothing "constraints"
	sql "select indrelid::regclass, indexrelid::regclass from pg_index i join pg_class c on c.oid = i.indexrelid
		where c.relnamespace = 'public'::regnamespace
			and c.relname not like replace(indrelid::regclass::text, '_', '\\_') || '\\_%'" | nothing "indexes"
}

@test "schema: the name of what can be broken by a client names a column of it" {
	sql "with broken as (
			select conrelid as tab, conname as name, conkey::int[] as cols from pg_constraint
			where connamespace = 'public'::regnamespace and contype in ('u', 'f')
			union all
			select i.indrelid, c.relname, i.indkey::int[] from pg_index i join pg_class c on c.oid = i.indexrelid
			where c.relnamespace = 'public'::regnamespace and i.indisunique and not i.indisprimary
				and not exists (select 1 from pg_constraint k where k.conindid = i.indexrelid))
		select b.tab::regclass, b.name from broken b
		where b.tab in (select oid from $MAJOR m)
			and not exists (select 1 from pg_attribute a
			where a.attrelid = b.tab and a.attnum > 0
				and (a.attnum = any (b.cols) or 0 = any (b.cols))
				and regexp_replace(b.name, '^' || b.tab::regclass || '_(.*)_f?key$', '\\1')
					in (a.attname, regexp_replace(a.attname, '_id$', '')))" | nothing "names"
}

# The command line tool, against a PostgreSQL of its own: starts a cluster that
# listens on a socket in a temporary directory, and stops it again. $SHOPCTL is
# the program (build/bin/shopctl).

readonly PORT=5432 BOUNCER_PORT=6432
readonly SECRET=0123456789abcdef0123456789abcdef
readonly PASSWORD='correct horse battery'

as_postgres() {
	if (( EUID == 0 )); then
		( cd / && setpriv --reuid postgres --regid postgres --init-groups -- "$@" )
	else
		"$@"
	fi
}

setup_file() {
	PG_BIN=$(pg_config --bindir) || PG_BIN=
	[[ -x $PG_BIN/initdb ]] || PG_BIN=$(dirname "$(printf "%s\n" /usr/lib/postgresql/*/bin/initdb | tail -n 1)")
	top=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
	shopctl=$(realpath "${SHOPCTL:-${BUILD:-$top/build}/bin/shopctl}")
	cluster=$(mktemp -d /tmp/shopctl-test.XXXXXX)
	export PG_BIN top shopctl cluster
	if (( EUID == 0 )); then chown postgres: "$cluster"; fi
	chmod 755 "$cluster"
	as_postgres "$PG_BIN/initdb" -D "$cluster/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust -N >/dev/null
	as_postgres "$PG_BIN/pg_ctl" start -s -w -D "$cluster/data" -l "$cluster/log" -o "-p $PORT -k $cluster \
		-c listen_addresses='' -c fsync=off -c jit=off" 3>&-
	sql postgres "create role owner login; create role serving login"
}

teardown_file() {
	as_postgres "$PG_BIN/pg_ctl" stop -s -m immediate -D "$cluster/data"
	rm -rf "$cluster"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=test_$BATS_TEST_NUMBER
	sql postgres "create database $base owner owner"
	sql postgres "revoke all on database $base from public"
	mkdir media
	write_env
	migrations=("$top"/sql/schema/*.sql)
	last=$(basename "${migrations[-1]}" .sql)
}

teardown() {
	sql postgres "drop database if exists $base with (force)"
}

# sql DATABASE STATEMENT [ROLE]
sql() {
	psql -h "$cluster" -p "$PORT" -U "${3-postgres}" -X -q -A -t -v ON_ERROR_STOP=1 -c "$2" "$1"
}

url() { printf 'postgresql://%s@/%s?host=%s&port=%s' "$1" "$base" "$cluster" "${2-$PORT}"; }

# write_env [LINE]... : a good .env, and then the lines, of which the last one of a name counts.
write_env() {
	printf '%s\n' APP_ENV=test "SECRET_KEY=$SECRET" "DATABASE_URL=$(url serving)" SCRYPT_COST=10/8/1 \
		"DATABASE_OWNER_URL=$(url owner)" "MEDIA_DIR=$BATS_TEST_TMPDIR/media" >.env
	local line
	for line; do
		sed -i "/^${line%%=*}=/d" .env
		printf '%s\n' "$line" >>.env
	done
	chmod 600 .env
}

# The program with an empty environment; errors go to the file err.
ctl() { env -i "$shopctl" --env .env "$@" 2>err; }

# refuses CODE PATTERN COMMAND... : it ends with the code and one line on standard error that fits.
refuses() {
	local code=0 wanted=$1 pattern=$2
	shift 2
	ctl "$@" >out || code=$?
	if [[ $code != "$wanted" ]]; then echo "code $code, not $wanted: $(cat out err)"; return 1; fi
	if [[ $(wc -l <err) != 1 ]]; then echo "not one line: $(cat err)"; return 1; fi
	if ! grep -qe "$pattern" err; then echo "not $pattern: $(cat err)"; return 1; fi
}

# In bats a "!" in front of a command would check nothing.
fails() { if "$@"; then echo "it succeeded: $*"; return 1; fi; }

tables() { sql "$base" "select count(*) from pg_class where relnamespace = 'public'::regnamespace"; }

# --- the command line -------------------------------------------------------

commands() { sed -n 's/^COMMAND("\([a-z-]*\)".*/\1/p' "$top/tools/shopctl/commands.def"; }

@test "help and version" {
	[[ $(ctl --version) =~ ^shopctl\ [0-9]+\.[0-9]+\.[0-9]+$ && $(ctl -V) == "$(ctl --version)" ]]
	[[ $(ctl -h) == "$(ctl --help)" ]]
	ctl --help | grep -q '^Examples:'
	(( $(commands | wc -l) >= 6 ))
	for command in $(commands); do
		ctl --help | grep -q "^  $command "
		ctl "$command" --help >help
		head -n 1 help | grep -q "^Usage: shopctl $command\b"
		grep -q '^Examples\?:' help
		grep -oE '^ +--[a-z-]+' help | while read -r option; do sed '/^$/,$d' help | grep -qe "$option\b"; done
		[[ $(sed '/^Example/,$d' help | wc -L) -le 80 ]]
	done
	[[ $(ctl --help | wc -L) -le 80 ]]
}

@test "a wrong command line is refused" {
	refuses 64 'name a command'
	refuses 64 'no command "migrat"; did you mean migrate?' migrat
	refuses 64 'no command "load"; did you mean load-demo?' load
	refuses 64 'no command "sell"; shopctl --help lists' sell
	refuses 64 'no option --plam; did you mean --plan?' migrate --plam
	refuses 64 'no option --jsom; did you mean --json?' migrate --jsom=1
	refuses 64 'no option --e; did you mean --env?' --e .env migrate
	refuses 64 'no option --colour; shopctl COMMAND --help lists' migrate --colour
	refuses 64 'no option -q;' migrate -q
	refuses 64 '--email needs an argument: ADDRESS' create-admin --email
	refuses 64 '--json does not take an argument' migrate --json=yes
	refuses 64 'does not take "now"' migrate now
	refuses 64 'load-demo does not take --plan' load-demo --plan
	refuses 64 'needs --email ADDRESS' create-admin
	refuses 64 'no option --nonsense' migrate --help --nonsense
}

@test "settings that are missing or wrong are refused" {
	mv .env elsewhere
	refuses 66 'cannot read .env' migrate
	mv elsewhere .env
	write_env SECRET_KEY=short
	refuses 78 'SECRET_KEY is shorter' migrate
	refuses 78 'SECRET_KEY is shorter' create-admin --email a@b.example
	[[ $(tables) == 0 ]]
}

@test "the environment overrides the file" {
	write_env SECRET_KEY=short
	env -i SECRET_KEY="$SECRET" "$shopctl" --env .env migrate --plan
}

# --- migrate ----------------------------------------------------------------

@test "a plan changes nothing" {
	ctl migrate --plan | grep -q '^would apply 0001_base$'
	[[ $(tables) == 0 ]]
	ctl migrate --plan | grep -q '^would replace the functions, views and triggers, which were missing$'
	[[ $(ctl migrate --plan --json | jq -c '[.planned, .functions, (.migrations | length)]') == "[true,\"missing\",${#migrations[@]}]" ]]
	[[ $(tables) == 0 ]]
}

@test "migrate says why it replaces functions that were current" {
	ctl migrate >/dev/null
	# As before the last migration.
	sql "$base" "delete from schema_migrations where number = (select max(number) from schema_migrations);
		$(sed -nE 's/^create (unlogged )?(table|domain) ([a-z_]+).*/drop \2 \3 cascade;/p' "$top/sql/schema/$last.sql")" 2>/dev/null
	ctl migrate --plan | grep -q '^would replace the functions, views and triggers, because a migration is missing$'
	ctl migrate | grep -q '^replaced the functions, views and triggers, because a migration was applied$'
}

@test "migrate applies all, and nothing the second time" {
	[[ $(ctl migrate | grep -c ^applied) == "${#migrations[@]}" ]]
	[[ $(sql "$base" "select count(*) from schema_migrations") == "${#migrations[@]}" ]]
	before=$(sql "$base" "select json_agg(s) from schema_migrations s")
	ctl migrate | grep -q "^up to date at $last$"
	[[ $(sql "$base" "select json_agg(s) from schema_migrations s") == "$before" ]]
	[[ $(ctl migrate --json | jq -c '[.planned, .migrations, .functions, .serving_role]') == '[false,[],"current","serving"]' ]]
	[[ $(ctl migrate --plan) == "up to date at $last"* ]]
}

@test "several migrates at once apply everything once" {
	for i in 1 2 3 4; do
		env -i "$shopctl" --env .env migrate >"out.$i" 2>"err.$i" 3>&- & pids[i]=$!
	done
	for i in 1 2 3 4; do wait "${pids[i]}"; done
	[[ $(cat out.? | grep -c ^applied) == "${#migrations[@]}" ]]
	[[ -z $(cat err.?) ]]
	[[ $(sql "$base" "select count(*) from schema_migrations") == "${#migrations[@]}" ]]
}

@test "migrate waits for another one that holds the lock" {
	sql "$base" "begin; select pg_advisory_xact_lock(7164774839246); select pg_sleep(2)" >/dev/null 3>&- &
	holder=$!
	sleep 0.5
	ctl migrate >out
	fails kill -0 "$holder"
}

@test "migrate works through a transaction pooler" {
	command -v pgbouncer >/dev/null || skip "no pgbouncer"
	mkdir "$cluster/bouncer"
	printf '%s\n' '[databases]' "* = host=$cluster port=$PORT" '[pgbouncer]' "listen_port = $BOUNCER_PORT" \
		"unix_socket_dir = $cluster" 'auth_type = any' 'pool_mode = transaction' 'listen_addr =' \
		"pidfile = $cluster/bouncer/pid" "logfile = $cluster/bouncer/log" >"$cluster/bouncer/ini"
	sed -i "s/^\* = .*/& user=owner/" "$cluster/bouncer/ini"
	if (( EUID == 0 )); then chown -R postgres: "$cluster/bouncer"; fi
	as_postgres pgbouncer -q -d "$cluster/bouncer/ini" 3>&-
	write_env DATABASE_OWNER_URL="$(url owner "$BOUNCER_PORT")"
	for i in 1 2 3; do
		env -i "$shopctl" --env .env migrate >"out.$i" 2>"err.$i" 3>&- & pids[i]=$!
	done
	for i in 1 2 3; do wait "${pids[i]}" || failed=1; done
	as_postgres kill "$(cat "$cluster/bouncer/pid")"
	cat err.?
	[[ -z ${failed-} ]]
	[[ $(sql "$base" "select count(*) from schema_migrations") == "${#migrations[@]}" ]]
}

@test "a database that is newer is refused" {
	ctl migrate >/dev/null
	sql "$base" "insert into schema_migrations values (9999, 'future', 'x')"
	refuses 78 'newer than this program: it has the migration 9999_future' migrate
	refuses 78 'newer than this program' migrate --plan
	refuses 78 'not one of this version' create-admin --email a@b.example
}

@test "an applied migration that was edited is refused" {
	ctl migrate >/dev/null
	sql "$base" "update schema_migrations set checksum = '0' where number = 2"
	refuses 78 'the migration 0002_users differs from' migrate
}

@test "a migration that was left out is refused" {
	ctl migrate >/dev/null
	sql "$base" "delete from schema_migrations where number = 2"
	refuses 78 'but not 0002_users' migrate
}

@test "a migration that fails leaves nothing behind" {
	sql "$base" "create table users ()" owner
	refuses 70 '0002_users was not applied: relation "users" already exists' migrate
	[[ $(tables) == 1 ]]
	[[ $(sql "$base" "select count(*) from pg_proc where pronamespace = 'public'::regnamespace") == 0 ]]
	sql "$base" "drop table users"
	ctl migrate | grep -q '^applied 0002_users$'
}

# What the catalogue says of functions, views and triggers, and of who may call them.
code_of() {
	sql "$base" "select pg_get_functiondef(oid), proacl from pg_proc where pronamespace = 'public'::regnamespace order by 1"
	sql "$base" "select viewname, definition from pg_views where schemaname = 'public' order by 1"
	sql "$base" "select pg_get_triggerdef(oid) from pg_trigger where not tgisinternal order by 1"
}

@test "functions, views and triggers that were changed manually are found, and recreated" {
	ctl migrate >/dev/null
	code_of >before
	for change in \
		"create or replace function rfc3339(at timestamptz) returns text language sql as 'select null::text'" \
		"create or replace function order_lock(which uuid) returns void language sql as ''" \
		"drop function order_lock(uuid)" \
		"create or replace view live_stores as select id from stores" \
		"drop trigger audit on orders" \
		"alter table stock_movements disable trigger apply" \
		"alter function order_lock(uuid) strict" \
		"alter view live_stores set (security_invoker = true)"
	do
		sql "$base" "$change" owner
		ctl migrate --plan | grep -q '^would replace .* which were edited$'
		refuses 78 'run shopctl migrate first' load-demo
		ctl doctor | grep -q '^fail  schema .*changed in the database'
		ctl migrate | grep -q '^replaced .* which were edited$'
		code_of | diff before -
	done
	ctl migrate | grep -q '^up to date'
}

@test "a lost record of the code is made again" {
	ctl migrate >/dev/null
	code_of >before
	for loss in "delete from schema_code" "drop table schema_code" "drop function code_fingerprint()"; do
		sql "$base" "$loss" owner
		ctl doctor | grep -q '^fail  schema .*run shopctl migrate'
		ctl migrate | grep -q '^replaced .* missing'
		code_of | diff before -
		ctl migrate | grep -q '^up to date'
	done
}

@test "a function whose result was another one is made anew" {
	ctl migrate >/dev/null
	code_of >before
	sql "$base" "drop function order_lock(uuid); create function order_lock(which uuid) returns integer language sql as 'select 1'" owner
	ctl migrate | grep -q '^replaced .* edited'
	code_of | diff before -
}

@test "migrate waits for a table that is in use, without holding up requests for long" {
	ctl migrate >/dev/null
	sql "$base" "update schema_code set checksum = 'x'"
	sql "$base" "begin; select count(*) from orders; select pg_sleep(4)" >/dev/null 3>&- &
	reader=$!
	sleep 0.5
	env -i "$shopctl" --env .env migrate >out 2>err 3>&- & migrating=$!
	slowest=0
	for i in {1..20}; do
		start=${EPOCHREALTIME/./}
		sql "$base" "select count(*) from products" serving >/dev/null
		took=$(( ${EPOCHREALTIME/./} - start ))
		(( took <= slowest )) || slowest=$took
		sleep 0.1
	done
	wait "$reader"
	wait "$migrating"
	grep -q '^replaced' out
	echo "slowest $slowest µs"
	(( slowest < 2000000 ))
}

# Functions keep their identity, so that who is in the middle of one is not told "cache lookup failed".
@test "migrate replaces functions that are running" {
	ctl migrate >/dev/null
	before=$(sql "$base" "select 'order_lock(uuid)'::regprocedure::oid")
	sql "$base" "update schema_code set checksum = 'x'"
	ctl migrate >/dev/null
	[[ $(sql "$base" "select 'order_lock(uuid)'::regprocedure::oid") == "$before" ]]
}

@test "functions and views of another version go, and what the owner made stays" {
	ctl migrate >/dev/null
	code_of >before
	sql "$base" "create function retired(a int) returns int language sql as 'select 1'" owner
	sql "$base" "create view retired_view as select 1 as one" owner
	sql "$base" "update schema_code set functions = functions || 'retired(integer)'::text, views = views || 'retired_view'::text, checksum = 'x'"
	ctl doctor | grep -q '^fail  schema .*another version'
	ctl migrate | grep -q '^replaced .* which were outdated$'
	code_of | diff before -
	sql "$base" "create function ours() returns int language sql as 'select 1'" owner
	sql "$base" "create trigger ours after insert on cart_items for each row execute function audit_write()" owner
	sql "$base" "update schema_code set checksum = 'x'"
	ctl migrate >/dev/null
	[[ $(sql "$base" "select ours()") == 1 ]]
	[[ $(sql "$base" "select count(*) from pg_trigger where tgname = 'ours'") == 1 ]]
}

@test "functions that cannot be replaced leave everything as it was" {
	ctl migrate >/dev/null
	sql "$base" "create view mine as select id from live_stores" postgres
	sql "$base" "update schema_code set checksum = 'x'"
	code_of >before
	refuses 70 'code_drop was not applied: cannot drop .*view mine depends on view live_stores' migrate
	code_of | diff before -
	[[ $(sql "$base" "select checksum from schema_code") == x ]]
}

@test "an owner that may not create gets a clear error" {
	write_env DATABASE_OWNER_URL="$(url serving)" DATABASE_URL="$(url serving)"
	sql postgres "grant connect on database $base to serving"
	refuses 77 'permission denied for schema public; the role of DATABASE_OWNER_URL must own' migrate
}

@test "a missing database gives a clear error" {
	write_env DATABASE_OWNER_URL="$(url owner 1)"
	refuses 69 'is the database running' migrate
	refuses 69 'is the database running' migrate --plan
	refuses 69 'does not respond' create-admin --email a@b.example
}

# In pg_hba.conf, for this test's database.
logs_in() { # ROLE METHOD
	printf 'local %s %s %s\n' "$base" "$1" "$2" | cat - "$cluster/data/pg_hba.conf" >hba
	cat hba >"$cluster/data/pg_hba.conf"
	sql postgres "select pg_reload_conf()" >/dev/null
}

@test "a login that is refused gets the advice that helps" {
	ctl migrate >/dev/null
	logs_in owner peer
	logs_in serving scram-sha-256
	refuses 77 'Peer authentication failed.*; run it as the account that .* or put a password into DATABASE_OWNER_URL$' migrate
	refuses 77 'no password supplied; put a password into DATABASE_URL$' outbox
	write_env "DATABASE_URL=$(url serving | sed s/@/:wrong@/)"
	refuses 77 'password authentication failed.*; correct the password in DATABASE_URL$' outbox
	code=0
	ctl doctor >out || code=$?
	[[ $code == 69 ]]
	finds fail database 'password authentication failed.* -> correct the password in DATABASE_URL$'
	# The account of the programs need not be the owner's.
	sql postgres "alter role serving password 'wrong'"
	ctl doctor >out
	finds ok database ''
	finds warn owner 'Peer authentication failed.* -> to migrate, run it as'
}

@test "a right that is missing: each connection has its own advice" {
	ctl migrate >/dev/null
	sql "$base" "revoke all on function outbox_claim from serving" owner
	refuses 77 'permission denied .*; run shopctl migrate, which gives the role of DATABASE_URL its rights$' outbox
	ctl migrate >/dev/null
	ctl outbox
}

# --- rights -----------------------------------------------------------------

serving_may_not() {
	if sql "$base" "$1" serving >out 2>&1; then echo "it may: $1"; return 1; fi
	if ! grep -q 'permission denied' out; then cat out; return 1; fi
}

@test "the serving role has the rights that it needs" {
	ctl migrate >/dev/null
	sql "$base" "insert into stores (name, slug, currency) values ('A', 'a', 'EUR') returning id" serving
	sql "$base" "update stores set name = 'B'" serving
	sql "$base" "select id, email, mobile_number, is_admin from users" serving
	sql "$base" "select * from live_products" serving
	sql "$base" "select * from session_caller('\\x00')" serving
	[[ $(sql "$base" "show statement_timeout" serving) == 8s ]]
	[[ $(sql "$base" "show client_connection_check_interval" serving) == 1s ]]
}

@test "the serving role has no others" {
	ctl migrate >/dev/null
	serving_may_not "select password_hash from users"
	serving_may_not "update users set password_hash = 'x'"
	serving_may_not "select token_hash from sessions"
	serving_may_not "select token_hash from orders"
	serving_may_not "select body from idempotency_keys"
	serving_may_not "insert into orders default values"
	serving_may_not "update stock set inventory_count = 1"
	serving_may_not "delete from products"
	serving_may_not "insert into audit_logs (action, table_name, record_id) values ('insert', 'x', uuid_v7())"
	serving_may_not "update audit_logs set action = 'insert'"
	serving_may_not "delete from schema_migrations"
	serving_may_not "create table mine ()"
}

@test "only the serving role may call the functions that run as the owner" {
	ctl migrate >/dev/null
	[[ -z $(sql "$base" "select proname from pg_proc p, aclexplode(coalesce(proacl, acldefault('f', proowner))) a
		where p.pronamespace = 'public'::regnamespace and a.grantee = 0") ]]
}

@test "rights that were granted manually are revoked" {
	ctl migrate >/dev/null
	sql "$base" "grant all on users, audit_logs to serving; grant update (password_hash) on users to serving"
	ctl migrate >/dev/null
	serving_may_not "select password_hash from users"
	serving_may_not "update users set password_hash = 'x'"
	serving_may_not "delete from audit_logs"
}

@test "a table without a line in grants.sql is refused" {
	ctl migrate >/dev/null
	sql "$base" "create table forgotten ()" owner
	refuses 70 'no line for the table forgotten' migrate
}

@test "a function with the owner's rights needs a safe search_path" {
	ctl migrate >/dev/null
	sql "$base" "create function careless() returns int language sql security definer as 'select 1'" owner
	refuses 70 'careless() is SECURITY DEFINER without a safe search_path' migrate
}

@test "a serving role that does not exist is reported" {
	write_env DATABASE_URL="$(url nobody_here)"
	refuses 70 'role "nobody_here" of DATABASE_URL does not exist (create it' migrate
}

@test "one role may own and serve" {
	write_env DATABASE_URL="$(url owner)" DATABASE_OWNER_URL=
	ctl migrate | grep -q '^note: one role'
	ctl migrate --json | jq -e '.serving_role == null'
	ctl doctor | grep -q '^warn  rights'
}

# --- create-admin -----------------------------------------------------------

person() { sql "$base" "select $2 from users where email = '$1'"; }

@test "create-admin takes the password from a pipe" {
	ctl migrate >/dev/null
	id=$(ctl create-admin --email ann@example.com --name 'Ann Lee' <<<"$PASSWORD")
	[[ $(person ann@example.com "concat_ws(' ', id, name, is_admin, is_staff, is_active)") == "$id Ann Lee t f t" ]]
	# shellcheck disable=SC2016
	[[ $(person ann@example.com password_hash) == '$s2$0a0801$'* ]]
	[[ -z $(sql "$base" "select 1 from audit_logs where new_data::text like '%s1%'") ]]
	printf '%s' "$PASSWORD" | ctl create-admin --email bob@example.com --staff --json |
		jq -e '.role == "staff" and .email == "bob@example.com"'
	[[ $(person bob@example.com "concat_ws(' ', is_admin, is_staff)") == "f t" ]]
}

@test "create-admin refuses what it should" {
	refuses 78 'run shopctl migrate first' create-admin --email ann@example.com <<<"$PASSWORD"
	ctl migrate >/dev/null
	refuses 65 'not an e-mail address' create-admin --email ann <<<"$PASSWORD"
	refuses 65 'the name must be' create-admin --email ann@example.com --name $'a\nb' <<<"$PASSWORD"
	refuses 66 'no password on standard input' create-admin --email ann@example.com </dev/null
	refuses 65 'At least 10 characters' create-admin --email ann@example.com <<<'tK7#pQ2!m'
	refuses 65 'easy to guess' create-admin --email ann@example.com <<<'password1234'
	refuses 65 'easy to guess' create-admin --email oblomov@example.com <<<'oblomov2024'
	refuses 65 'At most 256 bytes' create-admin --email ann@example.com <<<"$(printf 'a%.0s' {1..257})"
	refuses 65 'At most 256 bytes' create-admin --email ann@example.com <<<"$(printf 'a%.0s' {1..5000})"
	refuses 65 'must be UTF-8' create-admin --email ann@example.com <<<$'\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff'
	[[ $(sql "$base" "select count(*) from users") == 0 ]]
	ctl create-admin --email ann@example.com <<<"$PASSWORD"
	refuses 65 'the address ANN@example.com is already in use' create-admin --email ANN@example.com <<<"$PASSWORD"
}

@test "reset-password sets a password, ends the sessions and leaves an entry in the audit log" {
	ctl migrate >/dev/null
	for who in ann bob; do ctl create-admin --email "$who@example.com" <<<"$PASSWORD" >/dev/null; done
	sql "$base" "select session_start(id, 'password', sha256(email::bytea), '') from users" >/dev/null
	before=$(person ann@example.com password_hash)
	ctl reset-password --email ANN@example.com --json <<<'a quite different one' |
		jq -e '.role == "admin" and (.id | length == 36)'
	[[ $(person ann@example.com password_hash) != "$before" ]]
	[[ $(sql "$base" "select string_agg(u.email, ' ') from sessions s join users u on u.id = s.user_id") == bob@example.com ]]
	[[ $(sql "$base" "select count(*) from audit_logs where table_name = 'users' and action = 'update' and request_id = 'shopctl'
		and record_id = '$(person ann@example.com id)'") == 1 ]]
	[[ -z $(sql "$base" "select 1 from audit_logs where new_data::text like '%s1%'") ]]
	ctl create-admin --email cleo@example.com --staff <<<"$PASSWORD" >/dev/null
	ctl reset-password --email cleo@example.com <<<'a quite different one' | grep -q 'cleo@example.com (staff) was changed'
}

@test "reset-password refuses what it should" {
	refuses 64 'needs --email' reset-password
	refuses 78 'run shopctl migrate first' reset-password --email ann@example.com <<<"$PASSWORD"
	ctl migrate >/dev/null
	refuses 65 'no user has the address' reset-password --email ann@example.com <<<"$PASSWORD"
	refuses 65 'not an e-mail address' reset-password --email $'\xff@b.example' <<<"$PASSWORD"
	sql "$base" "insert into users (email, is_customer) values ('eve@example.com', true)"
	refuses 65 'is a customer' reset-password --email eve@example.com <<<"$PASSWORD"
	[[ -z $(person eve@example.com password_hash) ]]
	ctl create-admin --email ann@example.com --name 'Oblomov' <<<"$PASSWORD" >/dev/null
	before=$(person ann@example.com password_hash)
	refuses 65 'At least 10 characters' reset-password --email ann@example.com <<<'tK7#pQ2!m'
	refuses 65 'easy to guess' reset-password --email ann@example.com <<<'oblomov2024'
	refuses 66 'no password on standard input' reset-password --email ann@example.com </dev/null
	[[ $(person ann@example.com password_hash) == "$before" ]]
	sql "$base" "insert into users (email, is_admin, is_deleted) values ('old@example.com', true, true)"
	refuses 65 'no user has the address' reset-password --email old@example.com <<<"$PASSWORD"
}

# --- create-store -----------------------------------------------------------

lumen=(--country DE --currency EUR --time-zone Europe/Berlin)

@test "create-store makes a store as the API does" {
	ctl migrate >/dev/null
	id=$(ctl create-store --name ' Lumen & Söhne ' "${lumen[@]}" --tax included)
	[[ $(sql "$base" "select concat_ws('|', id, name, slug, currency, timezone, prices_include_tax, address ->> 'country', created_by)
		from stores") == "$id|Lumen & Söhne|lumen-sohne|EUR|Europe/Berlin|t|DE" ]]
	ctl create-store --name Other --country US --currency USD --time-zone America/New_York --json | jq -e '.name == "Other"'
	[[ $(sql "$base" "select prices_include_tax from stores where name = 'Other'") == f ]]
}

@test "create-store refuses what it should" {
	refuses 64 'needs --name' create-store "${lumen[@]}"
	refuses 64 'needs --time-zone' create-store --name a --country DE --currency EUR
	refuses 78 'run shopctl migrate first' create-store --name a "${lumen[@]}"
	ctl migrate >/dev/null
	refuses 65 'the name must be' create-store --name ' ' "${lumen[@]}"
	refuses 65 'the name must be' create-store --name $'a\nb' "${lumen[@]}"
	refuses 65 'the name needs a letter' create-store --name '***' "${lumen[@]}"
	refuses 65 'not the code of a country' create-store --name a "${lumen[@]}" --country Germany
	refuses 65 'not the code of a currency' create-store --name a "${lumen[@]}" --currency eur
	refuses 65 'not a time zone' create-store --name a "${lumen[@]}" --time-zone Berlin
	refuses 65 'not a time zone' create-store --name a "${lumen[@]}" --time-zone $'\xff'
	refuses 65 'included or added' create-store --name a "${lumen[@]}" --tax 19
	[[ $(sql "$base" "select count(*) from stores") == 0 ]]
	ctl create-store --name Lumen "${lumen[@]}"
	refuses 65 'of that name already' create-store --name lumen "${lumen[@]}"
}

# --- secret-key -------------------------------------------------------------

@test "secret-key prints a new key each time" {
	[[ $(ctl secret-key) =~ ^SECRET_KEY=[0-9a-f]{64}$ ]]
	[[ $(ctl secret-key) != $(ctl secret-key) ]]
}

@test "secret-key --write adds a key where there is none, and never replaces one" {
	refuses 65 'a SECRET_KEY already' secret-key --write
	write_env SECRET_KEY=short
	refuses 65 'a SECRET_KEY already' secret-key --write
	grep -qx SECRET_KEY=short .env
	write_env SECRET_KEY= A_LINE_THAT_STAYS=1
	chmod 640 .env
	ctl secret-key --write | grep -q 'added SECRET_KEY to '
	grep -qxE 'SECRET_KEY=[0-9a-f]{64}' .env
	grep -qx 'A_LINE_THAT_STAYS=1' .env
	[[ $(stat -c %a .env) == 640 ]]
	refuses 65 'a SECRET_KEY already' secret-key --write
	ctl migrate >/dev/null
}

@test "secret-key --write says what to do where the file cannot be replaced" {
	write_env SECRET_KEY=
	if (( EUID == 0 )); then chattr +i . 2>/dev/null || skip "the file system has no immutable directories"; else chmod 555 .; fi
	code=0
	ctl_error=$(env -i "$shopctl" --env .env secret-key --write 2>&1) || code=$?
	if (( EUID == 0 )); then chattr -i .; else chmod 755 .; fi
	[[ $code == 73 && $ctl_error == *"by hand"* ]]
	grep -qx SECRET_KEY= .env
}

# on_terminal ANSWER... : create-admin on a terminal; each answer follows a prompt. Leaves its $code.
on_terminal() {
	local prompt n=0 answer
	mkfifo keys
	env -i TERM=dumb script -qefc "$shopctl --env .env create-admin --email ann@example.com" screen \
		<keys >/dev/null 2>&1 3>&- &
	exec 8>keys
	for answer; do
		prompt=$(( ++n ))
		for _ in {1..100}; do
			(( $(grep -oE 'Password: |Again: ' screen | wc -l) >= prompt )) && break
			sleep 0.05
		done
		sleep 0.2
		printf '%s' "$answer" >&8
	done
	code=0
	wait $! || code=$?
	exec 8>&-
	rm keys
}

@test "create-admin prompts twice on a terminal without echo" {
	ctl migrate >/dev/null
	on_terminal "$PASSWORD"$'\r' "$PASSWORD"$'\r'
	[[ $code == 0 ]]
	grep -q 'Again: ' screen
	fails grep -q horse screen
	[[ -n $(person ann@example.com password_hash) ]]
}

@test "create-admin refuses two different passwords, and stops at an interrupt" {
	ctl migrate >/dev/null
	on_terminal "$PASSWORD"$'\r' "another $PASSWORD"$'\r'
	[[ $code == 65 ]]
	grep -q 'not the same' screen
	on_terminal 'correct h'$'\x03'
	[[ $code == 130 ]]
	[[ $(sql "$base" "select count(*) from users") == 0 ]]
}

# --- load-demo --------------------------------------------------------------

@test "load-demo fills an empty shop, once" {
	ctl migrate >/dev/null
	ctl load-demo --json >out
	jq -e '.loaded and .products >= 60 and .variants >= 6' out
	pictures=$(jq .pictures out)
	[[ $(find media -name '*.png' | wc -l) == "$pictures" && -z $(find media -name '*.tmp') ]]
	[[ $(sql "$base" "select count(*) from product_images where file ~ '^[0-9a-f]{32}.png$'") == "$pictures" ]]
	[[ $(sql "$base" "select count(distinct currency) from stores") == 2 ]]
	[[ $(sql "$base" "select count(*) from live_products" serving) == \
		"$(jq '.products + .variants' out)" ]]
	ctl load-demo | grep -q 'already exist'
	ctl load-demo --json | jq -e '.loaded == false'
	[[ $(find media -type f | wc -l) == "$pictures" ]]
}

@test "the pictures of load-demo are PNG" {
	ctl migrate >/dev/null
	ctl load-demo >/dev/null
	for picture in media/*; do
		[[ $(head -c 8 "$picture" | od -An -tx1 | tr -d ' ') == 89504e470d0a1a0a ]]
		[[ $(stat -c %s "$picture") -lt 65536 ]]
	done
	command -v pngcheck >/dev/null || skip "no pngcheck"
	pngcheck -q media/*
}

@test "two load-demos at once make one" {
	ctl migrate >/dev/null
	env -i "$shopctl" --env .env load-demo >out.1 3>&- & first=$!
	ctl load-demo >out.2
	wait "$first"
	[[ $(cat out.? | grep -c '^made') == 1 && $(cat out.? | grep -c 'already exist') == 1 ]]
	[[ $(sql "$base" "select count(*) from stores") == 2 ]]
}

@test "load-demo makes all or nothing" {
	refuses 78 'run shopctl migrate first' load-demo
	ctl migrate >/dev/null
	write_env MEDIA_DIR="$BATS_TEST_TMPDIR/nowhere"
	refuses 73 'cannot write .*No such file' load-demo
	write_env MEDIA_DIR=
	refuses 78 'MEDIA_DIR is not set' load-demo
	write_env
	sql "$base" "with s as (insert into stores (name, slug, currency) values ('x', 'x', 'EUR') returning id)
		insert into products (store, sku, name, slug, price) select id, 'CL-BK-02', 'x', 'x', 1 from s" # the last
	refuses 65 'One Hundred Short Hikes already exists' load-demo
	[[ $(sql "$base" "select count(*) from stores") == 1 && -z $(ls media) ]]
}

@test "load-demo reports errors in its data" {
	ctl migrate >/dev/null
	mkdir program
	cp "$shopctl" program/
	shopctl=$PWD/program/shopctl
	refuses 66 'no directory demo near shopctl' load-demo
	cp -R "$top/tools/shopctl/demo" .
	cp demo/catalogue.json good
	wrong() { jq "$2" good >demo/catalogue.json; refuses "$1" "$3" load-demo; }
	wrong 65 '[.]' 'catalogue.json: it is not an object'
	wrong 65 '.stores[1].products = "none"' 'catalogue.json: products are not a list of objects with names'
	wrong 65 'del(.categories[1].name)' 'catalogue.json: categories are not a list of objects with names'
	wrong 65 '.stores[0].products[5].subcategory = "tents"' 'Copper Milk Pan names a category or subcategory that does not exist'
	wrong 65 '.stores[0].products[5].stock = "9"' 'the stock of Copper Milk Pan is not an integer'
	wrong 70 'del(.stores[0].products[5].price)' 'Copper Milk Pan was not created: .*"price"'
	wrong 66 '.stores[1].products[-1].sku = "no"' 'cannot read .*demo/pictures/no.png: No such file'
	echo '{"stores": [],}' >demo/catalogue.json
	refuses 65 'catalogue.json: .*byte' load-demo
	cp good demo/catalogue.json
	echo 'no picture' >demo/pictures/CL-BK-02.png
	refuses 65 'pictures/CL-BK-02.png: ' load-demo
	rm demo/catalogue.json
	refuses 66 'cannot read .*demo/catalogue.json: No such file' load-demo
	[[ $(sql "$base" "select count(*) from stores") == 0 && -z $(ls media) ]]
}

# --- doctor -----------------------------------------------------------------

# finds RESULT CHECK PATTERN
finds() {
	if ! grep -q "^$1 *$2 .*$3" out; then echo "no $1 $2 $3 in:"; cat out; return 1; fi
}

@test "doctor is content with a good installation" {
	ctl migrate >/dev/null
	ctl doctor >out
	fails grep -q ^fail out
	for check in settings 'env file' media disk database server clock schema rights owner password; do
		finds ok "$check" ''
	done
	ctl doctor --json | jq -e '.failures == 0 and (.checks | length) > 8 and .checks[0].result == "ok"'
}

@test "doctor says of its file checks that root made them" {
	ctl migrate >/dev/null
	ctl doctor >out
	if (( EUID == 0 )); then
		finds warn files 'checked as root.* -> run doctor as the account that runs the programs'
		install -o nobody -m 600 .env "$cluster/env"
		cp "$shopctl" "$cluster/shopctl"
		setpriv --reuid nobody --clear-groups env -i "$cluster/shopctl" --env "$cluster/env" doctor >out || true
	fi
	finds ok 'env file' ''
	fails grep -q '^[a-z]* *files' out
}

@test "doctor names every setting that is wrong" {
	write_env SECRET_KEY=short MEDIA_DIR=relative SCRYPT_COST=1/2/3
	local code=0
	ctl doctor >out || code=$?
	[[ $code == 78 ]]
	finds fail settings 'SECRET_KEY is shorter'
	finds fail settings 'MEDIA_DIR is not a path'
	finds fail settings 'SCRYPT_COST is not'
	fails grep -q short\$ out
	code=0
	ctl doctor --json >out || code=$?
	[[ $code == 78 ]]
	jq -e '[.checks[] | select(.result == "fail")] | length >= 3' out
}

@test "doctor warns of an unknown setting" {
	ctl migrate >/dev/null
	write_env DATABSE_URL=x
	ctl doctor >out
	finds warn settings 'DATABSE_URL is not a setting'
}

@test "doctor finds a .env that others can read, or that the web server shows" {
	ctl migrate >/dev/null
	chmod 644 .env
	fails ctl doctor >out
	finds fail 'env file' 'has the mode 644'
	mkdir -p public_html
	cp -p .env public_html/.env
	chmod 600 public_html/.env
	fails env -i "$shopctl" --env public_html/.env doctor >out
	finds fail 'env file' 'inside public_html'
}

@test "doctor finds a database that does not answer" {
	write_env DATABASE_URL="$(url serving 1)" DATABASE_OWNER_URL="$(url owner 1)"
	local code=0
	ctl doctor >out || code=$?
	[[ $code == 69 ]]
	finds fail database 'correct DATABASE_URL'
	finds fail owner 'correct DATABASE_OWNER_URL'
}

@test "doctor finds a schema that is not this program's" {
	sql postgres "grant connect on database $base to serving"
	fails ctl doctor >out
	finds fail schema '0 of .* run shopctl migrate'
	ctl migrate >/dev/null
	sql "$base" "insert into schema_migrations values (9999, 'future', 'x')"
	fails ctl doctor >out
	finds fail schema '9999_future of a newer version'
}

@test "doctor finds a serving role with too many rights" {
	ctl migrate >/dev/null
	sql "$base" "grant update on audit_logs to serving"
	fails ctl doctor >out
	finds fail rights 'audit_logs.new_data: update'
	write_env DATABASE_URL="$(url postgres)"
	fails ctl doctor >out
	finds fail rights 'is a superuser'
}

@test "doctor finds a directory for images that is not there" {
	ctl migrate >/dev/null
	rmdir media
	fails ctl doctor >out
	finds fail media 'there is no directory'
	write_env MEDIA_DIR=
	ctl doctor >out
	finds warn media 'images cannot be uploaded'
}

@test "doctor leaves nothing in the directories that it tries, killed though it is" {
	ctl migrate >/dev/null
	ctl doctor >out
	[[ -z $(ls -A media) ]]
	# Not a byte may be written to a file: that is a signal, and the end.
	code=0
	(ulimit -c 0 -f 0 && exec env -i "$shopctl" --env .env doctor) >/dev/null 2>&1 || code=$?
	[[ $code == $((128 + $(kill -l XFSZ))) ]]
	[[ -z $(ls -A media) ]]
}

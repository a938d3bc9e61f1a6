# What shopctl, doctor, the programs' log and health say when the database refuses them or is not there: each cause with
# its advice, against a server that is made to do so.
# shellcheck disable=SC2154 # cluster.bash sets them

export CLUSTER_PORT=${CLUSTER_PORT-$((${PORT:-18080} + 9))}
load ../../support/cluster

# tcp_url ROLE[:PASSWORD] [PARAMETERS] [PORT]
tcp_url() { printf 'postgresql://%s@127.0.0.1:%s/%s%s' "$1" "${3-$PORT}" "$base" "${2:+?$2}"; }

# logs_in TYPE ROLE [ADDRESS] METHOD : a line for this test's database, before all others, in pg_hba.conf.
logs_in() {
	printf '%s %s %s\n' "$1" "$base" "${*:2}" | cat - "$cluster/data/pg_hba.conf" >hba
	cat hba >"$cluster/data/pg_hba.conf"
	sql postgres "select pg_reload_conf()" >/dev/null
}

# health : what the program meta answers, and in the file log what it logs.
health() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/meta PATH_INFO=/health \
		SECRET_KEY="$SECRET" APP_ENV=test "DATABASE_URL=$address" "${shopctl%/bin/shopctl}/cgi-bin/api/meta" </dev/null 2>log
}

# all_say URL CODE WORDS ADVICE ID HEALTH : with this DATABASE_URL.
all_say() {
	local code=0 answer
	address=$1
	write_env "DATABASE_URL=$1"
	refuses "$2" "$3.*; $4" outbox
	ctl doctor >out || code=$?
	[[ $code == 69 ]]
	finds fail database "$3.* -> $4"
	ctl doctor --json | jq -e --arg id "database-$5" '[.checks[] | select(.id == $id and .result == "fail")] | length == 1'
	answer=$(health)
	echo "$answer"
	[[ $answer == *'Status: 503'* && $answer == *'"database":"'"$6"'"'* ]]
	grep -q "level=error .*database: .*$3.* -> $4" log
	# Strangers learn neither names nor addresses.
	[[ $answer != *"$base"* && $answer != *127.0.0.1* && $answer != *serving* && $answer != *nobody* ]]
}

@test "database: a wrong password" {
	sql postgres "alter role serving password 'right'"
	logs_in host serving 127.0.0.1/32 scram-sha-256
	all_say "$(tcp_url serving:wrong)" 77 'password authentication failed' 'correct the password in DATABASE_URL (in passwords % is written %25' \
		password-wrong refused
}

@test "database: no password" {
	logs_in host serving 127.0.0.1/32 scram-sha-256
	all_say "$(tcp_url serving)" 77 'no password supplied' 'put a password into DATABASE_URL' password-missing refused
}

@test "database: an account that may not be this role" {
	logs_in local owner peer
	refuses 77 'Peer authentication failed.*; run it as the account that .* or put a password into DATABASE_OWNER_URL$' migrate
	logs_in local owner trust
	ctl migrate >/dev/null
	logs_in local owner peer
	# The account of the programs need not be the owner's.
	ctl doctor >out
	finds ok database ''
	finds warn owner 'Peer authentication failed.* -> to migrate, run it as'
}

@test "database: no such role" {
	all_say "$(tcp_url nobody_here)" 77 'role .*nobody_here.* does not exist' 'create the role, or correct the user in DATABASE_URL' \
		role-missing refused
}

@test "database: a role that may not log in" {
	sql postgres "create role nobody_here nologin"
	all_say "$(tcp_url nobody_here)" 77 'not permitted to log in' 'run `alter role ... login`' role-locked refused
	sql postgres "drop role nobody_here"
}

@test "database: no such database" {
	all_say "postgresql://serving@127.0.0.1:$PORT/nobody_home" 77 'database .*nobody_home.* does not exist' \
		'create the database, or correct its name in DATABASE_URL' database-missing refused
}

@test "database: a role that may not connect" {
	all_say "$(tcp_url serving)" 77 'permission denied for database' 'run `grant connect on database' connect-refused refused
}

@test "database: no such host" {
	all_say "postgresql://serving@nobody.invalid/$base" 69 'could not translate host name' \
		'correct the name of the host in DATABASE_URL' host-unknown unreachable
}

@test "database: nothing listens" {
	all_say "$(tcp_url serving '' 1)" 69 'Connection refused' 'start the database, or correct host and port in DATABASE_URL' \
		port-closed unreachable
	all_say "$(url serving 1)" 69 'No such file or directory' 'start the database, or correct the directory of its socket' \
		socket-missing unreachable
	write_env DATABASE_OWNER_URL="$(url owner 1)"
	refuses 69 'No such file.*; start the database' migrate --plan
	refuses 69 'does not respond' create-admin --email a@b.example
}

@test "database: an address that it does not let in" {
	logs_in host serving 127.0.0.1/32 reject
	all_say "$(tcp_url serving)" 77 'pg_hba.conf rejects connection' 'if the database wants TLS, use the programs with TLS' \
		tls-demanded refused
}

@test "database: one that does not answer" {
	postmaster=$(head -n 1 "$cluster/data/postmaster.pid")
	as_postgres kill -STOP "$postmaster"
	failed=0
	all_say "$(tcp_url serving)" 69 'no answer within 2 s' 'correct host and port in DATABASE_URL, or have the firewall' \
		no-answer unreachable || failed=1
	as_postgres kill -CONT "$postmaster"
	[[ $failed == 0 ]]
}

@test "database: too many connections" {
	sql postgres "grant connect on database $base to serving; alter role serving connection limit 0"
	all_say "$(tcp_url serving)" 75 'too many connections for role' 'let it allow more connections' connections-used-up busy
	sql postgres "alter role serving connection limit 7"
	ctl doctor >out || true
	finds warn connections 'may have 7 at once; .*503 -> ask the host to allow 20'
	sql postgres "alter role serving connection limit -1"
	ctl doctor >out || true
	finds ok connections 'may have 97 at once$'
}

# holds SECONDS : the only connection of the role for that long.
holds() {
	sql "$base" "select 'held', pg_sleep($1)" serving >/dev/null 3>&- &
	until [[ $(sql postgres "select count(*) from pg_stat_activity where query like '%held%' and usename = 'serving'") == 1 ]]; do
		sleep 0.02
	done
}

@test "database: a connection that becomes free in a moment is waited for, for a second and no longer" {
	local answer begin ms
	ctl migrate >/dev/null
	sql postgres "alter role serving connection limit 1"
	address=$(tcp_url serving)
	holds 0.4
	answer=$(health)
	wait
	[[ $answer == *'"database":"ok"'* && $answer == *'Status: 200'* ]] || { echo "$answer"; cat log; false; }
	holds 6
	begin=${EPOCHREALTIME/./}
	answer=$(health)
	ms=$(( (${EPOCHREALTIME/./} - begin) / 1000 ))
	sql postgres "select pg_terminate_backend(pid) from pg_stat_activity where usename = 'serving'; alter role serving connection limit -1"
	wait || true
	echo "$ms ms: $answer"
	[[ $answer == *'Status: 503'* && $answer == *'Retry-After: '* && $answer == *'"database":"busy"'* ]]
	(( ms > 300 && ms < 4000 ))
	(( $(grep -c 'too many connections for role "serving"' "$cluster/log") >= 4 ))
}

@test "database: a refusal that waiting does not change is final" {
	local before
	sql postgres "alter role serving password 'right'"
	logs_in host serving 127.0.0.1/32 scram-sha-256
	before=$(grep -c 'password authentication failed' "$cluster/log" || true)
	address=$(tcp_url serving:wrong)
	[[ $(health) == *'Status: 503'* ]]
	[[ $(grep -c 'password authentication failed' "$cluster/log") == $((before + 1)) ]]
}

# The programs that are tested lack TLS, as those of cgi-bin do.
@test "database: it speaks TLS, which the programs lack" {
	all_say "$(tcp_url serving sslmode=require)" 77 'server does not support SSL' 'turn TLS on at the database' tls-not-offered refused
	openssl req -x509 -newkey rsa:2048 -nodes -days 2 -subj /CN=127.0.0.1 -keyout key -out crt 2>/dev/null
	if (( EUID == 0 )); then chown postgres: key crt; fi
	chmod 600 key
	mv key crt "$cluster/data"
	sql postgres "alter system set ssl_key_file = 'key'"
	sql postgres "alter system set ssl_cert_file = 'crt'"
	sql postgres "alter system set ssl = on"
	sql postgres "select pg_reload_conf()" >/dev/null
	[[ $("$shopctl" --version) == *'(TLS)'* ]] || all_say "$(tcp_url serving sslmode=verify-full)" 77 'the server speaks TLS, which this program lacks' \
		'use the programs with TLS (cgi-bin-tls in the archive, or make TLS=on)' tls-missing refused
	logs_in hostnossl serving 127.0.0.1/32 reject
	all_say "$(tcp_url serving)" 77 'no encryption\|SSL off' 'if the database wants TLS, use the programs with TLS' tls-demanded refused
	sql postgres "alter system reset ssl"
	sql postgres "select pg_reload_conf()" >/dev/null
}

@test "database: a pooler that manages prepared statements itself" {
	ctl migrate >/dev/null
	write_env "DATABASE_URL=$(url serving 6499)"
	node "$top/tests/support/pooler.js" "$cluster/.s.PGSQL.6499" "$cluster/.s.PGSQL.$PORT" >ready 3>&- &
	pooler=$!
	for _ in {1..100}; do
		if [[ -s ready ]]; then break; fi
		sleep 0.05
	done
	chmod 777 "$cluster/.s.PGSQL.6499"
	address=$(url serving 6499)
	answer=$(health) failed=0
	[[ $answer == *'Status: 200'* && $answer == *'"database":"ok"'* ]] || failed=1
	# What writes, too: the limit of tries.
	body='{"email":"ann@example.com","password":"wrong horse"}'
	answer=$(env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST SCRIPT_NAME=/cgi-bin/api/auth PATH_INFO=/admin/login \
		REMOTE_ADDR=192.0.2.1 CONTENT_TYPE=application/json CONTENT_LENGTH=${#body} SECRET_KEY="$SECRET" APP_ENV=test \
		SCRYPT_COST=10/8/1 "DATABASE_URL=$address" "${shopctl%/bin/shopctl}/cgi-bin/api/auth" 2>log \
		<<<"$body")
	[[ $answer == *'Status: 401'* && $(sql "$base" "select count(*) > 0 from rate_limits") == t ]] || failed=2
	ctl doctor >out || true
	finds warn pooler 'each program connects twice -> set max_prepared_statements = 0' || failed=3
	write_env "DATABASE_URL=$address" DATABASE_STATEMENT_CACHE=off
	ctl doctor >out || true
	fails grep -q '^[a-z]* *pooler' out || failed=4
	kill "$pooler"
	echo "$failed: $answer $(<log)"
	[[ $failed == 0 ]]
}

# elsewhere COMMAND... : on a machine of its own, which reaches another one, 192.0.2.1, with this database.
elsewhere() {
	unshare --net bash -c '
		ip link set lo up && ip address add 192.0.2.1/32 dev lo || exit
		node -e "const net = require(\"net\"), [port, socket] = process.argv.slice(1)
			net.createServer((c) => c.pipe(net.connect(socket).on(\"error\", () => c.destroy())).on(\"error\", () => {}).pipe(c))
				.listen(port, \"192.0.2.1\")" "$1" "$2" &
		trap "kill $!" EXIT
		for i in $(seq 50); do (: >"/dev/tcp/192.0.2.1/$1") 2>/dev/null && break; sleep 0.1; done
		"${@:3}"' elsewhere "$PORT" "$cluster/.s.PGSQL.$PORT" "$@"
}

@test "database: on another machine, spoken to in clear" {
	(( EUID == 0 )) || skip "a network of its own needs root"
	ctl migrate >/dev/null
	local at=postgresql://serving@192.0.2.1:$PORT/$base fix='add sslmode=verify-full&sslrootcert=/path/to/ca.pem'
	write_env "DATABASE_URL=$at"
	elsewhere env -i "$shopctl" --env .env doctor >out || true
	finds ok database 'DATABASE_URL works'
	finds warn encryption "all it is sent can be read on the way -> $fix"
	write_env "DATABASE_URL=$at" APP_ENV=production
	elsewhere env -i "$shopctl" --env .env doctor >out || true
	finds fail encryption "all it is sent can be read on the way -> $fix"
	# On this one nobody is between.
	write_env "DATABASE_URL=$(tcp_url serving)" APP_ENV=production
	ctl doctor >out || true
	fails grep -q '^[a-z]* *encryption' out
}

@test "database: characters of a password that are written as %XX" {
	for wrong in 'a%b:has a % that begins no %XX.*%25' 'a@b:has an @ in the password.*%40' 'a/b:has a / in the password.*%2F'; do
		write_env "DATABASE_URL=$(tcp_url "serving:${wrong%%:has*}")"
		refuses 78 "DATABASE_URL has${wrong#*:has}" outbox
		ctl doctor >out || true
		finds fail settings "DATABASE_URL has${wrong#*:has}"
		fails grep -q 'a.b' err
	done
	write_env "DATABASE_URL=$(tcp_url serving '' 54x2)"
	refuses 78 'DATABASE_URL has a port that is no number' outbox
	sql postgres "set password_encryption = 'scram-sha-256'; alter role serving password 'a%b@c/d:e#f?g&h'; grant connect on database $base to serving"
	logs_in host serving 127.0.0.1/32 scram-sha-256
	write_env "DATABASE_URL=$(tcp_url 'serving:a%25b%40c%2Fd%3Ae%23f%3Fg%26h')"
	ctl doctor >out || true
	finds ok database ''
}

@test "database: the schema public is missing" {
	sql "$base" "drop schema public"
	refuses 78 'no schema has been selected.*; run `create schema public` as' migrate
}

@test "database: read-only" {
	ctl migrate >/dev/null
	sql postgres "alter database $base set default_transaction_read_only = on"
	refuses 69 'read-only transaction; name the primary server in DATABASE_URL' outbox
	ctl doctor >out || true
	finds fail server 'it is set to read-only'
	address=$(tcp_url serving)
	[[ $(health) == *'Status: 503'*'"database":"read_only"'* ]]
}

@test "database: a standby" {
	ctl migrate >/dev/null
	as_postgres "$PG_BIN/pg_ctl" stop -s -m fast -D "$cluster/data"
	as_postgres touch "$cluster/data/standby.signal"
	as_postgres "$PG_BIN/pg_ctl" start -s -w -D "$cluster/data" -l "$cluster/log" -o "-p $PORT -k $cluster \
		-c listen_addresses=127.0.0.1 -c fsync=off" 3>&-
	code=0
	ctl outbox || code=$?
	mv err words
	ctl doctor >out || true
	address=$(tcp_url serving)
	answer=$(health)
	as_postgres "$PG_BIN/pg_ctl" promote -s -w -D "$cluster/data"
	echo "$code $answer"; cat words out
	[[ $code == 69 ]]
	grep -q '; name the primary server in DATABASE_URL: this one is a standby' words
	finds fail server 'it is a standby: nothing can be written to it -> name the primary'
	[[ $answer == *'"database":"read_only"'* ]]
}

@test "database: its disk is full" {
	(( EUID == 0 )) || skip "not root"
	mkdir -m 755 "$cluster/small"
	mount -t tmpfs -o size=64m none "$cluster/small" 2>/dev/null || skip "cannot mount"
	chown postgres: "$cluster/small"
	sql postgres "create tablespace small location '$cluster/small'"
	sql postgres "drop database $base"
	code=0
	sql postgres "create database $base owner owner tablespace small"
	room=$(df --output=avail -k "$cluster/small" | tail -n 1)
	head -c "$((room - 512))k" /dev/zero >"$cluster/small/filler"
	ctl migrate >out 2>err || code=$?
	sql postgres "drop database $base"
	sql postgres "drop tablespace small"
	umount "$cluster/small"
	cat err
	[[ $code == 69 ]]
	grep -q "; make room on the database's disk, or order more$" err
}

@test "database: a right that is missing has each connection's own advice" {
	ctl migrate >/dev/null
	sql "$base" "revoke all on function outbox_claim from serving" owner
	refuses 77 'permission denied .*; run shopctl migrate, which gives the role of DATABASE_URL its rights$' outbox
	ctl migrate >/dev/null
	ctl outbox
}

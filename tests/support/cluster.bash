# shellcheck shell=bash disable=SC2034 # suites use the variables
# The command line tools, against a PostgreSQL of its own: each suite starts a cluster that listens on a socket in a
# temporary directory, and stops it again; each test has a database. $SHOPCTL is the program (build/bin/shopctl).
# A suite that sets CLUSTER_PORT before it loads this has one that listens on that port of 127.0.0.1, too.

readonly CLUSTER_LISTENS=${CLUSTER_PORT+127.0.0.1} PORT=${CLUSTER_PORT-5432} BOUNCER_PORT=6432
readonly SECRET=0123456789abcdef0123456789abcdef
readonly PASSWORD='correct horse battery'

as_postgres() {
	if (( EUID == 0 )); then
		( cd / && setpriv --reuid postgres --regid postgres --init-groups -- "$@" )
	else
		"$@"
	fi
}

# The roles of a shop.
owner=owner serving=serving

# A suite with more to do has functions setup_file, teardown_file and setup of its own, which call these.
start_cluster() {
	: "${PG_BIN:=$(pg_config --bindir)}"
	[[ -x $PG_BIN/initdb ]] || PG_BIN=$(dirname "$(printf "%s\n" /usr/lib/postgresql/*/bin/initdb | tail -n 1)")
	top=${BATS_TEST_DIRNAME%/tests/*}
	shopctl=$(realpath -s "${SHOPCTL:-${BUILD:-$top/build}/bin/shopctl}")
	cluster=$(mktemp -d /tmp/shopctl-test.XXXXXX)
	export PG_BIN top shopctl cluster
	if (( EUID == 0 )); then chown postgres: "$cluster"; fi
	chmod 755 "$cluster"
	as_postgres "$PG_BIN/initdb" -D "$cluster/data" -U postgres -E UTF8 --locale=C.UTF-8 -A trust -N >/dev/null
	as_postgres "$PG_BIN/pg_ctl" start -s -w -D "$cluster/data" -l "$cluster/log" -o "-p $PORT -k $cluster \
		-c listen_addresses='$CLUSTER_LISTENS' -c fsync=off -c jit=off" 3>&- 4>&-
	sql postgres "create role owner login; create role serving login"
}

stop_cluster() {
	as_postgres "$PG_BIN/pg_ctl" stop -s -m immediate -D "$cluster/data"
	rm -rf "$cluster"
}

setup_file() { start_cluster; }

teardown_file() { stop_cluster; }

# An empty database, $base.
make_database() {
	sql postgres "create database $base owner $owner"
	sql postgres "revoke all on database $base from public"
	sql "$base" "alter schema public owner to $owner"
}

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=test_$BATS_TEST_NUMBER
	make_database
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

# write_env [LINE]... : a good .env of $base here, and then the lines, of which the last one of a name counts.
write_env() {
	printf '%s\n' APP_ENV=test "SECRET_KEY=$SECRET" "DATABASE_URL=$(url "$serving")" SCRYPT_COST=10/8/1 \
		"DATABASE_OWNER_URL=$(url "$owner")" "MEDIA_DIR=$PWD/media" >.env
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

# finds RESULT CHECK PATTERN : doctor has said so, in the file out.
finds() {
	if ! grep -q "^$1 *$2 .*$3" out; then echo "no $1 $2 $3 in:"; cat out; return 1; fi
}

tables() { sql "$base" "select count(*) from pg_class where relnamespace = 'public'::regnamespace"; }


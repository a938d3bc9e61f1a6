# shellcheck shell=bash disable=SC2034,SC2154 # the tools share their variables
# A private PostgreSQL cluster and a PgBouncer in front of it. Both listen on
# Unix sockets only; the numbers in the sockets' names are the usual ports.

readonly PG_PORT=${PG_PORT:-5432} BOUNCER_PORT=6432

# The programs of the cluster's release, or for a new one of the newest that is installed. PG_BIN: those there.
pg_bin() {
	local release='*' found
	if [[ ${PG_BIN-} ]]; then printf '%s\n' "$PG_BIN"; return; fi
	if [[ -e $pg/PG_VERSION ]]; then release=$(<"$pg/PG_VERSION"); fi
	# shellcheck disable=SC2086 # a pattern
	found=$(printf '%s\n' /usr/lib/postgresql/$release/bin/initdb | sort -V | tail -n 1)
	if [[ ! -x $found && $release == '*' ]]; then
		die "$EX_UNAVAILABLE" "PostgreSQL is not installed: run tools/deps"
	elif [[ ! -x $found ]]; then
		die "$EX_UNAVAILABLE" "the cluster in $pg is of PostgreSQL $release, which is not installed: apt-get install postgresql-$release"
	fi
	printf '%s\n' "${found%/initdb}"
}

postgres_pid() { our_pid "$pg/postmaster.pid" -D "$pg"; }
bouncer_pid()  { our_pid "$bouncer/pgbouncer.pid" -d "$bouncer/pgbouncer.ini"; }

start_database() {
	new_log postgres.log "$db_user" "$db_group"
	new_log pgbouncer.log "$db_user" "$db_group"
	[[ -d $pg ]] || create_cluster
	stop_replaced
	postgres_pid >/dev/null || start_postgres
	create_roles
	bouncer_pid >/dev/null || start_bouncer
}

stop_replaced() {
	local pid
	for pid in $(postgres_pid; bouncer_pid); do
		if is_replaced "$pid"; then
			say "PostgreSQL or PgBouncer was updated; starting it anew."
			stop_database
			return
		fi
	done
}

# initdb works in a temporary directory, so that an interrupted one is never
# mistaken for a cluster.
create_cluster() {
	local programs
	programs=$(pg_bin)
	say "Creating the database cluster."
	rm -rf "$pg.new"
	make_dir "$pg.new" 0700 "$db_user" "$db_group"
	# In a subshell, so that what a trap of ours says does not go to the log.
	( as_user "$db_user" "$programs/initdb" -D "$pg.new" -U postgres --encoding=UTF8 \
		--locale=C.UTF-8 --auth-local=peer --auth-host=reject --data-checksums ) \
		>"$log/initdb.log" 2>&1 || die "$EX_UNAVAILABLE" "initdb failed; see $log/initdb.log"
	mv "$pg.new" "$pg"
}

start_postgres() {
	local programs
	programs=$(pg_bin)
	wait_for 15 is_abandoned "$pg" ||
		die "$EX_TEMPFAIL" "an earlier PostgreSQL is still running in $pg"
	# With no server running there, a lock left by a crash names a dead process, or an unrelated one with the same
	# number, which would keep PostgreSQL from starting.
	rm -f "$pg/postmaster.pid" "$run/db/.s.PGSQL.$PG_PORT" "$run/db/.s.PGSQL.$PG_PORT.lock"

	write_cluster_settings
	as_user "$db_user" "$programs/pg_ctl" start -s -w -t 60 -D "$pg" -l "$log/postgres.log" ||
		die "$EX_UNAVAILABLE" "PostgreSQL does not start; see $log/postgres.log"
}

# Every PostgreSQL process works inside the data directory.
is_abandoned() {
	local cwd
	for cwd in /proc/[0-9]*/cwd; do
		[[ $(readlink "$cwd" 2>/dev/null) != "$1" ]] || return 1
	done
}

# A container may lack /dev/shm: then processes of a parallel query share files below the data directory.
shared_memory() {
	if as_user "$db_user" test -d /dev/shm -a -w /dev/shm; then echo posix; else echo mmap; fi
}

write_cluster_settings() {
	write_file "$pg/postgresql.conf" 0600 "$db_user" "$db_group" <<-END
		# Written by tools/up at each start of the cluster.
		listen_addresses = '${pg_listen-}'
		port = $PG_PORT
		unix_socket_directories = '$run/db'
		max_connections = 100
		shared_buffers = 64MB
		dynamic_shared_memory_type = $(shared_memory)
		effective_cache_size = 512MB
		work_mem = 8MB
		maintenance_work_mem = 64MB
		max_wal_size = 512MB
		random_page_cost = 1.1
		fsync = ${PG_FSYNC-on}
		synchronous_commit = on
		jit = off                       # costs more than it saves on short statements
		$(if (( $(<"$pg/PG_VERSION") >= 14 )); then
			echo 'client_connection_check_interval = 1s   # the statement of a program that is gone ends'
		fi)
		timezone = 'UTC'
		log_timezone = 'UTC'
		log_line_prefix = '%m [%p] %u '
		lc_messages = 'C.UTF-8'
	END
	# The web programs can only use the application's role; higher roles are
	# for accounts that could read the data files anyway.
	write_file "$pg/pg_hba.conf" 0600 "$db_user" "$db_group" <<-END
		# Written by tools/up. type  database  role  method
		local  cgishop  cgishop_app  trust
		local  all      all          peer map=cgishop
		${pg_hba-}
	END
	local user role
	for user in "$db_user" "$(id -un)"; do
		for role in postgres cgishop_owner ${pg_role-}; do
			printf 'cgishop  %s  %s\n' "$user" "$role"
		done
	done | sort -u | write_file "$pg/pg_ident.conf" 0600 "$db_user" "$db_group"
}

psql_as_postgres() {
	as_user "$db_user" env -u PGOPTIONS "PGHOST=$run/db" "PGPORT=$PG_PORT" \
		psql -X -q -v ON_ERROR_STOP=1 -U postgres -d "$1"
}

create_roles() {
	psql_as_postgres postgres <<-'END'
		SELECT format('CREATE ROLE %I LOGIN', name)
		FROM unnest(ARRAY['cgishop_owner', 'cgishop_app']) AS name
		WHERE NOT EXISTS (SELECT FROM pg_roles WHERE rolname = name) \gexec
		SELECT 'CREATE DATABASE cgishop OWNER cgishop_owner'
		WHERE NOT EXISTS (SELECT FROM pg_database WHERE datname = 'cgishop') \gexec
		REVOKE ALL ON DATABASE cgishop FROM PUBLIC;
		GRANT CONNECT ON DATABASE cgishop TO cgishop_app;
	END
	# Before PostgreSQL 15 it is the superuser's, and everybody may create in it.
	psql_as_postgres cgishop <<<'ALTER SCHEMA public OWNER TO cgishop_owner;'
}

# Transaction pooling: a program borrows a connection from BEGIN to COMMIT, so a
# few serve hundreds of short-lived programs. Two per processor, as one may wait
# for the disk while another works; more only evict each other's caches and slow
# down each request. auth_file has the only role that PgBouncer accepts, and
# only its own account may use its console.
start_bouncer() {
	write_file "$bouncer/users.txt" 0600 "$db_user" "$db_group" <<<'"cgishop_app" ""'
	write_file "$bouncer/pgbouncer.ini" 0600 "$db_user" "$db_group" <<-END
		; Written by tools/up at each start of PgBouncer.
		[databases]
		cgishop = host=$run/db port=$PG_PORT dbname=cgishop

		[pgbouncer]
		listen_port = $BOUNCER_PORT
		unix_socket_dir = $run/db
		auth_type = trust
		auth_file = $bouncer/users.txt
		pool_mode = transaction
		default_pool_size = $(( $(nproc) > 2 ? $(nproc) + 1 : 3 ))
		max_client_conn = 2000
		query_wait_timeout = 5
		server_login_retry = 1
		$(pooler_statements)
		query_timeout = 0
		server_lifetime = 86400
		server_idle_timeout = 600
		server_reset_query =
		ignore_startup_parameters = extra_float_digits
		log_connections = 0
		log_disconnections = 0
		logfile = $log/pgbouncer.log
		pidfile = $bouncer/pgbouncer.pid
	END
	rm -f "$bouncer/pgbouncer.pid" "$run/db/.s.PGSQL.$BOUNCER_PORT"
	( raise_open_files 4096
	  as_user "$db_user" pgbouncer -q -d "$bouncer/pgbouncer.ini" ) </dev/null >/dev/null 2>&1 ||
		die "$EX_UNAVAILABLE" "PgBouncer does not start; see $log/pgbouncer.log"
	wait_for 30 test -S "$run/db/.s.PGSQL.$BOUNCER_PORT" ||
		die "$EX_UNAVAILABLE" "PgBouncer does not answer; see $log/pgbouncer.log"
}

# Statements are kept by the programs. Before 1.21 PgBouncer does not know the setting.
pooler_statements() {
	local version
	version=$(pgbouncer --version | sed -n 's/^PgBouncer \([0-9.]*\).*/\1/p')
	if [[ $(printf '%s\n' 1.21 "$version" | sort -V | head -n 1) == 1.21 ]]; then echo 'max_prepared_statements = 0'; fi
}

# One open file per client; the maximum of the account.
raise_open_files() {
	ulimit -S -n "$1" 2>/dev/null || ulimit -S -n "$(ulimit -H -n)"
}

stop_database() {
	local pid
	if pid=$(bouncer_pid); then
		stop_process "$pid" TERM 10
		say "PgBouncer stopped."
	fi
	if pid=$(postgres_pid); then
		stop_process "$pid" INT 60      # fast shutdown: roll back, write out, leave
		say "PostgreSQL stopped."
	fi
}

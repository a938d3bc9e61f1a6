# When something fails: the database, the pooler, the client, the disk, the memory, the settings. What is asked then
# is answered with 503 without delay, nothing is half done, and afterwards all is well without a restart.
#
# Needs a shop of its own that tools/up has started below $VAR, its $API, $PSQL, $ADMIN_EMAIL and $ADMIN_PASSWORD:
# its PostgreSQL and its PgBouncer are stopped and started here.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	export PG_BIN DB_USER HOME_OF_SHOP STORE PRODUCT
	HOME_OF_SHOP=$(realpath "$VAR")
	DB_USER=$(stat -c %U "$HOME_OF_SHOP/pg")
	: "${PG_BIN:=$(dirname "$(printf '%s\n' /usr/lib/postgresql/*/bin/pg_ctl | tail -n 1)")}"
	PATH=$PATH:/usr/sbin
	as admin
	STORE=$(make /stores name="$(unique)" currency=EUR)
	PRODUCT=$(make /products sku="$(unique)" name=Lamp price=10.00 store="$STORE" inventory_count:=100000)
}

teardown() {
	send_signal CONT
	postgres_runs || start_postgres
	bouncer_runs || start_bouncer
}

sql() { $PSQL -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }
stock() { sql "select inventory_count from stock where product = '$PRODUCT'"; }

# --- the shop's processes

# Without bats's own descriptors, 3 in a test and 4 after one that failed: bats waits until nobody has them.
as_db_user() {
	if (( EUID == 0 )); then
		( cd / && exec setpriv --reuid "$DB_USER" --regid "$DB_USER" --init-groups -- "$@" ) 3>&- 4>&-
	else
		"$@" 3>&- 4>&-
	fi
}

# pid_of FILE : the process in the pid file, if it lives.
pid_of() {
	local pid
	{ read -r pid <"$1"; } 2>/dev/null && [[ -n $pid && -d /proc/$pid ]] && echo "$pid"
}

postgres_pid() { pid_of "$HOME_OF_SHOP/pg/postmaster.pid"; }
bouncer_pid()  { pid_of "$HOME_OF_SHOP/pgbouncer/pgbouncer.pid"; }
postgres_runs() { postgres_pid >/dev/null; }
bouncer_runs()  { bouncer_pid >/dev/null; }

start_postgres() {
	as_db_user "$PG_BIN/pg_ctl" start -s -w -t 30 -D "$HOME_OF_SHOP/pg" -l "$HOME_OF_SHOP/log/postgres.log" </dev/null
}

start_bouncer() {
	as_db_user pgbouncer -q -d "$HOME_OF_SHOP/pgbouncer/pgbouncer.ini" </dev/null >/dev/null 2>&1
	wait_until is_well
}

stop_postgres() { as_db_user "$PG_BIN/pg_ctl" stop -s -w -m fast -D "$HOME_OF_SHOP/pg"; }

stop_bouncer() {
	local pid
	pid=$(bouncer_pid)
	kill -s TERM "$pid"
	wait_until eval "! kill -0 $pid 2>/dev/null"
}

# send_signal SIGNAL : to PostgreSQL, all of it.
send_signal() {
	local main file line
	main=$(postgres_pid) || return 0
	# The one that would start others first.
	kill -s "$1" "$main"
	for file in /proc/[0-9]*/stat; do
		read -r line 2>/dev/null <"$file" || continue
		read -r _ parent _ <<<"${line##*) }"
		if [[ $parent == "$main" ]]; then kill -s "$1" "${line%% *}" 2>/dev/null || true; fi
	done
}

wait_until() {
	local i
	for i in {1..100}; do
		if "$@"; then return; fi
		sleep 0.1
	done
	return 1
}

is_well() { [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "$API/meta/health") == 200 ]]; }

# --- asking

# ask METHOD PATH [CURL'S ARGUMENTS...] : api, and how long it took in $ms
ask() {
	local start=${EPOCHREALTIME/./}
	api "$@"
	ms=$(( (${EPOCHREALTIME/./} - start) / 1000 ))
}

an_order() {
	json store="$STORE" items:="[{\"product\":\"$PRODUCT\",\"quantity\":${1-1}}]" \
		contact:='{"name":"Ann","email":"ann@example.test"}'
}

# unavailable MS_MAX [DETAIL]
unavailable() {
	expect 503 unavailable
	[[ $(header Retry-After) -gt 0 && $(header Retry-After) -le 60 ]] || { echo "$headers"; return 1; }
	[[ $(field .detail) =~ ^${2-null}$ ]] || { echo "$body"; return 1; }
	(( ms <= $1 )) || { echo "it took $ms ms"; return 1; }
}

# Reads and writes, signed in and not.
everything_unavailable() {
	as nobody
	for path in /products "/products/$PRODUCT"; do
		ask GET "$path"
		unavailable 3000
	done
	ask GET /meta/health
	unavailable 3000 'The database (cannot be used|does not answer).*'
	[[ $(field .database) == un* ]] || { echo "$body"; return 1; }
	ask HEAD /products
	[[ $status == 503 && $ms -le 3000 ]]
	ask POST /orders --json "$(an_order)" -H "Idempotency-Key: $(unique fault-key-long-enough-)"
	unavailable "$1"
	ask POST /auth/admin/login --json '{"email":"a@example.test","password":"correct horse battery"}'
	unavailable "$1"
	token=$known
	ask GET /users
	unavailable 3000
	ask PATCH "/products/$PRODUCT" --json '{"name":"Lamp"}'
	unavailable "$1"
	# What needs no database is answered all the same.
	as nobody
	for path in /meta "/products/none" '/products?page_size=0'; do
		ask GET "$path"
		[[ $status != 503 && $ms -le 1000 ]]
	done
}

everything_well() {
	as nobody
	for path in /products "/products/$PRODUCT" /meta/health; do
		ask GET "$path"
		expect 200
	done
	token=$known
	ask GET /users
	expect 200
	as nobody
	ask POST /orders --json "$(an_order)"
	expect 201
}

# --- the database

@test "faults: PostgreSQL is down" {
	known=$(admin_token)
	everything_well
	left=$(stock)
	stop_postgres
	everything_unavailable 3000
	start_postgres
	wait_until is_well
	everything_well
	[[ $(stock) == $((left - 1)) ]]
}

@test "faults: PgBouncer is down" {
	known=$(admin_token)
	everything_well
	stop_bouncer
	everything_unavailable 3000
	start_bouncer
	everything_well
}

# It takes what is sent and says nothing: a write is given the time that waiting for a lock may take (DB_WRITE_MS_MAX).
@test "faults: PostgreSQL is frozen" {
	known=$(admin_token)
	everything_well
	send_signal STOP
	everything_unavailable 10000
	send_signal CONT
	wait_until is_well
	everything_well
}

# Kept connections, of the programs under FastCGI and of the pooler, have died meanwhile: the next request does not
# notice.
@test "faults: PgBouncer is restarted between two requests" {
	known=$(admin_token)
	for _ in 1 2 3; do
		everything_well
		stop_bouncer
		as_db_user pgbouncer -q -d "$HOME_OF_SHOP/pgbouncer/pgbouncer.ini" </dev/null >/dev/null 2>&1
		wait_until test -S "$(ls -d "$HOME_OF_SHOP"/run/db)/.s.PGSQL.6432"
		everything_well
	done
}

@test "faults: the connections of the pooler are ended between two requests" {
	known=$(admin_token)
	for _ in 1 2 3; do
		everything_well
		as_db_user psql -h "$HOME_OF_SHOP/run/db" -p 5432 -U postgres -X -q -A -t -c \
			"select pg_terminate_backend(pid) from pg_stat_activity where usename = '$APP_ROLE'" cgishop >/dev/null
		sleep 0.2
		everything_well
	done
}

@test "faults: an order waits for another one for so long and no longer, and reads do not wait" {
	left=$(stock)
	$PSQL -X -q -c "begin; select 1 from stock where product = '$PRODUCT' for update; select pg_sleep(30)" \
		>/dev/null 2>&1 3>&- &
	holder=$!
	sleep 0.5
	key=$(unique fault-key-long-enough-)
	as nobody
	curl -s -m 15 -o /dev/null --json "$(an_order)" -H "Idempotency-Key: $key" "$API/orders" 3>&- &
	asking=$!
	ask GET "/products/$PRODUCT"
	expect 200
	(( ms < 1000 ))
	wait "$asking"
	ask POST /orders --json "$(an_order)" -H "Idempotency-Key: $key"
	[[ $status == 503 || $status == 409 ]]
	(( ms < 10000 ))
	kill "$holder"
	wait "$holder" || true
	sql "select pg_terminate_backend(pid) from pg_stat_activity
		where usename = current_user and query like '%pg_sleep(30)%' and pid <> pg_backend_pid()" >/dev/null
	wait_until order_is_placed "$key"
	[[ $(stock) == $((left - 1)) ]]
}

order_is_placed() {
	ask POST /orders --json "$(an_order)" -H "Idempotency-Key: $1"
	[[ $status == 201 ]]
}

# --- clients

@test "faults: a list that takes the database too long is refused, and ends there" {
	sql "begin; lock table product_images in access exclusive mode; select pg_sleep(4)" >/dev/null 3>&- 4>&- &
	until [[ $(sql "select count(*) from pg_locks where mode = 'AccessExclusiveLock' and relation = 'product_images'::regclass") == 1 ]]; do
		sleep 0.1
	done
	token='' api GET "/products?store=$STORE"
	expect 422 too-costly
	[[ $(sql "select count(*) from pg_stat_activity where state = 'active' and query ~ 'from products t' and pid <> pg_backend_pid()") == 0 ]]
	wait $!
	token='' api GET "/products?store=$STORE"
	expect 200
}

@test "faults: a client that goes away: the order is placed or not, and a retry gets the response" {
	left=$(stock)
	built send_raw
	prefix=$(unique goes-away-)
	path=/$(cut -d / -f 4- <<<"$API")/orders
	body_of=$(an_order 2)
	for i in {10..49}; do
		printf '%s\r\n' "POST $path HTTP/1.1" 'Host: x' 'Content-Type: application/json' "Content-Length: ${#body_of}" \
			"Idempotency-Key: $prefix-key-$i" '' >"$BATS_TEST_TMPDIR/$i.http"
		printf '%s' "$body_of" >>"$BATS_TEST_TMPDIR/$i.http"
	done
	port=$(sed 's|.*:\([0-9]*\)/.*|\1|' <<<"$API")
	# All is sent, then the connection is reset; from the 30th on a byte is missing.
	seq 10 49 | xargs -P 4 -I NUMBER sh -c 'size=$(stat -c %s "$1"); test NUMBER -lt 30 || size=$((size - 1))
		"$2" -r "$size" "$3" "$1"' sh "$BATS_TEST_TMPDIR/NUMBER.http" "$programs/send_raw" "$port"
	wait_until is_well
	sleep 1
	for i in {30..49}; do
		[[ $(sql "select count(*) from idempotency_keys where key = '$prefix-key-$i'") == 0 ]]
	done
	placed=$(sql "select count(*) from idempotency_keys where key like '$prefix-key-%'")
	[[ $(stock) == $((left - 2 * placed)) ]]
	for i in {10..49}; do
		had=$(sql "select count(*) from idempotency_keys where key = '$prefix-key-$i'")
		ask POST /orders -H 'Content-Type: application/json' -d "$body_of" -H "Idempotency-Key: $prefix-key-$i"
		expect 201
		[[ $(header Idempotent-Replayed) == "$( (( had )) && echo true)" ]]
		# The token works, also when its first copy was lost.
		order=$(field .id)
		ask GET "/orders/$order" -H "X-Order-Token: $(field .order_token)"
		expect 200
	done
	[[ $(stock) == $((left - 2 * 40)) ]]
	[[ $(sql "select count(*) from orders o where o.id in (select (body::json ->> 'id')::uuid from idempotency_keys
		where key like '$prefix-key-%') and (select sum(quantity) from order_items i where i.order_id = o.id) = 2") == 40 ]]
}

@test "faults: a program that is killed takes no half of an order along, and is replaced" {
	left=$(stock)
	before=$(sql "select count(*) from orders where store = '$STORE'")
	for i in {1..24}; do
		curl -s -m 12 -o /dev/null --json "$(an_order)" "$API/orders" 3>&- &
		clients+=($!)
	done
	for _ in {1..6}; do
		for exe in /proc/[0-9]*/exe; do
			if [[ $(readlink "$exe") == "$HOME_OF_SHOP/site/cgi-bin/api/orders"* ]]; then
				pid=${exe#/proc/}
				kill -s KILL "${pid%/exe}" 2>/dev/null || true
			fi
		done
		sleep 0.02
	done
	wait "${clients[@]}" || true
	wait_until is_well
	wait_until order_is_placed "$(unique after-the-kill-long-)"
	sleep 0.5
	orders=$(sql "select count(*) - $before from orders where store = '$STORE'")
	[[ $(stock) == $((left - orders)) ]]
	[[ $(sql "select count(*) from orders o where store = '$STORE'
		and not exists (select 1 from order_items i where i.order_id = o.id)") == 0 ]]
	nothing_is_held
}

# --- settings, disk, memory: the programs by hand, in a site of their own

# a_site [LINE]... : a copy of the programs with a good .env and the lines; $site is its place.
a_site() {
	site=$BATS_TEST_TMPDIR/site
	rm -rf "$site"
	mkdir -p "$site/cgi-bin/api" "$site/media"
	cp "$HOME_OF_SHOP"/site/cgi-bin/api/* "$site/cgi-bin/api/"
	local line name
	sed "s|^MEDIA_DIR=.*|MEDIA_DIR=$site/media|" "$HOME_OF_SHOP/site/.env" >"$site/.env"
	for line; do
		name=${line%%=*}
		sed -i "/^$name=/d" "$site/.env"
		if [[ $line != *= ]]; then echo "$line" >>"$site/.env"; fi
	done
}

# cgi METHOD GROUP PATH_INFO [NAME=VALUE]... <body : as a web server would run it; the answer in $said, the log in
# $logged, the exit status in $code.
cgi() {
	code=0
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD="$1" "SCRIPT_NAME=/cgi-bin/api/$2" "PATH_INFO=$3" \
		REMOTE_ADDR=127.0.0.1 "${@:4}" "$site/cgi-bin/api/$2" \
		>"$BATS_TEST_TMPDIR/said" 2>"$BATS_TEST_TMPDIR/logged" || code=$?
	said=$(tr -d '\0\r' <"$BATS_TEST_TMPDIR/said")
	logged=$(tr -d '\0' <"$BATS_TEST_TMPDIR/logged")
}

# waiting : how many statements of the serving role wait for the lock on stores.
waiting() {
	sql "select count(*) from pg_locks l join pg_stat_activity a using (pid)
		where l.relation = 'stores'::regclass and not l.granted and a.usename = '$APP_ROLE'"
}
waits() { [[ $(waiting) == "$1" ]]; }

# Twice: through the pooler, which drops the connection of a client that is gone, and straight to the server.
@test "faults: the statement of a program that is killed ends" {
	local url
	for url in "$(sed -n 's/^DATABASE_URL=//p' "$HOME_OF_SHOP/site/.env")" \
		"$(sed -n 's/^DATABASE_URL=//p' "$HOME_OF_SHOP/site/.env" | sed 's/port=6432/port=5432/')"; do
		$PSQL -c 'begin; lock table stores in access exclusive mode; select pg_sleep(20)' >/dev/null 2>&1 3>&- &
		locker=$!
		wait_until eval '[[ $(sql "select count(*) from pg_locks where relation = '"'stores'"'::regclass and granted and mode = '"'AccessExclusiveLock'"'") == 1 ]]'
		env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/stores "DATABASE_URL=$url" \
			SECRET_KEY=0123456789abcdef0123456789abcdef "$HOME_OF_SHOP/site/cgi-bin/api/stores" </dev/null >/dev/null 2>&1 3>&- &
		program=$!
		wait_until waits 1
		kill -KILL "$program"
		# Sooner than the limit on waiting for locks, which is six seconds.
		for _ in {1..25}; do if waits 0; then break; fi; sleep 0.1; done
		waits 0
		sql "select pg_terminate_backend(pid) from pg_stat_activity where query like '%pg_sleep(20)' and pid <> pg_backend_pid()" >/dev/null
		wait "$locker" || true
	done
}

@test "faults: a wrong setting is 503 without a word, and the log names it" {
	a_site
	cgi GET meta /health </dev/null
	[[ $said == Status:\ 200* ]]
	while read -r name line; do
		a_site APP_ENV=production "$line"
		cgi GET products '' </dev/null
		echo "$line: $code $said $logged"
		[[ $code == 0 && $said == Status:\ 503* && $said == *'"type":"/problems/unavailable"'* && $said == *Retry-After:* ]]
		[[ $said != *"$name"* && $said != *'"detail"'* && $said != *"$site"* ]]
		[[ $logged == *"$name"* && $logged != *short-secret* ]]
	done <<-END
		SECRET_KEY SECRET_KEY=short-secret
		SECRET_KEY SECRET_KEY=
		DATABASE_URL DATABASE_URL=
		DATABASE_URL DATABASE_URL=mysql://x/y
		APP_ENV APP_ENV=staging
		OTP_DEV_CODE OTP_DEV_CODE=1234
		RATE_LIMITS RATE_LIMITS=off
		SCRYPT_COST SCRYPT_COST=30/8/1
	END
}

@test "faults: a database that is not there, or has no tables, is 503 without delay" {
	for url in "postgresql://$APP_ROLE@/nothing?host=$HOME_OF_SHOP/run/db&port=5432" \
		"postgresql://$APP_ROLE@/cgishop?host=$BATS_TEST_TMPDIR" "postgresql://$APP_ROLE@127.0.0.1:1/cgishop" \
		"postgresql://nobody@/cgishop?host=$HOME_OF_SHOP/run/db&port=5432" 'postgresql://x@no.such.host.invalid/x'; do
		a_site "DATABASE_URL=${url//host=\//host=%2F}"
		start=${EPOCHREALTIME/./}
		cgi GET products '' </dev/null
		(( ${EPOCHREALTIME/./} - start < 4000000 ))
		[[ $said == Status:\ 503* && $said == *Retry-After:* && $said != *detail* ]] || { echo "$url: $said"; false; }
	done
}

# a_form : an upload of 100 KB that is a picture, with the boundary "b", in $form.
a_form() {
	form=$BATS_TEST_TMPDIR/form
	{
		printf -- '--b\r\nContent-Disposition: form-data; name="product"\r\n\r\n%s\r\n' "$PRODUCT"
		printf -- '--b\r\nContent-Disposition: form-data; name="image"; filename="a.jpg"\r\n\r\n'
		# A JPEG of one pixel, and a profile of 100 KB before its frame: another picture each time.
		printf '\xff\xd8'
		for part in '\1' '\2'; do printf "\xff\xe2\xc3\x52ICC_PROFILE\0$part\2"; head -c 49986 /dev/urandom; done
		printf '\xff\xdb\x00\x43\x00'; head -c 64 /dev/zero | tr '\0' '\1'
		printf '\xff\xc0\x00\x0b\x08\x00\x01\x00\x01\x01\x01\x11\x00'
		printf '\xff\xc4\x00\x14\x00\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
		printf '\xff\xc4\x00\x14\x10\x01\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00'
		printf '\xff\xda\x00\x08\x01\x01\x00\x00\x3f\x00\x37\xff\xd9'
		printf '\r\n--b--\r\n'
	} >"$form"
}

upload() {
	cgi POST product-images '' "HTTP_AUTHORIZATION=Bearer $known" 'CONTENT_TYPE=multipart/form-data; boundary=b' \
		"CONTENT_LENGTH=$(stat -c %s "$form")" <"$form"
}

images() { sql "select count(*) from product_images where product = '$PRODUCT'"; }

@test "faults: a disk that is full during an upload: 503, no row, no file" {
	known=$(admin_token)
	a_site
	a_form
	upload
	[[ $said == Status:\ 201* ]] || { echo "$said $logged"; false; }
	[[ $(ls "$site/media" | wc -l) == 1 ]]
	(( EUID == 0 )) || skip "only root can mount a small disk"
	rm -f "$site"/media/*
	mount -t tmpfs -o size=64k tmpfs "$site/media" 2>/dev/null || skip "no right to mount a small disk here"
	before=$(images)
	a_form
	upload
	files=$(ls -A "$site/media" | wc -l)
	umount "$site/media"
	[[ $said == Status:\ 503* && $said == *Retry-After:* && $code == 0 ]] || { echo "$code: $said"; false; }
	[[ $files == 0 && $(images) == "$before" ]]
}

# It sends a signal, which ends a program that does not expect it.
@test "faults: a limit on the size of files during an upload: 503, no row, no file" {
	known=$(admin_token)
	a_site
	a_form
	before=$(images)
	( ulimit -f 40; upload; printf '%s\n' "$code" >"$BATS_TEST_TMPDIR/code" )
	said=$(tr -d '\0' <"$BATS_TEST_TMPDIR/said")
	code=$(<"$BATS_TEST_TMPDIR/code")
	[[ $code == 0 && $said == Status:\ 503* ]] || { echo "$code: $said"; false; }
	[[ $(ls -A "$site/media" | wc -l) == 0 && $(images) == "$before" ]]
}

@test "faults: a place for images that cannot be written to: 503, no row" {
	known=$(admin_token)
	a_form
	for place in "$BATS_TEST_TMPDIR/none" /proc /dev/null; do
		a_site "MEDIA_DIR=$place"
		before=$(images)
		upload
		[[ $said == Status:\ 503* && $said != *"$place"* && $code == 0 ]] || { echo "$place: $said"; false; }
		[[ $(images) == "$before" ]]
	done
}

@test "faults: little memory: 503 or the answer, never a signal" {
	a_site
	known=$(admin_token)
	{ printf '{"store":"%s","items":[' "$STORE"
	  for _ in {1..1900}; do printf '{"product":"%s","quantity":1,"a":[[[[[[[1]]]]]]]},' "$PRODUCT"; done
	  printf '{}],"contact":{"name":"%s"}}' "$(head -c 800000 /dev/zero | tr '\0' x)"
	} >"$BATS_TEST_TMPDIR/body"
	for kilobytes in 14000 16000 18000 20000 22000 24000 28000 32000 40000 64000 unlimited; do
		( ulimit -v "$kilobytes"
		  cgi POST orders '' CONTENT_TYPE=application/json "CONTENT_LENGTH=$(stat -c %s "$BATS_TEST_TMPDIR/body")" \
			<"$BATS_TEST_TMPDIR/body"
		  echo "$code ${said:0:11}" >"$BATS_TEST_TMPDIR/result" )
		read -r code _ status <"$BATS_TEST_TMPDIR/result"
		echo "$kilobytes KB: $code $status $(tail -n 1 "$BATS_TEST_TMPDIR/logged" | cut -c 1-200)"
		[[ $code == 0 && ( $status == 503 || $status == 4?? ) ]]
	done
	[[ $status == 422 || $status == 400 ]]
}

# shellcheck disable=SC2030,SC2031 # each test has variables of its own
# shopctl backup and restore, against a PostgreSQL of their own. The programs are run as a web server runs them, without
# one. $source is a shop with the demonstration catalogue, orders and invoices, and $backup one of its backups; each test
# restores into $target, under other roles.

load ../../support/cluster

setup_file() {
	start_cluster
	sql postgres "create role owner2 login; create role serving2 login"
	build=$(dirname "$(dirname "$shopctl")")
	source=$BATS_FILE_TMPDIR/source backup=$BATS_FILE_TMPDIR/backup.tar.gz
	kill_after=$top/build/tests/kill_after refuse_links=$top/build/tests/refuse_links
	export build source backup kill_after refuse_links
	[[ -x $kill_after && -x $refuse_links ]] || make -s -C "$top" build/tests/{kill_after,refuse_links}
	mkdir "$source"
	at "$source" source
	make_database
	mkdir media invoices
	source_env
	ctl migrate >out
	ctl load-demo >out
	ctl create-admin --email ann@example.com <<<"$PASSWORD" >out
	sign_in
	place
	order_of_customer=$order token_of_order=$order_token
	export order_of_customer token_of_order
	pay
	place
	pay
	invoice=$(sql source "select id from invoices where number is not null limit 1")
	echo "%PDF-1.7 $invoice" >"invoices/$invoice.pdf"
	place
	ctl backup --output "$backup" >out
	# Some tests change the shop.
	saved=$BATS_FILE_TMPDIR/saved
	export saved
	mkdir "$saved"
	cp -r media invoices "$saved/"
	rows_of source >"$saved/rows"
}

# Without helpers no message is sent meanwhile.
source_env() { write_env RATE_LIMITS=off "INVOICE_DIR=$PWD/invoices" LANGUAGE=en HELPER_DIR=/nonexistent "$@"; }

teardown_file() { stop_cluster; }

setup() {
	target=$BATS_TEST_TMPDIR/target
	mkdir "$target"
	at "$target" "target_$BATS_TEST_NUMBER" owner2 serving2
	make_database
	mkdir media invoices
	write_env "INVOICE_DIR=$PWD/invoices" RATE_LIMITS=off
}

teardown() {
	sql postgres "drop database if exists target_$BATS_TEST_NUMBER with (force)"
}

# at DIRECTORY DATABASE [OWNER SERVING] : the shop that is spoken of from now on.
at() {
	cd "$1" || return
	base=$2 owner=${3-owner} serving=${4-serving}
}

# cgi METHOD /GROUP/PATH [BODY|@FILE [CONTENT-TYPE]] : a request; leaves $status and $body.
cgi() {
	local group=${2#/} path='' settings file=$BATS_TEST_TMPDIR/cgi.$BASHPID
	if [[ $group == */* ]]; then path=/${group#*/} group=${group%%/*}; fi
	mapfile -t settings <.env
	if [[ ${3-} == @* ]]; then cp "${3#@}" "$file.in"; else printf '%s' "${3-}" >"$file.in"; fi
	env -i "${settings[@]}" GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 SERVER_NAME=shop SERVER_PORT=80 \
		REQUEST_METHOD="$1" SCRIPT_NAME="/cgi-bin/api/$group" PATH_INFO="$path" QUERY_STRING= \
		REMOTE_ADDR=127.0.0.1 CONTENT_TYPE="${4-application/json}" CONTENT_LENGTH="$(stat -c %s "$file.in")" \
		${token:+"HTTP_AUTHORIZATION=Bearer $token"} ${order_token:+HTTP_X_ORDER_TOKEN="$order_token"} \
		${key:+HTTP_IDEMPOTENCY_KEY="$key"} "$build/cgi-bin/api/$group" <"$file.in" >"$file.out" 2>>"$BATS_TEST_TMPDIR/log"
	status=$(sed -n '1s/^Status: \([0-9]*\).*/\1/p' "$file.out")
	body=$(sed '1,/^\r*$/d' "$file.out")
}

# expect STATUS
expect() {
	if [[ $status != "$1" ]]; then echo "status $status, not $1: $body"; return 1; fi
}

sign_in() {
	token='' order_token=''
	cgi POST /auth/admin/login "{\"email\":\"ann@example.com\",\"password\":\"$PASSWORD\"}"
	expect 200
	token=$(jq -r .token <<<"$body")
}

# A guest's order of one piece of something; leaves $order and $order_token.
place() {
	local line token=''
	order_token=''
	line=$(sql "$base" "select p.store || ' ' || p.id from products p join stock s on s.product = p.id
		where s.inventory_count > 5 and p.parent is null
			and not exists (select 1 from products c where c.parent = p.id) order by random() limit 1")
	cgi POST /orders "{\"store\":\"${line% *}\",\"items\":[{\"product\":\"${line#* }\",\"quantity\":1}],
		\"contact\":{\"name\":\"Asha Rao\",\"email\":\"asha@example.com\",\"mobile_number\":\"+919800000001\"},
		\"shipping_address\":{\"line1\":\"1 Quay\",\"city\":\"Whitby\",\"postal_code\":\"YO21 1AA\",\"country\":\"GB\"}}"
	expect 201
	order=$(jq -r .id <<<"$body") order_token=$(jq -r .order_token <<<"$body")
}

# $order is paid by bank transfer, so that it has an invoice.
pay() {
	key=$(cat /proc/sys/kernel/random/uuid)
	cgi POST /payments "{\"order\":\"$order\",\"payment_method\":\"manual\"}"
	expect 201
	cgi POST "/payments/$(jq -r .id <<<"$body")/mark-paid" '{"reference":"TX 1"}'
	expect 200
	key=
}

# The hash of all rows of each table, but of those that a backup leaves out, and where sequences stand.
rows_of() {
	sql "$1" "select c.relname, (xpath('//h/text()', query_to_xml(format(
			'select md5(coalesce(string_agg(md5(t::text), '''' order by md5(t::text)), '''')) as h from %I t %s', c.relname,
			case when c.relname = 'audit_logs' then 'where table_name <> ''backups''' end), false, true, '')))[1]
		from pg_class c
		where c.relnamespace = 'public'::regnamespace and c.relkind = 'r' and c.relpersistence = 'p'
			and c.relname not in ('category_search', 'cron_history', 'cron_runs', 'product_search', 'schema_code',
				'schema_migrations', 'search_words', 'sessions')
		order by c.relname"
	sql "$1" "select sequencename, last_value from pg_sequences order by 1"
}

# The shop here has the rows and files of $backup.
same_shop() {
	diff "$saved/rows" <(rows_of "$base")
	diff -r "$saved/media" media
	diff -r "$saved/invoices" invoices
}

# What must hold in any shop, however it came about.
sound() {
	local wrong
	wrong=$(sql "$base" "select 'stock of ' || s.product from stock s left join (
			select product, sum(delta) as n from stock_movements group by 1) l using (product)
			where s.inventory_count <> coalesce(l.n, 0)
		union all select 'order without lines ' || o.id from orders o
			where not exists (select 1 from order_items i where i.order_id = o.id)
		union all select 'gap before invoice ' || i.number from (select number, store, kind, period, sequence,
			lag(sequence, 1, 0) over (partition by store, kind, period order by sequence) as before from (
				select number, store, kind, substring(number from '^(.*[^0-9])[0-9]+$') as period,
					substring(number from '[0-9]+$')::int as sequence from invoices where number is not null) n) i
			where i.sequence <> i.before + 1")
	if [[ -n $wrong ]]; then echo "$wrong"; return 1; fi
	sql "$base" "select file from product_images where file is not null" | while read -r file; do
		[[ -s media/$file ]] || echo "no $file"
	done | { fails grep .; }
	ctl migrate --plan | grep -q '^up to date'
}

# Nothing was restored here, and nothing is left.
untouched() {
	[[ $(sql "$base" "select count(*) from pg_class where relnamespace = 'public'::regnamespace") == 0 ]]
	[[ -z $(ls -A media) && -z $(ls -A invoices) ]]
}

names() { tar tzf "$1" | grep -v -e ^sums/ -e ^end; }

# unpack : $backup in the directory x, and its names in order in the array $members.
unpack() {
	mkdir x
	tar xzf "$backup" -C x
	mapfile -t members < <(names "$backup")
}

# packed NAME... : an archive of these files of x, with right sums.
packed() { node "$top/tests/support/make_archive.js" x "$@" >made.tar.gz; }

# --- what is in it

@test "backup: the archive has rows, pictures, invoices and settings, and its sums are those of sha256sum" {
	unpack
	[[ ${members[0]} == backup.json && ${members[1]} == settings.env ]]
	(cd x && cat sums/* | sha256sum --quiet -c)
	[[ $(names "$backup" | wc -l) == $(cat x/sums/* | wc -l) ]]
	diff -r "$saved/media" x/media
	diff -r "$saved/invoices" x/invoices
	[[ $(stat -c %a "$backup") == 600 ]]
	ctl backup --verify "$backup" | grep -q 'is whole'
	ctl backup --verify - <"$backup" | grep -q 'is whole'
}

@test "backup: no secret, session or code is in it" {
	unpack
	grep -q '^LANGUAGE=en$' x/settings.env
	grep -q '^# A secret, not in the backup: SECRET_KEY$' x/settings.env
	fails grep -rqe "$SECRET" -e "$(url owner)" x
	fails test -e x/database/sessions
	fails test -e x/database/challenges
	fails test -e x/database/rate_limits
}

@test "backup: it is written where and how it is asked for" {
	at "$source" source
	ctl backup --json --output "$target/a.tar.gz" >"$target/made"
	[[ $(jq -r .bytes "$target/made") == $(stat -c %s "$target/a.tar.gz") ]]
	[[ $(jq -r .missing_files "$target/made") == 0 ]]
	ctl backup --output - >"$target/b.tar.gz"
	ctl backup --verify "$target/b.tar.gz" >"$target/out"
	refuses 64 'does not go with' backup --output - --json
	refuses 64 'does not go with' backup --output x --keep 1
	refuses 64 'a number from 1' backup --keep 0
	refuses 64 'go with --json only' backup --list --keep 1
	refuses 73 'cannot create' backup --output "$target/none/x"
	source_env "BACKUP_DIR=$target/none"
	refuses 73 'cannot open' backup
}

@test "backup: those that are too old are deleted, and nothing else" {
	at "$source" source
	source_env "BACKUP_DIR=$target/kept"
	mkdir "$target/kept"
	touch "$target"/kept/{mine.tar.gz,cgishop-backup-20200101T000000Z-0.1.0.tar,cgishop-backup-latest-0.1.0.tar.gz}
	touch "$target"/kept/cgishop-backup-202{0,1,2}0101T000000Z-0.1.0.tar.gz "$target"/kept/.cgishop-backup-a1B2c3
	ctl backup --keep 2 >"$target/out"
	grep -q 'deleted .*20200101T000000Z-0.1.0.tar.gz' "$target/out"
	[[ $(ls -A "$target/kept" | wc -l) == 5 && -e $target/kept/cgishop-backup-20220101T000000Z-0.1.0.tar.gz ]]
	[[ $(ctl backup --list --json | jq '.backups | length') == 2 ]]
	ctl backup >"$target/out"
	[[ $(ctl backup --list | wc -l) == 3 ]]
}

@test "backup: two are not made in one directory at once" {
	at "$source" source
	source_env
	ctl backup >"$target/out"
	[[ $(stat -c %a backups) == 700 && $(cat backups/.htaccess) == 'Require all denied' ]]
	rm backups/.htaccess # the program that made the directory was killed
	ctl backup >"$target/out"
	[[ $(cat backups/.htaccess) == 'Require all denied' ]]
	flock backups sleep 5 &
	while flock -n backups true; do sleep 0.1; done
	refuses 75 'another backup' backup
	wait
	ctl backup >"$target/out"
}

@test "backup: cron makes one when the newest is too old" {
	at "$source" source
	source_env BACKUP_HOURS=24 BACKUP_KEEP=1 "BACKUP_DIR=$target/daily" "HELPER_DIR=$build/bin"
	mkdir "$target/daily"
	touch "$target/daily/cgishop-backup-20200101T000000Z-0.1.0.tar.gz"
	[[ $(ctl cron --json | jq .backup_started) == true ]]
	for (( i = 0; i < 100; i++ )); do
		if [[ $(ls -A "$target/daily" | wc -l) == 1 && ! -e $target/daily/cgishop-backup-20200101T000000Z-0.1.0.tar.gz ]]; then break; fi
		sleep 0.2
	done
	[[ $(ctl backup --list | wc -l) == 1 ]]
	ctl backup --verify "$target"/daily/*.gz >"$target/out"
	[[ $(ctl cron --json | jq .backup_started) == false ]]
}

# --- back again

@test "restore: under other roles all rows and files are the same, and the shop goes on" {
	ctl restore "$backup" >out
	grep -q '^restored the shop as it was at' out
	same_shop
	sound
	[[ $(sql "$base" "select count(*) from pg_class c join pg_roles r on r.oid = c.relowner
		where c.relnamespace = 'public'::regnamespace and r.rolname <> 'owner2'") == 0 ]]
	# Sessions have ended; passwords and the tokens of guests' orders hold.
	token=none
	cgi GET /users
	expect 401
	token='' order_token=$token_of_order
	cgi GET "/orders/$order_of_customer"
	expect 200
	order_token=wrong
	cgi GET "/orders/$order_of_customer"
	expect 404
	sign_in
	place
	pay
	sound
	[[ $(sql "$base" "select count(*) from audit_logs where table_name = 'backups'
		and new_data ->> 'made_at' is not null") == 1 ]]
}

@test "restore: from standard input, and what .env lacks is shown" {
	write_env SECRET_KEY=another-secret-of-32-bytes-or-more "INVOICE_DIR=$PWD/invoices"
	ctl restore - --json <"$backup" >out
	[[ $(jq .same_secret_key out) == false ]]
	[[ $(jq -r '.settings[] | select(.name == "RATE_LIMITS") | .there' out) == off ]]
	[[ $(jq -r '.settings[] | select(.name == "MEDIA_DIR") | .here' out) == "$PWD/media" ]]
	fails grep -q "$SECRET" out
	same_shop
}

@test "restore: into a shop that was migrated and not used" {
	ctl migrate >out
	ctl cron >out
	ctl restore "$backup" >out
	same_shop
	sound
}

@test "restore: a shop that is not empty stays as it is" {
	ctl migrate >out
	ctl create-admin --email bob@example.com <<<"$PASSWORD" >out
	rows_of "$base" >before
	refuses 78 'not empty' restore "$backup"
	diff before <(rows_of "$base")
	[[ -z $(ls -A media) ]]
	# What the owner has added is not dropped either.
	sql "$base" "truncate users, audit_logs cascade"
	sql "$base" "create view mine as select count(*) from stores" owner2
	refuses 78 "not the shop's: mine" restore "$backup"
	sql "$base" "drop view mine; create schema other; create view other.mine as select count(*) from stores"
	refuses 78 "not the shop's: other.mine" restore "$backup"
	sql "$base" "drop schema other cascade"
	ctl restore "$backup" >out
	same_shop
}

@test "restore: a file that exists is not replaced" {
	local file
	file=$(ls "$saved/media" | head -n 1)
	echo mine >"media/$file"
	refuses 73 "$file.*exists" restore "$backup"
	[[ $(cat "media/$file") == mine && $(ls -A media) == "$file" ]]
	[[ $(sql "$base" "select to_regclass('users') is null") == t ]]
	cp "$saved/media/$file" media/
	ctl restore "$backup" >out
	same_shop
}

@test "restore: where there are no hard links" {
	local old file
	for old in '' --old; do
		env -i "$refuse_links" $old "$shopctl" --env .env restore "$backup" >out
		same_shop
		[[ -z $(find media invoices -name '.*') ]]
		sql postgres "drop database $base with (force)"
		make_database
		# Of an attempt that was killed the files are still there; one of them is not.
		file=$(ls media | tail -n 1)
		rm "media/$file"
		env -i "$refuse_links" $old "$shopctl" --env .env restore "$backup" >out
		same_shop
		sql postgres "drop database $base with (force)"
		make_database
		rm -f media/* invoices/*
		# What is not the backup's stays, and what was moved before goes again.
		echo mine >"media/$file"
		refuse=1
		env -i "$refuse_links" $old "$shopctl" --env .env restore "$backup" >out 2>err || refuse=$?
		[[ $refuse == 73 && $(cat err) == *"$file"*exists* ]]
		[[ $(cat "media/$file") == mine && $(ls -A media) == "$file" && -z $(ls -A invoices) ]]
		rm media/*
	done
}

@test "restore: settings that the files need" {
	write_env MEDIA_DIR=
	refuses 78 'MEDIA_DIR, which is not set' restore "$backup"
	write_env
	refuses 78 'INVOICE_DIR, which is not set' restore "$backup"
	untouched
	write_env "INVOICE_DIR=$PWD/nowhere"
	refuses 73 'cannot open' restore "$backup"
	untouched
	refuses 66 'cannot read' restore none.tar.gz
	refuses 64 'needs an argument' restore
}

# --- versions

@test "restore: a backup of an older version becomes a shop of this one" {
	local old=old_$BATS_TEST_NUMBER dump
	for dump in "$top"/tests/upgrade/*.sql; do
		mkdir -p "$target/old/media" "$target/old/invoices"
		at "$target/old" "$old"
		make_database
		write_env
		sql "$base" "grant create on schema public to owner"
		psql -h "$cluster" -p "$PORT" -U owner -X -q -v ON_ERROR_STOP=1 -f "$dump" "$base" >/dev/null
		ctl backup --output "$target/old.tar.gz" >out 2>&1
		at "$target" "target_$BATS_TEST_NUMBER" owner2 serving2
		ctl restore old.tar.gz >out
		# Brought up to date where it is, it is the same.
		at "$target/old" "$old"
		ctl migrate >out
		at "$target" "target_$BATS_TEST_NUMBER" owner2 serving2
		diff <(rows_of "$old") <(rows_of "$base")
		ctl migrate --plan | grep -q '^up to date'
		sql postgres "drop database $old with (force)"
		sql postgres "drop database $base with (force)"
		make_database
		rm -rf media/* old
	done
}

@test "restore: a backup of a newer version, or of another program, is refused" {
	unpack
	jq -c '.migrations += [{"checksum":"0","name":"later","number":9999}] | .program = "9.9.9"' x/backup.json >y
	cp x/backup.json kept
	cp y x/backup.json
	packed "${members[@]}"
	refuses 65 'newer program (9.9.9.*9999_later' restore made.tar.gz
	jq -c '.format = 2' kept >x/backup.json
	packed "${members[@]}"
	refuses 65 'newer form' restore made.tar.gz
	jq -c '.migrations[0].checksum = "0"' kept >x/backup.json
	packed "${members[@]}"
	refuses 65 'other migrations' restore made.tar.gz
	for edit in .format=0 '.migrations=[]' '.id="x"' 'del(.made_at)' '[.]' '.migrations=7'; do
		jq -c "$edit" kept >x/backup.json
		packed "${members[@]}"
		refuses 65 'is not a backup of this shop program' restore made.tar.gz
	done
	cp kept x/backup.json
	packed settings.env "${members[@]}"
	refuses 65 'is not a backup' restore made.tar.gz
	tar czf made.tar.gz --format=gnu -C x backup.json settings.env
	refuses 65 'not a tar archive as' restore made.tar.gz
	echo PGDMP >made.tar.gz
	refuses 65 'not a gzip file' restore made.tar.gz
	: >made.tar.gz
	refuses 65 'is empty' restore made.tar.gz
	untouched
}

# --- hostile and damaged ones

# hostile CODE PATTERN NAME... : an archive of these is refused, and nothing is left of it.
hostile() {
	packed "${@:3}"
	refuses "$1" "$2" restore made.tar.gz
	untouched
}

# before NAME NEW : $members with NEW before NAME, in $changed.
before() {
	local m
	changed=()
	for m in "${members[@]}"; do
		if [[ $m == "$1" ]]; then changed+=("$2"); fi
		changed+=("$m")
	done
}

# without NAME...
without() {
	local m
	changed=()
	for m in "${members[@]}"; do
		if [[ " $* " != *" $m "* ]]; then changed+=("$m"); fi
	done
}

@test "restore: an archive with right sums and wrong content changes nothing" {
	unpack
	mkdir -p x/database/{pg_class,schema_migrations,sessions,zebra}
	for table in pg_class schema_migrations sessions zebra; do
		echo -n 'a b' >x/database/$table/columns
	done
	before database/payments/columns database/pg_class/columns
	hostile 65 'no table "pg_class"' "${changed[@]}"
	before database/shipment_items/columns database/schema_migrations/columns
	hostile 65 'no table "schema_migrations"' "${changed[@]}"
	before database/shipment_items/columns database/sessions/columns
	hostile 65 'no table "sessions"' "${changed[@]}"
	before "media/$(ls "$saved/media" | head -n 1)" database/zebra/columns
	hostile 65 'tables are not in order\|no table "zebra"' "${members[@]:0:${#members[@]}-1}" database/zebra/columns
	hostile 65 'tables are not in order' "${members[@]}" database/users/columns
	hostile 65 'out of order' "${members[@]}" database/users/000001
	without settings.env
	hostile 65 'lacks "settings.env"' "${changed[@]}"
	without sequences.txt
	hostile 65 'lacks "sequences.txt"' "${changed[@]}"
	without database/users/columns database/users/000001
	hostile 65 'violates foreign key\|lacks the table "users"' "${changed[@]}"
	without database/coupons/columns
	hostile 65 'lacks the table "coupons"' "${changed[@]}"
	mkdir -p x/x x/media x/bin
	touch x/x/y x/media/a.php x/media/a.jpg.cgi x/bin/shopctl x/invoices/a.pdf
	hostile 65 'has something that no backup has: "media/a.php"' "${members[@]}" media/a.php
	hostile 65 'no backup has' "${members[@]}" media/a.jpg.cgi
	hostile 65 'no backup has' "${members[@]}" bin/shopctl
	hostile 65 'no backup has' "${members[@]}" invoices/a.pdf
	hostile 65 'no backup has' "${members[@]}" settings.env
}

@test "restore: rows that the database refuses change nothing" {
	local users=database/users/000001
	unpack
	cp x/$users kept
	{ echo '\.'; cat kept; } >x/$users
	hostile 65 'rows that are cut off in "users"\|lacks\|is not a whole backup' "${members[@]}"
	{ cat kept; printf '%s' "$(head -c 20 kept)"; } >x/$users
	hostile 65 'users was refused' "${members[@]}"
	cp kept x/$users
	cp x/database/order_transitions/000001 kept
	sed '1s/^[^\t]*/nowhere/' kept >x/database/order_transitions/000001
	hostile 65 'nothing was restored: .* violates foreign key' "${members[@]}"
	# A terminal would obey what is in a message of the database, or in a setting.
	sed '1s/^[^\t]*/\\x1b]0;x\\x07\\nDETAIL: \\xc2\\x9b1m/' kept >x/database/order_transitions/000001
	hostile 65 'x1B.0;x.x07' "${members[@]}"
	fails env LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' err
	cp kept x/database/order_transitions/000001
	printf 'SUPPORT_EMAIL=a\nLANGUAGE=\033[31mred\302\2331m\n' >x/settings.env
	packed "${members[@]}"
	ctl restore made.tar.gz >out
	grep -q 'setting LANGUAGE: .x1B.31mred.xC2.x9B1m in the old shop' out
	fails env LC_ALL=C grep -qP '[\x00-\x09\x0b-\x1f\x7f]|\xc2[\x80-\x9f]' out
}

@test "restore: a cut or changed archive changes nothing, wherever it is" {
	local bytes at
	unpack
	bytes=$(stat -c %s "$backup")
	for at in 1 10 200 $((bytes / 4)) $((bytes / 2)) $((bytes - 2000)) $((bytes - 9)) $((bytes - 1)); do
		head -c "$at" "$backup" >cut.tar.gz
		refuses 65 'is cut off\|is damaged' restore cut.tar.gz
		refuses 65 'is cut off\|is damaged' backup --verify cut.tar.gz
	done
	for at in 300 $((bytes / 3)) $((bytes - 6)); do
		{ head -c "$at" "$backup"; printf '\xff\x00\xa5'; tail -c +$((at + 4)) "$backup"; } >changed.tar.gz
		refuses 65 'changed.tar.gz' backup --verify changed.tar.gz
		fails ctl restore changed.tar.gz
		untouched
	done
	cat "$backup" "$backup" >twice.tar.gz
	refuses 65 'something after its end' restore twice.tar.gz
	untouched
	tar czf made.tar.gz --format=ustar -C x "${members[@]}"
	refuses 65 'is cut off: it has no member' restore made.tar.gz
	untouched
}

# --- while the shop sells

sell() {
	while [[ -e $target/selling ]]; do
		place
		pay
	done
}

# Pictures come and go.
show() {
	local product image
	sign_in
	product=$(sql source "select id from products limit 1")
	{
		printf -- '--B\r\nContent-Disposition: form-data; name="product"\r\n\r\n%s\r\n' "$product"
		printf -- '--B\r\nContent-Disposition: form-data; name="image"; filename="a.png"\r\n'
		printf 'Content-Type: image/png\r\n\r\n'
		cat "$top/tools/shopctl/demo/pictures/$(ls "$top/tools/shopctl/demo/pictures" | head -n 1)"
		printf -- '\r\n--B--\r\n'
	} >"$target/form"
	while [[ -e $target/selling ]]; do
		cgi POST /product-images "@$target/form" 'multipart/form-data; boundary=B'
		expect 201
		image=$(jq -r .id <<<"$body")
		cgi DELETE "/product-images/$image"
	done
}

@test "backup: a shop that sells meanwhile is backed up as it was at one moment" {
	local i sold
	at "$source" source
	source_env
	sold=$(sql source "select count(*) from orders")
	touch "$target/selling"
	(sign_in && sell) >"$target/sell.log" 2>&1 3>&- &
	show >"$target/show.log" 2>&1 3>&- &
	for (( i = 0; i < 4 || i < 200 && $(sql source "select count(*) from orders") < sold + 4; i++ )); do
		ctl backup --output "$target/$((i % 4)).tar.gz" >"$target/out"
		sleep 0.2
	done
	rm "$target/selling"
	wait
	if (( $(sql source "select count(*) from orders") < sold + 4 )); then cat "$target/sell.log"; return 1; fi
	(( $(sql source "select count(*) from product_images where is_deleted") > 0 ))
	ctl backup --output "$target/last.tar.gz" >"$target/out"
	for i in 0 1 2 3; do
		at "$target" "target_$BATS_TEST_NUMBER" owner2 serving2
		ctl restore "$i.tar.gz" >out
		sound
		sql postgres "drop database $base with (force)"
		make_database
		rm -f media/* invoices/*
	done
	ctl restore last.tar.gz >out
	diff <(rows_of source) <(rows_of "$base")
	diff -r "$source/media" media
	diff -r "$source/invoices" invoices
}

# --- what goes wrong

@test "backup: a program that is killed leaves no backup, and the next one cleans up" {
	local us whole
	at "$source" source
	source_env "BACKUP_DIR=$target/kept"
	mkdir "$target/kept"
	for us in 2000 5000 9000 15000 20000 30000 40000 60000 80000 120000; do
		"$kill_after" "$us" env -i "$shopctl" --env .env backup >"$target/out" 2>&1 || true
	done
	for whole in "$target"/kept/cgishop-*; do
		if [[ -e $whole ]]; then ctl backup --verify "$whole" >"$target/out"; fi
	done
	ctl backup >"$target/out"
	[[ -z $(ls -A "$target/kept" | grep '^\.cgishop') ]]
}

@test "restore: a program that is killed leaves an empty shop or a whole one" {
	local us
	for us in 5000 20000 50000 100000 200000 400000 700000 1000000 1500000 2500000; do
		"$kill_after" "$us" env -i "$shopctl" --env .env restore "$backup" >out 2>&1 || true
		while [[ $(sql postgres "select count(*) from pg_stat_activity where datname = '$base'") != 0 ]]; do sleep 0.1; done
		if [[ $(sql "$base" "select to_regclass('users') is null") == t ]]; then
			continue
		fi
		same_shop
		sql postgres "drop database $base with (force)"
		make_database
		rm -rf media/* media/.restore-* invoices/*
	done
	ctl restore "$backup" >out
	same_shop
	sound
}

@test "backup, restore: a full disk leaves nothing" {
	at "$source" source
	source_env "BACKUP_DIR=$target/kept"
	mkdir "$target/kept"
	(ulimit -f 60; refuses 74 'cannot be written.*too large' backup)
	[[ -z $(ls -A "$target/kept") ]]
	local code=0
	env -i "$shopctl" --env .env backup --output - 2>"$target/err" >/dev/full || code=$?
	[[ $code == 74 ]]
	at "$target" "target_$BATS_TEST_NUMBER" owner2 serving2
	(ulimit -f 2; refuses 73 'cannot write.*too large' restore "$backup")
	untouched
}

# The connection of a shopctl to the database is ended once it has read or written for a while.
end_connection() {
	local i
	for (( i = 0; i < 2000; i++ )); do
		if [[ $(sql postgres "select count(pg_terminate_backend(pid)) from pg_stat_activity
			where datname = '$1' and $2") != 0 ]]; then return; fi
	done
	return 1
}

@test "backup, restore: a database that is lost leaves nothing" {
	mkfifo pipe
	head -c 100000 "$backup" >half
	{ cat half; end_connection "$base" "state = 'idle in transaction'" >killed; tail -c +100001 "$backup"; } >pipe &
	local code=0
	env -i "$shopctl" --env .env restore - <pipe >out 2>err || code=$?
	wait
	[[ $code != 0 && $(cat err) == *'nothing was restored'* ]]
	untouched
	at "$source" source
	code=0
	{ env -i "$shopctl" --env .env backup --output - 2>"$target/err" || echo $? >"$target/code"; } >"$target/pipe" &
	{ head -c 20000 >/dev/null; end_connection source "application_name = 'cgishop'" >"$target/killed"; cat >/dev/null; } <"$target/pipe"
	wait
	[[ ! -e $target/code || $(cat "$target/err") == *useless* ]]
}

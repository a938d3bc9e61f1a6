# shellcheck shell=bash
# shellcheck disable=SC1090,SC2030,SC2031 # what is read is what the lines have set
# tools/up and tools/down, with servers of their own below $VAR-tools, on the port after $PORT's next ones.

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../../.." && pwd)
	shop_port=$((${PORT:-18080} + 7))
	shop_var=${VAR:-$top/var/check}-tools
	export top shop_port shop_var
	"$top/tools/down" VAR="$shop_var" --erase
}

teardown_file() {
	"$top/tools/down" VAR="$shop_var" --erase
}

. "${BATS_TEST_DIRNAME%/tests/*}/tools/dev/lib/curl.sh"
up() { "$top/tools/up" PORT="$shop_port" VAR="$shop_var" SCRYPT_COST=10/8/1 "$@" 3>&-; }
down() { "$top/tools/down" VAR="$shop_var" "$@"; }
get() { curl -s "http://127.0.0.1:$shop_port/cgi-bin/api/$1"; }
pids() { cat "$shop_var"/state/*.pid "$shop_var"/pg/postmaster.pid 2>/dev/null | grep -E '^[0-9]+$' | sort; }

@test "up starts a shop with a demonstration catalogue and prints the admin's password once" {
	run up
	[ "$status" -eq 0 ]
	[ "$(grep -c 'password [0-9a-f]\{20\}' <<<"$output")" -eq 1 ]
	sed -n 's/.*password \([0-9a-f]\{20\}\).*/\1/p' <<<"$output" >"$BATS_FILE_TMPDIR/password"
	! grep -rqF "$(<"$BATS_FILE_TMPDIR/password")" "$shop_var/walk.sh" "$shop_var/state" "$shop_var/log" "$shop_var/site/.env"
	# First the addresses, then the password, then the walk.
	[ "$(grep -oE '/api/$|shown this once|sh .*/walk\.sh' <<<"$output" | cut -d ' ' -f 1 | tr '\n' ' ')" = '/api/ shown sh ' ]
	[ "$(get meta/health | jq -r .status)" = ok ]
	[ "$(get 'stores?count=exact' | jq .count)" -eq 2 ]
	[ "$(get 'products?count=exact&page_size=1' | jq .count)" -ge 60 ]
	[ "$(get 'products?page_size=100' | jq '[.results[] | select(.images == [])] | length')" -eq 0 ]
}

@test "PROFILE=small says what it needs, before anything is stopped or built" {
	[ ! -d /run/systemd/system ] || skip "systemd runs here"
	before=$(pids)
	run up PROFILE=small
	[ "$status" -eq 64 ]
	[[ $output == *"PROFILE=small takes PORT and DEMO only"* ]]
	run "$top/tools/up" PORT="$shop_port" PROFILE=small
	[ "$status" -eq 69 ]
	[ "$output" = "up: PROFILE=small needs systemd; without it run tools/up as it is" ]
	run up PROFILE=large
	[ "$status" -eq 64 ]
	[ "$(pids)" = "$before" ]
	[ "$(get meta/health | jq -r .status)" = ok ]
}

@test "a picture of the demonstration catalogue is served as what it is" {
	local url
	url=$(get 'products?page_size=1' | jq -r '.results[0].images[0].url')
	run curl -s -o /dev/null -D - "http://127.0.0.1:$shop_port$url"
	[[ $output == *"200 OK"* ]]
	[[ $output == *"Content-Type: image/png"* ]]
	[[ $output == *"X-Content-Type-Options: nosniff"* ]]
}

# walk SHELL : run the file whole, as that shell, with the administrator's password at hand for the line that asks for
# it. Leaves what it prints in $output, and makes the variables that it sets this shell's.
walk() {
	local name lines_after='' names=(shop store product category coupon cart order token payment invoice)
	cd "$BATS_TEST_TMPDIR" || return
	for name in "${names[@]}"; do lines_after+="printf '%s\\n' \"\$$name\" >$name"$'\n'; done
	{ cat "$shop_var/walk.sh"; printf '%s' "$lines_after"; } >walk
	run env -u ADMIN_PASSWORD "$1" walk <"$BATS_FILE_TMPDIR/password"
	[ "$status" -eq 0 ] || { cut -c -300 <<<"$output"; return 1; }
	[[ $output != *'/problems/'* ]] || { cut -c -300 <<<"$output"; return 1; }
	for name in "${names[@]}"; do declare -g "$name=$(<"$name")"; done
}

# paid_on_delivery : what the lines have led to, each step of them.
paid_on_delivery() {
	# The administrator's product and its stock, two pieces of which are sold, and the coupon.
	[[ $output == *'"inventory_count":20'* ]]
	[ "$(get "products/$product" | jq -r '[.name, .category, .price, .inventory_count] | join(" ")')" = \
		"Green tea $category 4.50 18" ]
	[[ $output == *"\"code\":\"$coupon\""* ]]
	# The cart, the coupon, the order, each as it was answered.
	[[ $cart == *'"status":"cart"'*'"discount_total":"0.00"'* ]]
	[ "$(grep "^{\"id\":\"$order\"" <<<"$output" | jq -r '[.status, .discount_total, .coupon] | join(" ")')" = \
		"cart 0.90 $coupon"$'\n'"placed 0.90 $coupon" ]
	# Sent, paid at the door; and the invoice.
	[[ $output == *$'\nshipped\ncaptured\n'* ]]
	[[ ${lines[-1]} == *' invoice.pdf' ]]
	[ "$(head -c 4 invoice.pdf)" = %PDF ]
	[ "$(curl -s "$shop/orders/$order" -H "X-Order-Token: $token" | jq -r '[.status, .payment_status, .discount_total,
		.invoice.id, (.payments[] | .id, .payment_method, .status)] | join(" ")')" = \
		"shipped paid 0.90 $invoice $payment cod captured" ]
}

@test "the file that up names walks through the main job, in dash, bash and zsh" {
	local shell
	for shell in dash bash zsh; do
		walk "$shell"
		[ "$(grep -o '"status":"placed"' <<<"$output" | wc -l)" -eq 2 ]
		[[ $output == *'"is_customer":true'* ]]
		paid_on_delivery
	done
}

@test "the walk stops at the first error and shows it" {
	ADMIN_PASSWORD=wrong run dash "$shop_var/walk.sh"
	[ "$status" -ne 0 ]
	[[ $output == *'"status":401'* ]]
	[[ $output != *'A guest fills a cart'* ]]
}

@test "up again changes nothing" {
	local before
	before=$(pids)
	run up
	[ "$status" -eq 0 ]
	[ "$(pids)" = "$before" ]
	[[ $output == *"cgishop runs under lighttpd (cgi)"* ]]
	[[ $output != *"password "[0-9a-f]* ]]
}

@test "a server is seen to be another than the one installed now" {
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/server"
	"$BATS_TEST_TMPDIR/server" 60 3>&- &
	local pid=$!
	is_replaced() { bash -c '. "$0/tools/dev/lib/common.sh"; is_replaced "$1"' "$top" "$pid"; }
	run is_replaced
	[ "$status" -eq 1 ]
	cp "$(command -v sleep)" "$BATS_TEST_TMPDIR/new"
	mv "$BATS_TEST_TMPDIR/new" "$BATS_TEST_TMPDIR/server"
	run is_replaced
	kill "$pid"
	[ "$status" -eq 0 ]
}

@test "up with other arguments restarts only the web server" {
	local postgres
	postgres=$(head -n 1 "$shop_var/pg/postmaster.pid")
	run up fastcgi RATE_LIMITS=off
	[ "$status" -eq 0 ]
	[ "$(head -n 1 "$shop_var/pg/postmaster.pid")" = "$postgres" ]
	[[ $output == *"(fastcgi)"* ]]
	[ "$(get meta/health | jq -r .status)" = ok ]
}

@test "the programs and the web server do not run as root" {
	[ "$EUID" -eq 0 ] || skip "not started by root"
	local pid
	pid=$(cat "$shop_var/state/lighttpd.pid")
	[ "$(stat -c %U "/proc/$pid")" = www-data ]
}

@test "down keeps the data, up finds it again" {
	local count
	count=$(get 'products?count=exact' | jq .count)
	run down
	[ "$status" -eq 0 ]
	run curl -s "http://127.0.0.1:$shop_port/"
	[ "$status" -eq 7 ]
	up
	[ "$(get 'products?count=exact' | jq .count)" = "$count" ]
}

@test "a port in use is named" {
	down
	local other=$BATS_TEST_TMPDIR/other
	mkdir "$other"
	printf 'server.document-root = "%s"\nserver.port = %s\nserver.bind = "127.0.0.1"\nserver.pid-file = "%s/pid"\n' \
		"$other" "$shop_port" "$other" >"$other/conf"
	/usr/sbin/lighttpd -f "$other/conf" 3>&-
	run up
	kill "$(cat "$other/pid")"
	[ "$status" -eq 75 ]
	[[ $output == *"$shop_port"* ]]
}

@test "up installs what draws a PDF, or leaves it out" {
	local copy=$BATS_TEST_TMPDIR/copy
	mkdir "$copy"
	cp -r "$top/tools" "$copy/"
	printf '#!/bin/sh\necho "wants $*"\nexit 69\n' >"$copy/tools/deps"
	run "$copy/tools/up"
	[[ $output == "wants build run pdf" ]]
	run "$copy/tools/up" PDF=off
	[[ $output == "wants build run" ]]
}

@test "up without PDF: the walk ends with the invoice as a page" {
	up PDF=off
	walk dash
	[[ ${lines[-1]} == *' invoice.html' ]]
	grep -q '</html>' invoice.html
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$shop/invoices/$invoice/pdf" -H "X-Order-Token: $token")" = 501 ]
	up
	[ "$(curl -s -o /dev/null -w '%{http_code}' "$shop/invoices/$invoice/pdf" -H "X-Order-Token: $token")" = 200 ]
}

@test "up takes its port from the environment too" {
	PORT=port run "$top/tools/up" VAR="$shop_var"
	[ "$status" -eq 64 ]
	[[ $output == *"PORT must be a number"* ]]
}

@test "words that it does not know are refused" {
	run up thttpd
	[ "$status" -eq 64 ]
	run up HTTP_HOST=x
	[ "$status" -eq 64 ]
	run up PORT=0
	[ "$status" -eq 64 ]
}

@test "status says what runs, and how to start what does not" {
	run "$top/tools/status" VAR="$shop_var"
	[ "$status" -eq 0 ]
	[[ $output == *"http://127.0.0.1:$shop_port/api/"* ]]
	[[ ${lines[-1]} == "It answers." ]]
	kill -STOP "$(cat "$shop_var/state/lighttpd.pid")"
	run "$top/tools/status" VAR="$shop_var"
	kill -CONT "$(cat "$shop_var/state/lighttpd.pid")"
	[ "$status" -eq 69 ]
	[[ ${lines[-1]} == *"tools/logs VAR=$shop_var"* ]]
	run "$top/tools/status" VAR="$BATS_TEST_TMPDIR/none"
	[ "$status" -eq 3 ]
	[[ $output == *"tools/up VAR=$BATS_TEST_TMPDIR/none"* ]]
}

@test "logs shows requests in columns, without what a terminal would obey" {
	get 'products?search=seen' >/dev/null
	get 'nothing-here' >/dev/null
	printf 'a title \033]0;changed\007\n' >>"$shop_var/log/cgi.log"
	run "$top/tools/logs" -n 500 VAR="$shop_var"
	[ "$status" -eq 0 ]
	grep -Eq '^[0-9:.]{12}  200  GET    /products  +[0-9.]+ ms +[0-9]+ sql' <<<"$output"
	grep -Fq 'a title ]0;changed' <<<"$output"
	! grep -q '[[:cntrl:]]' <<<"$output"
	run "$top/tools/logs" -n 500 --errors VAR="$shop_var"
	[[ $output == *'  404  GET'* ]]
	[[ $output != *'  200  '* ]]
	run "$top/tools/logs" messages -n 5000 VAR="$shop_var"
	[[ $output == *'"order_placed"'* ]]
	run "$top/tools/logs" -n many VAR="$shop_var"
	[ "$status" -eq 64 ]
}

@test "a shop whose directory is moved is found, stopped, and goes on there" {
	local count moved=$shop_var-moved
	count=$(get 'products?count=exact' | jq .count)
	mv "$shop_var" "$moved"
	run "$top/tools/status" VAR="$moved"
	[[ $output == *"lighttpd (cgi)"* ]]
	run up VAR="$moved"
	[ "$status" -eq 0 ] || { printf '%s\n' "$output"; down VAR="$moved" --erase; mkdir -p "$shop_var"; return 1; }
	local found pids
	found=$(get 'products?count=exact' | jq .count)
	! grep -F "$shop_var/" "$moved/site/.env"
	# The pattern is in a file, as grep has its own command line.
	printf '%s/site\n%s/state\n%s/pg\n' "$shop_var" "$shop_var" "$shop_var" >"$BATS_TEST_TMPDIR/old"
	pids=$(grep -lzFf "$BATS_TEST_TMPDIR/old" /proc/[0-9]*/cmdline 2>/dev/null | wc -l) || true
	mv "$moved" "$shop_var"
	down
	[ "$found" = "$count" ]
	[ "$pids" -eq 0 ]
	up
}

@test "up interrupted says so, and goes on when run again" {
	local code=0 file=$BATS_TEST_TMPDIR/output
	down --erase
	"$top/tools/up" PORT="$shop_port" VAR="$shop_var" SCRYPT_COST=10/8/1 >"$file" 2>&1 3>&- &
	local pid=$!
	until grep -q 'Creating the database cluster' "$file"; do sleep 0.02; done
	kill -TERM "$pid"
	wait "$pid" || code=$?
	[ "$code" -eq 130 ]
	[[ $(tail -n 1 "$file") == *"interrupted; run it again to go on" ]]
	! grep -q 'failed' "$file"
	run up
	[ "$status" -eq 0 ]
}

@test "a port of root's is refused before anything is stopped" {
	[ "$EUID" -eq 0 ] || skip "not started by root"
	local pid
	pid=$(cat "$shop_var/state/lighttpd.pid")
	run setpriv --reuid nobody --regid nogroup --clear-groups "$top/tools/up" PORT=80 VAR="$BATS_TEST_TMPDIR/as-nobody"
	[ "$status" -eq 77 ]
	[[ $output == *"PORT=8080"* ]]
	[ "$(cat "$shop_var/state/lighttpd.pid")" = "$pid" ]
}

@test "up --erase begins anew" {
	local before
	before=$(get 'stores?page_size=1' | jq -r '.results[0].id')
	run up --erase
	[ "$status" -eq 0 ]
	[ "$(grep -c 'password [0-9a-f]\{20\}' <<<"$output")" -eq 1 ]
	[ "$(get 'stores?page_size=1' | jq -r '.results[0].id')" != "$before" ]
}

@test "the front page says what there is" {
	[ "$(curl -s "http://127.0.0.1:$shop_port/" | jq -r .name)" = cgishop ]
}

@test "a proxy in the environment, or in .curlrc, does not matter to a shop on this machine" {
	local home=$BATS_TEST_TMPDIR
	printf 'proxy = "http://127.0.0.1:1"\nfail\n' >"$home/.curlrc"
	HOME=$home CURL_HOME=$home http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 run up fastcgi
	[ "$status" -eq 0 ]
	http_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 run get meta/health
	[[ $output == *'"status":"ok"'* ]]
}

@test "a setting that there is not is refused with the one that was meant, before anything is stopped" {
	local pid
	pid=$(cat "$shop_var/state/lighttpd.pid")
	run up RATE_LIMIT=off
	[ "$status" -eq 64 ]
	[[ $output == *"RATE_LIMIT is not a setting; did you mean RATE_LIMITS?"* ]]
	run up COLOUR=blue
	[ "$status" -eq 64 ]
	[[ $output == *"COLOUR is not a setting (.env.example"* ]]
	[ "$(cat "$shop_var/state/lighttpd.pid")" = "$pid" ]
}

@test "the last line of a setting that is wrong is the reason" {
	run up SECRET_KEY=short
	[ "$status" -eq 69 ]
	[[ ${lines[-1]} == *"SECRET_KEY is shorter than 32 bytes"* ]]
}

@test "down --erase leaves nothing" {
	run down --erase
	[ "$status" -eq 0 ]
	[ ! -e "$shop_var" ]
	run down
	[ "$status" -eq 0 ]
}

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

up() { "$top/tools/up" PORT="$shop_port" VAR="$shop_var" SCRYPT_COST=10/8/1 "$@" 3>&-; }
down() { "$top/tools/down" VAR="$shop_var" "$@"; }
# walk : what `up` has printed to be pasted, as it is.
walk() { sed -n '/^# Lines to paste/,$p'; }
get() { curl -s "http://127.0.0.1:$shop_port/cgi-bin/api/$1"; }
pids() { cat "$shop_var"/state/*.pid "$shop_var"/pg/postmaster.pid 2>/dev/null | grep -E '^[0-9]+$' | sort; }

@test "up starts a shop with a demonstration catalogue and prints the admin's password once" {
	run up
	[ "$status" -eq 0 ]
	[ "$(grep -c 'password [0-9a-f]\{20\}' <<<"$output")" -eq 1 ]
	sed -n 's/.*password \([0-9a-f]\{20\}\).*/\1/p' <<<"$output" >"$BATS_FILE_TMPDIR/password"
	walk <<<"$output" >"$BATS_FILE_TMPDIR/walk"
	[ "$(get meta/health | jq -r .status)" = ok ]
	[ "$(get 'stores?count=exact' | jq .count)" -eq 2 ]
	[ "$(get 'products?count=exact&page_size=1' | jq .count)" -ge 60 ]
	[ "$(get 'products?page_size=100' | jq '[.results[] | select(.images == [])] | length')" -eq 0 ]
}

@test "a picture of the demonstration catalogue is served as what it is" {
	local url
	url=$(get 'products?page_size=1' | jq -r '.results[0].images[0].url')
	run curl -s -o /dev/null -D - "http://127.0.0.1:$shop_port$url"
	[[ $output == *"200 OK"* ]]
	[[ $output == *"Content-Type: image/png"* ]]
	[[ $output == *"X-Content-Type-Options: nosniff"* ]]
}

# pasted : run the lines of standard input as a shell would that stops at the first one that fails, with the
# administrator's password at hand for the line that asks for it. Leaves what they print in $output, and makes
# the variables that they set this shell's.
pasted() {
	cd "$BATS_TEST_TMPDIR" || return
	cat >walk
	printf 'declare -p shop store product category coupon cart order token payment invoice >variables\n' >>walk
	run bash -eu -o pipefail walk <"$BATS_FILE_TMPDIR/password"
	[ "$status" -eq 0 ] || { cut -c -300 <<<"$output"; return 1; }
	[[ $output != *'/problems/'* ]] || { cut -c -300 <<<"$output"; return 1; }
	. <(sed "s/^declare --/declare -g/" variables)
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
	[ "$(tail -n 3 <<<"$output" | head -n 2)" = $'shipped\ncaptured' ]
	[[ ${lines[-1]} == *' invoice.pdf' ]]
	[ "$(head -c 4 invoice.pdf)" = %PDF ]
	[ "$(curl -s "$shop/orders/$order" -H "X-Order-Token: $token" | jq -r '[.status, .payment_status, .discount_total,
		.invoice.id, (.payments[] | .id, .payment_method, .status)] | join(" ")')" = \
		"shipped paid 0.90 $invoice $payment cod captured" ]
}

@test "what up prints can be pasted and walks through the main job" {
	pasted <"$BATS_FILE_TMPDIR/walk"
	[ "$(grep -o '"status":"placed"' <<<"$output" | wc -l)" -eq 3 ]
	[[ $output == *'"is_customer":true'* ]]
	paid_on_delivery
}

@test "the printed commands later prompt for the administrator's password" {
	# Once more, but for the guest's order and the customer's code, which come as often as they may only.
	up | walk | sed '/^# A guest places an order and/,/^# The administrator/d' >"$BATS_TEST_TMPDIR/later"
	grep -q '^read ' "$BATS_TEST_TMPDIR/later"
	[ "$(grep -c "$(<"$BATS_FILE_TMPDIR/password")" "$BATS_TEST_TMPDIR/later")" -eq 0 ]
	pasted <"$BATS_TEST_TMPDIR/later"
	paid_on_delivery
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

@test "up without PDF: the lines end with the invoice as a page" {
	up PDF=off | walk | sed '/^# A guest places an order and/,/^# The administrator/d' >"$BATS_TEST_TMPDIR/later"
	pasted <"$BATS_TEST_TMPDIR/later"
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
	run up nginx
	[ "$status" -eq 64 ]
	run up HTTP_HOST=x
	[ "$status" -eq 64 ]
	run up PORT=0
	[ "$status" -eq 64 ]
}

@test "down --erase leaves nothing" {
	run down --erase
	[ "$status" -eq 0 ]
	[ ! -e "$shop_var" ]
	run down
	[ "$status" -eq 0 ]
}

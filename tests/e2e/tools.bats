# shellcheck shell=bash
# tools/up and tools/down, with servers of their own below $VAR-tools, on the port after $PORT's next ones.

setup_file() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
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
get() { curl -s "http://127.0.0.1:$shop_port/cgi-bin/api/$1"; }
pids() { cat "$shop_var"/state/*.pid "$shop_var"/pg/postmaster.pid 2>/dev/null | grep -E '^[0-9]+$' | sort; }

@test "up starts a shop with a demonstration catalogue and prints the admin's password once" {
	run up
	[ "$status" -eq 0 ]
	[ "$(grep -c 'password [0-9a-f]\{20\}' <<<"$output")" -eq 1 ]
	[ "$(get meta/health | jq -r .status)" = ok ]
	[ "$(get 'stores?count=exact' | jq .count)" -eq 2 ]
	[ "$(get 'products?count=exact&page_size=1' | jq .count)" -ge 60 ]
	[ "$(get 'products?page_size=100' | jq '[.results[] | select(.images == [])] | length')" -eq 0 ]
}

@test "a picture of the demonstration is served as what it is" {
	local url
	url=$(get 'products?page_size=1' | jq -r '.results[0].images[0].url')
	run curl -s -o /dev/null -D - "http://127.0.0.1:$shop_port$url"
	[[ $output == *"200 OK"* ]]
	[[ $output == *"Content-Type: image/png"* ]]
	[[ $output == *"X-Content-Type-Options: nosniff"* ]]
}

@test "what up prints can be pasted and walks through the main job" {
	local walk=$BATS_TEST_TMPDIR/walk
	up | sed -n '/^# Lines/,$p' | grep -v '^read ' >"$walk"
	grep -q '/orders/' "$walk"
	run bash -eu -o pipefail <(sed '/^# The administrator/,$d' "$walk")
	[ "$status" -eq 0 ]
	[[ $output == *'"status":"placed"'* ]]
	[[ $output == *'"is_customer":true'* ]]
	[[ $output != *'/problems/'* ]]
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

@test "up with other words restarts the web server alone" {
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

@test "a port that somebody else has is named" {
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

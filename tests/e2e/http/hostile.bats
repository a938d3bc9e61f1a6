# What is not a request, or means harm: every file in hostile/ is sent as it is. Nothing may end a program, wake a 5xx
# or get an answer that is not its own. Needs $API, $VAR (the logs are below it) and build/tests/send_raw.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	built send_raw
	SEND_RAW=$programs/send_raw
	PORT_OF_API=$(sed 's|.*:\([0-9]*\)/.*|\1|' <<<"$API")
	ANSWERS=$BATS_FILE_TMPDIR/answers
	BASE=/$(cut -d / -f 4- <<<"$API")
	export SEND_RAW PORT_OF_API ANSWERS BASE
	mkdir "$ANSWERS"
	remember_logs
	# Most of them wait for a server that waits for them.
	printf '%s\n' "$BATS_TEST_DIRNAME"/hostile/*.http | xargs -P 40 -I FILE sh -c \
		'"$SEND_RAW" -t 4 "$PORT_OF_API" FILE >"$ANSWERS/$(basename FILE .http)" 2>/dev/null || true'
	find_statuses >"$BATS_FILE_TMPDIR/statuses"
}

remember_logs() { wc -c "$VAR"/log/*.log | awk '$2 != "total" { print $2, $1 }' >"$BATS_FILE_TMPDIR/logs"; }

# What the logs have got since remember_logs.
new_log_lines() {
	while read -r file size; do tail -c +$((size + 1)) "$file"; done <"$BATS_FILE_TMPDIR/logs"
}

# nothing WHAT <lines : fails when there are any.
nothing() {
	local lines
	lines=$(cat)
	if [[ -n $lines ]]; then printf '%s:\n' "$1"; head -n 10 <<<"$lines"; return 1; fi
}

# "name status" of every answer, those to pipelined requests on lines of their own.
statuses() { cat "$BATS_FILE_TMPDIR/statuses"; }

find_statuses() {
	LC_ALL=C sed -sn 's/\x00//g; s/^HTTP\/1\.[01] \([0-9][0-9][0-9]\).*/\1/; T; F; p' "$ANSWERS"/* |
		paste -d ' ' - - | sed 's|^.*/||'
}

is_well() { [[ $(curl -s -m 5 -o /dev/null -w '%{http_code}' "$API/meta/health") == 200 ]]; }

# Programs of the API that run.
programs() {
	{ readlink /proc/[0-9]*/exe 2>/dev/null || true; } |
		grep -c "^$(realpath "$VAR")/site/cgi-bin/api/" || true
}

# wait_until COMMAND... : for ten seconds at most
wait_until() {
	local i
	for i in {1..100}; do
		if "$@"; then return; fi
		sleep 0.1
	done
	return 1
}

no_more_than() { (( $(programs) <= $1 )); }

no_program_died() {
	# ASan and UBSan say so too, where they are built in.
	local words='signal|premature end|before headers|communication error|exited with|core dump|assert'
	new_log_lines | grep -aiE "$words|sanitizer|runtime error" | nothing 'the logs tell of programs that ended'
}

@test "hostile: every request is answered as an error or as what it is, never with a 5xx of ours" {
	(( $(ls "$ANSWERS" | wc -l) >= 290 && $(statuses | wc -l) >= 260 ))
	statuses | awk '$2 >= 500 && $2 != 501 && $2 != 505' | nothing 'server errors'
	for name in $(statuses | awk '$2 >= 500 { print $1 }'); do
		grep -la '"type":"/problems/' "$ANSWERS/$name" || true
	done | nothing 'server errors that are the programs'
}

@test "hostile: nothing is written" {
	statuses | while read -r name status; do
		if [[ $status == 2* ]] && grep -qaE '^(POST|PUT|PATCH|DELETE) ' "$BATS_TEST_DIRNAME/hostile/$name.http"; then
			echo "$name $status"
		fi
	done | nothing 'writing requests that succeeded'
}

@test "hostile: a request inside another one gets no answer" {
	statuses | awk '$1 ~ /^smuggle-/ && $2 != 100 { n[$1]++ }
		END { for (name in n) if (n[name] > 1) print name, n[name] }' | nothing 'more answers than requests'
}

@test "hostile: no program, no file and no setting is sent" {
	grep -laE $'^\x7fELF|root:x:0:0|SECRET_KEY|postgresql://|#include' "$ANSWERS"/* | nothing 'answers with what is inside'
	for path in %ed%a0%80 %ff x/%ed%a0%80 ../../.env %2e%2e/%2e%2e/.env '..;/.env'; do
		for base in "$BASE/products" /api/products "$BASE" /api /media ''; do
			curl -s --path-as-is -o "$BATS_TEST_TMPDIR/out" "${API%"$BASE"}$base/$path" || true
			[[ $(head -c 4 "$BATS_TEST_TMPDIR/out" | tr -d '\0') != $'\x7fELF' ]] || { echo "a program: $base/$path"; false; }
			if grep -qa 'SECRET_KEY' "$BATS_TEST_TMPDIR/out"; then echo "settings: $base/$path"; false; fi
		done
	done
}

@test "hostile: a header cannot be made with one of the client's" {
	for name in header-request-id-newline-encoded header-request-id-bare-cr header-origin-bare-cr path-crlf-header \
		query-newline; do
		if tr -d '\0' <"$ANSWERS/$name" | sed '/^\r$/q' | grep -iE '^(x-injected|set-cookie|x-evil|injected)'; then
			echo "$name"
			return 1
		fi
	done
}

@test "hostile: the shop is well afterwards, and no program was ended" {
	is_well
	no_program_died
}

@test "hostile: a client that breaks off leaves nothing behind" {
	before=$(programs)
	printf 'POST %s/orders HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: 60\r\n\r\n%60s' \
		"$BASE" x >"$BATS_TEST_TMPDIR/post"
	printf 'GET %s/products?page_size=100 HTTP/1.1\r\nHost: x\r\n\r\n' "$BASE" >"$BATS_TEST_TMPDIR/get"
	for file in post get; do
		size=$(stat -c %s "$BATS_TEST_TMPDIR/$file")
		seq 1 7 "$size" | { cat; echo "$size"; echo "$size"; } |
			xargs -P 8 -I BYTES "$SEND_RAW" -r BYTES "$PORT_OF_API" "$BATS_TEST_TMPDIR/$file"
	done
	is_well
	wait_until no_more_than $((before > 0 ? before + 20 : 0))
	no_program_died
}

@test "hostile: slow requests are answered, and delay no one" {
	printf 'GET %s/meta HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n' "$BASE" >"$BATS_TEST_TMPDIR/get"
	for i in {1..30}; do
		"$SEND_RAW" -s 100 -c 2 -t 9 "$PORT_OF_API" "$BATS_TEST_TMPDIR/get" >"$BATS_TEST_TMPDIR/slow-$i" 2>/dev/null 3>&- &
	done
	sleep 0.5
	for _ in {1..5}; do
		ms=$(curl -s -o /dev/null -w '%{http_code} %{time_total}' "$API/meta/health")
		[[ $ms == '200 '[01].* ]] || { echo "$ms"; false; }
	done
	wait
	[[ $(grep -al '^HTTP/1.1 200' "$BATS_TEST_TMPDIR"/slow-* | wc -l) == 30 ]]
}

@test "hostile: a client that closes its half after the request gets its response" {
	[[ ${SERVER-} != caddy ]] || skip "Go takes a closed half for a closed connection"
	printf 'GET %s/meta HTTP/1.1\r\nHost: x\r\n\r\n' "$BASE" >"$BATS_TEST_TMPDIR/get"
	"$SEND_RAW" -h -t 5 "$PORT_OF_API" "$BATS_TEST_TMPDIR/get" >"$BATS_TEST_TMPDIR/out"
	grep -qa '^HTTP/1.1 200' "$BATS_TEST_TMPDIR/out"
	printf '%s\r\n' "POST $BASE/auth/admin/login HTTP/1.1" 'Host: x' 'Content-Type: application/json' 'Content-Length: 2' \
		'' '{}' >"$BATS_TEST_TMPDIR/post"
	"$SEND_RAW" -h -t 5 "$PORT_OF_API" "$BATS_TEST_TMPDIR/post" >"$BATS_TEST_TMPDIR/out"
	grep -qa '^HTTP/1.1 422' "$BATS_TEST_TMPDIR/out"
	# Half a body: it will never be whole. Apache calls that its own error under FastCGI.
	sed -i 's/Length: 2/Length: 200/' "$BATS_TEST_TMPDIR/post"
	"$SEND_RAW" -h -t 5 "$PORT_OF_API" "$BATS_TEST_TMPDIR/post" >"$BATS_TEST_TMPDIR/out" || true
	if grep -aE '^HTTP/1.1 2|problems/(internal|unavailable)' "$BATS_TEST_TMPDIR/out"; then false; fi
	is_well
}

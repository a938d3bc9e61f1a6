# What runs here, and the answers for addresses that there are not.
# shellcheck disable=SC2154

load ../../support/orders

@test "meta: name, version, and every group that there is" {
	for path in /meta /meta/ "" /; do
		api GET "$path"
		# A folder of a web host: mod_dir comes before what .htaccess may say.
		if [[ ${SERVER-}$path == host ]]; then
			expect 301
			[[ $(header Location) == "$API/" ]]
			continue
		fi
		expect 200
		[[ $(field .name) == cgishop && $(field .version) =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	done
	api GET /meta
	about=$body
	for link in $(field '.links[]'); do
		api OPTIONS "$link"
		expect "$([[ $link =~ /(auth|webhooks)$ ]] && echo 404 || echo 204)"
	done
	body=$about
	programs=$(basename -a -s .c "$top"/cgi-bin/*.c | sort)
	[[ $(field '.links | keys[]' | sort) == "$programs" ]]
}

@test "meta: health" {
	api GET /meta/health
	expect 200
	[[ $(field '[.status, .database] | join(" ")') == "ok ok" && $(field '.schema >= 5') == true ]]
	[[ $(field .schema_state) == current ]]
	[[ $(header Cache-Control) == no-store ]]
	api HEAD /meta/health
	expect 200
	[[ $(header Content-Length) -gt 0 ]]
}

# The checks run the shop with SECURITY_CONTACT=mailto:security@shop.example.
@test "meta: security.txt has a contact and an expiry" {
	local expires
	for url in "${API%/cgi-bin/api}/.well-known/security.txt" /meta/security.txt; do
		api GET "$url"
		expect 200
		[[ $(header Content-Type) == "text/plain; charset=utf-8" ]]
		grep -qx 'Contact: mailto:security@shop.example' <<<"$body"
		expires=$(sed -n 's/^Expires: //p' <<<"$body")
		(( $(date -d "$expires" +%s) > $(date +%s) + 170 * 86400 && $(date -d "$expires" +%s) < $(date +%s) + 365 * 86400 ))
	done
}

# security_txt NAME=VALUE... : its answer with these settings and nothing else set but what is required.
security_txt() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/api/meta PATH_INFO=/security.txt \
		DATABASE_URL=postgresql:///none SECRET_KEY=0123456789abcdef0123456789abcdef "$@" \
		"${BUILD:-$top/build}/cgi-bin/api/meta" 2>/dev/null
}

@test "meta: security.txt without a contact is not there; with several it has a line for each" {
	[[ $(security_txt APP_ENV=test | head -n 1) == "Status: 404"* ]]
	run security_txt SECURITY_CONTACT='https://shop.example/report, tel:+15551234567' \
		SECURITY_POLICY=https://shop.example/policy PUBLIC_URL=https://shop.example
	grep -qx 'Contact: https://shop.example/report' <<<"$output"
	grep -qx 'Contact: tel:+15551234567' <<<"$output"
	grep -qx 'Policy: https://shop.example/policy' <<<"$output"
	grep -qx 'Canonical: https://shop.example/.well-known/security.txt' <<<"$output"
	[[ $(security_txt SECURITY_CONTACT=security@shop.example | head -n 1) == "Status: 503"* ]]
}

@test "meta: a group that there is not" {
	for path in /unknown /unknown/ /unknown/a/b /meta/_unknown/x/y /meta/x /Products /products.c; do
		for method in GET POST DELETE OPTIONS; do
			api $method "$path"
			expect 404 not-found
			[[ -n $(field .request_id) ]]
		done
	done
}

@test "meta: other methods" {
	for path in /meta /meta/health; do
		api POST "$path" --json '{}'
		expect 405 method-not-allowed
		[[ $(header Allow) == "GET, HEAD, OPTIONS" ]]
		api OPTIONS "$path"
		expect 204
	done
}

# --- cron by its address. The checks run the shop with this key.

readonly KEY=check-key-0123456789

runs() { sql "select count(*) from cron_history where started_at > '$since'"; }

# no_run : none is in progress, and what follows is counted.
no_run() {
	sql "update cron_runs set ended_at = now()"
	since=$(sql "select clock_timestamp()")
}

@test "meta: cron runs by its address, for those who know the key" {
	no_run
	api GET "/meta/cron?key=$KEY"
	expect 200
	[[ $(field .another_run) == false && $(field .messages.sent) == [0-9]* && $(header Cache-Control) == no-store ]]
	[[ $(runs) == 1 && $(sql "select seconds from cron_history order by started_at desc limit 1") == 20 ]]
	api POST /meta/cron -H "X-Cron-Key: $KEY"
	expect 200
	api POST "/meta/cron?key=$KEY"
	expect 200
	[[ $(runs) == 3 ]]
	api HEAD "/meta/cron?key=$KEY"
	expect 200
	[[ $(runs) == 3 && $(header Cache-Control) == no-store ]]
}

@test "meta: cron does not exist for others, and the key is in no answer and no log" {
	no_run
	for key in "" "?key=" "?key=${KEY}x" "?key=${KEY%?}" "?key=CHECK-KEY-0123456789" "?Key=$KEY" "?key=%00"; do
		for method in GET POST HEAD; do
			api $method "/meta/cron$key"
			[[ $status == 404 || $status == 400 ]]
			[[ $body$head != *"$KEY"* ]]
		done
	done
	api GET "/meta/cron?key=$KEY" -H 'X-Cron-Key: something-else-0123'
	expect 404
	[[ $(runs) == 0 ]]
	api GET "/meta/cron?key=$KEY"
	expect 200
	[[ $body != *"$KEY"* ]]
	! grep -qF "$KEY" "$CGI_LOG"
	security_txt APP_ENV=test PATH_INFO=/cron QUERY_STRING="key=$KEY" | grep -q '^Status: 404'
}

@test "meta: two calls of cron at once are one run, and the other says so" {
	no_run
	sql "update cron_runs set ended_at = null, ends_by = now() + interval '1 minute'"
	api GET "/meta/cron?key=$KEY"
	expect 200
	[[ $body == '{"another_run":true}' && $(runs) == 0 ]]
	no_run
	for i in 1 2 3 4; do
		curl -s -o "$BATS_TEST_TMPDIR/$i" -w '%{http_code}\n' "$API/meta/cron?key=$KEY" >"$BATS_TEST_TMPDIR/$i.status" &
	done
	wait
	[[ $(sort -u "$BATS_TEST_TMPDIR"/*.status) == 200 ]]
	[[ $(jq -s 'map(select(.another_run | not)) | length' "$BATS_TEST_TMPDIR"/[1234]) == "$(runs)" ]]
}

@test "meta: cron without a database is 503, and so it is without shopctl" {
	run security_txt APP_ENV=test PATH_INFO=/cron CRON_KEY="$KEY" QUERY_STRING="key=$KEY" HELPER_DIR="$BUILD/bin"
	[[ $output == "Status: 503"* && $output == *"Retry-After: "* ]]
	run security_txt APP_ENV=test PATH_INFO=/cron CRON_KEY="$KEY" QUERY_STRING="key=$KEY" HELPER_DIR=/nonexistent
	[[ $output == "Status: 503"* ]]
	run security_txt APP_ENV=test PATH_INFO=/cron CRON_KEY="$KEY" QUERY_STRING=key=wrong HELPER_DIR="$BUILD/bin"
	[[ $output == "Status: 404"* ]]
}

@test "meta: shopctl is started with the settings of the program, whatever lies near it" {
	local site=$BATS_TEST_TMPDIR/site
	mkdir -p "$site/api" "$site/bin"
	cp "$BUILD/cgi-bin/api/meta" "$site/api/"
	printf '#!/bin/sh\necho "$@" >%s\necho "{\\"another_run\\":true}"\n' "$site/asked" >"$site/bin/shopctl"
	chmod 755 "$site/bin/shopctl"
	printf '%s\n' APP_ENV=test SECRET_KEY=0123456789abcdef0123456789abcdef DATABASE_URL=postgresql:///none CRON_KEY="$KEY" >"$site/.env"
	chmod 600 "$site/.env"
	run env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/api/meta PATH_INFO=/cron QUERY_STRING="key=$KEY" \
		"$site/api/meta"
	[[ $output == *"Status: 200"* ]]
	[[ $(<"$site/asked") == "cron --seconds 20 --json --env $site/.env" ]]
}

# --- metrics

# metric NAME[{LABELS}] : its value in the last answer.
metric() { grep -F -- "cgishop_$1 " <<<"$body" | grep -v '^#' | sed 's/.* //'; }
metrics() { api GET /meta/metrics -H "Authorization: Bearer $KEY"; expect 200; }
requests() { metric 'http_requests_total{method="GET",route="/products/{id}",status="4xx"}'; }

@test "metrics: requests by route and class, times, and figures of the shop" {
	metrics
	[[ $(header Content-Type) == "text/plain; version=0.0.4; charset=utf-8" && $(header Cache-Control) == no-store ]]
	before=$(requests)
	for i in 1 2 3; do api GET /products/00000000-0000-7000-8000-00000000000$i; expect 404; done
	metrics
	(( $(requests) == before + 3 ))
	(( $(metric 'http_request_duration_seconds_bucket{method="GET",route="/products/{id}",le="+Inf"}') \
		== $(metric 'http_request_duration_seconds_count{method="GET",route="/products/{id}"}') ))
	[[ $(metric database_up) == 1 && $(metric metrics_file_up) == 1 && $(metric database_size_bytes) -gt 1000000 ]]
	(( $(metric database_connections) >= 1 && $(metric database_connections) <= $(metric database_connections_max) ))
	[[ $(metric outbox_dead_letters) == "$(sql "select count(*) from outbox where status = 'dead'")" ]]
	[[ $body != *00000000-0000* && $body != *"$KEY"* ]]
	# Each line is a comment or a sample; a family has its type once.
	! grep -vE '^(# (HELP|TYPE) cgishop_[a-z_]+ .+|cgishop_[a-z_]+(\{[^}]*(\{[a-z_]+\}[^}]*)*\})? [0-9.]+)$' <<<"$body"
	[[ -z $(grep '^# TYPE' <<<"$body" | sort | uniq -d) ]]
}

@test "metrics: for those who know the key" {
	api GET "/meta/metrics?key=$KEY"
	expect 200
	for wrong in "" "?key=${KEY}x"; do
		api GET "/meta/metrics$wrong"
		expect 404
	done
	api GET /meta/metrics -H "Authorization: Bearer wrong"
	expect 404
}

# counted FILE : a request with this METRICS_FILE; its status.
counted() { security_txt APP_ENV=test METRICS_FILE="$1" PATH_INFO=/nothing | head -n 1; }

@test "metrics: no file, whatever it is, makes a request fail, and a foreign one is left as it is" {
	cd "$BATS_TEST_TMPDIR"
	counted "$PWD/new"
	[[ $(stat -c %a new) == 600 && $(stat -c %s new) -gt 64 ]]
	echo 'not ours' >foreign
	cp /bin/true binary
	mkdir directory
	mkfifo pipe
	ln -s new link
	printf 'cgishop-metrics 0\n%0500d' 1 >older
	printf 'cgishop-met' >short
	for file in foreign binary directory pipe link older short /dev/full /nonexistent/x "$PWD/new/x"; do
		[[ $(counted "$PWD/$file") == "Status: 404"* ]]
	done
	[[ $(counted /dev/full) == "Status: 404"* ]]
	[[ $(<foreign) == 'not ours' ]]
	cmp binary /bin/true
	head -c 17 older | grep -q 'cgishop-metrics 1'
	truncate -s 100 new
	[[ $(counted "$PWD/new") == "Status: 404"* && $(stat -c %s new) -gt 100 ]]
	# A disk that is full: no file of ours may grow.
	run bash -c 'ulimit -f 0; trap "" XFSZ; exec "$@"' - env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/api/meta \
		PATH_INFO=/nothing DATABASE_URL=postgresql:///none SECRET_KEY=0123456789abcdef0123456789abcdef METRICS_FILE="$PWD/full" \
		"$BUILD/cgi-bin/api/meta"
	[[ $output == *"Status: 404"* ]]
}

@test "metrics: none is lost when many count at once" {
	cd "$BATS_TEST_TMPDIR"
	for i in {1..60}; do counted "$PWD/many" >/dev/null & done
	wait
	body=$(env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/api/meta PATH_INFO=/metrics QUERY_STRING="key=$KEY" \
		APP_ENV=test DATABASE_URL=postgresql:///none SECRET_KEY=0123456789abcdef0123456789abcdef METRICS_KEY="$KEY" \
		METRICS_FILE="$PWD/many" "$BUILD/cgi-bin/api/meta" 2>/dev/null)
	[[ $(metric 'http_requests_total{method="GET",route="/meta/?",status="4xx"}') == 60* ]]
	[[ $(metric database_up) == 0* ]]
}

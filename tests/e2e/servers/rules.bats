# What httpd/README.md demands of every configuration for a server of one's own, with TLS and a certificate made here.
# All of the servers run at once.
# shellcheck disable=SC2154

load ../../support/api

shopt -s extglob

setup_file() {
	[[ -n ${VAR-} ]] || return 0
	# The web user must reach it.
	servers=$(mktemp -d /tmp/cgishop-servers-XXXXXX)
	export servers
	chmod 0755 "$servers"
	mkdir -p "$servers/htdocs" "$servers/acme/.well-known/acme-challenge"
	echo proof >"$servers/acme/.well-known/acme-challenge/token"
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=shop.example \
		-addext subjectAltName=DNS:shop.example -keyout "$servers/key" -out "$servers/cert" 2>/dev/null
	chmod 0644 "$servers/key"
	"$top/tests/e2e/servers/start" "$servers" "$VAR/site" $((PORT + 1)) "$servers/cert" "$servers/key" >"$servers/list"
	while read -r server mode http https; do
		for (( i = 0; i < 100; i++ )); do
			[[ $(curl -s -k -o /dev/null -w '%{http_code}' "https://shop.example:$https/api/meta/health" \
				--resolve "shop.example:$https:127.0.0.1") != 200 ]] || continue 2
			sleep 0.1
		done
		echo "$server $mode does not answer"
		tail -n 5 "$servers/$server-$mode"/log/*
		return 1
	done <"$servers/list"
	# Enough of a catalogue for a body that is worth compressing.
	as admin
	category=$(make /categories name="$(unique)" description="$(printf 'word %.0s' {1..150})")
	export category
	printf '\x89PNG\r\n\x1a\n' >"$VAR/site/media/servers.png"
	echo '<script>' >"$VAR/site/media/servers.html"
	ln -sf "$VAR/site/.env" "$VAR/site/media/servers.gif"
}

teardown_file() {
	[[ -n ${servers-} ]] || return 0
	"$top/tests/e2e/servers/start" --stop "$servers"
	rm -rf "$servers" "$VAR"/site/media/servers.*
}

setup() { [[ -n ${VAR-} ]] || skip "needs VAR"; }

# under_each COMMAND : with $server, $mode, and the addresses $plain and $tls of it.
under_each() {
	local http https
	wrong=
	while read -r server mode http https; do
		plain=http://shop.example:$http tls=https://shop.example:$https
		resolve=(--resolve "shop.example:$http:127.0.0.1" --resolve "shop.example:$https:127.0.0.1")
		"$@" </dev/null || wrong+=" $1"
	done <"$servers/${list-list}"
	[[ -z $wrong ]]
}

# under_each_server COMMAND : the same, once for those that have two modes: CGI and FastCGI do not differ in it.
under_each_server() {
	local list=servers
	grep -v ' cgi ' "$servers/list" >"$servers/servers"
	under_each "$@"
}

# ask WORD... : a request, with the certificate verified. A server may stop reading what it refuses.
ask() { exchange --cacert "$servers/cert" "${resolve[@]}" "$@" || true; }

# is WHAT VALUE PATTERN
is() {
	# shellcheck disable=SC2053 # a pattern
	[[ $2 == $3 ]] && return
	echo "$server $mode: $1 is '$2', not '$3'"
	wrong+=" $1"
}

# is_problem WHAT STATUS : as the server itself says it.
is_problem() {
	is "status of $1" "$status" "$2"
	is "type of $1" "$(header Content-Type)" application/problem+json
	is "body of $1" "$(field '"\(.type) \(.status)"')" "about:blank $status"
	# What lighttpd refuses while it reads the headers gets none of its own.
	[[ $server == lighttpd && $status != 40[34] ]] ||
		is "nosniff of $1" "$(header X-Content-Type-Options)" nosniff
}

tls() {
	ask "$tls/api/meta/health"
	is health "$status" 200
	is "HSTS of an answer" "$(header Strict-Transport-Security)" 'max-age=31536000'
	ask "$tls/api/nothing"
	is "HSTS of a problem" "$(header Strict-Transport-Security)" 'max-age=31536000'
	ask "$tls/media/servers.png"
	is "HSTS of a picture" "$(header Strict-Transport-Security)" 'max-age=31536000'
	ask "$tls/nothing"
	is "HSTS of the server's problem" "$(header Strict-Transport-Security)" 'max-age=31536000'
	ask --http2 -o /dev/null "$tls/api/meta/health"
	is "HTTP/2" "$headers" 'HTTP/2 200*'
	is "TLS 1.1" "$(curl -s -o /dev/null -w '%{http_code}' --cacert "$servers/cert" "${resolve[@]}" --tls-max 1.1 \
		--ciphers DEFAULT@SECLEVEL=0 "$tls/")" 000
}

redirected() {
	ask "$plain/api/categories?page_size=1&search=a%20b"
	is "status of http" "$status" 308
	is "its address" "$(header Location)" "$tls/api/categories?page_size=1&search=a%20b"
	ask -X POST -d '{}' "$plain/api/orders"
	is "a POST" "$status" 308
	ask "$plain/%0d%0aSet-Cookie:%20a=b"
	is "no other header" "$(header Set-Cookie)" ''
	# Caddy proves its name itself.
	[[ $server != caddy ]] || return 0
	ask "$plain/.well-known/acme-challenge/token"
	is "proof of the name" "$body" proof
}

compressed() {
	local tag
	ask "$tls/api/categories/$category" -H 'Accept-Encoding: gzip'
	is "the catalogue" "$(header Content-Encoding)" gzip
	is "its id" "$(gzip -dc <"$BATS_TEST_TMPDIR/body" | jq -r .id)" "$category"
	is "its Vary" "$(header Vary)" '*ccept-*ncoding*'
	tag=$(header ETag)
	ask "$tls/api/categories/$category" -H 'Accept-Encoding: gzip' -H "If-None-Match: $tag"
	is "its tag $tag" "$status" 304
	ask "$tls/api/categories/$category"
	is "not asked for" "$(header Content-Encoding)" ''
}

secrets_not_compressed() {
	local token
	ask "$tls/api/categories/$category" -H 'Accept-Encoding: gzip' -H 'Authorization: Bearer none'
	is "with Authorization" "$(header Content-Encoding)" ''
	ask "$tls/api/categories/$category" -H 'Accept-Encoding: gzip' -H 'X-Order-Token: none'
	is "with an order's token" "$(header Content-Encoding)" ''
	token=$(admin_token)
	for path in /users "/categories/$category" /auth/me /audit-logs; do
		ask "$tls/api$path" -H 'Accept-Encoding: gzip' -H "Authorization: Bearer $token"
		is "status of $path" "$status" 200
		is "compression of $path" "$(header Content-Encoding)" ''
	done
	ask "$tls/api/auth/admin/login" -H 'Accept-Encoding: gzip' -H 'Content-Type: application/json' \
		-d "{\"email\":\"$ADMIN_EMAIL\",\"password\":\"$ADMIN_PASSWORD\"}"
	is "status of sign-in" "$status" 200
	is "compression of sign-in" "$(header Content-Encoding)" ''
	ask "$tls/media/servers.png" -H 'Accept-Encoding: gzip'
	is "compression of a picture" "$(header Content-Encoding)" ''
}

pictures() {
	ask "$tls/media/servers.png"
	is status "$status" 200
	is type "$(header Content-Type)" image/png
	is "cache" "$(header Cache-Control | sort | tr '\n' ' ')" '*max-age=31*'
	is "immutable" "$(header Cache-Control | tr '\n' ' ')" '*immutable*'
	is nosniff "$(header X-Content-Type-Options)" nosniff
	is CORS "$(header Access-Control-Allow-Origin)" '*'
	is CSP "$(header Content-Security-Policy)" "default-src 'none'; sandbox"
	is CORP "$(header Cross-Origin-Resource-Policy)" cross-origin
	ask --head "$tls/media/servers.png"
	is HEAD "$status" 200
	ask "$tls/media/servers.html"
	is "HTML" "$status $(header Content-Type)" '@(4?? *|200 application/*)'
	ask "$tls/media/servers.gif"
	# Caddy follows links: only the programs write there, and they make none.
	[[ $server == caddy ]] || is "a link to elsewhere" "$status" "40?"
	ask "$tls/media/"
	is "a listing" "$status" '40?'
	ask "$tls/media/none.png"
	is_problem "a missing one" 404
	is "its cache" "$(header Cache-Control)" '?(immutable)' # which means nothing alone
	ask --http1.1 -X PUT -d x "$tls/media/servers.png"
	is_problem "a PUT" 403
}

refused() {
	local long
	long=$(printf 'a%.0s' {1..9000})
	ask "$tls/nothing"
	is_problem "a missing page" 404
	ask "$tls/api/categories%2fx"
	is_problem "an encoded slash" '40[04]'
	ask --path-as-is "$tls/api/../../.env"
	is ".env" "$status" '40?'
	ask "$tls/.env"
	is ".env" "$status" '40?'
	ask -X TRACE "$tls/api/categories"
	is_problem TRACE '40[35]'
	ask --http1.1 "$tls/api/categories?search=$long"
	# What Go refuses before Caddy's configuration counts has no form of ours.
	if [[ $server == caddy ]]; then
		is "a long address" "$status" '4[03]?'
	else
		is_problem "a long address" '4[13]?'
		ask --http1.1 "$tls/api/categories" -H "X-Long: $long"
		is_problem "a long header" '4[03]?'
	fi
}

limited() {
	local token
	token=$(admin_token)
	# 8 MiB and no more: what the program says to a body of that size, and what the server does to a larger one.
	ask --http1.1 "$tls/api/product-images" -X POST -H 'Content-Type: application/json' -H "Authorization: Bearer $token" \
		-H 'Expect:' --data-binary "@$servers/at"
	is "8 MiB" "$status" '4??'
	is "8 MiB" "$(field .type)" '/problems/*'
	ask --http1.1 "$tls/api/product-images" -X POST -H 'Content-Type: application/json' -H "Authorization: Bearer $token" \
		-H 'Expect:' --data-binary "@$servers/over"
	# Behind Caddy the program says it.
	if [[ $server == caddy ]]; then is "8 MiB and a byte" "$status" 413; else is_problem "8 MiB and a byte" 413; fi
}

passed() {
	local token tag
	token=$(admin_token)
	ask "$tls/api/auth/me" -H "Authorization: Bearer $token"
	is Authorization "$status" 200
	ask "$tls/api/categories/$category"
	tag=$(header ETag)
	ask "$tls/api/categories/$category" -H "If_None_Match: $tag"
	is "If_None_Match" "$status" 200
	ask "$tls/api/categories/$category" -H "If-None-Match: $tag"
	is "If-None-Match" "$status" 304
	ask "$tls/api/auth/me" -H "X_Forwarded_For: 192.0.2.1" -H 'Authorization_: Bearer none' -H "Authorization: Bearer $token"
	is "others stay" "$status" 200
	ask "$tls/api/meta/health"
	is "/api/" "$status" 200
	ask "$tls/cgi-bin/api/meta/health"
	is "/cgi-bin/api/" "$status" 200
	ask -X POST -H 'Content-Type: application/json' -d '{}' "$tls/auth/admin/login"
	is "/auth/admin" "$status" '4[02]?'
	is "its form" "$(field .type)" '/problems/*'
	ask "$tls/.well-known/security.txt"
	# The program's own 404, as the settings file of these servers names no contact.
	is "security.txt" "$(field .type)" /problems/not-found
}

logged() {
	ask "$tls/api/meta/health?key=topsecret"
	sleep 0.3
	is "lines with the path" "$(grep -c /api/meta/health "$servers/$server-$mode/log/access.log")" '[1-9]*'
	is "lines with the key" "$(cat "$servers/$server-$mode"/log/* | grep -c topsecret)" 0
}

@test "rules: TLS, with HSTS on everything" { under_each_server tls; }
@test "rules: http goes on to https, whatever the method" { under_each_server redirected; }
@test "rules: the catalogue is compressed, and its tag is known" { under_each compressed; }
@test "rules: what may hold a secret is not compressed" { under_each secrets_not_compressed; }
@test "rules: pictures are kept for ever, shown everywhere and never run" { under_each_server pictures; }
@test "rules: what a server refuses is a problem" { under_each_server refused; }
@test "rules: a body has 8 MiB at most" {
	head -c 8388608 /dev/zero >"$servers/at"
	head -c 8388609 /dev/zero >"$servers/over"
	under_each limited
}
@test "rules: headers reach the programs, those with underscores do not" { under_each passed; }
@test "rules: the access log has no queries" { under_each_server logged; }

@test "rules: a worker that is killed is replaced, and no other notices" {
	workers_replaced() {
		[[ $server == nginx ]] || return 0
		local pid keeper i
		# The children of the one that keeps them, below the process in the file.
		keeper=$(pgrep -f -P "$(<"$servers/nginx-fastcgi/workers.pid")" -- '--keep 2 .*/meta$')
		for pid in $(pgrep -P "$keeper"); do kill -9 "$pid"; done
		for i in {1..8}; do
			ask "$tls/api/meta/health"
			is "answer $i" "$status" 200
		done
	}
	under_each workers_replaced
}

@test "rules: a worker that is asked to end answers the request that it has" {
	asked_to_end() {
		[[ $server == nginx ]] || return 0
		local keeper pid i
		$PSQL -c 'begin; lock table categories in access exclusive mode; select pg_sleep(2); commit' >/dev/null 3>&- &
		sleep 0.5
		for (( i = 0; i < 2; i++ )); do
			curl -s --cacert "$servers/cert" "${resolve[@]}" -o /dev/null -w '%{http_code}\n' \
				"$tls/api/categories/$category" >>"$servers/answers" 3>&- &
		done
		sleep 0.5
		keeper=$(pgrep -f -P "$(<"$servers/nginx-fastcgi/workers.pid")" -- '--keep 2 .*/categories$')
		for pid in $(pgrep -P "$keeper"); do kill -s TERM "$pid"; done
		wait
		is "what was answered" "$(sort "$servers/answers" | tr '\n' ' ')" '200 200 '
		# One that waits for a request ends at once.
		pid=$(pgrep -P "$keeper" | head -n 1)
		kill -s TERM "$pid"
		sleep 0.5
		is "its process" "$(ps -o pid= -p "$pid")" ''
	}
	under_each asked_to_end
}

@test "rules: nginx slows down one address" {
	slowed_down() {
		[[ $server == nginx ]] || return 0
		seq 400 | sed "s|.*|url = $tls/api/meta|" >"$servers/many"
		curl -s -Z --parallel-max 50 --cacert "$servers/cert" "${resolve[@]}" -K "$servers/many" -w '\n%{http_code}\n' \
			2>/dev/null | grep -E '^[0-9]{3}$' | sort | uniq -c >"$servers/counts"
		cat "$servers/counts"
		is "kinds of answers" "$(awk '{ print $2 }' "$servers/counts" | tr '\n' ' ')" '200 429 '
		is "served at once, 200 at least" "$(awk '$2 == 200 { print ($1 >= 200) }' "$servers/counts")" 1
		# Signing in a tenth of that; asked while others ask.
		sed 's|/meta$|/auth/me|' "$servers/many" >"$servers/others"
		curl -s -Z --parallel-max 20 --cacert "$servers/cert" "${resolve[@]}" -K "$servers/others" >/dev/null 2>&1 3>&- &
		for (( i = 0; i < 60; i++ )); do
			ask "$tls/api/auth/me"
			[[ $status != 429 ]] || break
		done
		wait
		is_problem "the answer to too many" 429
		is "when again" "$(header Retry-After)" 1
	}
	under_each slowed_down
}

@test "rules: the files as they are installed are accepted by their servers" {
	local made=$servers/installed file groups
	mapfile -t groups < <(ls "$VAR/site/cgi-bin/api")
	"$top/tools/dev/server-files" "$made" /usr "${groups[@]}"
	cd "$made/usr/share/cgishop/httpd"
	# What an owner changes: the certificate. And what this machine has not: the account, and the programs' places.
	sed -i -e "s|/etc/letsencrypt/live/shop.example/fullchain.pem|$servers/cert|" \
		-e "s|/etc/letsencrypt/live/shop.example/privkey.pem|$servers/key|" \
		-e "s|/usr/share/cgishop|$made/usr/share/cgishop|; s|/usr/lib/cgishop|$VAR/site|; s|/var/lib/cgishop/htdocs|$servers/htdocs|" \
		-e "s|/run/[a-z0-9/.]*pid|$servers/test.pid|; s|/var/log/[a-z0-9]*|$servers|; s|/run/cgishop/web|$servers|" \
		-e 's/^\(User \|Group \|server.*name = "\)\( *\)cgishop/\1\2www-data/' \
		-e "s|0.0.0.0:443|127.0.0.1:$((PORT + 14))|; s|0.0.0.0:80|127.0.0.1:$((PORT + 13))|; /\[::\]/d" ./*.conf
	sed -i "s|/var/log/caddy|$servers|" Caddyfile
	for file in lighttpd-*.conf; do lighttpd -tt -f "$file"; done
	for file in apache-*.conf; do apache2 -t -f "$PWD/$file"; done
	nginx -t -c "$PWD/nginx.conf"
	HOME=$servers caddy validate --adapter caddyfile --config Caddyfile
	# What they forgot would be found.
	sed 's/^\tserver {/\tserver_ {/' nginx.conf >wrong.conf
	if nginx -t -c "$PWD/wrong.conf"; then false; fi
}

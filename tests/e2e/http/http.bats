# What holds for every route: request ids, lengths, methods, CORS, media types, caches, the form of a refusal. Some
# tests ask every route there is; what they are, build/cgi-bin/api/<group> --describe says ($BUILD is build).
# The shop runs with CORS_ORIGINS, of which $CORS_ORIGINS has the first one.
# shellcheck disable=SC2154

load ../../support/api

readonly UUID='[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}'
readonly NO_ID=01900000-0000-7000-8000-000000000000

setup_file() {
	local group
	for group in "$top"/cgi-bin/*.c; do
		"${BUILD:-$top/build}/cgi-bin/api/$(basename "$group" .c)" --describe
	done | jq -r '.group as $g | .routes | group_by(.pattern)[]
		| "\($g)\(.[0].pattern) \(map(.method) | join(","))"' | sed "s/{[a-z]*}/$NO_ID/g" >"$BATS_FILE_TMPDIR/paths"
	as admin
	CATEGORY=$(make /categories name="$(unique)")
	export CATEGORY
}

# ask_all : the answers to the requests on standard input, "METHOD PATH [HEADER]" a line below $API. Each becomes a
# line "METHOD PATH STATUS" and its headers in lower case, "|" between them.
ask_all() {
	local method path header config=$BATS_TEST_TMPDIR/config dir=$BATS_TEST_TMPDIR/answers n=0
	rm -rf "$dir"
	mkdir "$dir"
	while read -r method path header; do
		n=$((n + 1))
		if (( n > 1 )); then echo next; fi
		printf 'url = "%s/%s"\nrequest = "%s"\nsilent\noutput = "%s/%d.body"\ndump-header = "%s/%d.head"\n' \
			"$API" "$path" "$method" "$dir" "$n" "$dir" "$n"
		printf 'write-out = "%s %s %%{http_code} %d\\n"\n' "$method" "$path" "$n"
		if [[ $method == HEAD ]]; then echo head; fi
		if [[ $method == P* ]]; then echo 'header = "Content-Length: 0"'; fi
		if [[ -n $header ]]; then echo "header = \"$header\""; fi
		if [[ -n $token ]]; then echo "header = \"Authorization: Bearer $token\""; fi
	done >"$config"
	curl --config "$config" >"$BATS_TEST_TMPDIR/statuses"
	find "$dir" -name '*.body' -printf '%f %s\n' >"$BATS_TEST_TMPDIR/sizes"
	awk -v dir="$dir" '
		FILENAME == ARGV[1] { bytes[$1 + 0] = $2; next }
		{
			printf "%s %s %s|", $1, $2, $3
			head = dir "/" $4 ".head"
			while ((getline line <head) > 0) {
				gsub(/\r/, "", line)
				colon = index(line, ":")
				printf "%s%s|", tolower(substr(line, 1, colon)), substr(line, colon + 1)
			}
			close(head)
			printf "bytes: %d|\n", bytes[$4]
		}' "$BATS_TEST_TMPDIR/sizes" "$BATS_TEST_TMPDIR/statuses"
}

# nothing WHAT <lines : fails when there are any.
nothing() {
	local lines
	lines=$(cat)
	if [[ -n $lines ]]; then printf '%s:\n' "$1"; head -n 10 <<<"$lines"; return 1; fi
}

# --- request ids

@test "http: a request gets an id, which the response and a problem contain" {
	api GET /products
	[[ $(header X-Request-Id) =~ ^$UUID$ ]]
	first=$(header X-Request-Id)
	api GET /products
	[[ $(header X-Request-Id) =~ ^$UUID$ && $(header X-Request-Id) != "$first" ]]
	api GET /products/none
	expect 404 not-found
	[[ $(field .request_id) == "$(header X-Request-Id)" ]]
}

@test "http: a valid request id of the client's is returned and logged, apart from ours" {
	for id in a 7f3a-42 'order/17:retry=2' "$(printf 'x%.0s' {1..64})"; do
		api GET /categories/none -H "X-Request-Id: $id"
		[[ $(header X-Client-Request-Id) == "$id" ]]
		[[ $(header X-Request-Id) =~ ^$UUID$ && $(field .request_id) == "$(header X-Request-Id)" ]]
		if [[ -r ${CGI_LOG-} ]]; then grep -qF " id=$(header X-Request-Id) " <(grep -F " client_id=$id " "$CGI_LOG"); fi
	done
}

@test "http: an invalid one is ignored" {
	for id in '' 'two words' "$(printf 'x%.0s' {1..65})" $'umlaut-\xc3\xbc' $'tab\tin'; do
		api GET /categories/none -H "X-Request-Id: $id"
		[[ $(header X-Request-Id) =~ ^$UUID$ && -z $(header X-Client-Request-Id) ]] || { echo "kept: $id"; false; }
	done
}

# --- lengths, HEAD, OPTIONS

@test "http: Content-Length is that of the body, whatever the answer" {
	as admin
	ask_all <<-END | awk -F '|' '{ n = m = -1
			for (i = 2; i <= NF; i++) {
				if ($i ~ /^content-length: /) n = substr($i, 17)
				if ($i ~ /^bytes: /) m = substr($i, 8)
			}
			if ($1 ~ / (204|304)$/ ? n > 0 || m > 0 : n != m || n == 0) print }' | nothing 'lengths that are not exact'
		GET meta
		GET categories
		GET categories/$CATEGORY
		GET products?page_size=0
		GET nothing
		POST categories
		DELETE categories
		DELETE categories/$NO_ID
		GET users?search=$(printf 'x%.0s' {1..50})
		OPTIONS categories
		GET categories/$CATEGORY If-None-Match: *
	END
	[[ $(cut -d ' ' -f 3 "$BATS_TEST_TMPDIR/statuses" | tr '\n' ' ') == '200 200 200 400 404 400 405 404 200 204 304 ' ]]
}

@test "http: HEAD is GET without the body, on every route" {
	as admin
	awk '$2 ~ /GET/ { print "GET", $1; print "HEAD", $1 }' "$BATS_FILE_TMPDIR/paths" >"$BATS_TEST_TMPDIR/requests"
	printf '%s\n' "GET categories/$CATEGORY" "HEAD categories/$CATEGORY" 'GET none' 'HEAD none' \
		>>"$BATS_TEST_TMPDIR/requests"
	(( $(wc -l <"$BATS_TEST_TMPDIR/requests") > 36 ))
	ask_all <"$BATS_TEST_TMPDIR/requests" |
		sed 's/|date: [^|]*//; s/|x-request-id: [^|]*//; s/|bytes: [^|]*//; s/|keep-alive: [^|]*//; s/|connection: [^|]*//' |
		awk '/^GET/ { sub(/^GET /, ""); get = $0 } /^HEAD/ { sub(/^HEAD /, ""); if ($0 != get) print get "\n" $0 "\n" }' |
		sed 's/request_id[^|]*//' | nothing 'HEAD has other headers than GET'
	for path in categories "categories/$CATEGORY" none meta; do
		exec {server}<>"/dev/tcp/127.0.0.1/$(sed 's|.*:\([0-9]*\)/.*|\1|' <<<"$API")"
		printf 'HEAD %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n' "/${API#*://*/}/$path" >&"$server"
		[[ $(sed '1,/^\r$/d' <&"$server" | wc -c) == 0 ]]
		exec {server}>&-
	done
}

@test "http: OPTIONS lists the methods of every URL" {
	as nobody
	sed 's/ .*//; s/^/OPTIONS /' "$BATS_FILE_TMPDIR/paths" | ask_all |
		sed -n 's/^OPTIONS \([^ ]*\) \([0-9]*\)|.*|allow: \([^|]*\)|.*/\1 \2 \3/p' |
		sed 's/, /,/g' | sort >"$BATS_TEST_TMPDIR/is"
	awk '{ n = split($2, m, ","); delete has; for (i = 1; i <= n; i++) has[m[i]] = 1
		if (has["GET"]) has["HEAD"] = 1
		has["OPTIONS"] = 1; allow = ""
		split("GET HEAD POST PUT PATCH DELETE OPTIONS", all, " ")
		for (i = 1; i <= 7; i++) if (has[all[i]]) allow = allow (allow ? "," : "") all[i]
		print $1, 204, allow }' "$BATS_FILE_TMPDIR/paths" | sort >"$BATS_TEST_TMPDIR/expected"
	diff "$BATS_TEST_TMPDIR/expected" "$BATS_TEST_TMPDIR/is"
	api OPTIONS /nothing
	expect 404 not-found
	api OPTIONS /categories/a/b/c
	expect 404 not-found
}

@test "http: every other method is 405 with Allow, on every URL, before authentication" {
	as nobody
	while read -r path methods; do
		for method in GET POST PUT PATCH DELETE PROPFIND LINK; do
			if [[ ,$methods, != *,$method,* ]]; then echo "$method $path"; fi
		done
	done <"$BATS_FILE_TMPDIR/paths" | ask_all |
		awk -F '|' '$1 !~ / 405$/ || !/\|allow: [A-Z, ]*OPTIONS\|/ || !/\|content-type: application\/problem\+json\|/' |
		nothing 'not 405 with Allow'
	(( $(wc -l <"$BATS_TEST_TMPDIR/statuses") > 150 ))
}

@test "http: an invalid id is 404, whatever the method and the body" {
	as admin
	for path in /products/not-a-uuid /categories/1 /stores/7/members /orders/100001 /payments/x/capture; do
		api GET "$path"
		expect 404 not-found
		for method in PUT PATCH DELETE POST; do
			api $method "$path" --json '{"nonsense":'
			expect 404 not-found
		done
	done
	as nobody
	api PUT /products/not-a-uuid --json '{}'
	expect 404 not-found
}

# --- a method in a header

@test "http: POST with X-HTTP-Method-Override is PUT, PATCH or DELETE" {
	as admin
	id=$(make /categories name="$(unique)")
	api POST "/categories/$id" -H 'X-HTTP-Method-Override: PATCH' --json '{"description":"patched"}'
	expect 200
	[[ $(field .description) == patched ]]
	api POST "/categories/$id" -H 'X-HTTP-Method-Override: PATCH' -H 'Content-Type: application/merge-patch+json' \
		-d '{"description":"merged"}'
	expect 200
	api POST "/categories/$id" -H 'X-HTTP-Method-Override: PUT' --json '{"name":"Put"}'
	expect 200
	[[ $(field '.name + .description') == Putmerged ]]
	api POST "/categories/$id" -H 'X-HTTP-Method-Override: DELETE'
	expect 204
	api GET "/categories/$id"
	expect 404 not-found
}

@test "http: the method in a header has the rights of the method, and is refused elsewhere" {
	as nobody
	api POST "/categories/$CATEGORY" -H 'X-HTTP-Method-Override: DELETE'
	expect 401 not-authenticated
	as customer
	api POST "/categories/$CATEGORY" -H 'X-HTTP-Method-Override: DELETE'
	expect 403 forbidden
	as admin
	for method in GET HEAD POST OPTIONS TRACE delete nonsense 'PUT, DELETE' ''; do
		api POST "/categories/$CATEGORY" -H "X-HTTP-Method-Override: $method" -H "X-HTTP-Method-Override;"
		[[ $status == 400 || $status == 405 ]] || { echo "$method: $status"; false; }
	done
	for method in GET PUT DELETE; do
		api $method "/categories/$CATEGORY" -H 'X-HTTP-Method-Override: PATCH'
		expect 400 bad-request
	done
	api GET "/categories/$CATEGORY"
	expect 200
}

# --- CORS

@test "http: a page of another origin reads answers when CORS_ORIGINS lists it" {
	[[ -n ${CORS_ORIGINS-} ]] || skip "the shop runs without CORS_ORIGINS"
	origin=${CORS_ORIGINS%%,*}
	for path in /categories /meta "/categories/$CATEGORY" /categories/none /nothing /users; do
		api GET "$path" -H "Origin: $origin"
		[[ $(header Access-Control-Allow-Origin) == "$origin" ]] || { echo "$path: $headers"; false; }
		[[ $(header Access-Control-Expose-Headers) == *ETag*Link*X-Request-Id* ]]
		[[ -z $(header Access-Control-Allow-Credentials) && $(header Vary) == *Origin* ]]
	done
}

@test "http: another origin gets nothing, and no cache mixes the two" {
	[[ -n ${CORS_ORIGINS-} ]] || skip "the shop runs without CORS_ORIGINS"
	for origin in https://evil.example null "${CORS_ORIGINS%%,*}.evil.example" "${CORS_ORIGINS%%,*}:444" \
		"${CORS_ORIGINS%%,*}/" "$CORS_ORIGINS" "http${CORS_ORIGINS#https}"; do
		[[ $origin != "${CORS_ORIGINS%%,*}" ]] || continue
		for method in GET OPTIONS; do
			api $method /categories -H "Origin: $origin" -H 'Access-Control-Request-Method: GET'
			[[ $headers != *[Aa]ccess-[Cc]ontrol* ]] || { echo "$origin: $headers"; false; }
			[[ $(header Vary) == *Origin* ]]
		done
	done
	api GET /categories
	[[ $headers != *Access-Control* && $(header Vary) == *Origin* ]]
}

@test "http: a preflight is 204 with what a page may send, also where it will have to sign in" {
	[[ -n ${CORS_ORIGINS-} ]] || skip "the shop runs without CORS_ORIGINS"
	api OPTIONS "/categories/$CATEGORY" -H "Origin: ${CORS_ORIGINS%%,*}" -H 'Access-Control-Request-Method: PATCH' \
		-H 'Access-Control-Request-Headers: authorization, content-type, if-match'
	expect 204
	[[ -z $body && $(header Access-Control-Allow-Methods) == *PATCH* && $(header Access-Control-Max-Age) -gt 0 ]]
	[[ $(header Access-Control-Allow-Headers) == 'authorization, content-type, if-match' ]]
	[[ $(header Vary) == *Origin* && $(header Vary) == *Access-Control-Request-Headers* ]]
	for asked in '' 'x: y' "$(printf 'x%.0s' {1..1100})"; do
		api OPTIONS "/categories/$CATEGORY" -H "Origin: ${CORS_ORIGINS%%,*}" -H 'Access-Control-Request-Method: PATCH' \
			-H "Access-Control-Request-Headers: $asked"
		expect 204
		for name in Authorization Content-Type Idempotency-Key If-Match If-None-Match X-Order-Token; do
			[[ $(header Access-Control-Allow-Headers) == *"$name"* ]]
		done
	done
	api OPTIONS /orders -H "Origin: ${CORS_ORIGINS%%,*}" -H 'Access-Control-Request-Method: POST' \
		-H 'Access-Control-Request-Headers: sentry-trace,baggage,x-requested-with,cache-control'
	expect 204
	[[ $(header Access-Control-Allow-Headers) == 'sentry-trace,baggage,x-requested-with,cache-control' ]]
	api OPTIONS /users -H "Origin: ${CORS_ORIGINS%%,*}" -H 'Access-Control-Request-Method: POST'
	expect 204
}

@test "http: a page sees the 404 of an unknown URL, as its preflight succeeds" {
	[[ -n ${CORS_ORIGINS-} ]] || skip "the shop runs without CORS_ORIGINS"
	for path in /products/undefined /orders/x/cancel /categories/a/b/c; do
		api OPTIONS "$path" -H "Origin: ${CORS_ORIGINS%%,*}" -H 'Access-Control-Request-Method: PUT' \
			-H 'Access-Control-Request-Headers: authorization'
		expect 204
		[[ $(header Access-Control-Allow-Methods) == *PUT* && $(header Access-Control-Allow-Headers) == authorization ]]
		[[ $(header Access-Control-Allow-Origin) == "${CORS_ORIGINS%%,*}" ]]
		api PUT "$path" -H "Origin: ${CORS_ORIGINS%%,*}" --json '{}'
		expect 404
		[[ $(header Access-Control-Allow-Origin) == "${CORS_ORIGINS%%,*}" ]]
	done
}

# --- bodies

@test "http: another media type is 415" {
	as admin
	for type in text/plain text/json application/xml application/x-www-form-urlencoded application/octet-stream json \
		'application/json; charset=latin1' 'application/json; charset=utf-16' 'application/json; charset=utf-7' 'application/json, text/plain' \
		'multipart/form-data; boundary=x' application/merge-patch+json 'application/vnd.api+json'; do
		api POST /categories -H "Content-Type: $type" -d '{"name":"x"}'
		expect 415 unsupported-media-type
	done
	api POST /categories -H 'Content-Type:' -d '{"name":"x"}'
	expect 415 unsupported-media-type
	# Forms are for signing in alone.
	for path in /products /orders /users /auth/admin/password; do
		api POST "$path" -d name=x
		expect 415 unsupported-media-type
	done
	api PATCH /auth/me -d name=x
	expect 415 unsupported-media-type
	api PATCH "/categories/$CATEGORY" -H 'Content-Type: text/plain' -d '{"name":"x"}'
	expect 415 unsupported-media-type
	api POST /categories --json '{"name":"x"}' -H 'Content-Encoding: gzip'
	expect 415 unsupported-media-type
	as nobody
	api POST /categories -H 'Content-Type: text/plain' -d x
	expect 401 not-authenticated
}

@test "http: media types of JSON" {
	as admin
	for type in application/json 'application/json;charset=utf-8' 'application/json; charset="UTF-8"' 'Application/JSON' \
		'application/json; charset=utf8' 'application/json ; Charset = "utf8";' 'application/json;CHARSET=Utf-8' \
		'application/merge-patch+json' 'application/merge-patch+json; charset=utf-8'; do
		api PATCH "/categories/$CATEGORY" -H "Content-Type: $type" -d '{"comments":"said"}'
		expect 200
	done
}

@test "http: what is not JSON is 400, with the position" {
	as admin
	for bad in '{' '{"name":"x"' '{name:"x"}' "{'name':'x'}" '{"name":"x",}' '{"name":"x"} x' '{"name":"x","name":"y"}' \
		'{"name":NaN}' '{"position":01}' '{"position":+1}' '// {}' '[1,2' 'nul' '"' '{"name":"\ud800"}' '{"name":"\x"}' \
		$'{"name":"a\tb"}' $'{"name":"\xff"}' $'{"name":"\xc0\xaf"}' $'\xef\xbb\xbf{"name":"x"}'; do
		api POST /categories --json "$bad"
		expect 400 invalid-json || { echo "$bad"; false; }
	done
	api POST /categories --json ''
	[[ $status == 400 || $status == 415 || $status == 422 ]]
	[[ $(field .type) == /problems/* ]]
	for bad in '[]' '"x"' '1' 'null' 'true'; do
		api POST /categories --json "$bad"
		[[ $status == 400 || $status == 422 ]]
	done
	api POST /categories --json "$(printf '[%.0s' {1..20000})"
	expect 400 invalid-json
}

@test "http: a body over the limit is 413, one at the limit is read" {
	as admin
	{ printf '{"name":"'; head -c 1048565 /dev/zero | tr '\0' x; printf '"}'; } >"$BATS_TEST_TMPDIR/at"
	[[ $(stat -c %s "$BATS_TEST_TMPDIR/at") == 1048576 ]]
	api POST /categories -H 'Content-Type: application/json' --data-binary "@$BATS_TEST_TMPDIR/at"
	expect 422 validation '/name max_length'
	printf ' ' >>"$BATS_TEST_TMPDIR/at"
	api POST /categories -H 'Content-Type: application/json' --data-binary "@$BATS_TEST_TMPDIR/at"
	expect 413 too-large
	api POST /categories -H 'Content-Type: application/json' -H 'Transfer-Encoding: chunked' \
		--data-binary "@$BATS_TEST_TMPDIR/at"
	# Caddy passes no chunked body to FastCGI.
	if [[ ${SERVER-} == caddy ]]; then [[ $status == 411 ]]; else expect 413 too-large; fi
	head -c 6400000 /dev/zero >"$BATS_TEST_TMPDIR/form"
	api POST /product-images -F "image=@$BATS_TEST_TMPDIR/form"
	expect 413 too-large
	# The web server's own limit, in its own words.
	head -c 9000000 /dev/zero >"$BATS_TEST_TMPDIR/form"
	api POST /product-images -F "image=@$BATS_TEST_TMPDIR/form"
	[[ $status == 413 ]]
}

# --- addresses

@test "http: a trailing slash makes no difference and never redirects" {
	as admin
	while read -r path methods; do
		if [[ ,$methods, == *,GET,* ]]; then printf 'GET %s\nGET %s/\n' "$path" "$path"; fi
	done <"$BATS_FILE_TMPDIR/paths" | ask_all | sed -n 's/^GET \([^ ]*\) \([0-9]*\)|.*/\1 \2/p' |
		tee "$BATS_TEST_TMPDIR/slash" |
		awk '{ sub(/\/ /, " ") } $2 ~ /^3/ || (NR % 2 == 0 && $0 != last) { print last ", with a slash " $2 } { last = $0 }' |
		nothing 'addresses that a slash changes'
	(( $(wc -l <"$BATS_TEST_TMPDIR/slash") > 30 ))
	api GET "/categories/$CATEGORY"
	etag=$(header ETag) same=$body
	api GET "/categories/$CATEGORY/"
	[[ $body == "$same" && $(header ETag) == "$etag" ]]
	api PATCH "/categories/$CATEGORY/" --json '{"comments":"slash"}'
	expect 200
	send POST /categories/ name="$(unique)"
	expect 201
}

@test "http: /api/ and /cgi-bin/api/ are the same" {
	short=${API/\/cgi-bin\/api/\/api}
	[[ $short != "$API" ]] || skip "API is another address"
	for path in /meta/health "/categories/$CATEGORY" /categories/none /nothing; do
		api GET "$path"
		long="$status $(as_sent 'del(.request_id) | tojson') $(header ETag) $(header Cache-Control)"
		api GET "$short$path"
		[[ "$status $(as_sent 'del(.request_id) | tojson') $(header ETag) $(header Cache-Control)" == "$long" ]]
	done
	as admin
	api POST "$short/categories" --json "{\"name\":\"$(unique)\"}"
	expect 201
	[[ $(header Location) == */api/categories/$(field .id) && $(header Location) != */cgi-bin/* ]]
	api GET "$(header Location)"
	expect 200
	api GET "$short/categories?page_size=1"
	[[ $(field .next) == */api/categories\?* && $(field .next) != */cgi-bin/* ]]
	api GET "$API/categories?page_size=1"
	[[ $(field .next) == */cgi-bin/api/categories\?* ]]
}

# A cache or a mail must not be led to a place of the client's choosing.
@test "http: addresses in answers do not come from the Host header" {
	as admin
	api POST /categories --json "{\"name\":\"$(unique)\"}" -H 'Host: evil.example' -H 'X-Forwarded-Host: evil.example'
	expect 201
	[[ $headers != *evil* ]]
	api GET '/categories?page_size=1' -H 'Host: evil.example' -H 'X-Forwarded-Host: evil.example'
	[[ $body != *evil* && $headers != *evil* ]]
}

# Links begin as the request did, however it was spelt, but never as a place elsewhere.
@test "http: addresses in answers do not come from a hostile request line" {
	as nobody
	BASE=/$(cut -d / -f 4- <<<"$API")
	for target in "//evil.example$BASE" "/evil/..$BASE" "/evil/%2e%2e$BASE" "http://evil.example$BASE" "/\\evil.example/..$BASE" \
		"/;evil.example/..$BASE" "$BASE//evil.example/.." "$BASE/%2e"; do
		exchange --path-as-is --request-target "$target/categories?page_size=1" "$API/categories"
		if [[ $status == 200 ]]; then
			[[ $body != *evil* && $headers != *evil* && $(field .next) == "${API%"$BASE"}"/*api/categories?(.cgi)\?* ]]
			api GET "$(field .next)"
			expect 200
		else
			[[ $status == 40[0-9] && $headers != *[Ll]ocation:* ]]
		fi
	done
}

# --- what every answer says

@test "http: nosniff and a cache rule on every answer" {
	as nobody
	{ while read -r path _; do echo "GET $path"; done <"$BATS_FILE_TMPDIR/paths"
	  printf 'OPTIONS categories\nGET nothing\nPUT categories\nGET categories?x=y\n'
	  echo "GET categories/$CATEGORY If-None-Match: *"
	} | ask_all | awk '!/\|x-content-type-options: nosniff\|/ || !/\|cache-control: (no-store|public, no-cache)\|/ ||
		!/\|x-request-id: [!-~]+\|/ || /\|set-cookie:/ || /\|x-powered-by:/' | nothing 'answers without their headers'
}

@test "http: public responses can be cached and revalidated, others are not stored" {
	as nobody
	for path in /categories "/categories/$CATEGORY" /products /stores; do
		api GET "$path"
		[[ $(header Cache-Control) == 'public, no-cache' ]] || { echo "$path: $headers"; false; }
		[[ $(header Vary) == *Authorization* ]]
	done
	for path in /meta/health /categories/none '/categories?x=y' /orders /users; do
		api GET "$path"
		[[ $(header Cache-Control) == no-store ]] || { echo "$path: $headers"; false; }
	done
	as admin
	for path in /categories "/categories/$CATEGORY" /orders /users /auth/me; do
		api GET "$path"
		[[ $(header Cache-Control) == no-store ]] || { echo "$path: $headers"; false; }
	done
	as nobody
	api GET "/categories/$CATEGORY"
	[[ $(header ETag) =~ ^\"[A-Za-z0-9_-]+\"$ ]]
	api GET "/categories/$CATEGORY" -H "If-None-Match: $(header ETag)"
	expect 304
	[[ -z $body && -n $(header ETag) && $(header Cache-Control) == 'public, no-cache' ]]
}

@test "http: a problem has its five members, and reveals nothing internal" {
	as nobody
	{ for path in categories/none 'categories?x=y' 'products?cursor=x' 'products?ordering=x' users nothing 'orders' \
		"products/$NO_ID" 'products?price__gte=x' 'products?page_size=0' "categories/$CATEGORY/x/y/z"; do
		echo "GET $path"
	  done
	  printf 'POST orders\nPUT products\nPOST auth/admin/login\n'
	} | ask_all >"$BATS_TEST_TMPDIR/out"
	for file in "$BATS_TEST_TMPDIR"/answers/*.body; do
		jq -e '(.type | startswith("/problems/")) and (.title | length > 0) and (.status | type == "number")
			and (.request_id | length > 0)' "$file" >/dev/null || { cat "$file"; false; }
	done
	cat "$BATS_TEST_TMPDIR"/answers/*.body | tr '[:upper:]' '[:lower:]' |
		grep -oE 'select |insert |postgres|pgbouncer|sqlstate|libpq|\.c:[0-9]|/tmp/|/var/|/home/|stack|json-c|line [0-9]+:' |
		nothing 'words that a client should not see'
	awk -F '|' '{ split($1, w, " "); if (w[3] >= 500) print }' "$BATS_TEST_TMPDIR/out" | nothing 'server errors'
}

@test "http: 401 has WWW-Authenticate" {
	as nobody
	api GET /users
	expect 401 not-authenticated
	[[ $(header WWW-Authenticate) == Bearer ]]
	for token in x "$(printf 'A%.0s' {1..43})" "$(printf 'A%.0s' {1..5000})"; do
		for path in /users /categories "/categories/$CATEGORY" /meta; do
			api GET "$path"
			expect 401 invalid-token
			[[ $(header WWW-Authenticate) == 'Bearer error="invalid_token"' ]]
		done
	done
	token=
}

@test "http: another scheme and an empty token count as anonymous" {
	as nobody
	for value in 'Basic eDp5' 'Basic null' 'Digest username="x"' "Negotiate $(printf 'A%.0s' {1..5000})" Bearer \
		'Bearer null' 'bearer undefined' 'Token' 'Token None' 'x'; do
		for path in /categories "/categories/$CATEGORY" /meta; do
			api GET "$path" -H "Authorization: $value"
			expect 200 || { echo "$path: $value"; false; }
		done
		for path in /users /auth/me /orders; do
			api GET "$path" -H "Authorization: $value"
			expect 401 not-authenticated
			[[ $(header WWW-Authenticate) == Bearer ]]
		done
	done
	# A shop behind Basic authentication: signing in, and what is private still is.
	api POST /auth/admin/login --json "$(json email="$ADMIN_EMAIL" password="$ADMIN_PASSWORD")" \
		-H 'Authorization: Basic eDp5'
	expect 200
	api GET "/categories/$CATEGORY?include=deleted" -H 'Authorization: Basic eDp5'
	expect 400 invalid-query
}

@test "http: Authorization: Token is Bearer" {
	admin=$(admin_token)
	as nobody
	for value in "Token $admin" "token   $admin" "TOKEN $admin" "BEARER  $admin"; do
		api GET /auth/me -H "Authorization: $value"
		expect 200 || { echo "$value"; false; }
	done
	api GET /categories -H "Authorization: Token $(tr 'A-Za-z' 'B-ZAb-za' <<<"$admin")"
	expect 401 invalid-token
}

@test "http: a parameter that the address does not know, or has twice, is refused" {
	as admin
	for query in x=1 'page_size=1&page_size=2' 'page%5Fsize=1&page_size=2' '=1' 'page_size=%zz'; do
		api GET "/categories?$query"
		expect 400 invalid-query || { echo "$query"; false; }
	done
	# Some servers refuse these themselves.
	for query in 'page_size=%00' 'page_size=%ff' 'page_size=%0a'; do
		api GET "/categories?$query"
		expect 400 || { echo "$query"; false; }
	done
	api GET "/categories/$CATEGORY?x=1"
	expect 400 invalid-query
	api POST '/categories?x=1' --json '{"name":"x"}'
	expect 400 invalid-query
	api GET "/categories?$(printf 'x%.0s' {1..9000})=1"
	[[ $status == 400 || $status == 414 || $status == 431 || $status == 413 ]] || { echo "$status"; false; }
}

@test "http: what caches and advertisements add to an address is ignored on every route" {
	as admin
	awk '{ n = split($2, m, ","); for (i = 1; i <= n; i++) { print m[i], $1; print m[i], $1 "?_=17&utm_source=x&fbclid=%zz&_=18" } }' \
		"$BATS_FILE_TMPDIR/paths" | grep -vE '^POST auth/(logout|admin)|^DELETE auth' >"$BATS_TEST_TMPDIR/requests"
	(( $(wc -l <"$BATS_TEST_TMPDIR/requests") > 120 ))
	ask_all <"$BATS_TEST_TMPDIR/requests" >/dev/null
	awk 'NR % 2 { plain = $3; next } $3 != plain { print $1, $2, $3, "not", plain }' "$BATS_TEST_TMPDIR/statuses" |
		nothing 'other statuses with added parameters'
}

@test "http: ignored parameters are not in links, and known ones are never ignored" {
	api GET '/categories?page_size=1&utm_source=x&_=1&gclid=2&name='
	expect 200
	[[ $(field .next) == *"/categories?page_size=1&cursor="* && $(header Link) != *utm* ]]
	for query in utm=1 xfbclid=1 fbclid%20=1 _page_size=1\&page_size=0; do
		api GET "/categories?$query"
		expect 400 invalid-query || { echo "$query"; false; }
	done
	api GET "/categories/$CATEGORY?_=1&include=deleted" -H "Authorization: Bearer $(admin_token)"
	expect 200
}

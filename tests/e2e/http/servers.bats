# What the web servers do before a program runs: names of headers, refusals of their own, pictures.
# shellcheck disable=SC2154

load ../../support/api

# ways NAME : the spellings of a header's name that CGI would take for it.
ways() {
	local words=$1 i n=0 name sign dashes=${1//[!-]/}
	for (( i = 1; i < 1 << ${#dashes}; i++ )); do
		name='' words=$1 n=0
		while [[ $words == *-* ]]; do
			sign=-
			if (( i >> n & 1 )); then sign=_; fi
			name+=${words%%-*}$sign words=${words#*-} n=$((n + 1))
		done
		echo "$name$words"
	done
}

# Lines of a request, as they are; leaves the answer in $answer.
raw() {
	local host=${API#http://} fd
	host=${host%%/*}
	exec {fd}<>"/dev/tcp/${host%:*}/${host#*:}"
	printf '%s\r\n' "$@" '' >&"$fd"
	answer=$(timeout 5 cat <&"$fd" | tr -d '\r')
	exec {fd}<&-
}

# is_refused STATUS... : by the server, in the API's form.
is_refused() {
	[[ " $* " == *" $status "* ]] || { echo "status $status, not $*: $body"; return 1; }
	[[ $(header Content-Type) == application/problem+json ]]
	[[ $(field '[.type, .status, (.title | length > 0), (.detail | length > 0)] | tojson') == "[\"about:blank\",$status,true,true]" ]]
}

@test "servers: a header with underscores in its name is dropped" {
	api GET '/categories?page_size=1'
	expect 200
	as admin
	path=/categories/$(make /categories name="$(unique)")
	token=
	api GET "$path"
	tag=$(header ETag)
	api GET "$path" -H "If-None-Match: $tag"
	expect 304
	for name in $(ways If-None-Match); do
		api GET "$path" -H "$name: $tag"
		[[ $status == 200 ]] || { echo "$name counts"; false; }
	done
	as admin
	for name in $(ways X-HTTP-Method-Override); do
		api POST "$path" -H "$name: DELETE"
		[[ $status == 405 ]] || { echo "$name counts"; false; }
	done
	for name in $(ways If-Match); do
		api PATCH "$path" --json '{"position":5}' -H "$name: \"none\""
		[[ $status == 200 ]] || { echo "$name counts"; false; }
	done
	for name in $(ways Content-Encoding); do
		api PATCH "$path" --json '{"position":6}' -H "$name: gzip"
		[[ $status == 200 ]] || { echo "$name counts"; false; }
	done
	token=
	for name in $(ways Access-Control-Request-Method); do
		api OPTIONS "$path" -H 'Origin: https://shop.example' -H "$name: DELETE"
		[[ -z $(header Access-Control-Allow-Methods) ]] || { echo "$name counts"; false; }
	done
}

@test "servers: many of them are all dropped, others stay" {
	many=()
	for i in {1..20}; do many+=(-H "X_Dropped_$i: 1"); done
	api OPTIONS /categories "${many[@]}" -H 'Origin: https://shop.example' -H 'Access-Control-Request-Method: GET' \
		-H 'Access_Control_Request_Headers: x-forged' -H 'Access-Control-Request-Headers: x-asked' "${many[@]}"
	[[ $(header Access-Control-Allow-Headers) == x-asked ]]
}

@test "servers: what they refuse themselves is answered as a problem" {
	[[ ${SERVER-} != host ]] || skip "a web host has pages of its own"
	long=$(printf 'a%.0s' {1..9000})
	api GET /categories -H "X-Long: $long"
	is_refused 400 431
	api GET "/categories?search=$long"
	is_refused 414 431
	api GET "${API%/cgi-bin*}/media/nothing.png"
	is_refused 404
	[[ $(header X-Content-Type-Options) == nosniff ]]
	api GET "${API%/cgi-bin*}/nothing"
	is_refused 404
	api DELETE "${API%/cgi-bin*}/media/nothing.png"
	is_refused 403
	api GET /categories%2fx
	is_refused 400 404
	raw "POST ${API#http://*/} HTTP/1.1" "Host: a" "Content-Length: 99999999"
	[[ $answer == *$'\nContent-Type: application/problem+json\n'*'"status":4'* ]]
	raw 'GET / HTTP/9.9'
	[[ $answer == *$'\nContent-Type: application/problem+json\n'*'"type":"about:blank"'* ]]
	raw "FROB /cgi-bin/api/categories HTTP/1.1" "Host: a" "Connection: close"
	[[ $answer == *$'\nContent-Type: application/problem+json\n'* ]]
}

@test "servers: responses of the programs are unchanged" {
	api GET /categories/none
	expect 404 not-found
	api GET /nothing
	expect 404 not-found
	api POST /categories --json '{'
	expect 401 not-authenticated
}

@test "servers: pages of other origins may use pictures" {
	[[ -n ${VAR-} ]] || skip "needs VAR"
	name=$(unique).png
	printf '\x89PNG\r\n\x1a\n' >"$VAR/site/media/$name"
	api GET "${API%/cgi-bin*}/media/$name" -H 'Origin: https://other.example'
	[[ $status == 200 && $(header Content-Type) == image/png ]]
	[[ $(header Access-Control-Allow-Origin) == '*' && $(header Cross-Origin-Resource-Policy) == cross-origin ]]
	[[ $(grep -ci '^access-control-allow-origin' <<<"$headers") == 1 ]]
	api HEAD "${API%/cgi-bin*}/media/$name"
	[[ $(header Access-Control-Allow-Origin) == '*' ]]
	rm "$VAR/site/media/$name"
}

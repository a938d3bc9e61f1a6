# tools/fetch: what it sends, what it takes, and above all when nothing can have happened.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() {
	fetch=$build/bin/fetch
	[[ -x $fetch ]] || skip "built without libcurl"
	built one_answer_server || return
	cd "$BATS_TEST_TMPDIR" || return
	: >answer
	: >asked
	server=
}

teardown() {
	if [[ $server ]]; then kill "$server" 2>/dev/null || true; fi
}

# serve [hold] : the file `answer`, at http://127.0.0.1:$port; requests go to `asked`.
serve() {
	rm -f port
	"$programs/one_answer_server" answer asked "$@" >port 2>/dev/null 3>&- &
	server=$!
	for _ in {1..200}; do
		[[ ! -s port ]] || break
		sleep 0.02
	done
	port=$(<port)
}

# says STATUS HEADERS BODY : the answer is that, with its length.
says() {
	printf 'HTTP/1.1 %s\r\n%bContent-Length: %d\r\n\r\n%s' "$1" "$2" "${#3}" "$3" >answer
}

# certificate NAME SUBJECT [OPTION]... : NAME.pem and its key NAME.key; self-signed, or signed by -CA ca.pem -CAkey
# ca.key.
certificate() {
	openssl req -x509 -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.pem" -days 2 -subj "$2" "${@:3}" 2>req.log ||
		{ cat req.log; return 1; }
}

# signed NAME ADDRESS [DAYS] : the same by the authority `ca`, for the address ("IP:127.0.0.1").
signed() {
	openssl req -newkey rsa:2048 -nodes -keyout "$1.key" -out "$1.csr" -subj /CN=api 2>req.log
	openssl x509 -req -in "$1.csr" -CA ca.pem -CAkey ca.key -CAcreateserial -days "${3-2}" \
		-extfile <(echo "subjectAltName=$2") -out "$1.pem" 2>>req.log
}

# serve_tls NAME : by HTTPS with that certificate, at https://127.0.0.1:$port: the files below v1, as they are.
serve_tls() {
	if [[ $server ]]; then kill "$server"; fi
	: >tls.log
	openssl s_server -accept 127.0.0.1:0 -key "$1.key" -cert "$1.pem" -HTTP >tls.log 2>&1 3>&- &
	server=$!
	for _ in {1..200}; do
		port=$(sed -n 's/^ACCEPT .*:\([0-9]*\)$/\1/p' tls.log)
		[[ ! $port ]] || break
		sleep 0.02
	done
	[[ $port ]]
}

# What fetch is started with: see trusting.
start=()

# trusting FILE : the authorities of the system are those of the file from now on, for fetch alone. False: nobody may do
# that here.
trusting() {
	local bundle how=-m
	bundle=$(curl-config --ca)
	if (( EUID != 0 )); then how=-rm; fi
	# shellcheck disable=SC2016 # the arguments are those of the inner shell
	start=(unshare "$how" sh -c 'mount --bind "$0" "$1" && shift && exec "$@"' "$1" "$bundle")
	[[ -s $bundle ]] && "${start[@]}" true 2>/dev/null
}

# ask [JQ] : runs fetch with a request that the filter changes; its exit status is in $status, its answer in `out`.
ask() {
	status=0
	jq -n --arg port "${port:-1}" "{method: \"GET\", url: (\"http://127.0.0.1:\" + \$port + \"/v1/x?a=b\"),
		connect_ms_max: 2000, total_ms_max: 4000, answer_bytes_max: 1000} | ${1:-.}" >request
	"${start[@]}" "$fetch" <request >out 2>err || status=$?
}

# grep -q ends at the first match, and what writes to it with a signal.
has() { grep "$@" >/dev/null; }

connections() { grep -c '^\(GET\|POST\) ' asked || true; }

@test "fetch: an answer, whatever its status" {
	for code in 200 201 204 400 401 402 404 409 429 500 503; do
		says "$code X" 'Request-Id: req_1\r\nRetry-After: 7\r\nX-Other: no\r\n' "$([[ $code == 204 ]] || echo "{\"code\":$code}")"
		[[ $server ]] || serve
		ask
		[[ $status == 0 ]]
		jq -e --argjson code "$code" '.status == $code and .headers == {"request-id": "req_1", "retry-after": "7"}
			and keys == ["body", "headers", "status"]' out
		[[ $code == 204 ]] || jq -e --argjson code "$code" '.body | fromjson | .code == $code' out
	done
}

@test "fetch: what is sent" {
	says '200 OK' '' ok
	serve
	ask '.method = "POST" | .body = "a=1&b[c]=ü\r\nd" | .user = "me" | .password = "secret" |
		.headers = {"Idempotency-Key": "k-1", "Content-Type": "text/x"}'
	[[ $status == 0 ]]
	head -1 asked | has $'^POST /v1/x?a=b HTTP/1.1\r$'
	has $'^Idempotency-Key: k-1\r$' <asked
	has $'^Content-Type: text/x\r$' <asked
	has "^Authorization: Basic $(printf me:secret | base64)"$'\r$' <asked
	has $'^User-Agent: cgishop/' <asked
	has $'^Content-Length: 14\r$' <asked
	[[ $(tail -c 14 asked) == $'a=1&b[c]=ü\r\nd' ]]
	[[ $(grep -ci "^Expect:" asked) == 0 ]]
	[[ ! -s err ]]
}

@test "fetch: a body of a megabyte, however its bytes are escaped" {
	says '200 OK' '' ok
	serve
	ask '.method = "POST" | .body = ("\u0001" * 1000000)'
	[[ $status == 0 ]]
	(( $(stat -c %s request) > 6000000 ))
	[[ $(tail -c 1000000 asked | tr -d '\001' | wc -c) == 0 ]]
}

@test "fetch: a POST without a body says so" {
	says '200 OK' '' ok
	serve
	ask '.method = "POST"'
	[[ $status == 0 ]]
	has $'^Content-Length: 0\r$' <asked
}

@test "fetch: what cannot be reached was not sent" {
	ask
	[[ $status == 69 && ! -s out ]]
	ask '.url = "https://127.0.0.1:1/"'
	[[ $status == 69 && ! -s out ]]
	ask '.url = "https://no-such-host.invalid/"'
	[[ $status == 69 && ! -s out ]]
}

@test "fetch: no TLS on the other side, nothing was sent" {
	says '200 OK' '' ok
	serve
	ask '.url |= sub("http:"; "https:")'
	[[ $status == 69 && ! -s out ]]
	[[ $(connections) == 0 ]]
}

@test "fetch: with an untrusted certificate nothing is sent" {
	certificate self /CN=localhost -addext subjectAltName=IP:127.0.0.1
	serve_tls self
	ask '.url |= sub("http:"; "https:")'
	[[ $status == 69 && ! -s out ]]
	has -i certificate <err
	[[ $(grep -c ^FILE: tls.log) == 0 ]]
}

@test "fetch: by TLS, to a server with a certificate of a system authority" {
	certificate ca /CN=authority -addext keyUsage=keyCertSign
	certificate another /CN=authority -addext keyUsage=keyCertSign
	signed good IP:127.0.0.1
	signed named DNS:localhost
	signed elsewhere DNS:api.example,IP:127.0.0.2
	signed over IP:127.0.0.1 -1
	trusting ca.pem || skip "the system's authorities cannot be replaced for one program here"
	mkdir v1
	printf 'HTTP/1.1 200 OK\r\nRequest-Id: req_1\r\nContent-Length: 2\r\n\r\nok' >'v1/x?a=b'
	serve_tls good
	ask '.url |= sub("http:"; "https:")'
	[[ $status == 0 && ! -s err ]]
	jq -e '. == {status: 200, headers: {"request-id": "req_1"}, body: "ok"}' out
	# It is the address that was asked for which has to be in the certificate.
	ask '.url |= sub("http://127.0.0.1"; "https://localhost")'
	[[ $status == 69 && ! -s out ]]
	serve_tls named
	ask '.url |= sub("http://127.0.0.1"; "https://localhost")'
	[[ $status == 0 ]]
	for other in named elsewhere over; do
		serve_tls "$other"
		ask '.url |= sub("http:"; "https:")'
		[[ $status == 69 && ! -s out ]]
		[[ $(grep -c ^FILE: tls.log) == 0 ]]
	done
	# An authority of the same name is not the same authority.
	trusting another.pem
	serve_tls good
	ask '.url |= sub("http:"; "https:")'
	[[ $status == 69 && ! -s out ]]
	[[ $(grep -c ^FILE: tls.log) == 0 ]]
}

@test "fetch: a late, truncated or missing response: the outcome is unknown" {
	serve hold
	SECONDS=0
	ask '.total_ms_max = 300'
	[[ $status == 75 && ! -s out ]]
	(( SECONDS < 4 ))
	kill "$server"

	serve
	ask
	[[ $status == 75 && ! -s out ]]
	printf 'HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\n{"half":' >answer
	ask
	[[ $status == 75 && ! -s out ]]
	printf 'HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n' >answer
	ask
	[[ $status == 75 && ! -s out ]]
	printf 'SSH-2.0-x\r\n' >answer
	ask
	[[ $status == 75 && ! -s out ]]
}

@test "fetch: as large an answer as may be, and not a byte more" {
	says '200 OK' '' "$(printf '%01000d' 0)"
	serve
	ask
	[[ $status == 0 ]]
	jq -e '.body | length == 1000' out
	says '200 OK' '' "$(printf '%01001d' 0)"
	ask
	[[ $status == 75 && ! -s out ]]
}

@test "fetch: redirects are answers" {
	serve
	says '302 Found' "Location: http://127.0.0.1:$port/other\r\n" ''
	ask
	[[ $status == 0 ]]
	jq -e '.status == 302' out
	[[ $(connections) == 1 ]]
}

@test "fetch: proxies of the environment are not used" {
	says '200 OK' '' ok
	serve
	export http_proxy=http://127.0.0.1:1 https_proxy=http://127.0.0.1:1 ALL_PROXY=http://127.0.0.1:1 no_proxy=
	ask
	[[ $status == 0 ]]
}

@test "fetch: without TLS to this machine only" {
	says '200 OK' '' ok
	serve
	ask '.url = "http://localhost:" + $port + "/"'
	[[ $status == 0 ]]
	for host in 10.0.0.1 192.0.2.1 '[2001:db8::1]' 0.0.0.0; do
		ask ".url = \"http://$host/\" | .connect_ms_max = 300"
		[[ $status == 64 && ! -s out ]]
	done
}

@test "fetch: requests that are not made" {
	says '200 OK' '' ok
	serve
	while read -r change; do
		ask "$change"
		if [[ $status != 64 || -s out ]]; then echo "taken: $change"; return 1; fi
	done <<-'END'
		.method = "DELETE"
		.method = "get"
		.body = "with GET"
		del(.url)
		.url = "ftp://127.0.0.1/"
		.url = "file:///etc/passwd"
		.url |= sub("//"; "//me:secret@")
		.url += "\r\nX: y"
		.url += " x"
		.headers = {"X": "a\r\nY: b"}
		.headers = {"X: y": "a"}
		.headers = {"X": 1}
		.headers = []
		.user = "me"
		.password = "secret"
		.connect_ms_max = 0
		.total_ms_max = "5"
		del(.answer_bytes_max)
		.answer_bytes_max = 100000000
		.body = "\u0000" | .method = "POST"
		[.]
		null
	END
	[[ $(connections) == 0 ]]
	status=0
	"$fetch" http://127.0.0.1/ <request >out 2>err || status=$?
	[[ $status == 64 ]]
	status=0
	"$fetch" </dev/null >out 2>err || status=$?
	[[ $status == 64 ]]
}

@test "fetch: a picture is a line and its bytes" {
	serve
	says '200 OK' 'Content-Type: image/png\r\n' $'\x89PNG\r\n\x1a\nbytes \xff'
	ask '.method = "PICTURE" | .private = true | .headers = {"Accept": "image/*"}'
	[[ $status == 0 && ! -s err ]]
	has $'^Accept: image/\*\r$' <asked
	[[ $(head -1 out) == '{"allowed":true,"status":200,"error":""}' ]]
	cmp <(tail -n +2 out) <(printf '\x89PNG\r\n\x1a\nbytes \xff')
	for answer in '404 X|Content-Type: image/png\r\n|none' '200 OK|Content-Type: text/html\r\n|<html>' '200 OK|Content-Type: image/png\r\n|' \
		'500 X|Location: /\r\n|x' "200 OK||$(printf '%01001d' 0)"; do
		IFS='|' read -r first headers text <<<"$answer"
		says "$first" "$headers" "$text"
		ask '.method = "PICTURE" | .private = true'
		[[ $status == 0 && $(wc -l <out) == 1 ]]
		jq -e --argjson code "${first%% *}" '.allowed and .status == $code and .error != ""' out || { cat out; return 1; }
	done
	# What may be private does not redirect to itself.
	before=$(connections)
	for target in "http://127.0.0.1:$port/secret" /secret "http://localhost:$port/"; do
		says '302 Found' "Location: $target\r\n" x
		ask '.method = "PICTURE" | .private = true'
		[[ $status == 0 && $(<out) == '{"allowed":false,"status":0,'* ]]
	done
	[[ $(connections) == $((before + 3)) ]]
	printf 'HTTP/1.1 200 OK\r\nContent-Type: image/png\r\nContent-Length: 100\r\n\r\nhalf' >answer
	ask '.method = "PICTURE" | .private = true'
	[[ $status == 0 ]]
	jq -e '.status == 0 and .error != ""' out
}

@test "fetch: a picture at a public address only" {
	says '200 OK' 'Content-Type: image/png\r\n' ok
	serve
	for host in 127.0.0.1 127.9.9.9 localhost 10.1.2.3 100.64.0.1 169.254.169.254 172.16.0.1 172.31.255.255 192.168.0.1 192.0.0.8 192.0.2.1 \
		198.18.0.1 198.19.255.255 198.51.100.1 203.0.113.1 224.0.0.1 240.0.0.1 255.255.255.255 0.0.0.0 0 0x7f000001 2130706433 0177.1 \
		'[::1]' '[::]' '[::ffff:127.0.0.1]' '[::127.0.0.1]' '[64:ff9b::10.0.0.1]' '[fe80::1]' '[fc00::1]' '[fd12::1]' '[ff02::1]' \
		'[2001:db8::1]' '[2001::1]' '[2001:10::1]' '[2002:7f00:1::1]' '[3fff::1]' '[4000::1]'; do
		for url in "http://$host/" "https://$host/" "http://$host:$port/"; do
			ask ".method = \"PICTURE\" | .url = \"$url\" | .connect_ms_max = 300"
			[[ $status == 0 && $(<out) == '{"allowed":false,"status":0,'* ]] || { echo "$url: $status $(<out)"; return 1; }
		done
	done
	# The port of something else.
	for url in http://8.8.8.8:22/ https://8.8.8.8:6379/ 'http://[2600::]:25/'; do
		ask ".method = \"PICTURE\" | .url = \"$url\" | .connect_ms_max = 300"
		[[ $(<out) == '{"allowed":false,"status":0,'* ]]
	done
	while read -r change; do
		ask ".method = \"PICTURE\" | $change"
		if [[ $status != 64 || -s out ]]; then echo "taken: $change"; return 1; fi
	done <<-'END'
		.url = "file:///etc/passwd"
		.url |= sub("//"; "//me:secret@")
		.body = "x"
		.private = "yes"
		.answer_bytes_max = 5242881
		.method = "GET" | .private = true
	END
	[[ $(connections) == 0 ]]
}

# public COMMAND... : in a network where 9.9.9.9 and 9.9.9.10 are this machine, and nothing else is there.
public() {
	unshare -rn sh -c 'ip link set lo up && ip address add 9.9.9.9/32 dev lo && ip address add 9.9.9.10/32 dev lo && exec "$@"' public "$@"
}

@test "fetch: a picture's redirects lead to public addresses only" {
	public true 2>/dev/null || skip "no network of one's own can be made here"
	mkdir served && printf picture >served/a.png
	jq -n '{method: "PICTURE", connect_ms_max: 2000, total_ms_max: 4000, answer_bytes_max: 1000}' >request
	# shellcheck disable=SC2016 # the variables are the inner shell's
	public bash -c 'trap "kill \$(jobs -p)" EXIT
		for host in 9.9.9.9 9.9.9.10 127.0.0.1; do
			node "$1/tests/support/picture_server.js" served "asked.$host" "$host" 80 >/dev/null 3>&- &
		done
		for host in 9.9.9.9 9.9.9.10 127.0.0.1; do
			until (echo >"/dev/tcp/$host/80") 2>/dev/null; do sleep 0.1; done
		done
		while read -r url; do
			jq --arg url "$url" ".private = (\$url | startswith(\"private\")) | .url = (\$url | sub(\"private \"; \"\"))" request | "$2" | head -1
		done' public "$top" "$fetch" >out <<-'END'
		http://9.9.9.9/a.png
		http://9.9.9.9/redirect?to=http://9.9.9.10/a.png
		http://9.9.9.9/redirect?to=http://127.0.0.1/a.png
		http://9.9.9.9/redirect?to=http://9.9.9.10/redirect?to=http://localhost/a.png
		http://9.9.9.9/redirect?to=http://9.9.9.10:22/
		http://9.9.9.9/redirect?to=file:///etc/passwd
		http://9.9.9.9/redirect?to=ftp://9.9.9.9/a.png
		http://9.9.9.9/redirect?to=http://me:secret@9.9.9.10/a.png
		http://9.9.9.9/loop
		private http://127.0.0.1/redirect?to=http://9.9.9.9/a.png
		private http://127.0.0.1/redirect?to=http://9.9.9.9/redirect?to=http://127.0.0.1/a.png
	END
	[[ $(jq -s -c '[.[] | .allowed, .status]' out) == '[true,200,true,200,false,0,false,0,false,0,true,0,true,0,true,0,true,0,true,200,false,0]' ]]
	[[ $(jq -s -c 'map(.error == "")' out) == '[true,true,false,false,false,false,false,false,false,true,false]' ]]
	[[ $(cat asked.9.9.9.10) == $'/a.png\n/redirect?to=http://localhost/a.png' && ! $(grep -v ^/redirect asked.127.0.0.1) && $(grep -c loop asked.9.9.9.9) == 6 ]]
}

@test "fetch: secrets are neither visible nor logged" {
	serve hold
	jq -n --arg port "$port" '{method: "POST", url: ("http://127.0.0.1:" + $port + "/?x=hush-hush-1"), body: "hush-hush-2",
		headers: {Authorization: "Bearer hush-hush-3"}, connect_ms_max: 2000, total_ms_max: 3000, answer_bytes_max: 10}' |
		sed "s/hush-hush/open-sesame/" >request
	"$fetch" <request >out 2>err 3>&- &
	helper=$!
	for _ in {1..100}; do
		[[ ! -s asked ]] || break
		sleep 0.02
	done
	[[ -s asked ]]
	tr '\0' ' ' <"/proc/$helper/cmdline" | has fetch
	seen=$(cat /proc/[0-9]*/cmdline "/proc/$helper/environ" 2>/dev/null | tr '\0' '\n' | grep -c 'open-sesame-[123]' || true)
	[[ $seen == 0 ]]
	kill "$server"
	wait "$helper" || true
	[[ -s err ]]
	[[ $(grep -c sesame err) == 0 ]]
}

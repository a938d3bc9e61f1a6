# shellcheck shell=bash disable=SC2034,SC2154 # the tests share their variables
# Running what is in the archive of `make dist` where nothing else is, or another system. A suite makes $root with the
# unpacked archive in $root/shop, and calls open_host in setup_file, close_host in teardown_file.

readonly NAME_SERVER=127.97.0.1

# The machine of the programs. For another one than this a suite sets $machine, and $entry, the command that runs its
# programs.
: "${machine:=$(uname -m)}"
[[ -v entry ]] || entry=()

# in_root PROGRAM... : there, with nothing in the environment but what $environment has.
in_root() {
	local change=(chroot "$root")
	(( EUID == 0 )) || change=(unshare -r -- "${change[@]}")
	env -i PATH="$PATH" "${environment[@]}" "${entry[@]}" "${change[@]}" "$@"
}

# A module of the name service that ends the program that loads it, as one of another glibc may.
make_trap() {
	local compiler=cc
	[[ $machine == "$(uname -m)" ]] || compiler=$machine-linux-gnu-gcc
	echo '__attribute__((constructor)) static void go(void) { __builtin_trap(); }' |
		"$compiler" -x c -shared -fPIC -nostdlib -o "$1" -
}

# A host whose name service asks such a module first, an HTTPS server, and its authority in $authority.
open_host() {
	local at=$BATS_FILE_TMPDIR lib
	export authority=$at/authority.pem stand_in port
	openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 2 -subj /CN=pay.shop.test \
		-addext subjectAltName=DNS:pay.shop.test -keyout "$at/key.pem" -out "$authority" 2>"$at/openssl.err"
	mkdir -p "$root/etc"
	printf 'hosts: trap files dns\npasswd: trap files\n' >"$root/etc/nsswitch.conf"
	for lib in "lib/$machine-linux-gnu" lib64 usr/lib; do
		mkdir -p "$root/$lib"
		make_trap "$root/$lib/libnss_trap.so.2"
	done
	if (( EUID == 0 )); then
		echo "nameserver $NAME_SERVER" >"$root/etc/resolv.conf"
	else
		echo '127.0.0.1 pay.shop.test db.shop.test' >"$root/etc/hosts"
	fi
	node "$top/tests/support/stand_in_tls.js" "$at/key.pem" "$authority" $( (( EUID != 0 )) || echo "$NAME_SERVER" ) \
		>"$at/port" 3>&- &
	stand_in=$!
	wait_until 10 test -s "$at/port"
	port=$(<"$at/port")
}

# wait_until SECONDS COMMAND...
wait_until() {
	local end=$((SECONDS + $1))
	shift
	until "$@"; do
		(( SECONDS < end )) || return 1
		sleep 0.1
	done
}

close_host() { [[ ! ${stand_in:-} ]] || kill "$stand_in"; }

# fetches [PROGRAM...] : the helper, run by the program, sends a request by name and with TLS.
fetches() {
	jq -n --arg url "https://pay.shop.test:$port/" '{method: "POST", url: $url, body: "कुछ", connect_ms_max: 5000,
		total_ms_max: 10000, answer_bytes_max: 10000}' | in_root "$@" /shop/cgishop/bin/fetch >"$BATS_TEST_TMPDIR/answer" || return
	jq -e '.status == 200 and (.body | fromjson | .body == "कुछ")' "$BATS_TEST_TMPDIR/answer" >/dev/null
}

# draws [PROGRAM...] : the fixtures as PDF; their text is what the program of this machine draws, but for spaces, as it
# may have other fonts; nothing is said.
draws() {
	local name to=$BATS_TEST_TMPDIR
	for name in india germany japan kuwait; do
		in_root "$@" /shop/cgishop/bin/invoice-pdf <"$top/tests/contract/invoices/$name.json" >"$to/$name.pdf" 2>"$to/err" &&
			[[ ! -s $to/err ]] || { cat "$to/err"; return 1; }
		"$build/bin/invoice-pdf" <"$top/tests/contract/invoices/$name.json" >"$to/here.pdf" || return
		cmp <(pdftotext -layout "$to/$name.pdf" - | tr -s ' ') <(pdftotext -layout "$to/here.pdf" - | tr -s ' ') || return
		(( $(pdftotext "$to/$name.pdf" - | wc -w) > 20 )) || return
	done
}

# resizes [PROGRAM...] : a picture of each kind becomes what the program of this machine makes of it.
resizes() {
	local file to=$BATS_TEST_TMPDIR
	node "$top/tests/support/make_picture.js" png 500 300 >"$to/in.png"
	node "$top/tests/support/make_picture.js" ppm 500 300 >"$to/ppm"
	cjpeg "$to/ppm" >"$to/in.jpg" && cwebp -quiet "$to/ppm" -o "$to/in.webp" &&
		avifenc -s 10 "$to/in.png" "$to/in.avif" >/dev/null || return
	node "$top/tests/support/make_picture.js" still 500 300 >"$to/in.gif"
	for file in "$to"/in.{png,jpg,webp,avif,gif}; do
		in_root "$@" /shop/cgishop/bin/image-sizes <"$file" >"$to/sizes" 2>"$to/err" && [[ ! -s $to/err && -s $to/sizes ]] ||
			{ echo "$file: $(<"$to/err")"; return 1; }
		# Lines of widths and bytes; another machine may compress a little differently.
		"$build/bin/image-sizes" <"$file" >"$to/here" &&
			cmp <(grep -aoE '^(160|480) ' "$to/sizes") <(grep -aoE '^(160|480) ' "$to/here") || return
	done
}

# serves [PROGRAM...] : the static programs run, find .env in cgishop, and look names up without the host's modules.
serves() {
	local to=$BATS_TEST_TMPDIR api=/shop/public_html/cgi-bin/api code=0
	printf '%s\n' SECRET_KEY=0123456789abcdef0123456789abcdef DATABASE_URL=postgresql://a:b@db.shop.test:1/shop \
		>"$root/shop/cgishop/.env"
	chmod 600 "$root/shop/cgishop/.env"
	in_root "$@" /shop/cgishop/bin/shopctl --version >"$to/out" && grep -q '^shopctl [0-9]' "$to/out" || return
	in_root "$@" /shop/cgishop/bin/shopctl doctor >"$to/out" 2>&1 || code=$?
	(( code < 126 )) && grep -q '^fail *database' "$to/out" || { cat "$to/out"; return 1; }
	local environment=(REQUEST_METHOD=GET PATH_INFO=/ SERVER_PROTOCOL=HTTP/1.1 REMOTE_ADDR=127.0.0.1 GATEWAY_INTERFACE=CGI/1.1)
	in_root "$@" "$api/meta.cgi" >"$to/out" && grep -q '"version"' "$to/out" || return
	# The name has an address and nobody listens there: an answer, not the end of the program.
	in_root "$@" "$api/products.cgi" >"$to/out" 2>"$to/err" && grep -q '^Status: 503' "$to/out" || return
	grep -q 'refused' "$to/err" || { cat "$to/err"; return 1; }
	sed -i 's%/shop$%/shop?sslmode=require%' "$root/shop/cgishop/.env"
	in_root "$@" /shop/cgi-bin-tls/api/products.cgi >"$to/out" 2>"$to/err" && grep -q '^Status: 503' "$to/out" || return
	grep -q 'refused' "$to/err" || { cat "$to/err"; return 1; }
}

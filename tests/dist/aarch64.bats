# What `make dist ARCH=aarch64` packs runs on ARM: by QEMU, where nothing but the archive is, and with a PostgreSQL. It
# takes minutes and Debian's mirror, and needs root: `tools/deps cross`, then `bats tests/dist/aarch64.bats`. PORT is
# the database's.
# shellcheck disable=SC2034,SC2154 # the libraries share their variables

CLUSTER_PORT=${PORT:-18700}
load ../support/base
load ../support/cluster
machine=aarch64 entry=("$top/tests/support/on_machine" aarch64)
load ../support/archive
build=${BUILD:-$top/build}

setup_file() {
	(( EUID == 0 )) || skip "needs root"
	export root=$BATS_FILE_TMPDIR/root archive
	make -s -C "$top" all >"$BATS_FILE_TMPDIR/all.log"
	make -s -C "$top" dist ARCH=aarch64 >"$BATS_FILE_TMPDIR/make.log"
	archive=$(echo "$top"/build/cgishop-*-linux-aarch64.tar.gz)
	mkdir -p "$root/shop"
	tar -xzf "$archive" -C "$root/shop" --strip-components=1 --no-same-owner
	open_host
	install -D -m 0644 "$authority" "$root/etc/ssl/certs/ca-certificates.crt"
	start_cluster
}

teardown_file() {
	close_host
	stop_cluster
}

setup() {
	environment=()
	base=shop
}

teardown() { :; }

# programs_of DIRECTORY... : all files below it that are programs or libraries.
programs_of() {
	local path start
	find "$@" -type f | while read -r path; do
		read -r -N 4 start <"$path" || true
		[[ $start != $'\x7fELF' ]] || echo "$path"
	done 2>/dev/null
}

@test "aarch64: its checksums are right, and every program and library is for that machine" {
	(cd "$top/build" && sha256sum -c --quiet "${archive##*/}.sha256")
	(cd "$root/shop" && sha256sum -c --quiet SHA256SUMS)
	grep -qx 'linux aarch64' "$root/shop/VERSION"
	local path
	(( $(programs_of "$root/shop" | wc -l) > 70 ))
	for path in $(programs_of "$root/shop"); do
		readelf -h "$path" | grep 'Machine: *AArch64$' >/dev/null || { echo "$path"; return 1; }
	done
}

@test "aarch64: programs are static; the launcher starts those that are not, with all that they need" {
	local path name lib=$root/shop/cgishop/lib
	for path in $(programs_of "$root"/shop/{public_html,cgi-bin-tls,cgishop/bin}); do
		readelf -ldW "$path" >"$BATS_TEST_TMPDIR/elf"
		! grep -E 'INTERP|\(NEEDED\)' "$BATS_TEST_TMPDIR/elf" || { echo "$path"; return 1; }
	done
	for path in "$lib"/programs/* "$lib"/*.so.*; do
		for name in $(readelf -dW "$path" | sed -n 's/.*(NEEDED).*\[\(.*\)\]$/\1/p'); do
			[[ -e $lib/$name || $name == ld-linux-* ]] || { echo "$path: $name"; return 1; }
		done
	done
	[[ -x $lib/ld.so && -x $root/shop/cgishop/bin/invoice-pdf ]]
}

# A C library that comes with the cross compiler is older than Debian's.
@test "aarch64: what is linked in and brought is Debian's for that machine, with its licences" {
	local name
	for name in libc6 libc6-dev libpq-dev libssl-dev libpango-1.0-0 fonts-noto-core; do
		[[ -s $root/shop/cgishop/licenses/$name.txt ]] || { echo "$name"; return 1; }
	done
	[[ ! -e $root/shop/cgishop/licenses/libc6-dev-arm64-cross.txt ]]
	diff <(grep -o '^libssl-dev [^ ]*' "$root/shop/cgishop/licenses/packages.txt") \
		<(dpkg-query --admindir="$top/build/sysroot/aarch64/var/lib/dpkg" -W -f '${Package} ${Version}\n' libssl-dev)
}

@test "aarch64: helpers and programs run where nothing else is" {
	fetches
	draws
	resizes
	serves
}

@test "aarch64: programs are hardened, and take their options" {
	# A bats of its own.
	env -i PATH=/usr/local/bin:/usr/bin:/bin BUILD="$top/build/aarch64" "${entry[@]}" bats "$top/tests/contract/programs.bats"
}

# A web server's request to a program, whose answer goes to the file out.
request() {
	local environment=(GATEWAY_INTERFACE=CGI/1.1 SERVER_PROTOCOL=HTTP/1.1 REMOTE_ADDR=127.0.0.1 HTTP_HOST=your.shop HTTPS=on
		REQUEST_METHOD=GET "SCRIPT_NAME=${1#/shop/public_html}" "PATH_INFO=${2:-}")
	in_root "$1" >"$BATS_TEST_TMPDIR/out" 2>"$BATS_TEST_TMPDIR/err" </dev/null
}

# answers STATUS : the last request.
answers() {
	head -n 1 "$BATS_TEST_TMPDIR/out" | grep "^Status: $1" >/dev/null || { cat "$BATS_TEST_TMPDIR"/{out,err}; return 1; }
}

# The server's certificate is the one of open_host.
offer_tls() {
	install -o postgres -m 600 "$BATS_FILE_TMPDIR/key.pem" "$cluster/server.key"
	install -o postgres "$authority" "$cluster/server.crt"
	sql postgres "alter system set ssl_cert_file = '$cluster/server.crt'"
	sql postgres "alter system set ssl_key_file = '$cluster/server.key'"
	sql postgres "alter system set ssl = on"
	sql postgres "select pg_reload_conf()"
}

@test "aarch64: a shop is set up, and serves from a PostgreSQL, with TLS and without" {
	local shopctl=/shop/cgishop/bin/shopctl to=$BATS_TEST_TMPDIR set
	make_database
	printf '%s\n' APP_ENV=development "SECRET_KEY=$SECRET" "DATABASE_URL=postgresql://owner@127.0.0.1:$CLUSTER_PORT/shop" \
		SETUP_TOKEN=0123456789abcdef0123456789abcdef MEDIA_DIR=/shop/public_html/media >"$root/shop/cgishop/.env"
	chmod 600 "$root/shop/cgishop/.env"
	in_root "$shopctl" --version | grep '^shopctl [0-9]' >/dev/null
	request /shop/public_html/cgi-bin/setup.cgi
	answers 200
	grep 'SETUP_TOKEN' "$to/out" >/dev/null
	in_root "$shopctl" migrate >"$to/migrate"
	in_root "$shopctl" load-demo >"$to/demo"
	in_root "$shopctl" create-admin --email you@your.shop <<<'correct horse battery staple' >"$to/admin"
	in_root "$shopctl" doctor >"$to/doctor" 2>&1 || true
	cat "$to/doctor"
	(( $(grep -c "^ok .*helpers.*/shop/cgishop/bin/.*[0-9]" "$to/doctor") >= 3 ))
	offer_tls
	for set in public_html/cgi-bin cgi-bin-tls; do
		request "/shop/$set/api/products.cgi" /
		answers 200
		sed '1,/^\r*$/d' "$to/out" | jq -e '.results | length > 5' >/dev/null
		sed -i 's%/shop$%/shop?sslmode=require%' "$root/shop/cgishop/.env"
	done
	request /shop/public_html/cgi-bin/api/products.cgi /
	answers 503
}

# How static programs get libpq: tools/dev/gen/libpq makes what stands in for OpenSSL, Kerberos and LDAP from the archives at
# hand, whose inner names change between minor releases. Here they are changed by hand.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need APP_PSQL
	APP_URL=$(app_url)
	export APP_URL
}

setup() {
	libs=$(pg_config --libdir)
	server_libs=/usr/lib/postgresql/$(pg_config --version | grep -o '[0-9]*' | head -n 1)/lib
	[[ -e $libs/libpq.a && -e $server_libs/libpgcommon_shlib.a ]] || skip "no static libpq here"
	[[ -d $build/libpq ]] || skip "linked with shared libraries here"
	cd "$BATS_TEST_TMPDIR" || return
	cp "$libs/libpq.a" pq.a
	cp "$server_libs/libpgcommon_shlib.a" common.a
	cp "$server_libs/libpgport_shlib.a" port.a
	mkdir -p new/cgi-bin/api
	ln -s "$build/obj" new/obj
	cp -p "$build/core.a" new/
	program=$PWD/new/cgi-bin/api/meta
}

# built : the program meta with the archives of this directory, by the Makefile.
built() {
	run make -C "$top" B="$PWD/new" LINK=static LIBPQ="$PWD/pq.a $PWD/common.a $PWD/port.a" "$@" "$program"
}

open_symbols() {
	# The linker replaces each call of it and leaves its name behind.
	nm -u "$1" | grep -v ' U __tls_get_addr$' || true
}

# health DATABASE_URL : the program's answer.
health() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/meta PATH_INFO=/health \
		"DATABASE_URL=$1" SECRET_KEY=0123456789abcdef0123456789abcdef APP_ENV=test "$program" </dev/null
}

# works : it is whole, and speaks to the database.
works() {
	[[ $status == 0 ]] || { printf '%s\n' "$output"; return 1; }
	open_symbols "$program" | nothing "symbols that are still open"
	[[ $(health "$APP_URL") == *'"database":"ok"'* ]]
}

has_openssl() { nm "$program" | awk '$3 ~ /^(SSL|EVP)_/ { n++ } END { exit !n }'; }

works_without_openssl() {
	works
	[[ $output != *"libpq has"* ]]
	! has_openssl
}

# falls_back NAME : with the whole of OpenSSL, and says why in one line.
falls_back() {
	works
	[[ $(grep -c "libpq has an unknown internal interface.*$1.*TLS=on" <<<"$output") == 1 ]]
	has_openssl
}

# fails TEXT : the build says so and leaves no program.
fails() {
	[[ $status != 0 && $output == *"$1"* ]] || { printf '%s\n' "$output"; return 1; }
	[[ ! -e $program ]]
}

# rename FROM TO ARCHIVE... : a symbol, which must be there.
rename() {
	local file
	for file in "${@:3}"; do
		nm "$file" 2>/dev/null | grep -w "$1" >/dev/null
		objcopy --redefine-sym "$1=$2" "$file"
	done
}

# joined ARCHIVE MEMBER SOURCE : the member has what the C source defines and calls, too.
joined() {
	ar x "$1" "$2"
	${CC-cc} -fPIC -c -o more.o -x c - <<<"$3"
	ld -r -o both.o "$2" more.o
	mv both.o "$2"
	ar r "$1" "$2"
}

@test "link: the programs are whole, without OpenSSL" {
	open_symbols "$build/cgi-bin/api/meta" | nothing "symbols that are still open"
	nm "$build/cgi-bin/api/meta" | awk '$3 ~ /^(SSL|EVP|OPENSSL)_/' | nothing "symbols of OpenSSL"
	[[ $(wc -l <"$build/libpq/link") == 4 ]]
}

# 15.18 calls it pgtls_read_pending, 15.20 pgtls_bytes_pending.
@test "link: an inner function of libpq's TLS has another name" {
	name=$(nm pq.a 2>/dev/null | grep -o -w -E 'pgtls_(bytes|read)_pending' | head -n 1)
	other=pgtls_read_pending
	if [[ $name == "$other" ]]; then other=pgtls_bytes_pending; fi
	rename "$name" "$other" pq.a
	rename pgtls_write pgtls_put pq.a
	built
	works_without_openssl
}

@test "link: libpq calls one more function for TLS" {
	joined pq.a fe-secure-openssl.o 'int pgtls_more(void *c); int pgtls_more(void *c) { return c != 0; }'
	joined pq.a fe-secure.o 'int pgtls_more(void *c); int pq_more(void *c); int pq_more(void *c) { return pgtls_more(c); }'
	built
	works_without_openssl
}

@test "link: the function that has to do something without TLS has another name" {
	rename pgtls_init pgtls_begin pq.a
	built
	falls_back pgtls_init
}

@test "link: libpq needs a function of OpenSSL's members that is not for TLS" {
	joined pq.a fe-secure-openssl.o 'int pq_more(void); int pq_more(void) { return 1; }'
	joined pq.a fe-secure.o 'int pq_more(void); int pq_calls(void); int pq_calls(void) { return pq_more(); }'
	built
	falls_back pq_more
}

@test "link: a hash function has another name" {
	rename pg_hmac_create pg_hmac_new pq.a common.a
	built
	falls_back pg_hmac_new
}

@test "link: Kerberos and LDAP have other names" {
	rename gss_wrap gss_wrap_iov pq.a
	rename ldap_init ldap_initialize pq.a
	built
	works_without_openssl
}

@test "link: with TLS=on as well" {
	rename gss_wrap gss_wrap_iov pq.a
	rename pg_hmac_create pg_hmac_new pq.a common.a
	built TLS=on
	works
	[[ $output != *"libpq has"* ]]
	has_openssl
}

@test "link: OpenSSL's archives are not there" {
	built OPENSSL='/nonexistent/libssl.a /nonexistent/libcrypto.a'
	fails "there is no /nonexistent/libssl.a; LINK=shared does without"
}

# bouncer HOW : a PgBouncer on a socket in this directory, which lets cgishop_app in with a password, asked for so.
bouncer() {
	local words as=()
	read -ra words < <($APP_PSQL -X -q -A -t -c '\echo :HOST :PORT')
	if (( EUID == 0 )); then
		chown -R postgres .
		chmod 711 "$BATS_RUN_TMPDIR" "$BATS_RUN_TMPDIR"/{test,file} "$BATS_TEST_TMPDIR"
		as=(setpriv --reuid postgres --regid postgres --init-groups)
	fi
	echo '"cgishop_app" "correct horse battery staple"' >users
	cat >ini <<-END
		[databases]
		cgishop = host=${words[0]} port=${words[1]} dbname=cgishop
		[pgbouncer]
		listen_port = 6432
		unix_socket_dir = $PWD
		auth_type = $1
		auth_file = $PWD/users
	END
	"${as[@]}" pgbouncer -q "$PWD/ini" >bouncer.log 2>&1 3>&- &
	bouncer=$!
	for _ in {1..50}; do [[ ! -S .s.PGSQL.6432 ]] || return 0; sleep 0.1; done
	cat bouncer.log
	return 1
}

teardown() { [[ -z ${bouncer-} ]] || kill "$bouncer"; }

# lets_in PASSWORD : what the program says of its database.
lets_in() {
	health "postgresql://cgishop_app:$1@/cgishop?host=${PWD//\//%2F}&port=6432"
}

@test "link: libpq proves a password with the replaced hashes" {
	program=$build/cgi-bin/api/meta
	for how in scram-sha-256 md5; do
		bouncer "$how"
		[[ $(lets_in correct%20horse%20battery%20staple) == *'"database":"ok"'* ]]
		[[ $(lets_in wrong) == *"Status: 503"* ]]
		kill "$bouncer"
		wait "$bouncer" || true
		rm -f .s.PGSQL.6432*
	done
	bouncer=''
}

@test "link: an undefined symbol fails the build" {
	rename pg_hmac_create pg_hmac_new pq.a
	built
	fails "undefined reference to \`pg_hmac_new'"
}

@test "link: an undefined symbol of no known kind fails the build" {
	rename getsockname getsockname_of_no_library pq.a
	built
	fails "undefined reference to \`getsockname_of_no_library'"
}

@test "link: a doubled symbol fails the build" {
	joined pq.a fe-connect.o 'int log_error(void); int log_error(void) { return 1; }'
	built
	fails "multiple definition of \`log_error'"
}

@test "link: the libraries of the last link decide whether to link again" {
	built
	works_without_openssl
	built
	[[ $status == 0 && $output != *CC* ]]
	rename pgtls_write pgtls_put pq.a
	touch -d 2020-01-01 pq.a
	built
	works_without_openssl
	[[ $output == *CC* ]]
	grep -q pgtls_put new/libpq/standins.c
}

@test "link: of the linker's words those of glibc are left out by name, all others shown" {
	run "$top/tools/dev/link" sh -c 'cat >&2; echo out; exit 3' <<-'END'
		/usr/bin/ld: a.a(x.o): in function `f':
		x.c:(.text+0x1): warning: Using 'getaddrinfo' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking
		/usr/bin/ld: a.a(y.o): in function `g':
		y.c:(.text+0x2): warning: Using 'getpwuid_r' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking
		/usr/bin/ld: a.a(y.o): note: the message above does not take linker garbage collection into account
		y.c:(.text+0x3): undefined reference to `h'
		/usr/bin/ld: warning: x.o: missing .note.GNU-stack section implies executable stack
		y.c:(.text+0x4): warning: Using 'system' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking
		/usr/bin/ld: a.a(y.o): note: the message above does not take linker garbage collection into account
	END
	[[ $status == 3 ]]
	[[ $(sort <<<"$output") == "$(sort <<-'END'
		/usr/bin/ld: a.a(y.o): in function `g':
		y.c:(.text+0x3): undefined reference to `h'
		/usr/bin/ld: warning: x.o: missing .note.GNU-stack section implies executable stack
		y.c:(.text+0x4): warning: Using 'system' in statically linked applications requires at runtime the shared libraries from the glibc version used for linking
		/usr/bin/ld: a.a(y.o): note: the message above does not take linker garbage collection into account
		out
	END
	)" ]]
}

@test "link: nothing silences the linker" {
	cd "$top"
	{ grep -nE -e '--no-warnings|-Wl,-w|unresolved-symbols|--allow-multiple-definition|-z,? ?(undefs|muldefs)' Makefile tools/dev/link tools/dev/gen/libpq ||
		true; } | nothing "words that hide errors of the link"
}

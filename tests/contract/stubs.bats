# core/db/gss_ldap_stub.c stands in for what Debian has no static library of. Were it to
# define more, it could hide a real function one day; were it to define less, nothing would link.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() {
	libs=$(pg_config --libdir)
	server_libs=$(dirname "$(printf '%s\n' /usr/lib/postgresql/*/lib/libpgcommon_shlib.a | tail -n 1)")
	[[ -e $libs/libpq.a && -e $server_libs/libpgcommon_shlib.a ]] || skip "no static libpq here"
	cd "$BATS_TEST_TMPDIR" || return
}

defined() { nm --defined-only -P "$1" | awk '$2 ~ /^[A-TV-Z]$/ { print $1 }' | sort -u; }

@test "stubs: they are exactly what the whole of libpq needs beside the static libraries" {
	${CC-cc} -I"$top" -DCGISHOP_VERSION='""' -c "$top/core/db/gss_ldap_stub.c" -o stub.o
	echo 'int main(void) { return 0; }' >main.c
	# Every member of libpq.a, of the others what those need.
	run ${CC-cc} -static main.c -Wl,--whole-archive "$libs/libpq.a" -Wl,--no-whole-archive -Wl,--start-group \
		"$libs/libssl.a" "$libs/libcrypto.a" "$server_libs/libpgcommon_shlib.a" "$server_libs/libpgport_shlib.a" \
		-Wl,--end-group -Wl,--no-demangle -o main
	[[ $status != 0 ]]
	grep -o "undefined reference to \`[^']*'" <<<"$output" | cut -d '`' -f 2 | tr -d "'" | sort -u >open
	diff open <(defined stub.o)
}

@test "stubs: with them it links" {
	program=$build/cgi-bin/api/meta
	if [[ $(readelf -lW "$program") == *INTERP* ]]; then skip "linked with shared libraries here"; fi
	nm -u "$program" | nothing "symbols that are still open"
}

@test "stubs: those for TLS are what libpq's own file for it is called for, and OpenSSL stays out" {
	program=$build/cgi-bin/api/meta
	${CC-cc} -I"$top" -isystem "$(pg_config --includedir)" -D_GNU_SOURCE -c "$top/core/db/tls_stub.c" -o tls.o
	ar x "$libs/libpq.a"
	defined fe-secure-openssl.o >theirs
	rm fe-secure-openssl.o
	nm -u -P ./*.o | awk '{ print $1 }' | sort -u >wanted
	diff <(comm -12 theirs wanted) <(defined tls.o)
	if [[ $(readelf -lW "$program") == *INTERP* ]]; then skip "linked with shared libraries here"; fi
	nm "$program" | awk '$3 ~ /^(SSL|EVP|OPENSSL)_/' | nothing "symbols of OpenSSL"
}

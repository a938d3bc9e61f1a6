# What `make dist` packs runs where nothing else is: in a directory that holds the unpacked archive alone, and as under
# Linux 4.18. tests/dist has what takes longer.
# shellcheck disable=SC2154 # contract.bash sets them

load contract
load ../support/archive

setup_file() {
	export root=$BATS_FILE_TMPDIR/root version
	version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
	[[ -x $build/bin/invoice-pdf && -x $build/bin/image-sizes && ! ${SANITIZE:-} ]] || return 0
	built old_kernel
	make -s -C "$top" build/launch
	mkdir -p "$root/shop"
	# Those with TLS take minutes to build; the others stand in for them.
	"$top/tools/dev/dist" --tree "$root/shop" "$build" "$build" "$version" "$(uname -m)"
	cp "$programs/old_kernel" "$root/"
	open_host
	cat "$authority" >>"$root/shop/cgishop/lib/ca-certificates.crt"
}

teardown_file() { close_host; }

setup() {
	environment=()
	[[ -d $root ]] || skip "built without all helpers, or with sanitizers"
	(( EUID == 0 )) || unshare -r true 2>/dev/null || skip "needs root, or namespaces of users"
}

@test "archive: helpers run where there is nothing but the archive" {
	fetches
	draws
	resizes
}

@test "archive: so do the programs" {
	serves
}

# helper_lines : what doctor says of the helpers.
helper_lines() {
	in_root "$@" /shop/cgishop/bin/shopctl doctor >"$BATS_TEST_TMPDIR/doctor" 2>&1 || true
	grep helpers "$BATS_TEST_TMPDIR/doctor" >"$BATS_TEST_TMPDIR/helpers"
}

@test "archive: doctor starts the helpers, without /proc too, and says which cannot be started" {
	local lib=$root/shop/cgishop/lib
	helper_lines /old_kernel
	(( $(grep -c "^ok .*/shop/cgishop/bin/.* $version" "$BATS_TEST_TMPDIR/helpers") == 4 )) || { cat "$BATS_TEST_TMPDIR/doctor"; return 1; }
	mv "$lib/libcurl.so.4" "$lib/away"
	chmod 644 "$lib/programs/invoice-pdf"
	helper_lines
	mv "$lib/away" "$lib/libcurl.so.4"
	grep -q '/shop/cgishop/bin/fetch cannot be started' "$BATS_TEST_TMPDIR/helpers"
	grep -q '^ok .*invoice-pdf' "$BATS_TEST_TMPDIR/helpers"
	chmod 644 "$lib/ld.so"
	helper_lines
	chmod 755 "$lib/ld.so"
	(( $(grep -c 'cannot be started' "$BATS_TEST_TMPDIR/helpers") == 3 ))
}

@test "archive: nothing of the environment reaches the helpers" {
	make_trap "$root/trap.so"
	environment=(LD_PRELOAD="$root/trap.so" LD_LIBRARY_PATH="$root" FONTCONFIG_FILE=/nowhere SSL_CERT_FILE=/nowhere
		OPENSSL_CONF=/nowhere)
	env -i "${environment[@]}" "$root/shop/cgishop/bin/fetch" --version >"$BATS_TEST_TMPDIR/out"
	grep -q " $version" "$BATS_TEST_TMPDIR/out"
	env -i "${environment[@]}" "$root/shop/cgishop/bin/invoice-pdf" <"$top/tests/contract/invoices/india.json" |
		pdftotext - - | grep -q 'हिन्दी'
}

@test "archive: the cache of fonts is used, whatever time an upload gave their directory" {
	touch "$root/shop/cgishop/lib/fonts/faces"
	"$root/shop/cgishop/bin/invoice-pdf" <"$top/tests/contract/invoices/india.json" >"$BATS_TEST_TMPDIR/out.pdf"
	cd "$root/shop/cgishop/lib/fonts"
	FC_DEBUG=16 FONTCONFIG_FILE=$PWD/fonts.conf fc-list >"$BATS_TEST_TMPDIR/log"
	grep -q 'FcCacheTimeValid' "$BATS_TEST_TMPDIR/log"
	! grep -q 'FcDirCacheWriteDir' "$BATS_TEST_TMPDIR/log"
}

@test "archive: modes and licences are right" {
	local path
	[[ -s $root/shop/cgishop/licenses/libcurl4.txt ]]
	for path in fetch invoice-pdf catalogue-reader image-sizes shopctl; do [[ -x $root/shop/cgishop/bin/$path ]]; done
	[[ -x $root/shop/cgishop/lib/ld.so && -s $root/shop/cgishop/share/man/man8/fetch.8 ]]
	find "$root/shop" ! -type l -perm /022 | nothing "what others may write"
	find "$root/shop" -type l | nothing "links, which an upload loses"
}

@test "archive: all of it runs with the system calls of Linux 4.18" {
	fetches /old_kernel
	draws /old_kernel
	resizes /old_kernel
	serves /old_kernel
}

# What `make dist` packs runs where nothing else is: in a directory that holds the unpacked archive alone, and as under
# Linux 4.18. tests/dist has what takes longer.
# shellcheck disable=SC2154 # contract.bash sets them

load contract
load ../support/archive

setup_file() {
	export root=$BATS_FILE_TMPDIR/root version
	version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
	[[ -x $build/bin/invoice-pdf && ! ${SANITIZE:-} ]] || return 0
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
}

@test "archive: helpers run where there is nothing but the archive" {
	fetches
	draws
}

@test "archive: so do the programs" {
	serves
}

@test "archive: all of it runs with the system calls of Linux 4.18" {
	fetches /old_kernel
	draws /old_kernel
	serves /old_kernel
}

# What `make dist` packs runs on Debian 11, with its older C library, and as under Linux 4.18 there. It takes minutes and
# Debian's mirror: `bats tests/dist`, as root. BULLSEYE names a directory with that system, made by debootstrap; without
# it one is made for the run.
# shellcheck disable=SC2154 # contract.bash sets them

load ../contract/contract
load ../support/archive

setup_file() {
	(( EUID == 0 )) || skip "needs root"
	export root=${BULLSEYE:-$BATS_FILE_TMPDIR/root}
	if [[ ! -d $root ]]; then debootstrap --variant=minbase bullseye "$root" >"$BATS_FILE_TMPDIR/debootstrap.log"; fi
	built old_kernel
	make -s -C "$top" dist >"$BATS_FILE_TMPDIR/make.log"
	rm -rf "$root/shop"
	mkdir "$root/shop"
	tar -xzf "$top"/build/cgishop-*-linux-"$(uname -m)".tar.gz -C "$root/shop" --strip-components=1 --no-same-owner
	cp "$programs/old_kernel" "$root/"
	open_host
	install -D -m 0644 "$authority" "$root/etc/ssl/certs/ca-certificates.crt"
	mount --bind /proc "$root/proc"
	mount --bind /dev "$root/dev"
}

teardown_file() {
	close_host
	umount "$root/proc" "$root/dev" 2>/dev/null || true
}

setup() { environment=(); }

@test "debian11: it is that system" {
	grep -q '^11' "$root/etc/debian_version"
	[[ -e $root/lib/$machine-linux-gnu/libc-2.31.so || -e $root/usr/lib/$machine-linux-gnu/libc-2.31.so ]]
}

@test "debian11: helpers and programs run" {
	fetches
	draws
	resizes
	serves
}

@test "debian11: as under Linux 4.18 too" {
	fetches /old_kernel
	draws /old_kernel
	resizes /old_kernel
	serves /old_kernel
}

@test "debian11: the host's authorities count before those that are brought" {
	in_root /shop/cgishop/bin/fetch --version | grep -q 'certificates: /etc/ssl/certs/ca-certificates.crt'
	mv "$root/etc/ssl/certs/ca-certificates.crt" "$root/etc/ssl/away"
	in_root /shop/cgishop/bin/fetch --version | grep -q 'certificates: /shop/cgishop/lib/ca-certificates.crt'
	run fetches
	mv "$root/etc/ssl/away" "$root/etc/ssl/certs/ca-certificates.crt"
	(( status != 0 ))
}

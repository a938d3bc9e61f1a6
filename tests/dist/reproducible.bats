# `make dist` gives the same bytes for one commit, from whatever directory. It builds everything twice: `bats tests/dist`.
# shellcheck disable=SC2154 # contract.bash sets them

load ../contract/contract

# A run takes minutes, in which another commit may be made here.
setup() { commit=$(git -C "$top" rev-parse HEAD); }

# archive_from DIRECTORY : a clone of this commit there; prints the archive's path.
archive_from() {
	git clone -q "$top" "$1"
	git -C "$1" checkout -q "$commit"
	make -s -C "$1" -j2 dist "${@:2}" >"$1.log" 2>&1 || { tail -n 20 "$1.log"; return 1; }
	ls "$1"/build/cgishop-*.tar.gz
}

@test "reproducible: so does the archive for ARM" {
	local one other place=$top/build/sysroot/aarch64
	command -v aarch64-linux-gnu-gcc >/dev/null || skip "needs tools/deps cross"
	"$top/tools/dev/sysroot" aarch64
	one=$(archive_from "$BATS_TEST_TMPDIR/one" ARCH=aarch64 SYSROOT="$place")
	ln -s "$place" "$BATS_TEST_TMPDIR/packages"
	other=$(umask 077 && archive_from "$BATS_TEST_TMPDIR/elsewhere-and-longer" ARCH=aarch64 SYSROOT="$BATS_TEST_TMPDIR/packages")
	cmp "$one" "$other"
	(cd "${one%/*}" && sha256sum -c --quiet ./*.sha256)
}

@test "reproducible: two directories, with TLS=on and without, umask and time differ; the bytes do not" {
	local one other
	one=$(archive_from "$BATS_TEST_TMPDIR/one")
	other=$(umask 077 && TZ=Asia/Tokyo LC_ALL=C.UTF-8 archive_from "$BATS_TEST_TMPDIR/elsewhere-and-longer" TLS=on)
	cmp "$one" "$other"
	[[ ${one##*/} == "${other##*/}" ]]
	(cd "${one%/*}" && sha256sum -c --quiet ./*.sha256)
	tar -xzf "$one" -C "$BATS_TEST_TMPDIR"
	cd "$BATS_TEST_TMPDIR"/cgishop-*-linux-*
	sha256sum -c --quiet SHA256SUMS
	[[ -s cgishop/licenses/libpq-dev.txt && -s cgishop/licenses/libssl-dev.txt ]]
	find . -type f -newermt "@$(( $(git -C "$top" log -1 --format=%ct "$commit") + 1 ))" | nothing "files of another time"
}

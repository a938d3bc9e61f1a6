# shellcheck disable=SC2154 # base.bash sets $top
# tools/deps: what an ordinary user is shown, and the packages of each release.

load ../../support/base

setup() {
	home=$(mktemp -d /tmp/deps-test.XXXXXX)
	cd "$home" || return
	chmod 755 .
	mkdir -p "a b" fake
	cp -R "$top/tools" "a b/"
	# Nothing is installed, and sudo wants a password; with one it runs what it is given.
	printf '#!/bin/sh\nexit 1\n' >fake/dpkg-query
	# shellcheck disable=SC2016 # the script's own words
	printf '#!/bin/sh\n[ "$1" != -n ] || exit 1\nprintf "%%s\\n" "$@"\n' >fake/sudo
	chmod -R a+rX .
	chmod a+x fake/*
}

teardown() { cd / && rm -rf "$home"; }

as_nobody() {
	if (( EUID == 0 )); then setpriv --reuid 65534 --regid 65534 --clear-groups "$@"; else "$@"; fi
}

@test "deps: an ordinary user gets one line, which does what tools/deps does as root" {
	code=0
	PATH=$PWD/fake:$PATH as_nobody "$PWD/a b/tools/deps" build run pdf >line 2>err || code=$?
	[[ $code == 69 && $(wc -l <line) == 1 ]]
	grep -q 'packages are missing: .*libpq-dev' err
	[[ $(cat line) != *apt-get* ]]
	PATH=$PWD/fake:$PATH bash line >ran
	diff ran <(printf '%s\n' "$PWD/a b/tools/deps" build run pdf)
	code=0
	PATH=$PWD/fake:$PATH as_nobody "$PWD/a b/tools/deps" >line 2>err || code=$?
	PATH=$PWD/fake:$PATH bash line | diff - <(printf '%s\n' "$PWD/a b/tools/deps" build run)
}

@test "deps: without sudo the line is one of su" {
	rm fake/sudo
	for name in bash dirname env id setpriv sort; do ln -s "$(command -v "$name")" "fake/$name"; done
	code=0
	PATH=$PWD/fake as_nobody bash "$PWD/a b/tools/deps" apache >line 2>err || code=$?
	cat err
	[[ $code == 69 && $(cat line) == su\ -c\ * ]]
	# It gives its last word to a shell.
	su() { eval "printf '%s\\n' $2"; }
	export -f su
	bash line | diff - <(printf '%s\n' "$PWD/a b/tools/deps" apache)
}

@test "deps: packages whose name has a version are those of the release" {
	packages() { OS_RELEASE=$PWD/os-release bash -c '. "$1"; packages_for run; packages_for test' bash "$top/tools/dev/lib/packages.sh"; }
	printf 'ID=debian\nVERSION_ID="12"\n' >os-release
	[[ $(packages) == *postgresql-15\ *libcurl4\ *libclang-rt-14-dev*postgresql-15-pgtap* ]]
	printf 'ID=debian\nVERSION_ID="13"\n' >os-release
	[[ $(packages) == *postgresql-17\ *libcurl4t64\ *libclang-rt-19-dev*postgresql-17-pgtap* ]]
}

# Since 1.24, that of Debian 13, PgBouncer manages prepared statements unless that is switched off; before 1.21 it does not
# know the setting.
@test "deps: the pooler of tools/up leaves prepared statements to the programs" {
	local version
	for version in 1.18.0: 1.20.1: 1.21.0:'max_prepared_statements = 0' 1.24.1:'max_prepared_statements = 0'; do
		printf '#!/bin/sh\necho "PgBouncer %s"\necho "libevent 2.1.12"\n' "${version%%:*}" >fake/pgbouncer
		chmod 755 fake/pgbouncer
		said=$(PATH=$PWD/fake:$PATH bash -c '. "$1/tools/dev/lib/common.sh" && . "$1/tools/dev/lib/database.sh" &&
			pooler_statements' pooler "$top")
		[[ $said == "${version#*:}" ]] || { echo "$version: $said"; false; }
	done
	grep -q '^		\$(pooler_statements)$' "$top/tools/dev/lib/database.sh"
}

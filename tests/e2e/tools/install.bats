# make install: into a directory with a space, over a shop that runs, and away again. Serves the installed programs by a
# lighttpd of its own, on a socket. Installs as an ordinary user where it can.

load ../../support/base

setup_file() {
	home=$(mktemp -d "/tmp/install test.XXXXXX")
	export home prefix="$home/a shop"
	build=$(realpath "${BUILD:-$top/build}")
	export build
	groups=$(cd "$top/cgi-bin" && printf '%s\n' *.c | sed 's/\.c$//' | xargs)
	export groups
}

teardown_file() { rm -rf "$home"; }

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# install_to DESTDIR [GROUP]...
install_to() {
	local to=$1 names
	shift
	read -ra names <<<"${*:-$groups}"
	"$top/tools/dev/install" "$build" "$prefix" "$to" "${names[@]}"
}

# files DIRECTORY : with their modes and sums.
files() { (cd "$1" && find . ! -type d -printf '%m %p %l\n' | sort && find . -type f ! -name .env -exec sha256sum {} + | sort); }

@test "install: programs, data, units, man pages and completions, and shopctl finds what is near it" {
	umask 077
	install_to ''
	lib=$prefix/lib/cgishop
	for name in $groups; do [[ $("$lib/cgi-bin/api/$name" --version) == "cgishop $name "* ]]; done
	[[ $("$prefix/bin/shopctl" --version) == shopctl\ * ]]
	for path in lib/cgishop/templates/en lib/cgishop/demo lib/systemd/system/cgishop.target share/man/man1/shopctl.1 \
		share/man/man5/cgishop.env.5 share/bash-completion/completions/shopctl share/zsh/site-functions/_shopctl \
		share/doc/cgishop/README.md share/doc/cgishop/env.example share/cgishop/httpd/README.md; do
		[[ -e $prefix/$path ]] || echo "$path" >>missing
	done
	[[ ! -e missing ]]
	# Others run the programs and read their data, whatever the umask.
	find "$prefix" ! -type l ! -perm -o=r | tee unreadable
	[[ ! -s unreadable ]]
	find "$prefix" -name '.new*' | tee left
	[[ ! -s left ]]
	"$prefix/bin/shopctl" --env /dev/null doctor --json >doctor.json || true
	jq -e '.checks | length > 3' doctor.json >/dev/null
}

@test "install: DESTDIR is where it goes, and not in what is installed" {
	install_to "$BATS_TEST_TMPDIR/image"
	diff <(files "$prefix") <(files "$BATS_TEST_TMPDIR/image$prefix")
	grep -rl "$BATS_TEST_TMPDIR" "$BATS_TEST_TMPDIR/image" | tee names
	[[ ! -s names ]]
	run "$top/tools/dev/install" "$build" "no/root" "" meta
	[[ $status == 64 ]]
}

serve() {
	local lib=$prefix/lib/cgishop
	printf 'DATABASE_URL=postgresql:///nowhere?host=/nowhere\nSECRET_KEY=%032d\n' 7 >"$lib/.env"
	cat >server.conf <<-END
		server.document-root = "$PWD"
		server.bind = "$PWD/socket"
		server.errorlog = "$PWD/error.log"
		server.modules = ("mod_alias", "mod_cgi", "mod_fastcgi")
		alias.url = ("/cgi/" => "$lib/cgi-bin/api/")
		\$HTTP["url"] =~ "^/cgi/" { cgi.assign = ("" => "") }
		fastcgi.server = ("/fast" => (("socket" => "$PWD/worker", "bin-path" => "$PWD/start", "max-procs" => 1, "check-local" => "disable")))
		server.pid-file = "$PWD/pid"
	END
	printf '#!/bin/sh\nexec "%s"\n' "$lib/cgi-bin/api/meta" >start
	chmod +x start
	lighttpd -f server.conf
	for (( i = 0; i < 50; i++ )); do if [[ -S socket ]]; then return; fi; sleep 0.1; done
	cat error.log
	return 1
}

# Until the file `enough` is there: anything but a whole 200 is written to `bad`.
visit() {
	local n=0
	while [[ ! -e enough ]]; do
		for path in cgi/meta fast; do
			curl -s --noproxy '*' -o "body-$1" -w '%{http_code}\n' --unix-socket socket "http://shop/$path" >"code-$1" || echo broken >>"code-$1"
			if [[ $(cat "code-$1") != 200 ]] || ! jq -e .version "body-$1" >/dev/null; then
				{ echo "$path: $(cat "code-$1") $(cat "body-$1")"; } >>bad
			fi
			(( ++n ))
		done
	done
	echo $n >>visits
}

@test "install: over a shop that serves, as CGI and FastCGI, no request fails" {
	command -v lighttpd >/dev/null || skip "lighttpd is not installed"
	serve
	for name in 1 2; do visit $name 3>&- & done
	sleep 1
	before=$(stat -c %i "$prefix/lib/cgishop/cgi-bin/api/meta")
	for (( i = 0; i < 2; i++ )); do install_to '' || touch failed; done
	touch enough
	wait
	[[ ! -e failed ]]
	kill "$(cat pid)"
	cat bad 2>/dev/null || true
	[[ ! -e bad && $(awk '{ n += $1 } END { print n }' visits) -ge 20 ]]
	# Each was a new file: no program that runs was written to.
	[[ $(stat -c %i "$prefix/lib/cgishop/cgi-bin/api/meta") != "$before" && -s $prefix/lib/cgishop/.env ]]
}

@test "install: what this version lacks is removed, what others put there is kept" {
	echo kept >"$prefix/lib/cgishop/mine"
	install_to '' meta orders
	[[ $(printf '%s ' "$prefix"/lib/cgishop/cgi-bin/api/*) == "$prefix/lib/cgishop/cgi-bin/api/meta $prefix/lib/cgishop/cgi-bin/api/orders " ]]
	[[ -e $prefix/lib/systemd/system/cgishop-orders.socket && ! -e $prefix/lib/systemd/system/cgishop-stores.socket ]]
	[[ -e $prefix/lib/cgishop/mine ]]
}

@test "install: uninstall leaves only what others put there, and is refused where nothing is" {
	"$top/tools/dev/install" --remove "$prefix" ''
	diff <(find "$prefix" ! -type d -printf '%P\n' | sort) <(printf '%s\n' lib/cgishop/.env lib/cgishop/mine)
	run "$top/tools/dev/install" --remove "$prefix" ''
	[[ $status == 1 && $output == *"nothing was installed there"* ]]
}

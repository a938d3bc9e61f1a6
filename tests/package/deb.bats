# The Debian package in a Debian of its own: installed, upgraded, removed, purged. Not part of tools/check: it needs root,
# debootstrap and a mirror of Debian, 500 MB and several minutes.
#
#   bats tests/package                       in Debian 12
#   RELEASE=trixie bats tests/package        in another, with the package that was built here
#   PACKAGES=/path bats tests/package        with packages of both versions, made before
#   CHROOT=/path bats tests/package          in one that debootstrap has made there before; it is used up by that
#
# No service is started in it but PostgreSQL, by hand: policy-rc.d forbids it, and there is no systemd. That units are
# enabled and workers restarted is therefore not tested here.
# shellcheck disable=SC2016,SC2154 # fields of dpkg-query; base.bash sets $top

load ../support/base

readonly OLD=0.1.9

setup_file() {
	(( EUID == 0 )) || skip "needs root"
	command -v debootstrap >/dev/null || skip "debootstrap is not installed"
	release=${RELEASE:-bookworm}
	work=$(mktemp -d /tmp/package-test.XXXXXX)
	root=${CHROOT:-$work/root}
	if [[ -z ${CHROOT-} ]]; then debootstrap --variant=minbase "$release" "$root" >"$work/debootstrap.log"; fi
	version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
	architecture=$(dpkg --print-architecture)
	export release work root version architecture
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 0755 "$root/usr/sbin/policy-rc.d"
	mountpoint -q "$root/proc" || mount -t proc proc "$root/proc"
	mountpoint -q "$root/dev" || mount --bind /dev "$root/dev"
	for v in "$OLD" "$version"; do
		[[ -n ${PACKAGES-} ]] || make -s -C "$top" deb DEB_VERSION="$v" >&2
		cp "${PACKAGES:-$top/build}/cgishop_${v}_$architecture.deb" "$root/root/"
	done
	inside apt-get -qq update
	inside apt-get -qq -y --no-install-recommends install postgresql adduser >&2
	cluster start
}

teardown_file() {
	[[ -n ${root-} ]] || return 0
	cluster stop || true
	umount "$root/dev" "$root/proc" || true
	rm -rf "$work"
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

inside() { DEBIAN_FRONTEND=noninteractive LC_ALL=C chroot "$root" "$@" 3>&-; }

# cluster start|stop
cluster() {
	local name
	name=$(inside pg_lsclusters -h | awk '{ print $1 " " $2; exit }')
	# shellcheck disable=SC2086 # two words
	inside pg_ctlcluster $name "$1"
}

install_deb() { inside apt-get -qq -y --no-install-recommends --allow-downgrades install "/root/cgishop_$1_$architecture.deb" 2>&1; }

state() { inside dpkg-query -W -f '${Status} ${Version}' cgishop; }

ask() { inside runuser -u postgres -- psql -X -q -A -t -d "${2-cgishop}" -c "$1"; }

# request PATH : the body of the answer of a program, run as a web server of the account would.
request() {
	inside runuser -u cgishop -- env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SERVER_PROTOCOL=HTTP/1.1 \
		SERVER_NAME=shop SCRIPT_NAME="/cgi-bin/api/${1%%/*}" PATH_INFO="/${1#*/}" REMOTE_ADDR=127.0.0.1 \
		"/usr/lib/cgishop/cgi-bin/api/${1%%/*}" </dev/null | sed '1,/^\r*$/d'
}

@test "deb: lintian has no error and no warning" {
	command -v lintian >/dev/null || skip "lintian is not installed"
	lintian --allow-root --fail-on error,warning "$top/build/cgishop_${version}_$architecture.deb"
}

@test "deb: the same tree gives the same bytes" {
	sha256sum "$top/build/cgishop_${version}_$architecture.deb" >sum
	make -s -C "$top" deb
	sha256sum -c --quiet sum
}

@test "deb: it installs without a question, makes its database and its settings, and serves" {
	install_deb "$OLD" >log || { cat log; false; }
	[[ $(state) == "install ok installed $OLD" ]]
	[[ $(stat -c '%a %U %G' "$root/etc/cgishop/env" | sed 's/UNKNOWN/cgishop/') == '640 root '* ]]
	grep -qE '^SECRET_KEY=[0-9a-f]{64}$' "$root/etc/cgishop/env"
	# Those that serve have no password and no rights of an owner.
	grep -qE '^DATABASE_URL=postgresql:///cgishop\?host=[^:@]*&user=cgishop$' "$root/etc/cgishop/env"
	[[ $(ask "select count(*) from pg_class where relowner = 'cgishop'::regrole") == 0 ]]
	inside shopctl doctor --json >doctor.json || true
	[[ $(jq '[.checks[] | select(.result == "fail")] | length' doctor.json) == 0 ]] || { cat doctor.json; false; }
	[[ $(request meta/health | jq -r .status) == ok ]]
	inside shopctl load-demo >/dev/null
	(( $(request products/ | jq '.results | length') > 3 ))
	inside shopctl --version
}

@test "deb: the units are enabled, and logs rotated" {
	[[ -L $root/etc/systemd/system/multi-user.target.wants/cgishop.target ]]
	for unit in cgishop-products.socket cgishop-products@.service cgishop-cron.timer cgishop-backup.timer; do
		[[ -s $root/usr/lib/systemd/system/$unit ]]
	done
	[[ $(inside dpkg-query -W -f '${Conffiles}' cgishop) == *" /etc/logrotate.d/cgishop "* ]]
	inside apt-get -qq -y --no-install-recommends install logrotate >/dev/null 2>&1
	echo line >"$root/var/log/cgishop/error.log"
	inside logrotate -f /etc/logrotate.d/cgishop
	[[ -s $root/var/log/cgishop/error.log.1 ]]
}

@test "deb: other accounts read neither the settings nor the database" {
	run inside runuser -u nobody -- cat /etc/cgishop/env
	[[ $status != 0 ]]
	run inside runuser -u nobody -- shopctl doctor
	[[ $status != 0 ]]
}

@test "deb: without a backup an upgrade stops, and the version that is there goes on" {
	cp "$root/etc/cgishop/env" before
	mv "$root/var/lib/cgishop/backups" "$root/var/lib/cgishop/kept"
	touch "$root/var/lib/cgishop/backups"
	code=0
	install_deb "$version" >log || code=$?
	rm "$root/var/lib/cgishop/backups"
	mv "$root/var/lib/cgishop/kept" "$root/var/lib/cgishop/backups"
	[[ $code != 0 ]]
	grep -q "no backup of the shop, so version $OLD stays and goes on" log || { cat log; false; }
	[[ $(state) == *" installed $OLD" ]]
	[[ $(request meta/health | jq -r .status) == ok ]]
	cmp "$root/etc/cgishop/env" before
}

@test "deb: an upgrade makes a backup, keeps the settings, and the shop has what it had" {
	"$top/build/bin/shopctl" backup --help >/dev/null 2>&1 || skip "shopctl has no backup yet"
	echo "# mine" >>"$root/etc/cgishop/env"
	cp "$root/etc/cgishop/env" before
	products=$(ask "select count(*) from products")
	install_deb "$version" >log || { cat log; false; }
	[[ $(state) == "install ok installed $version" ]]
	cmp "$root/etc/cgishop/env" before
	[[ $(find "$root/var/lib/cgishop/backups" -name '*.tar.gz' | wc -l) == 1 ]]
	[[ $(ask "select count(*) from products") == "$products" && $products -gt 3 ]]
	[[ $(request meta/health | jq -r .status) == ok ]]
}

@test "deb: removing it keeps settings and data, and it may come back" {
	inside apt-get -qq -y remove cgishop >log 2>&1
	[[ ! -e $root/usr/lib/cgishop/bin && ! -e $root/usr/bin/shopctl && -s $root/etc/cgishop/env ]]
	# A target that is masked does not start again with the machine.
	[[ $(readlink "$root/etc/systemd/system/cgishop.target") == /dev/null ]]
	cp "$root/etc/cgishop/env" before
	(( $(ask "select count(*) from products") > 3 ))
	install_deb "$version" >log || { cat log; false; }
	[[ -L $root/etc/systemd/system/multi-user.target.wants/cgishop.target && ! -e $root/etc/systemd/system/cgishop.target ]]
	cmp "$root/etc/cgishop/env" before
	[[ $(request meta/health | jq -r .status) == ok ]]
}

@test "deb: purging it removes settings and logs, keeps the shop and says so; a new installation takes it up again" {
	inside apt-get -qq -y purge cgishop >log 2>&1
	grep -q 'database and /var/lib/cgishop are kept' log || { cat log; false; }
	[[ ! -e $root/etc/cgishop && ! -e $root/usr/lib/cgishop && ! -e $root/var/log/cgishop ]]
	[[ ! -e $root/etc/logrotate.d/cgishop && -z $(find "$root/etc/systemd" -name 'cgishop*') ]]
	[[ -n $(ls "$root/var/lib/cgishop/media") ]]
	install_deb "$version" >log || { cat log; false; }
	(( $(request products/ | jq '.results | length') > 3 ))
}

@test "deb: without PostgreSQL, and with a database of that name that is another's, it installs and says what to do" {
	inside apt-get -qq -y purge cgishop >/dev/null 2>&1
	cluster stop
	install_deb "$version" >log || { cat log; false; }
	grep -q 'no PostgreSQL 13 or newer runs here' log
	cluster start
	ask "comment on database cgishop is 'of another'" postgres
	run inside /usr/share/cgishop/make-database
	[[ $status == 78 && $output == *"a database cgishop that is not this package's"* ]]
	grep -q '^DATABASE_URL=$' "$root/etc/cgishop/env"
	ask "comment on database cgishop is 'made by the package cgishop'" postgres
	inside /usr/share/cgishop/make-database
	grep -q '^DATABASE_URL=postgresql' "$root/etc/cgishop/env"
}

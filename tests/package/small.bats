# tools/up PROFILE=small under systemd, in a Debian of its own that is booted with namespaces of its own. As deb.bats it is
# not part of tools/check: root, debootstrap, a mirror of Debian, 2 GB and several minutes. CHROOT is as there.
# shellcheck disable=SC2016,SC2154 # words of the shell inside; base.bash sets $top

load ../support/base

readonly WEB=http://127.0.0.1:8090

setup_file() {
	(( EUID == 0 )) || skip "needs root"
	command -v debootstrap >/dev/null || skip "debootstrap is not installed"
	work=$(mktemp -d /tmp/small-test.XXXXXX)
	root=${CHROOT:-$work/root}
	export work root
	if [[ -z ${CHROOT-} ]]; then debootstrap --variant=minbase "${RELEASE:-bookworm}" "$root" >"$work/debootstrap.log"; fi
	rm -rf "$root/root/shop"
	mkdir "$root/root/shop"
	(cd "$top" && git ls-files -z | tar --null -T - -cf -) | tar -xf - -C "$root/root/shop"
	install_packages
	boot
}

teardown_file() {
	[[ -n ${work-} ]] || return 0
	if [[ -s $work/pid ]]; then kill -s KILL "$(<"$work/pid")"; fi
	rm -rf "$work"
}

setup() { cd "$BATS_TEST_TMPDIR" || return; }

# What tools/up would install: the booted system has no network.
install_packages() {
	printf '#!/bin/sh\nexit 101\n' >"$root/usr/sbin/policy-rc.d"
	chmod 0755 "$root/usr/sbin/policy-rc.d"
	unshare --mount --pid --fork bash -c 'mount -t proc proc "$1/proc" && mount --bind /dev "$1/dev" && cd "$1" &&
		exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 DEBIAN_FRONTEND=noninteractive chroot . bash -c "
		apt-get -qq update && apt-get -qq -y --no-install-recommends install systemd systemd-sysv adduser dpkg-dev &&
		/root/shop/tools/deps build run pdf nginx"' install "$root" >"$work/install.log" 2>&1 3>&- || {
		tail -n 5 "$work/install.log"
		return 1
	}
	rm "$root/usr/sbin/policy-rc.d"
}

# systemd as the first process of a system that shares the kernel alone. A new root, as in a chroot nobody may have users
# of his own (PrivateUsers).
boot() {
	unshare --pid --fork --kill-child --mount --uts --ipc --net bash -c '
		set -e
		mount --make-rprivate /
		ip link set lo up
		mount --bind "$1" "$1"
		cd "$1"
		mount -t proc proc proc
		mount --rbind /sys sys
		mount --rbind /dev dev
		mount -t tmpfs tmpfs dev/shm
		mount -t tmpfs tmpfs run
		mount -t tmpfs tmpfs tmp
		mkdir -p old
		pivot_root . old
		cd /
		umount -l /old
		exec env -i container=test PATH=/usr/sbin:/usr/bin:/sbin:/bin /lib/systemd/systemd' boot "$root" \
		</dev/null >"$work/boot.log" 2>&1 3>&- &
	echo $! >"$work/pid"
	for _ in {1..300}; do
		if [[ $(booted 'systemctl is-system-running' 2>/dev/null) =~ ^(running|degraded)$ ]]; then return; fi
		sleep 0.1
	done
	tail -n 20 "$work/boot.log"
	return 1
}

# booted COMMAND : by a shell in it.
booted() {
	nsenter -t "$(pgrep -P "$(<"$work/pid")")" --mount --pid --uts --ipc --net \
		env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 bash -c "cd /root/shop && { $1; }" 3>&-
}

@test "small: the package runs under systemd, behind nginx, with the demonstration catalogue" {
	booted 'tools/up PROFILE=small PORT=8090' >out 2>&1 || { tail -n 20 out; false; }
	grep -q '^cgishop runs under systemd, with nginx:$' out
	booted "curl -sf $WEB/api/products?page_size=1" | jq -e '.results | length == 1'
	booted "curl -sf $WEB/cgi-bin/api/meta/health" | jq -e '.status == "ok"'
	url=$(booted "curl -sf $WEB/api/products?page_size=1" | jq -r '.results[0].images[0].url')
	[[ $(booted "curl -s -o /dev/null -w '%{http_code} %{content_type}' $WEB$url") == '200 image/png' ]]
}

@test "small: again, nothing is doubled" {
	stores=$(booted "curl -sf $WEB/api/stores?count=exact" | jq .count)
	booted 'tools/up PROFILE=small PORT=8090' >out 2>&1 || { tail -n 20 out; false; }
	[[ $(booted "curl -sf $WEB/api/stores?count=exact" | jq .count) == "$stores" && $stores -gt 0 ]]
}

@test "small: cron and the backup run; no unit has failed; each is closed off" {
	booted 'systemctl start cgishop-cron cgishop-backup'
	booted 'ls /var/lib/cgishop/backups' | grep -q '^cgishop-.*\.tar\.gz$'
	[[ -z $(booted 'systemctl --failed --no-legend --plain "cgishop*"') ]]
	booted 'systemd-analyze security --no-pager "cgishop-products@1.service" "cgishop-cron.service"' |
		sed -n 's/.*exposure level for [^ ]*: \([0-9.]*\) .*/\1/p' >levels
	[[ $(wc -l <levels) == 2 && $(awk '$1 > 2.0' levels) == '' ]]
}

@test "small: the printed line takes it away again" {
	away=$(booted 'tools/up PROFILE=small PORT=8090' | sed -n 's/^Away again: //p')
	[[ $away == systemctl* ]]
	booted "DEBIAN_FRONTEND=noninteractive; export DEBIAN_FRONTEND; ${away/apt-get purge/apt-get -y -qq purge}" >out 2>&1
	[[ -z $(booted 'systemctl list-units --no-legend --plain "cgishop*.service" "cgishop*.socket"') ]]
	booted '! test -e /etc/cgishop && ! test -e /usr/lib/cgishop'
}

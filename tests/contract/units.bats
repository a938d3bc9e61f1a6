# The systemd units that httpd/systemd makes: well formed, complete and confined.

setup_file() {
	top=${BATS_TEST_DIRNAME%/tests/*} root=$BATS_FILE_TMPDIR/root
	cd "$top" || return
	export top root units=$root/usr/lib/systemd/system
	groups=$(ls "$BUILD/cgi-bin/api")
	export groups
	# shellcheck disable=SC2086 # words
	tools/dev/server-files "$root" /usr $groups
	# What ours stand on, and what they start.
	cp -r /lib/systemd/system/. "$units"
	mkdir -p "$root/usr/lib/cgishop/bin" "$root/usr/lib/cgishop/cgi-bin" "$root/usr/share/cgishop"
	cp -r "$BUILD/cgi-bin/api" "$root/usr/lib/cgishop/cgi-bin/"
	cp "$BUILD/bin/shopctl" "$root/usr/lib/cgishop/bin/"
}

# our_services : their names, and one worker of each group.
our_services() { (cd "$units" && ls cgishop-*.service) | sed 's/@/@1/'; }

@test "units: systemd-analyze verify has nothing to say" {
	# shellcheck disable=SC2046 # words
	run systemd-analyze verify --man=no --root="$root" cgishop.target cgishop.slice cgishop-cron.timer \
		cgishop-backup.timer $(our_services) $(printf 'cgishop-%s.socket ' $groups)
	echo "$output"
	[[ $status == 0 ]]
	! grep -i cgishop <<<"$output"
}

@test "units: a mistake in one would be found" {
	sed 's/^MemoryMax=/MemoryMix=/' "$units/cgishop-cron.service" >"$units/cgishop-wrong.service"
	run systemd-analyze verify --man=no --root="$root" cgishop-wrong.service
	rm "$units/cgishop-wrong.service"
	[[ $output == *MemoryMix* ]]
}

@test "units: the exposure of each service is 2.0 at most" {
	services=$(our_services)
	# One of each group, cron and the backup.
	(( $(wc -l <<<"$services") == $(wc -w <<<"$groups") + 2 ))
	# shellcheck disable=SC2086
	run systemd-analyze security --offline=true --root="$root" --threshold=20 --no-pager $services
	echo "$output" | grep Overall
	[[ $status == 0 ]]
	(( $(grep -c 'Overall exposure level' <<<"$output") == $(wc -l <<<"$services") ))
	awk '/Overall exposure/ { for (i = 1; i <= NF; i++) if ($i ~ /^[0-9.]+$/ && $i > 2.0) exit 1 }' <<<"$output"
}

@test "units: each program has a socket, and the target wants all of them" {
	for group in $groups; do
		grep -qx "ListenStream=/run/cgishop/$group.sock" "$units/cgishop-$group.socket"
		grep -qx "Service=cgishop-$group@1.service" "$units/cgishop-$group.socket"
		grep -q "^Wants=.*\bcgishop-$group\.socket" "$units/cgishop.target"
	done
	! grep -r '@[A-Z_]*@' "$units"/cgishop* "$root/usr/lib/sysusers.d" "$root/usr/lib/tmpfiles.d"
}

@test "units: accounts and directories are declared" {
	mkdir -p "$root/etc" "$root/run" "$root/var"
	systemd-sysusers --root="$root" cgishop.conf
	grep -q '^cgishop:' "$root/etc/passwd"
	grep -q '^adm:' "$root/etc/group" || grep '^adm:' /etc/group >>"$root/etc/group"
	[[ $(id -u) == 0 ]] || skip "needs root: directories of other accounts"
	grep '^root:' /etc/passwd >>"$root/etc/passwd"
	grep '^root:' /etc/group >>"$root/etc/group"
	systemd-tmpfiles --create --root="$root" cgishop.conf
	for name in media invoices backups; do
		[[ $(stat -c %u "$root/var/lib/cgishop/$name") == "$(grep ^cgishop: "$root/etc/passwd" | cut -d: -f3)" ]]
	done
	[[ $(stat -c %a "$root/var/lib/cgishop/media" "$root/var/lib/cgishop/backups") == $'755\n700' ]]
}

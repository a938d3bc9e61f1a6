# One tools/check or `make bench` at a time in a checkout: tried in a copy of the tools whose Makefile builds nothing,
# but waits for as long as the file `wait` is there.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup() {
	copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy"/tests/{support,gateways}
	cp -r "$top/tools" "$copy/"
	cp -r "$top/tests/bench" "$copy/tests/"
	cp "$top/tests/support/gateways.bash" "$copy/tests/support/"
	printf '#!/bin/sh\n' >"$copy/tools/deps"
	printf '%s:\n\t@touch begun; while [ -e wait ]; do sleep 0.1; done; sh ./then\n%%:\n\t@false\n' all >"$copy/Makefile"
	: >"$copy/then"
	unset TEST_RUN BUILD VAR PORT
}

teardown() {
	rm -f "$copy/wait"
	[[ -z ${first-} ]] || kill "$first" 2>/dev/null || true
	[[ -z ${daemon-} ]] || kill "$daemon" 2>/dev/null || true
	[[ -z ${account-} ]] || userdel "$account" 2>/dev/null || true
}

# begin : a first tools/check, which is at work when this returns.
begin() {
	rm -f "$copy/begun"
	touch "$copy/wait"
	"$copy/tools/check" build >"$BATS_TEST_TMPDIR/first" 2>&1 3>&- 4>&- &
	first=$!
	for _ in {1..600}; do [[ ! -e $copy/begun ]] || return 0; sleep 0.1; done
	cat "$BATS_TEST_TMPDIR/first"
	return 1
}

# is_refused COMMAND... : with the words that name the first one.
is_refused() {
	run "$@"
	[[ $status == 75 && $output == *"tools/check (process $first, since "* ]] || { printf '%s %s\n' "$status" "$output"; return 1; }
}

ends() { for _ in {1..100}; do kill -0 "$1" 2>/dev/null || return 0; sleep 0.1; done; return 1; }

# has_the_lock : another run is let in.
has_the_lock() {
	rm -f "$copy/wait"
	run "$copy/tools/check" build
	[[ $status == 0 && $output == *"2 passed, 0 failed" ]] || { printf '%s %s\n' "$status" "$output"; return 1; }
}

@test "one run: the second is refused, with the name of the first, and touches nothing" {
	begin
	is_refused "$copy/tools/check" unit
	is_refused "$copy/tools/check" --env
	is_refused "$copy/tests/bench/run"
	is_refused "$copy/tools/up" "VAR=$copy/var/check"
	is_refused "$copy/tools/down" "VAR=$copy/var/check-apache" --erase
	# What the first one writes is as it was.
	rm "$copy/wait"
	wait "$first" || true
	grep -q '^2 passed, 0 failed$' "$BATS_TEST_TMPDIR/first"
	has_the_lock
}

@test "one run: other directories are not locked" {
	begin
	touch "$copy/then"
	run "$copy/tools/down" "VAR=$copy/var/other"
	[[ $status == 0 && $output == "Nothing in "* ]]
}

@test "one run: one that was killed has no lock" {
	begin
	kill -KILL "$first"
	wait "$first" || true
	has_the_lock
}

@test "one run: servers started by it do not keep the lock" {
	printf 'setsid sleep 60 >/dev/null 2>&1 & echo $! >daemon' >"$copy/then"
	begin
	rm "$copy/wait"
	wait "$first" || true
	daemon=$(<"$copy/daemon")
	kill -0 "$daemon"
	: >"$copy/then"
	has_the_lock
}

@test "one run: servers that --env or tools/up has left running are not erased" {
	mkdir -p "$copy/var/check/state" "$copy/var/check/pg"
	: >"$copy/var/check/state/by-hand"
	bash -c 'exec -a "$0" sleep 60' "postgres -D $copy/var/check/pg" 3>&- &
	daemon=$!
	echo "$daemon" >"$copy/var/check/pg/postmaster.pid"
	run "$copy/tools/check" unit
	[[ $status == 75 && $output == *"run in var/check; tools/down VAR=var/check stops them"* ]]
	kill -0 "$daemon"
	# What a run has left that was killed is.
	kill "$daemon"
	ends "$daemon"
	has_the_lock
	[[ ! -e $copy/var/check ]]
}

@test "one run: the accounts of another checkout's host stay, although its port is the same" {
	(( EUID == 0 )) || skip "only root can make a host's accounts"
	account=cgishop-h1
	useradd --system --no-create-home --home-dir "$BATS_TEST_TMPDIR/other/host/home" "$account"
	"$copy/tools/dev/host" down "$copy/var/check-host" 1
	id "$account"
	mkdir -p "$BATS_TEST_TMPDIR/other/host/home"
	"$copy/tools/dev/host" down "$BATS_TEST_TMPDIR/other" 1
	run id "$account"
	[[ $status == 1 ]]
}

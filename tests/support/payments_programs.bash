# shellcheck shell=bash disable=SC2154 # the tests share their variables
# What the suites share that run payments_killed.js, payments_model.js or payments_races.js: a shop for the program, and
# what it says. Programs and suites name the seed of what failed.

. "${BASH_SOURCE[0]%/*}/payments.bash"

setup_file() {
	local words
	command -v node >/dev/null || skip "node is missing"
	built kill_after
	open_payments
	mapfile -t words < <(gateway_settings)
	export STORE=$store STAFF SITE=$VAR/site KILL_AFTER=$programs/kill_after "${words[@]}"
	STAFF=$(token_of staff)
}
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# program NAME WORD... : payments_NAME.js, with its figures among the results.
program() {
	local code=0
	node "$top/tests/support/payments_$1.js" "${@:2}" >"$BATS_TEST_TMPDIR/said" || code=$?
	if (( code == 0 )); then sed 's/^/# /' "$BATS_TEST_TMPDIR/said" >&3; else cat "$BATS_TEST_TMPDIR/said"; fi
	return "$code"
}

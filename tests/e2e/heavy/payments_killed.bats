# Three hundred programs that are killed while they begin, confirm and give back payments (payments_killed.js); refunds
# and the end of orders at the same time as what is against them (payments_races.js). A failure names its seed:
# SEED=7 bats payments_killed.bats runs the same again. Needs RATE_LIMITS=off.
# shellcheck disable=SC2154

load ../../support/orders
load ../../support/gateways

setup_file() {
	local words
	command -v node >/dev/null || skip "node is missing"
	open_shop
	mapfile -t words < <(gateway_settings)
	export STORE=$store STAFF SITE=$VAR/site KILL_AFTER=$top/build/tests/kill_after "${words[@]}"
	built kill_after
	STAFF=$(token_of staff)
	gateways_up
}
teardown_file() { gateways_down; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# program NAME WORD... : with its figures among the results.
program() {
	local code=0
	node "$top/tests/support/payments_$1.js" "${@:2}" >"$BATS_TEST_TMPDIR/said" || code=$?
	if (( code == 0 )); then sed 's/^/# /' "$BATS_TEST_TMPDIR/said" >&3; else cat "$BATS_TEST_TMPDIR/said"; fi
	return "$code"
}

@test "payments: programs killed anywhere lose nothing and do nothing twice" {
	program killed "${SEED:-1}"
}

@test "payments: many refunds at once give back what was captured, no more" {
	program races refunds
}

@test "payments: an order that expires while it is paid is paid or given back" {
	program races expiry "${SEED:-1}"
}

@test "payments: another amount that is accepted, given back and cancelled at once is kept or given back" {
	program races attention "${SEED:-1}"
}

# Hundreds of orders, a thousand events of both providers, each delivered three times in an order of chance over eight
# connections: what comes out is what a model says that knows only which events there were (payments_model.js). A
# failure names its seed: SEEDS="12345 7" bats payments_model.bats runs the same ones again.
# shellcheck disable=SC2154

load ../../support/orders
load ../../support/gateways

setup_file() {
	local words
	command -v node >/dev/null || skip "node is missing"
	open_shop
	mapfile -t words < <(gateway_settings)
	export STORE=$store STAFF SITE=$VAR/site "${words[@]}"
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

@test "payments: a thousand webhooks, each three times, in any order" {
	for seed in ${SEEDS:-1}; do program model "$seed"; done
}

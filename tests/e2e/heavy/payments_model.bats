# Hundreds of orders, a thousand events of both providers, each delivered three times in an order of chance over eight
# connections: what comes out is what a model says that knows only which events there were (payments_model.js). A
# failure names its seed: SEEDS="12345 7" bats payments_model.bats runs the same ones again.
# shellcheck disable=SC2154

load ../../support/payments_programs

@test "payments: a thousand webhooks, each three times, in any order" {
	for seed in ${SEEDS:-1}; do program model "$seed"; done
}

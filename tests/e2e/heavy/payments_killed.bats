# Three hundred programs that are killed while they begin, confirm and refund payments (payments_killed.js); refunds and
# the end of orders at the same time as what is against them (payments_races.js). A failure names its seed: SEED=7 bats
# payments_killed.bats runs the same again. Needs RATE_LIMITS=off.
# shellcheck disable=SC2154

load ../../support/payments_programs

@test "payments: programs killed anywhere lose nothing and do nothing twice" {
	program killed "${SEED:-1}"
}

@test "payments: many concurrent refunds refund what was captured, no more" {
	program races refunds
}

@test "payments: an order that expires while it is paid is paid or refunded" {
	program races expiry "${SEED:-1}"
}

@test "payments: another amount that is accepted, refunded and cancelled concurrently is kept or refunded" {
	program races attention "${SEED:-1}"
}

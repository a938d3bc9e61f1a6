# Makes tests/upgrade/<version>.sql: the demonstration catalogue, and one order of each kind, as the version that is
# checked out keeps them. Run once for a release, in a new shop; tools/check does not run it:
#
#	tools/down VAR=var/check --erase; eval "$(tools/check --env)"; bats tests/upgrade/dump.bats
#
# tests/contract/upgrade.bats brings each of these dumps up to date.

load ../support/payments

# Each row has an INSERT of its own: PostgreSQL 13 takes DEFAULT for a generated column in no other.
# What has no place in a dump: comments, most settings of pg_dump's session, commands of psql.
plain_sql() { sed -E '/^(--|SELECT pg_catalog\.set_config|\\)/d; /^SET check_function_bodies/!{/^SET /d}' | cat -s; }

@test "a day in the shop, dumped" {
	"${VAR:?}/site/bin/shopctl" load-demo >/dev/null
	tea=$(make_product)
	place "$tea:1" # a guest's, unpaid
	place "$tea:2" # paid, shipped, refunded in part
	pay_offline
	by staff ask POST "/orders/$order/ship" '{"carrier":"DHL","tracking":"1"}'
	expect 200
	refund_payment '{"amount":"1.00","reason":"dented"}'
	expect 201
	place "$tea:3" # cancelled
	by staff ask POST "/orders/$order/cancel"
	expect 200
	place "$tea:1" # paid at a provider, whose event was received
	pay_by_stripe
	by customer ask POST /carts "{\"store\":\"$store\",\"items\":[{\"product\":\"$tea\",\"quantity\":1}]}"
	sql "delete from audit_logs where table_name ~ '^(product|categor|subcategor)'" # small is better
	version=$("$BUILD/bin/shopctl" --version | grep -o '[0-9.]*$')
	pg_dump -h "$($PSQL -c '\echo :HOST')" -U cgishop_owner --no-owner --no-privileges --inserts cgishop |
		plain_sql >"${BATS_TEST_DIRNAME:?}/$version.sql"
}

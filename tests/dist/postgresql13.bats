# Everything that asks the database, with the oldest release of PostgreSQL. It takes as long as `tools/check contract e2e`,
# and Debian's mirror: `bats tests/dist/postgresql13.bats`.
# shellcheck disable=SC2154 # contract.bash sets them

load ../contract/contract

@test "postgresql13: all suites pass" {
	PG_BIN=$("$top/tools/dev/postgresql" "$top/build/postgresql")
	export PG_BIN
	[[ $("$PG_BIN/postgres" --version) == 'postgres (PostgreSQL) 13.'* ]]
	"$top/tools/check" contract e2e >"$BATS_TEST_TMPDIR/out" || { grep -A9 ' [1-9][0-9]* failed' "$BATS_TEST_TMPDIR/out"; return 1; }
}

# Every statement of sql/queries against the migrated schema.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need PSQL APP_PSQL
	generate shopctl "$top/sql/queries/shopctl.sql"
	generate serving $(printf '%s\n' "$top"/sql/queries/*.sql | grep -v /shopctl.sql)
}

# generate NAME FILE... : the statements of the files, as queries.c prints them, in NAME.sql.
generate() {
	local dir=$BATS_FILE_TMPDIR/$1
	shift
	mkdir "$dir"
	awk -v out=h -f "$top/tools/dev/gen/queries.awk" "$@" >"$dir/queries.h"
	awk -v out=c -f "$top/tools/dev/gen/queries.awk" "$@" >"$dir/queries.c"
	${CC-cc} -std=gnu11 -I"$top" -I"$dir" "$top/tests/contract/queries.c" "$dir/queries.c" -o "$dir/print"
	"$dir/print" >"$dir.sql"
}

# A generic plan, or a null given to a strict function would hide a right that is missing.
explain_all() {
	{ echo 'set plan_cache_mode = force_generic_plan;'; cat "$BATS_FILE_TMPDIR/$2.sql"; } |
		$1 -X -q -A -t -v ON_ERROR_STOP=0 -f - 2>&1 |
		awk '/^[a-z_]+$/ { name = $0 } /ERROR/ { sub(/^.*ERROR: */, ""); print name ": " $0 }'
}

@test "queries: every statement of the programs can be prepared and run by the serving role" {
	explain_all "$APP_PSQL" serving | nothing "statements that fail"
	[[ $(grep -c '^prepare' "$BATS_FILE_TMPDIR/serving.sql") -gt 15 ]]
}

@test "queries: every statement of shopctl can be prepared and run by the owner" {
	explain_all "$PSQL" shopctl | nothing "statements that fail"
}

@test "queries: each is used" {
	for name in $(cat "$top"/sql/queries/*.sql | awk '/^-- name:/ { print $3 }'); do
		grep -rqw "query_$name" "$top"/cgi-bin "$top"/core "$top"/tools/shopctl || echo "$name"
	done | nothing "statements that no program uses"
}

# Every statement of sql/queries against the migrated schema: core/db/query.h says what is promised.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need PSQL APP_PSQL
	generate shopctl "$top"/sql/queries/{shopctl,setup}.sql
	generate serving $(printf '%s\n' "$top"/sql/queries/*.sql | grep -Ev "/(shopctl|setup).sql")
}

# generate NAME FILE... : the statements of the files as queries.c prints them, by NAME/print.
generate() {
	local dir=$BATS_FILE_TMPDIR/$1
	shift
	mkdir -p "$dir"
	awk -v out=h -f "$top/tools/dev/gen/queries.awk" "$@" >"$dir/queries.h"
	awk -v out=c -f "$top/tools/dev/gen/queries.awk" "$@" >"$dir/queries.c"
	${CC-cc} -std=gnu11 -I"$top" -I"$dir" "$top/tests/contract/queries.c" "$dir/queries.c" -o "$dir/print"
}

print() { "$BATS_FILE_TMPDIR/$1/print" "$2"; }

# A generic plan, or a null given to a strict function would hide a right that is missing.
explain_all() {
	{ echo 'set plan_cache_mode = force_generic_plan;'; print "$2" run; } |
		$1 -X -q -A -t -v ON_ERROR_STOP=0 -f - 2>&1 |
		awk '/^[a-z_]+$/ { name = $0 } /ERROR/ { sub(/^.*ERROR: */, ""); print name ": " $0 }'
}

@test "queries: every statement of the programs can be prepared and run by the serving role" {
	explain_all "$APP_PSQL" serving | nothing "statements that fail"
	[[ $(print serving run | grep -c '^prepare') -gt 15 ]]
}

@test "queries: every statement of shopctl and setup.cgi can be prepared and run by the owner" {
	explain_all "$PSQL" shopctl | nothing "statements that fail"
}

# compare PSQL NAME : the lines in which what the generator read differs from what the database makes of the statement.
# Columns that are read as text may be of any type that is not read otherwise.
compare() {
	diff <(print "$2" expect) <(print "$2" describe | $1 -X -q -A -t -F ' ' -v ON_ERROR_STOP=0 -f - 2>&1 | awk '
		function flush() { if (head) print head (list ? " -> " list : ""); head = list = "" }
		/^[a-z0-9_]+\(.*\)$/ { flush(); head = $0; next }
		/ void$/ || /^The command has no result/ { next }
		/ (smallint|integer|bigint)$/ { sub(/ [a-z]+$/, " integer") }
		/ERROR/ { print; next }
		/^[a-z0-9_?]+ / && !/ (integer|boolean|bytea)$/ { sub(/ .*$/, " text") }
		{ list = list (list ? ", " : "") $0 }
		END { flush() }')
}

@test "queries: the types of arguments, and the names and types of columns, are those that the database says" {
	compare "$APP_PSQL" serving | nothing "the generator's (<) and the database's (>)"
	compare "$PSQL" shopctl | nothing "the generator's (<) and the database's (>)"
}

# planted SQL... : the differences of a statement.
planted() {
	printf -- '-- name: planted :one\n%s\n' "$1" >"$BATS_TEST_TMPDIR/planted.sql"
	generate planted "$BATS_TEST_TMPDIR/planted.sql"
	compare "$PSQL" planted || true
}

@test "queries: a type that is wrong is noticed" {
	planted 'select status, is_deleted::boolean from orders where id = $order::uuid' | nothing "differences"
	planted 'select is_deleted from orders where id = $order::uuid' | grep -qx '> planted(uuid) -> is_deleted boolean'
	planted 'select number from orders where id = $order::uuid' | grep -qx '> planted(uuid) -> number integer'
	planted 'select token_hash from orders where id = $order::uuid' | grep -qx '> planted(uuid) -> token_hash bytea'
	planted 'select status from orders where id = $order::text' | grep -q 'ERROR: *operator does not exist: uuid = text'
	planted 'select wake from order_read($order::uuid, null, null, null) body' | grep -q 'ERROR: *column "wake" does not'
}

# calls FILE... : rows (function, position, name) for each argument that a statement passes to a function as it is.
calls() {
	# shellcheck disable=SC2016
	perl -0777 -ne 's/--[^\n]*//g; while (/\b([a-z_0-9]+)(\((?:[^()]++|(?2))*\))/g) {
		my ($name, $list, $n) = ($1, substr($2, 1, -1), 0);
		pos() = $+[1] + 1;
		for (split /,(?![^()]*\))/, $list) { $n++; print "(\x27$name\x27, $n, \x27$1\x27)\n" if /^\s*\$([a-z_0-9]+)/ }
	}' "$@" | paste -sd ,
}

# misplaced FILE... : arguments that stand where the function has another one, though it has one of that name too.
misplaced() {
	sql "select format('%s: %s is argument %s', c.name, c.argument, array_position(p.proargnames, c.argument))
		from (values $(calls "$@")) c (name, n, argument)
		join pg_proc p on p.proname = c.name and p.pronamespace = 'public'::regnamespace
		where c.argument = any (p.proargnames[1:p.pronargs]) and p.proargnames[c.n] <> c.argument"
}

@test "queries: arguments are in the order of the function's" {
	misplaced "$top"/sql/queries/*.sql | nothing "arguments in another place"
	echo 'select order_move($order::uuid, $status::text, null, null, null, null, $tracking::text, $note::text)' \
		>"$BATS_TEST_TMPDIR/swapped.sql"
	[[ $(misplaced "$BATS_TEST_TMPDIR/swapped.sql") == "order_move: tracking is argument 8
order_move: note is argument 7" ]]
}

# unmarked FILE... : volatile functions that a statement without :writes calls, and statements that write without it.
unmarked() {
	# shellcheck disable=SC2016
	perl -0777 -ne 's/^--(?! name:).*\n//mg; for (split /^-- name: /m) {
		my ($name, $kind, $sql) = /^(\w+) ([^\n]*)\n(.*)/s or next;
		next if $kind =~ /:writes/;
		print "(\x27$name\x27, \x27$1\x27)\n" while $sql =~ /\b([a-z_0-9]+)\(/g;
		print "(\x27$name\x27, \x27$1\x27)\n" if $sql =~ /^\s*(insert into|update|delete from) /mi }' "$@" |
		paste -sd , >"$BATS_TEST_TMPDIR/calls"
	sql "select c.name || ' ' || c.called from (values $(<"$BATS_TEST_TMPDIR/calls")) c (name, called)
		where c.called ~ ' |^update$' or exists (select 1 from pg_proc p
			where p.proname = c.called and p.pronamespace = 'public'::regnamespace and p.provolatile = 'v')"
}

@test "queries: what writes is marked as that, so that it is not sent twice" {
	# Locks are taken in a transaction alone; what the others write may be written twice.
	unmarked "$top"/sql/queries/*.sql | sed -E '/^(order_lock|stock_lock|session_caller|password_salt_of_[a-z]+) /d' |
		nothing "statements without :writes"
	printf -- '-- name: a :one\nselect order_adopt($order::uuid) as x\n-- name: b :exec\nupdate t set a = 1\n' \
		>"$BATS_TEST_TMPDIR/unmarked.sql"
	[[ $(unmarked "$BATS_TEST_TMPDIR/unmarked.sql") == "a order_adopt
b update" ]]
}

@test "queries: each is used" {
	for name in $(cat "$top"/sql/queries/*.sql | awk '/^-- name:/ { print $3 }'); do
		grep -rqwE "(query|run|named)_$name" "$top"/cgi-bin "$top"/core "$top"/tools/{shopctl,setup} || echo "$name"
	done | nothing "statements that no program uses"
}

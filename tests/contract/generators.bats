# What makes C of the SQL: tools/dev/gen. Needs awk and a C compiler.

setup() {
	top=$(cd "$BATS_TEST_DIRNAME/../.." && pwd)
	cd "$BATS_TEST_TMPDIR" || return
}

queries() { awk -v out="${out-c}" -f "$top/tools/dev/gen/queries.awk" "$@"; }
migrations() { awk -f "$top/tools/dev/gen/migrations.awk" "$@"; }

refuses() {
	local pattern=$1
	shift
	if "$@" >out 2>err; then echo "it was accepted"; return 1; fi
	grep -q "$pattern" err || { cat err; return 1; }
}

compile() { ${CC-cc} -std=gnu11 -Wall -Wextra -Werror -I. -I"$top" "$@"; }

@test "a query is copied unchanged, without comments and indents" {
	cat >a.sql <<-'END'
		-- About this file.
		-- name: first :one
		select 'it''s -- $a' as it, "odd\""col" as odd, E'\\' as e, $b::text as b /* $c
		 $d */, '
		  kept' as kept -- $e
			from t
			where a = $a::uuid[] and b = $b;

		-- name: second :exec :writes :reusable
		update t set a = 1
	END
	queries a.sql >queries.c
	out=h queries a.sql >queries.h
	cat >main.c <<-'END'
		#include <stdio.h>
		#include "queries.h"
		int main(void)
		{
			for (size_t i = 0; i < queries_n; i++)
				printf("%s %d %d\n%s\n", queries[i]->signature, queries[i]->writes,
				       queries[i]->query.reusable, queries[i]->query.sql);
			return queries[0] != &named_first;
		}
	END
	compile -c main.c queries.c
	${CC-cc} main.o queries.o -Wl,--unresolved-symbols=ignore-all -o main
	./main >is
	cat >expected <<-'END'
		first(b text, a uuid[]) -> it text, odd text, e text, b text, kept text 0 0
		select 'it''s -- $a' as it, "odd\""col" as odd, E'\\' as e, $1::text as b 
		, '
		  kept' as kept
		from t
		where a = $2::uuid[] and b = $1
		second() 1 1
		update t set a = 1
	END
	diff expected is
}

@test "the columns of a query are found" {
	cat >a.sql <<-'END'
		-- name: nested :one
		with a as (select 1 as x, 2 as y), b as (insert into t values (1) returning z)
		select coalesce(a.x, (select max(q) from r))::integer as most, b.z, (f(1, 2) is distinct from 3)::boolean as differs
		from a, b
		-- name: returning :optional
		insert into t (a) select x from u on conflict do update set a = 1 returning id, made::bigint;
		-- name: same :optional :like returning
		select id, 0::bigint as made
		-- name: all_of_it :many
		select t.id from t order by t.id, t.a
	END
	out=h queries a.sql | grep '^/. ---' >is
	cat >expected <<-'END'
		/* --- nested() -> most integer, z text, differs boolean */
		/* --- returning() -> id text, made integer */
		/* --- same() -> id text, made integer */
		/* --- all_of_it() -> id text */
	END
	diff expected is
}

@test "a query is called with all of its arguments, and with nothing else" {
	printf -- '-- name: a :one\nselect t.x from t where y = $y::text and z = $z::boolean and w = $w::bytea\n' >a.sql
	out=h queries a.sql >queries.h
	# call ARGUMENTS ROW
	call() {
		printf '#include "queries.h"\nint call(struct db_scope *in);\nint call(struct db_scope *in) {
			struct a_row row; struct rows rows; (void)rows; return query_a(in, %s, %s); }\n' "&${2-row}" "$1" >call.c
		compile -c call.c
	}
	call '.y = STR("y"), .z = true, .w = (struct bytea){ STR("w") }'
	call '.w = (struct bytea){ STR("w") }, .z = true, .y = STR("y")'
	refuses 'every argument must be given' call '.y = STR("y"), .z = true'
	refuses 'positional initialization' call 'STR("y"), true, (struct bytea){ STR("w") }'
	refuses 'no member named' call '.x = STR("y"), .z = true, .w = (struct bytea){ STR("w") }'
	refuses 'overwritten' call '.y = STR("y"), .y = STR("y"), .z = true'
	refuses 'missing braces' call '.y = STR("y"), .z = true, .w = STR("w")'
	refuses 'incompatible types\|used where' call '.y = STR("y"), .z = STR("z"), .w = (struct bytea){ STR("w") }'
	refuses 'incompatible pointer type' call '.y = STR("y"), .z = true, .w = (struct bytea){ STR("w") }' rows
}

@test "queries that cannot be read are refused" {
	# refused TEXT SQL
	refused() {
		printf -- "$2" >bad.sql
		refuses "$1" queries bad.sql
	}
	refused 'bad.sql:3: there is a statement a already' '-- name: a :one\nselect x\n-- name: a :one\nselect x\n'
	refused 'bad.sql:1: SQL before' 'select 1\n'
	refused 'expected "-- name' '-- name: a :some\nselect x\n'
	refused 'the order is' '-- name: a :one :reusable :writes\nselect x\n'
	refused 'the statement a is empty' '-- name: a :one\n-- name: b :one\nselect x\n'
	refused 'does not end' "-- name: a :one\nselect 'x\n"
	refused 'dollar quotes' '-- name: a :one\ndo $$ begin end $$\n'
	refused 'the type of $x is missing' '-- name: a :one\nselect y from t where x = $x\n'
	refused 'an argument is a name' '-- name: a :one\nselect y from t where x = $1\n'
	refused 'needs a name' '-- name: a :one\nselect f(x)\n'
	refused 'needs another name' '-- name: a :one\nselect x, t.x\n'
	refused 'gives no columns' '-- name: a :one\nupdate t set a = 1\n'
	refused 'no statement b above' '-- name: a :one :like b\nselect x\n'
	refused 'a is not like b: () -> x text, not () -> y text' '-- name: b :one\nselect y\n-- name: a :one :like b\nselect x\n'
}

# The parts that every database has, each with a statement.
migration_parts() {
	mkdir -p schema functions
	for part in functions/base functions/order views triggers derived code_drop code_record grants restore_{begin,clear,end}; do
		echo "$part it;" >"$part.sql"
	done
}

@test "migrations keep every byte, and the code its order" {
	migration_parts
	printf -- "select 'a\\\\b\"', \t'ä';\n" >schema/0001_base.sql
	printf -- '-- nothing\n' >schema/0007_late_one.sql
	migrations schema/*.sql functions/*.sql ./*.sql >migrations.c
	cat >main.c <<-'END'
		#include <stdio.h>
		#include "core/db/migrate.h"
		int main(void)
		{
			const struct migration_set *s = &migration_set;
			for (size_t i = 0; i < s->migrations_n; i++)
				printf("%u %s\n%s", s->migrations[i].number, s->migrations[i].name, s->migrations[i].sql);
			for (size_t i = 0; i < s->code_n; i++)
				printf("%s: %s", s->code[i].name, s->code[i].sql);
			printf("%s%s%s", s->code_drop, s->code_record, s->grants);
			printf("%s%s%s", s->restore_begin, s->restore_clear, s->restore_end);
			return 0;
		}
	END
	${CC-cc} -std=gnu11 -Wall -Wextra -Werror -I"$top" main.c migrations.c -o main
	./main >is
	{
		echo 1 base; cat schema/0001_base.sql
		echo 7 late_one; cat schema/0007_late_one.sql
		for part in functions/base views functions/order triggers derived; do echo "$part: $part it;"; done
		cat code_drop.sql code_record.sql grants.sql restore_{begin,clear,end}.sql
	} | diff - is
}

@test "migrations with wrong names, or a part that is missing, are refused" {
	migration_parts
	for file in base 0001_a 0001_b; do echo 'select 1;' >"schema/$file.sql"; done
	refuses 'needs a name like' migrations schema/base.sql
	refuses 'not higher' migrations schema/0001_a.sql schema/0001_b.sql
	echo ';' >other.sql
	refuses 'unknown part of' migrations schema/0001_a.sql other.sql
	rm other.sql
	for part in functions/base views triggers derived code_drop code_record grants restore_{begin,clear,end}; do
		mv "$part.sql" kept
		refuses "${part#functions/}.sql is missing" migrations schema/0001_a.sql functions/*.sql ./*.sql
		mv kept "$part.sql"
	done
}

# --- the rules of sql/ ------------------------------------------------------

@test "a function that is defined twice, lies in the wrong file or selects * is refused" {
	mkdir -p tools/dev sql
	cp "$top/tools/dev/sql-rules" tools/dev/
	cp -R "$top"/sql/* sql/
	tools/dev/sql-rules
	cp -R sql kept
	while IFS='|' read -r words file line; do
		printf '%b\n' "$line" >>"sql/$file"
		refuses "$words" tools/dev/sql-rules
		cp kept/"$file" "sql/$file"
	done <<-'END'
		defined in .* already|functions/cart.sql|create or replace function order_lock(which uuid) returns void
		belongs in sql/views.sql|functions/cart.sql|create or replace view v as
		belongs in sql/functions|schema/0002_users.sql|create or replace function f() returns void
		or replace|functions/cart.sql|create function f() returns void
		or replace|views.sql|create view v as
		selects|views.sql|create or replace view v as\nselect * from orders;
		selects|functions/cart.sql|\treturn query\n\tselect o.* from orders o;
	END
}

# --- externs ----------------------------------------------------------------

@test "an extern that nothing else uses is refused: a statement by its place in sql/queries" {
	mkdir -p sql/queries
	printf -- '-- name: other :exec\nselect 1;\n-- name: planted :one\nselect 1;\n' >sql/queries/plants.sql
	# The exceptions must be there.
	sed -n "/^for_tests='/,/^'/s/^\([a-z0-9_]*\)\t.*/int \1;/p" "$top/tools/dev/externs" >allowed.c
	grep -q 'int queries;' allowed.c
	echo 'int used(void); int main(void) { return used(); }' >main.c
	echo 'int used(void); int used(void) { return 0; }' >used.c
	compile -c allowed.c main.c used.c
	"$top/tools/dev/externs" allowed.o main.o used.o
	echo 'int forgotten; int named_planted;' >plant.c
	compile -c plant.c
	! "$top/tools/dev/externs" allowed.o main.o used.o plant.o >out
	diff <(sort out) - <<-'END'
		plant.o: nothing else uses forgotten: make it static, or remove it
		sql/queries/plants.sql: no program uses the statement planted: call query_planted(), or remove it
	END
}

@test "builds of one checkout that run at once do not disturb each other" {
	local pids=() pid
	for _ in {1..24}; do
		make -s -C "$top" build/gen/groups.def build/version build/linked-with 2>>err &
		pids+=($!)
	done
	for pid in "${pids[@]}"; do wait "$pid" || { cat err; return 1; }; done
	run ls "$top"/build/gen/groups.def.* "$top"/build/version.*
	[ "$status" -ne 0 ]
}

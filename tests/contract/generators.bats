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

@test "a query comes out as it went in, without comments and indents" {
	cat >a.sql <<-'END'
		-- About this file.
		-- name: first :one
		select 'it''s -- $9', "odd\""col", E'\\', $2 /* $14
		 $15 */, '
		  kept' -- $16
			from t
			where a = $1;

		-- name: second :exec :reusable
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
				printf("%s %u %d\n%s\n", queries[i]->name, queries[i]->params_n,
				       queries[i]->reusable, queries[i]->sql);
			return queries[0] != &query_first;
		}
	END
	${CC-cc} -std=gnu11 -Wall -Wextra -Werror -I. -I"$top" main.c queries.c -o main
	./main >is
	cat >expected <<-'END'
		first 2 0
		select 'it''s -- $9', "odd\""col", E'\\', $2 
		, '
		  kept'
		from t
		where a = $1
		second 0 1
		update t set a = 1
	END
	diff expected is
}

@test "queries that cannot be read are refused" {
	printf -- '-- name: a :one\nselect 1\n-- name: a :one\nselect 2\n' >twice.sql
	refuses 'twice.sql:3: there is a statement a already' queries twice.sql
	printf -- 'select 1\n' >nameless.sql
	refuses 'nameless.sql:1: SQL before' queries nameless.sql
	printf -- '-- name: a :some\nselect 1\n' >kind.sql
	refuses 'expected "-- name' queries kind.sql
	printf -- '-- name: a :one\n-- name: b :one\nselect 1\n' >empty.sql
	refuses 'the statement a is empty' queries empty.sql
	printf -- "-- name: a :one\nselect 'x\n" >open.sql
	refuses 'does not end' queries open.sql
	# shellcheck disable=SC2016
	printf -- '-- name: a :one\ndo $$ begin end $$\n' >dollar.sql
	refuses 'dollar quotes' queries dollar.sql
}

# The parts that every database has, each with a statement.
migration_parts() {
	mkdir -p schema functions
	for part in functions/base functions/order views triggers code_drop code_record grants; do
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
			return 0;
		}
	END
	${CC-cc} -std=gnu11 -Wall -Wextra -Werror -I"$top" main.c migrations.c -o main
	./main >is
	{
		echo 1 base; cat schema/0001_base.sql
		echo 7 late_one; cat schema/0007_late_one.sql
		for part in functions/base views functions/order triggers; do echo "$part: $part it;"; done
		cat code_drop.sql code_record.sql grants.sql
	} | diff - is
}

@test "migrations with wrong names, or a part that is missing, are refused" {
	migration_parts
	for file in base 0001_a 0001_b; do echo 'select 1;' >"schema/$file.sql"; done
	refuses 'is called like' migrations schema/base.sql
	refuses 'not higher' migrations schema/0001_a.sql schema/0001_b.sql
	echo ';' >other.sql
	refuses 'no part of' migrations schema/0001_a.sql other.sql
	rm other.sql
	for part in functions/base views triggers code_drop code_record grants; do
		mv "$part.sql" kept
		refuses "${part#functions/}.sql is missing" migrations schema/0001_a.sql functions/*.sql ./*.sql
		mv kept "$part.sql"
	done
}

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

@test "migrations keep every byte" {
	printf -- "select 'a\\\\b\"', \t'ä';\n" >0001_base.sql
	printf -- '-- nothing\n' >0007_late_one.sql
	printf -- 'grant it;\n' >grants.sql
	migrations 0001_base.sql 0007_late_one.sql grants.sql >migrations.c
	cat >main.c <<-'END'
		#include <stdio.h>
		#include "core/db/migrate.h"
		int main(void)
		{
			for (size_t i = 0; i < migration_list.n; i++)
				printf("%u %s\n%s", migration_list.items[i].number, migration_list.items[i].name,
				       migration_list.items[i].sql);
			return !fputs(grants_sql, stdout);
		}
	END
	${CC-cc} -std=gnu11 -Wall -Wextra -Werror -I"$top" main.c migrations.c -o main
	./main >is
	{ echo 1 base; cat 0001_base.sql; echo 7 late_one; cat 0007_late_one.sql grants.sql; } | diff - is
}

@test "migrations with wrong names or no grants are refused" {
	touch base.sql 0001_a.sql 0001_b.sql grants.sql
	for file in *.sql; do echo 'select 1;' >"$file"; done
	refuses 'is called like' migrations base.sql grants.sql
	refuses 'not higher' migrations 0001_a.sql 0001_b.sql grants.sql
	refuses 'grants.sql is missing' migrations 0001_a.sql
}

#!/usr/bin/env bats
# core/base/error_codes.def and reasons.def: what C and SQL refuse has its code and its sentence there, and nothing stands
# there for nobody.

load contract

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	names=$(sed -n 's/^ERROR_CODE(\([A-Z_0-9]*\),.*/\1/p' core/base/error_codes.def | sort)
	export names
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# SQL as statements, one a line, without comments.
sql_statements() { sed 's/--.*//' sql/functions/*.sql | tr '\n\t' '  ' | tr ';' '\n'; }

# sql_names FUNCTION : the names that SQL calls it with, in the second argument; of a `case` all.
sql_names() {
	local inside='(?:[^(),]|(\((?:[^()]|(?1))*\)))*'
	sql_statements | grep -oP "(?<![a-z_])$1\($inside,\K${inside//1/2}" | grep -oP "(^|then|else) *\K'[a-z_0-9]+'" |
		tr -d "'" | sort -u
}

@test "every rule has a name of its own" {
	[[ $(uniq -d <<<"$names") == '' ]]
}

@test "every rule is used by C or by SQL" {
	used=$({
		grep -rohE '\bERROR_[A-Z_0-9]+' --include='*.[ch]' core cgi-bin tools | sed 's/^ERROR_//'
		sql_names 'refused?' | tr a-z A-Z
	} | sort -u)
	diff <(comm -23 <(echo "$names") <(echo "$used")) /dev/null
}

@test "every rule that SQL raises is in the list" {
	diff <(comm -13 <(tr A-Z a-z <<<"$names" | sort) <(sql_names 'refused?')) /dev/null
}

@test "C writes no code of its own" {
	run grep -rnE 'json_str(z)?\(.*"(code)"' --include='*.c' core/resource core/db cgi-bin
	[[ $output == '' ]]
}

@test "every reason that SQL denies a request for is in the list, and each there is used" {
	diff <(sed -n 's/^REASON(\([A-Z_0-9]*\),.*/\1/p' core/base/reasons.def | tr A-Z a-z | sort) <(sql_names deny)
}

@test "SQL raises errors for clients by refuse() and deny() alone, and has no sentences for them" {
	# CSVER is for the operator: a client gets no word of it.
	{ grep -n 'raise .*errcode' sql/functions/*.sql | grep -vE "^sql/functions/refusal.sql|'CSVER'" || true; } |
		nothing "use refuse() or deny()"
	{ sql_statements | grep -E "raise |refused?\(|deny\(|'detail'" | grep -E "'[A-Z]([^']|'')* ([^']|'')*\.'" || true; } |
		nothing "sentences in SQL"
}

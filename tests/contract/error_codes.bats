#!/usr/bin/env bats
# core/base/error_codes.def: what C and SQL refuse has its code there, and nothing stands there for nobody.

load contract

setup_file() {
	cd "$BATS_TEST_DIRNAME/../.." || return
	names=$(sed -n 's/^ERROR_CODE(\([A-Z_0-9]*\),.*/\1/p' core/base/error_codes.def | sort)
	codes=$(sed -n 's/^ERROR_CODE([A-Z_0-9]*, "\([a-z_0-9]*\)".*/\1/p' core/base/error_codes.def | sort -u)
	export names codes
}

setup() {
	cd "$BATS_TEST_DIRNAME/../.." || return
}

# Codes in SQL: what refuse(), refuse_conflict() and refused() are called with, messages of exceptions, and what stands
# beside 'code' in JSON; of a `case` all.
sql_codes() {
	find sql -name '*.sql' -exec cat {} + | sed 's/--.*//' | tr '\n\t' '  ' |
		sed -E "s/->> *'[a-z_]+'//g; s/([ (])(perform refuse\(|perform refuse_conflict\(|message = |refused\(|'code',)/\1\n\2/g" |
		sed -nE "s/;.*//; s/jsonb?_build_object\(.*//; /^perform refuse(_conflict)?\(/p; /^message =/p; s/^refused\([^,]*, *('[a-z_0-9]+').*/\1/p; /^'code', *(case|')/{ s/^'code',//; s/'(detail|params)'.*//; s/\).*//; p; }" |
		grep -oE "'[a-z_0-9]+'" | tr -d "'" | sort -u
}

@test "every rule has a name of its own" {
	[[ $(uniq -d <<<"$names") == '' ]]
}

@test "every rule is used by C or by SQL" {
	used=$({
		grep -rohE '\bERROR_[A-Z_0-9]+' --include='*.[ch]' core cgi-bin tools | sed 's/^ERROR_//'
		sql_codes | tr a-z A-Z
	} | sort -u)
	diff <(comm -23 <(echo "$names") <(echo "$used")) /dev/null
}

@test "every code that SQL raises is a rule or a rule's code" {
	known=$({ tr A-Z a-z <<<"$names"; echo "$codes"; } | sort -u)
	diff <(comm -13 <(echo "$known") <(sql_codes)) /dev/null
}

@test "C writes no code of its own" {
	run grep -rnE 'json_str(z)?\(.*"(code)"' --include='*.c' core/resource core/db cgi-bin
	[[ $output == '' ]]
}

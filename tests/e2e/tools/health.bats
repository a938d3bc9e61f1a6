# What /meta/health says of a database that is not this version's, by the program itself.
# shellcheck disable=SC2154 # cluster.bash sets them

load ../../support/cluster

# says STATUS STATE : health has this status, and this state of the schema.
says() {
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=GET SCRIPT_NAME=/cgi-bin/api/meta PATH_INFO=/health SECRET_KEY="$SECRET" \
		APP_ENV=test "DATABASE_URL=$(url owner)" "${shopctl%/bin/shopctl}/cgi-bin/api/meta" </dev/null 2>log >answer
	cat answer
	grep -q "^Status: $1 " answer
	[[ $(tail -n 1 answer | jq -r '[.schema_state, .database] | join(" ")') == "$2 ok" ]]
}

@test "health: a database without tables, and one with them" {
	says 503 missing
	grep -q 'run shopctl migrate' answer
	ctl migrate >/dev/null
	says 200 current
	[[ $(tail -n 1 answer | jq .schema) == $((10#${last%%_*})) ]]
}

@test "health: a database of a newer version" {
	ctl migrate >/dev/null
	sql "$base" "insert into schema_migrations values (9999, 'future', 'x')"
	says 503 newer
}

@test "health: a database of an older version" {
	ctl migrate >/dev/null
	sql "$base" "update schema_code set checksum = 'x'"
	says 503 outdated
	ctl migrate >/dev/null
	says 200 current
	sql "$base" "delete from schema_migrations where number = (select max(number) from schema_migrations)"
	says 503 outdated
	sql "$base" "truncate schema_migrations"
	says 503 missing
}

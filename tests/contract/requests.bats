# What a request may bring is what --describe says, and nothing else.
# shellcheck disable=SC2154 # contract.bash and api.bash set them

load contract
load ../support/api

setup_file() {
	need PSQL API ADMIN_EMAIL ADMIN_PASSWORD
	describe_all >"$BATS_FILE_TMPDIR/groups.json"
}

setup() { groups=$BATS_FILE_TMPDIR/groups.json; }

@test "requests: what a route does not describe is refused with unknown_field" {
	local method path n=0
	while read -r method path; do
		if [[ $path == /addresses* ]]; then as customer; else as admin; fi
		path=${path//\{id\}/$(cat /proc/sys/kernel/random/uuid)}
		path=${path//\{return\}/$(cat /proc/sys/kernel/random/uuid)}
		api "$method" "$path" -H "Idempotency-Key: $(unique)" --json '{"no_such_member":1}'
		n=$((n + 1))
		[[ $body == *'"pointer":"/no_such_member"'*'"code":"unknown_field"'* ]] || echo "$method $path: $status $body"
	done >"$BATS_TEST_TMPDIR/taken" < <(jq -r '.[] | .group as $g | .routes[]
		| select(.takes == "members" or .takes == "resource") | "\(.method) /\($g)\(.pattern)"' "$groups")
	(( n > 40 ))
	nothing "routes that take a member that they do not describe" <"$BATS_TEST_TMPDIR/taken"
}

# Who may do what: the answers to every route, asked by nine callers, against the table in rights.txt.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() { need PSQL API; }

# METHOD /group/pattern of every route there is.
routes() { describe_all | jq -r '.[] | .group as $g | .routes[] | "\(.method) /\($g)\(.pattern)"' | sort; }

listed() { awk '/^[A-Z]/ { sub(/\?.*/, "", $2); print $1, $2 }' "$1" | sort -u; }

@test "rights: every route is in rights.requests and rights.txt" {
	for file in rights.requests rights.txt; do
		comm -23 <(routes) <(listed "$top/tests/contract/$file") | nothing "routes without a line in tests/contract/$file"
		comm -13 <(routes) <(listed "$top/tests/contract/$file") | nothing "lines of $file without a route"
	done
}

@test "rights: each caller may do exactly what rights.txt lists" {
	ANSWERS=$BATS_TEST_TMPDIR/answers "$top/tests/contract/rights" >"$BATS_TEST_TMPDIR/rights.txt"
	{ diff "$top/tests/contract/rights.txt" "$BATS_TEST_TMPDIR/rights.txt" || true; } |
		sed -n '/^[<>]/p' >"$BATS_TEST_TMPDIR/diff"
	sed -n 's/^> //p' "$BATS_TEST_TMPDIR/diff" | while read -r method pattern target _; do
		grep -F "$method $pattern $target as " "$BATS_TEST_TMPDIR/answers"
	done
	nothing "< is promised, > is so; how a change that is meant is taken over: tests/contract/rights" \
		<"$BATS_TEST_TMPDIR/diff"
}

# A request about a row that make_world() in tests/contract/rights does not insert is 404 for all. Only providers call
# /webhooks.
@test "rights: a route succeeds for some caller" {
	awk '/^[A-Z]/ && $2 !~ /^\/webhooks/ {
			sub(/\?.*/, "", $2)
			for (i = 4; i <= 9; i++) if ($i ~ /^[23]/) succeeds[$1 " " $2]
			lines[$1 " " $2] = lines[$1 " " $2] $0 "\n"
		}
		END { for (route in lines) if (!(route in succeeds)) printf "%s", lines[route] }' "$top/tests/contract/rights.txt" |
		nothing "routes that succeed for nobody; does make_world() in tests/contract/rights insert their rows?"
}

# What must hold whatever the table says. A customer's addresses, account and the orders in it are theirs alone to
# change; staff get the reason why their account stays.
@test "rights: rights.txt accepts no invalid token, and gives no caller more than an admin" {
	# A key takes the place of a session there, so that one with it is refused as a wrong key.
	awk '/^[A-Z]/ && $2 !~ /^\/meta\/metrics/ && ($10 != 401 || $11 != 401 || $12 != 401)' "$top/tests/contract/rights.txt" |
		nothing "expired, revoked or suspended, and not 401"
	awk '$2 ~ /^\/meta\/metrics/ || $2 ~ /^\/addresses/ && $1 != "GET" || $2 ~ /\/(adopt|disown)$/ || $1 $2 == "DELETE/auth/me" { next }
		/^[A-Z]/ && $9 !~ /^2/ { for (i = 4; i < 9; i++) if ($i ~ /^2/) { print; next } }' \
		"$top/tests/contract/rights.txt" |
		nothing "more than an admin"
	awk '$1 $2 == "DELETE/auth/me" { gsub(/409/, 403) }
		$1 $2 == "PATCH/orders/{id}" { gsub(/422/, 403) } # what staff note on it is no field of a customer
		/^[A-Z]/ { for (i = 4; i <= 12; i++) if ($i !~ /^(200|201|202|204|303|400|401|403|404)$/) { print; next } }' \
		"$top/tests/contract/rights.txt" | nothing "statuses that say nothing about rights"
}

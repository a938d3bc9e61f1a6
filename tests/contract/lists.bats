# The lists in .def files and what must agree with them.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

# name, default, doc of every SETTING, with bars between; the comment at the top shows how one looks.
settings() {
	sed '/^\/\*/,/\*\//d' "$top/core/config/settings.def" | tr '\n' ' ' | grep -o 'SETTING([^"]*"[^"]*",[^"]*"[^"]*")' |
		sed 's/SETTING(\([A-Z0-9_]*\),[^"]*"\([^"]*\)",[^"]*"\([^"]*\)")/\1|\2|\3/'
}

# NAME, status, slug of every problem.
problems() {
	sed -n 's/^PROBLEM(\([A-Z_]*\),[^0-9]*\([0-9]*\),[^"]*"\([^"]*\)".*/\1 \2 \3/p' "$top/core/base/problem.def"
}

@test "lists: .env.example has every setting, with its default and its description, and no other" {
	(( $(settings | wc -l) == $(grep -c '^SETTING(' "$top/core/config/settings.def") ))
	diff <(settings | cut -d "|" -f 1 | sort) <(sed -n 's/^#\{0,1\}\([A-Z][A-Z0-9_]*\)=.*/\1/p' "$top/.env.example" | sort)
	settings | while IFS="|" read -r name value doc; do
		grep -qxF -e "#$name=$value" -e "$name=$value" "$top/.env.example" || echo "$name: not its default '$value'"
		grep -qxF "# $doc" "$top/.env.example" || echo "$name: not its description"
	done | nothing "settings that .env.example has otherwise"
}

@test "lists: .env.example has every limit with its figures" {
	sed '/^\/\*/,/\*\//d' "$top/core/config/rate_limits.def" | tr -d '\n' | sed 's/RATE_LIMIT(/\n&/g' | sed '1d' |
		sed 's/^RATE_LIMIT([^"]*"\([^"]*\)",[^0-9"]* \([0-9]*\), \([0-9]*\),[^"]*"\([^"]*\)".*/#   \1=\2\/\3: \4/' >"$BATS_TEST_TMPDIR/limits"
	echo >>"$BATS_TEST_TMPDIR/limits"
	(( $(grep -c . "$BATS_TEST_TMPDIR/limits") == $(grep -c '^RATE_LIMIT(' "$top/core/config/rate_limits.def") ))
	diff "$BATS_TEST_TMPDIR/limits" <(grep -E '^#   [a-z-]+=[0-9]+/[0-9]+: ' "$top/.env.example")
}

@test "lists: no setting twice" {
	grep -oE '^SETTING\([A-Z0-9_]+' "$top/core/config/settings.def" | cut -d '(' -f 2 | sort | uniq -d |
		nothing "settings that come twice"
}

@test "lists: every problem is used, and some test expects it" {
	(( $(problems | wc -l) == $(grep -c '^PROBLEM(' "$top/core/base/problem.def") ))
	problems | while read -r name _ slug; do
		grep -rqw "PROBLEM_$name" "$top/core" "$top/cgi-bin" || echo "$name: no program uses it"
		grep -rqwE "$slug|PROBLEM_$name" "$top/tests/e2e" "$top/tests/support" "$top/tests/unit" --include='*.ba*' --include='*.c' ||
			echo "$slug: no test expects it"
	done | nothing "problems"
}

# 501 is the answer of /invoices/{id}/pdf alone, where the program that draws is missing.
@test "lists: no problem twice, statuses as promised" {
	problems | cut -d ' ' -f 3 | sort | uniq -d | nothing "slugs that come twice"
	problems | awk '$2 !~ /^(400|401|403|404|405|409|412|413|415|422|429|503)$/ && $1 !~ /^(INTERNAL|NO_PDF)$/' |
		nothing "statuses that the contract does not know"
}

@test "lists: routes have each method and pattern once, and a role" {
	describe_all | jq -r '.[] | .group as $g | .routes[] | "\(.method) \($g)\(.pattern)"' | sort | uniq -d |
		nothing "routes that come twice"
	describe_all | jq -r '.[] | .group as $g | .routes[] | select(.min_role == null) | "\(.method) \($g)\(.pattern)"' |
		nothing "routes for nobody"
}

# A call that queues a message by a literal name.
readonly NOTIFY="(order|store)_notify\(o, (\(select[^)]*\), |[a-z]+, )?'[a-z_]+'[,)]"

# Names of the messages that SQL queues for customers (codes, orders) and for stores.
customer_messages() {
	grep -hoE "$NOTIFY" "$top"/sql/functions/*.sql | sed -n "s/^order_.*'\(.*\)'.*/\1/p"
	grep -ohE "(then|else) 'otp[a-z_]*'" "$top/sql/functions/challenge.sql" | cut -d "'" -f 2
}
store_messages() { grep -hoE "$NOTIFY" "$top"/sql/functions/*.sql | sed -n "s/^store_.*'\(.*\)'.*/\1/p"; }

@test "lists: SQL queues messages by literal names, which a search finds" {
	grep -nE '(order|store)_notify\(' "$top"/sql/functions/*.sql | grep -vE 'create (or replace )?function' |
		{ grep -vE "$NOTIFY" || true; } | nothing "calls without a literal name"
}

@test "lists: each language has exactly the templates of the messages that SQL queues" {
	local directory
	(( $(customer_messages | sort -u | wc -l) >= 9 && $(store_messages | sort -u | wc -l) >= 2 ))
	{ customer_messages | sed 's/.*/&.mail\n&.sms/'; store_messages | sed 's/$/.mail/'; } |
		sort -u >"$BATS_TEST_TMPDIR/expected"
	for directory in "$top"/core/message/templates/*/; do
		diff "$BATS_TEST_TMPDIR/expected" <(cd "$directory" && printf '%s\n' * | sort) |
			sed -n "s%^< \(.*\)%${directory#"$top/"}\1 is missing%p; s%^> \(.*\)%${directory#"$top/"}\1: no SQL queues it%p"
	done | nothing "templates"
}

@test "lists: shopctl doctor and .env.example list the messages that SQL queues" {
	{ customer_messages; store_messages; } | sort -u >"$BATS_TEST_TMPDIR/all"
	sed -n '/messages\[\] = {/,/};/p' "$top/tools/shopctl/doctor_messages.c" | grep -o '"[a-z_]*"' | tr -d '"' | sort >"$BATS_TEST_TMPDIR/doctor"
	sed -n '/^# Our names are:/,/\.$/p' "$top/.env.example" | sed 's/.*: //; s/^# //' | tr -d ' .' | tr ',' '\n' | sed '/^$/d' | sort >"$BATS_TEST_TMPDIR/msg91"
	diff "$BATS_TEST_TMPDIR/all" "$BATS_TEST_TMPDIR/doctor" >"$BATS_TEST_TMPDIR/diff" || true
	nothing "< is queued, > is in tools/shopctl/doctor_messages.c" <"$BATS_TEST_TMPDIR/diff"
	diff <(customer_messages | sort -u) "$BATS_TEST_TMPDIR/msg91" >"$BATS_TEST_TMPDIR/diff" || true
	nothing "< is queued, > is in .env.example for MSG91" <"$BATS_TEST_TMPDIR/diff"
}

@test "lists: each setting is read by some C file" {
	sed -n 's/^SETTING([A-Z0-9_]*, *\([a-z0-9_]*\),.*/\1/p' "$top/core/config/settings.def" >"$BATS_TEST_TMPDIR/members"
	(( $(wc -l <"$BATS_TEST_TMPDIR/members") == $(grep -c '^SETTING(' "$top/core/config/settings.def") ))
	grep -rohE '\b(c->)?(c|config)(->|\.)[a-z0-9_]+' "$top/core" "$top/cgi-bin" "$top/tools" --include='*.c' |
		sed 's/.*[>.]//' | sort -u >"$BATS_TEST_TMPDIR/read"
	comm -23 <(sort -u "$BATS_TEST_TMPDIR/members") "$BATS_TEST_TMPDIR/read" | nothing "settings that no C file reads"
}

@test "lists: a setting that is named like a secret has a kind that is kept secret" {
	sed -n 's/^SETTING(\([A-Z0-9_]*\), *[a-z0-9_]*, *\([a-z_]*\),.*/\1 \2/p' "$top/core/config/settings.def" |
		grep -E '^[A-Z0-9_]*(SECRET|KEY|TOKEN|PASSWORD|DATABASE_(OWNER_)?URL)' | grep -v '^RAZORPAY_KEY_ID ' >"$BATS_TEST_TMPDIR/named"
	(( $(wc -l <"$BATS_TEST_TMPDIR/named") >= 13 ))
	sed -E '/ (secret|key|code|database|secret_word|secret_line)$/d' "$BATS_TEST_TMPDIR/named" | nothing "secrets of a kind that is printed"
}

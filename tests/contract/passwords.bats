# How many passwords are hashed at once on a machine: programs started by hand, with a cost that takes a second.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need APP_PSQL
	APP_URL=$(app_url)
	SECRET=$(unique)$(unique)$(unique)
	export APP_URL SECRET
}

unique() { openssl rand -hex 12; }

# sign_in NUMBER CONCURRENCY [COST] : somebody whom nobody knows, which takes as long; status and seconds into a file.
sign_in() {
	local body='{"email":"nobody@example.test","password":"correct horse battery"}' start=$EPOCHREALTIME
	env -i GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST SCRIPT_NAME=/cgi-bin/api/auth PATH_INFO=/admin/login QUERY_STRING= \
		CONTENT_TYPE=application/json CONTENT_LENGTH=${#body} "DATABASE_URL=$APP_URL" "SECRET_KEY=$SECRET" APP_ENV=test \
		RATE_LIMITS=off SCRYPT_COST="${3-17/8/1}" "SCRYPT_CONCURRENCY=$2" "$build/cgi-bin/api/auth" <<<"$body" \
		>"$BATS_TEST_TMPDIR/answer-$1" 2>/dev/null
	awk -v status="$(sed -n 's/^Status: \([0-9]*\).*/\1/p' "$BATS_TEST_TMPDIR/answer-$1")" -v a="$start" -v b="$EPOCHREALTIME" \
		'BEGIN { print status, b - a }' >"$BATS_TEST_TMPDIR/took-$1"
}

places() {
	echo "/tmp/cgishop-$(printf 'scrypt slots' | openssl dgst -sha256 -hmac "$SECRET" -r | cut -c 1-16)-$(id -u)"
}

@test "passwords: with one place they are hashed one after the other" {
	sign_in alone 1
	start=$EPOCHREALTIME
	for i in 1 2 3; do sign_in "$i" 1 16/8/1 & done
	wait
	end=$EPOCHREALTIME
	# Half of the cost each, so one and a half of it in all; two at once would take half of it less. The faster of two
	# runs is what one takes: the other may have had company.
	sign_in alone-again 1
	cat "$BATS_TEST_TMPDIR"/took-alone* | awk -v took="$end" -v start="$start" '
		NR == 1 || $2 < alone { alone = $2 } END { exit took - start < 1.2 * alone }'
	for i in 1 2 3; do [[ $(<"$BATS_TEST_TMPDIR/took-$i") == 401* ]]; done
}

@test "passwords: a request that has waited too long gets 429, and nothing is counted" {
	for i in {1..4}; do sign_in "$i" 1 17/8/5 & done
	wait
	cut -d ' ' -f 1 "$BATS_TEST_TMPDIR"/took-* | sort | uniq -c >"$BATS_TEST_TMPDIR/statuses"
	grep -q ' 401$' "$BATS_TEST_TMPDIR/statuses"
	grep -q ' 429$' "$BATS_TEST_TMPDIR/statuses"
	(( $(wc -l <"$BATS_TEST_TMPDIR/statuses") == 2 ))
	grep -L '^Status: 401' "$BATS_TEST_TMPDIR"/answer-* | while read -r file; do
		grep -q '^Retry-After: 2' "$file" && grep -q '/problems/rate-limited' "$file" || echo "$file"
	done | nothing "without Retry-After"
}

@test "passwords: a slot is reserved for known users" {
	for i in 1 2 3; do sign_in "$i" 2 16/8/4 & done
	sleep 0.3
	name=$(places)
	# Of the two bytes the second one is free.
	[[ $(awk -v inode="$(stat -c %i "$name")" '$3 == "ADVISORY" && $6 ~ ":" inode "$" { print $7 }' /proc/locks) == 0 ]]
	wait
}

@test "passwords: a place is free when its holder was killed" {
	sign_in killed 1 17/8/10 &
	sleep 0.5
	program=$(pgrep -n -f "^$build/cgi-bin/api/auth\$")
	tr '\0' '\n' <"/proc/$program/environ" | grep -qx "SECRET_KEY=$SECRET"
	kill -9 "$program"
	wait
	sign_in next 1 10/8/1
	[[ $(<"$BATS_TEST_TMPDIR/took-next") == 401* ]]
}

@test "passwords: the file of slots is private to its user, and 0 needs none" {
	sign_in 1 1 10/8/1
	name=$(places)
	[[ $(stat -c %a "$name") == 600 ]]
	rm "$name"
	sign_in 2 0 10/8/1
	[[ ! -e $name && $(<"$BATS_TEST_TMPDIR/took-2") == 401* ]]
}

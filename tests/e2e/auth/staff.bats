# Staff and admins: e-mail address, password, how often one may fail.

load ../../support/auth

@test "auth: an admin signs in" {
	make_staff is_admin
	login_staff
	expect 200
	[[ $token =~ ^[A-Za-z0-9_-]{43}$ ]]
	[[ $(as_sent 'keys_unsorted | join(" ")') == "token expires_at user device" ]]
	[[ $(field .user.email) == "$email" && $(field .user.is_admin) == true && $(field .user.is_staff) == false ]]
	[[ $(as_sent '.user | keys_unsorted | join(" ")') == \
		"id email email_verified mobile_number mobile_verified name is_admin is_staff is_customer is_active created_at modified_at" ]]
	[[ $(header Cache-Control) == no-store ]]
	s=$(seconds_until "$(field .expires_at)")
	(( s > 12 * 3600 - 30 && s <= 12 * 3600 ))
}

@test "auth: staff sign in, whatever the letter case of their e-mail address" {
	make_staff is_staff
	email=${email^^}
	login_staff
	expect 200
}

@test "auth: a wrong password and an unknown address look the same" {
	make_staff is_admin
	login_staff 'wrong horse battery'
	expect 401 invalid-credentials
	[[ $(header WWW-Authenticate) == Bearer ]]
	wrong=$(as_sent 'del(.request_id) | tostring')
	email=nobody-$email
	login_staff
	expect 401 invalid-credentials
	[[ $(as_sent 'del(.request_id) | tostring') == "$wrong" ]]
}

@test "auth: an unknown account takes as long as a wrong password" {
	make_staff is_admin
	# With that their hash costs what nobody's does.
	sign_in_by_cgi "$email" "$PASSWORD"
	[[ $said == 'Status: 200'* ]]
	cpu_of_failures "$email" "nobody-$email"
	known=${least_ms[0]} unknown=${least_ms[1]}
	echo "known $known ms, unknown $unknown ms"
	(( unknown * 3 > known * 2 && known * 3 > unknown * 2 ))
}

@test "auth: a customer has no password to sign in with" {
	make_staff is_customer
	login_staff
	expect 401 invalid-credentials
}

@test "auth: a user without a password cannot sign in by one" {
	make_staff is_admin
	sql "update users set password_hash = null where email = '$email'"
	login_staff
	expect 401 invalid-credentials
}

@test "auth: suspended, inactive, deleted and expired users cannot sign in" {
	make_staff is_admin
	for change in 'is_suspended = true' 'is_suspended = false, is_active = false' \
		'is_active = true, active_from = now() + interval $$1 h$$' \
		'active_from = null, active_to = now() - interval $$1 s$$' 'active_to = null, is_deleted = true'; do
		sql "update users set $change where email = '$email'"
		login_staff
		expect 401 invalid-credentials
	done
	sql "update users set is_deleted = false where email = '$email'"
	login_staff
	expect 200
}

@test "auth: all broken rules of a login are reported at once" {
	call POST /admin/login '{"email":"x","remember":true}'
	expect 422 validation "/email invalid, /password required, /remember unknown_field"
	call POST /admin/login '{"email":null,"password":7}'
	expect 422 validation "/email null, /password wrong_type"
	call POST /admin/login '[]'
	expect 422 validation " wrong_type"
	call POST /admin/login '{"email":"a@example.test","password":"'"$(printf 'x%.0s' {1..257})"'"}'
	expect 422 validation "/password max_length"
}

@test "auth: a body that is not JSON, or of another type" {
	call POST /admin/login '{"email":'
	expect 400 invalid-json
	call POST /admin/login '{"email":"a@example.test","email":"b@example.test","password":"x"}'
	expect 400 invalid-json
	# shellcheck disable=SC2034
	status=$(curl -s -o "$BATS_TEST_TMPDIR/body" -D "$BATS_TEST_TMPDIR/headers" -w '%{http_code}' \
		-H 'Content-Type: text/plain' -d email=a "$API/auth/admin/login")
	body=$(<"$BATS_TEST_TMPDIR/body") headers=$(tr -d '\r' <"$BATS_TEST_TMPDIR/headers")
	expect 415 unsupported-media-type
}

@test "auth: a login is a POST" {
	call GET /admin/login
	expect 405 method-not-allowed
	[[ $(header Allow) == *POST* ]]
}

@test "auth: a password hashed at another cost is hashed anew" {
	make_staff is_admin
	login_staff
	expect 200
	hash=$(sql "select password_hash from users where email = '$email'")
	[[ $hash == '$s2$'* && $hash != "$PASSWORD_HASH" ]]
	login_staff
	expect 200
	[[ $(sql "select password_hash from users where email = '$email'") == "$hash" ]]
}

@test "auth: a sign-in during a rehash succeeds too" {
	make_staff is_admin
	for i in {1..8}; do
		curl -s -o /dev/null -w '%{http_code}\n' --json "{\"email\":\"$email\",\"password\":\"$PASSWORD\"}" \
			"$API/auth/admin/login" 3>&- >"$BATS_TEST_TMPDIR/status-$i" &
	done
	wait
	[[ $(cat "$BATS_TEST_TMPDIR"/status-* | sort | uniq -c) == *' 8 200' ]]
}

@test "auth: the eleventh wrong password in a quarter of an hour is not looked at" {
	make_staff is_admin
	for _ in {1..10}; do
		login_staff 'wrong horse battery'
		expect 401 invalid-credentials
		left=$(header RateLimit-Remaining)
	done
	[[ $left == 0 && $(header RateLimit-Limit) == 10 ]]
	login_staff
	expect 429 rate-limited
	[[ $(header RateLimit-Remaining) == 0 && $(header RateLimit-Limit) == 10 ]]
	(( $(header Retry-After) > 840 && $(header Retry-After) <= 900 ))
	[[ $(header RateLimit-Reset) == "$(header Retry-After)" ]]
	# Who is at another address is not kept out by that.
	[[ $(curl -s -o /dev/null -w '%{http_code}' --interface 127.0.0.2 -H 'Content-Type: application/json' \
		-d "{\"email\":\"$email\",\"password\":\"$PASSWORD\"}" "$API/auth/admin/login") == 200 ]]
	email=other-$email
	make_staff is_admin
	login_staff
	expect 200
}

@test "auth: of twenty wrong passwords at once ten are looked at" {
	make_staff is_admin
	for i in {1..20}; do
		curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' \
			-d "{\"email\":\"$email\",\"password\":\"wrong horse battery\"}" "$API/auth/admin/login" \
			>"$BATS_TEST_TMPDIR/status.$i" &
	done
	wait
	[[ $(sort "$BATS_TEST_TMPDIR"/status.* | uniq -c | tr -s ' \n' ' ') == " 10 401 10 429 " ]]
}

@test "auth: successful sign-ins are not limited" {
	make_staff is_admin
	for _ in {1..12}; do
		login_staff
		expect 200
	done
}

@test "auth: one address may fail for many accounts, but not without end" {
	sql "update rate_limits set taken = 0"
	login_staff
	sql "update rate_limits set taken = 300 where bucket like 'login-address/%'"
	email=other-$email
	make_staff is_admin
	login_staff
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 300 ]]
}

@test "auth: a limit ends with its window" {
	make_staff is_admin
	login_staff 'wrong horse battery'
	sql "update rate_limits set taken = 50"
	login_staff
	expect 429 rate-limited
	sql "update rate_limits set resets_at = now()"
	login_staff
	expect 200
}

@test "auth: rate limits keep no address and no account" {
	request_otp
	login_staff
	[[ $(sql "select count(*) from rate_limits where bucket ~ '@|[+]|127[.]|${email%@*}|${number#+}'") == 0 ]]
	[[ $(sql "select count(*) > 3 from rate_limits") == t ]]
}

@test "auth: a new password ends every other session" {
	make_staff is_staff
	login_staff
	other=$token
	login_staff
	call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"new horse battery\"}" "$token"
	expect 204
	[[ -z $body ]]
	call GET /me '' "$other"
	expect 401 invalid-token
	call GET /me '' "$token"
	expect 200
	login_staff
	expect 401 invalid-credentials
	login_staff 'new horse battery'
	expect 200
}

@test "auth: the audit log has the author of a password change, and no hash" {
	id=$(make_staff is_staff)
	login_staff
	call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"new horse battery\"}" "$token"
	expect 204
	row=$(sql "select user_id || ' ' || request_id || ' ' || (new_data ? 'password_hash') from audit_logs
		where record_id = '$id' and action = 'update' order by id desc limit 1")
	[[ $row == "$id $(header X-Request-Id) false" ]]
}

@test "auth: the current password must be known to change it" {
	make_staff is_staff
	login_staff
	for _ in {1..10}; do
		call POST /admin/password '{"current":"wrong horse battery","new":"new horse battery"}' "$token"
		expect 422 validation "/current wrong_password"
	done
	call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"new horse battery\"}" "$token"
	expect 429 rate-limited
	login_staff
	expect 200
}

@test "auth: a new password has 10 characters to 256 bytes, and is not easy to guess" {
	make_staff is_staff
	login_staff
	for new in 123456789 qqqqé€€€ "$(printf 'é%.0s' {1..9})"; do
		call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"$new\"}" "$token"
		expect 422 validation "/new min_length"
	done
	call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"$(printf 'x%.0s' {1..257})\"}" "$token"
	expect 422 validation "/new max_length"
	call POST /admin/password '{}' "$token"
	expect 422 validation "/current required, /new required"
	for new in 1234567890 Password123! "${email%@*}1" "$email"; do
		call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"$new\"}" "$token"
		expect 422 validation "/new too_common"
	done
	call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"$(printf '%s' {100..184})7\"}" "$token"
	expect 204
}

@test "auth: only staff change passwords" {
	call POST /admin/password '{"current":"x","new":"new horse battery"}'
	expect 401 not-authenticated
	login_customer
	call POST /admin/password '{"current":"x","new":"new horse battery"}' "$token"
	expect 403 forbidden
}

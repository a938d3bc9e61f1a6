# The address and the number by which somebody signs in and is reached: how they change, and what a session by code may
# not do to somebody who works here.

load ../../support/auth

# ask_for BODY : a change; what is to be proven in $challenge.
ask_for() {
	call PATCH /me "$1" "$token"
	challenge=$(field '.pending.challenge // ""')
}

# prove KIND [OTP [CHALLENGE]]
prove() {
	call POST "/me/$1" "{\"challenge\":\"${3-$challenge}\",\"otp\":\"${2-$OTP}\"}" "$token"
}

@test "auth: an address is changed by a code that goes to the new one, and not before" {
	login_customer
	id=$(field .user.id)
	ask_for "{\"email\":\"$email\"}"
	expect 200
	[[ $(field .email) == null && $(field .id) == "$id" ]]
	[[ $(field '.pending | del(.challenge) | tojson') == "{\"email\":\"$email\",\"expires_in\":300,\"resend_after\":30}" ]]
	etag=$(header ETag)
	call GET /me '' "$token"
	[[ $(field .email) == null && $(header ETag) == "$etag" ]]
	[[ $(sql "select recipient, purpose from challenges where id = sha256('$challenge')") == "$email|change_email" ]]
	prove email 9999
	expect 422 validation "/otp wrong_code"
	prove email
	expect 200
	[[ $(field .email) == "$email" && $(field .email_verified) == true ]]
	prove email
	expect 422 validation "/otp wrong_code"
	# The same one once more is no change.
	ask_for "{\"email\":\"${email^^}\",\"name\":\"Zoë\"}"
	expect 200
	[[ $(field .name) == Zoë && -z $challenge && $(field .email) == "$email" ]]
}

@test "auth: what a customer has proven leads to the one account, by mobile number or by mail" {
	login_customer
	id=$(field .user.id)
	prove_email "$email"
	sql "truncate rate_limits"
	request_mail
	login_challenge
	expect 200
	[[ $(field .user.id) == "$id" ]]
	# And the reverse.
	email=other-$email number=$(new_number)
	request_mail
	login_challenge
	id=$(field .user.id)
	ask_for "{\"mobile_number\":\"$number\"}"
	expect 200
	[[ $(field .pending.mobile_number) == "$number" && $(field .mobile_number) == null ]]
	prove mobile-number
	expect 200
	[[ $(field .mobile_number) == "$number" && $(field .mobile_verified) == true ]]
	call GET /me '' "$token"
	expect 200
	sql "truncate rate_limits"
	login_customer
	[[ $(field .user.id) == "$id" ]]
}

@test "auth: whether an address is taken is revealed only to a user who has proven it" {
	request_mail
	login_challenge
	sql "truncate rate_limits"
	login_customer
	ask_for "{\"email\":\"$email\"}"
	taken="$status $(as_sent 'del(.pending.challenge, .pending.email) | tojson') $(header RateLimit-Remaining)"
	mine=$challenge
	sql "truncate rate_limits"
	ask_for "{\"email\":\"free-$email\"}"
	[[ "$status $(as_sent 'del(.pending.challenge, .pending.email) | tojson') $(header RateLimit-Remaining)" == "$taken" ]]
	prove email 9999 "$mine"
	expect 422 validation "/otp wrong_code"
	prove email "$OTP" "$mine"
	expect 409 conflict "/email taken"
	[[ $(sql "select email is null from users where mobile_number = '$number'") == t ]]
	# A number as well.
	other=$(new_number)
	sql "insert into users (mobile_number, is_customer) values ('$other', true)"
	ask_for "{\"mobile_number\":\"$other\"}"
	expect 200
	prove mobile-number
	expect 409 conflict "/mobile_number taken"
}

@test "auth: an unproven address does not block its owner" {
	sql "insert into users (email, is_customer) values ('$email', true)"
	login_customer
	prove_email "$email"
	[[ $(field .email) == "$email" && $(field .email_verified) == true ]]
}

@test "auth: a challenge for a change is of its purpose, its user, and five tries" {
	login_customer
	first=$token
	ask_for "{\"email\":\"$email\"}"
	change=$challenge
	prove mobile-number
	expect 422 validation "/otp wrong_code"
	call POST /customer/login "{\"challenge\":\"$change\",\"otp\":\"$OTP\"}"
	expect 401 invalid-credentials
	number=$(new_number)
	request_otp
	token=$first prove email "$OTP" "$challenge"
	expect 422 validation "/otp wrong_code"
	login_challenge
	expect 200
	prove email "$OTP" "$change"
	expect 422 validation "/otp wrong_code"
	token=$first
	sql "update challenges set expires_at = now() where id = sha256('$change')"
	prove email "$OTP" "$change"
	expect 422 validation "/otp wrong_code"
	sql "update challenges set expires_at = now() + interval '1 min' where id = sha256('$change')"
	for _ in {1..5}; do prove email 9999 "$change"; done
	prove email "$OTP" "$change"
	expect 422 validation "/otp wrong_code"
	for bad in 5 '"x"' '""'; do
		call POST /me/email "{\"challenge\":$bad,\"otp\":\"$OTP\"}" "$token"
		expect 422 validation
	done
	call POST /me/email '{}' "$token"
	expect 422 validation "/challenge required, /otp required"
	call POST /me/email "{\"challenge\":\"$change\",\"otp\":\"$OTP\"}"
	expect 401 not-authenticated
}

@test "auth: one change at a time, a bounded number of them in a day" {
	login_customer
	ask_for "{\"email\":\"$email\",\"mobile_number\":\"$(new_number)\"}"
	expect 422 validation "/mobile_number exclusive"
	for i in {1..10}; do
		ask_for "{\"email\":\"$i$email\"}"
		expect 200
	done
	ask_for "{\"email\":\"$email\"}"
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 10 ]]
}

@test "auth: a new address ends the other sessions by code that the old one opened" {
	request_mail
	login_challenge
	old=$token
	sql "truncate rate_limits"
	request_mail
	login_challenge
	prove_email "new-$email"
	call GET /me '' "$token"
	expect 200
	call GET /me '' "$old"
	expect 401 invalid-token
}

@test "auth: staff change an address with their password and a code" {
	make_staff is_staff
	login_staff
	ask_for "{\"email\":\"new-$email\"}"
	expect 422 validation "/current_password required"
	ask_for "{\"email\":\"new-$email\",\"current_password\":\"wrong horse battery\"}"
	expect 422 validation "/current_password wrong_password"
	sql "truncate rate_limits"
	ask_for "{\"email\":\"new-$email\",\"current_password\":\"$PASSWORD\"}"
	expect 200
	[[ $(field .email) == "$email" ]]
	prove email
	expect 200
	[[ $(field .email) == "new-$email" ]]
	email=new-$email
	login_staff
	expect 200
	# Their own address, sent back, is no change.
	sql "update users set email_verified_at = null where email = '$email'; truncate rate_limits"
	ask_for "{\"email\":\"$email\",\"name\":\"Ann\"}"
	expect 200
	[[ -z $challenge ]]
	# Another one's sign-in is not taken away.
	other=$email email=other-$email
	make_staff is_staff
	login_staff
	ask_for "{\"email\":\"$other\",\"current_password\":\"$PASSWORD\"}"
	expect 200
	prove email
	expect 409 conflict "/email taken"
}

@test "auth: a wrong current password is limited" {
	make_staff is_admin
	login_staff
	for _ in {1..10}; do
		sql "delete from rate_limits where bucket ~ '^(otp|contact)-'"
		ask_for "{\"email\":\"new-$email\",\"current_password\":\"wrong horse battery\"}"
		expect 422 validation "/current_password wrong_password"
	done
	sql "delete from rate_limits where bucket ~ '^(otp|contact)-'"
	ask_for "{\"email\":\"new-$email\",\"current_password\":\"$PASSWORD\"}"
	expect 429 rate-limited
}

@test "auth: by a code an admin changes neither address nor number, and ends no session of a password" {
	id=$(make_staff is_admin)
	sql "update users set mobile_number = '$number' where id = '$id'"
	login_staff
	desk=$token
	login_customer
	phone=$token
	[[ $(field .user.id) == "$id" ]]
	call GET /me '' "$desk"
	expect 200
	for change in "\"email\":\"new-$email\"" "\"mobile_number\":\"$(new_number)\""; do
		call PATCH /me "{$change,\"current_password\":\"$PASSWORD\"}" "$phone"
		expect 403 forbidden
	done
	call PATCH /me '{"email":null}' "$phone"
	expect 422 validation "/email null"
	# Nor does it take over what the other session began.
	token=$desk ask_for "{\"email\":\"new-$email\",\"current_password\":\"$PASSWORD\"}"
	token=$phone prove email
	expect 403 forbidden
	call POST /logout-all '' "$phone"
	expect 204
	call GET /me '' "$phone"
	expect 401 invalid-token
	call GET /me '' "$desk"
	expect 200
	sql "truncate rate_limits"
	login_customer
	phone=$token
	call POST /logout-all '' "$desk"
	expect 204
	for old in "$desk" "$phone"; do
		call GET /me '' "$old"
		expect 401 invalid-token
	done
}

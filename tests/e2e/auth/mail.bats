# Customers who sign in by a code that is sent to their e-mail address.

load ../../support/auth

@test "auth: a code by e-mail creates a customer, who stays the same" {
	request_mail
	expect 202
	[[ $(as_sent 'del(.challenge) | tojson') == "{\"email\":\"$email\",\"expires_in\":300,\"resend_after\":30}" ]]
	[[ $(sql "select count(*) from users where email = '$email'") == 0 ]]
	login_challenge
	expect 200
	[[ $(field .user.email) == "$email" && $(field .user.email_verified) == true ]]
	[[ $(field .user.mobile_number) == null && $(field .user.mobile_verified) == false ]]
	[[ $(field .user.is_customer) == true ]]
	id=$(field .user.id)
	call GET /me '' "$token"
	expect 200
	sql "truncate rate_limits"
	email=${email^^}
	request_mail
	login_mail
	expect 200
	[[ $(field .user.id) == "$id" ]]
	[[ $(sql "select count(*) from users where lower(email) = lower('$email')") == 1 ]]
}

@test "auth: a code by e-mail is used once, by its recipient" {
	request_mail
	call POST /customer/login "{\"challenge\":\"$challenge\",\"email\":\"other-$email\",\"otp\":\"$OTP\"}"
	expect 401 invalid-credentials
	call POST /customer/login "{\"challenge\":\"$challenge\",\"mobile_number\":\"$number\",\"otp\":\"$OTP\"}"
	expect 401 invalid-credentials
	login_mail 9999
	expect 401 invalid-credentials
	login_mail
	expect 200
	login_challenge
	expect 401 invalid-credentials
}

@test "auth: required and refused members of a code request" {
	call POST /customer/request-otp '{}'
	expect 422 validation "/mobile_number required"
	for path in request-otp login; do
		call POST "/customer/$path" "{\"email\":\"$email\",\"mobile_number\":\"$number\",\"otp\":\"1\"}"
		expect 422 validation
		[[ $(field '.errors[] | select(.code == "exclusive") | .pointer') == /email ]]
	done
	for bad in '"x"' '"a@b"' 5 '""' '"a b@example.test"'; do
		call POST /customer/request-otp "{\"email\":$bad}"
		expect 422 validation
	done
}

@test "auth: an address that a user entered is neither theirs nor blocked for its owner" {
	first=$(sql "insert into users (email, name, is_customer) values ('$email', 'Squatter', true) returning id")
	request_mail
	login_challenge
	expect 200
	owner=$(field .user.id)
	[[ $owner != "$first" && $(field .user.email) == "$email" && $(field .user.name) == "" ]]
	sql "truncate rate_limits"
	request_mail
	login_challenge
	[[ $(field .user.id) == "$owner" ]]
	[[ $(sql "select email_verified_at is null from users where id = '$first'") == t ]]
}

@test "auth: an unproven address of staff identifies no customer, and their account is no customer's" {
	id=$(make_staff is_staff)
	request_mail
	login_challenge
	expect 200
	[[ $(field .user.id) != "$id" && $(field .user.is_staff) == false ]]
	customer=$token
	login_staff
	expect 200
	[[ $(field .user.id) == "$id" ]]
	call POST /admin/password '{"current":"x","new":"new horse battery"}' "$customer"
	expect 403 forbidden
}

@test "auth: an address that was proven is that address, in any letter case, and no other one" {
	request_mail
	login_challenge
	id=$(field .user.id)
	sql "update users set email = upper(email) where id = '$id'"
	[[ $(sql "select email_verified_at is null from users where id = '$id'") == f ]]
	sql "update users set email = 'other-$email' where id = '$id'"
	[[ $(sql "select email_verified_at is null from users where id = '$id'") == t ]]
	sql "truncate rate_limits"
	email=other-$email
	request_mail
	login_challenge
	[[ $(field .user.id) != "$id" ]]
}

@test "auth: a number that was proven is that number" {
	login_customer
	id=$(field .user.id)
	[[ $(field .user.mobile_verified) == true ]]
	sql "update users set mobile_number = '$(new_number)' where id = '$id'"
	[[ $(sql "select mobile_verified_at is null from users where id = '$id'") == t ]]
}

@test "auth: two first sign-ins by mail at once make one customer" {
	request_mail
	first=$challenge
	sql "truncate rate_limits"
	request_mail
	for each in "$first" "$challenge"; do
		curl -s -o "$BATS_TEST_TMPDIR/body.$each" -H 'Content-Type: application/json' \
			-d "{\"challenge\":\"$each\",\"otp\":\"$OTP\"}" "$API/auth/customer/login" &
	done
	wait
	[[ $(jq -r .user.id "$BATS_TEST_TMPDIR"/body.* | sort -u | wc -l) == 1 ]]
	[[ $(sql "select count(*) from users where email = '$email'") == 1 ]]
}

@test "auth: a suspended customer's code by mail is like a wrong one, a deleted one's address begins a new one" {
	request_mail
	login_challenge
	id=$(field .user.id)
	sql "update users set is_suspended = true where id = '$id'; truncate rate_limits"
	request_mail
	expect 202
	login_challenge
	expect 401 invalid-credentials
	sql "update users set is_suspended = false, is_deleted = true where id = '$id'; truncate rate_limits"
	request_mail
	login_challenge
	expect 200
	[[ $(field .user.id) != "$id" ]]
}

@test "auth: places are known by mail too, and not to strangers' addresses" {
	request_mail
	login_challenge
	sql "truncate rate_limits"
	request_mail
	[[ $(sql "select count(*) from rate_limits where bucket ~ '^otp-known/'") == 1 ]]
	sql "truncate rate_limits"
	request_mail "other-$email"
	[[ $(sql "select count(*) from rate_limits where bucket ~ '^otp-known/'") == 0 ]]
}

@test "auth: a shop without text messages asks for an address, and vice versa" {
	production=(APP_ENV=production MEDIA_URL=/media)
	sent="{\"mobile_number\":\"$number\"}"
	run_cgi "${production[@]}" SMS_SENDER= MAIL_SENDER=sendmail MAIL_FROM=shop@example.test SENDMAIL=/bin/true
	expect 422 validation "/mobile_number not_available"
	[[ $body == *"send email instead"* ]]
	run_cgi "${production[@]}" SMS_SENDER= MAIL_SENDER=
	expect 503 unavailable
	sent="{\"email\":\"$email\"}"
	run_cgi "${production[@]}" SMS_SENDER= MAIL_SENDER=sendmail MAIL_FROM=shop@example.test SENDMAIL=/bin/true
	expect 202
	[[ $(sql "select template, channel from outbox where recipient = '$email'") == 'otp|mail' ]]
	run_cgi "${production[@]}" SMS_SENDER=twilio TWILIO_ACCOUNT_SID=a TWILIO_AUTH_TOKEN=b TWILIO_FROM=+15005550006 MAIL_SENDER=
	expect 422 validation "/email not_available"
	[[ $body == *"send mobile_number instead"* ]]
	sql "delete from outbox where recipient = '$email'"
	doctor=$(env "${production[@]}" SMS_SENDER= MAIL_SENDER=sendmail MAIL_FROM=shop@example.test SENDMAIL=/bin/true \
		"$VAR/site/bin/shopctl" doctor || true)
	[[ $doctor == *"customers sign in with codes sent by e-mail"* && $doctor == *"mail: sendmail"* ]]
	doctor=$(env "${production[@]}" SMS_SENDER= MAIL_SENDER= "$VAR/site/bin/shopctl" doctor || true)
	[[ $doctor == *"customers cannot sign in"* ]]
}

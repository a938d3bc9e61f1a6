# Customers: mobile number, code, how often one may ask and fail.

load ../../support/auth

@test "auth: a code is requested and makes a customer" {
	request_otp
	expect 202
	[[ $(as_sent 'del(.challenge) | tojson') == "{\"mobile_number\":\"$number\",\"expires_in\":300,\"resend_after\":30}" ]]
	[[ $challenge =~ ^[A-Za-z0-9_-]{43}$ ]]
	[[ $(sql "select count(*) from users where mobile_number = '$number'") == 0 ]]
	login_otp
	expect 200
	[[ $(field .user.mobile_number) == "$number" && $(field .user.is_customer) == true ]]
	[[ $(field .user.email) == null && $(field .user.is_admin) == false ]]
	s=$(seconds_until "$(field .expires_at)")
	(( s > 30 * 86400 - 30 && s <= 30 * 86400 ))
	call GET /me '' "$token"
	expect 200
	[[ $(field .mobile_number) == "$number" ]]
}

@test "auth: a customer stays the same one" {
	login_customer
	id=$(field .user.id)
	sql "truncate rate_limits"
	login_customer
	[[ $(field .user.id) == "$id" ]]
	[[ $(sql "select count(*) from users where mobile_number = '$number'") == 1 ]]
}

@test "auth: the response to a code request does not reveal known customers" {
	login_customer
	sql "truncate rate_limits"
	request_otp
	known="$status $(as_sent 'del(.mobile_number, .challenge) | tojson') $(header RateLimit-Remaining)"
	number=$(new_number)
	sql "truncate rate_limits"
	request_otp
	[[ "$status $(as_sent 'del(.mobile_number, .challenge) | tojson') $(header RateLimit-Remaining)" == "$known" ]]
}

@test "auth: a number is understood as people type it" {
	number="+49 (15) ${number:5:3}-${number:8}"
	request_otp
	expect 202
	login_otp
	expect 200
	[[ $(field .user.mobile_number) =~ ^\+4915[0-9]{9}$ ]]
}

@test "auth: broken rules of the customers' routes" {
	for bad in '"12345678"' '"+0123456789"' '"+49123"' '"+49 abc"' '""'; do
		call POST /customer/request-otp "{\"mobile_number\":$bad}"
		expect 422 validation "/mobile_number invalid"
	done
	call POST /customer/request-otp '{"mobile_number":4915112345678}'
	expect 422 validation "/mobile_number wrong_type"
	call POST /customer/login '{"otp":1234,"x":1}'
	expect 422 validation "/challenge required, /otp wrong_type, /x unknown_field"
	call POST /customer/login '{"otp":"1234","challenge":5}'
	expect 422 validation "/challenge wrong_type"
	call POST /customer/login "{\"otp\":\"1234\",\"challenge\":\"$(printf 'x%.0s' {1..65})\"}"
	expect 422 validation "/challenge max_length"
}

@test "auth: a second code within 30 seconds is refused, and so is a sixth in the hour" {
	request_otp
	expect 202
	request_otp
	expect 429 rate-limited
	(( $(header Retry-After) <= 30 ))
	for _ in {2..5}; do
		sql "delete from rate_limits where bucket like 'otp-resend/%'"
		request_otp
		expect 202
	done
	sql "delete from rate_limits where bucket like 'otp-resend/%'"
	request_otp
	expect 429 rate-limited
	(( $(header Retry-After) > 3500 ))
	[[ $(header RateLimit-Limit) == 5 ]]
}

@test "auth: one address requests 600 codes in an hour, as thousands of a carrier's customers share one" {
	request_otp
	sql "update rate_limits set taken = 600 where bucket like 'otp-address/%'"
	number=$(new_number)
	request_otp
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 600 ]]
}

@test "auth: a wrong code" {
	login_otp
	expect 401 invalid-credentials
	request_otp
	login_otp 9999
	expect 401 invalid-credentials
	login_otp
	expect 200
}

@test "auth: a code is used once" {
	login_customer
	login_otp
	expect 401 invalid-credentials
}

@test "auth: a code lasts five minutes" {
	request_otp
	[[ $(sql "select expires_at > now() + interval '295 s' from challenges where recipient = '$number'") == t ]]
	sql "update challenges set expires_at = now() where recipient = '$number'"
	login_otp
	expect 401 invalid-credentials
	login_challenge
	expect 401 invalid-credentials
}

@test "auth: five wrong tries end a code" {
	request_otp
	for _ in {1..4}; do login_otp 9999; done
	login_otp
	expect 200
	sql "truncate rate_limits"
	request_otp
	for _ in {1..5}; do
		login_otp 9999
		expect 401 invalid-credentials
	done
	login_otp
	expect 401 invalid-credentials
	sql "truncate rate_limits"
	request_otp
	login_otp
	expect 200
}

@test "auth: a code is of its challenge" {
	request_otp
	other=$challenge
	number=$(new_number)
	request_otp
	sql "update challenges set code_hash = (select c.code_hash from challenges c where c.id = sha256('$other'))
		where recipient = '$number'"
	login_otp
	expect 401 invalid-credentials
	login_challenge
	expect 401 invalid-credentials
}

@test "auth: a challenge signs in, once, without the number being sent again" {
	request_otp
	login_challenge
	expect 200
	[[ $(field .user.mobile_number) == "$number" ]]
	login_challenge
	expect 401 invalid-credentials
	login_otp
	expect 401 invalid-credentials
}

@test "auth: a challenge that is unknown, of another number, or for another purpose" {
	for bad in AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA x "'" "%00"; do
		login_challenge "$OTP" "$bad"
		expect 401 invalid-credentials
	done
	request_otp
	call POST /customer/login "{\"challenge\":\"$challenge\",\"mobile_number\":\"$(new_number)\",\"otp\":\"$OTP\"}"
	expect 401 invalid-credentials
	for purpose in confirm_order change_email change_mobile; do
		sql "update challenges set purpose = '$purpose' where recipient = '$number'"
		login_challenge
		expect 401 invalid-credentials
		login_otp
		expect 401 invalid-credentials
	done
	sql "update challenges set purpose = 'sign_in' where recipient = '$number'"
	call POST /customer/login "{\"challenge\":\"$challenge\",\"mobile_number\":\"$number\",\"otp\":\"$OTP\"}"
	expect 200
}

@test "auth: a request for a code leaves the codes before as they are" {
	request_otp
	first=$challenge
	sql "truncate rate_limits"
	request_otp
	[[ $challenge != "$first" ]]
	login_challenge "$OTP" "$first"
	expect 200
	login_challenge
	expect 200
}

@test "auth: five wrong tries end a challenge, and no other one" {
	request_otp
	first=$challenge
	sql "truncate rate_limits"
	request_otp
	for _ in {1..5}; do
		login_challenge 9999
		expect 401 invalid-credentials
	done
	login_challenge
	expect 401 invalid-credentials
	login_challenge "$OTP" "$first"
	expect 200
}

@test "auth: attempts without the challenge do not count against its holder" {
	request_otp
	for _ in {1..10}; do login_otp 9999; done
	login_otp
	expect 429 rate-limited
	login_challenge
	expect 200
}

@test "auth: a client without a challenge means the newest one that was requested from its address" {
	request_otp
	mine=$challenge
	sql "truncate rate_limits"
	request_otp
	# Somebody elsewhere, later.
	sql "update challenges set place = 'elsewhere' where id = sha256('$challenge')"
	for _ in {1..4}; do
		login_otp 9999
		expect 401 invalid-credentials
	done
	[[ $(sql "select string_agg(tries || ' ' || blind_tries, ',' order by created_at) from challenges
		where recipient = '$number'") == '0 4,0 0' ]]
	login_otp
	expect 200
	[[ $(sql "select count(*) from challenges where id = sha256('$mine')") == 0 ]]
	login_otp
	expect 401 invalid-credentials
	login_challenge
	expect 200
}

@test "auth: of one place's challenges for a number five stay, and those of other places do" {
	request_otp
	sql "update challenges set place = 'elsewhere' where id = sha256('$challenge')"
	theirs=$challenge
	for _ in {1..6}; do
		sql "truncate rate_limits"
		request_otp
		first=${first-$challenge}
	done
	[[ $(sql "select count(*) from challenges where recipient = '$number'") == 6 ]]
	login_challenge "$OTP" "$first"
	expect 401 invalid-credentials
	login_challenge "$OTP" "$theirs"
	expect 200
}

@test "auth: of two logins at once with one code one wins" {
	for by in mobile_number challenge mobile_number challenge; do
		number=$(new_number)
		sql "truncate rate_limits"
		request_otp
		value=$number
		if [[ $by == challenge ]]; then value=$challenge; fi
		for i in {1..4}; do
			curl -s -o /dev/null -w '%{http_code}\n' -H 'Content-Type: application/json' \
				-d "{\"$by\":\"$value\",\"otp\":\"$OTP\"}" "$API/auth/customer/login" \
				>"$BATS_TEST_TMPDIR/status.$i" &
		done
		wait
		[[ $(sort "$BATS_TEST_TMPDIR"/status.* | tr '\n' ' ') == "200 401 401 401 " ]]
		[[ $(sql "select count(*) from sessions s join users u on u.id = s.user_id
			where u.mobile_number = '$number'") == 1 ]]
	done
}

@test "auth: ten wrong codes for one number in a quarter of an hour" {
	for _ in {1..10}; do login_otp 9999; done
	expect 401 invalid-credentials
	request_otp
	login_otp
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 10 ]]
}

@test "auth: a suspended customer's code is like a wrong one" {
	login_customer
	sql "update users set is_suspended = true where mobile_number = '$number'; truncate rate_limits"
	request_otp
	expect 202
	login_otp
	expect 401 invalid-credentials
}

@test "auth: a deleted customer's number begins a new one" {
	login_customer
	old=$(field .user.id)
	sql "update users set is_deleted = true where id = '$old'; truncate rate_limits"
	login_customer
	[[ $(field .user.id) != "$old" ]]
}

@test "auth: by a code an admin is a customer, no more" {
	id=$(make_staff is_admin)
	sql "update users set mobile_number = '$number' where id = '$id'"
	login_customer
	[[ $(field .user.id) == "$id" ]]
	call POST /admin/password '{"current":"x","new":"new horse battery"}' "$token"
	expect 403 forbidden
}

@test "auth: codes and tokens are stored hashed" {
	request_otp
	login_otp
	[[ $(sql "select count(*) from sessions where token_hash = sha256('$token')") == 1 ]]
	[[ $(sql "select count(*) from sessions s where s::text like '%$token%'") == 0 ]]
	sql "truncate rate_limits"
	request_otp
	[[ $(sql "select count(*) from challenges where id = sha256('$challenge')") == 1 ]]
	[[ $(sql "select count(*) from challenges c where c::text like '%$challenge%'") == 0 ]]
}

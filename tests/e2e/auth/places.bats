# Nobody is locked out by others: what counts against an account, an address, and a place from which the account signed in
# before.

load ../../support/auth

# fill LIMIT COUNT : as if so much had been tried.
fill() { sql "update rate_limits set taken = $2 where bucket like '$1/%'"; }

@test "auth: a sign-in answers a device, which stays the same one" {
	request_otp
	login_challenge
	device=$(field .device)
	[[ $device =~ ^[A-Za-z0-9_-]{43}$ ]]
	sql "truncate rate_limits"
	from=127.0.0.9
	request_otp
	login_challenge
	[[ $(field .device) == "$device" ]]
	[[ $(sql "select count(*) filter (where is_device), count(*) filter (where not is_device), count(*) filter
		(where p::text like '%$device%') from known_places p join users u on u.id = p.user_id
		where u.mobile_number = '$number'") == '1|2|0' ]]
	# That of another customer is none of theirs.
	number=$(new_number)
	request_otp
	login_challenge
	expect 200
	[[ $(field .device) =~ ^[A-Za-z0-9_-]{43}$ && $(field .device) != "$device" ]]
}

@test "auth: a malformed device is ignored, one of another type is refused" {
	for device in x "$(printf 'A%.0s' {1..43})" "'"; do
		number=$(new_number)
		request_otp
		expect 202
		login_challenge
		expect 200
		[[ $(field .device) != "$device" ]]
	done
	call POST /customer/request-otp "{\"mobile_number\":\"$number\",\"device\":5}"
	expect 422 validation "/device wrong_type"
	call POST /admin/login "{\"email\":\"$email\",\"password\":\"x\",\"device\":\"$(printf 'A%.0s' {1..65})\"}"
	expect 422 validation "/device max_length"
}

@test "auth: strangers' requests do not keep a customer from a code at a place that is known" {
	login_customer
	sql "truncate rate_limits"
	for i in {1..20}; do
		from=127.0.0.$((66 + i / 5))
		sql "delete from rate_limits where bucket like 'otp-resend/%'"
		request_otp
		expect 202
	done
	from=127.0.0.99
	request_otp
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 20 ]]
	from=127.0.0.1
	for _ in {1..4}; do
		sql "delete from rate_limits where bucket like 'otp-resend/%'"
		request_otp
		expect 202
	done
	login_challenge
	expect 200
}

@test "auth: strangers behind the same address do not keep a device from a code" {
	login_customer
	device=$(field .device)
	from=127.0.0.7
	request_otp
	login_challenge
	expect 200
	mine=$device device=
	sql "truncate rate_limits"
	for _ in {1..5}; do
		sql "delete from rate_limits where bucket like 'otp-resend/%'"
		request_otp
		expect 202
	done
	for _ in {1..10}; do login_otp 9999; done
	sql "delete from rate_limits where bucket like 'otp-resend/%'"
	request_otp
	expect 429 rate-limited
	device=$mine
	request_otp
	expect 202
	login_otp
	expect 200
}

@test "auth: exhausting an address's requests does not lock out accounts that know it" {
	login_customer
	fill otp-address 600
	fill otp-recipient 20
	sql "delete from rate_limits where bucket like 'otp-resend/%'"
	request_otp
	expect 202
	number=$(new_number)
	request_otp
	expect 429 rate-limited
}

@test "auth: one known place requests a bounded number of codes in a day" {
	login_customer
	sql "truncate rate_limits"
	request_otp
	expect 202
	fill otp-known 20
	sql "delete from rate_limits where bucket ~ '^otp-(resend|both)/'"
	request_otp
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 20 ]]
}

@test "auth: ten addresses that guess passwords lock no one out at a known address or device" {
	make_staff is_admin
	login_staff
	expect 200
	device=$(field .device)
	from=127.0.0.66
	device='' login_staff 'wrong horse battery'
	expect 401 invalid-credentials
	fill login-account 100
	device='' login_staff
	expect 429 rate-limited
	# The address that is known, and the device at another one.
	from=127.0.0.1
	device='' login_staff
	expect 200
	from=127.0.0.67
	login_staff
	expect 200
	# There are limits for them too.
	for _ in {1..10}; do
		login_staff 'wrong horse battery'
		expect 401 invalid-credentials
	done
	login_staff
	expect 429 rate-limited
}

@test "auth: an address that exceeds its limit still admits accounts known there" {
	make_staff is_admin
	login_staff
	device='' login_staff 'wrong horse battery'
	email=other-$email
	login_staff
	fill login-address 300
	email=${email#other-}
	login_staff
	expect 200
}

@test "auth: a place is known for 90 days, and to the account that signed in there" {
	login_customer
	sql "update known_places p set used_at = now() - interval '91 days' from users u
		where u.id = p.user_id and u.mobile_number = '$number'; truncate rate_limits"
	request_otp
	expect 202
	[[ $(sql "select count(*) from rate_limits where bucket ~ '^otp-known/'") == 0 ]]
	login_challenge
	sql "truncate rate_limits"
	request_otp
	[[ $(sql "select count(*) from rate_limits where bucket ~ '^otp-known/'") == 1 ]]
	[[ $(sql "select count(*) from rate_limits where bucket ~ '^otp-(recipient|address)/'") == 0 ]]
	number=$(new_number)
	request_otp
	[[ $(sql "select count(*) from rate_limits where bucket ~ '^otp-(recipient|address)/'") == 2 ]]
}

@test "auth: of a user's places the twenty used last stay" {
	login_customer
	id=$(field .user.id)
	sql "insert into known_places (user_id, mark, is_device, used_at)
		select '$id', ('old' || n)::bytea, n % 2 = 0, now() - interval '1 day' * n from generate_series(1, 60) n;
		truncate rate_limits"
	login_customer
	[[ $(sql "select count(*) filter (where is_device), count(*) filter (where not is_device), min(used_at) > now() - interval
		'41 days' from known_places where user_id = '$id'") == '20|20|t' ]]
}

@test "auth: known places go with the account, and are in what a customer may read" {
	login_customer
	id=$(field .user.id)
	call GET /me/export '' "$token"
	[[ $(field '[.known_places[].kind] | sort | join(" ")') == 'address device' ]]
	call DELETE /me '' "$token"
	expect 204
	[[ $(sql "select count(*) from known_places where user_id = '$id'") == 0 ]]
}

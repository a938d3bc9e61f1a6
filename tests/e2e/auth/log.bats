# What the log says of sign-ins, and of what is refused there.

load ../../support/auth

setup() {
	sql "truncate rate_limits"
	number=$(new_number)
	email=user-$RANDOM$RANDOM$RANDOM@example.test
	logged=$(wc -l <"$CGI_LOG")
}

# event NAME : the lines of it since the test began, without time and id; those of other tests' requests name others.
event() {
	tail -n "+$((logged + 1))" "$CGI_LOG" | sed -n "s/.*\(event=$1 .* from=[0-9a-f.:-]*\).*/\1/p"
}

@test "auth: each sign-in is a line in the log, with account and address, and no secret" {
	id=$(make_staff is_admin)
	from=127.0.0.3
	login_staff 'wrong horse battery'
	login_staff
	[[ $(event sign-in) == "event=sign-in result=refused by=password user=- account=u***@example.test from=127.0.0.3
event=sign-in result=ok by=password user=$id account=u***@example.test from=127.0.0.3" ]]
	number=$(new_number)
	logged=$(wc -l <"$CGI_LOG")
	request_otp
	login_otp 9999
	login_challenge 9999
	login_otp
	id=$(field .user.id)
	[[ $(event sign-in) == "event=sign-in result=refused by=code user=- account=+49***${number: -2} from=127.0.0.3
event=sign-in result=refused by=code user=- account=- from=127.0.0.3
event=sign-in result=ok by=code user=$id account=+49***${number: -2} from=127.0.0.3" ]]
	! tail -n "+$((logged + 1))" "$CGI_LOG" | grep -F -e "$token" -e "$challenge" -e "$number" -e "$(field .device)"
	! grep -F -e "${email%@*}" -e 'horse battery' "$CGI_LOG"
}

@test "auth: what limits refuse is in the log" {
	make_staff is_admin
	request_otp
	request_otp
	[[ $(event code-request) == "event=code-request result=limited by=- user=- account=+49***${number: -2} from=127.0.0.1" ]]
	for _ in {1..11}; do login_staff 'wrong horse battery'; done
	[[ $(event sign-in | tail -n 1) == "event=sign-in result=limited by=password user=- account=u***@example.test from=127.0.0.1" ]]
}

@test "auth: changes of a password and of an address are in the log" {
	id=$(make_staff is_staff)
	login_staff
	call POST /admin/password "{\"current\":\"wrong horse battery\",\"new\":\"Tuesday rain falls on tin\"}" "$token"
	call POST /admin/password "{\"current\":\"$PASSWORD\",\"new\":\"Tuesday rain falls on tin\"}" "$token"
	expect 204
	[[ $(event password-change) == "event=password-change result=refused by=password user=$id account=- from=127.0.0.1
event=password-change result=ok by=password user=$id account=- from=127.0.0.1" ]]
	call PATCH /me "{\"email\":\"x$email\",\"current_password\":\"Tuesday rain falls on tin\"}" "$token"
	expect 200
	call POST /me/email "{\"challenge\":\"$(field .pending.challenge)\",\"otp\":\"$OTP\"}" "$token"
	expect 200
	[[ $(event contact-request) == "event=contact-request result=ok by=password user=$id account=x***@example.test from=127.0.0.1" ]]
	[[ $(event contact-change) == "event=contact-change result=ok by=code user=$id account=- from=127.0.0.1" ]]
}

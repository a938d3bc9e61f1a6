# What codes by text message cost the shop: the countries that they go to, and how many in an hour.

load ../../support/auth

mail=(MAIL_SENDER=sendmail MAIL_FROM=shop@example.test SENDMAIL=/bin/true)

# to NUMBER SETTING... : request a code.
to() {
	sent="{\"mobile_number\":\"$1\"}"
	run_cgi APP_ENV=development "${@:2}"
}

@test "auth: codes go to the countries that the shop pays for" {
	for number in "$number" +447700900123 +18762345678; do
		to "$number" SMS_COUNTRIES=IN,DE,+44,JM
		expect 202
	done
	for number in +12025550123 +97150123456 +8801712345678; do
		to "$number" SMS_COUNTRIES=IN,DE,+44,JM "${mail[@]}"
		expect 422 validation "/mobile_number country"
		[[ $body == *"send email instead"* ]]
	done
	to +18762345678 SMS_COUNTRIES=US
	expect 422 validation "/mobile_number country"
	to +12025550123 SMS_COUNTRIES=US
	expect 202
}

@test "auth: a known customer gets the same response about a country as others" {
	login_customer
	sql "truncate rate_limits"
	to "$number" SMS_COUNTRIES=IN
	known="$status $(field .errors)"
	to "$(new_number)" SMS_COUNTRIES=IN
	[[ "$status $(field .errors)" == "$known" && $status == 422 ]]
	[[ $(sql "select count(*) from rate_limits") == 0 ]]
}

@test "auth: text messages in an hour are limited for the whole shop, and strangers do not use up the customers' part" {
	login_customer
	mine=$number
	sql "truncate rate_limits"
	for _ in 1 2 3; do
		to "$(new_number)" SMS_PER_HOUR=3
		expect 202
	done
	to "$(new_number)" SMS_PER_HOUR=3
	expect 429 rate-limited
	[[ $(header RateLimit-Limit) == 3 ]]
	to "$mine" SMS_PER_HOUR=3
	expect 202
	# Mail costs nothing.
	sent="{\"email\":\"$email\"}"
	run_cgi APP_ENV=development SMS_PER_HOUR=3
	expect 202
	sql "update rate_limits set taken = 3 where bucket like 'sms-known/%'; delete from rate_limits where bucket like 'otp-resend/%'"
	to "$mine" SMS_PER_HOUR=3
	expect 429 rate-limited
}

@test "auth: limits are settings" {
	to "$number" LIMITS=otp-both=2/60,otp-resend=5/10
	to "$number" LIMITS=otp-both=2/60,otp-resend=5/10
	expect 202
	[[ $(header RateLimit-Limit) == 2 && $(header RateLimit-Remaining) == 0 ]]
	to "$number" LIMITS=otp-both=2/60,otp-resend=5/10
	expect 429 rate-limited
	(( $(header Retry-After) <= 60 ))
	run env LIMITS=otp-bth=2/60 "$VAR/site/bin/shopctl" doctor
	[[ $output == *'LIMITS'*'has no limit "otp-bth"'* ]]
}

# Forms (application/x-www-form-urlencoded) where people sign in, as scripts and plain HTML send them.
# shellcheck disable=SC2154

load ../../support/api

@test "forms: an admin signs in, whatever the case of the type and however it is encoded" {
	for type in application/x-www-form-urlencoded 'Application/X-WWW-Form-Urlencoded; charset=UTF-8'; do
		api POST /auth/admin/login -H "Content-Type: $type" --data-urlencode "email=$ADMIN_EMAIL" \
			--data-urlencode "password=$ADMIN_PASSWORD"
		expect 200
		token=$(field .token) api GET /auth/me
		expect 200
		[[ $(field .email) == "$ADMIN_EMAIL" ]]
	done
	# Spaces as '+', letters as %XX, an empty field that a browser sends along.
	api POST /auth/admin/login/ -d "%65mail=${ADMIN_EMAIL/@/%40}&password=${ADMIN_PASSWORD// /+}&&remember="
	expect 200
}

@test "forms: a customer gets a code and signs in" {
	number=$(new_number)
	api POST /auth/customer/request-otp --data-urlencode "mobile_number=$number"
	expect 202
	[[ $(field .mobile_number) == "$number" ]]
	api POST /auth/customer/login --data-urlencode "mobile_number=$number" -d otp=1234
	expect 200
	[[ -n $(field .token) ]]
}

@test "forms: the plus of a number need not be encoded" {
	number=$(new_number)
	api POST /auth/customer/request-otp -d "mobile_number=$number"
	expect 202
	[[ $(field .mobile_number) == "$number" ]]
	api POST /auth/customer/login -d "mobile_number=$number&otp=1234"
	expect 200
}

@test "forms: the same rules as for JSON" {
	api POST /auth/admin/login -d 'email=x&password=&colour=red'
	expect 422 validation '/colour unknown_field, /email invalid, /password required'
	api POST /auth/admin/login -d '=' -H 'Content-Type: application/json'
	expect 400 invalid-json
	api POST /auth/admin/login --data-urlencode "email=$ADMIN_EMAIL" -d password=wrong
	expect 401
	api POST /auth/customer/login -d 'mobile_number=%2B4915112345678&otp=0000'
	expect 401
}

@test "forms: what is malformed, twice or too large is refused" {
	for bad in 'email=a@b.example&email=a@b.example&password=x' 'email=a&%65mail=b' 'email=%' 'email=%zz' 'email=%00' 'email=%ff' \
		'=x' "$(printf 'p%d=1&' {1..17})"; do
		api POST /auth/admin/login -d "$bad"
		expect 400 bad-request || { echo "$bad"; false; }
	done
	head -c 8193 /dev/zero | tr '\0' x >"$BATS_TEST_TMPDIR/large"
	api POST /auth/admin/login -d "@$BATS_TEST_TMPDIR/large"
	expect 413 too-large
	api POST /auth/admin/login -H 'Content-Type: application/x-www-form-urlencoded; charset=latin1' -d 'email=a'
	expect 415 unsupported-media-type
	[[ $(field .detail) == *x-www-form-urlencoded* ]]
	api POST /auth/admin/login -F email=a
	expect 415 unsupported-media-type
}

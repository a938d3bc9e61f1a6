# Sessions: how they end, and what users see and change of themselves.

load ../../support/auth

@test "auth: me" {
	make_staff is_admin
	login_staff
	user=$(field .user)
	call GET /me '' "$token"
	expect 200
	[[ $(field .) == "$user" ]]
	etag=$(header ETag)
	call GET /me '' "$token" "If-None-Match: $etag"
	expect 304
	call GET /me
	expect 401 not-authenticated
	[[ $(header WWW-Authenticate) == Bearer ]]
}

@test "auth: an invalid token is refused even where none is needed" {
	never=AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA
	for bad in x "$never" "$never$never"; do
		call GET /me '' "$bad"
		expect 401 invalid-token
		[[ $(header WWW-Authenticate) == *invalid_token* ]]
	done
	call POST /customer/request-otp "{\"mobile_number\":\"$number\"}" "$never"
	expect 401 invalid-token
	for none in 'Basic eDp5' 'Bearer' 'Bearer null'; do
		call GET /me '' '' "Authorization: $none"
		expect 401 not-authenticated
		[[ $(header WWW-Authenticate) == Bearer ]]
	done
}

@test "auth: logout ends this session, logout-all every one" {
	login_customer
	first=$token
	sql "truncate rate_limits"
	login_customer
	call POST /logout '' "$first"
	expect 204
	[[ -z $body ]]
	call GET /me '' "$first"
	expect 401 invalid-token
	call GET /me '' "$token"
	expect 200
	second=$token
	sql "truncate rate_limits"
	login_customer
	call POST /logout-all '' "$token"
	expect 204
	for old in "$second" "$token"; do
		call GET /me '' "$old"
		expect 401 invalid-token
	done
	call POST /logout
	expect 401 not-authenticated
	call POST /logout-all
	expect 401 not-authenticated
}

@test "auth: logout leaves other users alone" {
	login_customer
	first=$token
	number=$(new_number)
	login_customer
	call POST /logout-all '' "$token"
	call GET /me '' "$first"
	expect 200
}

@test "auth: a session expires" {
	login_customer
	sql "update sessions set expires_at = now() where token_hash = sha256('$token')"
	call GET /me '' "$token"
	expect 401 invalid-token
}

@test "auth: staff are signed out after 30 idle minutes, customers are not" {
	make_staff is_staff
	login_staff
	sql "update sessions set last_used_at = now() - interval '29 min' where token_hash = sha256('$token')"
	call GET /me '' "$token"
	expect 200
	[[ $(sql "select last_used_at > now() - interval '1 min' from sessions
		where token_hash = sha256('$token')") == t ]]
	sql "update sessions set last_used_at = now() - interval '30 min' where token_hash = sha256('$token')"
	call GET /me '' "$token"
	expect 401 invalid-token
	login_customer
	sql "update sessions set last_used_at = now() - interval '29 days' where token_hash = sha256('$token')"
	call GET /me '' "$token"
	expect 200
}

@test "auth: the sessions of a user who may not sign in end at once, permanently" {
	make_staff is_admin
	for change in is_suspended=true is_active=false "active_to=now()" "active_from=now()+interval'1h'" is_deleted=true \
		is_admin=false; do
		login_staff
		sql "update users set $change where email = '$email'"
		call GET /me '' "$token"
		expect 401 invalid-token
		sql "update users set is_suspended = false, is_active = true, active_from = null, active_to = null,
			is_deleted = false, is_admin = true where email = '$email'"
		call GET /me '' "$token"
		expect 401 invalid-token
	done
}

@test "auth: a change of role or number ends every session, any other change none" {
	make_staff is_staff
	for change in is_admin=true is_admin=false "mobile_number='$number'" is_customer=false; do
		login_staff
		sql "update users set name = 'Zoë', comments = 'x', active_from = now() - interval '1h' where email = '$email'"
		call GET /me '' "$token"
		expect 200
		sql "update users set $change where email = '$email'"
		call GET /me '' "$token"
		expect 401 invalid-token
		sql "update users set is_customer = true where email = '$email'"
	done
	number=$(new_number)
	login_customer
	sql "update users set is_staff = true, email = 'x$email' where mobile_number = '$number'"
	call GET /me '' "$token"
	expect 401 invalid-token
}

@test "auth: a range that has passed and is extended gives no session back" {
	make_staff is_staff
	login_staff
	sql "update users set active_to = now() + interval '2 s' where email = '$email'"
	call GET /me '' "$token"
	expect 200
	sleep 2.1
	sql "update users set active_to = null where email = '$email'"
	call GET /me '' "$token"
	expect 401 invalid-token
}

@test "auth: old sessions are swept away" {
	login_customer
	sql "update sessions set expires_at = now() where token_hash = sha256('$token')"
	number=$(new_number)
	login_customer
	[[ $(sql "select count(*) from sessions where expires_at <= now()") == 0 ]]
}

@test "auth: name and e-mail address are one's own" {
	login_customer
	prove_email "$email"
	call PATCH /me "{\"name\":\"Zoë\"}" "$token"
	expect 200
	[[ $(field .name) == Zoë && $(field .email) == "$email" && $(field .pending) == null ]]
	etag=$(header ETag)
	call GET /me '' "$token"
	[[ $(field .name) == Zoë && $(header ETag) == "$etag" ]]
	call PATCH /me '{"email":null}' "$token"
	expect 200
	[[ $(field .name) == Zoë && $(field .email) == null ]]
	call PATCH /me '{"name":""}' "$token"
	expect 200
	[[ $(field .name) == "" ]]
}

@test "auth: an empty change changes nothing" {
	login_customer
	before=$(field .user.modified_at)
	call PATCH /me '{}' "$token"
	expect 200
	[[ $(field .modified_at) == "$before" ]]
}

@test "auth: what GET gave of oneself may be sent back" {
	login_customer
	call GET /me '' "$token"
	before=$body
	call PATCH /me "$before" "$token"
	expect 200
	call GET /me '' "$token"
	before=$body
	call PATCH /me "$(jq -c '.name = "Zoë" | .is_active = false' <<<"$before")" "$token"
	expect 422 validation "/is_active read_only"
	call PATCH /me "$(jq -c '.name = "Zoë"' <<<"$before")" "$token"
	expect 200
	[[ $(field .name) == Zoë ]]
}

@test "auth: what one may not change of oneself" {
	login_customer
	call PATCH /me '{"is_admin":true,"id":"x","name":null,"email":"x","nick":"y"}' "$token"
	expect 422 validation "/email invalid, /id read_only, /is_admin read_only, /nick unknown_field"
	call PATCH /me "{\"name\":\"$(printf 'x%.0s' {1..256})\"}" "$token"
	expect 422 validation "/name max_length"
	call PATCH /me '{"name":"a\u0007b"}' "$token"
	expect 422 validation "/name control_character"
	[[ $(sql "select is_admin from users where mobile_number = '$number'") == f ]]
}

@test "auth: staff keep an e-mail address" {
	make_staff is_staff
	login_staff
	call PATCH /me '{"email":null}' "$token"
	expect 422 validation "/email null"
}

@test "auth: a change that comes too late" {
	login_customer
	call GET /me '' "$token"
	etag=$(header ETag)
	call PATCH /me '{"name":"one"}' "$token" "If-Match: $etag"
	expect 200
	call PATCH /me '{"name":"two"}' "$token" "If-Match: $etag"
	expect 412 precondition-failed
	call GET /me '' "$token"
	[[ $(field .name) == one ]]
}

@test "auth: an anonymous caller has nothing to change" {
	call PATCH /me '{"name":"x"}'
	expect 401 not-authenticated
}

@test "auth: the serving role reads no hash" {
	[[ $(sql 'select current_user') != "$APP_ROLE" ]] || skip "it is the owner of all tables here"
	for column in users:password_hash sessions:token_hash challenges:code_hash; do
		[[ $(sql "select has_column_privilege('$APP_ROLE', '${column%:*}', '${column#*:}', 'select')") == f ]]
	done
}

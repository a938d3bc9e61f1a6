# Users as admins manage them, and the audit log.
# shellcheck disable=SC2154

load ../../support/api

nowhere=01900000-0000-7000-8000-000000000000

setup() { as admin; }

new_email() { echo "$(unique user-)@example.test"; }

@test "users: an admin adds one" {
	email=$(new_email)
	number=$(new_number)
	send POST /users name=Ann email="${email^^}" mobile_number="${number:0:5} ${number:5}" password='correct horse' \
		is_staff:=true is_customer:=true
	expect 201
	[[ $(field .email) == "$email" && $(field .mobile_number) == "$number" ]]
	[[ $(field '[.is_admin, .is_staff, .is_customer, .is_active] | tojson') == "[false,true,true,true]" ]]
	[[ $(field 'keys | map(select(test("pass"))) | length') == 0 ]]
	[[ $(header Location) == */users/$(field .id) && $(header Cache-Control) == no-store ]]
	made=$body
	api GET "/users/$(field .id)"
	expect 200
	[[ $body == "$made" ]]
}

@test "users: all broken rules are reported at once" {
	api POST /users --json '{"email":"x","mobile_number":"123","name":5,"is_admin":"true","is_active":0,
		"password":"short","password_hash":"x","created_at":"2026-01-01T00:00:00Z"}'
	expect 422 validation "/created_at read_only, /email invalid, /is_active wrong_type, /is_admin wrong_type, \
/mobile_number invalid, /name wrong_type, /password min_length, /password_hash unknown_field"
	send POST /users password="$(printf '%0257d' 0)" email="$(new_email)"
	expect 422 validation "/password max_length"
	send POST /users password:=null
	expect 422 validation "/email required"
}

@test "users: they can be reached somehow, staff by e-mail" {
	send POST /users name=Nobody
	expect 422 validation "/email required"
	send POST /users mobile_number="$(new_number)" is_staff:=true
	expect 422 validation "/email required"
	send POST /users mobile_number="$(new_number)" is_admin:=true
	expect 422 validation "/email required"
	id=$(make /users mobile_number="$(new_number)" is_customer:=true)
	send PATCH "/users/$id" is_staff:=true
	expect 422 validation "/email required"
	send PATCH "/users/$id" mobile_number:=null
	expect 422 validation "/email required"
	send PATCH "/users/$id" mobile_number:=null email="$(new_email)"
	expect 200
}

@test "users: e-mail addresses and mobile numbers are unique" {
	email=$(new_email)
	number=$(new_number)
	first=$(make /users email="$email" mobile_number="$number")
	send POST /users email="${email^^}"
	expect 409 conflict "/email taken"
	send POST /users mobile_number="$number"
	expect 409 conflict "/mobile_number taken"
	api DELETE "/users/$first"
	expect 204
	make /users email="$email"
	api POST "/users/$first/restore"
	expect 409 conflict "/email taken"
}

@test "users: PUT does not change omitted fields, nor the password" {
	email=$(new_email)
	id=$(make /users email="$email" name=Ann password='correct horse' is_staff:=true is_customer:=true comments=x)
	send PUT "/users/$id" email="$email" is_staff:=true
	expect 200
	[[ $(field '[.name, .is_customer, .is_staff, .is_active, .comments] | tojson') == '["Ann",true,true,true,"x"]' ]]
	login "$email" 'correct horse'
}

@test "users: filters, orderings, search" {
	word=$(unique)
	email=$(new_email)
	number=$(new_number)
	a=$(make /users name="B $word" email="$email")
	b=$(make /users name="A $word" mobile_number="$number" is_customer:=true is_active:=false)
	for query in "email=${email^^}" "search=${email%@*}" "search=$word&is_active=true" "search=$word&is_customer=false"; do
		api GET "/users?$query"
		expect 200
		[[ $(field '[.results[].id] | join(" ")') == "$a" ]]
	done
	for query in "mobile_number=%2B${number#+}" "search=${number#+}" "search=$word&is_active=false&is_admin=false"; do
		api GET "/users?$query"
		[[ $(field '[.results[].id] | join(" ")') == "$b" ]]
	done
	api GET "/users?search=$word&ordering=name&is_staff=false"
	[[ $(field '[.results[].id] | join(" ")') == "$b $a" ]]
	for query in is_admin=yes email=x name=x password=x password_hash=x ordering=email ordering=password; do
		api GET "/users?$query"
		expect 400 invalid-query
	done
}

@test "users: admins only" {
	id=$(staff_id)
	for who in nobody customer staff; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		api GET /users
		expect $code $problem
		send POST /users email="$(new_email)"
		expect $code $problem
		api GET "/users/$id"
		expect $code $problem
		send PUT "/users/$id" email="$(new_email)"
		expect $code $problem
		send PATCH "/users/$id" is_admin:=true
		expect $code $problem
		api DELETE "/users/$id"
		expect $code $problem
		api POST "/users/$id/restore"
		expect $code $problem
	done
}

@test "users: one that is not there" {
	for id in "$nowhere" x; do
		api GET "/users/$id"
		expect 404 not-found
		send PATCH "/users/$id" name=x
		expect 404 not-found
		api DELETE "/users/$id"
		expect 404 not-found
		api POST "/users/$id/restore"
		expect 404 not-found
	done
}

# signed_in_staff : $id, $email, and in $theirs the token of a new one
signed_in_staff() {
	email=$(new_email)
	id=$(make /users email="$email" password='correct horse' is_staff:=true)
	theirs=$(login "$email" 'correct horse')
}

# me STATUS : what the one who signed in gets now
me() {
	token=$theirs api GET /auth/me
	expect "$1"
}

@test "users: an admin changes their own number and password at once, and signs in again" {
	email=$(new_email)
	id=$(make /users email="$email" password='correct horse' is_admin:=true)
	theirs=$(login "$email" 'correct horse')
	token=$theirs send PATCH "/users/$id" mobile_number="$(new_number)" password='battery staple'
	expect 200
	me 401
	theirs=$(login "$email" 'battery staple')
	token=$theirs send PATCH "/users/$id" is_staff:=true
	expect 200
	me 401
}

@test "users: a password that is easy to guess is refused, also by what its owner and the shop are called" {
	signed_in_staff
	send PATCH "/users/$id" name=Oblomovitch
	for password in qwertyuiop123 'P@ssw0rd2024' 1111111111 Oblomovitch1 "${email%@*}2024"; do
		send PATCH "/users/$id" password="$password"
		expect 422 validation "/password too_common"
	done
	email=$(new_email)
	send POST /users email="$email" is_staff:=true name='Kunigunde Zwack' password='kunigundeZWACK'
	expect 422 validation "/password too_common"
	send POST /users email="$email" is_staff:=true password="${email%@*}1"
	expect 422 validation "/password too_common"
	send POST /users email="$email" is_staff:=true password='ąčęėįšųū9'
	expect 422 validation "/password min_length"
	send POST /users email="$email" is_staff:=true password='ąčęėįšųū9ž'
	expect 201
	login "$email" 'ąčęėįšųū9ž'
}

@test "users: a user with a new address must sign in again" {
	signed_in_staff
	send PATCH "/users/$id" email="${email^^}"
	expect 200
	me 200
	send PATCH "/users/$id" email="$(new_email)"
	expect 200
	me 401
}

@test "users: a null password changes nothing" {
	signed_in_staff
	send PATCH "/users/$id" name=New password:=null
	expect 200
	me 200
	send PUT "/users/$id" email="$email" password:=null
	expect 200
	me 200
}

@test "users: customers get no password" {
	send POST /users mobile_number="$(new_number)" is_customer:=true password='correct horse'
	expect 422 validation "/password not_staff"
	send POST /users email="$(new_email)" password='correct horse'
	expect 422 validation "/password not_staff"
	signed_in_staff
	send PATCH "/users/$id" is_staff:=false password='battery staple'
	expect 422 validation "/password not_staff"
	me 200
	send PATCH "/users/$id" is_staff:=false
	expect 200
	send PATCH "/users/$id" password='battery staple'
	expect 422 validation "/password not_staff"
	# With the right and the password in one request.
	send PATCH "/users/$id" is_staff:=true is_customer:=true password='battery staple'
	expect 200
	login "$email" 'battery staple'
}

@test "users: staff and admins need an address to sign in with" {
	send POST /users mobile_number="$(new_number)" is_staff:=true password='correct horse'
	expect 422 validation "/email required"
	send POST /users name=Ann is_customer:=true
	expect 422 validation "/email required"
	id=$(make /users mobile_number="$(new_number)" is_customer:=true)
	send PATCH "/users/$id" is_admin:=true
	expect 422 validation "/email required"
}

@test "users: a new password ends the sessions, and is what counts" {
	signed_in_staff
	me 200
	send PATCH "/users/$id" password='battery staple'
	expect 200
	me 401
	send POST /auth/admin/login email="$email" password='correct horse'
	expect 401
	as admin
	login "$email" 'battery staple'
}

@test "users: suspension, deactivation, expiry, deletion or demotion ends sessions at once, permanently" {
	signed_in_staff
	for change in is_suspended:=true is_active:=false active_to=2001-01-01T00:00:00Z active_from=2999-01-01T00:00:00Z \
		is_staff:=false; do
		theirs=$(login "$email" 'correct horse')
		me 200
		send PATCH "/users/$id" "$change"
		expect 200
		me 401
		send PATCH "/users/$id" is_suspended:=false is_active:=true active_to:=null active_from:=null is_staff:=true
		expect 200
		me 401
	done
	theirs=$(login "$email" 'correct horse')
	api DELETE "/users/$id"
	expect 204
	me 401
	api POST "/users/$id/restore"
	expect 200
	me 401
}

@test "users: staff who become admins, or stop being admins, must sign in again" {
	signed_in_staff
	send PATCH "/users/$id" is_admin:=true
	me 401
	theirs=$(login "$email" 'correct horse')
	token=$theirs api GET /users
	expect 200
	send PATCH "/users/$id" is_admin:=false
	me 401
	theirs=$(login "$email" 'correct horse')
	token=$theirs api GET /users
	expect 403
}

# Other admins are disabled while it runs, so this needs the database.
@test "users: the last admin who can sign in stays" {
	[[ -n ${PSQL-} ]] || skip "needs PSQL"
	me=$(token=$(admin_token) api GET /auth/me && field .id)
	others=$($PSQL -c "select coalesce(string_agg(quote_literal(id), ','), 'null') from users
		where is_admin and id <> '$me' and active_to is null")
	$PSQL -c "update users set active_to = '2999-01-01' where id in ($others)"
	for change in is_suspended:=true is_active:=false is_admin:=false active_from=2999-01-01T00:00:00Z \
		active_to=2999-01-01T00:00:00Z; do
		send PATCH "/users/$me" "$change"
		expect 409 conflict
	done
	send PUT "/users/$me" email="$ADMIN_EMAIL" is_admin:=false
	expect 409 conflict
	api DELETE "/users/$me"
	expect 409 conflict
	send PATCH "/users/$me" name=Still
	expect 200
	# One who cannot sign in is no way out, one who can is.
	second=$(make /users email="$(new_email)" is_admin:=true)
	api DELETE "/users/$me"
	expect 409 conflict
	send PATCH "/users/$second" password='correct horse'
	send PATCH "/users/$me" active_from=2001-01-01T00:00:00Z active_to=2999-01-01T00:00:00Z
	expect 200
	send PATCH "/users/$second" is_suspended:=true
	expect 409 conflict
	send PATCH "/users/$me" active_to:=null
	send PATCH "/users/$second" is_suspended:=true
	expect 200
	$PSQL -c "update users set active_to = null where id in ($others)"
}

# --- the audit log

@test "audit-logs: every change of a user is there, without secrets" {
	id=$(make /users email="$(new_email)" name=Ann password='correct horse' is_staff:=true)
	send PATCH "/users/$id" name=Bea
	api PATCH "/users/$id" --json '{"name":"Cleo"}' -H 'X-Request-Id: the-third-change'
	request=$(header X-Request-Id)
	api DELETE "/users/$id"
	api GET "/audit-logs?record_id=$id&ordering=created_at&table_name=users"
	expect 200
	[[ $(field '[.results[].action] | unique | join(" ")') == "insert update" ]]
	[[ $(field '.results[0].old_data') == null && $(field '.results[0].new_data.name') == Ann ]]
	[[ $(field '.results[-1] | [.old_data.is_deleted, .new_data.is_deleted] | tojson') == "[false,true]" ]]
	third=$(field '.results[] | select(.request_id == "'"$request"'") | .id')
	[[ $(field '[.results[] | (.old_data, .new_data) // {} | has("password_hash")] | any') == false ]]
	api GET "/audit-logs/$third"
	expect 200
	[[ $(field '[.old_data.name, .new_data.name, .action] | join(" ")') == "Bea Cleo update" ]]
	[[ $(as_sent 'keys_unsorted | join(" ")') == \
		"id user action table_name record_id request_id old_data new_data created_at" ]]
}

@test "audit-logs: filters and orderings" {
	me=$(api GET /auth/me && field .id)
	id=$(make /users email="$(new_email)")
	api GET "/audit-logs?user=$me&record_id=$id&action=insert&created_at__gte=2026-01-01T00:00:00Z&count=exact"
	expect 200
	[[ $(field .count) == 1 && $(field '.results[0].user') == "$me" ]]
	api GET "/audit-logs?record_id=$id&created_at__lt=2026-01-01T00:00:00Z"
	[[ $(field '.results | length') == 0 ]]
	api GET "/audit-logs?page_size=50"
	[[ $(field '[.results[].created_at] | . == (sort | reverse)') == true ]]
	for query in user=x record_id=x request_id=x created_at=2026-01-01T00:00:00Z created_at__gte=now old_data=x \
		include=deleted search=x ordering=action; do
		api GET "/audit-logs?$query"
		expect 400 invalid-query
	done
}

@test "audit-logs: admins only, and read only" {
	api GET "/audit-logs?page_size=1"
	id=$(field '.results[0].id')
	api GET "/audit-logs/$nowhere"
	expect 404 not-found
	for method in POST PUT PATCH DELETE; do
		api $method /audit-logs --json '{}'
		expect 405 method-not-allowed
		[[ $(header Allow) == "GET, HEAD, OPTIONS" ]]
		api $method "/audit-logs/$id" --json '{}'
		expect 405 method-not-allowed
	done
	for who in nobody customer staff; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		api GET /audit-logs
		expect $code $problem
		api GET "/audit-logs/$id"
		expect $code $problem
	done
}

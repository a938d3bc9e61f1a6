# Addresses: a customer's own, and nobody else's.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/orders

home() { json label=Home name=Ann line1='Weg 1' city=Bonn postal_code=53111 country=DE phone='+49 228 123456' "$@"; }

# as_new : a customer who has nothing yet.
as_new() { token=$(login_customer "$(new_number)"); }

make_home() {
	api POST /addresses --json "$(home "$@")"
	expect 201 >&2 && field .id
}

nowhere=01900000-0000-7000-8000-000000000000

@test "addresses: a customer makes, reads, changes and deletes one, and brings it back" {
	as_new
	api POST /addresses --json "$(home is_default:=true)"
	expect 201
	[[ $(header Location) == */addresses/$(field .id) && $(header Cache-Control) == no-store ]]
	[[ $(as_sent 'keys_unsorted | join(" ")') == "id label name company line1 line2 city region postal_code country phone tax_id is_default \
created_at modified_at" ]]
	[[ $(field '[.label, .line1, .line2, .region, .phone, .is_default] | tojson') == \
		'["Home","Weg 1","","","+49228123456",true]' ]]
	path=/addresses/$(field .id)
	send PATCH "$path" label=Office phone:=null
	expect 200
	[[ $(field '.label, .phone, .name') == $'Office\nnull\nAnn' ]]
	send PUT "$path" line1='Weg 2' city=Ulm country=AT
	expect 200
	[[ $(field '[.label, .name, .line1, .country, .is_default] | tojson') == '["Office","Ann","Weg 2","AT",true]' ]]
	api DELETE "$path"
	expect 204
	api GET "$path"
	expect 404 not-found
	api GET /addresses
	[[ $(field '.results | length') == 0 ]]
	api POST "$path/restore"
	expect 200
	api GET "$path"
	expect 200
	[[ $(field .city) == Ulm ]]
}

@test "addresses: ETag, If-None-Match, If-Match" {
	as_new
	path=/addresses/$(make_home)
	api GET "$path"
	etag=$(header ETag)
	api GET "$path" -H "If-None-Match: $etag"
	expect 304
	api PATCH "$path" -H "If-Match: $etag" --json '{"label":"A"}'
	expect 200
	api PATCH "$path" -H "If-Match: $etag" --json '{"label":"B"}'
	expect 412 precondition-failed
	api DELETE "$path" -H "If-Match: $etag"
	expect 412 precondition-failed
}

@test "addresses: where addresses are written with a state or province, it is needed" {
	as_new
	for country in AU BR CA CN IN JP MX US; do
		api POST /addresses --json "$(home country="$country")"
		expect 422 validation "/region required"
	done
	[[ $(field '.errors[0].detail') == 'Addresses in this country need their state, province or prefecture.' ]]
	path=/addresses/$(make /addresses line1='12 Lake Road' city=Pune region=MH country=IN)
	send PATCH "$path" region=' '
	expect 422 validation "/region required"
	# One of before can be read, and changed elsewhere.
	sql "begin; alter table addresses disable trigger check_rules;
		update addresses set region = '' where id = '${path##*/}';
		alter table addresses enable trigger check_rules; commit"
	send PATCH "$path" label=Office
	expect 200
	[[ $(field '[.label, .region, .country] | tojson') == '["Office","","IN"]' ]]
	send PATCH "$path" country=US
	expect 422 validation "/region required"
	send PATCH "$path" country=DE
	expect 200
}

@test "addresses: a country of before that is no longer taken stays, and does not hinder other changes" {
	as_new
	path=/addresses/$(make /addresses line1=a city=b country=DE)
	sql "update addresses set country = 'UK' where id = '${path##*/}'"
	send PATCH "$path" label=Office
	expect 200
	[[ $(field .country) == UK ]]
}

@test "addresses: a tax number has the form of the country, and one form" {
	as_new
	send POST /addresses company='Acme GmbH' line1=a city=b country=DE tax_id='136 695 976'
	expect 201
	path=/addresses/$(field .id)
	[[ $(field '[.company, .tax_id] | join(" ")') == "Acme GmbH DE136695976" ]]
	while read -r country tax_id; do
		send POST /addresses line1=a city=b region=c country="$country" tax_id="$tax_id"
		expect 422 validation "/tax_id invalid"
	done <<-'END'
		DE DE136695978
		IN 27AAPFU0939F1ZW
		GR GR094259216
	END
	[[ $(field '.errors[0].detail') == 'It is no tax number of GR: '* ]]
	send PATCH "$path" tax_id=ATU13585627
	expect 422 validation "/tax_id invalid"
	send PATCH "$path" country=AT
	expect 422 validation "/tax_id invalid"
	send PATCH "$path" country=AT tax_id='u13585627'
	expect 200
	[[ $(field .tax_id) == ATU13585627 ]]
	send PATCH "$path" country=GB tax_id=' GB 980 7806 84'
	expect 200
	[[ $(field .tax_id) == 'GB 980 7806 84' ]]
	send PATCH "$path" tax_id:=null
	expect 200
	[[ $(field .tax_id) == '' ]]
	send PATCH "$path" country=AT
	expect 200
	token=$(login_customer "$(new_number)")
	send PATCH "$path" tax_id=x
	expect 404
}

@test "addresses: all broken rules are reported at once" {
	as_new
	api POST /addresses --json '{"line1":" ","country":"deu","phone":"12","is_default":1,"city":null,"label":7,
		"user":"x","id":"x","status":"x","postal_code":"123456789012345678901","colour":"red"}'
	expect 422 validation "/city null, /colour unknown_field, /country invalid, /id read_only, /is_default wrong_type, \
/label wrong_type, /line1 blank, /phone invalid, /postal_code max_length, /status unknown_field, /user unknown_field"
	send POST /addresses label=Home
	expect 422 validation "/city required, /country required, /line1 required"
	for country in DEU D '' D1 'D '; do
		api POST /addresses --json "$(home country="$country")"
		expect 422 validation "/country invalid"
	done
	api POST /addresses --json "$(home line1="$(printf 'x%.0s' {1..256})")"
	expect 422 validation "/line1 max_length"
	api POST /addresses --json "$(home city=$'a\nb')"
	expect 422 validation "/city control_character"
	# C1, bidirectional override and isolate, zero width space, byte order mark, a tag
	for bad in 'a\u009b31m' '\u202egpj.exe' 'a\u2066b' 'a\u200bb' '\ufeffa' 'a\udb40\udc41'; do
		api POST /addresses --json "$(home city:="\"$bad\"")"
		expect 422 validation "/city control_character"
	done
	for blank in '\u00a0' '\u3164' '\u200d'; do
		api POST /addresses --json "$(home city:="\"$blank\"")"
		expect 422 validation "/city blank"
	done
	for good in 'क्‍षेत्र' 'می‌خواهم' '🏴󠁧󠁢󠁥󠁮󠁧󠁿'; do
		api POST /addresses --json "$(home city="$good")"
		expect 201
	done
}

@test "addresses: another customer's is a 404" {
	as_new
	path=/addresses/$(make_home)
	as_new
	api GET "$path"
	expect 404 not-found
	send PATCH "$path" label=x
	expect 404 not-found
	api PUT "$path" --json "$(home)"
	expect 404 not-found
	api DELETE "$path"
	expect 404 not-found
	api POST "$path/restore"
	expect 404 not-found
	api GET /addresses
	[[ $(field '.results | length') == 0 ]]
	for id in $nowhere x; do
		api GET "/addresses/$id"
		expect 404 not-found
		api DELETE "/addresses/$id"
		expect 404 not-found
	done
}

@test "addresses: guests have none" {
	token=
	api GET /addresses
	expect 401 not-authenticated
	api POST /addresses --json "$(home)"
	expect 401 not-authenticated
	api GET "/addresses/$nowhere"
	expect 401 not-authenticated
}

# Staff have addresses as customers, with a customer's session.
@test "addresses: staff signed in with a password see and write none" {
	as_new
	path=/addresses/$(make_home)
	as staff
	for call in "GET /addresses" "GET $path" "DELETE $path" "POST $path/restore"; do
		# shellcheck disable=SC2086 # two words
		api $call
		expect 403 forbidden
	done
	api POST /addresses --json "$(home)"
	expect 403 forbidden
	send PATCH "$path" label=x
	expect 403 forbidden
	api PUT "$path" --json "$(home)"
	expect 403 forbidden
}

@test "addresses: staff signed in with a code have their own" {
	number=$(new_number)
	as admin
	user=$(make /users email="$(unique)@example.test" mobile_number="$number" is_staff:=true is_customer:=true)
	token=$(login_customer "$number")
	id=$(make_home)
	api GET "/addresses/$id"
	expect 200
	as admin
	api GET "/addresses/$id"
	expect 200
	[[ $(field .user) == "$user" ]]
}

@test "addresses: admins read all, and write none" {
	as_new
	id=$(make_home)
	api GET /auth/me
	user=$(field .id)
	as admin
	api GET "/addresses?user=$user"
	expect 200
	[[ $(field '.results | map([.id, .user, .is_deleted]) | tojson') == "[[\"$id\",\"$user\",false]]" ]]
	api POST /addresses --json "$(home)"
	expect 403 forbidden
	api PUT "/addresses/$id" --json "$(home)"
	expect 403 forbidden
	send PATCH "/addresses/$id" label=x
	expect 403 forbidden
	send PATCH "/addresses/$id" comments=x
	expect 403 forbidden
	api DELETE "/addresses/$id"
	expect 403 forbidden
	api POST "/addresses/$id/restore"
	expect 403 forbidden
}

@test "addresses: the list filters, orders, counts, and refuses the rest" {
	as_new
	for label in B A C; do make_home label=$label >/dev/null; done
	api GET '/addresses?ordering=label&count=exact'
	[[ $(field '.count, ([.results[].label] | join(""))') == $'3\nABC' ]]
	api GET '/addresses?label=B'
	[[ $(field '[.results[].label] | join("")') == B ]]
	for query in user=$nowhere city=Bonn search=Bonn include=deleted is_suspended=true; do
		api GET "/addresses?$query"
		expect 400 invalid-query
	done
}

@test "addresses: one is the default, the newest that was called so" {
	as_new
	first=$(make_home is_default:=true)
	second=$(make_home is_default:=true)
	api GET '/addresses?is_default=true'
	[[ $(field '[.results[].id] | join(" ")') == "$second" ]]
	send PATCH "/addresses/$first" is_default:=true
	expect 200
	api GET '/addresses?is_default=true'
	[[ $(field '[.results[].id] | join(" ")') == "$first" ]]
	api DELETE "/addresses/$first"
	send PATCH "/addresses/$second" is_default:=true
	api POST "/addresses/$first/restore"
	expect 200
	[[ $(field .is_default) == false ]]
	api DELETE "/addresses/$second"
	api POST "/addresses/$second/restore"
	[[ $(field .is_default) == true ]]
}

# Each locks the owner first, so none of them waits for another one that waits for it.
@test "addresses: many become the default at once, one is, and all are answered" {
	as_new
	ids=()
	for _ in 1 2 3 4; do ids+=("$(make_home)"); done
	for round in 1 2 3; do
		pids=()
		for id in "${ids[@]}"; do
			curl -s -o /dev/null -w '%{http_code}\n' -X PATCH -H "Authorization: Bearer $token" --json '{"is_default":true}' \
				"$API/addresses/$id" >"$BATS_TEST_TMPDIR/$round-$id" &
			pids+=($!)
		done
		api POST /addresses --json "$(home is_default:=true)"
		expect 201
		wait "${pids[@]}"
	done
	[[ $(sort -u "$BATS_TEST_TMPDIR"/[123]-*) == 200 ]]
	api GET '/addresses?is_default=true'
	[[ $(field '.results | length') == 1 ]]
}

@test "addresses: a hundred are enough" {
	as_new
	api POST /addresses --json "$(home)"
	first=$(field .id)
	api DELETE "/addresses/$first"
	{
		for i in {1..100}; do
			if (( i > 1 )); then echo next; fi
			printf 'url = "%s/addresses"\nheader = "Authorization: Bearer %s"\njson = "%s"\noutput = /dev/null\n' "$API" "$token" \
				'{\"line1\":\"Weg\",\"city\":\"Bonn\",\"country\":\"DE\"}'
			printf 'silent\nwrite-out = "%%{http_code}\\n"\n'
		done
	} >"$BATS_TEST_TMPDIR/config"
	[[ $(curl --config "$BATS_TEST_TMPDIR/config" | sort | uniq -c | tr -s ' ') == " 100 201" ]]
	api POST /addresses --json "$(home)"
	expect 409 conflict
	api POST "/addresses/$first/restore"
	expect 409 conflict
}

# Stores and their members. shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store contact_phone='+49 30 901820')
	OTHER=$(make /stores name="$(unique Other-)" currency=JPY)
	export STORE OTHER
}

nowhere=01900000-0000-7000-8000-000000000000

@test "stores: an admin opens one" {
	name=$(unique "Café ")
	as admin
	send POST /stores name="$name" currency=EUR timezone=Europe/Berlin prices_include_tax:=true \
		contact_email=Shop@Example.test contact_phone='+49 (30) 90-1820' description=$'two\nlines' \
		owner="$(staff_id owner)" address:='{"line1":"Weg 1","city":"Berlin","country":"DE"}'
	expect 201
	[[ $(field .slug) == "cafe-${name#Café }" && $(field .contact_email) == shop@example.test ]]
	[[ $(field .contact_phone) == +4930901820 && $(field .address.city) == Berlin ]]
	[[ $(field .owner) == "$(staff_id owner)" && $(field .is_suspended) == false ]]
	[[ $(header Location) == */stores/$(field .id) ]]
	[[ $(header ETag) == \"*\" ]]
}

@test "stores: what an admin may leave out" {
	as admin
	send POST /stores name="$(unique)" currency=USD
	expect 201
	[[ $(field '[.timezone, .prices_include_tax, .contact_email, .owner, .address, .description] | tojson') == \
		'["UTC",false,null,null,{},""]' ]]
}

@test "stores: all broken rules are reported at once" {
	as admin
	api POST /stores --json '{"name":" ","slug":"No Slug","currency":"euro","owner":"x","contact_email":"a",
		"contact_phone":"12","prices_include_tax":"yes","address":[],"timezone":"","colour":"red","id":"x"}'
	expect 422 validation "/address wrong_type, /colour unknown_field, /contact_email invalid, /contact_phone invalid, \
/currency invalid, /id read_only, /name blank, /owner invalid, /prices_include_tax wrong_type, /slug invalid, \
/timezone invalid"
	send POST /stores description=x
	expect 422 validation "/currency required, /name required"
	api POST /stores --json '{"name":"a","currency":"EUR","address":{"line1":"a\u0001","country":"DEU","phone":"12","zip":"1"}}'
	expect 422 validation "/address/country invalid, /address/line1 control_character, /address/phone invalid, \
/address/zip unknown_field"
}

@test "stores: a time zone is one that there is" {
	as admin
	for zone in Europe/Atlantis localtime posix/Europe/Berlin EUROPE/BERLIN; do
		send PATCH "/stores/$STORE" timezone="$zone"
		expect 422 validation "/timezone invalid"
	done
	for zone in Asia/Kolkata America/Argentina/Buenos_Aires UTC; do
		send PATCH "/stores/$STORE" timezone="$zone"
		expect 200
		[[ $(field .timezone) == "$zone" ]]
	done
}

@test "stores: an owner is one of the staff" {
	as admin
	customer=$(make /users mobile_number="$(new_number)" is_customer:=true)
	for owner in "$customer" "$nowhere"; do
		send PATCH "/stores/$OTHER" owner="$owner"
		expect 422 validation "/owner not_staff"
	done
}

@test "stores: the currency stays" {
	as admin
	send PATCH "/stores/$STORE" currency=USD
	expect 422 validation "/currency immutable"
	send PUT "/stores/$STORE" name=x currency=USD
	expect 422 validation "/currency immutable"
}

@test "stores: all callers read them, without private fields" {
	for who in nobody customer outsider; do
		as "$who"
		api GET "/stores/$STORE"
		expect 200
		[[ $(as_sent 'keys_unsorted | join(" ")') == "id name slug description currency rounding_step timezone \
prices_include_tax tax_inclusive_rebase tax_rounding reverse_charge contact_email contact_phone address guest_max_quantity \
guest_max_total cod_confirmation created_at modified_at" ]]
	done
	as staff
	api GET "/stores/$STORE"
	[[ $(field 'has("owner") and has("comments") and has("is_deleted")') == true ]]
}

@test "stores: the list filters, orders and searches" {
	name=$(unique Zebra-)
	as admin
	store=$(make /stores name="$name" currency=CHF description="sells 100% striped_things")
	as nobody
	for query in "slug=${name,,}" "name=$name" "search=${name:3:8}" "currency=CHF&search=${name,,}"; do
		api GET "/stores?$query"
		expect 200
		[[ $(field '[.results[].id] | join(" ")') == "$store" ]]
	done
	api GET "/stores?search=100%25+striped_t&ordering=-created_at"
	[[ $(field '.results[0].id') == "$store" ]]
	api GET "/stores?search=100_%25"
	[[ $(field '.results | length') == 0 ]]
	api GET "/stores?owner=$nowhere"
	expect 400 invalid-query "owner invalid"
	api GET "/stores?ordering=currency"
	expect 400 invalid-query "ordering invalid"
}

@test "stores: what staff may not see of a store selects none" {
	as admin
	store=$(make /stores name="$(unique)" currency=EUR)
	for who in outsider staff; do
		as "$who"
		for query in owner=null "owner=$(staff_id owner)" is_suspended=false; do
			api GET "/stores?$query&ordering=-created_at&count=exact"
			expect 200
			[[ $(field '[.results[] | select(has("owner") | not)] | length') == 0 ]] || { echo "$who $query"; false; }
			[[ $who != outsider || $(field .count) == 0 ]]
		done
	done
	as admin
	api GET "/stores?owner=null&ordering=-created_at"
	[[ $(field '.results[0].id') == "$store" ]]
}

@test "stores: who may write" {
	for who in nobody customer staff; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		send POST /stores name=x currency=EUR
		expect $code $problem
		api DELETE "/stores/$STORE"
		expect $code $problem
		api POST "/stores/$STORE/restore"
		expect $code $problem
	done
	for who in customer outsider; do
		as "$who"
		send PATCH "/stores/$STORE" name=x
		expect 403 forbidden
		send PUT "/stores/$STORE" name=x
		expect 403 forbidden
	done
}

@test "stores: staff change their own, but not the owner" {
	as staff
	send PATCH "/stores/$STORE" description=ours address:='{"city":"Bonn","region":"53111"}'
	expect 200
	send PATCH "/stores/$STORE" address:='{"region":null,"line1":" Weg 2","country":" DE"}'
	[[ $(field '.description + .address.city + .address.line1') == "oursBonnWeg 2" ]]
	[[ $(field '.address | has("region")') == false && $(field .address.country) == DE ]]
	send PATCH "/stores/$STORE" owner="$(staff_id)"
	expect 422 validation "/owner read_only"
	send PUT "/stores/$STORE" name="$(unique New-)"
	expect 200
	[[ $(field '.description + .address.city') == "oursBonn" && $(field .currency) == EUR ]]
}

@test "stores: an owner works there without being listed" {
	as admin
	owner=$(staff_id owner)
	store=$(make /stores name="$(unique)" currency=EUR owner="$owner")
	as owner
	send PATCH "/stores/$store" description=mine
	expect 200
	api GET "/stores/$store/members"
	expect 200
	[[ $(field '.results | map([.user, .is_owner, .created_at]) | tojson') == "[[\"$owner\",true,null]]" ]]
	api DELETE "/stores/$store/members/$owner"
	expect 409 conflict
}

@test "stores: a deleted one is gone until it is restored, and leaves its slug" {
	as admin
	slug=$(unique)
	store=$(make /stores name=A slug="$slug" currency=EUR)
	api DELETE "/stores/$store"
	expect 204
	[[ -z $body ]]
	for method in GET DELETE; do
		api $method "/stores/$store"
		expect 404 not-found
	done
	send PATCH "/stores/$store" name=B
	expect 404 not-found
	api GET "/stores/$store?include=deleted"
	expect 200
	[[ $(field .is_deleted) == true ]]
	second=$(make /stores name=B slug="$slug" currency=EUR)
	api POST "/stores/$store/restore"
	expect 409 conflict "/slug taken"
	send PATCH "/stores/$second" slug="$(unique)"
	expect 200
	api POST "/stores/$store/restore"
	expect 200
	[[ $(field .is_deleted) == false ]]
}

@test "stores: a suspended one is visible only to its staff" {
	as admin
	store=$(make /stores name="$(unique)" currency=EUR is_suspended:=true)
	send POST "/stores/$store/members" user="$(staff_id)"
	as staff
	api GET "/stores/$store"
	expect 200
	for who in nobody customer outsider; do
		as "$who"
		api GET "/stores/$store"
		expect 404 not-found
	done
	send PATCH "/stores/$store" name=x
	expect 404 not-found
	api GET "/stores/$store/members"
	expect 404 not-found
}

# --- members

# owned_store : the id of a new one, which the staff member `owner` owns and `staff` works in.
owned_store() { staffed_store owner="$(staff_id owner)"; }

@test "members: an owner lets others of the staff work in the store, and no more" {
	store=$(owned_store)
	as owner
	new=$(staff_id new)
	send POST "/stores/$store/members" user="$new"
	expect 201
	[[ $(field '[.user, .name, .is_owner] | tojson') == "[\"$new\",\"new\",false]" ]]
	[[ $(field .created_at) == 20*Z ]]
	send POST "/stores/$store/members" user="$new"
	expect 200
	api GET "/stores/$store/members"
	expect 200
	[[ $(field '[.results[].user] | join(" ")') == "$(staff_id owner) $(staff_id) $new" ]]
	[[ $(header Cache-Control) == no-store ]]
	as new
	send PATCH "/stores/$store" description=new
	expect 200
	product=$(make /products store="$store" sku="$(unique)" name=x price=1 status=odd)
	as owner
	api DELETE "/stores/$store/members/$new"
	expect 204
	api DELETE "/stores/$store/members/$new"
	expect 404 not-found
	# At once, with the token that was there before.
	as new
	send PATCH "/stores/$store" description=new
	expect 403 forbidden
	send PATCH "/products/$product" price=2
	expect 403 forbidden
	api GET "/products/$product"
	[[ $(field 'has("status")') == false ]]
	api GET "/products?store=$store&status=odd"
	[[ $(field '.results | length') == 0 ]]
	api GET "/orders?store=$store"
	[[ $(field '.results | length') == 0 ]]
	api GET "/stores/$store/members"
	expect 403 forbidden
}

@test "members: If-Match is of the store, and a stale one changes nothing" {
	store=$(owned_store)
	as owner
	api GET "/stores/$store"
	old=$(header ETag)
	send PATCH "/stores/$store" description=changed
	expect 200
	fresh=$(header ETag) new=$(staff_id new)
	for tag in "$old" '"other"'; do
		api POST "/stores/$store/members" --json "{\"user\":\"$new\"}" -H "If-Match: $tag"
		expect 412 precondition-failed
		api DELETE "/stores/$store/members/$(staff_id)" -H "If-Match: $tag"
		expect 412 precondition-failed
	done
	api GET "/stores/$store/members"
	expect 200
	[[ $(field '[.results[].user] | join(" ")') == "$(staff_id owner) $(staff_id)" ]]
	api POST "/stores/$store/members" --json "{\"user\":\"$new\"}" -H "If-Match: $fresh"
	expect 201
	api DELETE "/stores/$store/members/$(staff_id)" -H "If-Match: \"other\", $fresh"
	expect 204
	api GET "/stores/$store/members"
	[[ $(field '[.results[].user] | join(" ")') == "$(staff_id owner) $new" ]]
}

@test "members: a plain member cannot add or remove members" {
	store=$(owned_store)
	as staff
	api GET "/stores/$store/members"
	expect 200
	send POST "/stores/$store/members" user="$(staff_id new)"
	expect 403 forbidden
	for user in "$(staff_id owner)" "$(staff_id)" "$(staff_id new)"; do
		api DELETE "/stores/$store/members/$user"
		expect 403 forbidden
	done
}

@test "members: adding a member reveals no one" {
	store=$(owned_store)
	as admin
	api GET /auth/me
	admin=$(field .id)
	both=$(make /users email="$(unique)@example.test" is_staff:=true is_admin:=true)
	customer=$(make /users mobile_number="$(new_number)" is_customer:=true)
	as owner
	send POST "/stores/$store/members" user="$nowhere"
	expect 422 validation "/user not_staff"
	unknown=$(as_sent 'del(.request_id) | tojson')
	for user in "$admin" "$both" "$customer"; do
		send POST "/stores/$store/members" user="$user"
		expect 422
		[[ $(as_sent 'del(.request_id) | tojson') == "$unknown" ]]
	done
	as admin
	send POST "/stores/$store/members" user="$both"
	expect 201
	as owner
	api DELETE "/stores/$store/members/$both"
	expect 204
}

@test "suspension: what an admin suspends, staff do not release" {
	store=$(owned_store)
	as staff
	product=$(make /products store="$store" sku="$(unique)" name=x price=1)
	category=$(make /categories store="$store" name="$(unique)")
	for path in "/stores/$store" "/products/$product" "/categories/$category"; do
		as staff
		send PATCH "$path" is_suspended:=true
		expect 200
		send PATCH "$path" is_suspended:=false
		expect 200
		as admin
		send PATCH "$path" is_suspended:=true
		for who in staff owner; do
			as "$who"
			send PATCH "$path" is_suspended:=false
			expect 403 forbidden
			send PATCH "$path" comments=seen
			expect 200
			[[ $(field .is_suspended) == true ]]
		done
		as admin
		send PATCH "$path" is_suspended:=false
		expect 200
		# What staff suspend is theirs to release, also when an admin touches it meanwhile.
		as staff
		send PATCH "$path" is_suspended:=true
		as admin
		send PATCH "$path" comments=x is_suspended:=true
		as staff
		send PATCH "$path" is_suspended:=false
		expect 200
	done
	as admin
	store=$(make /stores name="$(unique)" currency=EUR is_suspended:=true owner="$(staff_id owner)")
	as owner
	send PATCH "/stores/$store" is_suspended:=false
	expect 403 forbidden
}

@test "members: each change leaves an audit row with the store" {
	as admin
	store=$(make /stores name="$(unique)" currency=EUR)
	user=$(staff_id)
	send POST "/stores/$store/members" user="$user"
	api DELETE "/stores/$store/members/$user"
	expect 204
	api GET "/audit-logs?record_id=$store&table_name=store_members&ordering=created_at"
	[[ $(field '[.results[].action] | join(" ")') == "insert delete" ]]
	[[ $(field '[.results[] | (.new_data // .old_data).user_id] | unique | join(" ")') == "$user" ]]
	[[ $(field '[.results[] | .old_data == null, .new_data == null] | tojson') == "[true,false,false,true]" ]]
}

@test "members: only staff can be" {
	as admin
	customer=$(make /users mobile_number="$(new_number)" is_customer:=true)
	for user in "$customer" "$nowhere"; do
		send POST "/stores/$STORE/members" user="$user"
		expect 422 validation "/user not_staff"
	done
	send POST "/stores/$STORE/members" user=x role=boss
	expect 422 validation "/role unknown_field, /user invalid"
	send POST "/stores/$STORE/members"
	expect 422 validation "/user required"
}

@test "members: who may look and change" {
	user=$(staff_id outsider)
	for who in nobody customer outsider; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		api GET "/stores/$STORE/members"
		expect $code $problem
		send POST "/stores/$STORE/members" user="$user"
		expect $code $problem
		api DELETE "/stores/$STORE/members/$user"
		expect $code $problem
	done
	as admin
	for store in "$nowhere" x; do
		api GET "/stores/$store/members"
		expect 404 not-found
		send POST "/stores/$store/members" user="$user"
		expect 404 not-found
		api DELETE "/stores/$store/members/$user"
		expect 404 not-found
	done
	api DELETE "/stores/$STORE/members/x"
	expect 404 not-found
	api GET "/stores/$STORE/members?page=1"
	expect 400 invalid-query
}

# --- what invoices are made with

@test "stores: in India the tax number is a GSTIN of the state of the address" {
	as staff
	address='{"line1":"12 Lake Road","city":"Pune","region":"Maharashtra","country":"IN"}'
	for number in 27AAPFU0939F1ZX 27AAPFU0939F1Z AAPFU0939F DE123456789; do
		api PATCH "/stores/$STORE" --json "{\"address\":$address,\"tax_number\":\"$number\"}"
		expect 422 validation '/tax_number invalid'
	done
	api PATCH "/stores/$STORE" --json "{\"address\":$address,\"tax_number\":\" 27 aapfu 0939f 1zv\"}"
	expect 200
	[[ $(field .tax_number) == 27AAPFU0939F1ZV ]]
	# With one of them alone the other counts as it is.
	api PATCH "/stores/$STORE" --json '{"tax_number":"29AAPFU0939F1ZR"}'
	expect 422 validation '/tax_number invalid'
	api PATCH "/stores/$STORE" --json '{"address":{"region":"KA"}}'
	expect 422 validation '/tax_number invalid'
	api PATCH "/stores/$STORE" --json '{"address":{"region":"IN-MH"}}'
	expect 200
	api PATCH "/stores/$STORE" --json '{"tax_number":""}'
	expect 200
	api PATCH "/stores/$STORE" --json '{"address":{"region":null,"country":"DE"},"tax_number":"12/345/67890"}'
	expect 200
	[[ $(field .tax_number) == 12/345/67890 ]]
}

@test "stores: the seller's data on invoices is only for staff" {
	as staff
	send PATCH "/stores/$STORE" tax_number=DE123456789 bank_details=$'Bank\nDE02 1203 0000 0000 2020 51' invoice_prefix=R/ \
		credit_note_prefix=G-1 financial_year_start:=4 invoice_due_days:=14
	expect 200
	[[ $(field '[.tax_number, .bank_details, .invoice_prefix, .credit_note_prefix, .financial_year_start,
		.invoice_due_days] | tojson') == '["DE123456789","Bank\nDE02 1203 0000 0000 2020 51","R/","G-1",4,14]' ]]
	for who in nobody customer outsider; do
		as "$who"
		api GET "/stores/$STORE"
		[[ $(field 'has("tax_number") or has("bank_details") or has("invoice_prefix")') == false ]]
	done
	as admin
	send POST /stores name="$(unique)" currency=EUR
	expect 201
	[[ $(field '[.tax_number, .bank_details, .invoice_prefix, .credit_note_prefix, .financial_year_start,
		.invoice_due_days] | tojson') == '["","","INV","CN",1,0]' ]]
}

@test "stores: what is not a prefix, month or number of days" {
	as staff
	api PATCH "/stores/$STORE" --json '{"financial_year_start":13,"invoice_due_days":366,"invoice_prefix":"ABCDE",
		"credit_note_prefix":7,"tax_number":"12345678901234567890123456789012345678901","bank_details":7}'
	expect 422 validation "/bank_details wrong_type, /credit_note_prefix wrong_type, /financial_year_start max_value, \
/invoice_due_days max_value, /invoice_prefix max_length, /tax_number max_length"
	api PATCH "/stores/$STORE" --json '{"financial_year_start":0,"invoice_due_days":-1}'
	expect 422 validation "/financial_year_start min_value, /invoice_due_days min_value"
	for prefix in inv '' 'A B' A_B É; do
		send PATCH "/stores/$STORE" invoice_prefix="$prefix"
		expect 422 validation "/invoice_prefix invalid"
		send PATCH "/stores/$STORE" credit_note_prefix="$prefix"
		expect 422 validation "/credit_note_prefix invalid"
	done
}

@test "stores: invoices and credit notes never share a number" {
	as admin
	store=$(make /stores name="$(unique)" currency=EUR)
	send PATCH "/stores/$store" invoice_prefix=CN
	expect 422 validation "/invoice_prefix invalid"
	send PATCH "/stores/$store" credit_note_prefix=INV
	expect 422 validation "/credit_note_prefix invalid"
	send POST /stores name="$(unique)" currency=EUR invoice_prefix=A credit_note_prefix=A
	expect 422 validation "/credit_note_prefix invalid"
	# One of each; then neither takes the other one's prefix, also by way of a third.
	product=$(make /products name=Tea sku="$(unique)" price=1 store="$store" inventory_count:=1)
	as customer
	api POST /orders --json "{\"store\":\"$store\",\"items\":[{\"product\":\"$product\",\"quantity\":1}],\"contact\":{\"name\":\"Ann\"}}"
	expect 201
	api POST "/orders/$(field .id)/cancel"
	expect 200
	as admin
	send PATCH "/stores/$store" invoice_prefix=A credit_note_prefix=B
	expect 200
	send PATCH "/stores/$store" invoice_prefix=CN
	expect 422 validation "/invoice_prefix taken"
	send PATCH "/stores/$store" credit_note_prefix=INV
	expect 422 validation "/credit_note_prefix taken"
	send PATCH "/stores/$store" invoice_prefix=INV credit_note_prefix=CN
	expect 200
}

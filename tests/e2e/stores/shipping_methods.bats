# Shipping methods: what a store charges for sending, and where to.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=JPY)
	export STORE OTHER
}

nowhere=01900000-0000-7000-8000-000000000000

@test "shipping methods: staff create, change, delete and restore one; all callers read it" {
	as staff
	send POST /shipping-methods store="$STORE" name=Post price=4.9 tax_rate=19 free_over=50 countries:='["DE","AT"]'
	expect 201
	id=$(field .id)
	[[ $(header Location) == */shipping-methods/$id ]]
	for who in nobody customer outsider; do
		as "$who"
		api GET "/shipping-methods/$id"
		expect 200
		[[ $(as_sent 'del(.id, .created_at, .modified_at) | tojson') == "{\"store\":\"$STORE\",\"name\":\"Post\",\
\"description\":\"\",\"price\":\"4.90\",\"tax_rate\":\"19.000\",\"tax_class\":null,\"free_over\":\"50.00\",\"pickup\":false,\"countries\":[\"DE\",\"AT\"],\
\"zones\":[],\"bands_by\":null,\"bands\":[],\"handling_fee\":null,\"class_fees\":{},\"estimate_days_min\":null,\
\"estimate_days_max\":null}" ]]
	done
	as staff
	api GET "/shipping-methods/$id"
	etag=$(header ETag)
	api PATCH "/shipping-methods/$id" -H "If-Match: $etag" --json '{"price":"0","countries":["CH"]}'
	expect 200
	[[ $(field '.price, (.countries | tojson)') == $'0.00\n["CH"]' ]]
	api PATCH "/shipping-methods/$id" -H "If-Match: $etag" --json '{"price":"1"}'
	expect 412 precondition-failed
	send PUT "/shipping-methods/$id" name=Bike price=3
	expect 200
	[[ $(field '[.name, .price, .tax_rate, .free_over, .countries, .store] | tojson') == \
		"[\"Bike\",\"3.00\",\"19.000\",\"50.00\",[\"CH\"],\"$STORE\"]" ]]
	api DELETE "/shipping-methods/$id"
	expect 204
	api GET "/shipping-methods/$id"
	expect 404 not-found
	api POST "/shipping-methods/$id/restore"
	expect 200
}

@test "shipping methods: all broken rules are reported at once" {
	as staff
	api POST /shipping-methods --json '{"name":"","price":"free","tax_rate":"101","free_over":"-1","countries":"DE","store":7,
		"colour":"red","created_at":"x"}'
	expect 422 validation "/colour unknown_field, /countries wrong_type, /created_at read_only, /free_over min_value, \
/name blank, /price invalid, /store wrong_type, /tax_rate max_value"
	send POST /shipping-methods label=x
	expect 422 validation "/label unknown_field, /name required, /price required, /store required"
	send POST /shipping-methods store="$nowhere" name=x price=1
	expect 422 validation "/store not_found"
	send POST /shipping-methods store="$STORE" name=x price=-1
	expect 422 validation "/price min_value"
	send POST /shipping-methods store="$STORE" name=x price=1.001 free_over=2.002
	expect 422 validation "/free_over max_decimal_places, /price max_decimal_places"
	as admin
	send POST /shipping-methods store="$OTHER" name=x price=0.5
	expect 422 validation "/price max_decimal_places"
}

@test "shipping methods: countries are codes, each of them once" {
	as staff
	id=$(make /shipping-methods store="$STORE" name=x price=1)
	while read -r countries wanted; do
		send PATCH "/shipping-methods/$id" countries:="$countries"
		expect 422 validation "$wanted"
	done <<-'END'
		["DE","DE"] /countries/1 duplicate
		["DEU"] /countries/0 invalid
		[""] /countries/0 invalid
		["AT","DE",7] /countries/2 wrong_type
		[null] /countries/0 wrong_type
		[["DE"]] /countries/0 wrong_type
		["DE","AT","DE"] /countries/2 duplicate
		{"DE":true} /countries wrong_type
	END
	all=$(grep -oP 'COUNTRY_CODE\(\K[A-Z]{2}' "$top/core/base/countries.def" | jq -Rnc '[inputs]')
	send PATCH "/shipping-methods/$id" countries:="$(jq -c '. + ["DE"]' <<<"$all")"
	expect 422 validation "/countries max_items"
	send PATCH "/shipping-methods/$id" countries:="$all"
	expect 200
	[[ $(field '.countries | length') == 250 ]]
	send PATCH "/shipping-methods/$id" countries:='[]'
	expect 200
	[[ $(field '.countries | tojson') == '[]' ]]
}

@test "shipping methods: zones, bands and fees read as they were written" {
	as staff
	send POST /shipping-methods store="$STORE" name=Parcel price=0 bands_by=weight handling_fee=1.5 description='By van.' \
		zones:='[{"country":"DE","regions":[" BY ","Hesse"],"postal_codes":["80","81*"]},{"country":"AT"}]' \
		bands:='[{"up_to":"2.000","price":4.9},{"up_to":"31.5","price":"9.90"},{"up_to":null,"price":"20"}]' \
		class_fees:='{"bulky":15,"very large":"30.5"}' estimate_days_min:=2 estimate_days_max:=4
	expect 201
	id=$(field .id)
	as nobody
	api GET "/shipping-methods/$id"
	[[ $(as_sent '.zones | tojson') == \
		'[{"country":"DE","regions":["BY","Hesse"],"postal_codes":["80","81*"]},{"country":"AT"}]' ]]
	[[ $(field '[.bands[] | .up_to, .price] | tojson') == '["2.000","4.90","31.5","9.90",null,"20.00"]' ]]
	[[ $(field '[.bands_by, .handling_fee, .class_fees.bulky, .class_fees["very large"], .estimate_days_min,
		.estimate_days_max, .description] | join(" ")') == 'weight 1.50 15.00 30.50 2 4 By van.' ]]
	shown=$(field 'del(.id, .created_at, .modified_at)')
	as staff
	api PUT "/shipping-methods/$id" --json "$shown"
	expect 200
	[[ $(field '[.bands[] | .up_to, .price] | tojson') == '["2.000","4.90","31.5","9.90",null,"20.00"]' ]]
	# A list is replaced, an object merged; null is nothing.
	api PATCH "/shipping-methods/$id" --json '{"zones":[{"country":"CH"}],"class_fees":{"bulky":null,"long":"2"}}'
	expect 200
	[[ $(field '[.zones, .class_fees] | tojson') == '[[{"country":"CH"}],{"long":"2.00","very large":"30.50"}]' ]]
	api PATCH "/shipping-methods/$id" --json '{"zones":null,"bands":null,"bands_by":null,"handling_fee":null}'
	expect 200
	[[ $(field '[.zones, .bands, .bands_by, .handling_fee] | tojson') == '[[],[],null,null]' ]]
}

@test "shipping methods: all broken rules of zones, bands and fees" {
	as staff
	id=$(make /shipping-methods store="$STORE" name=x price=1)
	while IFS='|' read -r sent wanted; do
		api PATCH "/shipping-methods/$id" --json "$sent"
		expect 422 validation "$wanted" || { echo "$sent"; return 1; }
	done <<-'END'
		{"zones":[{"country":"DE","towns":[]},{"regions":["a"," a"]},"AT"]}|/zones/0/towns unknown_field, /zones/1/country required, /zones/1/regions/1 duplicate, /zones/2 wrong_type
		{"zones":{"country":"DE"}}|/zones wrong_type
		{"zones":[{"country":"DEU","postal_codes":["",7]}]}|/zones/0/country invalid, /zones/0/postal_codes/0 blank
		{"bands_by":"weight"}|/bands required
		{"bands":[{"price":"1"}]}|/bands_by required
		{"bands_by":"height","bands":[{"up_to":"x"}]}|/bands/0/price required, /bands/0/up_to invalid, /bands_by invalid_choice
		{"bands_by":"weight","bands":[{"up_to":"2","price":"1.001"},{"up_to":"2","price":"1"},{"up_to":null,"price":"1"},{"up_to":"1","price":"1"}]}|/bands/0/price max_decimal_places, /bands/1/up_to invalid, /bands/2/up_to null, /bands/3/up_to invalid
		{"bands_by":"weight","bands":[{"up_to":"0","price":"1"}]}|/bands/0/up_to invalid
		{"bands_by":"pieces","bands":[{"up_to":"1.5","price":"1"}]}|/bands/0/up_to invalid
		{"bands_by":"subtotal","bands":[{"up_to":"1.555","price":"1"}]}|/bands/0/up_to max_decimal_places
		{"handling_fee":"-1","estimate_days_min":-1,"estimate_days_max":366}|/estimate_days_max max_value, /estimate_days_min min_value, /handling_fee min_value
		{"handling_fee":"1.001","estimate_days_min":4,"estimate_days_max":3}|/estimate_days_max invalid, /handling_fee max_decimal_places
		{"class_fees":{"a/b":"x","c":-1,"d":[],"e":"1.001","f":"1"}}|/class_fees/a~1b invalid, /class_fees/c invalid, /class_fees/d invalid, /class_fees/e max_decimal_places
		{"class_fees":[]}|/class_fees wrong_type
	END
	zones=$(jq -nc '{zones: [range(101) | {country: "DE"}]}')
	api PATCH "/shipping-methods/$id" --json "$zones"
	expect 422 validation "/zones max_items"
}

@test "shipping methods: the list is narrowed by store and country" {
	as admin
	store=$(make /stores name="$(unique)" currency=EUR)
	de=$(make /shipping-methods store="$store" name=De price=3 countries:='["DE","AT"]')
	all=$(make /shipping-methods store="$store" name=All price=9)
	fr=$(make /shipping-methods store="$store" name=Fr price=2 countries:='["FR"]')
	as nobody
	while read -r query wanted; do
		api GET "/shipping-methods?$query"
		expect 200
		[[ $(field '[.results[].id] | join(" ")') == "$wanted" ]] || { echo "$query: $body"; false; }
	done <<-END
		store=$store $fr $de $all
		store=$store&ordering=name $all $de $fr
		store=$store&countries=DE $de $all
		store=$store&countries=FR $fr $all
		store=$store&countries=US $all
	END
	for query in countries=d countries=DEU country=DE search=x ordering=countries is_suspended=true include=deleted; do
		api GET "/shipping-methods?$query"
		expect 400 invalid-query
	done
}

@test "shipping methods: one that is not live is visible only to its staff" {
	as admin
	store=$(make /stores name="$(unique)" currency=EUR)
	id=$(make /shipping-methods store="$STORE" name=x price=1 is_suspended:=true)
	later=$(make /shipping-methods store="$STORE" name=x price=1 active_from=2100-01-01T00:00:00Z)
	closed=$(make /shipping-methods store="$store" name=x price=1)
	send PATCH "/stores/$store" is_suspended:=true
	as nobody
	for method in "$id" "$later" "$closed"; do
		api GET "/shipping-methods/$method"
		expect 404 not-found
	done
	as staff
	for method in "$id" "$later"; do
		api GET "/shipping-methods/$method"
		expect 200
	done
	api GET "/shipping-methods/$closed"
	expect 404 not-found
}

@test "shipping methods: who may write" {
	as admin
	id=$(make /shipping-methods store="$STORE" name=x price=1)
	for who in nobody customer outsider; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		send POST /shipping-methods store="$STORE" name=x price=1
		expect $code $problem
		send PATCH "/shipping-methods/$id" price=0
		expect $code $problem
		send PUT "/shipping-methods/$id" name=x price=0
		expect $code $problem
		api DELETE "/shipping-methods/$id"
		expect $code $problem
		api POST "/shipping-methods/$id/restore"
		expect $code $problem
	done
	as staff
	send POST /shipping-methods store="$OTHER" name=x price=1
	expect 403 forbidden
	send PATCH "/shipping-methods/$id" store="$OTHER"
	expect 422 validation "/store immutable"
	for id in $nowhere x; do
		send PATCH "/shipping-methods/$id" price=0
		expect 404 not-found
		api DELETE "/shipping-methods/$id"
		expect 404 not-found
	done
}

@test "shipping methods: each write is in the audit log" {
	as admin
	id=$(make /shipping-methods store="$STORE" name=x price=1 countries:='["DE"]')
	send PATCH "/shipping-methods/$id" price=2
	api GET "/audit-logs?record_id=$id&ordering=created_at"
	[[ $(field '[.results[] | .action + " " + .table_name] | join(", ")') == \
		"insert shipping_methods, update shipping_methods" ]]
	[[ $(field '.results[0].new_data.countries | tojson') == '["DE"]' ]]
}

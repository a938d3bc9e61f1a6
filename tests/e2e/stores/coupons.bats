# Coupons: who makes them, and which rules they keep. What they are worth is in the tests of orders.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store) YEN=$(staffed_store currency=JPY)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	export STORE YEN OTHER
}

code() { unique C-; }

@test "coupons: staff make, read, change, delete and restore one of their store" {
	as staff
	code=$(code)
	send POST /coupons code="$code" store="$STORE" discount_amount=5 min_order_value=20.5 usage_limit:=10 \
		usage_limit_per_customer:=1 valid_from=2026-01-01T00:00:00Z valid_to=2030-01-01T00:00:00+01:00 description=$'two\nlines'
	expect 201
	path=/coupons/$(field .id)
	[[ $(header Location) == *$path ]]
	[[ $(field '[.code, .store, .discount_percent, .discount_amount, .min_order_value, .usage_limit,
		.usage_limit_per_customer, .used_count, .is_active] | tojson') == \
		"[\"$code\",\"$STORE\",null,\"5.00\",\"20.50\",10,1,0,true]" ]]
	[[ $(field .valid_to) == 2029-12-31T23:00:00.000000Z ]]
	send PATCH "$path" is_active:=false discount_amount:=null discount_percent=12.125
	expect 200
	[[ $(field '[.is_active, .discount_amount, .discount_percent] | tojson') == '[false,null,"12.125"]' ]]
	etag=$(header ETag)
	send PUT "$path" code="$code" discount_percent=100
	expect 200
	[[ $(field '[.is_active, .discount_percent, .usage_limit, .description, .store] | tojson') == \
		"[false,\"100\",10,\"two\\nlines\",\"$STORE\"]" ]]
	api DELETE "$path" -H "If-Match: $etag"
	expect 412 precondition-failed
	api DELETE "$path"
	expect 204
	api GET "$path"
	expect 404 not-found
	api GET "$path?include=deleted"
	expect 200
	api POST "$path/restore"
	expect 200
}

@test "coupons: all broken rules are reported at once" {
	as staff
	api POST /coupons --json '{"code":"two words","store":"x","discount_percent":"100.001","discount_amount":"-1",
		"min_order_value":true,"valid_from":"soon","usage_limit":0,"usage_limit_per_customer":-1,"used_count":1,
		"is_active":"yes","colour":"red"}'
	expect 422 validation "/code invalid, /colour unknown_field, /discount_amount min_value, /discount_percent max_value, \
/is_active wrong_type, /min_order_value wrong_type, /store invalid, /usage_limit min_value, \
/usage_limit_per_customer min_value, /used_count read_only, /valid_from invalid"
	send POST /coupons discount_percent=1
	expect 422 validation "/code required"
}

@test "coupons: the shape of a code" {
	as staff
	for code in 'a b' $'a\tb' 'é'; do
		send POST /coupons code="$code" store="$STORE" discount_percent=10
		expect 422 validation "/code invalid"
	done
	send POST /coupons code= store="$STORE" discount_percent=10
	expect 422 validation "/code blank"
	send POST /coupons code="$(printf 'x%.0s' {1..41})" store="$STORE" discount_percent=10
	expect 422 validation "/code max_length"
	code=$(unique)
	code=$(printf '%-40s' "$code" | tr ' ' '%')
	send POST /coupons code="$code" store="$STORE" discount_percent=10
	expect 201
	[[ $(field .code) == "$code" ]]
}

@test "coupons: one discount, a real one" {
	as staff
	for discount in "" "discount_percent=10 discount_amount=10"; do
		# shellcheck disable=SC2086 # words
		send POST /coupons code="$(code)" store="$STORE" $discount
		expect 422 validation "/discount_percent one_of"
	done
	send POST /coupons code="$(code)" store="$STORE" discount_percent=0
	expect 422 validation "/discount_percent invalid"
	send POST /coupons code="$(code)" store="$STORE" discount_amount=0
	expect 422 validation "/discount_amount invalid"
	send POST /coupons code="$(code)" store="$STORE" discount_percent=12.1234
	expect 422 validation "/discount_percent max_decimal_places"
	send POST /coupons code="$(code)" store="$STORE" discount_percent=100.1
	expect 422 validation "/discount_percent max_value"
	send POST /coupons code="$(code)" store="$STORE" discount_amount=123456789012
	expect 422 validation "/discount_amount max_digits"
	id=$(make /coupons code="$(code)" store="$STORE" discount_percent=10)
	send PATCH "/coupons/$id" discount_amount=1
	expect 422 validation "/discount_percent one_of"
	send PATCH "/coupons/$id" discount_percent:=null
	expect 422 validation "/discount_percent one_of"
}

@test "coupons: free shipping, alone or with a discount; the first order" {
	as staff
	send POST /coupons code="$(code)" store="$STORE" free_shipping:=true first_order:=true
	expect 201
	path=/coupons/$(field .id)
	[[ $(field '[.free_shipping, .first_order, .products, .categories, .discount_percent] | tojson') == '[true,true,[],[],null]' ]]
	send PATCH "$path" discount_amount=5
	expect 200
	send PATCH "$path" discount_percent=5
	expect 422 validation "/discount_percent one_of"
	send PATCH "$path" discount_amount:=null
	expect 200
	send PATCH "$path" free_shipping:=false
	expect 422 validation "/discount_percent one_of"
	api POST /coupons --json '{"code":"x","free_shipping":1,"first_order":"no"}'
	expect 422 validation "/first_order wrong_type, /free_shipping wrong_type"
}

@test "coupons: products and categories are the store's" {
	as admin
	product=$(make /products name=Tea sku="$(unique)" price=10 store="$STORE")
	foreign=$(make /products name=Tea sku="$(unique)" price=10 store="$OTHER")
	category=$(make /categories name="$(unique)" store="$STORE") global=$(make /categories name="$(unique)")
	other=$(make /categories name="$(unique)" store="$OTHER")
	none=01900000-0000-7000-8000-000000000000
	as staff
	send POST /coupons code="$(code)" store="$STORE" discount_percent=5 products:="[\"${product^^}\"]" \
		categories:="[\"$category\",\"$global\"]"
	expect 201
	path=/coupons/$(field .id)
	[[ $(as_sent '[.products, .categories] | tojson') == "[[\"$product\"],[\"$category\",\"$global\"]]" ]]
	while read -r lists wanted; do
		api PATCH "$path" --json "$lists"
		expect 422 validation "$wanted"
	done <<-END
		{"products":["$product","$foreign","$none"],"categories":["$other"]} /categories/0 wrong_store, /products/1 wrong_store, /products/2 not_found
		{"products":["x",7]} /products/0 invalid
		{"products":["$product","$product"]} /products/1 duplicate
		{"categories":"$category"} /categories wrong_type
	END
	send PATCH "$path" products:="$(jq -nc --arg p "$product" '[range(251) | $p]')"
	expect 422 validation "/products max_items"
	# What it names already may go.
	as admin
	api DELETE "/products/$product"
	expect 204
	as staff
	send PATCH "$path" products:="[\"$product\"]" discount_percent=6
	expect 200
	send PATCH "$path" products:='[]' categories:=null
	expect 200
	[[ $(field '[.products, .categories] | tojson') == '[[],[]]' ]]
	send PATCH "$path" products:="[\"$product\"]"
	expect 422 validation "/products/0 not_found"
	as admin
	send POST /coupons code="$(code)" discount_percent=5 categories:="[\"$global\"]"
	expect 422 validation "/store required"
}

@test "coupons: amounts have the currency's decimals, and broken rules of two fields are reported together" {
	as staff
	send POST /coupons code="$(code)" store="$STORE" discount_amount=1.001 min_order_value=2.002 \
		valid_from=2026-01-02T00:00:00Z valid_to=2026-01-02T00:00:00Z
	expect 422 validation "/discount_amount max_decimal_places, /min_order_value max_decimal_places, /valid_to invalid"
	send POST /coupons code="$(code)" store="$YEN" discount_amount=1.5
	expect 422 validation "/discount_amount max_decimal_places"
	send POST /coupons code="$(code)" store="$YEN" discount_amount=100.000
	expect 201
	[[ $(field .discount_amount) == 100 ]]
	as admin
	send POST /coupons code="$(code)" discount_amount=1
	expect 422 validation "/store required"
	send POST /coupons code="$(code)" discount_percent=1 min_order_value=1
	expect 422 validation "/store required"
}

@test "coupons: a code is unique ignoring case, and free when its coupon is deleted" {
	as staff
	code=$(code)
	first=$(make /coupons code="$code" store="$STORE" discount_percent=10)
	for again in "$code" "${code^^}" "${code,,}"; do
		send POST /coupons code="$again" store="$YEN" discount_percent=10
		expect 409 conflict "/code taken"
	done
	second=$(make /coupons code="$(code)" store="$STORE" discount_percent=10)
	send PATCH "/coupons/$second" code="${code^^}"
	expect 409 conflict "/code taken"
	send PATCH "/coupons/$first" code="${code^^}"
	expect 200
	api DELETE "/coupons/$first"
	make /coupons code="$code" store="$STORE" discount_percent=10 >/dev/null
	api POST "/coupons/$first/restore"
	expect 409 conflict "/code taken"
}

@test "coupons: the store stays, and exists" {
	as staff
	id=$(make /coupons code="$(code)" store="$STORE" discount_percent=10)
	for store in "\"$YEN\"" null; do
		send PATCH "/coupons/$id" store:="$store"
		expect 422 validation "/store immutable"
	done
	send POST /coupons code="$(code)" store=01900000-0000-7000-8000-000000000000 discount_percent=10
	expect 422 validation "/store not_found"
}

@test "coupons: guests and customers do not see them" {
	as admin
	id=$(make /coupons code="$(code)" discount_percent=10)
	for who in nobody customer; do
		as "$who"
		status_wanted=403 problem=forbidden
		if [[ $who == nobody ]]; then status_wanted=401 problem=not-authenticated; fi
		for call in "GET /coupons" "GET /coupons/$id" "DELETE /coupons/$id" "POST /coupons/$id/restore"; do
			# shellcheck disable=SC2086 # two words
			api $call
			expect $status_wanted $problem
		done
		send POST /coupons code="$(code)" discount_percent=10
		expect $status_wanted $problem
		send PATCH "/coupons/$id" is_active:=false
		expect $status_wanted $problem
		send PUT "/coupons/$id" code=x discount_percent=10
		expect $status_wanted $problem
	done
}

@test "coupons: staff neither see nor write those of other stores and global ones" {
	as admin
	there=$(make /coupons code="$(code)" store="$OTHER" discount_percent=10)
	global=$(make /coupons code="$(code)" discount_percent=10)
	as staff
	for id in "$there" "$global"; do
		api GET "/coupons/$id"
		expect 404 not-found
		send PATCH "/coupons/$id" is_active:=false
		expect 404 not-found
		api DELETE "/coupons/$id"
		expect 404 not-found
		api GET "/coupons?page_size=100"
		[[ $(field "[.results[].id] | index(\"$id\")") == null ]]
	done
	send POST /coupons code="$(code)" store="$OTHER" discount_percent=10
	expect 403 forbidden
	send POST /coupons code="$(code)" discount_percent=10
	expect 403 forbidden
}

@test "coupons: the list filters, orders and searches" {
	as staff
	word=$(unique)
	store=$(staffed_store name="$word")
	a=$(make /coupons code="A$word" store="$store" discount_percent=10)
	b=$(make /coupons code="B$word" store="$store" discount_percent=10 is_active:=false)
	while read -r query wanted; do
		api GET "/coupons?$query"
		expect 200
		[[ $(field '[.results[].id] | join(" ")') == "$wanted" ]] || { echo "$query: $body"; false; }
	done <<-END
		store=$store&ordering=code $a $b
		store=$store&ordering=-code $b $a
		store=$store&is_active=false $b
		code=A$word $a
		code=a${word^^} $a
		search=${word^^}&ordering=code $a $b
	END
	api GET "/coupons?code=$word"
	[[ $(field '.results | length') == 0 ]]
	for query in discount_percent=10 ordering=used_count "code=a%20b" store=x; do
		api GET "/coupons?$query"
		expect 400 invalid-query
	done
}

@test "coupons: used_count is how many orders used it" {
	as staff
	code=$(code)
	id=$(make /coupons code="$code" store="$STORE" discount_percent=10)
	product=$(make /products name=Tea sku="$(unique)" price=10 store="$STORE" inventory_count:=5)
	as customer
	api POST /orders --json "{\"store\":\"$STORE\",\"items\":[{\"product\":\"$product\",\"quantity\":1}],
		\"coupon\":\"${code,,}\",\"contact\":{\"name\":\"Ann\"}}"
	expect 201
	order=$(field .id)
	[[ $(field .coupon,.discount_total) == "$code"$'\n1.00' ]]
	as staff
	api GET "/coupons/$id"
	[[ $(field .used_count) == 1 ]]
	as customer
	api POST "/orders/$order/cancel"
	expect 200
	as staff
	api GET "/coupons/$id"
	[[ $(field .used_count) == 0 ]]
}

@test "coupons: each write is in the audit log" {
	as admin
	id=$(make /coupons code="$(code)" discount_percent=10)
	send PATCH "/coupons/$id" discount_percent=20
	api DELETE "/coupons/$id"
	api GET "/audit-logs?record_id=$id&ordering=created_at"
	[[ $(field '[.results[] | .action + " " + .table_name] | join(", ")') == \
		"insert coupons, update coupons, update coupons" ]]
	[[ $(field '.results[1] | [.old_data, .new_data | .discount_percent | tostring] | join(" ")') == "10 20" ]]
}

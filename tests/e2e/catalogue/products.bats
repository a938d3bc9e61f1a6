# Products: what is written and how it reads back, variants, stock, and the rules of HTTP around a single object.
# shellcheck disable=SC2154

load ../../support/api

nowhere=01900000-0000-7000-8000-000000000000

setup_file() {
	as admin
	STORE=$(staffed_store)
	YEN=$(make /stores name="$(unique Yen-)" currency=JPY)
	CATEGORY=$(make /categories name="$(unique Tea-)" store="$STORE")
	GLOBAL=$(make /categories name="$(unique Global-)")
	YEN_CATEGORY=$(make /categories name="$(unique Theirs-)" store="$YEN")
	SUBCATEGORY=$(make /subcategories name="$(unique Green-)" category="$CATEGORY")
	export STORE YEN CATEGORY GLOBAL YEN_CATEGORY SUBCATEGORY
}

setup() { as staff; }

# product [NAME=TEXT...] : a new one; prints its id
product() { make /products store="$STORE" sku="$(unique)" name="$(unique)" price=10 "$@"; }

# hidden PATH, shown PATH : what the public gets
hidden() { token='' api GET "$1"; expect 404 not-found; }
shown() { token='' api GET "$1"; expect 200; }

@test "products: all fields" {
	sku=$(unique) name=$(unique "Grüner Tee ")
	send POST /products store="$STORE" sku="$sku" name="$name" description=$'fine\nleaves' category="$CATEGORY" \
		subcategory="$SUBCATEGORY" price=19.9 compare_at_price=25.00 tax_rate=7 weight=0.25 inventory_count:=12 \
		attributes:='{"origin":"JP","organic":true}' status=new comments=note
	expect 201
	id=$(field .id)
	[[ $(header Location) == */products/$id && $(header ETag) == \"*\" ]]
	[[ $(field '[.sku, .slug, .price, .compare_at_price, .tax_rate, .weight, .currency] | join(" ")') == \
		"$sku gruner-tee-${name##* } 19.90 25.00 7.000 0.25 EUR" ]]
	[[ $(as_sent '[.inventory_count, .in_stock, .parent, .images, .variants, .attributes] | tojson') == \
		'[12,true,null,[],[],{"origin":"JP","organic":true}]' ]]
	[[ $(field '[.created_by, .modified_by] | join(" ")') == "$(staff_id) $(staff_id)" ]]
	created=$body
	api GET "/products/$id"
	[[ $body == "$created" ]]
	shown "/products/$id"
	[[ $(field 'has("comments") or has("status") or has("is_suspended") or has("created_by")') == false ]]
	[[ $(header Cache-Control) == "public, no-cache" ]]
}

@test "products: all broken rules are reported at once" {
	api POST /products --json '{"id":"x","sku":"","name":null,"slug":"-","store":"x","category":5,"price":1e2,
		"tax_rate":"100.5","weight":"-1","inventory_count":-1000000001,"attributes":"x","in_stock":true,"currency":"EUR",
		"compare_at_price":"1e3","parent":"","colour":"red","active_from":"2026-02-30T00:00:00Z"}'
	expect 422 validation "/active_from invalid, /attributes wrong_type, /category wrong_type, /colour unknown_field, \
/compare_at_price invalid, /currency read_only, /id read_only, /in_stock read_only, /inventory_count min_value, \
/name null, /parent invalid, /price invalid, /slug invalid, /store invalid, /tax_rate max_value, \
/weight min_value"
	send POST /products
	expect 422 validation "/name required, /store required"
}

@test "products: invalid bodies" {
	for bad in '' '{' '{"sku":1,}' '{"sku":"a","sku":"b"}' '{} x' "{'a':1}" '{"a":NaN}'; do
		api POST /products -H 'Content-Type: application/json' --data-binary "$bad"
		expect 400 invalid-json
	done
	for bad in '[]' '"x"' null 1; do
		api POST /products --json "$bad"
		expect 422 validation " wrong_type"
	done
	api POST /products -H 'Content-Type: text/plain' --data-binary '{}'
	expect 415 unsupported-media-type
	api POST /products -H 'Content-Type: application/merge-patch+json' --data-binary '{}'
	expect 415 unsupported-media-type
	head -c 1048577 /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/large"
	api POST /products -H 'Content-Type: application/json' --data-binary "@$BATS_TEST_TMPDIR/large"
	expect 413 too-large
}

@test "products: a slug is derived from the name, and unique in its store" {
	name=$(unique)
	product name="$name" >/dev/null
	send POST /products store="$STORE" sku="$(unique)" name="$name" price=1
	expect 201
	[[ $(field .slug) =~ ^$name-[0-9a-f]{8}$ ]]
	id=$(field .id)
	send POST /products store="$STORE" sku="$(unique)" name=x slug="$name" price=1
	expect 409 conflict "/slug taken"
	send PATCH "/products/$id" slug="$name"
	expect 409 conflict "/slug taken"
	send PATCH "/products/$id" name=Other
	[[ $(field .slug) == "$name"-* ]]
	as admin
	send POST /products store="$YEN" sku="$(unique)" name="$name" price=1
	expect 201
	[[ $(field .slug) == "$name" ]]
}

@test "products: a SKU is unique, and free again behind a deleted product" {
	sku=$(unique)
	first=$(product sku="$sku")
	send POST /products store="$STORE" sku="$sku" name=x price=1
	expect 409 conflict "/sku taken"
	other=$(product)
	send PATCH "/products/$other" sku="$sku"
	expect 409 conflict "/sku taken"
	api DELETE "/products/$first"
	expect 204
	second=$(product sku="$sku")
	api POST "/products/$first/restore"
	expect 409 conflict "/sku taken"
	api DELETE "/products/$second"
	api POST "/products/$first/restore"
	expect 200
	[[ $(field '[.sku, .is_deleted] | tojson') == "[\"$sku\",false]" ]]
}

@test "products: money has the decimals of the store's currency" {
	send POST /products store="$STORE" sku="$(unique)" name=x price=1.001
	expect 422 validation "/price max_decimal_places"
	id=$(product price=5)
	send PATCH "/products/$id" compare_at_price=5.005
	expect 422 validation "/compare_at_price max_decimal_places"
	as admin
	send POST /products store="$YEN" sku="$(unique)" name=x price=100.5
	expect 422 validation "/price max_decimal_places"
	send POST /products store="$YEN" sku="$(unique)" name=x price=100.0
	expect 201
	[[ $(field '[.price, .currency] | join(" ")') == "100 JPY" ]]
	for price in -1 01 1. .5 1e2 12345678901234567 1.0001 ' 1' ''; do
		send PATCH "/products/$id" price="$price"
		expect 422 validation
	done
}

@test "products: what one belongs to fits together" {
	for field in store category subcategory parent; do
		send POST /products store="$STORE" sku="$(unique)" name=x price=1 "$field=$nowhere"
		expect 422 validation "/$field not_found"
	done
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 category="$YEN_CATEGORY"
	expect 422 validation "/category wrong_store"
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 category="$GLOBAL" subcategory="$SUBCATEGORY"
	expect 422 validation "/subcategory wrong_category"
	id=$(product category="$CATEGORY" subcategory="$SUBCATEGORY")
	send PATCH "/products/$id" category="$GLOBAL" subcategory="$SUBCATEGORY"
	expect 422 validation "/subcategory wrong_category"
	send PATCH "/products/$id" category="$GLOBAL"
	expect 200
	[[ $(field '[.category, .subcategory] | tojson') == "[\"$GLOBAL\",null]" ]]
	send PATCH "/products/$id" store="$YEN"
	expect 422 validation "/store immutable"
	gone=$(make /categories name="$(unique)" store="$STORE")
	api DELETE "/categories/$gone"
	send PATCH "/products/$id" category="$gone"
	expect 422 validation "/category not_found"
}

# --- replace and change

@test "products: PUT does not change omitted fields" {
	id=$(product description=x weight=2 category="$CATEGORY" tax_rate=7 comments=y attributes:='{"a":1}' \
		inventory_count:=4)
	api GET "/products/$id"
	slug=$(field .slug) sku=$(unique)
	send PUT "/products/$id" sku="$sku" name=New price=3
	expect 200
	[[ $(field '[.sku, .name, .price, .slug] | join(" ")') == "$sku New 3.00 $slug" ]]
	[[ $(field '[.description, .weight, .category, .tax_rate, .comments, .attributes] | tojson') == \
		"[\"x\",\"2\",\"$CATEGORY\",\"7.000\",\"y\",{\"a\":1}]" ]]
	[[ $(field '[.inventory_count, .store] | tojson') == "[4,\"$STORE\"]" ]]
	send PUT "/products/$id" price=1
	expect 422 validation "/name required"
	send PUT "/products/$id" sku=x name=x price=1 inventory_count:=9
	expect 422 validation "/inventory_count immutable"
	send PATCH "/products/$id" inventory_count:=null
	expect 200
	[[ $(field .inventory_count) == 4 ]]
	send PUT "/products/$id" sku="$sku" name=New price=3 attributes:='{"b":2}' description:=null category:=null
	expect 200
	[[ $(field '[.attributes, .description, .category, .weight] | tojson') == '[{"b":2},"",null,"2"]' ]]
}

@test "products: invisible characters are refused in names, texts and attributes" {
	for bad in 'name:="a\u202eb"' 'description:="a\n\u0085b"' 'attributes:={"a":["\u2066b"]}' 'attributes:={"a\u200b":1}' \
		'attributes:={"a":{"b":"\u009b2J"}}'; do
		send POST /products sku="$(unique s)" name=Tea store="$STORE" price=1 "$bad"
		expect 422 validation "/${bad%%:*} control_character"
	done
	product attributes:='{"क्‍ष":"two\nlines"}' >/dev/null
}

@test "products: PATCH changes what it names, and merges attributes" {
	id=$(product description=x weight=2 attributes:='{"colour":"red","size":{"w":1,"h":2}}')
	send PATCH "/products/$id" weight:=null attributes:='{"colour":null,"size":{"h":3},"new":[1]}'
	expect 200
	[[ $(field '[.description, .weight] | tojson') == '["x",null]' ]]
	[[ $(as_sent '.attributes | tojson') == '{"size":{"w":1,"h":3},"new":[1]}' ]]
	api PATCH "/products/$id" -H 'Content-Type: application/merge-patch+json' --data-binary '{"weight":"1.5"}'
	expect 200
	[[ $(field .weight) == 1.5 ]]
	api PUT "/products/$id" -H 'Content-Type: application/merge-patch+json' --data-binary '{"weight":"1.5"}'
	expect 415 unsupported-media-type
	send PATCH "/products/$id" name:=null attributes:=null
	expect 422 validation "/name null"
	before=$(api GET "/products/$id" && field .modified_at)
	send PATCH "/products/$id"
	expect 200
	[[ $(field .modified_at) > "$before" ]]
	send PATCH "/products/$id" attributes:="$(jq -nc '{a: ("x" * 16400)}')"
	expect 422 validation "/attributes max_length"
}

@test "products: ETags as servers that compress change them" {
	as staff
	path=/products/$(make /products store="$STORE" sku="$(unique)" name="$(unique)" price=1)
	for mark in 'W/"%s"' '"%s-gzip"' 'W/"%s-gzip"' '"%s;gzip"' '"%s--gzip"' '"%s-br"' '"x", W/"%s"'; do
		api GET "$path"
		tag=$(header ETag)
		# shellcheck disable=SC2059 # the mark is a format
		changed=$(printf "$mark" "${tag//\"/}")
		api GET "$path" -H "If-None-Match: $changed"
		expect 304
		api PATCH "$path" --json "$(json name="$(unique)")" -H "If-Match: $changed"
		expect 200 || { echo "$changed"; false; }
		# The same tag again: it is of what the product was.
		api PATCH "$path" --json "$(json name="$(unique)")" -H "If-Match: $changed"
		expect 412 precondition-failed
	done
	api GET "$path"
	tag=$(header ETag)
	for other in "${tag//\"/}" "\"x${tag//\"/}\"" "${tag%\"}-\"" "${tag%\"}x\"" 'W/""' '"-gzip"' 'W/"x-gzip"'; do
		api DELETE "$path" -H "If-Match: $other"
		expect 412 precondition-failed
	done
}

@test "products: If-Match of a stock movement notices concurrent sales" {
	id=$(product inventory_count:=5)
	api GET "/products/$id"
	old=$(header ETag)
	$PSQL -c "begin; insert into stock_movements (product, delta, reason) values ('$id', -1, 'sold'); select pg_sleep(1.5); commit" >/dev/null &
	sleep 0.5
	api POST "/products/$id/stock" --json '{"delta":1,"reason":"counted"}' -H "If-Match: $old"
	expect 412 precondition-failed
	wait
	api GET "/products/$id"
	[[ $(field .inventory_count) == 4 ]]
}

@test "products: If-Match and If-None-Match" {
	id=$(product)
	api GET "/products/$id"
	old=$(header ETag)
	send PATCH "/products/$id" name=Second
	new=$(header ETag)
	[[ $new != "$old" ]]
	api PATCH "/products/$id" --json '{"name":"Third"}' -H "If-Match: $old"
	expect 412 precondition-failed
	api PUT "/products/$id" --json '{"sku":"x","name":"Third","price":"1"}' -H "If-Match: $old"
	expect 412 precondition-failed
	api DELETE "/products/$id" -H "If-Match: $old"
	expect 412 precondition-failed
	api POST "/products/$id/stock" --json '{"delta":1,"reason":"x"}' -H "If-Match: $old"
	expect 412 precondition-failed
	api POST "/products/$id/stock" --json '{"delta":1,"reason":"x"}' -H "If-Match: $new"
	expect 200
	[[ $(field .inventory_count) == 1 && $(header ETag) != "$new" ]]
	new=$(header ETag)
	api GET "/products/$id" -H "If-None-Match: \"x\", W/$new"
	expect 304
	[[ -z $body && $(header ETag) == "$new" ]]
	api GET "/products/$id" -H "If-None-Match: $old"
	expect 200
	[[ $(field .name) == Second ]]
	api PATCH "/products/$id" --json '{"name":"Third"}' -H "If-Match: \"x\", $new"
	expect 200
	api DELETE "/products/$id" -H 'If-Match: *'
	expect 204
	api POST "/products/$id/restore" -H "If-Match: $new"
	expect 412 precondition-failed
	api GET "/products/$id?include=deleted"
	api POST "/products/$id/restore" -H "If-Match: $(header ETag)"
	expect 200
}

@test "products: HEAD, OPTIONS, other methods, and methods in a header" {
	id=$(product)
	api GET "/products/$id"
	length=$(header Content-Length)
	api HEAD "/products/$id"
	expect 200
	[[ $(header Content-Length) == "$length" && -n $(header ETag) ]]
	api HEAD "/products/$nowhere"
	expect 404
	api OPTIONS "/products/$id"
	expect 204
	[[ $(header Allow) == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS" ]]
	api OPTIONS /products
	[[ $(header Allow) == "GET, HEAD, POST, OPTIONS" ]]
	api POST "/products/$id" --json '{}'
	expect 405 method-not-allowed
	[[ $(header Allow) == "GET, HEAD, PUT, PATCH, DELETE, OPTIONS" ]]
	api PATCH "/products/$id/stock" --json '{}'
	expect 405 method-not-allowed
	[[ $(header Allow) == "GET, HEAD, POST, PUT, OPTIONS" ]]
	api GET "/products/$id/else"
	expect 404 not-found
	api POST "/products/$id" --json '{"name":"Other"}' -H 'X-HTTP-Method-Override: PATCH'
	expect 200
	[[ $(field .name) == Other ]]
	api POST "/products/$id" --json '{"name":"Other"}' -H 'X-HTTP-Method-Override: GET'
	expect 400 bad-request
	api GET "/products/$id" -H 'X-HTTP-Method-Override: DELETE'
	expect 400 bad-request
	api POST "/products/$id" -H 'X-HTTP-Method-Override: DELETE'
	expect 204
}

# --- who sees and writes what

@test "products: one that is not there" {
	for id in "$nowhere" x 0; do
		api GET "/products/$id"
		expect 404 not-found
		send PATCH "/products/$id" name=x
		expect 404 not-found
		send PUT "/products/$id" sku=x name=x price=1
		expect 404 not-found
		api DELETE "/products/$id"
		expect 404 not-found
		api POST "/products/$id/restore"
		expect 404 not-found
		send POST "/products/$id/stock" delta:=1 reason=x
		expect 404 not-found
	done
	api GET "/products/$nowhere?colour=red"
	expect 400 invalid-query
}

@test "products: who may write" {
	id=$(product)
	for who in nobody customer outsider; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		send POST /products store="$STORE" sku="$(unique)" name=x price=1
		expect $code $problem
		send PUT "/products/$id" sku="$(unique)" name=x price=1
		expect $code $problem
		send PATCH "/products/$id" name=x
		expect $code $problem
		api DELETE "/products/$id"
		expect $code $problem
		api POST "/products/$id/restore"
		expect $code $problem
		send POST "/products/$id/stock" delta:=1 reason=x
		expect $code $problem
	done
	token=x api GET "/products/$id"
	expect 401 invalid-token
}

@test "products: staff of another store see what the public sees" {
	id=$(product comments=secret)
	as outsider
	api GET "/products/$id"
	expect 200
	[[ $(field 'has("comments")') == false ]]
	as staff
	send PATCH "/products/$id" is_suspended:=true
	as outsider
	api GET "/products/$id"
	expect 404 not-found
	send PATCH "/products/$id" name=x
	expect 404 not-found
	api DELETE "/products/$id"
	expect 404 not-found
	as admin
	api GET "/products/$id"
	expect 200
}

@test "products: a deleted one is gone for the public, and found by its staff" {
	id=$(product)
	api DELETE "/products/$id"
	expect 204
	hidden "/products/$id"
	token='' api GET "/products/$id?include=deleted"
	expect 400 invalid-query # as for a list: only staff may ask for them
	api GET "/products/$id"
	expect 404 not-found
	api DELETE "/products/$id"
	expect 404 not-found
	send POST "/products/$id/stock" delta:=1 reason=x
	expect 404 not-found
	api GET "/products/$id?include=deleted"
	expect 200
	[[ $(field .is_deleted) == true ]]
	api GET "/products?store=$STORE&include=deleted&page_size=100"
	[[ $(field ".results[] | select(.id == \"$id\") | .is_deleted") == true ]]
	token='' api GET "/products?include=deleted"
	expect 400 invalid-query
	api POST "/products/$id/restore"
	expect 200
	shown "/products/$id"
}

@test "products: what suspends, and when one is active" {
	category=$(make /categories name="$(unique)" store="$STORE")
	subcategory=$(make /subcategories name="$(unique)" category="$category")
	id=$(product category="$category" subcategory="$subcategory")
	shown "/products/$id"
	for path in "/products/$id" "/categories/$category" "/subcategories/$subcategory"; do
		for change in is_suspended:=true active_from=2999-01-01T00:00:00Z active_to=2001-01-01T00:00:00Z; do
			send PATCH "$path" "$change"
			expect 200
			hidden "/products/$id"
			token='' api GET "/products?store=$STORE&page_size=100"
			[[ -z $(field ".results[] | select(.id == \"$id\")") ]]
			send PATCH "$path" is_suspended:=false active_from:=null active_to:=null
			shown "/products/$id"
		done
	done
	as admin
	send PATCH "/stores/$STORE" is_suspended:=true
	hidden "/products/$id"
	as staff
	api GET "/products/$id"
	expect 200
	as admin
	send PATCH "/stores/$STORE" is_suspended:=false
	shown "/products/$id"
}

# --- variants

@test "products: variants" {
	parent=$(product)
	red=$(product parent="$parent" price=11 inventory_count:=0)
	blue=$(product parent="$parent" price=12 inventory_count:=3 attributes:='{"colour":"blue"}')
	shown "/products/$parent"
	[[ $(field '[.variants[] | .id] | join(" ")') == "$red $blue" ]]
	[[ $(field '.variants[1] | [.price, .inventory_count, .in_stock, .attributes.colour] | tojson') == \
		'["12.00",3,true,"blue"]' ]]
	[[ $(field '[.inventory_count, .in_stock] | tojson') == "[0,true]" ]]
	api GET "/products?store=$STORE&page_size=100"
	[[ $(field '[.results[] | has("variants")] | any') == false ]]
	[[ -z $(field ".results[] | select(.id == \"$red\")") && -n $(field ".results[] | select(.id == \"$parent\")") ]]
	api GET "/products?parent=$parent&ordering=price"
	[[ $(field '[.results[].id] | join(" ")') == "$red $blue" ]]
	send PATCH "/products/$blue" is_suspended:=true
	shown "/products/$parent"
	[[ $(field '[(.variants | length), .in_stock] | tojson') == "[1,false]" ]]
	send PATCH "/products/$parent" is_suspended:=true
	hidden "/products/$red"
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 parent="$red"
	expect 422 validation "/parent nested_variant"
	send PATCH "/products/$parent" parent="$(product)"
	expect 422 validation "/parent nested_variant"
	send PATCH "/products/$red" parent="$red"
	expect 422 validation "/parent nested_variant"
	as admin
	send POST /products store="$YEN" sku="$(unique)" name=x price=1 parent="$parent"
	expect 422 validation "/parent wrong_store"
}

# --- stock

@test "products: stock moves by differences, never below zero" {
	id=$(product inventory_count:=5)
	send POST "/products/$id/stock" delta:=-3 reason=sold
	expect 200
	[[ $(field '[.inventory_count, .in_stock] | tojson') == "[2,true]" ]]
	send POST "/products/$id/stock" delta:=-3 reason=sold
	expect 422 validation "/delta min_value"
	send POST "/products/$id/stock" delta:=999999999 reason=bought
	expect 422 validation "/delta max_value"
	api GET "/products/$id"
	[[ $(field .inventory_count) == 2 ]]
	send POST "/products/$id/stock" delta:=-2 reason=sold
	[[ $(field '[.inventory_count, .in_stock] | tojson') == "[0,false]" ]]
	send POST "/products/$id/stock" delta:=0 reason=x
	expect 422 validation "/delta invalid"
	send POST "/products/$id/stock" delta=1 reason= price=1
	expect 422 validation "/delta wrong_type, /price unknown_field, /reason blank"
	send POST "/products/$id/stock"
	expect 422 validation "/delta required, /reason required"
	send PATCH "/products/$id" inventory_count:=9
	expect 422 validation "/inventory_count immutable"
	if [[ -n ${PSQL-} ]]; then
		[[ $($PSQL -c "select string_agg(delta || ' ' || reason, ', ' order by created_at) from stock_movements
			where product = '$id'") == "5 initial stock, -3 sold, -2 sold" ]]
	fi
}

@test "products: null in a filter shows nothing more" {
	local n id
	n=$(unique)
	id=$(make /products store="$STORE" sku="$n-u" name="$n unlisted" price=1 listed:=false)
	for filter in parent=null barcode=null; do
		token='' api GET "/products?$filter&search=$n"
		expect 200
		[[ $(field '[.results[].id] | index("'"$id"'") == null') == true ]]
	done
}

# What a product is beside its price: keys, barcodes, brand, tags, dimensions, drafts, data of the staff.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	export STORE OTHER
}

setup() { as staff; }

# product [NAME=TEXT...] : a new one; prints its id
product() { make /products store="$STORE" name="$(unique)" price=10 "$@"; }

# found QUERY : the ids that a list of the store has, sorted
found() {
	api GET "/products?store=$STORE&page_size=100&$1" && expect 200 >&2 && field '[.results[].id] | sort | join(" ")'
}

@test "fields: what other shops have is kept as sent" {
	send POST /products store="$STORE" name=Lamp price=10 external_id=gid://7 barcode='978-3-16-148410-0' mpn=L-7 \
		brand=Lumen tags:='["new"," sale "]' length=10.5 width=3 height:=4.25 weight=0.000125 condition=Used \
		seo_title="A lamp" seo_description=Bright metadata:='{"erp":{"id":7}}' attributes:='{"material":"brass"}'
	expect 201
	[[ $(as_sent '[.external_id, .barcode, .mpn, .brand, .tags, .length, .width, .height, .weight, .condition, .seo_title,
		.seo_description, .metadata, .published, .listed, .related] | tojson') == \
		'["gid://7","9783161484100","L-7","Lumen",["new","sale"],"10.5","3","4.25","0.000125","used","A lamp","Bright",{"erp":{"id":7}},true,true,[]]' ]]
	id=$(field .id)
	token='' api GET "/products/$id"
	[[ $(as_sent '[.barcode, .brand, .tags, .condition] | tojson') == '["9783161484100","Lumen",["new","sale"],"used"]' ]]
	[[ $(field 'has("metadata") or has("external_id") or has("published") or has("listed")') == false ]]
	send PATCH "/products/$id" external_id:=null barcode:=null brand:=null tags:='[]' condition:=null length:=null
	expect 200
	[[ $(as_sent '[.external_id, .barcode, .brand, .tags, .condition, .length] | tojson') == '[null,null,"",[],"new",null]' ]]
	send PATCH "/products/$id" external_id= barcode= sku=
	expect 200
	[[ $(field '[.external_id, .barcode] | tojson') == '[null,null]' && $(field .sku) == ?????-????? ]]
}

@test "fields: each rule has its pointer" {
	api POST /products --json "{\"store\":\"$STORE\",\"name\":\"x\",\"price\":\"1\",\"sku\":\"a\\u00adb\",\"barcode\":\"4006381333932\",
		\"tags\":[\"a\",\"a\"],\"length\":\"-1\",\"weight\":\"0.0000001\",\"condition\":\"broken\",\"related\":[\"x\"],
		\"published\":\"no\",\"metadata\":[],\"brand\":\"$(printf 'x%.0s' {1..101})\",\"external_id\":7}"
	expect 422 validation "/barcode invalid, /brand max_length, /condition invalid_choice, /external_id wrong_type, \
/length min_value, /metadata wrong_type, /published wrong_type, /related/0 invalid, /sku control_character, /tags/1 duplicate, \
/weight max_decimal_places"
	[[ $(field '.errors[] | select(.pointer == "/barcode") | .detail') == *mpn* ]]
	send POST /products store="$STORE" name=x price=1 tags:="$(jq -nc '[range(51) | tostring]')" \
		metadata:="$(jq -nc '{a: ("x" * 16400)}')"
	expect 422 validation "/metadata max_length, /tags max_items"
}

@test "fields: a SKU is made from the id when there is none" {
	first=$(product)
	second=$(product sku=" ")
	api GET "/products/$first"
	sku=$(field .sku)
	[[ $sku =~ ^[0-9A-HJKMNP-TV-Z]{5}-[0-9A-HJKMNP-TV-Z]{5}$ ]]
	[[ $(found "sku=${sku,,}") == "$first" ]]
	api GET "/products/$second"
	[[ $(field .sku) != "$sku" ]]
	send PUT "/products/$first" name=y price=1
	expect 200
	[[ $(field .sku) == "$sku" ]]
}

@test "fields: a SKU is unique in its store, in any case, and found in any" {
	sku=$(unique Ab-)
	first=$(product sku=" $sku ")
	for other in "${sku^^}" "${sku,,}"; do
		send POST /products store="$STORE" name=x price=1 sku="$other"
		expect 409 conflict "/sku taken"
	done
	[[ $(found "sku=${sku^^}") == "$first" && -z $(found "sku=${sku}x") ]]
	send PATCH "/products/$first" sku="${sku^^}"
	expect 200
	as admin
	send POST /products store="$OTHER" name=x price=1 sku="$sku"
	expect 201
}

@test "fields: a key of another system is unique in its store" {
	key=$(unique key-)
	first=$(product external_id="$key")
	send POST /products store="$STORE" name=x price=1 external_id="$key"
	expect 409 conflict "/external_id taken"
	[[ $(found "external_id=$key") == "$first" ]]
	token='' api GET "/products?external_id=$key"
	expect 400 invalid-query
	api DELETE "/products/$first"
	second=$(product external_id="$key")
	[[ $(found "external_id=$key") == "$second" ]]
	api POST "/products/$first/restore"
	expect 409 conflict "/external_id taken"
	as admin
	send POST /products store="$OTHER" name=x price=1 external_id="$key"
	expect 201
}

@test "fields: filters by brand, tag and barcode" {
	brand=$(unique B-) tag=$(unique t-)
	a=$(product brand="$brand" tags:="[\"$tag\",\"x\"]")
	b=$(product brand="$brand" barcode=96385074)
	variant=$(product parent="$a" barcode=96385074)
	[[ $(found "brand=$brand") == $(printf '%s\n' "$a" "$b" | sort | paste -sd' ') ]]
	[[ $(found "tag=$tag") == "$a" && -z $(found "tag=${tag}x") ]]
	[[ " $(found barcode=9638-5074) " == *" $variant "* ]]
	api GET "/products?tags=$tag"
	expect 400 invalid-query
	api GET '/products?barcode=123'
	expect 400 invalid-query
}

@test "fields: a draft is seen by the staff of its store alone, and not bought" {
	id=$(product published:=false inventory_count:=5)
	variant=$(product parent="$id" inventory_count:=5)
	for who in nobody customer outsider; do
		as "$who"
		for path in "$id" "$variant"; do
			api GET "/products/$path"
			expect 404 not-found
			send POST /orders store="$STORE" items:="[{\"product\":\"$path\",\"quantity\":1}]" contact:='{"name":"A","email":"a@b.example"}'
			expect 422 validation "/items/0/product not_found"
		done
		[[ " $(found "ordering=-created_at") " != *" $id "* ]]
	done
	as staff
	[[ " $(found published=false) " == *" $id "* ]]
	send PATCH "/products/$id" published:=true
	expect 200
	token='' api GET "/products/$variant"
	expect 200
	send PATCH "/products/$variant" published:=false
	token='' api GET "/products/$variant"
	expect 404 not-found
	token='' api GET "/products/$id"
	[[ $(field '.variants | length') == 0 ]]
}

@test "fields: what is not listed is found only by those who know it" {
	sku=$(unique)
	id=$(product listed:=false sku="$sku" inventory_count:=5)
	api GET "/products/$id"
	slug=$(field .slug)
	for who in nobody customer outsider; do
		as "$who"
		[[ " $(found "ordering=-created_at") " != *" $id "* && -z $(found "search=$slug") ]]
		[[ $(found "slug=$slug") == "$id" && $(found "sku=$sku") == "$id" ]]
		api GET "/products/$id"
		expect 200
	done
	as staff
	[[ " $(found "listed=false") " == *" $id "* ]]
	as nobody
	api POST /orders -H "Idempotency-Key: $(unique)$(unique)" --json "$(json store="$STORE" \
		items:="[{\"product\":\"$id\",\"quantity\":1}]" contact:='{"name":"A","email":"a@b.example"}')"
	expect 201
}

@test "fields: related products are of the store, and shown to those who may see them" {
	shown=$(product) draft=$(product published:=false) gone=$(product)
	theirs=$(as admin && make /products store="$OTHER" name=x price=1)
	id=$(product related:="[\"$draft\",\"$shown\",\"$gone\"]")
	send POST /products store="$STORE" name=x price=1 related:="[\"$shown\",\"$theirs\"]"
	expect 422 validation "/related/1 not_found"
	send PATCH "/products/$id" related:="[\"$id\"]"
	expect 422 validation "/related/0 invalid"
	api DELETE "/products/$gone"
	token='' api GET "/products/$id"
	[[ $(as_sent '.related | tojson') == "[\"$shown\"]" ]]
	as outsider
	api GET "/products/$id"
	[[ $(as_sent '.related | tojson') == "[\"$shown\"]" ]]
	as staff
	api GET "/products/$id"
	[[ $(as_sent '.related | tojson') == "[\"$draft\",\"$shown\",\"$gone\"]" ]]
	# What was read can be sent back, though one of them is deleted since.
	send PATCH "/products/$id" related:="[\"$shown\",\"$gone\"]"
	expect 200
	send PATCH "/products/$shown" related:="[\"$gone\"]"
	expect 422 validation "/related/0 not_found"
}

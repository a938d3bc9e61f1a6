# Texts of every kind are stored in one form, and none deceives its reader.
# shellcheck disable=SC2154

load ../../support/api

nfd=$'Gru\u0308ner Tee e\u0301' nfc=$'Grüner Tee é'

setup_file() {
	as admin
	STORE=$(staffed_store)
	export STORE
}

setup() { as staff; }

@test "texts: are composed and trimmed, in members, lists, objects and nested ones" {
	send POST /products store="$STORE" name="  $nfd " description=$'\n'"$nfd"$'\n\n' price=1 brand="$nfd" \
		tags:="[\"$nfd\"]" attributes:="{\"$nfd\":[\"$nfd\"]}" options:="[{\"name\":\"$nfd\",\"values\":[\"$nfd\"]}]" sku="$nfd"
	expect 201
	id=$(field .id)
	[[ $(field '[.name, .description, .brand, .tags[0], .sku, .options[0].name, .options[0].values[0],
		(.attributes | keys[0]), (.attributes | .[keys[0]][0])] | unique | join("|")') == "$nfc" ]]
	send POST /products store="$STORE" parent="$id" name=x price=1 options:="{\"$nfd\":\"$nfd\"}"
	expect 201
	[[ $(as_sent '.options | tojson') == "{\"$nfc\":\"$nfc\"}" ]]
	send POST /products store="$STORE" name=x price=1 sku="$nfc"
	expect 409 conflict "/sku taken"
	as customer
	send POST /addresses name="$nfd" line1="$nfd" city="$nfd" country=DE
	expect 201
	[[ $(field '[.name, .line1, .city] | unique | join("|")') == "$nfc" ]]
}

@test "texts: filters and searches find them in either form" {
	brand=$(unique "é-") word=$(unique "é")
	id=$(make /products store="$STORE" name="$word" price=1 brand="$brand" tags:="[\"$brand\"]")
	for form in "é" $'e%CC%81'; do
		for query in brand="$form${brand#é}" tag="$form${brand#é}" search="$form${word#é}" name="$form${word#é}"; do
			api GET "/products?store=$STORE&${query//é/%C3%A9}"
			expect 200
			[[ $(field '.results[].id') == "$id" ]]
		done
	done
}

@test "texts: what deceives is refused, everywhere" {
	for code in 0007 001b 007f 0080 009f 202a 202b 202c 202d 202e 2066 2067 2068 2069 feff; do
		for body in '{"name":"a\uCODEb"}' '{"description":"a\uCODEb"}' '{"brand":"a\uCODEb"}' '{"tags":["a\uCODEb"]}' \
			'{"sku":"a\uCODEb"}' '{"seo_title":"a\uCODEb"}' '{"attributes":{"a":{"b":["\uCODE"]}}}' '{"metadata":{"\uCODE":1}}' \
			'{"options":[{"name":"a\uCODE","values":["x"]}]}' '{"comments":"a\uCODEb"}' '{"mpn":"a\uCODE"}' \
			'{"external_id":"\uCODEb"}'; do
			api POST /products --json "${body//CODE/$code}"
			expect 422 validation
			[[ $(field '[.errors[].code] | index("control_character") != null') == true ]] || { echo "$code in $body"; false; }
		done
	done
	# Line breaks and tabs belong to long texts, joiners to scripts.
	send POST /products store="$STORE" name=$'\u0915\u094d\u200d\u0937' description=$'a\tb\r\nc' price=1
	expect 201
	[[ $(as_sent '.description | tojson') == '"a\tb\r\nc"' ]]
}

@test "texts: attributes keep their order, a merge adds behind" {
	order='{"zeta":1,"beta":{"y":1,"x":2},"alpha":[3],"material":"brass"}'
	send POST /products store="$STORE" name=x price=1 attributes:="$order"
	expect 201
	id=$(field .id)
	[[ $(as_sent '.attributes | tojson') == "$order" ]]
	token='' api GET "/products/$id"
	[[ $(as_sent '.attributes | tojson') == "$order" ]]
	send PATCH "/products/$id" attributes:='{"beta":{"a":0,"y":null},"alpha":null,"care":"dry","zeta":2}'
	expect 200
	[[ $(as_sent '.attributes | tojson') == '{"zeta":2,"beta":{"x":2,"a":0},"material":"brass","care":"dry"}' ]]
	api PUT "/products/$id" --json "$body"
	expect 200
	[[ $(as_sent '.attributes | tojson') == '{"zeta":2,"beta":{"x":2,"a":0},"material":"brass","care":"dry"}' ]]
	send PATCH "/products/$id" attributes:=$'{"e\u0301":1,"é":2}'
	expect 422 validation "/attributes duplicate"
}

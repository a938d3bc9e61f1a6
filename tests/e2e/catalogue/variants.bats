# Options of a product and its variants: what fits together, what a line says, and what becomes of them with the product.
# shellcheck disable=SC2154

load ../../support/api

sizes='[{"name":"Colour","values":["Red","Blue"]},{"name":"Size","values":["S","M"]}]'

setup_file() {
	as admin
	STORE=$(staffed_store)
	export STORE
}

setup() { as staff; }

# product [NAME=TEXT...] : a new one; prints its id
product() { make /products store="$STORE" name="$(unique)" price=10 "$@"; }

# shirt [NAME=TEXT...] : a product with options; prints its id
shirt() { product name="Linen shirt" options:="$sizes" "$@"; }

# variant PARENT COLOUR SIZE [NAME=TEXT...] : prints its id
variant() { product parent="$1" name="Linen shirt" options:="{\"Colour\":\"$2\",\"Size\":\"$3\"}" inventory_count:=10 "${@:4}"; }

# order PRODUCT : one of it is ordered by a guest
order() {
	token='' api POST /orders -H "Idempotency-Key: $(unique)$(unique)" --json "$(json store="$STORE" \
		items:="[{\"product\":\"$1\",\"quantity\":1}]" contact:='{"name":"A","email":"a@b.example"}')"
}

# at_once N : in a subshell, whose requests are made beside those of others
at_once() {
	top_of=$BATS_TEST_TMPDIR BATS_TEST_TMPDIR=$BATS_TEST_TMPDIR/at_once.$1
	mkdir "$BATS_TEST_TMPDIR"
}

@test "variants: options are kept in their order, a variant has a value of each" {
	shirt=$(shirt)
	api GET "/products/$shirt"
	[[ $(as_sent '[.options, .has_variants] | tojson') == "[$sizes,false]" ]]
	send POST /products store="$STORE" parent="$shirt" name=x price=1 options:='{"size":"m"," colour ":"BLUE"}'
	expect 201
	[[ $(as_sent '.options | tojson') == '{"Colour":"Blue","Size":"M"}' ]]
	id=$(field .id)
	api PUT "/products/$id" --json "$body"
	expect 200
	send PATCH "/products/$id" options:='{"Size":"S"}'
	expect 200
	[[ $(as_sent '.options | tojson') == '{"Colour":"Blue","Size":"S"}' ]]
	token='' api GET "/products/$shirt"
	[[ $(as_sent '[.has_variants, .variants[0].options] | tojson') == '[true,{"Colour":"Blue","Size":"S"}]' ]]
	api PUT "/products/$shirt" --json "$(jq -c '{name, price, options}' <<<"$body")"
	expect 200
}

@test "variants: options that are refused" {
	refused() {
		send POST /products store="$STORE" name=x price=1 options:="$1"
		expect 422 validation "$2"
	}
	refused '[{"name":"Size"}]' '/options/0/values required'
	refused '[{"name":"","values":["S"]}]' '/options/0/name blank'
	refused '[{"name":"Size","values":[]}]' '/options/0/values min_items'
	refused '[{"name":"Size","values":["S","S"]}]' '/options/0/values/1 duplicate'
	refused '[{"name":"Size","values":["S","s"]}]' '/options/0/values/1 duplicate'
	refused '[{"name":"Size","values":["S"]},{"name":"size","values":["M"]}]' '/options/1/name duplicate'
	refused '[{"name":"Size","values":["S"],"unit":"cm"}]' '/options/0/unit unknown_field'
	refused '[{"name":"Size","values":[1]}]' '/options/0/values/0 wrong_type'
	refused '["Size"]' '/options/0 wrong_type'
	refused '"Size"' '/options wrong_type'
	refused '{"Size":"S"}' '/options wrong_type'
	refused '[{"name":"Size","values":["a\u202eb"]}]' '/options/0/values/0 control_character'
	refused "$(jq -nc '[range(7) | {name: tostring, values: ["x"]}]')" '/options max_items'
	refused "$(jq -nc '[range(500) | {name: tostring, values: ["x"]}]')" '/options max_items'
	refused "$(jq -nc '[{name: "Size", values: [range(256) | tostring]}]')" '/options/0/values max_items'
	jq -nc "{options: [range(10000) | {name: tostring, values: [\"x\"]}]}" >"$BATS_TEST_TMPDIR/many"
	api POST /products --json @"$BATS_TEST_TMPDIR/many"
	expect 400 invalid-json
	refused "$(jq -nc '[{name: ("x" * 256), values: ["x"]}]')" '/options/0/name max_length'
	jq -nc --arg store "$STORE" '{store: $store, name: "x", price: "1", options: [range(6)
		| {name: tostring, values: [range(255) | ("x" * 250) + tostring]}]}' >"$BATS_TEST_TMPDIR/most"
	api POST /products --json @"$BATS_TEST_TMPDIR/most"
	expect 201
}

@test "variants: options of a variant that are refused" {
	shirt=$(shirt)
	refused() {
		send POST /products store="$STORE" parent="$shirt" name=x price=1 options:="$1"
		expect 422 validation "$2"
	}
	refused '{}' '/options/Colour required, /options/Size required'
	refused '{"Colour":"Red"}' '/options/Size required'
	refused '{"Colour":"Green","Size":"XL"}' '/options/Colour invalid_choice, /options/Size invalid_choice'
	[[ $(field '.errors[0].detail') == *"Red, Blue"* ]]
	refused '{"Colour":"Red","Size":"S","Fit/Cut":"slim"}' '/options/Fit~1Cut unknown_option'
	refused '{"Colour":"Red","Size":"S","size":"M"}' '/options/size duplicate'
	refused '{"Colour":"Red","Size":7}' '/options/Size wrong_type'
	refused '{"Colour":"Red","Size":null}' '/options/Size wrong_type'
	refused "$sizes" '/options wrong_type'
	refused "$(jq -nc '[range(100) | {key: tostring, value: "x"}] | from_entries')" '/options max_items'
	plain=$(product)
	send POST /products store="$STORE" parent="$plain" name=x price=1 options:='{"Size":"S"}'
	expect 422 validation '/options/Size unknown_option'
	[[ $(field '.errors[0].detail') == *none* ]]
	product parent="$plain" options:='[]' >/dev/null
	product parent="$plain" options:='{}' >/dev/null
}

@test "variants: a change names options in any case, and the product's names stay" {
	shirt=$(shirt)
	id=$(make /products parent="$shirt" price=1 options:='{"colour":"red","SIZE":"s"}')
	send PATCH "/products/$id" options:='{"size":"m"}'
	expect 200
	[[ $(as_sent '.options | tojson') == '{"Colour":"Red","Size":"M"}' ]]
	send PATCH "/products/$id" options:='{"COLOUR":"BLUE","Size":"S"}'
	expect 200
	[[ $(as_sent '.options | tojson') == '{"Colour":"Blue","Size":"S"}' ]]
	send PATCH "/products/$id" options:='{"size":"M","SIZE":"S"}'
	expect 422 validation '/options/Size duplicate'
	send PATCH "/products/$id" options:='{"fit":"slim"}'
	expect 422 validation '/options/fit unknown_option'
	# Properties are what they were called.
	send PATCH "/products/$id" attributes:='{"Material":"linen"}'
	send PATCH "/products/$id" attributes:='{"material":"wool"}'
	[[ $(as_sent '.attributes | tojson') == '{"Material":"linen","material":"wool"}' ]]
}

@test "variants: name and store are the product's, if none are sent" {
	shirt=$(shirt)
	api GET "/products/$shirt"
	slug=$(field .slug)
	send POST /products parent="$shirt" price=1 options:='{"Colour":"Red","Size":"S"}'
	expect 201
	[[ $(field '[.name, .store] | join(" ")') == "Linen shirt $STORE" ]]
	[[ $(field .slug) =~ ^$slug-[0-9a-z]{5}-[0-9a-z]{5}$ ]]
	first=$(field .id)
	send POST /products parent="$shirt" name="Linen shirt, blue" price=1 options:='{"Colour":"Blue","Size":"S"}'
	second=$(field .id)
	send PATCH "/products/$shirt" name="Hemp shirt"
	expect 200
	[[ $(field '[.variants[].name] | join(" | ")') == "Hemp shirt | Linen shirt, blue" ]]
	send POST /products parent:=null price=1
	expect 422 validation "/name required, /store required"
	send POST /products parent=01900000-0000-7000-8000-000000000000 price=1
	expect 422 validation "/parent not_found"
	as outsider
	send POST /products parent="$shirt" price=1 options:='{"Colour":"Blue","Size":"M"}'
	expect 403 forbidden
}

@test "variants: a combination is there once" {
	shirt=$(shirt)
	first=$(variant "$shirt" Red S)
	second=$(variant "$shirt" Red M)
	send POST /products store="$STORE" parent="$shirt" name=x price=1 options:='{"Size":"s","Colour":"red"}'
	expect 409 conflict "/options taken"
	send PATCH "/products/$second" options:='{"Size":"S"}'
	expect 409 conflict "/options taken"
	api DELETE "/products/$first"
	send PATCH "/products/$second" options:='{"Size":"S"}'
	expect 200
	api POST "/products/$first/restore"
	expect 409 conflict "/options taken"
}

@test "variants: in their position, with pictures of their own" {
	shirt=$(shirt)
	m=$(variant "$shirt" Red M position:=2 barcode=96385074)
	s=$(variant "$shirt" Red S position:=1)
	picture=$(make /product-images product="$m" url=https://pictures.example/m.jpg)
	token='' api GET "/products/$shirt"
	[[ $(field '[.variants[].id] | join(" ")') == "$s $m" ]]
	[[ $(field '.variants[1] | [.position, .barcode, .images[0].id, .images[0].url] | join(" ")') == \
		"2 96385074 $picture https://pictures.example/m.jpg" ]]
	[[ $(as_sent '.variants[0].images | tojson') == '[]' ]]
}

@test "variants: a line says the options, on the invoice too" {
	shirt=$(shirt)
	blue=$(variant "$shirt" Blue M)
	order "$blue"
	expect 201
	[[ $(field '.items[0].name') == "Linen shirt – Blue / M" ]]
	[[ $(field '.items[0].options | [.Colour, .Size] | join(" ")') == "Blue M" ]]
	order=$(field .id)
	invoice=$(field .invoice.id)
	api GET "/invoices/$invoice/html"
	expect 200
	[[ $body == *">Linen shirt – Blue / M<"* ]]
	send PATCH "/products/$shirt" name="Hemp shirt"
	expect 200
	order "$blue"
	[[ $(field '.items[0].name') == "Hemp shirt – Blue / M" ]]
	api GET "/orders/$order"
	[[ $(field '.items[0].name') == "Linen shirt – Blue / M" ]]
	# The order of the options is the product's.
	send PATCH "/products/$shirt" options:="$(jq -c reverse <<<"$sizes")"
	expect 200
	api POST /orders --json "$(json store="$STORE" action=update_cart items:="[{\"product\":\"$blue\",\"quantity\":1}]")"
	expect 201
	[[ $(field '.items[0].name') == "Hemp shirt – M / Blue" ]]
	send PATCH "/products/$blue" inventory_count:=null name=x
	order "$blue"
	[[ $(field '.items[0].name') == "Hemp shirt – M / Blue" ]]
}

@test "variants: options change as long as the variants fit" {
	shirt=$(shirt)
	red=$(variant "$shirt" Red S)
	blue=$(variant "$shirt" Blue M)
	options() { send PATCH "/products/$shirt" options:="$1"; }
	of() { api GET "/products/$1" && as_sent '.options | tojson'; }
	options '[{"name":"Colour","values":["Blue"]},{"name":"Size","values":["S","M"]}]'
	expect 422 validation '/options variants_do_not_fit'
	options '[{"name":"Colour","values":["Red","Blue"]}]'
	expect 422 validation '/options variants_do_not_fit'
	options '[]'
	expect 422 validation '/options variants_do_not_fit'
	# More values, another spelling, another name at the same place.
	options '[{"name":"COLOUR","values":["Blue","RED","Green"]},{"name":"Größe","values":["S","M","L"]}]'
	expect 200
	[[ $(of "$red") == '{"COLOUR":"RED","Größe":"S"}' && $(of "$blue") == '{"COLOUR":"Blue","Größe":"M"}' ]]
	# A new option: the variants get their values one by one, and are bought meanwhile.
	options '[{"name":"Colour","values":["Red","Blue"]},{"name":"Size","values":["S","M"]},{"name":"Fit","values":["Slim"]}]'
	expect 200
	[[ $(of "$red") == '{"Colour":"Red","Size":"S"}' ]]
	order "$red"
	[[ $(field '.items[0].name') == "Linen shirt – Red / S" ]]
	send PATCH "/products/$red" options:='{"Fit":"slim"}'
	expect 200
	[[ $(of "$red") == '{"Colour":"Red","Size":"S","Fit":"Slim"}' ]]
	send PATCH "/products/$red" options:='{"Fit":null}'
	expect 422 validation '/options/Fit wrong_type'
	# Those that are deleted do not count, and must fit to come back.
	api DELETE "/products/$red"
	options '[{"name":"Colour","values":["Blue"]},{"name":"Size","values":["M"]}]'
	expect 200
	api POST "/products/$red/restore"
	expect 422 validation
	options '[{"name":"Colour","values":["Red","Blue"]},{"name":"Size","values":["S","M"]},{"name":"Fit","values":["Slim"]}]'
	api POST "/products/$red/restore"
	expect 200
}

@test "variants: one without options becomes one with them" {
	product=$(product name=Cup)
	variant=$(product parent="$product" name="Cup red" attributes:='{"colour":"red"}' inventory_count:=9)
	other=$(product parent="$product" name="Cup blue" attributes:='{"colour":"blue"}' inventory_count:=9)
	order "$variant"
	[[ $(field '.items[0] | [.name, .options.colour] | join(" ")') == "Cup red red" ]]
	send PATCH "/products/$product" options:='[{"name":"Colour","values":["red","blue"]}]'
	expect 200
	send PATCH "/products/$variant" options:='{"Colour":"red"}'
	expect 200
	order "$variant"
	[[ $(field '.items[0] | [.name, .options.Colour] | join(" ")') == "Cup – red red" ]]
	order "$other"
	[[ $(field '.items[0].name') == "Cup blue" ]]
}

@test "variants: a product that had variants is never sold itself" {
	product=$(product inventory_count:=5)
	order "$product"
	expect 201
	variant=$(product parent="$product" inventory_count:=1)
	for step in delete keep; do
		order "$product"
		expect 422 validation "/items/0/product has_variants"
		api POST /orders --json "$(json store="$STORE" action=update_cart items:="[{\"product\":\"$product\",\"quantity\":1}]")"
		expect 422 validation "/items/0/product has_variants"
		if [[ $step == delete ]]; then
			api DELETE "/products/$variant"
			expect 204
		fi
	done
	token='' api GET "/products/$product"
	[[ $(field '[.in_stock, .has_variants, .variants] | tojson') == '[false,true,[]]' ]]
	api GET "/products?store=$STORE&in_stock=true&page_size=100"
	[[ -z $(field ".results[] | select(.id == \"$product\")") ]]
}

@test "variants: are deleted and restored with their product" {
	shirt=$(shirt)
	stays=$(variant "$shirt" Red S)
	goes=$(variant "$shirt" Red M)
	api DELETE "/products/$goes"
	api DELETE "/products/$shirt"
	expect 204
	api GET "/products/$stays"
	expect 404 not-found
	# Its SKU and combination are free meanwhile.
	api POST "/products/$shirt/restore"
	expect 200
	[[ $(field '[.variants[].id] | join(" ")') == "$stays" ]]
	api GET "/products/$goes"
	expect 404 not-found
	api DELETE "/products/$shirt"
	api POST "/products/$stays/restore"
	expect 200
	token='' api GET "/products/$stays"
	expect 404 not-found
	api POST "/products/$shirt/restore"
	token='' api GET "/products/$stays"
	expect 200
}

@test "variants: two of one combination at once: one is there" {
	shirt=$(shirt)
	for i in {1..6}; do
		(
			at_once "$i"
			send POST /products store="$STORE" parent="$shirt" name=x price=1 options:='{"Colour":"Red","Size":"S"}'
			echo "$status" >"$top_of/$i"
		) &
	done
	wait
	[[ $(sort "$BATS_TEST_TMPDIR"/[1-6] | uniq -c | tr -s ' \n' ' ') == " 1 201 5 409 " ]]
	api GET "/products/$shirt"
	[[ $(field '.variants | length') == 1 ]]
}

@test "variants: changed while the options of their product change: they fit, and nobody waits for ever" {
	shirt=$(shirt)
	a=$(variant "$shirt" Red S)
	other='[{"name":"Colour","values":["Red","Blue","Green"]},{"name":"Size","values":["S","M"]}]'
	for i in {1..12}; do
		(
			at_once "$i"
			for j in {1..4}; do
				case $(( (i + j) % 4 )) in
				0) send PATCH "/products/$shirt" options:="$sizes" name="Shirt $i$j" ;;
				1) send PATCH "/products/$shirt" options:="$other" ;;
				2) send PATCH "/products/$a" options:="{\"Colour\":\"$([[ $i -gt 6 ]] && echo Green || echo Blue)\"}" ;;
				3) send POST /products store="$STORE" parent="$shirt" name=x price=1 options:='{"Colour":"Green","Size":"M"}' ;;
				esac
				echo "$status" >>"$top_of/answers.$i"
			done
		) &
	done
	wait
	sort "$BATS_TEST_TMPDIR"/answers.* | uniq -c
	[[ $(cat "$BATS_TEST_TMPDIR"/answers.* | grep -cv '^\(200\|201\|409\|422\)$') == 0 ]]
	api GET "/products/$shirt"
	[[ $(field '[.options[0].values] as [$listed] | all(.variants[].options.Colour; . as $c | $listed | index($c))') == true ]]
	[[ $($PSQL -c "select count(*) from products v join products p on p.id = v.parent where p.id = '$shirt' and not v.is_deleted
		and v.line_name not like p.name || ' – %'") == 0 ]]
}

@test "variants: name and options of a product change together" {
	local parent
	parent=$(make /products store="$STORE" sku="$(unique)" name="Shirt" options:='[{"name":"Size","values":["S","M"]}]')
	make /products store="$STORE" parent="$parent" price=1 options:='{"Size":"S"}' >/dev/null
	make /products store="$STORE" parent="$parent" price=1 options:='{"Size":"M"}' >/dev/null
	send PATCH "/products/$parent" name=Blouse options:='[{"name":"Size","values":["M","S"]}]'
	expect 200
	[[ $(field '[.variants[].name] | unique | join(" ")') == Blouse ]]
}

@test "variants: a product that becomes a variant can be sold" {
	local was parent variant
	was=$(make /products store="$STORE" sku="$(unique)" name=Was price=10 inventory_count:=3)
	parent=$(make /products store="$STORE" sku="$(unique)" name=Parent)
	variant=$(make /products store="$STORE" parent="$was" sku="$(unique)" name=V price=1)
	send PATCH "/products/$variant" parent="$parent"
	expect 200
	send PATCH "/products/$was" parent="$parent"
	expect 200
	api GET "/products/$was"
	[[ $(as_sent '[.has_variants, .available, .in_stock] | tojson') == '[false,"in_stock",true]' ]]
}

# sql_of : how many statements the last request sent, as its line in the log says.
sql_of() { sed -n "s/.* id=$(header X-Request-Id) .* sql=\([0-9]*\).*/\1/p" "$CGI_LOG"; }

@test "variants: a product with five hundred is shown with all of them, in their order, as one with one is" {
	values=$(seq -f '"V %.0f"' 250 | paste -sd,)
	many=$(shirt options:="[{\"name\":\"Number\",\"values\":[$values]},{\"name\":\"Colour\",\"values\":[\"Red\",\"Blue\"]}]")
	few=$(shirt)
	variant "$few" Red S >/dev/null
	# Positions run against the order in which they are made.
	$PSQL -c "insert into products (store, parent, price, options, position)
		select '$STORE', '$many', 10 + n, json_build_object('Number', 'V ' || (n + 1) / 2,
			'Colour', case n % 2 when 0 then 'Red' else 'Blue' end), 500 - n from generate_series(1, 500) n"
	for product in "$few" "$many"; do
		token='' api GET "/products/$product"
		token='' api GET "/products/$product"
		expect 200
		sql_of >"$BATS_TEST_TMPDIR/$product"
	done
	[[ $(<"$BATS_TEST_TMPDIR/$few") -gt 0 && $(<"$BATS_TEST_TMPDIR/$few") == "$(<"$BATS_TEST_TMPDIR/$many")" ]]
	[[ $(field '[.has_variants, (.variants | length), (.variants | map(.id) | unique | length), (.too_large // false)] | tojson') == '[true,500,500,false]' ]]
	[[ $(field '[.variants[].options.Number] | tojson') == "[$(for i in {250..1}; do echo "\"V $i\",\"V $i\""; done | paste -sd,)]" ]]
	[[ $(field '[.variants[].price] | [first, last] | tojson') == '["510.00","11.00"]' ]]
	# The quickest of ten, so that others on the machine do not count.
	for _ in {1..10}; do
		curl -q --noproxy '*' -s -o /dev/null -w '%{time_total}\n' "$API/products/$many"
	done | sort -n | head -n 1 >"$BATS_TEST_TMPDIR/quickest"
	echo "quickest: $(<"$BATS_TEST_TMPDIR/quickest") s"
	awk '{ exit !($1 < 0.1) }' "$BATS_TEST_TMPDIR/quickest"
}

sorted() { printf '%s\n' "$@" | sort | paste -sd ' '; }

# seen ADDRESS : the ids of a list, sorted.
seen() {
	api GET "$1"
	expect 200
	field '[.results[].id] | sort | join(" ")'
}

@test "variants: include=variants lists them beside their products, each as it may be seen" {
	local store shirt blue red mug category
	as admin
	store=$(staffed_store)
	as staff
	category=$(make /categories name="$(unique)" store="$store")
	shirt=$(make /products store="$store" name=Shirt price=9 category="$category" options:='[{"name": "Colour", "values": ["blue", "red"]}]')
	blue=$(make /products parent="$shirt" price=9 options:='{"Colour": "blue"}')
	red=$(make /products parent="$shirt" price=8 options:='{"Colour": "red"}' published:=false)
	mug=$(make /products store="$store" name=Mug price=5)
	[[ $(seen "/products?store=$store&include=variants") == "$(sorted "$shirt" "$blue" "$red" "$mug")" ]]
	[[ $(seen "/products?store=$store&include=variants&category=$category") == "$(sorted "$shirt" "$blue" "$red")" ]]
	as nobody
	[[ $(seen "/products?store=$store") == "$(sorted "$shirt" "$mug")" ]]
	[[ $(seen "/products?store=$store&include=variants") == "$(sorted "$shirt" "$blue" "$mug")" ]]
	api GET "/products?store=$store&include=variants,deleted"
	expect 400 invalid-query
	api GET "/products/$shirt?include=variants"
	expect 400 invalid-query
	api GET "/stores?include=variants"
	expect 400 invalid-query
	as staff
	send PATCH "/products/$shirt" listed:=false
	send DELETE "/products/$mug"
	send DELETE "/products/$red"
	[[ $(seen "/products?store=$store&include=variants,deleted&modified_at__gte=2020-01-01T00:00:00Z") == "$(sorted "$shirt" "$blue" "$red" "$mug")" ]]
	as nobody
	[[ $(seen "/products?store=$store&include=variants") == '' ]]
}

@test "variants: modified_at of a product sees its variants, their policy and pictures, but no movement" {
	local store shirt blue before
	as admin
	store=$(staffed_store)
	as staff
	shirt=$(make /products store="$store" name=Shirt price=9 options:='[{"name": "Colour", "values": ["blue", "red"]}]')
	modified() { api GET "/products/$1"; field .modified_at; }
	changed() {
		local after
		after=$(modified "$shirt")
		[[ $after > $before ]] || { echo "not after $1"; false; }
		before=$after
	}
	before=$(modified "$shirt")
	blue=$(make /products parent="$shirt" price=9 options:='{"Colour": "blue"}')
	changed 'a new variant'
	send PATCH "/products/$blue" price=8
	changed 'a price'
	send PATCH "/products/$blue" allow_backorder:=true
	changed 'a policy'
	send POST /product-images product="$blue" url=https://img.example/1
	expect 201
	changed 'a picture of a variant'
	send POST /product-images product="$shirt" url=https://img.example/2
	expect 201
	local picture
	picture=$(field .id)
	changed 'a picture'
	send PATCH "/product-images/$picture" alt_text=Front
	changed 'a change of it'
	send DELETE "/product-images/$picture"
	changed 'its deletion'
	send POST "/products/$blue/stock" delta:=-1 reason=x
	[[ $(modified "$shirt") == "$before" ]]
	[[ $(seen "/products?store=$store&modified_at__gte=$before") == "$shirt" ]]
	send DELETE "/products/$blue"
	changed 'the deletion of a variant'
}

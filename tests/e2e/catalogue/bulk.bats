# POST /products/bulk: many products and categories in one request, each with an answer of its own.
# shellcheck disable=SC2016,SC2154

load ../../support/orders

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	export STORE OTHER
}

setup() {
	as staff
	n=$(unique)
}

# bulk JSON [CURL WORD]... ; bulk_lines < LINES
bulk() { api POST "/products/bulk?store=$STORE" --json "$1" "${@:2}"; }
bulk_lines() { api POST "/products/bulk?store=$STORE" -H 'Content-Type: application/x-ndjson' --data-binary @-; }
outcomes() { [[ $(field '[.results[].outcome] | join(" ")') == "$1" && $(field '[.results[].index] | tojson') == "$(jq -nc "[range($(wc -w <<<"$1"))]")" ]]; }
# refused INDEX ERRORS : why it was
refused() { [[ $(field "[.results[$1].errors[] | .pointer + \" \" + .code] | join(\", \")") == "$2" ]] || { field "[.results[$1]]"; return 1; }; }

@test "bulk: what is new is created, what is known is changed, what is the same is left alone" {
	local items
	items="[{\"sku\":\"$n-1\",\"name\":\"Tea $n\",\"price\":\"5.00\",\"inventory_count\":3,\"categories\":[[\"Drinks $n\",\"Tea\"]]},
		{\"sku\":\"$n-2\",\"name\":\"Shirt $n\",\"options\":[{\"name\":\"Size\",\"values\":[\"S\",\"M\"]}],\"variants\":[
		{\"sku\":\"$n-2S\",\"price\":\"9\",\"options\":{\"Size\":\"S\"}},{\"sku\":\"$n-2M\",\"price\":\"10\",\"options\":{\"Size\":\"M\"},\"inventory_count\":2}]}]"
	bulk "$items"
	expect 200
	outcomes 'created created'
	[[ $(field .refused) == 0 ]]
	id=$(field '.results[0].id')
	api GET "/products/$id"
	[[ $(field '[.sku, .price, .slug] | join(" ")') == "$n-1 5.00 tea-$n" && $(as_sent .inventory_count) == 3 ]]
	bulk "$items"
	outcomes 'unchanged unchanged'
	[[ $(field '.results[0].id') == "$id" ]]
	# Prices and stock alone.
	bulk "[{\"sku\":\"$n-1\",\"price\":\"6.00\"},{\"sku\":\"$n-2\",\"variants\":[{\"sku\":\"$n-2M\",\"inventory_count\":7}]}]"
	outcomes 'updated updated'
	api GET "/products/$id"
	[[ $(field '[.name, .price] | join(" ")') == "Tea $n 6.00" && $(as_sent .inventory_count) == 3 ]]
	[[ $(sql "select k.inventory_count from products p join stock k on k.product = p.id where p.sku = '$n-2M'") == 7 ]]
	[[ $(sql "select string_agg(m.delta || ' ' || m.reason, ', ' order by m.created_at, m.id) from stock_movements m join products p on p.id = m.product where p.sku = '$n-2M'") == '2 import, 5 import' ]]
	[[ $(sql "select count(*) from audit_logs a join products p on p.id = a.record_id where p.sku = '$n-1' and a.user_id = '$(staff_id)'") == 2 ]]
	ledger_is_right
}

@test "bulk: a variant alone, by its SKU, its key or its slug" {
	local sizes items s m
	sizes="\"options\":[{\"name\":\"Size\",\"values\":[\"S\",\"M\",\"L\"]}]"
	bulk "[{\"sku\":\"$n\",\"name\":\"Jar $n\",\"categories\":[[\"Jars $n\"]],$sizes,\"variants\":[
		{\"sku\":\"$n-S\",\"price\":\"9\",\"inventory_count\":1,\"options\":{\"Size\":\"S\"}},
		{\"sku\":\"$n-M\",\"external_id\":\"key $n\",\"price\":\"10\",\"options\":{\"Size\":\"M\"}},
		{\"sku\":\"$n-L\",\"price\":\"11\",\"options\":{\"Size\":\"L\"}}]}]"
	outcomes created
	parent=$(field '.results[0].id')
	s=$(sql "select id from products where sku = '$n-S'")
	m=$(sql "select id from products where sku = '$n-M'")
	slug=$(sql "select slug from products where sku = '$n-L'")
	# Several of one product, and one twice.
	items="[{\"sku\":\"$n-S\",\"price\":\"16.00\"},{\"external_id\":\"key $n\",\"inventory_count\":4},{\"slug\":\"$slug\",\"price\":\"7\"},
		{\"sku\":\"$n-S\",\"inventory_count\":3},{\"sku\":\"$n\",\"description\":\"of clay\"}]"
	bulk "$items"
	expect 200
	outcomes 'updated updated updated updated updated' || { field .results; return 1; }
	[[ $(field '[.results[].id] | join(" ")') == "$s $m $(sql "select id from products where sku = '$n-L'") $s $parent" ]]
	[[ $(sql "select string_agg(concat_ws(' ', p.price, k.inventory_count), ', ' order by p.price) from products p join stock k on k.product = p.id where p.parent = '$parent'") == '7.00 0, 10.00 4, 16.00 3' ]]
	[[ $(sql "select shop_price from stock where product = '$parent'") == 7.00 ]]
	bulk "$items"
	outcomes 'unchanged unchanged unchanged unchanged unchanged'
	ledger_is_right
}

@test "bulk: a variant alone is refused as what was sent" {
	bulk "[{\"sku\":\"$n\",\"name\":\"Jar $n\",\"options\":[{\"name\":\"Size\",\"values\":[\"S\"]}],\"variants\":[{\"sku\":\"$n-S\",\"price\":\"9\",\"options\":{\"Size\":\"S\"}}]}]"
	bulk "[{\"sku\":\"$n-S\",\"price\":\"1.999\"},{\"sku\":\"$n-S\",\"categories\":[[\"Other $n\"]]},{\"sku\":\"$n-S\",\"options\":[{\"name\":\"Size\",\"values\":[\"S\"]}]},
		{\"sku\":\"$n-S\",\"currency\":\"XXX\"},{\"sku\":\"$n-S\",\"variants\":[{\"sku\":\"$n-T\",\"price\":\"1\"}]},{\"sku\":\"$n-S\",\"external_id\":\"x\",\"name\":\"Else\",\"price\":\"1\"}]"
	expect 200
	outcomes 'refused refused refused refused refused refused' || { field .results; return 1; }
	refused 0 '/price max_decimal_places'
	refused 1 '/categories follows_parent'
	refused 2 '/options wrong_type'
	refused 3 '/currency currency'
	refused 4 '/name required'
	refused 5 '/sku taken'
	[[ $(sql "select count(*) from categories where name = 'Other $n'") == 0 ]]
	# Its product in the same request, before it and after it.
	bulk "[{\"sku\":\"$n-S\",\"price\":\"1\"},{\"sku\":\"$n\",\"variants\":[{\"sku\":\"$n-S\",\"price\":\"2\"}]},{\"sku\":\"$n-S\",\"price\":\"3\"},{\"sku\":\"$n-S\",\"inventory_count\":8}]"
	outcomes 'updated updated updated updated' || { field .results; return 1; }
	[[ $(sql "select p.price || ' ' || k.inventory_count from products p join stock k on k.product = p.id where p.sku = '$n-S'") == '3.00 8' ]]
	# With a name too.
	bulk "[{\"sku\":\"$n-S\",\"name\":\"Small $n\",\"price\":\"4\"}]"
	outcomes updated
	[[ $(sql "select name || ' ' || price from products where sku = '$n-S'") == "Small $n 4.00" ]]
}

@test "bulk: an object that is refused says why, and the others are taken in" {
	bulk "[{\"sku\":\"$n-1\",\"name\":\"A\",\"price\":\"5\"},{\"sku\":\"$n-2\",\"name\":\"B\"},{\"sku\":\"$n-3\",\"name\":\"C\",\"price\":\"1.999\"},
		{\"sku\":\"$n-4\",\"name\":\"D\",\"price\":\"x\"},{\"sku\":\"$n-5\",\"name\":\"E\",\"price\":\"5\",\"currency\":\"USD\"},{\"sku\":\"$n-6\",\"name\":\"F\",\"price\":\"6\"}]"
	expect 200
	outcomes 'created refused refused refused refused created'
	[[ $(field .refused) == 4 ]]
	refused 1 '/price required'
	refused 2 '/price max_decimal_places'
	refused 4 '/currency currency'
	[[ $(sql "select string_agg(sku, ' ' order by sku) from products where sku like '$n-%'") == "$n-1 $n-6" ]]
	api POST "/products/bulk?store=$STORE&no_price=draft" --json "[{\"sku\":\"$n-2\",\"name\":\"B\"}]"
	outcomes created
	[[ $(sql "select published::text || coalesce(price::text, ' no price') from products where sku = '$n-2'") == 'false no price' ]]
}

@test "bulk: categories" {
	bulk "[{\"category\":{\"path\":[\"Home $n\",\"Linen\"],\"description\":\"soft\",\"position\":4}},{\"sku\":\"$n\",\"name\":\"S\",\"price\":\"1\",\"categories\":[[\"Home $n\",\"Linen\"]]}]"
	expect 200
	outcomes 'created created'
	api GET "/categories/$(field '.results[0].id')"
	[[ $(field '[.name, .description, .position] | join(" ")') == 'Linen soft 4' ]]
	bulk "[{\"category\":{\"path\":[\"Home $n\"],\"position\":\"1\"}},{\"category\":{\"path\":[\"Home $n\"],\"position\":1.5}}]"
	outcomes 'refused refused'
	for wrong in '[]' '"A"' '[1]' 'null' '[""]'; do
		bulk "[{\"category\":{\"path\":$wrong}},{\"sku\":\"$n-c\",\"name\":\"S\",\"price\":\"1\"}]"
		expect 200
		[[ $(field '.results[0].outcome') == refused && $(field '.results[1].outcome') != refused ]]
	done
	# A global one is not the store's to change.
	as admin
	global=$(make /categories name="Global $n")
	as staff
	bulk "[{\"category\":{\"path\":[\"Global $n\"],\"description\":\"changed\"}},{\"category\":{\"path\":[\"Global $n\",\"Own\"],\"description\":\"own\"}}]"
	outcomes 'refused created'
	[[ $(sql "select description from categories where id = '$global'") == '' ]]
}

@test "bulk: lines of JSON, and its key" {
	jq -nc --arg n "$n" 'range(1000) | {sku: "\($n)-\(.)", name: "Product \(.)", price: "1.50", description: ("x" * 3000)}' >"$BATS_TEST_TMPDIR/lines"
	(( $(stat -c %s "$BATS_TEST_TMPDIR/lines") > 3000000 ))
	bulk_lines <"$BATS_TEST_TMPDIR/lines"
	expect 200
	[[ $(field '[.results[].outcome] | unique | join(" ")') == created && $(field '.results | length') == 1000 ]]
	[[ $(sql "select count(*) from products where sku like '$n-%'") == 1000 ]]
	key=$(unique key-)$(unique)
	for _ in 1 2; do
		bulk "[{\"name\":\"Twice $n\",\"price\":\"1\"}]" -H "Idempotency-Key: $key"
		expect 200
		outcomes created
	done
	[[ $(header Idempotent-Replayed) == true && $(sql "select count(*) from products where name = 'Twice $n'") == 1 ]]
	bulk "[{\"name\":\"Else $n\",\"price\":\"1\"}]" -H "Idempotency-Key: $key"
	expect 422 idempotency-key-reused
}

@test "bulk: wrong bodies change nothing" {
	before=$(sql 'select count(*) from products')
	for wrong in '{}' '5' '' '[' '[{"a":1,"a":2}]'; do
		bulk "$wrong"
		expect 400 invalid-json
	done
	bulk '[{"name":"A","price":"1","prise":"2"},{"name":"B","variants":[{"colour":"red"}]},1]'
	expect 200
	refused 0 '/prise unknown_field'
	refused 1 '/variants/0/colour unknown_field'
	refused 2 ' invalid'
	bulk '[{"name":"A","price":"1","a/b~":1}]'
	refused 0 '/a~1b~0 unknown_field'
	bulk_lines < <(printf '{"name":"A","price":"1"}\n{"name":')
	expect 400 invalid-json
	jq -nc '[range(1001) | {name: "P", price: "1"}]' >"$BATS_TEST_TMPDIR/many"
	bulk "@$BATS_TEST_TMPDIR/many"
	expect 413 too-large
	bulk_lines < <(head -c 4194305 /dev/zero | tr '\0' ' ')
	expect 413 too-large
	# Other routes of the program take no more than before.
	head -c 1100000 /dev/zero | tr '\0' ' ' >"$BATS_TEST_TMPDIR/long"
	api POST /products -H 'Content-Type: application/json' --data-binary "@$BATS_TEST_TMPDIR/long"
	expect 413 too-large
	api POST /products -H 'Content-Type: application/x-ndjson' --data-binary '{"name":"x"}'
	expect 415 unsupported-media-type
	api POST "/products/bulk?store=$OTHER" --json '[{"name":"A","price":"1"}]'
	expect 403 forbidden
	as customer
	bulk '[{"name":"A","price":"1"}]'
	expect 403 forbidden
	[[ $(sql 'select count(*) from products') == "$before" ]]
}

@test "bulk: values have the rules of the API" {
	local i=0
	while IFS='|' read -r member wanted; do
		bulk "[{\"sku\":\"$n-$i\",\"name\":\"V\",\"price\":\"1\",$member}]"
		expect 200
		[[ $(field '.results[0].outcome') == refused && $(field '[.results[0].errors[].pointer] | unique | join(" ")') == "$wanted" ]] ||
			{ echo "$member: $body"; return 1; }
		i=$((i + 1))
	done <<-'END'
		"compare_at_price":"NaN"|/compare_at_price
		"cost_price":"Infinity"|/cost_price
		"sale_price":"1e2"|/sale_price
		"weight":"NaN"|/weight
		"length":"-1"|/length
		"inventory_count":"NaN"|/inventory_count
		"inventory_count":1.5|/inventory_count
		"inventory_count":100000000000|/inventory_count
		"sale_from":"infinity"|/sale_from
		"sale_to":"now"|/sale_to
		"slug":"../A b<"|/slug
		"tags":[1]|/tags/0
		"tags":["a",null]|/tags/1
		"tags":["a",{"a":1}]|/tags/1
		"tags":"red"|/tags
		"options":[{"name":{"a":1},"values":["x"]}]|/options/0/name
		"options":[{"name":"Size"}]|/options/0
		"options":[1,2,3,4,5,6,7]|/options
		"options":{"Size":"S"}|/options
		"variants":[{"price":"1","variants":[{"price":"2"}]}]|/variants/0/variants
		"variants":[{"price":"1","options":"abc"}]|/variants/0/options
		"variants":5|/variants
		"comments":{"a":1}|/comments
		"status":"\u0001"|/status
		"related":[{}]|/related/0
		"related":["a",null]|/related/1
		"metadata":"abc"|/metadata
		"attributes":[1]|/attributes
		"images":[{"alt_text":"x"}]|/images/0
		"images":["https://img.example/1.png"]|/images/0
		"categories":[["\u0001 x"]]|/categories/0/0
		"categories":[[1,{"a":1}]]|/categories/0/0 /categories/0/1
		"categories":["nonsense"]|/categories/0
		"barcode":"123"|/barcode
		"published":"maybe"|/published
	END
	[[ $(sql "select count(*) from products where sku like '$n-%'") == 0 ]]
	# One category twice, in two spellings; white space; no variants.
	category=$(make /categories store="$STORE" name="Both $n")
	bulk "[{\"sku\":\"  \",\"name\":\" Trim $n \",\"price\":\"1\",\"categories\":[\"${category^^}\",\"$category\"],\"images\":[]}]"
	outcomes created
	[[ $(sql "select name || ' ' || (sku like '  %') || ' ' || jsonb_array_length(categories) from products where name like '%Trim $n%'") == "Trim $n false 1" ]]
}

@test "bulk: a price alone keeps the sale; the key is for the store that is named" {
	bulk "[{\"sku\":\"$n\",\"name\":\"Sale\",\"price\":\"10\",\"sale_price\":\"5\"}]"
	bulk "[{\"sku\":\"$n\",\"price\":\"9\"}]"
	outcomes updated
	[[ $(sql "select price || ' ' || sale_price from products where sku = '$n'") == '9.00 5.00' ]]
	bulk "[{\"sku\":\"$n\",\"sale_price\":null}]"
	[[ $(sql "select coalesce(sale_price::text, 'none') from products where sku = '$n'") == none ]]
	as admin
	key=$(unique key-)$(unique)
	bulk "[{\"name\":\"Key $n\",\"price\":\"1\"}]" -H "Idempotency-Key: $key"
	expect 200
	api POST "/products/bulk?store=$OTHER" --json "[{\"name\":\"Key $n\",\"price\":\"1\"}]" -H "Idempotency-Key: $key"
	expect 422 idempotency-key-reused
}

# half WRONG : bulk of a thousand, of which every second one has this too; in the time that a statement has, as it is 200.
half() {
	local begun=$EPOCHREALTIME
	n=$(unique)
	command jq -nc --arg n "$n" "[range(1000) | . as \$i | {sku: \"\(\$n)-\(.)\", name: \"P\", price: \"1.50\"} + if . % 2 == 0 then {} else $1 end]" >"$BATS_TEST_TMPDIR/half"
	bulk "@$BATS_TEST_TMPDIR/half"
	expect 200
	took=$((${EPOCHREALTIME/./} - ${begun/./}))
}

@test "bulk: a request of which half is refused takes hardly longer" {
	local wrong
	for wrong in '/price max_decimal_places:{price: "1.505"}' '/sale_price max_value:{sale_price: "9"}' \
		'/categories/0 not_found:{categories: ["01900000-0000-7000-8000-000000000000"]}' \
		'/max_quantity min_value:{max_quantity: 2, min_quantity: 5}' '/tax_class not_found:{tax_class: "none"}' \
		'/options/0/values/1 duplicate:{options: [{name: "Size", values: ["S", "S"]}]}' \
		'/variants/0/options/Size invalid_choice:{options: [{name: "Size", values: ["S"]}], variants: [{price: "1", options: {Size: "M"}}]}' \
		'/variants/0/price max_decimal_places:{options: [{name: "Size", values: ["S"]}], variants: [{price: "1.505", options: {Size: "S"}}]}' \
		'/variants/0/sku taken:{options: [{name: "Size", values: ["S"]}], variants: [{sku: "\($n)-0", price: "1", options: {Size: "S"}}]}' \
		'/barcode invalid:{barcode: "4006381333932"}' '/name control_character:{name: "a\u0001"}'; do
		half "${wrong#*:}"
		refused 1 "${wrong%%:*}"
		[[ $(field '[.results[].outcome] | map(select(. == "created")) | length') == 500 && $(field .refused) == 500 ]]
		echo "$wrong: $took us"
	done
	# Named again, a product is changed.
	half '{sku: "\($n)-\($i - 1)", name: "Q"}'
	[[ $(field '[.results[].outcome] | unique | join(" ")') == 'created updated' && $(sql "select count(*) from products where sku like '$n-%' and name = 'Q'") == 500 ]]
}

@test "bulk: what nobody can tell before is tried for a while, and the rest is refused" {
	# Two variants of one combination, which only the table refuses.
	half '{options: [{name: "Size", values: ["S"]}], variants: [{price: "1", options: {Size: "S"}}, {price: "1", options: {size: "s"}}]}'
	[[ $(field '[.results[] | select(.outcome != "created") | .errors[0].code] | unique | join(" ")') == *taken* ]]
	[[ $(field '.results[0].outcome') == created && $(field '.results[1].outcome') == refused ]]
	# One product a thousand times is that of the last one that was tried.
	command jq -nc --arg n "$n" '[range(1000) | {sku: "\($n)-same", name: "P \(.)", price: "1"}]' >"$BATS_TEST_TMPDIR/same"
	bulk "@$BATS_TEST_TMPDIR/same"
	expect 200
	tried=$(field '[.results[] | select(.outcome != "refused")] | length')
	(( tried > 1 )) && [[ $(sql "select name from products where sku = '$n-same'") == "P $((tried - 1))" ]]
	[[ $(field '[.results[] | select(.outcome == "refused") | .errors[0].code] | unique | join(" ")') =~ ^(not_tried)?$ ]]
}

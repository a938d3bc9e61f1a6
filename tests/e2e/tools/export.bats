# shopctl export: the products of a store as a file, which import reads with nothing lost.

load ../../support/cluster

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=test_$BATS_TEST_NUMBER
	make_database
	mkdir media
	write_env
	[[ -x ${shopctl%/*}/catalogue-reader ]] || skip "built without catalogue-reader"
	formats=$top/../shared/data/formats
	ctl migrate >/dev/null
	for name in Lumen Other; do
		ctl create-store --name $name --country DE --currency EUR --time-zone Europe/Berlin >/dev/null
	done
}

# A store with one product that has all that one can have, one with variants, and a draft.
fill() {
	for slug in lumen other; do
		sql "$base" "insert into tax_classes (store, name, rate) select id, 'books', 7 from stores where slug = '$slug'" >/dev/null
	done
	cat >made <<-'END'
		{"external_id":"1","sku":"A-1","slug":"tea","name":"=Tea, \"green\"","description":"Two\nlines","brand":"Leaf","tags":["hot","new"],"condition":"used","categories":[["Drinks","Tea, loose"],["Drinks"]],"price":"12.50","sale_price":"10.00","sale_from":"2026-01-01T00:00:00Z","sale_to":"2036-01-01T00:00:00Z","compare_at_price":"15.00","cost_price":"4.20","tax_rate":"7","inventory_count":-3,"track_inventory":true,"allow_backorder":true,"low_stock_threshold":2,"min_quantity":2,"max_quantity":10,"quantity_step":2,"weight":"0.123456","length":"1.5","width":"2","height":"3","barcode":"4006381333931","mpn":"M-1","shipping_class":"bulky","listed":false,"seo_title":"T","seo_description":"D","attributes":{"z":1,"a":[null,{"b":"\u00e9"}]},"metadata":{"k":null},"images":[{"url":"https://img.example/1.png","alt_text":"front"},{"url":"https://img.example/2.png"}]}
		{"external_id":"2","sku":"B","name":"Shirt","options":[{"name":"Size","values":["S","M"]},{"name":"Colour","values":["Blue"]}],"variants":[{"sku":"B-M","price":"5.00","options":{"Size":"M","Colour":"Blue"},"inventory_count":4,"images":[{"url":"https://img.example/m.png"}]},{"sku":"B-S","price":"4.00","options":{"Size":"S","Colour":"Blue"},"track_inventory":false}]}
		{"external_id":"3","sku":"C","name":"Draft","price":"1.00","published":false,"tax_class":"Books","related":["a-1","B"],"active_from":"2026-02-03T04:05:06.000000Z","active_to":"2036-01-01T00:00:00.000000Z","is_suspended":true,"status":"old","comments":"By hand"}
	END
	ctl import --store lumen --json --report report made >out; jq -e '.refused == 0 and .created == 5' out >/dev/null || { cat out report; return 1; }
}

@test "export: what is imported again is the same" {
	fill
	ctl export --store lumen >lumen
	[[ $(jq -s 'map(select(.sku)) | length' lumen) == 3 ]]
	jq -es 'map(select(.sku == "A-1"))[0] | .name == "=Tea, \"green\"" and .price == "12.50" and .sale_to == "2036-01-01T00:00:00.000000Z"
		and .categories == [["Drinks","Tea, loose"],["Drinks"]] and .inventory_count == -3 and .weight == "0.123456"
		and .attributes == {"z":1,"a":[null,{"b":"é"}]} and .metadata == {"k":null} and .images[1].url == "https://img.example/2.png"
		and .cost_price == "4.20" and .condition == "used" and .listed == false and .quantity_step == 2 and .tags == ["hot","new"]
		and .shipping_class == "bulky" and .tax_rate == "7.000" and .compare_at_price == "15.00"' lumen
	jq -es 'map(select(.sku == "C"))[0] | .tax_class == "books" and .related == ["A-1","B"] and .is_suspended and .status == "old"
		and .comments == "By hand" and .active_from == "2026-02-03T04:05:06.000000Z"' lumen
	ctl import --store lumen --json lumen | jq -e '.created == 0 and .updated == 0 and .unchanged == 5 and .refused == 0'
	ctl import --store other --json lumen | jq -e '.created == 5 and .refused == 0'
	ctl export --store other --output other | grep '^3 products written to other$'
	diff lumen other
}

@test "export: the store's own categories have lines before the products, parents first" {
	sql "$base" "insert into categories (name, slug) values ('Shared', 'shared')" >/dev/null
	cat >made <<-'END'
		{"category":{"path":["Wood"],"external_id":"w","position":7,"description":"=Oak,\n\"ash\"","seo_title":"T","seo_description":"D"}}
		{"category":{"path":["Wood","A, bowls"],"position":2}}
		{"category":{"path":["Clay"],"position":3,"description":"Red"}}
		{"category":{"path":["Shared","Own"],"description":"Below one of the shop"}}
		{"category":{"path":["Gone"]}}
		{"sku":"A","name":"A","price":"1.00","categories":[["Wood","A, bowls"],["Shared"]]}
	END
	ctl import --store lumen --json made | jq -e '.refused == 0 and .created == 1 and .categories == 5'
	sql "$base" "update categories set is_deleted = true where name = 'Gone'" >/dev/null
	ctl export --store lumen --output lumen | grep '^1 products written to lumen$'
	[[ $(jq -c '.category.path // .sku' lumen | tr -d '\n') == '["Clay"]["Wood"]["Shared","Own"]["Wood","A, bowls"]"A"' ]]
	jq -es '.[1].category == {path: ["Wood"], external_id: "w", position: 7, description: "=Oak,\n\"ash\"", seo_title: "T", seo_description: "D"}' lumen
	ctl import --store lumen --json lumen | jq -e '.updated == 0 and .categories == 0 and .refused == 0'
	ctl import --store other --json lumen | jq -e '.created == 1 and .categories == 4 and .refused == 0'
	ctl export --store other >other
	diff lumen other
	# A position that is none refuses its line alone.
	printf '{"category":{"path":["%s"],"position":%s}}\n' Clay 1.5 Wood '"x"' Shared 1 Wood 8 >wrong
	ctl import --store lumen --json --report report wrong | jq -e '.refused == 3 and .categories == 1' || { cat report; return 1; }
	[[ $(ctl export --store lumen | jq -c 'select(.category.path == ["Wood"]).category.position') == 8 ]]
}

@test "export: catalogues of other shops, back and forth" {
	[[ -d $formats ]] || skip "no ../shared/data/formats"
	for file in shopify-2024 woo-9 wix vendure-products magento-products; do
		ctl import --store lumen "$formats/$file.csv" >/dev/null || { echo "$file"; return 1; }
	done
	ctl export --store lumen >lumen
	(( $(wc -l <lumen) > 12 ))
	ctl import --store other --json lumen | jq -e '.refused == 0 and .changed == 0'
	ctl export --store other >other
	diff lumen other
}

@test "import: a class of taxes that the store does not have" {
	echo '{"sku":"X","name":"X","price":"1","tax_class":"None"}' >lines
	ctl import --store lumen --json --report report lines | jq -e '.refused == 1 and .created == 0'
	grep -q 'tax_class' report
}

# lines STORE : its products as lines of JSON; objects of the shop's own keep their order, but not their blanks.
lines() { ctl export --store "$1" | jq -c 'select(.sku)'; }

# csv STORE : its CSV without the ids of its products.
csv() {
	ctl export --store "$1" --format csv --output "$1.full" >/dev/null
	python3 -c 'import csv, json, sys
rows = list(csv.DictReader(open(sys.argv[1], newline="")))
for r in rows:
    del r["id"]
    r["attributes"] = r["attributes"] and json.dumps(json.loads(r["attributes"]))
    print(json.dumps(r))' "$1.full" >"$1.csv"
}

# comes_back STORE : its CSV changes nothing in it, and makes the same products in the empty store Other.
comes_back() {
	local from=$1 rows
	lines "$from" >"$from.before"
	csv "$from"
	rows=$(wc -l <"$from.csv")
	(( rows > 0 ))
	ctl import --store "$from" --json --report report "$from.full" >out
	jq -e ".created == 0 and .updated == 0 and .unchanged == $rows and .refused == 0 and .changed == 0" out || { cat out report; return 1; }
	lines "$from" | diff "$from.before" - || return 1
	ctl import --store other --json --report report "$from.full" >out
	jq -e ".created == $rows and .refused == 0 and .changed == 0" out || { cat out report; return 1; }
	csv other
	diff "$from.csv" other.csv || return 1
	lines other | diff "$from.before" -
}

@test "export: as CSV" {
	fill
	ctl export --store lumen --format csv --output lumen.csv | grep '^3 products'
	[[ $(head -1 lumen.csv) == handle,sku,external_id,name,* ]]
	[[ $(python3 -c 'import csv; print("|".join(r["sku"] for r in csv.DictReader(open("lumen.csv", newline=""))))') == 'A-1|B|B-M|B-S|C' ]]
	grep -q "'=Tea" lumen.csv
	comes_back lumen
}

@test "export: CSV with every character that it has a meaning for comes back" {
	cat >made <<-'END'
		{"external_id":"'=1","sku":"'@A","slug":"a","name":"''-x","description":"=1+1\n\n\"two\", three\r\nfour","brand":"+1","tags":["a, b","c\\","\\, d","> e","-1"],"categories":[["A > B","C, D","E\\"],["\\, F"]],"price":"1.00","attributes":{"z":"\\,","a":"'=","n":1.50},"metadata":{"list":[1,{"x":"a\nb"}]},"images":[{"url":"https://img.example/1.png"},{"url":"https://img.example/2.png?a=1,2&b=%20","alt_text":"One, two \\ > three"},{"url":"https://img.example/3.png"}],"seo_description":"@x","comments":"+1\n-1"}
		{"external_id":"2","sku":"B, 1","slug":"b","name":"A &amp; B","options":[{"name":"Size, \"x\"","values":["S","=M","never"]},{"name":"Colour > shade","values":["'+blue"]}],"related":["'@A"],"variants":[{"sku":"B-M","price":"5.00","options":{"Size, \"x\"":"=M","Colour > shade":"'+blue"},"position":7,"images":[{"url":"https://img.example/m.png","alt_text":"-M"}],"track_inventory":true,"allow_backorder":true,"inventory_count":-2},{"sku":"B-S","price":"4.00","options":{"Size, \"x\"":"S","Colour > shade":"'+blue"},"position":3,"published":false,"track_inventory":false}]}
		{"external_id":"3","sku":"C","slug":"c","name":"Without options","variants":[{"sku":"C-1","price":"1.00"},{"sku":"C-2","price":"2.00","attributes":{"Wood":"oak"}}]}
		{"external_id":"4","sku":"D","slug":"d","name":"Options alone","price":"3.00","options":[{"name":"Engraving","values":["yes","no"]}],"related":["B, 1","'@A"]}
	END
	ctl import --store lumen --json --report report made >out
	jq -e '.refused == 0 and .created == 8' out || { cat out report; return 1; }
	ctl export --store lumen | jq -es 'map(select(.sku == "\u0027@A"))[0] | .tags == ["a, b","c\\","\\, d","> e","-1"] and .name == "\u0027\u0027-x"
		and .categories == [["A > B","C, D","E\\"],["\\, F"]]'
	comes_back lumen
}

@test "export: CSV of the demonstration catalogue, and of other shops' catalogues, comes back" {
	[[ -d $formats ]] || skip "no ../shared/data/formats"
	for file in shopify-2024 woo-9 wix vendure-products magento-products etsy-en; do
		ctl import --store lumen "$formats/$file.csv" >/dev/null || { echo "$file"; return 1; }
	done
	write_env PUBLIC_URL=https://shop.example
	ctl load-demo >/dev/null
	for store in $(sql "$base" "select slug from stores where slug <> 'other' order by slug"); do
		# Each comes into an empty store of its currency, with its classes of taxes.
		sql "$base" "update stores o set slug = 'other-' || gen_random_uuid() where o.slug = 'other'" >/dev/null
		ctl create-store --name Other --country "$(sql "$base" "select address ->> 'country' from stores where slug = '$store'")" \
			--currency "$(sql "$base" "select currency from stores where slug = '$store'")" --time-zone Europe/Berlin >/dev/null
		sql "$base" "insert into tax_classes (store, name, rate) select o.id, c.name, c.rate from tax_classes c join stores s on s.id = c.store
			cross join stores o where s.slug = '$store' and o.slug = 'other' and not c.is_deleted" >/dev/null
		comes_back "$store" || { echo "$store"; return 1; }
	done
}

@test "export: what it cannot do" {
	refused() { local code=$1; shift; run ctl export "$@"; [[ $status == "$code" ]] || { echo "$status: $output"; return 1; }; }
	refused 65 --store nowhere
	refused 64 --store lumen --format xml
	refused 64
	refused 73 --store lumen --output /nonexistent/file
	[[ -z $(ctl export --store lumen) ]]
	code=0
	ctl export --store lumen --format csv >/dev/full || code=$?
	[[ $code == 74 ]]
}

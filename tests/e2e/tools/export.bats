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
	[[ $(wc -l <lumen) == 3 ]]
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

@test "export: as CSV" {
	fill
	ctl export --store lumen --format csv --output lumen.csv | grep '^3 products'
	[[ $(head -1 lumen.csv) == handle,sku,external_id,name,* ]]
	[[ $(python3 -c 'import csv; print("|".join(r["sku"] for r in csv.DictReader(open("lumen.csv", newline=""))))') == 'A-1|B|B-M|B-S|C' ]]
	grep -q "'=Tea" lumen.csv
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

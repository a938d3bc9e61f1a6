# shopctl export --format shopify, woocommerce and google: our reader makes the same products of them, but for what the
# format has no place for, which each test lists.

load ../../support/cluster

setup() {
	cd "$BATS_TEST_TMPDIR" || return
	base=test_$BATS_TEST_NUMBER
	make_database
	mkdir media
	write_env PUBLIC_URL=https://shop.example
	[[ -x ${shopctl%/*}/catalogue-reader ]] || skip "built without catalogue-reader"
	ctl migrate >/dev/null
	for name in Lumen Other; do
		ctl create-store --name $name --country DE --currency EUR --time-zone Europe/Berlin >/dev/null
	done
	fill
}

# What has a meaning for CSV, XML or lists; options, a sale, stock of each policy, drafts and what is not listed.
fill() {
	cat >made <<-'END'
		{"external_id":"1","sku":"A-1","slug":"tea","name":"=Tea, \"green\" <b>","description":"<p>Two</p>\nlines, \\n &amp; more","brand":"Leaf & Co","tags":["hot, dry","new"],"condition":"used","categories":[["Drinks","Tea"],["Drinks, hot"]],"price":"12.50","sale_price":"10.00","cost_price":"4.20","inventory_count":-3,"track_inventory":true,"allow_backorder":true,"low_stock_threshold":2,"max_quantity":1,"weight":"0.123456","length":"1.5","width":"2","height":"3","barcode":"4006381333931","mpn":"M-1","seo_title":"T","seo_description":"D","attributes":{"Leaves":"whole, green","Caffeine":true,"Grams":1.5},"metadata":{"k":"v"},"images":[{"url":"https://img.example/1.png?a=1,2","alt_text":"front"},{"url":"https://img.example/2.png"}]}
		{"external_id":"2","sku":"B","slug":"shirt","name":"Shirt","description":"Of linen","options":[{"name":"Size","values":["S","M, long"]},{"name":"Color","values":["Blue","Red"]}],"images":[{"url":"https://img.example/b.png"}],"categories":[["Clothes"]],"variants":[{"sku":"B-M","price":"5.00","options":{"Size":"M, long","Color":"Blue"},"inventory_count":4,"weight":"2","barcode":"4006381333948"},{"sku":"B-S","price":"4.00","sale_price":"3.00","options":{"Size":"S","Color":"Blue"},"track_inventory":false,"images":[{"url":"https://img.example/s.png"}]},{"sku":"B-R","price":"4.00","options":{"Size":"S","Color":"Red"},"inventory_count":0}]}
		{"external_id":"3","sku":"C","slug":"draft","name":"Draft","price":"1.00","published":false,"inventory_count":5}
		{"external_id":"4","sku":"D","slug":"hidden","name":"Hidden","price":"2.00","listed":false,"track_inventory":false,"weight":"10"}
		{"external_id":"5","sku":"E","slug":"sale","name":"Sale with dates","price":"3.00","sale_price":"2.00","sale_from":"2026-01-01T08:30:15Z","sale_to":"2036-01-01T00:00:00Z","inventory_count":2}
		{"external_id":"6","sku":"F","slug":"four","name":"Four options","options":[{"name":"A","values":["1"]},{"name":"B","values":["2"]},{"name":"C","values":["3","4"]},{"name":"D","values":["5"]}],"variants":[{"sku":"F-1","price":"1.00","options":{"A":"1","B":"2","C":"3","D":"5"}},{"sku":"F-2","price":"2.00","options":{"A":"1","B":"2","C":"4","D":"5"}}]}
	END
	ctl import --store lumen --json --report report made >out
	jq -e '.refused == 0 and .created == 11' out || { cat out report; return 1; }
}

# there_and_back FORMAT JQ : the lines of both stores are the same after JQ, which leaves out what the format cannot hold.
there_and_back() {
	ctl export --store lumen --format "$1" --output file | grep '^6 products written to file$'
	ctl import --store other --json --report report file >out
	jq -e '.refused == 0 and .changed == 0' out || { cat out report; return 1; }
	for store in lumen other; do
		ctl export --store "$store" | jq -S -c "select(.sku and (.slug | startswith(\"four\") | not)) | $2" | sort >"$store"
	done
	(( $(wc -l <lumen) > 2 ))
	diff lumen other
	# A second time nothing changes.
	ctl import --store other --json file | jq -e '.created == 0 and .updated == 0'
}

@test "export: Shopify's CSV, and back" {
	# The key and the SKU of a product with variants, all but one category, dates of sales, what is measured, limits, and
	# all of one's own; values are in the order of the variants.
	there_and_back shopify 'del(.external_id, .listed, .low_stock_threshold, .max_quantity, .length, .width, .height, .metadata, .attributes)
		| (if .variants then del(.sku) else . end) | (if .sale_from then del(.sale_price, .sale_from, .sale_to) else . end)
		| (if .categories then .categories |= .[:1] else . end) | .options |= map(.values |= sort)'
	# It has three options: the third is what is left.
	[[ $(ctl export --store other | jq -c 'select(.slug == "four") | [.options[].name], [.variants[].options["C / D"]]' | tr -d '\n') == '["A","B","C / D"]["3 / 5","4 / 5"]' ]]
	head -n 1 file | grep -q '^Handle,Title,Body (HTML),Vendor,.*,Variant SKU,Variant Grams,.*,Status'
	python3 -c 'import csv
rows = list(csv.DictReader(open("file", newline="")))
assert [r["Variant Grams"] for r in rows if r["Handle"] in ("tea", "shirt", "hidden")] == ["123.456", "", "2000", "", "", "10000"], rows
assert len({len(r) for r in rows}) == 1'
}

@test "export: Shopify's CSV has no variants that are not published, and the status of drafts" {
	cat >made <<-'END'
		{"sku":"G","slug":"partly","name":"Partly","options":[{"name":"Size","values":["S","M"]}],"images":[{"url":"https://img.example/g.png"}],"variants":[{"sku":"G-S","price":"1.00","published":false,"options":{"Size":"S"}},{"sku":"G-M","price":"1.00","options":{"Size":"M"}}]}
		{"sku":"H","slug":"none","name":"None","options":[{"name":"Size","values":["S","M"]}],"variants":[{"sku":"H-S","price":"1.00","published":false,"options":{"Size":"S"}},{"sku":"H-M","price":"1.00","published":false,"options":{"Size":"M"}}]}
		{"sku":"I","slug":"old","name":"Old","price":"1.00","published":false,"metadata":{"status":"archived"}}
		{"sku":"J","slug":"back","name":"Back","price":"1.00","metadata":{"status":"archived"}}
	END
	ctl import --store lumen --json made | jq -e '.refused == 0 and .created == 8'
	ctl export --store lumen --format shopify --output file >/dev/null
	python3 -c 'import csv
for r in csv.DictReader(open("file", newline="")):
    if r["Handle"] in ("tea", "draft", "partly", "none", "old", "back") and (r["Title"] or r["Variant SKU"]):
        print(r["Handle"], r["Title"], r["Option1 Name"], r["Variant SKU"], r["Published"], r["Status"], r["Image Src"], sep="|")' | sort >rows
	diff rows - <<-'END'
		back|Back|Title|J|true|active|
		draft|Draft|Title|C|false|draft|
		none|None|Size|H-S|false|draft|
		none|||H-M|||
		old|Old|Title|I|false|archived|
		partly|Partly|Size|G-M|true|active|https://img.example/g.png
		tea|'=Tea, "green" <b>|Title|A-1|true|active|https://img.example/1.png?a=1,2
	END
	ctl import --store other --json file | jq -e '.refused == 0'
	[[ $(ctl export --store other | jq -c 'select(.slug == "old") | [.published, .metadata.status]') == '[false,"archived"]' ]]
}

@test "export: WooCommerce's CSV, and back" {
	# The slug and the key, alternative texts, the condition, costs, the manufacturer's number, texts for search engines,
	# and what staff note; attributes are texts.
	there_and_back woocommerce 'del(.external_id, .slug, .condition, .cost_price, .mpn, .seo_title, .seo_description, .metadata, .images[]?.alt_text)
		| .attributes |= map_values(tostring)'
	[[ $(ctl export --store other | jq -c 'select(.sku and (.slug | startswith("four"))) | [.options[].name], [.variants[].options.D]' | tr -d '\n') == '["A","B","C","D"]["5","5"]' ]]
	# Its importer knows no other form of times.
	python3 -c 'import csv
assert [(r["SKU"], r["Date sale price starts"], r["Date sale price ends"]) for r in csv.DictReader(open("file", newline=""))
    if r["Date sale price starts"] or r["Date sale price ends"]] == [("E", "2026-01-01 08:30:15", "2036-01-01 00:00:00")]'
	head -n 1 file | grep -q '^Type,SKU,.*,Attribute 4 name,Attribute 4 value(s),Attribute 4 visible,Attribute 4 global'
	python3 -c 'import csv
assert len({len(r) for r in csv.reader(open("file", newline=""))}) == 1'
}

@test "export: Google's XML, and back" {
	# Drafts and what is not listed; counts and limits of stock, keys and slugs, tags, all but one category, measures but
	# the weight, tags and entities of descriptions, costs, alternative texts, texts for search engines, and all of one's own. Images of the product are
	# those of its items. Options have the names of its elements, and others are ids.
	there_and_back google 'select(.published and .listed) | del(.external_id, .slug, .tags, .cost_price, .height, .length, .width, .max_quantity,
			.low_stock_threshold, .metadata, .attributes, .seo_title, .seo_description, .images[]?.alt_text)
		| del(.track_inventory, .inventory_count, .variants[]?.track_inventory, .variants[]?.inventory_count)
		| (if .description then .description |= (gsub("</?p>"; "") | gsub("&amp;"; "&")) else . end)
		| (if .variants then del(.sku, .images, .variants[].images) else . end) | (if .categories then .categories |= .[:1] else . end)
		| .options |= (map({name: (.name | ascii_downcase), values: (.values | sort)}) | sort_by(.name))
		| (if .variants then .variants |= map(.options |= with_entries(.key |= ascii_downcase)) else . end)'
	[[ $(ctl export --store other | jq -c 'select(.sku and (.slug | startswith("four"))) | .options[] | [.name, .values]') == '["Variant",["F-1","F-2"]]' ]]
	python3 -c 'import xml.etree.ElementTree as x; print(len(x.parse("file").getroot()[0].findall("item")))' | grep -x 7
	grep -o '<g:sale_price_effective_date>[^<]*' file | grep -Fx '<g:sale_price_effective_date>2026-01-01T08:30:15Z/2036-01-01T00:00:00Z'
	# Variants are named as in the feed.
	diff - <<-'END' <(grep -o '<g:title>[^<]*' file | cut -d '>' -f 2 | sort)
		=Tea, &quot;green&quot; &lt;b&gt;
		Four options – 1 / 2 / 3 / 5
		Four options – 1 / 2 / 4 / 5
		Sale with dates
		Shirt – M, long / Blue
		Shirt – S / Blue
		Shirt – S / Red
	END
	[[ $(grep -c '<g:link>https://shop.example/products/shirt</g:link>' file) == 3 ]]
}

@test "export: catalogues of other shops in their own format, and back" {
	[[ -d $top/../shared/data/formats ]] || skip "no ../shared/data/formats"
	for file in shopify-2024:shopify woo-9:woocommerce magento-products:shopify magento-products:woocommerce; do
		sql "$base" "update products set is_deleted = true where parent is null" >/dev/null
		ctl import --store lumen "$top/../shared/data/formats/${file%:*}.csv" >/dev/null
		ctl export --store lumen --format "${file#*:}" --output file >/dev/null
		ctl import --store other --json --report report file >out
		jq -e '.refused == 0' out || { echo "$file"; cat out report; return 1; }
		for store in lumen other; do
			ctl export --store "$store" | jq -S -c 'select(.sku) | .name, (.variants // [. + {options: {}}] | map([.sku, .price, .barcode, .weight, .options]) | sort)'
		done | sort | uniq -c | awk '$1 % 2 { print; odd = 1 } END { exit odd }' || { echo "$file"; return 1; }
	done
}

@test "export: another shop's format needs the address of this one" {
	write_env PUBLIC_URL=
	refuses 78 'set PUBLIC_URL' export --store lumen --format shopify
}

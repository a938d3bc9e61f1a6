# The products of a store as a file: who gets it, its pages, and that nothing is left out of it.
# shellcheck disable=SC2016,SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	export STORE OTHER
}

setup() { as staff; }

# lines JQ : of all objects of the answer.
lines() { jq -rs "$1" <"$BATS_TEST_TMPDIR/body"; }
export_of() { api GET "/products/export?format=$1&store=${2:-$STORE}${3:+&$3}"; }

@test "product export: for the store's staff alone" {
	export_of csv
	expect 200
	[[ $(header Content-Type) == 'text/csv; charset=utf-8; header=present' && $(header Cache-Control) == no-store ]]
	[[ $(header Content-Disposition) == "attachment; filename=\"$(api GET "/stores/$STORE" && field .slug)-products.csv\"" ]]
	export_of ndjson
	[[ $(header Content-Type) == application/x-ndjson ]]
	export_of csv "$OTHER"
	expect 403 forbidden
	as customer
	export_of csv
	expect 403 forbidden
	as nobody
	export_of csv
	expect 401 not-authenticated
	as admin
	export_of xlsx
	expect 400 invalid-query 'format invalid_choice'
	export_of csv nonsense
	expect 400 invalid-query 'store invalid'
	export_of csv "$STORE" cursor=forged
	expect 400 invalid-cursor
}

@test "product export: a line has all that a product has" {
	local n top below parent variant
	n=$(unique)
	top=$(make /categories store="$STORE" name="Home, $n")
	below=$(make /categories store="$STORE" parent="$top" name="Linen $n")
	parent=$(make /products store="$STORE" sku="$n" name="=Shirt $n" price=50 brand=Loom tags:='["new","linen"]' \
		categories:="[\"$below\",\"$top\"]" options:='[{"name":"Size","values":["S","M"]}]' external_id="ext-$n" \
		attributes:='{"a":null,"z":1}' metadata:='{"supplier":"K"}' published:=false weight=0.25 cost_price=11.5)
	variant=$(make /products store="$STORE" parent="$parent" sku="$n-M" name="Shirt $n M" price=40 sale_price=30 \
		sale_from=2026-01-01T00:00:00Z options:='{"Size":"M"}' barcode=4006381333931 inventory_count:=7 position:=1)
	make /products store="$STORE" parent="$parent" sku="$n-S" name="Shirt $n S" price=45 options:='{"Size":"S"}' >/dev/null
	api POST /product-images --json "{\"product\":\"$variant\",\"url\":\"https://img.example/$n.png\",\"alt_text\":\"front\"}"
	expect 201
	export_of ndjson
	expect 200
	line() { lines "map(select(.sku == \"$n\"))[0] | $1"; }
	[[ $(line '[.name, .slug, .external_id, .price, .cost_price, .brand, .weight, .currency] | join("|")') == \
		"=Shirt $n|shirt-$n|ext-$n|50.00|11.50|Loom|0.25|EUR" ]]
	[[ $(line '[.tags, .categories, .options, .published, .listed] | tojson') == \
		"[[\"new\",\"linen\"],[[\"Home, $n\",\"Linen $n\"],[\"Home, $n\"]],[{\"name\":\"Size\",\"values\":[\"S\",\"M\"]}],false,true]" ]]
	[[ $(line '.attributes, .metadata | tojson') == $'{"a":null,"z":1}\n{"supplier":"K"}' ]]
	[[ $(line '.variants | map([.sku, .options.Size, .price] | join(" ")) | join(", ")') == "$n-S S 45.00, $n-M M 40.00" ]]
	[[ $(line '.variants[1] | [.sale_price, .sale_from, .barcode, .inventory_count, .images[0].url, .images[0].alt_text] | join(" ")') == \
		"30.00 2026-01-01T00:00:00.000000Z 4006381333931 7 https://img.example/$n.png front" ]]
	export_of csv
	python3 - "$BATS_TEST_TMPDIR/body" "$n" >"$BATS_TEST_TMPDIR/cells" <<-'END'
		import csv, sys
		for row in csv.DictReader(open(sys.argv[1], encoding="utf-8", newline="")):
		    if row["handle"] == "shirt-" + sys.argv[2]:
		        print("|".join(row[k] for k in ("sku", "name", "categories", "option1_name", "option1_value", "price",
		            "sale_price", "inventory_count", "published", "barcode", "tags", "images")))
	END
	diff "$BATS_TEST_TMPDIR/cells" - <<-END
		$n|'=Shirt $n|Home\\, $n > Linen $n, Home\\, $n|Size||50.00||0|false||new, linen|
		$n-S|Shirt $n S||Size|S|45.00||0|true|||
		$n-M|Shirt $n M||Size|M|40.00|30.00|7|true|4006381333931||https://img.example/$n.png
	END
}

@test "product export: pages have whole products, each once" {
	local store n=0 url
	as admin
	store=$(staffed_store)
	as staff
	$PSQL -X -q -v ON_ERROR_STOP=1 -v store="$store" >/dev/null <<-'END'
		insert into products (store, sku, name, slug, price)
		select :'store', 'p' || n, 'Page ' || n, 'page-' || n, 1 from generate_series(1, 450) n;
		insert into products (store, parent, sku, name, slug, price)
		select :'store', p.id, p.sku || '-v', p.name, p.slug || '-v', 1 from products p
		where p.store = :'store' and right(p.sku, 1) = '7';
	END
	for format in csv ndjson; do
		url=/products/export?format=$format\&store=$store n=0
		: >"$BATS_TEST_TMPDIR/all"
		while [[ $url ]]; do
			api GET "$url"
			expect 200
			if [[ $format == csv ]]; then sed -n 's/^\(page-[0-9]*\),\(p[^,]*\).*/\2/p' "$BATS_TEST_TMPDIR/body"
			else jq -r '.sku, (.variants // [] | .[].sku)' "$BATS_TEST_TMPDIR/body"; fi >>"$BATS_TEST_TMPDIR/all"
			n=$((n + 1))
			url=$(header Link | sed -n 's/.*<\([^>]*\)>; rel="next".*/\1/p')
		done
		[[ $n == 3 ]]
		[[ $(sort -u "$BATS_TEST_TMPDIR/all" | wc -l) == 495 && $(wc -l <"$BATS_TEST_TMPDIR/all") == 495 ]]
	done
}

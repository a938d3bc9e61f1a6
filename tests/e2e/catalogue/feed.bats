# The feed and the sitemap of a store: what other sites read of its products.
# shellcheck disable=SC2016,SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store description='Tea & <more>')
	export STORE
}

setup() {
	as staff
	n=$(unique)
}

# items PATHS : of the answer, an item a line, what is at each path joined by |; also refuses what is not well formed
items() {
	python3 - "$BATS_TEST_TMPDIR/body" "$@" <<-'END'
		import sys, xml.etree.ElementTree as tree
		g = "{http://base.google.com/ns/1.0}"
		for item in tree.parse(sys.argv[1]).getroot().iter("item"):
		    print("|".join(",".join(e.text or "" for e in item.findall(g + name)) for name in sys.argv[2:]))
	END
}
# urls TAG : of the answer, a sitemap
urls() {
	python3 - "$BATS_TEST_TMPDIR/body" "$1" <<-'END'
		import sys, xml.etree.ElementTree as tree
		s = "{http://www.sitemaps.org/schemas/sitemap/0.9}"
		print("\n".join(e.text for e in tree.parse(sys.argv[1]).getroot().iter(s + sys.argv[2])))
	END
}
feed() { token='' api GET "/products/feed.xml?store=${1:-$STORE}${2:+&$2}"; }
sitemap() { token='' api GET "/products/sitemap.xml?store=${1:-$STORE}${2:+&$2}"; }

@test "feed: what is for sale, as the public sees it" {
	local top parent plain
	top=$(make /categories store="$STORE" name="Home $n")
	below=$(make /categories store="$STORE" parent="$top" name="Linen > $n")
	plain=$(make /products store="$STORE" sku="$n-1" name="Tea & <Biscuits> \"$n\"" slug="tea-$n" price=12.5 sale_price=10 \
		sale_from=2026-01-01T00:00:00Z sale_to=2036-01-01T00:00:00Z inventory_count:=3 brand=Leaf barcode=4006381333931 \
		weight=0.25 categories:="[\"$below\"]")
	api POST /product-images --json "{\"product\":\"$plain\",\"url\":\"https://img.example/$n.png\"}"
	parent=$(make /products store="$STORE" sku="$n-2" name="Shirt $n" slug="shirt-$n" description=soft brand=Loom \
		options:='[{"name":"Colour","values":["Blue"]},{"name":"Size","values":["S","M"]}]')
	make /products store="$STORE" parent="$parent" sku="$n-2S" name=S price=40 options:='{"Colour":"Blue","Size":"S"}' >/dev/null
	make /products store="$STORE" parent="$parent" sku="$n-2M" name=M price=41 options:='{"Colour":"Blue","Size":"M"}' \
		inventory_count:=5 condition=used >/dev/null || true
	make /products store="$STORE" sku="$n-3" name="Draft $n" price=1 published:=false >/dev/null
	make /products store="$STORE" sku="$n-4" name="Hidden $n" price=1 listed:=false >/dev/null
	make /products store="$STORE" sku="$n-5" name="On request $n" price:=null >/dev/null
	feed
	expect 200
	[[ $(header Content-Type) == 'application/xml; charset=utf-8' && $(header Cache-Control) == 'public, no-cache' ]]
	items id title link price sale_price sale_price_effective_date availability brand gtin product_type image_link \
		shipping_weight item_group_id color size identifier_exists description | grep "$n" |
		sed 's;|https*://[^|]*/products/;|SHOP/products/;' >"$BATS_TEST_TMPDIR/items"
	diff "$BATS_TEST_TMPDIR/items" - <<-END
		$n-1|Tea & <Biscuits> "$n"|SHOP/products/tea-$n|12.50 EUR|10.00 EUR|2026-01-01T00:00:00Z/2036-01-01T00:00:00Z|in_stock|Leaf|4006381333931|Home $n > Linen > $n|https://img.example/$n.png|0.25 kg|||||Tea & <Biscuits> "$n"
		$n-2S|Shirt $n – Blue / S|SHOP/products/shirt-$n|40.00 EUR|||out_of_stock|Loom|||||$n-2|Blue|S|no|soft
		$n-2M|Shirt $n – Blue / M|SHOP/products/shirt-$n|41.00 EUR|||in_stock|Loom|||||$n-2|Blue|M|no|soft
	END
	api PATCH "/categories/$top" --json '{"is_suspended":true}'
	feed
	[[ -z $(items id | grep "$n-1") ]]
}

@test "feed: a product with options and no variants; a sale that is not on" {
	make /products store="$STORE" sku="$n-1" name="Later $n" price=9 sale_price=5 sale_from=2099-01-01T00:00:00Z \
		options:='[{"name":"Size","values":["S"]}]' >/dev/null
	make /products store="$STORE" sku="$n-2" name="Over $n" price=9 sale_price=5 sale_to=2020-01-01T00:00:00Z >/dev/null
	make /products store="$STORE" sku="$n-3" name="On $n" price=9 sale_price=5 >/dev/null
	feed
	expect 200
	[[ $(items id price sale_price size | grep "$n" | xargs) == "$n-1|9.00 EUR|| $n-2|9.00 EUR|| $n-3|9.00 EUR|5.00 EUR|" ]]
}

@test "feed: a picture that variant and product share stands once" {
	local parent variant
	parent=$(make /products store="$STORE" sku="$n" name="Shirt $n" options:='[{"name":"Size","values":["S"]}]')
	variant=$(make /products store="$STORE" parent="$parent" sku="$n-S" price=40 options:='{"Size":"S"}')
	for picture in "$parent a" "$parent b" "$parent c" "$variant b"; do
		api POST /product-images --json "{\"product\":\"${picture% *}\",\"url\":\"https://img.example/$n-${picture#* }.png\"}"
		expect 201
	done
	feed
	[[ $(items id image_link additional_image_link | grep "$n") == \
		"$n-S|https://img.example/$n-b.png|https://img.example/$n-a.png,https://img.example/$n-c.png" ]]
}

@test "feed: hostile texts stay XML" {
	make /products store="$STORE" sku="$n]]>" name="]]><![CDATA[ $n &#0; 🪵" price=1 description='<p>&lt;script&gt;&amp;amp;</p>]]><b>&lt;/script&gt;</b><script>x</script>' >/dev/null
	feed
	[[ $(items id title description | grep "$n") == "$n]]>|]]><![CDATA[ $n &#0; 🪵|<script>&amp; ]]></script>" ]]
}

@test "feed: an answer that a reader has is not sent again" {
	feed
	expect 200
	etag=$(header ETag)
	token='' api GET "/products/feed.xml?store=$STORE" -H "If-None-Match: $etag"
	expect 304
	make /products store="$STORE" sku="$n" name="$n" price=1 >/dev/null
	token='' api GET "/products/feed.xml?store=$STORE" -H "If-None-Match: $etag"
	expect 200
}

@test "feed, sitemap: wrong parameters, and stores that are not public" {
	for path in feed sitemap; do
		token='' api GET "/products/$path.xml"
		expect 400 invalid-query 'store required'
		"$path" nonsense
		expect 400 invalid-query 'store invalid'
		"$path" "$STORE" page=0
		expect 400 invalid-query 'page min_value'
		"$path" "$STORE" page=999999999999999999999
		expect 400
		"$path" 01900000-0000-7000-8000-000000000000
		expect 404 not-found
		"$path" "$STORE" page=1000
		expect 200
	done
	as admin
	store=$(staffed_store)
	api PATCH "/stores/$store" --json '{"is_suspended":true}'
	feed "$store"
	expect 404 not-found
	sitemap "$store"
	expect 404 not-found
}

@test "sitemap: the pages of products, an index of it when there are many" {
	local store
	as admin
	store=$(staffed_store)
	$PSQL -X -q -v ON_ERROR_STOP=1 -v store="$store" >/dev/null <<-'END'
		insert into products (store, sku, name, slug, price)
		select :'store', 'p' || n, 'Page ' || n, 'page-' || n, 1 from generate_series(1, 2100) n;
	END
	sitemap "$store"
	expect 200
	[[ $(urls loc | sort -u | wc -l) == 2100 && $(urls loc | grep -c '^http.*/products/page-[0-9]*$') == 2100 ]]
	[[ $(urls lastmod | head -1) == 20*Z ]]
	feed "$store"
	[[ $(items id | wc -l) == 1000 && $(header Link) == *'page=2>; rel="next"' ]]
	feed "$store" page=3
	[[ $(items id | wc -l) == 100 && -z $(header Link) ]]
	$PSQL -X -q -v ON_ERROR_STOP=1 -v store="$store" >/dev/null <<-'END'
		insert into products (store, sku, name, slug, price)
		select :'store', 'p' || n, 'Page ' || n, 'page-' || n, 1 from generate_series(2101, 10001) n;
	END
	sitemap "$store"
	[[ $(urls loc | sed 's/.*[?&]page=\([0-9]*\).*/\1/' | xargs) == "1 2" ]]
	: >"$BATS_TEST_TMPDIR/all"
	for page in 1 2; do
		sitemap "$store" page=$page
		urls loc >>"$BATS_TEST_TMPDIR/all"
	done
	[[ $(sort -u "$BATS_TEST_TMPDIR/all" | wc -l) == 10001 ]]
}

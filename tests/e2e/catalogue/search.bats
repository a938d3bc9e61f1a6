# Finding products: what is found by what, and in which order. The rules themselves: tests/sql/test_search.sql.
# shellcheck disable=SC2016,SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	export STORE
}

setup() { as staff; }

# found SEARCH [PARAMETER=VALUE]... : the names of what the public finds in the store, in order.
found() {
	local words=$1 url="/products?store=$STORE" word
	for word in "search=$words" "${@:2}"; do
		url+="&${word%%=*}=$(jq -rn --arg x "${word#*=}" '$x | @uri')"
	done
	token='' api GET "$url"
	expect 200
	field '[.results[].name] | join(", ")'
}

# add NAME [MEMBER=VALUE]...
add() { make /products store="$STORE" name="$1" sku="$(unique S-)" price=10 inventory_count:=5 "${@:2}"; }

@test "search: a product by what it has and what its variants have" {
	local kitchen pans shirt
	kitchen=$(make /categories store="$STORE" name="Quuxkitchen")
	pans=$(make /categories store="$STORE" parent="$kitchen" name="Saucepans")
	add "Café press" sku=PKA.KDS/4040 barcode=4006381333931 mpn=ZX-9 brand=Brewmaker tags:='["gift idea"]' \
		attributes:='{"colour": "anthrazit"}' description="For slow mornings" categories:="[\"$pans\"]" >/dev/null
	shirt=$(add "Linen shirt" sku=LINEN options:='[{"name": "Colour", "values": ["Turquoise"]}]')
	make /products parent="$shirt" sku=LINEN-BLU-M price=12 options:='{"Colour": "Turquoise"}' >/dev/null
	for words in cafe CAFE 'ｃａｆé' 'press cafe' kds-4040 KDS4040 4040 pka.kds/4040 4006381333931 zx9 brewmaker 'gift' anthrazit \
		mornings saucepan quuxkitchen 'quuxkitchen press' '"cafe press"' 'press -linen' 'press & | ! ('; do
		[[ $(found "$words") == 'Café press' ]] || { echo "$words: $body"; return 1; }
	done
	for words in LINEN-BLU-M 'blu' turquoise 'linen shirts'; do
		[[ $(found "$words") == 'Linen shirt' ]] || { echo "$words: $body"; return 1; }
	done
	for words in '"press cafe"' 'press -cafe' '-press' '%%%' '"' "it's" '\' "$(printf '%%%.0s' {1..200})"; do
		[[ $(found "$words" count=exact) == '' && $(jq .count "$BATS_TEST_TMPDIR/body") == 0 ]] || { echo "$words: $body"; return 1; }
	done
	send PATCH "/categories/$pans" name="Frying pans"
	expect 200
	[[ $(found saucepans) == '' && $(found frying) == 'Café press' ]]
}

@test "search: codes and names come first, then what is in stock; the order can be another, and is that of cursors" {
	local n pages url
	add "Zorblat holder" description=first inventory_count:=0 >/dev/null
	add "Other thing" sku=ZORBLAT description=second price=30 >/dev/null
	add "Gift box" description="with a zorblat inside" price=5 >/dev/null
	add "Zorblat" inventory_count:=0 price=20 >/dev/null
	add "Blue zorblat" price=40 >/dev/null
	add "Thing" tags:='["zorblat"]' price=50 >/dev/null
	n='Other thing, Zorblat, Blue zorblat, Zorblat holder, Thing, Gift box'
	[[ $(found zorblat) == "$n" && $(found zorblat ordering=relevance) == "$n" ]]
	[[ $(found zorblat ordering=-price) == 'Thing, Blue zorblat, Other thing, Zorblat, Zorblat holder, Gift box' ]]
	[[ $(found zorblat in_stock=true) == 'Other thing, Blue zorblat, Thing, Gift box' ]]
	[[ $(found zorblat page=2 page_size=4) == 'Thing, Gift box' ]]
	url="/products?store=$STORE&search=zorblat&page_size=2&count=exact" pages=''
	while [[ $url != null ]]; do
		token='' api GET "$url"
		expect 200
		[[ $(field .count) == 6 ]]
		pages+=$(field '.results[].name')$'\n'
		back=$(field .previous)
		url=$(field .next | sed 's|.*/products|/products|')
	done
	[[ $pages == "${n//, /$'\n'}"$'\n' ]]
	token='' api GET "${back/*\/products//products}"
	[[ $(field '[.results[].name] | join(", ")') == 'Blue zorblat, Zorblat holder' ]]
	for words in "ordering=-relevance" "ordering=price,relevance"; do
		token='' api GET "/products?search=zorblat&$words"
		expect 400 invalid-query "ordering invalid"
	done
	token='' api GET "/products?ordering=relevance"
	expect 400 invalid-query "ordering invalid"
	token='' api GET "/stores?search=x&ordering=relevance"
	expect 400 invalid-query "ordering invalid"
}

# What is in so many products that only pages of them are looked at.
@test "search: of a frequent word the names come first too, page by page, forwards and back" {
	local names back url
	$PSQL >/dev/null <<-END
		insert into products (sku, name, slug, store, price, currency, description, created_at)
		select 'FRQ-' || i, case when i % 100 = 0 then 'Named plumbus ' || i else 'Whatsit ' || i end, 'frq-' || i, s.id, 10,
			s.currency, 'has a plumbus, and a frobnitz', now() - interval '1 day' + i * interval '1 second'
		from generate_series(1, 1100) i, stores s where s.id = '$STORE';
		insert into stock_movements (product, delta, reason)
		select p.id, 3, 'test' from products p where p.store = '$STORE' and p.sku like 'FRQ-%' and p.sku not like '%7';
		select search_count();
	END
	add "Plumbus" >/dev/null
	found plumbus page_size=15 >"$BATS_TEST_TMPDIR/found"
	cat "$BATS_TEST_TMPDIR/found"
	grep -q '^Plumbus, Named plumbus 1100, Named plumbus 1000, .*, Named plumbus 100, Whatsit 1099, Whatsit 1098, Whatsit 1096' \
		"$BATS_TEST_TMPDIR/found"
	[[ $(found 'plumbus frobnitz' page_size=2) == 'Named plumbus 1100, Whatsit 1099' ]]
	[[ $(found 'plumbus frobnitz -whatsit' page_size=2 page=3) == 'Named plumbus 700, Named plumbus 600' ]]
	token='' api GET "/products?store=$STORE&search=plumbus&page_size=100&page=12"
	expect 400 invalid-query "page invalid"
	url="/products?store=$STORE&search=plumbus&page_size=100" names=''
	while [[ $url != null ]]; do
		token='' api GET "$url"
		expect 200
		names+=$(field '.results[].id')$'\n'
		back=$(field .previous)
		url=$(field .next | sed 's|.*/products|/products|')
	done
	[[ $(wc -l <<<"${names%$'\n'}") == 1101 && $(sort -u <<<"${names%$'\n'}" | wc -l) == 1101 ]]
	sed -n 1001,1100p <<<"$names" >"$BATS_TEST_TMPDIR/wanted"
	token='' api GET "${back/*\/products//products}"
	field '.results[].id' | diff - "$BATS_TEST_TMPDIR/wanted"
	# Forwards again: names that are in many products, then the rest.
	[[ $(found whatsit page_size=3) == 'Whatsit 1099, Whatsit 1098, Whatsit 1096' ]]
	$PSQL -c "update products set is_deleted = true where store = '$STORE' and sku like 'FRQ-%'" >/dev/null
}

@test "search: what has part of the words, if nothing has all; most of them first" {
	add "Vexil glim sporran" >/dev/null
	add "Vexil lantern" description="without a glim" >/dev/null
	add "Glim" >/dev/null
	[[ $(found 'glim vexil') == 'Vexil glim sporran, Vexil lantern' ]]
	[[ $(found 'vexil glim quombat') == 'Vexil glim sporran, Vexil lantern, Glim' ]]
	[[ $(found 'quombat sporran') == 'Vexil glim sporran' ]]
	[[ $(found 'lantern "glim sporran"') == '' && $(found 'quombat sporran -glim') == '' ]]
}

# suggested Q [PARAMETERS] : the names of what is suggested, in order.
suggested() {
	token=${asker-} api GET "/products/suggest?q=$(jq -rn --arg x "$1" '$x | @uri')${2-&store=$STORE}"
	expect 200
	[[ $(field 'keys | join(" ")') == results ]]
	field '[.results[].name] | join(", ")'
}

@test "suggest: while one types, the public's products alone, with price and picture" {
	local id variants
	id=$(add "Mizzle kettle" price=12.5)
	variants=$(add "Mizzle shirt" options:='[{"name": "Size", "values": ["M"]}]' price:=null)
	make /products parent="$variants" price=9 options:='{"Size": "M"}' >/dev/null
	add "Mizzle draft" published:=false >/dev/null
	add "Mizzle kept aside" listed:=false >/dev/null
	make /product-images product="$id" url=https://img.example/kettle.jpg alt_text=Kettle >/dev/null
	local slip=mizle
	if [[ $($PSQL -c 'select search_has_trigrams()') == f ]]; then slip=mizzle; fi # a web host without pg_trgm
	for words in mi miz mizzl 'mizzle ' 'mizzle k' "$slip"; do
		[[ $(suggested "$words") == 'Mizzle kettle, Mizzle shirt' ]] || { echo "$words: $body"; return 1; }
	done
	[[ $(suggested 'mizzle ke') == 'Mizzle kettle' ]]
	jq -e --arg id "$id" --arg store "$STORE" '.results == [{id: $id, name: "Mizzle kettle", slug: "mizzle-kettle", store: $store,
		current_price: "12.50", currency: .results[0].currency,
		image: {url: "https://img.example/kettle.jpg", width: null, alt_text: "Kettle"}}]' "$BATS_TEST_TMPDIR/body"
	[[ $(suggested mizzle '') == *'Mizzle kettle'* && $(suggested mizzle "&store=$id") == '' ]]
	jq -e '.results == []' "$BATS_TEST_TMPDIR/body"
	# Staff who see drafts in lists are suggested what shoppers are.
	api GET "/products?search=mizzle&store=$STORE"
	[[ $(field '.results | length') == 4 ]]
	[[ $(asker=$token suggested mizzle) == 'Mizzle kettle, Mizzle shirt' ]]
	for words in '' m ' ' '%%%' '"' '-mizzle'; do
		[[ $(suggested "$words") == '' ]] || { echo "$words: $body"; return 1; }
	done
	for _ in {1..12}; do add "Drizzle $(unique D)" >/dev/null; done
	suggested drizzle >/dev/null
	[[ $(field '.results | length') == 10 ]]
	token='' api GET /products/suggest?q=mizzle\&page=2
	expect 400 invalid-query "page invalid"
	token='' api GET "/products/suggest?q=$(printf 'x%.0s' {1..201})"
	expect 400 invalid-query
}

@test "search: what is not for the public is not found by it" {
	local id
	id=$(add "Secretwidget" published:=false)
	[[ $(found secretwidget) == '' && $(found secretwidge) == '' ]]
	api GET "/products?search=secretwidget&store=$STORE"
	[[ $(field '.results[].id') == "$id" ]]
}

# hostile STATUS WORDS... : each text is answered with the status by the list and for the search box.
hostile() {
	local wanted=$1 words url
	for words in "${@:2}"; do
		for url in "/products?search=$words" "/products/suggest?q=$words"; do
			token='' api GET "$url"
			expect "$wanted" || { echo "$url"; return 1; }
		done
	done
}

@test "search: whatever is typed, it is no fault of the shop's" {
	local encoded=() text
	times() { local i; for (( i = 0; i < $1; i++ )); do printf '%s' "$2"; done; }
	for text in '%%%' 'a*b*c' '"kettle' "$(times 200 '"')" 'the and of to is' '-the -kettle' 'a b c d e f g h i j' \
		'1 2 3 4 5 6 7 8 9 0' '"a "b" c" "" " "' "$(times 200 x)" "$(times 200 緑)" "$(times 200 ก)" "a$(times 199 $'\u0301')" \
		"$(times 200 $'\u0301')" "$(times 50 😀)" $'kettle \u200fשלום' '(a+)+$ [[:alpha:]]* ^.*' \
		"'a':* & !('b' | 'c') <-> 'd'" 'a:* & b:*C | !c' "$(times 200 '\')" "$(times 200 "'")" '0-0' '@ # = == =a ==a #a @a'; do
		encoded+=("$(jq -rn --arg x "$text" '$x | @uri')")
	done
	hostile 200 "${encoded[@]}"
	hostile 400 "$(times 201 x)" "$(times 2000 %25)" "$(times 100 a%20)b" a%00b %ff%fe%c3%28 %ed%a0%80kettle
}

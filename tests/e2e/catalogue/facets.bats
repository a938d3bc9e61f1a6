# Filters by what products have, and how many have each. The rules themselves: tests/sql/test_facet.sql.
# shellcheck disable=SC2016,SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(staffed_store)
	export STORE OTHER
}

setup() { as staff; }

# query PARAMETER=VALUE... : as a part of a URL.
query() {
	local word
	for word; do
		printf '&%s=%s' "$(jq -rn --arg x "${word%%=*}" '$x | @uri')" "$(jq -rn --arg x "${word#*=}" '$x | @uri')"
	done
}

# found PARAMETER=VALUE... : the names of what the public finds in the store, in order of the names.
found() {
	token='' api GET "/products?store=$STORE&ordering=name$(query "$@")"
	expect 200
	field '[.results[].name] | join(" ")'
}

# facets PARAMETER=VALUE... : of what the public finds in the store.
facets() {
	token='' api GET "/products/facets?store=$STORE$(query "$@")"
	expect 200
}

# add NAME [MEMBER=VALUE]...
add() { make /products store="$STORE" name="$1" sku="$(unique S-)" price=10 inventory_count:=5 "${@:2}"; }

# A shop of eight, once for the file.
fill() {
	local id
	[[ ! -e $BATS_FILE_TMPDIR/filled ]] || return 0
	HOME_CATEGORY=$(make /categories store="$STORE" name="Home")
	RUGS=$(make /categories store="$STORE" parent="$HOME_CATEGORY" name="Rugs")
	add A brand=Aldholm tags:='["New in", "wool, pure"]' attributes:='{"colour": "Red", "size": 3, "vegan": true}' \
		categories:="[\"$RUGS\"]" price=4 >/dev/null
	add B brand=ALDHOLM tags:='["new in"]' attributes:='{"Colour": ["red", "Blue"], "size": 3.50}' \
		categories:="[\"$HOME_CATEGORY\"]" price=12 >/dev/null
	add C brand="Brook, Sons" attributes:='{"colour": "blue", "note": {"colour": "red"}, "a.b": "x", "it'\''s \"100%\"": "50%"}' \
		price=55 inventory_count:=0 >/dev/null
	add D brand=Corswick tags:='["sale"]' attributes:='{"colour": "GRÜN"}' price=90 inventory_count:=2 \
		low_stock_threshold:=3 >/dev/null
	id=$(add E options:='[{"name": "Size", "values": ["S", "M", "XXL"]}]')
	make /products parent="$id" sku="$(unique V-)" price=20 inventory_count:=5 options:='{"Size": "S"}' \
		attributes:='{"colour": "Teal"}' >/dev/null
	make /products parent="$id" sku="$(unique V-)" price=21 inventory_count:=5 options:='{"Size": "M"}' >/dev/null
	id=$(add F options:='[{"name": "size", "values": ["m"]}]')
	make /products parent="$id" sku="$(unique V-)" price=30 inventory_count:=5 options:='{"size": "m"}' >/dev/null
	add DRAFT brand=Secretmaker published:=false attributes:='{"colour": "hidden"}' tags:='["hidden"]' >/dev/null
	echo "$HOME_CATEGORY $RUGS" >"$BATS_FILE_TMPDIR/filled"
}

@test "facets: filters by brand, tag, attribute and option, in any case, either of some values, all of several filters" {
	fill
	read -r home rugs <"$BATS_FILE_TMPDIR/filled"
	[[ $(found brand=aldholm) == 'A B' && $(found brand=aldholm,CORSWICK) == 'A B D' ]]
	[[ $(found brand='Brook, Sons') == C && $(found brand=Brook) == '' ]]
	[[ $(found tag='NEW IN') == 'A B' && $(found tag='new in, Sale') == 'A B D' && $(found tag='wool, pure') == A ]]
	[[ $(found attributes.colour=RED) == 'A B' && $(found attributes.COLOUR=red,blue) == 'A B C' ]]
	[[ $(found attributes.colour=grün) == D && $(found attributes.colour=teal) == E ]]
	[[ $(found attributes.size=3) == A && $(found attributes.size=3.5) == B && $(found attributes.vegan=true) == A ]]
	[[ $(found options.size=M,L) == 'E F' && $(found options.Size=s) == E && $(found options.Size=xxl) == '' ]]
	[[ $(found attributes.a.b=x) == C && $(found "attributes.it's \"100%\"=50%") == C && $(found attributes.colour=%) == '' ]]
	[[ $(found attributes.colour=red brand=aldholm tag=sale,wool,'new in' price__lte=5) == A ]]
	[[ $(found attributes.colour=red attributes.size=3.5) == B && $(found attributes.colour=red options.size=m) == '' ]]
	[[ $(found attributes.none=x) == '' && $(found attributes.note=red) == '' && $(found options.colour=teal) == '' ]]
	[[ $(found search=aldholm attributes.colour=blue) == B && $(found brand=corswick category="$rugs") == '' ]]
	[[ $(found tag='new in' category="$home") == 'A B' && $(found tag='new in' category="$rugs") == A ]]
	[[ $(found attributes.colour= options.a.b= brand= tag=) == 'A B C D E F' ]]
	token='' api GET "/products?store=$STORE&attributes.colour=red&page_size=1&count=exact"
	expect 200
	[[ $(field '.count, .results[].name' | tr '\n' ' ') == '2 B ' ]]
	token='' api GET "$(field .next | sed 's|.*/products|/products|')"
	[[ $(field '.results[].name') == A ]]
}

@test "facets: a filter follows the product and its variants" {
	local id variant
	id=$(add FOLLOWS brand=Movingbrand attributes:='{"finish": "matte"}' options:='[{"name": "Length", "values": ["long", "short"]}]')
	variant=$(make /products parent="$id" sku="$(unique V-)" price=20 options:='{"Length": "long"}')
	[[ $(found attributes.finish=matte options.length=long brand=movingbrand) == FOLLOWS ]]
	send PATCH "/products/$id" attributes:='{"finish": "shiny"}' brand=Stayedbrand
	expect 200
	[[ $(found attributes.finish=matte) == '' && $(found attributes.finish=SHINY brand=stayedbrand) == FOLLOWS ]]
	send PATCH "/products/$variant" published:=false
	expect 200
	[[ $(found options.length=long) == '' ]]
	send DELETE "/products/$id"
	expect 204
	facets
	[[ $(found attributes.finish=shiny) == '' && $(field '[.brand[].value] | index("Stayedbrand")') == null ]]
}

@test "facets: what cannot be a filter is refused" {
	local url long
	long=$(printf 'x%.0s' {1..4000})
	for url in attributes.=x options.=x 'options. =x' attributes=x options=x attribute.colour=x brand.x=x attributes.size__gte=3 \
		tag__lt=a; do
		token='' api GET "/products?${url// /%20}"
		expect 400 invalid-query
		token='' api GET "/products/facets?${url// /%20}"
		expect 400 invalid-query
	done
	token='' api GET "/products?$(query attributes.colour="$(seq -s, 51)" | cut -c2-)"
	expect 400 invalid-query "attributes.colour max_items"
	token='' api GET "/products?$(for i in {1..21}; do printf 'attributes.x%s=1&' "$i"; done)page_size=1"
	expect 400 invalid-query "attributes.x21 max_items"
	token='' api GET "/products?$(for i in {1..100}; do printf 'attributes.x%s=1&' "$i"; done)page_size=1"
	expect 400
	for url in "attributes.$long=x" "attributes.colour=$long" "$(for i in {1..20}; do printf 'options.x%s=1,2&' "$i"; done)"; do
		token='' api GET "/products?$url"
		expect 200
		[[ $(field '.results | length') == 0 ]]
		token='' api GET "/products/facets?$url"
		expect 200
		[[ $(field .count) == 0 ]]
	done
	for url in page=2 page_size=5 cursor=x ordering=price count=exact nothing=1; do
		token='' api GET "/products/facets?$url"
		expect 400 invalid-query "${url%%=*} invalid"
	done
	token='' api GET '/products/facets?include=deleted'
	expect 400 invalid-query "include invalid"
}

@test "facets: how many products have each" {
	fill
	read -r home rugs <"$BATS_FILE_TMPDIR/filled"
	facets
	[[ $(field .count) == 6 && $(header Cache-Control) == 'public, no-cache' ]]
	jq -e --arg home "$home" --arg rugs "$rugs" '
		.brand == [{value: "Aldholm", count: 2}, {value: "Brook, Sons", count: 1}, {value: "Corswick", count: 1}]
		and .category == [{id: $home, name: "Home", slug: .category[0].slug, parent: null, count: 2},
			{id: $rugs, name: "Rugs", slug: .category[1].slug, parent: $home, count: 1}]
		and .options == [{name: "Size", values: [{value: "M", count: 2}, {value: "S", count: 1}]}]
		and .attributes[0] == {name: "Colour", values: [{value: "Blue", count: 2}, {value: "Red", count: 2},
			{value: "GRÜN", count: 1}, {value: "Teal", count: 1}]}
		and ([.attributes[] | select(.name == "size") | .values[].value] | sort) == ["3", "3.5"]
		and ([.attributes[].name] | index("note")) == null
		and .tag == [{value: "New in", count: 2}, {value: "sale", count: 1}, {value: "wool, pure", count: 1}]
		and ([.price[].count] | add) == 6 and .price[0].from == "0.00" and ([.price[].currency] | unique | length) == 1
		and (.available | map({(.value): .count}) | add) == {in_stock: 4, low: 1, out: 1}
		and has("count_is_minimum") == false' "$BATS_TEST_TMPDIR/body" || { echo "$body"; return 1; }
	facets category="$rugs"
	[[ $(field '.count, .brand[].value' | tr '\n' ' ') == '1 Aldholm ' ]]
	facets search=aldholm
	[[ $(field .count) == 2 ]]
	for words in nothinglikeit % '-aldholm'; do
		facets search="$words"
		[[ $(field '[.[] | arrays | length] | add') == 0 && $(field .count) == 0 ]]
	done
}

@test "facets: each is counted without its own filter, so that another value can be chosen" {
	fill
	facets brand=corswick
	[[ $(field .count) == 1 && $(field '[.brand[].value] | join("|")') == 'Aldholm|Brook, Sons|Corswick' ]]
	[[ $(field '.attributes[] | select(.name == "colour" or .name == "Colour") | .values[].value') == 'GRÜN' ]]
	facets attributes.COLOUR=red attributes.size=3
	jq -e '.count == 1 and ([.attributes[] | select(.name | ascii_downcase == "colour") | .values[] | "\(.value) \(.count)"] == ["Red 1"])
		and ([.attributes[] | select(.name == "size") | .values[] | "\(.value) \(.count)"] == ["3 1", "3.5 1"])
		and ([.attributes[].name | ascii_downcase] | sort) == ["colour", "size", "vegan"]' "$BATS_TEST_TMPDIR/body" ||
		{ echo "$body"; return 1; }
	facets price__gte=50 price__lt=60
	[[ $(field .count) == 1 && $(field '[.price[].count] | add') == 6 ]]
	facets in_stock=false
	[[ $(field .count) == 1 && $(field '[.available[].count] | add') == 6 ]]
	facets options.size=nosuch
	[[ $(field .count) == 0 && $(field '.options[0].values | length') == 2 ]]
}

@test "facets: nothing of what is not for the public is counted" {
	local hidden
	fill
	hidden=$(make /categories store="$STORE" name="Suspendedcategory" is_suspended:=true)
	add G categories:="[\"$(sed 's/ .*//' "$BATS_FILE_TMPDIR/filled")\", \"$hidden\"]" >/dev/null
	facets
	[[ ! ${body,,} =~ secretmaker|hidden|suspendedcategory ]] || { echo "$body"; return 1; }
	api GET "/products/facets?store=$STORE&published=false"
	expect 200
	[[ $(field '.count, .brand[].value' | tr '\n' ' ') == '1 Secretmaker ' ]]
	as other_staff
	api GET "/products/facets?store=$STORE"
	expect 200
	[[ ! ${body,,} =~ secretmaker|hidden ]]
	token='' api GET "/products/facets?store=$STORE&published=false"
	expect 400 invalid-query "published invalid"
}

@test "facets: an attribute with ten thousand values, long texts and lists are bounded" {
	$PSQL >/dev/null <<-END
		insert into products (sku, name, slug, store, price, currency, attributes)
		select 'MANY-' || i, 'Many ' || i, 'many-' || i, s.id, i, s.currency,
			json_build_object('serial', 'n' || i, 'batch', i % 60, 'story', repeat('long ', 30) || i % 3, 'one', 1)
		from generate_series(1, 10050) i, stores s where s.id = '$OTHER';
	END
	token='' api GET "/products/facets?store=$OTHER"
	expect 200
	jq -e '.count == 10000 and .count_is_minimum and ([.attributes[].name] | sort) == ["batch", "one"]
		and ([.attributes[] | select(.name == "batch") | .values | length]) == [50]
		and (.price | length) <= 8 and ([.price[].count] | add) == 10000' "$BATS_TEST_TMPDIR/body" || { echo "$body"; return 1; }
	token='' api GET "/products/facets?store=$OTHER&attributes.serial=N77"
	expect 200
	[[ $(field .count) == 1 ]]
	token='' api GET "/products?store=$OTHER&attributes.story=$(printf 'long+%.0s' {1..30})2&page_size=1&count=exact"
	expect 200
	[[ $(field .count) == 3350 ]] || { echo "$body" | cut -c 1-300; return 1; }
	$PSQL -c "update products set is_deleted = true where store = '$OTHER'" >/dev/null
}

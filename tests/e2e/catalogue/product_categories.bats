# The categories of products: several of them, the members category and subcategory, filters, variants.
# shellcheck disable=SC2154

load ../../support/orders

nowhere=01900000-0000-7000-8000-000000000000

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	THEIRS=$(make /categories name="$(unique Theirs-)" store="$OTHER")
	DRINKS=$(make /categories name="$(unique Drinks-)" store="$STORE")
	TEA=$(make /categories name="$(unique Tea-)" parent="$DRINKS")
	GREEN=$(make /categories name="$(unique Green-)" parent="$TEA")
	SALE=$(make /categories name="$(unique Sale-)" store="$STORE")
	GIFTS=$(make /categories name="$(unique Gifts-)")
	export STORE OTHER THEIRS DRINKS TEA GREEN SALE GIFTS
}

setup() { as staff; }

product() { make /products store="$STORE" sku="$(unique)" name="$(unique)" price=10 "$@"; }

# placed CATEGORY SUBCATEGORY CATEGORIES... : what the last answer says; - is null
placed() {
	[[ $(field '[.category // "-", .subcategory // "-"] + .categories | join(" ")') == "$*" ]] || { echo "$body"; return 1; }
}

@test "product categories: the first is the primary one, of which the nearest two levels are shown" {
	id=$(product categories:="[\"$GREEN\",\"$SALE\",\"$GIFTS\"]")
	api GET "/products/$id"
	placed "$TEA" "$GREEN" "$GREEN" "$SALE" "$GIFTS"
	send PATCH "/products/$id" categories:="[\"$SALE\",\"$GREEN\"]"
	placed "$SALE" - "$SALE" "$GREEN"
	# category and subcategory replace the primary one and keep the others.
	send PATCH "/products/$id" category="$TEA"
	placed "$DRINKS" "$TEA" "$TEA" "$GREEN"
	send PATCH "/products/$id" subcategory:=null
	placed "$DRINKS" - "$DRINKS" "$GREEN"
	send PATCH "/products/$id" subcategory="$TEA"
	placed "$DRINKS" "$TEA" "$TEA" "$GREEN"
	send PATCH "/products/$id" category="$TEA" subcategory="$GREEN"
	placed "$TEA" "$GREEN" "$GREEN"
	send PATCH "/products/$id" category="$TEA"
	placed "$TEA" "$GREEN" "$GREEN"
	send PATCH "/products/$id" categories:="[\"$GREEN\",\"$SALE\"]"
	send PATCH "/products/$id" categories:=null
	placed - -
	send PATCH "/products/$id" categories:="[\"$GREEN\",\"$SALE\"]"
	send PATCH "/products/$id" category:=null subcategory:=null
	placed - -
}

@test "product categories: an object that was read can be sent back with one of the members changed" {
	id=$(product categories:="[\"$GREEN\",\"$SALE\"]" )
	change() { # JQ : of what is read
		api GET "/products/$id"
		api PUT "/products/$id" --json "$(jq -c "$1" <<<"$body")"
		expect 200
	}
	change .
	placed "$TEA" "$GREEN" "$GREEN" "$SALE"
	change ".categories = [\"$SALE\",\"$GREEN\"]"
	placed "$SALE" - "$SALE" "$GREEN"
	change ".category = \"$GIFTS\""
	placed "$GIFTS" - "$GIFTS" "$GREEN"
}

@test "product categories: what is refused" {
	id=$(product category="$SALE")
	check() { # ERRORS NAME:=JSON... : of a change and of a new one
		send PATCH "/products/$id" "${@:2}"
		expect 422 validation "$1"
		send POST /products store="$STORE" sku="$(unique)" name=x price=1 "${@:2}"
		expect 422 validation "$1"
	}
	check "/categories/1 not_found" categories:="[\"$GREEN\",\"$nowhere\"]"
	check "/categories/0 wrong_store" categories:="[\"$THEIRS\"]"
	check "/categories wrong_type" categories="$GREEN"
	check "/category not_found, /subcategory not_found" category="$nowhere" subcategory="$nowhere"
	check "/category wrong_store" category="$THEIRS"
	check "/subcategory wrong_category" category="$SALE" subcategory="$TEA"
	check "/categories exclusive" category="$DRINKS" categories:="[\"$GREEN\"]"
	check "/categories exclusive" category="$DRINKS" subcategory="$TEA" categories:="[\"$DRINKS\",\"$TEA\"]"
	check "/categories max_items" categories:="$(jq -nc '[range(51) | "01900000-0000-7000-8000-0000000000\(. + 10)"]')"
	send PATCH "/products/$id" categories:="[\"$GREEN\",\"${GREEN^^}\"]"
	expect 422 validation
	send PATCH "/products/$id" categories:="[\"x\"]"
	expect 422 validation
	api GET "/products/$id"
	placed "$SALE" - "$SALE"
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 category="$DRINKS" subcategory="$TEA" \
		categories:="[\"$TEA\",\"$SALE\"]"
	expect 201
	placed "$DRINKS" "$TEA" "$TEA" "$SALE"
}

@test "product categories: a filter finds those of a category and of all below it" {
	a=$(product category="$DRINKS") b=$(product category="$TEA" subcategory="$GREEN") c=$(product categories:="[\"$SALE\",\"$TEA\"]")
	d=$(product category="$SALE") e=$(product)
	variant=$(product parent="$b")
	found() { # QUERY : which of them, in their order
		token='' api GET "/products?store=$STORE&page_size=100&ordering=created_at&$1"
		expect 200 >&2
		field "[.results[].id | select(inside(\"$a $b $c $d $e $variant\"))] | join(\" \")"
	}
	api GET "/categories/$TEA"
	slug=$(field .slug)
	[[ $(found "category=$DRINKS") == "$a $b $c" && $(found "category=$TEA") == "$b $c" && $(found "category=$GREEN") == "$b" ]]
	[[ $(found "category=$GREEN,$SALE") == "$b $c $d" && $(found "category=$slug") == "$b $c" && $(found "category=${GREEN^^}") == "$b" ]]
	[[ $(found "category=$slug,%20$SALE") == "$b $c $d" && $(found "subcategory=$TEA") == "$b $c" ]]
	[[ $(found "category=$DRINKS&subcategory=$GREEN") == "$b" ]]
	[[ $(found "category=null") == "$e" && $(found "subcategory=null") == "$a $c $d $e" ]]
	[[ -z $(found "category=$nowhere") && -z $(found "category=no-such-slug") ]]
	# Variants are found by their parent's.
	[[ $(found "category=$DRINKS&parent=$b") == "$variant" && -z $(found "category=$SALE&parent=$b") && -z $(found "category=null&parent=$b") ]]
	for query in 'category=A%20B' 'category=,' "category=$(printf 's%s,' {1..50})s" 'category__gte=x'; do
		api GET "/products?$query"
		expect 400 invalid-query
	done
	# One slug in two stores.
	as admin
	make /categories name="$(unique)" slug="$slug" store="$OTHER"
	[[ $(found "category=$slug") == "$b $c" ]]
	# A move takes them along.
	as staff
	send PATCH "/categories/$TEA" parent="$SALE"
	[[ $(found "category=$DRINKS") == "$a" && $(found "category=$SALE") == "$b $c $d" ]]
	send PATCH "/categories/$TEA" parent="$DRINKS"
}

@test "product categories: a filter finds many as it finds few" {
	[[ -n ${PSQL-} ]] || skip 'without PSQL nothing can be loaded at once'
	top=$(make /categories name="$(unique)" store="$STORE") child=$(make /categories name="$(unique)" parent="$top")
	$PSQL -c "insert into products (sku, name, slug, store, price, categories)
		select '$child' || n, 'Many ' || n, '$child-' || n, '$STORE', n, '[\"$child\", \"$SALE\"]' from generate_series(1, 1050) n" >/dev/null
	for query in "category=$top" "category=$child,$DRINKS&price__gte=1" "subcategory=$child&category=$SALE"; do
		token='' api GET "/products?store=$STORE&count=exact&ordering=-price&page_size=3&search=Many&$query"
		expect 200
		[[ $(field '[.count, (.results[].price)] | join(" ")') == "1050 1050.00 1049.00 1048.00" ]]
	done
	token='' api GET "/products?category=$top&sku=${child}7"
	[[ $(field '[.results[].price] | join(" ")') == 7.00 ]]
	$PSQL -c "update products set is_deleted = true where sku like '$child%'" >/dev/null
	api DELETE "/categories/$top?force=true"
	expect 204
}

@test "product categories: a variant has those of its parent" {
	parent=$(product categories:="[\"$GREEN\",\"$SALE\"]")
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 parent="$parent"
	expect 201
	id=$(field .id)
	placed "$TEA" "$GREEN" "$GREEN" "$SALE"
	send PATCH "/products/$parent" categories:="[\"$SALE\"]"
	api GET "/products/$id"
	placed "$SALE" - "$SALE"
	for same in categories:="[\"$SALE\"]" categories:='[]' category="$SALE" category:=null; do
		send PATCH "/products/$id" "$same"
		expect 200
		placed "$SALE" - "$SALE"
	done
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 parent="$parent" category="$SALE"
	expect 201
	send PATCH "/products/$id" categories:="[\"$GREEN\"]"
	expect 422 validation "/categories follows_parent"
	send PATCH "/products/$id" category="$TEA" subcategory="$GREEN"
	expect 422 validation "/category follows_parent, /subcategory follows_parent"
	send POST /products store="$STORE" sku="$(unique)" name=x price=1 parent="$parent" category="$TEA"
	expect 422 validation "/category follows_parent"
	# A product that becomes a variant leaves its own; one that is none any more keeps what it had.
	single=$(product category="$DRINKS")
	send PATCH "/products/$single" parent="$parent"
	expect 200
	placed "$SALE" - "$SALE"
	send PATCH "/products/$single" parent:=null
	expect 200
	placed "$SALE" - "$SALE"
	# Not by a category that is deleted: it follows.
	api DELETE "/categories/$(make /categories name="$(unique)" store="$STORE")"
	gone=$(make /categories name="$(unique)" store="$STORE")
	send PATCH "/products/$parent" category="$gone"
	api DELETE "/categories/$gone?force=true"
	expect 204
	token='' api GET "/products/$id"
	expect 200
	placed - -
}

@test "product categories: a restored product is in what is left of its categories" {
	gone=$(make /categories name="$(unique)" store="$STORE")
	id=$(product categories:="[\"$gone\",\"$SALE\"]")
	api DELETE "/products/$id"
	api DELETE "/categories/$gone"
	expect 204
	api POST "/products/$id/restore"
	expect 200
	placed "$SALE" - "$SALE"
}

@test "product categories: a product is not put in a category that is being deleted" {
	for _ in 1 2 3 4 5 6; do
		category=$(make /categories name="$(unique)" store="$STORE")
		id=$(product)
		curl -s -o /dev/null -X DELETE -H "Authorization: Bearer $token" "$API/categories/$category" &
		curl -s -o /dev/null -X PATCH -H "Authorization: Bearer $token" --json "{\"category\":\"$category\"}" "$API/products/$id" &
		wait
		api GET "/products/$id"
		placed=$(field .category)
		api GET "/categories/$category"
		[[ $status == 200 && $placed == "$category" || $status == 404 && $placed == null ]]
	done
}

# sent METHOD PATH JSON : prints the status
sent() { curl -s -o /dev/null -w '%{http_code}\n' -X "$1" -H "Authorization: Bearer $token" --json "$3" "$API$2"; }

@test "product categories: a product gets a category while those that it has are deleted: nobody is in the other's way" {
	local top first second busy id holder changed deleted
	top=$(make /categories name="$(unique)" store="$STORE")
	first=$(make /categories name="$(unique)" parent="$top") second=$(make /categories name="$(unique)" parent="$top")
	busy=$(make /categories name="$(unique)" store="$STORE")
	id=$(product categories:="[\"$first\"]")
	# While a category is locked the product waits for it, and then wants one that the deletion has, which wants the
	# product.
	# shellcheck disable=SC2086 # words
	coproc HOLDER { exec $PSQL 3>&-; }
	holder=$HOLDER_PID
	echo "begin; select 'held' from categories where id = '$busy' for update;" >&"${HOLDER[1]}"
	read -r -u "${HOLDER[0]}"
	sent PATCH "/products/$id" "{\"categories\":[\"$first\",\"$busy\",\"$second\"]}" >"$BATS_TEST_TMPDIR/changed" &
	changed=$!
	sleep 0.3
	sent DELETE "/categories/$top?force=true" '' >"$BATS_TEST_TMPDIR/deleted" &
	deleted=$!
	sleep 0.3
	exec {HOLDER[1]}>&-
	wait "$holder" "$changed" "$deleted"
	[[ $(<"$BATS_TEST_TMPDIR/changed") == 200 && $(<"$BATS_TEST_TMPDIR/deleted") == 204 ]]
	api GET "/products/$id"
	placed "$busy" - "$busy"
}

@test "product categories: products and the tree change at once" {
	local i top child ids=() waits=()
	top=$(make /categories name="$(unique)" store="$STORE")
	for i in {1..6}; do ids+=("$(product categories:="[\"$GREEN\"]")"); done
	for i in {1..6}; do
		child=$(make /categories name="$(unique)" parent="$top")
		waits=()
		for id in "${ids[@]}"; do
			sent PATCH "/products/$id" "{\"categories\":[\"$GREEN\",\"$child\",\"$SALE\"]}" >>"$BATS_TEST_TMPDIR/all" & waits+=($!)
		done
		sent PATCH "/categories/$child" '{"active_to":"2999-01-01T00:00:00Z"}' >>"$BATS_TEST_TMPDIR/all" & waits+=($!)
		sent DELETE "/categories/$child?force=true" '' >>"$BATS_TEST_TMPDIR/all" & waits+=($!)
		sent DELETE "/products/${ids[0]}" '' >>"$BATS_TEST_TMPDIR/all" & waits+=($!)
		wait "${waits[@]}"
		sent POST "/products/${ids[0]}/restore" '' >>"$BATS_TEST_TMPDIR/all"
	done
	# A category that was deleted meanwhile is not found, nor is a product.
	[[ ! $(grep -vxE '200|204|404|422' "$BATS_TEST_TMPDIR/all") ]]
	[[ $(sql "select count(*) from product_categories i join categories c on c.id = i.category join products p on p.id = i.product
		where c.is_deleted and not p.is_deleted and p.store = '$STORE'") == 0 ]]
}

@test "product categories: what a closed category hid stays hidden when it is deleted by force" {
	local closed product
	closed=$(make /categories store="$STORE" name="Closed $(unique)" active_from=2099-01-01T00:00:00Z)
	product=$(make /products store="$STORE" sku="$(unique)" name=Hidden price=1 categories:="[\"$closed\"]")
	token='' api GET "/products/$product"
	expect 404
	api DELETE "/categories/$closed?force=true"
	expect 204
	token='' api GET "/products/$product"
	expect 404
	api GET "/products/$product"
	[[ $(as_sent '[.published, .categories] | tojson') == '[false,[]]' ]]
}

@test "product categories: what a closed category hid stays hidden when it is restored after that is gone" {
	local above closed hidden shown open
	for how in active_from=2099-01-01T00:00:00Z is_suspended:=true; do
		above=$(make /categories store="$STORE" name="Above $(unique)" "$how")
		for closed in "$above" "$(make /categories name="Below $(unique)" parent="$above")"; do
			hidden=$(product categories:="[\"$closed\",\"$SALE\"]")
			shown=$(product categories:="[\"$SALE\",\"$closed\"]")
			api DELETE "/products/$hidden"
			api DELETE "/products/$shown"
			api DELETE "/categories/$closed?force=true"
			expect 204
			api POST "/products/$hidden/restore"
			expect 200
			[[ $(as_sent '[.published, .categories] | tojson') == "[false,[\"$SALE\"]]" ]]
			token='' api GET "/products/$hidden"
			expect 404
			# In another category first, it was public.
			api POST "/products/$shown/restore"
			[[ $(as_sent '[.published, .categories] | tojson') == "[true,[\"$SALE\"]]" ]]
			if [[ $closed == "$above" ]]; then api POST "/categories/$above/restore"; fi
		done
	done
	open=$(make /categories store="$STORE" name="Open $(unique)")
	shown=$(product categories:="[\"$open\"]")
	api DELETE "/products/$shown"
	api DELETE "/categories/$open?force=true"
	api POST "/products/$shown/restore"
	[[ $(as_sent '[.published, .categories] | tojson') == '[true,[]]' ]]
}

# Categories as a tree: places and moves, lists, the tree in one answer, deleting with what they contain.
# shellcheck disable=SC2154

load ../../support/api

nowhere=01900000-0000-7000-8000-000000000000

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	GLOBAL=$(make /categories name="$(unique Global-)")
	THEIRS=$(make /categories name="$(unique Theirs-)" store="$OTHER")
	export STORE OTHER GLOBAL THEIRS
}

setup() { as staff; }

# category [PARENT] [NAME=TEXT...] : a new one, of the store if it has no parent; prints its id
category() {
	if [[ ${1-} && $1 != *=* ]]; then
		make /categories name="$(unique)" parent="$1" "${@:2}"
	else
		make /categories name="$(unique)" store="$STORE" "$@"
	fi
}

product() { make /products store="$STORE" sku="$(unique)" name="$(unique)" price=10 "$@"; }

# seen STATUS PATH : by the public
seen() { token='' api GET "$2"; expect "$1"; }

@test "category tree: below another one a category is of its store" {
	root=$(category)
	send POST /categories name="$(unique)" parent="$root" image=https://img.example/1.png seo_title=T seo_description=D \
		external_id="$(unique)"
	expect 201
	[[ $(field '[.store, .parent, .level, .image, .seo_title, .seo_description] | tojson') == \
		"[\"$STORE\",\"$root\",2,\"https://img.example/1.png\",\"T\",\"D\"]" ]]
	child=$(field .id)
	[[ $(field '[.ancestors[].id] | join(" ")') == "$root" ]]
	external=$(field .external_id)
	send POST /categories name="$(unique)" parent="$root" external_id="$external"
	expect 409 conflict "/external_id taken"
	api GET "/categories?external_id=$external"
	[[ $(field '[.results[].id] | join(" ")') == "$child" ]]
	seen 200 "/categories/$child"
	[[ $(field 'has("external_id")') == false ]]
	token='' api GET "/categories?external_id=$external"
	expect 400 invalid-query "external_id invalid"
	# A store's own one may be below a global one, not below another store's.
	send POST /categories name="$(unique)" parent="$GLOBAL" store="$STORE"
	expect 201
	[[ $(field '[.store, .parent] | join(" ")') == "$STORE $GLOBAL" ]]
	send POST /categories name="$(unique)" parent="$GLOBAL"
	expect 403 forbidden
	send POST /categories name="$(unique)" parent="$THEIRS" store="$STORE"
	expect 422 validation "/parent wrong_store"
	send POST /categories name="$(unique)" parent="$THEIRS"
	expect 403 forbidden
	send POST /categories name="$(unique)" parent="$nowhere" store="$STORE"
	expect 422 validation "/parent not_found"
	send PATCH "/categories/$root" parent="$THEIRS"
	expect 422 validation "/parent wrong_store"
	as admin
	send PATCH "/categories/$GLOBAL" parent="$root"
	expect 422 validation "/parent wrong_store"
}

@test "category tree: names and slugs are unique among those beside each other" {
	root=$(category) name=$(unique Näme-)
	first=$(make /categories name="$name" parent="$root")
	api GET "/categories/$first"
	slug=$(field .slug)
	send POST /categories name="${name/Nä/NÄ}" parent="$root" slug="$(unique)"
	expect 409 conflict "/name taken"
	[[ $(field '.errors[0].existing') == "$first" ]]
	# The same letter as two code points.
	send POST /categories name="${name/ä/$'a\u0308'}" parent="$root" slug="$(unique)"
	expect 409 conflict "/name taken"
	send POST /categories name="$(unique)" parent="$root" slug="$slug"
	expect 409 conflict "/slug taken"
	second=$(make /categories name="$name" parent="$first" slug="$slug")
	send PATCH "/categories/$second" parent="$root"
	expect 409 conflict
	api DELETE "/categories/$first?force=true"
	expect 204
	third=$(make /categories name="$name" parent="$root" slug="$slug")
	api POST "/categories/$first/restore"
	expect 409 conflict
	api DELETE "/categories/$third"
	expect 204
	api POST "/categories/$first/restore"
	expect 200
}

@test "category tree: ten levels, no circle" {
	ids=("$(category)")
	for level in {2..10}; do
		ids+=("$(category "${ids[-1]}")")
	done
	api GET "/categories/${ids[9]}"
	[[ $(field '[.level, (.ancestors | length)] | join(" ")') == "10 9" && $(field '[.ancestors[].id] | join(" ")') == "${ids[*]:0:9}" ]]
	send POST /categories name="$(unique)" parent="${ids[9]}"
	expect 422 validation "/parent max_depth"
	send POST /subcategories name="$(unique)" category="${ids[9]}"
	expect 422 validation
	# A branch that would reach too deep.
	top=$(category) branch=$(category "$top")
	send PATCH "/categories/$top" parent="${ids[8]}"
	expect 422 validation "/parent max_depth"
	send PATCH "/categories/$top" parent="${ids[7]}"
	expect 200
	api GET "/categories/$branch"
	[[ $(field .level) == 10 ]]
	for to in 0 1 9; do
		send PATCH "/categories/${ids[0]}" parent="${ids[$to]}"
		expect 422 validation "/parent circle"
	done
	send PATCH "/categories/${ids[0]}" parent="$branch"
	expect 422 validation "/parent circle"
	send PATCH "/categories/$top" parent:=null
	expect 200
	[[ $(field '[.level, .parent] | tojson') == '[1,null]' ]]
	api GET "/categories/$branch"
	[[ $(field .level) == 2 ]]
}

@test "category tree: of moves at once that would make a circle one is refused" {
	for _ in 1 2 3 4; do
		a=$(category) b=$(category) c=$(category)
		for pair in "$a $b" "$b $c" "$c $a"; do
			curl -s -o /dev/null -w '%{http_code}\n' -X PATCH -H "Authorization: Bearer $token" \
				--json "{\"parent\":\"${pair#* }\"}" "$API/categories/${pair% *}" >"$BATS_TEST_TMPDIR/${pair% *}" &
		done
		wait
		[[ $(sort "$BATS_TEST_TMPDIR/$a" "$BATS_TEST_TMPDIR/$b" "$BATS_TEST_TMPDIR/$c" | paste -sd' ') == "200 200 422" ]]
		api GET "/categories?store=$STORE&level__gte=3&page_size=100"
		[[ $(field "[.results[] | select(.id == \"$a\" or .id == \"$b\" or .id == \"$c\")] | length") == 1 ]]
	done
}

@test "category tree: a list has those at the top, or what is filtered" {
	word=$(unique) root=$(category position:=2) first=$(category position:=1)
	child=$(category "$root" name="$word") grandchild=$(category "$child" position:=7)
	api GET "/categories?store=$STORE&page_size=100"
	[[ $(field '[.results[].parent] | unique | tojson') == '[null]' ]]
	[[ $(field "[.results[].id] | index(\"$first\") < index(\"$root\")") == true ]]
	found() { api GET "/categories?$1"; expect 200; field '[.results[].id] | join(" ")'; }
	[[ $(found "parent=$root") == "$child" && $(found "parent=$child") == "$grandchild" && $(found "search=$word") == "$child" ]]
	[[ $(found "name=$word") == "$child" && $(found "slug=$word") == "$child" ]]
	[[ $(found "store=$STORE&level=3&page_size=100") == *"$grandchild"* && $(found "store=$STORE&level__gte=1&page_size=100") == *"$child"* ]]
	[[ $(found "parent=null&store=$STORE&page_size=100") == *"$root"* ]]
	api GET "/categories?parent=x"
	expect 400 invalid-query "parent invalid"
	api GET "/subcategories?category=$child"
	[[ $(field '[.results[] | .id, .category] | join(" ")') == "$grandchild $child" ]]
	api GET "/subcategories/$root"
	expect 404 not-found
	send PATCH "/subcategories/$root" name=x
	expect 404 not-found
}

@test "category tree: one answer has all of it" {
	store=$(staffed_store)
	as staff
	b=$(make /categories name=B store="$store" position:=2) a=$(make /categories name=A store="$store" position:=1)
	b2=$(make /categories name=Z parent="$b") b1=$(make /categories name=Y parent="$b") b11=$(make /categories name=Deep parent="$b1")
	under=$(make /categories name="$(unique)" store="$store" parent="$GLOBAL")
	lines='[.results[] | recurse(.children[]) | .id] | join(" ")'
	own="[.results[] | recurse(.children[]) | select(.store == \"$store\") | .id] | join(\" \")"
	token='' api GET "/categories/tree?store=$store"
	expect 200
	[[ $(field "$own") == "$a $b $b1 $b11 $b2 $under" || $(field "$own") == "$under $a $b $b1 $b11 $b2" ]]
	[[ $(field ".results[] | select(.id == \"$GLOBAL\") | [.children[] | select(.store == \"$store\") | .id] | join(\" \")") == "$under" ]]
	[[ $(field "[.results[] | recurse(.children[]) | .store] | unique | map(select(. != null and . != \"$store\")) | length") == 0 ]]
	[[ $(field '[.results[] | recurse(.children[]) | .is_live] | unique | tojson') == '[true]' ]]
	[[ $(header Cache-Control) == "public, no-cache" ]]
	etag=$(header ETag)
	token='' api GET "/categories/tree?store=$store" -H "If-None-Match: $etag"
	expect 304
	token='' api GET "/categories/tree?store=$store&depth=1"
	[[ $(field "$own") == "$a $b" ]]
	token='' api GET "/categories/tree"
	[[ $(field "$lines") == *"$THEIRS"* && $(field "$lines") == *"$b11"* ]]
	send PATCH "/categories/$b1" is_suspended:=true
	token='' api GET "/categories/tree?store=$store"
	[[ $(field "$own") != *"$b1"* && $(field "$own") != *"$b11"* && $(field "$own") == *"$b2"* ]]
	api GET "/categories/tree?store=$store"
	[[ $(field "[.results[] | recurse(.children[]) | select(.id == \"$b11\" or .id == \"$b2\") | .is_live] | tojson") == '[false,true]' ]]
	# Whose parent is not visible is at the top.
	as admin
	send PATCH "/categories/$GLOBAL" is_suspended:=true
	as staff
	api GET "/categories/tree?store=$store"
	[[ $(field "[.results[] | select(.id == \"$under\") | .is_live] | tojson") == '[false]' ]]
	as outsider
	api GET "/categories/tree?store=$store"
	[[ $(field "$lines") != *"$under"* && $(field "$lines") != *"$b1"* ]]
	as admin
	send PATCH "/categories/$GLOBAL" is_suspended:=false
	for query in depth=0 depth=11 depth=x store=x colour=red; do
		api GET "/categories/tree?$query"
		expect 400 invalid-query "${query%=*} invalid" || expect 400 invalid-query "${query%=*} min_value" ||
			expect 400 invalid-query "${query%=*} max_value"
	done
}

@test "category tree: what contains something is deleted only as one says" {
	root=$(category) child=$(category "$root") target=$(category)
	one=$(product category="$root") two=$(product categories:="[\"$child\",\"$target\"]")
	api DELETE "/categories/$root"
	expect 409 conflict
	[[ $(field '.contents | [.children, .products] | tojson') == '[1,2]' ]]
	api DELETE "/categories/$child"
	expect 409 conflict
	[[ $(field '.contents | [.children, .products] | tojson') == '[0,1]' ]]
	api DELETE "/subcategories/$child"
	expect 409 conflict
	for query in force=maybe move_to=x colour=red; do
		api DELETE "/categories/$root?$query"
		expect 400 invalid-query "${query%=*} invalid"
	done
	api DELETE "/categories/$root?force=true&move_to=$target"
	expect 400 invalid-query "force exclusive"
	api DELETE "/categories/$root?move_to=$nowhere"
	expect 422 validation "move_to not_found"
	for to in "$root" "$child"; do
		api DELETE "/categories/$root?move_to=$to"
		expect 422 validation "move_to circle"
	done
	api DELETE "/categories/$root?move_to=$THEIRS"
	expect 422 validation "move_to wrong_store"
	api DELETE "/categories/$root?force=false"
	expect 409 conflict
	api DELETE "/categories/$root?move_to=$target"
	expect 204
	api GET "/categories/$child"
	[[ $(field '[.parent, .level] | join(" ")') == "$target 2" ]]
	api GET "/products/$one"
	[[ $(field '[.category, .categories[]] | join(" ")') == "$target $target" ]]
	api GET "/products/$two"
	[[ $(field '[.category, .subcategory, .categories[]] | join(" ")') == "$target $child $child $target" ]]
	seen 200 "/products/$one"
}

@test "category tree: what moves must fit where it goes" {
	root=$(category) name=$(unique) middle=$(make /categories name="$name" parent="$root") leaf=$(make /categories name="$name" parent="$middle")
	# It takes the name of the one that is deleted.
	api DELETE "/categories/$middle?move_to=$root"
	expect 204
	api GET "/categories/$leaf"
	[[ $(field '[.parent, .name] | join(" ")') == "$root $name" ]]
	other=$(category) twin=$(make /categories name="${name^^}" slug="$(unique)" parent="$other")
	api DELETE "/categories/$other?move_to=$root"
	expect 409 conflict
	[[ $(field .detail) == "A category with the name or slug of \"${name^^}\" is there already: rename one of them first." ]]
	api GET "/categories/$twin"
	[[ $(field .parent) == "$other" ]]
	api GET "/categories/$other"
	expect 200
	# Nor deeper than ten levels.
	deep=$root
	for _ in {2..10}; do deep=$(category "$deep"); done
	api DELETE "/categories/$other?move_to=$deep"
	expect 422 validation "/parent max_depth"
}

@test "category tree: deleted by force with those below it, and restored with them" {
	root=$(category) child=$(category "$root") leaf=$(category "$child") gone=$(category "$root") other=$(category)
	one=$(product category="$root" subcategory="$child") two=$(product categories:="[\"$leaf\",\"$other\",\"$root\"]")
	api DELETE "/categories/$gone"
	expect 204
	api DELETE "/categories/$root?force=true"
	expect 204
	for id in "$root" "$child" "$leaf"; do
		api GET "/categories/$id"
		expect 404 not-found
	done
	api GET "/products/$one"
	[[ $(field '[.category, .subcategory, .categories] | tojson') == '[null,null,[]]' ]]
	api GET "/products/$two"
	[[ $(field '[.category, .subcategory, .categories] | tojson') == "[\"$other\",null,[\"$other\"]]" ]]
	seen 200 "/products/$one"
	api POST "/categories/$child/restore"
	expect 409 conflict
	[[ $(field .detail) == *"restore that first"* ]]
	api POST "/categories/$root/restore"
	expect 200
	for id in "$root" "$child" "$leaf"; do
		api GET "/categories/$id"
		expect 200
	done
	api GET "/categories/$gone"
	expect 404 not-found
	send PATCH "/products/$one" category="$root" subcategory="$child"
	expect 200
}

@test "category tree: a branch is public only while all above it is" {
	ids=("$(category)")
	for _ in {2..4}; do ids+=("$(category "${ids[-1]}")"); done
	id=$(product category="${ids[2]}" subcategory="${ids[3]}") variant=$(product parent="$id")
	extra=$(product categories:="[\"$GLOBAL\",\"${ids[3]}\"]")
	check() { # STATUS : what the public gets
		seen "$1" "/products/$id"
		seen "$1" "/products/$variant"
		seen "$1" "/categories/${ids[3]}"
		seen "$1" "/subcategories/${ids[3]}"
		token='' api GET "/products?store=$STORE&page_size=100&category=${ids[2]}"
		[[ $(field "[.results[] | select(.id == \"$id\")] | length") == $(( $1 == 200 )) ]]
		seen 200 "/products/$extra"
	}
	check 200
	for above in "${ids[@]}"; do
		for change in is_suspended:=true active_from=2999-01-01T00:00:00Z active_to=2001-01-01T00:00:00Z; do
			send PATCH "/categories/$above" "$change"
			expect 200
			check 404
			send PATCH "/categories/$above" is_suspended:=false active_from:=null active_to:=null
		done
	done
	check 200
	# Moved below a closed one, and out again.
	closed=$(category is_suspended:=true)
	send PATCH "/categories/${ids[1]}" parent="$closed"
	check 404
	send PATCH "/categories/${ids[1]}" parent:=null
	check 200
}

@test "category tree: what an administrator suspended is neither moved nor deleted by staff" {
	top=$(category) closed=$(category "$top") below=$(category "$closed") other=$(category)
	id=$(product categories:="[\"$below\"]")
	as admin
	send PATCH "/categories/$closed" is_suspended:=true
	expect 200
	as staff
	for which in "$closed" "$below"; do
		for how in "force=true" "move_to=$other"; do
			api DELETE "/categories/$which?$how"
			expect 403 forbidden
		done
		for parent in "parent=$other" parent:=null; do
			send PATCH "/categories/$which" "$parent"
			expect 403 forbidden
			[[ $(field .detail) == *"suspended this category or one above it"* ]]
		done
	done
	# Nor with what is above it, unless it is moved as it is.
	api DELETE "/categories/$top?force=true"
	expect 403 forbidden
	seen 404 "/products/$id"
	send PATCH "/categories/$below" name="$(unique)"
	expect 200
	send PATCH "/categories/$top" parent="$other"
	expect 200
	seen 404 "/products/$id"
	# What staff suspended is theirs.
	send PATCH "/categories/$top" is_suspended:=true parent:=null
	expect 200
	as admin
	send PATCH "/categories/$below" parent="$other"
	expect 200
	api DELETE "/categories/$closed"
	expect 204
	as staff
	api DELETE "/categories/$top"
	expect 204
	seen 200 "/products/$id"
}

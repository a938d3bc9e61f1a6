# Categories and subcategories.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	GLOBAL=$(make /categories name="$(unique Global-)")
	OURS=$(make /categories name="$(unique Ours-)" store="$STORE")
	THEIRS=$(make /categories name="$(unique Theirs-)" store="$OTHER")
	export STORE OTHER GLOBAL OURS THEIRS
}

nowhere=01900000-0000-7000-8000-000000000000

@test "categories: staff make one in their store" {
	name=$(unique "Tea & Coffee ")
	as staff
	send POST /categories name="$name" store="$STORE" position:=3 description=hot
	expect 201
	[[ $(field .slug) == "tea-coffee-${name##* }" && $(field .position) == 3 && $(field .store) == "$STORE" ]]
	[[ $(header Location) == */categories/$(field .id) ]]
}

@test "categories: a derived slug that is taken gets an ending, a given one is refused" {
	name=$(unique)
	as staff
	make /categories name="$name" store="$STORE"
	send POST /categories name="$name!" store="$STORE"
	expect 201
	[[ $(field .slug) =~ ^$name-[0-9a-f]{8}$ ]]
	send POST /categories name=B slug="$name" store="$STORE"
	expect 409 conflict "/slug taken"
	send PATCH "/categories/$OURS" slug="$name"
	expect 409 conflict "/slug taken"
	send POST /categories name=茶 store="$STORE"
	expect 201
	[[ $(field .slug) == n-* ]]
}

@test "categories: all broken rules are reported at once" {
	as admin
	api POST /categories --json '{"slug":"A","store":"x","position":1.5,"is_deleted":true,"category":null}'
	expect 422 validation \
		"/category unknown_field, /is_deleted read_only, /name required, /position wrong_type, /slug invalid, /store invalid"
	send POST /categories name=x store="$nowhere" position:=3000000000
	expect 422 validation "/position max_value"
	send POST /categories name=x store="$nowhere"
	expect 422 validation "/store not_found"
}

@test "categories: who may write where" {
	for who in nobody customer; do
		as "$who"
		code=403 problem=forbidden
		if [[ $who == nobody ]]; then code=401 problem=not-authenticated; fi
		send POST /categories name=x store="$STORE"
		expect $code $problem
		send PUT "/categories/$OURS" name=x
		expect $code $problem
		send PATCH "/categories/$OURS" name=x
		expect $code $problem
		api DELETE "/categories/$OURS"
		expect $code $problem
		api POST "/categories/$OURS/restore"
		expect $code $problem
	done
	as staff
	send POST /categories name="$(unique)" store="$OTHER"
	expect 403 forbidden
	send POST /categories name="$(unique)"
	expect 403 forbidden
	for id in "$GLOBAL" "$THEIRS"; do
		send PATCH "/categories/$id" name=x
		expect 403 forbidden
		send PUT "/categories/$id" name=x
		expect 403 forbidden
		api DELETE "/categories/$id"
		expect 403 forbidden
		api POST "/categories/$id/restore"
		expect 403 forbidden
	done
	send PATCH "/categories/$OURS" description=ours
	expect 200
	as admin
	for id in "$GLOBAL" "$THEIRS"; do
		send PATCH "/categories/$id" description=admin
		expect 200
	done
}

@test "categories: the store stays" {
	as admin
	send PATCH "/categories/$OURS" store="$OTHER"
	expect 422 validation "/store immutable"
	send PUT "/categories/$OURS" name=x store:=null
	expect 422 validation "/store immutable"
}

@test "categories: PUT does not change omitted fields" {
	as staff
	id=$(make /categories name="$(unique)" store="$STORE" position:=9 description=x comments=y)
	api GET "/categories/$id"
	slug=$(field .slug)
	send PUT "/categories/$id" name=Other
	expect 200
	[[ $(field '[.name, .slug, .position, .description, .comments, .store] | tojson') == \
		"[\"Other\",\"$slug\",9,\"x\",\"y\",\"$STORE\"]" ]]
	send PUT "/categories/$id" description=x
	expect 422 validation "/name required"
}

@test "categories: staff see the ones of other stores as the public does" {
	as staff
	api GET "/categories/$THEIRS"
	expect 200
	[[ $(field 'has("comments")') == false ]]
	api GET "/categories/$OURS"
	[[ $(field 'has("comments")') == true ]]
	as admin
	send PATCH "/categories/$THEIRS" comments=secret status=odd
	as staff
	api GET "/categories?store=$OTHER&status=odd"
	expect 200
	[[ $(field '.results | length') == 0 ]]
	as nobody
	api GET "/categories?status=odd"
	expect 400 invalid-query "status invalid"
}

@test "categories: filters, orderings, search" {
	as staff
	word=$(unique)
	a=$(make /categories name="B $word" store="$STORE" position:=1)
	b=$(make /categories name="A $word" store="$STORE" position:=2)
	c=$(make /categories name=C description="under $word" store="$STORE" position:=1)
	as nobody
	api GET "/categories?search=$word"
	expect 200
	[[ $(field '[.results[].id] | join(" ")') == "$a $c $b" ]]
	api GET "/categories?search=$word&store=$STORE&ordering=name"
	[[ $(field '[.results[].id] | join(" ")') == "$b $a $c" ]]
	api GET "/categories?search=$word&ordering=-position,name"
	[[ $(field '[.results[].id] | join(" ")') == "$b $a $c" ]]
	api GET "/categories?store=null&page_size=100"
	[[ $(field '[.results[].store] | unique | tojson') == '[null]' ]]
	api GET "/categories/$b"
	slug=$(field .slug)
	api GET "/categories?slug=$slug&name=A+$word"
	[[ $(field '[.results[].id] | join(" ")') == "$b" ]]
	for query in position=1 description=x store=x slug=A%20B ordering=slug ordering=name,-name parent=x; do
		api GET "/categories?$query"
		expect 400 invalid-query
	done
}

@test "categories: one that is deleted, suspended or not active is not public" {
	as staff
	id=$(make /categories name="$(unique)" store="$STORE")
	check() { # STATUS : what the public gets
		as nobody
		api GET "/categories/$id"
		expect "$1"
		as staff
	}
	check 200
	send PATCH "/categories/$id" is_suspended:=true
	check 404
	send PATCH "/categories/$id" is_suspended:=false active_from=2999-01-01T00:00:00Z
	check 404
	send PATCH "/categories/$id" active_from=2001-01-01T00:00:00+02:00 active_to=2002-01-01T00:00:00Z
	expect 200
	[[ $(field .active_from) == 2000-12-31T22:00:00.000000Z ]]
	check 404
	send PATCH "/categories/$id" active_to=1999-01-01T00:00:00Z
	expect 422 validation "/active_to invalid"
	send PATCH "/categories/$id" active_to=tomorrow
	expect 422 validation "/active_to invalid"
	send PATCH "/categories/$id" active_to:=null
	check 200
	api DELETE "/categories/$id"
	expect 204
	check 404
	api POST "/categories/$id/restore"
	expect 200
	check 200
}

# --- subcategories

@test "subcategories: staff create them only in categories of their store" {
	as staff
	name=$(unique Green-)
	send POST /subcategories name="$name" category="$OURS" position:=1
	expect 201
	[[ $(field .slug) == "${name,,}" && $(field .category) == "$OURS" && $(field 'has("store")') == false ]]
	for category in "$GLOBAL" "$THEIRS"; do
		send POST /subcategories name="$(unique)" category="$category"
		expect 403 forbidden
	done
	as admin
	send POST /subcategories name="$(unique)" category="$GLOBAL"
	expect 201
}

@test "subcategories: what is refused" {
	as admin
	send POST /subcategories description=x store="$STORE"
	expect 422 validation "/category required, /name required, /store unknown_field"
	send POST /subcategories name=x category="$nowhere"
	expect 422 validation "/category not_found"
	send POST /subcategories name=x category:=null
	expect 422 validation "/category null"
	slug=$(unique)
	make /subcategories name=x slug="$slug" category="$OURS"
	send POST /subcategories name=y slug="$slug" category="$OURS"
	expect 409 conflict "/slug taken"
	make /subcategories name=x slug="$slug" category="$THEIRS"
}

@test "subcategories: the life of one" {
	as staff
	id=$(make /subcategories name="$(unique)" category="$OURS")
	send PATCH "/subcategories/$id" category="$THEIRS"
	expect 422 validation "/category immutable"
	send PATCH "/subcategories/$id" position:=4
	expect 200
	[[ $(field .position) == 4 ]]
	send PUT "/subcategories/$id" name=New
	expect 200
	[[ $(field '[.name, .position] | tojson') == '["New",4]' ]]
	for who in nobody customer; do
		as "$who"
		code=403
		if [[ $who == nobody ]]; then code=401; fi
		send POST /subcategories name=x category="$OURS"
		expect $code
		send PUT "/subcategories/$id" name=x
		expect $code
		send PATCH "/subcategories/$id" name=x
		expect $code
		api DELETE "/subcategories/$id"
		expect $code
		api POST "/subcategories/$id/restore"
		expect $code
	done
	as outsider
	send PATCH "/subcategories/$id" name=x
	expect 403 forbidden
	api DELETE "/subcategories/$id"
	expect 403 forbidden
	as staff
	api DELETE "/subcategories/$id"
	expect 204
	api GET "/subcategories/$id"
	expect 404 not-found
	as outsider
	api POST "/subcategories/$id/restore"
	expect 404 not-found
	as staff
	api POST "/subcategories/$id/restore"
	expect 200
}

@test "subcategories: filters, orderings, search" {
	as staff
	word=$(unique)
	category=$(make /categories name="$(unique)" store="$STORE")
	a=$(make /subcategories name="B $word" category="$category" position:=2)
	b=$(make /subcategories name=A description="$word" category="$category" position:=1)
	make /subcategories name="$word" category="$OURS"
	as nobody
	api GET "/subcategories?category=$category&search=$word"
	[[ $(field '[.results[].id] | join(" ")') == "$b $a" ]]
	api GET "/subcategories?category=$category&ordering=-name&count=exact"
	[[ $(field '[.results[].id] | join(" ")') == "$a $b" && $(field .count) == 2 ]]
	api GET "/subcategories?category=null"
	expect 400 invalid-query "category invalid"
}

@test "subcategories: one is public only while its category and the store are" {
	as staff
	category=$(make /categories name="$(unique)" store="$STORE")
	id=$(make /subcategories name="$(unique)" category="$category")
	check() { # STATUS : what the public gets
		as nobody
		api GET "/subcategories/$id"
		expect "$1"
		api GET "/subcategories?category=$category"
		[[ $(field '.results | length') == "$(( $1 == 200 ))" ]]
		as admin
	}
	check 200
	send PATCH "/categories/$category" is_suspended:=true
	check 404
	send PATCH "/categories/$category" is_suspended:=false
	send PATCH "/stores/$STORE" is_suspended:=true
	check 404
	as staff
	api GET "/subcategories/$id"
	expect 200
	as admin
	send PATCH "/stores/$STORE" is_suspended:=false
	check 200
}

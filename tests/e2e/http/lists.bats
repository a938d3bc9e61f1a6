# Lists: pages there and back, orderings, filters, counts, search. On products, as the longest of them.
# shellcheck disable=SC2154

load ../../support/api

# 47 products of four prices and five names, so that many keys are equal.
setup_file() {
	as admin
	STORE=$(staffed_store)
	as staff
	CATEGORY=$(make /categories name="$(unique)" store="$STORE")
	for i in {1..47}; do
		send POST /products store="$STORE" sku="$(unique)" name="Name $((i % 5))" price=$((i % 4 + 1)).50 \
			slug="$(unique)" inventory_count:=$((i % 3))
		expect 201
	done
	send POST /products store="$STORE" sku="$(unique Q-)" name="Crème Brûlée torch" price=100 category="$CATEGORY" \
		description="For the kitchen; 100% steel"
	expect 201
	export STORE CATEGORY
}

setup() { list="/products?store=$STORE"; }

# walk LINK ADDRESS : the ids of this page and of those that its links of that kind lead to, a page a line, in
# $pages; in $last the address of the last one.
walk() {
	local address=$2
	pages=
	while [[ $address != null ]]; do
		last=$address
		api GET "$address"
		expect 200
		pages+=$(field '[.results[].id] | join(" ")')$'\n'
		address=$(field ".$1")
	done
	pages=${pages%$'\n'}
}

# expected ORDER : all ids, by a jq expression
expected() { jq -r "[.[] | .price |= tonumber] | sort_by($1) | .[].id" <<<"$all"; }

load_all() {
	api GET "$list&page_size=100"
	expect 200
	all=$(field '[.results[]]')
	[[ $(jq length <<<"$all") == 48 ]]
}

# flat : words on lines of their own
flat() { tr ' ' '\n'; }

@test "lists: forward and backward over every page, whatever the ordering" {
	load_all
	while IFS='|' read -r ordering order; do
		walk next "$list&page_size=7&ordering=$ordering"
		[[ $(wc -l <<<"$pages") == 7 ]]
		[[ $(flat <<<"$pages") == "$(expected "$order")" ]] || { echo "$ordering, forward"; false; }
		# Where a walk ends, `previous` leads back over the same pages.
		walk previous "$last"
		[[ $(tac <<<"$pages" | flat) == "$(expected "$order")" ]] || { echo "$ordering, backward"; false; }
	done <<-'END'
		price|.price, .id
		-price|-.price, (.id | explode | map(-.))
		price,name|.price, .name, .id
		-price,name|-.price, .name, .id
		price,-name|.price, (.name | explode | map(-.)), (.id | explode | map(-.))
		name,-price,created_at|.name, -.price, .created_at, .id
		-created_at|(.created_at | explode | map(-.)), (.id | explode | map(-.))
	END
}

@test "lists: a page links to the next and the previous one" {
	api GET "$list&page_size=40"
	expect 200
	[[ $(field .previous) == null && $(field .next) == http*page_size=40*cursor=* ]]
	[[ $(as_sent 'keys_unsorted | join(" ")') == "next previous results" ]]
	[[ $(header Link) == "<$(field .next)>; rel=\"next\"" ]]
	api GET "$(field .next)"
	[[ $(field .next) == null && $(field '.results | length') == 8 ]]
	[[ $(header Link) == "<$(field .previous)>; rel=\"prev\"" ]]
	api GET "$(field .previous)"
	[[ $(field '.results | length') == 40 && $(field .previous) == null && $(field .next) == http* ]]
	api GET "$list&page_size=48"
	[[ $(field '[.next, .previous] | tojson') == '[null,null]' && -z $(header Link) ]]
	api GET "$list"
	[[ $(field '.results | length') == 20 ]]
	api HEAD "$list"
	expect 200
}

@test "lists: a row that comes in between neither repeats nor hides another" {
	api GET "$list&page_size=10&ordering=name,-price"
	seen=$(field '.results[].id') next=$(field .next)
	as staff
	new=$(make /products store="$STORE" sku="$(unique)" name="Name 0" price=99)
	walk next "$next"
	seen+=$'\n'$(flat <<<"$pages")
	api DELETE "/products/$new"
	[[ $(wc -l <<<"$seen") == 48 && $(sort -u <<<"$seen" | wc -l) == 48 ]]
}

@test "lists: pages by number" {
	load_all
	for page in 1 2 3; do
		api GET "$list&page_size=20&ordering=price,name&page=$page"
		expect 200
		[[ $(field '.results[].id') == "$(expected '.price, .name, .id' | tail -n +$((page * 20 - 19)) | head -n 20)" ]]
		[[ $(field .previous) == $([[ $page == 1 ]] && echo null || echo "http*page=$((page - 1))") ]]
		[[ $(field .next) == $([[ $page == 3 ]] && echo null || echo "http*page=$((page + 1))") ]]
	done
	api GET "$list&page=9"
	expect 200
	[[ $(field '[.next, .results] | tojson') == '[null,[]]' ]]
}

@test "lists: count=exact counts what the filters leave" {
	api GET "$list&count=exact&page_size=5"
	[[ $(field .count) == 48 ]]
	api GET "$list&count=exact&price=1.5&page_size=5"
	[[ $(field .count) == 11 ]]
	api GET "$list&count=exact&price=1.5&page_size=5&page=3"
	[[ $(field '[.count, (.results | length)] | tojson') == '[11,1]' ]]
}

@test "lists: id__in finds what it names, variants too, and nothing that the caller must not see" {
	load_all
	local some variant
	some=$(jq -r '[.[3, 7, 11].id] | join(",")' <<<"$all")
	api GET "/products?id__in=$some,01900000-0000-7000-8000-000000000000"
	expect 200
	[[ $(field '[.results[].id] | sort | join(",")') == "$(tr , '\n' <<<"$some" | sort | paste -sd,)" ]]
	api GET "/products?id__in=$(printf '01900000-0000-7000-8000-000000000000,%.0s' {1..100})01900000-0000-7000-8000-000000000001"
	expect 400 invalid-query
	[[ $(field '.errors[0].code') == max_items ]]
}

@test "lists: filters" {
	load_all
	count() { api GET "$list&count=exact&$1"; expect 200; field .count; }
	[[ $(count price__gte=3.5) == 25 && $(count price__gt=3.5) == 13 && $(count price__lt=2.5) == 11 ]]
	[[ $(count 'price__gte=2.50&price__lte=3.5') == 24 ]]
	[[ $(count in_stock=true) == 32 && $(count in_stock=false) == 16 ]]
	[[ $(count name=Name+3) == 9 && $(count "category=$CATEGORY") == 1 && $(count category=null) == 47 ]]
	[[ $(count created_at__gte=2999-01-01T00:00:00Z) == 0 && $(count modified_at__gt=2001-01-01T00:00:00%2B01:00) == 48 ]]
	sku=$(jq -r '.[3].sku' <<<"$all") slug=$(jq -r '.[4].slug' <<<"$all")
	[[ $(count "sku=$sku") == 1 && $(count "slug=$slug") == 1 && $(count "slug=$slug&sku=$sku") == 0 ]]
	[[ $(count subcategory=null) == 48 && $(count subcategory=01900000-0000-7000-8000-000000000000) == 0 ]]
}

@test "lists: an empty filter is ignored" {
	api GET "$list&page_size=100&category=&price__gte=&price__lte=&in_stock=&search=&name="
	expect 200
	[[ $(field '.results | length') == 48 ]]
	api GET "$list&page_size=7&category=&search="
	[[ $(field .next) != *category* ]]
	for name in colour status name__gte price__like; do
		api GET "$list&$name="
		expect 400 invalid-query "$name invalid"
	done
}

@test "lists: search finds words by their beginnings, in any order" {
	for words in torch TORCH 'tor+cr' 'kitchen' 'br%C3%BBl' 'steel+torch'; do
		api GET "$list&search=$words"
		expect 200
		[[ $(field '[.results[].name] | join(",")') == "Crème Brûlée torch" ]]
	done
	for words in c crx+c; do
		api GET "$list&search=$words&count=exact"
		[[ $(field .count) == 0 ]]
	done
	api GET "$list&search=name+3&count=exact"
	[[ $(field .count) == 9 ]]
	for words in "$(printf 'a+%.0s' {1..11})" "$(printf 'a,%.0s' {1..200})" "$(printf 'a-%.0s' {1..50})" \
		"$(printf 'x%.0s' {1..201})"; do
		api GET "$list&search=$words"
		expect 400 invalid-query "search invalid"
	done
	api GET "$list&search=$(printf 'torch+%.0s' {1..10})"
	expect 200
	for words in qzvw qzvw+vwzq '%26+%7C+!'; do
		api GET "$list&search=$words&count=exact"
		expect 200
		[[ $(field .count) == 0 ]]
	done
	api GET "$list&search=$(printf 'x%.0s' {1..900})"
	expect 400 invalid-query "search invalid"
	api GET "$list&count=exact"
	all=$(field .count)
	api GET "$list&count=exact&search=+"
	[[ $all -gt 1 && $(field .count) == "$all" ]]
}

@test "lists: what is not accepted is named" {
	while read -r query name code; do
		api GET "$list&$query"
		expect 400 invalid-query "$name ${code:-invalid}"
	done <<-'END'
		colour=red colour
		price=cheap price
		price=1e3 price
		price=1.23456 price max_decimal_places
		price__like=1 price__like
		price__ price__
		name__gte=A name__gte
		in_stock=1 in_stock
		category=x+y category
		store__gte=x store__gte
		created_at=2026-01-01T00:00:00Z created_at
		created_at__gte=2026-01-01 created_at__gte
		comments=x comments
		status=new status
		page=0 page
		page=101 page
		page=x page
		page_size=0 page_size
		page_size=101 page_size
		page_size=-1 page_size
		count=true count
		include=all include
		ordering=colour ordering
		ordering=weight ordering
		ordering=price, ordering
		ordering=--price ordering
		ordering=price,-price ordering
		ordering=price%20desc ordering
	END
	api GET "$list&price=1&price=2"
	expect 400 invalid-query
	api GET "$list&price=%zz"
	expect 400 invalid-query
}

@test "lists: a filter on a fixed list of values refuses others, of every kind of object" {
	as admin
	tried=
	for program in "$BUILD"/cgi-bin/api/*; do
		filters=$("$program" --describe | jq -r '. as {$group, $resources} | .routes[] | select(.method == "GET")
			| .pattern as $path | .query[] | select(.field) as {$name, $field}
			| select(any($resources[].fields[]; .name == $field and .kind == "choice")) | "/\($group)\($path) \($name)"')
		while read -r path name; do
			if [[ ! $path || $path == *{* ]]; then continue; fi
			api GET "$path?$name=nonsense"
			expect 400 invalid-query "$name invalid_choice"
			[[ $(field '.errors[0].detail') == 'It must be one of: '* ]]
			tried+=" $path?$name"
		done <<<"$filters"
	done
	for path in /orders?status /orders?payment_status /payments?status /payments?payment_method /invoices?kind \
		/audit-logs?action; do
		[[ $tried == *" $path"* ]] || { echo "$path was not tried:$tried"; false; }
	done
}

@test "lists: a cursor is taken only where it was given" {
	api GET "$list&page_size=5&ordering=price"
	next=$(field .next)
	cursor=${next##*cursor=}
	api GET "$list&page_size=9&ordering=price&cursor=$cursor"
	expect 200
	for query in "ordering=-price&cursor=$cursor" "cursor=$cursor" "ordering=price&cursor=x$cursor" \
		"ordering=price&cursor=${cursor%?}" "ordering=price&cursor=AAAA"; do
		api GET "$list&$query"
		expect 400 invalid-cursor
	done
	api GET "/categories?ordering=name&cursor=$cursor"
	expect 400 invalid-cursor
	api GET "$list&ordering=price&cursor=$cursor&page=2"
	expect 400 invalid-query "page invalid"
}

@test "lists: staff filter by their own fields, in their own stores" {
	as staff
	id=$(make /products store="$STORE" sku="$(unique)" name=x price=1 status=odd is_suspended:=true)
	for query in status=odd is_suspended=true; do
		api GET "$list&$query"
		expect 200
		[[ $(field '[.results[].id] | join(" ")') == "$id" ]]
	done
	as outsider
	api GET "$list&status=odd"
	expect 200
	[[ $(field '.results | length') == 0 ]]
	as staff
	api DELETE "/products/$id"
	api GET "$list&status=odd"
	[[ $(field '.results | length') == 0 ]]
	api GET "$list&status=odd&include=deleted"
	[[ $(field '.results | length') == 1 ]]
}

@test "lists: an empty parameter is ignored" {
	for query in category= store=%20 price__gte=+ in_stock= created_at__lt= ordering= cursor= page= page_size= count= \
		include= search= 'ordering=&cursor=&page_size=&category=%20'; do
		api GET "/products?$query"
		expect 200 || { echo "$query"; false; }
	done
	api GET "/shipping-methods?search="
	expect 200
	for query in in_stock=True in_stock=FALSE category=NULL; do
		api GET "/products?$query"
		expect 200 || { echo "$query"; false; }
	done
	api GET "/products?UTM_Source=x"
	expect 200
	for query in colour= in_stock=1; do
		api GET "/products?$query"
		expect 400 invalid-query || { echo "$query"; false; }
	done
}

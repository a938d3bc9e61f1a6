# What docs/from-django.md says of clients that were written for a Django REST Framework project.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	ROOT=${API%/cgi-bin/api}
	export ROOT
}

# sign_in_paths BASE... : each of the addresses where people sign in answers below each of them, with and without a slash.
sign_in_paths() {
	local base slash number
	for base; do
		for slash in '' /; do
			number=$(new_number)
			api POST "$base/admin/login$slash" --json "$(json email="$ADMIN_EMAIL" password="$ADMIN_PASSWORD")"
			expect 200 || { echo "$base/admin/login$slash"; return 1; }
			[[ -n $(field .token) ]] || return 1
			api POST "$base/customer/request-otp$slash" --json "$(json mobile_number="$number")"
			expect 202 || { echo "$base/customer/request-otp$slash"; return 1; }
			api POST "$base/customer/login$slash" --json "$(json mobile_number="$number" otp=1234)"
			expect 200 || { echo "$base/customer/login$slash"; return 1; }
		done
	done
}

@test "from Django: signing in at the project's addresses" {
	sign_in_paths "$ROOT/api" "$ROOT/auth" "$ROOT/api/auth" "$ROOT/cgi-bin/api" "$ROOT/cgi-bin/api/auth"
}

@test "from Django: these addresses are the group auth and nothing more" {
	for path in /api/admin /api/admin/ /api/customer /auth/admin /api/admin/x /auth/customer/login/x; do
		api POST "$ROOT$path"
		[[ $status == 404 || $status == 400 ]] || { echo "$path: $status"; false; }
	done
	for path in /api/admins /api/customers /api/customer-x /auth/me /auth/x /auth; do
		api GET "$ROOT$path"
		expect 404 || { echo "$path"; false; }
	done
	api GET "$ROOT/api/admin/login"
	expect 405 method-not-allowed
	[[ $(header Allow) == *POST* ]]
	api POST "$ROOT/api/admin/login?next=/admin/" --json '{}'
	expect 400 invalid-query
}

# A token as such a client sends it.
django() { token='' api "$1" "$ROOT/api$2" -H "Authorization: Token $admin" "${@:3}"; }

# What there is to buy: $store, $product.
open_store() {
	admin=$(admin_token)
	store=$(once store.id as_admin make /stores name="$(unique Shop-)" currency=EUR)
	product=$(as_admin make /products store="$store" sku="$(unique)" name=Tea price=10.00 inventory_count:=9)
}

as_admin() { token=$(admin_token) "$@"; }

order_body() {
	echo "{\"store\":\"$store\",\"contact\":{\"name\":\"Asha\",\"email\":\"asha@example.com\"},
		\"items\":[{\"product\":\"$product\",\"quantity\":1}]$1}"
}

@test "from Django: signing in" {
	admin=$(admin_token)
	django GET /auth/me/
	expect 200
	api POST "$ROOT/api/admin/login/" --data-urlencode "email=$ADMIN_EMAIL" --data-urlencode "password=$ADMIN_PASSWORD"
	expect 200
	[[ $(field '[.token, .expires_at, .user.email] | map(length > 0) | all') == true ]]
	first=$(field .token)
	api POST "$ROOT/api/admin/login/" --data-urlencode "email=$ADMIN_EMAIL" --data-urlencode "password=$ADMIN_PASSWORD"
	[[ $(field .token) != "$first" ]]
	api GET "$ROOT/api/auth/me/" -H "Authorization: Token $first"
	expect 200
	[[ -z $(header Set-Cookie) ]]
	api POST "$ROOT/api/admin/login/" -d 'email=nobody@example.test&password=wrong'
	expect 401 invalid-credentials
	for path in /products/ /meta/; do
		api GET "$ROOT/api$path" -H 'Authorization: Basic eDp5'
		expect 200
		api GET "$ROOT/api$path" -H 'Authorization: Token 9944b09199c62bcf9418ad846dd0e4bbdfc6ee4b'
		expect 401 invalid-token
	done
	api GET "$ROOT/api/users/" -H 'Authorization: Basic eDp5'
	expect 401 not-authenticated
	number=$(new_number)
	api POST "$ROOT/api/customer/request-otp/" -d "mobile_number=%2B${number#+}"
	expect 202
	api POST "$ROOT/api/customer/login/" -d "mobile_number=%2B${number#+}&otp=1234"
	expect 200
	[[ $(field '.user.mobile_number') == "$number" ]]
	# 30 days, 12 hours.
	for login in "$first" "$(field .token)"; do
		$PSQL -c "select round(extract(epoch from expires_at - created_at) / 3600) from sessions
			where token_hash = sha256('$login')" >>"$BATS_TEST_TMPDIR/hours"
	done
	[[ $(tr '\n' ' ' <"$BATS_TEST_TMPDIR/hours") == '12 720 ' ]]
}

@test "from Django: requests and answers" {
	open_store
	django POST /products/ --json "{\"store\":\"$store\",\"sku\":\"$(unique)\",\"name\":\"Tea\",\"price\":19.9,\"category\":null,
		\"active_from\":\"2020-01-01T01:00:00+01:00\",\"weight\":\"0.5\",\"description\":\"Green\"}"
	expect 201
	[[ $(field '[.price, .active_from, .category] | tojson') == '["19.90","2020-01-01T00:00:00.000000Z",null]' ]]
	id=$(field .id)
	[[ $(header Location) == */api/products/$id ]]
	django GET "/products/$id/"
	expect 200
	tag=$(header ETag)
	django PATCH "/products/$id/" --json '{"name":"Black tea"}'
	expect 200
	django PATCH "/products/$id/" --json '{"name":"White tea"}' -H "If-Match: $tag"
	expect 412 precondition-failed
	django PATCH "/products/$id/" --json '{"colour":"red","currency":"USD"}'
	expect 422 validation '/colour unknown_field, /currency read_only'
	# What GET gave goes back; a PUT keeps what it does not name.
	django GET "/products/$id/"
	django PUT "/products/$id/" --json "$(jq -c '.name = "Green tea"' <<<"$body")"
	expect 200
	django PUT "/products/$id/" --json "$(jq -c '{store, sku, name, price}' <<<"$body")"
	expect 200
	[[ $(field '[.name, .description, .weight] | tojson') == '["Green tea","Green","0.5"]' ]]
	django PUT "/products/$id/" --json '{"price":"1"}'
	expect 422 validation '/name required'
	django POST "/products/$id/" -H 'X-HTTP-Method-Override: PATCH' --json '{"name":"Oolong"}'
	expect 200
	django POST "/products/$id/stock/" --json '{"delta":5,"reason":"delivery"}'
	[[ $status == 200 || $status == 201 ]]
	django GET "/products/$id/"
	[[ $(field .inventory_count) == 5 ]]
	django DELETE "/products/$id/"
	expect 204
	django GET "/products/$id/"
	expect 404 not-found
	django POST "/products/$id/restore/"
	expect 200
	django GET /products/7/
	expect 404 not-found
	django OPTIONS /products/
	expect 204
	[[ $(header Allow) == *POST* ]]
	django POST /products/ -d 'name=x'
	expect 415 unsupported-media-type
}

@test "from Django: errors" {
	open_store
	django POST /products/ --json '{}'
	expect 422 validation '/name required, /store required'
	[[ $(node -e 'const problem = JSON.parse(process.argv[1]);
		const fields = Object.fromEntries((problem.errors ?? []).map(e => [e.pointer.split("/")[1] || "non_field_errors", e.code]));
		console.log(Object.keys(fields).sort().join(" "))' "$body") == 'name store' ]]
	django POST /orders/ --json "{\"store\":\"$store\",\"items\":[{\"product\":\"$product\",\"quantity\":0}]}"
	expect 422 validation '/items/0/quantity min_value'
	django GET "/products/01900000-0000-7000-8000-000000000000/"
	expect 404 not-found
	[[ $(field '[.title, .status, (.request_id | length > 0)] | tojson') == '["Not found",404,true]' ]]
	django POST /products/ --json '{'
	expect 400 invalid-json
	django PATCH /products/
	expect 405 method-not-allowed
	token=$(customer_token) api POST "$ROOT/api/products/" --json '{}'
	expect 403 forbidden
	django POST /orders/ --json "$(order_body '')"
	token=$(customer_token) api GET "$ROOT/api/orders/$(field .id)/"
	expect 404 not-found
}

@test "from Django: lists" {
	open_store
	for price in 1 2 3; do
		as_admin make /products store="$store" sku="$(unique)" name="Djasmine $price" price="$price" >/dev/null
	done
	django GET "/products/?store=$store&search=djasmine&ordering=-price,name&count=exact&page=1&page_size=2"
	expect 200
	[[ $(field '[.count, .previous, [.results[].price]] | tojson') == '[3,null,["3.00","2.00"]]' ]]
	next=$(field .next)
	[[ $next == */api/products* ]]
	api GET "$next"
	[[ $(field '[.results[].price] | tojson') == '["1.00"]' && $(field .next) == null ]]
	django GET "/products/?store=$store&page=2&page_size=2&search=djasmine&ordering=price"
	[[ $(field '[.results[].price] | tojson') == '["3.00"]' ]]
	django GET "/products/?store=$store&search=djasmine"
	[[ $(field 'has("count")') == false ]]
	django GET "/products/?store=$store&price__gte=2&price__lt=3&category=&in_stock=&_=1&utm_source=mail"
	[[ $(field '[.results[].price] | tojson') == '["2.00"]' ]]
	django GET "/products/?store=$store&price__gt=2&price__lte=3&category=null&created_at__gte=2020-01-01T00:00:00Z"
	[[ $(field '[.results[].price] | tojson') == '["3.00"]' ]]
	django GET "/products/?store=$store&in_stock=true"
	[[ $(field '[.results[] | select(.name | startswith("Djasmine"))] | length') == 0 ]]
	[[ $(field '.results | length > 0') == true ]]
	for query in limit=10 offset=10 price__in=1,2 name__icontains=x category__isnull=true colour=red page=101 page_size=101; do
		django GET "/products/?$query"
		expect 400 invalid-query
	done
}

@test "from Django: the base model" {
	open_store
	django PATCH "/products/$product/" --json '{"status":"draft","comments":"later","is_suspended":true,"active_from":null}'
	expect 200
	[[ $(field '[.status, .comments, .is_suspended] | tojson') == '["draft","later",true]' ]]
	[[ $(field '.created_by == .modified_by and (.modified_at > .created_at)') == true ]]
	token='' api GET "$ROOT/api/products/$product/"
	expect 404 not-found
	django PATCH "/products/$product/" --json '{"is_suspended":false,"active_to":"2020-01-01T00:00:00Z"}'
	token='' api GET "$ROOT/api/products/$product/"
	expect 404 not-found
	django PATCH "/products/$product/" --json '{"active_to":null}'
	token='' api GET "$ROOT/api/products/$product/"
	expect 200
	[[ $(field '[has("status"), has("comments"), has("is_deleted"), has("created_at")] | tojson') == '[false,false,false,true]' ]]
	django PATCH "/products/$product/" --json '{"is_deleted":true}'
	expect 422 validation '/is_deleted read_only'
	django PATCH "/products/$product/" --json "{\"status\":\"$(printf 'x%.0s' {1..51})\"}"
	expect 422 validation '/status max_length'
	django DELETE "/products/$product/"
	django GET "/products/?store=$store&include=deleted"
	[[ $(field ".results[] | select(.id == \"$product\") | .is_deleted") == true ]]
}

@test "from Django: variants and their options" {
	open_store
	variant=$(as_admin make /products store="$store" sku="$(unique)" name=Tea price=3 parent="$product" inventory_count:=2 \
		attributes:='{"size":"large"}')
	product=$variant
	django POST /orders/ --json "$(order_body '')"
	expect 201
	order=$(field .id)
	django PATCH "/products/$variant/" --json '{"name":"Other","attributes":{"size":"small"}}'
	expect 200
	django GET "/orders/$order/"
	[[ $(field '.items[0] | [.name, .options.size] | tojson') == '["Tea","large"]' ]]
}

@test "from Django: orders" {
	open_store
	for action in '' ',"action":"place_order"'; do
		api POST "$ROOT/api/orders/" --json "$(order_body "$action")"
		expect 201
		[[ $(field .status) == placed ]]
	done
	order=$(field .id) number=$(field .number) secret=$(field .order_token)
	api GET "$ROOT/api/orders/$order/"
	expect 404 not-found
	api GET "$ROOT/api/orders/$order/" -H "X-Order-Token: $secret"
	expect 200
	django GET "/orders/?search=%23$number"
	[[ $(field '[.results[].id] | tojson') == "[\"$order\"]" ]]
	django GET "/orders/?status=PLACED&search=$number"
	[[ $(field '[.results[].id] | tojson') == "[\"$order\"]" ]]
	django GET '/orders/?status=LOST'
	expect 400 invalid-query
	django PATCH "/orders/$order/" --json '{"status":"SHIPPED"}'
	expect 422 validation '/status read_only'
	django PATCH "/orders/$order/" --json '{"status":"PLACED","comments":"ring","is_suspended":true,"active_from":"2030-01-01T00:00:00Z"}'
	expect 200
	[[ $(field '[.status, .comments, .is_suspended] | tojson') == '["placed","ring",true]' ]]
	[[ $(field '.allowed_transitions | index("shipped") != null') == true ]]
	django POST "/orders/$order/ship/"
	expect 200
	[[ $(field .status) == shipped ]]
	django POST "/orders/$order/complete/"
	[[ $(field .status) == completed ]]
	# Prices are the shop's.
	api POST "$ROOT/api/orders/" --json "$(order_body ',"total":"0.01"')"
	expect 422 validation '/total unknown_field'
	api POST "$ROOT/api/orders/" --json "$(order_body '' | sed 's/"quantity":1/"quantity":10/')"
	expect 409 out-of-stock
	[[ $(field '.products[0].product') == "$product" ]]
	key=$(unique key-)$(unique)
	api POST "$ROOT/api/orders/" --json "$(order_body '')" -H "Idempotency-Key: $key"
	first=$(field .id)
	api POST "$ROOT/api/orders/" --json "$(order_body '')" -H "Idempotency-Key: $key"
	[[ $(field .id) == "$first" && $(header Idempotent-Replayed) == true ]]
}

@test "from Django: carts, and a name for the invoice" {
	open_store
	token=$(login_customer "$(new_number)")
	api POST "$ROOT/api/orders/" --json "{\"store\":\"$store\",\"action\":\"update_cart\",
		\"items\":[{\"product\":\"$product\",\"quantity\":2}]}"
	expect 201
	cart=$(field .id)
	[[ $(field .status) == cart ]]
	api PATCH "$ROOT/api/orders/$cart/" --json "{\"items\":[{\"product\":\"$product\",\"quantity\":1}]}"
	expect 200
	api POST "$ROOT/api/orders/$cart/place/"
	expect 422 validation '/contact/name required'
	api PATCH "$ROOT/api/orders/$cart/" --json '{"contact":{"name":"Asha"}}'
	api POST "$ROOT/api/orders/$cart/place/"
	expect 200
	[[ $(field .status) == placed ]]
	api POST "$ROOT/api/orders/$cart/cancel/"
	[[ $(field .status) == cancelled ]]
}

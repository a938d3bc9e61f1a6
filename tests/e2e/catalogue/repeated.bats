# Objects that are created twice: by a request that is repeated with its Idempotency-Key, and under a name that another
# object has.
# shellcheck disable=SC2154

load ../../support/orders

setup_file() {
	as admin
	STORE=$(staffed_store)
	OTHER=$(make /stores name="$(unique Other-)" currency=EUR)
	export STORE OTHER
}

setup() {
	as staff
	key=$(unique key-)$(unique)
}

# keyed METHOD PATH JSON : with the key
keyed() { api "$1" "$2" --json "$3" -H "Idempotency-Key: $key"; }

# replayed PATH JSON : sent twice, it creates one object and is answered the same twice.
replayed() {
	local first location
	keyed POST "$1" "$2"
	expect 201
	[[ -z $(header Idempotent-Replayed) ]]
	first=$body location=$(header Location)
	keyed POST "$1" "$2"
	expect 201
	[[ $body == "$first" && $(header Location) == "$location" && $(header Idempotent-Replayed) == true ]]
	[[ $(header ETag) == \"*\" && $(header Content-Type) == application/json ]]
}

@test "repeated: each kind of object is created once" {
	local n rows
	n=$(unique)
	replayed /products "{\"store\":\"$STORE\",\"sku\":\"$n\",\"name\":\"$n\",\"price\":\"5.00\",\"inventory_count\":3}"
	[[ $(sql "select count(*) || ' ' || sum(s.inventory_count) from products p join stock s on s.product = p.id
		where sku = '$n'") == "1 3" ]]
	product=$(field .id)
	for rows in categories:"\"name\":\"$n\",\"store\":\"$STORE\"" shipping-methods:"\"name\":\"$n\",\"store\":\"$STORE\",\"price\":1" \
		tax-classes:"\"name\":\"$n\",\"store\":\"$STORE\",\"rate\":5" coupons:"\"code\":\"$n\",\"store\":\"$STORE\",\"discount_percent\":5" \
		product-images:"\"product\":\"$product\",\"url\":\"https://img.example/$n.png\""; do
		key=$(unique key-)$(unique)
		replayed "/${rows%%:*}" "{${rows#*:}}"
	done
	[[ $(sql "select count(*) from categories where name = '$n'") == 1 ]]
	as admin
	for rows in stores:"\"name\":\"$n\",\"currency\":\"EUR\"" users:"\"email\":\"$n@example.com\",\"is_customer\":true"; do
		key=$(unique key-)$(unique)
		replayed "/${rows%%:*}" "{${rows#*:}}"
	done
	as customer
	key=$(unique key-)$(unique)
	replayed /addresses "{\"name\":\"$n\",\"line1\":\"1 Lane\",\"city\":\"Ghent\",\"country\":\"BE\"}"
	[[ $(sql "select count(*) from addresses where name = '$n'") == 1 ]]
}

@test "repeated: a key is for one request, of one caller" {
	local n product
	n=$(unique)
	product="{\"store\":\"$STORE\",\"sku\":\"$n\",\"name\":\"$n\",\"price\":\"5.00\"}"
	keyed POST /products "$product"
	expect 201
	keyed POST /products "${product/5.00/6.00}"
	expect 422 idempotency-key-reused
	keyed POST /categories "{\"name\":\"$n\",\"store\":\"$STORE\"}"
	expect 422 idempotency-key-reused
	as admin
	keyed POST /products "${product/$n/$n-2}"
	expect 201
	[[ -z $(header Idempotent-Replayed) ]]
	key='a, b'
	keyed POST /products "$product"
	expect 400 invalid-idempotency-key
}

@test "repeated: a refused request can be sent again under its key" {
	local n
	n=$(unique)
	keyed POST /products "{\"store\":\"$STORE\",\"sku\":\"$n\"}"
	expect 422 validation
	keyed POST /products "{\"store\":\"$OTHER\",\"sku\":\"$n\",\"name\":\"$n\",\"price\":1}"
	expect 403
	keyed POST /products "{\"store\":\"$STORE\",\"sku\":\"$n\",\"name\":\"$n\",\"price\":1}"
	expect 201
	[[ -z $(header Idempotent-Replayed) ]]
}

@test "repeated: at once, one is created" {
	local n
	n=$(unique)
	built send_together
	for _ in {1..8}; do
		printf '{"method":"POST","path":"/products","body":%s,"headers":%s}\n' \
			"{\"store\":\"$STORE\",\"sku\":\"$n\",\"name\":\"$n\",\"price\":1}" \
			"{\"Authorization\":\"Bearer $token\",\"Idempotency-Key\":\"$key\"}"
	done | "$programs/send_together" "$API" >"$BATS_TEST_TMPDIR/answers"
	[[ $(jq -rs '[.[].status] | unique - [201, 409] | length' "$BATS_TEST_TMPDIR/answers") == 0 ]]
	jq -es 'any(.status == 201)' "$BATS_TEST_TMPDIR/answers" >/dev/null
	[[ $(sql "select count(*) from products where sku = '$n'") == 1 ]]
}

@test "repeated: a note of an order" {
	local store product order
	store=$(staffed_store)
	as staff
	product=$(make /products store="$store" sku="$(unique)" name=Tea price=1 inventory_count:=5)
	order=$(make /orders store="$store" items:="[{\"product\":\"$product\",\"quantity\":1}]" \
		contact:='{"name":"Buyer","email":"buyer@example.com"}')
	for _ in 1 2; do
		keyed POST "/orders/$order/notes" '{"note":"call first"}'
		expect 201
	done
	[[ $(field '[.events[] | select(.note == "call first")] | length') == 1 ]]
	[[ $(sql "select count(*) from order_events where order_id = '$order' and note = 'call first'") == 1 ]]
}

@test "repeated: a movement of stock" {
	local product
	product=$(make /products store="$STORE" sku="$(unique)" name=Tea price=1 inventory_count:=5)
	for _ in 1 2; do
		keyed POST "/products/$product/stock" '{"delta":3,"reason":"delivery"}'
		expect 200
		[[ $(field .inventory_count) == 8 ]]
	done
	[[ $(header Idempotent-Replayed) == true ]]
	api GET "/products/$product"
	[[ $(field .inventory_count) == 8 ]]
	keyed POST "/products/$product/stock" '{"delta":4,"reason":"delivery"}'
	expect 422 idempotency-key-reused
}

# existing FILTER : of the last problem's only error
existing() { [[ $(field '[.errors[] | [.pointer, .code, .existing] | join(" ")] | join(",")') == "$1" ]]; }

@test "taken: the object that has the value is named" {
	local n tea other
	n=$(unique)
	tea=$(make /products store="$STORE" sku="$n" name="$n" price=1)
	other=$(make /products store="$STORE" sku="$n-2" name="$n" price=1)
	send POST /products store="$STORE" sku="$n" name="$n" price=1
	expect 409 conflict
	existing "/sku taken $tea"
	send PATCH "/products/$other" sku="$n"
	expect 409 conflict
	existing "/sku taken $tea"
	send PATCH "/products/$other" slug="$(api GET "/products/$tea" && field .slug)"
	expect 409 conflict
	existing "/slug taken $tea"
	api DELETE "/products/$tea"
	send PATCH "/products/$other" sku="$n"
	expect 200
	api POST "/products/$tea/restore"
	expect 409 conflict
	existing "/sku taken $other"
	coupon=$(make /coupons code="C$n" store="$STORE" discount_percent=5)
	send POST /coupons code="c$n" store="$STORE" discount_percent=5
	expect 409 conflict
	existing "/code taken $coupon"
}

@test "taken: staff cannot ask for what other stores have" {
	local there=$OTHER tag sku code zone class category parent own
	tag=$(unique) class=$(unique) own=$STORE
	as admin
	parent=$(make /products store="$there" sku="$tag" external_id="$tag" name="$tag" price=1)
	make /coupons store="$there" code="$tag" discount_percent=5 >/dev/null
	make /tax-classes store="$there" name="$class" rate=5 >/dev/null
	category=$(make /categories store="$there" name="$tag" external_id="$tag")
	make /categories parent="$category" name="$tag" >/dev/null
	image=$(make /product-images product="$parent" url=https://images.invalid/a)
	as staff
	for value in "$tag" "$(unique)"; do
		for sent in sku slug external_id; do
			send POST /products store="$there" name="$(unique)" price=1 "$sent=$value"
			expect 403 forbidden
			send POST /products parent="$parent" name="$(unique)" price=1 "$sent=$value"
			expect 403 forbidden
		done
		send POST /coupons store="$there" code="$value" discount_percent=5
		expect 403 forbidden
		send POST /coupons code="$value" discount_percent=5
		expect 403 forbidden
		send POST /categories store="$there" name="$value"
		expect 403 forbidden
		send POST /categories store="$there" name="$(unique)" external_id="$value"
		expect 403 forbidden
		send POST /categories parent="$category" name="$value"
		expect 403 forbidden
		send POST /subcategories category="$category" name="$value"
		expect 403 forbidden
	done
	for value in "$class" "$(unique)"; do
		send POST /tax-classes store="$there" name="$value" rate=5
		expect 403 forbidden
	done
	# What is taken in their own they learn.
	make /products store="$own" sku="$tag" name=x price=1 >/dev/null
	send POST /products store="$own" sku="$tag" name=x price=1
	expect 409 conflict '/sku taken'
}

@test "taken: what the caller may not see is not named" {
	local n
	n=$(unique)
	as admin
	coupon=$(make /coupons code="$n" store="$OTHER" discount_percent=5)
	as staff
	send POST /coupons code="$n" store="$STORE" discount_percent=5
	expect 409 conflict
	existing "/code taken "
	as admin
	secret=$(make /products store="$OTHER" sku="$n" external_id="secret-$n" name="$n" price=1)
	as staff
	send POST /products store="$OTHER" name=Guess price=1 external_id="secret-$n"
	[[ $(field '[.errors // [] | .[].existing] | join("")') == '' ]]
	as admin
	send POST /products store="$OTHER" name=Guess price=1 external_id="secret-$n"
	existing "/external_id taken $secret"
	send POST /coupons code="$n" store="$STORE" discount_percent=5
	existing "/code taken $coupon"
}

# What coupons are worth, whom they refuse and why, and how often they can be used.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	product=$(make_product price=10.00 inventory_count:=1000)
	code=$(unique SAVE-)
}
teardown() {
	ledger_is_right
	counts_are_right
}

# counts_are_right : each coupon was used as often as its redemptions say.
counts_are_right() {
	local wrong
	wrong=$(sql "select u.coupon, u.used_count from coupon_uses u where u.used_count <> (
		select count(*) from coupon_redemptions r where r.coupon = u.coupon)")
	if [[ -n $wrong ]]; then echo "uses and redemptions differ: $wrong"; return 1; fi
}

# make_coupon COLUMN=VALUE... : as SQL; leaves $coupon. It has the code $code, gives ten percent and is of $store
# unless they say otherwise.
make_coupon() {
	local pair
	local -A wanted=()
	for pair in "code='$code'" "store='$store'" "$@"; do wanted[${pair%%=*}]=${pair#*=}; done
	if [[ "$*" != *discount_* ]]; then wanted[discount_percent]=10; fi
	coupon=$(sql "insert into coupons ($(IFS=,; echo "${!wanted[*]}")) values ($(IFS=,; echo "${wanted[*]}"))
		returning id")
}

# with COUPON [PIECES [JQ]] : an order of $product, changed.
with() { ask POST /orders "$(order_of "$product:${2-1}" | jq -c --arg c "$1" ".coupon = \$c | ${3-.}")"; }

used() { sql "select used_count from coupon_uses where coupon = '$coupon'"; }

# saves AMOUNT [PIECES] : the coupon takes that from an order.
saves() {
	with "$code" "${2-1}"
	expect 201
	is .discount_total "$1"
}

# not_taken CODE DETAIL : and nothing is taken from the stock.
not_taken() {
	local before
	before=$(stock_of "$product")
	with "$code"
	refused "/coupon $1"
	is '.errors[0].detail' "$2"
	in_stock "$product" "$before"
}

# gone CODE DETAIL : only staff of the store see the reason; to everybody else it is as if there were no such code.
gone() {
	local who
	for who in nobody customer stranger; do
		by "$who" not_taken not_found 'There is no coupon with this code that can be used now.'
		by "$who" ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c | .action = "update_cart"')"
		refused '/coupon not_found'
	done
	by staff not_taken "$@"
	by admin not_taken "$@"
}

@test "coupons: a percentage and an amount" {
	make_coupon
	saves 1.00
	is '[.subtotal, .total, .coupon] | join(" ")' "10.00 9.00 $code"
	saves 3.00 3
	[[ $(used) == 2 ]]
	code=$(unique SAVE-)
	make_coupon discount_amount=3.33
	saves 3.33 2
	is '[.subtotal, .total, .items[0].line_total] | join(" ")' '20.00 16.67 16.67'
}

@test "coupons: the code in any case, and of any store" {
	make_coupon store=null code="'$code-äß'"
	by customer with "${code,,}-ÄSS"
	refused '/coupon not_found'
	by customer with "${code,,}-Äß"
	expect 201
	is .coupon "$code-äß"
	store=$other_store product=$(store=$other_store make_product)
	with "$code-äß"
	expect 201
	is .discount_total 1.00
}

@test "coupons: an amount over the price makes the order free, and no more" {
	make_coupon discount_amount=100
	saves 10.00
	is '[.total, .status, .payment_status, .items[0].line_total] | join(" ")' '0.00 paid paid 0.00'
	code=$(unique SAVE-)
	make_coupon discount_percent=100
	saves 70.00 7
	is '[.total, .status] | join(" ")' '0.00 paid'
}

@test "coupons: those that are not there" {
	none='There is no coupon with this code that can be used now.'
	gone not_found "$none"
	make_coupon is_active=false
	gone not_found "$none"
	for state in is_suspended=true is_deleted=true "active_from='2999-01-01'" "active_to='2001-01-01'"; do
		code=$(unique SAVE-)
		make_coupon "$state"
		not_taken not_found "$none"
	done
	code=$(unique SAVE-)
	make_coupon store="'$other_store'"
	not_taken not_found "$none"
	sql "update coupons set store = '$store' where id = '$coupon'"
	saves 1.00
	[[ $(used) == 1 ]]
}

@test "coupons: before and after its time" {
	make_coupon valid_from="now() + interval '1 minute'" min_order_value=1000 usage_limit_per_customer=1
	gone not_yet 'The coupon is not valid yet.'
	sql "update coupons set valid_from = now() - interval '1 minute', min_order_value = null, usage_limit_per_customer = null
		where id = '$coupon'"
	saves 1.00
	sql "update coupons set valid_to = now() where id = '$coupon'"
	gone expired 'The coupon has expired.'
	sql "update coupons set valid_to = now() + interval '1 minute' where id = '$coupon'"
	saves 1.00
}

@test "coupons: the least that an order must be worth" {
	make_coupon min_order_value=20
	not_taken min_value 'The goods that the coupon is for must cost at least 20.00 EUR.'
	with "$code" 2
	expect 201
	sql "update coupons set min_order_value = 20.01 where id = '$coupon'"
	with "$code" 2
	refused '/coupon min_value'
	is '.errors[0].detail' 'The goods that the coupon is for must cost at least 20.01 EUR.'
}

@test "coupons: limited in all" {
	make_coupon usage_limit=2
	saves 1.00
	order=$(field .id) order_token=$(field .order_token)
	by customer with "$code"
	expect 201
	gone used_up 'The coupon has reached its usage limit.'
	sql "update coupons set min_order_value = 1000, first_order = true where id = '$coupon'"
	gone used_up 'The coupon has reached its usage limit.'
	sql "update coupons set min_order_value = null, first_order = false where id = '$coupon'"
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 200
	[[ $(used) == 1 ]]
	saves 1.00
	gone used_up 'The coupon has reached its usage limit.'
	sql "update coupons set usage_limit = null where id = '$coupon'"
	saves 1.00
	[[ $(used) == 3 ]]
}

@test "coupons: limited for a customer" {
	mine='You have reached the usage limit of this coupon.'
	make_coupon usage_limit_per_customer=1
	by customer with "$code" 1 '.contact = {name: "A"}'
	expect 201
	by customer with "$code" 1 '.contact = {name: "A"}'
	refused '/coupon used_up'
	is '.errors[0].detail' "$mine"
	by another_customer with "$code" 1 '.contact = {name: "A"}'
	expect 201
	# Whatever contact they give.
	by customer with "$code" 1 '.contact = {name: "B", email: "b@example.com", mobile_number: "+919800000009"}'
	refused '/coupon used_up'
	[[ $(used) == 2 ]]
}

# proven_cart CONTACT : a guest's cart of $product with the coupon, whose contact was confirmed by a code.
proven_cart() {
	token=
	ask POST /orders "$(order_of "$product:1" | jq -c --argjson c "$1" '.contact = $c | .action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	sql "update orders set email_proven = contact_email is not null, mobile_proven = contact_mobile is not null
		where id = '$order'"
	ask PATCH "/orders/$order" "{\"coupon\":\"$code\"}" "X-Order-Token: $order_token"
}

place_cart() { ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"; }

@test "coupons: with a limit per customer, not for unverified guests" {
	make_coupon usage_limit_per_customer=1
	victim=$(new_number)
	with "$code" 1 ".contact = {name: \"A\", email: \"asha.r@example.com\", mobile_number: \"$victim\"}"
	refused '/coupon sign_in_required'
	is '.errors[0].detail' 'The coupon depends on who orders: sign in, or confirm the contact of the cart.'
	ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c | .action = "update_cart"')"
	refused '/coupon sign_in_required'
	# Nor does a signed-in customer use up that of another contact.
	by customer with "$code" 1 ".contact = {name: \"A\", email: \"asha.r@example.com\", mobile_number: \"$victim\"}"
	expect 201
	[[ $(used) == 1 ]]
	token=$(login_customer "$victim")
	with "$code" 1 '.contact = {name: "D"}'
	expect 201
	token=
	proven_cart '{"name":"A","email":"asha.r@example.com"}'
	expect 200
	place_cart
	expect 200
	[[ $(used) == 3 ]]
	# What the store's people enter is for the buyer that they name.
	by staff with "$code" 1 '.contact = {name: "B", email: "b@example.com"}'
	expect 201
	by staff with "$code" 1 '.contact = {name: "C", email: "c@example.com"}'
	expect 201
	by staff with "$code" 1 '.contact = {name: "B", email: "B@example.com"}'
	refused '/coupon used_up'
}

@test "coupons: limited for a guest, by confirmed number and address" {
	make_coupon usage_limit_per_customer=1
	proven_cart '{"name":"A","email":"Asha.R@Example.com"}'
	expect 200
	place_cart
	expect 200
	proven_cart '{"name":"B","email":"asha.r@example.COM","mobile_number":"+919800000011"}'
	refused '/coupon used_up'
	proven_cart '{"name":"B","mobile_number":"+91 98000-00011"}'
	expect 200
	place_cart
	expect 200
	proven_cart '{"name":"C","email":"c@example.com","mobile_number":"+91 (98000) 00011"}'
	refused '/coupon used_up'
	proven_cart '{"name":"C","email":"c@example.com","mobile_number":"+919800000012"}'
	expect 200
	# Another contact is to be confirmed again.
	ask PATCH "/orders/$order" '{"contact":{"email":"d@example.com","mobile_number":"+91 98000 00012"}}' \
		"X-Order-Token: $order_token"
	expect 200
	[[ $(sql "select email_proven, mobile_proven from orders where id = '$order'") == 'f|t' ]]
	ask PATCH "/orders/$order" '{"contact":{"mobile_number":null}}' "X-Order-Token: $order_token"
	is '[.changes[] | .pointer + " " + .code] | join(", ")' '/discount_total discount_changed, /coupon sign_in_required'
	place_cart
	refused '/coupon sign_in_required'
	# A customer with the number of a guest who had it.
	mobile=$(new_number)
	proven_cart "{\"name\":\"D\",\"mobile_number\":\"$mobile\"}"
	expect 200
	place_cart
	expect 200
	token=$(login_customer "$mobile")
	with "$code" 1 '.contact = {name: "D"}'
	refused '/coupon used_up'
}

@test "coupons: a guest's cart shows its limits too" {
	make_coupon usage_limit_per_customer=1
	proven_cart '{"name":"A","email":"'"$code"'@example.com"}'
	place_cart
	expect 200
	proven_cart '{"name":"A","email":"'"$code"'@example.com"}'
	refused '/coupon used_up'
	code=$(unique SAVE-)
	make_coupon usage_limit=1
	ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c | .action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	[[ $(used) == 0 ]]
	saves 1.00
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '.changes | map(select(.pointer == "/coupon").code) | join(", ")' not_found
	by staff api GET "/orders/$order"
	is '.changes | map(select(.pointer == "/coupon").code) | join(", ")' used_up
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	refused '/coupon not_found'
	[[ $(used) == 1 ]]
}

@test "coupons: returned once" {
	make_coupon usage_limit=5
	saves 1.00
	order=$(field .id) order_token=$(field .order_token)
	saves 1.00
	[[ $(used) == 2 ]]
	for _ in 1 2 3; do
		ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
		[[ $(used) == 1 ]]
	done
	expect 409 transition-not-allowed
	by staff ask POST "/orders/$order/cancel"
	expect 409 transition-not-allowed
	[[ $(used) == 1 ]]
	# The order still says which one it was.
	by staff api GET "/orders/$order"
	is '[.coupon, .discount_total] | join(" ")' "$code 1.00"
}

@test "coupons: an order that fails uses none" {
	make_coupon
	with "$code" 1001
	expect 409 out-of-stock
	with "$code" 1 ".shipping_method = \"$product\""
	refused '/shipping_method not_found'
	[[ $(used) == 0 ]]
	key=$(unique key-)$(unique)
	for _ in 1 2; do
		ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c')" "Idempotency-Key: $key"
		expect 201
	done
	[[ $(used) == 1 ]]
}

@test "coupons: an amount is spread over the lines and is not lost" {
	other=$(make_product price=0.01 tax_rate=19) free=$(make_product price=0)
	make_coupon discount_amount=1.00
	ask POST /orders "$(order_of "$other:1" "$free:3" "$product:1" | jq -c --arg c "$code" '.coupon = $c')"
	expect 201
	is '.items | map(.discount_amount) | join(" ")' '0.00 0.00 1.00'
	is '[.discount_total, .total] | join(" ")' '1.00 9.01'
	code=$(unique SAVE-)
	make_coupon discount_amount=5
	ask POST /orders "$(order_of "$free:1" | jq -c --arg c "$code" '.coupon = $c')"
	expect 201
	is '[.discount_total, .total] | join(" ")' '0.00 0.00'
}

@test "coupons: what is sent as one" {
	for bad in '1 wrong_type' '[] wrong_type' '"" blank' "\"$(printf 'x%.0s' {1..41})\" max_length"; do
		ask POST /orders "$(order_of "$product:1" | jq -c ".coupon = ${bad% *}")"
		refused "/coupon ${bad##* }" || { echo "$bad"; return 1; }
	done
	with "'; drop table coupons; --"
	refused '/coupon not_found'
}

# lines_off AMOUNT... : what was taken off each line of the order.
lines_off() {
	expect 201
	is '.items | map(.discount_amount) | join(" ")' "$*"
}

@test "coupons: for some products and categories" {
	drinks=$(by admin make /categories name="$(unique Drinks-)") leaf=$(by admin make /subcategories name="$(unique Leaf-)" category="$drinks")
	deep=$(by admin make /categories name="$(unique Deep-)" parent="$leaf") gifts=$(by admin make /categories name="$(unique Gifts-)")
	tea=$(make_product categories:="[\"$gifts\",\"$deep\"]") cup=$(make_product price=5.00)
	green=$(make_product parent="$tea" price=20.00 attributes:='{"colour":"green"}')
	black=$(make_product parent="$tea" price=20.00 attributes:='{"colour":"black"}')
	basket() { ask POST /orders "$(order_of "$product:1" "$green:1" "$black:2" "$cup:1" | jq -c --arg c "$code" '.coupon = $c')"; }
	make_coupon discount_amount=7 products="'[\"$green\", \"$cup\"]'"
	basket
	lines_off 0.00 5.60 0.00 1.40
	# With its variants, and a category with all below it, of any of its categories.
	sql "update coupons set products = '[\"$tea\"]' where id = '$coupon'"
	basket
	lines_off 0.00 2.33 4.67 0.00
	sql "update coupons set products = '[]', categories = '[\"$drinks\"]' where id = '$coupon'"
	basket
	lines_off 0.00 2.33 4.67 0.00
	sql "update coupons set products = '[\"$cup\"]', discount_amount = null, discount_percent = 10 where id = '$coupon'"
	basket
	lines_off 0.00 2.00 4.00 0.50
	# Of none of them; the least value is that of the goods that it is for.
	not_taken wrong_products 'The coupon is for other products.'
	sql "update coupons set min_order_value = 65.01 where id = '$coupon'"
	basket
	refused '/coupon min_value'
	sql "update coupons set min_order_value = 65 where id = '$coupon'"
	basket
	expect 201
	# No more than they cost.
	sql "update coupons set categories = '[]', discount_percent = null, discount_amount = 50, min_order_value = null
		where id = '$coupon'"
	basket
	lines_off 0.00 0.00 0.00 5.00
	is '[.subtotal, .discount_total, .total] | join(" ")' '75.00 5.00 70.00'
}

@test "coupons: not for what is on sale" {
	sale=$(make_product price=20.00 compare_at_price=30.00) former=$(make_product price=20.00 compare_at_price=20.00)
	basket() { ask POST /orders "$(order_of "$product:1" "$sale:1" "$former:1" | jq -c --arg c "$code" '.coupon = $c')"; }
	make_coupon discount_percent=10 exclude_sale_items=true
	basket
	lines_off 1.00 0.00 2.00
	ask POST /orders "$(order_of "$sale:1" | jq -c --arg c "$code" '.coupon = $c')"
	refused '/coupon wrong_products'
	sql "update coupons set products = '[\"$sale\", \"$former\"]' where id = '$coupon'"
	basket
	lines_off 0.00 0.00 2.00
}

@test "coupons: a cart says when they are for other products" {
	make_coupon products="'[\"$(make_product)\"]'"
	ask POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c | .action = "update_cart"')"
	expect 201
	is '.changes | map(.pointer + " " + .code) | join(", ")' '/coupon wrong_products'
	is '[.discount_total, .total] | join(" ")' '0.00 10.00'
	order=$(field .id) order_token=$(field .order_token)
	ask POST "/orders/$order/place" '' "X-Order-Token: $order_token"
	refused '/coupon wrong_products'
}

@test "coupons: free shipping" {
	store=$(by admin make /stores name="$(unique Shop-)" currency=EUR) product=$(make_product price=10.00 inventory_count:=100)
	method=$(sql "insert into shipping_methods (store, name, price, handling_fee, class_fees) values ('$store', 'Post', 5, 1,
		'{\"bulky\": \"15\"}') returning id")
	coupon=$(sql "insert into coupons (code, store, free_shipping) values ('$code', '$store', true) returning id")
	sql "update products set shipping_class = 'bulky' where id = '$product'"
	by_post=".shipping_method = \"$method\" | .shipping_address = {line1: \"1 Street\", city: \"City\", country: \"DE\"}"
	sent() { with "$code" "${2-1}" "$by_post" && expect 201 &&
		is '[.discount_total, .shipping_total, .total] | join(" ")' "$1"; }
	sent '0.00 0.00 10.00'
	[[ $(used) == 1 ]]
	sql "update coupons set discount_percent = 10 where id = '$coupon'"
	sent '2.00 0.00 18.00' 2
	sql "update coupons set free_shipping = false where id = '$coupon'"
	sent '1.00 21.00 30.00'
	# It does not make a method send what it cannot.
	sql "update coupons set free_shipping = true where id = '$coupon'"
	sql "update shipping_methods set bands_by = 'pieces', bands = '[{\"up_to\": \"1\", \"price\": \"1\"}]' where id = '$method'"
	sent '1.00 0.00 9.00'
	with "$code" 2 "$by_post"
	refused '/shipping_method out_of_bands'
}

@test "coupons: for a first order" {
	make_coupon first_order=true
	first='The coupon is for a first order.'
	with "$code"
	refused '/coupon sign_in_required'
	token=$(login_customer "$(new_number)")
	with "$code" 1 '.contact = {name: "A"}'
	expect 201
	order=$(field .id)
	with "$code" 1 '.contact = {name: "A"}'
	refused '/coupon not_first_order'
	is '.errors[0].detail' "$first"
	# One that was cancelled does not count; one without the coupon does.
	ask POST "/orders/$order/cancel"
	expect 200
	with "$code" 1 '.contact = {name: "A"}'
	expect 201
	token=$(login_customer "$(new_number)")
	ask POST /orders "$(order_of "$product:1" | jq -c '.contact = {name: "B"}')"
	expect 201
	with "$code" 1 '.contact = {name: "B"}'
	refused '/coupon not_first_order'
	[[ $(used) == 1 ]]
	# In the coupon's store.
	token=$(login_customer "$(new_number)")
	(store=$other_store product=$(store=$other_store make_product)
	ask POST /orders "$(order_of "$product:1" | jq -c '.contact = {name: "C"}')"
	expect 201)
	with "$code" 1 '.contact = {name: "C"}'
	expect 201
}

@test "coupons: a first order is a person's, not a contact's" {
	make_coupon first_order=true
	mobile=$(new_number)
	# Nobody uses up another's by typing the number, whether they claim the order later or not.
	place "$product:1"
	ask POST /orders "$(order_of "$product:1" | jq -c --arg m "$mobile" '.contact = {name: "X", mobile_number: $m}')"
	expect 201
	token=$(login_customer "$mobile")
	api GET /orders
	is '.results | map(.claimed) | tojson' '[true]'
	with "$code" 1 '.contact = {name: "A"}'
	expect 201
	token=
	# Guests who have proven what others have ordered with, in any letter case; tags are other people.
	proven_cart '{"name":"A","email":"'"$code"'@example.com"}'
	expect 200
	place_cart
	expect 200
	proven_cart '{"name":"A","email":"'"${code,,}"'@EXAMPLE.com"}'
	refused '/coupon not_first_order'
	proven_cart '{"name":"A","email":"'"$code"'+1@example.com"}'
	expect 200
	place_cart
	expect 200
	proven_cart "{\"name\":\"A\",\"mobile_number\":\"$mobile\"}"
	refused '/coupon not_first_order'
	# What the store has entered for a buyer counts for the buyer.
	by staff ask POST /orders "$(order_of "$product:1" | jq -c --arg m "S$code@example.com" '.contact = {name: "S", email: $m}')"
	expect 201
	by staff with "$code" 1 ".contact = {name: \"S\", email: \"s$code@example.com\"}"
	refused '/coupon not_first_order'
	by staff with "$code" 1 ".contact = {name: \"S\", email: \"t$code@example.com\"}"
	expect 201
}

@test "coupons: a guest's order that was adopted counts for the account" {
	make_coupon usage_limit_per_customer=1
	proven_cart '{"name":"A","email":"'"$code"'@example.com"}'
	expect 200
	place_cart
	expect 200
	token=$(login_customer "$(new_number)")
	ask POST "/orders/$order/adopt" '' "X-Order-Token: $order_token"
	expect 200
	with "$code" 1 '.contact = {name: "A"}'
	refused '/coupon used_up'
}

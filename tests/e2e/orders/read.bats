# Reading orders: who may see which, and how lists are narrowed and sorted.
# shellcheck disable=SC2034,SC2154

load ../../support/orders

nowhere=01900000-0000-7000-8000-000000000000

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }

# answers STATUS WHO [HEADER]... : to a GET of $order.
answers() {
	by "$2" ask GET "/orders/$order" '' "${@:3}"
	if [[ $status != "$1" ]]; then echo "$2 ${*:3} was answered $status, not $1: $body"; return 1; fi
}

@test "orders: who may read a customer's" {
	product=$(make_product)
	by customer place "$product:1"
	for who in customer staff admin; do answers 200 "$who"; done
	for who in nobody another_customer stranger; do answers 404 "$who"; done
	answers 404 nobody "X-Order-Token: $(unique)$(unique)$(unique)"
	answers 404 nobody 'X-Order-Token: '
	token=nonsense
	api GET "/orders/$order"
	expect 401 invalid-token
	[[ $(header WWW-Authenticate) == 'Bearer error="invalid_token"' ]]
}

@test "orders: who may read a guest's" {
	product=$(make_product)
	place "$product:1"
	guest=$order key="X-Order-Token: $order_token"
	answers 200 nobody "$key"
	for who in customer staff stranger; do answers 200 "$who" "$key"; done
	for who in staff admin; do answers 200 "$who"; done
	for who in nobody customer stranger; do answers 404 "$who"; done
	for other in "${order_token%?}" "${order_token}A" "${order_token^^}" ' ' "$(unique)" \
		"$(sql "select encode(token_hash, 'hex') from orders where id = '$guest'")"; do
		answers 404 nobody "X-Order-Token: $other"
	done
	place "$product:1"
	answers 404 nobody "$key"
	by customer place "$product:1"
	answers 404 nobody "$key"
}

@test "orders: one that may not be seen is like one that does not exist" {
	product=$(make_product)
	by customer place "$product:1"
	answers 404 another_customer
	hidden=$(as_sent 'del(.request_id) | tojson')
	for path in "$nowhere" nonsense "${order%?}" "$order'--"; do
		by another_customer api GET "/orders/$path"
		expect 404 not-found
		is 'del(.request_id) | tojson' "$hidden" as_sent
	done
	for move in cancel ship complete; do
		for who in stranger another_customer nobody; do
			by "$who" ask POST "/orders/$order/$move"
			hidden="$status $(as_sent 'del(.request_id) | tojson')"
			by "$who" ask POST "/orders/$nowhere/$move"
			[[ "$status $(as_sent 'del(.request_id) | tojson')" == "$hidden" ]]
		done
	done
	by customer api GET "/orders/$order"
	is .status placed
}

@test "orders: one that is deleted is gone for all" {
	product=$(make_product)
	place "$product:1"
	sql "update orders set is_deleted = true where id = '$order'"
	for who in staff admin; do answers 404 "$who"; done
	answers 404 nobody "X-Order-Token: $order_token"
	by staff ask POST "/orders/$order/cancel"
	expect 404 not-found
	by staff api GET '/orders?page_size=100'
	is "[.results[] | select(.id == \"$order\")] | length" 0
}

@test "orders: staff see what shoppers do not" {
	product=$(make_product)
	by customer place "$product:1"
	answers 200 customer
	shown=$(field 'keys')
	answers 200 staff
	is "keys - $shown | join(\" \")" 'active_from active_to created_by events is_deleted is_suspended modified_by tags'
	is '[.created_by == .user, .is_deleted] | tojson' '[true,false]'
	is '.allowed_transitions | join(" ")' 'partly_shipped shipped cancelled'
	is '[.events[] | .to_status] | join(" ")' placed
	staff=$(as_sent tojson)
	answers 200 admin
	is tojson "$staff" as_sent
}

@test "orders: entity tags" {
	product=$(make_product)
	place "$product:1"
	key="X-Order-Token: $order_token"
	answers 200 nobody "$key"
	etag=$(header ETag)
	[[ $etag =~ ^\"[A-Za-z0-9_-]+\"$ ]]
	[[ $(header Cache-Control) == no-store ]]
	answers 304 nobody "$key" "If-None-Match: $etag"
	[[ -z $body && $(header ETag) == "$etag" && -z $(header Content-Type) ]]
	answers 304 nobody "$key" "If-None-Match: \"other\", W/$etag"
	answers 200 nobody "$key" 'If-None-Match: "other"'
	answers 404 nobody "If-None-Match: $etag"
	answers 200 staff "If-None-Match: $etag"
	by staff ask POST "/orders/$order/ship"
	answers 200 nobody "$key" "If-None-Match: $etag"
	[[ $(header ETag) != "$etag" ]]
}

@test "orders: HEAD and OPTIONS" {
	product=$(make_product)
	place "$product:1"
	answers 200 nobody "X-Order-Token: $order_token"
	length=$(header Content-Length)
	api HEAD "/orders/$order/" -H "X-Order-Token: $order_token"
	expect 200
	[[ $(header Content-Length) == "$length" ]]
	api OPTIONS "/orders/$order"
	expect 204
	[[ $(header Allow) == 'GET, HEAD, PATCH, OPTIONS' ]]
	api DELETE "/orders/$order"
	expect 405 method-not-allowed
	api GET "/orders/$order/cancel"
	expect 405 method-not-allowed
	[[ $(header Allow) == 'POST, OPTIONS' ]]
}

@test "orders: unknown parameters are refused" {
	product=$(make_product)
	by customer place "$product:1"
	for method in GET HEAD; do
		by customer api $method "/orders/$order?expand=items&x="
		expect 400 ${body:+invalid-query 'expand invalid, x invalid'}
	done
	by customer ask POST "/orders/$order/cancel?force=true"
	expect 400 invalid-query 'force invalid'
	ask POST "/orders?dry_run=true" "$(order_of "$product:1")"
	expect 400 invalid-query 'dry_run invalid'
	in_stock "$product" 19
	for query in colour=red comments=x total=1 placed_at=x status__gte=x ordering=status ordering=-contact_name \
		ordering=user include=deleted count=all page=0 page_size=101 store=x total__gte=much cursor=x \
		created_at__gte=yesterday ordering=number,number user="$nowhere"; do
		by customer api GET "/orders?$query"
		if [[ $query == cursor=* ]]; then expect 400 invalid-cursor; else expect 400 invalid-query; fi
	done
}

# --- lists

@test "orders: a guest has no list" {
	api GET /orders
	expect 401 not-authenticated
	[[ $(header WWW-Authenticate) == Bearer ]]
	api GET /orders -H 'X-Order-Token: x'
	expect 401 not-authenticated
}

@test "orders: each list has only the caller's orders" {
	product=$(make_product)
	by customer place "$product:1"
	mine=$order
	by another_customer place "$product:1"
	others=$order
	place "$product:1"
	guests=$order
	foreign=$(store=$other_store make_product)
	store=$other_store by customer place "$foreign:1"
	elsewhere=$order
	sees customer "$mine $elsewhere" "$others $guests"
	sees another_customer "$others" "$mine $guests $elsewhere"
	sees staff "$mine $others $guests" "$elsewhere"
	sees stranger "$elsewhere" "$mine $others $guests"
	sees admin "$mine $others $guests $elsewhere" ''
	store=$other_store by staff place "$foreign:1"
	sees staff "$order $mine" "$elsewhere"
	by staff api GET "/orders?store=$other_store"
	is '.results | length' 1
	is '.results[0] | has("events")' false
	by staff api GET "/orders?store=$store"
	is '[.results[] | has("events")] | all' true
}

# sees WHO THESE NOT-THOSE : in their list.
sees() {
	local id ids
	by "$1" api GET '/orders?page_size=100'
	expect 200
	ids=$(field '.results[].id')
	for id in $2; do grep -q "$id" <<<"$ids" || { echo "$1 does not see $id"; return 1; }; done
	for id in $3; do if grep -q "$id" <<<"$ids"; then echo "$1 sees $id"; return 1; fi; done
}

# Five orders in a store of their own: totals 10, 40, 20, 50, 30; the second cancelled, the third shipped.
five_orders() {
	local quantity
	store=$(make_store) orders=()
	product=$(make_product inventory_count:=100)
	for quantity in 1 4 2 5 3; do
		by customer place "$product:$quantity"
		orders+=("$order")
	done
	by admin ask POST "/orders/${orders[1]}/cancel"
	expect 200
	by admin ask POST "/orders/${orders[2]}/ship" '{"tracking":"T-1"}'
	expect 200
}

# lists QUERY NUMBERS : the totals of the orders that come, in their order.
lists() {
	api GET "/orders?store=$store${1:+&$1}"
	expect 200
	is '[.results[].total | split(".")[0]] | join(" ")' "$2"
}

@test "orders: lists are sorted" {
	five_orders
	as customer
	lists '' '30 50 20 40 10'
	lists ordering=created_at '10 40 20 50 30'
	lists ordering=number '10 40 20 50 30'
	lists ordering=-number '30 50 20 40 10'
	lists ordering=total '10 20 30 40 50'
	lists ordering=-total,number '50 40 30 20 10'
	lists ordering=-modified_at '20 40 30 50 10'
}

@test "orders: lists are filtered" {
	five_orders
	as customer
	lists status=placed '30 50 10'
	lists status=cancelled 40
	lists status=shipped 20
	lists status=PLACED '30 50 10'
	lists payment_status=Unpaid '30 50 20 40 10'
	for query in status=nonsense payment_status=free status=placed,paid; do
		api GET "/orders?$query"
		expect 400 invalid-query "${query%%=*} invalid_choice"
	done
	lists payment_status=unpaid '30 50 20 40 10'
	lists payment_status=paid ''
	lists 'total__gte=20&total__lt=50' '30 20 40'
	lists 'total__gt=20.00&total__lte=40.000' '30 40'
	api GET "/orders/${orders[3]}"
	number=$(field .number) user=$(field .user) placed_at=$(field .placed_at) created_at=$(field .created_at)
	lists "number=$number" 50
	lists "placed_at__gte=$placed_at" '30 50'
	lists "placed_at__lt=$placed_at" '20 40 10'
	lists "created_at__gt=$created_at" 30
	lists "status=placed&total__gte=20&ordering=total" '30 50'
	as admin
	lists "user=$user" '30 50 20 40 10'
	lists "user=$nowhere" ''
	lists user=null ''
	lists search=asha@example.com '30 50 20 40 10'
	lists search=9800000001 '30 50 20 40 10'
	# As it is shown to people too.
	for shown in "$number" "%23$number" "%23%20$number" "%20$number%20"; do lists "search=$shown" 50; done
	for other in "%23${number%?}" "%23%23" "${number}0" "$number%23x"; do lists "search=$other" ''; done
	lists search=%25 ''
	lists count=exact '30 50 20 40 10'
	is .count 5
}

@test "orders: lists come in pages" {
	five_orders
	as customer
	for query in '' ordering=total ordering=-total,number; do
		api GET "/orders?store=$store${query:+&$query}"
		all=$(field '[.results[].id] | join(" ")')
		found='' next="/orders?store=$store&page_size=2${query:+&$query}" pages=0
		while [[ $next != null ]]; do
			api GET "$next"
			expect 200
			found+=" $(field '[.results[].id] | join(" ")')"
			next=$(field .next) pages=$((pages + 1))
		done
		[[ ${found# } == "$all" && $pages == 3 ]]
		api GET "$(field .previous)"
		is '[.results[].id] | join(" ")' "$(cut -d ' ' -f 3-4 <<<"$all")"
	done
}

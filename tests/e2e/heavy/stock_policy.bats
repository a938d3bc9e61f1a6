# The policy of a product's stock is switched, and it is counted, while it is ordered, corrected and cancelled: nothing
# is oversold, and what was not taken never returns. Needs RATE_LIMITS=off.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	answers=$BATS_TEST_TMPDIR/answers
	built send_together
	staff=$(token_of staff)
	if [[ ${SERVER-}-${MODE-} == apache-fastcgi ]]; then rounds=1; else rounds=4; fi
}
teardown() { ledger_is_right; }

# at_once : the requests of standard input, in any order; nothing is answered but ANSWERS ("201, 409 out-of-stock").
at_once() {
	local found
	shuf | "$programs/send_together" "$API" >"$answers"
	found=$(jq -rs --arg allowed "$1" '
		map("\(.status)" + if .status >= 400 then " " + .body.type[10:] else .error // "" end)
		- ($allowed / ", ") | unique | join(", ")' "$answers")
	if [[ -n $found ]]; then echo "came $found too"; return 1; fi
}

# by_staff METHOD PATH BODY [COUNT]
by_staff() {
	yes "{\"method\":\"$1\",\"path\":\"$2\",\"body\":$3,\"headers\":{\"Authorization\":\"Bearer $staff\"}}" | head -n "${4-1}"
}

# orders COUNT PIECES : requests for $product.
orders() {
	yes "{\"method\":\"POST\",\"path\":\"/orders\",\"body\":$(order_of "$product:$2")}" | head -n "$1"
}

# switch MEMBER : it is switched off and on, ten times each.
switch() {
	for value in true false; do by_staff PATCH "/products/$product" "{\"$1\":$value}" 10; done
}

# placed : the orders of the answers.
placed() { jq -r 'select(.status == 201) | .body.id' "$answers"; }

# taken_whole : each order took all of its pieces of $product, or none, and no order more than it has.
taken_whole() {
	local wrong
	wrong=$(sql "select i.order_id, i.quantity, sum(m.delta) from order_items i
		left join stock_movements m on m.order_id = i.order_id and m.product = i.product
		where i.product = '$product' group by 1, 2 having coalesce(sum(m.delta), 0) not in (0, -i.quantity)")
	if [[ -n $wrong ]]; then echo "taken in part: $wrong"; return 1; fi
}

@test "stock policy: what is counted is switched while orders are placed and cancelled" {
	for (( round = 0; round < rounds; round++ )); do
		product=$(make_product inventory_count:=40)
		{ orders 60 1; orders 20 3; switch track_inventory; } | at_once '200, 201, 409 out-of-stock'
		taken_whole
		(( $(stock_of "$product") >= 0 ))
		mapfile -t ids < <(placed)
		{
			for order in "${ids[@]}"; do by_staff POST "/orders/$order/cancel" '{}'; done
			switch track_inventory
			by_staff PATCH "/products/$product" '{"track_inventory":true}'
		} | at_once '200'
		in_stock "$product" 40
		[[ $(sql "select count(*) from stock_movements m join order_items i using (order_id) where m.product = '$product'
			group by m.order_id having sum(m.delta) <> 0") == '' ]]
	done
}

@test "stock policy: variants of two products run out and come back in several orders at once" {
	for (( round = 0; round < rounds; round++ )); do
		local parents=() variants=() i
		for i in 0 1; do parents+=("$(make_product options:='[{"name":"N","values":["0","1","2","3","4","5"]}]')"); done
		# Beside each other by id, so that each order has them in the order of its own.
		for i in {0..11}; do
			by staff send POST /products parent="${parents[$(( i / 3 % 2 ))]}" price=1 inventory_count:=1 \
				options:="{\"N\":\"$(( i / 6 * 3 + i % 3 ))\"}"
			expect 201
			variants+=("$(field .id)")
		done
		for i in {0..5}; do
			jq -nc --argjson body "$(order_of "${variants[$i]}:1" "${variants[$(( 11 - i ))]}:1")" \
				'{method: "POST", path: "/orders", body: $body}'
		done | at_once '201'
		[[ $(sql "select bool_and(is_out) from stock where product in ('${parents[0]}', '${parents[1]}')") == t ]]
		mapfile -t ids < <(placed)
		for i in "${ids[@]}"; do by_staff POST "/orders/$i/cancel" '{}'; done | at_once '200'
		[[ $(sql "select bool_or(is_out) from stock where product in ('${parents[0]}', '${parents[1]}')") == f ]]
	done
}

@test "stock policy: backorders are switched while orders are placed" {
	for (( round = 0; round < rounds; round++ )); do
		product=$(make_product inventory_count:=20)
		{ orders 80 1; switch allow_backorder; } | at_once '200, 201, 409 out-of-stock'
		sold=$(placed | wc -l)
		in_stock "$product" $((20 - sold))
		(( sold >= 20 ))
		by staff send PATCH "/products/$product" allow_backorder:=false
		before=$(stock_of "$product")
		orders 20 1 | at_once '201, 409 out-of-stock'
		(( $(placed | wc -l) == (before > 0 ? before : 0) ))
		# And the other way about: nothing is refused once they are on.
		by staff send PATCH "/products/$product" allow_backorder:=true
		orders 20 2 | at_once '201'
	done
}

@test "stock policy: corrections while both are switched" {
	for (( round = 0; round < rounds; round++ )); do
		product=$(make_product inventory_count:=60)
		{ orders 20 2; switch track_inventory; switch allow_backorder; } | at_once '200, 201, 409 out-of-stock'
		mapfile -t ids < <(placed)
		{
			for order in "${ids[@]}"; do
				for pieces in 1 4 2 6; do by_staff PATCH "/orders/$order" "$(order_of "$product:$pieces" | jq -c '{items}')"; done
			done
			switch track_inventory
			switch allow_backorder
		} | at_once '200, 409 out-of-stock'
		# No order gave more than it took, nor took more than it has.
		[[ $(sql "select m.order_id from stock_movements m join order_items i using (order_id) where m.product = '$product'
			group by m.order_id, i.quantity having sum(m.delta) > 0 or -sum(m.delta) > i.quantity") == '' ]]
		for order in "${ids[@]}"; do by_staff POST "/orders/$order/cancel" '{}'; done | at_once '200'
		in_stock "$product" 60
	done
}

@test "stock policy: counts between orders" {
	product=$(make_product inventory_count:=30)
	{
		orders 40 1
		for count in {1..20}; do
			by_staff PUT "/products/$product/stock" "{\"inventory_count\":$count,\"expected\":$((30 - count)),\"reason\":\"counted\"}"
			by_staff POST "/products/$product/stock" '{"delta":1,"reason":"found"}'
		done
	} | at_once '200, 201, 409 out-of-stock, 409 conflict'
	(( $(stock_of "$product") >= 0 ))
	sold=$(placed | wc -l)
	[[ $(sql "select -sum(delta) from stock_movements where product = '$product' and order_id is not null") == "$sold" ]]
}

@test "stock policy: all variants of a product at once" {
	parent=$(make_product name=Shirt)
	for n in {1..8}; do variants[n]=$(make_product parent="$parent" price="$((n + 10))"); done
	for (( round = 0; round < rounds; round++ )); do
		{
			for n in {1..8}; do
				for price in 30 $((40 + n)) 20; do by_staff PATCH "/products/${variants[n]}" "{\"price\":\"$price.00\"}"; done
				by_staff PATCH "/products/${variants[n]}" '{"is_suspended":true}'
				by_staff PATCH "/products/${variants[n]}" '{"is_suspended":false}'
				printf '{"method":"POST","path":"/orders","body":%s}\n' "$(order_of "${variants[n]}:1")"
			done
			by_staff PATCH "/products/$parent" '{"name":"Shirts"}' 5
		} | at_once '200, 201, 422 validation'
		[[ $(jq -s '[.[] | select(.status == 422) | .body.errors[].code] | unique - ["not_found"] | length' "$answers") == 0 ]]
		[[ $(sql "select coalesce(min(price)::text, 'Infinity') || ' ' || coalesce(max(price)::text, '-') from products
			where parent = '$parent' and not is_suspended") == \
			$(sql "select shop_price::text || ' ' || coalesce(shop_price_max::text, '-') from stock where product = '$parent'") ]]
	done
}

@test "stock policy: an import over a shop that sells" {
	local -a ids skus
	[[ -x $VAR/site/bin/catalogue-reader ]] || skip "built without catalogue-reader"
	open_store EUR
	slug=$(sql "select slug from stores where id = '$store'")
	for n in {1..12}; do
		skus[n]=$(unique SKU-)
		ids[n]=$(make_product sku="${skus[n]}" name="$(unique Tea-)" inventory_count:=1000)
	done
	# Another price or count of each, in any order; orders of two of them, in any order.
	for (( round = 0; round < 5 * rounds; round++ )); do
		for n in $(shuf -i 1-12); do
			jq -nc --arg sku "${skus[n]}" --arg price "$((round + n + 1)).00" --argjson count $((1000 - round)) \
				--argjson odd $((n % 2)) '{sku: $sku, name: $sku} + if $odd == 1 then {price: $price} else {price: "10.00", inventory_count: $count} end'
		done >"$BATS_TEST_TMPDIR/lines.$round"
	done
	for file in "$BATS_TEST_TMPDIR"/lines.*; do "$VAR/site/bin/shopctl" import --store "$slug" --json "$file" || break; done >"$BATS_TEST_TMPDIR/imports" &
	for (( i = 0; i < 60 * rounds; i++ )); do
		read -r -d '' a b < <(shuf -i 1-12 -n 2) || true
		printf '{"method":"POST","path":"/orders","body":%s}\n' "$(order_of "${ids[a]}:1" "${ids[b]}:1")"
	done | at_once '201'
	wait
	[[ $(jq -cs 'map([.updated + .unchanged, .refused]) | [length] + (unique | add)' "$BATS_TEST_TMPDIR/imports") == "[$((5 * rounds)),12,0]" ]] || { cat "$BATS_TEST_TMPDIR/imports"; false; }
}

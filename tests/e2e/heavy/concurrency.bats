# Many at once: nothing is sold twice, nobody waits for each other for good, one key makes one order, and the stock is
# the sum of its ledger whatever happened at the same time. Needs RATE_LIMITS=off.
# shellcheck disable=SC2030,SC2031,SC2129,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	answers=$BATS_TEST_TMPDIR/answers
	built send_together
	# mod_fcgid lets a request that finds all processes at work sleep for a second: fewer rounds there.
	if [[ ${SERVER-}-${MODE-} == apache-fastcgi ]]; then many=3 some=1; else many=20 some=5; fi
}
teardown() { ledger_is_right; }

# at_once : the requests of standard input; their answers go to the file $answers.
at_once() { "$programs/send_together" "$API" >"$answers"; }

# repeat COUNT LINE
repeat() { yes "$2" | head -n "$1"; }

# request PATH BODY [TOKEN [KEY]]
request() {
	printf '{"method":"POST","path":"%s","body":%s,"headers":{%s}}\n' "$1" "$2" \
		"${3:+"\"Authorization\":\"Bearer $3\""}${4:+"${3:+,}\"Idempotency-Key\":\"$4\""}"
}

order_request() { request /orders "$(order_of "$@")"; }

# cancel_request ORDER TOKEN
cancel_request() {
	printf '{"method":"POST","path":"/orders/%s/cancel","headers":{"X-Order-Token":"%s"}}\n' "$1" "$2"
}

# came COUNTS : how often each answer came, as "201 50, 409 out-of-stock 150", sorted.
came() {
	local found
	found=$(jq -rs 'map("\(.status)" + if .status >= 400 then " " + .body.type[10:] else .error // "" end)
		| group_by(.) | map("\(.[0]) \(length)") | join(", ")' "$answers")
	if [[ $found != "$1" ]]; then echo "came $found, not $1"; return 1; fi
}

# only ANSWERS : nothing came but these, as "201, 409 out-of-stock".
only() {
	local found
	found=$(jq -rs --arg allowed "$1" '
		map("\(.status)" + if .status >= 400 then " " + .body.type[10:] else .error // "" end)
		- ($allowed / ", ") | unique | join(", ")' "$answers")
	if [[ -n $found ]]; then echo "came $found too"; return 1; fi
}

count_of() { jq -s "map(select(.status == $1)) | length" "$answers"; }

# What the orders of the answers took of each product: "product sum" lines, sorted.
sold() {
	jq -rs '[.[] | select(.status == 201) | .body.items[]] | group_by(.product)[]
		| "\(.[0].product) \(map(.quantity) | add)"' "$answers" | sort
}

@test "concurrency: 200 buyers of 50 pieces, again and again" {
	for (( round = 0; round < many; round++ )); do
		product=$(make_product inventory_count:=50)
		repeat 200 "$(order_request "$product:1")" | at_once
		came '201 50, 409 out-of-stock 150'
		in_stock "$product" 0
		[[ $(sold) == "$product 50" ]]
		[[ $(jq -s '[.[] | select(.status == 201) | .body.number] | unique | length' "$answers") == 50 ]]
		[[ $(jq -cs '[.[] | select(.status == 409) | .body.products[].available] | unique' "$answers") == '[0]' ]]
	done
}

@test "concurrency: the last pieces in different quantities" {
	product=$(make_product inventory_count:=100)
	for quantity in 1 2 3 5 7; do repeat 20 "$(order_request "$product:$quantity")"; done | shuf | at_once
	only '201, 409 out-of-stock'
	read -r _ pieces < <(sold)
	in_stock "$product" $((100 - pieces))
	# Who was refused could not have had what was left in the end.
	(( $(jq -s '[.[] | select(.status == 409) | .body.products[].requested] | min' "$answers") > 100 - pieces ))
}

@test "concurrency: two products in both orders" {
	for (( round = 0; round < some; round++ )); do
		a=$(make_product inventory_count:=1000) b=$(make_product inventory_count:=1000)
		{ repeat 60 "$(order_request "$a:1" "$b:2")"; repeat 60 "$(order_request "$b:3" "$a:1")"; } | shuf | at_once
		came '201 120'
		in_stock "$a" 880
		in_stock "$b" 700
	done
}

# random_baskets COUNT SIZE SEED PRODUCT... : requests of so many products each, one of each at least, in any order.
random_baskets() {
	local baskets=$1 size=$2 seed=$3 line
	shift 3
	printf '%s\n' "$@" | awk -v baskets="$baskets" -v size="$size" -v seed="$seed" '
		{ id[NR] = $0 }
		END {
			srand(seed)
			for (b = 0; b < baskets; b++) {
				for (i = 1; i <= size; i++) {
					j = i + int(rand() * (NR - i + 1))
					t = id[i]; id[i] = id[j]; id[j] = t
					printf "%s:%d%s", id[i], 1 + int(rand() * 4), i < size ? " " : "\n"
				}
			}
		}' | while read -ra line; do order_request "${line[@]}"; done
}

@test "concurrency: large baskets in any order" {
	for _ in {1..24}; do products+=("$(make_product inventory_count:=120)"); done
	seed=$RANDOM
	echo "seed $seed"
	random_baskets 200 10 "$seed" "${products[@]}" | at_once
	only '201, 409 out-of-stock'
	(( $(count_of 201) > 50 ))
	[[ $(sold) == "$(sql "select product || ' ' || 120 - inventory_count from stock
		where product = any ('{$(IFS=,; echo "${products[*]}")}') order by product")" ]]
}

@test "concurrency: baskets, cancellations, stock movements and edited products" {
	for _ in {1..6}; do products+=("$(make_product inventory_count:=2000 price=1.00)"); done
	for product in "${products[@]}"; do
		place "$product:5"
		cancelled+=("$order $order_token")
	done
	random_baskets 100 4 7 "${products[@]}" >"$BATS_TEST_TMPDIR/requests"
	staff=$(token_of staff)
	for product in "${products[@]}"; do
		repeat 5 "$(request "/products/$product/stock" '{"delta":7,"reason":"delivery"}' "$staff")"
		repeat 5 "$(request "/products/$product/stock" '{"delta":-3,"reason":"broken"}' "$staff")"
		for price in 2.00 1.00 2.00 1.00; do
			request "/products/$product" "{\"price\":\"$price\"}" "$staff" | sed 's/POST/PATCH/'
		done
	done >>"$BATS_TEST_TMPDIR/requests"
	repeat 5 "$(request "/stores/$store" '{"description":"busy"}' "$staff" | sed 's/POST/PATCH/')" \
		>>"$BATS_TEST_TMPDIR/requests"
	for line in "${cancelled[@]}"; do
		cancel_request "${line% *}" "${line#* }"
	done >>"$BATS_TEST_TMPDIR/requests"
	for round in 1 2 3; do
		shuf "$BATS_TEST_TMPDIR/requests" | at_once
		only "200, 201$([[ $round == 1 ]] || echo ', 409 transition-not-allowed')"
		[[ $(count_of 201) == 100 ]]
		sold >>"$BATS_TEST_TMPDIR/sold"
		ledger_is_right
	done
	[[ $(awk -v start=$((2000 + 3 * 5 * (7 - 3))) '{ sum[$1] += $2 }
		END { for (id in sum) print id, start - sum[id] }' "$BATS_TEST_TMPDIR/sold" | sort) == "$(
		sql "select product || ' ' || inventory_count from stock
			where product = any ('{$(IFS=,; echo "${products[*]}")}') order by product")" ]]
	# A price was one or the other for a whole order line.
	[[ $(sql "select count(*) from order_items where product = any ('{$(IFS=,; echo "${products[*]}")}')
		and (unit_price not in (1, 2) or line_total <> unit_price * quantity)") == 0 ]]
}

@test "concurrency: a stock movement takes out only what is there" {
	product=$(make_product inventory_count:=40)
	staff=$(token_of staff)
	{ repeat 60 "$(request "/products/$product/stock" '{"delta":-1,"reason":"broken"}' "$staff")"
	  repeat 60 "$(order_request "$product:1")"; } | shuf | at_once
	in_stock "$product" 0
	[[ $(( $(count_of 200) + $(count_of 201) )) == 40 ]]
	[[ $(( $(count_of 409) + $(count_of 422) )) == 80 ]]
}

@test "concurrency: one key is one order, for a guest and for a customer" {
	customer=$(token_of customer)
	for caller in '' "$customer"; do
		for (( round = 0; round < some; round++ )); do
			product=$(make_product) key=$(unique key-)$(unique)
			repeat 100 "$(request /orders "$(order_of "$product:1")" "$caller" "$key")" | at_once
			only '201, 409 idempotency-key-in-use'
			(( $(count_of 201) >= 1 ))
			[[ $(jq -s 'map(select(.status == 201).body) | unique | length' "$answers") == 1 ]]
			[[ $(jq -s 'map(select(.status == 201 and .headers["idempotent-replayed"] != "true")) | length' \
				"$answers") == 1 ]]
			in_stock "$product" 19
			token=$caller ask POST /orders "$(order_of "$product:1")" "Idempotency-Key: $key"
			expect 201
			[[ $(header Idempotent-Replayed) == true ]]
			[[ $(jq -r 'select(.status == 201).body.id' "$answers" | head -n 1) == "$(field .id)" ]]
		done
	done
}

@test "concurrency: one key with two bodies is one of the two" {
	product=$(make_product) key=$(unique key-)$(unique)
	{ repeat 40 "$(request /orders "$(order_of "$product:1")" '' "$key")"
	  repeat 40 "$(request /orders "$(order_of "$product:2")" '' "$key")"; } | shuf | at_once
	only '201, 409 idempotency-key-in-use, 422 idempotency-key-reused'
	[[ $(jq -s 'map(select(.status == 201).body.id) | unique | length' "$answers") == 1 ]]
	in_stock "$product" $((20 - $(jq -s 'map(select(.status == 201))[0].body.items[0].quantity' "$answers")))
}

@test "concurrency: 50 cancellations give the stock back once" {
	for (( round = 0; round < some; round++ )); do
		product=$(make_product)
		place "$product:7"
		in_stock "$product" 13
		repeat 50 "$(cancel_request "$order" "$order_token")" | at_once
		came '200 1, 409 transition-not-allowed 49'
		in_stock "$product" 20
	done
}

@test "concurrency: an order is shipped or cancelled, not both" {
	staff=$(token_of staff)
	for (( round = 0; round < some; round++ )); do
		product=$(make_product)
		place "$product:7"
		{ repeat 25 "$(request "/orders/$order/ship" '{}' "$staff")"
		  repeat 25 "$(request "/orders/$order/cancel" '{}' "$staff")"; } | shuf | at_once
		came '200 1, 409 transition-not-allowed 49'
		state=$(sql "select status from orders where id = '$order'")
		[[ $state == "$(jq -r 'select(.status == 200).body.status' "$answers")" ]]
		if [[ $state == cancelled ]]; then in_stock "$product" 20; else in_stock "$product" 13; fi
	done
}

# ship_request ORDER LINE:QUANTITY
ship_request() {
	request "/orders/$1/shipments" "{\"items\":[{\"id\":\"${2%%:*}\",\"quantity\":${2#*:}}]}" "$staff"
}

@test "concurrency: the same pieces are shipped once" {
	staff=$(token_of staff)
	for (( round = 0; round < some; round++ )); do
		product=$(make_product)
		place "$product:7"
		line=$(field '.items[0].id')
		repeat 20 "$(ship_request "$order" "$line:2")" | at_once
		came '201 3, 422 validation 17'
		[[ $(sql "select o.status || ' ' || i.shipped || ' ' || (select sum(p.quantity) || ' ' || count(distinct s.number)
				from shipments s join shipment_items p on p.shipment = s.id where s.order_id = o.id)
			from orders o join order_items i on i.order_id = o.id where o.id = '$order'") == 'partly_shipped 6 6 3' ]]
		{ repeat 10 "$(ship_request "$order" "$line:1")"
		  repeat 10 "$(request "/orders/$order/ship" '{}' "$staff")"; } | shuf | at_once
		only '200, 201, 409 transition-not-allowed'
		[[ $(sql "select status from orders where id = '$order'") == shipped ]]
		[[ $(sql "select count(*) from shipments where order_id = '$order'") == 4 ]]
	done
}

@test "concurrency: pieces are shipped or the order is cancelled, not both" {
	staff=$(token_of staff)
	for (( round = 0; round < some; round++ )); do
		product=$(make_product)
		place "$product:7"
		{ repeat 10 "$(ship_request "$order" "$(field '.items[0].id'):3")"
		  repeat 10 "$(request "/orders/$order/cancel" '{}' "$staff")"; } | shuf | at_once
		state=$(sql "select status from orders where id = '$order'")
		if [[ $state == cancelled ]]; then
			came '200 1, 409 transition-not-allowed 19'
			in_stock "$product" 20
		else
			came '201 2, 409 transition-not-allowed 10, 422 validation 8'
			[[ $state == partly_shipped ]]
			in_stock "$product" 13
		fi
	done
}

# correction NAME [ETAG] : of the contact of $order.
correction() {
	printf '{"method":"PATCH","path":"/orders/%s","body":{"contact":{"name":"%s"}},"headers":{"Authorization":"Bearer %s"%s}}\n' \
		"$order" "$1" "$staff" "${2:+",\"If-Match\":\"${2//\"/\\\"}\""}"
}

@test "concurrency: corrections of one order: some order of them, each with its event and its invoice" {
	staff=$(token_of staff)
	for (( round = 0; round < some; round++ )); do
		place "$(make_product):2"
		for name in {A..H}; do correction "$name"; done | shuf | at_once
		came '200 8'
		by staff api GET "/orders/$order"
		is '.events | map(select(.kind == "correction") | .data.contact.new.name) | sort | join("")' ABCDEFGH
		# Each begins where the one before it ended, and the last one stands.
		is '[.events[] | select(.kind == "correction").data.contact] | . as $all
			| [range(1; length) | $all[.].old.name == $all[. - 1].new.name] | all' true
		is '.contact.name == (.events[-1].data.contact.new.name)' true
		[[ $(sql "select count(*) filter (where kind = 'invoice'), count(*) filter (where kind = 'credit_note'),
				count(*) filter (where kind = 'invoice' and not superseded)
			from invoices where order_id = '$order'") == '9|8|1' ]]
		etag=$(header ETag)
		for name in {I..P}; do correction "$name" "$etag"; done | shuf | at_once
		came '200 1, 412 precondition-failed 7'
	done
}

# coupon_requests COUNT CODE TOKEN : orders with a coupon, each of one of $products, so that stock is not what they share.
coupon_requests() {
	local i
	for (( i = 0; i < $1; i++ )); do
		request /orders "$(order_of "${products[i % ${#products[@]}]}:1" | jq -c --arg c "$2" '.coupon = $c
			| .contact = {name: "A"}')" "$3"
	done
}

# uses CODE : how often it was used, and by how many orders.
uses() {
	sql "select u.used_count || ' ' || (select count(*) from orders o where o.coupon_id = c.id)
		from coupons c join coupon_uses u on u.coupon = c.id where c.code = '$1'"
}

@test "concurrency: coupons that are limited in all, for a customer, and to a first order" {
	for _ in {1..10}; do products+=("$(make_product inventory_count:=1000)"); done
	for (( round = 0; round < some; round++ )); do
		for kind in usage_limit=3 usage_limit_per_customer=2 first_order=true; do
			code=$(unique RACE-)
			sql "insert into coupons (code, store, discount_percent, ${kind%=*}) values ('$code', '$store', 10, ${kind#*=})"
			buyer=$(login_customer "$(new_number)")
			coupon_requests 50 "$code" "$buyer" | at_once
			allowed=${kind#*=}
			if [[ $allowed == true ]]; then allowed=1; fi
			came "201 $allowed, 422 validation $((50 - allowed))"
			[[ $(uses "$code") == "$allowed $allowed" ]]
		done
	done
}

# Orders wait for the counter of invoices, the last lock of all, so that several are about to end at once.
@test "concurrency: two coupons for a first order make one first order" {
	for _ in {1..10}; do products+=("$(make_product inventory_count:=1000)"); done
	place "${products[0]}:1" # the store has a counter
	for round in 1 2; do
		buyer=$(login_customer "$(new_number)")
		for n in {1..5}; do
			code=$(unique FIRST-)
			sql "insert into coupons (code, store, discount_percent, first_order) values ('$code', '$store', 10, true)"
			coupon_requests 2 "$code" "$buyer"
		done >"$BATS_TEST_TMPDIR/requests.$round"
		sql "begin; select 1 from invoice_counters where store = '$store' for update; select pg_sleep(1); commit" >/dev/null 3>&- &
		sleep 0.3
		at_once <"$BATS_TEST_TMPDIR/requests.$round"
		wait
		came '201 1, 422 validation 9'
	done
}

# repricing PRODUCT:QUANTITY... : of $order, by staff.
repricing() {
	printf '{"method":"PATCH","path":"/orders/%s","body":{"items":%s},"headers":{"Authorization":"Bearer %s"}}\n' \
		"$order" "$(order_of "$@" | jq -c .items)" "$staff"
}

@test "concurrency: items are corrected while others buy the same products" {
	staff=$(token_of staff)
	for (( round = 0; round < some; round++ )); do
		first=$(make_product inventory_count:=30) second=$(make_product inventory_count:=30)
		place "$first:5" "$second:5"
		{ for n in 1 3 7 9 11; do repricing "$first:$n" "$second:$((12 - n))"; repricing "$second:$n" "$first:2"; done
		  repeat 20 "$(order_request "$second:1" "$first:2")"; } | shuf | at_once
		only '200, 201, 409 out-of-stock'
		# What is not in stock is in orders, and the last correction is what the invoice says.
		[[ $(sql "select count(*) from (
			select k.product from stock k left join order_items i on i.product = k.product
			where k.product in ('$first', '$second') group by k.product, k.inventory_count
			having k.inventory_count + coalesce(sum(i.quantity), 0) <> 30) wrong") == 0 ]]
		[[ $(sql "select count(*), sum(i.amount - o.total) from orders o join invoices i on i.order_id = o.id
			where o.id = '$order' and i.kind = 'invoice' and not i.superseded") == '1|0.00' ]]
	done
}

@test "concurrency: items are corrected, paid on delivery or cancelled, in some order" {
	staff=$(token_of staff)
	for (( round = 0; round < some; round++ )); do
		product=$(make_product)
		place "$product:5"
		{ for n in 1 2 3 4 6 7 8; do repricing "$product:$n"; done
		  for n in {1..5}; do
			printf '{"method":"POST","path":"/payments","body":{"order":"%s","payment_method":"cod"},"headers":{%s}}\n' "$order" \
				"\"X-Order-Token\":\"$order_token\",\"Idempotency-Key\":\"$(unique key-of-a-payment-)\""
		  done; } | shuf | at_once
		only '200, 201'
		[[ $(sql "select count(*), bool_and(p.amount = o.total) from payments p join orders o on o.id = p.order_id
			where o.id = '$order' and p.status = 'pending'") == '1|t' ]]
		in_stock "$product" $((20 - $(sql "select sum(quantity) from order_items where order_id = '$order'")))
		{ for n in 1 2 3 4 5; do repricing "$product:$n"; done
		  repeat 3 "$(cancel_request "$order" "$order_token")"; } | shuf | at_once
		only '200, 409 conflict, 409 transition-not-allowed'
		in_stock "$product" 20
		[[ $(sql "select sum(case kind when 'invoice' then amount else -amount end) from invoices where order_id = '$order'") == 0.00 ]]
	done
}

# Many at once, after a cart was filled: placed once, no coupon too often, no invoice number twice or left out, nothing
# returned twice. Needs RATE_LIMITS=off.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2129,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() {
	answers=$BATS_TEST_TMPDIR/answers
	built send_together
}
teardown() {
	local wrong
	ledger_is_right
	wrong=$(sql "select u.coupon, u.used_count from coupon_uses u where u.used_count <> (
			select count(*) from coupon_redemptions r where r.coupon = u.coupon)
		union all
		select i.id, 0 from invoices i where i.kind = 'invoice' and i.amount < (
			select sum(c.amount) from invoices c where c.credits = i.id)")
	if [[ -n $wrong ]]; then echo "used or returned differently than recorded: $wrong"; return 1; fi
}

# at_once [CONNECTIONS] : the requests of standard input; their answers go to the file $answers.
at_once() { "$programs/send_together" -n "${1-16}" "$API" >"$answers"; }

# repeat COUNT LINE
repeat() { yes "$2" | head -n "$1"; }

# request METHOD PATH BODY [AUTHORIZATION]... : a header is Name:value.
request() {
	local headers='{}' header
	for header in "${@:4}"; do
		headers=$(jq -c --arg n "${header%%:*}" --arg v "${header#*:}" '.[$n] = $v' <<<"$headers")
	done
	printf '{"method":"%s","path":"%s","body":%s,"headers":%s}\n' "$1" "$2" "$3" "$headers"
}

# of_order METHOD [PATH [BODY]] : as the guest whose order it is.
of_order() { request "$1" "/orders/$order${2-}" "${3-"{}"}" "X-Order-Token:$order_token"; }

# came COUNTS : how often each answer came, as "201 50, 409 out-of-stock 150", sorted.
came() {
	local found
	found=$(jq -rs 'map("\(.status)" + if .status >= 400 then " " + .body.type[10:] else .error // "" end)
		| group_by(.) | map("\(.[0]) \(length)") | join(", ")' "$answers")
	if [[ $found != "$1" ]]; then echo "came $found, not $1"; return 1; fi
}

count_of() { jq -s "map(select(.status == $1)) | length" "$answers"; }

# fill PRODUCT:QUANTITY... : a guest's cart; leaves $order and $order_token.
fill() {
	ask POST /orders "$(order_of "$@" | jq -c '.action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
}

# without_gaps STORE : its invoices are numbered from 1 to their number, which is printed; each order has one.
without_gaps() {
	local found
	found=$(sql "select count(*), count(distinct number), min(n), max(n), count(distinct order_id)
		from (select number, substring(number from '[0-9]+$')::integer as n, order_id from invoices
			where store = '$1' and kind = 'invoice') i")
	if [[ ! $found =~ ^([0-9]+)\|([0-9]+)\|1\|([0-9]+)\|([0-9]+)$ || ${BASH_REMATCH[1]} != "${BASH_REMATCH[2]}" ||
		${BASH_REMATCH[1]} != "${BASH_REMATCH[3]}" || ${BASH_REMATCH[1]} != "${BASH_REMATCH[4]}" ]]; then
		echo "invoices of $1: $found" >&2
		return 1
	fi
	[[ ${BASH_REMATCH[1]} == "$(sql "select count(*) from orders where store = '$1' and status <> 'cart'")" ]] || return
	echo "${BASH_REMATCH[1]}"
}

@test "checkout: a cart is placed once by fifty at once" {
	for _ in 1 2 3; do
		product=$(make_product)
		fill "$product:3"
		repeat 50 "$(of_order POST /place)" | at_once 50
		came '200 1, 409 transition-not-allowed 49'
		in_stock "$product" 17
		[[ $(sql "select count(*) from order_items where order_id = '$order'") == 1 ]]
		[[ $(sql "select count(*) from invoices where order_id = '$order'") == 1 ]]
		[[ $(sql "select count(*) from outbox where order_id = '$order'") == 1 ]]
	done
}

@test "checkout: a cart that is changed and placed at once" {
	for _ in 1 2 3 4 5; do
		product=$(make_product) other=$(make_product)
		fill "$product:1"
		items="[{\"product\":\"$product\",\"quantity\":2},{\"product\":\"$other\",\"quantity\":3}]"
		{ repeat 20 "$(of_order PATCH '' "{\"items\":$items}")"
		  repeat 3 "$(of_order POST /place)"; } | shuf | at_once 23
		[[ $(jq -s 'map(select(.status != 200 and .body.type != "/problems/transition-not-allowed")) | length' \
			"$answers") == 0 ]]
		[[ $(jq -s 'map(select(.status == 200 and .body.status == "placed")) | length' "$answers") == 1 ]]
		# The order is what was shown when it was placed: all of the new lines, or the old one.
		bought=$(sql "select string_agg(quantity::text, ' ' order by position) from order_items where order_id = '$order'")
		[[ $bought == 1 || $bought == '2 3' ]]
		[[ $(jq -rs 'map(select(.status == 200 and .body.status == "placed"))[0].body.items
			| map(.quantity | tostring) | join(" ")' "$answers") == "$bought" ]]
		in_stock "$product" $((20 - ${bought%% *}))
	done
}

@test "checkout: changes of a cart at the same time lose no line of any of them" {
	for _ in {1..5}; do products+=("$(make_product)"); done
	fill "${products[0]}:1"
	for (( n = 1; n <= 60; n++ )); do
		items=''
		for (( i = 0; i <= n % 5; i++ )); do items+=",{\"product\":\"${products[i]}\",\"quantity\":$n}"; done
		of_order PATCH '' "{\"items\":[${items#,}],\"comments\":\"$n\",\"contact\":{\"name\":\"Buyer $n\"}}"
	done >"$BATS_TEST_TMPDIR/requests"
	at_once 30 <"$BATS_TEST_TMPDIR/requests"
	came '200 60'
	# Each answer is its own change as a whole, and so is what is left.
	[[ $(jq -s 'map(select((.body.comments | tonumber) as $n | .body.contact.name != "Buyer \($n)"
		or (.body.items | length) != $n % 5 + 1 or (.body.items | map(.quantity) | unique) != [$n])) | length' \
		"$answers") == 0 ]]
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '(.comments | tonumber) as $n | [(.items | length) == $n % 5 + 1, .contact.name == "Buyer \($n)"] | tojson' \
		'[true,true]'
}

@test "checkout: with If-Match only one of many changes is taken" {
	fill "$(make_product):1"
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	tag=$(header ETag)
	for n in {1..20}; do
		request PATCH "/orders/$order" "{\"comments\":\"$n\"}" "X-Order-Token:$order_token" "If-Match:$tag"
	done | at_once 20
	came '200 1, 412 precondition-failed 19'
}

@test "checkout: a coupon for a hundred, a thousand buyers" {
	code=$(unique SAVE-)
	coupon=$(sql "insert into coupons (code, store, discount_percent, usage_limit)
		values ('$code', '$store', 10, 100) returning id")
	# Of many products, so that the coupon is all that they share.
	for _ in {1..20}; do
		product=$(make_product inventory_count:=50)
		repeat 50 "$(request POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c')")"
	done | shuf >"$BATS_TEST_TMPDIR/requests"
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	came '201 100, 422 validation 900'
	[[ $(jq -cs 'map(select(.status == 422).body.errors[] | .pointer + " " + .code) | unique' "$answers") \
		== '["/coupon not_found"]' ]]
	[[ $(sql "select used_count from coupon_uses where coupon = '$coupon'") == 100 ]]
	[[ $(sql "select count(*) from orders where coupon_id = '$coupon'") == 100 ]]
	without_gaps "$store"
}

@test "checkout: a coupon once for each, from all of a customer's windows" {
	code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_percent, usage_limit_per_customer)
		values ('$code', '$store', 10, 1)"
	customer=$(token_of customer)
	for n in {1..40}; do
		product=$(make_product)
		request POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.contact = {name: "Buyer"} | .coupon = $c')" \
			"Authorization:Bearer $customer"
		# A guest whose address was confirmed by a code, in many carts.
		ask POST /orders "$(order_of "$product:1" | jq -c --arg n "$n" '.action = "update_cart"
			| .contact = {name: "Guest", email: (if ($n | tonumber) % 2 == 0 then "one.guest@example.com"
				else "One.Guest@Example.com" end)}')" >&2
		expect 201 >&2
		order=$(field .id) order_token=$(field .order_token)
		sql "update orders set email_proven = true, coupon = '$code' where id = '$order'"
		of_order POST /place
	done >"$BATS_TEST_TMPDIR/requests"
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	came '200 1, 201 1, 422 validation 78'
}

@test "checkout: a coupon and its order are cancelled by many, and taken by many" {
	product=$(make_product inventory_count:=500) code=$(unique SAVE-)
	coupon=$(sql "insert into coupons (code, store, discount_percent, usage_limit)
		values ('$code', '$store', 10, 5) returning id")
	wanted=$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c')
	for _ in {1..5}; do
		ask POST /orders "$wanted"
		expect 201
		order=$(field .id) order_token=$(field .order_token)
		repeat 8 "$(of_order POST /cancel)"
		repeat 8 "$(request POST /orders "$wanted")"
	done | shuf >"$BATS_TEST_TMPDIR/requests"
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	[[ $(count_of 200) == 5 ]]
	taken=$(count_of 201)
	(( taken <= 5 ))
	[[ $(sql "select used_count from coupon_uses where coupon = '$coupon'") == "$taken" ]]
	in_stock "$product" $((500 - taken))
}

@test "checkout: invoice numbers without gaps, whatever fails beside them" {
	store=$(make_store) product=$(make_product inventory_count:=5000) short=$(make_product inventory_count:=5)
	code=$(unique SAVE-)
	sql "insert into coupons (code, store, discount_percent, usage_limit) values ('$code', '$store', 5, 20)"
	good=$(request POST /orders "$(order_of "$product:1")")
	{ repeat 330 "$good"
	  repeat 50 "$(request POST /orders "$(order_of "$product:1" "$short:1")")"
	  repeat 50 "$(request POST /orders "$(order_of "$product:1" | jq -c --arg c "$code" '.coupon = $c')")"
	  repeat 40 "$(request POST /orders "$(order_of "$product:1" | jq -c '.coupon = "NONE"')")"
	  repeat 30 "$(request POST /orders "$(order_of "$product:1" "$store:1")")"; } | shuf >"$BATS_TEST_TMPDIR/requests"
	# Meanwhile some clients go away before they are answered.
	(
		for n in {1..60}; do
			curl -s -o /dev/null -m 0.00$((1 + n % 9)) -H 'Content-Type: application/json' \
				--data-binary "$(order_of "$product:1")" "$API/orders" || true
		done
	) &
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	wait $!
	sleep 1
	came '201 355, 409 out-of-stock 45, 422 validation 100'
	made=$(without_gaps "$store")
	(( made >= 355 && made <= 415 ))
	in_stock "$product" $((5000 - made))
}

@test "checkout: two stores at once have a series each" {
	first=$(make_store) second=$(make_store)
	for store in "$first" "$second"; do
		product=$(make_product inventory_count:=5000)
		order=$(order_of "$product:1")
		repeat 100 "$(request POST /orders "$order")"
	done | shuf >"$BATS_TEST_TMPDIR/requests"
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	came '201 200'
	[[ $(without_gaps "$first") == 100 && $(without_gaps "$second") == 100 ]]
}

@test "checkout: credit notes are numbered without gaps too" {
	store=$(make_store)
	product=$(make_product inventory_count:=500)
	repeat 30 "$(request POST /orders "$(order_of "$product:1")")" | at_once
	jq -c 'select(.status == 201) | {method: "POST", path: "/orders/\(.body.id)/cancel",
		headers: {"X-Order-Token": .body.order_token}}' "$answers" >"$BATS_TEST_TMPDIR/cancels"
	for _ in 1 2 3; do cat "$BATS_TEST_TMPDIR/cancels"; done | shuf >"$BATS_TEST_TMPDIR/requests"
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	came '200 30, 409 transition-not-allowed 60'
	[[ $(sql "select count(*), max(substring(number from '[0-9]+$')::integer) from invoices
		where store = '$store' and kind = 'credit_note'") == '30|30' ]]
	in_stock "$product" 500
}

@test "checkout: cancelled or shipped concurrently, with its coupon" {
	product=$(make_product inventory_count:=500) code=$(unique SAVE-)
	coupon=$(sql "insert into coupons (code, store, discount_percent) values ('$code', '$store', 10) returning id")
	staff=$(token_of staff)
	for _ in {1..6}; do
		before=$(stock_of "$product") used=$(sql "select used_count from coupon_uses where coupon = '$coupon'")
		ask POST /orders "$(order_of "$product:2" | jq -c --arg c "$code" '.coupon = $c')"
		expect 201
		order=$(field .id) order_token=$(field .order_token)
		{ repeat 10 "$(of_order POST /cancel)"
		  repeat 10 "$(request POST "/orders/$order/ship" '{"tracking":"1"}' "Authorization:Bearer $staff")"; } |
			shuf | at_once 20
		came '200 1, 409 transition-not-allowed 19'
		case $(sql "select status from orders where id = '$order'") in
		cancelled)
			in_stock "$product" "$before"
			[[ $(sql "select used_count from coupon_uses where coupon = '$coupon'") == "$used" ]]
			[[ $(sql "select count(*) from invoices where order_id = '$order'") == 2 ]] ;;
		shipped)
			in_stock "$product" $((before - 2))
			[[ $(sql "select used_count from coupon_uses where coupon = '$coupon'") == $((used + 1)) ]]
			[[ $(sql "select count(*) from invoices where order_id = '$order'") == 1 ]] ;;
		*) false ;;
		esac
	done
}

@test "checkout: the last piece is returned and bought at the same time" {
	for _ in {1..6}; do
		product=$(make_product inventory_count:=1)
		place "$product:1"
		{ repeat 10 "$(of_order POST /cancel)"; repeat 10 "$(request POST /orders "$(order_of "$product:1")")"; } |
			shuf | at_once 20
		[[ $(count_of 200) == 1 ]]
		bought=$(count_of 201)
		(( bought <= 1 ))
		[[ $(jq -s 'map(select(.status == 409)) | length' "$answers") == $((19 - bought)) ]]
		in_stock "$product" $((1 - bought))
	done
}

@test "checkout: carts of many with the last pieces" {
	product=$(make_product inventory_count:=10)
	for _ in {1..30}; do
		fill "$product:1"
		of_order POST /place
	done >"$BATS_TEST_TMPDIR/requests"
	in_stock "$product" 10
	at_once 16 <"$BATS_TEST_TMPDIR/requests"
	came '200 10, 409 out-of-stock 20'
	in_stock "$product" 0
}

# From status to status: who may send an order where, and the stock that comes back once.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

# order_in STATUS : an order of a customer's of two pieces of $product, in that status. Payments are not ours to make
# here, so it is set in the database.
order_in() {
	by customer place "$product:2"
	sql "update orders set status = '$1' where id = '$order'"
}

# status_is STATUS
status_is() { [[ $(sql "select status from orders where id = '$order'") == "$1" ]]; }

@test "orders: cancelling gives the stock back once" {
	product=$(make_product) other=$(make_product)
	by customer place "$product:3" "$other:1" "$product:2"
	in_stock "$product" 15
	by customer ask POST "/orders/$order/cancel" '{"note":"changed my mind"}'
	expect 200
	is '[.status, (.allowed_transitions | tojson)] | join(" ")' 'cancelled []'
	in_stock "$product" 20
	in_stock "$other" 20
	for who in customer staff admin; do
		by "$who" ask POST "/orders/$order/cancel"
		expect 409 transition-not-allowed
		is '[.status_now, (.allowed_transitions | tojson)] | join(" ")' 'cancelled []'
		in_stock "$product" 20
	done
	[[ $(sql "select string_agg(delta || ' ' || reason, ', ' order by delta) from stock_movements
		where order_id = '$order' and product = '$product'") == '-5 order placed, 5 order cancelled' ]]
	by staff api GET "/orders/$order"
	is '[.events[] | [.from_status, .to_status, .note]] | tojson' \
		'[[null,"placed",""],["placed","cancelled","changed my mind"]]'
}

@test "orders: a guest cancels with the token" {
	product=$(make_product)
	place "$product:1"
	ask POST "/orders/$order/cancel"
	expect 404 not-found
	ask POST "/orders/$order/cancel" '' "X-Order-Token: ${order_token}x"
	expect 404 not-found
	in_stock "$product" 19
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 200
	in_stock "$product" 20
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 409 transition-not-allowed
}

@test "orders: the pieces that came back can be sold again" {
	product=$(make_product inventory_count:=2)
	by customer place "$product:2"
	try "$product:1"
	expect 409 out-of-stock
	by staff ask POST "/orders/$order/cancel"
	expect 200
	place "$product:2"
	in_stock "$product" 0
}

@test "orders: cash on delivery goes from placed to shipped to completed" {
	product=$(make_product)
	place "$product:2"
	by staff ask POST "/orders/$order/ship" '{"tracking":"DHL 1","note":"two boxes"}'
	expect 200
	is '[.status, .tracking_number, (.allowed_transitions | join(" "))] | join(", ")' 'shipped, DHL 1, completed returned'
	[[ $(header ETag) == \"*\" ]]
	by staff ask POST "/orders/$order/complete"
	expect 200
	is '[.status, .tracking_number, (.allowed_transitions | join(" "))] | join(", ")' 'completed, DHL 1, '
	is '[.events[] | .to_status + ":" + .note] | join(", ")' 'placed:, shipped:two boxes, completed:'
	in_stock "$product" 18
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 409 transition-not-allowed
	in_stock "$product" 18
	[[ $(sql "select count(*) from audit_logs where record_id = '$order' and user_id is not null") == 2 ]]
}

# Rows: the status it is in. Columns: the response to the customer's cancel, to the staff's ship, complete, cancel and
# return; then the transitions shown to the customer and the store.
table='
cart           409 409 409 409 409  placed     placed
placed         200 200 409 200 409  cancelled  partly_shipped,shipped,cancelled
pending        200 409 409 200 409  cancelled  cancelled
paid           409 200 409 200 409  -          partly_shipped,shipped,cancelled
partly_shipped 409 200 409 409 200  -          shipped,returned
shipped        409 409 200 409 200  -          completed,returned
completed      409 409 409 409 409  -          -
cancelled      409 409 409 409 409  -          -
returned       409 409 409 409 409  -          -'

# told STATUS ALLOWED : the answer to a move that was made or not; the order stays in $from when it was not.
told() {
	local allowed=${2/#-/}
	if [[ $status != "$1" ]]; then echo "$from: $status, not $1: $body"; return 1; fi
	if [[ $status == 200 ]]; then return; fi
	expect 409 transition-not-allowed
	is '[.status_now, (.allowed_transitions | join(","))] | join(" ")' "$from $allowed"
	status_is "$from"
}

@test "orders: all transitions there are" {
	product=$(make_product inventory_count:=100)
	[[ $(grep -c . <<<"$table") == "$(sql 'select count(*) from order_statuses')" ]]
	while read -r from by_customer by_ship by_complete by_cancel by_return to_customer to_staff; do
		order_in "$from"
		by customer api GET "/orders/$order"
		is '.allowed_transitions | join(",")' "${to_customer/#-/}"
		by staff api GET "/orders/$order"
		is '.allowed_transitions | join(",")' "${to_staff/#-/}"
		by customer ask POST "/orders/$order/cancel"
		told "$by_customer" "$to_customer"
		for move in "ship $by_ship" "complete $by_complete" "cancel $by_cancel" "return $by_return"; do
			order_in "$from"
			by staff ask POST "/orders/$order/${move% *}" "$([[ $move != return* ]] || echo '{"reason":"refused"}')"
			told "${move#* }" "$to_staff"
		done
	done < <(grep . <<<"$table")
	# What was made cancelled by hand above did not give its stock back; what was cancelled or returned by a request did.
	[[ $(stock_of "$product") == $((100 - 2 * 45 + 2 * 7)) ]]
}

@test "orders: what only the store may do" {
	product=$(make_product)
	by customer place "$product:1"
	for move in ship complete; do
		by customer ask POST "/orders/$order/$move"
		expect 403 forbidden
		by another_customer ask POST "/orders/$order/$move"
		expect 403 forbidden
		ask POST "/orders/$order/$move"
		expect 401 not-authenticated
		by stranger ask POST "/orders/$order/$move"
		expect 404 not-found
	done
	status_is placed
	by admin ask POST "/orders/$order/ship"
	expect 200
}

@test "orders: staff who buy elsewhere are customers there" {
	foreign=$(store=$other_store make_product)
	store=$other_store by staff place "$foreign:1"
	by staff api GET "/orders/$order"
	is '.allowed_transitions | join(" ")' cancelled
	by staff ask POST "/orders/$order/ship"
	expect 403 forbidden
	by stranger ask POST "/orders/$order/ship"
	expect 200
}

@test "orders: staff who left the store can no longer act on its orders" {
	store=$(make_store)
	product=$(make_product)
	by admin send POST "/stores/$store/members" user="$(staff_id leaver)"
	expect 201
	by customer place "$product:1"
	by leaver api GET "/orders/$order"
	expect 200
	by admin api DELETE "/stores/$store/members/$(staff_id leaver)"
	expect 204
	by leaver api GET "/orders/$order"
	expect 404 not-found
	by leaver ask POST "/orders/$order/ship"
	expect 404 not-found
}

@test "orders: the body of a move" {
	product=$(make_product)
	by customer place "$product:1"
	as staff
	ask POST "/orders/$order/ship" '{"tracking":7,"note":[],"weight":1}'
	refused '/tracking wrong_type, /note wrong_type, /weight unknown_field'
	ask POST "/orders/$order/ship" '{"tracking":""}'
	refused '/tracking blank'
	ask POST "/orders/$order/ship" "{\"tracking\":\"$(printf '%0101d' 0)\",\"note\":\"$(printf '%01001d' 0)\"}"
	refused '/tracking max_length, /note max_length'
	ask POST "/orders/$order/cancel" '{"tracking":"x"}'
	refused '/tracking unknown_field'
	ask POST "/orders/$order/complete" '[]'
	refused ' wrong_type'
	ask POST "/orders/$order/ship" '{'
	expect 400 invalid-json
	api POST "/orders/$order/ship" -d 'tracking=1'
	expect 415 unsupported-media-type
	status_is placed
	ask POST "/orders/$order/ship/" '{}'
	expect 200
	is .tracking_number null
	ask POST "/orders/$order/deliver"
	expect 404 not-found
}

@test "orders: a token may begin with a dash" {
	api POST /orders/01900000-0000-7000-8000-000000000000/cancel -H 'X-Order-Token: -dGhlIHRva2VuIG9mIG5vYm9keSBhdCBhbGwgaW4gaGVyZQ'
	expect 404 not-found
}

# for_nothing COUPON : an order whose coupon leaves nothing to pay.
for_nothing() {
	ask POST /orders "$(order_of "$product:2" | jq -c --arg code "$1" '. + {coupon: $code}')"
	expect 201
	order=$(field .id) order_token=$(field '.order_token // ""')
}

@test "orders: one for nothing is cancelled by its buyer, as a guest too, and is not paid any more" {
	product=$(make_product)
	code=$(unique C)
	coupon=$(by staff make /coupons code="$code" store="$store" discount_percent=100)
	by customer for_nothing "$code"
	is '[.status, .payment_status, (.allowed_transitions | join(" "))] | join(", ")' 'paid, paid, cancelled'
	by customer ask POST "/orders/$order/cancel"
	expect 200
	is '[.status, .payment_status] | join(" ")' 'cancelled unpaid'
	for_nothing "$code"
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 200
	is '[.status, .payment_status] | join(" ")' 'cancelled unpaid'
	in_stock "$product" 20
	[[ $(sql "select used_count from coupon_uses where coupon = '$coupon'") == 0 ]]
	for_nothing "$code"
	by staff ask POST "/orders/$order/ship"
	expect 200
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	expect 409 transition-not-allowed
	by staff ask POST "/orders/$order/return" '{"reason":"refused"}'
	expect 200
	is '[.status, .payment_status] | join(" ")' 'returned unpaid'
	in_stock "$product" 20
}

# cancel_as WHO HOW... : the response to a cancel of an order that was made so, as "status payment_status" or a problem.
cancel_as() {
	local step
	for step in "${@:2}"; do
		case $step in
		cart)  by "$1" ask POST /orders "$(order_of "$product:1" | jq -c '. + {action: "update_cart"}')"
			order=$(field .id) order_token=$(field '.order_token // ""') ;;
		place) by "$1" ask POST "/orders/$order/place" '' ${order_token:+"X-Order-Token: $order_token"} ;;
		order) by "$1" place "$product:1" ;;
		*)     new_key=$(unique key-)$(unique)
			by "$1" ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"$step\"}" \
				"Idempotency-Key: $new_key" ${order_token:+"X-Order-Token: $order_token"} ;;
		esac
	done
	by "$1" ask POST "/orders/$order/cancel" '' ${order_token:+"X-Order-Token: $order_token"}
	field '[.status, .payment_status // .type] | join(" ")'
}

@test "orders: a guest cancels whatever a customer does" {
	product=$(make_product inventory_count:=100)
	while IFS=: read -r how wanted; do
		for who in customer nobody; do
			# shellcheck disable=SC2086 # words
			found=$(cancel_as "$who" $how)
			if [[ $found != "$wanted" ]]; then echo "$who: $how: $found, not $wanted"; return 1; fi
		done
	done <<-'END'
		cart:409 /problems/transition-not-allowed
		cart place:cancelled unpaid
		order:cancelled unpaid
		order cod:cancelled unpaid
		order manual:cancelled unpaid
	END
	by staff send PATCH "/stores/$store" cod_confirmation=code
	expect 200
	for who in customer nobody; do [[ $(cancel_as "$who" order cod) == 'cancelled unpaid' ]]; done
	by staff send PATCH "/stores/$store" cod_confirmation=none
	in_stock "$product" 100
}

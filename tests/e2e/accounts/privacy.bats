# What customers may ask of their data: to read all of it, and to be forgotten. And whose the orders of a guest become.
# Needs $PSQL, the command that speaks to the database as its owner: it looks for what should not be there any more.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/api

: "${PSQL:?is needed: eval \"\$(tools/check --env)\"}"

setup_file() {
	as admin
	STORE=$(staffed_store)
	PRODUCT=$(make /products name=Tea sku="$(unique)" price=10 store="$STORE" inventory_count:=1000)
	COUPON=$(unique C-)
	make /coupons code="$COUPON" store="$STORE" discount_percent=10 >/dev/null
	export STORE PRODUCT COUPON
}

sql() { $PSQL -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }

# remains WORD... : "table.column" of everything in the database that holds one of the words, whatever its case.
remains() {
	local words query table
	words=$(printf '%s|' "$@") words=${words%|}
	for table in $(sql "select quote_ident(table_name) from information_schema.tables
		where table_schema = 'public' and table_type = 'BASE TABLE' order by 1"); do
		query+="select distinct '$table.' || c.key from public.$table t, jsonb_each_text(to_jsonb(t)) c
			where c.value ~* '$words';"
	done
	sql "$query" | sort -u
}

# order JSON-MEMBERS [HEADER...] : place or fill one as $token; its id.
order() {
	local headers=() header
	for header in "${@:2}"; do headers+=(-H "$header"); done
	api POST /orders "${headers[@]}" --json "{\"store\":\"$STORE\",\"items\":[{\"product\":\"$PRODUCT\",\"quantity\":1}]$1}"
	expect 201 >&2 && field .id
}

# a guest's order or cart for $number, with $word wherever a guest can write; leaves $id and $order_token.
guest_order() {
	local more=${1-}
	token=
	api POST /orders -H "X-Request-Id: $word-request" -H "Idempotency-Key: $word-idempotency" --json "{\"store\":\"$STORE\",
		\"items\":[{\"product\":\"$PRODUCT\",\"quantity\":1}],
		\"contact\":{\"name\":\"$word-name\",\"email\":\"$word-mail@example.test\",\"mobile_number\":\"$number\"},
		\"shipping_address\":$(address),\"billing_address\":$(address),\"comments\":\"$word-comment\"$more}"
	expect 201
	id=$(field .id)
	order_token=$(field .order_token)
}

address() {
	json name="$word-name" line1="$word-line1" line2="$word-line2" city="$word-city" region="$word-region" \
		postal_code="${word:0:12}" country=DE
}

# follow ORDER STEP [JSON] : move it, as the staff.
follow() {
	local was=$token
	as staff
	api POST "/orders/$1/$2" --json "${3-{\}}"
	token=$was
	expect 200
}

sign_in() {
	token=$(login_customer "$number")
	api GET /auth/me
	user=$(field .id)
}

@test "privacy: nothing that names a customer is left but in invoices" {
	word=$(unique zq) number=$(new_number)
	# As a guest: an order that is cancelled, a cart, and a cart that time has swept away.
	guest_order
	guest=$id
	api POST "/orders/$id/cancel" -H "X-Order-Token: $order_token" -H "X-Request-Id: $word-request2" \
		--json "{\"note\":\"$word-note\"}"
	expect 200
	word=$word-a guest_order ',"action":"update_cart"'
	word=$word-b guest_order ',"action":"update_cart"'
	sql "delete from orders where id = '$id'"
	# As a customer: a name, addresses, carts, an order that arrives, is paid offline and partly refunded.
	sign_in
	api PATCH /auth/me -H "X-Request-Id: $word-request3" --json "{\"name\":\"$word-name\"}"
	expect 200
	prove_email "$word-mail@example.test"
	for label in one two; do
		api POST /addresses --json "$(address | jq -c ". + {label: \"$word-$label\", phone: \"$number\"}")"
		expect 201
	done
	api DELETE "/addresses/$(field .id)"
	expect 204
	order ",\"action\":\"update_cart\",\"shipping_address\":$(address),\"comments\":\"$word-comment\"" >/dev/null
	swept=$(order ",\"action\":\"update_cart\",\"contact\":{\"name\":\"$word-other\"},\"billing_address\":$(address)")
	sql "delete from orders where id = '$swept'"
	id=$(order ",\"coupon\":\"$COUPON\",\"contact\":{\"name\":\"$word-name\",\"mobile_number\":\"$number\"},
		\"shipping_address\":$(address),\"billing_address\":$(address),\"comments\":\"$word-comment\"" \
		"Idempotency-Key: $word-key" "X-Request-Id: $word-request4")
	api POST /payments -H "Idempotency-Key: $word-key2" --json "{\"order\":\"$id\",\"payment_method\":\"cod\"}"
	expect 201
	payment=$(field .id)
	follow "$id" ship "{\"tracking\":\"$word-track\",\"carrier\":\"Post\",\"note\":\"$word-note2\"}"
	as staff
	api POST "/payments/$payment/mark-paid"
	expect 200
	api POST "/payments/$payment/refunds" -H "Idempotency-Key: $(unique key)" \
		--json "{\"amount\":\"1.00\",\"reason\":\"$word-reason\"}"
	expect 201
	follow "$id" complete "{\"note\":\"$word-note3\"}"
	as admin
	send PATCH "/users/$user" comments="$word-comment"
	expect 200
	token=$(login_customer "$number")
	api POST /auth/customer/request-otp --json "{\"mobile_number\":\"$number\"}"
	expect 202
	found=$(remains "$word" "${number#+}" "$word-mail")
	for column in users.name users.email users.mobile_number addresses.line1 orders.contact_name orders.comments \
		orders.shipping_address orders.tracking_number order_events.note audit_logs.old_data audit_logs.new_data \
		idempotency_keys.body idempotency_keys.key coupon_redemptions.mobile challenges.recipient \
		payments.key refunds.reason invoices.document; do
		grep -qx "$column" <<<"$found" || { echo "nothing was written to $column: $found"; false; }
	done

	api GET /auth/me
	api DELETE /auth/me -H "X-Request-Id: $word-request5" -H "If-Match: $(header ETag)"
	expect 204
	[[ -z $body ]]
	left=$(remains "$word" "${number#+}")
	[[ $left == invoices.document ]] || { echo "left: $left"; false; }
	[[ $(sql "select count(*) from sessions where user_id = '$user'") == 0 ]]
	# The books are as they were.
	[[ $(sql "select status, total, subtotal, discount_total, (select count(*) from order_items i where i.order_id = o.id),
		(select count(*) from invoices i where i.order_id = o.id) from orders o where id = '$id'") == \
		'completed|9.00|10.00|1.00|1|2' ]]
	[[ $(sql "select status from orders where id = '$guest'") == cancelled ]]
	[[ $(sql "select amount, status from payments where order_id = '$id'") == '9.00|captured' ]]
	[[ $(sql "select count(*) > 0 from audit_logs where user_id = '$user' and table_name = 'orders'") == t ]]
	# Staff see the order, its buyer is removed; the guest's token opens nothing any more.
	as staff
	api GET "/orders/$id"
	expect 200
	[[ $(field '[.contact.name, .contact.email, .shipping_address, .total] | tojson') == '["",null,null,"9.00"]' ]]
	token=
	api GET "/orders/$guest" -H "X-Order-Token: $order_token"
	expect 404 not-found
	as admin
	api GET "/users/$user"
	expect 404 not-found
	api POST "/users/$user/restore"
	expect 422 validation "/email required"
}

@test "privacy: what others have written stays, also with the same words" {
	word=$(unique zq)
	number=$(new_number)
	token=$(login_customer "$(new_number)")
	send PATCH /auth/me name="$word"
	api POST /addresses --json "$(address)"
	kept=$(order ",\"contact\":{\"name\":\"$word\",\"email\":\"$word@example.test\"},\"comments\":\"$word\"")
	# A guest with the same e-mail address, which proves nothing.
	token=
	api POST /orders --json "{\"store\":\"$STORE\",\"items\":[{\"product\":\"$PRODUCT\",\"quantity\":1}],
		\"contact\":{\"name\":\"$word\",\"email\":\"$word@example.test\"}}"
	expect 201
	# What a message says is gone once it is sent, which happens meanwhile.
	remains "$word" | grep -vx outbox.data >"$BATS_TEST_TMPDIR/before"
	messages=$(sql "select count(*) from outbox where recipient = '$word@example.test'")
	(( messages > 0 ))
	sign_in
	sql "update users set email = '$word@example.test' where id = '$user'"
	sign_in # another address ends the session
	api DELETE /auth/me
	expect 204
	diff "$BATS_TEST_TMPDIR/before" <(remains "$word" | grep -vx outbox.data)
	[[ $(sql "select count(*) from outbox where recipient = '$word@example.test'") == "$messages" ]]
	[[ $(sql "select contact_name from orders where id = '$kept'") == "$word" ]]
}

@test "privacy: an order that is under way keeps the account" {
	number=$(new_number)
	sign_in
	id=$(order ',"contact":{"name":"A"}')
	api DELETE /auth/me
	expect 409 conflict
	api GET /auth/me
	expect 200
	follow "$id" ship
	api DELETE /auth/me
	expect 409 conflict
	follow "$id" complete
	api DELETE /auth/me
	expect 204
}

@test "privacy: so does one that was placed as a guest with the same number" {
	word=$(unique zq) number=$(new_number)
	sign_in
	mine=$token
	guest_order
	token=$mine
	api DELETE /auth/me
	expect 409 conflict
	[[ $(sql "select user_id is null from orders where id = '$id'") == t ]]
	api POST "/orders/$id/cancel" -H "X-Order-Token: $order_token"
	expect 200
	api DELETE /auth/me
	expect 204
	left=$(remains "$word")
	[[ $left == invoices.document ]] || { echo "left: $left"; false; }
}

@test "privacy: staff cannot delete their own account" {
	as staff
	api DELETE /auth/me
	expect 409 conflict
	as admin
	api DELETE /auth/me
	expect 409 conflict
	number=$(new_number)
	make /users email="$(unique)@example.test" mobile_number="$number" is_staff:=true is_customer:=true >/dev/null
	sign_in
	api DELETE /auth/me
	expect 409 conflict
}

@test "privacy: guests have no account; If-Match must be fresh" {
	token=
	api DELETE /auth/me
	expect 401 not-authenticated
	api GET /auth/me/export
	expect 401 not-authenticated
	number=$(new_number)
	sign_in
	api DELETE /auth/me -H 'If-Match: "stale"'
	expect 412 precondition-failed
	api GET /auth/me
	expect 200
}

@test "privacy: every session ends at once, and the number signs in as a new user" {
	number=$(new_number)
	sign_in
	first=$user old=$token
	sign_in
	api DELETE /auth/me
	expect 204
	for token in "$old" "$token"; do
		api GET /auth/me
		expect 401 invalid-token
		api GET /addresses
		expect 401 invalid-token
		api DELETE /auth/me
		expect 401 invalid-token
	done
	sign_in
	[[ $user != "$first" ]]
	api GET /auth/me
	[[ $(field '[.name, .email, .mobile_number] | tojson') == "[\"\",null,\"$number\"]" ]]
	api GET /orders
	[[ $(field '.results | length') == 0 ]]
}

# Whichever comes first, no name is left behind: an order either keeps the account, or is refused.
@test "privacy: an order, an address and a name that are sent during the deletion" {
	for round in 1 2 3 4 5 6; do
		word=$(unique zq) number=$(new_number)
		sign_in
		pids=()
		items="[{\"product\":\"$PRODUCT\",\"quantity\":1}]"
		for request in "POST /orders {\"store\":\"$STORE\",\"items\":$items,\"contact\":{\"name\":\"$word\"}}" \
			"POST /addresses $(address)" "PATCH /auth/me {\"name\":\"$word\"}" "DELETE /auth/me"; do
			read -r method path json <<<"$request"
			curl -s -o /dev/null -w "$method$path %{http_code}\n" -X "$method" -H "Authorization: Bearer $token" \
				${json:+--json "$json"} "$API$path" >>"$BATS_TEST_TMPDIR/$round" &
			pids+=($!)
		done
		wait "${pids[@]}"
		(( $(grep -cE ' (201|204|200|401|403|409)$' "$BATS_TEST_TMPDIR/$round") == 4 )) ||
			{ cat "$BATS_TEST_TMPDIR/$round"; false; }
		if grep -qx 'DELETE/auth/me 204' "$BATS_TEST_TMPDIR/$round"; then
			left=$(remains "$word")
			[[ -z $left ]] || { echo "left: $left"; cat "$BATS_TEST_TMPDIR/$round"; false; }
		else
			grep -qx 'DELETE/auth/me 409' "$BATS_TEST_TMPDIR/$round"
			grep -qx 'POST/orders 201' "$BATS_TEST_TMPDIR/$round"
		fi
	done
}

# --- the export

@test "export: all that a customer has written, as a file" {
	word=$(unique zq) number=$(new_number)
	guest_order
	guest=$id
	sign_in
	send PATCH /auth/me name="$word-me"
	api POST /addresses --json "$(address)"
	order ",\"action\":\"update_cart\",\"comments\":\"$word-cart\"" >/dev/null
	used=$(order ",\"coupon\":\"$COUPON\"")
	id=$(order '')
	api POST "/orders/$id/cancel" --json "{\"note\":\"$word-why\"}"
	expect 200
	api GET /auth/me/export
	expect 200
	[[ $(header Content-Type) == application/json && $(header Cache-Control) == no-store ]]
	[[ $(header Content-Disposition) == 'attachment; filename="my-data.json"' ]]
	[[ $(as_sent 'keys_unsorted | join(" ")') == \
		"user addresses orders payments invoices coupons notes messages sessions known_places audit_log" ]]
	[[ $(field '.user.name, .user.mobile_number, .addresses[0].line1') == "$word-me"$'\n'"$number"$'\n'"$word-line1" ]]
	[[ $(field '.orders | length') == 4 ]]
	[[ $(field "[.orders[].id] | index(\"$guest\") != null") == true ]]
	[[ $(field '[.coupons[] | .code, .order] | join(" ")') == "$COUPON $used" ]]
	[[ $(field '[.notes[].note] | join(" ")') == "$word-why" ]]
	(( $(field '.invoices | length') >= 2 && $(field '.messages | length') >= 1 ))
	(( $(field '.sessions | length') == 1 && $(field '.audit_log | length') > 3 ))
	# No hash, no token, nothing of the staff's.
	[[ $(field '[paths | map(tostring) | join("/")] | map(select(test("hash|token|created_by|comments/"))) | length') == 0 ]]
}

@test "export: contains only the caller's own data" {
	word=$(unique zq) number=$(new_number)
	sign_in
	send PATCH /auth/me name="$word"
	api POST /addresses --json "$(address)"
	order '' >/dev/null
	number=$(new_number)
	sign_in
	api GET /auth/me/export
	expect 200
	[[ $body != *$word* ]]
	[[ $(field '[.addresses, .orders, .payments, .invoices, .coupons, .notes] | map(length) | add') == 0 ]]
	api GET '/auth/me/export?user=x'
	expect 400 invalid-query
	api POST /auth/me/export
	expect 405 method-not-allowed
}

# --- orders of guests

@test "claim: orders and carts of a guest are the customer's once the number is proven; the token still works" {
	word=$(unique zq) number=$(new_number)
	guest_order
	order=$id order_key=$order_token
	word=$(unique zq)
	guest_order ',"action":"update_cart"'
	cart=$id
	sign_in
	api GET /orders
	[[ $(field '[.results[].id] | join(" ")') == "$order" ]]
	api GET '/orders?status=cart'
	[[ $(field '[.results[].id] | join(" ")') == "$cart" ]]
	api GET "/orders/$order"
	[[ $(field .user) == "$user" ]]
	# Its contact is the customer's own.
	send PATCH "/orders/$cart" contact:='{"name":"Ann"}'
	expect 200
	api POST "/orders/$cart/place"
	expect 200
	token=
	api GET "/orders/$order" -H "X-Order-Token: $order_key"
	expect 200
	api POST "/orders/$order/cancel" -H "X-Order-Token: $order_key"
	expect 200
	[[ $(sql "select user_id from audit_logs where record_id = '$order' and old_data ->> 'user_id' is null
		and new_data ->> 'user_id' is not null") == "$user" ]]
}

@test "claim: another number gets nothing, nor does a number that is only written down" {
	word=$(unique zq) number=$(new_number)
	guest_order
	guest=$id
	number=$(new_number)
	sign_in
	api GET /orders
	[[ $(field '.results | length') == 0 ]]
	api GET "/orders/$guest"
	expect 404 not-found
	send PATCH /auth/me email="$word-mail@example.test"
	expect 200
	api GET "/orders/$guest"
	expect 404 not-found
	[[ $(sql "select user_id is null from orders where id = '$guest'") == t ]]
}

@test "claim: another person's order is not claimed by writing a number into it" {
	number=$(new_number)
	sign_in
	theirs=$user
	mine=$(new_number)
	id=$(order ",\"contact\":{\"name\":\"Ann\",\"mobile_number\":\"$mine\"}")
	number=$mine
	sign_in
	api GET "/orders/$id"
	expect 404 not-found
	[[ $(sql "select user_id from orders where id = '$id'") == "$theirs" ]]
}

@test "claim: two sign in at once, one customer has the order" {
	word=$(unique zq) number=$(new_number)
	guest_order
	pids=()
	send POST /auth/customer/request-otp mobile_number="$number"
	expect 202
	for i in 1 2; do
		curl -s -o /dev/null -w '%{http_code}\n' --json "{\"mobile_number\":\"$number\",\"otp\":\"1234\"}" \
			"$API/auth/customer/login" >"$BATS_TEST_TMPDIR/$i" &
		pids+=($!)
	done
	wait "${pids[@]}"
	# A code is good once.
	[[ $(sort "$BATS_TEST_TMPDIR"/[12] | tr '\n' ' ') == "200 401 " ]]
	[[ $(sql "select count(*) from users where mobile_number = '$number'") == 1 ]]
	sign_in
	api GET /orders
	[[ $(field '[.results[].id] | join(" ")') == "$id" ]]
}

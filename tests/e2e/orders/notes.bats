# What the store's people note on an order beside its status: PATCH of the base model's fields.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }

setup() {
	sql "truncate rate_limits"
	product=$(make_product)
	place "$product:2"
}

teardown() { ledger_is_right; }

notes() { is '[.comments, .active_from, .active_to, .is_suspended] | tojson' "$1"; }

@test "notes: staff and admins write the base model's fields on a placed order" {
	before=$body
	by staff ask PATCH "/orders/$order" '{"comments":"call first\nthen ship","active_from":"2030-01-02T03:04:05Z"}'
	expect 200
	notes '["call first\nthen ship","2030-01-02T03:04:05.000000Z",null,false]'
	# All else is as it was.
	is '[.status, .total, .number, .items[0].quantity] | tojson' \
		"$(jq -r '[.status, .total, .number, .items[0].quantity] | tojson' <<<"$before")"
	by admin ask PATCH "/orders/$order" '{"is_suspended":true,"active_to":"2031-01-01T00:00:00+01:00"}'
	expect 200
	notes '["call first\nthen ship","2030-01-02T03:04:05.000000Z","2030-12-31T23:00:00.000000Z",true]'
	# What an administrator has suspended staff do not release, as everywhere.
	by staff ask PATCH "/orders/$order" '{"is_suspended":false}'
	expect 403 forbidden
	by admin ask PATCH "/orders/$order" '{"is_suspended":false,"active_from":null,"active_to":null,"comments":""}'
	expect 200
	notes '["",null,null,false]'
	by admin api GET "/audit-logs?record_id=$order&ordering=created_at"
	is '[.results[] | .new_data.comments] | tojson' '["","call first\nthen ship","call first\nthen ship",""]'
	[[ $(field '.results[1].user') == "$(staff_id staff)" ]]
}

@test "notes: in every status, and without a move" {
	for move in '' ship complete; do
		if [[ -n $move ]]; then by staff ask POST "/orders/$order/$move"; expect 200; fi
		was=$(field .status)
		by staff ask PATCH "/orders/$order" "{\"comments\":\"$move\"}"
		expect 200
		is '.status, (.events | length)' "$was
$(field '.events | length')"
	done
	place "$product:1"
	ask POST "/orders/$order/cancel" '' "X-Order-Token: $order_token"
	by staff ask PATCH "/orders/$order" '{"comments":"late"}'
	expect 200
	is .status cancelled
	# A cart too, with the rest of it untouched.
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	cart=$(field .id) cart_token=$(field .order_token)
	by staff ask PATCH "/orders/$cart" '{"comments":"seen","is_suspended":true}'
	expect 200
	is '[.status, .comments, .items[0].quantity] | tojson' '["cart","seen",1]'
	by staff ask PATCH "/orders/$cart" "{\"comments\":\"more\",\"items\":[{\"product\":\"$product\",\"quantity\":3}]}"
	expect 200
	is '[.comments, .items[0].quantity] | tojson' '["more",3]'
}

@test "notes: an unchanged status may be sent back, and changes nothing" {
	for same in placed PLACED Placed; do
		by staff ask PATCH "/orders/$order" "{\"status\":\"$same\",\"comments\":\"x\"}"
		expect 200
		is .status placed
	done
	for other in shipped PAID cancelled cart; do
		by staff ask PATCH "/orders/$order" "{\"status\":\"$other\",\"comments\":\"y\"}"
		refused '/status read_only'
	done
	by staff ask PATCH "/orders/$order" '{"status":"lost","comments":"y"}'
	refused '/status invalid_choice'
	by staff ask PATCH "/orders/$order" '{"status":"","comments":"y"}'
	expect 422 validation
	by staff api GET "/orders/$order"
	is '[.status, .comments] | tojson' '["placed","x"]'
}

@test "notes: a whole order is sent back as it was read" {
	by staff api GET "/orders/$order"
	before=$body etag=$(header ETag)
	by staff ask PATCH "/orders/$order" "$before"
	expect 200
	[[ $body == "$before" && $(header ETag) == "$etag" ]]
	by staff api PATCH "/orders/$order" --json "$before" -H 'If-Match: "x"'
	expect 412
	by staff ask PATCH "/orders/$order" "$(jq -c '.comments = "whole"' <<<"$before")"
	expect 200
	is .comments whole
	by staff ask PATCH "/orders/$order" "$(jq -c '.total = "1.00"' <<<"$before")"
	expect 422 validation
	# A customer's cart too.
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	cart=$(field .id) cart_token=$(field .order_token)
	api GET "/orders/$cart" -H "X-Order-Token: $cart_token"
	api PATCH "/orders/$cart" -H "X-Order-Token: $cart_token" \
		--json "$(jq -c '.contact.name = "Zoë"' <<<"$body")"
	expect 200
	is .contact.name Zoë
}

@test "notes: the rules of the base model, all broken ones at once" {
	by staff ask PATCH "/orders/$order" '{"comments":7,"active_from":"soon","is_suspended":"yes","total":"1.00","colour":"red"}'
	refused '/comments wrong_type, /active_from invalid, /is_suspended wrong_type, /total read_only, /colour unknown_field'
	by staff ask PATCH "/orders/$order" "{\"comments\":\"$(printf 'x%.0s' {1..5001})\"}"
	refused '/comments max_length'
	by staff ask PATCH "/orders/$order" '{"active_from":"2030-01-02T00:00:00Z","active_to":"2030-01-01T00:00:00Z"}'
	expect 422 validation
	# What was read goes back, without what a cart is made of.
	by staff api GET "/orders/$order"
	by staff ask PATCH "/orders/$order" "$(jq -c '{id, number, store, user, status, total, placed_at, created_at, created_by,
		is_deleted, is_suspended, active_from, comments: "back"}' <<<"$body")"
	expect 200
	is .comments back
	by staff ask PATCH "/orders/$order" '{"is_deleted":true}'
	refused '/is_deleted read_only'
	by staff ask PATCH "/orders/$order" '{"coupon":"NONE"}'
	expect 409 transition-not-allowed
}

@test "notes: If-Match" {
	by staff api GET "/orders/$order"
	tag=$(header ETag)
	by staff ask PATCH "/orders/$order" '{"comments":"one"}' "If-Match: W/$tag"
	expect 200
	fresh=$(header ETag)
	[[ $fresh != "$tag" ]]
	by staff ask PATCH "/orders/$order" '{"comments":"two"}' "If-Match: $tag"
	expect 412 precondition-failed
	by staff api GET "/orders/$order"
	[[ $(header ETag) == "$fresh" ]]
	is .comments one
}

@test "notes: nobody else" {
	for request in '{"comments":"x"}' '{"is_suspended":true}' '{"active_from":"2030-01-01T00:00:00Z"}' '{"status":"placed"}'; do
		by stranger ask PATCH "/orders/$order" "$request"
		expect 404 not-found
		by customer ask PATCH "/orders/$order" "$request"
		[[ $status == 404 || $status == 422 ]]
		token='' ask PATCH "/orders/$order" "$request" "X-Order-Token: $order_token"
		[[ $status == 409 || $status == 422 ]]
	done
	# Staff of another store who have bought here are customers here.
	by stranger try "$product:1"
	expect 201
	order=$(field .id)
	by stranger ask PATCH "/orders/$order" '{"comments":"x"}'
	expect 409 transition-not-allowed
	by stranger ask PATCH "/orders/$order" '{"comments":"x","is_suspended":false}'
	expect 403 forbidden
	by stranger ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 201
	by stranger ask PATCH "/orders/$(field .id)" '{"comments":"my own cart"}'
	expect 200
	is .comments 'my own cart'
	by staff api GET "/orders/$order"
	is '[.comments, .is_suspended] | tojson' '["",false]'
}

# What the staff of a store keep about an order for themselves: labels to find it by, and notes in its history.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }

setup() {
	sql "truncate rate_limits"
	product=$(make_product)
	place "$product:2"
}

# tag BODY : by staff.
tag() { by staff ask PATCH "/orders/$order" "$1"; }

# found TAG COUNT [WHO] : so many orders of this store have it.
found() {
	by "${3-staff}" api GET "/orders?store=$store&tag=$1"
	expect 200
	is '.results | length' "$2"
}

@test "tags: staff label an order and find it" {
	label=$(unique label-)
	tag "{\"tags\":[\" $label \",\"say \\\"hi\\\"\"]}"
	expect 200
	is '.tags | tojson' "[\"$label\",\"say \\\"hi\\\"\"]"
	found "$label" 1
	is '.results[0].tags | length' 2
	found "${label}x" 0
	found 'say%20%22hi%22' 1
	place "$product:1"
	tag "{\"tags\":[\"$label\"],\"comments\":\"both\"}"
	is '[.comments, .tags[0]] | join(" ")' "both $label"
	found "$label" 2
	tag '{"comments":"kept"}'
	is '.tags | length' 1
	tag '{"tags":[]}'
	is '.tags | tojson' '[]'
	found "$label" 1
	found "$label" 0 stranger
}

@test "tags: null takes all of them off" {
	tag '{"tags":["a"]}'
	tag '{"tags":null}'
	expect 200
	is '.tags | tojson' '[]'
}

@test "tags: up to twenty, of up to forty characters, each once" {
	tag "{\"tags\":[\"$(printf 'x%.0s' {1..40})\"]}"
	expect 200
	tag "{\"tags\":[\"$(printf 'x%.0s' {1..41})\"]}"
	refused '/tags/0 max_length'
	tag "{\"tags\":$(jq -nc '[range(20) | tostring]')}"
	expect 200
	tag "{\"tags\":$(jq -nc '[range(21) | tostring]')}"
	refused '/tags max_items'
	for bad in '["a"," a"] /tags/1 duplicate' '[""] /tags/0 blank' '"a" /tags wrong_type' '[1] /tags/0 wrong_type'; do
		tag "{\"tags\":${bad%% /*}}"
		refused "/${bad#* /}"
	done
	by staff api GET "/orders?tag=$(printf 'x%.0s' {1..41})"
	expect 400 invalid-query
}

@test "tags: for the staff of the store alone" {
	by customer place "$product:1"
	tag '{"tags":["secret"]}'
	expect 200
	by customer api GET "/orders/$order"
	is 'has("tags")' false
	by customer ask PATCH "/orders/$order" '{"tags":["mine"]}'
	refused '/tags unknown_field'
	by stranger ask PATCH "/orders/$order" '{"tags":["mine"]}'
	expect 404 not-found
	by customer api GET "/orders?tag=secret"
	expect 400 invalid-query
	# Staff who buy elsewhere are customers there.
	foreign=$(store=$other_store make_product)
	store=$other_store by staff place "$foreign:1"
	is 'has("tags")' false
	by staff ask PATCH "/orders/$order" '{"tags":["mine"]}'
	expect 403 forbidden
	by stranger ask PATCH "/orders/$order" '{"tags":["theirs"]}'
	expect 200
	by staff api GET '/orders?tag=theirs'
	is '.results | length' 0
}

@test "notes: staff add one in every status, and the buyer sees none" {
	for move in '' ship complete; do
		if [[ -n $move ]]; then by staff ask POST "/orders/$order/$move"; expect 200; fi
		was=$(field .status)
		by staff ask POST "/orders/$order/notes" "{\"note\":\"rang\\n-$move\"}"
		expect 201
		is '.events[-1] | [.kind, .from_status, .to_status, .note, .user] | tojson' \
			"[\"note\",\"$was\",\"$was\",\"rang\\n-$move\",\"$(staff_id staff)\"]"
	done
	is '.events | length' 6
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is 'tostring | test("rang")' false
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	by admin ask POST "/orders/$(field .id)/notes" '{"note":"a cart"}'
	expect 201
	is '.events[-1].note' 'a cart'
}

@test "notes: what is refused" {
	by staff ask POST "/orders/$order/notes" '{}'
	refused '/note required'
	by staff ask POST "/orders/$order/notes" "{\"note\":\"$(printf 'x%.0s' {1..1001})\"}"
	refused '/note max_length'
	by staff ask POST "/orders/$order/notes" '{"note":" ","to":"x"}'
	refused '/note blank, /to unknown_field'
	by stranger ask POST "/orders/$order/notes" '{"note":"x"}'
	expect 404 not-found
	by customer place "$product:1"
	by customer ask POST "/orders/$order/notes" '{"note":"x"}'
	expect 403 forbidden
	ask POST "/orders/$order/notes" '{"note":"x"}'
	expect 401 not-authenticated
}

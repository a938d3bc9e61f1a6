# What is done through the API is found in the audit log: who, what, in which request, without secrets.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need PSQL API
	admin=$(make_user is_admin)
	token=$(token_for "$admin" password)
	export admin token
}

setup() { name=contract-$RANDOM$RANDOM$RANDOM; }

# call METHOD PATH [BODY] : as the admin; leaves $body and the request's id in $request, fails unless it is a success.
call() {
	local arguments=(-s -f -X "$1" -H "Authorization: Bearer $token" -D "$BATS_TEST_TMPDIR/headers")
	if [[ -n ${3-} ]]; then arguments+=(-H 'Content-Type: application/json' -d "$3"); fi
	if [[ $1 == POST && -z ${3-} ]]; then arguments+=(-H 'Content-Length: 0'); fi
	body=$(curl "${arguments[@]}" "$API$2") || { echo "$1 $2: $(curl -s "${arguments[@]:2}" "$API$2")"; return 1; }
	request=$(sed -n 's/^x-request-id: \([0-9a-f-]*\).*/\1/Ip' "$BATS_TEST_TMPDIR/headers")
}

id() { jq -r .id <<<"$body"; }

# logged ACTION TABLE ID QUERY : the one row of this request about it, and what the query makes of it.
logged() {
	sql "select $4 from audit_logs
		where request_id = '$request' and user_id = '$admin' and action = '$1' and table_name = '$2' and record_id = '$3'"
}

@test "audit: insert, update, delete and restore of a category" {
	call POST /categories "{\"name\":\"Audit $name\"}"
	category=$(id)
	[[ $(logged insert categories "$category" \
		"old_data is null, new_data ->> 'name', new_data ->> 'created_by'") == $'t\tAudit '"$name"$'\t'"$admin" ]]
	call PATCH "/categories/$category" '{"description":"changed"}'
	[[ $(logged update categories "$category" \
		"old_data ->> 'description', new_data ->> 'description', new_data ->> 'modified_by'") == $'\tchanged\t'"$admin" ]]
	call DELETE "/categories/$category"
	[[ $(logged update categories "$category" "old_data -> 'is_deleted', new_data -> 'is_deleted'") == $'false\ttrue' ]]
	call POST "/categories/$category/restore"
	[[ $(logged update categories "$category" "new_data -> 'is_deleted'") == false ]]
	[[ $(sql "select count(*) from audit_logs where record_id = '$category'") == 4 ]]
}

@test "audit: a row deleted manually is logged too" {
	call POST /categories "{\"name\":\"Audit $name\"}"
	category=$(id)
	sql "delete from categories where id = '$category'"
	[[ $(sql "select user_id is null, old_data ->> 'name', new_data is null from audit_logs
		where record_id = '$category' and action = 'delete'") == $'t\tAudit '"$name"$'\tt' ]]
}

@test "audit: a refused request leaves nothing" {
	request=$(curl -s -o /dev/null -D - -H "Authorization: Bearer $token" -H 'Content-Type: application/json' \
		-d '{"name":"","slug":"!"}' "$API/categories" | sed -n 's/^x-request-id: \([0-9a-f-]*\).*/\1/Ip')
	[[ $request == ????????-????-7* ]]
	[[ $(sql "select count(*) from audit_logs where request_id = '$request'") == 0 ]]
}

@test "audit: passwords stay out" {
	call POST /users "{\"email\":\"$name@example.test\",\"is_staff\":true,\"password\":\"correct horse battery\"}"
	user=$(id)
	call PATCH "/users/$user" '{"password":"another horse battery"}'
	[[ $(sql "select count(*) > 0 from audit_logs where record_id = '$user' and request_id = '$request'") == t ]]
	[[ $(sql "select count(*) from audit_logs
		where record_id = '$user' and (old_data::text || coalesce(new_data::text, '') like '%\$s2\$%'
			or old_data ? 'password_hash' or new_data ? 'password_hash' or new_data::text like '%horse%')") == 0 ]]
}

@test "audit: an order is logged with its guest's request, without its token" {
	call POST /stores "{\"name\":\"Audit $name\",\"currency\":\"EUR\"}"
	store=$(id)
	call POST /products "{\"name\":\"Audit\",\"sku\":\"$name\",\"price\":\"1.00\",\"store\":\"$store\",
		\"inventory_count\":5}"
	product=$(id)
	order=$(curl -s -f -D "$BATS_TEST_TMPDIR/headers" -H 'Content-Type: application/json' -d "{\"store\":\"$store\",
		\"items\":[{\"product\":\"$product\",\"quantity\":1}],
		\"contact\":{\"name\":\"Ann\",\"email\":\"ann@example.test\"}}" "$API/orders" | jq -r .id)
	request=$(sed -n 's/^x-request-id: \([0-9a-f-]*\).*/\1/Ip' "$BATS_TEST_TMPDIR/headers")
	[[ $(sql "select user_id is null, action, new_data ->> 'contact_name', new_data ? 'token_hash' from audit_logs
		where request_id = '$request' and table_name = 'orders' and record_id = '$order'") == $'t\tinsert\tAnn\tf' ]]
	call POST "/orders/$order/cancel"
	[[ $(logged update orders "$order" "new_data ->> 'status', old_data ? 'token_hash'") == $'cancelled\tf' ]]
}

@test "audit: no row has secrets or derived columns" {
	[[ $(sql "select count(*) from audit_logs
		where coalesce(old_data, new_data) ?| array['password_hash', 'token_hash', 'code_hash', 'search']") == 0 ]]
}

@test "audit: the API shows it to admins" {
	call POST /categories "{\"name\":\"Audit $name\"}"
	category=$(id)
	made=$request
	call GET "/audit-logs?record_id=$category"
	[[ $(jq -r '.results | length, .[0].request_id, .[0].user' <<<"$body") == $'1\n'"$made"$'\n'"$admin" ]]
}

@test "audit: an address is logged with its owner, coupons and shipping methods with their authors" {
	call POST /coupons "{\"code\":\"A-$RANDOM$RANDOM\",\"discount_percent\":\"10\"}"
	[[ $(logged insert coupons "$(id)" "new_data ->> 'discount_percent'") == 10 ]]
	call POST /stores "{\"name\":\"Audit $name\",\"currency\":\"EUR\"}"
	call POST /shipping-methods "{\"store\":\"$(id)\",\"name\":\"Post\",\"price\":\"1\",\"countries\":[\"DE\"]}"
	[[ $(logged insert shipping_methods "$(id)" "new_data -> 'countries'") == '["DE"]' ]]
	admin=$(make_user is_customer)
	token=$(token_for "$admin" otp)
	call POST /addresses '{"line1":"Weg 1","city":"Bonn","country":"DE"}'
	[[ $(logged insert addresses "$(id)" "new_data ->> 'user_id', new_data ->> 'city'") == "$admin"$'\tBonn' ]]
	address=$(id)
	call DELETE "/addresses/$address"
	[[ $(logged update addresses "$address" "new_data -> 'is_deleted'") == true ]]
}

@test "audit: a deleted customer leaves actions, but no name" {
	admin=$(make_user is_customer)
	token=$(token_for "$admin" otp)
	call PATCH /auth/me '{"name":"Ann Example"}'
	[[ $(logged update users "$admin" "new_data ->> 'name'") == 'Ann Example' ]]
	call DELETE /auth/me
	[[ $(sql "select count(*), count(*) filter (where coalesce(old_data, new_data) ?| array['name', 'email', 'mobile_number']),
		count(*) filter (where request_id <> '') from audit_logs where record_id = '$admin' and user_id = '$admin'") == \
		$'2\t0\t0' ]]
}

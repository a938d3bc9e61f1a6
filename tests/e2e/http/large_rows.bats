# What is small when it is sent or kept and large when it is printed: numbers with exponents, rows that other means put
# into the database. No list, no log and no page is taken down by them.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	as admin
	STORE=$(staffed_store)
	export STORE
}

setup() { as staff; }

product() { make /products store="$STORE" sku="$(unique)" name="$(unique)" price=10 "$@"; }

# numbers COUNT NUMBER : an object with an array of them
numbers() { jq -nrc --arg n "$2" --argjson count "$1" '"{\"x\":[" + ([range($count) | $n] | join(",")) + "]}"'; }

@test "large rows: a number that no double holds is not JSON here" {
	id=$(product)
	for number in 1e131071 1e309 -1e309 1e-309 0e131071 0e-16383 1e99999999999999999999 2e308; do
		api PATCH "/products/$id" --json "{\"attributes\":{\"x\":$number}}"
		expect 400 invalid-json
		api PATCH "/stores/$STORE" --json "{\"address\":{\"x\":[$number]}}"
		expect 400 invalid-json
	done
	api PATCH "/products/$id" --json '{"attributes":{"x":1.5e308,"y":-1E-308,"z":2e+0000000003}}'
	expect 200
	[[ $(as_sent '.attributes.y | tostring | length') -ge 5 ]]
}

@test "large rows: the printed size of an object counts" {
	id=$(product)
	api PATCH "/products/$id" --json "{\"attributes\":$(numbers 50 1e300)}"
	expect 200
	api PATCH "/products/$id" --json "{\"attributes\":$(numbers 60 1e300)}"
	expect 422 validation "/attributes max_length"
	api PATCH "/products/$id" --json "{\"attributes\":$(numbers 60 1e-300)}"
	expect 422 validation "/attributes max_length"
	api PATCH "/stores/$STORE" --json "{\"address\":$(numbers 14 1e300)}"
	expect 422 validation "/address max_length"
	api POST /products --json "$(json store="$STORE" sku="$(unique)" name=x price=1 attributes:="$(numbers 60 1e300)")"
	expect 422 validation "/attributes max_length"
}

@test "large rows: merging stays below the limit too" {
	id=$(product attributes:="$(jq -nc '{a: ("x" * 9000)}')")
	send PATCH "/products/$id" attributes:="$(jq -nc '{b: ("x" * 9000)}')"
	expect 422 validation "/attributes max_length"
	send PATCH "/products/$id" attributes:="$(jq -nc '{a: ("y" * 9000)}')"
	expect 200
	api GET "/products/$id"
	[[ $(field '.attributes | keys | join(" ")') == a ]]
}

# The owner's statements, as after a migration from elsewhere or without a constraint.
@test "large rows: one in a list is marked, the others are there" {
	id=$(product) other=$(product)
	$PSQL -c "begin; alter table products disable trigger audit;
		update products set price = 1e131071, compare_at_price = 1e131071 where id = '$id'; alter table products enable trigger audit; commit"
	token='' api GET "/products?store=$STORE"
	expect 200
	[[ $(field "[.results[] | select(.id == \"$id\")] | tojson") == "[{\"id\":\"$id\",\"too_large\":true}]" ]]
	[[ $(field ".results[] | select(.id == \"$other\") | .price") == 10.00 ]]
	api GET "/products?store=$STORE&ordering=price&page_size=1"
	expect 200
	$PSQL -c "update products set is_deleted = true where id = '$id'" >/dev/null
}

@test "large rows: JSON that prints as megabytes is left out, and the rest of its row shown" {
	as admin
	record=$($PSQL -c "insert into audit_logs (action, table_name, record_id, new_data)
		values ('insert', 'elsewhere', uuid_v7(), (select jsonb_build_object('x', jsonb_agg(1e131071::numeric))
			from generate_series(1, 40))) returning record_id")
	api GET "/audit-logs?page_size=3"
	expect 200
	[[ $(field '.results | length') == 3 ]]
	api GET "/audit-logs?record_id=$record"
	expect 200
	[[ $(field '.results[0] | [.table_name, .new_data, .too_large] | tojson') == '["elsewhere",null,true]' ]]
	api GET "/audit-logs/$(field '.results[0].id')"
	expect 200
	[[ $(field '[.table_name, .new_data, .too_large] | tojson') == '["elsewhere",null,true]' ]]
}

@test "large rows: a product of many variants is read and written" {
	id=$(product)
	$PSQL -c "insert into products (sku, name, slug, store, parent, price, currency, attributes)
		select '$id-' || n, 'v', '$id-' || n, '$STORE', '$id', 1, 'EUR', jsonb_build_object('x', repeat('x', 16000))
		from generate_series(1, 300) n" >/dev/null
	send PATCH "/products/$id" name=Many
	expect 200
	[[ $(field '[.name, .variants, .too_large] | tojson') == '["Many",null,true]' ]]
	token='' api GET "/products/$id"
	expect 200
	$PSQL -c "update products set is_deleted = true where parent = '$id'" >/dev/null
}

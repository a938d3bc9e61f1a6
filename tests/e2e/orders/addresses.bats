# The addresses of orders: sent whole, sent back as they were read, or named by their id; businesses in them, and the
# names on invoices.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }
setup() { sql "truncate rate_limits"; }
teardown() { ledger_is_right; }

edited() { order_of "$product:1" | jq -c "$1"; }

# saved : an address of the caller's; its id. The members are those of an order that names it.
saved() {
	make /addresses label=Home name='Asha Rao' company='Acme GmbH' line1='Weg 1' city=Bonn country=DE tax_id=136695976 "$@"
}

WHOLE='{"city":"Bonn","company":"Acme GmbH","country":"DE","line1":"Weg 1","line2":"","name":"Asha Rao",
	"postal_code":"","region":"","tax_id":"DE136695976"}'

@test "addresses of orders: a saved one is named by its id, or sent back as it was read" {
	product=$(make_product)
	as customer
	id=$(saved)
	api GET "/addresses/$id"
	is .phone null
	address=$body
	for sent in "\"$id\"" "\"${id^^}\"" "{\"id\":\"$id\"}" "$address"; do
		ask POST /orders "$(edited ".shipping_address = $sent | .billing_address = $sent")"
		expect 201
		is ".shipping_address == $WHOLE" true
		is '.billing_address == .shipping_address' true
	done
	# An order keeps it as it was.
	order=$(field .id)
	send PATCH "/addresses/$id" city=Ulm
	expect 200
	api GET "/orders/$order"
	is .shipping_address.city Bonn
}

@test "addresses of orders: of a cart too, where an id replaces the whole" {
	product=$(make_product)
	as customer
	id=$(saved phone='+49 228 123456')
	ask POST /orders "$(edited ".action = \"update_cart\" | .shipping_address = \"$id\"")"
	expect 201
	order=$(field .id)
	is '.shipping_address.phone' +49228123456
	other=$(make /addresses line1='Weg 2' city=Graz country=AT)
	ask PATCH "/orders/$order" "{\"shipping_address\":{\"id\":\"$other\"}}"
	expect 200
	is '.shipping_address | [.line1, .company, .tax_id, has("phone")] | tojson' '["Weg 2","","",false]'
	ask PATCH "/orders/$order" "{\"shipping_address\":\"$id\",\"billing_address\":\"$other\"}"
	expect 200
	# A tax number is of its country.
	ask PATCH "/orders/$order" '{"shipping_address":{"tax_id":"ATU13585627"}}'
	refused '/shipping_address/country required'
	ask PATCH "/orders/$order" '{"shipping_address":{"country":"AT","tax_id":"DE136695976"}}'
	refused '/shipping_address/tax_id invalid'
	ask PATCH "/orders/$order" '{"shipping_address":{"city":"Köln"}}'
	expect 200
	is .shipping_address.tax_id DE136695976
	ask PATCH "/orders/$order" '{"shipping_address":{"country":"AT"}}'
	expect 200
	is '.shipping_address | [.country, has("tax_id")] | tojson' '["AT",false]'
	ask PATCH "/orders/$order" '{"shipping_address":{"country":"US"}}'
	refused '/shipping_address/region required'
	# A cart of before, without a region, can be changed elsewhere; it is not placed so.
	sql "update orders set shipping_address = shipping_address || '{\"country\": \"US\"}' where id = '$order'"
	ask PATCH "/orders/$order" '{"comments":"ring"}'
	expect 200
	ask POST "/orders/$order/place"
	refused '/shipping_address/region required'
}

@test "addresses of orders: only the caller's own" {
	product=$(make_product)
	as customer
	id=$(saved) gone=$(saved)
	api DELETE "/addresses/$gone"
	expect 204
	ask POST /orders "$(edited ".billing_address = \"$gone\"")"
	refused '/billing_address not_found'
	is '.errors[0].detail' 'You have no such address.'
	for who in another_customer staff admin nobody; do
		by "$who" ask POST /orders "$(edited ".shipping_address = \"$id\"")"
		refused '/shipping_address not_found'
		by "$who" ask POST /orders "$(edited ".billing_address = {id: \"$id\"} | .action = \"update_cart\"")"
		refused '/billing_address not_found'
	done
	in_stock "$product" 20
}

@test "addresses of orders: the invoice has the business of the billing address" {
	product=$(make_product)
	as customer
	ask POST /orders "$(edited '.shipping_address = {line1: "Weg 1", city: "Bonn", country: "DE"}
		| .billing_address = {name: "Books", company: "Acme & Sons", line1: "12 Lake Road", city: "Mumbai", region: "MH",
			country: "IN", tax_id: "27aapfu0939f1zv"}')"
	expect 201
	invoice=$(field .invoice.id)
	api GET "/invoices/$invoice"
	is '.buyer.billing_address | [.company, .tax_id] | join(" ")' 'Acme & Sons 27AAPFU0939F1ZV'
	api GET "/invoices/$invoice/html"
	[[ $body == *'Acme &amp; Sons'*'12 Lake Road'*'Tax number'*27AAPFU0939F1ZV* ]]
}

@test "addresses of orders: an invisible name is none" {
	product=$(make_product)
	token=$(login_customer "$(new_number)")
	ask PATCH /auth/me '{"name":"\u200e\u200d"}'
	expect 200
	is .name ''
	ask POST /orders "$(edited 'del(.contact)')"
	refused '/contact/name required'
	# One of before.
	who=$(sql "select id from users order by created_at desc limit 1")
	sql "update users set name = U&'\\200E \\2800' where id = '$who'"
	ask POST /orders "$(edited 'del(.contact)')"
	refused '/contact/name required'
	ask POST /orders "$(edited 'del(.contact) | .action = "update_cart"')"
	expect 201
	cart=$(field .id)
	ask POST "/orders/$cart/place"
	refused '/contact/name required'
	ask PATCH /auth/me '{"name":"Asha"}'
	ask POST "/orders/$cart/place"
	expect 200
	is .contact.name Asha
}

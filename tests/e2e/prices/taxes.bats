# Taxes by destination, of India and of the EU, how they are rounded, and the invoices that say so.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/orders

setup_file() { open_shop; }

GERMANY='{"line1":"Torstr. 1","city":"Berlin","postal_code":"10119","country":"DE"}'
AUSTRIA='{"line1":"Ring 1","city":"Wien","postal_code":"1010","country":"AT"}'

# make_class JSON : a tax class of $store; leaves its id in $class.
make_class() {
	by staff ask POST /tax-classes "$(jq -c --arg s "$store" '.store = $s' <<<"$1")"
	expect 201
	class=$(field .id)
}

# to ADDRESS [JQ] : places $product once, to the address; $order, $order_token and $body are the order's.
to() {
	ask POST /orders "$(order_of "$product:1" | jq -c --argjson a "$1" '.shipping_address = $a | '"${2-.}")"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
}

# invoice_of ORDER : in $body, as JSON.
invoice_of() {
	by staff api GET "/orders/$1"
	invoice=$(field .invoice.id)
	by staff api GET "/invoices/$invoice"
	expect 200
}

totals='[.subtotal, .tax_total, .total] | join(" ")'

@test "taxes: a class has a rate for each destination, and a product may name it" {
	make_class '{"name":"full","rate":"19","rates":[{"country":"AT","rate":"20"},{"country":"AT","postal_code":"6691","rate":"19.000"}]}'
	is '[.rate, (.rates | map([.country, .postal_code, .rate] | map(select(.)) | join(" ")) | join(", "))] | join(": ")' \
		'19.000: AT 20, AT 6691 19.000'
	product=$(make_product price=100.00 tax_rate=7 tax_class="$class")
	to "$GERMANY"
	is "$totals" '100.00 19.00 119.00'
	is '.items[0].tax_rate' 19.000
	to "$AUSTRIA"
	is '.items[0].tax_rate' 20.000
	is "$totals" '100.00 20.00 120.00'
	to '{"line1":"Jungholz 1","city":"Jungholz","postal_code":"6691","country":"AT"}'
	is "$totals" '100.00 19.00 119.00'
	# Without a class the product's own rate counts, wherever it goes.
	by staff ask PATCH "/products/$product" '{"tax_class":null}'
	expect 200
	to "$AUSTRIA"
	is "$totals" '100.00 7.00 107.00'
}

@test "taxes: a cart shows the tax of its address, and names it when it changes" {
	make_class '{"name":"carts","rate":"19","rates":[{"country":"AT","rate":"20"}]}'
	product=$(make_product price=100.00 tax_class="$class")
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
	is "$totals" '100.00 19.00 119.00'
	ask PATCH "/orders/$order" "{\"shipping_address\":$AUSTRIA}" "X-Order-Token: $order_token"
	is "$totals" '100.00 20.00 120.00'
	is '.changes | length' 0
	by staff ask PATCH "/tax-classes/$class" '{"rates":[{"country":"AT","rate":"10"}]}'
	expect 200
	ask GET "/orders/$order" '' "X-Order-Token: $order_token"
	is '[.changes[] | [.code, .old, .new] | join(" ")] | join(", ")' 'tax_changed 20.00 10.00'
}

@test "taxes: prices with tax stay, or follow the rate of the destination" {
	open_store EUR prices_include_tax:=true
	by admin ask PATCH "/stores/$store" "{\"address\":$GERMANY}"
	make_class '{"name":"full","rate":"0","rates":[{"country":"DE","rate":"19"},{"country":"AT","rate":"20"}]}'
	product=$(make_product price=119.00 tax_class="$class")
	to "$AUSTRIA"
	is "$totals" '119.00 19.83 119.00'
	to '{"line1":"x","city":"Zug","country":"CH"}'
	is "$totals" '119.00 0.00 119.00'
	by admin ask PATCH "/stores/$store" '{"tax_inclusive_rebase":true}'
	expect 200
	to "$AUSTRIA"
	is "$totals" '120.00 20.00 120.00'
	to '{"line1":"x","city":"Zug","country":"CH"}'
	is "$totals" '100.00 0.00 100.00'
	to "$GERMANY"
	is "$totals" '119.00 19.00 119.00'
}

@test "taxes: what is refused" {
	while IFS='|' read -r body errors; do
		by staff ask POST /tax-classes "$(jq -c --arg s "$store" '.store = $s' <<<"$body")"
		refused "$errors"
	done <<-'END'
		{"name":"x"}|/rate required
		{"name":"x","rate":"101"}|/rate max_value
		{"name":"x","rate":"19","rates":[{"country":"UK","rate":"20"}]}|/rates/0/country invalid
		{"name":"x","rate":"19","rates":[{"country":"GB"}]}|/rates/0/rate required
		{"name":"x","rate":"19","rates":[{"country":"GB","rate":"1","state":"x"}]}|/rates/0/state unknown_field
		{"name":"x","rate":"19","rates":[{"country":"GB","rate":"1"},{"country":"GB","rate":"2"}]}|/rates/1 duplicate
		{"name":"x","rate":"19","rates":"GB"}|/rates wrong_type
	END
	make_class '{"name":"Once","rate":"19"}'
	by staff ask POST /tax-classes "{\"store\":\"$store\",\"name\":\"once\",\"rate\":\"7\"}"
	refused '/name taken' || expect 409
	other=$(store=$other_store; by admin make /tax-classes store="$other_store" name=elsewhere rate=7)
	product=$(make_product)
	by staff ask PATCH "/products/$product" "{\"tax_class\":\"$other\"}"
	refused '/tax_class wrong_store'
	by staff ask POST /shipping-methods "{\"store\":\"$store\",\"name\":\"Post\",\"price\":\"1\",\"tax_class\":\"$other\"}"
	refused '/tax_class wrong_store'
	by stranger ask POST /tax-classes "{\"store\":\"$store\",\"name\":\"x\",\"rate\":\"7\"}"
	expect 403 forbidden
	by admin ask PATCH "/stores/$store" '{"tax_rounding":"total"}'
	refused '/tax_rounding invalid_choice'
}

@test "taxes: rounded for each line, or once for each rate, and printed" {
	by admin ask PATCH "/stores/$store" "{\"address\":$GERMANY,\"tax_number\":\"DE136695976\"}"
	expect 200
	beads=() # of one price, and each a product of its own
	for _ in 1 2 3 4 5; do beads+=("$(make_product price=0.03 tax_rate=19):1"); done
	for mode in line:0.05:0.20:'for each line' rate:0.03:0.18:'once for each rate'; do
		IFS=: read -r name tax total words <<<"$mode"
		by admin ask PATCH "/stores/$store" "{\"tax_rounding\":\"$name\"}"
		expect 200
		place "${beads[@]}"
		is '[.tax_total, .total] | join(" ")' "$tax $total"
		invoice_of "$order"
		is '[.tax_rounding, .taxes[0].taxable, .taxes[0].tax] | join(" ")' "$name 0.15 $tax"
		is "[.lines[].tax_amount | tonumber] | add * 100 | round" "$(( 10#${tax#*.} ))"
		by staff api GET "/invoices/$invoice/html"
		grep -q "Tax is rounded $words\." <<<"$body"
	done
	by admin ask PATCH "/stores/$store" '{"tax_rounding":"line"}'
}

@test "taxes: a tax invoice of India has what rule 46 asks for" {
	open_store INR timezone=Asia/Kolkata
	by admin ask PATCH "/stores/$store" '{"address":{"line1":"12 Lake Road","city":"Pune","region":"Maharashtra","postal_code":"411001",
		"country":"IN"},"tax_number":"27AAPFU0939F1ZV"}'
	expect 200
	product=$(make_product price=100.00 tax_rate=18 attributes:='{"hsn":"7323"}' name='Steel bowl')
	to '{"line1":"1 Fort","city":"Mumbai","region":"mh","postal_code":"400001","country":"IN","company":"Rao Stores","tax_id":"27AAPFU0939F1ZV"}'
	is "$totals" '100.00 18.00 118.00'
	invoice_of "$order"
	is '[.tax_scheme, .place_of_supply, (.tax_parts | map([.name, .rate, .taxable, .tax] | join(" ")) | join(", "))] | join("; ")' \
		'gst_state; 27 Maharashtra; CGST 9 100.00 9.00, SGST 9 100.00 9.00'
	is '.hsn_summary | tojson' '[{"hsn":"7323","rate":"18","quantity":1,"taxable":"100.00","tax":"18.00"}]' ||
		is '.hsn_summary[0] | [.hsn, .rate, .quantity, .taxable, .tax] | map(tostring) | join(" ")' '7323 18 1 100.00 18.00'
	by staff api GET "/invoices/$invoice/html"
	for text in 'Tax invoice' '27AAPFU0939F1ZV' 'Rao Stores' 'INV' 'Place of supply' '27 Maharashtra' '7323' 'Steel bowl' 'CGST 9' 'SGST 9' \
		'Tax is payable on reverse charge: no' 'NOS'; do
		grep -qF "$text" <<<"$body" || { echo "missing: $text"; return 1; }
	done
	# To another state: IGST; by name, code or number of the state.
	for region in Karnataka KA 29 'IN-KA'; do
		to "{\"line1\":\"1 MG Road\",\"city\":\"Bengaluru\",\"region\":\"$region\",\"country\":\"IN\"}"
		invoice_of "$order"
		is '[.tax_scheme, .place_of_supply, (.tax_parts | map([.name, .rate, .tax] | join(" ")) | join(", "))] | join("; ")' \
			'gst_inter_state; 29 Karnataka; IGST 18 18.00'
	done
	ask POST /orders "$(order_of "$product:1" | jq -c '.shipping_address = {line1: "x", city: "Munich", region: "Bavaria", country: "IN"}')"
	refused '/shipping_address/region invalid'
	# Both halves are equal: an odd paisa is not split.
	odd=$(make_product price=0.27 tax_rate=18)
	product=$odd
	to '{"line1":"1 Fort","city":"Mumbai","region":"MH","country":"IN"}'
	is "$totals" '0.27 0.04 0.31'
	invoice_of "$order"
	is '.tax_parts | map([.name, .tax] | join(" ")) | join(", ")' 'CGST 0.02, SGST 0.02'
}

@test "taxes: CGST and SGST of a credit note by line are equal too" {
	open_store INR
	by admin ask PATCH "/stores/$store" '{"address":{"line1":"12 Lake Road","city":"Pune","region":"MH","country":"IN"},
		"tax_number":"27AAPFU0939F1ZV"}'
	product=$(make_product price=3.61 tax_rate=18)
	ask POST /orders "$(order_of "$product:3" | jq -c '.shipping_address = {line1: "1 Fort", city: "Mumbai", region: "MH", country: "IN"}')"
	expect 201
	is '.tax_total' 1.94
	order=$(field .id) line=$(field '.items[0].id')
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"manual\"}" "X-Order-Token: $(field .order_token)" \
		"Idempotency-Key: $(unique key-)$(unique)"
	expect 201
	payment=$(field .id)
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	for _ in 1 2 3; do
		by staff ask POST "/payments/$payment/refunds" "{\"items\":[{\"id\":\"$line\",\"quantity\":1}]}" \
			"Idempotency-Key: $(unique key-)$(unique)"
		expect 201
	done
	parts=$(sql "select string_agg((select string_agg(p ->> 'tax', '=') from jsonb_array_elements(i.document::jsonb -> 'tax_parts') p), ' '
		order by i.number) from invoices i where i.order_id = '$order' and i.kind = 'credit_note'")
	[[ $parts == '0.32=0.32 0.33=0.33 0.32=0.32' ]] || { echo "$parts"; return 1; }
}

@test "taxes: reverse charge between businesses of two countries of the EU" {
	open_store EUR prices_include_tax:=true tax_inclusive_rebase:=true reverse_charge:=true
	by admin ask PATCH "/stores/$store" "{\"address\":$GERMANY,\"tax_number\":\"DE136695976\"}"
	expect 200
	make_class '{"name":"full","rate":"19","rates":[{"country":"FR","rate":"20"}]}'
	product=$(make_product price=119.00 tax_class="$class")
	business='{"line1":"1 Rue","city":"Paris","postal_code":"75001","country":"FR","company":"Café SARL","tax_id":"FR 83 404833048"}'
	to "$business"
	is "$totals" '100.00 0.00 100.00'
	invoice_of "$order"
	is '[.tax_scheme, .buyer.shipping_address.tax_id, .tax_total] | join(" ")' 'reverse_charge FR83404833048 0.00'
	by staff api GET "/invoices/$invoice/html"
	for text in 'Reverse charge' 'Article 138' 'FR83404833048' 'DE136695976' 'Café SARL'; do
		grep -qF "$text" <<<"$body" || { echo "missing: $text"; return 1; }
	done
	to "$(jq -c 'del(.tax_id)' <<<"$business")"
	is "$totals" '120.00 20.00 120.00'
	by admin ask PATCH "/stores/$store" '{"reverse_charge":false}'
	to "$business"
	is "$totals" '120.00 20.00 120.00'
}

@test "taxes: classes are listed, read, replaced, deleted and restored like everything else" {
	make_class "{\"name\":\"$(unique Food-)\",\"rate\":\"7\",\"rates\":[{\"country\":\"AT\",\"rate\":\"10\"}]}"
	token=
	api GET "/tax-classes?store=$store&ordering=name"
	expect 200
	is "[.results[] | select(.id == \"$class\") | .rate] | join(\" \")" 7.000
	api GET "/tax-classes/$class"
	expect 200
	is '[.store, .rate, .rates[0].country] | join(" ")' "$store 7.000 AT"
	by staff ask PUT "/tax-classes/$class" '{"name":"Groceries","rate":"5"}'
	expect 200
	is '[.name, .rate, (.rates | length | tostring)] | join(" ")' 'Groceries 5.000 1'
	by staff ask DELETE "/tax-classes/$class"
	expect 204
	api GET "/tax-classes/$class"
	expect 404 not-found
	by staff ask POST "/tax-classes/$class/restore"
	expect 200
	is .name Groceries
}

# Invoices and credit notes: who reads them, as JSON, as a page and as PDF.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments

setup_file() { open_shop; }
setup() {
	sql "truncate rate_limits"
	order_token=
	product=$(make_product)
}
teardown() {
	put_helper_back
	ledger_is_right && money_is_right
}

helper=${VAR:?}/site/bin/invoice-pdf
put_helper_back() { if [[ -e $helper.away ]]; then mv "$helper.away" "$helper"; fi; }

# placed COMMAND... : like place; leaves $invoice too.
placed() {
	place "$@"
	invoice=$(field .invoice.id)
}

@test "invoices: an order that is placed has one" {
	by customer placed "$product:2"
	number=$(field .invoice.invoice_number)
	by customer api GET "/invoices/$invoice"
	expect 200
	is '[.kind, .invoice_number, .store, .order] | join(" ")' "invoice $number $store $order"
	is '[.amount, .currency, .total_in_words, .buyer.name] | join(" | ")' \
		'20.00 | EUR | Twenty and 00/100 EUR | Asha Rao'
	is '[.lines[] | [.name, (.quantity | tostring), .line_total] | join(" ")] | join(", ")' 'Tea 2 20.00'
	is '.prices_include_tax | tojson' "$(sql "select prices_include_tax from stores where id = '$store'" | sed 's/^t$/true/; s/^f$/false/')"
	is '[(.credits | tojson), (.refund | tojson), (has("created_by") | tostring)] | join(" ")' 'null null false'
	[[ $(header Cache-Control) == no-store ]]
	# It stays as it was.
	first=$body
	by staff send PATCH "/products/$product" name=Coffee price=11.00
	expect 200
	by customer api GET "/invoices/$invoice"
	[[ $body == "$first" ]]
}

@test "invoices: a cart has none" {
	ask POST /orders "{\"store\":\"$store\",\"action\":\"update_cart\",\"items\":[{\"product\":\"$product\",\"quantity\":1}]}"
	expect 201
	is '.invoice | tojson' null
}

@test "invoices: who may read them" {
	by customer placed "$product:1"
	for path in "$invoice" "$invoice/html" "$invoice/pdf"; do
		for who in customer staff admin; do
			by "$who" api GET "/invoices/$path"
			expect 200
		done
		for who in nobody another_customer stranger; do
			by "$who" api GET "/invoices/$path"
			expect 404 not-found
			known=$(as_sent 'del(.request_id) | tojson')
			by "$who" api GET "/invoices/01900000-0000-7000-8000-000000000000${path#"$invoice"}"
			expect 404 not-found
			is 'del(.request_id) | tojson' "$known" as_sent
		done
	done
	for nonsense in nonsense "${invoice}x" "${invoice%?}"; do
		by admin api GET "/invoices/$nonsense"
		expect 404 not-found
	done
	for method in POST PUT PATCH DELETE; do
		by admin ask "$method" "/invoices/$invoice" '{}'
		expect 405 method-not-allowed
	done
	by staff api GET "/invoices/$invoice"
	is 'has("created_by")' true
}

@test "invoices: a guest reads them with the order's token" {
	placed "$product:1"
	right=$order_token mine=$invoice
	placed "$product:1"
	for path in "$mine" "$mine/html" "$mine/pdf"; do
		api GET "/invoices/$path"
		expect 404 not-found
		for wrong in "$order_token" "${right}x" x; do
			api GET "/invoices/$path" -H "X-Order-Token: $wrong"
			expect 404 not-found
		done
		api GET "/invoices/$path" -H "X-Order-Token: $right"
		expect 200
		if [[ $path != */pdf ]]; then [[ $body != *"$right"* ]]; fi
	done
	api GET /invoices -H "X-Order-Token: $right"
	expect 401 not-authenticated
}

@test "invoices: lists and their filters" {
	by customer placed "$product:1"
	for query in "order=$order" "order=$order&kind=invoice" "store=$store&order=$order&issued_at__gte=2020-01-01T00:00:00Z" \
		"order=$order&ordering=-invoice_number" "order=$order&ordering=issued_at&count=exact"; do
		for who in customer staff admin; do
			by "$who" api GET "/invoices?$query"
			expect 200
			is '[.results[].id] | join(" ")' "$invoice"
		done
		for who in another_customer stranger; do
			by "$who" api GET "/invoices?$query"
			expect 200
			is '.results | length' 0
		done
	done
	by staff api GET "/invoices?order=$order&kind=credit_note"
	is '.results | length' 0
	by staff api GET "/invoices?order=$order&issued_at__lt=2020-01-01T00:00:00Z"
	is '.results | length' 0
	by staff api GET "/invoices?document=x"
	expect 400 invalid-query
	by staff api GET "/invoices?order=x"
	expect 400 invalid-query
}

@test "invoices: ETag and HEAD" {
	by customer placed "$product:1"
	for path in "$invoice" "$invoice/html" "$invoice/pdf"; do
		by customer api GET "/invoices/$path"
		expect 200
		etag=$(header ETag) length=$(header Content-Length) type=$(header Content-Type)
		[[ $etag == \"*\" ]]
		by customer api GET "/invoices/$path" -H "If-None-Match: $etag"
		expect 304
		[[ $(header ETag) == "$etag" && -z $body ]]
		by customer api HEAD "/invoices/$path"
		expect 200
		[[ $(header ETag) == "$etag" && $(header Content-Length) == "$length" && $(header Content-Type) == "$type" ]]
		by another_customer api GET "/invoices/$path" -H "If-None-Match: $etag"
		expect 404 not-found
	done
}

@test "invoices: the page writes nothing of others as HTML" {
	hostile='<script>alert(1)</script></style><img src=x onerror="alert(2)">'"'"'&amp;'
	product=$(make_product name="$hostile")
	ask POST /orders "$(jq -nc --arg store "$store" --arg product "$product" --arg name "$hostile" '{$store,
		contact: {name: $name, email: "asha@example.com"}, items: [{$product, quantity: 1}],
		billing_address: {line1: $name, city: $name, country: "DE"}}')"
	expect 201
	invoice=$(field .invoice.id) order_token=$(field .order_token)
	api GET "/invoices/$invoice/html" -H "X-Order-Token: $order_token"
	expect 200
	[[ $(header Content-Type) == 'text/html; charset=utf-8' ]]
	[[ $(header Content-Security-Policy) == "default-src 'none'; style-src 'unsafe-inline'" ]]
	[[ $(header X-Content-Type-Options) == nosniff ]]
	[[ $body != *'<script'* && $body != *'<img'* && $body == *'&lt;script&gt;alert(1)'* && $body == *'&amp;amp;'* ]]
	[[ $(grep -c '</style>' <<<"$body") == 1 ]]
	api GET "/invoices/$invoice/pdf" -H "X-Order-Token: $order_token"
	expect 200
}

@test "invoices: the page and the PDF link to the order" {
	by customer placed "$product:1"
	link=${API%/cgi-bin/api}/orders/$order
	by customer api GET "/invoices/$invoice/html"
	expect 200
	[[ $body == *"<a href=\"$link\">$link</a>"* ]]
	by customer api GET "/invoices/$invoice/pdf"
	expect 200
	[[ $(pdftotext -raw "$BATS_TEST_TMPDIR/body" - | tr -d '\n') == *"$link"* ]]
	grep -aqF "/URI ($link)" "$BATS_TEST_TMPDIR/body"
}

@test "invoices: a PDF is made once and kept" {
	by customer placed "$product:1"
	by customer api GET "/invoices/$invoice"
	number=$(field .invoice_number)
	by customer api GET "/invoices/$invoice/pdf"
	expect 200
	[[ $(header Content-Type) == application/pdf ]]
	[[ $(header Content-Disposition) == "inline; filename=\"$number.pdf\"" ]]
	[[ $(head -c 5 "$BATS_TEST_TMPDIR/body") == %PDF- ]]
	etag=$(header ETag)
	mv "$helper" "$helper.away"
	by customer api GET "/invoices/$invoice/pdf"
	expect 200
	[[ $(header ETag) == "$etag" ]]
	by another_customer api GET "/invoices/$invoice/pdf"
	expect 404 not-found
	by customer placed "$product:1"
	by customer api GET "/invoices/$invoice/pdf"
	expect 501 pdf-not-available
	link=$(header Link)
	[[ $link == "<"*"/invoices/$invoice/html>; rel=\"alternate\"; type=\"text/html\"" ]]
	for code in 126 127 1; do
		printf '#!/bin/sh\nexit %s\n' "$code" >"$helper"
		chmod 755 "$helper"
		by customer api GET "/invoices/$invoice/pdf"
		expect 501 pdf-not-available
	done
	printf '#!/bin/sh\nexit 70\n' >"$helper"
	by customer api GET "/invoices/$invoice/pdf"
	expect 503
	link=${link%%>*}
	by customer api GET "/invoices/${link##*/invoices/}"
	expect 200
	put_helper_back
	by customer api GET "/invoices/$invoice/pdf"
	expect 200
}

@test "invoices: an id in capitals is the same id, of which one file is kept" {
	by customer placed "$product:1"
	before=$(find "$VAR/site/invoices/" -type f | wc -l)
	for id in "$invoice" "${invoice^^}" "${invoice:0:20}${invoice:20:1}$(tr a-f A-F <<<"${invoice:21}")"; do
		by customer api GET "/invoices/$id/pdf"
		expect 200
	done
	(( $(find "$VAR/site/invoices/" -type f | wc -l) == before + 1 ))
	[[ -s $VAR/site/invoices/$invoice.pdf ]]
	by customer api GET "/invoices?order=${order^^}"
	is '.results | length' 1
}

@test "invoices: a repeated refund is the same one, however its payment's id is spelt" {
	by customer placed "$product:2"
	by customer begin manual
	by staff ask POST "/payments/$payment/mark-paid"
	new_key
	refund_payment '{"amount":"5.00"}'
	expect 201
	payment=${payment^^} refund_payment '{"amount":"5.00"}'
	expect 201
	[[ $(header Idempotent-Replayed) == true ]]
}

@test "invoices: a credit note for each refund, and one for a cancelled order" {
	by customer placed "$product:2"
	by customer begin manual
	by staff ask POST "/payments/$payment/mark-paid"
	expect 200
	new_key
	refund_payment '{"amount":"5.00","reason":"a dent"}'
	expect 201
	refund=$(field .id)
	by customer api GET "/invoices?order=$order&kind=credit_note"
	expect 200
	is '[.results[] | .kind, .amount, .credits, .refund] | join(" ")' "credit_note 5.00 $invoice $refund"
	note=$(field '.results[0].id') number=$(field '.results[0].invoice_number')
	[[ $number != "$(sql "select number from invoices where id = '$invoice'")" ]]
	by customer api GET "/invoices/$note/html"
	expect 200
	[[ $body == *"$number"* && $body == *'a dent'* ]]
	by customer api GET "/invoices/$note/pdf"
	expect 200
	by staff ask POST "/orders/$order/cancel"
	expect 200
	by customer api GET "/invoices?order=$order&kind=credit_note&ordering=issued_at"
	is '[.results[].amount] | join(" ")' '5.00 15.00'
	# The invoice is what it was.
	by customer api GET "/invoices/$invoice"
	is .amount 20.00
}

# The customer's data sent to the provider: nothing, unless configured.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

bats_require_minimum_version 1.5.0
load ../../support/payments

ADDRESS='{"name":"Ravi Rao","line1":"12 Lake Road","line2":"Flat 3","city":"Pune","region":"Maharashtra",
	"postal_code":"411001","country":"IN","phone":"+919812345678"}'

# place_with JSON : an order with more members.
place_with() {
	ask POST /orders "$(order_of "$product:1" | jq -c ". + $1")"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
}

# begin_with METHOD NAME=VALUE... : begin to pay $order in a shop that has these settings.
begin_with() {
	local said words sent="{\"order\":\"$order\",\"payment_method\":\"$1\"}"
	mapfile -t words < <(gateway_settings)
	said=$(env -i "${words[@]}" "${@:2}" GATEWAY_INTERFACE=CGI/1.1 REQUEST_METHOD=POST SCRIPT_NAME=/cgi-bin/api/payments \
		CONTENT_TYPE=application/json "CONTENT_LENGTH=${#sent}" "HTTP_IDEMPOTENCY_KEY=$key" \
		"HTTP_X_ORDER_TOKEN=$order_token" "$VAR/site/cgi-bin/api/payments" <<<"$sent" 2>/dev/null)
	[[ $said == "Status: 201"* ]] || { echo "$said"; return 1; }
}

intent() { control '{"objects":{"kind":"payment_intent"}}' | jq -c ".[0] | $1"; }
notes() { control '{"objects":{"kind":"order"}}' | jq -c '.[0].notes'; }

@test "customer: the provider gets nothing that it does not need" {
	place_with "{\"shipping_address\":$ADDRESS}"
	begin stripe
	[[ $(intent '[.receipt_email, .shipping]') == '[null,null]' ]]
	place_with "{\"shipping_address\":$ADDRESS}"
	begin razorpay
	[[ $(notes | jq -c 'keys') == '["order","payment"]' ]]
}

@test "customer: Stripe gets name, address and receipt e-mail if the shop is configured so" {
	place_with "{\"shipping_address\":$ADDRESS}"
	begin_with stripe PAYMENT_CUSTOMER_DETAILS=on
	[[ $(intent .receipt_email) == '"asha@example.com"' && $(intent .description) == '"Order '* ]]
	[[ $(intent '[.shipping.name, .shipping.phone] | join(" ")') == '"Ravi Rao +919812345678"' ]]
	[[ $(intent '.shipping.address | [.line1, .line2, .city, .state, .postal_code, .country] | join("|")') == \
		'"12 Lake Road|Flat 3|Pune|Maharashtra|411001|IN"' ]]
}

@test "customer: what there is not is not sent" {
	place_with '{"contact":{"name":"Asha Rao","mobile_number":"+919800000001"}}'
	begin_with stripe PAYMENT_CUSTOMER_DETAILS=on
	[[ $(intent '[.receipt_email, .shipping]') == '[null,null]' ]]
	gateways_reset
	new_key
	# The billing address where nothing is shipped, and the buyer's name where the address has none.
	place_with '{"billing_address":{"line1":"Weg 1 & Söhne=x","city":"Köln","country":"DE"}}'
	begin_with stripe PAYMENT_CUSTOMER_DETAILS=on
	[[ $(intent '[.shipping.name, .shipping.address.line1, .shipping.address.city, .shipping.address.state]') == \
		'["Asha Rao","Weg 1 & Söhne=x","Köln",null]' ]]
}

@test "customer: Razorpay gets notes, of which none is too long" {
	long=$(printf 'ä%.0s' {1..250})
	place_with "{\"shipping_address\":$(jq -c --arg l "$long" '.line2 = $l' <<<"$ADDRESS")}"
	begin_with razorpay PAYMENT_CUSTOMER_DETAILS=on
	[[ $(notes | jq -c 'keys') == '["customer_email","customer_name","customer_phone","order","payment","shipping_address"]' ]]
	[[ $(notes | jq -r '.customer_name + " " + .customer_email + " " + .customer_phone') == \
		'Ravi Rao asha@example.com +919812345678' ]]
	[[ $(notes | jq -r '.shipping_address | length') == 256 && $(notes | jq -r .shipping_address) == '12 Lake Road, ää'* ]]
}

@test "customer: what is longest still fits" {
	long=$(printf '字%.0s' {1..250})
	place_with "$(jq -c --arg l "$long" '{shipping_address: (.name = $l | .line1 = $l | .line2 = $l | .city = $l[:100] |
		.region = $l[:100])}' <<<"$ADDRESS")"
	begin_with stripe PAYMENT_CUSTOMER_DETAILS=on
	[[ $(intent '.shipping.address.line1 | length') == 250 ]]
}

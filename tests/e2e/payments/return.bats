# The provider's page sends the buyer's browser back: no token, nothing believed but a signature, on to the shop's page.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

bats_require_minimum_version 1.5.0
load ../../support/payments

# returns [NAME=VALUE]... : the browser posts a form to $payment's address.
returns() {
	local pair arguments=()
	for pair; do arguments+=(--data-urlencode "$pair"); done
	api POST "/payments/$payment/return" -H 'Content-Type: application/x-www-form-urlencoded' "${arguments[@]}"
}

# sent_on STATUS : the answer is the redirect to the order's page, and holds nothing secret.
sent_on() {
	expect 303
	[[ $(header Location) == "http://127.0.0.1:$PORT/orders/$order?payment=$payment&payment_status=$1" ]] ||
		{ header Location; return 1; }
	[[ -z $body && $(header Cache-Control) == no-store ]]
}

# page [HOW] : the customer pays $intent; the fields that the page posts, a line each.
page() { pay razorpay "$intent" "${1-succeed}" | jq -r '.checkout | to_entries[] | .key + "=" + .value'; }

@test "return: the form of a page that was paid on" {
	place "$product:1"
	begin razorpay
	mapfile -t fields < <(page)
	returns "${fields[@]}" org_name=Razorpay org_logo= custom_branding=false
	sent_on captured
	order_is paid paid
	# Loaded again, and after the webhook, it is the same.
	returns "${fields[@]}"
	sent_on captured
	deliver razorpay >/dev/null
	returns
	sent_on captured
	[[ $(ledger '[.totals[].captured] | tojson') == '[1000]' ]]
}

@test "return: a form without a right signature moves nothing, and the buyer is sent on" {
	place "$product:1"
	begin razorpay
	mapfile -t fields < <(page)
	before=$(asked /v1/)
	returns
	sent_on pending
	returns "${fields[@]:0:2}"
	sent_on pending
	returns "${fields[@]:0:2}" razorpay_signature="$(printf '0%.0s' {1..64})"
	sent_on pending
	returns "${fields[@]}" payment_status=captured next=https://evil.example/ redirect=https://evil.example/
	sent_on captured
	order_is paid paid
	# Nobody but a signature makes the shop ask.
	place "$product:1"
	begin razorpay
	before=$(asked /v1/)
	returns razorpay_order_id="$intent" razorpay_payment_id=pay_AnyOneOfThem00 razorpay_signature=x
	sent_on pending
	[[ $(asked /v1/) == "$before" ]]
}

@test "return: the form of a page where it failed" {
	place "$product:1"
	begin razorpay
	pay razorpay "$intent" fail >/dev/null
	returns 'error[code]=BAD_REQUEST_ERROR' 'error[description]=Payment failed <script>' 'error[source]=customer' \
		'error[step]=payment_authentication' 'error[reason]=payment_failed' \
		"error[metadata]={\"payment_id\":\"pay_AnyOneOfThem00\",\"order_id\":\"$intent\"}"
	sent_on pending
	order_is pending pending
	deliver razorpay >/dev/null
	returns 'error[code]=BAD_REQUEST_ERROR'
	sent_on failed
}

@test "return: the provider does not answer; its signature is good for the money being reserved" {
	place "$product:1"
	begin razorpay
	mapfile -t fields < <(page)
	fault error match=GET
	returns "${fields[@]}"
	sent_on authorized
	no_faults
	later
	cron
	returns
	sent_on captured
	order_is paid paid
}

@test "return: Stripe's link; only the provider's status counts" {
	place "$product:1"
	begin stripe
	api GET "/payments/$payment/return?payment_intent=$intent&payment_intent_client_secret=${intent}_secret_x&redirect_status=succeeded"
	sent_on pending
	order_is pending pending
	pay stripe "$intent" >/dev/null
	before=$(asked /v1/)
	for query in '' '?payment_intent=pi_another' '?redirect_status=succeeded&payment_status=captured'; do
		api GET "/payments/$payment/return$query"
		sent_on pending
	done
	[[ $(asked /v1/) == "$before" ]]
	api GET "/payments/$payment/return?payment_intent=$intent&redirect_status=failed"
	sent_on captured
	order_is paid paid
}

@test "return: what is not there, and what is not a form" {
	payment=01900000-0000-7000-8000-000000000000
	returns
	expect 404 not-found
	payment=x
	returns
	expect 404 not-found
	place "$product:1"
	begin cod
	returns a=b
	sent_on pending
	api GET "/payments/$payment/return"
	sent_on pending
	api POST "/payments/$payment/return" -H 'Content-Type: text/plain' --data x
	expect 415
}

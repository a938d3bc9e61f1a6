# Guests and accounts: what a customer gets to see of orders that others placed with their number, and the other way.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/orders

setup_file() {
	open_shop
	export product
	product=$(make_product inventory_count:=1000)
}
teardown() { ledger_is_right; }

ADDRESS='{"name":"Stranger","line1":"7 Secret Street","city":"Pune","region":"Maharashtra","country":"IN"}'

# guest_order [JQ] : placed by a stranger with $mobile; leaves $order and $order_token.
guest_order() {
	token=
	email=$(unique stranger)@example.com
	ask POST /orders "$(order_of "$product:1" | jq -c --arg m "$mobile" --arg e "$email" --argjson a "$ADDRESS" \
		'.contact = {name: "Stranger", email: $e, mobile_number: $m} | .comments = "Ring twice at Secret Street"
		| .shipping_address = $a | .billing_address = $a'" | ${1-.}")"
	expect 201
	order=$(field .id) order_token=$(field .order_token)
}

# with_token METHOD PATH [BODY] : about $order.
with_token() { ask "$1" "/orders/$order$2" "${3-}" "X-Order-Token: $order_token"; }

# sign_in_by_mail : the customer whose address $email is, in any letter case.
sign_in_by_mail() {
	token=
	send POST /auth/customer/request-otp email="${email^^}"
	expect 202
	send POST /auth/customer/login challenge="$(field .challenge)" otp=1234
	expect 200
	token=$(field .token)
}

setup() {
	mobile=$(new_number)
	guest_order
	token=$(login_customer "$mobile")
}

@test "guests: an order with my number is in my account, and does not reveal who placed it" {
	api GET "/orders/$order"
	expect 200
	is '[.claimed, .contact, .shipping_address, .billing_address, .comments, .invoice] | tojson' \
		"[true,{\"name\":\"\",\"email\":null,\"mobile_number\":\"$mobile\"},null,null,\"\",null]" as_sent
	is '.items | length' 1
	for path in /orders /auth/me/export "/orders?search=$(sql "select number from orders where id = '$order'")"; do
		api GET "$path"
		expect 200
		[[ $body == *"$order"* ]]
		[[ $body != *Secret* && $body != *Stranger* && $body != *"$email"* ]]
	done
	# Nor by looking for it.
	for word in Stranger "${email%@*}" "${mobile#+}"; do
		api GET "/orders?search=$word"
		expect 200
		is '.results | length' 0
	done
	invoice=$(sql "select id from invoices where order_id = '$order'")
	for path in "/invoices/$invoice" "/invoices/$invoice/html"; do
		api GET "$path"
		expect 404 not-found
		ask GET "$path" '' "X-Order-Token: $order_token"
		expect 200
	done
	api GET /invoices
	is '.results | length' 0
	# The store sees all of it, and finds it.
	as staff
	api GET "/orders/$order"
	is '[.claimed, .contact.name, .shipping_address.line1] | join(" ")' 'true Stranger 7 Secret Street'
	api GET "/orders?search=${email%@*}"
	is '.results | length' 1
}

@test "guests: parcels and returns of a claimed order do not lead to who placed it" {
	line=$(sql "select id from order_items where order_id = '$order'")
	by staff ask POST "/orders/$order/shipments" "{\"items\":[{\"id\":\"$line\",\"quantity\":1}],\"carrier\":\"DHL\",
		\"tracking_number\":\"Secret 1\",\"tracking_url\":\"https://dhl.example/Secret\"}"
	expect 201
	by nobody with_token POST /returns "{\"reason\":\"Secret\",\"items\":[{\"id\":\"$line\",\"quantity\":1,\"reason\":\"Secret\"}]}"
	expect 201
	by staff ask POST "/orders/$order/returns/$(field '.returns[0].id')/approve" '{"note":"Dear Secret"}'
	expect 200
	for path in "/orders/$order" /orders /auth/me/export; do
		api GET "$path"
		expect 200
		[[ $body == *'"carrier":"DHL"'* && $body == *'"status":"approved"'* && $body != *Secret* ]]
	done
	# Who has the token placed it.
	by nobody with_token GET ''
	is '[.tracking_number, .shipments[0].tracking_number, .shipments[0].tracking_url, .returns[0].note] | join(", ")' \
		'Secret 1, Secret 1, https://dhl.example/Secret, Dear Secret'
}

@test "guests: the holder of an order's token sees nothing of the account that has it" {
	token=
	with_token GET ''
	expect 200
	is '[.user, .claimed, .contact.name, .shipping_address.line1] | tojson' '[null,false,"Stranger","7 Secret Street"]'
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"cod\"}" "X-Order-Token: $order_token" \
		"Idempotency-Key: $(unique key-)$(unique)"
	expect 201
	user=$(sql "select user_id from orders where id = '$order'")
	[[ $user && $body != *"$user"* ]]
	with_token POST /cancel
	expect 200
	is .user null
	[[ $body != *"$user"* ]]
}

@test "guests: with its token a customer takes an order into the account whole" {
	api POST "/orders/$order/adopt"
	expect 403 forbidden
	ask POST "/orders/$order/adopt" '' 'X-Order-Token: nonsense'
	expect 403 forbidden
	with_token POST /adopt
	expect 200
	is '[.claimed, .contact.name, .shipping_address.line1, (.user | type)] | tojson' '[false,"Stranger","7 Secret Street","string"]'
	api GET "/orders/$order"
	is '[.claimed, .contact.email] | tojson' "[false,\"$email\"]"
	is '.invoice | type' object
	# Without an account that has the number too.
	mobile=$(new_number)
	guest_order
	token=$(login_customer "$(new_number)")
	api POST "/orders/$order/adopt"
	expect 404 not-found
	with_token POST /adopt
	expect 200
	with_token POST /adopt
	expect 200
	token=$(login_customer "$(new_number)")
	with_token POST /adopt
	expect 409 conflict
	as staff
	with_token POST /adopt
	expect 403 forbidden
}

@test "guests: an order that is not mine leaves the account for good" {
	sql "insert into outbox (template, channel, recipient, data, give_up_at, next_try_at, order_id)
		select 'order_paid', 'sms', '$mobile', '{}', now() + interval '1 day', now() + interval '1 hour', '$order'"
	api POST "/orders/$order/disown"
	expect 204
	[[ $(sql "select count(*) from outbox where order_id = '$order' and recipient = '$mobile'") == 0 ]]
	api GET "/orders/$order"
	expect 404 not-found
	api POST "/orders/$order/disown"
	expect 404 not-found
	token=$(login_customer "$mobile")
	api GET "/orders/$order"
	expect 404 not-found
	api GET /orders
	is '.results | length' 0
	[[ $(sql "select contact_mobile is null, contact_email from orders where id = '$order'") == "t|$email" ]]
	# It is in nobody's way who goes.
	ask DELETE /auth/me
	expect 204
	[[ $(sql "select contact_mobile is null, user_id is null, status from orders where id = '$order'") == 't|t|placed' ]]
	# It is the guest's as before, and the store knows.
	token=
	with_token GET ''
	expect 200
	is '[.status, .contact.email] | join(" ")' "placed $email"
	as staff
	api GET "/orders/$order"
	is '[.user, .events[-1].note] | tojson' \
		'[null,"The owner of the contact'"'"'s number or address declared that the order is not theirs."]'
	[[ $(sql "select count(*) from audit_logs where record_id = '$order' and old_data ->> 'user_id' is not null
		and new_data ->> 'user_id' is null") == 1 ]]
	# What it has to say goes to the guest.
	as staff
	api POST "/orders/$order/cancel"
	expect 200
	[[ $(sql "select recipient from outbox where order_id = '$order' and template = 'order_cancelled'") == "$email" ]]
}

@test "guests: an order with my address is in my account when I sign in by it, and the guest keeps its token" {
	mobile=$(new_number)
	guest_order
	first=$order
	sign_in_by_mail
	api GET /orders
	is '[.results[].id] | join(" ")' "$first"
	api GET "/orders/$first"
	is '[.claimed, .contact, .shipping_address, .comments] | tojson' \
		"[true,{\"name\":\"\",\"email\":\"$email\",\"mobile_number\":null},null,\"\"]" as_sent
	[[ $(sql "select user_id from audit_logs where record_id = '$first' and old_data ->> 'user_id' is null
		and new_data ->> 'user_id' is not null") == "$(sql "select id from users where lower(email) = '$email'")" ]]
	# Another address, and another one that begins like it.
	email=x$email
	sign_in_by_mail
	api GET "/orders/$first"
	expect 404 not-found
	token=
	with_token GET ''
	is '[.user, .contact.name] | tojson' '[null,"Stranger"]'
}

@test "guests: an address that is only written down claims no order, one that is proven does" {
	mobile=$(new_number)
	guest_order
	token=$(login_customer "$(new_number)")
	send PATCH /auth/me email="$email"
	expect 200
	challenge=$(field .pending.challenge)
	api GET "/orders/$order"
	expect 404 not-found
	[[ $(sql "select user_id is null from orders where id = '$order'") == t ]]
	send POST /auth/me/email challenge="$challenge" otp=9999
	expect 422 validation "/otp wrong_code"
	api GET "/orders/$order"
	expect 404 not-found
	send POST /auth/me/email challenge="$challenge" otp=1234
	expect 200
	api GET "/orders/$order"
	expect 200
	is '[.claimed, .contact.name] | tojson' '[true,""]'
}

@test "guests: an order claimed by address shows no number, and sends nothing there once disowned" {
	mobile=$(new_number)
	guest_order
	sign_in_by_mail
	api GET "/orders/$order"
	is '.contact | tojson' "{\"name\":\"\",\"email\":\"$email\",\"mobile_number\":null}" as_sent
	api POST "/orders/$order/disown"
	expect 204
	[[ $(sql "select contact_email is null, contact_mobile, user_id is null from orders where id = '$order'") == "t|$mobile|t" ]]
	as staff
	api POST "/orders/$order/cancel"
	expect 200
	[[ $(sql "select count(*) from outbox where order_id = '$order' and template = 'order_cancelled'") == 0 ]]
}

@test "guests: what one placed oneself, or is another's, is not disowned" {
	ask POST /orders "$(order_of "$product:1")"
	expect 201
	order=$(field .id)
	api POST "/orders/$order/disown"
	expect 409 conflict
	by another_customer api POST "/orders/$order/disown"
	expect 404 not-found
	by staff api POST "/orders/$order/disown"
	expect 403 forbidden
	by nobody api POST "/orders/$order/disown"
	expect 401
	ask POST "/orders/$order/disown" '{"why":"x"}'
	refused '/why unknown_field'
	api POST /orders/nonsense/disown
	expect 404 not-found
}

@test "guests: no stranger's address is in a cart that comes with my number" {
	mobile=$(new_number)
	guest_order '.action = "update_cart"'
	token=$(login_customer "$mobile")
	api GET "/orders/$order"
	expect 200
	is '[.contact, .shipping_address, .billing_address, .comments] | tojson' \
		"[{\"name\":\"\",\"email\":null,\"mobile_number\":\"$mobile\"},null,null,\"\"]" as_sent
	is '.items | length' 1
	# With its token it comes whole.
	guest_order '.action = "update_cart" | del(.contact.mobile_number)'
	token=$(login_customer "$mobile")
	with_token POST /adopt
	expect 200
	is .shipping_address.line1 '7 Secret Street'
	token=
	with_token GET ''
	expect 404 not-found
}

# --- what guests may take without paying

# pay_by METHOD : of $order, with its token.
pay_by() {
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"$1\"}" "X-Order-Token: $order_token" \
		"Idempotency-Key: $(unique key-)$(unique)"
}

@test "guests: a guest who pays later can order no more of a product than the store allows" {
	token= limited=$(make_product inventory_count:=100)
	place "$limited:21"
	for method in cod manual; do
		pay_by "$method"
		refused '/payment_method guest_limit'
		is '.errors[0].detail' \
			"Without paying online, guests may order 20 of a product: sign in, or confirm the order's contact."
	done
	# Who pays is not limited, nor is who is known. Nothing answers for Stripe here.
	pay_by stripe
	expect 503 unavailable
	by customer place "$limited:21"
	by customer pay_by cod
	expect 201
	# On several lines neither, and not beyond.
	place "$limited:10" "$limited:11"
	pay_by cod
	refused '/payment_method guest_limit'
	place "$limited:10" "$limited:10"
	pay_by cod
	expect 201
	# Nor by its variants.
	parent=$(make_product)
	small=$(make_product parent="$parent" inventory_count:=100) large=$(make_product parent="$parent" inventory_count:=100)
	place "$small:20" "$large:1" "$product:1"
	pay_by cod
	refused '/payment_method guest_limit'
	place "$small:10" "$large:10" "$product:20"
	pay_by cod
	expect 201
	# The store decides.
	by staff send PATCH "/stores/$store" guest_max_quantity:=1
	expect 200
	place "$limited:2"
	pay_by cod
	refused '/payment_method guest_limit'
	by staff send PATCH "/stores/$store" guest_max_quantity:=null
	expect 200
	pay_by cod
	expect 201
	by staff send PATCH "/stores/$store" guest_max_quantity:=0
	refused '/guest_max_quantity min_value'
	by staff send PATCH "/stores/$store" guest_max_quantity:=20 guest_max_total=25.00
	expect 200
	is .guest_max_total 25.00
	place "$product:2"
	pay_by cod
	expect 201
	place "$product:3"
	pay_by cod
	refused '/payment_method guest_limit'
	# Somebody of the store may take it on.
	by staff pay_by cod
	expect 201
	by staff send PATCH "/stores/$store" guest_max_total:=null
	expect 200
	# What costs nothing is paid at once.
	free=$(make_product price=0 inventory_count:=100)
	try "$free:21"
	refused '/items guest_limit'
	place "$free:20"
	is .status paid
}

@test "guests: an order has twenty payments at most" {
	token=
	place "$product:1"
	for i in {1..20}; do
		pay_by "$([[ $((i % 2)) == 1 ]] && echo cod || echo manual)"
		expect 201
	done
	pay_by cod
	expect 409 conflict
	is .detail 'The order has already had 20 payments: only its store can begin another.'
	# The one that there is stays.
	pay_by manual
	expect 200
	by staff pay_by cod
	expect 201
}

# --- confirming by code

# with_code : of $order, one is requested; leaves $challenge.
with_code() {
	with_token POST /request-confirmation "${1-}"
	expect 202
	challenge=$(field .challenge)
}

# confirm [CODE] : of $order, with its token.
confirm() { with_token POST /confirm "{\"challenge\":\"$challenge\",\"otp\":\"${1-1234}\"}"; }

# unconfirmed_order : in a store that wants cash on delivery to be confirmed; leaves $payment.
unconfirmed_order() {
	token=
	by staff send PATCH "/stores/$store" cod_confirmation=code
	expect 200
	mobile=$(new_number)
	guest_order "${1-.}"
	pay_by "${2-cod}"
	expect 201
	is '[.status, .unconfirmed] | join(" ")' 'pending true'
	payment=$(field .id)
}

@test "guests: if the store requires it, offline payment is confirmed by a code to the contact" {
	unconfirmed_order
	by staff api GET "/orders/$order"
	is '[.allowed_transitions[], .payments[0].unconfirmed] | join(" ")' 'cancelled true'
	by staff api POST "/orders/$order/ship"
	expect 409 transition-not-allowed
	with_code
	is '[.mobile_number, .expires_in, .resend_after] | join(" ")' "$mobile 300 30"
	for code in 0000 12345; do
		confirm "$code"
		refused '/otp wrong_code'
	done
	confirm
	expect 200
	is '.payments[0] | [.status, .unconfirmed] | join(" ")' 'pending false'
	confirm
	refused '/otp wrong_code'
	[[ $(sql "select mobile_proven, email_proven from orders where id = '$order'") == 't|f' ]]
	by staff api GET "/orders/$order"
	is '[.allowed_transitions[], .events[-1].note] | join(" ")' "partly_shipped shipped cancelled The order was confirmed by a code to $mobile."
	by staff api POST "/orders/$order/ship"
	expect 200
	with_token POST /request-confirmation
	expect 409 conflict
	# Bank transfer holds the goods as well.
	unconfirmed_order . manual
	with_code '{"by":"email"}'
	is .email "$email"
	confirm
	expect 200
	[[ $(sql "select mobile_proven, email_proven from orders where id = '$order'") == 'f|t' ]]
	with_token POST /request-confirmation '{"by":"email"}'
	expect 409 conflict
	# A known customer has nothing to confirm, nor has who pays online, nor what the store's people begin.
	by customer place "$product:1"
	by customer pay_by cod
	is .unconfirmed false
	by customer with_token POST /request-confirmation
	expect 409 conflict
	guest_order
	by staff pay_by cod
	is .unconfirmed false
	by staff send PATCH "/stores/$store" cod_confirmation=none
	guest_order
	pay_by cod
	is .unconfirmed false
	by staff send PATCH "/stores/$store" cod_confirmation=sometimes
	refused '/cod_confirmation invalid'
}

@test "guests: a code is good for one order, its contact and five tries" {
	unconfirmed_order
	with_code
	first=$order first_token=$order_token first_challenge=$challenge
	guest_order
	with_code
	order_token=$first_token order=$first
	confirm
	refused '/otp wrong_code'
	challenge=$first_challenge
	for _ in {1..5}; do confirm 0000; refused '/otp wrong_code'; done
	confirm
	refused '/otp wrong_code'
	with_token POST /confirm '{"challenge":"nonsense","otp":"1234"}'
	refused '/otp wrong_code'
	with_token POST /confirm '{"challenge":7}'
	refused '/challenge wrong_type, /otp required'
	with_token POST /confirm
	expect 403 forbidden
	with_token POST /request-confirmation '{"by":"pigeon"}'
	refused '/by invalid_choice'
	ask POST "/orders/$order/request-confirmation"
	expect 404 not-found
	ask POST "/orders/$order/confirm" '{"challenge":"x","otp":"1234"}'
	expect 404 not-found
	# What a cart is confirmed with is not what it was changed to.
	guest_order '.action = "update_cart" | del(.contact.email)'
	with_code
	with_token PATCH '' "{\"contact\":{\"mobile_number\":\"$(new_number)\"}}"
	expect 200
	confirm
	refused '/otp wrong_code'
	with_token POST /request-confirmation '{"by":"email"}'
	refused '/by invalid'
	with_code
	confirm
	expect 200
	with_token PATCH '' "{\"contact\":{\"mobile_number\":\"$(new_number)\"}}"
	[[ $(sql "select mobile_proven from orders where id = '$order'") == f ]]
}

@test "guests: a confirmed contact is not limited, and gets the messages that its number could not get" {
	token=
	mobile=$(new_number)
	guest_order '.items[0].quantity = 30 | del(.contact.email)'
	by staff send PATCH "/stores/$store" cod_confirmation=none guest_max_quantity:=20
	pay_by cod
	refused '/payment_method guest_limit'
	[[ $(sql "select count(*) from outbox where recipient = '$mobile'") == 0 ]]
	with_code
	confirm
	expect 200
	[[ $(sql "select string_agg(template || ' ' || channel, ',') from outbox where recipient = '$mobile'") == 'order_placed sms' ]]
	pay_by cod
	expect 201
}

@test "guests: the store confirms an order itself" {
	unconfirmed_order
	by staff api POST "/orders/$order/confirm"
	expect 200
	is '[.payments[0].unconfirmed, .allowed_transitions[], .events[-1].note] | join(" ")' \
		'false partly_shipped shipped cancelled The store has confirmed the order.'
	by stranger api POST "/orders/$order/confirm"
	expect 404 not-found
	# So does money.
	unconfirmed_order
	by staff api POST "/payments/$payment/mark-paid"
	expect 200
	is '[.status, .unconfirmed] | join(" ")' 'captured false'
	by staff api POST "/orders/$order/ship"
	expect 200
}

# age_payment : it was begun three hours ago. A trigger keeps created_at as it is.
age_payment() {
	sql "alter table payments disable trigger user;
		update payments set created_at = now() - interval '3 hours' where id = '$payment';
		alter table payments enable trigger user"
}

@test "guests: what is not confirmed in time is cancelled, and its stock returns" {
	before=$(stock_of "$product")
	unconfirmed_order
	in_stock "$product" $((before - 1))
	long_ago="placed_at = now() - interval '3 hours'"
	sql "update orders set $long_ago where id = '$order'"
	cron() { UNPAID_ORDER_MINUTES=60 "$VAR/site/bin/shopctl" cron >/dev/null 3>&- || true; }
	# An hour from when it was to be confirmed.
	cron
	with_token GET ''
	is .status placed
	age_payment
	cron
	with_token GET ''
	is '[.status, .payments[0].status] | join(" ")' 'cancelled cancelled'
	in_stock "$product" "$before"
	with_token POST /request-confirmation
	expect 409 conflict
	# One that was confirmed stays.
	unconfirmed_order
	with_code
	confirm
	sql "update orders set $long_ago where id = '$order'"
	age_payment
	cron
	with_token GET ''
	is .status placed
}

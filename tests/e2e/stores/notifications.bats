# What a store is notified of, and where.
# shellcheck disable=SC2016,SC2030,SC2031,SC2034,SC2154

load ../../support/payments
load ../../support/messages

setup_file() {
	gateways_up
	open_shop
}
setup() {
	fresh inventory_count:=100
	store=$(staffed_store contact_email="$(unique shop)@example.com" language=de)
	product=$(make_product)
}

# name_addresses ADDRESS... : of $store.
name_addresses() {
	by staff send PATCH "/stores/$store" notification_emails:="$(jq -nc '$ARGS.positional' --args "$@")"
	expect 200
}

# notified : templates and recipients of the messages about $order that are not the buyer's.
notified() {
	sql "select string_agg(concat_ws(' ', template, recipient, language), ', ' order by template, recipient) from outbox
		where order_id = '$order' and template !~ '^order_'"
}

@test "notifications: a store names up to ten addresses, which staff see" {
	by staff send PATCH "/stores/$store" notification_emails:='[" Orders@Example.com ","books@example.com"]' language=hi
	expect 200
	is '[.notification_emails, .language] | tojson' '[["orders@example.com","books@example.com"],"hi"]'
	while read -r emails wanted; do
		by staff send PATCH "/stores/$store" notification_emails:="$emails"
		refused "$wanted"
	done <<-'END'
		["a@b"] /notification_emails/0 invalid
		["a@b.example","A@B.example"] /notification_emails/1 duplicate
		["jörg@b.example"] /notification_emails/0 not_ascii
		[7] /notification_emails/0 wrong_type
		"a@b.example" /notification_emails wrong_type
	END
	by staff send PATCH "/stores/$store" notification_emails:="$(jq -nc '[range(11) | "a\(.)@b.example"]')"
	refused '/notification_emails max_items'
	by staff send PATCH "/stores/$store" language=DE
	refused '/language invalid'
	by staff send PATCH "/stores/$store" notification_emails:='[]' language:=null
	expect 200
	is '[.notification_emails, .language] | tojson' '[[],""]'
}

@test "notifications: a new order, one message for each address, in the store's language" {
	place "$product:1"
	[[ $(notified) == '' ]]
	name_addresses a@store.example b@store.example
	no_sender place "$product:2"
	[[ $(notified) == 'store_order a@store.example de, store_order b@store.example de' ]]
	[[ $(sql "select concat_ws('|', data ->> 'number', data ->> 'total', data ->> 'currency', data ->> 'items') from outbox
		where order_id = '$order' and recipient = 'a@store.example'") == "$(field .number)|20.00|EUR|2 × Tea" ]]
	ask POST /orders "$(order_of "$product:1" | jq -c '.action = "update_cart"')"
	expect 201
	order=$(field .id)
	[[ $(notified) == '' ]]
	ask POST "/orders/$order/place" '' "X-Order-Token: $(field .order_token)"
	expect 200
	[[ $(notified) == 'store_order a@store.example de, store_order b@store.example de' ]]
}

@test "notifications: a payment that failed, once" {
	name_addresses a@store.example
	place "$product:1"
	begin stripe
	for _ in 1 2; do
		pay stripe "$intent" fail >/dev/null
		no_sender deliver stripe >/dev/null
	done
	payment_is failed
	[[ $(notified) == 'store_order a@store.example de, store_payment_failed a@store.example de' ]]
	name_addresses
	place "$product:1"
	begin stripe
	pay stripe "$intent" fail >/dev/null
	deliver stripe >/dev/null
	payment_is failed
	[[ $(notified) == '' ]]
}

@test "notifications: what needs its staff goes to the contact address where no other is named" {
	contact=$(sql "select contact_email from stores where id = '$store'")
	place "$product:1"
	sql "select store_notify(o, what, '{}') from orders o, unnest(array['payment_attention', 'payment_disputed',
			'store_order', 'store_payment_failed']) what where o.id = '$order';
		select store_notify_return(o, order_unshipped(o.id), 'Too small') from orders o where o.id = '$order'"
	[[ $(sql "select concat_ws('|', data ->> 'items', data ->> 'reason') from outbox
		where order_id = '$order' and template = 'store_return'") == '1 × Tea|Too small' ]]
	[[ $(notified) == "payment_attention $contact de, payment_disputed $contact de, store_return $contact de" ]]
	sql "update outbox set status = 'skipped' where order_id = '$order'"
}

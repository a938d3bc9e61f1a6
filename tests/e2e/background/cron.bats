# What time brings: orders that were not paid in time, payments and refunds that hang, what has expired. Its providers
# are the stand-in of tests/gateways.
# shellcheck disable=SC2030,SC2031,SC2154

load ../../support/messages
load ../../support/gateways

setup_file() {
	export product
	open_shop
	product=$(make_product inventory_count:=10000)
	gateways_up
}

teardown_file() { gateways_down; }

setup() {
	sql "truncate rate_limits"
	mapfile -t settings < <(gateway_settings)
	settings+=("MESSAGE_LOG=$BATS_TEST_TMPDIR/log")
	gateways_reset
	# What earlier tests have left is not ours to look after.
	sql "update cron_runs set ended_at = now()"
	sql "update payments set status = 'cancelled', cancel_requested = false where status in ('created', 'pending', 'failed', 'authorized')"
	sql "update payments set cancel_requested = false where cancel_requested"
	sql "update refunds set status = 'failed' where status = 'pending'"
	sql "update orders set placed_at = now() where status in ('placed', 'pending')"
	only_ours
}

teardown() { ledger_is_right; }

# order_of_long_ago [MINUTES] : placed then, by a guest. What cron writes is for cron to send, not for the shop's sender.
order_of_long_ago() {
	no_sender place "$product:2"
	sql "update orders set placed_at = now() - interval '${1-40} minutes' where id = '$order'"
	stock=$(stock_of "$product")
}

# pay_by METHOD [ONLINE] : a payment of $order as it is begun, without its provider: $payment.
pay_by() {
	payment=$(sql "select payment_begin(jsonb_build_object('payment_id', uuid_v7(), 'order_id', '$order', 'method', '$1',
			'online', ${2-false}, 'manual_capture', false, 'role', 'admin',
			'request_id', 'test', 'key', jsonb_build_object('scope', 'test', 'key', uuid_v7(), 'hash', '00')))" >/dev/null
		sql "select id from payments where order_id = '$order' order by created_at desc limit 1")
	age
}

# age : the payment was begun, and its provider asked, an hour ago. A trigger keeps created_at as it is.
age() {
	sql "alter table payments disable trigger user;
		update payments set created_at = now() - interval '1 hour',
			requested_at = case when online then now() - interval '1 hour' end where id = '$payment';
		alter table payments enable trigger user"
}

# open_stripe : a payment by Stripe that waits for the customer: $payment, and $intent at the provider.
open_stripe() {
	local usual=("${settings[@]}")
	pay_by stripe true
	settings+=(UNPAID_ORDER_MINUTES=0)
	shopctl cron --json
	settings=("${usual[@]}")
	[[ $code == 0 && $(told .payments.changed) == 1 ]]
	intent=$(sql "select gateway_id from payments where id = '$payment'")
	[[ $intent == pi_* ]]
	age
}

# order_is STATUS [PAYMENT_STATUS]
order_is() {
	local found
	found=$(sql "select status${2:+ || ' ' || payment_status} from orders where id = '$order'")
	if [[ $found != "$1${2:+ $2}" ]]; then echo "the order is $found, not $*: $said $complained"; return 1; fi
}

payment_is() {
	local found
	found=$(sql "select status from payments where id = '$payment'")
	if [[ $found != "$1" ]]; then echo "the payment is $found, not $1: $said $complained"; return 1; fi
}

intent_is() { [[ $(control '{"objects":{"kind":"payment_intent"}}' | jq -r --arg id "$intent" '.[] | select(.id == $id).status') == "$1" ]]; }

# --- orders that were not paid in time

@test "cron: an order without a payment is cancelled in time, and its stock is returned once" {
	order_of_long_ago 20
	shopctl cron --json
	[[ $code == 0 && $(command jq -c .orders <<<"$said") == '{"overdue":0,"cancelled":0,"left":0}' ]]
	order_is placed
	order_of_long_ago
	shopctl cron --json
	[[ $code == 0 && $(command jq -c .orders <<<"$said") == '{"overdue":1,"cancelled":1,"left":0}' ]]
	order_is cancelled unpaid
	in_stock "$product" $((stock + 2))
	[[ $(sql "select note from order_events where order_id = '$order' and to_status = 'cancelled'") == 'It was not paid in time.' ]]
	# The same run notifies the buyer.
	[[ $(jq -r 'select(.template == "order_cancelled").to' "$BATS_TEST_TMPDIR/log") == asha@example.com ]]
	shopctl cron --json
	[[ $(told .orders.overdue) == 0 ]]
	in_stock "$product" $((stock + 2))
}

@test "cron: UNPAID_ORDER_MINUTES is used, and with 0 no order is ever late" {
	order_of_long_ago 100000
	settings+=(UNPAID_ORDER_MINUTES=0)
	shopctl cron --json
	[[ $code == 0 && $(told .orders.overdue) == 0 ]]
	order_is placed
	order_of_long_ago 3
	settings+=(UNPAID_ORDER_MINUTES=2)
	shopctl cron --json
	order_is cancelled
}

@test "cron: an order that is paid on delivery or by bank transfer stays" {
	for method in cod manual; do
		order_of_long_ago
		pay_by "$method"
		shopctl cron --json
		[[ $code == 0 && $(told .orders.overdue) == 0 ]]
		order_is placed pending
		payment_is pending
	done
}

@test "cron: an order whose payment by Stripe was left is cancelled there and here" {
	order_of_long_ago
	open_stripe
	order_is pending
	shopctl cron --json
	[[ $code == 0 && $(command jq -c .orders <<<"$said") == '{"overdue":1,"cancelled":1,"left":0}' ]]
	order_is cancelled unpaid
	payment_is cancelled
	intent_is canceled
	in_stock "$product" $((stock + 2))
}

@test "cron: one that was paid meanwhile becomes paid, not cancelled" {
	order_of_long_ago
	open_stripe
	pay stripe "$intent" >/dev/null
	# Looked at for another reason already, so that it is the order's turn to find out.
	sql "update payments set requested_at = now() where id = '$payment'"
	shopctl cron --json
	[[ $code == 0 && $(command jq -c .orders <<<"$said") == '{"overdue":1,"cancelled":0,"left":1}' ]]
	order_is paid paid
	payment_is captured
	in_stock "$product" "$stock"
	[[ $(ledger ".totals[\"$intent\"].refunded // 0") == 0 ]]
}

@test "cron: while the provider does not respond the order stays, with exit code 75" {
	order_of_long_ago
	open_stripe
	fault error status:=503
	shopctl cron --json
	[[ $code == 75 && $(told '[.orders.cancelled, .orders.left]') == '[0,1]' ]]
	[[ $(told '.payments.unanswered >= 1') == true ]]
	order_is pending
	in_stock "$product" "$stock"
	no_faults
	# It dies between being asked and being cancelled.
	fault lose match=/cancel
	shopctl cron --json
	[[ $code == 75 ]]
	order_is pending
	no_faults
	shopctl cron --json
	[[ $code == 0 ]]
	order_is cancelled
	intent_is canceled
}

@test "cron: while it waits for the provider nothing is locked, and no transaction is open" {
	local before
	order_of_long_ago
	open_stripe
	before=$(asked "$intent")
	fault hang match="$intent"
	(shopctl cron --json; echo "$code" >"$BATS_TEST_TMPDIR/code") 3>&- &
	for _ in {1..50}; do
		if (( $(asked "$intent") > before )); then break; fi
		sleep 0.1
	done
	(( $(asked "$intent") > before ))
	nothing_is_held
	[[ ! -e $BATS_TEST_TMPDIR/code ]]
	by staff ask PATCH "/products/$product" '{"comments":"counted"}'
	expect 200
	by staff api GET "/orders/$order"
	expect 200
	no_faults
	wait
	[[ $(<"$BATS_TEST_TMPDIR/code") == 75 ]]
	shopctl cron --json
	[[ $code == 0 ]]
	order_is cancelled
}

@test "cron: one whose opening was never answered is looked for at the provider first" {
	order_of_long_ago
	pay_by stripe true
	sql "update payments set requested_at = now() where id = '$payment'"
	# The provider has it, and it was paid: only our answer was lost.
	fault lose match='POST /v1/payment_intents' times:=1
	shopctl cron --json
	[[ $code == 75 ]]
	order_is pending
	intent=$(control '{"objects":{"kind":"payment_intent"}}' | jq -r '.[0].id')
	pay stripe "$intent" >/dev/null
	shopctl cron --json
	[[ $code == 0 ]]
	order_is paid
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 1 ]]
}

@test "cron: a payment of a provider without keys stays, and the log has the reason" {
	order_of_long_ago
	open_stripe
	settings+=(STRIPE_SECRET_KEY=)
	shopctl cron --json
	[[ $code == 0 && $(told '[.orders.cancelled, .orders.left]') == '[0,1]' ]]
	[[ $(told '.payments.skipped >= 1') == true ]]
	[[ $complained == *"payment $payment: its provider cannot be called, because there are no keys"* ]]
	order_is pending
}

# --- payments and refunds that hang

@test "cron: a payment whose provider never responded is opened once, however often it is requested" {
	order_of_long_ago 1
	pay_by stripe true
	fault error_after match='POST /v1/payment_intents' status:=500 times:=1
	shopctl cron --json
	[[ $code == 75 && $(told '[.payments.called, .payments.unanswered]') == '[1,1]' ]]
	payment_is created
	age
	shopctl cron --json
	[[ $code == 0 && $(told '[.payments.called, .payments.changed]') == '[1,1]' ]]
	payment_is pending
	[[ $(control '{"objects":{"kind":"payment_intent"}}' | jq length) == 1 ]]
	# Not asked about again at once.
	shopctl cron --json
	[[ $(told .payments.called) == 0 ]]
}

@test "cron: one that was paid, and whose webhook was lost, is found" {
	order_of_long_ago 1
	open_stripe
	pay stripe "$intent" >/dev/null
	shopctl cron --json
	[[ $code == 0 && $(told .payments.changed) == 1 ]]
	order_is paid paid
}

@test "cron: an answer about another amount makes nothing paid, and is looked at again" {
	order_of_long_ago 1
	open_stripe
	pay stripe "$intent" >/dev/null
	fault wrong_amount
	shopctl cron --json
	[[ $code == 0 && $(told '[.payments.mismatched, .payments.changed]') == '[0,1]' ]]
	order_is pending
	[[ $(sql "select status from payments where order_id = '$order'") == needs_attention ]]
	no_faults
	age
	shopctl cron --json
	order_is paid
}

@test "cron: payments of a cancelled order are cancelled at the provider" {
	order_of_long_ago 1
	open_stripe
	by staff ask POST "/orders/$order/cancel"
	expect 200
	sql "update payments set cancel_requested = true, requested_at = now() - interval '1 hour' where id = '$payment'"
	shopctl cron --json
	[[ $code == 0 && $(told .payments.called) == 1 ]]
	intent_is canceled
	[[ $(sql "select cancel_requested from payments where id = '$payment'") == f ]]
}

@test "cron: a payment that was paid after its order was cancelled is refunded once" {
	order_of_long_ago 1
	open_stripe
	pay stripe "$intent" >/dev/null
	by staff ask POST "/orders/$order/cancel"
	expect 200
	sql "update payments set requested_at = now() - interval '1 hour' where id = '$payment'"
	fault error_after match='POST /v1/refunds' status:=500 times:=1
	shopctl cron --json
	[[ $code == 75 && $(told .refunds.unanswered) == 1 ]]
	payment_is captured
	# It is looked for there, not made anew: the provider forgets the key some time.
	fault error match='POST /v1/refunds' status:=500
	sql "update refunds set requested_at = now() - interval '1 hour' where order_id = '$order'"
	shopctl cron --json
	[[ $code == 0 && $(told '[.refunds.called, .refunds.changed]') == '[1,1]' ]]
	no_faults
	order_is cancelled refunded
	[[ $(ledger ".totals[\"$intent\"].refunded") == 2000 ]]
	[[ $(jq -r 'select(.template == "order_refunded").to' "$BATS_TEST_TMPDIR/log") == asha@example.com ]]
	shopctl cron --json
	[[ $(told .refunds.called) == 0 ]]
}

@test "cron: a refund that the provider refuses has failed, and offline payments are not refunded automatically" {
	order_of_long_ago 1
	open_stripe
	pay stripe "$intent" >/dev/null
	shopctl cron --json
	by staff ask POST "/orders/$order/cancel"
	expect 200
	fault error match='POST /v1/refunds' status:=400
	shopctl cron --json
	[[ $code == 0 && $(told .refunds.refused) == 1 ]]
	[[ $(sql "select status, failure <> '' from refunds where order_id = '$order'") == 'failed|t' ]]
	order_is cancelled paid
	no_faults
	order_of_long_ago 1
	pay_by manual
	sql "select outcome from payment_record('$payment', '{\"state\":\"captured\"}', null, '', null, 'test', 200, null)" >/dev/null
	order_is paid
	by staff ask POST "/orders/$order/cancel"
	expect 200
	shopctl cron --json
	[[ $code == 0 ]]
	order_is cancelled paid
	[[ $(sql "select count(*) from refunds where order_id = '$order'") == 0 ]]
}

# --- one run at a time

@test "cron: of two that begin at once one does it" {
	for _ in 1 2 3 4 5 6; do order_of_long_ago; done
	for i in 1 2 3; do
		env "${settings[@]}" "$VAR/site/bin/shopctl" cron --json >"$BATS_TEST_TMPDIR/$i.json" 3>&- &
	done
	wait
	[[ $(jq -s 'map(.orders.cancelled // 0) | add' "$BATS_TEST_TMPDIR"/[123].json) == 6 ]]
	[[ $(sql "select count(*) from cron_runs where ended_at is null") == 0 ]]
	[[ $(jq -r 'select(.template == "order_cancelled").id' "$BATS_TEST_TMPDIR/log" | sort -u | wc -l) == 6 ]]
	[[ $(wc -l <"$BATS_TEST_TMPDIR/log") == "$(jq -r .id "$BATS_TEST_TMPDIR/log" | sort -u | wc -l)" ]]
}

@test "cron: a run that was killed half-way holds the next up for ten minutes, and nothing is done twice" {
	order_of_long_ago
	open_stripe
	fault hang match=/cancel
	env "${settings[@]}" "$VAR/site/bin/shopctl" cron >/dev/null 2>&1 3>&- &
	run=$!
	for _ in {1..100}; do [[ $(asked /cancel) == 0 ]] || break; sleep 0.1; done
	kill -9 "$run"
	wait "$run" || true
	no_faults
	order_is pending
	shopctl cron
	[[ $code == 0 && $said == 'another run is in progress; nothing was done' ]]
	shopctl cron --json
	[[ $code == 0 && $said == '{"another_run":true}' ]]
	order_is pending
	sql "update cron_runs set ends_by = now()"
	shopctl cron --json
	[[ $code == 0 ]]
	order_is cancelled
	intent_is canceled
	in_stock "$product" $((stock + 2))
}

@test "cron: a lost database is an error, and the next run need not wait" {
	settings+=("DATABASE_URL=postgresql://$APP_ROLE@/cgishop?host=/nonexistent")
	shopctl cron
	[[ $code == 69 && -z $said ]]
	[[ $complained == 'shopctl: the run cannot begin: '*'; start the database, or correct '* ]]
}

# --- what has expired

@test "cron: expired records are deleted, others stay" {
	mobile=$(new_number) other=$(new_number)
	for number in "$mobile" "$other"; do
		send POST /auth/customer/request-otp mobile_number="$number"
		expect 202
	done
	as customer
	api GET /auth/me
	expect 200
	sent=$(put mail asha@example.com) recent=$(put mail asha@example.com) dead=$(put mail asha@example.com)
	sql "update challenges set expires_at = now() - interval '1 s' where recipient = '$mobile';
		update outbox set status = 'sent', sent_at = now() - interval '31 days' where id = '$sent';
		update outbox set status = 'sent', sent_at = now() - interval '29 days' where id = '$recent';
		update outbox set status = 'dead', created_at = now() - interval '99 days' where id = '$dead';
		insert into idempotency_keys (scope, key, request_hash, status, body, created_at) values
			('cron', 'old', '', 200, '{}', now() - interval '25 hours'), ('cron', 'new', '', 200, '{}', now())
			on conflict do nothing;
		insert into webhook_events (gateway, event_id, type, received_at) values
			('cron', 'old', 'x', now() - interval '91 days'), ('cron', 'new', 'x', now()) on conflict do nothing;
		insert into sessions (token_hash, user_id, opened_by, expires_at)
			select sha256(uuid_v7()::text::bytea), user_id, opened_by, now() - interval '1 s' from sessions limit 1"
	ask POST /orders "$(jq -c '. + {action: "update_cart"}' <<<"$(order_of "$product:1")")"
	expect 201
	cart=$(field .id)
	sql "alter table orders disable trigger user; update orders set modified_at = now() - interval '31 days' where id = '$cart';
		alter table orders enable trigger user"
	shopctl cron --json
	[[ $code == 0 ]]
	[[ $(told '.swept | [.sessions >= 1, .challenges >= 1, .idempotency_keys >= 1, .messages, .webhook_events, .carts]') == \
		'[true,true,true,1,1,1]' ]]
	[[ $(sql "select count(*) from challenges where recipient in ('$mobile', '$other')") == 1 ]]
	[[ $(sql "select count(*) from outbox where id in ('$sent', '$recent', '$dead')") == 2 ]]
	[[ $(sql "select string_agg(key, ' ') from idempotency_keys where scope = 'cron'") == new ]]
	[[ $(sql "select string_agg(event_id, ' ') from webhook_events where gateway = 'cron'") == new ]]
	[[ $(sql "select count(*) from orders where id = '$cart'") == 0 ]]
	as customer
	api GET /auth/me
	expect 200
	sql "delete from webhook_events where gateway = 'cron'"
	shopctl cron
	[[ $code == 0 && $said == *$'\n'"swept: 0 sessions, 0 challenges, 0 known places, "*$'\n'"messages: 0 sent, 0 to be retried, 0 given up"$'\n'"images: "* ]]
}

# --- slow methods

# chooses TYPE [DETAILS] : the customer chose a way to pay at Stripe that waits for them, as the webhook has told.
chooses() {
	pay_next "$@"
	deliver stripe >/dev/null
}

pay_next() {
	control "{\"pay\":{\"provider\":\"stripe\",\"id\":\"$intent\",\"how\":\"require_action\",
		\"next_action\":{\"type\":\"$1\",\"$1\":${2-null}}}}" >/dev/null
}

# in_hours NUMBER : as Unix time.
in_hours() { echo $(($(date +%s) + $1 * 3600)); }

# stays : a run of cron leaves the order to its buyer.
stays() {
	age
	shopctl cron --json
	order_is pending
	payment_is pending
	intent_is requires_action
}

# goes : a run of cron cancels it.
goes() {
	age
	shopctl cron --json
	order_is cancelled unpaid
	intent_is canceled
}

@test "cron: an order that is paid by a voucher waits until that expires, whatever kind it is" {
	local at kind name
	at=$(in_hours 72)
	while read -r kind name; do
		order_of_long_ago
		open_stripe
		chooses "$kind" "$(jq -nc --argjson at "$at" "$name")"
		[[ $(sql "select extract(epoch from expires_at)::bigint from payments where id = '$payment'") == "$at" ]]
		stays
		# When it has expired it goes.
		control "{\"pay\":{\"provider\":\"stripe\",\"id\":\"$intent\",\"how\":\"require_action\",
			\"next_action\":{\"type\":\"$kind\",\"$kind\":$(jq -nc --argjson at "$(in_hours -1)" "$name")}}}" >/dev/null
		sql "update payments set expires_at = now() - interval '1 hour' where id = '$payment'"
		goes
	done <<-'END'
		boleto_display_details {expires_at:$at,number:"01010101010101"}
		oxxo_display_details {expires_after:$at,number:"123456789"}
		konbini_display_details {expires_at:$at,stores:{}}
		multibanco_display_details {expires_at:$at,entity:"12345"}
		pix_display_qr_code {expires_at:$at,data:"000201"}
		swish_handle_redirect_or_display_qr_code {qr_code:{expires_at:$at,data:"x"}}
	END
}

@test "cron: a bank transfer through the provider has SLOW_PAYMENT_HOURS, and money on its way too" {
	order_of_long_ago
	open_stripe
	chooses display_bank_transfer_instructions '{"amount_remaining":2000,"type":"eu_bank_transfer"}'
	[[ $(sql "select round(extract(epoch from expires_at - now()) / 3600) from payments where id = '$payment'") == 120 ]]
	# A repeated event does not restart it.
	sql "update payments set expires_at = expires_at - interval '100 hours' where id = '$payment'"
	chooses display_bank_transfer_instructions '{"amount_remaining":2000,"type":"eu_bank_transfer"}'
	[[ $(sql "select round(extract(epoch from expires_at - now()) / 3600) from payments where id = '$payment'") == 20 ]]
	stays
	sql "update payments set expires_at = now() - interval '1 hour' where id = '$payment'"
	goes

	order_of_long_ago
	open_stripe
	sql "update payments set slow_hours = 7 where id = '$payment'"
	pay stripe "$intent" processing >/dev/null
	deliver stripe >/dev/null
	[[ $(sql "select round(extract(epoch from expires_at - now()) / 3600) from payments where id = '$payment'") == 7 ]]
	age
	shopctl cron --json
	order_is pending
	pay stripe "$intent" >/dev/null
	deliver stripe >/dev/null
	order_is paid paid
}

@test "cron: a voucher whose webhook was lost is found before the order is cancelled" {
	order_of_long_ago
	open_stripe
	pay_next boleto_display_details "{\"expires_at\":$(in_hours 24)}"
	stays
	[[ $(sql "select expires_at > now() from payments where id = '$payment'") == t ]]
	# So is a transfer, once.
	order_of_long_ago
	open_stripe
	pay_next display_bank_transfer_instructions '{}'
	stays
	sql "update payments set expires_at = now() - interval '1 minute' where id = '$payment'"
	goes
}

@test "cron: payments that only need confirmation, and invalid dates, get no extra time" {
	for details in null '{}' '{"expires_at":null}' '{"expires_at":"2099-01-01"}' '{"expires_at":4102444800000}' '{"expires_at":0}'; do
		order_of_long_ago
		open_stripe
		chooses boleto_display_details "$details"
		goes
	done
	order_of_long_ago
	open_stripe
	chooses redirect_to_url '{"url":"https://bank.example"}'
	goes
	# A date far away has its end too.
	order_of_long_ago
	open_stripe
	chooses boleto_display_details "{\"expires_at\":$(in_hours 20000)}"
	[[ $(sql "select expires_at < now() + interval '61 days' from payments where id = '$payment'") == t ]]
}

@test "cron: a voucher that failed leaves the order without the time that it had" {
	order_of_long_ago
	open_stripe
	chooses boleto_display_details "{\"expires_at\":$(in_hours 72)}"
	stays
	pay stripe "$intent" fail >/dev/null
	deliver stripe >/dev/null
	[[ -z $(sql "select expires_at from payments where id = '$payment'") ]]
	goes
}

@test "cron: a refused cancellation is retried at growing intervals" {
	order_of_long_ago
	open_stripe
	fault error match=/cancel status:=400
	shopctl cron --json
	order_is pending
	asked_once=$(asked /cancel)
	(( asked_once > 0 ))
	for _ in 1 2 3; do
		age
		shopctl cron --json
		order_is pending
	done
	[[ $(asked /cancel) == "$asked_once" ]]
	[[ $(sql "select count(*) from order_events where order_id = '$order' and note like '%refused to cancel%'") == 1 ]]
	# Each time it takes longer, a day at most.
	for wait in 10 20 40; do
		sql "update payments set cancel_after = now() - interval '1 second' where id = '$payment'"
		shopctl cron --json
		[[ $(sql "select round(extract(epoch from cancel_after - now()) / 60) from payments where id = '$payment'") == "$wait" ]]
	done
	sql "update payments set cancel_tries = 1000, cancel_after = now() where id = '$payment'"
	shopctl cron --json
	[[ $(sql "select round(extract(epoch from cancel_after - now()) / 3600) from payments where id = '$payment'") == 24 ]]
	# One that was cancelled here has to be cancelled there, no more often.
	sql "update payments set cancel_after = null, cancel_tries = 0 where id = '$payment'"
	sql "update payments set status = 'cancelled', cancel_requested = true where id = '$payment'"
	before=$(asked /cancel)
	age
	shopctl cron --json
	between=$(asked /cancel)
	(( between > before ))
	age
	shopctl cron --json
	[[ $(asked /cancel) == "$between" ]]
	no_faults
	sql "update payments set cancel_after = now() where id = '$payment'"
	age
	shopctl cron --json
	intent_is canceled
}

# --- a run with a limit

# cron_for N : a run of N seconds, which ends in time: with the three seconds in which a helper program must end.
cron_for() {
	local start=$SECONDS
	shopctl cron --seconds "$1" --json
	(( SECONDS - start <= $1 + 3 ))
}

next_step() { sql "select next_step from cron_history order by started_at desc limit 1"; }

@test "cron: a run with a limit ends in time, and each task has its turn although a provider hangs" {
	order_of_long_ago 1
	open_stripe
	first=$payment
	order_of_long_ago 1
	open_stripe
	payment=$first age
	put mail buyer@shop.example >/dev/null
	fault hang match=/payment_intents
	cron_for 10
	[[ $code == 75 && $(told '[.complete, .payments.called, .payments.unanswered]') == '[false,1,1]' ]]
	[[ $(told .messages.sent) == 0 && $(next_step) == refunds ]]
	# The second payment is due still, and comes after what the first run did not reach.
	cron_for 10
	[[ $code == 75 && $(told '[.payments.called, .messages.sent > 0]') == '[1,true]' ]]
	no_faults
	shopctl cron --json
	[[ $code == 0 && $(told .complete) == true && -z $(next_step) ]]
}

@test "cron: a task that fails lets the next run begin behind it" {
	put mail buyer@shop.example >/dev/null
	sql "create function fail_here() returns trigger language plpgsql as \$\$ begin raise 'on purpose'; end \$\$;
		create trigger fail_here before delete on rate_limits for each row execute function fail_here();
		insert into rate_limits values ('test-cron', 1, now())"
	shopctl cron
	[[ $code != 0 && $complained == *"expired records were not deleted"* ]]
	[[ $(sql "select failed_step || ' ' || next_step || ' ' || (done ->> 'complete') from cron_history order by started_at desc limit 1") == "sweep messages false" ]]
	shopctl cron
	[[ $code != 0 ]]
	[[ $(sql "select done -> 'messages' ->> 'sent' from cron_history order by started_at desc limit 1") == 1 ]]
	sql "drop trigger fail_here on rate_limits; drop function fail_here(); delete from rate_limits where bucket = 'test-cron'"
	shopctl cron
	[[ $code == 0 && -z $(next_step) ]]
}

@test "cron: --seconds takes 10 to 300" {
	for wrong in 9 301 "" ten 1e2 -20 20.5; do
		shopctl cron --seconds "$wrong"
		[[ $code == 64 && $complained == *"from 10 to 300"* ]]
	done
}

@test "cron: lists by price follow a sale that has ended, and one that has begun" {
	parent=$(make_product name=Shirt)
	ended=$(make_product parent="$parent" price=20 sale_price=5 sale_to="$(date -u -d '2 seconds' +%Y-%m-%dT%H:%M:%SZ)")
	coming=$(make_product price=30 sale_price=6 sale_from="$(date -u -d '2 seconds' +%Y-%m-%dT%H:%M:%SZ)")
	priced() { sql "select string_agg(shop_price::text, ' ' order by product) from stock where product in ('$parent', '$ended', '$coming')"; }
	[[ $(priced) == '5.00 5.00 30.00' ]]
	sleep 3
	api GET "/products/$parent"
	is '.variants[0].current_price' 20.00
	shopctl cron --json
	[[ $code == 0 && $(told '.prices.changed >= 3') == true ]]
	[[ $(priced) == '20.00 20.00 6.00' ]]
	api GET "/products/$parent"
	is '[.price_min, .price_max] | join(" ")' '20.00 20.00'
	[[ $(sql "select count(*) from stock where price_changes_at <= now()") == 0 ]]
	shopctl cron --json
	[[ $(told .prices.changed) == 0 ]]
}

# shellcheck shell=bash disable=SC2034,SC2154 # the tests share their variables
# What the tests of payments share: short words for paying $order, and for what became of it.

. "${BASH_SOURCE[0]%/*}/orders.bash"
. "${BASH_SOURCE[0]%/*}/gateways.bash"

# --- how a suite begins and ends; one that needs more defines its own and calls these

open_payments() {
	gateways_up
	open_shop
}

# fresh [NAME=TEXT|NAME:=JSON]... : providers and webhooks without a past, a $product with these members, a new $key.
fresh() {
	gateways_reset
	sql "truncate rate_limits; truncate webhook_events"
	order_token=
	product=$(make_product "$@")
	new_key
}

setup_file() { open_payments; }
teardown_file() { gateways_down; }
setup() { fresh; }
teardown() { ledger_is_right && money_is_right; }

# --- paying $order

# new_key : one that nobody had before, in $key.
new_key() { key=$(unique key-)$(unique); }

# try_begin METHOD [HEADER]... : request a payment of $order with $key, as its buyer.
try_begin() {
	local words=("Idempotency-Key: $key" "${@:2}")
	if [[ -n ${order_token-} ]]; then words+=("X-Order-Token: $order_token"); fi
	ask POST /payments "{\"order\":\"$order\",\"payment_method\":\"$1\"}" "${words[@]}"
}

# begin METHOD : the same with a new key, and sure to succeed; leaves $payment and $intent, what the provider calls it.
begin() {
	new_key
	try_begin "$1"
	expect 201
	begun
}

begun() { payment=$(field .id) intent=$(field '.client.id // .client.order_id // ""'); }

# act VERB [BODY [HEADER]...] : POST /payments/$payment/VERB, with the guest's token where there is one.
act() {
	local words=("${@:3}")
	if [[ -n ${order_token-} ]]; then words+=("X-Order-Token: $order_token"); fi
	ask POST "/payments/$payment/$1" "${2-}" "${words[@]}"
}

# pay_other METHOD [NAME=TEXT|NAME:=JSON]... : $order is begun to be paid, and paid there as the words say; leaves
# $transaction, and in $paid what the provider answers.
pay_other() {
	begin "$1"
	paid=$(control "{\"pay\":$(words_as_json provider="$1" id="$intent" "${@:2}")}")
	transaction=$(jq -r .id <<<"$paid")
}

# refund_payment [BODY] : a refund of $payment by the staff, with $key.
refund_payment() { by staff ask POST "/payments/$payment/refunds" "${1-}" "Idempotency-Key: $key"; }

# --- what became of it

# order_is STATUS PAYMENT_STATUS
order_is() {
	local found
	found=$(sql "select status || ' ' || payment_status from orders where id = '$order'")
	if [[ $found != "$1 $2" ]]; then echo "the order is $found, not $1 $2"; return 1; fi
}

# payment_is STATUS
payment_is() {
	local found
	found=$(sql "select status from payments where id = '$payment'")
	if [[ $found != "$1" ]]; then echo "the payment is $found, not $1"; return 1; fi
}

# held STATUS AMOUNT ATTENTION : of $payment, as the staff sees it.
held() {
	by staff api GET "/payments/$payment"
	is '[.status, .amount_captured, .attention.reason // "none"] | join(" ")' "$1 $2 $3"
}

# payments_are LIST : all of the order's, as "method status" with ", " between, the oldest first.
payments_are() {
	local found
	found=$(sql "select string_agg(payment_method || ' ' || status, ', ' order by created_at, id) from payments
		where order_id = '$order'")
	if [[ $found != "$1" ]]; then echo "the payments are $found, not $1"; return 1; fi
}

# refunds_are LIST : all of the order's, as "amount status" with ", " between, the oldest first.
refunds_are() {
	local found
	found=$(sql "select coalesce(string_agg(amount || ' ' || status, ', ' order by created_at, id), '') from refunds
		where order_id = '$order'")
	if [[ $found != "$1" ]]; then echo "the refunds are $found, not $1"; return 1; fi
}

# credit_notes_are LIST : the amounts of the order's, with ", " between, the oldest first.
credit_notes_are() {
	local found
	found=$(sql "select coalesce(string_agg(amount::text, ', ' order by created_at, id), '') from invoices
		where order_id = '$order' and kind = 'credit_note'")
	if [[ $found != "$1" ]]; then echo "the credit notes are $found, not $1"; return 1; fi
}

# messages_of TEMPLATE : how many were written about the order.
messages_of() { sql "select count(*) from outbox where order_id = '$order' and template = '$1'"; }

# later : two minutes pass for what waits for a provider.
later() {
	sql "update payments set requested_at = requested_at - interval '2 minutes' where order_id = '$order';
		update refunds set requested_at = requested_at - interval '1 day' where order_id = '$order'"
}

# overdue : the order is not paid in time.
overdue() {
	sql "begin; alter table payments disable trigger user;
		update orders set placed_at = now() - interval '2 hours' where id = '$order';
		update payments set created_at = now() - interval '2 hours' where order_id = '$order';
		alter table payments enable trigger user; commit"
}

# pay_by_stripe : $order is paid, and the webhook has told so.
pay_by_stripe() {
	begin stripe
	pay stripe "$intent" >/dev/null
	deliver stripe payment="$intent" >/dev/null
	payment_is captured
}

# pay_by_razorpay : the same; leaves $transaction.
pay_by_razorpay() {
	begin razorpay
	transaction=$(pay razorpay "$intent" | jq -r .id)
	deliver razorpay payment="$transaction" >/dev/null
	payment_is captured
}

pay_offline() {
	begin manual
	by staff ask POST "/payments/$payment/mark-paid" '{"reference":"TX 1"}'
	expect 200
}

# money_is_right : over all orders no payment refunded more than it took, and both sides agree on what moved.
money_is_right() {
	local wrong
	wrong=$(sql "select p.id from payments p join refunds r on r.payment = p.id and r.status <> 'failed'
		group by p.id having sum(r.amount) > greatest(p.amount, p.amount_captured)
			or p.status not in ('captured', 'needs_attention')
		union all select order_id from invoices group by order_id having
			sum(amount) filter (where kind = 'credit_note') > sum(amount) filter (where kind = 'invoice')")
	if [[ -n $wrong ]]; then echo "too much was refunded of $wrong"; return 1; fi
}

# cron : what waits is looked after, as by shopctl cron.
cron() {
	local words
	mapfile -t words < <(gateway_settings)
	env "${words[@]}" "${VAR:?}/site/bin/shopctl" cron >/dev/null || (( $? == 75 ))
}

# post_event GATEWAY BODY SIGNATURE : a webhook with the signature as it is given.
post_event() {
	local name=Stripe-Signature
	if [[ $1 == razorpay ]]; then name=X-Razorpay-Signature; fi
	api POST "/webhooks/$1" -H 'Content-Type: application/json' -H "$name: $3" --data-binary "$2"
}

# signed GATEWAY BODY [SECRET] : the signature.
signed() {
	local data=$2 secret=${3-} t
	if [[ $1 == stripe ]]; then
		t=$(date +%s) data=$t.$2
		printf 't=%s,v1=' "$t"
	fi
	if [[ -z $secret ]]; then secret=$(gateway_settings | sed -n "s/^${1^^}_WEBHOOK_SECRET=//p"); fi
	printf '%s' "$data" | openssl dgst -sha256 -hmac "$secret" -r | cut -d' ' -f1
}

# event GATEWAY BODY [SECRET] : a webhook with a right signature.
event() { post_event "$1" "$2" "$(signed "$@")"; }

# made TYPE OF : the newest event of the type about a payment, as it is sent.
made() { events "types:=[\"$1\"]" payment="$2" | jq -r '.[-1].body'; }

# outcome_of TYPE : what became of the newest event of the type.
outcome_of() { sql "select outcome from webhook_events where type = '$1' order by received_at desc limit 1"; }

# shellcheck shell=bash disable=SC2034,SC2119,SC2120,SC2154 # the tests share their variables
# What the tests of orders share beside api.bash: a shop, and short words for placing orders. $PSQL is the command
# that speaks to the database as its owner (psql -h run/db -U cgishop_owner cgishop): it looks behind the API, and
# makes states that nobody can ask for.

. "${BASH_SOURCE[0]%/*}/api.bash"

: "${PSQL:?is needed: eval \"\$(tools/check --env)\"}"

# A statement is read from its text, or from standard input.
sql() { $PSQL -X -q -A -t -v ON_ERROR_STOP=1 ${1:+-c "$1"}; }

# For setup_file: a store where "staff" works, and another one where "stranger" does.
open_shop() {
	export store other_store
	sql "truncate rate_limits"
	store=$(staffed_store) other_store=$(make_store)
	as admin
	send POST "/stores/$other_store/members" user="$(staff_id stranger)"
	expect 201
	token=
}

# by WHO COMMAND... : with the requests of the command made by them: as api.bash has it, or another_customer.
by() {
	local token
	case $1 in
	another_customer) token=$(once another_customer.token login_customer "$(new_number)") ;;
	*)                as "$1" ;;
	esac
	"${@:2}"
}

# token_of WHO
# shellcheck disable=SC2016 # the variable is that of by
token_of() { by "$1" eval 'echo "$token"'; }

# ask METHOD PATH [BODY [HEADER]...] : a request with JSON as it is written.
ask() {
	local header arguments=()
	if [[ -n ${3-} ]]; then arguments+=(-H 'Content-Type: application/json' --data-binary "$3"); fi
	for header in "${@:4}"; do arguments+=(-H "$header"); done
	api "$1" "$2" "${arguments[@]}"
}

# is JQ VALUE [as_sent] : the answer has the value there.
is() {
	local found
	found=$("${3-field}" "$1")
	if [[ $found != "$2" ]]; then echo "$1 is $found, not $2: $body"; return 1; fi
}

# refused ERRORS : as "pointer code" with ", " between, in any order.
refused() {
	local wanted=$1 lines
	if [[ $1 == *', '* ]]; then
		mapfile -t lines < <(LC_ALL=C sort <<<"${1//, /$'\n'}")
		printf -v wanted '%s, ' "${lines[@]}"
	fi
	expect 422 validation "${wanted%, }"
}

# --- what there is to buy

make_store() { by admin make /stores name="$(unique Shop-)" currency=EUR "$@"; }

# open_store CURRENCY [NAME=TEXT|NAME:=JSON]... : another $store, where "staff" works too.
open_store() {
	store=$(staffed_store currency="$1" "${@:2}")
}

# Of $store; twenty pieces of 10.00.
make_product() {
	by admin make /products store="$store" sku="$(unique SKU-)" name=Tea price=10.00 inventory_count:=20 "$@"
}

stock_of() { sql "select inventory_count from stock where product = '$1'"; }

# in_stock PRODUCT COUNT
in_stock() {
	local found
	found=$(stock_of "$1")
	if [[ $found != "$2" ]]; then echo "$found in stock, not $2"; return 1; fi
}

# The stock of everything is what its ledger sums up to.
ledger_is_right() {
	local wrong
	wrong=$(sql "select s.product, s.inventory_count, l.sum from stock s left join (
			select product, sum(delta) from stock_movements group by 1) l using (product)
		where s.inventory_count <> coalesce(l.sum, 0)")
	if [[ -n $wrong ]]; then echo "stock and ledger differ: $wrong"; return 1; fi
}

# --- orders

CONTACT='"contact":{"name":"Asha Rao","email":"asha@example.com","mobile_number":"+919800000001"}'

# Where an order with a shipping method goes; as a member of an object for jq.
SHIP_TO='shipping_address: {line1: "1 Street", city: "City", country: "DE"}'

# order_of PRODUCT:QUANTITY... : the body of an order.
order_of() {
	local line items=''
	for line; do
		items+=",{\"product\":\"${line%%:*}\",\"quantity\":${line#*:}}"
	done
	echo "{\"store\":\"$store\",$CONTACT,\"items\":[${items#,}]}"
}

try() { ask POST /orders "$(order_of "$@")"; }

# Like try, and sure to succeed; leaves $order and, for a guest, $order_token.
place() {
	try "$@"
	expect 201
	order=$(field .id) order_token=$(field '.order_token // ""')
}

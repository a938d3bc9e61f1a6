# shellcheck shell=bash disable=SC2034,SC2154 # the tests share their variables
# What the tests of orders share: one shop for a file of tests, and short words for placing and moving orders.
# They need $API, $ADMIN_EMAIL and $ADMIN_PASSWORD as common.bash has them, APP_ENV=development, and in $PSQL the
# command that speaks to the database as its owner: it looks behind the API, and makes states that nobody can ask for.

load common

: "${PSQL:?is needed, see above}"

sql() { $PSQL -X -q -A -t -v ON_ERROR_STOP=1 -c "$1"; }

# as TOKEN COMMAND... : with the requests of the command made by that caller; "" is nobody.
as() {
	local caller=$1
	shift
	"$@"
}

# ask METHOD PATH [BODY [HEADER]...] : a request with a JSON body.
ask() {
	local arguments=()
	if [[ -n ${3-} ]]; then
		arguments+=(-H 'Content-Type: application/json' --data-binary "$3")
	elif [[ $1 == POST ]]; then
		arguments+=(-H 'Content-Length: 0')
	fi
	if [[ -n ${caller-} ]]; then arguments+=(-H "Authorization: Bearer $caller"); fi
	for header in "${@:4}"; do arguments+=(-H "$header"); done
	api "$1" "$2" "${arguments[@]}"
}

header() { sed -n "s/^$1: //Ip" <<<"$headers"; }

# is JQ VALUE : the answer has the value there.
is() {
	local found
	found=$(field "$1")
	if [[ $found != "$2" ]]; then echo "$1 is $found, not $2: $body"; return 1; fi
}

# refused ERRORS : as "pointer code" with commas between, in any order.
refused() {
	expect 422 validation
	is '[.errors[] | .pointer + " " + .code] | sort | join(", ")' \
		"$(jq -rn --arg e "$1" '$e / ", " | sort | join(", ")')"
}

# --- a shop

serial() { echo "$(date +%s%N)$RANDOM"; }
new_number() { printf '+4917%09d' "$(( (RANDOM << 15 | RANDOM) % 1000000000 ))"; }

# create GROUP MEMBERS : as an admin; the members of a JSON object without their braces. Prints the id.
create() {
	as "$ADMIN" ask POST "/$1" "{$2}"
	if [[ $status != 201 ]]; then echo "no $1: $status $body" >&2; return 1; fi
	field .id
}

# make_store [MEMBERS] ; make_product [MEMBERS] : of $store, twenty pieces of 10.00 unless told otherwise; a name that
# comes twice counts with its last value here, as jq has it.
make_store() {
	create stores "$(members "\"name\":\"Shop $(serial)\",\"currency\":\"EUR\"" "${1-}")"
}

make_product() {
	create products "$(members "\"store\":\"$store\",\"sku\":\"$(serial)\",\"name\":\"Tea\",\"price\":\"10.00\",
		\"inventory_count\":20" "${1-}")"
}

members() { jq -c . <<<"{$1${2:+,$2}}" | sed 's/^{//; s/}$//'; }

sign_in_admin() {
	ask POST /auth/admin/login "{\"email\":\"$1\",\"password\":\"$2\"}"
	expect 200
	token=$(field .token)
}

# A customer of a number of their own: $token and $user.
sign_in_customer() {
	local number
	number=${1-$(new_number)}
	ask POST /auth/customer/request-otp "{\"mobile_number\":\"$number\"}"
	expect 202
	ask POST /auth/customer/login "{\"mobile_number\":\"$number\",\"otp\":\"1234\"}"
	expect 200
	token=$(field .token) user=$(field .user.id)
}

# Somebody of the staff who works in the store: $token and $user.
sign_in_staff() {
	local email
	email=staff$(serial)@example.test
	user=$(create users "\"email\":\"$email\",\"name\":\"Sam\",\"is_staff\":true,\"password\":\"correct horse\"")
	as "$ADMIN" ask POST "/stores/$1/members" "{\"user\":\"$user\"}"
	expect 201
	sign_in_admin "$email" 'correct horse'
}

# For setup_file: a store with its staff, two customers, and staff of another store.
open_shop() {
	export ADMIN='' STAFF OTHER_STAFF CUSTOMER CUSTOMER_ID OTHER_CUSTOMER store other_store
	BATS_TEST_TMPDIR=$BATS_FILE_TMPDIR
	sql "truncate rate_limits"
	sign_in_admin "$ADMIN_EMAIL" "$ADMIN_PASSWORD"
	ADMIN=$token
	store=$(make_store) other_store=$(make_store)
	sign_in_staff "$store"
	STAFF=$token
	sign_in_staff "$other_store"
	OTHER_STAFF=$token
	sign_in_customer
	CUSTOMER=$token CUSTOMER_ID=$user
	sign_in_customer
	OTHER_CUSTOMER=$token
}

# --- orders

CONTACT='"contact":{"name":"Asha Rao","email":"asha@example.com","mobile_number":"+919800000001"}'

# order_of PRODUCT:QUANTITY... : the body of an order of a guest's.
order_of() {
	local product items=''
	for product; do
		items+=",{\"product\":\"${product%%:*}\",\"quantity\":${product##*:}}"
	done
	echo "{\"store\":\"$store\",$CONTACT,\"items\":[${items#,}]}"
}

# try PRODUCT:QUANTITY... ; place PRODUCT:QUANTITY... : the second is sure to succeed and leaves $order and $order_token.
try() { ask POST /orders "$(order_of "$@")"; }

place() {
	try "$@"
	expect 201
	order=$(field .id) order_token=$(field '.order_token // ""')
}

stock_of() { sql "select inventory_count from stock where product = '$1'"; }

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

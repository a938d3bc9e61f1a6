# What an order costs: tax on top of prices and inside of them, in currencies of no, two and three decimal places, each
# line rounded half up separately.
# shellcheck disable=SC2034,SC2154

load ../../support/orders

setup_file() {
	open_shop
	export EUR_NET EUR_GROSS JPY_NET JPY_GROSS KWD_NET KWD_GROSS
	local currency
	for currency in EUR JPY KWD; do
		declare -g "${currency}_NET=$(make_store currency="$currency" guest_max_quantity:=null)"
		declare -g "${currency}_GROSS=$(make_store currency="$currency" prices_include_tax:=true)"
	done
}
setup() { sql "truncate rate_limits"; }

# costs STORE LINE... -- SUBTOTAL TAX TOTAL : a line is price@rate*quantity; in the end all sums must agree.
costs() {
	local line rest words=() lines=()
	store=${!1}
	shift
	while [[ $1 != -- ]]; do
		line=$1 rest=${1#*@}
		words+=("$(make_product price="${line%%@*}" tax_rate="${rest%\**}" inventory_count:=10000):${line#*\*}")
		shift
	done
	place "${words[@]}"
	is '[.subtotal, .tax_total, .total] | join(" ")' "${*:2}"
	[[ $(sql "select bool_and(o.subtotal = l.net and o.tax_total = l.tax and o.total - o.rounding = l.total) from orders o join (
			select i.order_id, sum(i.unit_price * i.quantity) as net, sum(i.tax_amount) as tax,
				sum(i.line_total) as total
			from order_items i group by 1) l on l.order_id = o.id
		where o.id = '$order'") == t ]]
}

@test "money: tax on top, two decimal places" {
	costs EUR_NET '19.99@19*3' -- 59.97 11.39 71.36
	costs EUR_NET '10@0*1' -- 10.00 0.00 10.00
	costs EUR_NET '0.05@10*1' -- 0.05 0.01 0.06
	costs EUR_NET '0.04@10*1' -- 0.04 0.00 0.04
	costs EUR_NET '0.10@7.125*1' -- 0.10 0.01 0.11
	costs EUR_NET '1.00@0.5*1' -- 1.00 0.01 1.01
	costs EUR_NET '1.00@0.499*1' -- 1.00 0.00 1.00
	costs EUR_NET '7.77@100*9' -- 69.93 69.93 139.86
}

@test "money: tax inside, two decimal places" {
	costs EUR_GROSS '11.90@19*1' -- 11.90 1.90 11.90
	costs EUR_GROSS '0.03@20*1' -- 0.03 0.01 0.03
	costs EUR_GROSS '0.02@20*1' -- 0.02 0.00 0.02
	costs EUR_GROSS '9.99@7*7' -- 69.93 4.57 69.93
	costs EUR_GROSS '5.00@100*1' -- 5.00 2.50 5.00
	costs EUR_GROSS '5.00@0*1' -- 5.00 0.00 5.00
}

@test "money: each line is rounded, and its products are not" {
	costs EUR_NET '0.05@10*1' '0.05@10*1' -- 0.10 0.02 0.12
	costs EUR_NET '0.05@10*2' -- 0.10 0.01 0.11
	costs EUR_NET '3.33@19*1' '6.67@7*3' '0.01@19*1' -- 23.35 2.03 25.38
	is '[.items[] | .tax_amount + " " + .line_total] | join(", ")' '0.63 3.96, 1.40 21.41, 0.00 0.01'
	costs EUR_GROSS '3.33@19*1' '6.67@7*3' '0.01@19*1' -- 23.35 1.84 23.35
	is '[.items[] | .tax_amount + " " + .line_total] | join(", ")' '0.53 3.33, 1.31 20.01, 0.00 0.01'
}

@test "money: no decimal places" {
	costs JPY_NET '105@10*1' -- 105 11 116
	costs JPY_NET '104@10*1' -- 104 10 114
	costs JPY_NET '980@8*3' -- 2940 235 3175
	costs JPY_GROSS '110@10*1' -- 110 10 110
	costs JPY_GROSS '109@10*1' -- 109 10 109
	costs JPY_GROSS '33@20*1' -- 33 6 33
	is '.items[0] | [.unit_price, .discount_amount, .tax_amount, .line_total] | join(" ")' '33 0 6 33'
}

@test "money: three decimal places" {
	costs KWD_NET '1.250@5*3' -- 3.750 0.188 3.940
	costs KWD_NET '0.010@5*1' -- 0.010 0.001 0.010
	costs KWD_NET '0.009@5*1' -- 0.009 0.000 0.010
	costs KWD_GROSS '0.105@5*1' -- 0.105 0.005 0.110
	costs KWD_GROSS '2.000@10*2' -- 4.000 0.364 4.000
	is '[.discount_total, .shipping_total, .rounding] | join(" ")' '0.000 0.000 0.000'
}

@test "money: what is free, and what is very dear" {
	costs EUR_NET '0@19*10000' -- 0.00 0.00 0.00
	costs EUR_NET '99999999999.99@100*10000' -- 999999999999900.00 999999999999900.00 1999999999999800.00
	costs EUR_GROSS '99999999999.99@19*10000' -- 999999999999900.00 159663865546202.52 999999999999900.00
	costs KWD_NET '99999999999.999@0.001*10000' -- 999999999999990.000 10000000000.000 1000009999999990.000
	costs JPY_NET '99999999999@50*1' -- 99999999999 50000000000 149999999999
}

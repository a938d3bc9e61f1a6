# A shop filled from real data over HTTP alone, and all its carts ordered. What must come of it is worked out here from
# the data, by a model of the stock that knows nothing of the server. The data lie beside the checkout; the tests are
# skipped where they are missing. Needs RATE_LIMITS=off.
#
# Each test begins where the one before it ended.
# shellcheck disable=SC2154,SC2238

load ../../support/orders

shared=$top/../shared/data
data=$shared/dummyjson

setup_file() {
	open_shop
	export STAFF_TOKEN run
	STAFF_TOKEN=$(token_of staff)
	run=$(unique)
}

setup() {
	built send_together
	cd "$BATS_FILE_TMPDIR" || return
}
teardown() { ledger_is_right; }

needs() {
	local file
	for file; do
		[[ -r $file ]] || skip "$(realpath -m --relative-to="$top" "$file") is missing"
	done
}

# What the programs in jq below share.
# shellcheck disable=SC2016
prelude='
	def money: (. * 100 | round) as $c | "\($c / 100 | floor).\("0\($c % 100)"[-2:])";
	def sign($token): {headers: {Authorization: "Bearer \($token)"}};
'

# all_are STATUS FILE COUNT
all_are() {
	local found
	found=$(jq -rs --argjson status "$1" 'length, (map(select(.status != $status)) | length, .[0])' "$2")
	if [[ $found != "$3"$'\n0\nnull' ]]; then echo "not $3 times $1: $found"; return 1; fi
}

@test "real input: 24 categories and 194 products with their images" {
	needs "$data/products.json"
	jq -c --arg store "$store" --arg staff "$STAFF_TOKEN" --arg run "$run" "$prelude"'
		map(.category) | unique[] | sign($staff) + {path: "/categories", body: {store: $store, slug: "\(.)-\($run)",
			name: (split("-") | map(.[:1] as $first | ($first | ascii_upcase) + .[1:]) | join(" "))}}' \
		"$data/products.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >categories
	all_are 201 categories 24

	jq -c --arg store "$store" --arg staff "$STAFF_TOKEN" --slurpfile categories categories --arg run "$run" "$prelude"'
		($categories | map({key: .body.slug, value: .body.id}) | from_entries) as $id
		| .[] | sign($staff) + {path: "/products", body: {store: $store, category: $id["\(.category)-\($run)"],
			sku: "\(.sku)-\($run)", name: .title, description, price: (.price | money), inventory_count: .stock,
			weight: (.weight | tostring), attributes: ({brand, tags, dimensions} | del(.[] | nulls))}}' \
		"$data/products.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >products
	all_are 201 products 194
	# Answers come in the order of the requests: this is the map from their ids to ours.
	jq -n --slurpfile answers products --slurpfile data "$data/products.json" '
		[$data[0], $answers] | transpose | map({key: "\(.[0].id)", value: .[1].body.id}) | from_entries' >ids

	jq -c --arg staff "$STAFF_TOKEN" --slurpfile ids ids "$prelude"'
		.[] | sign($staff) + {path: "/product-images", body: {product: $ids[0]["\(.id)"], url: .images[0],
			alt_text: .title}}' "$data/products.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >images
	all_are 201 images 194
}

@test "real input: the catalogue is read as it was written" {
	[[ -s ids ]] || skip "the catalogue is not there"
	jq -nc --arg store "$store" '
		range(1; 3) | {path: "/products?store=\($store)&page_size=100&ordering=price,name&page=\(.)"}' |
		"$programs/send_together" "$API" >pages
	all_are 200 pages 2
	command jq -S -s 'map(.body.results) | add | map({sku, name, description, price, stock: .inventory_count,
		image: .images[0].url, weight: (.weight | tonumber), in_stock}) | sort_by(.sku)' pages >read
	command jq -S --arg run "$run" "$prelude"'map({sku: "\(.sku)-\($run)", name: .title, description, price: (.price | money),
		stock, image: .images[0], weight, in_stock: (.stock > 0)}) | sort_by(.sku)' "$data/products.json" >written
	diff read written
	[[ $(jq -s 'map(.body.results) | add | map(.price | tonumber) | . == sort' pages) == true ]]
	[[ $(jq -s 'map(.body.results) | add | map(.slug) | unique | length' pages) == 194 ]]
	while read -r category count; do
		api GET "/products?category=$category&page_size=1&count=exact"
		is .count "$count"
	done < <(jq -r --slurpfile categories categories --arg run "$run" '
		($categories | map({key: .body.slug, value: .body.id}) | from_entries) as $id
		| group_by(.category)[] | "\($id["\(.[0].category)-\($run)"]) \(length)"' "$data/products.json")
}

@test "real input: 208 users sign in with the number as it is written" {
	needs "$data/users.json"
	jq -c '.[] | {path: "/auth/customer/request-otp", body: {mobile_number: .phone}}' "$data/users.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >codes
	all_are 202 codes 208
	jq -c '.[] | {path: "/auth/customer/login", body: {mobile_number: .phone, otp: "1234"}}' "$data/users.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >logins
	all_are 200 logins 208
	diff <(jq -r .body.user.mobile_number logins) <(jq -r '.[].phone | gsub("[ -]"; "")' "$data/users.json")
	[[ $(jq -s 'map(.body.user.id) | unique | length' logins) == 208 ]]
	jq -n --slurpfile answers logins --slurpfile data "$data/users.json" '
		[$data[0], $answers] | transpose | map({key: "\(.[0].id)", value: .[1].body.token}) | from_entries' >tokens

	jq -c --slurpfile tokens tokens --arg run "$run" "$prelude"'.[] | sign($tokens[0]["\(.id)"]) + {method: "PATCH",
		path: "/auth/me", body: {name: "\(.firstName) \(.lastName)", email: "\($run).\(.email)"}}' \
		"$data/users.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >names
	all_are 200 names 208
}

# The stock in its order of events: a cart becomes an order when all its lines together are there.
# shellcheck disable=SC2016
model='
	($products[0] | map({key: "\(.id)", value: .stock}) | from_entries) as $stock
	| reduce .[] as $cart ({stock: $stock, outcomes: []};
		($cart.products | group_by(.id) | map({key: "\(.[0].id)", value: (map(.quantity) | add)})) as $wanted
		| .stock as $left
		| ($wanted | map(select(.value > $left[.key]))) as $short
		| if $short == [] then
			.stock = reduce $wanted[] as $w ($left; .[$w.key] -= $w.value)
			| .outcomes += [{status: 201, total: ($cart.total | money)}]
		else
			.outcomes += [{status: 409, short: ($short | map([$ids[0][.key], .value, $left[.key]]) | sort)}]
		end)
'

@test "real input: 208 carts become orders as far as the stock goes" {
	needs "$data/carts.json"
	[[ -s tokens && -s ids ]] || skip "the catalogue or the users are not there"
	jq --slurpfile products "$data/products.json" --slurpfile ids ids "$prelude $model" "$data/carts.json" >expected
	jq -c --arg store "$store" --slurpfile tokens tokens --slurpfile ids ids --slurpfile users "$data/users.json" \
		--arg run "$run" "$prelude"'
		($users[0] | map({key: "\(.id)", value: .}) | from_entries) as $user
		| .[] | $user["\(.userId)"] as $u
		| (sign($tokens[0]["\(.userId)"]) | .headers["Idempotency-Key"] = "cart-\(.id)-\($run)") + {path: "/orders", body: {store: $store,
			items: .products | map({product: $ids[0]["\(.id)"], quantity}),
			shipping_address: {name: "\($u.firstName) \($u.lastName)", line1: $u.address.address, city: $u.address.city,
				region: $u.address.state, postal_code: $u.address.postalCode, country: "US", phone: $u.phone}}}' \
		"$data/carts.json" >requests
	"$programs/send_together" -n 1 "$API" <requests >orders
	jq -s 'map(if .status == 201 then {status, total: .body.total}
		else {status, short: (.body.products // [] | map([.product, .requested, .available]) | sort)} end)' orders >came
	diff <(command jq -S .outcomes expected) <(command jq -S . came)
	[[ $(jq -s 'map(select(.status == 409 and .body.type != "/problems/out-of-stock")) | length' orders) == 0 ]]
	# The data are good for something: some carts are refused, and some name a product twice, which becomes one line.
	[[ $(jq 'map(.status) | unique | tojson' came) == '"[201,409]"' ]]
	(( $(jq 'map(.products | map(.id) | select((unique | length) < length)) | length' "$data/carts.json") > 0 ))
	[[ $(jq -s 'map(select(.status == 201) | .body.items | map(.product) | select((unique | length) < length)) | length' orders) == 0 ]]
}

@test "real input: the stock and its ledger are those of the model" {
	[[ -s came ]] || skip "nothing was ordered"
	jq -r --slurpfile ids ids '.stock | to_entries[] | "\($ids[0][.key]) \(.value) \(.value)"' expected | sort >model
	sql "select s.product, s.inventory_count, coalesce(l.sum, 0) from stock s join products p on p.id = s.product
		left join (select product, sum(delta) from stock_movements group by 1) l on l.product = s.product
		where p.store = '$store'" | tr '|' ' ' | sort >found
	diff model found
	# And what the shopper sees.
	for page in 1 2; do
		api GET "/products?store=$store&page_size=100&page=$page"
		field '.results[] | "\(.id) \(.inventory_count)"'
	done | sort | diff <(cut -d ' ' -f 1,2 model) -
}

@test "real input: customers find their own orders, and no others" {
	[[ -s came ]] || skip "nothing was ordered"
	jq -c --slurpfile tokens tokens --arg store "$store" "$prelude"'.[] | sign($tokens[0]["\(.userId)"])
		+ {path: "/orders?store=\($store)"}' "$data/carts.json" | "$programs/send_together" -n 8 "$API" >lists
	all_are 200 lists 208
	diff <(jq -c 'if .status == 201 then [.body] else [] end' orders) <(jq -c .body.results lists)
	by staff api GET "/orders?store=$store&count=exact&page_size=1"
	is .count "$(jq -s 'map(select(.status == 201)) | length' orders)"
}

@test "real input: every order is repeated with its key, and then cancelled" {
	[[ -s came ]] || skip "nothing was ordered"
	"$programs/send_together" -n 8 "$API" <requests >again
	diff <(jq -c '[.status, (select(.status == 201).body // null)]' orders) <(
		jq -c '[.status, (select(.headers["idempotent-replayed"] == "true").body // null)]' again)
	jq -c --slurpfile tokens tokens --slurpfile carts "$data/carts.json" -s "$prelude"'
		[$carts[0], .] | transpose[] | select(.[1].status == 201)
		| sign($tokens[0]["\(.[0].userId)"]) + {method: "POST", path: "/orders/\(.[1].body.id)/cancel"}' orders |
		"$programs/send_together" -n 20 "$API" >cancelled
	all_are 200 cancelled "$(jq -s 'map(select(.status == 201)) | length' orders)"
	jq -r --slurpfile ids ids '.[] | "\($ids[0]["\(.id)"]) \(.stock)"' "$data/products.json" | sort >model
	sql "select s.product, s.inventory_count from stock s join products p on p.id = s.product
		where p.store = '$store'" | tr '|' ' ' | sort | diff model -
}

@test "real input: 600 categories of another shop, page by page" {
	needs "$shared/bestbuy/categories.json"
	# They are put beside each other here, where a name is one category's.
	firsts='def firsts: reduce .[:1000][] as $c ({seen: {}, list: []}; ($c.name | ascii_downcase) as $n
		| if .seen[$n] then . else .seen[$n] = true | .list += [$c] end) | .list[:600];'
	jq -c --arg store "$other_store" --arg run "$run" --arg token "$(token_of stranger)" "$prelude$firsts"'
		firsts | to_entries[] | sign($token) + {path: "/categories", body: {store: $store, name: .value.name,
			slug: "\(.value.id | ascii_downcase)-\($run)", position: .key,
			description: (.value.path | map(.name) | join(" / "))}}' "$shared/bestbuy/categories.json" >requests
	"$programs/send_together" -n 8 "$API" <requests >answers
	all_are 201 answers 600
	next="/categories?store=$other_store&ordering=position&page_size=97" pages=0
	: >found
	while [[ $next != null ]]; do
		api GET "$next"
		expect 200
		field '.results[] | .name + "\t" + .description' >>found
		next=$(field .next) pages=$((pages + 1))
	done
	[[ $pages == 7 ]]
	jq -r "$firsts"'firsts[] | .name + "\t" + (.path | map(.name) | join(" / "))' "$shared/bestbuy/categories.json" | diff - found
}

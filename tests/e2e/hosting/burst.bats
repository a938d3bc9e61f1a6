# A crowd at a shop on a small web host: 20 requests at a time, 100 processes, 1 GB, as such hosts allow an account.
# shellcheck disable=SC2154

load ../../support/api

setup_file() {
	[[ ${SERVER-} == host ]] || return 0
	built send_together
	cat >"$VAR/host/limits.conf" <<-'END'
		ServerLimit 1
		ThreadsPerChild 20
		MaxRequestWorkers 20
		RLimitNPROC 100 100
		RLimitMEM 1073741824 1073741824
	END
	restart
	ADMIN=$(admin_token)
	STORE=$(token=$ADMIN once store.id make /stores name="$(unique Shop-)" currency=EUR)
	PRODUCT=$(token=$ADMIN make /products store="$STORE" sku="$(unique)" name=Tea price=10.00 inventory_count:=1000)
	export ADMIN STORE PRODUCT
}

teardown_file() {
	[[ ${SERVER-} == host ]] || return 0
	rm -f "$VAR/host/limits.conf"
	restart
}

setup() { [[ ${SERVER-} == host ]] || skip "needs tools/check --env host"; }

# restart : Apache, with the configuration as it is now.
restart() {
	local pid
	pid=$(<"$VAR/host/run/apache.pid")
	kill -HUP "$pid"
	sleep 1
	for _ in {1..100}; do
		if curl -sf -o "$BATS_FILE_TMPDIR/health" "$API/meta/health"; then return; fi
		sleep 0.1
	done
	return 1
}

# crowd : 500 requests, a line of JSON each: products, lists, carts and orders.
crowd() {
	local i order="\"store\":\"$STORE\",\"items\":[{\"product\":\"$PRODUCT\",\"quantity\":1}]"
	for (( i = 0; i < 100; i++ )); do
		echo "{\"path\":\"/products/$PRODUCT\"}"
		echo "{\"path\":\"/products?store=$STORE\"}"
		echo '{"path":"/categories"}'
		echo "{\"path\":\"/orders\",\"body\":{\"action\":\"update_cart\",$order}}"
		echo "{\"path\":\"/orders\",\"headers\":{\"Idempotency-Key\":\"burst-$i-$(unique)$(unique)\"},
			\"body\":{$order,\"contact\":{\"name\":\"A\",\"email\":\"a@example.com\"}}}" | tr -d '\n\t'
		echo
	done
}

# taken STATUS : the time of one request for the product in ms, whose answer has that status.
taken() {
	local start=${EPOCHREALTIME/./}
	api GET "/products/$PRODUCT"
	expect "$1"
	echo $(( (${EPOCHREALTIME/./} - start) / 1000 ))
}

@test "burst: 500 at once end in an answer or 429 or 503, none of them wrong; 10 s later all is as before" {
	local answers=$BATS_TEST_TMPDIR/answers placed before after i
	before=$(for i in {1..20}; do taken 200; done | sort -n | sed -n 10p)
	crowd >"$BATS_TEST_TMPDIR/requests"
	"$programs/send_together" "$API" <"$BATS_TEST_TMPDIR/requests" >"$answers"
	[[ $(wc -l <"$answers") == 500 ]]
	jq -r .status "$answers" | sort | uniq -c
	[[ $(jq -r .status "$answers" | sort -u | grep -vE '^(200|201|429|503)$') == '' ]]
	[[ $(jq -r 'select(.status == 429 or .status == 503) | select((.headers["retry-after"] // "") == "")' "$answers") == '' ]]
	# What each asked for is what it has.
	[[ $(sed -n '1~5p' "$answers" | jq -r 'select(.status == 200) | .body.id' | sort -u) == "$PRODUCT" ]]
	[[ $(sed -n '2~5p' "$answers" | jq -r 'select(.status == 200) | [.body.results[].id] | join(" ")' | sort -u) == "$PRODUCT" ]]
	[[ $(sed -n '3~5p' "$answers" | jq -r 'select(.status == 200) | .body.results | type' | sort -u) == array ]]
	[[ $(sed -n '4~5p' "$answers" | jq -r 'select(.status == 201) | .body.total' | sort -u) == 10.00 ]]
	placed=$(sed -n '5~5p' "$answers" | jq -r 'select(.status == 201) | .body.id' | sort -u | wc -l)
	(( placed > 0 ))
	[[ $(sed -n '5~5p' "$answers" | jq -r 'select(.status == 201) | .status' | wc -l) == "$placed" ]]
	[[ $(sed -n '5~5p' "$answers" | jq -r 'select(.status == 201) | .body.number' | sort -u | wc -l) == "$placed" ]]

	sleep 10
	token=$ADMIN api GET "/products/$PRODUCT"
	[[ $(field .inventory_count) == $((1000 - placed)) ]]
	after=$(for i in {1..20}; do taken 200; done | sort -n | sed -n 10p)
	echo "a product, median: $before ms before, $after ms after"
	(( after <= 2 * before + 20 ))
}

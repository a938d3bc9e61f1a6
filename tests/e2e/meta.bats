# What runs here, and the answers for addresses that there are not.
# shellcheck disable=SC2154

load common

@test "meta: name, version, and every group that there is" {
	for path in /meta /meta/ "" /; do
		api GET "$path"
		expect 200
		[[ $(field .name) == cgishop && $(field .version) =~ ^[0-9]+\.[0-9]+\.[0-9]+$ ]]
	done
	api GET /meta
	about=$body
	for link in $(field '.links[]'); do
		api OPTIONS "$link"
		expect "$([[ $link =~ /(auth|webhooks)$ ]] && echo 404 || echo 204)"
	done
	body=$about
	programs=$(basename -a -s .c "$BATS_TEST_DIRNAME"/../../cgi-bin/*.c | sort)
	[[ $(field '.links | keys[]' | sort) == "$programs" ]]
}

@test "meta: health" {
	api GET /meta/health
	expect 200
	[[ $(field '[.status, .database] | join(" ")') == "ok ok" && $(field '.schema >= 5') == true ]]
	[[ $(header Cache-Control) == no-store ]]
	api HEAD /meta/health
	expect 200
	[[ $(header Content-Length) -gt 0 ]]
}

@test "meta: a group that there is not" {
	for path in /unknown /unknown/ /unknown/a/b /meta/_unknown/x/y /meta/x /Products /products.c; do
		for method in GET POST DELETE OPTIONS; do
			api $method "$path"
			expect 404 not-found
			[[ -n $(field .request_id) ]]
		done
	done
}

@test "meta: other methods" {
	for path in /meta /meta/health; do
		api POST "$path" --json '{}'
		expect 405 method-not-allowed
		[[ $(header Allow) == "GET, HEAD, OPTIONS" ]]
		api OPTIONS "$path"
		expect 204
	done
}

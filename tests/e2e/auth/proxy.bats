# Whose address counts behind a proxy. The shop runs with TRUSTED_PROXIES=127.0.0.1, where these tests come from unless they
# say otherwise, and with RATE_LIMITS=on: the limit of tries for an account is counted for each address.

load ../../support/auth

# left HEADER... : how many tries are left after one more, which fails.
left() {
	local arguments=() word
	for word; do arguments+=(-H "$word"); done
	exchange --interface "$from" -H 'Content-Type: application/json' \
		--data-binary "{\"email\":\"$email\",\"password\":\"wrong horse battery\"}" "${arguments[@]}" "$API/auth/admin/login"
	expect 401 invalid-credentials
	header RateLimit-Remaining
}

@test "proxy: the client is the last address in X-Forwarded-For, with or without a port" {
	[[ $(left 'X-Forwarded-For: 192.0.2.1') == 9 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1:5678') == 8 ]]
	[[ $(left 'X-Forwarded-For: 198.51.100.9, 192.0.2.1') == 7 ]]
	[[ $(left 'X-Forwarded-For: 198.51.100.9' 'X-Forwarded-For: 192.0.2.1:9') == 6 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1, 127.0.0.1') == 5 ]]
	[[ $(left 'X-Forwarded-For: ::ffff:192.0.2.1') == 4 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.2') == 9 ]]
	[[ $(left 'X-Forwarded-For: [2001:db8::1]:443') == 9 ]]
	[[ $(left 'X-Forwarded-For: 2001:db8::2') == 8 ]]
	[[ $(left 'X-Forwarded-For: [2001:db8::3]') == 7 ]]
}

@test "proxy: no other header names the client" {
	[[ $(left) == 9 ]]
	[[ $(left 'Forwarded: for=192.0.2.1') == 8 ]]
	[[ $(left 'Forwarded-For: 192.0.2.1') == 7 ]]
	[[ $(left 'X-Real-IP: 192.0.2.1' 'Client-IP: 192.0.2.1' 'X-Client-IP: 192.0.2.1') == 6 ]]
	[[ $(left 'X_Forwarded_For: 192.0.2.1') == 5 ]]
	[[ $(left 'X-Forwarded_For: 192.0.2.1' 'X_Forwarded-For: 192.0.2.1') == 4 ]]
	[[ $(left 'X-Forwarded-For: unknown') == 3 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1, nonsense') == 2 ]]
	[[ $(left 'X_Forwarded_For: 192.0.2.1' 'X-Forwarded-For: 192.0.2.3' 'X_Forwarded-For: 192.0.2.4') == 9 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.3') == 8 ]]
}

@test "proxy: an address is one request's, not its connection's" {
	exchange -H 'Content-Type: application/json' --data-binary "{\"email\":\"$email\",\"password\":\"wrong horse battery\"}" \
		-H 'X-Forwarded-For: 192.0.2.1' "$API/auth/admin/login" --next -s -o /dev/null -D "$BATS_TEST_TMPDIR/second" \
		-H 'Content-Type: application/json' --data-binary "{\"email\":\"$email\",\"password\":\"wrong horse battery\"}" \
		-H 'X-Forwarded-For: 192.0.2.2' "$API/auth/admin/login"
	[[ $(header RateLimit-Remaining) == 9 ]]
	grep -qi '^RateLimit-Remaining: 9' "$BATS_TEST_TMPDIR/second"
}

@test "proxy: a client that is no proxy of ours names nobody" {
	from=127.0.0.2
	[[ $(left) == 9 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1') == 8 ]]
	[[ $(left 'X-Forwarded-For: 127.0.0.1') == 7 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1, 127.0.0.1') == 6 ]]
	# What the proxy says of that address is the same client.
	from=127.0.0.1
	[[ $(left 'X-Forwarded-For: 192.0.2.1, 127.0.0.2') == 5 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1') == 9 ]]
}

teardown() { if [[ -e $BATS_TEST_TMPDIR/env ]]; then cat "$BATS_TEST_TMPDIR/env" >"$VAR/site/.env"; fi; }

@test "proxy: the header of TRUSTED_PROXY_HEADER counts, and from a proxy alone" {
	[[ $MODE == cgi ]] || skip "programs that stay keep the settings they have read"
	cp "$VAR/site/.env" "$BATS_TEST_TMPDIR/env"
	echo TRUSTED_PROXY_HEADER=CF-Connecting-IP >>"$VAR/site/.env"
	[[ $(left 'CF-Connecting-IP: 192.0.2.1') == 9 ]]
	[[ $(left 'CF-Connecting-IP: 192.0.2.2') == 9 ]]
	[[ $(left 'CF-Connecting-IP: 192.0.2.1' 'X-Forwarded-For: 192.0.2.3') == 8 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.1') == 9 ]]
	[[ $(left 'X-Forwarded-For: 192.0.2.2') == 8 ]]
	[[ $(left 'CF_Connecting_IP: 192.0.2.1' 'CF-Connecting_IP: 192.0.2.2') == 7 ]]
	from=127.0.0.2
	[[ $(left 'CF-Connecting-IP: 192.0.2.1') == 9 ]]
	[[ $(left 'CF-Connecting-IP: 192.0.2.4') == 8 ]]
	[[ $(left 'CF-Connecting-IP: 127.0.0.1' 'X-Forwarded-For: 192.0.2.5') == 7 ]]
}

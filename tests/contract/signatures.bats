# Signatures of webhooks and browsers: what core/gateway says of 10,000 of each provider is what the providers' own
# packages say, but for the classes of tests/gateways/differences.md. Needs the npm registry once.
# shellcheck disable=SC2154 # contract.bash sets them

load contract
load ../support/gateways

gateways=$gateways_dir
# Another one makes other lines.
SEED=${SEED:-1}

setup_file() {
	fetch_packages || return 0
	make -s -C "$top" SANITIZE= TLS= build/core.a
	${CC-cc} -std=gnu11 -D_GNU_SOURCE -I"$top" -I"$top/build/gen" "$gateways/signatures.c" "$top/build/core.a" \
		-Wl,--gc-sections -lpq -ljson-c -lsodium -lscrypt -lfcgi -o "$BATS_FILE_TMPDIR/signatures"
}

setup() {
	if ! fetch_packages; then skip "$why"; fi
}

# judge PROVIDER : what both say, in the files ours and theirs, as "n class true|false".
judge() {
	cd "$BATS_TEST_TMPDIR" || return
	node "$gateways/lines.js" "$1" 10000 "$SEED" >lines
	node "$gateways/oracle.js" <lines | jq -r '"\(.n) \(.class) \(.ok)"' >theirs
	"$BATS_FILE_TMPDIR/signatures" <lines >ours
	[[ $(wc -l <lines) == 10000 && $(wc -l <theirs) == 10000 && $(wc -l <ours) == 10000 ]]
}

# The rows of differences.md as "class theirs ours".
known() {
	awk -F' *[|] *' -v provider="$1" '
		function word(said) { return said == "yes" ? "true" : "false" }
		$2 == provider { print $3, word($4), word($5) }' "$gateways/differences.md" | sort
}

# compare PROVIDER : each class is judged alike throughout; known differences from the package are listed.
compare() {
	judge "$1"
	paste -d' ' theirs ours | awk '{ print $2, $3, $6 }' | sort -u >verdicts
	awk '{ print $1 }' verdicts | uniq -d | nothing "classes with lines that are judged differently"
	awk '$2 != $3' verdicts | diff <(known "$1") - |
		nothing "< is in differences.md, > was found (class, the package, we)"
	# Both sides of the comparison have something to say.
	[[ $(grep -c ' true$' ours) -gt 3000 && $(grep -c ' false$' ours) -gt 3000 ]]
}

@test "signatures: Stripe's webhooks are judged as its package does" { compare stripe; }

@test "signatures: Razorpay's webhooks and browsers are judged as its package does" { compare razorpay; }

@test "signatures: the lines have right ones and wrong ones of many kinds" {
	for provider in stripe razorpay; do
		node "$gateways/lines.js" $provider 10000 "$SEED" | jq -r .class | sort | uniq -c >"$BATS_TEST_TMPDIR/$provider"
	done
	# At least 50 of each class.
	cat "$BATS_TEST_TMPDIR"/{stripe,razorpay} | awk '$1 < 50' | nothing "classes with too few lines"
	[[ $(wc -l <"$BATS_TEST_TMPDIR/stripe") -gt 50 && $(wc -l <"$BATS_TEST_TMPDIR/razorpay") -gt 30 ]]
}

# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# The stand-in for Stripe and Razorpay (tests/gateways), for tests. The shop has to be started with the words of
# gateway_settings; the stand-in itself comes and goes with the file of tests that needs it.
#
#	setup_file() { gateways_up; }
#	teardown_file() { gateways_down; }
#
#	fault lose match='POST /v1/refunds' times:=1
#	pay stripe "$intent" fail_then_succeed
#	deliver stripe order=shuffled seed:=7 times:=3 connections:=8
#	[[ $(ledger ".totals[\"$intent\"].captured") == 118000 ]]

gateways_dir=$(cd "${BASH_SOURCE[0]%/*}/../gateways" && pwd)
# Beside the port of the web server, so that the shop can be told before the stand-in is there.
gateways_address() { echo "http://127.0.0.1:$((${PORT:-8080} + 3))"; }
GATEWAYS=$(gateways_address)

# The settings of a shop that pays here, as words for tools/up; the stand-in has the same.
gateway_settings() {
	local address
	address=$(gateways_address)
	printf '%s\n' "STRIPE_API_BASE=$address" STRIPE_SECRET_KEY=sk_test_stand_in \
		STRIPE_WEBHOOK_SECRET=whsec_stand_in_new STRIPE_WEBHOOK_SECRET_OLD=whsec_stand_in_old \
		"RAZORPAY_API_BASE=$address" RAZORPAY_KEY_ID=rzp_test_StandIn000001 RAZORPAY_KEY_SECRET=stand_in_key_secret \
		RAZORPAY_WEBHOOK_SECRET=stand_in_webhook_new RAZORPAY_WEBHOOK_SECRET_OLD=stand_in_webhook_old
}

# It holds the other end of the stand-in's standard input: when the tests end in whatever way, the stand-in does too.
gateways_up() {
	local words out=${BATS_FILE_TMPDIR:?}/gateways.out
	export GATEWAYS GATEWAYS_PID_FILE=$BATS_FILE_TMPDIR/gateways.pid
	mapfile -t words < <(gateway_settings)
	: >"$out"
	exec {gateways_stdin}> >(exec env "${words[@]}" node "$gateways_dir/stand_in.js" "${GATEWAYS##*:}" >"$out" 2>&1 3>&-)
	echo $! >"$GATEWAYS_PID_FILE"
	for _ in {1..100}; do
		if grep -q listening "$out"; then return; fi
		if ! kill -0 "$(<"$GATEWAYS_PID_FILE")" 2>/dev/null; then break; fi
		sleep 0.1
	done
	cat "$out"
	gateways_down
	return 1
}

gateways_down() {
	local pid
	if [[ -n ${gateways_stdin-} ]]; then exec {gateways_stdin}>&-; fi
	unset gateways_stdin
	pid=$(cat "${GATEWAYS_PID_FILE:-/nonexistent}" 2>/dev/null) || return 0
	rm -f "$GATEWAYS_PID_FILE"
	kill "$pid" 2>/dev/null || return 0
	for _ in {1..50}; do
		kill -0 "$pid" 2>/dev/null || return 0
		sleep 0.1
	done
	echo "the stand-in (process $pid) does not end"
	return 1
}

# control JSON : a command of tests/gateways/README.md; its answer. Fails with the reason when it is refused.
control() {
	local answer code=0
	answer=$("${REQUEST:-curl}" -sS --fail-with-body -X POST --data-binary "$1" "$GATEWAYS/_control") || code=$?
	if (( code != 0 )); then
		echo "control $1: $answer" >&2
		return 1
	fi
	printf '%s\n' "$answer"
}

# words_as_json NAME=TEXT NAME:=JSON... : an object.
words_as_json() {
	local word arguments=()
	for word; do
		if [[ $word =~ ^([a-z_]+):=(.*)$ ]]; then
			arguments+=(--argjson "${BASH_REMATCH[1]}" "${BASH_REMATCH[2]}")
		else
			arguments+=(--arg "${word%%=*}" "${word#*=}")
		fi
	done
	jq -nc "${arguments[@]}" '$ARGS.named'
}

# fault HOW [NAME=TEXT|NAME:=JSON]...
fault() { control "{\"fault\":$(words_as_json how="$1" "${@:2}")}" >/dev/null; }
no_faults() { control '{"clear":true}' >/dev/null; }
gateways_reset() { control '{"reset":true}' >/dev/null; }

# pay stripe|razorpay ID [HOW] : what the customer does; the intent or payment.
pay() { control "{\"pay\":$(words_as_json provider="$1" id="$2" how="${3-succeed}")}"; }

# deliver stripe|razorpay|all [NAME=TEXT|NAME:=JSON]... : webhooks to the shop; what came of it.
deliver() {
	local words=(url="$API/webhooks/{provider}" "${@:2}")
	if [[ $1 != all ]]; then words+=(provider="$1"); fi
	control "{\"deliver\":$(words_as_json "${words[@]}")}"
}

# events [NAME=TEXT|NAME:=JSON]... : made so far, each with its body and headers.
events() { control "{\"events\":$(words_as_json "$@")}"; }

# ledger [JQ] : the money that moved.
ledger() { control '{"ledger":{}}' | jq -rc "${1-.}"; }

# asked MATCH [JQ] : the requests whose "METHOD /path" contains it; how many, unless told otherwise.
asked() { control "{\"log\":$(words_as_json match="$1")}" | jq -rc "${2-length}"; }

# The npm packages of package-lock.json, into build/npm, where the tests' Node finds them. False, with the reason in
# $why, where there is no npm or it reaches no registry: a reason to skip. Whatever else npm complains of, as a package
# that is not the one in the lock file, ends the test.
fetch_packages() {
	local to files=(package.json package-lock.json .npmrc) code=0
	to=$(cd "$gateways_dir/../.." && pwd)/build/npm
	export NODE_PATH=$to/node_modules
	why="npm is not installed"
	command -v npm >/dev/null || return 1
	mkdir -p "$to"
	exec {npm_lock}<"$to"
	flock "$npm_lock"
	if ! cmp -s "$gateways_dir/package-lock.json" "$to/installed"; then
		cp "${files[@]/#/$gateways_dir/}" "$to/"
		why=$(cd "$to" && npm ci --no-progress 2>&1 {npm_lock}<&-) || code=$?
		if (( code == 0 )); then cp "$to/package-lock.json" "$to/installed"; fi
	fi
	exec {npm_lock}<&-
	if (( code == 0 )); then return; fi
	if [[ $why =~ code\ (ENOTFOUND|EAI_AGAIN|ECONN[A-Z]*|E?NETUNREACH|EHOSTUNREACH|ETIMEDOUT|ERR_SOCKET_TIMEOUT|ENOTCACHED|E[45][0-9][0-9]|[A-Z_]*CERT[A-Z_]*|UNABLE_TO_[A-Z_]*) ]]; then
		why="npm reaches no registry: ${BASH_REMATCH[1]}"
		return 1
	fi
	echo "$why"
	exit 1
}

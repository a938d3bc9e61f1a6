# shellcheck shell=bash disable=SC2034 # what is set here is used by the tests
# What all tests share: one HTTP request, parts of its answer, and what makes the tests quick.

# The checkout, and the programs of tests/support.
top=${BATS_TEST_DIRNAME%/tests/*}
programs=$top/build/tests

. "$top/tools/dev/lib/curl.sh"

# built NAME... : these programs are in $programs.
built() {
	local name
	for name; do
		[[ -x $programs/$name ]] || make -s -C "$top" "build/tests/$name" || return
	done
}

# gojq starts in a tenth of the time, sooner with one thread, but sorts the members of objects and has no
# keys_unsorted. What is about their order asks `command jq`, or as_sent.
jq() { GOMAXPROCS=1 gojq "$@"; }

# bats notes where each command stands before it runs, at a quarter of a millisecond each. It need do so for the lines
# of the test alone: of a failure in a function of these files it then tells the line that called.
if [[ $(declare -f bats_debug_trap) =~ '{'(.*)$ ]]; then
	eval "bats_debug_trap() { if [[ \$1 != \"\$BATS_TEST_SOURCE\" ]]; then return; fi; ${BASH_REMATCH[1]}"
fi

# untraced : in a subshell nobody reads these notes, so that they end here.
untraced() { if (( BASH_SUBSHELL > 0 )); then trap - DEBUG; fi; }

# exchange WORD... : as curl has them, without those that are added here. Leaves the answer in $status, $body and
# $headers, and the body as it came in the file body of the test's directory.
exchange() {
	# setup_file has no directory of a test's.
	local dir=${BATS_TEST_TMPDIR:-$BATS_FILE_TMPDIR} code=0 parts
	: >"$dir/body"
	curl -s -o "$dir/body" -D "$dir/headers" -w '%{http_code}\n' "$@" >"$dir/.status" || code=$?
	read -r status <"$dir/.status" || true
	(( code == 0 ))
	# The shell would start a subshell for $(<file). The bytes that are zero are dropped.
	mapfile -d '' parts <"$dir/headers"
	headers=${parts[0]-} headers=${headers//$'\r'/}
	mapfile -d '' -t parts <"$dir/body"
	printf -v body %s "${parts[@]}"
	while [[ $headers == *$'\n' ]]; do headers=${headers%$'\n'}; done
	while [[ $body == *$'\n' ]]; do body=${body%$'\n'}; done
	if [[ ${ANSWERS-} ]]; then record "$@"; fi
}

# record WORD... : the answer to that request, for tests/contract/answers.js: method, URL, names of the headers sent,
# status, media type, and the body if it is JSON of ours, in one line.
record() {
	local method=GET i media= sent= shown=$body
	for (( i = 1; i < $#; i++ )); do
		case ${!i} in
		-X) i=$((i + 1)) method=${!i} ;;
		-H) i=$((i + 1)) sent+=${!i%%:*}, ;;
		--head | -I) method=HEAD ;;
		esac
	done
	if [[ $headers =~ $'\n'[Cc]ontent-[Tt]ype:\ *([^$'\n']*) ]]; then media=${BASH_REMATCH[1]}; fi
	if [[ $media != *json ]]; then shown=; fi
	if [[ $shown == *$'\n'* ]]; then return; fi
	printf '%s\t%s\t%s\t%s\t%s\t%s\n' "$method" "${!#}" "${sent,,}" "$status" "$media" "$shown" >>"$ANSWERS/$$"
}

# field JQ : of the answer's body.
field() { jq -r "$1" <<<"$body"; }

# as_sent JQ : field with the members of objects in their order.
as_sent() { command jq -r "$1" <<<"$body"; }

# header NAME : of the answer.
header() {
	local line
	untraced
	while IFS= read -r line; do
		if [[ ${line,,} == "${1,,}: "* ]]; then printf '%s\n' "${line#*: }"; fi
	done <<<"$headers"
}

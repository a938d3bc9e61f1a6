# pick, request and statement say what jq, curl and psql say of the same words: other tests rely on it.
# shellcheck disable=SC2016,SC2154 # filters of jq; contract.bash sets them

load contract

setup_file() {
	need PSQL
	make -s -C "$top" build/tests/{pick,request,statement,answer}
	export psql programs=$top/build/tests
	# In $PSQL may be statement itself.
	psql="psql ${PSQL#* }"
}

teardown() {
	if [[ ${server-} ]]; then kill "$server" 2>/dev/null || true; fi
}

# same WORD... : the words after jq, with $input; pick answers by itself.
same() {
	local ours theirs ours_code=0 theirs_code=0
	theirs=$(command jq "$@" <<<"$input" 2>&1) || theirs_code=$?
	ours=$(PATH=/nonexistent "$programs/pick" "$@" <<<"$input" 2>&1) || ours_code=$?
	if [[ $ours_code != "$theirs_code" || $ours != "$theirs" ]]; then
		echo "pick $*: $ours_code $ours, not $theirs_code $theirs"
		return 1
	fi
}

readonly DOCUMENT='{"id":"a1","n":7,"none":null,"no":false,"yes":true,"text":"two\nlines, \"é\" \u0001\u007f\\/",
	"price":"10.00","items":[{"id":"x","q":3,"tags":["b","a"]},{"id":"y","q":1,"tags":[]},{"id":"z","q":3}],
	"errors":[{"pointer":"/b","code":"required"},{"pointer":"/a","code":"null"}],"empty":{},"list":[],
	"deep":{"z":{"k":1},"a":[[1,2],[3]]}}'

@test "pick: paths, operators and functions mean what they mean to jq" {
	input=$DOCUMENT
	while read -r filter; do
		same -r "$filter"
	done <<-'END'
		.
		.id
		.none.x
		.items[0].id
		.items[-1].q
		.items[7]
		.items[].id
		.items | length
		.text | length
		.empty | length
		.items[1:]
		.items[:1]
		.price[1:3]
		.price[:2]
		[.items[].id, .n] | join(" ")
		[.none, .no, .yes, .n] | join(",")
		[.errors[] | .pointer + " " + .code] | sort | join(", ")
		keys | join(" ")
		keys_unsorted
		has("id") and has("gone") or .no
		[.items[] | has("tags")] | all, any
		.items | map(select(.q == 3) | .id)
		.items | any(.q > 2), all(.q > 2)
		.items | map(.q) | sort, unique, min, max, add, reverse
		.items | map(select(.tags)) | sort_by(.q) | map(.id)
		.items | group_by(.q) | map(map(.id))
		.items | unique_by(.q) | length
		[.items[].id] | index("y"), index("gone")
		[.items[].id] - ["x"]
		.none // .no // "else"
		[.items[] | .tags // []]
		.no == false, .n != 7, .n <= 7, .n < 7, .n >= 8, .n > 6, .id < "b"
		.n + 3 * 2 - 1, .n % 4, 14 / .n, -1
		"\(.id) of \(.n), \(.list)"
		{id, "b": .n, (.id): .items[0].tags, c: [.none]}
		{} + {a: 1} + {b: 2, a: 3}
		.deep | to_entries | map(.key)
		.deep.a | tojson, tostring
		.price | split("."), test("^[0-9]{2}"), startswith("1"), contains("0.0")
		.n as $x | .items | map(.q + $x)
		if .no then 1 elif .none then 2 else 3 end
		.id | type, IN("a1", "b"), not
		[.id, .n, .none, .no, .list, .empty | type]
		.items[0].q = 5 | .new = .n | .n |= . + 1 | del(.items, .deep)
		.items[1].tags[0].x
		.items[0] | .tags[1] = "c" | tojson
		"7" | tonumber + 1
		empty
		.yes | not
		.deep == {"a":[[1,2],[3]],"z":{"k":1}}
		.text
	END
}

@test "pick: the options of jq" {
	input=$DOCUMENT
	same -c .
	input='{"a":1} {"a":null}
		{"a":"x"}'
	same .a
	same -r .a
	same -s .
	same -cs 'map(.a)'
	same -e .a
	same -e 'select(.a == 9)'
	input='{"a":null}'
	same -e .a
	same -nc --arg text 'a "b"' --argjson list '[1,{"x":null}]' '{$text, $list, all: $ARGS.named}'
	echo '{"a":[1,{"b":{}}]}' >"$BATS_TEST_TMPDIR/file"
	same . "$BATS_TEST_TMPDIR/file"
}

@test "pick: what it does not know it leaves to jq, with the whole input" {
	input='{"a":1.50,"b":[3,1]}'
	for filter in .a '[limit(1; .b[])]' '.b | @csv' '.a | floor' '.. | numbers' '.b.x' 'nonsense('; do
		[[ $("$programs/pick" -c "$filter" <<<"$input" 2>&1) == "$(command jq -c "$filter" <<<"$input" 2>&1)" ]]
	done
}

@test "request: the bytes that curl sends, and what it writes" {
	body='{"é":1}'
	printf 'HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 409 Conflict\r\nX-A: b\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n%s' \
		$'2;x=y\r\nd\n\r\n0\r\n\r\n' >"$BATS_TEST_TMPDIR/answer"
	cd "$BATS_TEST_TMPDIR"
	touch asked
	"$programs/answer" answer asked >port 3>&- &
	server=$!
	for _ in {1..200}; do [[ ! -s port ]] || break; sleep 0.02; done
	url=http://127.0.0.1:$(<port)/x/y?z=%20
	while read -ra words; do
		for program in curl "$programs/request"; do
			rm -f asked.* out headers
			code=0
			"$program" -s -o out -D headers -w '%{http_code}\n' "${words[@]}" "$url" >told 2>&1 || code=$?
			{ tr -d '\r' <asked | grep -v '^User-Agent: ' | LC_ALL=C sort; echo "$code"; cat told headers out; } \
				>"said.${program##*/}"
			# The file stays that of the server.
			: >asked
		done
		diff said.curl said.request
	done <<-END
		-X GET
		-X DELETE -H If-Match:"x"
		-X POST -H Content-Length:0
		--json $body
		-X PATCH --json $body -H Content-Type:application/merge-patch+json
		-X POST --data-binary $body -H Content-Type:application/json -H Accept:text/html
		-d a=b
		--fail-with-body -d a=b
	END
}

@test "statement: the rows that psql prints, and how it ends" {
	for sql in 'select 1, null, $$a|b$$, true' "select generate_series(1, 3); select 'x'" 'select 1 where false' \
		'create temporary table t (a int); insert into t values (1) returning a; update t set a = 2' 'select 1 / 0' 'selec' \
		'do $$ begin raise notice $a$hear$a$; end $$' ''; do
		for program in psql "$programs/statement"; do
			code=0
			# shellcheck disable=SC2086 # words
			"$program" ${psql#psql } -X -q -A -t -F ';' -v ON_ERROR_STOP=1 -c "$sql" >"$BATS_TEST_TMPDIR/${program##*/}" \
				2>"$BATS_TEST_TMPDIR/${program##*/}.err" || code=$?
			echo "$code" >>"$BATS_TEST_TMPDIR/${program##*/}"
		done
		diff "$BATS_TEST_TMPDIR/psql" "$BATS_TEST_TMPDIR/statement"
		diff "$BATS_TEST_TMPDIR/psql.err" "$BATS_TEST_TMPDIR/statement.err"
	done
}

# request and statement say what curl and psql say of the same words: other tests rely on it.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

setup_file() {
	need PSQL
	make -s -C "$top" build/tests/{request,statement,answer}
	export psql programs=$top/build/tests
	# In $PSQL may be statement itself.
	psql="psql ${PSQL#* }"
}

teardown() {
	if [[ ${server-} ]]; then kill "$server" 2>/dev/null || true; fi
}

@test "request: the bytes that curl sends, and what it writes" {
	body='{"é":1}'
	printf 'HTTP/1.1 409 Conflict\r\nX-A: b\r\nContent-Length: 5\r\n\r\nabcd\n' >"$BATS_TEST_TMPDIR/answer"
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

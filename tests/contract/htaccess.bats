# httpd/htaccess agrees with the programs.

load contract

@test "shared hosting: the lines for mod_fcgid leave out the programs that take pictures" {
	for program in "$BUILD"/cgi-bin/api/*; do
		if "$program" --describe | jq -e '.routes[] | select(.media_taken | tostring | contains("form-data"))' >/dev/null; then
			echo "${program##*/}"
		fi
	done >"$BATS_TEST_TMPDIR/takes"
	sed -n 's/^#<FilesMatch "^(?!\(.*\)\\.).*$/\1/p' "$top/httpd/htaccess/cgi-bin" | tr '|' '\n' >"$BATS_TEST_TMPDIR/left"
	[[ -s $BATS_TEST_TMPDIR/takes ]]
	diff "$BATS_TEST_TMPDIR/takes" "$BATS_TEST_TMPDIR/left"
}

# What the documents say of the tree is so.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

# suite|name of every test that there is, as auth/mail|auth: a code by mail … and contract/lists|lists: no setting twice.
tests_there_are() {
	local file suite
	for file in "$top"/tests/{e2e/*,contract}/*.bats; do
		suite=${file#"$top/tests/"} suite=${suite#e2e/}
		sed -n "s%^@test \"\(.*\)\" {.*%${suite%.bats}|\1%p" "$file"
	done
}

@test "documents: the tests that docs/asvs.md names exist" {
	grep '^|' "$top/docs/asvs.md" | grep -o '`[a-z_/]*`: "[^"]*"' | sed 's%`\([a-z_/]*\)`: "\(.*\)"%\1|\2%' | sort -u >"$BATS_TEST_TMPDIR/named"
	(( $(wc -l <"$BATS_TEST_TMPDIR/named") > 50 ))
	comm -23 "$BATS_TEST_TMPDIR/named" <(tests_there_are | sort -u) | nothing "tests that docs/asvs.md names and that there are not"
}

@test "documents: docs/asvs.md has each requirement once, with a verdict and a test or \"review\"" {
	grep '^| [0-9]' "$top/docs/asvs.md" | awk -F' \\| ' '{ sub(/^\| /, "", $1); print $1 }' | sort | uniq -d | nothing "requirements that come twice"
	awk '/^\| [0-9]/ && !/^\| [0-9.–]+ \| [^|]+ \| (yes|part|no|–) \| [^|]*\| (review|`[a-z_0-9/]+`: "[^"]+") \|$/' "$top/docs/asvs.md" |
		nothing "rows without a verdict or a test"
	(( $(grep -c '^| [0-9]' "$top/docs/asvs.md") > 90 ))
}

@test "documents: each path that tests/README.md names exists, and it names each suite's folder and all of tests/support" {
	local path
	grep -oE '`(tests|tools|docs|core)/[^` ]*' "$top/tests/README.md" | tr -d '`' | sort -u >"$BATS_TEST_TMPDIR/named"
	(( $(wc -l <"$BATS_TEST_TMPDIR/named") > 50 ))
	while read -r path; do [[ -e $top/$path ]] || echo "$path"; done <"$BATS_TEST_TMPDIR/named" | nothing "paths that are not there"
	for path in "$top"/tests/support/* "$top"/tests/e2e/*; do
		grep -qE "\`${path#"$top"/}[\`/]" "$top/tests/README.md" || echo "${path#"$top"/}"
	done | nothing "what it does not name"
}

@test "documents: a pattern that they give to bats -f names a test" {
	local file pattern
	tests_there_are | cut -d '|' -f 2 >"$BATS_TEST_TMPDIR/names"
	for file in "$top"/*.md "$top"/docs/*.md "$top"/tests/*.md "$top/tools/check"; do
		{ grep -oE 'bats (-r )?-f "[^"]*"' "$file" || true; } | cut -d '"' -f 2 | while read -r pattern; do
			grep -qE "$pattern" "$BATS_TEST_TMPDIR/names" || echo "${file#"$top"/}: $pattern"
		done
	done | nothing "patterns that no test has"
	(( $(grep -lE 'bats (-r )?-f "' "$top"/CONTRIBUTING.md "$top/tests/README.md" "$top/tools/check" | wc -l) == 3 ))
}

# has_heading FILE ANCHOR : as the pages of a forge name their headings.
has_heading() {
	sed -n 's/^#\{1,6\} //p' "$1" | tr '[:upper:] ' '[:lower:]-' | sed 's/[^[:alnum:]_-]//g' | grep -qxF -- "$2"
}

# lead_somewhere DIRECTORY : the links of the documents in it, to files and to headings.
lead_somewhere() {
	local file link to
	for file in "$1"/*.md "$1"/docs/{,hosting/}*.md "$1"/doc/{,hosting/}*.md "$1"/httpd/*.md "$1"/tests/*.md; do
		[[ -e $file ]] || continue
		{ grep -o '](\([^): ]*\))' "$file" || true; } | sed 's/](\(.*\))/\1/' | while read -r link; do
			to=${file%/*}/${link%%#*}
			[[ $link != \#* ]] || to=$file
			if [[ ! -e $to || ( $link == *'#'* && -f $to ) ]] && ! has_heading "$to" "${link#*#}"; then
				echo "${file#"$1"/}: $link"
			fi
		done
	done | nothing "links that lead nowhere"
}

@test "documents: links between them lead somewhere" {
	lead_somewhere "$top"
}

@test "documents: so they do in the archive that make dist makes" {
	"$top/tools/dev/dist" --documents "$BATS_TEST_TMPDIR"
	lead_somewhere "$BATS_TEST_TMPDIR"
	lead_somewhere "$BATS_TEST_TMPDIR/cgishop"
	# Nothing of the checkout, and no link that was lost by mistake.
	! grep -E '`(make|tools/|tests/)' "$BATS_TEST_TMPDIR/INSTALL.md"
	grep -q '](cgishop/doc/hosting/README.md)' "$BATS_TEST_TMPDIR/INSTALL.md"
	grep -q '](limits.md)' "$BATS_TEST_TMPDIR/cgishop/doc/api.md"
	# The folder of the documents has another name there.
	! grep -nE '\bdocs/' "$BATS_TEST_TMPDIR"/cgishop/.env.example "$BATS_TEST_TMPDIR"/cgishop/{*,doc/api}.md
}

@test "documents: each path that ARCHITECTURE.md names exists, and each way to the SQL has five files at most" {
	local path
	grep -oE '`(tests|tools|docs|core|cgi-bin|sql)/[^` ]*`' "$top/ARCHITECTURE.md" | tr -d '`' | grep -v '[<*]' | sort -u >"$BATS_TEST_TMPDIR/named"
	(( $(wc -l <"$BATS_TEST_TMPDIR/named") > 50 ))
	while read -r path; do [[ -e $top/$path ]] || echo "$path"; done <"$BATS_TEST_TMPDIR/named" | nothing "paths that are not there"
	(( $(grep -c '^| `[A-Z]* /.*→' "$top/ARCHITECTURE.md") == 5 ))
	awk -F '→' '/^\| `[A-Z]+ \// && NF > 5' "$top/ARCHITECTURE.md" | nothing "ways of more than five files"
}

@test "documents: CHANGELOG.md has the version, README the name of its archive, and each released version a dump" {
	local version
	version=$(sed -n 's/^VERSION := //p' "$top/Makefile")
	grep -qE "^## \[$version\] - [0-9]{4}-[0-9]{2}-[0-9]{2}$" "$top/CHANGELOG.md"
	grep -q "cgishop-$version-linux-x86_64.tar.gz" "$top/README.md"
	sed -n 's/^## \[\([0-9.]*\)\] - .*/\1/p' "$top/CHANGELOG.md" | while read -r version; do
		[[ -s $top/tests/upgrade/$version.sql ]] || echo "$version"
	done | nothing "versions without a dump"
}

# The words that tools/dev/badwords refuses.
# shellcheck disable=SC2154 # contract.bash sets them

load contract

# text LINE... : a file with these lines, checked.
text() {
	printf '%s\n' "$@" >"$BATS_TEST_TMPDIR/text"
	output=$("$top/tools/dev/badwords" "$BATS_TEST_TMPDIR/text" 2>&1) && code=0 || code=$?
}

@test "words: a refused word ends the build, with its place and what to write instead" {
	text 'The order is shipped.' 'It goes to whoever paid for it.'
	(( code == 1 ))
	[[ $output == *'/text:2: "whoever": write anyone who, the caller' ]]
}

@test "words: in names too, in any case, and not as parts of other words" {
	text 'int Whoever_paid;'
	(( code == 1 ))
	text 'int whoeverpaid;' 'The order is shipped.'
	(( code == 0 ))
	[[ -z $output ]]
}

@test "words: each line of the list is refused, and has a replacement" {
	local pattern instead sample
	while IFS=$'\t' read -r pattern instead; do
		[[ -n ${instead//$'\t'/} ]] || { echo "no replacement for $pattern"; return 1; }
	done < <(grep '^[^#]' "$top/tools/dev/badwords.list")
	sample=$(sed -n '/^[a-z ]*\t/s/\t.*//p' "$top/tools/dev/badwords.list")
	mapfile -t sample <<<"$sample"
	text "${sample[@]}"
	(( code == 1 && $(wc -l <<<"$output") >= ${#sample[@]} ))
}

@test "words: new files are checked before they are added, in a checkout and without one; ignored files are not" {
	local copy=$BATS_TEST_TMPDIR/copy
	mkdir -p "$copy/tools/dev"
	cp "$top"/tools/dev/badwords* "$copy/tools/dev/"
	echo '*.tmp' >"$copy/.gitignore"
	# refused : new.md is, and no other file.
	refused() { [[ $("$copy/tools/dev/badwords") == $'new.md:1: "whoever": write anyone who, the caller' ]]; }
	"$copy/tools/dev/badwords"
	echo 'It goes to whoever paid.' >"$copy/new.md"
	refused
	git init -q "$copy"
	git -C "$copy" add .gitignore tools
	cp "$copy/new.md" "$copy/new.tmp"
	refused
	# As where the archive of the sources is unpacked in build/.
	git init -q "$BATS_TEST_TMPDIR"
	echo '*' >"$BATS_TEST_TMPDIR/.gitignore"
	rm -rf "$copy/.git" "$copy/new.tmp"
	refused
}

# Everyday words, in italics, are wrong in one sense only.
@test "words: what the glossary replaces is refused" {
	local words
	words=$(awk -F ' *[|] *' 'NF == 5 && $4 !~ /^(not|---)?$/ {
		gsub(/\([^)]*\)|[*][^*]*[*]/, "", $4); n = split($4, word, ", *")
		for (i = 1; i <= n; i++) { gsub(/^ +| +$/, "", word[i]); if (word[i] != "") print word[i] } }' "$top/docs/glossary.md")
	mapfile -t words <<<"$words"
	(( ${#words[@]} >= 10 ))
	for word in "${words[@]}"; do
		text "$word"
		(( code == 1 )) || echo "$word"
	done | nothing "words of docs/glossary.md that tools/dev/badwords.list does not have"
}

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

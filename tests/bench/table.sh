# shellcheck shell=bash
# What the benchmarks share: medians, verdicts, a table as text and as Markdown. Rows have their cells between `|`.

# middle FILE COLUMN : the median.
middle() { sort -g -k "$2,$2" "$1" | awk -v column="$2" '{ v[NR] = $column } END { print v[int((NR + 1) / 2)] }'; }

# meets VALUE OPERATOR LIMIT
meets() { awk -v a="$1" -v b="$3" "BEGIN { exit !(a $2 b) }"; }

# verdict COMMAND...
verdict() {
	if "$@"; then printf 'PASS'; else printf 'MISS'; fi
}

# markdown_rows <ROWS
markdown_rows() { sed 's/.*/| & |/; s/|/ | /g; s/^ //; s/ $//; s/  */ /g'; }

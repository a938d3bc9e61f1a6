# What the pages of the manual share: text as man(7) wants it. Read before a page's own script.

function fail(what) {
	printf "%s:%d: %s\n", FILENAME, FNR, what >"/dev/stderr"
	bad = 1
	exit 1
}

# As it is: every hyphen can be searched for and pasted.
function literal(s) {
	gsub(/\\/, "\\e", s)
	gsub(/-/, "\\-", s)
	gsub(/'/, "\\(aq", s)
	gsub(/`/, "\\(ga", s)
	gsub(/\^/, "\\(ha", s)
	gsub(/~/, "\\(ti", s)
	return s
}

function bold(s) { return "\\fB" literal(s) "\\fR" }

# A line of prose, in which `words like this` are bold. At its beginning no character is a request.
function prose(s, n, parts, i, out) {
	n = split(s, parts, "`")
	if (n % 2 == 0)
		fail("a ` without another: " s)
	for (i = 1; i <= n; i++) {
		if (i % 2 == 0) {
			out = out bold(parts[i])
			continue
		}
		gsub(/\\/, "\\e", parts[i])
		out = out parts[i]
	}
	return (out ~ /^[.']/ ? "\\&" : "") out
}

function heading(title, section) {
	printf ".TH %s %s \"%s\" \"cgishop %s\" cgishop\n", toupper(literal(title)), section, date, version
}

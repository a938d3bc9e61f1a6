# awk -v version=… -v date=… -v name=… -v about=… -f man.awk -f program_page.awk SOURCE : the man page, in section 8, of
# a helper program. Its text is that of the program's --help, HELP in the source, or else of the comment at its top.
# In it, an indented line "what   it is" is an item, any other indented line is shown as it is.

# --- finding the text

FNR == 1 && /^\/\*$/ { comment = 1; next }
comment && /^ \*\/$/ { comment = 0; next }
comment { sub(/^ \* ?/, ""); text[++n] = $0; next }

/HELP\[\] = "/ {
	n = 0
	string = 1
	sub(/^[^"]*/, "")
}

# Literals of C, of which each ends with a newline or continues in the next.
string {
	last = /;$/
	sub(/^[ \t]*"/, "")
	sub(/";?$/, "")
	gsub(/\\"/, "\"")
	more = more $0
	while ((at = index(more, "\\n")) > 0) {
		text[++n] = substr(more, 1, at - 1)
		more = substr(more, at + 2)
	}
	if (last)
		string = 0
}

# --- printing it: the paragraph "Exit status: …" and its items are a section of their own, the last

function put(line) { page[section] = page[section] line "\n" }

function close_shown() {
	if (shown)
		put(".fi\n.RE")
	shown = 0
}

function paragraph(s) {
	section = "description"
	if (s ~ /^Exit (status|code)s?:/) {
		section = "exit"
		sub(/^[^:]*: */, "", s)
	} else if (page[section] != "") {
		put(".PP")
	}
	if (s != "")
		put(prose(s))
}

function indented(s) {
	sub(/^[ \t]+/, "", s)
	if (match(s, /[ \t][ \t]+/)) {
		put(".TP\n" bold(substr(s, 1, RSTART - 1)) "\n" prose(substr(s, RSTART + RLENGTH)))
		return
	}
	if (!shown)
		put(".PP\n.RS 4\n.nf")
	shown = 1
	put("\\&" literal(s))
}

END {
	if (!n) {
		printf "%s: no text for a man page\n", FILENAME >"/dev/stderr"
		exit 1
	}
	usage = name
	if (text[1] ~ /^Usage: /) {
		usage = substr(text[1], 8)
		text[1] = ""
	}
	sub("^" name ": ", "", text[1])
	for (i = 1; i <= n; i++) {
		if (text[i] !~ /^[ \t]/)
			close_shown()
		if (text[i] ~ /^[ \t]/)
			indented(text[i])
		else if (text[i] != "" && (i == 1 || text[i - 1] == ""))
			paragraph(text[i])
		else if (text[i] != "")
			put(prose(text[i]))
	}
	close_shown()
	heading(name, 8)
	printf ".SH NAME\n%s \\- %s\n.SH SYNOPSIS\n%s\n", literal(name), about, bold(usage)
	printf ".SH DESCRIPTION\n%s", page["description"]
	if (page["exit"] != "")
		printf ".SH EXIT STATUS\n%s", page["exit"]
	print ".SH SEE ALSO\n" bold("cgishop") "(7), " bold("cgishop.env") "(5)"
}

# awk -v version=… -v date=… -f man.awk -f settings_page.awk settings.def rate_limits.def .env.example : the man page
# cgishop.env(5). The names and what a value may be are from settings.def; .env.example has the order, under headings
# like "# --- Mail", and the paragraphs. rate_limits.def stands for its own lines there.

# Where the paragraphs do not say it.
BEGIN {
	values["on_off"] = "on or off"
	values["database"] = "postgresql://user:password@host/database"
	values["url"] = "an address that begins with https:// or http://"
	values["media_url"] = "a path such as /media, or an address such as https://images.example"
	values["directory"] = "a path from the root"
	values["count"] = "a whole number"
	values["hours"] = "a whole number of hours"
	values["minutes"] = "a whole number of minutes"
	values["country"] = "a code of ISO 3166, such as IN"
	values["currency"] = "a code of ISO 4217, such as INR"
}

# --- the lists

FILENAME ~ /settings\.def$/ && /^SETTING\(/ {
	split($0, part, /[(,] */)
	name = part[2]
	kind[name] = part[4]
	next
}

FILENAME ~ /rate_limits\.def$/ && /^RATE_LIMIT\(/ {
	n = split($0, part, /[(,] */)
	limits++
	limit[limits] = part[3] "=" part[7] "/" part[8]
	gsub(/"/, "", limit[limits])
	next
}

FILENAME ~ /rate_limits\.def$/ && /^\t"/ {
	sub(/^\t"/, "")
	sub(/"\).*$/, "")
	counts[limits] = $0
}

FILENAME ~ /\.def$/ { next }

# --- .env.example

FNR == 1 { begin() }

/^# --- / {
	sub(/^# --- /, "")
	printf ".SS %s\n", $0
	lines = 0
	next
}

# The setting itself ends its paragraph. Paragraphs of no setting, such as the first ones, are not of the page.
/^#?[A-Z][A-Z0-9_]*=/ {
	sub(/^#/, "")
	name = substr($0, 1, index($0, "=") - 1)
	if (!(name in kind))
		fail(name " is not in settings.def")
	setting(name, substr($0, index($0, "=") + 1))
	done[name] = 1
	lines = 0
	next
}

/^#   [a-z-]+=[0-9]+\/[0-9]+: / { next }
/^# / { line[++lines] = substr($0, 3); next }
{ lines = 0 }

function setting(name, value, i) {
	printf ".TP\n%s\n", bold(name)
	for (i = 1; i <= lines; i++)
		print prose(line[i])
	if (name == "LIMITS")
		print_limits()
	if (kind[name] in values || value != "")
		print ".IP"
	if (kind[name] in values)
		print "Value: " prose(values[kind[name]]) (value == "" ? "" : ";")
	if (value != "")
		print (kind[name] in values ? "default: " : "Default: ") bold_list(value)
}

# With a place to break the line after each comma.
function bold_list(value) {
	value = bold(value)
	gsub(/,/, ",\\:", value)
	return value
}

function print_limits(i) {
	print ".RS"
	for (i = 1; i <= limits; i++)
		printf ".TP\n%s\n%s\n", bold(limit[i]), prose(counts[i])
	print ".RE"
}

function begin() {
	heading("cgishop.env", 5)
	print ".SH NAME\ncgishop.env \\- settings of a shop"
	print ".SH SYNOPSIS\n.nf\n" bold(".env") "\n" bold("/etc/cgishop/env") "\n.fi"
	print ".SH DESCRIPTION"
	print "The programs of " bold("cgishop") "(7) read their settings from a file: " bold(".env") " in the directory"
	print "of the program, in a directory above it, or in the subdirectory " bold("cgishop") " of such a directory."
	print bold("shopctl --env") " names another one."
	print "It has secrets: only the account of the programs should be able to read it, and the web server must not"
	print "serve it."
	print ".PP"
	print "A line is " bold("NAME=value") "; empty lines, and lines that begin with #, are ignored."
	print "A variable of the environment with the same name overrides the file."
	print bold("shopctl doctor") " reports what is missing or wrong."
	print ".SH SETTINGS"
}

END {
	if (bad)
		exit 1
	for (name in kind)
		if (!(name in done)) {
			printf "%s is not in .env.example\n", name >"/dev/stderr"
			exit 1
		}
	print ".SH FILES"
	print ".TP\n" bold("/etc/cgishop/env") "\nThe settings of a shop that is installed as a package."
	print ".SH SEE ALSO\n" bold("shopctl") "(1), " bold("cgishop") "(7)"
}

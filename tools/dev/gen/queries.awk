# Make C of the named statements in sql/queries/*.sql.
#
#	awk -v out=h -f tools/dev/gen/queries.awk sql/queries/*.sql >build/gen/queries.h
#	awk -v out=c -f tools/dev/gen/queries.awk sql/queries/*.sql >build/gen/queries.c
#
# A statement begins behind "-- name: order_by_id :one" (or :many, :exec) and
# ends at the next such line or at the end of the file; ":reusable" at the end of
# that line marks it so (see db_new). Comments and indents are dropped, text in
# quotes is kept to the byte. The highest $n is its number of parameters. What
# cannot be read ends with a message and status 1.

function fail(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
	failed = 1
	exit 1
}

FNR == 1 { finish() }

/^-- name:/ {
	finish()
	if (NF < 4 || $3 !~ /^[a-z][a-z0-9_]*$/ || $4 !~ /^:(one|many|exec)$/ || (NF > 4 && ($5 != ":reusable" || NF > 5)))
		fail("expected \"-- name: some_name :one\" (or :many, :exec), with or without \":reusable\"")
	if ($3 in seen)
		fail("there is a statement " $3 " already")
	name = $3
	seen[name] = 1
	reusable[name] = NF == 5
	next
}

{
	add_line($0)
}

END {
	if (failed)
		exit 1
	finish()
	if (failed)
		exit 1
	if (out == "h")
		print_header()
	else
		print_source()
}

# Read a line of SQL: quote is the kind of quotes that we are in, or "".
function add_line(line,    i, c, two, text, number) {
	if (quote == "")
		sub(/^[ \t]+/, "", line)
	text = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		two = substr(line, i, 2)
		if (quote == "*/") {
			if (two == quote) {
				quote = ""
				i++
			}
			continue
		}
		if (quote == "" && two == "--")
			break
		if (quote == "" && two == "/*") {
			quote = "*/"
			i++
			continue
		}
		if (quote == "" && two == "$$")
			fail("no dollar quotes here: a function belongs in a migration")
		if (quote == "" && c == "$") {
			number = substr(line, i + 1)
			sub(/[^0-9].*$/, "", number)
			if (number + 0 > params)
				params = number + 0
		}
		if (quote == c)
			quote = ""
		else if (quote == "" && (c == "'" || c == "\""))
			quote = c
		text = text escape(c)
	}
	if (quote == "")
		sub(/([ ]|\\t)+$/, "", text)
	if (text == "" && quote == "")
		return
	if (name == "")
		fail("SQL before the first \"-- name:\" line")
	lines[++lines_n] = text
}

function escape(c) {
	if (c == "\\" || c == "\"")
		return "\\" c
	if (c == "\t")
		return "\\t"
	return c
}

# The statement that was being read is whole.
function finish(    i, sql) {
	if (failed || name == "")
		return
	if (quote != "")
		fail("the quote or comment in " name " does not end")
	if (lines_n == 0)
		fail("the statement " name " is empty")
	sub(/ *;?$/, "", lines[lines_n])
	sql = ""
	for (i = 1; i <= lines_n; i++)
		sql = sql "\n\t\t\"" lines[i] (i < lines_n ? "\\n" : "") "\""
	names[++names_n] = name
	sqls[names_n] = sql
	counts[names_n] = params
	name = ""
	lines_n = 0
	params = 0
}

function print_header(    i) {
	print "/* Made by tools/dev/gen/queries.awk of sql/queries/. */"
	print "#ifndef CGISHOP_GEN_QUERIES_H"
	print "#define CGISHOP_GEN_QUERIES_H"
	print ""
	print "#include \"core/db/db.h\""
	print ""
	for (i = 1; i <= names_n; i++)
		printf "extern const struct query query_%s;\n", names[i]
	print ""
	print "/* All of them. */"
	print "extern const struct query *const queries[];"
	print "extern const size_t queries_n;"
	print ""
	print "#endif"
}

function print_source(    i) {
	print "/* Made by tools/dev/gen/queries.awk of sql/queries/. */"
	print "#include \"queries.h\""
	for (i = 1; i <= names_n; i++)
		printf "\nconst struct query query_%s = {\n\t.name = \"%s\",\n\t.sql =%s,\n\t.params_n = %d,\n%s};\n",
			names[i], names[i], sqls[i], counts[i], reusable[names[i]] ? "\t.reusable = true,\n" : ""
	print ""
	print "const struct query *const queries[] = {"
	for (i = 1; i <= names_n; i++)
		printf "\t&query_%s,\n", names[i]
	print "};"
	print ""
	print "const size_t queries_n = sizeof(queries) / sizeof(queries[0]);"
}

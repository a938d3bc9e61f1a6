# Make C of the named statements in sql/queries/*.sql: see core/db/query.h for their syntax and use.
#
#	awk -v out=h -f tools/dev/gen/queries.awk sql/queries/*.sql >build/gen/queries.h
#	awk -v out=c -f tools/dev/gen/queries.awk sql/queries/*.sql >build/gen/queries.c
#
# A statement begins behind "-- name: order_by_id :one" and ends at the next such line or at the end of the file.
# Comments and indents are dropped, quoted text is copied unchanged; "$name" becomes "$1". Errors end with a message and
# status 1.

function fail(text) {
	printf "%s:%d: %s\n", FILENAME, FNR, text >"/dev/stderr"
	failed = 1
	exit 1
}

FNR == 1 { finish() }

/^-- name:/ {
	finish()
	begin()
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

function begin(    i) {
	if ($3 !~ /^[a-z][a-z0-9_]*$/ || $4 !~ /^:(one|optional|many|exec)$/)
		fail("expected \"-- name: some_name :one\" (or :optional, :many, :exec)")
	name = $3
	if (name in kind)
		fail("there is a statement " name " already")
	kind[name] = substr($4, 2)
	i = 5
	if ($i == ":writes") {
		writes[name] = 1
		i++
	}
	if ($i == ":reusable") {
		reusable[name] = 1
		i++
	}
	if ($i == ":like") {
		if (!($(i + 1) in sql))
			fail("there is no statement " $(i + 1) " above " name)
		like[name] = $(i + 1)
		i += 2
	}
	if (i <= NF)
		fail("\"" $i "\" cannot stand there: the order is :writes :reusable :like other")
}

# Read a line of SQL: quote is the current kind of quotes, or "". Unquoted text is also collected in plain.
function add_line(line,    i, c, two, text, word) {
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
			fail("no dollar quotes here: a function belongs in sql/functions")
		if (quote == "" && c == "$") {
			match(substr(line, i + 1), /^[a-z0-9_]*/)
			word = substr(line, i + 1, RLENGTH)
			i += RLENGTH
			c = "$" argument(word, substr(line, i + 1))
		} else if (quote == c)
			quote = ""
		else if (quote == "" && (c == "'" || c == "\""))
			quote = c
		text = text escape(c)
		if (quote == "")
			plain = plain c
	}
	if (quote == "")
		sub(/([ ]|\\t)+$/, "", text)
	if (text == "" && quote == "")
		return
	if (name == "")
		fail("SQL before the first \"-- name:\" line")
	lines[++lines_n] = text
	plain = plain " "
}

# The number of the argument. Its type follows its first use.
function argument(word, rest) {
	if (word !~ /^[a-z][a-z0-9_]*$/)
		fail("an argument is a name after a dollar sign: $store::uuid")
	if (!((name, word) in arg_number)) {
		if (!match(rest, /^::[a-z0-9]+(\[\])?/))
			fail("the type of $" word " is missing: $" word "::uuid")
		arg_number[name, word] = ++args_n[name]
		arg_name[name, args_n[name]] = word
		arg_type[name, args_n[name]] = substr(rest, 3, RLENGTH - 2)
	}
	return arg_number[name, word]
}

function escape(c) {
	if (c == "\\" || c == "\"")
		return "\\" c
	if (c == "\t")
		return "\\t"
	return c
}

# The columns: what follows the `select` outside of parentheses, or `returning`.
function read_columns(text,    i, c, depth, inside, item, word, opens) {
	opens = "select"
	text = text " "
	for (i = 1; i <= length(text); i++) {
		c = substr(text, i, 1)
		if (c ~ /[a-z0-9_]/) {
			word = word c
			continue
		}
		if (depth == 0 && inside && word ~ /^(from|where|for|group|order|limit|union)$/)
			break
		if (depth == 0 && word ~ /^(insert|update|delete)$/)
			opens = "returning"
		item = inside ? item word : ""
		if (depth == 0 && word == opens)
			inside = 1
		word = ""
		depth += (c == "(") - (c == ")")
		if (inside && depth == 0 && c == ",") {
			add_column(item)
			item = ""
		} else
			item = item c
	}
	if (inside)
		add_column(item)
}

function add_column(item,    label, type, n) {
	gsub(/^[ \t]+|[ \t;]+$/, "", item)
	if (match(item, / as [a-z][a-z0-9_]*$/)) {
		label = substr(item, RSTART + 4)
		item = substr(item, 1, RSTART - 1)
	}
	type = "text"
	if (match(item, /::[a-z0-9]+(\[\])?$/)) {
		type = substr(item, RSTART + 2)
		item = substr(item, 1, RSTART - 1)
	}
	if (label == "") {
		if (item !~ /^([a-z][a-z0-9_]*\.)?[a-z][a-z0-9_]*$/)
			fail("the column \"" item "\" of " name " needs a name: as something")
		label = item
		sub(/^.*\./, "", label)
	}
	if ((name, label) in column_seen || label == "found")
		fail("the column " label " of " name " needs another name")
	column_seen[name, label] = 1
	n = ++columns_n[name]
	column_name[name, n] = label
	column_type[name, n] = type
}

# The end of the current statement.
function finish(    i) {
	if (failed || name == "")
		return
	if (quote != "")
		fail("the quote or comment in " name " does not end")
	if (lines_n == 0)
		fail("the statement " name " is empty")
	sub(/ *;?$/, "", lines[lines_n])
	for (i = 1; i <= lines_n; i++)
		sql[name] = sql[name] "\n\t\t\"" lines[i] (i < lines_n ? "\\n" : "") "\""
	names[++names_n] = name
	if (kind[name] != "exec")
		read_columns(plain)
	if (kind[name] != "exec" && !columns_n[name])
		fail("the statement " name " gives no columns")
	if (name in like && (kind[name] != kind[like[name]] || signature(name) != signature(like[name])))
		fail(name " is not like " like[name] ": " signature(name) ", not " signature(like[name]))
	name = plain = ""
	lines_n = 0
}

function signature(q,    i, text) {
	for (i = 1; i <= args_n[q]; i++)
		text = text (i > 1 ? ", " : "") arg_name[q, i] " " arg_type[q, i]
	text = "(" text ")"
	for (i = 1; i <= columns_n[q]; i++)
		text = text (i > 1 ? ", " : " -> ") column_name[q, i] " " column_class(column_type[q, i])
	return text
}

# Columns of equal C types share a case.
function column_class(type) {
	return type_of(type) == "VALUE" ? "text" : tolower(type_of(type))
}

function type_of(type) {
	if (type ~ /^(text|boolean|bytea)$/)
		return toupper(type)
	return type ~ /^(smallint|integer|bigint)$/ ? "INTEGER" : "VALUE"
}

function c_type(type) {
	return type_of(type) == "BOOLEAN" ? "bool " : type_of(type) == "INTEGER" ? "int64_t " : \
		type_of(type) == "BYTEA" ? "struct bytea " : "struct str "
}

# The statement whose structs this one uses.
function shape(q) {
	return q in like ? like[q] : q
}

function print_structs(q,    i) {
	if (args_n[q]) {
		print "struct " q "_args {"
		for (i = 1; i <= args_n[q]; i++)
			print "\t" c_type(arg_type[q, i]) arg_name[q, i] "; /* " arg_type[q, i] " */"
		print "} QUERY_NAMED;"
	}
	if (!columns_n[q])
		return
	print "struct " q "_row {"
	if (kind[q] == "optional")
		print "\tbool found;"
	for (i = 1; i <= columns_n[q]; i++)
		print "\t" c_type(column_type[q, i]) column_name[q, i] ";"
	print "};"
}

function print_calls(q,    s, row, row_type) {
	s = shape(q)
	row = kind[q] == "exec" ? "" : "row, "
	row_type = kind[q] == "exec" ? "" : kind[q] == "many" ? "struct rows *row, " : "struct " s "_row *row, "
	print "extern const struct named_query named_" q ";"
	print "NODISCARD static inline enum problem run_" q "(struct db *db, struct arena *a, " row_type \
		(args_n[q] ? "const struct " s "_args *args, " : "") "struct error *err)"
	print "{"
	if (kind[q] == "one" || kind[q] == "optional")
		print "\tif (row)\n\t\t*row = (struct " s "_row){ 0 };"
	print "\treturn query_run(db, a, &named_" q ", " (args_n[q] ? "args" : "NULL") ", " \
		(kind[q] == "exec" ? "NULL" : "row") ", err);"
	print "}"
	print "#define query_" q "(in" (row ? ", row" : "") (args_n[q] ? ", ..." : "") ") \\"
	print "\trun_" q "((in)->db, (in)->arena, " row \
		(args_n[q] ? "QUERY_ARGS(" s "_args, " args_n[q] ", __VA_ARGS__), " : "") "&(in)->error)"
	if (kind[q] == "many") {
		print "static inline struct " s "_row " q "_row(const struct rows *rows, size_t i)"
		print "{"
		print "\tstruct " s "_row row;"
		print "\tquery_row(&named_" q ", rows, i, &row);"
		print "\treturn row;"
		print "}"
	}
}

function print_header(    i, q) {
	print "/* Made by tools/dev/gen/queries.awk of sql/queries/. core/db/query.h says how to read and call it. */"
	print "#ifndef CGISHOP_GEN_QUERIES_H"
	print "#define CGISHOP_GEN_QUERIES_H"
	print ""
	print "#include \"core/db/query.h\""
	for (i = 1; i <= names_n; i++) {
		q = names[i]
		print "\n/* --- " q signature(q) " */"
		if (!(q in like))
			print_structs(q)
		print_calls(q)
	}
	print ""
	print "/* All of them. */"
	print "extern const struct named_query *const queries[];"
	print "extern const size_t queries_n;"
	print ""
	print "#endif"
}

function print_members(q, what, n, names_of, types,    i) {
	if (!n)
		return
	print "static const struct query_member " what "_of_" q "[] = {"
	for (i = 1; i <= n; i++)
		printf "\t{ QUERY_%s, offsetof(struct %s_%s, %s) },\n", type_of(types[q, i]), shape(q), what, names_of[q, i]
	print "};"
}

function print_source(    i, q) {
	print "/* Made by tools/dev/gen/queries.awk of sql/queries/. */"
	print "#include \"queries.h\""
	for (i = 1; i <= names_n; i++) {
		q = names[i]
		print ""
		print_members(q, "args", args_n[q], arg_name, arg_type)
		print_members(q, "row", columns_n[q], column_name, column_type)
		printf "const struct named_query named_%s = {\n\t.query = {\n\t\t.name = \"%s\",\n\t\t.sql =%s,\n", q, q, sql[q]
		printf "\t\t.params_n = %d,\n%s\t},\n", args_n[q], reusable[q] ? "\t\t.reusable = true,\n" : ""
		printf "\t.kind = QUERY_%s,\n%s", toupper(kind[q]), writes[q] ? "\t.writes = true,\n" : ""
		if (args_n[q])
			printf "\t.args = args_of_%s,\n", q
		if (columns_n[q])
			printf "\t.columns = row_of_%s,\n\t.columns_n = %d,\n", q, columns_n[q]
		printf "\t.signature = \"%s%s\",\n};\n", q, signature(q)
	}
	print ""
	print "const struct named_query *const queries[] = {"
	for (i = 1; i <= names_n; i++)
		printf "\t&named_%s,\n", names[i]
	print "};"
	print ""
	print "const size_t queries_n = sizeof(queries) / sizeof(queries[0]);"
}

# Make C of the database's SQL: the set of core/db/migrate.h.
#
#	awk -f tools/dev/gen/migrations.awk sql/schema/*.sql sql/functions/*.sql sql/*.sql >build/gen/migrations.c
#
# A migration is named schema/0001_base.sql: number and name. They are in the order of their numbers, each number once.
# The code runs in this order: functions/base, views, the other functions, triggers, derived.

function fail(text) {
	printf "%s: %s\n", FILENAME, text >"/dev/stderr"
	failed = 1
	exit 1
}

BEGIN {
	print "/* Made by tools/dev/gen/migrations.awk of sql/. */"
	print "#include \"core/db/migrate.h\""
}

FNR == 1 {
	finish()
	file = FILENAME
	sub(/^.*\//, "", file)
	name = substr(file, 1, length(file) - 4)
	if (FILENAME ~ /(^|\/)schema\/[^\/]*$/)
		migration()
	else if (FILENAME ~ /(^|\/)functions\/[^\/]*$/)
		functions[name == "base" ? "base" : ++functions_n] = name
	else if (name !~ /^(views|triggers|derived|code_drop|code_record|grants|restore_clear|restore_begin|restore_end)$/)
		fail("unknown part of the database's SQL")
	if (name !~ /^[a-z0-9_]+$/ || name in seen)
		fail("its name is not in lower case, or is repeated")
	seen[name] = 1
	printf "\nstatic const char sql_%s[] =", name
	open = 1
}

{
	printf "\n\t\"%s\\n\"", escape($0)
}

END {
	if (failed)
		exit 1
	finish()
	split("base views triggers derived code_drop code_record grants restore_clear restore_begin restore_end", needed)
	for (i in needed)
		if (!(needed[i] in seen)) {
			print "migrations.awk: " needed[i] ".sql is missing" >"/dev/stderr"
			exit 1
		}
	print "\nstatic const struct migration migrations[] = {"
	for (i = 1; i <= n; i++)
		printf "\t{ .number = %d, .name = \"%s\", .sql = sql_%04d_%s },\n", numbers[i], names[i], numbers[i], names[i]
	print "};\n\nstatic const struct sql_part code[] = {"
	part("functions/base", "base")
	part("views", "views")
	for (i = 1; i <= functions_n; i++)
		part("functions/" functions[i], functions[i])
	part("triggers", "triggers")
	part("derived", "derived")
	print "};\n\nconst struct migration_set migration_set = {"
	print "\t.migrations = migrations,\n\t.migrations_n = sizeof(migrations) / sizeof(migrations[0]),"
	print "\t.code = code,\n\t.code_n = sizeof(code) / sizeof(code[0]),"
	print "\t.code_drop = sql_code_drop,\n\t.code_record = sql_code_record,\n\t.grants = sql_grants,"
	print "\t.restore_clear = sql_restore_clear,\n\t.restore_begin = sql_restore_begin,"
	print "\t.restore_end = sql_restore_end,\n};"
}

function migration() {
	if (file !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+\.sql$/)
		fail("a migration needs a name like 0001_base.sql")
	if (substr(file, 1, 4) + 0 <= last)
		fail("its number is not higher than that of the one before it")
	last = substr(file, 1, 4) + 0
	numbers[++n] = last
	names[n] = substr(file, 6, length(file) - 9)
}

function part(path, text) {
	printf "\t{ .name = \"%s\", .sql = sql_%s },\n", path, text
}

function finish() {
	if (open)
		print ";"
	open = 0
}

function escape(line,    i, c, text) {
	text = ""
	for (i = 1; i <= length(line); i++) {
		c = substr(line, i, 1)
		text = text (c == "\\" || c == "\"" ? "\\" c : c == "\t" ? "\\t" : c)
	}
	return text
}

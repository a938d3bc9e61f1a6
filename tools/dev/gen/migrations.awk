# Make C of the migrations and the grants: the tables of core/db/migrate.h.
#
#	awk -f tools/dev/gen/migrations.awk sql/migrations/*.sql sql/grants.sql >build/gen/migrations.c
#
# A migration is called 0001_base.sql: its number, its name. They come in the
# order of their numbers, each number once.

function fail(text) {
	printf "%s: %s\n", FILENAME, text >"/dev/stderr"
	failed = 1
	exit 1
}

BEGIN {
	print "/* Made by tools/dev/gen/migrations.awk of sql/migrations/ and sql/grants.sql. */"
	print "#include \"core/db/migrate.h\""
}

FNR == 1 {
	finish()
	file = FILENAME
	sub(/^.*\//, "", file)
	if (file == "grants.sql") {
		grants++
		printf "\nconst char grants_sql[] ="
	} else {
		if (file !~ /^[0-9][0-9][0-9][0-9]_[a-z0-9_]+\.sql$/)
			fail("a migration is called like 0001_base.sql")
		if (substr(file, 1, 4) + 0 <= last)
			fail("its number is not higher than that of the one before it")
		last = substr(file, 1, 4) + 0
		numbers[++n] = last
		names[n] = substr(file, 6, length(file) - 9)
		printf "\nstatic const char migration_%04d[] =", last
	}
	open = 1
}

{
	printf "\n\t\"%s\\n\"", escape($0)
}

END {
	if (failed)
		exit 1
	finish()
	if (grants != 1) {
		print "migrations.awk: sql/grants.sql is missing" >"/dev/stderr"
		exit 1
	}
	print "\nstatic const struct migration migrations[] = {"
	for (i = 1; i <= n; i++)
		printf "\t{ .number = %d, .name = \"%s\", .sql = migration_%04d },\n", numbers[i], names[i], numbers[i]
	print "};"
	print ""
	print "const struct migration_list migration_list = { migrations, sizeof(migrations) / sizeof(migrations[0]) };"
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

# Make the SQL function error_rule() of core/base/error_codes.def: what SQL shows in answers that are no errors.
#
#	awk -f tools/dev/gen/error_rule.awk core/base/error_codes.def >build/gen/functions/error_rule.sql

BEGIN {
	quote = sprintf("%c", 39)
	print "-- Made by tools/dev/gen/error_rule.awk of core/base/error_codes.def: the code of a rule and its sentence."
	print "create or replace function error_rule(rule text, out code text, out sentence text)"
	print "language plpgsql immutable parallel safe as $$"
	print "begin"
	print "\tselect r.code, r.sentence into strict error_rule.code, error_rule.sentence from (values"
}

/^ERROR_CODE\(/ {
	text = ""
}

# One may go over several lines.
/^ERROR_CODE\(/ || text != "" {
	text = text $0
	if (text !~ /"\)$/)
		next
	match(text, /\([A-Z0-9_]+/)
	name = tolower(substr(text, RSTART + 1, RLENGTH - 1))
	sub(/^[^"]*"/, "", text)
	code = substr(text, 1, index(text, "\"") - 1)
	sub(/^[^"]*"[^"]*"/, "", text)
	sentence = substr(text, 1, length(text) - 2)
	gsub(/\\"/, "\"", sentence)
	gsub(quote, quote quote, sentence)
	printf "%s\t\t(%s%s%s, %s%s%s, %s%s%s)", n++ ? ",\n" : "", quote, name, quote, quote, code, quote, quote, sentence, quote
	text = ""
}

END {
	print ") r (name, code, sentence) where r.name = error_rule.rule;"
	print "end"
	print "$$;"
}

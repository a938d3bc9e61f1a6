# One line of the log at a time, for reading: tools/logs. Variables: colour and errors are 0 or 1; plain is 1 for logs
# that are not ours, whose lines are shown as they are.
#
#   time=2026-01-02T03:04:05.678Z id=… method=GET route=/products/{id} status=200 ms=3.21 sql=2 user=-
#   time=… level=error id=… the database cannot be reached
#   time=… id=… event=login result=… by=… user=… account=… from=…
#
# A web server may write its own prefix before `time=`. Control characters, which a terminal would obey, are dropped.

function paint(code, text) { return colour ? "\033[" code "m" text "\033[0m" : text }

# The value of a name; ours have no spaces.
function value(name,   from, rest) {
	from = index(" " line, " " name "=")
	if (!from) return ""
	rest = substr(line, from + length(name) + 1)
	return substr(rest, 1, index(rest " ", " ") - 1)
}

function status_colour(status) { return status >= 500 ? 31 : status >= 400 ? 33 : status >= 300 ? 36 : 32 }

function request(   text, status) {
	status = value("status") + 0
	if (errors && status < 400) return
	text = sprintf("%s  %s  %-6s %-40s %8.1f ms %3d sql", clock(), paint(status_colour(status), status),
		value("method"), value("route"), value("ms"), value("sql"))
	if (value("problem") != "") text = text "  " paint(33, value("problem"))
	if (value("user") != "" && value("user") != "-") text = text "  user " value("user")
	print text (status >= 400 ? "  id " value("id") : "")
}

function clock() { return paint(2, substr(value("time"), 12, 12)) }

function error(   text) {
	text = line
	sub(/^time=[^ ]* level=[^ ]* id=[^ ]* /, "", text)
	print clock() "  " paint(value("level") == "error" ? "1;31" : 2, value("level") "  " text) "  id " value("id")
}

function event(   text) {
	text = line
	sub(/^time=[^ ]* id=[^ ]* /, "", text)
	print clock() "  " paint(35, text)
}

{
	gsub(/[[:cntrl:]]/, "")
	line = $0
	if (plain) { print; next }
	from = match(line, /time=[0-9][0-9][0-9][0-9]-[0-9][0-9]-[0-9][0-9]T/)
	if (!from) { print paint(2, line); next }
	line = substr(line, from)
	if (value("status") != "") request()
	else if (value("level") == "error") error()
	else if (!errors) { if (value("event") != "") event(); else error() }
	fflush()
}

# Decides about libpq's archives: reads lines "KIND MEMBER NAME TYPE" (see
# tools/dev/gen/libpq), KIND being pq, common, port, stand-in or openssl, and
# prints
#
#	drop KIND MEMBER	it calls OpenSSL
#	open NAME		to be defined by standins.awk
#	strange NAME		why OpenSSL cannot be left out; then nothing is dropped
#
# With -v whole=1 nothing is dropped in the first place.

function is_defined(type) { return type != "U" && type != "w" && type != "v" }

$1 == "stand-in" { if (is_defined($4)) stand_in[$3] = 1; next }
$1 == "openssl" { if (is_defined($4)) openssl[$3] = 1; next }
is_defined($4) { if (!($3 in home)) home[$3] = $1 " " $2; members[$1 " " $2] = 1; next }
{ members[$1 " " $2] = 1; uses[$1 " " $2] = uses[$1 " " $2] " " $3 }

END {
	if (!whole) {
		find_dropped()
		follow()
		judge()
	}
	if (whole || is_strange) {
		split("", dropped)
		follow()
	}
	for (m in dropped) print "drop", m
	for (n in open) print "open", n
}

function find_dropped(   m, i, n, names) {
	for (m in members) {
		n = split(uses[m], names, " ")
		for (i = 1; i <= n; i++)
			if ((names[i] in openssl) && !(names[i] in home)) {
				dropped[m] = 1
				drops = 1
			}
	}
}

# From libpq's own members through their dependencies: open symbols, and those needed of dropped members.
function follow(   m, i, n, names, from, todo, count) {
	split("", needed); split("", open); split("", reached)
	for (m in members)
		if (m ~ /^pq / && !(m in dropped)) {
			reached[m] = 1
			todo[++count] = m
		}
	while (count > 0) {
		n = split(uses[todo[count--]], names, " ")
		for (i = 1; i <= n; i++) {
			if (!(names[i] in home)) {
				if (names[i] ~ /^(gss|ldap|ber|krb5)_|^GSS_C_/) open[names[i]] = 1
				continue
			}
			from = home[names[i]]
			if (from in dropped)
				needed[names[i]] = 1
			else if (!(from in reached)) {
				reached[from] = 1
				todo[++count] = from
			}
		}
	}
}

function judge(   n) {
	if (!drops) return
	for (n in needed)
		if (!(n in stand_in)) {
			if (n ~ /^pgtls_/) open[n] = 1
			else strange(n)
		}
	for (n in stand_in)
		if (n ~ /^pgtls_/ && !(n in needed)) strange(n)
}

function strange(n) {
	print "strange", n
	is_strange = 1
}

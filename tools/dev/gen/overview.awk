# awk -v version=… -v date=… -f man.awk -f overview.awk cgi-bin/*.c cgishop.7.in : the man page cgishop(7). Of each
# program the first sentence of the comment at its top is shown.

FNR == 1 && FILENAME ~ /\.c$/ {
	name = FILENAME
	sub(/^.*\//, "", name)
	sub(/\.c$/, "", name)
	sentence = ""
	names[++n] = name
}

FILENAME ~ /\.c$/ {
	if (/^ \* / && !(name in about)) {
		sentence = sentence (sentence == "" ? "" : " ") substr($0, 4)
		at = match(sentence, /\.( |$)/)
		if (at)
			about[name] = substr(sentence, 1, at)
	} else if (/^ \*\/$/ && !(name in about)) {
		fail("the comment at the top has no sentence")
	}
	next
}

/^\.\\" @VERSION@/ { next }

/^@PROGRAMS@$/ {
	for (i = 1; i <= n; i++)
		printf ".TP\n%s\n%s\n", bold(names[i]), prose(about[names[i]])
	next
}

{
	gsub(/@VERSION@/, version)
	gsub(/@DATE@/, date)
	print
}

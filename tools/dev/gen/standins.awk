# Make C of the lines "open NAME" of libpq.awk: functions that fail as the real
# ones do without credentials, without a directory server, or without TLS. Their
# true prototypes do not matter, as they ignore their arguments.
#
# gssencmode=disable (core/db/db_connect.c) keeps libpq from calling gss_*, and
# no ldap_* is called without a service file that names a directory server; if
# one is called nevertheless, ldap_init fails first. An unknown LDAP function
# aborts the program rather than return an unexpected value.
#
# 0 is a failure for functions that begin a TLS connection
# (PGRES_POLLING_FAILED) or return the certificate's hash (NULL), and correct
# for those called without TLS.

function stub(type, value) { printf "%s %s(void);\n%s %s(void)\n{\n\treturn %s;\n}\n\n", type, $2, type, $2, value }

BEGIN {
	print "/* Made by tools/dev/gen/standins.awk. */\n#include <stdio.h>\n#include <stdlib.h>\n"
	# For db_has_tls() in core/db/db.h.
	if (lacks_tls) print "extern const char libpq_lacks_tls;\nconst char libpq_lacks_tls = 1;\n"
	print "enum { GSS_S_FAILURE_CODE = 13 << 16, LDAP_UNAVAILABLE_CODE = 0x34 };\n"
	split("ldap_count_entries ldap_msgfree ldap_value_free_len", nothing, " ")
	split("ldap_first_entry ldap_get_values_len ldap_init", pointer, " ")
	split("ldap_result ldap_simple_bind", minus, " ")
	split("ldap_search_st ldap_set_option ldap_unbind", unavailable, " ")
	for (i in nothing) value[nothing[i]] = "0"
	for (i in pointer) value[pointer[i]] = "NULL"
	for (i in minus) value[minus[i]] = "-1"
	for (i in unavailable) value[unavailable[i]] = "LDAP_UNAVAILABLE_CODE"
}

$1 != "open" { next }
$2 ~ /^GSS_C_/ { printf "extern void *%s;\nvoid *%s = NULL;\n\n", $2, $2; next }
$2 ~ /^gss_/ { stub("unsigned", "GSS_S_FAILURE_CODE"); next }
$2 ~ /^pgtls_/ { stub("void *", "NULL"); next }
$2 == "ldap_err2string" { stub("const char *", "\"LDAP is not built in\""); next }
$2 in value { stub(value[$2] == "NULL" ? "void *" : "int", value[$2]); next }
{
	printf "void %s(void);\nvoid %s(void)\n{\n", $2, $2
	printf "\tfputs(\"%s: not built in\\n\", stderr);\n\tabort();\n}\n\n", $2
}

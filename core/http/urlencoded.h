/*
 * application/x-www-form-urlencoded (WHATWG URL, 5.1), of query strings and of bodies.
 */
#ifndef CGISHOP_HTTP_URLENCODED_H
#define CGISHOP_HTTP_URLENCODED_H

#include "core/base/problem.h"
#include "core/base/text.h"
#include "core/http/request.h"

enum urlencoded_fault {
	URLENCODED_OK,
	URLENCODED_BAD_NAME,  /* not correctly encoded, or not UTF-8 */
	URLENCODED_NO_NAME,   /* "=value" */
	URLENCODED_BAD_VALUE, /* as BAD_NAME */
	URLENCODED_REPEATED,  /* one name twice */
	URLENCODED_TOO_MANY,
};

/*
 * At most params_max pairs into params, *params_n of them. Values may contain line ends with MANY_LINES, but no other
 * control character. If a value is invalid or repeated, *name is its name; earlier pairs are in params. With ignored,
 * names, separated by commas or "", is_ignorable is set as by request_parse_query; NULL: never.
 */
NODISCARD enum urlencoded_fault urlencoded_parse(struct arena *a, struct str text, enum text_lines lines,
						 const char *ignored, struct query_param *params, size_t params_max,
						 size_t *params_n, struct str *name);
/*
 * A body of at most FORM_URLENCODED_BYTES_MAX as the equivalent JSON object:
 * every value is a string, and empty ones are omitted, as browsers send those
 * too. PROBLEM_TOO_LARGE, PROBLEM_BAD_REQUEST.
 */
NODISCARD enum problem urlencoded_to_json(struct arena *a, struct str body, struct str *json, struct error *err);

#endif

/*
 * multipart/form-data (RFC 7578), of a body in memory.
 */
#ifndef CGISHOP_HTTP_FORM_H
#define CGISHOP_HTTP_FORM_H

#include "core/base/problem.h"
#include "core/base/str.h"

struct arena;

struct form_part {
	struct str name;
	struct str content; /* points into the body */
};

struct form {
	struct form_part parts[FORM_PARTS_MAX];
	size_t parts_n;
};

/*
 * Metadata of a part other than its name (a file name in either form, a type, a
 * length) is ignored.
 *
 * PROBLEM_BAD_REQUEST with the reason if the body is malformed or truncated,
 * has more than FORM_PARTS_MAX parts or repeats a name.
 */
NODISCARD enum problem form_parse(struct arena *a, struct str body, struct str boundary, struct form *out,
				  struct error *err);

#endif

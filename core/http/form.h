/*
 * multipart/form-data (RFC 7578), of a body that is in memory already.
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
 * What a client says of a part beside its name (a file's name in either form, a
 * type, a length) is passed over: nothing here depends on it.
 *
 * PROBLEM_BAD_REQUEST with the reason when the body is not well-formed, is cut
 * off, has more than FORM_PARTS_MAX parts or one name twice.
 */
NODISCARD enum problem form_parse(struct arena *a, struct str body, struct str boundary, struct form *out,
				  struct error *err);
/* NULL when there is none. */
const struct form_part *form_find(const struct form *f, const char *name);

#endif

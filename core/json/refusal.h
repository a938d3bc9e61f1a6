/*
 * What SQL refuses. A message that names a rule of core/base/error_codes.def or
 * a reason of core/base/reasons.def becomes its sentence; so does each item of
 * `errors` that names a rule:
 *
 *	{"errors": [{"pointer": "/amount", "code": "max_value", "params": {"max": "9.50"}}], …}
 *
 * An item that has a `detail` of its own keeps it. Parameters are not shown.
 */
#ifndef CGISHOP_JSON_REFUSAL_H
#define CGISHOP_JSON_REFUSAL_H

#include "core/base/problem.h"

/*
 * Fill err->detail and err->members from the message, and from detail: text of
 * a JSON object, or empty. Malformed text leaves no members.
 */
void refusal_read(struct arena *a, struct str message, struct str detail, struct error *err);
/* A list of such items, as clients see them. */
struct json;
struct json_out;
void refusal_write_errors(struct arena *a, const struct json *errors, struct json_out *o);

#endif

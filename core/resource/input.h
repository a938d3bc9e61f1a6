/* From a body to values. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_INPUT_H
#define CGISHOP_RESOURCE_INPUT_H

#include "core/resource/resource.h"

/*
 * Parse and check text, a JSON body, for the resource; all errors are added to
 * cx->error. *out is filled even with PROBLEM_VALIDATION.
 */
NODISCARD enum problem input_read(struct context *cx, const struct resource *r, enum write_kind kind, struct str text,
				  struct values *out);
/*
 * Read-only fields that were sent must equal the row at id as the caller sees it: the response to a GET can be sent
 * back. One statement if there are any. Returns cx->error's problem, or NOT_FOUND.
 */
NODISCARD enum problem input_check_kept(struct context *cx, const struct values *v, struct str id);
/*
 * Referenced rows must exist and not be deleted, unless the row at id (empty for a new row) already refers to them; one
 * statement for all.
 */
NODISCARD enum problem input_check_refs(struct context *cx, const struct values *v, struct str id);
/*
 * A row that staff insert must be of a store that they work in: 403. Before it is written, as a conflict would tell
 * what another store has. One statement, for staff.
 */
NODISCARD enum problem input_check_store(struct context *cx, const struct values *v);
/* A new slug for a derived one that was taken meanwhile. */
void input_rederive_slug(struct context *cx, struct values *v);

/* Does a sent value equal the current one: members in any order, numbers by value? */
bool input_is_same(struct arena *a, const struct json *sent, const struct json *is);

#endif

/* From a body to values. Shared by the files of core/resource alone. */
#ifndef CGISHOP_RESOURCE_INPUT_H
#define CGISHOP_RESOURCE_INPUT_H

#include "core/resource/resource.h"

/*
 * Parse and check text, a JSON body, for the resource; all broken rules at once
 * in cx->error, behind those that stand there already. *out is filled with
 * PROBLEM_VALIDATION too.
 */
NODISCARD enum problem input_read(struct context *cx, const struct resource *r, enum write_kind kind, struct str text,
				  struct values *out);
/*
 * Of what cannot be written, what was sent must be what the row at id has, as the caller sees it: what GET gave can be
 * sent back. One statement where there is any. Gives cx->error's problem, or NOT_FOUND.
 */
NODISCARD enum problem input_check_kept(struct context *cx, const struct values *v, struct str id);
/*
 * What is referred to must exist and not be deleted, unless the row at id, which is empty for a new one, refers to it
 * already; one statement for all of it.
 */
NODISCARD enum problem input_check_refs(struct context *cx, const struct values *v, struct str id);
/* Another slug for a derived one that was taken in the meantime. */
void input_rederive_slug(struct context *cx, struct values *v);

/* Is a value that was sent what is: members in any order, numbers by their value? */
bool input_is_same(struct arena *a, const struct json *sent, const struct json *is);

#endif

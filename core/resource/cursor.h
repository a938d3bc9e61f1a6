/*
 * Cursors of keyset pagination: the end of a page, signed, so that a client can
 * neither forge one nor use it for another list.
 *
 *	base64url( MAC | netstrings: direction, ordering, value, …, id )
 */
#ifndef CGISHOP_RESOURCE_CURSOR_H
#define CGISHOP_RESOURCE_CURSOR_H

#include "core/base/limits.h"
#include "core/base/str.h"

struct arena;

struct cursor {
	bool backwards;                           /* towards the start of the list */
	struct str ordering;                      /* canonical: "-price,name" */
	struct str values[ORDERING_KEYS_MAX + 1]; /* of the ordering's keys and the id, as text */
	size_t values_n;
};

/* list: the resource's name; part of the MAC. */
struct str cursor_encode(struct arena *a, struct str secret, const char *list, const struct cursor *c);
/* False: not made by cursor_encode with this secret for this list. */
NODISCARD bool cursor_decode(struct arena *a, struct str secret, const char *list, struct str text, struct cursor *c);

#endif

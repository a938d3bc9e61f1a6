/* Which row has a value that must be unique. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_TAKEN_H
#define CGISHOP_RESOURCE_TAKEN_H

#include "core/resource/resource.h"

/*
 * After a write that was undone: if cx->error is a conflict with a row that the caller may write, name it in the error
 * (error_item.existing). `id` is the row that was to be changed, empty for a new one. Two statements, only then; if
 * they fail the error stays as it is.
 */
void taken_find(struct context *cx, const struct values *v, struct str id);

#endif

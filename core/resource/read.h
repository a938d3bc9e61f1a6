/* Private to core/resource. */
#ifndef CGISHOP_RESOURCE_READ_H
#define CGISHOP_RESOURCE_READ_H

#include "core/base/buf.h"
#include "core/http/request.h"
#include "core/resource/compose.h"
#include "core/resource/resource.h"

/* Rows that only their owner may see are FORBIDDEN to staff, as long as they are signed in as staff. */
NODISCARD enum problem resource_may_read(struct context *cx, const struct resource *r);
/* Is it include=deleted, from a caller who may use it, or of a list with list_flat include=variants, or both? */
bool resource_may_include(const struct context *cx, const struct resource *r, struct query_param p, bool is_list);
/* Does the caller request a list with list_flat? */
bool request_is_flat(const struct context *cx);
/* Does the caller request deleted rows too, and may? */
enum deleted_rows request_deleted_rows(const struct context *cx);
/*
 * The JSON of one row as the caller sees it, appended to out; NOT_FOUND if the caller must not know of it. One
 * statement.
 */
NODISCARD enum problem resource_represent(struct context *cx, const struct resource *r, struct str id,
					  enum deleted_rows deleted, struct buf *out);

#endif

/* Fields: finding them. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_FIELD_H
#define CGISHOP_RESOURCE_FIELD_H

#include "core/resource/resource.h"

/* The number of fields of a resource, including the base model's; the i-th: the id first, then its own. */
size_t resource_fields_n(const struct resource *r);
const struct field *resource_field(const struct resource *r, size_t i);
/* Not one of the base model that the resource has a field of the same name for. */
bool resource_shows_field(const struct resource *r, size_t i);

/* The rules of what clients send for it. */
const struct member *field_member(const struct field *f);
const char *field_column(const struct field *f);
/* The PostgreSQL type to which its text is cast. */
const char *field_sql_type(const struct field *f);

#endif

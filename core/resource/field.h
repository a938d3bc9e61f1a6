/* Fields: finding them, checking their values. Private to core/resource. */
#ifndef CGISHOP_RESOURCE_FIELD_H
#define CGISHOP_RESOURCE_FIELD_H

#include "core/resource/resource.h"

/* The number of fields of a resource, including the base model's; the i-th: the id first, then its own. */
size_t resource_fields_n(const struct resource *r);
const struct field *resource_field(const struct resource *r, size_t i);
/* By its JSON name; NULL: unknown. */
const struct field *resource_find_field(const struct resource *r, struct str name);

const char *field_column(const struct field *f);
/* The PostgreSQL type to which its text is cast. */
const char *field_sql_type(const struct field *f);

/* A broken rule; code NULL: none. */
struct field_fault {
	const char *code;
	struct str detail;
	struct str below; /* the position in the value: "/1"; empty: the whole */
};

/*
 * Check a text for the field; *out is what to bind, in canonical form: without outer white space, codes in upper case.
 * country: as in text_to_mobile.
 */
struct field_fault field_accept_text(struct arena *a, const struct field *f, struct str s, struct str country,
				     struct str *out);
/*
 * Check a JSON value for the field, including null. For an optional field null is valid: *out is null (p == NULL) even
 * if the field is not nullable, and the caller substitutes the default.
 */
struct field_fault field_accept_json(struct arena *a, const struct field *f, const struct json *v, struct str country,
				     struct str *out);

#endif

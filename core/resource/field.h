/* Fields: finding them, checking values for them. Shared by the files of core/resource alone. */
#ifndef CGISHOP_RESOURCE_FIELD_H
#define CGISHOP_RESOURCE_FIELD_H

#include "core/resource/resource.h"

/* How many fields a resource has, the base model's included; the i-th of them: the id first, then its own. */
size_t resource_fields_n(const struct resource *r);
const struct field *resource_field(const struct resource *r, size_t i);
/* By its JSON name; NULL: there is none. */
const struct field *resource_find_field(const struct resource *r, struct str name);

const char *field_column(const struct field *f);
/* The PostgreSQL type that its text is cast to. */
const char *field_sql_type(const struct field *f);

/* A broken rule; code NULL: none. */
struct field_fault {
	const char *code;
	struct str detail;
	struct str below; /* where in the value: "/1"; empty: all of it */
};

/*
 * Check a text for the field; *out is what to bind, in its one form: without white space around it, codes in capitals.
 * country: as in text_to_mobile.
 */
struct field_fault field_accept_text(struct arena *a, const struct field *f, struct str s, struct str country,
				     struct str *out);
/*
 * Check a JSON value for the field, null included. For a field that may be left out null is no fault: *out is null
 * (p == NULL) where the field is nullable and where it is not, and who asked makes it what the field is without a
 * value.
 */
struct field_fault field_accept_json(struct arena *a, const struct field *f, const struct json *v, struct str country,
				     struct str *out);

#endif

/*
 * Reading a JSON body by a table, reporting all errors at once.
 *
 *	enum { NAME, QUANTITY, FIELDS_N };
 *	static const struct body_field fields[] = {
 *		[NAME] = { .name = "name", .type = FIELD_TEXT, .required = true, .chars_max = 255 },
 *		[QUANTITY] = { .name = "quantity", .type = FIELD_INTEGER, .min = 1, .max = 10000 },
 *	};
 *	struct body_value v[FIELDS_N];
 *
 *	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
 *
 * Values are in v by the same indexes. Nested objects, and those in an array, are read with body_read and tables of
 * their own; all errors are collected in the same struct error.
 */
#ifndef CGISHOP_JSON_BODY_H
#define CGISHOP_JSON_BODY_H

#include "core/json/member.h"

enum body_access {
	BODY_WRITABLE,
	BODY_READ_ONLY, /* clients see it but cannot write it */
	BODY_KEPT,      /* not written: body_refuse_changed() compares it with the current value */
	BODY_IGNORED,   /* a member of data read elsewhere, ignored here */
};

struct body_field {
	struct member; /* name, type, what clients may send */
	enum body_access access;
	const char *country; /* of FIELD_MOBILE: numbers of this country may omit its code; NULL: none */
};

/* What was sent for a field. A merge patch distinguishes ABSENT (keep) from NULL (clear). */
struct body_value {
	enum { BODY_ABSENT, BODY_NULL, BODY_GIVEN } state;
	/* If given, by type; the others are zero. Text is followed by a NUL. */
	struct str text;
	int64_t integer;
	bool boolean;
	const struct json *json; /* as sent, for every type */
};

/*
 * Parse text, which must be one object, and read it. PROBLEM_BAD_JSON, or
 * PROBLEM_VALIDATION with every broken rule in *err. Without fields, fields and
 * values may be NULL: the object must be empty.
 */
NODISCARD enum problem body_parse(struct arena *a, struct str text, const struct body_field *fields, size_t fields_n,
				  struct body_value *values, struct error *err);
/* The same for an object made by others, such as a provider's page: unknown members are ignored. */
NODISCARD enum problem body_parse_foreign(struct arena *a, struct str text, const struct body_field *fields,
					  size_t fields_n, struct body_value *values, struct error *err);
/*
 * The same for an optional body: an empty text leaves every field absent, even
 * required ones. Without fields (0, and NULL for both arrays) the body must be
 * empty or {}.
 */
NODISCARD enum problem body_parse_optional(struct arena *a, struct str text, const struct body_field *fields,
					   size_t fields_n, struct body_value *values, struct error *err);
/*
 * Read a value that must be an object, at pointer (RFC 6901; "" for the whole
 * body). Returns err->problem, which may be an earlier one.
 */
enum problem body_read(struct arena *a, const struct json *object, struct str pointer, const struct body_field *fields,
		       size_t fields_n, struct body_value *values, struct error *err);
/*
 * Fields of BODY_KEPT may be sent unchanged, so that the response to a GET can be sent back; changed ones are
 * read_only.
 */
NODISCARD enum problem body_refuse_changed(struct arena *a, struct str is, const struct body_field *fields,
					   size_t fields_n, const struct body_value *values, struct error *err);
/* The pointer to a member, or to item i, of the value at pointer. */
struct str body_pointer(struct arena *a, struct str pointer, struct str member);
struct str body_pointer_item(struct arena *a, struct str pointer, size_t i);

#endif

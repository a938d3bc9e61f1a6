/*
 * Reading a JSON body by a table, reporting all errors at once.
 *
 *	enum { NAME, QUANTITY, FIELDS_N };
 *	static const struct body_field fields[] = {
 *		[NAME] = { MEMBER("name", FIELD_TEXT), .required = true, .chars_max = 255 },
 *		[QUANTITY] = { MEMBER("quantity", FIELD_INTEGER), .min = 1, .max = 10000 },
 *	};
 *	static const struct body body = { fields, FIELDS_N };
 *	struct body_value v[FIELDS_N];
 *
 *	p = context_read_body(cx, &body, v);
 *
 * Values are in v by the same indexes. Nested objects, and those in an array, are read with body_read and tables of
 * their own; all errors are collected in the same struct error.
 */
#ifndef CGISHOP_JSON_BODY_H
#define CGISHOP_JSON_BODY_H

#include "core/base/json_out.h"
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
};

struct body {
	const struct body_field *fields; /* NULL: none, the object must be empty */
	size_t fields_n;
	bool optional; /* an empty text leaves every field absent, even required ones */
	bool foreign;  /* made by others, such as a provider's page: unknown members are ignored */
};

/* No body, or {}. */
extern const struct body body_none;
/* For descriptions only: members named by payment providers, known to core/gateway. */
extern const struct body body_of_provider;

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
 * Parse text, which must be one object, and read it; values may be NULL without fields. PROBLEM_BAD_JSON, or
 * PROBLEM_VALIDATION with every broken rule in *err. country: as in text_to_mobile.
 */
NODISCARD enum problem body_parse(struct arena *a, struct str text, const struct body *body, struct str country,
				  struct body_value *values, struct error *err);
/*
 * Read a value that must be an object, at pointer (RFC 6901; "" for the whole
 * body). Returns err->problem, which may be an earlier one.
 */
enum problem body_read(struct arena *a, const struct json *object, struct str pointer, const struct body *body,
		       struct str country, struct body_value *values, struct error *err);
/*
 * Fields of BODY_KEPT may be sent unchanged, so that the response to a GET can be sent back; changed ones are
 * read_only.
 */
NODISCARD enum problem body_refuse_changed(struct arena *a, struct str is, const struct body *body,
					   const struct body_value *values, struct error *err);
/* What was read, as members of the object that is open in *o: texts and lists in their canonical form, and nulls. */
void body_write(struct json_out *o, const struct body *body, const struct body_value *values);
/* Read the objects of an array, and write them as an array. Errors are added to *err. */
void body_write_array(struct arena *a, struct json_out *o, const struct json *array, struct str pointer,
		      const struct body *item, struct str country, struct error *err);
/* The same for a member of the whole body, as a member of the object that is open in *o; nothing if none was sent. */
void body_write_items(struct arena *a, struct json_out *o, const struct body_field *array,
		      const struct body_value *value, struct str country, struct error *err);
/* Write the members as an array, for --describe. */
void body_describe(const struct body *body, struct json_out *o);
/* The pointer to a member, or to item i, of the value at pointer. */
struct str body_pointer(struct arena *a, struct str pointer, struct str member);
struct str body_pointer_item(struct arena *a, struct str pointer, size_t i);

#endif

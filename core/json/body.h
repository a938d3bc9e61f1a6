/*
 * Reading a JSON body by a table, all its broken rules at once.
 *
 *	enum { NAME, QUANTITY, FIELDS_N };
 *	static const struct body_field fields[] = {
 *		[NAME] = { .name = "name", .kind = BODY_TEXT, .required = true, .chars_max = 255 },
 *		[QUANTITY] = { .name = "quantity", .kind = BODY_INTEGER, .min = 1, .max = 10000 },
 *	};
 *	struct body_value v[FIELDS_N];
 *
 *	p = body_parse(cx->arena, cx->request->body, fields, FIELDS_N, v, &cx->error);
 *
 * What is read lies in v by the same numbers. An object inside an object, or
 * each one in an array, is read by a table of its own with body_read, which
 * takes the pointer to it; errors add up in the same struct error. White space
 * around one line of text is dropped, but of a secret and a decimal number.
 *
 * Codes of the errors: unknown_field, read_only, required, null, wrong_type,
 * blank, min_length, max_length, min_value, max_value, min_items, max_items,
 * invalid (no e-mail address, no UUID, control characters …), invalid_choice.
 */
#ifndef CGISHOP_JSON_BODY_H
#define CGISHOP_JSON_BODY_H

#include "core/json/json.h"

enum body_kind {
	BODY_TEXT,    /* one line of up to chars_max characters; not empty unless may_be_blank */
	BODY_DECIMAL, /* the same, or a number: its text as it was sent, for who knows the digits that it may have */
	BODY_KEPT,    /* of any kind, and not written: body_refuse_changed() compares it with what it is */
	BODY_LINES,   /* the same, of any number of lines */
	BODY_SECRET,  /* one line of 1 to bytes_max bytes */
	BODY_EMAIL,   /* as text_is_email has it */
	BODY_MOBILE,  /* as text_to_mobile takes it in `country`; the value is E.164 */
	BODY_COUNTRY, /* as text_is_country has it; the value is in capitals */
	BODY_UUID,    /* the value is in lower case */
	BODY_CHOICE,  /* one of choices */
	BODY_INTEGER, /* min to max */
	BODY_BOOLEAN,
	BODY_OBJECT,    /* for body_read */
	BODY_ARRAY,     /* of items_min to items_max items, looked at by who asked */
	BODY_READ_ONLY, /* a name that clients see and may not write */
	BODY_IGNORED,   /* a name that may come with what is read elsewhere and says nothing here */
};

struct body_field {
	const char *name;
	enum body_kind kind;
	bool required;
	bool may_be_null; /* else null is an error where it is required, and as if it were left out elsewhere */
	bool may_be_blank;
	size_t chars_max;
	size_t bytes_max;
	int64_t min, max;
	size_t items_min, items_max;
	const char *const *choices; /* ends with NULL */
	const char *country;        /* whose numbers are understood without its code; NULL: none's */
};

/* What was sent for a field. A merge patch tells ABSENT (leave it) from NULL (clear it). */
struct body_value {
	enum { BODY_ABSENT, BODY_NULL, BODY_GIVEN } state;
	/* When given, by kind; the others are zero. Text is NUL-terminated behind its end. */
	struct str text;
	int64_t integer;
	bool boolean;
	const struct json *json; /* as it came, for every kind */
};

/*
 * Parse text, which must be one object, and read it. PROBLEM_BAD_JSON, or
 * PROBLEM_VALIDATION with every broken rule in *err. With no fields, fields and
 * values may be NULL: nothing may be in it.
 */
NODISCARD enum problem body_parse(struct arena *a, struct str text, const struct body_field *fields, size_t fields_n,
				  struct body_value *values, struct error *err);
/* The same of an object that somebody else's program made, as a provider's page: members without a field are passed
 * over. */
NODISCARD enum problem body_parse_foreign(struct arena *a, struct str text, const struct body_field *fields,
					  size_t fields_n, struct body_value *values, struct error *err);
/*
 * The same of a body that may be left out: an empty text leaves every field
 * absent, the required ones too. Without any field (0, and NULL for both
 * arrays) it is a body that says nothing: none, or {}.
 */
NODISCARD enum problem body_parse_optional(struct arena *a, struct str text, const struct body_field *fields,
					   size_t fields_n, struct body_value *values, struct error *err);
/*
 * Read a value that must be an object and is found at pointer (RFC 6901; ""
 * for the whole body). Gives err->problem: also one that was noted before.
 */
enum problem body_read(struct arena *a, const struct json *object, struct str pointer, const struct body_field *fields,
		       size_t fields_n, struct body_value *values, struct error *err);
/* Fields of BODY_KEPT may be sent as they are, so that what GET gave can be sent back; others are read_only. */
NODISCARD enum problem body_refuse_changed(struct arena *a, struct str is, const struct body_field *fields,
					   size_t fields_n, const struct body_value *values, struct error *err);
/* The pointer to a member, or to item i, of what is at pointer. */
struct str body_pointer(struct arena *a, struct str pointer, struct str member);
struct str body_pointer_item(struct arena *a, struct str pointer, size_t i);

#endif

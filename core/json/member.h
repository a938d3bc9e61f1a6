/*
 * The rules of a member of a JSON object that clients send: one table of types
 * and one function that accepts a value, for every body and query parameter.
 */
#ifndef CGISHOP_JSON_MEMBER_H
#define CGISHOP_JSON_MEMBER_H

#include "core/json/json.h"

struct body;
struct json_out;

enum field_type {
	FIELD_TEXT,      /* one line; chars_max */
	FIELD_LONG_TEXT, /* may have line breaks; chars_max */
	FIELD_SLUG,
	FIELD_EMAIL,  /* in lower case */
	FIELD_MOBILE, /* E.164, without spaces */
	FIELD_URL,
	FIELD_CURRENCY,  /* ISO 4217, in capital letters */
	FIELD_COUNTRY,   /* ISO 3166-1 alpha-2, in capital letters */
	FIELD_COUNTRIES, /* a JSON array of distinct ones; a filter tests whether one is in it, or it is empty */
	FIELD_EMAILS,    /* a JSON array of distinct addresses; items_max */
	FIELD_TEXTS,  /* a JSON array of distinct lines; chars_max of each, items_max; a filter tests whether one is in
			 it */
	FIELD_UUIDS,  /* a JSON array of distinct ids; items_max */
	FIELD_SKU,    /* one line without any invisible character; chars_max; filters ignore case */
	FIELD_GTIN,   /* a barcode's number: its digits */
	FIELD_CODE,   /* typed by people: visible ASCII; chars_max; filters ignore case */
	FIELD_CHOICE, /* one of choices; any case is accepted, stored as in choices */
	FIELD_TIMEZONE, /* a name that PostgreSQL knows; only its form is checked here */
	FIELD_BOOL,
	FIELD_INTEGER,  /* min … max */
	FIELD_DECIMAL,  /* a JSON string, or a number as it was sent; digits, decimals; min … max */
	FIELD_TIME,     /* RFC 3339 */
	FIELD_DATE,     /* a day: 2026-01-31 */
	FIELD_UUID,     /* in lower case */
	FIELD_REF,      /* the id of another record */
	FIELD_OBJECT,   /* a JSON object; bytes_max */
	FIELD_JSON,     /* JSON made by the database, read only */
	FIELD_PASSWORD, /* written, never read: one line of 1 to bytes_max bytes, or what `check` accepts */
	FIELD_MEMBERS,  /* an object whose members have a table of their own */
	FIELD_ARRAY,    /* objects whose members have a table of their own; items_min … items_max */
};

struct member {
	const char *name; /* in JSON */
	enum field_type type;
	bool required;
	bool nullable;  /* null is a value; else it means absent, and is an error if required */
	bool or_id;     /* FIELD_MEMBERS: the id of a saved object is a value too */
	bool or_texts;  /* FIELD_ARRAY: an object of at most items_max texts of chars_max is a value too */
	bool or_path;   /* FIELD_URL: a path is a value too, of which its reader makes a URL: text_url_below() */
	bool not_blank; /* an optional text that may not be blank; a required one never is */
	uint32_t chars_max, bytes_max;
	uint32_t items_min, items_max;
	int64_t min, max;           /* both 0: no bounds but the type's */
	uint8_t digits, decimals;   /* as in numeric(digits, decimals) */
	const char *const *choices; /* of FIELD_CHOICE; ends with NULL */
	const struct body *members; /* of FIELD_MEMBERS and FIELD_OBJECT; of each item of FIELD_ARRAY; NULL: any */
	/* Of FIELD_PASSWORD, instead of its own rule; or NULL. */
	struct fault (*check)(struct str s);
	const char *doc;
};

/* The beginning of a row of a table: { MEMBER("name", FIELD_TEXT), .chars_max = 255 }. */
#define MEMBER(name_, type_) .name = name_, .type = type_
/* Of FIELD_DECIMAL: an amount is a numeric(14, 3), a rate a numeric(6, 3). */
#define MONEY .digits = 14, .decimals = 3
#define PERCENT .digits = 6, .decimals = 3, .max = 100

/*
 * Accept a JSON value, including null. *out is its text in canonical form: without outer white space, texts in
 * Unicode's composed form, e-mail addresses and ids in lower case; the JSON text of objects and of lists; null (p ==
 * NULL) for null, FIELD_MEMBERS that is no id, and FIELD_ARRAY that is an array, and after some faults. country: as in
 * text_to_mobile.
 */
struct fault member_accept(struct arena *a, const struct member *m, const struct json *v, struct str country,
			   struct str *out);
/* The same for a value sent as text, such as a query parameter. */
struct fault member_accept_text(struct arena *a, const struct member *m, struct str s, struct str country,
				struct str *out);
/* Write the rules as members of the object that is open in *o, for --describe. */
void member_describe(const struct member *m, struct json_out *o);
/* Is a value of the type, as member_accept() brings it out, the JSON text of an array? */
bool member_is_list(enum field_type type);
/* A value of another kind than expected. */
struct fault fault_wrong_type(enum json_kind expected, enum json_kind actual);

#endif

/*
 * What the body of an answer is made of, for what the engine's tables do not describe: --describe prints it, and every
 * answer of the e2e tests is compared with it (tests/contract/answers.js). Nothing is checked at run time.
 *
 *	static const struct shape_member brief_members[] = {
 *		{ "id", SHAPE_UUID, .doc = "Of the invoice." },
 *		{ "number", SHAPE_TEXT },
 *	};
 *	static const struct shape brief = SHAPE("invoice_brief", brief_members);
 */
#ifndef CGISHOP_HTTP_SHAPE_H
#define CGISHOP_HTTP_SHAPE_H

#include "core/base/caller.h"

struct json_out;

enum shape_type {
	SHAPE_TEXT,
	SHAPE_UUID,
	SHAPE_DECIMAL, /* digits in a string */
	SHAPE_INTEGER,
	SHAPE_BOOLEAN,
	SHAPE_TIME, /* RFC 3339, in UTC */
	SHAPE_DATE,
	SHAPE_URL,
	SHAPE_OBJECT, /* of the shape `of`; without one the members are not described */
	SHAPE_LIST,   /* of objects of the shape `of`; without one of texts */
	SHAPE_ANY,
};

struct shape_member {
	const char *name;
	enum shape_type type;
	const struct shape *of;
	const char *of_name; /* the same of a shape that another program describes */
	bool nullable;
	bool optional;              /* not in every response: see doc */
	enum role read;             /* the lowest role that sees it; 0: every receiver */
	const char *const *choices; /* of a text; ends with NULL */
	const char *doc;            /* NULL: the name is enough */
};

struct shape {
	const char *name; /* "order"; one shape has one name in all programs */
	const struct shape_member *members;
	size_t n;
};
#define SHAPE(shape_name, table)                                                \
	{                                                                       \
		.name = (shape_name), .members = (table), .n = ARRAY_LEN(table) \
	}

/* What staff see of the base model besides id and times. */
#define STAFF_MEMBERS                                                                                             \
	{ "created_by", SHAPE_UUID, .nullable = true, .read = STAFF },                                            \
		{ "modified_by", SHAPE_UUID, .nullable = true, .read = STAFF },                                   \
		{ "is_deleted", SHAPE_BOOLEAN, .read = STAFF }, { "is_suspended", SHAPE_BOOLEAN, .read = STAFF }, \
		{ "active_from", SHAPE_TIME, .nullable = true, .read = STAFF },                                   \
	{                                                                                                         \
		"active_to", SHAPE_TIME, .nullable = true, .read = STAFF                                          \
	}

/* A problem: what error_write() in core/base/problem.c writes. */
extern const struct shape problem_shape;

/* What a route answers when it succeeds. */
enum answer {
	ANSWER_BY_HANDLER, /* of the engine's handlers: what they give of the route's resource */
	ANSWER_NOTHING,    /* 204, or no body */
	ANSWER_OBJECT,     /* of the route's shape, or, without one, of its resource */
	ANSWER_PAGE,       /* a list: {count, next, previous, results}, each of the results like an object */
	ANSWER_FILE,       /* no JSON: its media type is the route's */
};

/* {"name": …, "members": […]}, with the shapes that it is made of inside; null for NULL. */
void shape_describe(const struct shape *shape, struct json_out *o);

#endif

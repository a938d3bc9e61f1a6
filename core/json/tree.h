/*
 * How a parsed value looks inside this module.
 */
#ifndef CGISHOP_JSON_TREE_H
#define CGISHOP_JSON_TREE_H

#include "core/json/json.h"

/*
 * json-c's tree with what it lacks: a null that is a value, numbers as they
 * were sent, members by their index. Strings and names stay where json-c has them.
 */
struct json {
	enum json_kind kind;
	bool truth;
	size_t count;
	union {
		struct str text;
		const struct json *items;
		const struct json_member *members;
	};
};

#endif

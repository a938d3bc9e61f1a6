/*
 * The structure of a parsed value, for this module.
 */
#ifndef CGISHOP_JSON_TREE_H
#define CGISHOP_JSON_TREE_H

#include "core/json/json.h"

/*
 * json-c's tree with what it lacks: a null that is a value, numbers as sent,
 * members by index. Strings and names stay in json-c's memory.
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

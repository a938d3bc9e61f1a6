/*
 * Print what a simple filter of jq finds in a JSON document, as `jq -r` does.
 *
 *	pick filter <document
 *
 * The tests ask thousands of times, and jq 1.6 works for twenty milliseconds
 * before it looks at its input. Filters are understood that have one of these
 * forms, where a path is like .user.name, .results[0].id or .results[].id:
 *
 *	PATH
 *	PATH // ""
 *	PATH | length
 *	PATH | join("…")
 *	[PATH, PATH] | join("…")
 *	[.errors[] | .pointer + " " + .code] | sort | join(", ")
 *
 * Ends with 0 when all is printed. Ends with 3, having printed nothing, when the
 * filter has another form or meets what is not a text, a whole number, true,
 * false or null: then the answer is for jq to give.
 */
#include "core/base/banned.h"

#include <ctype.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <unistd.h>

enum {
	DOCUMENT_BYTES_MAX = 1024 * 1024,
	OUTPUT_BYTES_MAX = 8 * 1024 * 1024,
	FILTER_BYTES_MAX = 256,
	NAME_BYTES_MAX = 64,
	VALUES_MAX = 10000
};
enum { NOT_FOR_US = 3 };

#define ERRORS "[.errors[] | .pointer + \" \" + .code] | sort | join(\", \")"

struct values {
	struct json_object *of[VALUES_MAX];
	size_t n;
};

static _Noreturn void leave_it_to_jq(void)
{
	_exit(NOT_FOR_US); /* without what has been printed so far */
}

static struct json_object *read_document(void)
{
	static char text[DOCUMENT_BYTES_MAX];
	size_t n = fread(text, 1, sizeof(text), stdin);
	struct json_tokener *tokener = json_tokener_new();
	struct json_object *document;
	size_t end;

	/* Halves of surrogate pairs are taken for what they are by jq alone. */
	if (!tokener || n == sizeof(text) || memmem(text, n, "\\ud", 3) || memmem(text, n, "\\uD", 3))
		leave_it_to_jq();
	json_tokener_set_flags(tokener,
			       JSON_TOKENER_STRICT | JSON_TOKENER_VALIDATE_UTF8 | JSON_TOKENER_ALLOW_TRAILING_CHARS);
	document = json_tokener_parse_ex(tokener, text, (int)n);
	if (json_tokener_get_error(tokener) != json_tokener_success)
		leave_it_to_jq();
	for (end = json_tokener_get_parse_end(tokener); end < n; end++) {
		if (!isspace((unsigned char)text[end]))
			leave_it_to_jq();
	}
	return document;
}

/* Add what the path leads to from here. */
static void follow(struct values *found, struct json_object *at, const char *path)
{
	char name[NAME_BYTES_MAX];
	size_t i, n = 0;
	char *end;

	if (*path == '\0') {
		if (found->n == VALUES_MAX)
			leave_it_to_jq();
		found->of[found->n++] = at;
	} else if (strncmp(path, "[]", 2) == 0) {
		if (!json_object_is_type(at, json_type_array))
			leave_it_to_jq();
		for (i = 0; i < json_object_array_length(at); i++)
			follow(found, json_object_array_get_idx(at, i), path + 2);
	} else if (*path == '[' && isdigit((unsigned char)path[1])) {
		i = strtoul(path + 1, &end, 10);
		if (*end != ']' || (at && !json_object_is_type(at, json_type_array)))
			leave_it_to_jq();
		follow(found, at ? json_object_array_get_idx(at, i) : NULL, end + 1);
	} else if (*path == '.' && (isalpha((unsigned char)path[1]) || path[1] == '_')) {
		for (path++; isalnum((unsigned char)*path) || *path == '_'; path++) {
			if (n + 1 == sizeof(name))
				leave_it_to_jq();
			name[n++] = *path;
		}
		name[n] = '\0';
		if (at && !json_object_is_type(at, json_type_object))
			leave_it_to_jq();
		follow(found, at ? json_object_object_get(at, name) : NULL, path);
	} else {
		leave_it_to_jq();
	}
}

/* From the document: a path begins with the name of a member. */
static void find(struct values *found, struct json_object *document, const char *path)
{
	if (*path != '.')
		leave_it_to_jq();
	follow(found, document, path);
}

static void print(struct json_object *value)
{
	switch (json_object_get_type(value)) {
	case json_type_null:
		fputs("null", stdout);
		break;
	case json_type_boolean:
		fputs(json_object_get_boolean(value) ? "true" : "false", stdout);
		break;
	case json_type_int:
		/* jq reckons with doubles. */
		if (llabs(json_object_get_int64(value)) >= 1LL << 53)
			leave_it_to_jq();
		printf("%lld", (long long)json_object_get_int64(value));
		break;
	case json_type_string:
		fwrite(json_object_get_string(value), 1, (size_t)json_object_get_string_len(value), stdout);
		break;
	case json_type_double:
	case json_type_object:
	case json_type_array:
	default:
		leave_it_to_jq();
	}
}

/* A null is nothing there. */
static void print_joined(const struct values *values, const char *between)
{
	size_t i;

	for (i = 0; i < values->n; i++) {
		if (i > 0)
			fputs(between, stdout);
		if (values->of[i])
			print(values->of[i]);
	}
	putchar('\n');
}

static const char *text_member(struct json_object *object, const char *name)
{
	struct json_object *member = json_object_object_get(object, name);

	if (!json_object_is_type(member, json_type_string) || json_object_get_string_len(member) >= FILTER_BYTES_MAX)
		leave_it_to_jq();
	return json_object_get_string(member);
}

static int in_order(const void *a, const void *b)
{
	return strcmp(json_object_get_string(*(struct json_object *const *)a),
		      json_object_get_string(*(struct json_object *const *)b));
}

static void print_errors(struct json_object *document, struct values *found)
{
	char line[2 * FILTER_BYTES_MAX];
	size_t i;

	find(found, document, ".errors[]");
	for (i = 0; i < found->n; i++) {
		if (!json_object_is_type(found->of[i], json_type_object))
			leave_it_to_jq();
		snprintf(line, sizeof(line), "%s %s", text_member(found->of[i], "pointer"),
			 text_member(found->of[i], "code"));
		found->of[i] = json_object_new_string(line);
	}
	qsort(found->of, found->n, sizeof(*found->of), in_order);
	print_joined(found, ", ");
}

/* Take ` | join("…")` off the end of the filter: what is between, or NULL. */
static char *take_join(char *filter)
{
	static const char join[] = " | join(\"";
	char *at = strstr(filter, join), *between, *end;

	if (!at)
		return NULL;
	between = at + sizeof(join) - 1;
	end = strchr(between, '"');
	if (!end || strcmp(end, "\")") != 0 || strchr(between, '\\'))
		leave_it_to_jq();
	*at = *end = '\0';
	return between;
}

/* Take the words off the end of the filter, if they are there. */
static bool take(char *filter, const char *words)
{
	size_t n = strlen(filter), words_n = strlen(words);

	if (n < words_n || strcmp(filter + n - words_n, words) != 0)
		return false;
	filter[n - words_n] = '\0';
	return true;
}

static void answer(struct json_object *document, char *filter, struct values *found)
{
	char *between = take_join(filter), *path, *rest;
	bool or_empty = !between && take(filter, " // \"\""),
	     length = !between && !or_empty && take(filter, " | length");
	size_t i;

	if (between && *filter == '[') {
		if (!take(filter, "]"))
			leave_it_to_jq();
		for (path = filter + 1; path; path = rest) {
			rest = strstr(path, ", ");
			if (rest) {
				*rest = '\0';
				rest += 2;
			}
			find(found, document, path);
		}
		print_joined(found, between);
		return;
	}
	find(found, document, filter);
	if ((between || length || or_empty) && found->n != 1)
		leave_it_to_jq();
	if ((between || length) && !json_object_is_type(found->of[0], json_type_array))
		leave_it_to_jq();
	if (between) {
		struct json_object *array = found->of[0];

		found->n = 0;
		follow(found, array, "[]");
		print_joined(found, between);
	} else if (length) {
		printf("%zu\n", json_object_array_length(found->of[0]));
	} else if (or_empty && (!found->of[0] || json_object_is_type(found->of[0], json_type_boolean))) {
		if (json_object_get_boolean(found->of[0]))
			leave_it_to_jq();
		putchar('\n');
	} else {
		for (i = 0; i < found->n; i++) {
			print(found->of[i]);
			putchar('\n');
		}
	}
}

int main(int argc, char **argv)
{
	static struct values found;
	static char output[OUTPUT_BYTES_MAX], filter[FILTER_BYTES_MAX];
	struct json_object *document;

	if (argc != 2 || strlen(argv[1]) >= sizeof(filter))
		leave_it_to_jq();
	/* Nothing leaves before it is known that all can be printed. */
	setvbuf(stdout, output, _IOFBF, sizeof(output));
	document = read_document();
	memcpy(filter, argv[1], strlen(argv[1]) + 1);
	if (strcmp(filter, ERRORS) == 0)
		print_errors(document, &found);
	else
		answer(document, filter, &found);
	return fflush(stdout) == 0 ? 0 : NOT_FOR_US;
}

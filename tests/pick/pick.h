/*
 * What the files of pick share: main.c says what it is for.
 *
 * Nothing is given back: the program lives for one question.
 */
#ifndef CGISHOP_TESTS_PICK_H
#define CGISHOP_TESTS_PICK_H

#include <json-c/json.h>
#include <stdbool.h>
#include <stddef.h>

enum node_kind {
	IDENTITY,
	LITERAL,  /* value */
	TEXT,     /* parts: what is between comes from left, the rest is in right */
	VARIABLE, /* name */
	FIELD,    /* left . name */
	INDEX,    /* left [ right ] */
	SLICE,    /* left [ from : to ], either of which may be absent */
	ITERATE,  /* left [] */
	ARRAY,    /* [ left ], which may be absent */
	OBJECT,   /* members, each a MEMBER with the next one in other */
	MEMBER,   /* left : right */
	CALL,     /* name(arguments) */
	PIPE,     /* left | right */
	AS,       /* left as $name | right */
	COMMA,
	ALTERNATIVE, /* left // right */
	ASSIGN,      /* left = right */
	UPDATE,      /* left |= right */
	OR,
	AND,
	COMPARE,    /* name is one of == != < <= > >= */
	ARITHMETIC, /* name is one of + - * / % */
	IF          /* if left then right else other end */
};

enum { ARGUMENTS_MAX = 4 };

struct node {
	enum node_kind kind;
	const char *name;
	struct json_object *value;
	struct node *left, *right, *other;
	struct node *arguments[ARGUMENTS_MAX];
	size_t arguments_n;
};

struct values {
	struct json_object **of;
	size_t n, room;
};

struct variable {
	const char *name;
	struct json_object *value;
	const struct variable *next;
};

/* Let jq do the whole of it, with the input from its beginning. */
_Noreturn void leave_it_to_jq(void);

/* Memory that is zero. */
void *take(size_t n);

/* parse.c : the filter as a tree. */
struct node *parse_filter(const char *text);

/* eval.c : all that a filter makes of a value. */
struct values eval(const struct node *n, struct json_object *in, const struct variable *variables);

/* call.c : the functions of jq that are known here. */
struct values call(const struct node *n, struct json_object *in, const struct variable *variables);

/* value.c */
void add_value(struct values *values, struct json_object *value);
struct values only(struct json_object *value);
struct json_object *text_of(const char *p, size_t n);
bool is_true(struct json_object *value);
/* In jq's order: below zero, zero, above. Objects are equal or not: 1. */
int compare(struct json_object *a, struct json_object *b);
struct json_object *add(struct json_object *a, struct json_object *b);
struct json_object *subtract(struct json_object *a, struct json_object *b);
struct json_object *array_of(const struct values *values);
struct values values_of(struct json_object *array);
struct json_object *copy_of(struct json_object *value);
struct json_object *parse_json(const char *p, size_t n, size_t *used);
/* As jq writes it; with lines and spaces unless it shall be compact. */
struct json_object *json_text(struct json_object *value, bool compact);

#endif

/* The functions of jq that are known here. */
#include "tests/pick/pick.h"
#include "core/base/banned.h"

#include <regex.h>

struct question {
	const struct node *n;
	struct json_object *in;
	const struct variable *variables;
};

/* What the argument makes of the value: one value. */
static struct json_object *of_argument(const struct question *q, size_t i, struct json_object *in)
{
	struct values values = eval(q->n->arguments[i], in, q->variables);

	if (values.n != 1)
		leave_it_to_jq();
	return values.of[0];
}

static struct json_object *argument(const struct question *q)
{
	return of_argument(q, 0, q->in);
}

static const char *z(struct json_object *text)
{
	if (!json_object_is_type(text, json_type_string) ||
	    strlen(json_object_get_string(text)) != (size_t)json_object_get_string_len(text))
		leave_it_to_jq();
	return json_object_get_string(text);
}

static struct json_object *truth(bool is)
{
	return json_object_new_boolean(is);
}

static struct json_object *compact(struct json_object *value)
{
	return json_text(value, true);
}

static struct json_object *as_text(struct json_object *value)
{
	return json_object_is_type(value, json_type_string) ? value : compact(value);
}

static struct values length(const struct question *q)
{
	size_t n = 0;
	const char *p;

	if (json_object_is_type(q->in, json_type_string))
		for (p = z(q->in); *p; p++)
			n += (*p & 0xc0) != 0x80;
	else if (json_object_is_type(q->in, json_type_object))
		n = (size_t)json_object_object_length(q->in);
	else if (q->in)
		n = values_of(q->in).n;
	return only(json_object_new_int64((int64_t)n));
}

static struct values type(const struct question *q)
{
	static const char *const names[] = {
		[json_type_null] = "null",     [json_type_boolean] = "boolean", [json_type_double] = "number",
		[json_type_int] = "number",    [json_type_object] = "object",   [json_type_array] = "array",
		[json_type_string] = "string",
	};
	const char *name = names[json_object_get_type(q->in)];

	return only(text_of(name, strlen(name)));
}

static int in_order(const void *a, const void *b)
{
	return compare(*(struct json_object *const *)a, *(struct json_object *const *)b);
}

/* Pairs of a key and a value, in the order of the keys and, of equal ones, in that of the array. */
struct keyed {
	struct json_object *key, *value;
	size_t at;
};

static int in_order_of_keys(const void *a, const void *b)
{
	const struct keyed *x = a, *y = b;
	int order = compare(x->key, y->key);

	return order ? order : (x->at > y->at) - (x->at < y->at);
}

/* No objects, of which it is known only whether they are equal. */
static void need_order(struct json_object *value)
{
	struct values values;
	size_t i;

	if (json_object_is_type(value, json_type_object))
		leave_it_to_jq();
	if (!json_object_is_type(value, json_type_array))
		return;
	for (values = values_of(value), i = 0; i < values.n; i++)
		need_order(values.of[i]);
}

static struct keyed *sorted(const struct question *q, size_t *n)
{
	struct values values = values_of(q->in);
	struct keyed *all = take((values.n + 1) * sizeof(*all));
	size_t i;

	for (i = 0; i < values.n; i++) {
		all[i] = (struct keyed){ .key = values.of[i], .value = values.of[i], .at = i };
		if (q->n->arguments_n)
			all[i].key = of_argument(q, 0, values.of[i]);
		need_order(all[i].key);
	}
	qsort(all, values.n, sizeof(*all), in_order_of_keys);
	*n = values.n;
	return all;
}

static struct values sort(const struct question *q)
{
	struct values values = { 0 };
	size_t i, n;
	struct keyed *all = sorted(q, &n);

	for (i = 0; i < n; i++)
		add_value(&values, all[i].value);
	return only(array_of(&values));
}

static struct values unique(const struct question *q)
{
	struct values values = { 0 };
	size_t i, n;
	struct keyed *all = sorted(q, &n);

	for (i = 0; i < n; i++)
		if (i == 0 || compare(all[i - 1].key, all[i].key) != 0)
			add_value(&values, all[i].value);
	return only(array_of(&values));
}

static struct values group_by(const struct question *q)
{
	struct values groups = { 0 }, group = { 0 };
	size_t i, n;
	struct keyed *all = sorted(q, &n);

	for (i = 0; i < n; i++) {
		add_value(&group, all[i].value);
		if (i + 1 == n || compare(all[i].key, all[i + 1].key) != 0) {
			add_value(&groups, array_of(&group));
			group = (struct values){ 0 };
		}
	}
	return only(array_of(&groups));
}

static struct values end_of(const struct question *q, bool last)
{
	size_t n;
	struct keyed *all = sorted(q, &n);

	return only(n ? all[last ? n - 1 : 0].value : NULL);
}

static struct values min(const struct question *q)
{
	return end_of(q, false);
}

static struct values max(const struct question *q)
{
	return end_of(q, true);
}

static struct values keys_unsorted(const struct question *q)
{
	struct values names = { 0 };

	if (!json_object_is_type(q->in, json_type_object))
		leave_it_to_jq();
	json_object_object_foreach(q->in, name, member)
	{
		(void)member;
		add_value(&names, text_of(name, strlen(name)));
	}
	return only(array_of(&names));
}

static struct values keys(const struct question *q)
{
	struct values names = values_of(keys_unsorted(q).of[0]);

	if (names.n)
		qsort(names.of, names.n, sizeof(*names.of), in_order);
	return only(array_of(&names));
}

static struct values has(const struct question *q)
{
	if (!json_object_is_type(q->in, json_type_object))
		leave_it_to_jq();
	return only(truth(json_object_object_get_ex(q->in, z(argument(q)), NULL)));
}

/* del(.name, .name) */
static struct json_object *without(const struct node *path, struct json_object *in)
{
	struct json_object *copy;

	if (path->kind == COMMA)
		return without(path->right, without(path->left, in));
	if (path->kind != FIELD || path->left->kind != IDENTITY || !json_object_is_type(in, json_type_object))
		leave_it_to_jq();
	copy = copy_of(in);
	json_object_object_del(copy, path->name);
	return copy;
}

static struct values del(const struct question *q)
{
	return only(without(q->n->arguments[0], q->in));
}

static struct values map(const struct question *q)
{
	struct values from = values_of(q->in), all = { 0 }, part;
	size_t i, j;

	for (i = 0; i < from.n; i++)
		for (part = eval(q->n->arguments[0], from.of[i], q->variables), j = 0; j < part.n; j++)
			add_value(&all, part.of[j]);
	return only(array_of(&all));
}

static struct values select_if(const struct question *q)
{
	return is_true(argument(q)) ? only(q->in) : (struct values){ 0 };
}

/* Of all: is this so of one of them? With an argument: of what it makes of each. */
static struct values one_is(const struct question *q, bool so)
{
	struct values from = values_of(q->in);
	size_t i;

	for (i = 0; i < from.n; i++)
		if (is_true(q->n->arguments_n ? of_argument(q, 0, from.of[i]) : from.of[i]) == so)
			return only(truth(so));
	return only(truth(!so));
}

static struct values any(const struct question *q)
{
	return one_is(q, true);
}

static struct values all(const struct question *q)
{
	return one_is(q, false);
}

static struct values is_in(const struct question *q)
{
	struct values of = eval(q->n->arguments[0], q->in, q->variables);
	size_t i;

	for (i = 0; i < of.n; i++)
		if (compare(of.of[i], q->in) == 0)
			return only(truth(true));
	return only(truth(false));
}

static struct values index_of(const struct question *q)
{
	struct values from = values_of(q->in);
	struct json_object *wanted = argument(q);
	size_t i;

	if (json_object_is_type(wanted, json_type_array))
		leave_it_to_jq();
	for (i = 0; i < from.n; i++)
		if (compare(from.of[i], wanted) == 0)
			return only(json_object_new_int64((int64_t)i));
	return only(NULL);
}

/* A null is nothing there. */
static struct values join(const struct question *q)
{
	struct values from = values_of(q->in);
	struct json_object *between = argument(q), *joined = text_of("", 0);
	size_t i;

	z(between);
	for (i = 0; i < from.n; i++) {
		struct json_object *part = from.of[i];

		if (json_object_is_type(part, json_type_array) || json_object_is_type(part, json_type_object))
			leave_it_to_jq();
		joined = add(i ? add(joined, between) : joined, part ? as_text(part) : NULL);
	}
	return only(joined);
}

static struct values split(const struct question *q)
{
	const char *rest = z(q->in), *by = z(argument(q)), *end;
	struct values parts = { 0 };

	if (!*by || !*rest)
		leave_it_to_jq();
	for (; (end = strstr(rest, by)); rest = end + strlen(by))
		add_value(&parts, text_of(rest, (size_t)(end - rest)));
	add_value(&parts, text_of(rest, strlen(rest)));
	return only(array_of(&parts));
}

static struct values sum(const struct question *q)
{
	struct values from = values_of(q->in);
	struct json_object *all = NULL;
	size_t i;

	for (i = 0; i < from.n; i++)
		all = add(all, from.of[i]);
	return only(all);
}

static struct values contains(const struct question *q)
{
	return only(truth(strstr(z(q->in), z(argument(q)))));
}

static struct values startswith(const struct question *q)
{
	const char *with = z(argument(q));

	return only(truth(strncmp(z(q->in), with, strlen(with)) == 0));
}

/* Expressions that mean the same to jq and to POSIX. */
static struct values test(const struct question *q)
{
	const char *expression = z(argument(q)), *text = z(q->in);
	regex_t compiled;
	bool is;

	if (strspn(expression, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_/|^$[]{}-") !=
		    strlen(expression) ||
	    strchr(text, '\n') || regcomp(&compiled, expression, REG_EXTENDED | REG_NOSUB) != 0)
		leave_it_to_jq();
	is = regexec(&compiled, text, 0, NULL, 0) == 0;
	regfree(&compiled);
	return only(truth(is));
}

static struct values to_number(const struct question *q)
{
	const char *digits;

	if (json_object_is_type(q->in, json_type_int))
		return only(q->in);
	digits = z(q->in);
	if (strspn(digits, "0123456789") != strlen(digits) || !*digits || strlen(digits) > 15)
		leave_it_to_jq();
	return only(json_object_new_int64(strtoll(digits, NULL, 10)));
}

static struct values to_entries(const struct question *q)
{
	struct values entries = { 0 };

	if (!json_object_is_type(q->in, json_type_object))
		leave_it_to_jq();
	json_object_object_foreach(q->in, name, member)
	{
		struct json_object *entry = json_object_new_object();

		json_object_object_add(entry, "key", text_of(name, strlen(name)));
		json_object_object_add(entry, "value", json_object_get(member));
		add_value(&entries, entry);
	}
	return only(array_of(&entries));
}

static struct values reverse(const struct question *q)
{
	struct values from = values_of(q->in), back = { 0 };
	size_t i;

	for (i = from.n; i > 0; i--)
		add_value(&back, from.of[i - 1]);
	return only(array_of(&back));
}

static struct values tojson(const struct question *q)
{
	return only(compact(q->in));
}

static struct values to_text(const struct question *q)
{
	return only(as_text(q->in));
}

static struct values negated(const struct question *q)
{
	return only(truth(!is_true(q->in)));
}

static struct values empty(const struct question *q)
{
	(void)q;
	return (struct values){ 0 };
}

static const struct function {
	const char *name;
	size_t arguments_n;
	struct values (*answer)(const struct question *q);
} functions[] = {
	{ "length", 0, length },
	{ "type", 0, type },
	{ "sort", 0, sort },
	{ "sort_by", 1, sort },
	{ "unique", 0, unique },
	{ "unique_by", 1, unique },
	{ "group_by", 1, group_by },
	{ "min", 0, min },
	{ "max", 0, max },
	{ "keys", 0, keys },
	{ "has", 1, has },
	{ "keys_unsorted", 0, keys_unsorted },
	{ "del", 1, del },
	{ "map", 1, map },
	{ "select", 1, select_if },
	{ "any", 0, any },
	{ "any", 1, any },
	{ "all", 0, all },
	{ "all", 1, all },
	{ "IN", 1, is_in },
	{ "index", 1, index_of },
	{ "join", 1, join },
	{ "split", 1, split },
	{ "add", 0, sum },
	{ "contains", 1, contains },
	{ "startswith", 1, startswith },
	{ "test", 1, test },
	{ "tonumber", 0, to_number },
	{ "to_entries", 0, to_entries },
	{ "reverse", 0, reverse },
	{ "tojson", 0, tojson },
	{ "tostring", 0, to_text },
	{ "not", 0, negated },
	{ "empty", 0, empty },
};

struct values call(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct question q = { .n = n, .in = in, .variables = variables };
	size_t i;

	for (i = 0; i < sizeof(functions) / sizeof(*functions); i++)
		if (strcmp(functions[i].name, n->name) == 0 && functions[i].arguments_n == n->arguments_n)
			return functions[i].answer(&q);
	leave_it_to_jq();
}

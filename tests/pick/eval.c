/* What a filter makes of a value: a list of values. */
#include "tests/pick/pick.h"
#include "core/base/banned.h"

/* The only value; anything else is for jq, as it multiplies. */
static struct json_object *one(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct values values = eval(n, in, variables);

	if (values.n != 1)
		leave_it_to_jq();
	return values.of[0];
}

static struct json_object *variable(const char *name, const struct variable *variables)
{
	for (; variables; variables = variables->next)
		if (strcmp(variables->name, name) == 0)
			return variables->value;
	leave_it_to_jq();
}

static struct json_object *field(struct json_object *of, const char *name)
{
	if (of && !json_object_is_type(of, json_type_object))
		leave_it_to_jq();
	return of ? json_object_object_get(of, name) : NULL;
}

/* The place in the array; its length where that lies behind the end. */
static size_t place(struct json_object *array, struct json_object *index)
{
	int64_t i = json_object_get_int64(index), n = (int64_t)json_object_array_length(array);

	if (!json_object_is_type(index, json_type_int))
		leave_it_to_jq();
	i += i < 0 ? n : 0;
	return i < 0 || i > n ? (size_t)n : (size_t)i;
}

static struct json_object *element(struct json_object *of, struct json_object *index)
{
	if (json_object_is_type(index, json_type_string))
		return field(of, json_object_get_string(index));
	if (!of && json_object_is_type(index, json_type_int))
		return NULL;
	if (!json_object_is_type(of, json_type_array))
		leave_it_to_jq();
	return json_object_array_get_idx(of, place(of, index));
}

static struct values iterate(struct json_object *of)
{
	struct values values = { 0 };

	if (!json_object_is_type(of, json_type_object))
		return values_of(of);
	json_object_object_foreach(of, name, member)
	{
		(void)name;
		add_value(&values, member);
	}
	return values;
}

/* Of a text in ASCII, and of an array; bounds that do not count from the end. */
static struct json_object *slice(const struct node *n, struct json_object *of, struct json_object *in,
				 const struct variable *variables)
{
	bool is_text = json_object_is_type(of, json_type_string);
	size_t length = is_text ? (size_t)json_object_get_string_len(of) : values_of(of).n, i,
	       bounds[2] = { 0, length };
	const struct node *given[] = { n->right, n->other };
	struct values values = { 0 };

	for (i = 0; i < 2; i++) {
		struct json_object *bound = given[i] ? one(given[i], in, variables) : NULL;

		if (given[i] && (!json_object_is_type(bound, json_type_int) || json_object_get_int64(bound) < 0))
			leave_it_to_jq();
		if (given[i] && (size_t)json_object_get_int64(bound) < length)
			bounds[i] = (size_t)json_object_get_int64(bound);
		else if (given[i])
			bounds[i] = length;
	}
	if (bounds[0] > bounds[1])
		bounds[0] = bounds[1];
	for (i = 0; is_text && i < length; i++)
		if (json_object_get_string(of)[i] & 0x80)
			leave_it_to_jq();
	if (is_text)
		return text_of(json_object_get_string(of) + bounds[0], bounds[1] - bounds[0]);
	for (i = bounds[0]; i < bounds[1]; i++)
		add_value(&values, json_object_array_get_idx(of, i));
	return array_of(&values);
}

static struct json_object *object(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct json_object *made = json_object_new_object();
	const struct node *member;

	for (member = n->other; member; member = member->other) {
		struct json_object *key = one(member->left, in, variables);

		if (!json_object_is_type(key, json_type_string))
			leave_it_to_jq();
		json_object_object_add(made, json_object_get_string(key),
				       json_object_get(one(member->right, in, variables)));
	}
	return made;
}

static struct json_object *text(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct json_object *within = one(n->left, in, variables);

	if (!json_object_is_type(within, json_type_string))
		within = json_text(within, true);
	return add(add(n->value, within), one(n->right, in, variables));
}

static struct json_object *arithmetic(char sign, struct json_object *a, struct json_object *b)
{
	int64_t x = json_object_get_int64(a), y = json_object_get_int64(b);

	if (sign == '+')
		return add(a, b);
	if (sign == '-')
		return subtract(a, b);
	if (!json_object_is_type(a, json_type_int) || !json_object_is_type(b, json_type_int) || llabs(x) >= 1L << 30 ||
	    llabs(y) >= 1L << 30)
		leave_it_to_jq();
	if (sign == '*')
		return json_object_new_int64(x * y);
	if (x < 0 || y <= 0 || (sign == '/' && x % y != 0))
		leave_it_to_jq();
	return json_object_new_int64(sign == '/' ? x / y : x % y);
}

static bool holds(const char *sign, int order)
{
	switch (*sign) {
	case '=':
		return order == 0;
	case '!':
		return order != 0;
	case '<':
		return sign[1] ? order <= 0 : order < 0;
	default:
		return sign[1] ? order >= 0 : order > 0;
	}
}

static struct json_object *compared(const char *sign, struct json_object *a, struct json_object *b)
{
	/* Of objects it is known only whether they are equal. */
	if (strchr("<>", *sign) &&
	    (json_object_is_type(a, json_type_object) || json_object_is_type(a, json_type_array)))
		leave_it_to_jq();
	return json_object_new_boolean(holds(sign, compare(a, b)));
}

/*
 * A copy of the value in which what the path leads to is other: the value `to`, or what the filter makes of it.
 * Paths are made of names and places.
 */
static struct json_object *changed(const struct node *path, struct json_object *in, const struct node *filter,
				   struct json_object *to, const struct variable *variables)
{
	struct json_object *holder, *copy, *index;

	if (path->kind == IDENTITY)
		return filter ? one(filter, in, variables) : to;
	if (path->kind != FIELD && path->kind != INDEX)
		leave_it_to_jq();
	holder = one(path->left, in, variables);
	index = path->kind == FIELD ? text_of(path->name, strlen(path->name)) : one(path->right, in, variables);
	if (filter)
		to = one(filter, element(holder, index), variables);
	copy = copy_of(holder);
	if (json_object_is_type(index, json_type_string) && json_object_is_type(copy, json_type_object))
		json_object_object_add(copy, json_object_get_string(index), json_object_get(to));
	else if (json_object_is_type(copy, json_type_array) && place(copy, index) < json_object_array_length(copy))
		json_object_array_put_idx(copy, place(copy, index), json_object_get(to));
	else
		leave_it_to_jq();
	return changed(path->left, in, NULL, copy, variables);
}

static struct values assign(const struct node *n, struct json_object *in, const struct variable *variables)
{
	if (n->kind == UPDATE)
		return only(changed(n->left, in, n->right, NULL, variables));
	return only(changed(n->left, in, NULL, one(n->right, in, variables), variables));
}

static struct values pipe_through(const struct node *n, struct values from, const struct variable *variables,
				  struct json_object *in)
{
	struct values all = { 0 };
	size_t i, j;

	for (i = 0; i < from.n; i++) {
		struct variable bound = { .name = n->name, .value = from.of[i], .next = variables };
		struct values part = n->kind == AS ? eval(n->right, in, &bound) : eval(n->right, from.of[i], variables);

		for (j = 0; j < part.n; j++)
			add_value(&all, part.of[j]);
	}
	return all;
}

static struct values alternative(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct values first = eval(n->left, in, variables), kept = { 0 };
	size_t i;

	for (i = 0; i < first.n; i++)
		if (is_true(first.of[i]))
			add_value(&kept, first.of[i]);
	return kept.n ? kept : eval(n->right, in, variables);
}

static struct values comma(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct values all = eval(n->left, in, variables), rest = eval(n->right, in, variables);
	size_t i;

	for (i = 0; i < rest.n; i++)
		add_value(&all, rest.of[i]);
	return all;
}

/* What takes each value of what stands left. */
static struct values access(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct values from = eval(n->left, in, variables), all = { 0 }, part;
	size_t i, j;

	for (i = 0; i < from.n; i++) {
		if (n->kind == FIELD)
			add_value(&all, field(from.of[i], n->name));
		else if (n->kind == INDEX)
			add_value(&all, element(from.of[i], one(n->right, in, variables)));
		else if (n->kind == SLICE)
			add_value(&all, slice(n, from.of[i], in, variables));
		else
			for (part = iterate(from.of[i]), j = 0; j < part.n; j++)
				add_value(&all, part.of[j]);
	}
	return all;
}

static bool both_or_one(const struct node *n, struct json_object *in, const struct variable *variables)
{
	bool left = is_true(one(n->left, in, variables));

	if (left == (n->kind == OR))
		return left;
	return is_true(one(n->right, in, variables));
}

struct values eval(const struct node *n, struct json_object *in, const struct variable *variables)
{
	struct values values = { 0 };

	switch (n->kind) {
	case IDENTITY:
		return only(in);
	case LITERAL:
		return only(n->value);
	case TEXT:
		return only(text(n, in, variables));
	case VARIABLE:
		return only(variable(n->name, variables));
	case FIELD:
	case INDEX:
	case SLICE:
	case ITERATE:
		return access(n, in, variables);
	case ARRAY:
		if (n->left)
			values = eval(n->left, in, variables);
		return only(array_of(&values));
	case OBJECT:
		return only(object(n, in, variables));
	case CALL:
		return call(n, in, variables);
	case PIPE:
	case AS:
		return pipe_through(n, eval(n->left, in, variables), variables, in);
	case COMMA:
		return comma(n, in, variables);
	case ALTERNATIVE:
		return alternative(n, in, variables);
	case ASSIGN:
	case UPDATE:
		return assign(n, in, variables);
	case OR:
	case AND:
		return only(json_object_new_boolean(both_or_one(n, in, variables)));
	case COMPARE:
		return only(compared(n->name, one(n->left, in, variables), one(n->right, in, variables)));
	case ARITHMETIC:
		return only(arithmetic(*n->name, one(n->left, in, variables), one(n->right, in, variables)));
	case IF:
		return eval(is_true(one(n->left, in, variables)) ? n->right : n->other, in, variables);
	case MEMBER:
	default:
		leave_it_to_jq();
	}
}

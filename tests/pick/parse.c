/* The grammar of jq's filters, as far as the tests use it. */
#include "tests/pick/pick.h"
#include "core/base/banned.h"

#include <ctype.h>

/* What is not read yet. */
static const char *at;

static struct node *parse_pipe(void);

static struct node *node(enum node_kind kind, struct node *left, struct node *right)
{
	struct node *n = take(sizeof(*n));

	*n = (struct node){ .kind = kind, .left = left, .right = right };
	return n;
}

static void skip_space(void)
{
	at += strspn(at, " \t\r\n");
	if (*at == '#')
		leave_it_to_jq();
}

static size_t word_bytes(const char *p)
{
	size_t n = 0;

	if (isalpha((unsigned char)*p) || *p == '_')
		while (isalnum((unsigned char)p[n]) || p[n] == '_')
			n++;
	return n;
}

/* Is the next token this one? Then it is read. */
static bool accept(const char *token)
{
	size_t n = strlen(token);

	skip_space();
	if (strncmp(at, token, n) != 0 || (isalpha((unsigned char)*token) && word_bytes(at) != n))
		return false;
	at += n;
	return true;
}

/* An operator, and not the beginning of a longer one. */
static bool accept_operator(const char *token)
{
	const char *begin;

	skip_space();
	begin = at;
	if (!accept(token))
		return false;
	if (*at && strchr("=/", *at))
		at = begin;
	return at != begin;
}

static void expect(const char *token)
{
	if (!accept(token))
		leave_it_to_jq();
}

static const char *parse_name(void)
{
	size_t n = word_bytes(at);
	const char *name = strndup(at, n);

	if (n == 0 || !name)
		leave_it_to_jq();
	at += n;
	return name;
}

static struct node *literal(struct json_object *value)
{
	struct node *n = node(LITERAL, NULL, NULL);

	n->value = value;
	return n;
}

/* After the quotation mark: pieces of text, and \(filters) between them. */
static struct node *parse_text(void)
{
	static const char letters[] = "\"\\/bfnrt", meant[] = "\"\\/\b\f\n\r\t";
	char *piece = take(strlen(at) + 1);
	size_t n = 0;

	for (; *at != '"'; at++) {
		const char *letter;
		struct node *all;

		if (*at == '\0')
			leave_it_to_jq();
		if (*at != '\\') {
			piece[n++] = *at;
			continue;
		}
		at++;
		if (*at == '(') {
			at++;
			all = node(TEXT, parse_pipe(), NULL);
			expect(")");
			all->value = text_of(piece, n);
			all->right = parse_text();
			return all;
		}
		letter = *at ? strchr(letters, *at) : NULL;
		if (!letter)
			leave_it_to_jq();
		piece[n++] = meant[letter - letters];
	}
	at++;
	return literal(text_of(piece, n));
}

static struct node *parse_number(void)
{
	char *end;
	long long number = strtoll(at, &end, 10);

	if (*end == '.' || *end == 'e' || *end == 'E' || end - at > 15)
		leave_it_to_jq();
	at = end;
	return literal(json_object_new_int64(number));
}

static struct node *parse_alternative(void);

static struct node *parse_member(void)
{
	struct node *key, *value;
	const char *name;

	skip_space();
	if (accept("$")) {
		name = parse_name();
		value = node(VARIABLE, NULL, NULL);
		value->name = name;
		return node(MEMBER, literal(text_of(name, strlen(name))), value);
	}
	if (accept("(")) {
		key = parse_pipe();
		expect(")");
	} else if (accept("\"")) {
		key = parse_text();
	} else {
		name = parse_name();
		key = literal(text_of(name, strlen(name)));
	}
	if (accept(":"))
		return node(MEMBER, key, parse_alternative());
	if (key->kind != LITERAL)
		leave_it_to_jq();
	value = node(FIELD, node(IDENTITY, NULL, NULL), NULL);
	value->name = json_object_get_string(key->value);
	return node(MEMBER, key, value);
}

static struct node *parse_object(void)
{
	struct node *object = node(OBJECT, NULL, NULL), **next = &object->other;

	if (accept("}"))
		return object;
	do {
		*next = parse_member();
		next = &(*next)->other;
	} while (accept(","));
	expect("}");
	return object;
}

/* After `if`. */
static struct node *parse_if(void)
{
	struct node *n = node(IF, parse_pipe(), NULL);

	expect("then");
	n->right = parse_pipe();
	if (accept("elif")) {
		n->other = parse_if();
		return n;
	}
	expect("else");
	n->other = parse_pipe();
	expect("end");
	return n;
}

static struct node *parse_call(void)
{
	struct node *n = node(CALL, NULL, NULL);

	n->name = parse_name();
	if (strcmp(n->name, "null") == 0)
		return literal(NULL);
	if (strcmp(n->name, "true") == 0 || strcmp(n->name, "false") == 0)
		return literal(json_object_new_boolean(*n->name == 't'));
	if (!accept("("))
		return n;
	do {
		if (n->arguments_n == ARGUMENTS_MAX)
			leave_it_to_jq();
		n->arguments[n->arguments_n++] = parse_pipe();
	} while (accept(";"));
	expect(")");
	return n;
}

/* After `[`, behind a term. */
static struct node *parse_brackets(struct node *left)
{
	struct node *from = NULL, *n;

	if (accept("]"))
		return node(ITERATE, left, NULL);
	if (!accept(":")) {
		from = parse_pipe();
		if (accept("]"))
			return node(INDEX, left, from);
		expect(":");
	}
	n = node(SLICE, left, NULL);
	n->right = from;
	if (!accept("]")) {
		n->other = parse_pipe();
		expect("]");
	}
	return n;
}

static struct node *parse_field(struct node *left)
{
	struct node *n = node(FIELD, left, NULL);

	n->name = parse_name();
	return n;
}

static struct node *parse_start(void)
{
	struct node *n;

	skip_space();
	if (*at == '.' && at[1] != '.') {
		at++;
		n = node(IDENTITY, NULL, NULL);
		return word_bytes(at) ? parse_field(n) : n;
	}
	if (isdigit((unsigned char)*at) || (*at == '-' && isdigit((unsigned char)at[1])))
		return parse_number();
	if (accept("\""))
		return parse_text();
	if (accept("(")) {
		n = parse_pipe();
		expect(")");
		return n;
	}
	if (accept("[")) {
		n = node(ARRAY, NULL, NULL);
		if (!accept("]")) {
			n->left = parse_pipe();
			expect("]");
		}
		return n;
	}
	if (accept("{"))
		return parse_object();
	if (accept("$")) {
		n = node(VARIABLE, NULL, NULL);
		n->name = parse_name();
		return n;
	}
	if (accept("if"))
		return parse_if();
	return parse_call();
}

static struct node *parse_term(void)
{
	struct node *n = parse_start();

	for (;;) {
		if (*at == '.' && word_bytes(at + 1)) {
			at++;
			n = parse_field(n);
		} else if (*at == '[' || (*at == '.' && at[1] == '[')) {
			at += *at == '.' ? 2 : 1;
			n = parse_brackets(n);
		} else if (*at == '?' || (*at == '.' && at[1] == '"')) {
			leave_it_to_jq();
		} else {
			return n;
		}
	}
}

static struct node *operation(enum node_kind kind, const char *name, struct node *left, struct node *right)
{
	struct node *n = node(kind, left, right);

	n->name = name;
	return n;
}

static struct node *parse_product(void)
{
	static const char *const names[] = { "*", "/", "%" };
	struct node *n = parse_term();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++) {
		if (accept_operator(names[i])) {
			n = operation(ARITHMETIC, names[i], n, parse_term());
			i = (size_t)-1;
		}
	}
	return n;
}

static struct node *parse_sum(void)
{
	struct node *n = parse_product();

	for (;;) {
		if (accept_operator("+"))
			n = operation(ARITHMETIC, "+", n, parse_product());
		else if (accept_operator("-"))
			n = operation(ARITHMETIC, "-", n, parse_product());
		else
			return n;
	}
}

static struct node *parse_comparison(void)
{
	static const char *const names[] = { "==", "!=", "<=", ">=", "<", ">" };
	struct node *n = parse_sum();
	size_t i;

	for (i = 0; i < sizeof(names) / sizeof(*names); i++)
		if (accept(names[i]))
			return operation(COMPARE, names[i], n, parse_sum());
	return n;
}

static struct node *parse_and(void)
{
	struct node *n = parse_comparison();

	while (accept("and"))
		n = node(AND, n, parse_comparison());
	return n;
}

static struct node *parse_or(void)
{
	struct node *n = parse_and();

	while (accept("or"))
		n = node(OR, n, parse_and());
	return n;
}

static struct node *parse_assignment(void)
{
	struct node *n = parse_or();

	if (accept_operator("="))
		return node(ASSIGN, n, parse_alternative());
	if (accept_operator("|="))
		return node(UPDATE, n, parse_alternative());
	return n;
}

static struct node *parse_alternative(void)
{
	struct node *n = parse_assignment();

	return accept_operator("//") ? node(ALTERNATIVE, n, parse_alternative()) : n;
}

static struct node *parse_comma(void)
{
	struct node *n = parse_alternative();

	while (accept(","))
		n = node(COMMA, n, parse_alternative());
	return n;
}

static struct node *parse_pipe(void)
{
	struct node *n = parse_comma();

	if (accept("as")) {
		if (n->kind >= COMMA)
			leave_it_to_jq();
		expect("$");
		n = node(AS, n, NULL);
		n->name = parse_name();
		expect("|");
		n->right = parse_pipe();
		return n;
	}
	return accept_operator("|") ? node(PIPE, n, parse_pipe()) : n;
}

struct node *parse_filter(const char *text)
{
	struct node *n;

	at = text;
	n = parse_pipe();
	skip_space();
	if (*at)
		leave_it_to_jq();
	return n;
}

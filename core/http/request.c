#include "core/http/request.h"

#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/clock.h"
#include "core/base/text.h"
#include "core/http/transport.h"

enum { BODY_FIRST_BYTES = 16 * 1024 }; /* allocated for a body of unknown length */

static const char *const method_names[] = {
	[METHOD_NONE] = "",
#define METHOD(name) [METHOD_##name] = #name,
#include "core/http/methods.def"
#undef METHOD
};

const char *method_name(enum method m)
{
	return method_names[m];
}

static enum method parse_method(struct str s)
{
	for (size_t m = METHOD_NONE + 1; m < ARRAY_LEN(method_names); m++)
		if (str_is(s, method_names[m]))
			return (enum method)m;
	return METHOD_NONE;
}

/*
 * A header's value, or `otherwise` for an implausible one. It is copied: under
 * FastCGI the variables are freed before the arena.
 */
static struct str header(struct transport *t, struct arena *a, const char *name, struct str otherwise)
{
	struct str value = str_z(transport_variable(t, name));

	if (!value.p)
		return STR_NULL;
	value = str_trim(value);
	if (value.n > HEADER_VALUE_BYTES_MAX || !text_is_printable(value, ONE_LINE))
		return otherwise;
	return str_copy(a, value);
}

struct str request_header(const struct request *r, struct arena *a, const char *variable)
{
	return header(r->transport, a, variable, STR_NULL);
}

/*
 * As received, but truncated: other schemes have long values and must still be recognized, and a truncated token
 * matches no session.
 */
static struct str read_authorization(struct transport *t, struct arena *a)
{
	const char *text = transport_variable(t, "HTTP_AUTHORIZATION");
	struct str value;

	/* Where Apache's rules of one folder lead to another, it renames the variables of the first. */
	value = str_trim(str_z(text ? text : transport_variable(t, "REDIRECT_HTTP_AUTHORIZATION")));
	return value.p ? str_copy(a, str_sub(value, 0, HEADER_VALUE_BYTES_MAX)) : STR_NULL;
}

static void read_headers(struct transport *t, struct arena *a, struct request *r)
{
	struct str id = str_trim(str_z(transport_variable(t, "HTTP_X_REQUEST_ID")));
	struct str key = str_z(transport_variable(t, "HTTP_IDEMPOTENCY_KEY"));

	if (id.n <= REQUEST_ID_BYTES_MAX && text_is_token(id))
		r->client_request_id = str_copy(a, id);
	if (key.p)
		r->idempotency_key = str_copy(a, key);
	request_parse_address(a, str_z(transport_variable(t, "REQUEST_URI")), header(t, a, "SCRIPT_NAME", STR("")),
			      str_z(transport_variable(t, "PATH_INFO")), r);
	r->client_address = header(t, a, "REMOTE_ADDR", STR(""));
	r->authorization = read_authorization(t, a);
	r->if_match = header(t, a, "HTTP_IF_MATCH", STR(""));
	r->order_token = header(t, a, "HTTP_X_ORDER_TOKEN", STR(""));
	r->accept_language = header(t, a, "HTTP_ACCEPT_LANGUAGE", STR_NULL);
	r->if_none_match = header(t, a, "HTTP_IF_NONE_MATCH", STR_NULL);
	r->origin = header(t, a, "HTTP_ORIGIN", STR_NULL);
	r->cors_method = header(t, a, "HTTP_ACCESS_CONTROL_REQUEST_METHOD", STR_NULL);
	r->cors_headers = header(t, a, "HTTP_ACCESS_CONTROL_REQUEST_HEADERS", STR_NULL);
}

static enum problem read_method(struct transport *t, struct arena *a, struct request *r, struct error *err)
{
	struct str request = header(t, a, "HTTP_X_HTTP_METHOD_OVERRIDE", STR(""));
	enum method m;

	r->method = parse_method(str_z(transport_variable(t, "REQUEST_METHOD")));
	if (r->method == METHOD_NONE || !request.p)
		return PROBLEM_NONE;
	m = parse_method(request);
	if (r->method != METHOD_POST)
		return error_set(err, a, PROBLEM_BAD_REQUEST, "X-HTTP-Method-Override is only allowed with POST.");
	if (m != METHOD_PUT && m != METHOD_PATCH && m != METHOD_DELETE)
		return error_set(err, a, PROBLEM_BAD_REQUEST, "X-HTTP-Method-Override may be PUT, PATCH or DELETE.");
	r->method = m;
	return PROBLEM_NONE;
}

/* Read until n bytes are there or the body ends. Returns how many, or -1. */
static ssize_t fill(struct transport *t, char *to, size_t n, int64_t deadline_ms)
{
	size_t got = 0;

	while (got < n) {
		ssize_t more = transport_read(t, to + got, n - got, deadline_ms);

		if (more < 0)
			return -1;
		if (more == 0)
			break;
		got += (size_t)more;
	}
	return (ssize_t)got;
}

enum problem request_too_large(struct arena *a, size_t bytes_max, struct error *err)
{
	return error_set(err, a, PROBLEM_TOO_LARGE, "The body may have at most %zu bytes here.", bytes_max);
}

static enum problem read_announced(struct transport *t, struct arena *a, struct request *r, size_t n,
				   int64_t deadline_ms, struct error *err)
{
	char *p = arena_alloc(a, n);
	ssize_t got = fill(t, p, n, deadline_ms);

	if (got < 0 || (size_t)got != n)
		return error_set(err, a, PROBLEM_BAD_REQUEST,
				 "The body is shorter than announced, or arrived too slowly.");
	r->body = (struct str){ p, n };
	return PROBLEM_NONE;
}

/* A chunked body has no length under Apache: it ends with standard input. */
static enum problem read_to_end(struct transport *t, struct arena *a, struct request *r, size_t bytes_max,
				int64_t deadline_ms, struct error *err)
{
	size_t capacity = BODY_FIRST_BYTES, n = 0;
	char *p = arena_alloc(a, capacity);

	for (;;) {
		ssize_t got = fill(t, p + n, capacity - n, deadline_ms);
		size_t bigger;

		if (got < 0)
			return error_set(err, a, PROBLEM_BAD_REQUEST, "The body is truncated, or arrived too slowly.");
		n += (size_t)got;
		if (n > bytes_max)
			return request_too_large(a, bytes_max, err);
		if (n < capacity)
			break;
		/* Read one byte over the limit to see whether there is more. */
		bigger = capacity * 2 <= bytes_max ? capacity * 2 : bytes_max + 1;
		p = arena_grow(a, p, capacity, bigger);
		capacity = bigger;
	}
	r->body = (struct str){ p, n };
	return PROBLEM_NONE;
}

/* Content-Length: digits only. A number that does not fit exceeds any limit. */
static enum problem parse_length(struct arena *a, struct str s, int64_t *out, struct error *err)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return error_set(err, a, PROBLEM_BAD_REQUEST, "Content-Length is not a number.");
	if (!str_to_int(s, out))
		*out = INT64_MAX;
	return PROBLEM_NONE;
}

static enum problem read_body(struct transport *t, struct arena *a, size_t json_bytes_max, struct request *r,
			      struct error *err)
{
	struct str length = str_z(transport_variable(t, "CONTENT_LENGTH"));
	struct str type = header(t, a, "CONTENT_TYPE", STR("unreadable"));
	struct str encoding = header(t, a, "HTTP_CONTENT_ENCODING", STR("unreadable"));
	int64_t deadline_ms = r->start_us / 1000 + BODY_READ_S_MAX * 1000;
	enum problem p;
	size_t bytes_max;
	int64_t n;

	if (encoding.n && !str_eq_nocase(encoding, STR("identity")))
		return error_set(err, a, PROBLEM_UNSUPPORTED_MEDIA, "A body with a Content-Encoding is not accepted.");
	r->media = request_parse_media(type, &r->boundary);
	bytes_max = r->media == MEDIA_FORM_DATA ? UPLOAD_BODY_BYTES_MAX : json_bytes_max;
	if (length.n) {
		p = parse_length(a, length, &n, err);
		if (!p && n > (int64_t)bytes_max)
			p = request_too_large(a, bytes_max, err);
		if (!p && n > 0)
			p = read_announced(t, a, r, (size_t)n, deadline_ms, err);
	} else {
		p = read_to_end(t, a, r, bytes_max, deadline_ms, err);
	}
	r->has_body = r->body.n > 0;
	return p;
}

enum problem request_read(struct transport *t, struct arena *a, const char *ignored, size_t json_bytes_max,
			  struct request *r, struct error *err)
{
	struct str path, query;
	enum problem p;

	*r = (struct request){ .transport = t, .start_us = clock_monotonic_us() };
	read_headers(t, a, r);
	p = read_method(t, a, r, err);
	if (p)
		return p;
	path = str_z(transport_variable(t, "PATH_INFO"));
	p = request_parse_path(a, path, r, err);
	if (p)
		return p;
	query = str_z(transport_variable(t, "QUERY_STRING"));
	p = request_parse_query(a, query, ignored, r, err);
	if (p)
		return p;
	if (r->method != METHOD_POST && r->method != METHOD_PUT && r->method != METHOD_PATCH)
		return PROBLEM_NONE;
	return read_body(t, a, json_bytes_max, r, err);
}

/* What clients send when they have no token. */
static bool is_no_token(struct str s)
{
	static const struct str words[] = {
		STR(""),    STR("null"),   STR("undefined"), STR("none"),
		STR("nil"), STR("(null)"), STR("false"),     STR("\"\""),
	};

	for (size_t i = 0; i < ARRAY_LEN(words); i++)
		if (str_eq_nocase(s, words[i]))
			return true;
	return false;
}

bool request_token(const struct request *r, struct str *token)
{
	struct str rest = r->authorization;
	struct str scheme = str_cut(&rest, ' ');

	rest = str_trim(rest);
	*token = text_is_token(rest) ? rest : STR("");
	return (str_eq_nocase(scheme, STR("Bearer")) || str_eq_nocase(scheme, STR("Token"))) && !is_no_token(rest);
}

struct str request_language(const struct request *r)
{
	struct str s = str_trim(r->accept_language);
	bool is_code = s.n >= 2 && ascii_is_lower(s.p[0]) && ascii_is_lower(s.p[1]) &&
		       (s.n == 2 || s.p[2] == '-' || s.p[2] == ',' || s.p[2] == ';');

	return is_code ? str_sub(s, 0, 2) : STR_NULL;
}

#include "tools/fetch/request.h"

#include <curl/curl.h>
#include "core/base/arena.h"
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/json/json.h"

enum {
	REQUEST_BYTES_MAX = 6 * 1024 * 1024 + 4096, /* a mail of 1 MiB, whose bytes are escaped */
	ANSWER_BYTES_MAX = 4 * 1024 * 1024,
	MS_MAX = 120 * 1000,
};

/* A text, NUL-terminated; NULL if missing. False: not a text. */
static bool text_of(struct arena *a, const struct json *all, const char *name, struct str *out)
{
	const struct json *v = json_get(all, name);

	*out = STR_NULL;
	if (!v)
		return true;
	if (json_kind(v) != JSON_STRING)
		return false;
	*out = str_copy(a, json_text(v));
	return true;
}

static bool limit_of(const struct json *all, const char *name, int64_t max, int64_t *out)
{
	const struct json *v = json_get(all, name);

	return v && json_kind(v) == JSON_INTEGER && json_int64(v, out) && *out > 0 && *out <= max;
}

static bool read_headers(struct arena *a, const struct json *all, struct fetch_request *r)
{
	const struct json *headers = json_get(all, "headers");
	struct curl_slist *longer;

	if (!headers)
		return true;
	if (json_kind(headers) != JSON_OBJECT)
		return false;
	for (size_t i = 0; i < json_count(headers); i++) {
		struct json_member m = json_member_at(headers, i);
		struct str value;

		/* A token (RFC 9110, 5.6.2), restricted to letters, digits and '-'. */
		if (!text_is_word(m.name, "-") || json_kind(m.value) != JSON_STRING)
			return false;
		value = json_text(m.value);
		/* No line ends: they would start another header. */
		if (!value.n || !text_is_printable(value, ONE_LINE))
			return false;
		longer = curl_slist_append(r->headers, str_fmt(a, "%.*s: %.*s", STR_ARG(m.name), STR_ARG(value)).p);
		if (!longer)
			return false;
		r->headers = longer;
	}
	return true;
}

/* False if missing; not read: another value. */
static bool flag_of(const struct json *all, const char *name, bool *out)
{
	const struct json *v = json_get(all, name);

	*out = v && json_kind(v) == JSON_BOOL && json_is_true(v);
	return !v || json_kind(v) == JSON_BOOL;
}

static bool is_http(const struct fetch_request *r, bool get)
{
	return (r->post || (get && !r->body.p)) && text_is_url(str_z(r->url)) && !r->from && !r->to;
}

/* Addresses without what would end a command. */
static bool is_mail(const struct fetch_request *r)
{
	struct str url = r->url ? str_z(r->url) : STR("");

	return (str_has_prefix(url, STR("smtp://")) || str_has_prefix(url, STR("smtps://"))) && text_is_token(url) &&
	       r->from && text_is_email(str_z(r->from)) && r->to && text_is_email(str_z(r->to)) && r->body.n &&
	       !r->headers;
}

bool fetch_request_read(struct arena *a, int fd, struct fetch_request *r)
{
	struct error *e = arena_calloc(a, 1, sizeof(*e));
	struct str input, method, url, user, password, from, to;
	const struct json *all;

	if (!file_read_fd(a, fd, REQUEST_BYTES_MAX, &input) || json_parse(a, input, &all, e) ||
	    json_kind(all) != JSON_OBJECT)
		return false;
	if (!text_of(a, all, "method", &method) || !text_of(a, all, "url", &url) ||
	    !text_of(a, all, "body", &r->body) || !text_of(a, all, "user", &user) ||
	    !text_of(a, all, "password", &password) || !text_of(a, all, "from", &from) || !text_of(a, all, "to", &to) ||
	    !read_headers(a, all, r))
		return false;
	r->post = str_is(method, "POST");
	r->url = url.p;
	r->user = user.p;
	r->password = password.p;
	r->mail = str_is(method, "MAIL");
	r->picture = str_is(method, "PICTURE");
	r->from = from.p;
	r->to = to.p;
	return (r->mail ? is_mail(r) : is_http(r, r->picture || str_is(method, "GET"))) && !user.p == !password.p &&
	       flag_of(all, "private", &r->is_private) && (r->picture || !r->is_private) &&
	       limit_of(all, "connect_ms_max", MS_MAX, &r->connect_ms_max) &&
	       limit_of(all, "total_ms_max", MS_MAX, &r->total_ms_max) &&
	       limit_of(all, "answer_bytes_max", r->picture ? UPLOAD_IMAGE_BYTES_MAX : ANSWER_BYTES_MAX,
			&r->answer_bytes_max);
}

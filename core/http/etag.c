/*
 * Entity tags (RFC 9110, 8.8.3) and the preconditions on them.
 *
 * Our tags are hashes of a representation, so that equal opaque parts mean
 * equal bytes. A server in front that compresses a response changes the tag:
 * nginx makes it weak, Apache and others append the coding's name. Clients send
 * the tag back as received; the addition is removed, for If-Match too, because
 * a write does not depend on a coding.
 */
#include "core/http/response.h"

#include "core/crypto/crypto.h"

/* Is it our tag, except for a coding appended within the quotes: "abc-gzip", "abc;br", "abc--gzip"? */
static bool is_ours(struct str tag, struct str etag)
{
	static const struct str codings[] = { STR("gzip"), STR("br"), STR("zstd"), STR("deflate") };
	struct str rest;

	if (str_eq(tag, etag))
		return true;
	if (tag.n <= etag.n || !str_has_prefix(tag, str_sub(etag, 0, etag.n - 1)))
		return false;
	rest = str_sub(tag, etag.n - 1, tag.n - etag.n);
	if (str_has_prefix(rest, STR("--")))
		rest = str_sub(rest, 1, rest.n);
	if (rest.p[0] != '-' && rest.p[0] != ';')
		return false;
	for (size_t i = 0; i < ARRAY_LEN(codings); i++)
		if (str_eq(str_sub(rest, 1, rest.n), codings[i]))
			return true;
	return false;
}

/*
 * The next of a list `[W/]"…"`, … in *list. Quotes may contain commas. False at
 * the end, and at what is not an entity tag.
 */
static bool next_tag(struct str *list, struct str *tag)
{
	struct str s = *list;
	size_t end;

	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == ','))
		s = str_sub(s, 1, s.n);
	if (str_has_prefix(s, STR("W/")))
		s = str_sub(s, 2, s.n);
	if (s.n < 2 || s.p[0] != '"')
		return false;
	end = str_find(str_sub(s, 1, s.n), '"') + 2;
	if (end > s.n)
		return false;
	*tag = str_sub(s, 0, end);
	*list = str_sub(s, end, s.n);
	return true;
}

static bool lists(struct str list, struct str etag)
{
	struct str tag;

	if (str_eq(str_trim(list), STR("*")))
		return true;
	while (next_tag(&list, &tag))
		if (is_ours(tag, etag))
			return true;
	return false;
}

struct str response_etag_of(struct arena *a, struct str representation)
{
	uint8_t digest[16];

	crypto_digest16(representation, digest);
	return str_fmt(a, "\"%.*s\"", STR_ARG(crypto_base64url(a, digest, sizeof(digest))));
}

void response_etag(struct response *r, const struct request *req, struct str etag)
{
	bool reads = req->method == METHOD_GET || req->method == METHOD_HEAD;

	response_header(r, "ETag", etag);
	if (reads && r->status == 200 && req->if_none_match.p && lists(req->if_none_match, etag)) {
		r->status = 304;
		r->content_type = NULL;
		buf_clear(&r->body);
	}
}

bool response_if_match(const struct request *req, struct str etag)
{
	return !req->if_match.p || lists(req->if_match, etag);
}

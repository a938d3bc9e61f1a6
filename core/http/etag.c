/*
 * Entity tags (RFC 9110, 8.8.3) and the preconditions on them.
 */
#include "core/http/response.h"

/*
 * The next of a list `[W/]"…"`, … in *list. Commas may stand inside the
 * quotes. False at the end, and at what is no entity tag.
 */
static bool next_tag(struct str *list, struct str *tag, bool *weak)
{
	struct str s = *list;
	size_t end;

	while (s.n && (s.p[0] == ' ' || s.p[0] == '\t' || s.p[0] == ','))
		s = str_sub(s, 1, s.n);
	*weak = str_has_prefix(s, STR("W/"));
	if (*weak)
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

static bool lists(struct str list, struct str etag, bool weak_too)
{
	struct str tag;
	bool weak;

	if (str_eq(str_trim(list), STR("*")))
		return true;
	while (next_tag(&list, &tag, &weak))
		if (str_eq(tag, etag) && (weak_too || !weak))
			return true;
	return false;
}

void response_etag(struct response *r, const struct request *req, struct str etag)
{
	bool reads = req->method == METHOD_GET || req->method == METHOD_HEAD;

	response_header(r, "ETag", etag);
	if (reads && r->status == 200 && req->if_none_match.p && lists(req->if_none_match, etag, true)) {
		r->status = 304;
		r->content_type = NULL;
		buf_clear(&r->body);
	}
}

bool response_if_match(const struct request *req, struct str etag)
{
	return !req->if_match.p || lists(req->if_match, etag, false);
}

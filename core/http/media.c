/*
 * Content-Type (RFC 9110, 8.3.1): type/subtype *( OWS ";" OWS name "=" value ).
 */
#include "core/base/text.h"
#include "core/http/request.h"

/* RFC 2046, 5.1.1: bcharsnospace, and a space that is not the last. */
static bool boundary_is_sane(struct str s)
{
	return s.n <= FORM_BOUNDARY_BYTES_MAX && text_is_word(s, "'()+_,-./:=? ") && s.p[s.n - 1] != ' ';
}

/*
 * The next parameter of *rest. A quoted value may contain ';', but no
 * backslash, which no accepted value needs. False if malformed.
 */
static bool next_param(struct str *rest, struct str *name, struct str *value)
{
	size_t end;

	*name = str_trim(str_cut(rest, '='));
	*value = str_trim(*rest);
	if (name->n == 0 || value->n == 0)
		return false;
	if (value->p[0] != '"') {
		*rest = *value;
		*value = str_trim(str_cut(rest, ';'));
		return value->n && str_find(*value, '"') == value->n;
	}
	*rest = str_sub(*value, 1, value->n);
	end = str_find(*rest, '"');
	if (end == rest->n || str_find(str_sub(*rest, 0, end), '\\') < end)
		return false;
	*value = str_sub(*rest, 0, end);
	*rest = str_trim(str_sub(*rest, end + 1, rest->n));
	return rest->n == 0 || str_trim(str_cut(rest, ';')).n == 0;
}

/* "utf-8" and its labels in WHATWG's Encoding Standard, except those with a version number. */
static bool is_utf8_label(struct str s)
{
	return str_eq_nocase(s, STR("utf-8")) || str_eq_nocase(s, STR("utf8"));
}

static enum media parse_type(struct str type)
{
	if (str_eq_nocase(type, STR("application/json")))
		return MEDIA_JSON;
	if (str_eq_nocase(type, STR("application/x-ndjson")))
		return MEDIA_NDJSON;
	if (str_eq_nocase(type, STR("application/merge-patch+json")))
		return MEDIA_MERGE_PATCH;
	if (str_eq_nocase(type, STR("multipart/form-data")))
		return MEDIA_FORM_DATA;
	if (str_eq_nocase(type, STR("application/x-www-form-urlencoded")))
		return MEDIA_URLENCODED;
	return MEDIA_OTHER;
}

enum media request_parse_media(struct str content_type, struct str *boundary)
{
	struct str rest = str_trim(content_type), found = { NULL, 0 };
	enum media media;

	*boundary = STR_NULL;
	if (rest.n == 0)
		return MEDIA_NONE;
	media = parse_type(str_trim(str_cut(&rest, ';')));
	rest = str_trim(rest);
	while (rest.n && media != MEDIA_OTHER) {
		struct str name, value;

		if (!next_param(&rest, &name, &value))
			media = MEDIA_OTHER;
		else if (media == MEDIA_FORM_DATA && str_eq_nocase(name, STR("boundary")) && !found.p)
			found = boundary_is_sane(value) ? value : STR("");
		else if (!str_eq_nocase(name, STR("charset")) || !is_utf8_label(value))
			media = MEDIA_OTHER;
		rest = str_trim(rest);
	}
	*boundary = media == MEDIA_FORM_DATA ? found : STR_NULL;
	return media;
}

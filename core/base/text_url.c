/* URLs that are made of parts. */
#include "core/base/ascii.h"
#include "core/base/buf.h"
#include "core/base/text.h"

/* Up from where it is, to another host, or another scheme; or nowhere. */
static bool leads_elsewhere(struct str path)
{
	struct str first = str_sub(path, 0, str_find(path, '/')), rest = str_sub(path, 0, str_find(path, '?'));

	if (!rest.n || str_has_prefix(path, STR("/")) || str_find(path, '\\') < path.n ||
	    str_find(first, ':') < first.n)
		return true;
	while (rest.n) {
		struct str segment = str_cut(&rest, '/'), dots = segment;

		while (dots.n && (dots.p[0] == '.' || str_eq_nocase(str_sub(dots, 0, 3), STR("%2e"))))
			dots = str_sub(dots, dots.p[0] == '.' ? 1 : 3, dots.n);
		if (segment.n && !dots.n)
			return true;
	}
	return false;
}

struct str text_url_below(struct arena *a, struct str url, struct str path)
{
	struct buf b = buf_new(a, url.n + path.n + 16, url.n + 3 * path.n + 16);

	if (str_has_prefix(path, STR("/")))
		path = str_sub(path, 1, path.n);
	if (leads_elsewhere(path))
		return STR_NULL;
	buf_add(&b, url);
	buf_addc(&b, '/');
	while (path.n) {
		bool escaped = path.n > 2 && path.p[0] == '%' && ascii_hex_value(path.p[1]) >= 0 &&
			       ascii_hex_value(path.p[2]) >= 0;
		struct str part = str_sub(path, 0, escaped ? 3 : 1);

		if ((unsigned char)path.p[0] < ' ' || path.p[0] == 0x7f)
			return STR_NULL;
		if (escaped)
			buf_add(&b, part);
		else
			buf_add_percent(&b, part, "/?=&+,;:@!$'()*");
		path = str_sub(path, part.n, path.n);
	}
	return text_is_url(buf_str(&b)) ? buf_str(&b) : STR_NULL;
}

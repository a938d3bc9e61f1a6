#include "core/config/order_link.h"

#include "core/base/buf.h"

enum { LINK_BYTES_MAX = 2000 };

/* Replace a name at the beginning of *rest by its value; false: it does not begin with that name. */
static bool put_in(struct buf *out, struct str *rest, struct str name, struct str value)
{
	if (!str_has_prefix(*rest, name))
		return false;
	buf_add(out, value);
	*rest = str_sub(*rest, name.n, rest->n);
	return true;
}

struct str order_link(struct arena *a, const struct config *config, struct str id, struct str number)
{
	struct str rest = str_z(config->order_link);
	struct buf out = buf_new(a, 256, LINK_BYTES_MAX);

	if (!rest.n)
		return *config->public_url ? str_fmt(a, "%s/orders/%.*s", config->public_url, STR_ARG(id)) : STR_NULL;
	while (rest.n) {
		if (put_in(&out, &rest, STR("{id}"), id) || put_in(&out, &rest, STR("{number}"), number))
			continue;
		buf_addc(&out, rest.p[0]);
		rest = str_sub(rest, 1, rest.n);
	}
	return buf_str(&out);
}

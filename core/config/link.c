#include "core/config/link.h"

#include "core/base/buf.h"

enum { LINK_BYTES_MAX = 2000 };

struct placeholder {
	const char *name;
	struct str value;
};

/* The link of a setting; where that is empty, `page` below PUBLIC_URL. */
static struct str fill_in(struct arena *a, const struct config *config, const char *setting, const char *page,
			  const struct placeholder *p, size_t n)
{
	struct buf out = buf_new(a, 256, LINK_BYTES_MAX);
	struct str rest = str_z(setting);

	if (!rest.n && !*config->public_url)
		return STR_NULL;
	if (!rest.n) {
		buf_addz(&out, config->public_url);
		rest = str_z(page);
	}
	while (rest.n) {
		size_t i = 0;
		while (i < n && !str_has_prefix(rest, str_z(p[i].name)))
			i++;
		if (i < n)
			buf_add(&out, p[i].value);
		else
			buf_addc(&out, rest.p[0]);
		rest = str_sub(rest, i < n ? strlen(p[i].name) : 1, rest.n);
	}
	return buf_str(&out);
}

struct str link_to_order(struct arena *a, const struct config *config, struct str id, struct str number)
{
	const struct placeholder p[] = { { "{id}", id }, { "{number}", number } };

	return fill_in(a, config, config->order_link, "/orders/{id}", p, ARRAY_LEN(p));
}

struct str link_to_product(struct arena *a, const struct config *config, struct str id, struct str slug,
			   struct str store)
{
	const struct placeholder p[] = { { "{id}", id }, { "{slug}", slug }, { "{store}", store } };

	return fill_in(a, config, config->product_link, "/products/{slug}", p, ARRAY_LEN(p));
}

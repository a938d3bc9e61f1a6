#include "tools/catalogue-reader/item.h"

#include "core/base/ascii.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/world.h"

/* Room for one more of an array in the group's arena. */
#define ADD(g, list, value)                                                                             \
	do {                                                                                            \
		if ((list)->n == (list)->room) {                                                        \
			size_t room_ = (list)->room ? (list)->room * 2 : 8;                             \
			(list)->p = arena_grow((g)->arena, (list)->p, (list)->room * sizeof *(list)->p, \
					       room_ * sizeof *(list)->p);                              \
			(list)->room = room_;                                                           \
		}                                                                                       \
		(list)->p[(list)->n++] = (value);                                                       \
	} while (0)

struct item *item_new(struct group *g, struct row *r)
{
	struct item *it = arena_calloc(g->arena, 1, sizeof *it);

	it->row = r;
	it->price = it->sale = it->cost = it->weight = it->length = it->width = it->height = NO_DECIMAL;
	it->low_stock = it->min_quantity = it->max_quantity = it->quantity_step = NO_DECIMAL;
	it->published = it->listed = -1;
	r->used = true;
	return it;
}

struct item *item_variant(struct group *g, struct item *product, struct row *r)
{
	struct item *it = item_new(g, r);

	if (product->variants_n == product->variants_room) {
		size_t room = product->variants_room ? product->variants_room * 2 : 8;

		product->variants =
			arena_grow(g->arena, product->variants, product->variants_room * sizeof *product->variants,
				   room * sizeof *product->variants);
		product->variants_room = room;
	}
	product->variants[product->variants_n++] = it;
	return it;
}

void texts_add(struct group *g, struct texts *t, struct str s)
{
	if (s.n)
		ADD(g, t, s);
}

static bool texts_have(const struct texts *t, struct str s)
{
	for (size_t i = 0; i < t->n; i++)
		if (str_eq(t->p[i], s))
			return true;
	return false;
}

/* Without the backslashes that stand before the separator. */
static struct str unescape(struct group *g, struct str s, char separator)
{
	char *out;
	size_t n = 0;

	if (str_find(s, '\\') == s.n)
		return s;
	out = arena_alloc(g->arena, s.n);
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] != '\\' || i + 1 == s.n || s.p[i + 1] != separator)
			out[n++] = s.p[i];
	return (struct str){ out, n };
}

void texts_split(struct group *g, struct texts *t, struct str list, char separator)
{
	size_t from = 0;

	for (size_t i = 0; i <= list.n; i++) {
		if (i < list.n && (list.p[i] != separator || (i && list.p[i - 1] == '\\')))
			continue;
		texts_add(g, t, text_trim(unescape(g, str_sub(list, from, i - from), separator)));
		from = i + 1;
	}
}

struct str texts_join(struct group *g, const struct texts *t, const char *separator)
{
	struct buf b = buf_new(g->arena, 64, ROW_BYTES_MAX);

	for (size_t i = 0; i < t->n; i++) {
		if (i)
			buf_addz(&b, separator);
		buf_add(&b, t->p[i]);
	}
	return buf_str(&b);
}

void pairs_add(struct group *g, struct pairs *p, struct str name, struct str value)
{
	struct pair added = { text_trim(name), text_trim(value) };

	if (!added.name.n || !added.value.n)
		return;
	for (size_t i = 0; i < p->n; i++)
		if (str_eq(p->p[i].name, added.name)) {
			p->p[i].value = added.value;
			return;
		}
	ADD(g, p, added);
}

void item_category_path(struct group *g, struct item *it, struct texts path)
{
	if (!path.n)
		return;
	if (path.n > LEVELS_MAX) {
		report(g, it->row, REASON_too_deep, CHANGED, STR(""), NULL);
		path.n = LEVELS_MAX;
	}
	for (size_t i = 0; i < it->categories.n; i++) {
		const struct texts *has = &it->categories.p[i];
		size_t k = 0;

		while (k < path.n && k < has->n && str_eq(path.p[k], has->p[k]))
			k++;
		if (k == path.n && k == has->n)
			return;
	}
	if (it->categories.n == CATEGORIES_MAX) {
		report_once(g, it->row, REASON_too_many_categories, STR(""), NULL);
		return;
	}
	ADD(g, &it->categories, path);
}

void item_category(struct group *g, struct item *it, struct str path, const char *separator)
{
	struct texts names = { 0 };
	struct str mark = str_z(separator), rest = path;

	while (rest.n) {
		size_t i = 0;

		while (i < rest.n && !str_eq(str_sub(rest, i, mark.n), mark))
			i++;
		texts_add(g, &names, text_trim(str_sub(rest, 0, i)));
		rest = str_sub(rest, i + mark.n, rest.n);
	}
	if (names.n == 1 && str_eq_nocase(names.p[0], STR("Uncategorized")))
		return;
	item_category_path(g, it, names);
}

/* With %20 for a blank, the base before what is not a URL, and what is wrong with it reported. */
static struct str image_url(struct group *g, struct item *it, struct str url)
{
	struct str base = g->world->options.image_base;
	struct buf b;

	if (!str_has_prefix(url, STR("http://")) && !str_has_prefix(url, STR("https://"))) {
		if (str_has_prefix(url, STR("//")))
			url = str_fmt(g->arena, "https:%.*s", STR_ARG(url));
		else if (g->world->options.image_paths)
			return url;
		else if (base.n)
			url = str_fmt(g->arena, "%.*s%s%.*s", STR_ARG(base),
				      str_has_suffix(base, STR("/")) || str_has_prefix(url, STR("/")) ? "" : "/",
				      STR_ARG(url));
	}
	b = buf_new(g->arena, url.n + 32, 3 * url.n + 32);
	buf_add_percent(&b, url, "!#$%&'()*+,/:;=?@[]");
	if (b.n == url.n)
		return url;
	report(g, it->row, REASON_url_not_encoded, CHANGED, STR(""), "%.*s", STR_ARG(url));
	return buf_str(&b);
}

void item_image(struct group *g, struct item *it, struct str url, struct str alt, int64_t position)
{
	struct image added = { STR_NULL, alt, position };

	url = text_trim(url);
	if (!url.n)
		return;
	added.url = image_url(g, it, url);
	for (size_t i = 0; i < it->images.n; i++)
		if (str_eq(it->images.p[i].url, added.url))
			return;
	if (it->images.n == IMAGES_MAX)
		report_once(g, it->row, REASON_too_many_images, STR(""), NULL);
	else
		ADD(g, &it->images, added);
}

void item_images(struct group *g, struct item *it, struct str list, char separator)
{
	struct texts urls = { 0 };

	texts_split(g, &urls, list, separator);
	for (size_t i = 0; i < urls.n; i++)
		item_image(g, it, urls.p[i], STR(""), 0);
}

static int by_position(const void *a, const void *b)
{
	const struct image *x = a, *y = b;

	return x->position < y->position ? -1 : x->position > y->position;
}

void item_sort_images(struct item *it)
{
	if (it->images.n)
		qsort(it->images.p, it->images.n, sizeof *it->images.p, by_position);
}

size_t item_option(struct group *g UNUSED, struct item *product, struct str name)
{
	size_t i = 0;

	while (i < product->options_n && !str_eq_nocase(product->options[i].name, name))
		i++;
	if (i < product->options_n || i > OPTIONS_MAX)
		return i > OPTIONS_MAX ? OPTIONS_MAX : i;
	product->options[i].name = name;
	return product->options_n++;
}

void item_value(struct group *g, struct item *product, struct item *variant, size_t option, struct str value)
{
	struct texts *values = &product->options[option].values;

	variant->values[option] = value;
	if (!texts_have(values, value) && values->n <= VALUES_MAX)
		texts_add(g, values, value);
}

bool item_combine(struct group *g, struct item *product, struct row *r)
{
	size_t all = 1;

	for (size_t i = 0; i < product->options_n; i++) {
		all *= product->options[i].values.n;
		if (all > VARIANTS_MAX)
			return false;
	}
	for (size_t k = 0; k < all; k++) {
		struct item *variant = item_variant(g, product, r);
		size_t rest = k;

		for (size_t i = product->options_n; i-- > 0;) {
			const struct texts *values = &product->options[i].values;

			variant->values[i] = values->p[rest % values->n];
			rest /= values->n;
		}
	}
	return true;
}

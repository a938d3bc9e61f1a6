#include "cgi-bin/products/suggest.h"

#include "core/base/ascii.h"
#include "core/http/request.h"
#include "core/http/shape.h"
#include "core/json/body.h"

enum { WORDS, STORE, PARAMETERS_N };

static const struct body_field parameters[] = {
	[WORDS] = { MEMBER("q", FIELD_TEXT), .chars_max = SEARCH_CHARS_MAX,
		    .doc = "What was typed; of less than two letters nothing is suggested." },
	[STORE] = { MEMBER("store", FIELD_UUID), .doc = "Only its products." },
};
const struct body products_suggest_query = { parameters, PARAMETERS_N };

static const struct shape_member image_members[] = {
	{ "url", SHAPE_URL, .doc = "The smallest file of it." },
	{ "width", SHAPE_INTEGER, .nullable = true, .doc = "Pixels; null for a URL." },
	{ "alt_text", SHAPE_TEXT },
};
static const struct shape image = SHAPE("image_of_suggestion", image_members);

static const struct shape_member suggestion_members[] = {
	{ "id", SHAPE_UUID },
	{ "name", SHAPE_TEXT },
	{ "slug", SHAPE_TEXT },
	{ "store", SHAPE_UUID },
	{ "current_price", SHAPE_DECIMAL, .nullable = true, .doc = "As of the product." },
	{ "currency", SHAPE_TEXT },
	{ "image", SHAPE_OBJECT, &image, .nullable = true, .doc = "The first." },
};
static const struct shape suggestion = SHAPE("product_suggestion", suggestion_members);

static const struct shape_member members[] = {
	{ "results", SHAPE_LIST, &suggestion, .doc = "At most ten, the best first." },
};
const struct shape products_suggest_shape = SHAPE("product_suggestions", members);

/* Without a letter or digit at its end that begins a word: the search would have it as a word of its own. */
static struct str without_begun(struct str words)
{
	size_t n = words.n;

	if (n == 0 || !ascii_is_alnum(words.p[n - 1]))
		return words;
	return n == 1 || words.p[n - 2] == ' ' ? str_sub(words, 0, n - 1) : words;
}

enum problem products_suggest(struct context *cx)
{
	struct body_value v[PARAMETERS_N];
	enum problem problem = context_read_query(cx, v);

	if (problem)
		return problem;
	return resource_suggest(cx, &product_suggestion,
				(struct query_param){ .name = STR("q"), .value = without_begun(v[WORDS].text) },
				v[STORE].text);
}

#include "cgi-bin/products/bulk_check.h"

#include "cgi-bin/products/stock.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/json/body.h"
#include "core/resource/import_text.h"

enum { OPTION_VALUES_MAX = 255, VARIANTS_MAX = 2000, IMAGES_MAX = 250 };

/* What of one object is read. */
struct check {
	struct context *cx;
	struct error *e;
};

static const struct member name_of = { MEMBER("name", FIELD_TEXT), .chars_max = 255, .not_blank = true };
static const struct member image_url = { MEMBER("url", FIELD_TEXT), .chars_max = 2000, .not_blank = true };
static const struct member image_alt_text = { MEMBER("alt_text", FIELD_TEXT), .chars_max = 255, .nullable = true };
static const struct member tax_class_name = { MEMBER("tax_class", FIELD_TEXT), .chars_max = 255, .nullable = true };
static const struct member long_text = { MEMBER("description", FIELD_LONG_TEXT), .chars_max = 20000 };
static const struct member position = { MEMBER("position", FIELD_INTEGER) };

static struct str below(const struct check *c, struct str pointer, struct str name)
{
	return body_pointer(c->cx->arena, pointer, name);
}

static struct str nth(const struct check *c, struct str pointer, size_t i)
{
	return body_pointer_item(c->cx->arena, pointer, i);
}

static void add(const struct check *c, struct str pointer, enum error_code code)
{
	error_add(c->e, c->cx->arena, pointer, code);
}

static void by_rules(const struct check *c, const struct member *m, const struct json *v, struct str pointer)
{
	struct str text;
	struct fault fault = member_accept(c->cx->arena, m, v, str_z(c->cx->config->default_country), &text);

	if (fault.code)
		error_add_fault(c->e, c->cx->arena, pointer, fault);
}

/* A text of one line; null is refused. */
static void by_name(const struct check *c, const struct json *v, struct str pointer)
{
	if (json_kind(v) == JSON_STRING)
		by_rules(c, &name_of, v, pointer);
	else
		add(c, pointer, ERROR_INVALID);
}

/* An array of at most n; false, and an error, if it is none. */
static bool is_list(const struct check *c, const struct json *v, size_t n, struct str pointer)
{
	if (json_kind(v) == JSON_ARRAY && json_count(v) <= n)
		return true;
	add(c, pointer, ERROR_INVALID);
	return false;
}

static void check_names(const struct check *c, const struct json *names, size_t most, struct str pointer)
{
	if (!is_list(c, names, most, pointer))
		return;
	for (size_t i = 0; i < json_count(names); i++)
		by_name(c, json_item(names, i), nth(c, pointer, i));
}

/* Ids, and paths of names. */
static void check_categories(const struct check *c, const struct json *list, struct str pointer)
{
	if (!is_list(c, list, PRODUCT_CATEGORIES_MAX, pointer))
		return;
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *one = json_item(list, i);
		struct str at = nth(c, pointer, i);

		if (json_kind(one) == JSON_ARRAY)
			check_names(c, one, CATEGORY_LEVELS_MAX, at);
		if (json_kind(one) == JSON_ARRAY ? json_count(one) == 0
						 : json_kind(one) != JSON_STRING || !text_is_uuid(json_text(one)))
			add(c, at, ERROR_INVALID);
	}
}

/* Of a variant: {"Size": "S"}. */
static void check_chosen(const struct check *c, const struct json *options, struct str pointer)
{
	if (json_kind(options) != JSON_OBJECT) {
		add(c, pointer, ERROR_INVALID);
		return;
	}
	for (size_t i = 0; i < json_count(options); i++)
		by_name(c, json_member_at(options, i).value, below(c, pointer, json_member_at(options, i).name));
}

/* Of a product: [{"name": "Size", "values": ["S"]}]. */
static void check_options(const struct check *c, const struct json *options, struct str pointer)
{
	if (!is_list(c, options, PRODUCT_OPTIONS_MAX, pointer))
		return;
	for (size_t i = 0; i < json_count(options); i++) {
		const struct json *one = json_item(options, i), *name, *values;
		struct str at = nth(c, pointer, i);

		name = json_kind(one) == JSON_OBJECT ? json_get(one, "name") : NULL;
		values = json_kind(one) == JSON_OBJECT ? json_get(one, "values") : NULL;
		if (!name || !values) {
			add(c, at, ERROR_INVALID);
			continue;
		}
		by_name(c, name, below(c, at, STR("name")));
		check_names(c, values, OPTION_VALUES_MAX, below(c, at, STR("values")));
	}
}

static void check_images(const struct check *c, const struct json *images, struct str pointer)
{
	if (!is_list(c, images, IMAGES_MAX, pointer))
		return;
	for (size_t i = 0; i < json_count(images); i++) {
		const struct json *one = json_item(images, i);
		const struct json *url = json_kind(one) == JSON_OBJECT ? json_get(one, "url") : NULL;
		struct str at = nth(c, pointer, i);

		if (!url) {
			add(c, at, ERROR_INVALID);
			continue;
		}
		by_rules(c, &image_url, url, below(c, at, STR("url")));
		if (json_get(one, "alt_text"))
			by_rules(c, &image_alt_text, json_get(one, "alt_text"), below(c, at, STR("alt_text")));
	}
}

static void check_members(const struct check *c, const struct json *object, bool is_variant, struct str pointer);

static void check_variants(const struct check *c, const struct json *variants, bool is_variant, struct str pointer)
{
	if (is_variant)
		add(c, pointer, ERROR_NESTED_VARIANT);
	if (is_variant || !is_list(c, variants, VARIANTS_MAX, pointer))
		return;
	for (size_t i = 0; i < json_count(variants); i++)
		if (json_kind(json_item(variants, i)) == JSON_OBJECT)
			check_members(c, json_item(variants, i), true, nth(c, pointer, i));
		else
			add(c, nth(c, pointer, i), ERROR_INVALID);
}

/* False: the member has no rules but those of the table of products. */
static bool check_special(const struct check *c, struct json_member m, bool is_variant, struct str pointer)
{
	if (str_is(m.name, "variants"))
		check_variants(c, m.value, is_variant, pointer);
	else if (str_is(m.name, "options"))
		(is_variant ? check_chosen : check_options)(c, m.value, pointer);
	else if (str_is(m.name, "categories"))
		check_categories(c, m.value, pointer);
	else if (str_is(m.name, "images"))
		check_images(c, m.value, pointer);
	else if (str_is(m.name, "related"))
		check_names(c, m.value, 50, pointer);
	else if (str_is(m.name, "tax_class"))
		by_rules(c, &tax_class_name, m.value, pointer);
	else
		return str_is(m.name, "source") || str_is(m.name, "currency");
	return true;
}

static void check_members(const struct check *c, const struct json *object, bool is_variant, struct str pointer)
{
	for (size_t i = 0; i < json_count(object); i++) {
		struct json_member m = json_member_at(object, i);
		struct str at = below(c, pointer, m.name);
		const struct field *f = resource_find_field(&product_resource, m.name);

		if (!import_knows_member(m.name))
			add(c, at, ERROR_UNKNOWN_FIELD);
		else if (!check_special(c, m, is_variant, at) && f)
			by_rules(c, (const struct member *)f, m.value, at);
	}
}

void bulk_check_product(struct context *cx, const struct json *object, struct error *e)
{
	check_members(&(struct check){ cx, e }, object, false, STR(""));
}

void bulk_check_category(struct context *cx, const struct json *category, struct error *e)
{
	static const char *const texts[] = { "description", "seo_title", "seo_description", "external_id" };
	const struct check c = { cx, e };

	if (json_kind(category) != JSON_OBJECT || !json_get(category, "path")) {
		add(&c, STR("/category"), ERROR_INVALID);
		return;
	}
	for (size_t i = 0; i < json_count(category); i++) {
		struct json_member m = json_member_at(category, i);
		struct str at = below(&c, STR("/category"), m.name);
		size_t k = 0;

		while (k < ARRAY_LEN(texts) && !str_is(m.name, texts[k]))
			k++;
		if (str_is(m.name, "path") && json_kind(m.value) == JSON_ARRAY && json_count(m.value) > 0)
			check_names(&c, m.value, CATEGORY_LEVELS_MAX, at);
		else if (str_is(m.name, "path"))
			add(&c, at, ERROR_INVALID);
		else if (str_is(m.name, "position"))
			by_rules(&c, &position, m.value, at);
		else if (k == ARRAY_LEN(texts))
			add(&c, at, ERROR_UNKNOWN_FIELD);
		else
			by_rules(&c, k == 0 ? &long_text : &name_of, m.value, at);
	}
}

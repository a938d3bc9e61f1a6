#include "core/resource/import_text.h"

#include "core/base/text.h"

static const char *const members[] = {
	"external_id",
	"sku",
	"name",
	"price",
	"sale_price",
	"sale_from",
	"sale_to",
	"compare_at_price",
	"cost_price",
	"currency",
	"inventory_count",
	"track_inventory",
	"allow_backorder",
	"low_stock_threshold",
	"min_quantity",
	"max_quantity",
	"quantity_step",
	"weight",
	"length",
	"width",
	"height",
	"barcode",
	"mpn",
	"published",
	"attributes",
	"metadata",
	"images",
	"options",
	"slug",
	"description",
	"tax_rate",
	"shipping_class",
	"source",
	"position",
	"brand",
	"tags",
	"categories",
	"condition",
	"listed",
	"seo_title",
	"seo_description",
	"variants",
	"tax_class",
	"related",
	"active_from",
	"active_to",
	"is_suspended",
	"status",
	"comments",
};

bool import_knows_member(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		if (str_is(name, members[i]))
			return true;
	return false;
}

void import_text_begin(struct import_text *t, struct arena *a, size_t bytes_max)
{
	*t = (struct import_text){ .arena = a,
				   .items = buf_new(a, 64 * 1024, bytes_max),
				   .slugs = buf_new(a, 4 * 1024, bytes_max) };
	t->slugs_out = json_out(&t->slugs);
	buf_addc(&t->items, '[');
	buf_addc(&t->slugs, '{');
}

static void add_slug(struct import_text *t, const struct json *name)
{
	if (json_kind(name) != JSON_STRING)
		return;
	json_key_str(&t->slugs_out, json_text(name));
	json_str(&t->slugs_out, text_slugify(t->arena, json_text(name)));
}

/* The slugs of the names in a path, or in paths: ["A", "B"], [["A", "B"], …]. */
static void add_slugs(struct import_text *t, const struct json *names)
{
	if (!names || json_kind(names) != JSON_ARRAY)
		return;
	for (size_t i = 0; i < json_count(names); i++)
		if (json_kind(json_item(names, i)) == JSON_ARRAY)
			add_slugs(t, json_item(names, i));
		else
			add_slug(t, json_item(names, i));
}

static bool is_ours(struct str name)
{
	return str_is(name, "made_slug") || str_is(name, "attributes_sent");
}

static void put_no_sale(struct json_out *o)
{
	static const char *const names[] = { "sale_price", "sale_from", "sale_to" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++) {
		json_key(o, names[i]);
		json_null(o);
	}
}

static void put_variants(struct import_text *t, struct json_out *o, const struct json *variants);

/*
 * The object as it goes to the database: jsonb there, which sorts members, so that attributes, whose order counts, are
 * there as text too. A product gets a slug of its name.
 */
static void put_object(struct import_text *t, struct json_out *o, const struct json *object, bool is_variant)
{
	json_open(o, '{');
	if (t->ends_sales && json_get(object, "price") && !json_get(object, "sale_price"))
		put_no_sale(o);
	if (!is_variant)
		json_put_str(o, "made_slug", text_slugify(t->arena, json_get_text(object, "name")));
	for (size_t i = 0; i < json_count(object); i++) {
		struct json_member m = json_member_at(object, i);

		if (is_ours(m.name))
			continue;
		if (!is_variant && str_is(m.name, "variants") && json_kind(m.value) == JSON_ARRAY) {
			put_variants(t, o, m.value);
			continue;
		}
		json_key_str(o, m.name);
		if (json_kind(m.value) == JSON_STRING) {
			json_str(o, text_trim(json_text(m.value)));
			continue;
		}
		struct str text = json_print(t->arena, m.value);
		json_raw(o, text);
		if (str_is(m.name, "attributes") && json_kind(m.value) == JSON_OBJECT && json_count(m.value) > 1)
			json_put_str(o, "attributes_sent", text);
	}
	json_close(o, '}');
}

static void put_variants(struct import_text *t, struct json_out *o, const struct json *variants)
{
	json_put_open(o, "variants", '[');
	for (size_t i = 0; i < json_count(variants); i++)
		if (json_kind(json_item(variants, i)) == JSON_OBJECT)
			put_object(t, o, json_item(variants, i), true);
		else
			json_raw(o, json_print(t->arena, json_item(variants, i)));
	json_close(o, ']');
}

static void add_object(struct import_text *t, const struct json *object)
{
	struct json_out o = { &t->items, t->items.n > 1 };

	put_object(t, &o, object, false);
}

void import_text_add_product(struct import_text *t, const struct json *object)
{
	add_slugs(t, json_get(object, "categories"));
	add_object(t, object);
}

void import_text_add_category(struct import_text *t, const struct json *object)
{
	add_slugs(t, json_get(object, "path"));
	add_object(t, object);
}

struct str import_text_items(struct import_text *t)
{
	buf_addc(&t->items, ']');
	return text_nfc(t->arena, buf_str(&t->items)); /* punctuation of JSON is composed with nothing */
}

struct str import_text_slugs(struct import_text *t)
{
	buf_addc(&t->slugs, '}');
	return buf_str(&t->slugs);
}

/* The products of dummyjson.com, and of what is made after it: an array, or an object with "products". */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"
#include "tools/catalogue-reader/object.h"

static bool knows(const void *json)
{
	const struct json *o = json;

	return json_kind(o) == JSON_OBJECT && object_cell(o, "title").text.n && object_get(o, "price") &&
	       object_get(o, "id") && (object_get(o, "stock") || object_get(o, "images"));
}

static void keys(struct keys *k UNUSED, const struct row *r UNUSED)
{
}

/* Members that the catalogue has none for, as attributes. */
static void read_attributes(struct group *g, struct item *it, const struct json *o)
{
	static const char *const members[][2] = {
		{ "warrantyInformation", "Warranty" },
		{ "shippingInformation", "Shipping" },
		{ "returnPolicy", "Returns" },
	};

	for (size_t i = 0; i < ARRAY_LEN(members); i++)
		pairs_add(g, &it->attributes, str_z(members[i][1]), object_cell(o, members[i][0]).text);
	pairs_add(g, &it->metadata, STR("discountPercentage"), object_cell(o, "discountPercentage").text);
}

static void read_list(struct group *g, struct item *it, const struct json *o)
{
	const struct json *tags = object_array(o, "tags"), *images = object_array(o, "images");

	for (size_t i = 0; tags && i < json_count(tags); i++)
		if (json_kind(json_item(tags, i)) == JSON_STRING)
			texts_add(g, &it->tags, json_text(json_item(tags, i)));
	for (size_t i = 0; images && i < json_count(images); i++)
		if (json_kind(json_item(images, i)) == JSON_STRING)
			item_image(g, it, json_text(json_item(images, i)), STR(""), 0);
	if (!it->images.n)
		item_image(g, it, object_cell(o, "thumbnail").text, STR(""), 0);
}

static void read(struct group *g)
{
	struct row *r = &g->rows[0];
	const struct json *o = object_of(g->arena, r), *sizes, *meta;
	struct item *it;

	if (!o) {
		report(g, r, REASON_json_invalid, REFUSED, STR(""), NULL);
		return;
	}
	it = item_new(g, r);
	sizes = object_inner(o, "dimensions");
	meta = object_inner(o, "meta");
	it->external_id = object_cell(o, "id").text;
	it->name = object_cell(o, "title").text;
	it->name_field = STR("title");
	it->description = object_cell(o, "description").text;
	it->brand = object_cell(o, "brand").text;
	item_category(g, it, object_cell(o, "category").text, " > ");
	item_sku(g, it, object_cell(o, "sku"));
	item_barcode(g, it, object_cell(meta, "barcode"));
	item_price(g, it, object_cell(o, "price"));
	item_weight(g, it, object_cell(o, "weight"), STR("kg"));
	it->width = item_length(g, it, object_cell(sizes, "width"), STR("cm"));
	it->height = item_length(g, it, object_cell(sizes, "height"), STR("cm"));
	it->length = item_length(g, it, object_cell(sizes, "depth"), STR("cm"));
	it->min_quantity = item_number(g, r, object_cell(o, "minimumOrderQuantity"), REASON_stock_not_a_number);
	if (item_count(g, it, object_cell(o, "stock")))
		it->stock = STOCK_COUNTED;
	read_list(g, it, o);
	read_attributes(g, it, o);
	item_finish(g, it);
}

const struct format format_dummyjson = {
	.name = "dummyjson",
	.family = "dummyjson",
	.kind = KIND_JSON,
	COLUMNS(object_columns),
	.knows = knows,
	.keys = keys,
	.read = read,
};

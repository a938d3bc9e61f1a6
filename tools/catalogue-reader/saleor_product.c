#include "core/base/text.h"
#include "tools/catalogue-reader/saleor.h"
#include "tools/catalogue-reader/world.h"

/* The next object of a model, from *at on, whose member has the value; NULL. */
static struct saleor_object *next(struct saleor *s, size_t *at, const char *model, const char *member, struct str value)
{
	while (*at < s->n) {
		struct saleor_object *o = &s->objects[(*at)++];

		if (o->fields && str_is(o->model, model) && str_eq(object_cell(o->fields, member).text, value))
			return o;
	}
	return NULL;
}

/* The paragraphs of an editor's document, which may stand as text or as an object. */
static struct str description_of(struct group *g, const struct json *fields)
{
	const struct json *v = object_get(fields, "description"), *blocks;
	struct buf b = buf_new(g->arena, 256, ROW_BYTES_MAX);
	struct error error = { 0 };

	if (v && json_kind(v) == JSON_STRING && json_parse(g->arena, json_text(v), &v, &error))
		return json_text(object_get(fields, "description"));
	blocks = object_array(v, "blocks");
	for (size_t i = 0; blocks && i < json_count(blocks); i++) {
		const struct json *data = object_inner(json_item(blocks, i), "data"),
				  *items = object_array(data, "items");
		struct str text = object_cell(data, "text").text;

		if (b.n && (text.n || items))
			buf_addc(&b, '\n');
		buf_add(&b, text);
		for (size_t k = 0; items && k < json_count(items); k++)
			if (json_kind(json_item(items, k)) == JSON_STRING)
				buf_printf(&b, "%s- %.*s", k ? "\n" : "", STR_ARG(json_text(json_item(items, k))));
	}
	return buf_str(&b);
}

/* "1.2:kg" */
static void read_weight(struct group *g, struct item *it, const struct json *fields)
{
	struct cell c = object_cell(fields, "weight");
	struct str unit = c.text;

	c.text = str_cut(&unit, ':');
	item_weight(g, it, c, unit);
}

/* A value of an attribute and the attribute's name, as keys() kept them. */
static bool value_of(struct group *g, struct str pk, struct str *name, struct str *value)
{
	const struct category *v = tree_find_id(g->world, str_fmt(g->arena, "v%.*s", STR_ARG(pk)));
	const struct category *a = v ? tree_find_id(g->world, v->parent) : NULL;

	if (!a)
		return false;
	*name = a->name;
	*value = v->name;
	return true;
}

static void read_media(struct saleor *s, struct item *it, struct str pk)
{
	static const char *const names[] = { "product.productmedia", "product.productimage" };

	for (size_t k = 0; k < ARRAY_LEN(names); k++)
		for (size_t at = 0;;) {
			struct saleor_object *o = next(s, &at, names[k], "product", pk);
			struct str file;
			int64_t position = 0;

			if (!o)
				break;
			file = object_cell(o->fields, "image").text;
			if (!str_to_int(object_cell(o->fields, "sort_order").text, &position))
				position = (int64_t)at;
			item_image(s->g, it, file.n ? file : object_cell(o->fields, "external_url").text,
				   object_cell(o->fields, "alt").text, position);
		}
	item_sort_images(it);
}

static void read_attributes(struct saleor *s, struct item *it, struct str pk)
{
	struct saleor_object *o;

	for (size_t at = 0; (o = next(s, &at, "attribute.assignedproductattributevalue", "product", pk));) {
		struct str name, value;

		if (value_of(s->g, object_cell(o->fields, "value").text, &name, &value))
			pairs_add(s->g, &it->attributes, name, value);
	}
}

/* In the channels of the file's currency: the first listing. */
static void read_price(struct saleor *s, struct item *it, struct str variant)
{
	struct saleor_object *o;

	it->price_field = STR("price_amount");
	for (size_t at = 0; (o = next(s, &at, "product.productvariantchannellisting", "variant", variant));) {
		struct str currency = object_cell(o->fields, "currency").text;
		struct cell price = object_cell(o->fields, "price_amount"),
			    sale = object_cell(o->fields, "discounted_price_amount");
		struct item other = { .row = it->row };

		if (!str_eq(currency, s->g->world->currency)) {
			item_price(s->g, &other, price);
			if (other.price_state == PRICE_GIVEN)
				pairs_add(s->g, &it->prices, currency, money_text(s->g->arena, other.price));
			continue;
		}
		if (it->price_state != PRICE_NONE)
			continue;
		item_price(s->g, it, price);
		it->currency = currency;
		item_sale(s->g, it, sale);
		/* Without a discount it is the price. */
		if (it->sale == it->price)
			it->sale = NO_DECIMAL;
		item_cost(s->g, it, object_cell(o->fields, "cost_price_amount"));
	}
}

static void read_stock(struct saleor *s, struct item *it, const struct saleor_object *variant)
{
	struct saleor_object *o;
	int64_t quantity;

	it->stock = object_truth(variant->fields, "track_inventory") == 0 ? STOCK_UNTRACKED : STOCK_COUNTED;
	for (size_t at = 0; (o = next(s, &at, "warehouse.stock", "product_variant", variant->pk));)
		if (str_to_int(object_cell(o->fields, "quantity").text, &quantity) && quantity < 1000000000)
			it->count += quantity;
}

static void read_sold(struct saleor *s, struct item *it, const struct saleor_object *variant)
{
	item_sku(s->g, it, object_cell(variant->fields, "sku"));
	read_price(s, it, variant->pk);
	read_stock(s, it, variant);
}

/* The attributes that are assigned to a variant, as options; false: none. */
static bool read_options(struct saleor *s, struct item *product, struct item *it, struct str variant)
{
	struct saleor_object *assignment, *o;
	struct str name, value;
	bool any = false;

	for (size_t at = 0; (assignment = next(s, &at, "attribute.assignedvariantattribute", "variant", variant));)
		for (size_t k = 0;
		     (o = next(s, &k, "attribute.assignedvariantattributevalue", "assignment", assignment->pk));)
			if (value_of(s->g, object_cell(o->fields, "value").text, &name, &value)) {
				item_value(s->g, product, it, item_option(s->g, product, name), value);
				any = true;
			}
	return any;
}

static void read_variants(struct saleor *s, struct item *product, struct str pk)
{
	struct saleor_object *o;

	for (size_t at = 0; (o = next(s, &at, "product.productvariant", "product", pk));) {
		struct item *it = item_variant(s->g, product, o->row);
		struct str name = object_cell(o->fields, "name").text;

		it->external_id = o->pk;
		if (!read_options(s, product, it, o->pk))
			item_value(s->g, product, it, item_option(s->g, product, STR("Variant")),
				   name.n ? name : object_cell(o->fields, "sku").text);
		read_sold(s, it, o);
		read_weight(s->g, it, o->fields);
		if (it->weight == NO_DECIMAL)
			it->weight = product->weight;
	}
}

/* The only variant of a product that has no options: the product is sold as it is. NULL: it has options. */
static struct saleor_object *only_variant(struct saleor *s, struct str pk)
{
	size_t at = 0, of_assignments = 0;
	struct saleor_object *first = next(s, &at, "product.productvariant", "product", pk);

	if (!first || next(s, &at, "product.productvariant", "product", pk) ||
	    next(s, &of_assignments, "attribute.assignedvariantattribute", "variant", first->pk))
		return NULL;
	return first;
}

static void read_listing(struct saleor *s, struct item *it, struct str pk)
{
	size_t at = 0;
	struct saleor_object *o = next(s, &at, "product.productchannellisting", "product", pk);

	it->published = o ? object_truth(o->fields, "is_published") == 1 : 0;
	if (o && object_truth(o->fields, "visible_in_listings") == 0)
		it->listed = 0;
}

void saleor_read_product(struct saleor *s, struct saleor_object *from)
{
	struct group *g = s->g;
	struct item *it = item_new(g, from->row);
	struct str category = object_cell(from->fields, "category").text;
	const struct category *c = tree_find_id(g->world, str_fmt(g->arena, "c%.*s", STR_ARG(category)));
	struct saleor_object *only = only_variant(s, from->pk);
	bool missing;

	it->external_id = it->slug = object_cell(from->fields, "slug").text;
	it->name = object_cell(from->fields, "name").text;
	it->name_field = STR("name");
	it->description = description_of(g, from->fields);
	it->seo_title = object_cell(from->fields, "seo_title").text;
	it->seo_description = object_cell(from->fields, "seo_description").text;
	if (c)
		item_category_path(g, it, tree_path(g, c, &missing));
	read_weight(g, it, from->fields);
	read_media(s, it, from->pk);
	read_attributes(s, it, from->pk);
	read_listing(s, it, from->pk);
	if (only) {
		read_sold(s, it, only);
		if (it->weight == NO_DECIMAL)
			read_weight(g, it, only->fields);
	} else {
		read_variants(s, it, from->pk);
	}
	it->price_field = STR("price_amount");
	item_finish(g, it);
}

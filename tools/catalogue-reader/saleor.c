/*
 * Saleor's database as its command dumpdata writes it: objects of models, joined by their primary keys. A product comes
 * with its variants, their prices in the channels of one currency, stock of all warehouses, and media.
 */
#include "tools/catalogue-reader/saleor.h"

#include "core/base/text.h"
#include "tools/catalogue-reader/world.h"

static bool knows(const void *json)
{
	const struct json *o = json;

	return json_kind(o) == JSON_OBJECT && object_cell(o, "model").text.n && object_get(o, "pk") &&
	       object_inner(o, "fields");
}

/* The models that products are made of, and the members by which they hang together. */
static const struct {
	const char *model;
	char kind;          /* of its own key; 0: nothing refers to it */
	const char *refers; /* the member with the key of another */
	char to;            /* the kind of that key */
} models[] = {
	{ "product.product", 'p', NULL, 0 },
	{ "product.productvariant", 'v', "product", 'p' },
	{ "product.productchannellisting", 0, "product", 'p' },
	{ "product.productvariantchannellisting", 0, "variant", 'v' },
	{ "product.productmedia", 0, "product", 'p' },
	{ "product.productimage", 0, "product", 'p' },
	{ "product.variantmedia", 0, "variant", 'v' },
	{ "warehouse.stock", 0, "product_variant", 'v' },
	{ "attribute.assignedproductattributevalue", 0, "product", 'p' },
	{ "attribute.assignedvariantattribute", 'a', "variant", 'v' },
	{ "attribute.assignedvariantattributevalue", 0, "assignment", 'a' },
};

/* What products refer to is kept by its key: categories, attributes and their values. */
static void keep_names(struct world *w, struct arena *a, struct str model, struct str pk, const struct json *fields)
{
	bool value = str_is(model, "attribute.attributevalue"), attribute = str_is(model, "attribute.attribute");

	if (str_is(model, "product.category"))
		tree_add(w,
			 (struct category){ str_fmt(a, "c%.*s", STR_ARG(pk)), object_cell(fields, "name").text,
					    object_cell(fields, "parent").text.n
						    ? str_fmt(a, "c%.*s", STR_ARG(object_cell(fields, "parent").text))
						    : STR_NULL,
					    false });
	else if (attribute || value)
		tree_add(w,
			 (struct category){
				 str_fmt(a, "%c%.*s", value ? 'v' : 'a', STR_ARG(pk)), object_cell(fields, "name").text,
				 value ? str_fmt(a, "a%.*s", STR_ARG(object_cell(fields, "attribute").text)) : STR_NULL,
				 false });
}

static void keys(struct keys *k, const struct row *r)
{
	struct arena a;
	const struct json *o, *fields;
	struct str model, pk;

	arena_init(&a, 8 * ROW_BYTES_MAX);
	o = object_of(&a, r);
	fields = object_inner(o, "fields");
	model = object_cell(o, "model").text;
	pk = object_cell(o, "pk").text;
	keep_names(k->world, &a, model, pk, fields);
	for (size_t i = 0; i < ARRAY_LEN(models); i++) {
		if (!str_is(model, models[i].model))
			continue;
		if (models[i].kind)
			key_add(k, models[i].kind, pk);
		if (models[i].refers)
			key_add(k, models[i].to, object_cell(fields, models[i].refers).text);
	}
	if (str_is(model, "product.productvariantchannellisting") && object_cell(fields, "price_amount").text.n)
		key_currency(k, object_cell(fields, "currency").text);
	arena_free(&a);
}

static void read(struct group *g)
{
	struct saleor s = { .g = g };
	bool any = false;

	s.objects = arena_calloc(g->arena, g->rows_n, sizeof *s.objects);
	for (size_t i = 0; i < g->rows_n; i++) {
		const struct json *o = object_of(g->arena, &g->rows[i]);
		struct saleor_object *to = &s.objects[i];

		if (!o) {
			report(g, &g->rows[i], REASON_json_invalid, REFUSED, STR(""), NULL);
			continue;
		}
		*to = (struct saleor_object){ object_cell(o, "model").text, object_cell(o, "pk").text,
					      object_inner(o, "fields"), &g->rows[i] };
		s.n = i + 1;
	}
	for (size_t i = 0; i < s.n; i++)
		if (s.objects[i].fields && str_is(s.objects[i].model, "product.product")) {
			saleor_read_product(&s, &s.objects[i]);
			any = true;
		}
	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];
		bool belongs = false;

		for (size_t k = 0; k < ARRAY_LEN(models) && !any; k++)
			belongs = belongs || str_is(s.objects[i].model, models[k].model);
		if (belongs)
			report(g, r, REASON_parent_missing, REFUSED, STR(""), NULL);
		/* Channels, types, accounts, orders: not of a catalogue, or read with the products. */
		r->used = true;
	}
}

const struct format format_saleor = {
	.name = "saleor",
	.family = "saleor",
	.kind = KIND_JSON,
	COLUMNS(object_columns),
	.knows = knows,
	.keys = keys,
	.read = read,
};

/*
 * Objects of a catalogue as catalogue_import() takes them: a JSON array of
 * them, each with a slug of its name and its attributes as they were sent, and
 * an object with a slug of each name of a category. The database makes no slugs.
 */
#ifndef CGISHOP_RESOURCE_IMPORT_TEXT_H
#define CGISHOP_RESOURCE_IMPORT_TEXT_H

#include "core/base/json_out.h"
#include "core/json/json.h"

struct import_text {
	struct arena *arena;
	struct buf items, slugs;
	struct json_out slugs_out;
	bool ends_sales; /* an object with a price and without a sale price has no sale, as in the files of other shops
			  */
};

/* May a product, or a variant, have a member of that name? */
bool import_knows_member(struct str name);
/* Nothing yet; the arena is borrowed. */
void import_text_begin(struct import_text *t, struct arena *a, size_t bytes_max);
/* A product. */
void import_text_add_product(struct import_text *t, const struct json *object);
/* What describes a category, by the names of its path. */
void import_text_add_category(struct import_text *t, const struct json *object);
/* The array, in Unicode's composed form, and the slugs. items.overflow: it was too much. */
struct str import_text_items(struct import_text *t);
struct str import_text_slugs(struct import_text *t);

#endif

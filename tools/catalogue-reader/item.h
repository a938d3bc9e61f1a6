/*
 * Products and variants as the catalogue has them: what a format's reader fills, and item_finish() checks and writes.
 */
#ifndef CGISHOP_CATALOGUE_READER_ITEM_H
#define CGISHOP_CATALOGUE_READER_ITEM_H

#include "core/base/arena.h"
#include "tools/catalogue-reader/number.h"
#include "tools/catalogue-reader/report.h"
#include "tools/catalogue-reader/row.h"

struct json;

enum {
	OPTIONS_MAX = 6,
	VALUES_MAX = 255,
	VARIANTS_MAX = 2000,
	CATEGORIES_MAX = 50,
	LEVELS_MAX = 10,
	TAGS_MAX = 50,
	IMAGES_MAX = 250,
};

struct texts {
	struct str *p;
	size_t n, room;
};

struct pair {
	struct str name, value;
};

struct pairs {
	struct pair *p;
	size_t n, room;
};

struct paths {
	struct texts *p;
	size_t n, room;
};

struct image {
	struct str url, alt;
	int64_t position;
};

struct images {
	struct image *p;
	size_t n, room;
};

struct choice {
	struct str name;
	struct texts values;
};

enum stock_policy { STOCK_UNKNOWN, STOCK_COUNTED, STOCK_BACKORDER, STOCK_UNTRACKED, STOCK_UNAVAILABLE };

enum price_state { PRICE_NONE, PRICE_GIVEN, PRICE_MALFORMED };

struct item {
	struct row *row; /* where it is from */
	struct str name, external_id, slug, sku, barcode, mpn, description, short_description, brand, condition;
	struct str seo_title, seo_description, currency, kind, status;
	struct str sale_from, sale_to;
	struct str price_field, sale_field, sku_field, name_field;
	decimal price, sale, cost, weight, length, width, height;
	enum price_state price_state;
	enum stock_policy stock;
	int64_t count;
	decimal low_stock, min_quantity, max_quantity, quantity_step;
	int published, listed; /* 1, 0; -1: not given */
	bool is_default;
	struct texts tags;
	struct paths categories;
	struct images images;
	struct pairs attributes, metadata, names, prices;
	struct choice options[OPTIONS_MAX + 1]; /* of a product, in order */
	size_t options_n;
	struct str values[OPTIONS_MAX + 1]; /* of a variant, in the order of options */
	struct item **variants;
	size_t variants_n, variants_room;
	bool dropped;
};

/* The rows of a group, and what is made of them; in an arena that is released after it. */
struct group {
	struct world *world;
	struct arena *arena;
	struct row *rows;
	size_t rows_n;
	struct reported *reports;
	size_t reports_n, reports_room;
	size_t written; /* products */
};

/* A product, or a variant of one. The row counts as used. */
struct item *item_new(struct group *g, struct row *r);
struct item *item_variant(struct group *g, struct item *product, struct row *r);
/* Check it, with its variants, and write its line, or report why not. */
void item_finish(struct group *g, struct item *product);
/* The steps of that, for what writes its line itself. Reported, and dropped if it cannot stay: too many options, values
 * or variants; a SKU that an earlier row has. */
void item_check_options(struct group *g, struct item *product);
void item_check_sku(struct group *g, struct item *it);
/* Images that are no URLs are reported. */
void item_check_images(struct group *g, struct item *it);
/* Count it, and its variants that are not dropped, as written. */
void item_count_written(struct item *product);
/* Its texts without characters that no one sees. */
void item_clean(struct group *g, struct item *it);
/* Its texts as long as the catalogue takes them: limits.c. */
void item_limit(struct group *g, struct item *it);
/* The line of a checked product: item_write.c. */
void item_write(struct group *g, struct item *product);

void texts_add(struct group *g, struct texts *t, struct str s);
/* The parts of a list, trimmed, without empty ones, added; a separator after a backslash is part of a text. */
void texts_split(struct group *g, struct texts *t, struct str list, char separator);
struct str texts_join(struct group *g, const struct texts *t, const char *separator);
/* Nothing is added without a name or a value. */
void pairs_add(struct group *g, struct pairs *p, struct str name, struct str value);
/* A path of categories: "A > B", separated by `separator`; a backslash before a comma goes. */
void item_category(struct group *g, struct item *it, struct str path, const char *separator);
void item_category_path(struct group *g, struct item *it, struct texts path);
void item_image(struct group *g, struct item *it, struct str url, struct str alt, int64_t position);
/* Images of a list. */
void item_images(struct group *g, struct item *it, struct str list, char separator);
/* By their positions. */
void item_sort_images(struct item *it);

/* The option of that name, made if missing; OPTIONS_MAX + 1 are kept, so that too many are noticed. Its position. */
size_t item_option(struct group *g, struct item *product, struct str name);
/* A variant's value of the option at that position. */
void item_value(struct group *g, struct item *product, struct item *variant, size_t option, struct str value);
/* The variants of all combinations of the options' values, beside row `r`; false: too many. */
bool item_combine(struct group *g, struct item *product, struct row *r);

/* Cells into members: read, checked, and reported under their column's name. */
void item_sku(struct group *g, struct item *it, struct cell c);
void item_barcode(struct group *g, struct item *it, struct cell c);
void item_price(struct group *g, struct item *it, struct cell c);
void item_sale(struct group *g, struct item *it, struct cell c);
/* A former price: if it is above the price, it is the regular price, and the price that of a sale. */
void item_compare_at(struct group *g, struct item *it, struct cell c);
void item_cost(struct group *g, struct item *it, struct cell c);
/* A discount from the price: percent, or an amount. After the price. */
void item_discount(struct group *g, struct item *it, struct cell percent, struct cell amount);
/* A number, reported if it cannot be read; NO_DECIMAL then, and for an empty cell. */
decimal item_number(struct group *g, struct row *r, struct cell c, enum reason wrong);
void item_weight(struct group *g, struct item *it, struct cell c, struct str unit);
decimal item_length(struct group *g, struct item *it, struct cell c, struct str unit);
/* A number of pieces. False if the cell is empty or no number, which is reported, as 0 then. */
bool item_count(struct group *g, struct item *it, struct cell c);
void item_sale_dates(struct group *g, struct item *it, struct cell from, struct cell to);
void item_condition(struct item *it, struct str condition);

#endif

/*
 * cgishop's own CSV, as `shopctl export --format csv` writes it: a row for a product, and behind it one for each of its
 * variants, which have its handle and an option's value or a position. What is in a cell is taken as it is, or the row
 * is refused: nothing of a file that was not changed may come back differently.
 */
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/json/json.h"
#include "tools/catalogue-reader/cgishop_cells.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/world.h"

enum {
	NO_COLUMN,
#define COLUMN(id, name, kind) id,
#include "tools/catalogue-reader/cgishop_columns.def"
#undef COLUMN
};

static const struct column columns[] = {
#define COLUMN(id, name, kind) { id, name },
#include "tools/catalogue-reader/cgishop_columns.def"
#undef COLUMN
};

static const struct {
	unsigned column;
	enum cell_kind kind;
	const char *name;
} members[] = {
#define COLUMN(id, name, kind) { id, kind, name },
#include "tools/catalogue-reader/cgishop_columns.def"
#undef COLUMN
};

static void keys(struct keys *k, const struct row *r)
{
	key_add(k, 'h', row_get(r, HANDLE));
}

static void refuse(struct group *g, struct row *r, struct cell c)
{
	report(g, r, REASON_value_not_read, REFUSED, c.field, "%.*s", (int)(c.text.n < 100 ? c.text.n : 100), c.text.p);
}

static void put_images(struct group *g, struct json_out *o, struct row *r)
{
	struct item *it = item_new(g, r);
	struct cell urls = row_cell(r, IMAGES), alts = row_cell(r, IMAGE_ALT_TEXTS);

	while (urls.text.n) {
		struct str alt = cell_next(g, &alts.text, ',');
		if (!text_is_plain(alt, ONE_LINE))
			refuse(g, r, row_cell(r, IMAGE_ALT_TEXTS));
		item_image(g, it, str_cut(&urls.text, ' '), alt, 0);
	}
	item_check_images(g, it);
	line_put_images(o, &it->images);
}

/* What products and variants have, as members of the open object. False: the row is refused. */
static bool put_members(struct group *g, struct json_out *o, struct row *r)
{
	for (size_t i = 0; i < ARRAY_LEN(members) && !r->refused; i++) {
		struct cell c = row_cell(r, members[i].column);

		if (members[i].kind == OTHER || !c.text.n)
			continue;
		json_key(o, members[i].name);
		if (!cell_put(g, o, r, members[i].kind, c))
			refuse(g, r, c);
	}
	put_images(g, o, r);
	if (r->shape == ROW_LONG)
		report(g, r, REASON_row_long, REFUSED, STR(""), NULL);
	line_put_source(o, r);
	return !r->refused;
}

static bool is_variant(const struct row *r)
{
	if (row_get(r, POSITION).n)
		return true;
	for (unsigned i = 1; i <= OPTIONS_MAX; i++)
		if (row_get_n(r, OPTION_VALUE, i).n)
			return true;
	return false;
}

/* The options that the product's cell has: [{"name": "Size", "values": ["S", "M"]}]. */
static void read_options(struct group *g, struct item *product, struct row *r)
{
	struct cell c = row_cell(r, OPTIONS);
	const struct json *list;
	struct error error = { 0 };

	if (!c.text.n)
		return;
	if (json_parse(g->arena, c.text, &list, &error) || json_kind(list) != JSON_ARRAY) {
		refuse(g, r, c);
		return;
	}
	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *option = json_item(list, i), *values;

		values = json_kind(option) == JSON_OBJECT ? json_get(option, "values") : NULL;
		if (!values || json_kind(values) != JSON_ARRAY || !json_get_text(option, "name").n) {
			refuse(g, r, c);
			return;
		}
		size_t at = item_option(g, product, json_get_text(option, "name"));
		for (size_t k = 0; k < json_count(values); k++)
			if (json_kind(json_item(values, k)) == JSON_STRING)
				item_value(g, product, product, at, json_text(json_item(values, k)));
	}
}

/* What a variant has of each option; its values join those of the product. */
static void read_values(struct group *g, struct item *product, struct item *variant)
{
	struct row *r = variant->row;

	for (unsigned i = 1; i <= OPTIONS_MAX; i++) {
		struct cell name = row_cell_n(r, OPTION_NAME, i), value = row_cell_n(r, OPTION_VALUE, i);

		if (!name.text.n)
			name = row_cell_n(product->row, OPTION_NAME, i);
		if (value.text.n && (!name.text.n || !text_is_plain(name.text, ONE_LINE)))
			refuse(g, r, name);
		else if (value.text.n && !text_is_plain(value.text, ONE_LINE))
			refuse(g, r, value);
		else if (value.text.n)
			item_value(g, product, variant, item_option(g, product, name.text), value.text);
	}
}

static bool put_variant(struct group *g, struct json_out *o, const struct item *product, struct item *variant)
{
	struct row *r = variant->row;
	struct cell position = row_cell(r, POSITION);

	json_open(o, '{');
	json_put_open(o, "options", '{');
	for (size_t i = 0; i < product->options_n; i++)
		if (variant->values[i].n) {
			json_key_str(o, product->options[i].name);
			json_str(o, variant->values[i]);
		}
	json_close(o, '}');
	if (position.text.n) {
		json_key(o, "position");
		if (!cell_put(g, o, r, WHOLE, position))
			refuse(g, r, position);
	}
	put_members(g, o, r);
	json_close(o, '}');
	return !r->refused;
}

/* False: there are some, and none can stay. */
static bool put_variants(struct group *g, struct json_out *o, struct item *product)
{
	size_t kept = 0;

	if (!product->variants_n)
		return true;
	json_put_open(o, "variants", '[');
	for (size_t i = 0; i < product->variants_n; i++) {
		struct item *variant = product->variants[i];
		size_t before = o->buf->n;
		bool comma = o->comma;

		item_sku(g, variant, row_cell(variant->row, SKU));
		if (!variant->row->refused)
			item_check_sku(g, variant);
		if (!variant->row->refused && put_variant(g, o, product, variant)) {
			kept++;
			continue;
		}
		variant->dropped = true;
		o->buf->n = before;
		o->comma = comma;
	}
	json_close(o, ']');
	return kept > 0;
}

/* The row that stands for a product without one of its own is a variant's, which is refused alone. */
static bool is_refused(const struct item *product)
{
	return product->dropped || (product->row->refused && !is_variant(product->row));
}

/* What only products have. */
static void put_product(struct group *g, struct json_out *o, struct item *product)
{
	struct row *r = product->row;
	struct cell categories = row_cell(r, CATEGORIES);

	item_sku(g, product, row_cell(r, SKU));
	item_check_sku(g, product);
	if (categories.text.n) {
		json_key(o, "categories");
		if (!cell_put(g, o, r, PATHS, categories))
			refuse(g, r, categories);
	}
	put_members(g, o, r);
}

/* Of a product whose own row is not in the file its handle alone. False: it, or all of its variants, are refused. */
static bool write_product(struct group *g, struct item *product)
{
	struct row *r = product->row;
	struct buf b = buf_new(g->arena, 4096, OUT_BYTES_MAX / 2);
	struct json_out o = json_out(&b);
	bool has_some;

	json_open(&o, '{');
	line_put_text(&o, "slug", row_get(r, HANDLE));
	if (is_variant(r))
		line_put_source(&o, r);
	else
		put_product(g, &o, product);
	if (product->options_n)
		line_put_options(&o, product);
	has_some = put_variants(g, &o, product);
	if (!has_some && !is_variant(r))
		report(g, r, REASON_no_variants, REFUSED, STR(""), NULL);
	json_close(&o, '}');
	if (b.overflow)
		report(g, r, REASON_row_too_long, REFUSED, STR(""), NULL);
	if (!has_some || b.overflow || is_refused(product))
		return false;
	buf_add(&g->world->out, buf_str(&b));
	buf_addc(&g->world->out, '\n');
	world_flush(g->world, false);
	item_count_written(product);
	g->written++;
	return true;
}

/* The row of the product, and the others as its variants. */
static struct item *read_rows(struct group *g)
{
	struct row *own = NULL;
	struct item *product;

	for (size_t i = 0; i < g->rows_n; i++) {
		struct row *r = &g->rows[i];

		if (is_variant(r))
			continue;
		if (own)
			report(g, r, REASON_duplicate_row, REFUSED, row_cell(r, HANDLE).field,
			       "same handle as record %u", own->record);
		else
			own = r;
	}
	product = item_new(g, own ? own : &g->rows[0]);
	if (own)
		read_options(g, product, own);
	for (size_t i = 0; i < g->rows_n; i++)
		if (is_variant(&g->rows[i]) && !g->rows[i].refused)
			read_values(g, product, item_variant(g, product, &g->rows[i]));
	return product;
}

static void read(struct group *g)
{
	struct cell handle = row_cell(&g->rows[0], HANDLE);
	struct item *product = read_rows(g);

	if (handle.text.n && !text_is_slug(handle.text))
		refuse(g, product->row, handle);
	else if (is_variant(product->row) && !handle.text.n)
		report(g, product->row, REASON_parent_missing, REFUSED, STR("handle"), NULL);
	item_check_options(g, product);
	if (!is_refused(product) && write_product(g, product))
		return;
	for (size_t i = 0; i < product->variants_n; i++)
		report(g, product->variants[i]->row, REASON_product_refused, REFUSED, STR(""), "with record %u",
		       product->row->record);
}

const struct format format_cgishop_table = {
	.name = "cgishop_table",
	.family = "cgishop_table",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { HANDLE, SKU, NAME, TRACK_INVENTORY },
	.keys = keys,
	.read = read,
};

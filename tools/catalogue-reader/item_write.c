/* A product as a line of JSON, named as in the API. */
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/world.h"

void line_put_text(struct json_out *o, const char *name, struct str s)
{
	if (s.n)
		json_put_str(o, name, s);
}

void line_put_source(struct json_out *o, const struct row *r)
{
	json_put_open(o, "source", '{');
	json_put_strz(o, "file", r->source->name);
	json_put_int(o, "record", r->record);
	if (r->line)
		json_put_int(o, "line", r->line);
	json_close(o, '}');
}

static void put_decimal(struct group *g, struct json_out *o, const char *name, decimal d)
{
	if (d != NO_DECIMAL)
		json_put_str(o, name, decimal_text(g->arena, d));
}

static void put_money(struct group *g, struct json_out *o, const char *name, decimal d)
{
	if (d != NO_DECIMAL)
		json_put_str(o, name, money_text(g->arena, d));
}

static void put_whole(struct json_out *o, const char *name, decimal d)
{
	if (d != NO_DECIMAL)
		json_put_int(o, name, d / DECIMAL_ONE);
}

static void put_truth(struct json_out *o, const char *name, int truth)
{
	if (truth >= 0)
		json_put_bool(o, name, truth);
}

static void put_pairs(struct json_out *o, const char *name, const struct pairs *p)
{
	if (!p->n)
		return;
	json_put_open(o, name, '{');
	for (size_t i = 0; i < p->n; i++)
		if (p->p[i].name.n) {
			json_key_str(o, p->p[i].name);
			json_str(o, p->p[i].value);
		}
	json_close(o, '}');
}

static void put_texts(struct json_out *o, const struct texts *t)
{
	json_open(o, '[');
	for (size_t i = 0; i < t->n; i++)
		if (t->p[i].n)
			json_str(o, t->p[i]);
	json_close(o, ']');
}

/* What the catalogue has no member for is for staff to see. */
static void put_metadata(struct json_out *o, const struct item *it)
{
	if (!it->metadata.n && !it->names.n && !it->prices.n && !it->kind.n && !it->status.n &&
	    !it->short_description.n && !it->is_default)
		return;
	json_put_open(o, "metadata", '{');
	line_put_text(o, "kind", it->kind);
	line_put_text(o, "status", it->status);
	line_put_text(o, "short_description", it->short_description);
	if (it->is_default)
		json_put_bool(o, "default", true);
	put_pairs(o, "names", &it->names);
	put_pairs(o, "prices", &it->prices);
	for (size_t i = 0; i < it->metadata.n; i++) {
		json_key_str(o, it->metadata.p[i].name);
		json_str(o, it->metadata.p[i].value);
	}
	json_close(o, '}');
}

static void put_stock(struct json_out *o, const struct item *it)
{
	if (it->stock == STOCK_UNKNOWN)
		return;
	json_put_bool(o, "track_inventory", it->stock != STOCK_UNTRACKED);
	if (it->stock == STOCK_UNTRACKED)
		return;
	json_put_bool(o, "allow_backorder", it->stock == STOCK_BACKORDER);
	json_put_int(o, "inventory_count", it->stock == STOCK_UNAVAILABLE ? 0 : it->count);
	put_whole(o, "low_stock_threshold", it->low_stock);
}

void line_put_images(struct json_out *o, const struct images *images)
{
	if (!images->n)
		return;
	json_put_open(o, "images", '[');
	for (size_t i = 0; i < images->n; i++) {
		json_open(o, '{');
		json_put_str(o, "url", images->p[i].url);
		line_put_text(o, "alt_text", images->p[i].alt);
		json_close(o, '}');
	}
	json_close(o, ']');
}

/* What products and variants have. */
static void put_common(struct group *g, struct json_out *o, const struct item *it, bool sold)
{
	line_put_text(o, "external_id", it->external_id);
	line_put_text(o, "sku", it->sku);
	line_put_text(o, "name", it->name);
	if (sold) {
		put_money(g, o, "price", it->price);
		put_money(g, o, "sale_price", it->sale);
		line_put_text(o, "sale_from", it->sale_from);
		line_put_text(o, "sale_to", it->sale_to);
		put_money(g, o, "cost_price", it->cost);
		line_put_text(o, "currency", it->currency);
		put_stock(o, it);
		put_whole(o, "min_quantity", it->min_quantity);
		put_whole(o, "max_quantity", it->max_quantity);
		put_whole(o, "quantity_step", it->quantity_step);
	}
	put_decimal(g, o, "weight", it->weight);
	put_decimal(g, o, "length", it->length);
	put_decimal(g, o, "width", it->width);
	put_decimal(g, o, "height", it->height);
	if (sold) {
		line_put_text(o, "barcode", it->barcode);
		line_put_text(o, "mpn", it->mpn);
	}
	put_truth(o, "published", it->published);
	put_pairs(o, "attributes", &it->attributes);
	put_metadata(o, it);
	line_put_images(o, &it->images);
}

void line_put_options(struct json_out *o, const struct item *it)
{
	if (!it->options_n)
		return;
	json_put_open(o, "options", '[');
	for (size_t i = 0; i < it->options_n; i++) {
		json_open(o, '{');
		json_put_str(o, "name", it->options[i].name);
		json_key(o, "values");
		put_texts(o, &it->options[i].values);
		json_close(o, '}');
	}
	json_close(o, ']');
}

static void put_variants(struct group *g, struct json_out *o, const struct item *product)
{
	json_put_open(o, "variants", '[');
	for (size_t i = 0; i < product->variants_n; i++) {
		const struct item *variant = product->variants[i];

		if (variant->dropped)
			continue;
		json_open(o, '{');
		put_common(g, o, variant, true);
		json_put_open(o, "options", '{');
		for (size_t k = 0; k < product->options_n; k++) {
			json_key_str(o, product->options[k].name);
			json_str(o, variant->values[k]);
		}
		json_close(o, '}');
		line_put_source(o, variant->row);
		json_close(o, '}');
	}
	json_close(o, ']');
}

void item_write(struct group *g, struct item *product)
{
	struct json_out o = json_out(&g->world->out);

	json_open(&o, '{');
	put_common(g, &o, product, !product->variants_n);
	if (text_is_slug(product->slug))
		json_put_str(&o, "slug", product->slug);
	line_put_text(&o, "description", product->description);
	line_put_text(&o, "brand", product->brand);
	if (product->tags.n) {
		json_key(&o, "tags");
		put_texts(&o, &product->tags);
	}
	if (product->categories.n) {
		json_put_open(&o, "categories", '[');
		for (size_t i = 0; i < product->categories.n; i++)
			put_texts(&o, &product->categories.p[i]);
		json_close(&o, ']');
	}
	line_put_text(&o, "condition", product->condition);
	put_truth(&o, "listed", product->listed);
	line_put_text(&o, "seo_title", product->seo_title);
	line_put_text(&o, "seo_description", product->seo_description);
	line_put_options(&o, product);
	if (product->variants_n)
		put_variants(g, &o, product);
	line_put_source(&o, product->row);
	json_close(&o, '}');
	buf_addc(&g->world->out, '\n');
	world_flush(g->world, false);
}

/* The checks of a product and its variants. */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/world.h"

/* The row and what is made of it are not taken in. */
static void refuse(struct group *g, struct item *it, enum reason reason, struct str field)
{
	if (it->row->shape == ROW_SHORT && reason == REASON_no_price)
		report(g, it->row, REASON_row_short, REFUSED, field, "%zu of %zu cells", it->row->cells_n,
		       it->row->source->headers_n);
	else
		report(g, it->row, reason, REFUSED, field, NULL);
	it->dropped = true;
}

/* Without a price it stays out, or comes in unpublished. */
static void without_price(struct group *g, struct item *it, enum reason reason)
{
	if (!g->world->options.no_price_draft || (reason != REASON_no_price && reason != REASON_price_zero)) {
		refuse(g, it, reason, it->price_field);
		return;
	}
	report(g, it->row, reason, CHANGED, it->price_field, "kept unpublished");
	it->price = it->sale = NO_DECIMAL;
	it->published = 0;
}

static void check_currency(struct group *g, struct item *it)
{
	struct str currency = g->world->currency;

	if (!currency.n)
		return;
	if (!it->currency.n) {
		report(g, it->row, REASON_currency_missing, NOTED, it->price_field, "%.*s", STR_ARG(currency));
		it->currency = currency;
	} else if (!str_eq(it->currency, currency)) {
		report(g, it->row, REASON_currency_mixed, REFUSED, it->price_field, "%.*s in a file of %.*s",
		       STR_ARG(it->currency), STR_ARG(currency));
		it->dropped = true;
	}
}

static void check_price(struct group *g, struct item *it)
{
	struct source *s = it->row->source;

	if (it->price_state == PRICE_NONE && !it->price_field.n && s->format->kind == KIND_CSV) {
		report_file(g->world, s, REASON_column_missing, STR("price"), "no price in the whole file");
	} else if (it->price_state == PRICE_NONE) {
		without_price(g, it, REASON_no_price);
	} else if (it->price_state == PRICE_MALFORMED) {
		without_price(g, it, REASON_price_not_a_number);
	} else if (it->price < 0) {
		without_price(g, it, REASON_price_negative);
	} else if (it->price == 0) {
		without_price(g, it, REASON_price_zero);
	} else {
		check_currency(g, it);
	}
}

static void check_sale(struct group *g, struct item *it)
{
	if (it->sale != NO_DECIMAL && it->price != NO_DECIMAL && (it->sale >= it->price || it->sale < 0)) {
		report(g, it->row, REASON_sale_not_below_regular, CHANGED, it->sale_field, NULL);
		it->sale = NO_DECIMAL;
	}
	if (it->sale == NO_DECIMAL)
		it->sale_from = it->sale_to = STR_NULL;
}

/* True: an earlier row of any file has the SKU, and *slot says which. */
static bool sku_taken(struct group *g, struct item *it, struct hash_slot *slot)
{
	struct hash_slot *known = hash_slot(&g->world->skus, hash_of('s', it->sku));

	*slot = *known;
	if (known->value)
		return true;
	known->value = 1 + it->row->source->index;
	known->more = it->row->record;
	return false;
}

static void check_sku(struct group *g, struct item *it, bool shares_row)
{
	struct hash_slot slot;
	const struct source *first;

	if (!it->sku.n || !sku_taken(g, it, &slot))
		return;
	first = g->world->sources[slot.value - 1];
	report(g, it->row, REASON_duplicate_sku, shares_row ? CHANGED : REFUSED, it->sku_field, "same as record %u%s%s",
	       slot.more, first == it->row->source ? "" : " of ", first == it->row->source ? "" : first->name);
	if (shares_row)
		it->sku = STR_NULL;
	else
		it->dropped = true;
}

void item_check_sku(struct group *g, struct item *it)
{
	check_sku(g, it, false);
}

static void check_stock(struct group *g, struct item *it)
{
	if (it->stock == STOCK_COUNTED && it->count < 0)
		report(g, it->row, REASON_negative_stock, NOTED, STR(""), "%lld", (long long)it->count);
}

void item_check_images(struct group *g, struct item *it)
{
	for (size_t i = 0; !g->world->options.image_paths && i < it->images.n; i++) {
		struct str url = it->images.p[i].url;

		if (str_has_prefix(url, STR("http://")) || str_has_prefix(url, STR("https://")))
			continue;
		if (str_find(url, '/') < url.n)
			report_once(g, it->row, REASON_image_is_a_path, STR(""), str_to_z(g->arena, url));
		else if (str_find(url, '~') < url.n || str_find(url, '.') == url.n)
			report_once(g, it->row, REASON_image_is_an_id, STR(""), str_to_z(g->arena, url));
		else
			report_once(g, it->row, REASON_image_is_a_file_name, STR(""), str_to_z(g->arena, url));
	}
}

/* What is checked of a product that is sold, and of each variant. */
static void check_sold(struct group *g, struct item *it, bool shares_row)
{
	if (it->row->refused)
		it->dropped = true;
	if (!it->dropped)
		check_price(g, it);
	if (!it->dropped)
		check_sku(g, it, shares_row);
	if (it->dropped)
		return;
	check_sale(g, it);
	check_stock(g, it);
	if (it->row->shape == ROW_SHORT && !shares_row)
		report(g, it->row, REASON_row_short, NOTED, STR(""), "%zu of %zu cells", it->row->cells_n,
		       it->row->source->headers_n);
}

void item_check_options(struct group *g, struct item *product)
{
	if (product->options_n > OPTIONS_MAX)
		refuse(g, product, REASON_too_many_options, STR(""));
	for (size_t i = 0; i < product->options_n && !product->dropped; i++)
		if (product->options[i].values.n > VALUES_MAX)
			refuse(g, product, REASON_too_many_values, product->options[i].name);
	if (!product->dropped && product->variants_n > VARIANTS_MAX)
		refuse(g, product, REASON_too_many_variants, STR(""));
}

static bool same_values(const struct item *product, const struct item *a, const struct item *b)
{
	for (size_t i = 0; i < product->options_n; i++)
		if (!str_eq_nocase(a->values[i], b->values[i]))
			return false;
	return true;
}

/* The values of a variant: each option has one, and no earlier variant has the same. */
static void check_values(struct group *g, const struct item *product, struct hash_table *seen, struct item *variant)
{
	uint64_t hash = 0;
	struct hash_slot *slot;

	for (size_t i = 0; i < product->options_n; i++) {
		if (!variant->values[i].n) {
			refuse(g, variant, REASON_option_value_missing, product->options[i].name);
			return;
		}
		hash = hash_of(hash, variant->values[i]);
	}
	slot = hash_slot(seen, hash_of(hash, STR("")));
	for (size_t i = 0; slot->value && i < product->variants_n && product->variants[i] != variant; i++)
		if (!product->variants[i]->dropped && same_values(product, product->variants[i], variant)) {
			report(g, variant->row, REASON_duplicate_variant, REFUSED, STR(""), "same as record %u",
			       product->variants[i]->row->record);
			variant->dropped = true;
			return;
		}
	slot->value = 1;
}

/* Values that only refused variants had are no values. */
static void keep_used_values(struct group *g, struct item *product)
{
	for (size_t i = 0; i < product->options_n; i++) {
		struct texts used = { 0 }, *values = &product->options[i].values;
		struct hash_table of_variants = { 0 };

		for (size_t k = 0; k < product->variants_n; k++)
			if (!product->variants[k]->dropped)
				hash_slot(&of_variants, hash_of(0, product->variants[k]->values[i]));
		for (size_t k = 0; k < values->n; k++)
			if (hash_find(&of_variants, hash_of(0, values->p[k])))
				texts_add(g, &used, values->p[k]);
		hash_free(&of_variants);
		*values = used;
	}
}

static void check_variants(struct group *g, struct item *product)
{
	struct hash_table seen = { 0 };
	size_t kept = 0;
	const struct row *row = product->row;

	for (size_t i = 0; i < product->variants_n; i++) {
		struct item *variant = product->variants[i];
		bool shares_row = i > 0 && variant->row == row;

		item_clean(g, variant);
		item_limit(g, variant);
		check_sold(g, variant, shares_row);
		if (!variant->dropped)
			check_values(g, product, &seen, variant);
		if (!variant->dropped) {
			item_check_images(g, variant);
			kept++;
		}
		row = variant->row;
	}
	hash_free(&seen);
	keep_used_values(g, product);
	if (!kept)
		refuse(g, product, REASON_no_variants, STR(""));
	else if (product->sku.n) {
		struct hash_slot slot;

		/* Often that of its first variant. */
		if (sku_taken(g, product, &slot))
			product->sku = STR_NULL;
	}
}

void item_count_written(struct item *product)
{
	product->row->source->products++;
	for (size_t i = 0; i < product->variants_n; i++)
		product->row->source->variants += !product->variants[i]->dropped;
}

void item_finish(struct group *g, struct item *product)
{
	item_clean(g, product);
	item_limit(g, product);
	if (!text_trim(product->name).n)
		refuse(g, product, REASON_no_name, product->name_field);
	item_check_images(g, product);
	if (!product->dropped)
		item_check_options(g, product);
	if (!product->dropped && product->variants_n)
		check_variants(g, product);
	else if (!product->dropped)
		check_sold(g, product, false);
	if (!product->dropped && product->tags.n > TAGS_MAX) {
		report(g, product->row, REASON_too_many_tags, CHANGED, STR(""), NULL);
		product->tags.n = TAGS_MAX;
	}
	for (size_t i = 0; product->dropped && i < product->variants_n; i++)
		report(g, product->variants[i]->row, REASON_product_refused, REFUSED, STR(""), "with record %u",
		       product->row->record);
	if (product->dropped)
		return;
	item_count_written(product);
	item_write(g, product);
	g->written++;
}

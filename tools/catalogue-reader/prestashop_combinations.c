/*
 * A row of PrestaShop's file of combinations: "Color:color:0, Size:select:1" and "Red:0, L:1". Price and weight are an
 * impact on the product's.
 */
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/prestashop.h"

static struct texts parts_of(struct group *g, struct str list)
{
	struct texts parts = { 0 };

	texts_split(g, &parts, list, str_find(list, ';') < list.n ? ';' : ',');
	return parts;
}

/* "16:9:0" is the value 16:9: only the last number is a position. */
static struct str without_position(struct str value)
{
	size_t n = value.n;

	while (n && ascii_is_digit(value.p[n - 1]))
		n--;
	return n && n < value.n && value.p[n - 1] == ':' ? text_trim(str_sub(value, 0, n - 1)) : value;
}

static void read_values(struct group *g, struct item *product, struct item *it, const struct row *r)
{
	struct texts names = parts_of(g, row_get(r, PRESTA_ATTRIBUTES)),
		     values = parts_of(g, row_get(r, PRESTA_VALUES));

	for (size_t i = 0; i < names.n; i++) {
		struct str rest = names.p[i];
		size_t option = item_option(g, product, text_trim(str_cut(&rest, ':')));

		if (i < values.n)
			item_value(g, product, it, option, without_position(values.p[i]));
	}
	if (!names.n || values.n < names.n)
		report(g, it->row, REASON_option_value_missing, REFUSED, row_cell(r, PRESTA_VALUES).field, NULL);
}

void prestashop_read_combination(struct group *g, struct item *product, const struct row *parent, struct row *r)
{
	struct item *it = item_variant(g, product, r);
	decimal price = item_number(g, r, row_cell(r, PRESTA_PRICE_IMPACT), REASON_price_not_a_number);
	decimal weight = item_number(g, r, row_cell(r, PRESTA_WEIGHT_IMPACT), REASON_dimension_not_a_number);
	struct cell images = row_cell(r, PRESTA_IMAGES);

	read_values(g, product, it, r);
	item_sku(g, it, row_cell(r, PRESTA_REFERENCE));
	item_barcode(g, it, row_cell(r, PRESTA_EAN));
	item_barcode(g, it, row_cell(r, PRESTA_UPC));
	if (row_get(r, PRESTA_MPN).n)
		it->mpn = row_get(r, PRESTA_MPN);
	it->price = product->price;
	it->price_state = product->price_state;
	it->price_field = product->price_field;
	it->currency = product->currency;
	if (price != NO_DECIMAL && it->price != NO_DECIMAL)
		it->price = decimal_cents(it->price + price);
	prestashop_read_discount(g, it, parent);
	item_cost(g, it, row_cell(r, PRESTA_COST));
	it->weight = product->weight;
	if (weight != NO_DECIMAL && weight)
		it->weight = (it->weight == NO_DECIMAL ? 0 : it->weight) + weight;
	prestashop_read_stock(g, it, parent, r);
	item_images(g, it, images.text, ',');
	it->is_default = truth_read(row_get(r, PRESTA_DEFAULT)) == 1;
}

/*
 * Etsy's download of listings: a row for each, with up to two variations whose values, and the SKUs of their
 * combinations, are lists. The headers are in the seller's language.
 */
#include "core/base/ascii.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/item.h"

enum {
	TITLE = 1,
	DESCRIPTION,
	PRICE,
	CURRENCY,
	QUANTITY,
	TAGS,
	MATERIALS,
	IMAGE,
	VARIATION_NAME,
	VARIATION_VALUES,
	SKU,
	OTHER
};

static const struct column columns[] = {
	{ TITLE, "title|titolo|titel|titre|título|tytuł" },
	{ DESCRIPTION, "description|descrizione|beschreibung|beschrijving|descripción|descrição|opis" },
	{ PRICE, "price|prezzo|preis|prix|precio|preço|prijs|cena" },
	{ CURRENCY, "currency_code|währungscode|code_devise" },
	{ QUANTITY, "quantity|quantità|anzahl|menge|quantité|cantidad|quantidade|aantal|hoeveelheid|ilość" },
	{ TAGS, "tags|tag|etiquetas|étiquettes|schlagwörter|tagi" },
	{ MATERIALS, "materials|materiali|materialien|matériaux|materiales|materiais|materialen|materiały" },
	{ IMAGE, "image#|immagine#|bild#|imagen#|imagem#|afbeelding#|obraz#" },
	{ VARIATION_NAME, "variation # name|nome variante #|variante # name|nom de variante #|nombre de variación #|"
			  "nome da variação #|naam variatie #" },
	{ VARIATION_VALUES, "variation # values|valori variante #|variante # werte|valeurs de variante #|"
			    "valores de variación #|valores da variação #|waarden variatie #" },
	{ SKU, "sku" },
	{ OTHER, "variation # type|tipo variante #|variante # typ" },
};

static void keys(struct keys *k, const struct row *r)
{
	struct str currency = row_get(r, CURRENCY);

	if (currency.n)
		key_currency(k, currency);
}

static struct str with_blanks(struct group *g, struct str s)
{
	char *out = arena_alloc(g->arena, s.n + 1);

	for (size_t i = 0; i < s.n; i++)
		out[i] = s.p[i] == '_' ? ' ' : s.p[i];
	return (struct str){ out, s.n };
}

/* MATERIALS as "Materials". */
static struct str as_name(struct group *g, struct str header)
{
	struct str name = str_lower(g->arena, header);

	if (name.n && ascii_is_lower(name.p[0]))
		name = str_fmt(g->arena, "%c%.*s", name.p[0] - ('a' - 'A'), (int)(name.n - 1), name.p + 1);
	return name;
}

static void add_list(struct group *g, struct texts *to, struct str list)
{
	struct texts parts = { 0 };

	texts_split(g, &parts, list, ',');
	for (size_t i = 0; i < parts.n; i++)
		texts_add(g, to, with_blanks(g, parts.p[i]));
}

static void read_variants(struct group *g, struct item *product, struct row *r)
{
	struct texts skus = { 0 };
	struct cell sku = row_cell(r, SKU), quantity = row_cell(r, QUANTITY);

	if (!item_combine(g, product, r)) {
		report(g, r, REASON_too_many_variants, REFUSED, STR(""), NULL);
		product->dropped = true;
		return;
	}
	texts_split(g, &skus, sku.text, ',');
	if (skus.n == product->variants_n && skus.n > 1)
		report(g, r, REASON_sku_list, NOTED, sku.field, NULL);
	else
		product->sku = sku.text;
	report(g, r, REASON_stock_shared, CHANGED, quantity.field, "%.*s", STR_ARG(quantity.text));
	/* How the price was read is reported once. */
	item_price(g, product, row_cell(r, PRICE));
	for (size_t i = 0; i < product->variants_n; i++) {
		struct item *it = product->variants[i];

		it->price = product->price;
		it->price_state = product->price_state;
		it->price_field = product->price_field;
		it->currency = product->currency;
		it->stock = STOCK_UNTRACKED;
		it->sku_field = sku.field;
		it->sku = skus.n == product->variants_n && skus.n > 1 ? skus.p[i] : STR_NULL;
	}
}

static void read(struct group *g)
{
	struct row *r = &g->rows[0];
	struct item *it = item_new(g, r);
	struct texts materials = { 0 };
	struct cell of_materials = row_cell(r, MATERIALS);

	it->name = row_get(r, TITLE);
	it->name_field = row_cell(r, TITLE).field;
	it->description = row_get(r, DESCRIPTION);
	it->currency = row_get(r, CURRENCY);
	add_list(g, &it->tags, row_get(r, TAGS));
	add_list(g, &materials, of_materials.text);
	pairs_add(g, &it->attributes, as_name(g, of_materials.field), texts_join(g, &materials, ", "));
	for (unsigned i = 1; i < NUMBERS_MAX; i++)
		item_image(g, it, row_get_n(r, IMAGE, i), STR(""), i);
	for (unsigned i = 1; i <= OPTIONS_MAX; i++) {
		struct str name = row_get_n(r, VARIATION_NAME, i);
		struct texts values = { 0 };

		texts_split(g, &values, row_get_n(r, VARIATION_VALUES, i), ',');
		if (name.n && values.n)
			it->options[item_option(g, it, name)].values = values;
	}
	if (it->options_n) {
		read_variants(g, it, r);
	} else {
		item_sku(g, it, row_cell(r, SKU));
		item_price(g, it, row_cell(r, PRICE));
		it->currency = row_get(r, CURRENCY);
		item_count(g, it, row_cell(r, QUANTITY));
		it->stock = STOCK_COUNTED;
	}
	item_finish(g, it);
}

const struct format format_etsy = {
	.name = "etsy",
	.family = "etsy",
	.kind = KIND_CSV,
	COLUMNS(columns),
	.must = { TITLE, PRICE, CURRENCY, QUANTITY },
	.keys = keys,
	.read = read,
};

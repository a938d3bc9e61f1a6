#include "tools/catalogue-reader/format.h"

#include "tools/catalogue-reader/world.h"

const struct format *const formats[] = {
#define FORMAT(name) &format_##name,
#include "tools/catalogue-reader/formats.def"
#undef FORMAT
};
const size_t formats_n = ARRAY_LEN(formats);

const struct format *format_named(const char *name)
{
	for (size_t i = 0; i < formats_n; i++)
		if (!strcmp(formats[i]->name, name))
			return formats[i];
	return NULL;
}

/* How many headers a format knows; 0 if one is missing without which it is another format. */
static size_t known(const struct format *f, const struct str *headers, size_t n)
{
	bool seen[COLUMNS_MAX] = { false };
	size_t matches = 0;

	for (size_t i = 0; i < n; i++) {
		struct header h = { .text = headers[i] };

		column_find(f->columns, f->columns_n, &h);
		seen[h.column] = true;
		matches += h.column > 0;
	}
	for (size_t i = 0; i < MUST_MAX && f->must[i]; i++)
		if (!seen[f->must[i]])
			return 0;
	return matches;
}

const struct format *format_of_headers(const struct str *headers, size_t n)
{
	const struct format *best = NULL;
	size_t most = 0;

	for (size_t i = 0; i < formats_n; i++) {
		size_t matches = formats[i]->kind == KIND_CSV ? known(formats[i], headers, n) : 0;

		if (matches > most) {
			most = matches;
			best = formats[i];
		}
	}
	return best;
}

static uint64_t family_seed(const struct keys *k)
{
	return hash_of(0, str_z(k->source->format->family));
}

void key_add(struct keys *k, char kind, struct str text)
{
	if (!text.n)
		return;
	GROW(k->hashes, k->n, k->room);
	k->hashes[k->n++] = hash_of(family_seed(k) + (unsigned char)kind, text);
}

void key_continue(struct keys *k)
{
	k->continues = true;
}

void key_currency(struct keys *k, struct str currency)
{
	struct world *w = k->world;
	struct currency_count *c = w->currencies;
	size_t i = 0;

	while (i < w->currencies_n && !str_is(currency, c[i].code))
		i++;
	if (currency.n != 3 || i == ARRAY_LEN(w->currencies))
		return;
	if (i == w->currencies_n) {
		memcpy(c[i].code, currency.p, 3);
		w->currencies_n++;
	}
	c[i].rows++;
}

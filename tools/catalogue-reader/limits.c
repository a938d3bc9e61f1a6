/* What the catalogue takes of a product's texts: longer ones are cut, and reported. */
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "tools/catalogue-reader/world.h"

enum {
	NAME_CHARS = 255,
	BRAND_CHARS = 100,
	TAG_CHARS = 60,
	DESCRIPTION_CHARS = 20000,
	SEO_TITLE_CHARS = 255,
	SEO_DESCRIPTION_CHARS = 1000,
	VALUE_BYTES = 4000,   /* of an attribute or of metadata */
	VALUES_BYTES = 14000, /* of all of them: 16 KiB as JSON */
};

/* Its first `most` characters; of HTML no half tag. */
static void cut(struct group *g, struct item *it, struct str *text, size_t most, bool html, const char *field)
{
	size_t at = 0, n = 0;
	uint32_t code;

	if (text->n <= most || text_chars(*text) <= most)
		return;
	for (; n < most; n++)
		at += utf8_decode(str_sub(*text, at, 4), &code);
	for (size_t i = at; html && i-- > 0 && text->p[i] != '>';)
		if (text->p[i] == '<')
			at = i;
	*text = text_trim(str_sub(*text, 0, at));
	report(g, it->row, REASON_text_too_long, CHANGED, str_z(field), "the first %zu characters", most);
}

static void cut_pairs(struct group *g, struct item *it, struct pairs *p, size_t *bytes, const char *field)
{
	size_t kept = 0;

	for (size_t i = 0; i < p->n; i++) {
		size_t n = p->p[i].name.n + p->p[i].value.n + 8;

		/* Control characters and quotation marks take more as JSON. */
		for (size_t k = 0; k < p->p[i].value.n; k++)
			n += p->p[i].value.p[k] == '"' || p->p[i].value.p[k] == '\\' || p->p[i].value.p[k] == '\n';
		if (n > VALUE_BYTES || *bytes + n > VALUES_BYTES) {
			report(g, it->row, REASON_text_too_long, CHANGED, str_z(field), "%.*s is left out",
			       STR_ARG(p->p[i].name));
			continue;
		}
		*bytes += n;
		p->p[kept++] = p->p[i];
	}
	p->n = kept;
}

void item_limit(struct group *g, struct item *it)
{
	size_t of_attributes = 0, of_metadata = 0, tags = 0;

	cut(g, it, &it->name, NAME_CHARS, false, "name");
	cut(g, it, &it->brand, BRAND_CHARS, false, "brand");
	cut(g, it, &it->description, DESCRIPTION_CHARS, true, "description");
	cut(g, it, &it->short_description, VALUE_BYTES / 4, true, "short_description");
	cut(g, it, &it->seo_title, SEO_TITLE_CHARS, false, "seo_title");
	cut(g, it, &it->seo_description, SEO_DESCRIPTION_CHARS, false, "seo_description");
	of_metadata = it->short_description.n + it->kind.n + it->status.n;
	cut_pairs(g, it, &it->attributes, &of_attributes, "attributes");
	cut_pairs(g, it, &it->names, &of_metadata, "metadata");
	cut_pairs(g, it, &it->prices, &of_metadata, "metadata");
	cut_pairs(g, it, &it->metadata, &of_metadata, "metadata");
	for (size_t i = 0; i < it->tags.n; i++)
		if (text_chars(it->tags.p[i]) <= TAG_CHARS)
			it->tags.p[tags++] = it->tags.p[i];
		else
			report(g, it->row, REASON_text_too_long, CHANGED, STR("tags"), "one is left out");
	it->tags.n = tags;
}

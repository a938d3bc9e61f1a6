/* The query parameters of lists and single objects: their names. */
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "core/resource/field.h"
#include "core/resource/list.h"

static const struct {
	const char *suffix, *op;
} ranges[] = { { "__gte", " >= " }, { "__lte", " <= " }, { "__gt", " > " }, { "__lt", " < " } };

static const char FILTER_IDS[] = "id__in";

static const char *filter_name(const struct field *f)
{
	return f->filter_as ? f->filter_as : f->name;
}

/* attributes.colour, options.Size: named inside of the object. */
static bool is_by_name(const struct field *f)
{
	return f->facet == FACET_ATTRIBUTE || f->facet == FACET_OPTION;
}

static bool is_filter(const struct field *f, struct str name, struct str *inside)
{
	const struct str whole = str_z(filter_name(f));

	if (!is_by_name(f))
		return str_eq(name, whole);
	*inside = str_sub(name, whole.n + 1, name.n);
	return str_has_prefix(name, whole) && name.n > whole.n && name.p[whole.n] == '.' && text_trim(*inside).n > 0;
}

static const struct field *find_filtered(const struct resource *r, struct str name, struct str *inside)
{
	for (size_t i = 0; i < resource_fields_n(r); i++) {
		*inside = STR_NULL;
		if (is_filter(resource_field(r, i), name, inside))
			return resource_field(r, i);
	}
	return NULL;
}

bool list_find_filter(const struct resource *r, struct str name, struct list_filter *out)
{
	unsigned filter = FILTER_EQUAL;

	*out = (struct list_filter){ .op = " = ", .is_in = str_is(name, FILTER_IDS) };
	if (out->is_in) {
		out->field = resource_find_field(r, STR("id"));
		return out->field != NULL;
	}
	for (size_t i = 0; i < ARRAY_LEN(ranges) && filter == FILTER_EQUAL; i++) {
		if (!str_has_suffix(name, str_z(ranges[i].suffix)))
			continue;
		name.n -= str_z(ranges[i].suffix).n;
		out->op = ranges[i].op;
		filter = FILTER_RANGE;
	}
	out->field = find_filtered(r, name, &out->inside);
	return out->field && out->field->filter & filter;
}

/* Those of every list besides filters. */
static const struct {
	const char *name, *doc;
	bool is_of_pages;
} common[] = {
	{ "page_size", "How many results a page has.", true },
	{ "page", "The number of a page; 1 is the first.", true },
	{ "cursor", "A page, as next and previous have it.", true },
	{ "ordering", "Fields with commas between, each with - in front for descending.", true },
	{ "search", "Words to search for.", false },
	{ "count", "exact: with the number of results.", true },
	{ "include",
	  "deleted: with deleted records, for those who may restore them. Of products, variants: with these.", false },
};

bool list_is_common(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (str_is(name, common[i].name))
			return true;
	return false;
}

bool list_is_of_pages(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (str_is(name, common[i].name))
			return common[i].is_of_pages;
	return false;
}

bool resource_has_parameter(const struct resource *r, struct str name)
{
	struct list_filter filter;

	return list_is_common(name) || list_find_filter(r, name, &filter);
}

static void describe_parameter(const char *name, const char *suffix, const struct field *f, const char *doc,
			       struct json_out *o)
{
	char whole[128];

	snprintf(whole, sizeof(whole), "%s%s", name, suffix);
	json_open(o, '{');
	json_put_strz(o, "name", whole);
	json_put_strz(o, "field", f ? f->name : NULL);
	json_put_strz(o, "doc", doc);
	json_close(o, '}');
}

static bool is_taken(const struct resource *r, size_t i, enum described of)
{
	const bool is_search = strcmp(common[i].name, "search") == 0, has_search = r->search || r->search_first;

	if (of == DESCRIBED_ONE)
		return strcmp(common[i].name, "include") == 0;
	return (!is_search || has_search) && (of == DESCRIBED_LIST || !common[i].is_of_pages);
}

void resource_describe_parameters(const struct resource *r, enum described of, struct json_out *o)
{
	const bool is_list = of != DESCRIBED_ONE;

	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (is_taken(r, i, of))
			describe_parameter(common[i].name, "", NULL, common[i].doc, o);
	if (is_list && resource_find_field(r, STR("id")))
		describe_parameter(FILTER_IDS, "", resource_find_field(r, STR("id")), "Ids, with commas between.", o);
	for (size_t i = 0; is_list && i < resource_fields_n(r); i++) {
		const struct field *f = resource_field(r, i);

		if (!resource_shows_field(r, i))
			continue;
		if (f->filter & FILTER_EQUAL)
			describe_parameter(filter_name(f), is_by_name(f) ? ".{name}" : "", f,
					   f->named   ? "Ids and slugs, with commas between."
					   : f->facet ? "Values, with commas between, in any case."
						      : NULL,
					   o);
		for (size_t j = 0; f->filter & FILTER_RANGE && j < ARRAY_LEN(ranges); j++)
			describe_parameter(filter_name(f), ranges[j].suffix, f, NULL, o);
	}
}

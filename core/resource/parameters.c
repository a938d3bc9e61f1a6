/* The query parameters of lists and single objects: their names. */
#include "core/base/json_out.h"
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

static const struct field *find_filtered(const struct resource *r, struct str name)
{
	for (size_t i = 0; i < resource_fields_n(r); i++)
		if (str_is(name, filter_name(resource_field(r, i))))
			return resource_field(r, i);
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
	out->field = find_filtered(r, name);
	return out->field && out->field->filter & filter;
}

/* Those of every list besides filters. */
static const struct {
	const char *name, *doc;
} common[] = {
	{ "page_size", "How many results a page has." },
	{ "page", "The number of a page; 1 is the first." },
	{ "cursor", "A page, as next and previous have it." },
	{ "ordering", "Fields with commas between, each with - in front for descending." },
	{ "search", "Words to search for." },
	{ "count", "exact: with the number of results." },
	{ "include",
	  "deleted: with deleted records, for those who may restore them. Of products, variants: with these." },
};

bool list_is_common(struct str name)
{
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (str_is(name, common[i].name))
			return true;
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

void resource_describe_parameters(const struct resource *r, bool is_list, struct json_out *o)
{
	for (size_t i = 0; i < ARRAY_LEN(common); i++)
		if (is_list ? r->search || r->search_first || strcmp(common[i].name, "search") != 0
			    : strcmp(common[i].name, "include") == 0)
			describe_parameter(common[i].name, "", NULL, common[i].doc, o);
	if (is_list && resource_find_field(r, STR("id")))
		describe_parameter(FILTER_IDS, "", resource_find_field(r, STR("id")), "Ids, with commas between.", o);
	for (size_t i = 0; is_list && i < resource_fields_n(r); i++) {
		const struct field *f = resource_field(r, i);

		if (!resource_shows_field(r, i))
			continue;
		if (f->filter & FILTER_EQUAL)
			describe_parameter(filter_name(f), "", f,
					   f->named ? "Ids and slugs, with commas between." : NULL, o);
		for (size_t j = 0; f->filter & FILTER_RANGE && j < ARRAY_LEN(ranges); j++)
			describe_parameter(filter_name(f), ranges[j].suffix, f, NULL, o);
	}
}

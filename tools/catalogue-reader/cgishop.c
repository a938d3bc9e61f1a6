/*
 * cgishop's own lines of JSON: a product, with its variants, or a category in each. They are not changed here, but for
 * where they are from; docs/importing.md has their members. Lines of a report are skipped, so that what this program
 * writes it reads too.
 */
#include "core/base/json_out.h"
#include "core/resource/import_text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/object.h"
#include "tools/catalogue-reader/world.h"

static const char *const others[] = { "category", "report", "start", "file" };

static bool is_other(const struct json *o)
{
	for (size_t i = 0; i < ARRAY_LEN(others); i++)
		if (json_count(o) == 1 && object_inner(o, others[i]))
			return true;
	return false;
}

static bool knows(const void *json)
{
	const struct json *o = json;
	size_t known = 0;

	if (json_kind(o) != JSON_OBJECT)
		return false;
	for (size_t i = 0; i < json_count(o); i++)
		known += import_knows_member(json_member_at(o, i).name);
	return is_other(o) || (known == json_count(o) && known > 0);
}

static void keys(struct keys *k UNUSED, const struct row *r UNUSED)
{
}

/* The first member that products do not have. */
static struct str unknown_member(const struct json *o)
{
	for (size_t i = 0; i < json_count(o); i++)
		if (!import_knows_member(json_member_at(o, i).name))
			return json_member_at(o, i).name;
	return STR_NULL;
}

/* The object as it is, but for its source. */
static void write_object(struct group *g, const struct json *object, struct row *r)
{
	struct json_out o = json_out(&g->world->out);

	json_open(&o, '{');
	for (size_t i = 0; i < json_count(object); i++) {
		struct json_member m = json_member_at(object, i);

		if (str_is(m.name, "source"))
			continue;
		json_key_str(&o, m.name);
		json_raw(&o, json_print(g->arena, m.value));
	}
	line_put_source(&o, r);
	json_close(&o, '}');
}

static void read_product(struct group *g, const struct json *o, struct row *r)
{
	const struct json *variants = object_array(o, "variants");
	struct str unknown = unknown_member(o);

	for (size_t i = 0; variants && i < json_count(variants) && !unknown.n; i++)
		if (json_kind(json_item(variants, i)) == JSON_OBJECT)
			unknown = unknown_member(json_item(variants, i));
	if (unknown.n) {
		report(g, r, REASON_member_unknown, REFUSED, unknown, NULL);
		return;
	}
	if (!object_cell(o, "name").text.n && !object_cell(o, "sku").text.n && !object_cell(o, "external_id").text.n) {
		report(g, r, REASON_no_name, REFUSED, STR("name"), NULL);
		return;
	}
	write_object(g, o, r);
	buf_addc(&g->world->out, '\n');
	r->source->products++;
	r->source->variants += variants ? (uint32_t)json_count(variants) : 0;
	r->used = true;
	g->written++;
}

static void read(struct group *g)
{
	struct row *r = &g->rows[0];
	const struct json *o = object_of(g->arena, r), *category;

	if (!o) {
		report(g, r, REASON_json_invalid, REFUSED, STR(""), NULL);
		return;
	}
	category = object_inner(o, "category");
	if (!is_other(o)) {
		read_product(g, o, r);
	} else if (category) {
		buf_addz(&g->world->out, "{\"category\":");
		write_object(g, category, r);
		buf_addz(&g->world->out, "}\n");
		r->source->categories++;
		g->written++;
	}
	r->used = true;
	world_flush(g->world, false);
}

const struct format format_cgishop = {
	.name = "cgishop",
	.family = "cgishop",
	.kind = KIND_JSON,
	COLUMNS(object_columns),
	.knows = knows,
	.keys = keys,
	.read = read,
};

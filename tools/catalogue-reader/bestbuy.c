/*
 * Best Buy's categories, as its open data set has them: each object has the path from the top to itself. A category may
 * be listed below several others; its own path counts.
 */
#include "core/base/text.h"
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/object.h"
#include "tools/catalogue-reader/world.h"

static bool knows(const void *json)
{
	const struct json *o = json;

	return json_kind(o) == JSON_OBJECT && object_array(o, "path") && object_array(o, "subCategories") &&
	       object_cell(o, "id").text.n;
}

static void keys(struct keys *k, const struct row *r UNUSED)
{
	key_add(k, 'c', STR("categories"));
}

/* Of each category, by id. */
struct known {
	struct hash_table lists; /* more: how many categories list it below them */
	struct hash_table again; /* more: its number among those of one name and one parent; 0: the first */
};

static void count_lists(struct known *known, const struct json *o)
{
	const struct json *below = object_array(o, "subCategories");

	for (size_t i = 0; below && i < json_count(below); i++)
		hash_slot(&known->lists, hash_of(0, object_cell(json_item(below, i), "id").text))->more++;
}

/* Its name, or else its id; with a number if an earlier one of its parent has that name. */
static struct str name_of(struct group *g, const struct known *known, const struct json *item)
{
	struct str id = object_cell(item, "id").text, name = text_trim(object_cell(item, "name").text);
	struct hash_slot *slot = hash_find(&known->again, hash_of(0, id));

	if (!name.n)
		name = id;
	return slot && slot->more ? str_fmt(g->arena, "%.*s (%u)", STR_ARG(name), slot->more + 1) : name;
}

/* Those of one depth; the names of what they are below are final. */
static void count_again(struct group *g, struct known *known, struct hash_table *siblings, const struct json *o,
			size_t depth)
{
	const struct json *path = object_array(o, "path");
	struct hash_slot *seen;
	uint64_t hash = 0;

	if (!path || json_count(path) != depth)
		return;
	for (size_t i = 0; i < depth; i++)
		hash = hash_of(hash, name_of(g, known, json_item(path, i)));
	seen = hash_slot(siblings, hash_of(hash, STR("")));
	hash_slot(&known->again, hash_of(0, object_cell(o, "id").text))->more = seen->more++;
}

static void write_category(struct group *g, const struct known *known, const struct json *o, struct row *r)
{
	const struct json *path = object_array(o, "path");
	struct category_line line = { .external_id = object_cell(o, "id").text, .published = -1 };
	struct texts names = { 0 };
	struct hash_slot *slot;

	for (size_t i = 0; path && i < json_count(path); i++)
		texts_add(g, &names, name_of(g, known, json_item(path, i)));
	if (!names.n || names.n > LEVELS_MAX) {
		report(g, r, names.n ? REASON_too_deep : REASON_no_name, REFUSED, STR("path"), NULL);
		return;
	}
	if (!object_cell(o, "name").text.n)
		report(g, r, REASON_no_name, CHANGED, STR("name"), "named after its id");
	slot = hash_find(&known->again, hash_of(0, line.external_id));
	if (slot && slot->more)
		report(g, r, REASON_name_repeated, CHANGED, STR("name"), "%.*s", STR_ARG(names.p[names.n - 1]));
	slot = hash_find(&known->lists, hash_of(0, line.external_id));
	if (slot && slot->more > 1)
		report(g, r, REASON_several_parents, NOTED, STR("subCategories"), "%u", slot->more);
	tree_write(g, r, &names, &line);
}

static void read(struct group *g)
{
	struct known known = { 0 };
	struct hash_table siblings = { 0 };
	const struct json **objects = arena_calloc(g->arena, g->rows_n, sizeof *objects);

	for (size_t i = 0; i < g->rows_n; i++) {
		objects[i] = object_of(g->arena, &g->rows[i]);
		count_lists(&known, objects[i]);
	}
	for (size_t depth = 1; depth <= LEVELS_MAX; depth++)
		for (size_t i = 0; i < g->rows_n; i++)
			count_again(g, &known, &siblings, objects[i], depth);
	for (size_t i = 0; i < g->rows_n; i++)
		write_category(g, &known, objects[i], &g->rows[i]);
	hash_free(&known.lists);
	hash_free(&known.again);
	hash_free(&siblings);
}

const struct format format_bestbuy_categories = {
	.name = "bestbuy_categories",
	.family = "bestbuy",
	.kind = KIND_JSON,
	COLUMNS(object_columns),
	.first = true,
	.knows = knows,
	.keys = keys,
	.read = read,
};

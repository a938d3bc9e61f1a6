/* The tree of categories that a file of its own describes. */
#include "core/base/json_out.h"
#include "core/base/text.h"
#include "tools/catalogue-reader/world.h"

void tree_add(struct world *w, struct category added)
{
	struct arena *a = w->arena;
	struct hash_slot *slot;

	added = (struct category){ str_copy(a, added.id), str_copy(a, added.name), str_copy(a, added.parent),
				   added.root };
	GROW(w->tree, w->tree_n, w->tree_room);
	w->tree[w->tree_n++] = added;
	if (added.id.n) {
		slot = hash_slot(&w->categories, hash_of('i', added.id));
		if (!slot->value)
			slot->value = (uint32_t)w->tree_n;
	}
	slot = hash_slot(&w->categories, hash_of('n', added.name));
	if (!slot->value)
		slot->value = (uint32_t)w->tree_n;
}

static const struct category *find(const struct world *w, char kind, struct str text)
{
	struct hash_slot *slot = text.n ? hash_find(&w->categories, hash_of((unsigned char)kind, text)) : NULL;

	return slot ? &w->tree[slot->value - 1] : NULL;
}

const struct category *tree_find_id(const struct world *w, struct str id)
{
	return find(w, 'i', id);
}

const struct category *tree_find(const struct world *w, struct str id_or_name)
{
	const struct category *found = find(w, 'i', id_or_name);

	return found ? found : find(w, 'n', id_or_name);
}

/* What shops call the category that all others are below. */
static bool is_root_name(struct str name)
{
	static const char *const names[] = { "Home", "Root", "Accueil", "Inicio", "Startseite", "Hem", "Início" };

	for (size_t i = 0; i < ARRAY_LEN(names); i++)
		if (str_eq_nocase(name, str_z(names[i])))
			return true;
	return false;
}

struct texts tree_path(struct group *g, const struct category *c, bool *missing)
{
	struct texts up = { 0 }, path = { 0 };

	*missing = false;
	/* A cycle ends at the depth that categories may have. */
	while (c && !c->root && up.n <= LEVELS_MAX) {
		const struct category *parent = tree_find(g->world, c->parent);

		texts_add(g, &up, c->name);
		*missing = c->parent.n && !parent && !is_root_name(c->parent);
		c = parent;
	}
	for (size_t i = up.n; i-- > 0;)
		texts_add(g, &path, up.p[i]);
	return path;
}

struct texts tree_path_named(struct group *g, struct str name)
{
	const struct category *c = tree_find(g->world, name);
	struct texts path = { 0 };
	bool missing;

	if (c)
		return tree_path(g, c, &missing);
	if (!is_root_name(name))
		texts_add(g, &path, name);
	return path;
}

void tree_write(struct group *g, struct row *r, const struct texts *path, const struct category_line *line)
{
	struct json_out o = json_out(&g->world->out);

	r->used = true;
	r->source->categories++;
	json_open(&o, '{');
	json_put_open(&o, "category", '{');
	json_put_open(&o, "path", '[');
	for (size_t i = 0; i < path->n; i++)
		json_str(&o, path->p[i]);
	json_close(&o, ']');
	line_put_text(&o, "external_id", line->external_id);
	line_put_text(&o, "description", line->description);
	line_put_text(&o, "seo_title", line->seo_title);
	line_put_text(&o, "seo_description", line->seo_description);
	line_put_text(&o, "image", line->image);
	if (line->published >= 0)
		json_put_bool(&o, "published", line->published);
	line_put_source(&o, r);
	json_close(&o, '}');
	json_close(&o, '}');
	buf_addc(&g->world->out, '\n');
	world_flush(g->world, false);
	g->written++;
}

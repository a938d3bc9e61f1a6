/* AVIF: the boxes, and the properties of the picture. */
#include "core/image/image_avif.h"

#include "core/base/arena.h"

uint64_t avif_take_big64(struct reader *c, size_t bytes)
{
	uint64_t high = bytes > 4 ? reader_take_big(c, bytes - 4) : 0;

	return high << 32 | reader_take_big(c, bytes > 4 ? 4 : bytes);
}

bool avif_take_box(struct reader *c, struct avif_box *out)
{
	const unsigned char *start = c->p;
	size_t left = c->n, head;
	uint64_t size = reader_take_big(c, 4);

	out->type = reader_take(c, 4);
	if (size == 1)
		size = avif_take_big64(c, 8);
	else if (size == 0)
		size = left;
	head = (size_t)(c->p - start);
	if (c->overrun || size < head || size > left)
		return false;
	out->body = reader_take(c, (size_t)size - head);
	return true;
}

bool avif_is_one_of(struct str type, const char *types)
{
	for (; *types; types += 4)
		if (str_eq(type, (struct str){ types, 4 }))
			return true;
	return false;
}

void avif_clear(struct avif *w, struct str part)
{
	memset(w->clean->p + (part.p - w->file.p), 0, part.n);
}

void avif_rename(struct avif *w, struct str type, const char *other)
{
	memcpy(w->clean->p + (type.p - w->file.p), other, 4);
}

struct reader avif_open_full(struct str body, uint32_t *version, uint32_t *flags)
{
	struct reader c = reader_of(body);

	*version = reader_take_big(&c, 1);
	*flags = reader_take_big(&c, 3);
	return c;
}

static void remove_box(struct avif *w, const struct avif_box *box)
{
	avif_rename(w, box->type, "free");
	avif_clear(w, box->body);
}

/* --- what there is */

static bool is_avif(struct str brands)
{
	struct reader c = reader_of(brands);

	for (size_t i = 0; c.n >= 4; i++)
		if (str_is(reader_take(&c, 4), "avif") && i != 1) /* the second one is a version */
			return true;
	return false;
}

static bool read_handler(struct avif *w, struct str body)
{
	if (body.n < 24 || !str_is(str_sub(body, 8, 4), "pict"))
		return false;
	avif_clear(w, str_sub(body, 24, body.n));
	return true;
}

static bool read_meta(struct avif *w, struct str body)
{
	const struct {
		const char *type;
		struct str *body;
	} known[] = { { "pitm", &w->primary },    { "iloc", &w->locations },  { "iinf", &w->infos },
		      { "iref", &w->references }, { "iprp", &w->properties }, { "idat", &w->inner_data } };
	uint32_t version, flags;
	struct reader c = avif_open_full(body, &version, &flags);
	struct avif_box box;
	bool has_handler = false;

	if (w->has_meta)
		return false;
	w->has_meta = true;
	while (avif_take_box(&c, &box)) {
		size_t i = 0;

		while (i < ARRAY_LEN(known) && !str_is(box.type, known[i].type))
			i++;
		if (i < ARRAY_LEN(known)) {
			if (known[i].body->p)
				return false;
			*known[i].body = box.body;
		} else if (str_is(box.type, "hdlr") && !has_handler && read_handler(w, box.body)) {
			has_handler = true;
		} else {
			remove_box(w, &box);
		}
	}
	return has_handler && c.n == 0;
}

/* Up to the first bytes that are not a box: they are not part of the picture. */
static bool read_boxes(struct avif *w)
{
	struct reader c = reader_of(w->file);
	struct avif_box box;
	size_t end = 0;

	for (size_t i = 0; avif_take_box(&c, &box); i++) {
		end = w->file.n - c.n;
		if (i == 0 ? !str_is(box.type, "ftyp") || !is_avif(box.body) : avif_is_one_of(box.type, "ftypmoov"))
			return false; /* moov: it moves */
		if (str_is(box.type, "meta")) {
			if (!read_meta(w, box.body))
				return false;
		} else if (str_is(box.type, "mdat")) {
			if (w->data_n == AVIF_DATA_BOXES_MAX)
				return false;
			w->data[w->data_n++] = box.body;
			avif_clear(w, box.body);
		} else if (i > 0) {
			remove_box(w, &box);
		}
	}
	w->clean->n = end;
	return w->has_meta && w->primary.p && w->locations.p && w->infos.p && w->properties.p;
}

/* --- properties: sizes, colours, turns */

static bool read_properties(struct avif *w, struct str body, struct avif_box *out, size_t *n)
{
	struct reader c = reader_of(body);

	for (*n = 0; c.n; (*n)++) {
		if (*n == AVIF_PROPERTIES_MAX || !avif_take_box(&c, &out[*n]))
			return false;
		if (!avif_is_one_of(out[*n].type, "ispepixiav1CcolrirotimirclappaspauxCa1opa1lxlselcllimdcvcclv"))
			remove_box(w, &out[*n]);
	}
	return true;
}

static uint32_t least(uint32_t a, uint32_t b)
{
	return a < b ? a : b;
}

/* In the order in which they are to be applied. */
static void apply(const struct avif_box *property, struct image *out)
{
	struct reader c = reader_of(property->body);
	uint32_t width = out->width;

	if (str_is(property->type, "ispe")) {
		reader_take(&c, 4);
		out->width = reader_take_big(&c, 4);
		out->height = reader_take_big(&c, 4);
	} else if (str_is(property->type, "clap")) {
		uint32_t n[4];

		for (size_t i = 0; i < 4; i++)
			n[i] = reader_take_big(&c, 4);
		if (!c.overrun && n[1] && n[3]) {
			out->width = least(width, n[0] / n[1]);
			out->height = least(out->height, n[2] / n[3]);
		}
	} else if (str_is(property->type, "irot") && reader_take_big(&c, 1) & 1) { /* quarters of a turn */
		out->width = out->height;
		out->height = width;
	}
}

static bool read_associations(struct avif *w, struct str body, const struct avif_box *properties, size_t properties_n,
			      struct image *out)
{
	uint32_t version, flags;
	struct reader c = avif_open_full(body, &version, &flags);
	uint32_t entries = reader_take_big(&c, 4);
	size_t bytes = flags & 1 ? 2 : 1;

	for (uint32_t i = 0; i < entries && !c.overrun; i++) {
		bool is_primary = reader_take_big(&c, version == 0 ? 2 : 4) == w->primary_id;
		uint32_t count = reader_take_big(&c, 1);

		for (uint32_t j = 0; j < count && !c.overrun; j++) {
			uint32_t index = reader_take_big(&c, bytes) & (bytes == 2 ? 0x7fff : 0x7f);

			if (is_primary && index >= 1 && index <= properties_n)
				apply(&properties[index - 1], out);
		}
	}
	return !c.overrun;
}

static bool read_size(struct avif *w, struct image *out)
{
	struct reader c = reader_of(w->properties);
	struct avif_box *properties = arena_calloc(w->clean->arena, AVIF_PROPERTIES_MAX, sizeof(*properties)), box;
	size_t properties_n = 0;
	bool has_container = false;

	while (avif_take_box(&c, &box)) {
		if (str_is(box.type, "ipco") && !has_container) {
			has_container = true;
			if (!read_properties(w, box.body, properties, &properties_n))
				return false;
		} else if (!str_is(box.type, "ipma") || !has_container ||
			   !read_associations(w, box.body, properties, properties_n, out)) {
			return false;
		}
	}
	return c.n == 0;
}

bool avif_walk(struct reader *c, struct image *out, struct buf *clean)
{
	struct avif *w = arena_calloc(clean->arena, 1, sizeof(*w));

	out->extension = "avif";
	w->file = (struct str){ (const char *)c->p, c->n };
	w->clean = clean;
	if (c->n < 12 || memcmp(c->p + 4, "ftyp", 4) != 0)
		return false;
	buf_add(clean, w->file);
	return !clean->overflow && read_boxes(w) && avif_read_items(w) && read_size(w, out);
}

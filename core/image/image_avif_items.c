/* AVIF: the items of a picture and their data. */
#include "core/image/image_avif.h"

enum { STEPS_MAX = 4 }; /* from the picture to its transparency, to the tiles of that */

/* --- items: the picture and what it is made of are kept */

static struct avif_item *find_item(struct avif *w, uint32_t id)
{
	for (size_t i = 0; i < w->items_n; i++)
		if (w->items[i].id == id)
			return &w->items[i];
	return NULL;
}

static bool read_info(struct avif *w, struct str body)
{
	uint32_t version, flags;
	struct reader c = avif_open_full(body, &version, &flags);
	struct avif_item *item = &w->items[w->items_n];

	if (w->items_n == AVIF_ITEMS_MAX || (version != 2 && version != 3))
		return false;
	item->id = reader_take_big(&c, version == 2 ? 2 : 4);
	if (find_item(w, item->id) || reader_take_big(&c, 2) != 0) /* protected */
		return false;
	item->type = reader_take(&c, 4);
	item->name = reader_take(&c, c.n);
	avif_clear(w, item->name);
	w->items_n++;
	return !c.overrun;
}

static bool read_infos(struct avif *w)
{
	uint32_t version, flags;
	struct reader c = avif_open_full(w->infos, &version, &flags);
	uint32_t count = reader_take_big(&c, version == 0 ? 2 : 4);
	struct avif_box box;

	for (uint32_t i = 0; i < count; i++)
		if (!avif_take_box(&c, &box) || !str_is(box.type, "infe") || !read_info(w, box.body))
			return false;
	c = avif_open_full(w->primary, &version, &flags);
	w->primary_id = reader_take_big(&c, version == 0 ? 2 : 4);
	return !c.overrun && find_item(w, w->primary_id);
}

static bool keep(struct avif_item *item)
{
	bool more = item && !item->kept && avif_is_one_of(item->type, "av01grid");

	if (more)
		item->kept = true;
	return more;
}

/* "from" is a grid of tiles, or the transparency of another item. True if there is more to be kept. */
static bool follow(struct avif *w, const struct avif_box *box, size_t id_bytes)
{
	struct reader c = reader_of(box->body);
	struct avif_item *from = find_item(w, reader_take_big(&c, id_bytes));
	uint32_t count = reader_take_big(&c, 2);
	bool more = false;

	for (uint32_t i = 0; from && i < count && !c.overrun; i++) {
		struct avif_item *to = find_item(w, reader_take_big(&c, id_bytes));

		if (str_is(box->type, "dimg") && from->kept)
			more |= keep(to);
		else if (str_is(box->type, "auxl") && to && to->kept)
			more |= keep(from);
	}
	return more;
}

static bool choose_items(struct avif *w)
{
	bool more = keep(find_item(w, w->primary_id));

	if (!more || w->references.n > AVIF_REFERENCES_BYTES_MAX)
		return false;
	for (size_t step = 0; more && w->references.p && step < STEPS_MAX; step++) {
		uint32_t version, flags;
		struct reader c = avif_open_full(w->references, &version, &flags);
		struct avif_box box;

		more = false;
		while (avif_take_box(&c, &box))
			more |= follow(w, &box, version == 0 ? 2 : 4);
	}
	for (size_t i = 0; i < w->items_n; i++)
		if (!w->items[i].kept)
			avif_rename(w, w->items[i].type, "skip");
	return true;
}

/* --- their data */

struct location_sizes {
	size_t offset, length, base, index;
};

/* All of it must be where pictures have their data. */
static bool publish(struct avif *w, bool inside, uint64_t offset, uint64_t length)
{
	const struct str file = w->file, *boxes = inside ? &w->inner_data : w->data;
	size_t boxes_n = inside ? 1 : w->data_n;

	for (size_t i = 0; i < boxes_n; i++) {
		uint64_t start = inside ? 0 : (uint64_t)(boxes[i].p - file.p);

		if (boxes[i].p && length && offset >= start && length <= boxes[i].n &&
		    offset - start <= boxes[i].n - length) {
			size_t at = (size_t)(boxes[i].p - file.p + (ptrdiff_t)(offset - start));

			memcpy(w->clean->p + at, file.p + at, (size_t)length);
			return true;
		}
	}
	return false;
}

static bool read_location(struct avif *w, struct reader *c, uint32_t version, struct location_sizes size,
			  uint64_t *published)
{
	const struct avif_item *item = find_item(w, reader_take_big(c, version < 2 ? 2 : 4));
	uint32_t method = version ? reader_take_big(c, 2) & 0xf : 0, elsewhere = reader_take_big(c, 2), extents;
	uint64_t base = avif_take_big64(c, size.base);
	bool kept = item && item->kept;

	extents = reader_take_big(c, 2);
	if (kept && (method > 1 || elsewhere || !extents))
		return false;
	for (uint32_t i = 0; i < extents && !c->overrun; i++) {
		uint64_t offset, length;

		avif_take_big64(c, size.index);
		offset = avif_take_big64(c, size.offset);
		length = avif_take_big64(c, size.length);
		if (!kept)
			continue;
		*published += length;
		if (offset > w->file.n || base > w->file.n || length > w->file.n || *published > 2 * w->file.n ||
		    !publish(w, method == 1, base + offset, length))
			return false;
	}
	return !c->overrun;
}

static bool is_size(size_t n)
{
	return n == 0 || n == 4 || n == 8;
}

static bool read_locations(struct avif *w)
{
	uint32_t version, flags, sizes, count, kept = 0, located = 0;
	struct reader c = avif_open_full(w->locations, &version, &flags);
	struct location_sizes size;
	uint64_t published = 0;

	sizes = reader_take_big(&c, 2);
	size = (struct location_sizes){ sizes >> 12, sizes >> 8 & 0xf, sizes >> 4 & 0xf, version ? sizes & 0xf : 0 };
	count = reader_take_big(&c, version < 2 ? 2 : 4);
	if (version > 2 || count > AVIF_ITEMS_MAX || !is_size(size.offset) || !is_size(size.length) ||
	    !is_size(size.base) || !is_size(size.index))
		return false;
	if (w->inner_data.p)
		avif_clear(w, w->inner_data);
	for (uint32_t i = 0; i < count; i++) {
		struct reader ahead = c;
		const struct avif_item *item = find_item(w, reader_take_big(&ahead, version < 2 ? 2 : 4));

		located += item && item->kept;
		if (!read_location(w, &c, version, size, &published))
			return false;
	}
	for (size_t i = 0; i < w->items_n; i++)
		kept += w->items[i].kept;
	return located == kept;
}

bool avif_read_items(struct avif *w)
{
	return read_infos(w) && choose_items(w) && read_locations(w);
}

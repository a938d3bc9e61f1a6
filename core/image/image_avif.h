/*
 * AVIF: boxes (ISO/IEC 14496-12) of a length, a type and a body. One of them, meta, has the items of a still picture
 * (ISO/IEC 23008-12; AV1 Image File Format): its tiles, its transparency, and what else is in the file.
 *
 * Items name their data by its place in the file, so nothing is moved: what is not published is overwritten with zeros,
 * and its type with one that viewers pass over. For core/image/image_avif.c and core/image/image_avif_items.c alone.
 */
#ifndef CGISHOP_IMAGE_IMAGE_AVIF_H
#define CGISHOP_IMAGE_IMAGE_AVIF_H

#include "core/image/image_walk.h"

enum {
	AVIF_ITEMS_MAX = 1024, /* 256 tiles, the same of transparency, and more than enough beside them */
	AVIF_PROPERTIES_MAX = 1024,
	AVIF_DATA_BOXES_MAX = 16,
	AVIF_REFERENCES_BYTES_MAX = 16 * 1024,
};

struct avif_item {
	uint32_t id;
	struct str type, name; /* in the file; what follows the type counts as its name */
	bool kept;
};

struct avif {
	struct str file;
	struct buf *clean; /* a copy of it */
	struct str data[AVIF_DATA_BOXES_MAX];
	size_t data_n;
	struct str primary, locations, infos, references, properties, inner_data; /* bodies of boxes in meta */
	bool has_meta;
	uint32_t primary_id;
	struct avif_item items[AVIF_ITEMS_MAX];
	size_t items_n;
};

struct avif_box {
	struct str type, body;
};

/* The next box; false at the end, and where there is none. */
bool avif_take_box(struct reader *c, struct avif_box *out);
/* A number of up to 8 bytes. */
uint64_t avif_take_big64(struct reader *c, size_t bytes);
/* A reader behind version and flags of a box that has them. */
struct reader avif_open_full(struct str body, uint32_t *version, uint32_t *flags);
/* Is it one of these types, four letters each? */
bool avif_is_one_of(struct str type, const char *types);
/* Change what is published of a part of the file. */
void avif_clear(struct avif *w, struct str part);
void avif_rename(struct avif *w, struct str type, const char *other);

/* Find the items, choose those that the picture is made of, and publish their data and no other. */
bool avif_read_items(struct avif *w);

#endif

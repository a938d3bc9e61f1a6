/* AVIF: which files are pictures, and what of them is published. */
#include "tests/unit/test.h"

#include "core/base/arena.h"
#include "core/image/image_walk.h"

/* What a file is made of; where it differs from one of a picture that is turned and has EXIF. */
struct parts {
	const char *brand;        /* NULL: avif */
	const char *first_type;   /* of the picture; NULL: av01 */
	const char *top;          /* a box more behind meta */
	const char *meta;         /* a box more in meta */
	const char *property;     /* a property more */
	const char *behind;       /* bytes behind the last box */
	uint32_t offset_by, more; /* the place and the length of the picture's data differ by that */
	uint32_t protected, elsewhere, method;
	bool no_size, no_handler, same_ids, thumbnail, no_location;
};

static size_t begin(struct buf *b, const char *type)
{
	size_t start = b->n;

	image_add_big(b, 0, 4);
	buf_addz(b, type);
	return start;
}

static void end(struct buf *b, size_t start)
{
	size_t n = b->n - start;

	for (size_t i = 0; i < 4; i++)
		b->p[start + i] = (char)(n >> (24 - 8 * i) & 0xff);
}

static void add_box(struct buf *b, const char *type, struct str body)
{
	size_t start = begin(b, type);

	buf_add(b, body);
	end(b, start);
}

static void add_info(struct buf *b, uint32_t id, uint32_t protected, const char *type, struct str name)
{
	size_t start = begin(b, "infe");

	image_add_big(b, 0x02000000, 4);
	image_add_big(b, id, 2);
	image_add_big(b, protected, 2);
	buf_addz(b, type);
	buf_add(b, name);
	end(b, start);
}

static void add_items(struct buf *b, const struct parts *p, bool clean)
{
	const char *type = p->first_type ? p->first_type : "av01";
	size_t start = begin(b, "iinf");

	image_add_big(b, 0, 4);
	image_add_big(b, 2, 2);
	add_info(b, 1, p->protected, type, clean ? STR("\0\0\0\0\0\0") : STR("Photo\0"));
	add_info(b, p->same_ids ? 1 : 2, 0, clean ? "skip" : p->thumbnail ? "av01" : "Exif", STR("\0"));
	end(b, start);
	if (!p->thumbnail)
		return;
	start = begin(b, "iref");
	image_add_big(b, 0, 4);
	add_box(b, "thmb", STR("\0\2\0\1\0\1"));
	end(b, start);
}

static void add_location(struct buf *b, uint32_t id, const struct parts *p, uint32_t offset, uint32_t length)
{
	image_add_big(b, id, 2);
	image_add_big(b, p->method, 2);
	image_add_big(b, p->elsewhere, 2);
	image_add_big(b, 1, 2);
	image_add_big(b, offset, 4);
	image_add_big(b, length, 4);
}

static void add_locations(struct buf *b, const struct parts *p, uint32_t data)
{
	const struct parts plain = { 0 };
	size_t start = begin(b, "iloc");

	image_add_big(b, 0x01000000, 4);
	image_add_big(b, 0x4400, 2);
	image_add_big(b, p->no_location ? 1 : 2, 2);
	if (!p->no_location)
		add_location(b, 1, p, data + p->offset_by, 6 + p->more);
	add_location(b, 2, &plain, data + 6, 4);
	end(b, start);
}

static void add_properties(struct buf *b, const struct parts *p, bool clean)
{
	size_t start = begin(b, "iprp"), container = begin(b, "ipco");

	if (!p->no_size)
		add_box(b, "ispe", STR("\0\0\0\0\0\0\0\2\0\0\0\3"));
	else
		add_box(b, "pixi", STR("\0\0\0\0\1\x08"));
	add_box(b, "irot", STR("\1"));
	if (p->property)
		add_box(b, clean ? "free" : p->property, clean ? STR("\0\0\0\0") : STR("home"));
	end(b, container);
	add_box(b, "ipma", STR("\0\0\0\0\0\0\0\1\0\1\2\x81\x82"));
	end(b, start);
}

/* The file; or, if clean, what is published of it. Where its data begins is known once it is written: data is 0 then.
 */
static struct str make(struct arena *a, const struct parts *p, bool clean, uint32_t data)
{
	struct buf b = buf_new(a, 1024, 4096);
	size_t start = begin(&b, "ftyp");
	uint32_t at;

	buf_addz(&b, p->brand ? p->brand : "avif");
	buf_add(&b, STR("\0\0\0\0mif1"));
	end(&b, start);
	start = begin(&b, "meta");
	image_add_big(&b, 0, 4);
	if (!p->no_handler)
		add_box(&b, "hdlr",
			clean ? STR("\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0")
			      : STR("\0\0\0\0\0\0\0\0pict\0\0\0\0\0\0\0\0\0\0\0\0home\0"));
	add_box(&b, "pitm", STR("\0\0\0\0\0\1"));
	add_locations(&b, p, data);
	add_items(&b, p, clean);
	add_properties(&b, p, clean);
	if (p->meta)
		add_box(&b, clean ? "free" : p->meta, clean ? STR("\0\0\0\0") : STR("home"));
	end(&b, start);
	if (p->top)
		add_box(&b, clean ? "free" : p->top, clean ? STR("\0\0\0\0") : STR("home"));
	at = (uint32_t)b.n + 8;
	add_box(&b, "mdat", clean ? STR("pixels\0\0\0\0\0\0") : STR("pixelshome.."));
	if (p->behind && !clean)
		buf_addz(&b, p->behind);
	return data ? buf_str(&b) : make(a, p, clean, at);
}

static void test_published(struct arena *a)
{
	static const struct {
		const char *what;
		struct parts parts;
	} cases[] = {
		{ "with EXIF", { 0 } },
		{ "with a box of others", { .top = "uuid" } },
		{ "with free space", { .top = "free" } },
		{ "with another box in meta", { .meta = "xml " } },
		{ "with a description", { .property = "udes" } },
		{ "with a page behind it", { .behind = "<script>alert(1)</script>" } },
		{ "with a preview", { .thumbnail = true } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct image image = { .extension = NULL }, again;

		if (!ok(!image_read(a, make(a, &cases[i].parts, false, 0), &image), "AVIF %s is one", cases[i].what))
			continue;
		is_str(str_z(image.extension), "avif", "AVIF %s: its extension", cases[i].what);
		is_int(image.width, 3, "AVIF %s: its width", cases[i].what);
		is_int(image.height, 2, "AVIF %s: its height", cases[i].what);
		is_bytes(image.bytes, make(a, &cases[i].parts, true, 0), "AVIF %s: what is published", cases[i].what);
		ok(!image_read(a, image.bytes, &again) && str_eq(again.bytes, image.bytes), "AVIF %s: which stays so",
		   cases[i].what);
	}
}

static void test_refused(struct arena *a)
{
	static const struct {
		const char *what;
		struct parts parts;
	} cases[] = {
		{ "of another brand", { .brand = "heic" } },
		{ "that is HEVC", { .first_type = "hvc1" } },
		{ "that moves", { .top = "moov" } },
		{ "with a second file", { .top = "ftyp" } },
		{ "with a second meta", { .top = "meta" } },
		{ "with a second list of items", { .meta = "iinf" } },
		{ "without a size", { .no_size = true } },
		{ "without a handler", { .no_handler = true } },
		{ "with two items of one id", { .same_ids = true } },
		{ "that is protected", { .protected = 1 } },
		{ "in another file", { .elsewhere = 1 } },
		{ "in another item", { .method = 2 } },
		{ "in a box that is not there", { .method = 1 } },
		{ "whose data is nowhere", { .no_location = true } },
		{ "whose data begins too early", { .offset_by = (uint32_t)-1 } },
		{ "whose data ends too late", { .more = 7 } },
		{ "whose data is long", { .more = UINT32_MAX - 6 } },
		{ "without data", { .more = (uint32_t)-6 } },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct image image = { .extension = NULL };

		ok(image_read(a, make(a, &cases[i].parts, false, 0), &image) && !image.extension, "AVIF %s is none",
		   cases[i].what);
	}
}

/* Every beginning, in memory of its own. */
static void test_cut_off(struct arena *a)
{
	struct str whole = make(a, &(struct parts){ .meta = "free" }, false, 0);
	bool none = true;

	for (size_t n = 0; n < whole.n; n++) {
		char *copy = malloc(n + 1);
		struct image image;

		memcpy(copy, whole.p, n);
		copy = realloc(copy, n ? n : 1);
		none &= image_read(a, (struct str){ copy, n }, &image) != ERROR_NONE;
		free(copy);
	}
	ok(none, "AVIF that is cut off anywhere is none");
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_published(&a);
	test_refused(&a);
	test_cut_off(&a);
	arena_free(&a);
	return test_done();
}

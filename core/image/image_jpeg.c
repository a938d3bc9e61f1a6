/* JPEG: markers, each with a segment, and compressed data after a scan's. */
#include "core/image/image_walk.h"

enum {
	JPEG_SOF0 = 0xc0,
	JPEG_SOF2 = 0xc2,
	JPEG_DHT = 0xc4,
	JPEG_EOI = 0xd9,
	JPEG_SOS = 0xda,
	JPEG_APP0 = 0xe0,
	JPEG_APP1 = 0xe1,
	JPEG_APP2 = 0xe2,
	JPEG_APP14 = 0xee,
	JPEG_APP15 = 0xef,
	JPEG_COM = 0xfe,
};

enum { UPRIGHT = 1, ON_ITS_SIDE = 5, ORIENTATIONS = 8 }; /* EXIF: 5 to 8 swap width and height */
enum { TAG_ORIENTATION = 0x112, TYPE_SHORT = 3 };

struct walk {
	struct image *out;
	struct buf *clean;
	uint32_t orientation;
	unsigned scans;
	bool has_exif, has_frame;
};

static bool read_frame(struct str segment, struct image *out)
{
	struct reader c = reader_of(segment);
	uint32_t precision = reader_take_big(&c, 1), components;

	out->height = reader_take_big(&c, 2);
	out->width = reader_take_big(&c, 2);
	components = reader_take_big(&c, 1);
	return !c.overrun && (precision == 8 || precision == 12) && components >= 1 && components <= 4 &&
	       c.n == (size_t)components * 3;
}

/* Up to the next marker: in compressed data 0xff is followed by 0, or by the number of a restart. */
static void skip_data(struct reader *c)
{
	while (c->n >= 2) {
		const unsigned char *ff = memchr(c->p, 0xff, c->n - 1);

		if (!ff)
			break;
		reader_take(c, (size_t)(ff - c->p));
		if (c->p[1] != 0 && (c->p[1] < 0xd0 || c->p[1] > 0xd7) && c->p[1] != 0xff)
			return;
		reader_take(c, c->p[1] == 0xff ? 1 : 2);
	}
	c->overrun = true;
}

static uint32_t take_marker(struct reader *c)
{
	uint32_t code = reader_take_big(c, 1) == 0xff ? 0xff : 0;

	while (code == 0xff) /* any number of them counts as one */
		code = reader_take_big(c, 1);
	return code;
}

/* The code after 0xff of a marker that may occur here and has a segment. */
static bool has_segment(uint32_t code)
{
	return code == JPEG_DHT || (code >= JPEG_SOS && code <= JPEG_APP15 && code != 0xde && code != 0xdf) ||
	       code == JPEG_COM || (code >= JPEG_SOF0 && code <= JPEG_SOF2);
}

static void add_segment(struct buf *clean, uint32_t code, struct str data)
{
	buf_addc(clean, (char)0xff);
	image_add_big(clean, code, 1);
	image_add_big(clean, (uint32_t)data.n + 2, 2);
	buf_add(clean, data);
}

static uint32_t take_ordered(struct reader *c, bool little, size_t bytes)
{
	return little ? reader_take_little(c, bytes) : reader_take_big(c, bytes);
}

/* The orientation, from the first directory of a TIFF file (EXIF 2.3, 4.6.4); malformed: none. */
static uint32_t read_orientation(struct str tiff)
{
	struct reader c = reader_of(tiff);
	bool little = str_is(reader_take(&c, 2), "II");
	uint32_t magic = take_ordered(&c, little, 2), offset = take_ordered(&c, little, 4), entries;

	if ((!little && !str_has_prefix(tiff, STR("MM"))) || magic != 42 || offset > tiff.n)
		return UPRIGHT;
	c = reader_of(str_sub(tiff, offset, tiff.n));
	entries = take_ordered(&c, little, 2);
	for (uint32_t i = 0; i < entries && !c.overrun; i++) {
		uint32_t tag = take_ordered(&c, little, 2), type = take_ordered(&c, little, 2);
		uint32_t count = take_ordered(&c, little, 4), value = take_ordered(&c, little, 2);

		reader_take(&c, 2);
		if (tag == TAG_ORIENTATION && type == TYPE_SHORT && count == 1 && !c.overrun)
			return value >= UPRIGHT && value <= ORIENTATIONS ? value : UPRIGHT;
	}
	return UPRIGHT;
}

/* A segment with the orientation and nothing else. */
static void add_orientation(struct buf *clean, uint32_t orientation)
{
	static const struct str head = STR("\xff\xe1\0\x22"
					   "Exif\0\0MM\0*\0\0\0\x08\0\x01"
					   "\x01\x12\0\x03\0\0\0\x01");

	buf_add(clean, head);
	image_add_big(clean, orientation, 2);
	image_add_big(clean, 0, 2); /* of the value */
	image_add_big(clean, 0, 4); /* no further directory */
}

/*
 * Application segments. Kept: what colours need (the kind of file without its preview, the profile, Adobe's
 * transformation), and the orientation from EXIF.
 */
static void read_application(struct walk *w, uint32_t code, struct str segment)
{
	if (code == JPEG_APP0 && str_has_prefix(segment, STR("JFIF\0")) && segment.n >= 14) {
		add_segment(w->clean, code, STR("JFIF\0\0\0\0\0\0\0\0\0\0"));
		if (!w->clean->overflow)
			memcpy(w->clean->p + w->clean->n - 9, segment.p + 5, 7);
	} else if (code == JPEG_APP1 && str_has_prefix(segment, STR("Exif\0\0")) && !w->has_exif) {
		w->has_exif = true;
		w->orientation = read_orientation(str_sub(segment, 6, segment.n));
		if (w->orientation != UPRIGHT)
			add_orientation(w->clean, w->orientation);
	} else if (code == JPEG_APP2 && str_has_prefix(segment, STR("ICC_PROFILE\0"))) {
		add_segment(w->clean, code, segment);
	} else if (code == JPEG_APP14 && str_has_prefix(segment, STR("Adobe")) && segment.n >= 12) {
		add_segment(w->clean, code, str_sub(segment, 0, 12));
	}
}

static bool read_segment(struct walk *w, struct reader *c, uint32_t code, struct str segment)
{
	if (code == JPEG_COM)
		return true;
	if (code >= JPEG_APP0 && code <= JPEG_APP15) {
		read_application(w, code, segment);
		return true;
	}
	add_segment(w->clean, code, segment);
	if (code >= JPEG_SOF0 && code <= JPEG_SOF2) {
		if (w->has_frame || !read_frame(segment, w->out))
			return false;
		w->has_frame = true;
	} else if (code == JPEG_SOS) {
		const unsigned char *start = c->p;

		skip_data(c);
		buf_add(w->clean, reader_passed(start, c));
		w->scans++;
		return w->has_frame && w->scans <= IMAGE_SCANS_MAX;
	}
	return true;
}

static bool end(const struct walk *w)
{
	uint32_t width = w->out->width;

	buf_add(w->clean, STR("\xff\xd9"));
	if (w->orientation >= ON_ITS_SIDE) {
		w->out->width = w->out->height;
		w->out->height = width;
	}
	return w->scans > 0;
}

bool jpeg_walk(struct reader *c, struct image *out, struct buf *clean)
{
	struct walk w = { .out = out, .clean = clean, .orientation = UPRIGHT };

	out->extension = "jpg";
	while (!c->overrun) {
		uint32_t code = take_marker(c), length;

		if (code == JPEG_EOI)
			return end(&w);
		length = has_segment(code) ? reader_take_big(c, 2) : 0;
		if (length < 2 || !read_segment(&w, c, code, reader_take(c, length - 2)))
			return false;
	}
	return false;
}

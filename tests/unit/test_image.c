/* Images by their bytes: what is recognised, what only looks like one, and what of them is published. */
#include <zlib.h>
#include "tests/unit/test.h"

#include "core/base/arena.h"
#include "core/image/image_walk.h"

/* Bytes of a literal, those behind a NUL too. */
struct sample {
	const char *what, *p;
	size_t n;
};
#define SAMPLE(what, literal) what, literal, sizeof(literal) - 1

#define GIF_SCREEN "GIF89a\x03\0\x02\0\x80\0\0rgbRGB"
#define GIF_EXTENSION "\x21\xf9\x04\0\0\0\0\0"
#define GIF_FRAME "\x2c\0\0\0\0\x03\0\x02\0\0\x02\x02\x44\x01\0"
#define GIF_LOOP "\x21\xff\x0bNETSCAPE2.0\x03\x01\0\0\0"
#define GIF_COMMENT    \
	"\x21\xfe\x04" \
	"home\0"
#define GIF_XMP "\x21\xff\x0bXMP DataXMP\x06<gps/>\0"

#define WEBP_LOSSY_DATA "\x10\0\0\x9d\x01\x2a\x03\0\x02\0xy"
#define WEBP_LOSSY "VP8 \x0c\0\0\0" WEBP_LOSSY_DATA
#define WEBP_LOSSLESS_DATA "\x2f\x02\x40\0\0xyz"
#define WEBP_CANVAS_OF(flags) "VP8X\x0a\0\0\0" flags "\0\0\0\x02\0\0\x01\0\0"
#define WEBP_CANVAS WEBP_CANVAS_OF("\x02")
#define WEBP_FRAME "ANMF\x24\0\0\0\0\0\0\0\0\0\x02\0\0\x01\0\0\0\0\0\0" WEBP_LOSSY

#define JPEG_START "\xff\xd8"
#define JPEG_FRAME "\xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0"
#define JPEG_SCAN "\xff\xda\0\x08\x01\x01\0\0\x3f\0"
#define JPEG_DATA "abc\xff\0def\xff\xd0ghi"
#define JPEG_END "\xff\xd9"
#define JPEG_REST JPEG_FRAME JPEG_SCAN JPEG_DATA JPEG_END
#define JFIF "\xff\xe0\0\x10JFIF\0\x01\x02\x01\0\x48\0\x48\0\0"
#define ICC "\xff\xe2\0\x10ICC_PROFILE\0\x01\x01"
#define ADOBE            \
	"\xff\xee\0\x0e" \
	"Adobe\0\x64\0\0\0\0\x01"
#define COMMENT "\xff\xfe\0\x06home"
#define XMP "\xff\xe1\0\x22http://ns.adobe.com/xap/1.0/\0gps"
#define IPTC "\xff\xed\0\x11Photoshop 3.0\0x"
/* EXIF with an orientation and a pointer to where it was taken, in both orders of bytes. */
#define EXIF_LITTLE(turned)                                            \
	"\xff\xe1\0\x2e"                                               \
	"Exif\0\0II*\0\x08\0\0\0\x02\0\x12\x01\x03\0\x01\0\0\0" turned \
	"\0\0\0\x25\x88\x04\0\x01\0\0\0\x26\0\0\0\0\0\0\0"
#define EXIF_BIG(turned)                                                  \
	"\xff\xe1\0\x2e"                                                  \
	"Exif\0\0MM\0*\0\0\0\x08\0\x02\x88\x25\0\x04\0\0\0\x01\0\0\0\x26" \
	"\x01\x12\0\x03\0\0\0\x01\0" turned "\0\0\0\0\0\0"
#define EXIF_KEPT(turned) \
	"\xff\xe1\0\x22"  \
	"Exif\0\0MM\0*\0\0\0\x08\0\x01\x01\x12\0\x03\0\0\0\x01\0" turned "\0\0\0\0\0\0"

/* --- PNGs, whose checksums are made */

struct png {
	struct buf b;
};

static struct png png_new(struct arena *a)
{
	struct png png = { buf_new(a, 256, 1024 * 1024) };

	buf_add(&png.b, STR("\x89PNG\r\n\x1a\n"));
	return png;
}

static void png_chunk(struct png *png, const char *type, struct str data)
{
	size_t start;
	uint32_t crc;

	image_add_big(&png->b, (uint32_t)data.n, 4);
	start = png->b.n;
	buf_addz(&png->b, type);
	buf_add(&png->b, data);
	crc = (uint32_t)crc32(0, (const unsigned char *)png->b.p + start, (uInt)(png->b.n - start));
	image_add_big(&png->b, crc, 4);
}

static void png_header(struct png *png, uint32_t width, uint32_t height, const char depth_colour_interlace[3])
{
	struct buf b = buf_new(png->b.arena, 16, 16);

	image_add_big(&b, width, 4);
	image_add_big(&b, height, 4);
	buf_add(&b, (struct str){ depth_colour_interlace, 2 });
	buf_add(&b, STR("\0\0"));
	buf_addc(&b, depth_colour_interlace[2]);
	png_chunk(png, "IHDR", buf_str(&b));
}

/* That many zeros as a zlib stream, not compressed. */
static struct str zeros(struct arena *a, uint32_t n)
{
	struct buf b = buf_new(a, n + 16, n + 16);

	buf_add(&b, STR("\x78\x01\x01"));
	image_add_little(&b, n, 2);
	image_add_little(&b, ~n, 2);
	for (uint32_t i = 0; i < n; i++)
		buf_addc(&b, 0);
	image_add_big(&b, n << 16 | 1, 4);
	return buf_str(&b);
}

/* 3 by 2 pixels of 4 bytes, with these chunks before and behind the data. */
static struct str png_with(struct arena *a, const char *before, struct str data, const char *behind, struct str more)
{
	struct png png = png_new(a);

	png_header(&png, 3, 2, "\x08\x06");
	if (before)
		png_chunk(&png, before, data);
	png_chunk(&png, "IDAT", zeros(a, 26));
	if (behind)
		png_chunk(&png, behind, more);
	png_chunk(&png, "IEND", STR(""));
	return buf_str(&png.b);
}

static struct str png_plain(struct arena *a)
{
	return png_with(a, NULL, STR(""), NULL, STR(""));
}

/* --- */

/* Is one of 3 by 2 pixels, and this is published of it. */
static void published(struct arena *a, const char *what, struct str in, const char *extension, struct str expected)
{
	struct image image = { .extension = NULL }, again;

	if (!ok(!image_read(a, in, &image), "%s is one", what))
		return;
	is_str(str_z(image.extension), extension, "%s: its extension", what);
	is_int(image.width, 3, "%s: its width", what);
	is_int(image.height, 2, "%s: its height", what);
	is_bytes(image.bytes, expected, "%s: what is published", what);
	ok(!image_read(a, image.bytes, &again) && str_eq(again.bytes, image.bytes), "%s: which stays so", what);
}

static void refused(struct arena *a, const char *what, struct str in)
{
	struct image image = { .extension = NULL };

	ok(image_read(a, in, &image) && !image.extension, "%s is none", what);
}

/* What has nothing that is left out is published byte for byte. */
static void test_accepted(struct arena *a)
{
	static const struct {
		struct sample in;
		const char *extension;
	} cases[] = {
		{ { SAMPLE("GIF", GIF_SCREEN GIF_FRAME ";") }, "gif" },
		{ { SAMPLE("GIF of 1987", "GIF87a\x03\0\x02\0\0\0\0" GIF_FRAME ";") }, "gif" },
		{ { SAMPLE("GIF that moves", GIF_SCREEN GIF_LOOP GIF_EXTENSION GIF_FRAME GIF_EXTENSION GIF_FRAME ";") },
		  "gif" },
		{ { SAMPLE("WebP, lossy", "RIFF\x18\0\0\0WEBP" WEBP_LOSSY) }, "webp" },
		{ { SAMPLE("WebP, lossless", "RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) }, "webp" },
		{ { SAMPLE("WebP, padded", "RIFF\x14\0\0\0WEBPVP8L\x07\0\0\0\x2f\x02\x40\0\0xy\0") }, "webp" },
		{ { SAMPLE("WebP with a canvas", "RIFF\x2a\0\0\0WEBP" WEBP_CANVAS_OF("\0") WEBP_LOSSY) }, "webp" },
		{ { SAMPLE(
			  "WebP with a profile and transparency",
			  "RIFF\x3e\0\0\0WEBP" WEBP_CANVAS_OF("\x30") "ICCP\x02\0\0\0xyALPH\x01\0\0\0x\0" WEBP_LOSSY) },
		  "webp" },
		{ { SAMPLE("WebP that moves",
			   "RIFF\x7c\0\0\0WEBP" WEBP_CANVAS "ANIM\x06\0\0\0abcdef" WEBP_FRAME WEBP_FRAME) },
		  "webp" },
		{ { SAMPLE("JPEG", JPEG_START JPEG_REST) }, "jpg" },
		{ { SAMPLE("JPEG with all that colours need", JPEG_START JFIF ICC ADOBE JPEG_REST) }, "jpg" },
		{ { SAMPLE("JPEG of two scans",
			   JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA "\xff\xc4\0\x03x" JPEG_SCAN JPEG_DATA JPEG_END) },
		  "jpg" },
		{ { SAMPLE("JPEG, progressive", JPEG_START "\xff\xc2\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0" JPEG_SCAN
							JPEG_DATA JPEG_SCAN JPEG_DATA JPEG_END) },
		  "jpg" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in = { cases[i].in.p, cases[i].in.n };

		published(a, cases[i].in.what, in, cases[i].extension, in);
	}
	published(a, "PNG", png_plain(a), "png", png_plain(a));
	published(a, "PNG with its colours", png_with(a, "iCCP", STR("a\0\0z"), NULL, STR("")), "png",
		  png_with(a, "iCCP", STR("a\0\0z"), NULL, STR("")));
}

static void test_left_out(struct arena *a)
{
	static const struct {
		struct sample in, out;
		const char *extension;
	} cases[] = {
		{ { SAMPLE("JPEG with fill bytes",
			   JPEG_START "\xff" JPEG_FRAME JPEG_SCAN JPEG_DATA "\xff\xff" JPEG_END) },
		  { SAMPLE("", JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA "\xff\xff" JPEG_END) },
		  "jpg" },
		{ { SAMPLE("JPEG with a preview behind it", JPEG_START JPEG_REST JPEG_START JPEG_REST) },
		  { SAMPLE("", JPEG_START JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG with everything", JPEG_START JFIF EXIF_BIG("\x01") XMP IPTC ICC
			   "\xff\xe2\0\x06MPF\0" COMMENT "\xff\xef\0\x04xy" ADOBE JPEG_FRAME COMMENT JPEG_SCAN JPEG_DATA
				   XMP JPEG_SCAN JPEG_DATA COMMENT JPEG_END) },
		  { SAMPLE("", JPEG_START JFIF ICC ADOBE JPEG_FRAME JPEG_SCAN JPEG_DATA JPEG_SCAN JPEG_DATA JPEG_END) },
		  "jpg" },
		{ { SAMPLE("JPEG with a preview in its first segment",
			   JPEG_START "\xff\xe0\0\x13JFIF\0\x01\x02\x01\0\x48\0\x48\x01\x01rgb" JPEG_REST) },
		  { SAMPLE("", JPEG_START JFIF JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG with a preview in its second",
			   JPEG_START JFIF "\xff\xe0\0\x0aJFXX\0\x10xy" JPEG_REST) },
		  { SAMPLE("", JPEG_START JFIF JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG with words of Adobe's", JPEG_START "\xff\xee\0\x12"
								    "Adobe\0\x64\0\0\0\0\x01home" JPEG_REST) },
		  { SAMPLE("", JPEG_START ADOBE JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG that is mirrored", JPEG_START EXIF_LITTLE("\x02") JPEG_REST) },
		  { SAMPLE("", JPEG_START EXIF_KEPT("\x02") JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG with half an EXIF",
			   JPEG_START "\xff\xe1\0\x16"
				      "Exif\0\0II*\0\x08\0\0\0\xff\xff\x12\x01\x03\0" JPEG_REST) },
		  { SAMPLE("", JPEG_START JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG whose EXIF leads nowhere", JPEG_START "\xff\xe1\0\x10"
								       "Exif\0\0MM\0*\xff\xff\xff\xff" JPEG_REST) },
		  { SAMPLE("", JPEG_START JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("JPEG turned nine times", JPEG_START EXIF_LITTLE("\x09") JPEG_REST) },
		  { SAMPLE("", JPEG_START JPEG_REST) },
		  "jpg" },
		{ { SAMPLE("GIF with everything", GIF_SCREEN GIF_COMMENT GIF_LOOP GIF_XMP
			   "\x21\x01\x02xy\0" GIF_EXTENSION GIF_FRAME GIF_COMMENT ";<script>") },
		  { SAMPLE("", GIF_SCREEN GIF_LOOP GIF_EXTENSION GIF_FRAME ";") },
		  "gif" },
		{ { SAMPLE("WebP with a page behind it", "RIFF\x18\0\0\0WEBP" WEBP_LOSSY "<script>") },
		  { SAMPLE("", "RIFF\x18\0\0\0WEBP" WEBP_LOSSY) },
		  "webp" },
		{ { SAMPLE("WebP with everything",
			   "RIFF\x56\0\0\0WEBP" WEBP_CANVAS_OF(
				   "\x3c") "ICCP\x02\0\0\0xy" WEBP_LOSSY
					   "EXIF\x04\0\0\0homeXMP \x03\0\0\0gps\0abcd\x02\0\0\0xy") },
		  { SAMPLE("", "RIFF\x34\0\0\0WEBP" WEBP_CANVAS_OF("\x30") "ICCP\x02\0\0\0xy" WEBP_LOSSY) },
		  "webp" },
		{ { SAMPLE("WebP without a canvas, but with EXIF",
			   "RIFF\x24\0\0\0WEBP" WEBP_LOSSY "EXIF\x04\0\0\0home") },
		  { SAMPLE("", "RIFF\x18\0\0\0WEBP" WEBP_LOSSY) },
		  "webp" },
		{ { SAMPLE("WebP that moves, with something in a frame",
			   "RIFF\x4e\0\0\0WEBP" WEBP_CANVAS
			   "ANMF\x30\0\0\0\0\0\0\0\0\0\x02\0\0\x01\0\0\0\0\0\0" WEBP_LOSSY "abcd\x04\0\0\0home") },
		  { SAMPLE("", "RIFF\x42\0\0\0WEBP" WEBP_CANVAS WEBP_FRAME) },
		  "webp" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		published(a, cases[i].in.what, (struct str){ cases[i].in.p, cases[i].in.n }, cases[i].extension,
			  (struct str){ cases[i].out.p, cases[i].out.n });
}

static void test_png_left_out(struct arena *a)
{
	static const char *const types[] = { "eXIf", "tEXt", "zTXt", "iTXt", "tIME", "dSIG", "prVt" };
	struct buf b = buf_new(a, 256, 1024);

	for (size_t i = 0; i < ARRAY_LEN(types); i++) {
		published(a, types[i], png_with(a, types[i], STR("gps"), NULL, STR("")), "png", png_plain(a));
		published(a, types[i], png_with(a, NULL, STR(""), types[i], STR("gps")), "png", png_plain(a));
	}
	buf_add(&b, png_plain(a));
	buf_addz(&b, "<script>alert(1)</script>");
	published(a, "PNG with a page behind it", buf_str(&b), "png", png_plain(a));
	/* What is damaged, but not needed. */
	buf_clear(&b);
	buf_add(&b, png_with(a, "gAMA", STR("abcd"), NULL, STR("")));
	b.p[8 + 25 + 8] ^= 1;
	published(a, "PNG with a damaged gAMA", buf_str(&b), "png", png_plain(a));
}

/* A picture that lies on its side is shown upright. */
static void test_turned(struct arena *a)
{
	static const struct {
		struct sample in;
		bool swapped;
	} cases[] = {
		{ { SAMPLE("5", JPEG_START EXIF_LITTLE("\x05") JPEG_REST) }, true },
		{ { SAMPLE("6", JPEG_START EXIF_BIG("\x06") JPEG_REST) }, true },
		{ { SAMPLE("7", JPEG_START JFIF EXIF_LITTLE("\x07") JPEG_REST) }, true },
		{ { SAMPLE("8", JPEG_START JPEG_FRAME EXIF_BIG("\x08") JPEG_SCAN JPEG_DATA JPEG_END) }, true },
		{ { SAMPLE("3", JPEG_START EXIF_BIG("\x03") JPEG_REST) }, false },
		{ { SAMPLE("1, then 6", JPEG_START EXIF_BIG("\x01") EXIF_BIG("\x06") JPEG_REST) }, false },
		{ { SAMPLE("6, then 1", JPEG_START EXIF_BIG("\x06") EXIF_BIG("\x01") JPEG_REST) }, true },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct image image = { .extension = NULL }, again = { .extension = NULL };

		if (!ok(!image_read(a, (struct str){ cases[i].in.p, cases[i].in.n }, &image), "orientation %s",
			cases[i].in.what))
			continue;
		is_int(image.width, cases[i].swapped ? 2 : 3, "orientation %s: width", cases[i].in.what);
		is_int(image.height, cases[i].swapped ? 3 : 2, "orientation %s: height", cases[i].in.what);
		ok(!image_read(a, image.bytes, &again) && again.width == image.width &&
			   str_eq(again.bytes, image.bytes),
		   "orientation %s: is kept", cases[i].in.what);
		ok(!memmem(image.bytes.p, image.bytes.n, "\x88\x25", 2) &&
			   !memmem(image.bytes.p, image.bytes.n, "\x25\x88", 2),
		   "orientation %s: where it was taken is not", cases[i].in.what);
	}
}

static void test_refused(struct arena *a)
{
	static const struct sample cases[] = {
		{ SAMPLE("nothing", "") },
		{ SAMPLE("text", "hello") },
		{ SAMPLE("SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>") },
		{ SAMPLE("HTML", "<!doctype html><script>alert(1)</script>") },
		{ SAMPLE("a PDF", "%PDF-1.7\n") },
		{ SAMPLE("BMP", "BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0") },
		{ SAMPLE("TIFF", "II*\0\x08\0\0\0") },
		{ SAMPLE("AVIF's first bytes", "\0\0\0\x10"
					       "ftypavif\0\0\0\0") },

		{ SAMPLE("a GIF's screen alone", GIF_SCREEN ";") },
		{ SAMPLE("GIF without a trailer", GIF_SCREEN GIF_FRAME) },
		{ SAMPLE("GIF that is a script", "GIF89a=1;alert(document.domain)//") },
		{ SAMPLE("GIF that is a comment", "GIF89a/*\0\0\0*/=1;alert(1);") },
		{ SAMPLE("GIF of 1988", "GIF88a\x03\0\x02\0\0\0\0" GIF_FRAME ";") },
		{ SAMPLE("GIF with a palette past its end", "GIF89a\x03\0\x02\0\x87\0\0rgb") },
		{ SAMPLE("GIF with a frame of 65,535",
			 GIF_SCREEN "\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;") },
		{ SAMPLE("GIF with an empty frame", GIF_SCREEN "\x2c\0\0\0\0\x03\0\x02\0\0\x02\0;") },
		{ SAMPLE("GIF of no height", "GIF89a\x03\0\0\0\0\0\0" GIF_FRAME ";") },
		{ SAMPLE("GIF with an extension past its end", GIF_SCREEN GIF_FRAME "\x21\xfe\xff;") },

		{ SAMPLE("RIFF that is sound", "RIFF\x14\0\0\0WAVEVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP that is shorter than it says",
			 "RIFF\xff\xff\xff\xffWEBPVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP that says it is shorter", "RIFF\x10\0\0\0WEBPVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP with a chunk past its end", "RIFF\x14\0\0\0WEBPVP8L\xff\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP that is a canvas alone", "RIFF\x16\0\0\0WEBP" WEBP_CANVAS) },
		{ SAMPLE("WebP with another canvas than its image",
			 "RIFF\x2a\0\0\0WEBP"
			 "VP8X\x0a\0\0\0\0\0\0\0\xff\0\0\xff\0\0" WEBP_LOSSY) },
		{ SAMPLE("WebP that begins with something else", "RIFF\x1e\0\0\0WEBPEXIF\x02\0\0\0xy"
								 "VP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP of two images", "RIFF\x2c\0\0\0WEBP" WEBP_LOSSY WEBP_LOSSY) },
		{ SAMPLE("WebP without its start code",
			 "RIFF\x18\0\0\0WEBPVP8 \x0c\0\0\0\x10\0\0\x9d\x01\x2b\x03\0\x02\0xy") },
		{ SAMPLE("WebP of a version to come", "RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0\x2f\x02\x40\0\xe0xyz") },
		{ SAMPLE("WebP with an empty frame",
			 "RIFF\x2e\0\0\0WEBP" WEBP_CANVAS "ANMF\x10\0\0\0\0\0\0\0\0\0\x02\0\0\x01\0\0\0\0\0\0") },
		{ SAMPLE("WebP with a frame that is no image", "RIFF\x20\0\0\0WEBP" WEBP_CANVAS "ANMF\x02\0\0\0xy") },
		{ SAMPLE("WebP with a frame beside its canvas",
			 "RIFF\x42\0\0\0WEBP" WEBP_CANVAS
			 "ANMF\x24\0\0\0\x01\0\0\0\0\0\x02\0\0\x01\0\0\0\0\0\0" WEBP_LOSSY) },
		{ SAMPLE("WebP with a frame of another size",
			 "RIFF\x42\0\0\0WEBP" WEBP_CANVAS
			 "ANMF\x24\0\0\0\0\0\0\0\0\0\x01\0\0\x01\0\0\0\0\0\0" WEBP_LOSSY) },

		{ SAMPLE("a JPEG's first bytes and a page", "\xff\xd8\xff\xe0<script>alert(1)</script>") },
		{ SAMPLE("JPEG without an end", JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA) },
		{ SAMPLE("JPEG without a frame", JPEG_START JPEG_SCAN JPEG_DATA JPEG_END) },
		{ SAMPLE("JPEG without a scan", JPEG_START JPEG_FRAME JPEG_END) },
		{ SAMPLE("JPEG with two frames", JPEG_START JPEG_FRAME JPEG_FRAME JPEG_SCAN JPEG_DATA JPEG_END) },
		{ SAMPLE("JPEG with a segment past its end", "\xff\xd8\xff\xe0\xff\xff") },
		{ SAMPLE("JPEG with a segment of one byte", "\xff\xd8\xff\xe0\0\x01" JPEG_FRAME JPEG_SCAN JPEG_END) },
		{ SAMPLE("JPEG with a frame of another length",
			 JPEG_START "\xff\xc0\0\x0c\x08\0\x02\0\x03\x01\x01\x11\0x" JPEG_SCAN JPEG_DATA JPEG_END) },
		{ SAMPLE("JPEG of no height yet",
			 JPEG_START "\xff\xc0\0\x0b\x08\0\0\0\x03\x01\x01\x11\0" JPEG_SCAN JPEG_DATA JPEG_END) },
		{ SAMPLE("JPEG that is lossless",
			 JPEG_START "\xff\xc3\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0" JPEG_SCAN JPEG_DATA JPEG_END) },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++)
		refused(a, cases[i].what, (struct str){ cases[i].p, cases[i].n });
}

static void test_png_refused(struct arena *a)
{
	static const struct {
		const char *what;
		uint32_t width, height;
		const char *kind; /* depth, colour, interlace */
		uint32_t bytes;   /* that its data decodes to */
		bool good;
	} cases[] = {
		{ "RGBA", 3, 2, "\x08\x06\0", 26, true },
		{ "one byte too few", 3, 2, "\x08\x06\0", 25, false },
		{ "one byte too many", 3, 2, "\x08\x06\0", 27, false },
		{ "no bytes", 3, 2, "\x08\x06\0", 0, false },
		{ "grey of one bit", 9, 2, "\x01\0\0", 6, true },
		{ "grey of 16 bits", 9, 2, "\x10\0\0", 38, true },
		{ "RGB of 16 bits", 1, 1, "\x10\x02\0", 7, true },
		{ "grey and transparency", 2, 2, "\x08\x04\0", 10, true },
		{ "passes of one pixel", 1, 1, "\x08\0\x01", 2, true },
		{ "passes of 8 by 8", 8, 8, "\x08\0\x01", 64 + 15, true },
		{ "passes of 9 by 3", 9, 3, "\x08\0\x01", 3 + 2 + 3 + 6 + 10 + 10, true },
		{ "passes that are none", 8, 8, "\x08\0\x01", 72, false },
		{ "a palette that is not there", 3, 2, "\x08\x03\0", 8, false },
		{ "3 bits", 3, 2, "\x03\0\0", 4, false },
		{ "colour type 1", 3, 2, "\x08\x01\0", 8, false },
		{ "interlaced in another way", 3, 2, "\x08\x06\x02", 26, false },
		{ "no width", 0, 2, "\x08\x06\0", 0, false },
		{ "12,001", 12001, 2, "\x08\x06\0", 26, false },
		{ "10,000 by 10,000", 10000, 10000, "\x08\x06\0", 26, false },
		{ "4 billion", UINT32_MAX, UINT32_MAX, "\x10\x06\0", 26, false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct png png = png_new(a);
		struct image image;

		png_header(&png, cases[i].width, cases[i].height, cases[i].kind);
		png_chunk(&png, "IDAT", zeros(a, cases[i].bytes));
		png_chunk(&png, "IEND", STR(""));
		is_int(!image_read(a, buf_str(&png.b), &image), cases[i].good, "PNG: %s", cases[i].what);
	}
	refused(a, "a PNG's signature alone", STR("\x89PNG\r\n\x1a\n"));
	refused(a, "PNG with a second header", png_with(a, "IHDR", STR("x"), NULL, STR("")));
	refused(a, "PNG with a chunk to come", png_with(a, "ABCD", STR("x"), NULL, STR("")));
	refused(a, "PNG with an empty palette", png_with(a, "PLTE", STR(""), NULL, STR("")));
	refused(a, "PNG with four bytes of palette", png_with(a, "PLTE", STR("rgbr"), NULL, STR("")));
	refused(a, "PNG with data of another image first", png_with(a, "IDAT", zeros(a, 1), NULL, STR("")));
}

/* A bit that fell over anywhere in what is needed. */
static void test_png_damaged(struct arena *a)
{
	struct str whole = png_plain(a);
	bool all = true;

	for (size_t i = 0; i < whole.n; i++) {
		char *copy = str_to_z(a, whole);
		struct image image;

		copy[i] = (char)(copy[i] ^ 4);
		all &= image_read(a, (struct str){ copy, whole.n }, &image) != ERROR_NONE;
	}
	ok(all, "a PNG that is damaged anywhere is none");
}

/* What zlib makes, and what only begins like it. */
static void test_inflated(struct arena *a)
{
	static const struct {
		struct sample in;
		int64_t bytes; /* -1: it is none */
	} cases[] = {
		{ { SAMPLE("nothing", "") }, -1 },
		{ { SAMPLE("a head alone", "\x78\x9c") }, -1 },
		{ { SAMPLE("stored", "\x78\x01\x01\x03\0\xfc\xff"
				     "abc") },
		  3 },
		{ { SAMPLE("stored, twice", "\x78\x01\0\x03\0\xfc\xff"
					    "abc\x01\x01\0\xfe\xff"
					    "d") },
		  4 },
		{ { SAMPLE("stored, with another inverse", "\x78\x01\x01\x03\0\xfc\xfe"
							   "abc") },
		  -1 },
		{ { SAMPLE("stored, cut off", "\x78\x01\x01\x03\0\xfc\xff"
					      "ab") },
		  -1 },
		{ { SAMPLE("fixed: hello", "\x78\x9c\xcb\x48\xcd\xc9\xc9\x07\0\x06\x2c\x02\x15") }, 5 },
		{ { SAMPLE("fixed: 100 times a", "\x78\x9c\x4b\x4c\xa4\x3d\0\0\x0d\x0d\x25\xe5") }, 100 },
		{ { SAMPLE("fixed: a copy from before the beginning", "\x78\x9c\x03\x12\0") }, -1 },
		{ { SAMPLE("dynamic: 200 letters of eight", "\x78\xda\x15\x8e\xc9\x0d\x00\x40\x08\x02\x6b\x95\x43\xe8"
							    "\xbf\x82\x75\x4d\x4c\x7c\x0c\x23\x84\xd1"
							    "\x36\x42\x27\x99\x5a\xd8\xb9\x89\x32\x6a\xb5\x52\x3d\x01"
							    "\x8d\x8d\xec\x1e\xa3\x84\xbb\x28\x98\xed"
							    "\x74\x1c\x52\x23\x65\xf7\xb3\xbc\x68\x57\xe9\x66\xe7\x00"
							    "\x91\xf0\x00\x9f\x94\xc1\xbd\xa5\x79\xae"
							    "\x6d\x71\xe9\x2f\x86\xff\xc3\x0b\x0f\xaf\x4c\xef\xda\x8c"
							    "\x4f\x6b\xc0\x66\xcc\xb9\x3e\xbc\x5e\x0b"
							    "\x1d\x80\xb8\xb3\xf1\x50\xcb\x13\x3c\xdd\x69\x4e\x8c") },
		  200 },
		{ { SAMPLE("a third kind", "\x78\x9c\x07\0\0") }, -1 },
		{ { SAMPLE("a dictionary", "\x78\xbb\x03\0") }, -1 },
		{ { SAMPLE("another method", "\x77\x85\x03\0") }, -1 },
		{ { SAMPLE("another checksum of the head", "\x78\x9d\x03\0") }, -1 },
		{ { SAMPLE("a window of 64 KiB", "\x88\x1c\x03\0") }, -1 },
		{ { SAMPLE("an empty block", "\x78\x9c\x03\0") }, 0 },
		{ { SAMPLE("text", "\x78\x9chello world, this is no compressed data") }, -1 },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct str in = { cases[i].in.p, cases[i].in.n };
		uint64_t bytes = 0;

		is_int(inflated_bytes(in, 1000, &bytes) ? (int64_t)bytes : -1, cases[i].bytes, "zlib: %s",
		       cases[i].in.what);
	}
	for (uint32_t n = 0; n < 300; n += 37) {
		struct str stream = zeros(a, n);
		uint64_t bytes;

		ok(inflated_bytes(stream, n, &bytes) && bytes == n, "zlib: %u, and no more", n);
		ok(n == 0 || !inflated_bytes(stream, n - 1, &bytes), "zlib: %u, which is more than may be", n);
	}
}

/* Every beginning of an image that is not all of it, in memory of its own, so that a byte read too much is seen. */
static void test_cut_off(struct arena *a)
{
	struct str png = png_plain(a);
	const struct sample whole[] = {
		{ "PNG", png.p, png.n },
		{ SAMPLE("GIF", GIF_SCREEN GIF_EXTENSION GIF_FRAME ";") },
		{ SAMPLE("WebP", "RIFF\x2a\0\0\0WEBP" WEBP_CANVAS WEBP_LOSSY) },
		{ SAMPLE("WebP that moves", "RIFF\x42\0\0\0WEBP" WEBP_CANVAS WEBP_FRAME) },
		{ SAMPLE("JPEG", JPEG_START JFIF EXIF_BIG("\x06") ICC JPEG_REST) },
	};

	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		bool none = true;

		for (size_t n = 0; n < whole[i].n; n++) {
			char *copy = malloc(n + 1);
			struct image image;

			memcpy(copy, whole[i].p, n);
			copy = realloc(copy, n ? n : 1);
			none &= image_read(a, (struct str){ copy, n }, &image) != ERROR_NONE;
			free(copy);
		}
		ok(none, "%s that is cut off anywhere is none", whole[i].what);
	}
}

int main(void)
{
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	test_accepted(&a);
	test_left_out(&a);
	test_png_left_out(&a);
	test_turned(&a);
	test_refused(&a);
	test_png_refused(&a);
	test_png_damaged(&a);
	test_inflated(&a);
	test_cut_off(&a);
	arena_free(&a);
	return test_done();
}

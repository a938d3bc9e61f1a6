/* Images by their bytes: what is recognised, and what only looks like one. */
#include "tests/unit/test.h"

#include "core/base/image.h"

/* Bytes of a literal, those behind a NUL too. */
struct sample {
	const char *what, *p;
	size_t n;
};
#define SAMPLE(what, literal) what, literal, sizeof(literal) - 1

#define PNG_HEAD "\x89PNG\r\n\x1a\n\0\0\0\rIHDR"
#define PNG_HEADER PNG_HEAD "\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0crc!"
#define PNG_DATA "\0\0\0\x01IDATxcrc!"
#define PNG_END "\0\0\0\0IEND\xae\x42\x60\x82"

#define GIF_SCREEN "GIF89a\x03\0\x02\0\x80\0\0rgbRGB"
#define GIF_EXTENSION "\x21\xf9\x04\0\0\0\0\0"
#define GIF_FRAME "\x2c\0\0\0\0\x03\0\x02\0\0\x02\x02\x44\x01\0"

#define WEBP_LOSSY_DATA "\x10\0\0\x9d\x01\x2a\x03\0\x02\0xy"
#define WEBP_LOSSLESS_DATA "\x2f\x02\x40\0\0xyz"
#define WEBP_CANVAS "VP8X\x0a\0\0\0\0\0\0\0\x02\0\0\x01\0\0"

#define JPEG_START "\xff\xd8\xff\xe0\0\x04JF"
#define JPEG_FRAME "\xff\xc0\0\x0b\x08\0\x02\0\x03\x01\x01\x11\0"
#define JPEG_SCAN "\xff\xda\0\x08\x01\x01\0\0\x3f\0"
#define JPEG_DATA "abc\xff\0def\xff\xd0ghi"
#define JPEG_END "\xff\xd9"

static void test_accepted(void)
{
	static const struct {
		struct sample in;
		const char *extension;
	} cases[] = {
		{ { SAMPLE("PNG", PNG_HEADER PNG_DATA PNG_END) }, "png" },
		{ { SAMPLE("PNG with a text", PNG_HEADER "\0\0\0\x03tEXta\0bcrc!" PNG_DATA PNG_END) }, "png" },
		{ { SAMPLE("GIF", GIF_SCREEN GIF_FRAME ";") }, "gif" },
		{ { SAMPLE("GIF of 1987", "GIF87a\x03\0\x02\0\0\0\0" GIF_FRAME ";") }, "gif" },
		{ { SAMPLE("GIF that moves", GIF_SCREEN GIF_EXTENSION GIF_FRAME GIF_EXTENSION GIF_FRAME ";") }, "gif" },
		{ { SAMPLE("WebP, lossy", "RIFF\x18\0\0\0WEBPVP8 \x0c\0\0\0" WEBP_LOSSY_DATA) }, "webp" },
		{ { SAMPLE("WebP, lossless", "RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) }, "webp" },
		{ { SAMPLE("WebP, padded", "RIFF\x14\0\0\0WEBPVP8L\x07\0\0\0" WEBP_LOSSLESS_DATA) }, "webp" },
		{ { SAMPLE("WebP with a canvas", "RIFF\x2a\0\0\0WEBP" WEBP_CANVAS "VP8 \x0c\0\0\0" WEBP_LOSSY_DATA) },
		  "webp" },
		{ { SAMPLE("WebP that moves", "RIFF\x20\0\0\0WEBP" WEBP_CANVAS "ANMF\x02\0\0\0xy") }, "webp" },
		{ { SAMPLE("JPEG", JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA JPEG_END) }, "jpg" },
		{ { SAMPLE("JPEG of two scans",
			   JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA "\xff\xc4\0\x03x" JPEG_SCAN JPEG_DATA JPEG_END) },
		  "jpg" },
		{ { SAMPLE("JPEG with fill bytes",
			   JPEG_START "\xff" JPEG_FRAME JPEG_SCAN JPEG_DATA "\xff\xff" JPEG_END) },
		  "jpg" },
		{ { SAMPLE("JPEG with a preview behind it",
			   JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA JPEG_END JPEG_START) },
		  "jpg" },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		const struct sample *in = &cases[i].in;
		struct image image = { .extension = NULL };

		if (!ok(!image_read((struct str){ in->p, in->n }, &image), "%s is one", in->what))
			continue;
		is_str(str_z(image.extension), cases[i].extension, "%s: its extension", in->what);
		is_int(image.width, 3, "%s: its width", in->what);
		is_int(image.height, 2, "%s: its height", in->what);
	}
}

static void test_refused(void)
{
	static const struct sample cases[] = {
		{ SAMPLE("nothing", "") },
		{ SAMPLE("text", "hello") },
		{ SAMPLE("SVG", "<svg xmlns=\"http://www.w3.org/2000/svg\"/>") },
		{ SAMPLE("HTML", "<!doctype html><script>alert(1)</script>") },
		{ SAMPLE("a PDF", "%PDF-1.7\n") },
		{ SAMPLE("BMP", "BM\x1e\0\0\0\0\0\0\0\x1a\0\0\0") },
		{ SAMPLE("TIFF", "II*\0\x08\0\0\0") },
		{ SAMPLE("AVIF", "\0\0\0\x1c"
				 "ftypavif\0\0\0\0") },

		{ SAMPLE("a PNG's signature alone", "\x89PNG\r\n\x1a\n") },
		{ SAMPLE("PNG without data", PNG_HEADER PNG_END) },
		{ SAMPLE("PNG without an end", PNG_HEADER PNG_DATA) },
		{ SAMPLE("PNG with a page behind it", PNG_HEADER PNG_DATA PNG_END "<script>") },
		{ SAMPLE("PNG with two headers",
			 PNG_HEADER "\0\0\0\rIHDR\0\0\0\x03\0\0\0\x02\x08\x06\0\0\0crc!" PNG_DATA PNG_END) },
		{ SAMPLE("PNG with data first", "\x89PNG\r\n\x1a\n" PNG_DATA PNG_END) },
		{ SAMPLE("PNG with a chunk past its end", PNG_HEADER "\x7f\xff\xff\xffIDATx") },
		{ SAMPLE("PNG with a chunk of 4 GiB", PNG_HEADER "\xff\xff\xff\xffIDATx" PNG_END) },
		{ SAMPLE("PNG of 3 bits", PNG_HEAD "\0\0\0\x03\0\0\0\x02\x03\0\0\0\0crc!" PNG_DATA PNG_END) },
		{ SAMPLE("PNG of colour type 1", PNG_HEAD "\0\0\0\x03\0\0\0\x02\x08\x01\0\0\0crc!" PNG_DATA PNG_END) },
		{ SAMPLE("PNG of no width", PNG_HEAD "\0\0\0\0\0\0\0\x02\x08\x06\0\0\0crc!" PNG_DATA PNG_END) },
		{ SAMPLE("PNG of 12,001", PNG_HEAD "\0\0\x2e\xe1\0\0\0\x02\x08\x06\0\0\0crc!" PNG_DATA PNG_END) },
		{ SAMPLE("PNG of 10,000 by 10,000",
			 PNG_HEAD "\0\0\x27\x10\0\0\x27\x10\x08\x06\0\0\0crc!" PNG_DATA PNG_END) },
		{ SAMPLE("PNG of 4 billion",
			 PNG_HEAD "\xff\xff\xff\xff\xff\xff\xff\xff\x08\x06\0\0\0crc!" PNG_DATA PNG_END) },

		{ SAMPLE("a GIF's screen alone", GIF_SCREEN ";") },
		{ SAMPLE("GIF without a trailer", GIF_SCREEN GIF_FRAME) },
		{ SAMPLE("GIF with a page behind it", GIF_SCREEN GIF_FRAME ";<script>") },
		{ SAMPLE("GIF that is a script", "GIF89a=1;alert(document.domain)//") },
		{ SAMPLE("GIF that is a comment", "GIF89a/*\0\0\0*/=1;alert(1);") },
		{ SAMPLE("GIF of 1988", "GIF88a\x03\0\x02\0\0\0\0" GIF_FRAME ";") },
		{ SAMPLE("GIF with a palette past its end", "GIF89a\x03\0\x02\0\x87\0\0rgb") },
		{ SAMPLE("GIF with a frame of 65,535",
			 GIF_SCREEN "\x2c\0\0\0\0\xff\xff\xff\xff\0\x02\x02\x44\x01\0;") },
		{ SAMPLE("GIF with an empty frame", GIF_SCREEN "\x2c\0\0\0\0\x03\0\x02\0\0\x02\0;") },
		{ SAMPLE("GIF of no height", "GIF89a\x03\0\0\0\0\0\0" GIF_FRAME ";") },

		{ SAMPLE("RIFF that is sound", "RIFF\x14\0\0\0WAVEVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP that is longer than it says",
			 "RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA "<script>") },
		{ SAMPLE("WebP that is shorter than it says",
			 "RIFF\xff\xff\xff\xffWEBPVP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP with a chunk past its end", "RIFF\x14\0\0\0WEBPVP8L\xff\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP that is a canvas alone", "RIFF\x16\0\0\0WEBP" WEBP_CANVAS) },
		{ SAMPLE("WebP with another canvas than its image", "RIFF\x2a\0\0\0WEBP"
								    "VP8X\x0a\0\0\0\0\0\0\0\xff\0\0\xff\0\0"
								    "VP8 \x0c\0\0\0" WEBP_LOSSY_DATA) },
		{ SAMPLE("WebP that begins with something else", "RIFF\x1e\0\0\0WEBPEXIF\x02\0\0\0xy"
								 "VP8L\x08\0\0\0" WEBP_LOSSLESS_DATA) },
		{ SAMPLE("WebP without its start code",
			 "RIFF\x18\0\0\0WEBPVP8 \x0c\0\0\0\x10\0\0\x9d\x01\x2b\x03\0\x02\0xy") },
		{ SAMPLE("WebP of a version to come", "RIFF\x14\0\0\0WEBPVP8L\x08\0\0\0\x2f\x02\x40\0\xe0xyz") },

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

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct image image = { .extension = NULL };

		ok(image_read((struct str){ cases[i].p, cases[i].n }, &image) && !image.extension, "%s is none",
		   cases[i].what);
	}
}

/* Every beginning of an image that is not all of it, in memory of its own, so that a byte read too much is seen. */
static void test_cut_off(void)
{
	static const struct sample whole[] = {
		{ SAMPLE("PNG", PNG_HEADER PNG_DATA PNG_END) },
		{ SAMPLE("GIF", GIF_SCREEN GIF_EXTENSION GIF_FRAME ";") },
		{ SAMPLE("WebP", "RIFF\x2a\0\0\0WEBP" WEBP_CANVAS "VP8 \x0c\0\0\0" WEBP_LOSSY_DATA) },
		{ SAMPLE("JPEG", JPEG_START JPEG_FRAME JPEG_SCAN JPEG_DATA JPEG_END) },
	};

	for (size_t i = 0; i < ARRAY_LEN(whole); i++) {
		bool refused = true;

		for (size_t n = 0; n < whole[i].n; n++) {
			char *copy = malloc(n + 1);
			struct image image;

			memcpy(copy, whole[i].p, n);
			copy = realloc(copy, n ? n : 1);
			refused &= image_read((struct str){ copy, n }, &image) != NULL;
			free(copy);
		}
		ok(refused, "%s that is cut off anywhere is none", whole[i].what);
	}
}

int main(void)
{
	test_accepted();
	test_refused();
	test_cut_off();
	return test_done();
}

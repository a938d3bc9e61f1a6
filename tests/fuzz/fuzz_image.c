/*
 * Images: whatever the bytes are, what is said of them stays inside the limits,
 * nothing is read outside of them, and what is published of them is an image
 * that has nothing more to lose.
 */
#include <zlib.h>
#include "core/base/arena.h"
#include "core/image/image_walk.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t n_max, unsigned seed);
size_t LLVMFuzzerMutate(uint8_t *data, size_t n, size_t n_max);

static void must(bool so)
{
	if (!so)
		abort();
}

static bool is_known(const char *extension)
{
	static const char *const extensions[] = { "jpg", "png", "gif", "webp", "avif" };

	for (size_t i = 0; i < ARRAY_LEN(extensions); i++)
		if (str_is(str_z(extension), extensions[i]))
			return true;
	return false;
}

/* Most changes of a PNG would end at a checksum: three of four times they are made right again. */
size_t LLVMFuzzerCustomMutator(uint8_t *data, size_t n, size_t n_max, unsigned seed)
{
	size_t at = 8;

	n = LLVMFuzzerMutate(data, n, n_max);
	if (seed % 4 == 0 || n < 8 || memcmp(data, "\x89PNG", 4) != 0)
		return n;
	while (n - at >= 12) {
		struct reader c = reader_of((struct str){ (const char *)data + at, 4 });
		size_t length = reader_take_big(&c, 4);
		uint32_t crc;

		if (length > n - at - 12)
			break;
		crc = (uint32_t)crc32(0, data + at + 4, (uInt)(length + 4));
		for (size_t i = 0; i < 4; i++)
			data[at + 8 + length + i] = (uint8_t)(crc >> (24 - 8 * i));
		at += length + 12;
	}
	return n;
}

static void check(struct arena *a, struct str in)
{
	struct image image = { .extension = NULL }, again = { .extension = NULL };
	enum error_code wrong = image_read(a, in, &image);

	if (wrong) {
		must(!image.extension);
		return;
	}
	must(is_known(image.extension));
	must(image.width >= 1 && image.width <= IMAGE_PIXELS_SIDE_MAX);
	must(image.height >= 1 && image.height <= IMAGE_PIXELS_SIDE_MAX);
	must((uint64_t)image.width * image.height <= IMAGE_PIXELS_MAX);
	must(image.bytes.n <= in.n + 64);
	must(!image_read(a, image.bytes, &again) && str_eq(again.bytes, image.bytes));
	must(again.width == image.width && again.height == image.height);
	must(str_eq(str_z(again.extension), str_z(image.extension)));
}

/* Of any bytes at all. */
static void check_inflating(struct str in)
{
	uint64_t bytes;

	if (inflated_bytes(in, 1000 * 1000, &bytes))
		must(bytes <= 1000 * 1000);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str in = { (const char *)data, n };
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	check(&a, in);
	check_inflating(in);
	arena_free(&a);
	return 0;
}

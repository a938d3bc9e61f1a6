/*
 * Images: whatever the bytes are, what is said of them stays inside the limits,
 * and nothing is read outside of them.
 */
#include "core/base/image.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static bool is_known(const char *extension)
{
	static const char *const extensions[] = { "jpg", "png", "gif", "webp" };

	for (size_t i = 0; i < ARRAY_LEN(extensions); i++)
		if (str_is(str_z(extension), extensions[i]))
			return true;
	return false;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct image image = { .extension = NULL };
	const char *wrong = image_read((struct str){ (const char *)data, n }, &image);

	if (wrong) {
		must(*wrong && !image.extension);
		return 0;
	}
	must(is_known(image.extension));
	must(image.width >= 1 && image.width <= IMAGE_PIXELS_SIDE_MAX);
	must(image.height >= 1 && image.height <= IMAGE_PIXELS_SIDE_MAX);
	must((uint64_t)image.width * image.height <= IMAGE_PIXELS_MAX);
	return 0;
}

#include "tools/image-sizes/sizes.h"

#include <dlfcn.h>
#include <stdlib.h>
#include <vips/vips.h>
#include "core/base/base.h"

/* As good as a JPEG of 85, in two thirds of its bytes. */
enum { QUALITY = 80 };

/* The one loader of each kind. */
static const struct {
	const char *extension, *loader;
} kinds[] = {
	{ "jpg", "VipsForeignLoadJpegBuffer" },  { "png", "VipsForeignLoadPngBuffer" },
	{ "gif", "VipsForeignLoadNsgifBuffer" }, { "webp", "VipsForeignLoadWebpBuffer" },
	{ "avif", "VipsForeignLoadHeifBuffer" },
};

/*
 * Debian's libvips has the loader of AVIF in a module beside it, among others that bring a hundred libraries: none of
 * them is loaded but this one. Where it is part of libvips there is no such file.
 */
static void load_heif(void)
{
	void *function = dlsym(RTLD_DEFAULT, "vips_init"), *module;
	char path[PATH_MAX];
	Dl_info lib;
	int n;

	if (!function || !dladdr(function, &lib) || !strrchr(lib.dli_fname, '/'))
		return;
	n = snprintf(path, sizeof(path), "%.*s/vips-modules-%d.%d/vips-heif.so",
		     (int)(strrchr(lib.dli_fname, '/') - lib.dli_fname), lib.dli_fname, vips_version(0),
		     vips_version(1));
	if (n < 0 || (size_t)n >= sizeof(path))
		return;
	module = dlopen(path, RTLD_NOW);
	if (module) {
		const char *(*start)(void *) = NULL;

		/* ISO C has no conversion from an object's pointer to a function's. */
		*(void **)&start = dlsym(module, "g_module_check_init");
		if (start)
			start(NULL);
	}
}

enum sizes_result sizes_open(const struct image *image)
{
	size_t i = 0;

	/* Where its modules are not; no warnings; no code made at run time, which needs memory that is executable. */
	setenv("VIPSHOME", "/nonexistent", 1);
	setenv("VIPS_WARNING", "0", 1);
	setenv("VIPS_NOVECTOR", "1", 1);
	setenv("VIPS_DISC_THRESHOLD", "2g", 1);
	if (vips_init("image-sizes"))
		return SIZES_FAILED;
	vips_concurrency_set(1);
	vips_cache_set_max(0);
	while (i < ARRAY_LEN(kinds) && strcmp(kinds[i].extension, image->extension) != 0)
		i++;
	if (i == ARRAY_LEN(kinds))
		return SIZES_UNREADABLE;
	if (strcmp(image->extension, "avif") == 0)
		load_heif();
	vips_operation_block_set("VipsForeignLoad", TRUE);
	vips_operation_block_set(kinds[i].loader, FALSE);
	return SIZES_MADE;
}

/* Even with "strip" libvips writes EXIF into a WebP: image_read removes it. */
static enum sizes_result save(struct arena *a, VipsImage *image, struct size *size)
{
	struct image clean;
	void *bytes;
	size_t n;

	if (vips_webpsave_buffer(image, &bytes, &n, "Q", QUALITY, "strip", TRUE, NULL) ||
	    image_read(a, (struct str){ bytes, n }, &clean) || clean.width != size->width)
		return SIZES_FAILED;
	size->bytes = clean.bytes;
	return SIZES_MADE;
}

enum sizes_result sizes_make(struct arena *a, const struct image *image, struct size *sizes, size_t n)
{
	enum sizes_result result = SIZES_MADE;
	VipsImage *lazy, *widest;

	/* Decoded once, and no larger than needed; the others come of that one. libvips lacks const here. */
	if (vips_thumbnail_buffer((void *)(uintptr_t)image->bytes.p, image->bytes.n, &lazy, (int)sizes[n - 1].width,
				  "height", VIPS_MAX_COORD, "size", VIPS_SIZE_DOWN, "export_profile", "srgb", "fail_on",
				  VIPS_FAIL_ON_TRUNCATED, NULL))
		return SIZES_UNREADABLE;
	widest = vips_image_copy_memory(lazy);
	g_object_unref(lazy);
	if (!widest)
		return SIZES_UNREADABLE;
	vips_image_remove(widest, VIPS_META_ICC_NAME); /* sRGB is what every viewer takes it for */
	for (size_t i = 0; i < n && result == SIZES_MADE; i++) {
		VipsImage *small;

		if (vips_thumbnail_image(widest, &small, (int)sizes[i].width, "height", VIPS_MAX_COORD, "size",
					 VIPS_SIZE_DOWN, NULL))
			result = SIZES_FAILED;
		else {
			result = save(a, small, &sizes[i]);
			g_object_unref(small);
		}
	}
	g_object_unref(widest);
	return result;
}

const char *sizes_error(void)
{
	static char line[200];

	snprintf(line, sizeof(line), "%s", vips_error_buffer());
	line[strcspn(line, "\n")] = '\0';
	return line;
}

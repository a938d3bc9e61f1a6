/* Pictures of an import: those in a folder, which are taken in with their products, and those that are downloaded. */
#include <errno.h>
#include <fcntl.h>
#include <unistd.h>
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/image/image.h"
#include "tools/shopctl/import.h"

int import_pictures_open(struct import *im)
{
	const char *path = option(im->ctl, OPTION_IMAGE_DIR);

	im->folder = -1;
	if (path && option(im->ctl, OPTION_IMAGE_BASE))
		return report_error(EX_USAGE, "--image-dir and --image-base exclude each other");
	if ((path || im->fetches_now) && !im->ctl->config.media_dir[0])
		return report_error(EX_CONFIG, "MEDIA_DIR is not set: there is no place for pictures");
	if (!path)
		return EX_OK;
	im->folder = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	return im->folder >= 0 ? EX_OK : report_error(EX_NOINPUT, "--image-dir: cannot read %s: %m", path);
}

static const char *why_not_read(void)
{
	switch (errno) {
	case EFBIG:
		return "it is too large";
	case EPERM:
	case ELOOP:
	case ENOTDIR:
		return "its path leads out of the folder, or over a link";
	case EINVAL:
		return "it is no file";
	default:
		return strerror(errno);
	}
}

/* Check the picture, or store it. *why: what is wrong with it. */
static int take(struct import *im, struct arena *a, const struct images_new *new, const char **why)
{
	enum images_stored outcome;
	int code;

	if (im->dry_run) {
		struct image image;
		enum error_code wrong = image_read(a, new->bytes, &image);

		*why = wrong ? str_to_z(a, error_sentence(a, wrong, NULL, 0)) : NULL;
		return EX_OK;
	}
	code = images_store(im->ctl, a, new, &outcome, why);
	if (!code && outcome == IMAGES_GONE)
		*why = "its product has been deleted";
	return code;
}

static int take_one(struct import *im, const struct json *object, const struct json *picture)
{
	struct arena a;
	const char *why = NULL;
	int code = EX_OK;
	struct images_new new = { .product = json_get_text(picture, "product"),
				  .source = json_get_text(picture, "path"),
				  .alt_text = json_get_text(picture, "alt_text") };

	if (!str_to_int(json_get_text(picture, "position"), &new.position))
		new.position = 0;
	arena_init(&a, IMAGES_ONE_BYTES_MAX);
	if (file_read_below(&a, im->folder, new.source, UPLOAD_IMAGE_BYTES_MAX, &new.bytes))
		code = take(im, &a, &new, &why);
	else
		why = why_not_read();
	if (!code && why)
		import_report_picture(im, object, new.source, why);
	if (!code)
		*(why ? &im->counts.not_taken : &im->counts.pictures) += 1;
	arena_free(&a);
	return code;
}

int import_pictures_take(struct import *im, const struct json *object, const struct json *pictures)
{
	int code = EX_OK;

	if (!pictures || json_kind(pictures) != JSON_ARRAY)
		return EX_OK;
	for (size_t i = 0; !code && i < json_count(pictures); i++)
		code = take_one(im, object, json_item(pictures, i));
	return code;
}

static int make_sizes(struct import *im)
{
	struct images m = { .ctl = im->ctl };

	/* Who waits already does it. */
	return images_turn(im->ctl, IMAGES_TURN_MS_MAX) ? images_make(&m) : EX_OK;
}

int import_pictures_end(struct import *im, struct images_fetch *fetch)
{
	int code = EX_OK;

	*fetch = (struct images_fetch){ .ctl = im->ctl, .store = im->store, .shows_progress = im->shows_progress };
	if (im->folder >= 0)
		close(im->folder);
	if (im->dry_run)
		return EX_OK;
	if (im->fetches_now && !images_fetch_turn(im->ctl, IMAGES_TURN_MS_MAX))
		return report_error(EX_TEMPFAIL,
				    "another run downloads pictures; shopctl images --fetch does the rest");
	if (im->fetches_now)
		code = images_fetch_state(fetch);
	if (!code && im->fetches_now)
		code = images_fetch(fetch);
	if (!code && fetch->lacks_helper)
		code = report_error(EX_UNAVAILABLE, "there is no program fetch that can be started: no picture is "
						    "downloaded");
	if (!code && im->fetches_now)
		code = images_fetch_state(fetch);
	return !code && (im->counts.pictures || fetch->fetched) ? make_sizes(im) : code;
}

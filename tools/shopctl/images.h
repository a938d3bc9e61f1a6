/*
 * The smaller files of pictures, which image-sizes makes and which lie beside the pictures in MEDIA_DIR: for `shopctl
 * images` and `shopctl cron`.
 */
#ifndef CGISHOP_SHOPCTL_IMAGES_H
#define CGISHOP_SHOPCTL_IMAGES_H

#include "tools/shopctl/shopctl.h"

enum { IMAGES_ATTEMPTS_MAX = 5 };

struct images {
	struct shopctl *ctl;
	bool (*is_over)(void *of); /* asked before each picture: is the time over? NULL: it never is */
	void *of;
	bool shows_progress; /* on standard error, of `waiting` pictures */
	int64_t waiting;
	/* What was done. */
	int64_t made, left_as_is, unreadable, failed; /* left_as_is: narrow, or it moves */
	bool is_cut, lacks_helper;
};

/*
 * Make what is missing, oldest first. EX_OK, or the exit code of what stopped it, which is reported: the database
 * (report_database_error), or MEDIA_DIR (EX_CANTCREAT). Whenever it is interrupted, a picture has all of its sizes or
 * none. Two runs at once do the same work twice, and no harm: images_turn().
 */
NODISCARD int images_make(struct images *m);
/*
 * Before images_make(): one run at a time. If there is one, wait up to ms_max for its end; false if another one waits
 * already, which then does our work, or if it took too long.
 */
NODISCARD bool images_turn(struct shopctl *ctl, int ms_max);
/* How many files in MEDIA_DIR belong to no picture, deleted or not, and are an hour old; their names are printed if
 * `list`. An exit code. */
NODISCARD int images_orphans(struct shopctl *ctl, bool list, int64_t *n);

#endif

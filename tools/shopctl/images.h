/*
 * Pictures that are known by their addresses, which fetch downloads; and the smaller files of pictures, which
 * image-sizes makes and which lie beside the pictures in MEDIA_DIR: for `shopctl images`, `import` and `cron`.
 */
#ifndef CGISHOP_SHOPCTL_IMAGES_H
#define CGISHOP_SHOPCTL_IMAGES_H

#include "tools/shopctl/shopctl.h"

enum {
	IMAGES_ATTEMPTS_MAX = 5,
	IMAGES_TURN_MS_MAX = 15 * 60 * 1000,
	IMAGES_ONE_BYTES_MAX = 64 * 1024 * 1024, /* an arena for one picture */
};

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
/* --- images_store.c */

/* A picture whose bytes are known. */
struct images_new {
	struct str product;
	struct str id; /* the row that knows it by `source`, its address; or "": it gets a new one */
	struct str source, alt_text;
	int64_t position;
	struct str bytes;
};

enum images_stored {
	IMAGES_STORED,
	IMAGES_SAME,    /* the product has it: that one stays, and knows the source */
	IMAGES_GONE,    /* the product, or the row, was deleted or changed meanwhile */
	IMAGES_REFUSED, /* *why */
};

/*
 * Check it as an upload is checked, and store it: a row has a file or an address, and a file a row, whatever fails.
 * EX_OK; or an exit code, reported, if the database or MEDIA_DIR fails.
 */
NODISCARD int images_store(struct shopctl *ctl, struct arena *a, const struct images_new *n,
			   enum images_stored *outcome, const char **why);

/* --- images_fetch.c */

enum { IMAGES_HOSTS_MAX = 16, IMAGES_HOST_BYTES = 272 };

/* A server that does not respond, and what else is there is not tried. */
struct images_host {
	char name[IMAGES_HOST_BYTES];
	unsigned failures; /* without a response between them */
};

struct images_fetch {
	struct shopctl *ctl;
	struct str store;          /* its id; "": of all stores */
	bool due;                  /* those only that cron is to download by now */
	bool (*is_over)(void *of); /* as in struct images */
	void *of;
	int64_t end_us; /* by the monotonic clock: no download lasts longer; 0: no end */
	bool shows_progress;
	int64_t waiting, given_up; /* how many there are: images_fetch_state() */
	/* What was done: left: their servers do not respond. */
	int64_t fetched, same, gone, failed, left;
	bool is_cut, lacks_helper;
	struct images_host hosts[IMAGES_HOSTS_MAX];
	size_t hosts_n;
};

/*
 * Download pictures that are known by their addresses, oldest first, and store them. What fails is reported, with its
 * address, and tried again by the next run, five times in all. EX_OK, or an exit code as of images_make(). It may be
 * interrupted, and two runs at once do no harm.
 */
NODISCARD int images_fetch(struct images_fetch *f);
/* waiting and given_up. EX_OK, or an exit code. */
NODISCARD int images_fetch_state(struct images_fetch *f);
/* Before images_fetch(): one run at a time. Wait up to ms_max for the end of another; false if it has not ended. */
NODISCARD bool images_fetch_turn(struct shopctl *ctl, int ms_max);
/* What was done, into the open object, or as a line of text. */
void images_fetch_print(const struct images_fetch *f, struct json_out *o);

/* --- images_orphans.c */

/* How many files in MEDIA_DIR belong to no picture, deleted or not, and are an hour old; their names are printed if
 * `list`. An exit code. */
NODISCARD int images_orphans(struct shopctl *ctl, bool list, int64_t *n);

#endif

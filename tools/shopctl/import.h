/*
 * import: catalogue-reader's lines into the store, in batches.
 */
#ifndef CGISHOP_SHOPCTL_IMPORT_H
#define CGISHOP_SHOPCTL_IMPORT_H

#include <stdio.h>
#include <sys/types.h>
#include "core/base/csv.h"
#include "core/db/query.h"
#include "core/json/json.h"
#include "core/resource/import_text.h"
#include "tools/shopctl/images.h"

enum {
	IMPORT_ROWS_PER_BATCH = 500,
	IMPORT_CATEGORIES_PER_BATCH = 100, /* one after the other, each with all above it */
	IMPORT_BATCH_BYTES_MAX = 32 * 1024 * 1024,
	IMPORT_BATCH_BYTES_WANTED = 4 * 1024 * 1024, /* a batch of that size is sent, however few its rows are */
};

struct import_counts {
	int64_t created, updated, unchanged; /* products and variants */
	int64_t categories;                  /* made or changed */
	int64_t refused, changed;            /* rows that the report says so of */
	int64_t pictures, not_taken;         /* of the folder: that products have now; that cannot be used */
};

struct import {
	struct shopctl *ctl;
	struct arena batch_arena; /* of one batch */
	struct db_scope scope;
	struct str store; /* its id */
	struct str options;
	bool dry_run, is_tried;                          /* is_tried: the transaction of --dry-run has begun */
	bool fetches_now;                                /* the pictures, after the products */
	int folder;                                      /* of pictures; -1: none */
	struct import_text text;                         /* the batch */
	const struct json *lines[IMPORT_ROWS_PER_BATCH]; /* its products or categories */
	size_t lines_n;
	int64_t rows;
	bool of_categories;
	struct import_counts counts;
	int64_t taken;                 /* products and categories that are in the store now */
	int64_t records, records_done; /* of all files; done: at least so many */
	FILE *report;
	bool report_failed, shows_progress;
};

/* --- import_reader.c */

/* The program catalogue-reader as a child. */
struct import_reader {
	pid_t pid;
	FILE *lines;
};
/* Start it with the files and options of the command line. EX_OK, or an exit code after an error. */
NODISCARD int import_reader_start(struct shopctl *ctl, struct import_reader *r);
/* Wait for it: its exit code, after it has reported an error itself. */
NODISCARD int import_reader_end(struct import_reader *r);

/* --- import_batch.c */

/* Begin a batch of nothing. */
void import_batch_begin(struct import *im);
/* Add a product's or a category's line. EX_OK, or an exit code after an error. */
NODISCARD int import_batch_add(struct import *im, struct str line);
/* Send what is in the batch. */
NODISCARD int import_batch_send(struct import *im);

/* --- import_report.c */

/* Open the file of --report, and write its headers. EX_OK, or an exit code. */
NODISCARD int import_report_open(struct import *im);
/* A line of catalogue-reader's report. */
void import_report_row(struct import *im, const struct json *report);
/* What the database refuses of an object: a member of the outcome's errors. */
void import_report_refused(struct import *im, const struct json *object, const struct json *error);
/* A picture of an object that is not taken in. */
void import_report_picture(struct import *im, const struct json *object, struct str path, const char *why);
/* EX_OK, or EX_IOERR after an error. */
NODISCARD int import_report_close(struct import *im);

/* --- import_pictures.c */

/* Open the folder of --image-dir. EX_OK, or an exit code after an error. */
NODISCARD int import_pictures_open(struct import *im);
/*
 * Take in what an outcome lacks of an object: `pictures`, each with product, path, alt_text and position; with
 * --dry-run check them. EX_OK, or an exit code.
 */
NODISCARD int import_pictures_take(struct import *im, const struct json *object, const struct json *pictures);
/* After the products: download the others now, if that is wanted, and make the sizes. EX_OK, or an exit code. */
NODISCARD int import_pictures_end(struct import *im, struct images_fetch *fetch);

#endif

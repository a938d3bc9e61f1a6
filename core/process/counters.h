/*
 * Counts of requests, shared by all programs of a shop: METRICS_FILE. Each (method, route) has a slot of the file, with
 * its name, so that programs of different versions can use one file. A slot is written whole under a lock of its bytes
 * (F_OFD_SETLK), not mapped: a full disk or a file that is cut off is an error of write(), not a signal. Counting never
 * waits and never fails a request: what cannot be counted is not.
 */
#ifndef CGISHOP_PROCESS_COUNTERS_H
#define CGISHOP_PROCESS_COUNTERS_H

#include "core/base/arena.h"
#include "core/base/str.h"

enum { COUNTERS_NAME_BYTES = 80, COUNTERS_CLASSES = 5, COUNTERS_BUCKETS = 10 };

/* Upper limits of the buckets of time. */
extern const int64_t counters_bucket_us[COUNTERS_BUCKETS];

struct counters {
	char name[COUNTERS_NAME_BYTES];         /* "GET /products/{id}"; "" for a free slot */
	uint64_t by_class[COUNTERS_CLASSES];    /* 1xx to 5xx */
	uint64_t by_time[COUNTERS_BUCKETS + 1]; /* not cumulative; the last is for what took longer */
	uint64_t sum_us;
};

/* One request. name is cut at COUNTERS_NAME_BYTES - 1. */
void counters_add(const char *path, struct str name, unsigned status, int64_t us);
/* All slots that are in use, *n of them, in the arena. False: the file cannot be read or is not one of ours. */
NODISCARD bool counters_read(struct arena *a, const char *path, struct counters **all, size_t *n);

#endif

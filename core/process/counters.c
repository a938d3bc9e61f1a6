#include "core/process/counters.h"

#include <fcntl.h>
#include <sched.h>
#include <sys/stat.h>
#include <unistd.h>

/* The number in MAGIC is that of the layout: a file with another one is begun anew. */
#define MAGIC "cgishop-metrics 1\n"
#define MAGIC_BEGIN "cgishop-metrics "

enum { HEADER_BYTES = 64, SLOTS = 1024, PROBES_MAX = 32, LOCK_TRIES = 50 };

const int64_t counters_bucket_us[COUNTERS_BUCKETS] = { 5000,   10000,  25000,   50000,   100000,
						       250000, 500000, 1000000, 2500000, 5000000 };

static bool lock(int fd, short type, off_t start, off_t n)
{
	struct flock region = { .l_type = type, .l_whence = SEEK_SET, .l_start = start, .l_len = n };

	for (int i = 0; i < LOCK_TRIES; i++) {
		if (fcntl(fd, F_OFD_SETLK, &region) == 0)
			return true;
		sched_yield();
	}
	return false;
}

/* Is it ours, with this layout? An empty file, and one with another layout, becomes so. */
static bool has_header(int fd)
{
	char found[HEADER_BYTES] = { 0 };
	const char header[HEADER_BYTES] = MAGIC;
	ssize_t n = pread(fd, found, sizeof(found), 0);

	if (n == (ssize_t)sizeof(found) && memcmp(found, header, sizeof(header)) == 0)
		return true;
	if (n < 0 || (n > 0 && strncmp(found, MAGIC_BEGIN, strlen(MAGIC_BEGIN)) != 0) ||
	    !lock(fd, F_WRLCK, 0, HEADER_BYTES))
		return false;
	return ftruncate(fd, 0) == 0 && pwrite(fd, header, sizeof(header), 0) == (ssize_t)sizeof(header);
}

static int open_file(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0600);
	struct stat st;

	if (fd >= 0 && (fstat(fd, &st) != 0 || !S_ISREG(st.st_mode))) {
		close(fd);
		return -1;
	}
	return fd;
}

static uint64_t hash_of(struct str name)
{
	uint64_t h = 14695981039346656037u; /* FNV-1a */

	for (size_t i = 0; i < name.n; i++)
		h = (h ^ (unsigned char)name.p[i]) * 1099511628211u;
	return h;
}

static bool is_named(const struct counters *c, struct str name)
{
	return memcmp(c->name, name.p, name.n) == 0 && !c->name[name.n];
}

static void count(struct counters *c, unsigned status, int64_t us)
{
	unsigned class = status / 100 - 1;
	size_t bucket = 0;

	while (bucket < COUNTERS_BUCKETS && us > counters_bucket_us[bucket])
		bucket++;
	if (class < COUNTERS_CLASSES)
		c->by_class[class]++;
	c->by_time[bucket]++;
	c->sum_us += us > 0 ? (uint64_t)us : 0;
}

/* False: the slot is another route's. */
static bool add_at(int fd, size_t slot, struct str name, unsigned status, int64_t us)
{
	off_t at = HEADER_BYTES + (off_t)(slot * sizeof(struct counters));
	struct counters c = { .name = "" };

	if (!lock(fd, F_WRLCK, at, sizeof(c)))
		return true;
	/* Beyond the end of the file it is free. */
	if (pread(fd, &c, sizeof(c), at) != (ssize_t)sizeof(c))
		c = (struct counters){ .name = "" };
	if (c.name[0] && !is_named(&c, name)) {
		lock(fd, F_UNLCK, at, sizeof(c));
		return false;
	}
	memcpy(c.name, name.p, name.n);
	count(&c, status, us);
	/* Not counted, if the disk is full. */
	if (pwrite(fd, &c, sizeof(c), at) < 0)
		return true;
	return true;
}

void counters_add(const char *path, struct str name, unsigned status, int64_t us)
{
	int fd = open_file(path, O_RDWR | O_CREAT);

	if (fd < 0)
		return;
	name.n = name.n < COUNTERS_NAME_BYTES ? name.n : COUNTERS_NAME_BYTES - 1;
	if (name.n && has_header(fd)) {
		uint64_t h = hash_of(name);

		for (uint64_t i = 0; i < PROBES_MAX && !add_at(fd, (h + i) % SLOTS, name, status, us); i++)
			continue;
	}
	close(fd);
}

bool counters_read(struct arena *a, const char *path, struct counters **all, size_t *n)
{
	struct counters *slots = arena_calloc(a, SLOTS, sizeof(*slots));
	int fd = open_file(path, O_RDONLY);
	char found[HEADER_BYTES] = { 0 };
	const char header[HEADER_BYTES] = MAGIC;
	size_t kept = 0;
	ssize_t bytes = -1;

	*all = slots;
	*n = 0;
	if (fd < 0)
		return false;
	if (pread(fd, found, sizeof(found), 0) == (ssize_t)sizeof(found) && !memcmp(found, header, sizeof(header)))
		bytes = pread(fd, slots, SLOTS * sizeof(*slots), HEADER_BYTES);
	close(fd);
	for (size_t i = 0; bytes > 0 && i < (size_t)bytes / sizeof(*slots); i++)
		if (slots[i].name[0] && memchr(slots[i].name, '\0', COUNTERS_NAME_BYTES))
			slots[kept++] = slots[i];
	*n = kept;
	return bytes >= 0;
}

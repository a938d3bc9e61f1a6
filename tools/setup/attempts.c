#include "tools/setup/attempts.h"

#include <errno.h>
#include <sys/file.h>
#include <time.h>
#include <unistd.h>
#include "core/base/file.h"
#include "core/crypto/crypto.h"

/* More addresses than this share the limit of all: the one that was counted longest ago is forgotten. */
enum { ADDRESSES = 64, MARK_BYTES = 16, WAIT_STEPS_MAX = 100, WAIT_MS = 20 };

struct count {
	uint8_t mark[MARK_BYTES]; /* a MAC of the address; all zero: unused */
	int64_t since_s;
	int64_t n;
};

/* The content of the file. */
struct counts {
	struct count all; /* its mark is the token's */
	struct count of[ADDRESSES];
};

static void mark(struct str token, struct str what, uint8_t out[MARK_BYTES])
{
	const struct str parts[] = { STR("attempts"), what };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(token, parts, ARRAY_LEN(parts), mac);
	memcpy(out, mac, MARK_BYTES);
}

/* Locked; -1 with errno. */
static int open_locked(const char *path)
{
	const struct timespec pause = { .tv_nsec = WAIT_MS * 1000 * 1000 };
	int fd = file_open_own(path);

	for (int i = 0; fd >= 0 && flock(fd, LOCK_EX | LOCK_NB) != 0; i++) {
		int error = errno;

		if (error == EWOULDBLOCK && i < WAIT_STEPS_MAX) {
			nanosleep(&pause, NULL);
			continue;
		}
		close(fd);
		errno = error;
		fd = -1;
	}
	return fd;
}

/* Whatever is in the file: of another token or another kind is nothing. */
static void read_counts(int fd, struct str token, struct counts *counts)
{
	uint8_t of_token[MARK_BYTES];

	mark(token, STR("token"), of_token);
	if (pread(fd, counts, sizeof(*counts), 0) != (ssize_t)sizeof(*counts) ||
	    memcmp(counts->all.mark, of_token, MARK_BYTES) != 0) {
		memset(counts, 0, sizeof(*counts));
		memcpy(counts->all.mark, of_token, MARK_BYTES);
	}
}

/* NULL: nothing was counted of it. */
static struct count *find(struct counts *counts, const uint8_t of_address[MARK_BYTES])
{
	for (size_t i = 0; i < ADDRESSES; i++)
		if (memcmp(counts->of[i].mark, of_address, MARK_BYTES) == 0)
			return &counts->of[i];
	return NULL;
}

/* In the place of the one that was begun longest ago. */
static struct count *add(struct counts *counts, const uint8_t of_address[MARK_BYTES])
{
	struct count *oldest = &counts->of[0];

	for (size_t i = 1; i < ADDRESSES; i++)
		if (counts->of[i].since_s < oldest->since_s)
			oldest = &counts->of[i];
	*oldest = (struct count){ 0 };
	memcpy(oldest->mark, of_address, MARK_BYTES);
	return oldest;
}

/* A window that is over, or one from a clock that was ahead, begins anew. */
static void renew(struct count *count, int64_t now_s)
{
	if (now_s - count->since_s >= ATTEMPTS_WINDOW_S || count->since_s > now_s) {
		count->since_s = now_s;
		count->n = 0;
	}
}

static enum attempts take(struct counts *counts, const uint8_t of_address[MARK_BYTES], int64_t now_s)
{
	struct count *one = find(counts, of_address);

	if (!one)
		one = add(counts, of_address);
	renew(&counts->all, now_s);
	renew(one, now_s);
	if (counts->all.n >= ATTEMPTS_MAX || one->n >= ATTEMPTS_OF_ADDRESS_MAX)
		return ATTEMPTS_EXCEEDED;
	counts->all.n++;
	one->n++;
	return ATTEMPTS_ALLOWED;
}

/* Only what was counted, and is still. */
static enum attempts release(struct counts *counts, const uint8_t of_address[MARK_BYTES])
{
	struct count *one = find(counts, of_address);

	if (one && one->n > 0 && counts->all.n > 0) {
		counts->all.n--;
		one->n--;
	}
	return ATTEMPTS_ALLOWED;
}

static enum attempts change(const char *path, struct str token, struct str address, int64_t now_s, bool back)
{
	uint8_t of_address[MARK_BYTES];
	enum attempts result;
	struct counts counts;
	int fd = open_locked(path), error;

	if (fd < 0)
		return ATTEMPTS_FAILED;
	read_counts(fd, token, &counts);
	mark(token, address, of_address);
	result = back ? release(&counts, of_address) : take(&counts, of_address, now_s);
	if (result == ATTEMPTS_ALLOWED && pwrite(fd, &counts, sizeof(counts), 0) != (ssize_t)sizeof(counts))
		result = ATTEMPTS_FAILED;
	error = errno;
	close(fd);
	errno = error;
	return result;
}

enum attempts attempts_take(const char *path, struct str token, struct str address, int64_t now_s)
{
	return change(path, token, address, now_s, false);
}

void attempts_release(const char *path, struct str token, struct str address)
{
	(void)change(path, token, address, 0, true);
}

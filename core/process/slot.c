#include "core/process/slot.h"

#include <errno.h>
#include <fcntl.h>
#include <time.h>
#include <unistd.h>
#include "core/base/clock.h"
#include "core/base/file.h"
#include "core/crypto/crypto.h"

enum { PAUSE_MS = 20, NAME_BYTES = 8 };

/* 1: taken; 0: none is free; -1: the file cannot be locked. */
static int try_each(int fd, unsigned n)
{
	unsigned first = (unsigned)getpid();

	for (unsigned i = 0; i < n; i++) {
		struct flock place = {
			.l_type = F_WRLCK, .l_whence = SEEK_SET, .l_start = (first + i) % n, .l_len = 1
		};

		if (fcntl(fd, F_OFD_SETLK, &place) == 0)
			return 1;
		if (errno != EAGAIN && errno != EACCES)
			return -1;
	}
	return 0;
}

const char *slot_path(struct arena *a, const char *secret_key, const char *purpose)
{
	const struct str parts[] = { str_z(purpose) };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(secret_key), parts, ARRAY_LEN(parts), mac);
	return str_fmt(a, "/tmp/cgishop-%.*s-%u", STR_ARG(crypto_hex(a, mac, NAME_BYTES)), (unsigned)geteuid()).p;
}

int slot_acquire(const char *path, unsigned n, int ms_max)
{
	const struct timespec pause = { .tv_nsec = PAUSE_MS * 1000 * 1000 };
	int64_t deadline_us = clock_monotonic_us() + ms_max * (int64_t)1000;
	int fd = file_open_own(path), taken;

	if (fd < 0)
		return SLOT_FAILED;
	while ((taken = try_each(fd, n)) == 0 && clock_monotonic_us() < deadline_us)
		nanosleep(&pause, NULL);
	if (taken > 0)
		return fd;
	close(fd);
	return taken == 0 ? SLOT_BUSY : SLOT_FAILED;
}

void slot_release(int slot)
{
	if (slot >= 0)
		close(slot);
}

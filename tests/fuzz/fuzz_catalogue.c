/*
 * The files of other shops: whatever is in them, the reader ends with an answer, and each row is in a product or in the
 * report. The first byte says whether --no-price=draft is set.
 */
#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>
#include "tools/catalogue-reader/format.h"
#include "tools/catalogue-reader/run.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

/* What is written does not matter here: standard output is closed. */
static void run(struct arena *a, const char *path, bool draft)
{
	struct world w = { .options = { .no_price_draft = draft } };
	const char *error;

	world_open(&w, a);
	must(!store_open(&w.store));
	error = world_take(&w, path);
	if (!error)
		error = world_read(&w);
	if (!error)
		for (size_t i = 0; i < w.sources_n; i++)
			must(w.sources[i]->refused <= w.sources[i]->records);
	world_close(&w);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	static int kept_out = -1;
	struct arena a;
	char path[64];
	int file = memfd_create("input", 0);

	if (kept_out < 0)
		kept_out = open("/dev/null", O_WRONLY);
	must(file >= 0 && dup2(kept_out, STDOUT_FILENO) >= 0);
	if (n > 1)
		must(write(file, data + 1, n - 1) == (ssize_t)n - 1);
	snprintf(path, sizeof path, "/proc/self/fd/%d", file);
	arena_init(&a, 256 * 1024 * 1024);
	run(&a, path, n && data[0] & 1);
	arena_free(&a);
	close(file);
	return 0;
}

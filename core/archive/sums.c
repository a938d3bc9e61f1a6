#include "core/archive/sums.h"

#include <inttypes.h>
#include <stdio.h>

enum { LINE_BYTES_MAX = 2 * SHA256_BYTES + 2 + TAR_NAME_BYTES_MAX + 1 };

void sums_init(struct sums *s, struct arena *a)
{
	*s = (struct sums){ .lines = buf_new(a, LINE_BYTES_MAX * ARCHIVE_SUMS_MAX, LINE_BYTES_MAX * ARCHIVE_SUMS_MAX) };
	sha256_begin(&s->member);
	sha256_begin(&s->all);
}

static void add_hex(struct buf *b, const uint8_t sum[SHA256_BYTES])
{
	for (size_t i = 0; i < SHA256_BYTES; i++)
		buf_printf(b, "%02x", sum[i]);
}

void sums_add(struct sums *s, const char *name)
{
	uint8_t sum[SHA256_BYTES];

	sha256_end(&s->member, sum);
	sha256_begin(&s->member);
	add_hex(&s->lines, sum);
	buf_printf(&s->lines, "  %s\n", name);
	s->lines_n++;
	s->members_n++;
}

void sums_name(const struct sums *s, char out[TAR_NAME_BYTES_MAX + 1])
{
	snprintf(out, TAR_NAME_BYTES_MAX + 1, SUMS_DIRECTORY "%06u", s->files_n + 1);
}

void sums_clear(struct sums *s)
{
	sha256_add(&s->all, buf_str(&s->lines));
	buf_clear(&s->lines);
	s->lines_n = 0;
	s->files_n++;
}

void sums_end(struct sums *s, struct buf *out)
{
	uint8_t sum[SHA256_BYTES];

	sha256_end(&s->all, sum);
	buf_printf(out, "members %" PRIu64 "\nsums ", s->members_n);
	add_hex(out, sum);
	buf_addc(out, '\n');
}

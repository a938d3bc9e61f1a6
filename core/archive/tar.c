#include "core/archive/tar.h"

#include <stdio.h>
#include <string.h>

enum { MODE = 0600, REGULAR_FILE = '0' };

struct ustar {
	char name[100];
	char mode[8];
	char uid[8];
	char gid[8];
	char size[12];
	char mtime[12];
	char checksum[8];
	char type;
	char link[100];
	char magic[6]; /* "ustar" and a NUL */
	char version[2];
	char user[32];
	char group[32];
	char device[16];
	char prefix[155];
	char unused[12];
};
_Static_assert(sizeof(struct ustar) == TAR_BLOCK_BYTES, "a header is a block");

static bool part_is_safe(struct str part)
{
	for (size_t i = 0; i < part.n; i++) {
		char c = part.p[i];

		if (!((c >= 'a' && c <= 'z') || (c >= '0' && c <= '9') || c == '.' || c == '_' || c == '-'))
			return false;
	}
	return part.n && part.p[0] != '.';
}

bool tar_name_is_safe(struct str name)
{
	if (name.n > TAR_NAME_BYTES_MAX)
		return false;
	while (name.p)
		if (!part_is_safe(str_cut(&name, '/')))
			return false;
	return true;
}

/* The sum of a header's bytes, with blanks for the field of the sum. */
static unsigned header_sum(const uint8_t block[TAR_BLOCK_BYTES])
{
	const size_t from = offsetof(struct ustar, checksum), to = offsetof(struct ustar, type);
	unsigned sum = 0;

	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
		sum += i >= from && i < to ? ' ' : block[i];
	return sum;
}

void tar_write_header(const struct tar_member *m, int64_t unix_s, uint8_t block[TAR_BLOCK_BYTES])
{
	struct ustar h = { .type = REGULAR_FILE, .magic = "ustar", .version = { '0', '0' } };

	memcpy(h.name, m->name, strlen(m->name));
	snprintf(h.mode, sizeof(h.mode), "%07o", MODE);
	snprintf(h.uid, sizeof(h.uid), "%07o", 0);
	snprintf(h.gid, sizeof(h.gid), "%07o", 0);
	snprintf(h.size, sizeof(h.size), "%011llo", (unsigned long long)m->bytes);
	snprintf(h.mtime, sizeof(h.mtime), "%011llo", (unsigned long long)unix_s & 077777777777);
	memcpy(block, &h, TAR_BLOCK_BYTES);
	snprintf(h.checksum, sizeof(h.checksum), "%06o", header_sum(block));
	h.checksum[7] = ' ';
	memcpy(block, &h, TAR_BLOCK_BYTES);
}

/* Octal digits up to a NUL or blank, or the end of the field. */
static bool read_octal(const char *field, size_t n, uint64_t *out)
{
	size_t i = 0;

	*out = 0;
	for (; i < n && field[i] >= '0' && field[i] <= '7'; i++)
		*out = *out * 8 + (uint64_t)(field[i] - '0');
	return i > 0 && (i == n || field[i] == '\0' || field[i] == ' ');
}

const char *tar_read_header(const uint8_t block[TAR_BLOCK_BYTES], struct tar_member *m)
{
	struct ustar h;
	uint64_t sum;

	memcpy(&h, block, TAR_BLOCK_BYTES);
	if (memcmp(h.magic, "ustar\00000", 8) != 0)
		return "is not a tar archive as shopctl writes it";
	if (!read_octal(h.checksum, sizeof(h.checksum), &sum) || sum != header_sum(block))
		return "is damaged: a header has a wrong sum";
	if (h.type != REGULAR_FILE || h.link[0] || h.prefix[0])
		return "has something else than regular files in it";
	if (!read_octal(h.size, sizeof(h.size), &m->bytes))
		return "has a file without a size";
	memcpy(m->name, h.name, sizeof(m->name));
	if (h.name[TAR_NAME_BYTES_MAX] || !tar_name_is_safe(str_z(m->name)))
		return "has a file with an unsafe name";
	return NULL;
}

bool tar_is_empty_block(const uint8_t block[TAR_BLOCK_BYTES])
{
	for (size_t i = 0; i < TAR_BLOCK_BYTES; i++)
		if (block[i])
			return false;
	return true;
}

size_t tar_padding(uint64_t bytes)
{
	return (size_t)((TAR_BLOCK_BYTES - bytes % TAR_BLOCK_BYTES) % TAR_BLOCK_BYTES);
}

/*
 * The blocks of a tar archive as POSIX has it (IEEE Std 1003.1, pax, "ustar Interchange Format"): regular files only,
 * with short relative names. What is read must be exactly that: no links, devices or directories, no extensions, no
 * name that leaves its directory.
 */
#ifndef CGISHOP_ARCHIVE_TAR_H
#define CGISHOP_ARCHIVE_TAR_H

#include "core/base/str.h"

enum { TAR_BLOCK_BYTES = 512, TAR_NAME_BYTES_MAX = 99 };
#define TAR_MEMBER_BYTES_MAX ((uint64_t)8 * 1024 * 1024 * 1024 - 1) /* eleven octal digits */

struct tar_member {
	char name[TAR_NAME_BYTES_MAX + 1];
	uint64_t bytes;
};

/* Lower-case letters, digits, '.', '_', '-', in parts between '/', none of which is empty or begins with '.'. */
bool tar_name_is_safe(struct str name);
/* The member's name must be safe. */
void tar_write_header(const struct tar_member *m, int64_t unix_s, uint8_t block[TAR_BLOCK_BYTES]);
/* NULL, or what is wrong with it. */
NODISCARD const char *tar_read_header(const uint8_t block[TAR_BLOCK_BYTES], struct tar_member *m);
/* Two such blocks end an archive. */
bool tar_is_empty_block(const uint8_t block[TAR_BLOCK_BYTES]);
/* The zeros between a member's last byte and the next header. */
size_t tar_padding(uint64_t bytes);

#endif

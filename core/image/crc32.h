/* The checksum of PNG's chunks (ISO 3309, polynomial 0x04c11db7, bits reversed). */
#ifndef CGISHOP_IMAGE_CRC32_H
#define CGISHOP_IMAGE_CRC32_H

#include "core/base/str.h"

uint32_t crc32_of(struct str s);

#endif

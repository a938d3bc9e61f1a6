/*
 * Tables of 64-bit hashes, for names of which there may be a million.
 */
#ifndef CGISHOP_CATALOGUE_READER_TABLE_H
#define CGISHOP_CATALOGUE_READER_TABLE_H

#include "core/base/str.h"

struct hash_slot {
	uint64_t hash; /* 0: free */
	uint32_t value, more;
};

struct hash_table {
	struct hash_slot *slots;
	size_t n, room; /* a power of 2 */
};

/* Never 0. seed sets kinds of names apart; ASCII letters of any case are the same. */
uint64_t hash_of(uint64_t seed, struct str s);
/* The slot of a hash, made if missing, with value and more 0; valid until the next call. */
struct hash_slot *hash_slot(struct hash_table *t, uint64_t hash);
/* The slot, or NULL. */
struct hash_slot *hash_find(const struct hash_table *t, uint64_t hash);
void hash_free(struct hash_table *t);

/* malloc and realloc that end the program when there is no memory. */
void *must_grow(void *p, size_t count, size_t size);
/* Room for one more in an array that doubles. */
#define GROW(array, n, room)                                                   \
	do {                                                                   \
		if ((n) == (room)) {                                           \
			(room) = (room) ? (room)*2 : 64;                       \
			(array) = must_grow((array), (room), sizeof *(array)); \
		}                                                              \
	} while (0)

#endif

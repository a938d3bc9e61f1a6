#include "tools/catalogue-reader/table.h"

#include <sysexits.h>
#include "core/base/ascii.h"

void *must_grow(void *p, size_t count, size_t size)
{
	void *grown = reallocarray(p, count, size);

	if (!grown) {
		fputs("catalogue-reader: out of memory\n", stderr);
		exit(EX_OSERR);
	}
	return grown;
}

/* FNV-1a, and the last step of MurmurHash3, so that similar names are far apart. */
uint64_t hash_of(uint64_t seed, struct str s)
{
	uint64_t h = 0xcbf29ce484222325u ^ (seed * 0x9e3779b97f4a7c15u);

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];

		if (ascii_is_upper(c))
			c = (unsigned char)(c + ('a' - 'A'));
		h = (h ^ c) * 0x100000001b3u;
	}
	h = (h ^ (h >> 33)) * 0xff51afd7ed558ccdu;
	h = (h ^ (h >> 33)) * 0xc4ceb9fe1a85ec53u;
	h ^= h >> 33;
	return h ? h : 1;
}

static struct hash_slot *probe(const struct hash_table *t, uint64_t hash)
{
	size_t i = (size_t)hash & (t->room - 1);

	while (t->slots[i].hash && t->slots[i].hash != hash)
		i = (i + 1) & (t->room - 1);
	return &t->slots[i];
}

struct hash_slot *hash_find(const struct hash_table *t, uint64_t hash)
{
	struct hash_slot *slot = t->room ? probe(t, hash) : NULL;

	return slot && slot->hash ? slot : NULL;
}

struct hash_slot *hash_slot(struct hash_table *t, uint64_t hash)
{
	struct hash_slot *slot;

	if (t->n * 4 >= t->room * 3) {
		struct hash_table wider = { .room = t->room ? t->room * 2 : 1024 };

		wider.slots = must_grow(NULL, wider.room, sizeof *wider.slots);
		memset(wider.slots, 0, wider.room * sizeof *wider.slots);
		for (size_t i = 0; i < t->room; i++)
			if (t->slots[i].hash)
				*probe(&wider, t->slots[i].hash) = t->slots[i];
		wider.n = t->n;
		free(t->slots);
		*t = wider;
	}
	slot = probe(t, hash);
	if (!slot->hash) {
		slot->hash = hash;
		t->n++;
	}
	return slot;
}

void hash_free(struct hash_table *t)
{
	free(t->slots);
	*t = (struct hash_table){ 0 };
}

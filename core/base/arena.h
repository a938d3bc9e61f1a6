/*
 * The memory of one request: allocated piecemeal, released all at once. (The
 * idea is the region allocator of Hanson, "Fast Allocation and Deallocation of
 * Memory Based on Object Lifetimes", 1990; nginx's pools are one of its heirs.)
 *
 * An arena never returns NULL. When its ceiling is reached or malloc fails, it
 * calls on_exhausted, which must not return: the server jumps back to its
 * request loop and answers 503. Without on_exhausted the program aborts.
 */
#ifndef CGISHOP_BASE_ARENA_H
#define CGISHOP_BASE_ARENA_H

#include "core/base/base.h"

struct arena_block;
struct arena_deferred;

struct arena {
	struct arena_block *blocks;
	struct arena_deferred *deferred;
	size_t used_bytes; /* of all blocks, as requested from malloc */
	size_t bytes_max;
	void (*on_exhausted)(void *ctx);
	void *on_exhausted_ctx;
};

void arena_init(struct arena *a, size_t bytes_max);
/* n bytes, aligned for any type, not cleared. For n == 0 a valid pointer too. */
void *arena_alloc(struct arena *a, size_t n) __attribute__((malloc, returns_nonnull));
/* count * size bytes, zeroed; an overflow of the product counts as exhausted. */
void *arena_calloc(struct arena *a, size_t count, size_t size) __attribute__((malloc, returns_nonnull));
/*
 * Grow the newest allocation in place if possible, else move it. p must come
 * from this arena, or be NULL if old_n, its size, is 0.
 */
void *arena_grow(struct arena *a, void *p, size_t old_n, size_t new_n);
/* Call fn(ptr) when the arena is reset; last deferred, first called. */
void arena_defer(struct arena *a, void (*fn)(void *ptr), void *ptr);
/* Run deferred calls, drop all allocations, keep one block for the next request. */
void arena_reset(struct arena *a);
/* arena_reset, and free the last block too. */
void arena_free(struct arena *a);

#endif

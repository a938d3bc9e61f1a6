#include <setjmp.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "tests/unit/test.h"

static char calls[16];

static void note_call(void *letter)
{
	size_t n = strlen(calls);

	calls[n] = *(const char *)letter;
	calls[n + 1] = '\0';
}

static void jump(void *ctx)
{
	longjmp(*(jmp_buf *)ctx, 1);
}

static void test_alloc(void)
{
	struct arena a;
	bool aligned = true, apart = true;
	unsigned char *p[100];

	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < ARRAY_LEN(p); i++) {
		p[i] = arena_alloc(&a, i * 37);
		aligned = aligned && (uintptr_t)p[i] % _Alignof(max_align_t) == 0;
		memset(p[i], (int)i, i * 37);
	}
	for (size_t i = 0; i < ARRAY_LEN(p); i++)
		for (size_t j = 0; j < i * 37; j++)
			apart = apart && p[i][j] == i;
	ok(aligned, "every allocation is aligned");
	ok(apart, "no allocation lies in another");
	ok(a.used_bytes >= 2 * ARENA_BLOCK_BYTES, "used_bytes counts all blocks");
	arena_reset(&a);
	ok(a.used_bytes <= ARENA_BLOCK_BYTES + 64 && a.used_bytes > 0, "a reset keeps one block");
	arena_free(&a);
	is_int(a.used_bytes, 0, "arena_free gives all back");
}

static void test_calloc(void)
{
	struct arena a;
	unsigned char *p;
	bool zero = true;

	arena_init(&a, ARENA_BYTES_MAX);
	memset(arena_alloc(&a, 4000), 0xff, 4000);
	arena_reset(&a);
	p = arena_calloc(&a, 100, 40);
	for (size_t i = 0; i < 4000; i++)
		zero = zero && p[i] == 0;
	ok(zero, "arena_calloc clears memory that was used before");
	arena_free(&a);
}

static void test_grow(void)
{
	struct arena a;
	char *first, *p, *q;
	bool same = true;

	arena_init(&a, ARENA_BYTES_MAX);
	first = p = arena_alloc(&a, 10);
	memset(p, 'x', 10);
	p = arena_grow(&a, p, 10, 1000);
	ok(p == first, "the newest allocation grows where it is");
	memset(p, 'x', 1000);
	q = arena_alloc(&a, 8);
	memset(q, 'q', 8);
	p = arena_grow(&a, p, 1000, 2000);
	ok(p != first, "another moves");
	memset(p, 'x', 2000);
	for (size_t n = 2000; n < 4000000; n *= 2) {
		p = arena_grow(&a, p, n, 2 * n);
		memset(p + n, 'x', n);
	}
	for (size_t i = 0; i < 4096000; i++)
		same = same && p[i] == 'x';
	ok(same, "its bytes move with it, to megabytes");
	ok(memcmp(q, "qqqqqqqq", 8) == 0, "its neighbour is untouched");
	ok(a.used_bytes < 4096000 + 200000, "a large one is not kept twice");
	ok(arena_grow(&a, p, 4096000, 10) == p, "growing to less changes nothing");
	arena_free(&a);
}

static void test_defer(void)
{
	static char letters[] = "abc";
	struct arena a;

	calls[0] = '\0';
	arena_init(&a, ARENA_BYTES_MAX);
	for (size_t i = 0; i < 3; i++)
		arena_defer(&a, note_call, &letters[i]);
	is_str(str_z(calls), "", "nothing deferred is called early");
	arena_reset(&a);
	is_str(str_z(calls), "cba", "a reset calls what was deferred, the last first");
	arena_free(&a);
	is_str(str_z(calls), "cba", "and only once");
}

static void test_ceiling(void)
{
	static char letter = 'd';
	struct arena a;
	jmp_buf back;

	arena_init(&a, 100000);
	a.on_exhausted = jump;
	a.on_exhausted_ctx = &back;
	if (setjmp(back) == 0) {
		arena_alloc(&a, 100001);
		ok(false, "more than the ceiling is refused");
	} else {
		ok(true, "more than the ceiling is refused");
	}
	if (setjmp(back) == 0) {
		arena_calloc(&a, SIZE_MAX / 2 + 2, 2);
		ok(false, "a product that overflows is refused");
	} else {
		ok(true, "a product that overflows is refused");
	}
	if (setjmp(back) == 0) {
		for (int i = 0; i < 1000; i++)
			arena_alloc(&a, 1000);
		ok(false, "so is one small piece too many");
	} else {
		ok(a.used_bytes <= 100000, "so is one small piece too many");
	}
	calls[0] = '\0';
	if (setjmp(back) == 0) {
		for (int i = 0; i < 10000; i++)
			arena_defer(&a, note_call, &letter);
		ok(false, "what cannot be deferred is released at once");
	} else {
		is_str(str_z(calls), "d", "what cannot be deferred is released at once");
	}
	/* Thousands were deferred; calls has no room for them. */
	a.deferred = NULL;
	arena_free(&a);
}

int main(void)
{
	test_alloc();
	test_calloc();
	test_grow();
	test_defer();
	test_ceiling();
	return test_done();
}

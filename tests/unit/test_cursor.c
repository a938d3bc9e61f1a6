/* Cursors of lists: what was signed comes back, anything else does not. */
#include "core/resource/cursor.h"

#include "core/base/arena.h"
#include "tests/unit/test.h"

static const struct str secret = { "0123456789abcdef0123456789abcdef", 32 };

static struct cursor example(void)
{
	return (struct cursor){ .backwards = true,
				.ordering = STR("-price,name"),
				.values = { STR("19.90"), STR("Tea, \"green\": 1:2,"), STR("01a203e8") },
				.values_n = 3 };
}

static void test_round_trip(struct arena *a)
{
	struct cursor made = example(), got;
	if (!ok(cursor_decode(a, secret, "products", cursor_encode(a, secret, "products", &made), &got),
		"it comes back"))
		return;
	ok(got.backwards, "with its direction");
	ok(str_eq(got.ordering, made.ordering), "with its ordering");
	is_int((int64_t)got.values_n, 3, "with all values");
	for (size_t i = 0; i < got.values_n; i++)
		ok(str_eq(got.values[i], made.values[i]), "value %zu is the same", i);
}

static void test_refused(struct arena *a)
{
	struct cursor made = example(), got;
	struct str text = cursor_encode(a, secret, "products", &made);
	char *bent = str_to_z(a, text);

	ok(!cursor_decode(a, secret, "orders", text, &got), "not for another list");
	ok(!cursor_decode(a, STR("another secret of thirty-two bytes"), "products", text, &got),
	   "not with another secret");
	for (size_t i = 0; i < text.n; i++) {
		char kept = bent[i];
		bent[i] = kept == 'A' ? 'B' : 'A';
		bool accepted = cursor_decode(a, secret, "products", (struct str){ bent, text.n }, &got);
		ok(!accepted || i == text.n - 1, "not with another character %zu", i);
		bent[i] = kept;
	}
	for (size_t n = 0; n < text.n; n++)
		ok(!cursor_decode(a, secret, "products", str_sub(text, 0, n), &got), "not cut after %zu characters", n);
	ok(!cursor_decode(a, secret, "products", STR("%%%"), &got), "not what is not base64url");
}

int main(void)
{
	struct arena a;
	arena_init(&a, ARENA_BYTES_MAX);
	test_round_trip(&a);
	test_refused(&a);
	arena_free(&a);
	return test_done();
}

/*
 * What core/gateway says of the signatures that lines.js makes: for each line of
 * standard input "<n> <class> true|false", to be compared with oracle.js.
 */
#include <stdio.h>
#include <stdlib.h>
#include "core/config/config.h"
#include "core/gateway/gateway.h"
#include "core/json/json.h"

enum { LINE_MEMORY_BYTES = 4 << 20 };

static _Noreturn void die(const char *what, const char *line)
{
	fprintf(stderr, "signatures: %s: %s\n", what, line);
	exit(65);
}

static struct str text(const struct json *line, const char *name)
{
	const struct json *v = json_get(line, name);

	if (!v || json_kind(v) != JSON_STRING)
		die("no such text in a line", name);
	return json_text(v);
}

static int64_t number(const struct json *line, const char *name)
{
	const struct json *v = json_get(line, name);
	int64_t n;

	if (!v || json_kind(v) != JSON_INTEGER || !json_int64(v, &n))
		die("no such number in a line", name);
	return n;
}

static int digit(char c)
{
	return c <= '9' ? c - '0' : c - 'a' + 10;
}

/* From hex in lower case, which lines.js writes. */
static struct str bytes(struct arena *a, struct str hex)
{
	char *p = arena_alloc(a, hex.n / 2);

	for (size_t i = 0; i < hex.n / 2; i++)
		p[i] = (char)(digit(hex.p[2 * i]) << 4 | digit(hex.p[2 * i + 1]));
	return (struct str){ p, hex.n / 2 };
}

/* The line's secrets as the settings of both providers. */
static struct config settings(struct arena *a, const struct json *line)
{
	const char *secret = str_to_z(a, text(line, "secret")), *old = str_to_z(a, text(line, "old"));

	return (struct config){
		.stripe_secret_key = "",
		.stripe_webhook_secret = secret,
		.stripe_webhook_secret_old = old,
		.stripe_api_base = "",
		.razorpay_key_id = "",
		.razorpay_key_secret = secret,
		.razorpay_webhook_secret = secret,
		.razorpay_webhook_secret_old = old,
		.razorpay_api_base = "",
	};
}

static bool is_genuine(struct arena *a, const struct json *line)
{
	bool checkout = str_is(text(line, "kind"), "checkout");
	const struct gateway *g = gateway_find(checkout ? STR("razorpay") : text(line, "kind"));
	const struct config config = settings(a, line);
	struct str header = bytes(a, text(line, "header"));
	const struct gateway_payment payment = { .gateway_id = text(line, "order") };

	if (!g)
		die("no such gateway", "kind");
	if (checkout)
		return g->browser_signature(&config, &payment, text(line, "transaction"), header);
	return g->webhook_signature(&config, header, bytes(a, text(line, "body")), number(line, "now"));
}

int main(void)
{
	struct arena a;
	char *buffer = NULL;
	size_t size = 0;
	ssize_t n;

	arena_init(&a, LINE_MEMORY_BYTES);
	while ((n = getline(&buffer, &size, stdin)) > 0) {
		const struct json *line;
		struct error err = { 0 };

		if (json_parse(&a, str_trim((struct str){ buffer, (size_t)n - 1 }), &line, &err) != PROBLEM_NONE)
			die("not JSON", buffer);
		printf("%lld %.*s %s\n", (long long)number(line, "n"), STR_ARG(text(line, "class")),
		       is_genuine(&a, line) ? "true" : "false");
		arena_reset(&a);
	}
	free(buffer);
	arena_free(&a);
	return 0;
}

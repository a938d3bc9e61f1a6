#include "core/auth/rate_limit.h"

#include "core/auth/place.h"
#include "core/base/buf.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/db/db.h"
#include "core/http/request.h"
#include "core/http/response.h"
#include "queries.h"
#include <arpa/inet.h>
#include <inttypes.h>

enum { LISTS_BYTES_MAX = 1024, BUCKET_MAC_BYTES = 15 };

/* In the order of struct config's limits, which has the numbers. */
static const struct rate_limit {
	enum rate_rule rule;
	const char *name; /* the prefix of the bucket's key; unique */
	enum { PER_ACCOUNT, PER_ADDRESS, PER_BOTH } per;
	enum { SCOPE_ALL, SCOPE_NEW, SCOPE_KNOWN } scope;
} limits[] = {
#define RATE_LIMIT(id, name, rule, per, scope, count, seconds, doc) { RATE_##rule, name, PER_##per, SCOPE_##scope },
#include "core/config/rate_limits.def"
#undef RATE_LIMIT
};

/* An attempt: what, on which account, from which place. */
struct attempt {
	enum rate_rule rule;
	struct str account;
	const struct place *place; /* NULL: a new one */
};

/* The arrays for rate_limit_take(), in PostgreSQL's notation. */
struct lists {
	struct buf buckets, counts_max, windows_s;
	size_t n;
};

/* The first half of an IPv6 address; the customer of a line chooses the other half freely. */
static struct str network_of(struct arena *a, const struct in6_addr *address)
{
	char text[INET6_ADDRSTRLEN];
	struct in6_addr network = *address;

	if (IN6_IS_ADDR_V4MAPPED(address)) {
		inet_ntop(AF_INET, address->s6_addr + 12, text, sizeof(text));
	} else {
		memset(network.s6_addr + 8, 0, 8);
		inet_ntop(AF_INET6, &network, text, sizeof(text));
	}
	return str_copy(a, str_z(text));
}

struct str rate_limit_client(struct arena *a, struct str address)
{
	struct in6_addr in6;

	if (inet_pton(AF_INET6, str_to_z(a, address), &in6) == 1)
		return network_of(a, &in6);
	return address;
}

/* A MAC, so that the table does not reveal numbers or addresses. */
static void add_bucket(struct context *cx, struct buf *out, const struct rate_limit *l, struct str who)
{
	const struct str parts[] = { STR("rate-limit"), str_z(l->name), who };
	uint8_t mac[SHA256_BYTES];

	crypto_hmac(str_z(cx->config->secret_key), parts, ARRAY_LEN(parts), mac);
	buf_printf(out, "%s/%.*s", l->name, STR_ARG(crypto_base64url(cx->arena, mac, BUCKET_MAC_BYTES)));
}

/* What a limit counts; n == 0: nothing, as the address is unknown or there is no account. */
static struct str counted(struct context *cx, const struct rate_limit *l, const struct attempt *t)
{
	struct str client = rate_limit_client(cx->arena, cx->request->client_address);
	struct str account = str_lower(cx->arena, t->account);

	if (l->per == PER_ADDRESS)
		return client;
	if (l->per == PER_ACCOUNT || account.n == 0)
		return account;
	if (t->place && t->place->by_device)
		return str_fmt(cx->arena, "%.*s device %.*s", STR_ARG(account), STR_ARG(t->place->mark.text));
	return str_fmt(cx->arena, "%.*s %.*s", STR_ARG(account), STR_ARG(client));
}

static bool applies(const struct rate_limit *l, const struct attempt *t)
{
	bool known = t->place && t->place->known;

	return l->rule == t->rule && (l->scope == SCOPE_ALL || known == (l->scope == SCOPE_KNOWN));
}

static void add_limit(struct context *cx, struct lists *out, const struct rate_limit *l, struct limit_value value,
		      struct str who)
{
	const char *comma = out->n ? "," : "";

	if (who.n == 0)
		return;
	buf_addz(&out->buckets, comma);
	add_bucket(cx, &out->buckets, l, who);
	buf_printf(&out->counts_max, "%s%u", comma, value.count_max);
	buf_printf(&out->windows_s, "%s%u", comma, value.window_s);
	out->n++;
}

/*
 * The cost of text messages is limited for the whole shop, twice, so that strangers do not use up the customers' share.
 */
static void add_total(struct context *cx, struct lists *out, const struct attempt *t)
{
	static const struct rate_limit totals[] = { { .name = "sms-new" }, { .name = "sms-known" } };
	struct limit_value value = { .count_max = cx->config->sms_per_hour, .window_s = 60 * 60 };

	if (t->rule == RATE_OTP_REQUEST && str_has_prefix(t->account, STR("+")))
		add_limit(cx, out, &totals[t->place && t->place->known], value, STR("shop"));
}

static struct lists lists_of(struct context *cx, const struct attempt *t)
{
	struct lists out = {
		.buckets = buf_new(cx->arena, LISTS_BYTES_MAX / 4, LISTS_BYTES_MAX),
		.counts_max = buf_new(cx->arena, 32, LISTS_BYTES_MAX),
		.windows_s = buf_new(cx->arena, 32, LISTS_BYTES_MAX),
	};

	buf_addc(&out.buckets, '{');
	buf_addc(&out.counts_max, '{');
	buf_addc(&out.windows_s, '{');
	for (size_t i = 0; i < ARRAY_LEN(limits); i++)
		if (applies(&limits[i], t))
			add_limit(cx, &out, &limits[i], cx->config->limits[i], counted(cx, &limits[i], t));
	add_total(cx, &out, t);
	buf_addc(&out.buckets, '}');
	buf_addc(&out.counts_max, '}');
	buf_addc(&out.windows_s, '}');
	return out;
}

static void write_number(struct context *cx, const char *name, int64_t n)
{
	response_header(cx->response, name, str_fmt(cx->arena, "%" PRId64, n));
}

static enum problem answer(struct context *cx, const struct rate_limit_take_row *row)
{
	write_number(cx, "RateLimit-Limit", row->count_max);
	write_number(cx, "RateLimit-Remaining", row->remaining);
	write_number(cx, "RateLimit-Reset", row->reset_s);
	if (!row->refused)
		return PROBLEM_NONE;
	cx->error.retry_after_s = (unsigned)row->reset_s;
	return error_set(&cx->error, cx->arena, PROBLEM_RATE_LIMITED, "Try again in %u seconds.",
			 cx->error.retry_after_s);
}

enum problem rate_limit_check(struct context *cx, enum rate_rule rule, struct str account, const struct place *place)
{
	const struct attempt attempt = { .rule = rule, .account = account, .place = place };
	struct rate_limit_take_row row;
	struct lists lists;
	enum problem p;

	if (!cx->config->rate_limits)
		return PROBLEM_NONE;
	lists = lists_of(cx, &attempt);
	if (lists.n == 0)
		return PROBLEM_NONE;
	p = query_rate_limit_take(cx, &row, .buckets = buf_str(&lists.buckets),
				  .counts_max = buf_str(&lists.counts_max), .windows_s = buf_str(&lists.windows_s));
	return p ? p : answer(cx, &row);
}

void rate_limit_release(struct context *cx, enum rate_rule rule, struct str account, const struct place *place)
{
	const struct attempt attempt = { .rule = rule, .account = account, .place = place };
	struct db_scope scope = { .db = cx->db, .arena = cx->arena };
	struct lists lists;

	if (!cx->config->rate_limits)
		return;
	lists = lists_of(cx, &attempt);
	if (query_rate_limit_release(&scope, .buckets = buf_str(&lists.buckets)))
		log_error(cx->request->request_id, "rate limit not uncounted: %s", db_last_error(cx->db));
}

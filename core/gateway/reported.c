#include "core/gateway/reported.h"

#include "core/base/buf.h"
#include "core/base/text.h"
#include "core/base/utf8.h"
#include "core/crypto/crypto.h"

/* The end of the year 9999. */
static const int64_t TIME_S_MAX = 253402300799;

enum {
	ID_BYTES_MAX = 255,
	WORDS_CHARS_MAX = 500,
	WORDS_BYTES_MAX = 4 * WORDS_CHARS_MAX,
	TYPE_BYTES_MAX = 100,
	HASH_BYTES = 16
};

bool reported_is_id(struct str s, const char *prefix)
{
	return s.n <= ID_BYTES_MAX && str_has_prefix(s, str_z(prefix)) && s.n > strlen(prefix) && text_is_word(s, "_");
}

bool reported_text(const struct json *object, const char *name, struct str *out)
{
	const struct json *v = json_get(object, name);

	if (!v || json_kind(v) != JSON_STRING)
		return false;
	*out = json_text(v);
	return true;
}

bool reported_id(const struct json *object, const char *name, const char *prefix, struct str *out)
{
	struct str s;

	if (!reported_text(object, name, &s) || !reported_is_id(s, prefix))
		return false;
	*out = s;
	return true;
}

bool reported_units(const struct json *object, const char *name, int64_t *out)
{
	const struct json *v = json_get(object, name);

	return v && json_kind(v) == JSON_INTEGER && json_int64(v, out) && *out >= 0;
}

/* Three letters in either case; upper case in *out. */
static bool read_currency(struct arena *a, const struct json *object, struct str *out)
{
	struct str s;

	if (!reported_text(object, "currency", &s) || s.n != 3)
		return false;
	*out = str_upper(a, s);
	return text_is_currency(*out);
}

bool reported_money(struct arena *a, const struct money_rules *rules, const struct json *object,
		    const char *amount_name, struct str *amount, struct str *currency)
{
	int64_t units;

	if (!reported_units(object, amount_name, &units) || !read_currency(a, object, currency))
		return false;
	*amount = money_from_units(rules, a, units, *currency);
	return true;
}

bool reported_state(const struct reported_state *states, struct str status, unsigned *out)
{
	while (states->status && !str_is(status, states->status))
		states++;
	*out = states->state;
	return states->status;
}

const struct json *reported_object(const struct json *object, const char *name)
{
	const struct json *v = json_get(object, name);

	return v && json_kind(v) == JSON_OBJECT ? v : NULL;
}

const struct json *reported_items(const struct json *collection, const char *name)
{
	const struct json *items = json_get(collection, name);

	if (!items || json_kind(items) != JSON_ARRAY)
		return NULL;
	for (size_t i = 0; i < json_count(items); i++)
		if (json_kind(json_item(items, i)) != JSON_OBJECT)
			return NULL;
	return items;
}

struct str reported_uuid(const struct json *object, const char *name)
{
	struct str s;

	return object && reported_text(object, name, &s) && text_is_uuid(s) ? s : STR_NULL;
}

struct str reported_message(struct arena *a, const struct json *object, const char *name)
{
	struct buf b = buf_new(a, 128, WORDS_BYTES_MAX);
	struct str s;

	if (!object || !reported_text(object, name, &s))
		return STR_NULL;
	for (size_t chars = 0; s.n && chars < WORDS_CHARS_MAX; chars++) {
		uint32_t code;
		size_t n = utf8_decode(s, &code);

		if (n == 0)
			break;
		if (code < 0x20 || code == 0x7f)
			buf_addc(&b, ' ');
		else
			buf_add(&b, str_sub(s, 0, n));
		s = str_sub(s, n, s.n);
	}
	return buf_str(&b);
}

bool reported_event(struct arena *a, struct str body, const struct json **event, struct gateway_event *out)
{
	struct error *e = arena_calloc(a, 1, sizeof(*e));
	struct str text = str_trim(body);
	uint8_t hash[SHA256_BYTES];

	*event = NULL;
	*out = (struct gateway_event){ 0 };
	if (text.n < 2 || text.p[0] != '{' || text.p[text.n - 1] != '}')
		return false;
	crypto_sha256(body, hash);
	out->id = crypto_hex(a, hash, HASH_BYTES);
	out->type = STR("unreadable");
	out->garbled = true;
	if (json_parse(a, body, event, e) || json_kind(*event) != JSON_OBJECT) {
		*event = NULL;
		return true;
	}
	out->type = STR("unknown");
	out->garbled = false;
	return true;
}

void reported_event_type(const struct json *event, const char *name, struct gateway_event *out)
{
	struct str type;

	if (reported_text(event, name, &type) && type.n <= TYPE_BYTES_MAX && text_is_token(type))
		out->type = type;
}

int64_t reported_time(const struct json *object, const char *name)
{
	int64_t s;

	return object && reported_units(object, name, &s) && s <= TIME_S_MAX ? s : 0;
}

enum gateway_outcome reported_fail(struct arena *a, struct provider_status *reported, enum gateway_outcome outcome,
				   const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	reported->failure = str_vfmt(a, fmt, args);
	va_end(args);
	return outcome;
}

static bool same_money(const struct money_rules *rules, struct str a, struct str b, struct str currency)
{
	int64_t a_units, b_units;

	return money_to_units(rules, a, currency, &a_units) && money_to_units(rules, b, currency, &b_units) &&
	       a_units == b_units;
}

/* If both are known. */
static bool differ(struct str a, struct str b)
{
	return a.n && b.n && !str_eq_nocase(a, b);
}

enum gateway_outcome reported_match(struct arena *a, const struct gateway_payment *p, struct provider_status *reported)
{
	if (differ(p->gateway_id, reported->gateway_id) || differ(p->id, reported->payment))
		return reported_fail(a, reported, GATEWAY_MISMATCH, "The provider reported another payment: %.*s.",
				     STR_ARG(reported->gateway_id));
	return GATEWAY_DONE;
}

enum gateway_outcome reported_match_opened(struct arena *a, const struct money_rules *rules,
					   const struct gateway_payment *p, struct provider_status *reported)
{
	enum gateway_outcome outcome = reported_match(a, p, reported);

	if (outcome == GATEWAY_DONE && reported->state < PAYMENT_AUTHORIZED &&
	    (!str_eq(p->currency, reported->currency) || !same_money(rules, p->amount, reported->amount, p->currency)))
		return reported_fail(a, reported, GATEWAY_MISMATCH,
				     "The provider reported %.*s %.*s instead of %.*s %.*s.",
				     STR_ARG(reported->currency), STR_ARG(reported->amount), STR_ARG(p->currency),
				     STR_ARG(p->amount));
	return outcome;
}

enum gateway_outcome reported_match_refund(struct arena *a, const struct money_rules *rules,
					   const struct gateway_payment *p, const struct gateway_refund *r,
					   struct provider_status *reported)
{
	if (differ(p->gateway_id, reported->gateway_id) || differ(p->transaction, reported->transaction) ||
	    differ(r->gateway_refund, reported->gateway_refund) || differ(r->id, reported->refund))
		return reported_fail(a, reported, GATEWAY_MISMATCH, "The provider reported another refund: %.*s.",
				     STR_ARG(reported->gateway_refund));
	if (!str_eq(p->currency, reported->currency) ||
	    !same_money(rules, r->amount, reported->refund_amount, p->currency))
		return reported_fail(a, reported, GATEWAY_MISMATCH,
				     "The provider reported a refund of %.*s %.*s instead of %.*s %.*s.",
				     STR_ARG(reported->currency), STR_ARG(reported->refund_amount),
				     STR_ARG(p->currency), STR_ARG(r->amount));
	return GATEWAY_DONE;
}

const struct json *reported_find_refund(const struct json *items, struct str id, const char *notes)
{
	for (size_t i = 0; items && i < json_count(items); i++) {
		const struct json *item = json_item(items, i);

		if (str_eq(reported_uuid(item, "receipt"), id) ||
		    str_eq(reported_uuid(reported_object(item, notes), "refund"), id))
			return item;
	}
	return NULL;
}

void reported_refunds(struct arena *a, const struct gateway_payment *p, const struct json *items,
		      bool (*read)(struct arena *a, const struct json *refund, struct provider_status *reported),
		      struct gateway_refunds *found)
{
	*found = (struct gateway_refunds){ .reported =
						   arena_calloc(a, json_count(items) + 1, sizeof(*found->reported)) };
	for (size_t i = 0; i < json_count(items); i++) {
		struct provider_status *f = &found->reported[found->n];
		const struct json *item = json_item(items, i);

		found->n += read(a, item, f) && !differ(p->gateway_id, f->gateway_id) &&
			    !differ(p->transaction, f->transaction);
	}
}

bool reported_hmac(struct str data, struct str hex, const char *const *secrets, size_t secrets_n)
{
	static const char digits[] = "0123456789abcdef";
	bool same = false;

	for (size_t i = 0; i < secrets_n; i++) {
		uint8_t mac[SHA256_BYTES];
		char text[2 * SHA256_BYTES];

		if (!*secrets[i])
			continue;
		crypto_hmac(str_z(secrets[i]), &data, 1, mac);
		for (size_t j = 0; j < sizeof(mac); j++) {
			text[2 * j] = digits[mac[j] >> 4];
			text[2 * j + 1] = digits[mac[j] & 15];
		}
		same |= crypto_equal((struct str){ text, sizeof(text) }, hex);
	}
	return same;
}

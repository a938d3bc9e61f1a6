#include "core/auth/passwords.h"

#include <errno.h>
#include "core/auth/password_rule.h"
#include "core/base/limits.h"
#include "core/base/log.h"
#include "core/config/config.h"
#include "core/crypto/crypto.h"
#include "core/http/request.h"
#include "core/process/slot.h"
#include "queries.h"

enum { COST_CHARS = sizeof("$s2$0f0803$") - 1, RETRY_AFTER_S = 2 };

/* scrypt fails only for lack of memory. */
static enum problem scrypt_failed(struct context *cx)
{
	log_error(cx->request->request_id, "scrypt failed: is there memory for SCRYPT_COST?");
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, NULL);
}

enum problem passwords_check(struct context *cx, const char *pointer, struct str password, struct password_owner owner)
{
	struct password_context_row row;
	struct fault fault;
	enum problem p;

	p = query_password_context(cx, &row, .user = str_z(owner.user_id));
	if (p)
		return p;
	const struct str context[] = { owner.email, owner.name, row.person, row.stores, str_z(cx->config->public_url) };
	fault = password_rule(password, context, ARRAY_LEN(context));
	if (fault.code)
		error_add_fault(&cx->error, cx->arena, str_z(pointer), fault);
	return cx->error.problem;
}

/*
 * Before scrypt, which takes a processor and much memory for half a second: a client that sends many passwords must not
 * use all of them. RATE_LIMITED if no slot becomes free. Without /tmp there is no limit.
 */
static enum problem take_place(struct context *cx, enum password_client client, int *place)
{
	unsigned n = cx->config->scrypt_concurrency;

	*place = SLOT_FAILED;
	if (n == 0)
		return PROBLEM_NONE;
	*place = slot_acquire(slot_path(cx->arena, cx->config->secret_key, "scrypt slots"),
			      client == CLIENT_KNOWN || n == 1 ? n : n - 1, SCRYPT_WAIT_MS_MAX);
	if (*place == SLOT_BUSY) {
		cx->error.retry_after_s = RETRY_AFTER_S;
		return error_set(&cx->error, cx->arena, PROBLEM_RATE_LIMITED,
				 "Too many sign-ins at once: try again in %u seconds.", cx->error.retry_after_s);
	}
	if (*place == SLOT_FAILED)
		log_error(cx->request->request_id, "SCRYPT_CONCURRENCY is not enforced: /tmp: %s", strerror(errno));
	return PROBLEM_NONE;
}

static struct str dummy_salt(struct context *cx)
{
	const struct config *c = cx->config;
	char *salt = arena_alloc(cx->arena, PASSWORD_SALT_BYTES);

	password_dummy_salt(c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p, salt);
	return str_z(salt);
}

enum problem passwords_store(struct context *cx, struct str password, enum password_client client,
			     char out[PASSWORD_STORED_BYTES])
{
	const struct config *c = cx->config;
	int place;
	enum problem p = take_place(cx, client, &place);

	if (p)
		return p;
	if (!password_make(password, c->scrypt_cost.log2_n, c->scrypt_cost.r, c->scrypt_cost.p, out))
		p = scrypt_failed(cx);
	slot_release(place);
	return p;
}

enum problem passwords_prove(struct context *cx, struct str password, struct str salt, enum password_client client,
			     uint8_t proof[PASSWORD_PROOF_BYTES])
{
	enum password_proof made;
	int place;
	enum problem p = take_place(cx, client, &place);

	if (p)
		return p;
	made = password_prove(password, salt.p ? salt : dummy_salt(cx), proof);
	slot_release(place);
	switch (made) {
	case PASSWORD_PROVEN:
		return PROBLEM_NONE;
	case PASSWORD_WRONG:
		return error_set(&cx->error, cx->arena, PROBLEM_BAD_CREDENTIALS, NULL);
	case PASSWORD_ERROR:
		break;
	}
	return scrypt_failed(cx);
}

bool passwords_outdated(struct context *cx, struct str salt)
{
	return !str_eq(str_sub(salt, 0, COST_CHARS), str_sub(dummy_salt(cx), 0, COST_CHARS));
}

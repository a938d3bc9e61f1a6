/*
 * The cookie of setup.cgi: who is signed in, and until when, under a MAC.
 */
#ifndef CGISHOP_SETUP_SESSION_H
#define CGISHOP_SETUP_SESSION_H

#include "core/base/str.h"

struct arena;

enum { SESSION_S = 60 * 60 };

struct session {
	bool valid;
	bool admin;       /* an administrator's password was given too */
	struct str user;  /* who, if so */
	struct str proof; /* session_proof() of then: it must still be the same */
	struct str form;  /* what each form of this session has to send */
};

/*
 * The keys. Who has only the token must not be able to make the cookie of an administrator: its key has SECRET_KEY in
 * it. With an empty secret there is none.
 */
struct session_keys {
	struct str token, secret;
};

/* A MAC of what changes with an administrator's password or rights; empty if that is empty or there is no key for it.
 */
struct str session_proof(struct arena *a, const struct session_keys *keys, struct str mark);
/*
 * The value of a new cookie, valid for SESSION_S from now_s on; empty if there is no key for it. user and proof: an
 * administrator's id and session_proof(); empty before there is one.
 */
struct str session_make(struct arena *a, const struct session_keys *keys, struct str user, struct str proof,
			int64_t now_s);
/* What a cookie's value says; valid is false if it is not one of ours, or too old. */
struct session session_read(struct arena *a, const struct session_keys *keys, struct str value, int64_t now_s);
/* The value of our cookie in a Cookie header (RFC 6265, 4.2.1); empty if there is none. */
struct str session_cookie(struct str header);

#endif

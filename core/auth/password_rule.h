/*
 * Which passwords are accepted where one is chosen: at POST and PATCH of users, at /auth/admin/password and by
 * `shopctl create-admin`. Length in characters, and no guesses instead of rules of composition (NIST SP 800-63B,
 * 5.1.1.2; OWASP ASVS 5.0, 6.2). Only programs that call it hold its list of words.
 */
#ifndef CGISHOP_AUTH_PASSWORD_RULE_H
#define CGISHOP_AUTH_PASSWORD_RULE_H

#include "core/base/str.h"

enum { PASSWORD_CONTEXT_MAX = 8 };

/*
 * The code of the rule that the password breaks, with a sentence in *detail: min_length, max_length,
 * control_character, too_common; NULL when it breaks none. context has texts that a guesser would try first: the e-mail
 * address and name of whose password it is, the shop's address.
 */
const char *password_rule(struct str password, const struct str *context, size_t context_n, const char **detail);

/*
 * How hard it is to guess, in bits: the cheapest way to put it together from common words, also with 0 for o and the
 * like, words of the context, sequences, runs, repetitions, and single characters. For tests.
 */
unsigned password_bits(struct str password, const struct str *context, size_t context_n);

#endif

/*
 * Which new passwords are accepted: by POST and PATCH of users, by /auth/admin/password and by `shopctl create-admin`.
 * A length in characters, and a strength estimate instead of rules of composition (NIST SP 800-63B, 5.1.1.2; OWASP ASVS
 * 5.0, 6.2). Only programs that call it contain the list of words.
 */
#ifndef CGISHOP_AUTH_PASSWORD_RULE_H
#define CGISHOP_AUTH_PASSWORD_RULE_H

#include "core/base/str.h"

enum { PASSWORD_CONTEXT_MAX = 8 };

/*
 * The code of the broken rule, with a sentence in *detail: min_length, max_length, control_character, too_common; NULL
 * if the password is accepted. context has texts that an attacker would try first: the owner's e-mail address and name,
 * the shop's domain.
 */
const char *password_rule(struct str password, const struct str *context, size_t context_n, const char **detail);

/*
 * How hard it is to guess, in bits: the cheapest composition of common words (also with 0 for o and the like), context
 * words, sequences, runs, repetitions and single characters. For tests.
 */
unsigned password_bits(struct str password, const struct str *context, size_t context_n);

#endif

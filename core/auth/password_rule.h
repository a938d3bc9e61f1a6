/*
 * Which new passwords are accepted: by POST and PATCH of users, by /auth/admin/password and by `shopctl create-admin`.
 * A length in characters, and a strength estimate instead of rules of composition (NIST SP 800-63B, 5.1.1.2; OWASP ASVS
 * 5.0, 6.2). Only programs that call it contain the list of words.
 */
#ifndef CGISHOP_AUTH_PASSWORD_RULE_H
#define CGISHOP_AUTH_PASSWORD_RULE_H

#include "core/base/problem.h"

/*
 * The rule that the password breaks: MIN_LENGTH, MAX_BYTES, CONTROL_CHARACTER, COMMON_PASSWORD. context has texts that
 * an attacker would try first: the owner's e-mail address and name, the shop's domain.
 */
struct fault password_rule(struct str password, const struct str *context, size_t context_n);

/*
 * How hard it is to guess, in bits: the cheapest composition of common words (also with 0 for o and the like), context
 * words, sequences, runs, repetitions and single characters. For tests.
 */
unsigned password_bits(struct str password, const struct str *context, size_t context_n);

#endif

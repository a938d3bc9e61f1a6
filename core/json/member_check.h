/* The rules of texts of each type. Private to core/json. */
#ifndef CGISHOP_JSON_MEMBER_CHECK_H
#define CGISHOP_JSON_MEMBER_CHECK_H

#include "core/json/member.h"

extern const struct fault no_fault;

struct fault fault(enum error_code code);
struct fault fault_min(enum error_code code, int64_t min);
struct fault fault_max(enum error_code code, int64_t max);

/* A text on its way: *text is in the form that its type has. */
struct candidate {
	struct arena *arena;
	const struct member *member;
	struct str country;
	struct str *text;
};

/* Is it one? They may change its text. */
struct fault check_characters(const struct candidate *c);
struct fault check_sku(const struct candidate *c);
struct fault check_gtin(const struct candidate *c);
struct fault check_password(const struct candidate *c);
struct fault check_code(const struct candidate *c);
struct fault check_choice(const struct candidate *c);
struct fault check_email(const struct candidate *c);
struct fault check_mobile(const struct candidate *c);
struct fault check_country(const struct candidate *c);
struct fault check_currency(const struct candidate *c);
struct fault check_integer(const struct candidate *c);
struct fault check_decimal(const struct candidate *c);
struct fault check_slug(const struct candidate *c);

#endif

/*
 * Tax numbers of buyers and sellers, by the country of their address: core/base/tax_ids.def has the forms. They are
 * checked without asking anyone, so that a number may be well formed and belong to nobody.
 */
#ifndef CGISHOP_BASE_TAX_ID_H
#define CGISHOP_BASE_TAX_ID_H

#include "core/base/str.h"

struct arena;

/*
 * The one form of a number of a country (ISO 3166-1): capital letters without blanks, dots, dashes and slashes, and
 * with the country's prefix, which may be left out when it is typed: "123456789 " of DE is "DE123456789". Of a country
 * that is not in the table any text is one, as it is. In the arena; false: it is no number of that country.
 */
NODISCARD bool tax_id_read(struct arena *a, struct str country, struct str s, struct str *out);

#endif

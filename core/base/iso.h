/*
 * Codes of countries (ISO 3166-1 alpha-2, and XK) and of currencies (ISO 4217), in capital letters.
 */
#ifndef CGISHOP_BASE_ISO_H
#define CGISHOP_BASE_ISO_H

#include "core/base/str.h"

bool iso_is_country(struct str s);
bool iso_is_currency(struct str s);
/*
 * The code that is meant by one that is not assigned: "UK" is GB, "deu" is DE, "DEM" is EUR; a constant. STR_NULL: it
 * is not known.
 */
struct str iso_country_meant(struct str s);
struct str iso_currency_meant(struct str s);

#endif

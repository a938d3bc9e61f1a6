/* Settings whose names are nearly another word. */
#ifndef CGISHOP_CONFIG_SIMILAR_H
#define CGISHOP_CONFIG_SIMILAR_H

#include "core/base/str.h"

/*
 * The setting that the name was probably meant to be: in another case, or with up to two letters wrong, missing,
 * superfluous or swapped (one in short names). NULL: none.
 */
const char *setting_similar(struct str name);

#endif

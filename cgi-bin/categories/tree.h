/* GET /categories/tree. */
#ifndef CGISHOP_CATEGORIES_TREE_H
#define CGISHOP_CATEGORIES_TREE_H

#include "core/context/context.h"

extern const struct body category_tree_query;
extern const struct shape category_tree_shape;

/* All categories that the caller may see, nested. One statement. PROBLEM_VALIDATION: there are too many. */
handler category_tree;

#endif

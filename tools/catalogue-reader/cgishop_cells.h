/*
 * Cells of cgishop's CSV as values of JSON. What is not understood is not guessed.
 */
#ifndef CGISHOP_CATALOGUE_READER_CGISHOP_CELLS_H
#define CGISHOP_CATALOGUE_READER_CGISHOP_CELLS_H

#include "core/base/json_out.h"
#include "tools/catalogue-reader/item.h"

enum cell_kind {
	OTHER, /* read elsewhere */
	LINE,
	LINES,
	NUMBER, /* a decimal, as text */
	WHOLE,
	TRUTH,
	TIME,
	LIST,        /* texts, separated by commas */
	PATHS,       /* "Home > Linen, Home": lists of names */
	OBJECT_TEXT, /* JSON */
};

/*
 * A cell that is not empty as a value, with texts in the group's arena. False: it is none of that kind; what was
 * written then is JSON, but not its value.
 */
NODISCARD bool cell_put(struct group *g, struct json_out *o, struct row *r, enum cell_kind kind, struct cell c);
/*
 * The next text of a list, up to a separator, trimmed, without the backslashes before backslashes, commas and '>';
 * *list becomes what follows. In the group's arena.
 */
struct str cell_next(struct group *g, struct str *list, char separator);

#endif

/*
 * HTML as text, for readers that take no markup.
 */
#ifndef CGISHOP_BASE_HTML_H
#define CGISHOP_BASE_HTML_H

#include "core/base/arena.h"
#include "core/base/str.h"

/*
 * The character that s begins with as an entity, "&amp;", "&#39;" or "&#x27;"; 0: it begins with none that is known. *n
 * is its length in bytes.
 */
uint32_t html_entity(struct str s, size_t *n);
/*
 * The text of an HTML fragment, in the arena: tags, comments, scripts and styles are left out, entities are their
 * characters. Tags that end a word become a blank. A tag that is cut off ends the text; "5 < 6" has none.
 */
struct str html_text(struct arena *a, struct str html);

#endif

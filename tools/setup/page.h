/*
 * Writing the pages: HTML without scripts, with one style sheet of its own.
 */
#ifndef CGISHOP_SETUP_PAGE_H
#define CGISHOP_SETUP_PAGE_H

#include "tools/setup/setup.h"

/* HTML of ours: a constant. */
void page_put(struct setup *s, const char *html);
/* Text of others, escaped; printf's form gets constants and texts that are escaped as a whole. */
void page_text(struct setup *s, struct str text);
void page_textf(struct setup *s, const char *fmt, ...) PRINTF(2, 3);
/* A paragraph of text, escaped. */
void page_paragraph(struct setup *s, const char *text);

enum page_mark { MARK_OK, MARK_WARN, MARK_FAIL, MARK_NOTE };

/* A line that says how it stands: what it is about, what was found and (may be empty) how to fix it. */
void page_finding(struct setup *s, enum page_mark mark, const char *about, struct str found, struct str fix);

struct page_field {
	const char *name, *label, *hint; /* hint may be NULL */
	const char *type;                /* "text", "password", "email" */
	const char *autocomplete;
	const char *list; /* the id of a datalist, or NULL */
	struct str value; /* never of a password */
	bool optional;
};

/* A form that posts to this address; the hidden fields of a session that is there are in it. */
void page_form(struct setup *s);
void page_field(struct setup *s, const struct page_field *field);
void page_form_end(struct setup *s, const char *button);

/* The beginning and the end of a page. step: the one that is shown, or NULL. */
void page_begin(struct setup *s, const char *title, const struct step *step);
void page_end(struct setup *s);
/* The link to the step after this one. */
void page_next(struct setup *s, const struct step *step);
/* A whole page for who is not signed in. */
void page_plain(struct setup *s, unsigned status, const char *title, const char *text);

#endif

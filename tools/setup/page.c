#include "tools/setup/page.h"

static const char STYLE[] =
	"*{box-sizing:border-box}"
	"html{color-scheme:light;-webkit-text-size-adjust:100%}"
	"body{margin:0;background:#f3f5f7;color:#1c2430;font:1rem/1.55 system-ui,-apple-system,\"Segoe UI\",Roboto,"
	"\"Noto Sans\",sans-serif}"
	"header{background:#0b4a53;color:#fff;padding:.8rem 1rem}"
	"header p,nav ol{max-width:44rem;margin:0 auto}"
	"header p{display:flex;flex-wrap:wrap;gap:0 1rem;justify-content:space-between}"
	"header .quiet{color:#d5e6e9}"
	"nav{background:#fff;border-bottom:1px solid #d5dbe1;padding:.6rem 1rem}"
	"nav ol{display:flex;flex-wrap:wrap;gap:.4rem;padding:0;list-style:none}"
	"nav a{display:flex;align-items:center;min-height:2.75rem;padding:.2rem .8rem;border-radius:1.4rem;"
	"border:1px solid #b9c4cd;color:#1c2430;text-decoration:none;font-size:.9rem}"
	"nav a:hover{border-color:#0b4a53}"
	"nav a[aria-current]{background:#0b4a53;border-color:#0b4a53;color:#fff}"
	"nav .done::before{content:\"\\2713\\00a0\"}"
	"main{max-width:46rem;margin:0 auto;padding:1.2rem 1rem 3rem;overflow-wrap:anywhere}"
	"main li a{display:inline-block;padding:.6rem 0}"
	"h1{font-size:1.5rem;line-height:1.25;margin:.3rem 0 .8rem}"
	"h2{font-size:1.1rem;margin:1.6rem 0 .4rem}"
	"p{margin:.6rem 0;overflow-wrap:anywhere}"
	"a{color:#0b5c66}"
	".quiet{color:#4d5966;font-size:.9rem}"
	"ul.findings{list-style:none;padding:0;margin:.8rem 0}"
	".finding,.message{background:#fff;border:1px solid #d5dbe1;border-left:.35rem solid #5b6675;"
	"border-radius:.3rem;padding:.55rem .8rem;margin:.5rem 0;overflow-wrap:anywhere}"
	".finding p{margin:.15rem 0}.finding strong{display:inline-block;margin-right:.4rem}"
	".ok{border-left-color:#1d7a3e}.ok .mark{color:#1d7a3e}"
	".warn{border-left-color:#b26a00}.warn .mark{color:#8a5200}"
	".fail{border-left-color:#b3261e}.fail .mark{color:#b3261e}"
	".mark{font-weight:700;margin-right:.4rem}"
	"label{display:block;font-weight:600;margin:1rem 0 .25rem}"
	".hint{display:block;font-weight:400;color:#4d5966;font-size:.9rem}"
	"input:not([type=radio]){width:100%;max-width:26rem;padding:.6rem .7rem;font:inherit;border:1px solid #6b7785;"
	"border-radius:.3rem;background:#fff;color:inherit}"
	"fieldset{border:1px solid #d5dbe1;border-radius:.3rem;margin:1.2rem 0;padding:.2rem 1rem 1rem;max-width:28rem}"
	"legend{font-weight:600;padding:0 .3rem}"
	".choice{font-weight:400;display:flex;gap:.6rem;align-items:center;min-height:2.75rem;margin:.3rem 0}"
	".choice input{flex:none;width:1.2rem;height:1.2rem;margin:0}"
	"button,.button{display:inline-block;min-height:2.75rem;margin:1.2rem .6rem 0 0;padding:.6rem 1.2rem;"
	"font:inherit;font-weight:600;border:1px solid #0b4a53;border-radius:.3rem;background:#0b4a53;color:#fff;"
	"cursor:pointer;text-decoration:none}"
	".button{background:#fff;color:#0b4a53}"
	"button:hover{background:#08343a}.button:hover{background:#e7eff0}"
	":focus-visible{outline:3px solid #c77700;outline-offset:2px}"
	"pre{background:#fff;border:1px solid #d5dbe1;border-radius:.3rem;padding:.7rem;overflow-x:auto;"
	"white-space:pre-wrap;overflow-wrap:anywhere}"
	"code{font-size:.95em}";

void page_put(struct setup *s, const char *html)
{
	buf_addz(&s->response->body, html);
}

void page_text(struct setup *s, struct str text)
{
	buf_add_html(&s->response->body, text);
}

void page_textf(struct setup *s, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	page_text(s, str_vfmt(s->arena, fmt, args));
	va_end(args);
}

void page_paragraph(struct setup *s, const char *text)
{
	page_put(s, "<p>");
	page_text(s, str_z(text));
	page_put(s, "</p>\n");
}

void page_finding(struct setup *s, enum page_mark mark, const char *about, struct str found, struct str fix)
{
	static const char *const classes[] = { "ok", "warn", "fail", "note" };
	static const char *const words[] = { "OK", "Look at this", "To do", "Note" };

	page_put(s, "<li class=\"finding ");
	page_put(s, classes[mark]);
	page_put(s, "\"><p><span class=\"mark\">");
	page_put(s, words[mark]);
	page_put(s, "</span><strong>");
	page_text(s, str_z(about));
	page_put(s, "</strong>");
	page_text(s, found);
	page_put(s, "</p>");
	if (fix.n) {
		page_put(s, "<p>What to do: ");
		page_text(s, fix);
		page_put(s, "</p>");
	}
	page_put(s, "</li>\n");
}

/* --- forms */

/* Without an address: a form posts to that of its page. */
void page_form(struct setup *s)
{
	page_put(s, "<form method=\"post\" accept-charset=\"utf-8\">\n");
	if (!s->session.valid)
		return;
	page_put(s, "<input type=\"hidden\" name=\"form\" value=\"");
	page_text(s, s->session.form);
	page_put(s, "\">\n");
}

static void attribute(struct setup *s, const char *name, struct str value)
{
	if (!value.n)
		return;
	page_put(s, " ");
	page_put(s, name);
	page_put(s, "=\"");
	page_text(s, value);
	page_put(s, "\"");
}

void page_field(struct setup *s, const struct page_field *field)
{
	page_put(s, "<label");
	attribute(s, "for", str_z(field->name));
	page_put(s, ">");
	page_text(s, str_z(field->label));
	if (field->hint) {
		page_put(s, " <span class=\"hint\">");
		page_text(s, str_z(field->hint));
		page_put(s, "</span>");
	}
	page_put(s, "</label>\n<input");
	attribute(s, "id", str_z(field->name));
	attribute(s, "name", str_z(field->name));
	attribute(s, "type", str_z(field->type));
	attribute(s, "autocomplete", str_z(field->autocomplete));
	attribute(s, "list", str_z(field->list));
	attribute(s, "value", field->value);
	page_put(s, field->optional ? " maxlength=\"256\" autocapitalize=\"none\">\n"
				    : " maxlength=\"256\" autocapitalize=\"none\" required>\n");
}

void page_form_end(struct setup *s, const char *button)
{
	page_put(s, "<p><button>");
	page_put(s, button);
	page_put(s, "</button></p>\n</form>\n");
}

/* --- the frame */

/* Nothing from elsewhere, no scripts, no frames; forms only to us. */
static void set_headers(struct setup *s)
{
	struct response *r = s->response;

	r->content_type = "text/html; charset=utf-8";
	response_header(r, "Content-Security-Policy",
			str_fmt(s->arena,
				"default-src 'none'; style-src 'nonce-%.*s'; form-action 'self'; base-uri 'none'; "
				"frame-ancestors 'none'",
				STR_ARG(s->style_nonce)));
	response_header(r, "X-Frame-Options", STR("DENY"));
	response_header(r, "X-Robots-Tag", STR("noindex, nofollow"));
	response_header(r, "Referrer-Policy", STR("no-referrer"));
	response_header(r, "Cross-Origin-Opener-Policy", STR("same-origin"));
}

static bool is_shown(const struct setup *s, const struct step *step)
{
	return !step->for_update || s->state.admins == ADMINS_THERE;
}

static void navigation(struct setup *s, const struct step *current)
{
	page_put(s, "<nav aria-label=\"Steps\"><ol>\n");
	for (size_t i = 0; i < steps_n; i++) {
		const struct step *step = &steps[i];
		bool done = step->done && step->done(s);

		if (!is_shown(s, step))
			continue;
		page_put(s, done ? "<li><a class=\"done\"" : "<li><a");
		attribute(s, "href", str_fmt(s->arena, "?step=%s", step->name));
		page_put(s, step == current ? " aria-current=\"step\">" : ">");
		page_text(s, str_z(step->title));
		page_put(s, done ? "<span hidden> (done)</span></a></li>\n" : "</a></li>\n");
	}
	page_put(s, "</ol></nav>\n");
}

static void message(struct setup *s)
{
	if (s->message_kind == MESSAGE_NONE)
		return;
	page_put(s, s->message_kind == MESSAGE_DONE ? "<p class=\"message ok\" role=\"status\">"
						    : "<p class=\"message fail\" role=\"alert\">");
	page_text(s, s->message);
	page_put(s, "</p>\n");
}

void page_begin(struct setup *s, const char *title, const struct step *step)
{
	set_headers(s);
	page_put(s, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
		    "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
		    "<meta name=\"robots\" content=\"noindex, nofollow\">\n<title>");
	page_text(s, str_z(title));
	page_put(s, " – cgishop setup</title>\n<style nonce=\"");
	page_text(s, s->style_nonce);
	page_put(s, "\">");
	page_put(s, STYLE);
	page_put(s, "</style>\n</head>\n<body>\n<header><p><strong>Setting up your shop</strong> "
		    "<span class=\"quiet\">cgishop " CGISHOP_VERSION "</span></p></header>\n");
	if (step)
		navigation(s, step);
	page_put(s, "<main>\n<h1>");
	page_text(s, str_z(title));
	page_put(s, "</h1>\n");
	message(s);
}

/* The step after this one. */
static const struct step *next_step(const struct setup *s, const struct step *step)
{
	for (step++; step < steps + steps_n; step++)
		if (is_shown(s, step))
			return step;
	return NULL;
}

void page_end(struct setup *s)
{
	page_put(s, "</main>\n</body>\n</html>\n");
}

void page_next(struct setup *s, const struct step *step)
{
	const struct step *next = next_step(s, step);

	if (!next)
		return;
	page_put(s, "<p><a class=\"button\"");
	attribute(s, "href", str_fmt(s->arena, "?step=%s", next->name));
	page_put(s, ">Next: ");
	page_text(s, str_z(next->title));
	page_put(s, "</a></p>\n");
}

void page_plain(struct setup *s, unsigned status, const char *title, const char *text)
{
	response_reset(s->response);
	s->response->status = status;
	page_begin(s, title, NULL);
	page_paragraph(s, text);
	page_end(s);
}

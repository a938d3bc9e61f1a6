#include "core/message/message.h"

#include "core/base/ascii.h"
#include "core/base/buf.h"
#include "core/base/file.h"
#include "core/base/near.h"
#include "core/base/text.h"
#include "core/config/link.h"

enum { TEMPLATE_BYTES_MAX = 16 * 1024, TEXT_BYTES_MAX = 256 * 1024 };

static const char *const value_names[] = {
#define VALUE(name) [MESSAGE_##name] = #name,
#include "core/message/message_values.def"
#undef VALUE
};

const char *message_value_name(enum message_value v)
{
	return value_names[v];
}

/* --- values */

static struct str member(const struct json *data, const char *name)
{
	return data ? json_get_text(data, name) : STR_NULL;
}

void message_values(const struct config *config, struct arena *a, const struct message *m,
		    struct str values[MESSAGE_VALUES_N])
{
	struct str id = member(m->data, "id");

	for (enum message_value v = 0; v < MESSAGE_VALUES_N; v++)
		values[v] = member(m->data, value_names[v]);
	/* Anyone may have typed it, in an order with anyone's address. */
	if (!text_is_plain_name(values[MESSAGE_name]))
		values[MESSAGE_name] = STR_NULL;
	values[MESSAGE_link] = id.n ? link_to_order(a, config, id, member(m->data, "number")) : STR_NULL;
	values[MESSAGE_code] = m->code;
}

/* --- filling in */

/* "{name}…": the word between the braces; n == 0 if s does not begin like this. */
static struct str placeholder(struct str s)
{
	size_t n = 1;

	while (n < s.n && (ascii_is_lower(s.p[n]) || s.p[n] == '_'))
		n++;
	return s.n && s.p[0] == '{' && n > 1 && n < s.n && s.p[n] == '}' ? str_sub(s, 1, n - 1) : STR_NULL;
}

static enum message_value find_value(struct str name)
{
	enum message_value v = 0;

	while (v < MESSAGE_VALUES_N && !str_is(name, value_names[v]))
		v++;
	return v;
}

/* Without a name the space before it is omitted too: "Hello,". */
static void leave_name_out(struct buf *out, size_t line_begin)
{
	while (out->n > line_begin && out->p[out->n - 1] == ' ')
		out->n--;
}

/* One line without its end. *left_out: it uses values other than {name}, and all are missing. */
static const char *fill_line(struct arena *a, struct str line, const struct str values[MESSAGE_VALUES_N],
			     struct buf *out, bool *left_out)
{
	bool names = false, has = false;
	size_t begin = out->n;

	while (line.n) {
		struct str name = placeholder(line);
		enum message_value v = name.n ? find_value(name) : MESSAGE_VALUES_N;

		if (name.n && v == MESSAGE_VALUES_N)
			return str_fmt(a, "{%.*s} is unknown", STR_ARG(name)).p;
		if (name.n && v == MESSAGE_name && !values[v].n) {
			leave_name_out(out, begin);
		} else if (name.n) {
			names = true;
			has = has || values[v].n;
			buf_add(out, values[v]);
		} else {
			buf_addc(out, line.p[0]);
		}
		line = str_sub(line, name.n ? name.n + 2 : 1, line.n);
	}
	*left_out = names && !has;
	return NULL;
}

static const char *fill_body(struct arena *a, struct str template, const struct str values[MESSAGE_VALUES_N],
			     struct buf *body)
{
	bool after_empty = true; /* it does not begin with an empty line either */
	const char *wrong;

	while (template.n) {
		struct str line = str_cut(&template, '\n');
		size_t before = body->n;
		bool left_out;

		wrong = fill_line(a, line, values, body, &left_out);
		if (wrong)
			return wrong;
		if (left_out || (!line.n && after_empty)) {
			body->n = before;
			continue;
		}
		after_empty = !line.n;
		buf_addc(body, '\n');
	}
	return body->overflow ? "its text is too long" : NULL;
}

const char *message_fill(struct arena *a, struct str template, bool is_mail, const struct str values[MESSAGE_VALUES_N],
			 struct message_text *out)
{
	struct buf subject = buf_new(a, 256, TEXT_BYTES_MAX), body = buf_new(a, 1024, TEXT_BYTES_MAX);
	const char *wrong = NULL;
	bool left_out = false;

	*out = (struct message_text){ 0 };
	if (is_mail) {
		struct str first = str_cut(&template, '\n');

		if (!str_has_prefix(first, STR("Subject: ")))
			return "it does not begin with a line \"Subject: …\"";
		wrong = fill_line(a, str_sub(first, 9, first.n), values, &subject, &left_out);
		out->subject = str_trim(buf_str(&subject));
	}
	if (!wrong)
		wrong = fill_body(a, template, values, &body);
	if (!wrong && is_mail && (left_out || !out->subject.n))
		wrong = "its subject has no value";
	out->body = buf_str(&body);
	while (!is_mail && out->body.n && out->body.p[out->body.n - 1] == '\n')
		out->body.n--;
	return wrong;
}

/* --- finding */

const char *message_directory(const struct config *config, struct arena *a)
{
	return near_directory(a, config->template_dir, "templates");
}

/* A word that is safe in a file name. */
static bool is_plain(struct str s, size_t bytes_max)
{
	for (size_t i = 0; i < s.n; i++)
		if (!ascii_is_lower(s.p[i]) && s.p[i] != '_')
			return false;
	return s.n > 0 && s.n <= bytes_max;
}

bool message_template(const struct config *config, struct arena *a, const struct message *m, struct str *text)
{
	const struct str languages[] = { str_lower(a, m->language), str_z(config->language), STR("en") };
	const char *directory = message_directory(config, a);

	if (!directory || !is_plain(m->template, 64) || !is_plain(m->channel, 8))
		return false;
	for (size_t i = 0; i < ARRAY_LEN(languages); i++) {
		struct str path = str_fmt(a, "%s/%.*s/%.*s.%.*s", directory, STR_ARG(languages[i]),
					  STR_ARG(m->template), STR_ARG(m->channel));

		if (languages[i].n == 2 && is_plain(languages[i], 2) &&
		    file_read(a, path.p, TEMPLATE_BYTES_MAX, text) && text_is_utf8(*text))
			return true;
	}
	return false;
}

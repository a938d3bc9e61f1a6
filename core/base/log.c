#include "core/base/log.h"

#include <stdarg.h>
#include <unistd.h>
#include "core/base/clock.h"

enum { LINE_BYTES_MAX = 2048, NUMBER_BYTES_MAX = 32 };

/* A line under construction; the last byte is reserved for the newline. */
struct line {
	char p[LINE_BYTES_MAX];
	size_t n;
};

/* Bytes above min_plain are written unescaped, except the two that quote. */
static void add(struct line *l, struct str s, char min_plain)
{
	static const char hex[] = "0123456789ABCDEF";

	for (size_t i = 0; i < s.n; i++) {
		unsigned char c = (unsigned char)s.p[i];
		bool plain = c >= (unsigned char)min_plain && c != 0x7f && c != '"' && c != '\\';

		if (l->n + (plain ? 1 : 4) > sizeof(l->p) - 1)
			return;
		if (plain) {
			l->p[l->n++] = (char)c;
		} else {
			memcpy(l->p + l->n, (char[]){ '\\', 'x', hex[c >> 4], hex[c & 15] }, 4);
			l->n += 4;
		}
	}
}

/* Our own text, or a value that may contain spaces. */
static void add_text(struct line *l, struct str s)
{
	add(l, s, ' ');
}

/* A value in which a space would look like the start of the next one. */
static void add_value(struct line *l, const char *label, struct str value)
{
	add_text(l, str_z(label));
	add(l, value.n ? value : STR("-"), '!');
}

static void add_number(struct line *l, const char *label, unsigned n)
{
	char z[NUMBER_BYTES_MAX];

	snprintf(z, sizeof(z), "%u", n);
	add_value(l, label, str_z(z));
}

static void begin(struct line *l)
{
	char now[CLOCK_RFC3339_BYTES];

	l->n = 0;
	clock_rfc3339(clock_unix_ms(), now);
	add_value(l, "time=", str_z(now));
}

static void end(struct line *l)
{
	l->p[l->n++] = '\n';
	/* There is nowhere to report that the log cannot be written. */
	if (write(STDERR_FILENO, l->p, l->n) < 0)
		return;
}

void log_request(const struct log_request *r)
{
	char ms[NUMBER_BYTES_MAX];
	struct line l;

	snprintf(ms, sizeof(ms), "%.2f", r->ms);
	begin(&l);
	add_value(&l, " id=", r->request_id);
	add_value(&l, " method=", str_z(r->method));
	add_value(&l, " route=/", str_z(r->group));
	add(&l, str_z(r->route), '!');
	add_number(&l, " status=", r->status);
	add_value(&l, " ms=", str_z(ms));
	add_number(&l, " sql=", r->statements);
	add_value(&l, " user=", str_z(r->user_id));
	if (r->client_request_id.n)
		add_value(&l, " client_id=", r->client_request_id);
	if (r->problem)
		add_value(&l, " problem=", str_z(r->problem));
	end(&l);
}

void log_event(const struct log_event *e)
{
	struct line l;

	begin(&l);
	add_value(&l, " id=", e->request_id);
	add_value(&l, " event=", str_z(e->event));
	add_value(&l, " result=", str_z(e->result));
	add_value(&l, " by=", str_z(e->by));
	add_value(&l, " user=", str_z(e->user_id));
	add_value(&l, " account=", e->account);
	add_value(&l, " from=", e->from);
	end(&l);
}

static void log_message(const char *level, struct str request_id, const char *fmt, va_list args)
{
	char message[LINE_BYTES_MAX];
	struct line l;

	message[0] = '\0';
	vsnprintf(message, sizeof(message), fmt, args);
	begin(&l);
	add_value(&l, " level=", str_z(level));
	add_value(&l, " id=", request_id);
	add_text(&l, STR(" "));
	add_text(&l, str_z(message));
	end(&l);
}

void log_error(struct str request_id, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_message("error", request_id, fmt, args);
	va_end(args);
}

void log_debug(struct str request_id, const char *fmt, ...)
{
	va_list args;

	va_start(args, fmt);
	log_message("debug", request_id, fmt, args);
	va_end(args);
}

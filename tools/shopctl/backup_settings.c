#include "tools/shopctl/backup.h"

#include <stdlib.h>
#include "core/config/config_read.h"

#define SECRET_LINE "# A secret, not in the backup: "

/* A value with quotes around it, if it needs them to be read as it is. */
static void add_value(struct buf *b, struct str value)
{
	char quote = str_find(value, '"') < value.n ? '\'' : '"';
	bool plain = value.n && str_find(value, '"') == value.n && str_find(value, '\'') == value.n &&
		     str_eq(value, str_trim(value));

	if (!plain)
		buf_addc(b, quote);
	buf_add(b, value);
	if (!plain)
		buf_addc(b, quote);
}

struct str backup_settings(struct shopctl *ctl)
{
	struct str values[SETTINGS_N];
	struct buf b = buf_new(ctl->arena, 4096, BACKUP_SETTINGS_BYTES_MAX);

	config_written(ctl->arena, ctl->config.env_file, getenv, values);
	for (size_t i = 0; i < SETTINGS_N; i++) {
		if (values[i].n == 0)
			continue;
		if (setting_is_secret(&settings[i])) {
			buf_printf(&b, SECRET_LINE "%s\n", settings[i].name);
			continue;
		}
		buf_printf(&b, "%s=", settings[i].name);
		add_value(&b, values[i]);
		buf_addc(&b, '\n');
	}
	return buf_str(&b);
}

/* Was a secret set there? */
static bool has_secret(struct str text, const char *name)
{
	while (text.n) {
		struct str line = str_cut(&text, '\n');

		if (str_has_prefix(line, STR(SECRET_LINE)) && str_is(str_sub(line, STR(SECRET_LINE).n, line.n), name))
			return true;
	}
	return false;
}

/* What counts: the value that is written, or else the default. */
static struct str effective(const struct setting *s, struct str value)
{
	return value.n ? value : str_z(s->standard);
}

/* A setting that differs. there.p == NULL: it is a secret, which was set there. */
struct difference {
	const char *name;
	bool is_secret;
	struct str there, here;
};

/* The next one from *i on. */
static bool next_difference(struct str text, const struct str there[SETTINGS_N], const struct str here[SETTINGS_N],
			    size_t *i, struct difference *d)
{
	for (; *i < SETTINGS_N; ++*i) {
		const struct setting *s = &settings[*i];
		bool secret = setting_is_secret(s);
		bool differs = secret ? has_secret(text, s->name) && here[*i].n == 0
				      : !str_eq(effective(s, there[*i]), effective(s, here[*i]));

		if (!differs)
			continue;
		*d = (struct difference){ s->name, secret, there[*i], secret ? STR_NULL : here[*i] };
		++*i;
		return true;
	}
	return false;
}

void backup_print_differences(struct shopctl *ctl, struct str text)
{
	struct str there[SETTINGS_N], here[SETTINGS_N];
	struct difference d;
	size_t i = 0;

	config_written_in(ctl->arena, text, there);
	config_written(ctl->arena, ctl->config.env_file, getenv, here);
	while (next_difference(text, there, here, &i, &d)) {
		d.there = for_terminal(ctl->arena, d.there);
		d.here = for_terminal(ctl->arena, d.here);
		if (d.is_secret)
			printf("setting %s: set in the old shop, not here; it is a secret and not in the backup\n",
			       d.name);
		else if (d.there.n == 0)
			printf("setting %s: not set in the old shop, here %.*s\n", d.name, STR_ARG(d.here));
		else if (d.here.n == 0)
			printf("setting %s: %.*s in the old shop, not set here\n", d.name, STR_ARG(d.there));
		else
			printf("setting %s: %.*s in the old shop, here %.*s\n", d.name, STR_ARG(d.there),
			       STR_ARG(d.here));
	}
}

static void put_or_null(struct json_out *o, const char *name, struct str value)
{
	json_key(o, name);
	if (value.n)
		json_str(o, value);
	else
		json_null(o);
}

void backup_put_differences(struct shopctl *ctl, struct json_out *o, struct str text)
{
	struct str there[SETTINGS_N], here[SETTINGS_N];
	struct difference d;
	size_t i = 0;

	config_written_in(ctl->arena, text, there);
	config_written(ctl->arena, ctl->config.env_file, getenv, here);
	json_put_open(o, "settings", '[');
	while (next_difference(text, there, here, &i, &d)) {
		json_open(o, '{');
		put_or_null(o, "here", d.here);
		json_put_strz(o, "name", d.name);
		json_put_bool(o, "secret", d.is_secret);
		put_or_null(o, "there", d.there);
		json_close(o, '}');
	}
	json_close(o, ']');
}

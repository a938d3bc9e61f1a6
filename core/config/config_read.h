/*
 * How the value of each setting is parsed: the part of core/config/config.h
 * that knows what a value may look like. Adding a setting: its line in
 * settings.def, its field in struct config, its lines in .env.example
 * (tests/contract/lists.bats compares the two) and, for a new kind of value,
 * read_<kind>() in config_read.c.
 */
#ifndef CGISHOP_CONFIG_CONFIG_READ_H
#define CGISHOP_CONFIG_CONFIG_READ_H

#include "core/base/arena.h"
#include "core/base/str.h"
#include "core/config/config.h"

/*
 * Read a value, which is not empty, into its field of struct config; text is
 * copied to the arena. Returns NULL, or an error message that follows the
 * setting's name. It never contains the value, which may be a secret.
 */
typedef const char *read_value(struct arena *a, struct str value, void *field);

/* Of LIMITS, config_limits.c. */
read_value read_limits;

struct setting {
	const char *name;
	size_t field; /* its offset in struct config */
	read_value *read;
	const char *standard; /* the default, "" for none */
};

/* In the order of settings.def. */
extern const struct setting settings[];

/* Must its value stay out of output, logs and backups? Its kind says so. */
bool setting_is_secret(const struct setting *s);

enum {
#define SETTING(name, field, kind, standard, doc) SETTING_##name,
#include "core/config/settings.def"
#undef SETTING
	SETTINGS_N
};

/* What is set in the file (config.env_file) and the environment, as it is written there; p == NULL: not set. */
void config_written(struct arena *a, const char *env_file, config_getenv *get, struct str values[SETTINGS_N]);
/* The same in a text. What cannot be read is left out. */
void config_written_in(struct arena *a, struct str text, struct str values[SETTINGS_N]);

#endif

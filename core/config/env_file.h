/*
 * The settings file: where it is and what its lines contain. config.c knows
 * what the settings mean.
 */
#ifndef CGISHOP_CONFIG_ENV_FILE_H
#define CGISHOP_CONFIG_ENV_FILE_H

#include "core/base/str.h"

struct arena;

enum env_line { ENV_END, ENV_SETTING, ENV_MALFORMED, ENV_OPEN_QUOTE };

/*
 * Cut lines off *text, up to and including the next one that is neither blank
 * nor a comment; counts them in *line. *name is set for ENV_SETTING and
 * ENV_OPEN_QUOTE, *value for ENV_SETTING.
 */
enum env_line env_next(struct str *text, unsigned *line, struct str *name, struct str *value);

/*
 * Read the file at path, or if that is NULL the nearest `.env` (near.h).
 * *path_out is the file, "" when none was found. NULL, or what is wrong with the
 * file.
 */
const char *env_read(struct arena *a, const char *path, struct str *text, const char **path_out);

#endif

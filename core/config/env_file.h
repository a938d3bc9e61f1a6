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

enum env_change { ENV_CHANGED, ENV_KEPT, ENV_FAILED };

/*
 * Give a setting of the file its value, unless it has one that is not empty: ENV_KEPT. With value.p == NULL remove it,
 * with all its lines; ENV_KEPT if there are none. Everything else stays as it is, as do the file's mode and owner; who
 * reads it meanwhile has the old file or the new one, and of two programs that change it at once neither loses its
 * change. ENV_FAILED with errno: ENOENT, EFBIG, EACCES if the directory cannot be written to.
 */
NODISCARD enum env_change env_set(struct arena *a, const char *path, const char *name, struct str value);

#endif

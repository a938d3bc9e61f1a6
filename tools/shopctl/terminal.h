/*
 * Asking for a password.
 */
#ifndef CGISHOP_SHOPCTL_TERMINAL_H
#define CGISHOP_SHOPCTL_TERMINAL_H

#include "core/base/str.h"

enum { TERMINAL_LINE_BYTES_MAX = 1024 };

enum terminal_result { TERMINAL_OK, TERMINAL_END, TERMINAL_TOO_LONG, TERMINAL_INTERRUPTED, TERMINAL_FAILED };

/* Is there somebody to ask? */
bool terminal_is_there(void);
/*
 * A line of standard input, without its end of line. On a terminal it is asked
 * for with prompt and not shown, and the terminal is as before afterwards,
 * whatever keys were pressed. END: there was nothing at all.
 */
NODISCARD enum terminal_result terminal_read_secret(const char *prompt, char line[TERMINAL_LINE_BYTES_MAX],
						    struct str *out);

#endif

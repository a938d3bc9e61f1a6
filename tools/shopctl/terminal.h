/*
 * The terminal: reading a password, and how far a command is.
 */
#ifndef CGISHOP_SHOPCTL_TERMINAL_H
#define CGISHOP_SHOPCTL_TERMINAL_H

#include "core/base/str.h"

enum { TERMINAL_LINE_BYTES_MAX = 1024 };

enum terminal_result { TERMINAL_OK, TERMINAL_END, TERMINAL_TOO_LONG, TERMINAL_INTERRUPTED, TERMINAL_FAILED };

/* Is standard input a terminal? */
bool terminal_is_there(void);
/*
 * A line of standard input, without its end of line. On a terminal it is
 * prompted for and not echoed, and the terminal is restored afterwards,
 * whatever keys were pressed. END: no input.
 */
NODISCARD enum terminal_result terminal_read_secret(const char *prompt, char line[TERMINAL_LINE_BYTES_MAX],
						    struct str *out);
/* On standard error, a bar: so much of all is done. It stays in its line until somebody ends that. */
void terminal_show_bar(int64_t done, int64_t all);

#endif

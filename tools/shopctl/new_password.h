/*
 * The new password of a member of staff or an admin: prompted for twice on a terminal, else the first line of standard
 * input.
 */
#ifndef CGISHOP_SHOPCTL_NEW_PASSWORD_H
#define CGISHOP_SHOPCTL_NEW_PASSWORD_H

#include "core/crypto/password.h"
#include "tools/shopctl/shopctl.h"

/*
 * What to store of it. It must keep the rules of a password changed over HTTP; email and name (NULL: not known) are its
 * owner's. EX_OK, or the exit code after an error was printed.
 */
NODISCARD int new_password(const struct shopctl *ctl, const char *email, const char *name,
			   char hash[PASSWORD_STORED_BYTES]);

#endif

/*
 * A few slots shared by all processes of this user on this machine, for work that takes much memory and time. A slot is
 * a locked byte of a file (F_OFD_SETLK): it is free again when its holder ends, however it ends.
 */
#ifndef CGISHOP_PROCESS_SLOT_H
#define CGISHOP_PROCESS_SLOT_H

#include "core/base/base.h"

struct arena;

/*
 * A file for slots of that purpose: one for each shop and user of this machine, in /tmp. Its name is derived from
 * SECRET_KEY and cannot be guessed, so no one creates it before us.
 */
const char *slot_path(struct arena *a, const char *secret_key, const char *purpose);

enum { SLOT_BUSY = -1, SLOT_FAILED = -2 };

/*
 * Take one of n slots of the file, which is created if missing; wait up to ms_max for one. Returns the slot, SLOT_BUSY,
 * or SLOT_FAILED with errno: the file cannot be created, or belongs to another user.
 */
NODISCARD int slot_acquire(const char *path, unsigned n, int ms_max);
void slot_release(int slot);

#endif

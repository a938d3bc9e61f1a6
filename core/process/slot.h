/*
 * A few places that all processes of this user on this machine share, for work that takes much memory and time. A place
 * is a byte of a file that is locked (F_OFD_SETLK): it is free again when its holder ends, however it ends.
 */
#ifndef CGISHOP_PROCESS_SLOT_H
#define CGISHOP_PROCESS_SLOT_H

#include "core/base/base.h"

enum { SLOT_BUSY = -1, SLOT_FAILED = -2 };

/*
 * Take one of n places of the file, which is made if it is not there; wait ms_max for one. Gives what slot_give_back
 * takes, SLOT_BUSY, or SLOT_FAILED with errno: the file cannot be made, or is somebody else's.
 */
NODISCARD int slot_take(const char *path, unsigned n, int ms_max);
void slot_give_back(int slot);

#endif

/*
 * Banned functions: a call does not compile. System headers may declare them;
 * they are included before this poisons the names.
 */
#ifndef CGISHOP_BASE_BANNED_H
#define CGISHOP_BASE_BANNED_H

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Fortified headers define some of them as macros, which clang does not poison. */
#undef sprintf
#undef vsprintf
#pragma GCC poison strcpy strcat sprintf vsprintf atoi atol atof gets strtok system popen

#endif

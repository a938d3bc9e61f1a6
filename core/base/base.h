/*
 * The few definitions that every other header uses. Nothing here allocates or
 * fails.
 */
#ifndef CGISHOP_BASE_BASE_H
#define CGISHOP_BASE_BASE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NODISCARD __attribute__((warn_unused_result))
#define PRINTF(fmt, va) __attribute__((format(printf, fmt, va)))
#define CLEANUP(fn) __attribute__((cleanup(fn)))
#define UNUSED __attribute__((unused))
#define ARRAY_LEN(a) (sizeof(a) / sizeof((a)[0]))

/* For every source file: the banned functions. */
#include "core/base/banned.h"

#endif

/*
 * Time: microseconds of the monotonic clock, and UTC for people.
 */
#ifndef CGISHOP_BASE_CLOCK_H
#define CGISHOP_BASE_CLOCK_H

#include "core/base/base.h"

int64_t clock_monotonic_us(void);
int64_t clock_unix_ms(void);
/* "2026-01-31T10:00:00.123Z" and a NUL. */
enum { CLOCK_RFC3339_BYTES = 25 };
void clock_rfc3339(int64_t unix_ms, char out[CLOCK_RFC3339_BYTES]);

#endif

/*
 * Text messages. The one sender so far writes them to the log, for tests.
 */
#ifndef CGISHOP_AUTH_SMS_H
#define CGISHOP_AUTH_SMS_H

#include "core/base/context.h"

/*
 * Hand a text to the sender that SMS_SENDER names. mobile is E.164.
 * PROBLEM_UNAVAILABLE when there is none, or it does not take it; whoever runs
 * the shop finds the reason in the log.
 */
NODISCARD enum problem sms_send(struct context *cx, struct str mobile, struct str text);

#endif

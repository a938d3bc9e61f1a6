/*
 * The handlers of meta that are in files of their own.
 */
#ifndef CGISHOP_META_HANDLERS_H
#define CGISHOP_META_HANDLERS_H

#include "core/context/context.h"
#include "core/http/shape.h"

enum problem meta_cron(struct context *cx);    /* cron.c */
enum problem meta_metrics(struct context *cx); /* metrics.c */
extern const struct shape cron_shape;

#endif

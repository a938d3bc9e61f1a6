/* What the answers of auth are made of, as user_json() and me_export() in SQL and the handlers write them. */
#ifndef CGISHOP_AUTH_SHAPES_H
#define CGISHOP_AUTH_SHAPES_H

#include "core/http/shape.h"

extern const struct shape session_shape;     /* of a sign-in */
extern const struct shape code_sent_shape;   /* of request-otp */
extern const struct shape me_shape;          /* the calling user */
extern const struct shape me_changed_shape;  /* the same with the code that was sent, if one was */
extern const struct shape me_exported_shape; /* all data stored about a user */

#endif

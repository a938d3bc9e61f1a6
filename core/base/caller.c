#include "core/base/caller.h"

static const char *const role_names[] = {
	[NOBODY] = "nobody",
#define ROLE(name, text, doc) [name] = text,
#include "core/base/roles.def"
#undef ROLE
};

const char *role_name(enum role r)
{
	return role_names[r];
}

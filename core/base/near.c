#include "core/base/near.h"

#include <unistd.h>
#include "core/base/limits.h"

void near_begin(struct near *near)
{
	ssize_t n = readlink("/proc/self/exe", near->executable, sizeof(near->executable));

	near->directory = (struct str){ near->executable, n > 0 ? (size_t)n : 0 };
	near->steps = 0;
}

bool near_next(struct near *near)
{
	struct str *directory = &near->directory;

	if (directory->n == 0 || near->steps++ > ENV_PARENTS_MAX)
		return false;
	do
		directory->n--;
	while (directory->n && directory->p[directory->n] != '/');
	return true;
}

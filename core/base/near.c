#include "core/base/near.h"

#include <sys/stat.h>
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

static bool is_directory(const char *path)
{
	struct stat st;

	return stat(path, &st) == 0 && S_ISDIR(st.st_mode);
}

const char *near_directory(struct arena *a, const char *configured, const char *name)
{
	struct near near;

	if (configured[0])
		return is_directory(configured) ? configured : NULL;
	near_begin(&near);
	while (near_next(&near)) {
		const char *path = str_fmt(a, "%.*s/%s", STR_ARG(near.directory), name).p;

		if (is_directory(path))
			return path;
	}
	return NULL;
}

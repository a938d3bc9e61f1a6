#include "core/config/similar.h"

#include "core/config/config_read.h"

enum { NAME_BYTES_MAX = 64, SHORT_NAME = 8, FAR = 3 };

static unsigned least(unsigned x, unsigned y, unsigned z)
{
	unsigned smaller = x < y ? x : y;

	return smaller < z ? smaller : z;
}

static char upper(char c)
{
	return c >= 'a' && c <= 'z' ? (char)(c - 'a' + 'A') : c;
}

/*
 * How many letters are inserted, removed, replaced or swapped with their neighbour to make one name of the other, with
 * each letter touched once at most ("optimal string alignment").
 */
static unsigned distance(struct str x, struct str y)
{
	unsigned rows[3][NAME_BYTES_MAX + 1] = { 0 };

	for (size_t j = 0; j <= y.n; j++)
		rows[0][j] = (unsigned)j;
	for (size_t i = 1; i <= x.n; i++) {
		unsigned *now = rows[i % 3], *before = rows[(i + 2) % 3], *earlier = rows[(i + 1) % 3];

		now[0] = (unsigned)i;
		for (size_t j = 1; j <= y.n; j++) {
			bool same = upper(x.p[i - 1]) == y.p[j - 1];

			now[j] = least(before[j] + 1, now[j - 1] + 1, before[j - 1] + !same);
			if (i > 1 && j > 1 && upper(x.p[i - 1]) == y.p[j - 2] && upper(x.p[i - 2]) == y.p[j - 1] &&
			    earlier[j - 2] + 1 < now[j])
				now[j] = earlier[j - 2] + 1;
		}
	}
	return rows[x.n % 3][y.n];
}

const char *setting_similar(struct str name)
{
	unsigned nearest = name.n < SHORT_NAME ? FAR - 1 : FAR;
	const char *found = NULL;

	if (name.n == 0 || name.n > NAME_BYTES_MAX)
		return NULL;
	for (size_t i = 0; i < SETTINGS_N; i++) {
		struct str known = str_z(settings[i].name);
		unsigned d = known.n > NAME_BYTES_MAX ? FAR : distance(name, known);

		if (d < nearest) {
			nearest = d;
			found = settings[i].name;
		}
	}
	return found;
}

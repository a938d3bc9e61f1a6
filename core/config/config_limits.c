/* LIMITS: limits on attempts, as they are set. */
#include "core/config/config_read.h"

enum { LIMIT_COUNT_MAX = 1000 * 1000, LIMIT_SECONDS_MAX = 31 * 24 * 60 * 60 };

static const struct {
	const char *name;
	struct limit_value value;
} limits[LIMITS_N] = {
#define RATE_LIMIT(id, name, rule, per, scope, count, seconds, doc) { name, { count, seconds } },
#include "core/config/rate_limits.def"
#undef RATE_LIMIT
};

/* One limit, name=count/seconds. NULL, or what is wrong. */
static const char *read_limit(struct arena *a, struct str item, struct limit_value *values)
{
	struct str rest = item, name = str_trim(str_cut(&rest, '=')), count = str_trim(str_cut(&rest, '/'));
	int64_t count_max, window_s;
	size_t i = 0;

	while (i < LIMITS_N && !str_is(name, limits[i].name))
		i++;
	if (i == LIMITS_N)
		return str_fmt(a, "has no limit \"%.*s\"; .env.example lists them", STR_ARG(str_sub(name, 0, 40))).p;
	if (!str_to_int(count, &count_max) || !str_to_int(str_trim(rest), &window_s) || count_max < 1 ||
	    count_max > LIMIT_COUNT_MAX || window_s < 1 || window_s > LIMIT_SECONDS_MAX)
		return str_fmt(a,
			       "has a bad value for %s: it is name=count/seconds, count up to 1000000, seconds up to "
			       "2678400",
			       limits[i].name)
			.p;
	values[i] = (struct limit_value){ .count_max = (unsigned)count_max, .window_s = (unsigned)window_s };
	return NULL;
}

/* Limits that are not named keep their defaults. */
const char *read_limits(struct arena *a, struct str value, void *field)
{
	struct limit_value *values = field;
	const char *wrong = NULL;

	for (size_t i = 0; i < LIMITS_N; i++)
		values[i] = limits[i].value;
	while (value.p && !wrong)
		wrong = read_limit(a, str_trim(str_cut(&value, ',')), values);
	return wrong;
}

#include "core/db/db_url.h"

#include <libpq-fe.h>
#include "core/base/lookup.h"
#include "core/config/address.h"

static void free_options(PQconninfoOption **options)
{
	PQconninfoFree(*options);
}

static const char *option_value(const PQconninfoOption *options, const char *keyword)
{
	for (; options && options->keyword; options++)
		if (str_is(str_z(options->keyword), keyword))
			return options->val;
	return NULL;
}

/* Of a list of hosts, any. A path, or "@" and a name, is a socket. */
static bool has_remote(const char *hosts)
{
	struct str rest = str_z(hosts);

	while (rest.p) {
		struct str host = str_cut(&rest, ',');

		if (host.n && host.p[0] != '/' && host.p[0] != '@' && !address_is_this_machine(host))
			return true;
	}
	return false;
}

bool db_url_read(struct arena *a, const char *url, struct db_url *out)
{
	lookup_without_modules(); /* the default user is the account's name */
	CLEANUP(free_options) PQconninfoOption *given = PQconninfoParse(url, NULL);
	CLEANUP(free_options) PQconninfoOption *defaults = PQconndefaults();

	*out = (struct db_url){ .role = STR(""), .sslmode = STR("") };
	if (!given)
		return false;
	const char *user = option_value(given, "user"), *address = option_value(given, "hostaddr");
	const char *host = address ? address : option_value(given, "host");
	const char *sslmode = option_value(given, "sslmode");

	if (!user)
		user = option_value(defaults, "user");
	if (!host)
		host = option_value(defaults, "host");
	if (user)
		out->role = str_copy(a, str_z(user));
	if (sslmode)
		out->sslmode = str_copy(a, str_z(sslmode));
	out->is_remote = host && has_remote(host);
	return true;
}

struct str db_url_role(struct arena *a, const char *url)
{
	struct db_url parts;

	return db_url_read(a, url, &parts) ? parts.role : STR("");
}

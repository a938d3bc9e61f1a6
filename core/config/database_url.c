#include "core/config/database_url.h"

#include "core/base/ascii.h"

enum { PORT_MAX = 65535 };

static bool is_hex(char c)
{
	return ascii_is_digit(c) || (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
}

static bool is_encoded(struct str s)
{
	for (size_t i = 0; i < s.n; i++)
		if (s.p[i] == '%' && (i + 2 >= s.n || !is_hex(s.p[i + 1]) || !is_hex(s.p[i + 2]) ||
				      (s.p[i + 1] == '0' && s.p[i + 2] == '0')))
			return false;
	return true;
}

/* "5432" of "db.example:5432" and "[::1]:5432"; also of hosts separated by commas. */
static bool has_wrong_port(struct str hosts)
{
	while (hosts.p) {
		struct str host = str_cut(&hosts, ',');
		size_t end = host.n && host.p[0] == '[' ? str_find(host, ']') : 0;
		struct str port = str_sub(host, end + str_find(str_sub(host, end, host.n), ':'), host.n);
		int64_t number;

		if (port.n > 1 && (!str_to_int(str_sub(port, 1, port.n), &number) || number < 1 || number > PORT_MAX))
			return true;
	}
	return false;
}

const char *database_url_fault(struct str url)
{
	struct str rest = str_has_prefix(url, STR("postgres://"))     ? str_sub(url, 11, url.n)
			  : str_has_prefix(url, STR("postgresql://")) ? str_sub(url, 13, url.n)
								      : STR_NULL;
	struct str path = rest, place = str_cut(&path, '/'), query = place, hosts;

	if (!rest.p)
		return "is not an address of the form postgresql://user:password@host/database";
	if (!is_encoded(rest))
		return "has a % that begins no %XX: write a % of the password as %25";
	/* libpq ends the password at the first @, if it comes before the first /, whatever follows. */
	if (str_find(place, '@') == place.n && str_find(place, ':') < place.n &&
	    str_find(path, '@') < str_find(path, '?'))
		return "has a / in the password: write it as %2F";
	hosts = str_sub(place, str_find(place, '@') + 1, place.n);
	if (str_find(place, '@') == place.n)
		hosts = place;
	if (str_find(hosts, '@') < hosts.n)
		return "has an @ in the password: write it as %40";
	query = hosts;
	if (has_wrong_port(str_cut(&query, '?')))
		return "has a port that is no number from 1 to 65535; a : or / in the password is written as %3A or "
		       "%2F";
	return NULL;
}

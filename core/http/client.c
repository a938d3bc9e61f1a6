/* The address of the client, behind the shop's own proxies. */
#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/config/address.h"
#include "core/http/request.h"
#include "core/http/transport.h"

/* Remove the last element of a comma-separated list and return it. */
static struct str cut_last(struct str *list)
{
	size_t at = list->n;
	struct str last;

	while (at > 0 && list->p[at - 1] != ',')
		at--;
	last = str_trim(str_sub(*list, at, list->n));
	*list = at ? str_sub(*list, 0, at - 1) : STR_NULL;
	return last;
}

/* The CGI variable of a header (RFC 3875, 4.1.18). */
static const char *variable_of(struct arena *a, const char *header)
{
	char *name = str_to_z(a, str_fmt(a, "HTTP_%s", header));

	for (char *c = name; *c; c++)
		*c = *c == '-' ? '_' : (char)(ascii_is_lower(*c) ? *c - 'a' + 'A' : *c);
	return name;
}

void request_set_client(struct transport *t, struct arena *a, const char *proxies, const char *header,
			struct request *r)
{
	struct address client, before;
	struct str list;

	if (!address_parse(r->client_address, &client))
		return;
	list = address_is_in(&client, str_z(proxies)) ? transport_header(t, a, variable_of(a, header)) : STR_NULL;
	/* Each proxy appends its peer's address. What the client itself sent proves nothing. */
	while (list.p && address_is_in(&client, str_z(proxies))) {
		if (!address_parse(cut_last(&list), &before))
			break;
		client = before;
	}
	r->client_address = address_text(a, &client);
}

/* The address of the client, behind the shop's own proxies. */
#include "core/base/arena.h"
#include "core/config/address.h"
#include "core/http/request.h"

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

void request_set_client(struct request *r, struct arena *a, const char *proxies)
{
	struct str list = r->forwarded_for;
	struct address client, before;

	if (!address_parse(r->client_address, &client))
		return;
	/* Each proxy appends its peer's address. What the client itself sent proves nothing. */
	while (list.p && address_is_in(&client, str_z(proxies))) {
		if (!address_parse(cut_last(&list), &before))
			break;
		client = before;
	}
	r->client_address = address_text(a, &client);
}

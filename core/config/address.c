#include "core/config/address.h"

#include <arpa/inet.h>

enum { ADDRESS_BITS = 128, MAPPED_BITS = 96, PORT_DIGITS_MAX = 5 };

static const uint8_t mapped[MAPPED_BITS / 8] = { [10] = 0xff, [11] = 0xff };

static bool parse_host(struct str s, struct address *out)
{
	char text[INET6_ADDRSTRLEN];

	if (s.n == 0 || s.n >= sizeof(text))
		return false;
	memcpy(text, s.p, s.n);
	text[s.n] = '\0';
	if (inet_pton(AF_INET6, text, out->bytes) == 1)
		return true;
	memcpy(out->bytes, mapped, sizeof(mapped));
	return inet_pton(AF_INET, text, out->bytes + sizeof(mapped)) == 1;
}

static bool is_mapped(const struct address *address)
{
	return memcmp(address->bytes, mapped, sizeof(mapped)) == 0;
}

/* ":443", or nothing. */
static bool is_port(struct str s)
{
	if (s.n == 0)
		return true;
	if (s.p[0] != ':' || s.n < 2 || s.n > 1 + PORT_DIGITS_MAX)
		return false;
	for (size_t i = 1; i < s.n; i++)
		if (s.p[i] < '0' || s.p[i] > '9')
			return false;
	return true;
}

bool address_parse(struct str s, struct address *out)
{
	size_t end;

	if (s.n && s.p[0] == '[') {
		end = str_find(s, ']');
		return end < s.n && is_port(str_sub(s, end + 1, s.n)) && parse_host(str_sub(s, 1, end - 1), out) &&
		       str_find(str_sub(s, 1, end - 1), ':') < end - 1;
	}
	if (parse_host(s, out))
		return true;
	end = str_find(s, ':');
	return end < s.n && is_port(str_sub(s, end, s.n)) && parse_host(str_sub(s, 0, end), out) && is_mapped(out);
}

struct str address_text(struct arena *a, const struct address *address)
{
	char text[INET6_ADDRSTRLEN];

	if (is_mapped(address))
		inet_ntop(AF_INET, address->bytes + MAPPED_BITS / 8, text, sizeof(text));
	else
		inet_ntop(AF_INET6, address->bytes, text, sizeof(text));
	return str_copy(a, str_z(text));
}

/* "10.0.0.0/8": its first address and the length of its prefix. */
static bool parse_network(struct str s, struct address *first, int64_t *bits)
{
	struct str rest = s, host = str_cut(&rest, '/');
	int64_t most;

	if (!parse_host(host, first))
		return false;
	most = str_find(host, ':') < host.n ? ADDRESS_BITS : ADDRESS_BITS - MAPPED_BITS;
	*bits = most;
	if (rest.p && (!str_to_int(rest, bits) || *bits < 0 || *bits > most))
		return false;
	*bits += ADDRESS_BITS - most;
	return true;
}

static bool begins_alike(const struct address *x, const struct address *y, size_t bits)
{
	size_t whole = bits / 8;
	uint8_t rest = (uint8_t)(0xff00 >> bits % 8);

	return memcmp(x->bytes, y->bytes, whole) == 0 &&
	       (bits % 8 == 0 || ((x->bytes[whole] ^ y->bytes[whole]) & rest) == 0);
}

bool address_is_in(const struct address *address, struct str networks)
{
	while (networks.p) {
		struct str network = str_trim(str_cut(&networks, ','));
		struct address first;
		int64_t bits;

		if (parse_network(network, &first, &bits) && begins_alike(address, &first, (size_t)bits))
			return true;
	}
	return false;
}

bool address_is_this_machine(struct str host)
{
	struct address address;

	return str_is(host, "localhost") ||
	       (address_parse(host, &address) && address_is_in(&address, STR("127.0.0.0/8,::1")));
}

bool address_networks_are_valid(struct str networks)
{
	while (networks.p) {
		struct address first;
		int64_t bits;

		if (!parse_network(str_trim(str_cut(&networks, ',')), &first, &bits))
			return false;
	}
	return true;
}

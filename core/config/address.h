/*
 * Addresses of machines on the network, IPv4 and IPv6.
 */
#ifndef CGISHOP_CONFIG_ADDRESS_H
#define CGISHOP_CONFIG_ADDRESS_H

#include "core/base/str.h"

struct arena;

/* IPv6; one of IPv4 is mapped into it (RFC 4291, 2.5.5.2), so that both its spellings are the same address. */
struct address {
	uint8_t bytes[16];
};

/*
 * An address as servers and proxies write it, some of which add the client's port: 192.0.2.1, 192.0.2.1:5678,
 * 2001:db8::1, [2001:db8::1], [2001:db8::1]:443. A name is none.
 */
NODISCARD bool address_parse(struct str s, struct address *out);
/* The address alone, in the form of RFC 5952. */
struct str address_text(struct arena *a, const struct address *address);

/*
 * Networks with commas between: 127.0.0.1, 10.0.0.0/8, 2001:db8::/32. What is no network has no address in it.
 */
bool address_is_in(const struct address *address, struct str networks);
bool address_networks_are_valid(struct str networks);

#endif

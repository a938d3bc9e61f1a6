/*
 * Addresses of machines on the network, IPv4 and IPv6.
 */
#ifndef CGISHOP_CONFIG_ADDRESS_H
#define CGISHOP_CONFIG_ADDRESS_H

#include "core/base/str.h"

struct arena;

/* IPv6; an IPv4 address is mapped (RFC 4291, 2.5.5.2), so that both spellings are the same address. */
struct address {
	uint8_t bytes[16];
};

/*
 * An address as servers and proxies write it, some of which add the client's port: 192.0.2.1, 192.0.2.1:5678,
 * 2001:db8::1, [2001:db8::1], [2001:db8::1]:443. Names are refused.
 */
NODISCARD bool address_parse(struct str s, struct address *out);
/* The address without a port, in the form of RFC 5952. */
struct str address_text(struct arena *a, const struct address *address);

/*
 * A list of networks: 127.0.0.1, 10.0.0.0/8, 2001:db8::/32. An invalid network contains no address.
 */
bool address_is_in(const struct address *address, struct str networks);
/* localhost, or an address of the loopback device. */
bool address_is_this_machine(struct str host);
bool address_networks_are_valid(struct str networks);

#endif

/*
 * Names of hosts and accounts in programs that the host's loader did not start: static ones, and helpers that bring
 * their libraries. The modules that /etc/nsswitch.conf may name (nss-resolve, sss, mdns, …) are libraries of the host's
 * own glibc, and loading one beside another glibc may end the process.
 */
#ifndef CGISHOP_BASE_LOOKUP_H
#define CGISHOP_BASE_LOOKUP_H

/* Look names up in /etc/hosts and DNS, accounts in /etc/passwd, and nowhere else; nothing in other programs. */
void lookup_without_modules(void);

#endif

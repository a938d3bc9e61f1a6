/*
 * What Debian's static libpq leaves open: it was configured with Kerberos and
 * LDAP, for which there are no static libraries. A program that is linked
 * statically gets these instead; they fail the way the real ones fail without
 * credentials or a directory server. gssencmode=disable (db_connect.c) keeps
 * libpq from calling the first group at all, and nothing calls the second
 * without a service file that names a directory server.
 *
 * tests/contract/stubs.bats checks that this is exactly the set that libpq needs.
 */
#include "core/base/base.h"

enum { GSS_S_FAILURE_CODE = 13 << 16, LDAP_UNAVAILABLE_CODE = 0x34 };

extern void *GSS_C_NT_HOSTBASED_SERVICE;
void *GSS_C_NT_HOSTBASED_SERVICE = NULL;

/* Their true prototypes do not matter to a function that looks at no argument. */
#define STUB(name, type, value) \
	type name(void);        \
	type name(void)         \
	{                       \
		return value;   \
	}

STUB(gss_acquire_cred, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_delete_sec_context, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_display_status, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_import_name, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_init_sec_context, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_release_buffer, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_release_cred, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_release_name, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_unwrap, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_wrap, unsigned, GSS_S_FAILURE_CODE)
STUB(gss_wrap_size_limit, unsigned, GSS_S_FAILURE_CODE)

STUB(ldap_count_entries, int, 0)
STUB(ldap_err2string, const char *, "LDAP is not built in")
STUB(ldap_first_entry, void *, NULL)
STUB(ldap_get_values_len, void *, NULL)
STUB(ldap_init, void *, NULL)
STUB(ldap_msgfree, int, 0)
STUB(ldap_result, int, -1)
STUB(ldap_search_st, int, LDAP_UNAVAILABLE_CODE)
STUB(ldap_set_option, int, LDAP_UNAVAILABLE_CODE)
STUB(ldap_simple_bind, int, -1)
STUB(ldap_unbind, int, LDAP_UNAVAILABLE_CODE)
STUB(ldap_value_free_len, int, 0)

#include "tools/fetch/certificates.h"

#include <curl/curl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/near.h"

static bool is_usable(const char *path)
{
	struct stat st;

	return path && stat(path, &st) == 0 && S_ISREG(st.st_mode) && st.st_size > 0 && access(path, R_OK) == 0;
}

const char *certificates_find(struct arena *a)
{
	const curl_version_info_data *curl = curl_version_info(CURLVERSION_NOW);
	const char *const places[] = {
		curl->cainfo,                                        /* as libcurl was built */
		"/etc/ssl/certs/ca-certificates.crt",                /* Debian, Arch, Gentoo, Alpine */
		"/etc/pki/tls/certs/ca-bundle.crt",                  /* Red Hat, Fedora */
		"/etc/pki/ca-trust/extracted/pem/tls-ca-bundle.pem", /* the same, newer */
		"/etc/ssl/ca-bundle.pem",                            /* SUSE */
		"/etc/ssl/cert.pem",                                 /* Alpine; FreeBSD */
		"/usr/local/share/certs/ca-root-nss.crt",            /* FreeBSD's ports */
	};
	struct near near;

	for (size_t i = 0; i < ARRAY_LEN(places); i++)
		if (is_usable(places[i]))
			return places[i];
	/* Of the archive, in lib: the executable is the loader there or, to ourselves without /proc,
	 * lib/programs/fetch. */
	near_begin(&near);
	for (int step = 0; step < 2 && near_next(&near); step++) {
		const char *brought = str_fmt(a, "%.*s/ca-certificates.crt", STR_ARG(near.directory)).p;

		if (is_usable(brought))
			return brought;
	}
	return curl->capath && access(curl->capath, R_OK | X_OK) == 0 && !curl->cainfo ? "" : NULL;
}

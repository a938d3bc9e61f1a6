#include "tools/fetch/picture.h"

#include <netinet/in.h>
#include "core/base/arena.h"
#include "core/base/ascii.h"
#include "core/base/json_out.h"
#include "tools/fetch/request.h"

enum { REDIRECTS_MAX = 5, HTTP_PORT = 80, HTTPS_PORT = 443, TYPE_CHARS_MAX = 100, ANSWERED_OK = 200 };

/* --- addresses */

/* The first `bits` of an IPv4 address. */
struct network {
	uint32_t address;
	unsigned bits;
};

#define V4(a, b, c, d) ((uint32_t)(a) << 24 | (b) << 16 | (c) << 8 | (d))

static const struct network special[] = {
	{ V4(0, 0, 0, 0), 8 },       /* this network */
	{ V4(10, 0, 0, 0), 8 },      /* private */
	{ V4(100, 64, 0, 0), 10 },   /* of carriers */
	{ V4(127, 0, 0, 0), 8 },     /* this machine */
	{ V4(169, 254, 0, 0), 16 },  /* this link, and what clouds tell their machines */
	{ V4(172, 16, 0, 0), 12 },   /* private */
	{ V4(192, 0, 0, 0), 24 },    /* of protocols */
	{ V4(192, 0, 2, 0), 24 },    /* of documents */
	{ V4(192, 88, 99, 0), 24 },  /* former relays to IPv6 */
	{ V4(192, 168, 0, 0), 16 },  /* private */
	{ V4(198, 18, 0, 0), 15 },   /* of benchmarks */
	{ V4(198, 51, 100, 0), 24 }, /* of documents */
	{ V4(203, 0, 113, 0), 24 },  /* of documents */
	{ V4(224, 0, 0, 0), 3 },     /* multicast, reserved, broadcast */
};

static uint32_t big32(const uint8_t *p)
{
	return V4(p[0], p[1], p[2], p[3]);
}

static bool is_public_v4(uint32_t address)
{
	for (size_t i = 0; i < ARRAY_LEN(special); i++)
		if ((address ^ special[i].address) >> (32 - special[i].bits) == 0)
			return false;
	return true;
}

static bool is_public_v6(const uint8_t *p)
{
	uint32_t first = big32(p);

	/* 64:ff9b::/96, a translator's: RFC 6052. */
	if (first == 0x0064ff9b && !big32(p + 4) && !big32(p + 8))
		return is_public_v4(big32(p + 12));
	return first >> 29 == 1 &&       /* 2000::/3 is all that has been given out */
	       first >> 9 != 0x100080 && /* 2001::/23, of protocols */
	       first != 0x20010db8 &&    /* of documents */
	       first >> 16 != 0x2002 &&  /* an IPv4 address within: RFC 3056 */
	       first >> 12 != 0x3fff0;   /* of documents */
}

bool picture_is_public(const struct sockaddr *address)
{
	const struct sockaddr_in *four = (const void *)address;
	const struct sockaddr_in6 *six = (const void *)address;
	in_port_t port;

	if (address->sa_family != AF_INET && address->sa_family != AF_INET6)
		return false;
	port = ntohs(address->sa_family == AF_INET ? four->sin_port : six->sin6_port);
	if (port != HTTP_PORT && port != HTTPS_PORT)
		return false;
	return address->sa_family == AF_INET ? is_public_v4(ntohl(four->sin_addr.s_addr))
					     : is_public_v6(six->sin6_addr.s6_addr);
}

/* --- the transfer */

/*
 * A shop redirects to its CDN; one that uses TLS not to one that does not. A connection to what is allowed to be
 * private is not used again: the next one is checked as any other.
 */
bool picture_prepare(CURL *curl, const struct fetch_request *r)
{
	const char *redirected = str_has_prefix(str_z(r->url), STR("https:")) ? "https" : "http,https";

	return !curl_easy_setopt(curl, CURLOPT_FOLLOWLOCATION, 1L) &&
	       !curl_easy_setopt(curl, CURLOPT_FORBID_REUSE, r->is_private ? 1L : 0L) &&
	       !curl_easy_setopt(curl, CURLOPT_MAXREDIRS, (long)REDIRECTS_MAX) &&
	       !curl_easy_setopt(curl, CURLOPT_REDIR_PROTOCOLS_STR, redirected) &&
	       !curl_easy_setopt(curl, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L) &&
	       !curl_easy_setopt(curl, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)r->answer_bytes_max);
}

bool picture_is_redirected(CURL *curl)
{
	long n = 0;

	return curl_easy_getinfo(curl, CURLINFO_REDIRECT_COUNT, &n) != CURLE_OK || n > 0;
}

static long status_of(CURL *curl)
{
	long status = 0;

	curl_easy_getinfo(curl, CURLINFO_RESPONSE_CODE, &status);
	return status;
}

/* The type without its parameters; "" for none. */
static struct str type_of(CURL *curl)
{
	char *type = NULL;
	struct str rest;

	curl_easy_getinfo(curl, CURLINFO_CONTENT_TYPE, &type);
	rest = str_z(type ? type : "");
	return str_trim(str_cut(&rest, ';'));
}

/* Stores of objects have no type for what was put there without one: the bytes decide. */
static bool is_type(struct str type)
{
	return !type.n || str_eq_nocase(str_sub(type, 0, 6), STR("image/")) ||
	       str_eq_nocase(type, STR("application/octet-stream")) || str_eq_nocase(type, STR("binary/octet-stream"));
}

bool picture_is_announced(CURL *curl)
{
	return status_of(curl) == ANSWERED_OK && is_type(type_of(curl));
}

/* --- the answer */

/* As much of the type as may be shown. */
static struct str shown_type(CURL *curl)
{
	struct str type = str_sub(type_of(curl), 0, TYPE_CHARS_MAX);
	size_t n = 0;

	while (n < type.n && (ascii_is_alnum(type.p[n]) || strchr("/+.-", type.p[n])))
		n++;
	return str_sub(type, 0, n);
}

/* NULL: it is a picture, as far as the server says. */
static const char *what_is_wrong(struct arena *a, CURL *curl, CURLcode code, const struct buf *bytes, bool refused)
{
	if (refused)
		return "its address is not a public one, with the port 80 or 443";
	if (bytes->overflow || code == CURLE_FILESIZE_EXCEEDED)
		return "it is too large";
	if (code != CURLE_OK && code != CURLE_WRITE_ERROR)
		return curl_easy_strerror(code);
	if (status_of(curl) != ANSWERED_OK)
		return str_fmt(a, "the server responds with the status %ld", status_of(curl)).p;
	if (!is_type(type_of(curl)))
		return str_fmt(a, "the server says that it is no picture: %.*s", STR_ARG(shown_type(curl))).p;
	return bytes->n ? NULL : "it is empty";
}

struct str picture_answer(struct arena *a, CURL *curl, CURLcode code, const struct buf *bytes, bool strayed)
{
	bool refused = strayed && code == CURLE_COULDNT_CONNECT;
	const char *wrong = what_is_wrong(a, curl, code, bytes, refused);
	bool is_whole = code == CURLE_OK || code == CURLE_WRITE_ERROR || code == CURLE_FILESIZE_EXCEEDED;
	struct buf b = buf_new(a, bytes->n + 512, SIZE_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_bool(&o, "allowed", !refused);
	json_put_int(&o, "status", is_whole ? status_of(curl) : 0);
	json_put_strz(&o, "error", wrong ? wrong : "");
	json_close(&o, '}');
	buf_addc(&b, '\n');
	if (!wrong)
		buf_add(&b, buf_str(bytes));
	return buf_str(&b);
}

/*
 * REQUEST_URI, SCRIPT_NAME and PATH_INFO, one a line: whatever they are, links
 * begin as a path of this host.
 */
#include "core/base/arena.h"
#include "core/base/text.h"
#include "core/http/request.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct str rest = { (const char *)data, n };
	struct str uri = str_cut(&rest, '\n'), script = str_cut(&rest, '\n'), path_info = rest, url;
	struct request r = { 0 };
	struct arena a;

	arena_init(&a, ARENA_BYTES_MAX);
	request_parse_address(&a, uri, script, path_info, &r);
	must(r.base.n && r.base.p[0] == '/' && !str_has_prefix(r.base, STR("//")));
	must(r.base.p[r.base.n - 1] == '/' && str_find(r.group, '/') == r.group.n);
	url = request_url(&r, &a, "https://shop.example", STR(""), STR(""));
	must(str_has_prefix(url, STR("https://shop.example/")) && text_is_printable(url, ONE_LINE));
	must(str_find(url, '\\') == url.n && str_find(url, '"') == url.n && str_find(url, '>') == url.n);
	must(str_find(url, '?') == url.n && str_find(url, '#') == url.n);
	must(request_media(&r, &a).p[0] == '/');
	arena_free(&a);
	return 0;
}

/*
 * Send many requests at once, and print the answers.
 *
 *	send_together [-n requests] url <requests >answers
 *
 *	-n requests	that are under way at a time (all of them)
 *
 * A request is a line of JSON, {"method":"POST","path":"/orders","headers":{},
 * "body":{}}, of which only the path is needed: without a method it is a POST
 * when it has a body, else a GET. The path is put behind the url. A request that
 * is not the first of its connection is sent on one that is open already.
 *
 * An answer is a line too, in the order of the requests: {"status":201,"ms":12,
 * "headers":{},"body":{}}, the names of the headers in lower case, the body as
 * text when it is not JSON; {"status":0,"error":"…"} when there was no answer.
 *
 * Ends with 0 when all requests were sent, whatever was answered; 1 when a
 * request cannot be read or sent, 2 for wrong usage.
 */
#include "core/base/banned.h"

#include <ctype.h>
#include <curl/curl.h>
#include <json-c/json.h>
#include <stdbool.h>
#include <unistd.h>

enum { REQUESTS_MAX = 20000, ANSWER_BYTES_MAX = 16 * 1024 * 1024, ANSWER_S_MAX = 60 };

struct exchange {
	char *line; /* the request; NULL when it is done with */
	CURL *curl;
	struct curl_slist *headers;
	struct json_object *request;
	struct json_object *answer;
	char *body;
	size_t body_n;
	char why[CURL_ERROR_SIZE];
};

static _Noreturn void usage(void)
{
	fputs("usage: send_together [-n requests] url <requests >answers\n", stderr);
	exit(2);
}

static _Noreturn void fail(size_t line, const char *what)
{
	fprintf(stderr, "send_together: request %zu: %s\n", line + 1, what);
	exit(1);
}

static void *must(void *p)
{
	if (!p) {
		fputs("send_together: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

static const char *text_of(struct json_object *from, const char *name)
{
	struct json_object *value;

	return json_object_object_get_ex(from, name, &value) ? json_object_get_string(value) : NULL;
}

/* --- one request */

static size_t keep_body(char *data, size_t size, size_t n, void *arg)
{
	struct exchange *x = arg;

	if (size * n > ANSWER_BYTES_MAX - x->body_n)
		return 0;
	x->body = must(realloc(x->body, x->body_n + size * n + 1));
	memcpy(x->body + x->body_n, data, size * n);
	x->body_n += size * n;
	x->body[x->body_n] = '\0';
	return size * n;
}

static void add_header(struct exchange *x, const char *name, const char *value)
{
	char line[8192];

	/* curl leaves out a header without a value unless it ends with a semicolon. */
	snprintf(line, sizeof(line), *value ? "%s: %s" : "%s;%s", name, value);
	x->headers = must(curl_slist_append(x->headers, line));
}

static void set_headers(struct exchange *x)
{
	struct json_object *request;

	if (json_object_object_get_ex(x->request, "headers", &request)) {
		json_object_object_foreach(request, name, value)
		{
			add_header(x, name, json_object_get_string(value));
		}
	}
	curl_easy_setopt(x->curl, CURLOPT_HTTPHEADER, x->headers);
}

static void set_body(struct exchange *x, bool posts)
{
	struct json_object *body;
	const char *text = "";

	if (json_object_object_get_ex(x->request, "body", &body)) {
		text = json_object_to_json_string_ext(body, JSON_C_TO_STRING_PLAIN);
		add_header(x, "Content-Type", "application/json");
	} else if (!posts) {
		return;
	}
	curl_easy_setopt(x->curl, CURLOPT_POSTFIELDSIZE_LARGE, (curl_off_t)strlen(text));
	curl_easy_setopt(x->curl, CURLOPT_COPYPOSTFIELDS, text);
}

static void prepare(struct exchange *x, const char *url, size_t number)
{
	char address[8192];
	const char *path, *method;

	x->request = json_tokener_parse(x->line);
	if (!json_object_is_type(x->request, json_type_object))
		fail(number, "not a JSON object");
	path = text_of(x->request, "path");
	method = text_of(x->request, "method");
	if (!path)
		fail(number, "has no path");
	snprintf(address, sizeof(address), "%s%s", url, path);

	x->curl = must(curl_easy_init());
	curl_easy_setopt(x->curl, CURLOPT_PRIVATE, x);
	curl_easy_setopt(x->curl, CURLOPT_URL, address);
	curl_easy_setopt(x->curl, CURLOPT_PROXY, ""); /* whatever the environment names */
	curl_easy_setopt(x->curl, CURLOPT_TIMEOUT, (long)ANSWER_S_MAX);
	curl_easy_setopt(x->curl, CURLOPT_ERRORBUFFER, x->why);
	curl_easy_setopt(x->curl, CURLOPT_WRITEFUNCTION, keep_body);
	curl_easy_setopt(x->curl, CURLOPT_WRITEDATA, x);
	set_body(x, method && strcmp(method, "POST") == 0);
	set_headers(x);
	if (method)
		curl_easy_setopt(x->curl, CURLOPT_CUSTOMREQUEST, method);
}

/* --- one answer */

static struct json_object *read_headers(CURL *curl)
{
	struct json_object *all = must(json_object_new_object());
	struct curl_header *h = NULL;

	while ((h = curl_easy_nextheader(curl, CURLH_HEADER, -1, h))) {
		char name[256];
		size_t n = 0;

		for (; h->name[n] && n < sizeof(name) - 1; n++)
			name[n] = (char)tolower((unsigned char)h->name[n]);
		name[n] = '\0';
		json_object_object_add(all, name, json_object_new_string(h->value));
	}
	return all;
}

static struct json_object *read_body(const struct exchange *x)
{
	const char *text = x->body ? x->body : "";
	enum json_tokener_error wrong;
	struct json_object *body = json_tokener_parse_verbose(text, &wrong);

	return wrong == json_tokener_success ? body : json_object_new_string(text);
}

static void finish(struct exchange *x, CURLcode result)
{
	struct json_object *answer = must(json_object_new_object());
	curl_off_t us = 0;
	long status = 0;

	curl_easy_getinfo(x->curl, CURLINFO_RESPONSE_CODE, &status);
	curl_easy_getinfo(x->curl, CURLINFO_TOTAL_TIME_T, &us);
	json_object_object_add(answer, "status", json_object_new_int64(result == CURLE_OK ? status : 0));
	json_object_object_add(answer, "ms", json_object_new_int64(us / 1000));
	if (result == CURLE_OK) {
		json_object_object_add(answer, "headers", read_headers(x->curl));
		json_object_object_add(answer, "body", read_body(x));
	} else {
		json_object_object_add(answer, "error",
				       json_object_new_string(*x->why ? x->why : curl_easy_strerror(result)));
	}
	x->answer = answer;
	curl_easy_cleanup(x->curl);
	curl_slist_free_all(x->headers);
	json_object_put(x->request);
	free(x->body);
}

/* --- all of them */

static struct exchange *read_requests(size_t *n)
{
	struct exchange *all = must(calloc(REQUESTS_MAX, sizeof(*all)));
	size_t room = 0;

	for (*n = 0; getline(&all[*n].line, &room, stdin) > 0; room = 0)
		if (++*n == REQUESTS_MAX)
			fail(*n, "too many");
	return all;
}

static void collect(CURLM *multi, size_t *under_way)
{
	struct CURLMsg *m;
	int left;

	while ((m = curl_multi_info_read(multi, &left))) {
		struct exchange *x;
		CURL *curl = m->easy_handle;
		CURLcode result = m->data.result;

		if (m->msg != CURLMSG_DONE)
			continue;
		curl_easy_getinfo(curl, CURLINFO_PRIVATE, (char **)&x);
		curl_multi_remove_handle(multi, curl);
		finish(x, result);
		--*under_way;
	}
}

static void send_all(struct exchange *all, size_t n, size_t at_a_time, const char *url)
{
	CURLM *multi = must(curl_multi_init());
	size_t sent = 0, under_way = 0;
	int running;

	curl_multi_setopt(multi, CURLMOPT_MAXCONNECTS, (long)at_a_time);
	for (size_t i = 0; i < n; i++)
		prepare(&all[i], url, i);
	while (sent < n || under_way) {
		for (; sent < n && under_way < at_a_time; sent++, under_way++)
			if (curl_multi_add_handle(multi, all[sent].curl))
				fail(sent, "cannot be sent");
		if (curl_multi_perform(multi, &running))
			fail(sent, "cannot be sent");
		collect(multi, &under_way);
		if (running)
			curl_multi_poll(multi, NULL, 0, 1000, NULL);
	}
	curl_multi_cleanup(multi);
}

int main(int argc, char **argv)
{
	size_t n, at_a_time = REQUESTS_MAX;
	struct exchange *all;
	int c;

	while ((c = getopt(argc, argv, "n:")) != -1) {
		at_a_time = c == 'n' ? strtoul(optarg, NULL, 10) : 0;
		if (!at_a_time)
			usage();
	}
	if (argc - optind != 1)
		usage();
	curl_global_init(CURL_GLOBAL_DEFAULT);
	all = read_requests(&n);
	send_all(all, n, at_a_time, argv[optind]);
	for (size_t i = 0; i < n; i++) {
		puts(json_object_to_json_string_ext(all[i].answer,
						    JSON_C_TO_STRING_PLAIN | JSON_C_TO_STRING_NOSLASHESCAPE));
		json_object_put(all[i].answer);
		free(all[i].line);
	}
	free(all);
	curl_global_cleanup();
	return 0;
}

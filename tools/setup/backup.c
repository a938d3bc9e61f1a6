/*
 * The backup before an update: made by shopctl, in its directory of backups, and sent from there.
 */
#include <fcntl.h>
#include <inttypes.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/text.h"
#include "core/http/transport.h"
#include "tools/setup/page.h"

enum { CHUNK_BYTES = 64 * 1024, HEAD_BYTES = 512, MIB = 1024 * 1024 };

/* The list of {path, bytes}; NULL: it cannot be read, and there is a message. */
static const struct json *list_backups(struct setup *s)
{
	static const char *const args[] = { "backup", "--list", "--json", NULL };
	struct command_result result;
	const struct json *list;

	command_run(s, args, STR_NULL, &result);
	list = result.json ? json_get(result.json, "backups") : NULL;
	if (list && json_kind(list) == JSON_ARRAY)
		return list;
	page_put(s, "<ul class=\"findings\">\n");
	page_finding(s, MARK_FAIL, "Backups", result.error, STR_NULL);
	page_put(s, "</ul>\n");
	return NULL;
}

static struct str name_of(struct str path)
{
	size_t n = path.n;

	while (n && path.p[n - 1] != '/')
		n--;
	return str_sub(path, n, path.n);
}

static void show_one(struct setup *s, const struct json *backup)
{
	struct str name = name_of(json_get_text(backup, "path"));
	const struct json *bytes = json_get(backup, "bytes");
	int64_t n = 0;

	if (bytes && json_kind(bytes) == JSON_INTEGER && !json_int64(bytes, &n))
		n = 0;
	page_put(s, "<li class=\"finding note\"><p><strong>");
	page_text(s, name);
	page_put(s, "</strong>");
	page_textf(s, "%.1f MiB", (double)n / MIB);
	page_put(s, "</p>\n");
	page_form(s);
	page_put(s, "<input type=\"hidden\" name=\"file\" value=\"");
	page_text(s, name);
	page_put(s, "\">\n");
	page_form_end(s, "Download");
	page_put(s, "</li>\n");
}

void backup_show(struct setup *s)
{
	const struct json *list = list_backups(s);

	page_paragraph(
		s, "A backup has the whole shop in one file: the database, the pictures and the invoices, but not your "
		   "passwords and keys. Keep a copy of .env yourself, and download the backup: it must not lie on "
		   "this host alone.");
	page_form(s);
	page_form_end(s, "Make a backup");
	if (!list || !json_count(list))
		return;
	page_put(s, "<h2>Backups on this host</h2>\n<ul class=\"findings\">\n");
	for (size_t i = 0; i < json_count(list); i++)
		show_one(s, json_item(list, i));
	page_put(s, "</ul>\n");
}

/* --- sending one */

/* Only what is in the list. NULL: it is not. */
static const char *find_backup(struct setup *s, struct str name)
{
	static const char *const args[] = { "backup", "--list", "--json", NULL };
	struct command_result result;
	const struct json *list;

	command_run(s, args, STR_NULL, &result);
	list = result.json ? json_get(result.json, "backups") : NULL;
	for (size_t i = 0; list && json_kind(list) == JSON_ARRAY && i < json_count(list); i++) {
		struct str path = json_get_text(json_item(list, i), "path");

		if (str_eq(name_of(path), name) && text_is_token(name) && str_find(name, '"') == name.n)
			return str_to_z(s->arena, path);
	}
	return NULL;
}

/* Not through the response, which is in memory. */
static void send_file(struct setup *s, int fd, int64_t bytes, struct str name)
{
	char *chunk = arena_alloc(s->arena, CHUNK_BYTES);
	ssize_t n;

	s->sent = true;
	if (!transport_write(
		    s->transport,
		    str_fmt(s->arena,
			    "Status: 200 OK\r\nContent-Type: application/gzip\r\nContent-Length: %" PRId64
			    "\r\nContent-Disposition: attachment; filename=\"%.*s\"\r\nCache-Control: no-store\r\n"
			    "X-Content-Type-Options: nosniff\r\n\r\n",
			    bytes, STR_ARG(name)),
		    STR("")))
		return;
	while (bytes > 0 && (n = read(fd, chunk, CHUNK_BYTES)) > 0) {
		if (n > bytes)
			n = (ssize_t)bytes;
		bytes -= n;
		if (!transport_write(s->transport, STR(""), (struct str){ chunk, (size_t)n }))
			return;
	}
}

static void download(struct setup *s, struct str name)
{
	const char *path = find_backup(s, name);
	int fd = path ? open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW) : -1;
	struct stat st;

	if (fd >= 0 && fstat(fd, &st) == 0 && S_ISREG(st.st_mode))
		send_file(s, fd, st.st_size, name);
	else
		setup_say(s, false, "There is no such backup, or it cannot be read.");
	if (fd >= 0)
		close(fd);
}

void backup_act(struct setup *s)
{
	static const char *const args[] = { "backup", "--json", NULL };
	struct command_result result;
	struct str file = setup_field(s, "file");

	if (!s->session.admin) {
		setup_say(s, false,
			  s->state.admins == ADMINS_NONE ? "Nothing was done: there is nothing yet."
							 : "Nothing was done: the database cannot say who you are.");
		return;
	}
	if (file.n) {
		download(s, file);
		return;
	}
	command_run(s, args, STR_NULL, &result);
	if (result.ok)
		setup_say(s, true, "The backup was made. Download it now.");
	else
		setup_say(s, false, "No backup was made: %.*s", STR_ARG(result.error));
}

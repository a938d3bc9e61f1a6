#include "tools/shopctl/doctor.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

enum { DISK_MIB_FAIL = 50, DISK_MIB_WARN = 500 };

/* Does a directory above the file have this name? */
static bool is_inside(const char *path, const char *directory)
{
	struct str rest = str_z(path);

	while (rest.p) {
		struct str part = str_cut(&rest, '/');
		if (rest.p && str_is(part, directory))
			return true;
	}
	return false;
}

/* Web servers publish such directories, and a settings file is full of secrets. */
static void check_exposure(struct doctor *d, const char *path)
{
	static const char *const shown[] = { "public_html", "htdocs", "httpdocs", "wwwroot", "webroot" };
	static const char *const pages[] = { ".htaccess", "index.html", "index.htm", "index.php" };

	for (size_t i = 0; i < ARRAY_LEN(shown); i++) {
		if (!is_inside(path, shown[i]))
			continue;
		doctor_note(d, DOCTOR_FAIL, "env file",
			    str_fmt(d->ctl->arena, "%s is inside %s, which web servers publish", path, shown[i]),
			    "move it to the directory above, where it is found too");
		return;
	}
	for (size_t i = 0; i < ARRAY_LEN(pages); i++) {
		struct str directory = str_sub(str_z(path), 0, strlen(path) - strlen("/.env"));

		/* The .htaccess of our own folder refuses everything. */
		if (i == 0 && str_has_suffix(directory, STR("/cgishop")))
			continue;
		if (access(str_fmt(d->ctl->arena, "%.*s/%s", STR_ARG(directory), pages[i]).p, F_OK) < 0)
			continue;
		doctor_note(d, DOCTOR_FAIL, "env file",
			    str_fmt(d->ctl->arena, "%s is beside %s, where web servers publish files", path, pages[i]),
			    "move it to the directory above, where it is found too");
		return;
	}
	if (is_inside(path, "www"))
		doctor_note(d, DOCTOR_WARN, "env file", str_fmt(d->ctl->arena, "%s is inside a directory www", path),
			    "make sure that the web server does not publish it, or move it above");
}

/* Others could put a file of their own in its place, which the programs then ignore, as if there were none. */
static void check_env_directory(struct doctor *d, const char *path)
{
	size_t n = strlen(path) - strlen(strrchr(path, '/'));
	const char *directory = n ? str_to_z(d->ctl->arena, str_sub(str_z(path), 0, n)) : "/";
	struct stat st;

	if (stat(directory, &st) == 0 && (st.st_mode & S_IWOTH))
		doctor_note(d, DOCTOR_FAIL, "env file",
			    str_fmt(d->ctl->arena, "everybody can write to %s, in which .env is", directory),
			    "give it the permissions 755, or move .env");
}

static void check_env_file(struct doctor *d)
{
	const char *given = d->ctl->config.env_file;
	char path[PATH_MAX];
	struct stat st;

	if (!given[0]) {
		doctor_note(d, DOCTOR_WARN, "env file", STR("there is none; all settings come from the environment"),
			    "hosts with suEXEC do not pass the environment on: put a .env above the programs");
		return;
	}
	if (!realpath(given, path) || stat(path, &st) < 0) {
		doctor_note(d, DOCTOR_FAIL, "env file", str_fmt(d->ctl->arena, "%s: %s", given, strerror(errno)),
			    "make it readable for this account");
		return;
	}
	check_exposure(d, path);
	check_env_directory(d, path);
	if (st.st_mode & (S_IROTH | S_IWOTH | S_IWGRP))
		doctor_note(d, DOCTOR_FAIL, "env file",
			    str_fmt(d->ctl->arena, "%s has the mode %03o: others can read or change it", path,
				    (unsigned)st.st_mode & 0777),
			    "give it the permissions 600 (640 when the web server's account is in its group)");
	else
		doctor_note(d, DOCTOR_OK, "env file", str_fmt(d->ctl->arena, "%s", path), NULL);
}

/* access() only checks mode bits; creating a file shows that it works. */
static bool can_write(struct shopctl *ctl, const char *directory)
{
	char *path = str_to_z(ctl->arena, str_fmt(ctl->arena, "%s/.doctor-XXXXXX", directory));
	int fd = mkstemp(path);

	if (fd < 0)
		return false;
	unlink(path); /* at once, so that nothing remains, however this ends */
	bool written = write(fd, "x", 1) == 1;
	close(fd);
	return written;
}

static void check_writing(struct doctor *d, const char *check, const char *directory, enum verdict otherwise,
			  const char *advice)
{
	if (can_write(d->ctl, directory))
		doctor_note(d, DOCTOR_OK, check, str_fmt(d->ctl->arena, "%s can be written", directory), NULL);
	else
		doctor_note(d, otherwise, check,
			    str_fmt(d->ctl->arena, "%s cannot be written: %s", directory, strerror(errno)), advice);
}

static void check_room(struct doctor *d, const char *directory)
{
	struct statvfs fs;

	if (statvfs(directory, &fs) < 0)
		return;
	unsigned long long mib = (unsigned long long)fs.f_bavail * fs.f_frsize >> 20;
	enum verdict verdict = mib < DISK_MIB_FAIL ? DOCTOR_FAIL : mib < DISK_MIB_WARN ? DOCTOR_WARN : DOCTOR_OK;
	doctor_note(d, verdict, "disk", str_fmt(d->ctl->arena, "%llu MiB are free for images", mib),
		    "make room, or move MEDIA_DIR to a larger disk");
}

static bool is_there(struct doctor *d, const char *check, const char *setting, const char *directory)
{
	struct stat st;
	bool found = stat(directory, &st) == 0 && S_ISDIR(st.st_mode);

	if (!found)
		doctor_note(d, DOCTOR_FAIL, check, str_fmt(d->ctl->arena, "there is no directory %s", directory),
			    str_fmt(d->ctl->arena,
				    "create it, owned by the account that runs the programs, or correct %s", setting)
				    .p);
	return found;
}

static void check_media(struct doctor *d)
{
	const char *directory = d->ctl->config.media_dir;

	/* NULL if the settings do not allow it. */
	if (!directory || !directory[0]) {
		if (config_fault(&d->ctl->config_errors, "MEDIA_DIR"))
			return;
		doctor_note(d, DOCTOR_WARN, "media", STR("MEDIA_DIR is not set: images cannot be uploaded"),
			    "set it to a directory that the web server publishes as MEDIA_URL");
		return;
	}
	if (!is_there(d, "media", "MEDIA_DIR", directory))
		return;
	check_writing(d, "media", directory, DOCTOR_FAIL,
		      "make the account that runs the programs its owner, and run doctor as that account");
	check_room(d, directory);
}

static void check_invoices(struct doctor *d)
{
	const char *directory = d->ctl->config.invoice_dir;
	const char advice[] = "make the account that runs the programs its owner; until then each PDF is drawn anew";

	if (directory && directory[0] && is_there(d, "invoices", "INVOICE_DIR", directory))
		check_writing(d, "invoices", directory, DOCTOR_WARN, advice);
}

void doctor_files(struct doctor *d)
{
	if (geteuid() == 0)
		doctor_note(d, DOCTOR_WARN, "files", STR("checked as root, who can read and write all of them"),
			    "run doctor as the account that runs the programs");
	check_env_file(d);
	check_media(d);
	check_invoices(d);
}

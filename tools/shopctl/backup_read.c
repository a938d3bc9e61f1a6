#include "tools/shopctl/backup.h"

#include <fcntl.h>
#include <string.h>
#include <unistd.h>
#include "core/base/text.h"
#include "core/json/json.h"

const char *backup_columns(struct arena *a, struct str names)
{
	struct buf list = buf_new(a, names.n + 64, BACKUP_COLUMNS_BYTES_MAX);

	while (names.p) {
		struct str name = str_cut(&names, ' ');

		/* At most 63 bytes: NAMEDATALEN. */
		if (name.n == 0 || name.n > 63 || !tar_name_is_safe(name) || str_find(name, '.') < name.n ||
		    str_find(name, '/') < name.n || str_find(name, '-') < name.n)
			return NULL;
		buf_printf(&list, "%s\"%.*s\"", list.n ? ", " : "", STR_ARG(name));
	}
	return list.overflow ? NULL : str_to_z(a, buf_str(&list));
}

bool backup_is_picture(struct str file)
{
	static const char *const kinds[] = { "jpg", "png", "gif", "webp", "avif" };
	struct str kind = file, name = str_cut(&kind, '.');

	for (size_t i = 0; i < ARRAY_LEN(kinds); i++)
		if (str_is(kind, kinds[i]))
			return tar_name_is_safe(name) && str_find(name, '/') == name.n;
	return false;
}

struct str backup_name_part(struct str name, const char *prefix, struct str *rest)
{
	*rest = str_sub(name, str_z(prefix).n, name.n);
	return str_cut(rest, '/');
}

int backup_report_broken(const char *file, const struct archive_in *in)
{
	return report_error(EX_DATAERR, "%s %s", file, archive_fault(in));
}

int backup_open(const char *file)
{
	int fd = str_is(str_z(file), "-") ? STDIN_FILENO : open(file, O_RDONLY | O_CLOEXEC | O_NOCTTY);

	if (fd < 0)
		(void)!report_error(EX_NOINPUT, "cannot read %s: %m", file);
	return fd;
}

static int not_ours(const char *file)
{
	return report_error(EX_DATAERR, "%s is not a backup of this shop program", file);
}

/* The migrations of the backup must be the first ones of this program. */
static int check_level(struct shopctl *ctl, const char *file, const struct json *list, struct backup_manifest *manifest)
{
	struct migrate_state state = { .applied_n = 0 };

	for (size_t i = 0; i < json_count(list); i++) {
		const struct json *item = json_item(list, i), *number;
		int64_t n;

		if (json_kind(item) != JSON_OBJECT || !(number = json_get(item, "number")) ||
		    json_kind(number) != JSON_INTEGER || !json_int64(number, &n))
			return not_ours(file);
		enum migrate_result result =
			migrate_compare(ctl->arena, &migration_set, i, n, json_get_text(item, "name"),
					json_get_text(item, "checksum"), &state);
		if (result == MIGRATE_NEWER)
			return report_error(EX_DATAERR,
					    "%s is of a newer program (%.*s: it has the migration %.*s); "
					    "use the shopctl of that version or a later one",
					    file, STR_ARG(manifest->program), STR_ARG(state.culprit));
		if (result)
			return report_error(EX_DATAERR,
					    "%s is of a program with other migrations (%.*s differs); "
					    "use the shopctl that made it",
					    file, STR_ARG(state.culprit));
	}
	manifest->level = json_count(list);
	return manifest->level ? EX_OK : not_ours(file);
}

static int take_manifest(struct shopctl *ctl, const char *file, const struct json *json,
			 struct backup_manifest *manifest)
{
	const struct json *format = json_get(json, "format"), *migrations = json_get(json, "migrations");
	struct str id = json_get_text(json, "id"), made_at = json_get_text(json, "made_at");
	int64_t number;

	manifest->program = json_get_text(json, "program");
	manifest->key_mark = json_get_text(json, "key_mark");
	if (!format || json_kind(format) != JSON_INTEGER || !json_int64(format, &number) || number < 1 ||
	    !text_is_uuid(id) || made_at.n != sizeof(manifest->made_at) - 1 || !text_is_printable(made_at, ONE_LINE) ||
	    !text_is_printable(manifest->program, ONE_LINE))
		return not_ours(file);
	if (number > BACKUP_FORMAT)
		return report_error(EX_DATAERR,
				    "%s has a newer form (program %.*s); use the shopctl of that version or a later "
				    "one",
				    file, STR_ARG(manifest->program));
	if (!migrations || json_kind(migrations) != JSON_ARRAY)
		return not_ours(file);
	snprintf(manifest->id, sizeof(manifest->id), "%.*s", STR_ARG(id));
	snprintf(manifest->made_at, sizeof(manifest->made_at), "%.*s", STR_ARG(made_at));
	return check_level(ctl, file, migrations, manifest);
}

int backup_read_manifest(struct shopctl *ctl, const char *file, struct archive_in *in, struct backup_manifest *manifest)
{
	struct error err = { 0 };
	struct tar_member m;
	const struct json *json;
	struct str text;

	*manifest = (struct backup_manifest){ .level = 0 };
	enum archive_step step = archive_next(in, &m);
	if (step == ARCHIVE_BROKEN)
		return backup_report_broken(file, in);
	if (step == ARCHIVE_END || strcmp(m.name, BACKUP_MANIFEST) != 0)
		return not_ours(file);
	if (!archive_read_all(in, ctl->arena, BACKUP_MANIFEST_BYTES_MAX, &text))
		return backup_report_broken(file, in);
	if (json_parse(ctl->arena, text, &json, &err) || json_kind(json) != JSON_OBJECT)
		return not_ours(file);
	return take_manifest(ctl, file, json, manifest);
}

#include "tools/shopctl/images.h"

#include <errno.h>
#include <unistd.h>
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/crypto/crypto.h"
#include "core/process/process.h"
#include "core/process/slot.h"
#include "queries.h"

enum {
	SIZES_MAX = 8,
	SIZES_BYTES_MAX = 8 * 1024 * 1024,
	HELPER_MS_MAX = 60 * 1000, /* it has less of the processor's time: tools/image-sizes/confine.h */
	PICTURE_BYTES_MAX = UPLOAD_IMAGE_BYTES_MAX + 64,
	ONE_BYTES_MAX = PICTURE_BYTES_MAX + SIZES_BYTES_MAX + 1024 * 1024,
	BATCH_BYTES_MAX = 1024 * 1024,
};

/* The picture at work: what lives as long as that is in its arena. */
struct picture {
	struct arena *arena;
	struct db_scope scope;
	struct str id, file;
	struct str sizes[SIZES_MAX]; /* names of its smaller files */
	size_t sizes_n;
	struct buf widths; /* as an array of PostgreSQL's */
};

static int report_lost(struct images *m)
{
	return report_database_error(m->ctl, m->ctl->serving, "pictures cannot be read or changed");
}

static int mark_failed(struct images *m, struct picture *p, const char *why)
{
	m->failed++;
	report_error(EX_OK, "picture %.*s: %s", STR_ARG(p->file), why);
	return query_image_failed(&p->scope, .image = p->id) ? report_lost(m) : EX_OK;
}

static int mark_made(struct images *m, struct picture *p)
{
	struct image_made_row row;

	buf_addc(&p->widths, '}');
	return query_image_made(&p->scope, &row, .image = p->id, .widths = buf_str(&p->widths)) ? report_lost(m)
												: EX_OK;
}

static void remove_sizes(const struct images *m, const struct picture *p)
{
	for (size_t i = 0; i < p->sizes_n; i++)
		unlink(str_fmt(p->arena, "%s/%.*s", m->ctl->config.media_dir, STR_ARG(p->sizes[i])).p);
}

/* "480 1234\n", and that many bytes. */
static bool take_size(struct str *rest, int64_t *width, struct str *bytes)
{
	struct str line = str_cut(rest, '\n'), first = str_cut(&line, ' ');
	int64_t n;

	if (!str_to_int(first, width) || !str_to_int(line, &n) || *width <= 0 || n <= 0 || (size_t)n > rest->n)
		return false;
	*bytes = str_sub(*rest, 0, (size_t)n);
	*rest = str_sub(*rest, (size_t)n, rest->n);
	return true;
}

/* Files first, then the row: no address is shown of a file that is not there. */
static int write_sizes(struct images *m, struct picture *p, struct str output)
{
	const char *directory = m->ctl->config.media_dir;
	struct str file = p->file, stem = str_cut(&file, '.');

	while (output.n) {
		struct str bytes, name;
		int64_t width;

		if (p->sizes_n == SIZES_MAX || !take_size(&output, &width, &bytes)) {
			remove_sizes(m, p);
			return mark_failed(m, p, "image-sizes of another version?");
		}
		name = str_fmt(p->arena, "%.*s-%lld.webp", STR_ARG(stem), (long long)width);
		if (!file_create(p->arena, directory, name, 0644, bytes)) {
			report_error(EX_CANTCREAT, "MEDIA_DIR: cannot write to %s: %m", directory);
			remove_sizes(m, p);
			return EX_CANTCREAT;
		}
		p->sizes[p->sizes_n++] = name;
		buf_printf(&p->widths, "%s%lld", p->sizes_n > 1 ? "," : "", (long long)width);
	}
	*(p->sizes_n ? &m->made : &m->left_as_is) += 1;
	return mark_made(m, p);
}

static int make_one(struct images *m, struct picture *p)
{
	const struct config *c = &m->ctl->config;
	struct process_result result;
	enum process_outcome outcome;
	struct str bytes;

	if (str_find(p->file, '/') < p->file.n ||
	    !file_read(p->arena, str_fmt(p->arena, "%s/%.*s", c->media_dir, STR_ARG(p->file)).p, PICTURE_BYTES_MAX,
		       &bytes))
		return mark_failed(m, p, strerror(errno));
	outcome = process_run_helper(c, p->arena, "image-sizes", NULL, bytes, SIZES_BYTES_MAX, HELPER_MS_MAX, &result);
	if (outcome == PROCESS_MISSING) {
		m->lacks_helper = true;
		return EX_OK;
	}
	if (outcome == PROCESS_DONE && result.status == EX_OK)
		return write_sizes(m, p, result.output);
	if (outcome == PROCESS_FAILED || result.status != EX_DATAERR)
		return mark_failed(m, p, "it needs too much memory or time to be made smaller");
	m->unreadable++;
	report_error(EX_OK, "picture %.*s: it cannot be read, and is served as it is", STR_ARG(p->file));
	return mark_made(m, p);
}

static void show_progress(const struct images *m)
{
	int64_t done = m->made + m->left_as_is + m->unreadable + m->failed;

	if (m->shows_progress)
		fprintf(stderr, "\r%lld of %lld%s", (long long)done, (long long)m->waiting,
			done >= m->waiting ? "\n" : "");
}

/* The pictures of a batch; *after becomes the last one's id. */
static int make_batch(struct images *m, struct rows *rows, char after[UUID_CHARS + 1])
{
	struct arena one;
	int code = EX_OK;

	arena_init(&one, ONE_BYTES_MAX);
	for (size_t i = 0; i < rows->n && !code && !m->lacks_helper && !m->is_cut; i++) {
		struct images_unmade_row row = images_unmade_row(rows, i);
		struct picture p = { .arena = &one,
				     .scope = { .db = m->ctl->serving, .arena = &one },
				     .id = row.id,
				     .file = row.file,
				     .widths = buf_new(&one, 64, 256) };

		m->is_cut = m->is_over && m->is_over(m->of);
		if (m->is_cut)
			break;
		buf_addc(&p.widths, '{');
		code = make_one(m, &p);
		snprintf(after, UUID_CHARS + 1, "%.*s", STR_ARG(row.id));
		arena_reset(&one);
		show_progress(m);
	}
	arena_free(&one);
	return code;
}

int images_make(struct images *m)
{
	char after[UUID_CHARS + 1] = "";
	struct arena batch;
	struct rows rows = { .n = 1 };
	int code = EX_OK;

	if (!m->ctl->config.media_dir[0])
		return EX_OK;
	m->lacks_helper = !process_find(&m->ctl->config, m->ctl->arena, "image-sizes");
	arena_init(&batch, BATCH_BYTES_MAX);
	while (rows.n && !code && !m->lacks_helper && !m->is_cut) {
		struct db_scope scope = { .db = m->ctl->serving, .arena = &batch };

		arena_reset(&batch);
		if (query_images_unmade(&scope, &rows, .attempts = IMAGES_ATTEMPTS_MAX, .after = str_z(after)))
			code = report_lost(m);
		else
			code = make_batch(m, &rows, after);
	}
	arena_free(&batch);
	return code;
}

bool images_turn(struct shopctl *ctl, int ms_max)
{
	const char *key = ctl->config.secret_key;
	int waiting = slot_acquire(slot_path(ctl->arena, key, "images waiting"), 1, 0), turn;

	if (waiting == SLOT_BUSY)
		return false;
	turn = slot_acquire(slot_path(ctl->arena, key, "images"), 1, ms_max);
	slot_release(waiting);
	return turn != SLOT_BUSY; /* without /tmp there are no turns */
}

/* A picture's bytes into MEDIA_DIR and the database: checked as an upload is, one transaction. */
#include <unistd.h>
#include "core/base/file.h"
#include "core/base/limits.h"
#include "core/image/image.h"
#include "queries.h"
#include "tools/shopctl/images.h"

enum { TRIES = 3 };

struct storing {
	struct shopctl *ctl;
	const struct images_new *new;
	struct db_scope scope;
	struct image image;
	struct str file, digest;
	enum images_stored outcome;
	bool has_file, cannot_write; /* ours is in MEDIA_DIR; it cannot be */
};

static enum problem lock_product(struct storing *s, bool *found)
{
	struct image_product_lock_row product;
	enum problem problem = db_begin(s->scope.db, s->scope.arena, NULL, STR("shopctl images"), &s->scope.error);

	if (!problem)
		problem = query_image_product_lock(&s->scope, &product, .product = s->new->product);
	*found = !problem && product.found;
	return problem;
}

static enum problem merge(struct storing *s, struct str same, bool *found)
{
	struct image_merged_row merged = { 0 };
	struct image_source_row known = { 0 };
	enum problem problem = s->new->id.n
				       ? query_image_merged(&s->scope, &merged, .image = s->new->id,
							    .url = s->new->source, .same = same)
				       : query_image_source(&s->scope, &known, .source = s->new->source, .same = same);

	*found = merged.found || known.found;
	s->outcome = IMAGES_SAME;
	return problem;
}

static enum problem write_row(struct storing *s, bool *found)
{
	const struct images_new *n = s->new;
	struct image_fetched_row fetched = { 0 };
	enum problem problem;

	s->outcome = IMAGES_STORED;
	if (n->id.n) {
		problem = query_image_fetched(&s->scope, &fetched, .file = s->file, .digest = s->digest,
					      .width = s->image.width, .height = s->image.height, .image = n->id,
					      .url = n->source);
		*found = fetched.found;
		return problem;
	}
	*found = true;
	return query_image_added(&s->scope, NULL, .product = n->product, .position = n->position,
				 .alt_text = n->alt_text, .file = s->file, .digest = s->digest, .width = s->image.width,
				 .height = s->image.height, .source = n->source);
}

static enum problem write_file(struct storing *s)
{
	const char *directory = s->ctl->config.media_dir;

	s->has_file = file_create(s->scope.arena, directory, s->file, 0644, s->image.bytes);
	s->cannot_write = !s->has_file;
	if (s->has_file)
		return PROBLEM_NONE;
	report_error(EX_CANTCREAT, "MEDIA_DIR: cannot write to %s: %m", directory);
	return PROBLEM_INTERNAL;
}

/*
 * The outcome of COMMIT is lost: ask, once the server has ended that transaction, which held the product. If it cannot
 * be asked the file stays: one without a row is better than the reverse.
 */
static bool is_committed(struct storing *s)
{
	struct image_file_known_row row = { .known = true };
	bool found;
	enum problem problem = lock_product(s, &found);

	if (!problem)
		problem = query_image_file_known(&s->scope, &row, .file = s->file);
	db_rollback(s->scope.db);
	return problem || row.known;
}

static enum problem end(struct storing *s, enum problem problem, bool commits)
{
	bool is_lost = false;

	if (!problem && commits) {
		problem = db_commit(s->scope.db, s->scope.arena, &s->scope.error);
		is_lost = problem == PROBLEM_UNAVAILABLE;
	}
	db_rollback(s->scope.db);
	if (problem && s->has_file && !(is_lost && is_committed(s)))
		unlink(str_fmt(s->scope.arena, "%s/%.*s", s->ctl->config.media_dir, STR_ARG(s->file)).p);
	return problem;
}

/* One attempt. GONE: the product, or what is known by its address, has been deleted or changed. */
static enum problem attempt(struct storing *s)
{
	struct image_same_row same = { 0 };
	bool found;
	enum problem problem = lock_product(s, &found);

	if (!problem && found)
		problem = query_image_same(&s->scope, &same, .product = s->new->product, .digest = s->digest);
	if (!problem && found)
		problem = same.found ? merge(s, same.id, &found) : write_row(s, &found);
	if (!problem && found && !same.found)
		problem = write_file(s);
	if (!found)
		s->outcome = IMAGES_GONE;
	return end(s, problem, found);
}

int images_store(struct shopctl *ctl, struct arena *a, const struct images_new *n, enum images_stored *outcome,
		 const char **why)
{
	struct storing s = { .ctl = ctl, .new = n, .scope = { .db = ctl->serving, .arena = a } };
	enum error_code wrong = image_read(a, n->bytes, &s.image);
	enum problem problem = PROBLEM_CONFLICT;

	*outcome = IMAGES_REFUSED;
	if (wrong) {
		*why = str_to_z(a, error_sentence(a, wrong, NULL, 0));
		return EX_OK;
	}
	s.file = image_file_name(a, &s.image);
	s.digest = image_digest(a, &s.image);
	/* CONFLICT: the same picture was uploaded meanwhile. */
	for (int i = 0; i < TRIES && problem == PROBLEM_CONFLICT; i++) {
		s.scope.error = (struct error){ 0 };
		problem = attempt(&s);
	}
	*outcome = s.outcome;
	if (s.cannot_write)
		return EX_CANTCREAT;
	return problem ? report_database_error(ctl, ctl->serving, "a picture was not stored") : EX_OK;
}

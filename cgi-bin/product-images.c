/*
 * Images of products: uploaded files, and URLs of images elsewhere, which are
 * stored; shopctl images --fetch makes files of them.
 *
 * An upload is written below MEDIA_DIR as the last step before the commit; a
 * soft delete keeps it. A product has the same file once: sent again, it is
 * answered with the picture that there is.
 */
#include "core/app/app.h"

#include <errno.h>
#include "core/auth/idempotency.h"
#include "core/base/file.h"
#include "core/base/json_out.h"
#include "core/base/log.h"
#include "core/base/text.h"
#include "core/config/config.h"
#include "core/http/form.h"
#include "core/image/image.h"
#include "core/json/body.h"
#include "core/resource/tables.h"
#include "queries.h"

RESOURCE_IMAGE_SIZE(image_size);

static const struct field image_fields[] = {
	{ WRITABLE("product", FIELD_REF, ANYONE, STAFF), .refers_to = "products", .required = true, .immutable = true,
	  .lifts_default = true, .filter = FILTER_EQUAL, .doc = "The product it shows." },
	{ WRITABLE("url", FIELD_URL, ANYONE, STAFF), .sql = "coalesce(t.url, {media} || '/' || t.file)",
	  .immutable = true, .or_path = true,
	  .doc = "Its URL; if sent instead of an upload, it is stored, and not downloaded by requests. A path is one "
		 "below "
		 "MEDIA_IMPORT_BASE." },
	RESOURCE_POSITION_FIELD("Order among the product's images; lower comes first."),
	{ WRITABLE("alt_text", FIELD_TEXT, ANYONE, STAFF), .chars_max = 500, .doc = "The text alternative." },
	/* Known for uploads only, and written by image_create. */
	{ READABLE("width", FIELD_INTEGER, ANYONE), .nullable = true, .doc = "Pixels; null for a URL." },
	{ READABLE("height", FIELD_INTEGER, ANYONE), .nullable = true, .doc = "Pixels; null for a URL." },
	{ READABLE("sizes", FIELD_JSON, ANYONE), .sql = "image_sizes(t.sizes, {media})", .of = &image_size,
	  .doc = RESOURCE_IMAGE_SIZES_DOC },
	{ MEMBER("file", FIELD_TEXT), .doc = "Its name below MEDIA_DIR." },
	{ MEMBER("image", FIELD_TEXT), .doc = "SHA-256 of the file." },
};

/* A path, as the files of other shops have them, is completed; it cannot be changed later. */
static enum problem complete_url(struct context *cx, struct values *v)
{
	struct value *url = values_find(v, "url");
	struct str below = str_z(cx->config->media_import_base);

	if (v->kind != WRITE_CREATE || !url->given || text_is_url(url->text))
		return PROBLEM_NONE;
	url->text = below.n ? text_url_below(cx->arena, below, url->text) : STR_NULL;
	if (!url->text.p)
		error_add(&cx->error, cx->arena, STR("/url"), ERROR_INVALID_URL);
	return cx->error.problem;
}

static const struct resource product_image = {
	.name = "product-image",
	.table = "product_images",
	RESOURCE_FIELDS(image_fields),
	.public_if = "exists (select 1 from live_products v where v.id = t.product)",
	.store_of = "(select p.store from products p where p.id = t.product)",
	/* What is not listed is found by who names it, as in the list of products. */
	.list_default = "({mine} or exists (select 1 from products p left join products o on o.id = p.parent"
			" where p.id = t.product and p.listed and o.listed is not false))",
	.ordering = "position",
	RESOURCE_WRITTEN_BY(STAFF),
	.before_write = complete_url,
};

/* errno has the reason: no space, no rights, no such directory. */
static enum problem cannot_store(struct context *cx)
{
	int why = errno;

	if (*cx->config->media_dir)
		log_error(cx->request->request_id, "setting MEDIA_DIR: cannot write to %s: %s", cx->config->media_dir,
			  strerror(why));
	else
		log_error(cx->request->request_id, "setting MEDIA_DIR is not set: images cannot be uploaded");
	return error_set(&cx->error, cx->arena, PROBLEM_UNAVAILABLE, "Images cannot be stored at the moment.");
}

/* --- the form */

struct upload {
	bool given;
	struct str name, digest;
	struct image image;
};

static enum problem take_upload(struct context *cx, struct str bytes, struct upload *u)
{
	enum error_code wrong;

	if (bytes.n > UPLOAD_IMAGE_BYTES_MAX)
		return error_set(&cx->error, cx->arena, PROBLEM_TOO_LARGE, "An image may have at most %d bytes.",
				 UPLOAD_IMAGE_BYTES_MAX);
	u->given = true;
	wrong = image_read(cx->arena, bytes, &u->image);
	if (wrong) {
		error_add(&cx->error, cx->arena, STR("/image"), wrong);
		return PROBLEM_NONE; /* recorded; there may be more */
	}
	u->name = image_file_name(cx->arena, &u->image);
	u->digest = image_digest(cx->arena, &u->image);
	return PROBLEM_NONE;
}

/*
 * A form has only text: what looks like a number, boolean or null becomes one, including the spellings of Python and
 * JavaScript.
 */
static void write_part(struct json_out *o, const struct form_part *part)
{
	bool is_text = str_is(part->name, "alt_text") || str_is(part->name, "status") || str_is(part->name, "comments");
	struct str typed = text_trim(part->content);
	int64_t number;

	json_key_str(o, part->name);
	if (!is_text && str_to_int(typed, &number))
		json_int(o, number);
	else if (!is_text && (str_eq_nocase(typed, STR("true")) || str_eq_nocase(typed, STR("false"))))
		json_bool(o, str_eq_nocase(typed, STR("true")));
	else if (!is_text && str_is(typed, "null"))
		json_null(o);
	else
		json_str(o, part->content);
}

/* Convert the parts to a JSON body for the engine, and find the upload. */
static enum problem read_form(struct context *cx, struct str *body, struct upload *u)
{
	struct buf b = buf_new(cx->arena, 1024, 2 * BODY_BYTES_MAX);
	struct json_out o = json_out(&b);
	struct form form;
	enum problem problem = form_parse(cx->arena, cx->request->body, cx->request->boundary, &form, &cx->error);

	json_open(&o, '{');
	for (size_t i = 0; !problem && i < form.parts_n; i++) {
		const struct form_part *part = &form.parts[i];
		const struct field *f = resource_find_field(&product_image, part->name);

		/* Browsers send empty fields too. */
		if (part->content.n == 0)
			continue;
		if (str_is(part->name, "image"))
			problem = take_upload(cx, part->content, u);
		else if (text_is_utf8(part->content))
			write_part(&o, part);
		else
			error_add(&cx->error, cx->arena, body_pointer(cx->arena, STR(""), part->name),
				  f && caller_may(&cx->caller, f->write) ? ERROR_INVALID_UTF8 : ERROR_UNKNOWN_FIELD);
	}
	json_close(&o, '}');
	*body = buf_str(&b);
	if (!problem && b.overflow)
		problem = error_set(&cx->error, cx->arena, PROBLEM_TOO_LARGE, NULL);
	return problem;
}

/* --- */

/* Either a file or a URL. */
static void check_source(struct context *cx, struct values *v, const struct upload *u)
{
	bool has_url = values_find(v, "url")->given;

	if (u->given && has_url)
		error_add(&cx->error, cx->arena, STR("/url"), ERROR_IMAGE_OR_URL);
	else if (!u->given && !has_url)
		error_add(&cx->error, cx->arena, STR("/image"), ERROR_IMAGE_REQUIRED);
}

static void set(struct values *v, const char *name, struct str text)
{
	struct value *slot = values_find(v, name);

	slot->given = true;
	slot->text = text;
}

static enum problem write_and_commit(struct context *cx, struct values *v, const struct upload *u)
{
	enum problem problem;
	struct idempotent once;

	if (u->given) {
		set(v, "file", u->name);
		set(v, "image", u->digest);
		set(v, "width", str_fmt(cx->arena, "%u", u->image.width));
		set(v, "height", str_fmt(cx->arena, "%u", u->image.height));
	}
	problem = resource_insert(cx, v, &once);
	if (problem)
		return problem;
	/* Last: if the result of COMMIT is lost, a file without a row is better than the reverse. */
	if (u->given && !once.replayed && !file_create(cx->arena, cx->config->media_dir, u->name, 0644, u->image.bytes))
		return context_end(cx, cannot_store(cx));
	problem = context_end(cx, PROBLEM_NONE);
	cx->wake_images = !problem && u->given;
	return problem;
}

/* The product has the picture already: respond with that one. 404 if it has been deleted meanwhile. */
static enum problem answer_same(struct context *cx, struct values *v, const struct upload *u)
{
	struct image_same_row row;
	enum problem problem = context_begin(cx);

	if (!problem)
		problem = query_image_same(cx, &row, .product = values_find(v, "product")->text, .digest = u->digest);
	if (!problem && !row.found)
		problem = error_set(&cx->error, cx->arena, PROBLEM_NOT_FOUND, NULL);
	else if (!problem) {
		problem = resource_may_write(cx, &product_image, row.id);
		if (problem == PROBLEM_NOT_FOUND)
			problem = error_set(&cx->error, cx->arena, PROBLEM_FORBIDDEN, NULL);
	}
	if (!problem)
		problem = resource_answer(cx, &product_image, row.id, 200);
	return context_end(cx, problem);
}

static bool is_taken(const struct context *cx)
{
	return cx->error.problem == PROBLEM_CONFLICT && cx->error.items_n == 1 &&
	       str_is(cx->error.items[0].pointer, "/image");
}

/* The row and the file are written, or the same picture is found; who deletes that one between the two loses. */
static enum problem create_or_find(struct context *cx, struct values *v, const struct upload *u)
{
	enum { TRIES = 3 };
	enum problem problem = write_and_commit(cx, v, u);

	for (int i = 1; i < TRIES && problem && is_taken(cx); i++) {
		cx->error = (struct error){ 0 };
		problem = answer_same(cx, v, u);
		if (problem != PROBLEM_NOT_FOUND)
			break;
		cx->error = (struct error){ 0 };
		problem = write_and_commit(cx, v, u);
	}
	return problem;
}

/* POST /product-images: JSON with a url, or a form with an image or a url. */
static enum problem image_create(struct context *cx)
{
	struct str body = cx->request->body;
	struct upload upload = { .given = false };
	struct values v;
	enum problem problem = idempotency_check(cx, IDEMPOTENCY_OPTIONAL);

	if (!problem && cx->request->media == MEDIA_FORM_DATA)
		problem = read_form(cx, &body, &upload);
	if (problem)
		return problem;
	problem = resource_check_new(cx, &product_image, body, &v);
	if (problem && problem != PROBLEM_VALIDATION)
		return problem;
	check_source(cx, &v, &upload);
	return cx->error.problem ? cx->error.problem : create_or_find(cx, &v, &upload);
}

static const struct route routes[] = {
	{ METHOD_GET, "", ANYONE, resource_list, &product_image, "The images; product= filters by product." },
	{ METHOD_POST, "", STAFF, image_create, &product_image,
	  "Add an upload (multipart/form-data) or a URL; 200 with the one there is if the product has the same file "
	  "already.",
	  .takes_form = true, .answer = ANSWER_OBJECT, .statuses = { 200, 201 }, .headers = HEADER_KEY },
	{ METHOD_GET, "/{id}", ANYONE, resource_get, &product_image, "One image." },
	RESOURCE_OBJECT_ROUTES(&product_image, STAFF, STAFF),
};

int main(int argc, char **argv)
{
	static const struct group product_images = GROUP("product-images", routes);
	return app_run(&product_images, argc, argv);
}

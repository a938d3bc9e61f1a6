/*
 * load-demo: fill a shop with the demonstration catalogue, the data files in the directory `demo` near shopctl.
 *
 * demo/catalogue.json is one object with two lists: `stores`, and `categories` of all stores. A store has `categories`
 * and `products`, a category has `subcategories`, a product has `variants`; each has a name, from which its slug is
 * made, and members named as in the API, except:
 * - a store's tax_rate applies to its products;
 * - a product names its category and subcategory by slug, and `stock` is its opening stock;
 * - a variant has sku, price, stock and options of its own; its name is appended to the product's.
 *
 * demo/pictures/<sku>.png is the product's picture.
 */
#include "tools/shopctl/shopctl.h"

#include <unistd.h>
#include "core/base/file.h"
#include "core/base/near.h"
#include "core/base/text.h"
#include "core/image/image.h"
#include "core/json/json.h"
#include "queries.h"

enum { CATALOGUE_BYTES_MAX = 256 * 1024, PICTURE_BYTES_MAX = 64 * 1024 };

/* An object of the catalogue. */
struct item {
	const struct json *json;
	const char *name;
	struct str object, slug; /* what its row is made of */
	struct str id;           /* of the row, once it is there */
};

struct written {
	const char *path;
	struct written *next;
};

struct demo {
	struct shopctl *ctl;
	const char *directory;
	struct item catalogue;
	struct str slugs;      /* of the stores: "a,b" */
	struct written *files; /* in MEDIA_DIR */
	struct db_scope owner;
	int stores, categories, subcategories, products, variants, pictures;
};

/* --- the data files */

/* *path is that of the file. EX_OK, or the complaint's code. */
static int read_data(struct demo *d, const char *name, size_t bytes_max, const char **path, struct str *content)
{
	*path = str_fmt(d->ctl->arena, "%s/%s", d->directory, name).p;
	if (file_read(d->ctl->arena, *path, bytes_max, content))
		return EX_OK;
	return report_error(EX_NOINPUT, "cannot read %s: %m", *path);
}

static int read_catalogue(struct demo *d)
{
	const char *path;
	struct str text;

	d->directory = near_directory(d->ctl->arena, "", "demo");
	if (!d->directory)
		return report_error(EX_NOINPUT, "there is no directory demo near shopctl; put it beside bin");
	int code = read_data(d, "catalogue.json", CATALOGUE_BYTES_MAX, &path, &text);
	if (code)
		return code;
	if (json_parse(d->ctl->arena, text, &d->catalogue.json, &d->owner.error))
		return report_error(EX_DATAERR, "%s: %.*s", path, STR_ARG(d->owner.error.detail));
	if (json_kind(d->catalogue.json) != JSON_OBJECT)
		return report_error(EX_DATAERR, "%s: it is not an object", path);
	return EX_OK;
}

/* Make a row of an item, and rows of the items inside it. EX_OK, or the complaint's code. */
typedef int maker(struct demo *d, struct item *item, const struct item *parent);

/* Call make for each item of an optional list of the parent. */
static int each(struct demo *d, const struct item *parent, const char *list, maker *make)
{
	const struct json *items = json_get(parent->json, list);
	struct arena *a = d->ctl->arena;
	bool ok = !items || json_kind(items) == JSON_ARRAY;
	int code = EX_OK;

	for (size_t i = 0; items && ok && !code && i < json_count(items); i++) {
		struct item item = { .json = json_item(items, i) };
		ok = json_kind(item.json) == JSON_OBJECT;
		item.name = ok ? str_to_z(a, json_get_text(item.json, "name")) : "";
		item.object = json_print(a, item.json);
		item.slug = text_slugify(a, str_z(item.name));
		ok = item.slug.n;
		if (ok)
			code = make(d, &item, parent);
	}
	return ok ? code
		  : report_error(EX_DATAERR, "%s/catalogue.json: %s are not a list of objects with names", d->directory,
				 list);
}

/* --- the rows */

/* What came of inserting it; id is the row's, and unset after a problem. */
static int inserted(struct demo *d, struct item *item, enum problem problem, const struct str *id)
{
	switch ((int)problem) {
	case PROBLEM_NONE:
		item->id = *id;
		return EX_OK;
	case PROBLEM_CONFLICT:
		return report_error(EX_DATAERR, "%s already exists; the examples need an empty shop", item->name);
	case PROBLEM_NOT_FOUND:
		return report_error(EX_DATAERR,
				    "%s/catalogue.json: %s names a category or subcategory that does not exist",
				    d->directory, item->name);
	default:
		return report_database_error(d->ctl, d->ctl->owner,
					     str_fmt(d->ctl->arena, "%s was not created", item->name).p);
	}
}

static int make_subcategory(struct demo *d, struct item *item, const struct item *category)
{
	struct demo_subcategory_row row;
	enum problem problem = query_demo_subcategory(&d->owner, &row, .object = item->object, .slug = item->slug,
						      .position = ++d->subcategories, .category = category->id);

	return inserted(d, item, problem, &row.id);
}

static int make_category(struct demo *d, struct item *item, const struct item *parent)
{
	struct demo_category_row row;
	enum problem problem = query_demo_category(&d->owner, &row, .object = item->object, .slug = item->slug,
						   .position = ++d->categories, .store_slug = parent->slug);
	int code = inserted(d, item, problem, &row.id);

	return code ? code : each(d, item, "subcategories", make_subcategory);
}

static int make_store(struct demo *d, struct item *item, const struct item *catalogue UNUSED)
{
	struct store_create_row row;
	enum problem problem = query_store_create(&d->owner, &row, .object = item->object, .slug = item->slug);
	int code = inserted(d, item, problem, &row.id);

	d->stores++;
	return code ? code : each(d, item, "categories", make_category);
}

static int make_stock(struct demo *d, const struct item *item)
{
	const struct json *stock = json_get(item->json, "stock");
	int64_t n;

	if (!stock)
		return EX_OK;
	if (json_kind(stock) != JSON_INTEGER || !json_int64(stock, &n))
		return report_error(EX_DATAERR, "%s/catalogue.json: the stock of %s is not an integer", d->directory,
				    item->name);
	if (query_demo_stock(&d->owner, .product = item->id, .delta = n))
		return report_database_error(d->ctl, d->ctl->owner,
					     str_fmt(d->ctl->arena, "the stock of %s was not created", item->name).p);
	return EX_OK;
}

static int make_variant(struct demo *d, struct item *item, const struct item *product)
{
	struct str name = str_fmt(d->ctl->arena, "%s, %s", product->name, item->name);
	struct demo_variant_row row;

	item->name = name.p;
	item->slug = text_slugify(d->ctl->arena, name);
	enum problem problem = query_demo_variant(&d->owner, &row, .object = item->object, .slug = item->slug,
						  .name = name, .position = ++d->variants, .product = product->id);
	int code = inserted(d, item, problem, &row.id);
	return code ? code : make_stock(d, item);
}

/* --- the pictures */

static int make_picture(struct demo *d, const struct item *product)
{
	struct arena *a = d->ctl->arena;
	struct written *file = arena_alloc(a, sizeof(*file));
	struct str bytes, sku = json_get_text(product->json, "sku");
	struct image image;
	const char *path;

	int code = read_data(d, str_fmt(a, "pictures/%.*s.png", STR_ARG(sku)).p, PICTURE_BYTES_MAX, &path, &bytes);
	if (code)
		return code;
	enum error_code wrong = image_read(a, bytes, &image);
	if (wrong) {
		struct str why = error_sentence(a, wrong, NULL, 0);
		return report_error(EX_DATAERR, "%s: %.*s", path, STR_ARG(why));
	}

	struct str name = image_file_name(a, &image);
	path = str_fmt(a, "%s/%s", d->ctl->config.media_dir, name.p).p;
	if (!file_create(a, d->ctl->config.media_dir, name, 0644, image.bytes))
		return report_error(EX_CANTCREAT, "cannot write %s: %m; nothing was changed", path);
	*file = (struct written){ path, d->files };
	d->files = file;
	d->pictures++;

	if (query_demo_image(&d->owner, .product = product->id, .alt_text = str_z(product->name), .file = name,
			     .digest = image_digest(a, &image), .width = image.width, .height = image.height))
		return report_database_error(d->ctl, d->ctl->owner, "a picture was not added");
	return EX_OK;
}

static void remove_pictures(const struct demo *d)
{
	for (const struct written *file = d->files; file; file = file->next)
		unlink(file->path);
}

/* --- all of it */

static int make_product(struct demo *d, struct item *item, const struct item *store)
{
	struct demo_product_row row;
	enum problem problem =
		query_demo_product(&d->owner, &row, .object = item->object, .slug = item->slug,
				   .store_slug = store->slug, .tax_rate = json_get_text(store->json, "tax_rate"));
	int code = inserted(d, item, problem, &row.id);

	d->products++;
	if (!code)
		code = make_stock(d, item);
	if (!code)
		code = make_picture(d, item);
	return code ? code : each(d, item, "variants", make_variant);
}

/* Once all categories are there. */
static int make_products(struct demo *d, struct item *store, const struct item *catalogue UNUSED)
{
	return each(d, store, "products", make_product);
}

static int make_all(struct demo *d)
{
	int code = each(d, &d->catalogue, "stores", make_store);

	if (!code)
		code = each(d, &d->catalogue, "categories", make_category);
	return code ? code : each(d, &d->catalogue, "stores", make_products);
}

static int add_slug(struct demo *d, struct item *store, const struct item *catalogue UNUSED)
{
	d->slugs = str_fmt(d->ctl->arena, "%.*s%s%.*s", STR_ARG(d->slugs), d->slugs.n ? "," : "", STR_ARG(store->slug));
	return EX_OK;
}

/* In the transaction: does the demonstration catalogue exist? Concurrent runs wait here. */
static int look(struct demo *d, bool *there)
{
	struct arena *a = d->ctl->arena;
	struct demo_exists_row row;

	int code = each(d, &d->catalogue, "stores", add_slug);
	if (code)
		return code;
	if (db_begin(d->ctl->owner, a, NULL, STR("shopctl"), &d->owner.error) ||
	    db_script(d->ctl->owner, a, "lock table stores in share row exclusive mode", DB_WRITE_MS_MAX,
		      &d->owner.error) ||
	    query_demo_exists(&d->owner, &row, .slugs = str_fmt(a, "{%.*s}", STR_ARG(d->slugs))))
		return report_database_error(d->ctl, d->ctl->owner, "the examples were not created");
	*there = row.is_there;
	return EX_OK;
}

static int report(const struct demo *d, bool there)
{
	struct buf json;

	if (wants_json(d->ctl)) {
		struct json_out o = open_json(d->ctl, &json);
		json_put_bool(&o, "loaded", !there);
		json_put_int(&o, "products", d->products);
		json_put_int(&o, "variants", d->variants);
		json_put_int(&o, "pictures", d->pictures);
		json_close(&o, '}');
		return print_json(&json);
	}
	if (there)
		printf("the examples already exist; nothing was changed\n");
	else
		printf("made %d stores, %d categories, %d subcategories, %d products, %d variants, %d pictures\n",
		       d->stores, d->categories, d->subcategories, d->products, d->variants, d->pictures);
	return EX_OK;
}

int command_load_demo(struct shopctl *ctl)
{
	struct demo d = { .ctl = ctl, .owner = { .db = ctl->owner, .arena = ctl->arena } };
	bool there = false;

	if (!ctl->config.media_dir[0])
		return report_error(EX_CONFIG, "MEDIA_DIR is not set; the pictures go there");
	int code = read_catalogue(&d);
	if (!code)
		code = require_migrated(ctl);
	if (!code)
		code = look(&d, &there);
	if (!code && !there)
		code = make_all(&d);
	if (code) {
		db_rollback(ctl->owner);
		remove_pictures(&d);
		return code;
	}
	/* If the result of the commit is lost, it may have happened: keep the pictures. */
	if (db_commit(ctl->owner, ctl->arena, &d.owner.error))
		return report_database_error(ctl, ctl->owner, "the examples may not have been created");
	if (!there)
		analyze_catalogue(ctl);
	return report(&d, there);
}

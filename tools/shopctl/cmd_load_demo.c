#include "tools/shopctl/shopctl.h"

#include <errno.h>
#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/text.h"
#include "core/crypto/crypto.h"
#include "queries.h"
#include "tools/shopctl/picture.h"

enum demo_kind { DEMO_STORE, DEMO_CATEGORY, DEMO_SUBCATEGORY, DEMO_PRODUCT, DEMO_VARIANT };

/* A line of demo.def; what its kind does not have is NULL. */
struct demo_line {
	enum demo_kind kind;
	const char *key; /* of a store or category; SKU; what a subcategory belongs to */
	const char *name, *description;
	const char *store, *category, *subcategory;
	const char *price, *price_before, *weight, *attributes;
	int stock;
	/* of a store */
	const char *currency, *timezone, *tax_rate, *email, *phone, *address;
	bool prices_include_tax;
};

static const struct demo_line lines[] = {
#define STORE(key_, name_, description_, currency_, timezone_, with_tax, rate, email_, phone_, address_) \
	{ .kind = DEMO_STORE,                                                                            \
	  .key = key_,                                                                                   \
	  .name = name_,                                                                                 \
	  .description = description_,                                                                   \
	  .currency = currency_,                                                                         \
	  .timezone = timezone_,                                                                         \
	  .prices_include_tax = with_tax,                                                                \
	  .tax_rate = rate,                                                                              \
	  .email = email_,                                                                               \
	  .phone = phone_,                                                                               \
	  .address = address_ },
#define CATEGORY(key_, store_, name_, description_) \
	{ .kind = DEMO_CATEGORY, .key = key_, .store = store_, .name = name_, .description = description_ },
#define SUBCATEGORY(category_, name_) { .kind = DEMO_SUBCATEGORY, .key = category_, .name = name_ },
#define PRODUCT(store_, category_, subcategory_, sku, name_, price_, before, stock_, weight_, attributes_, \
		description_)                                                                              \
	{ .kind = DEMO_PRODUCT,                                                                            \
	  .key = sku,                                                                                      \
	  .name = name_,                                                                                   \
	  .description = description_,                                                                     \
	  .store = store_,                                                                                 \
	  .category = category_,                                                                           \
	  .subcategory = subcategory_,                                                                     \
	  .price = price_,                                                                                 \
	  .price_before = before,                                                                          \
	  .stock = stock_,                                                                                 \
	  .weight = weight_,                                                                               \
	  .attributes = attributes_ },
#define VARIANT(sku, name_, price_, stock_, attributes_) \
	{ .kind = DEMO_VARIANT,                          \
	  .key = sku,                                    \
	  .name = name_,                                 \
	  .price = price_,                               \
	  .stock = stock_,                               \
	  .attributes = attributes_ },
#include "tools/shopctl/demo.def"
#undef STORE
#undef CATEGORY
#undef SUBCATEGORY
#undef PRODUCT
#undef VARIANT
};

enum { LINES_N = ARRAY_LEN(lines), FILE_NAME_RANDOM_BYTES = 16, PICTURE_ARENA_BYTES_MAX = 8 * 1024 * 1024 };

struct demo {
	struct shopctl *ctl;
	const char *ids[LINES_N];   /* of the rows that were made of the lines */
	const char *files[LINES_N]; /* paths of the pictures, NULL where there is none */
	struct error err;
	int made[DEMO_VARIANT + 1];
	int pictures;
};

/* The line of that kind and key; LINES_N for none. A subcategory is found by its name. */
static size_t line_find(enum demo_kind kind, const char *key)
{
	size_t i = 0;

	while (key && i < LINES_N &&
	       (lines[i].kind != kind || !str_is(str_z(key), kind == DEMO_SUBCATEGORY ? lines[i].name : lines[i].key)))
		i++;
	return key ? i : LINES_N;
}

static const char *id_of(const struct demo *d, enum demo_kind kind, const char *key)
{
	size_t i = line_find(kind, key);

	return i < LINES_N ? d->ids[i] : NULL;
}

static const char *slug_of(const struct demo *d, const char *name)
{
	return text_slugify(d->ctl->arena, str_z(name)).p;
}

/* Make a row, and keep its id. */
static enum problem insert(struct demo *d, size_t line, const struct query *q, const struct params *p)
{
	struct rows row;

	enum problem problem = db_one(d->ctl->owner, d->ctl->arena, q, p, &row, &d->err);
	if (problem)
		return problem;
	d->ids[line] = str_to_z(d->ctl->arena, db_value(&row, 0, 0));
	d->made[lines[line].kind]++;
	return PROBLEM_NONE;
}

static enum problem insert_store(struct demo *d, size_t i)
{
	const struct demo_line *l = &lines[i];
	struct params p = { .values = { l->name, slug_of(d, l->name), l->description, l->currency, l->timezone,
					l->prices_include_tax ? "true" : "false", l->email, l->phone, l->address },
			    .n = 9 };

	return insert(d, i, &query_demo_store, &p);
}

static enum problem insert_category(struct demo *d, size_t i)
{
	const struct demo_line *l = &lines[i];
	struct params p = { .values = { l->name, slug_of(d, l->name), l->description, id_of(d, DEMO_STORE, l->store) },
			    .n = 4 };

	db_bind(&p, d->ctl->arena, str_fmt(d->ctl->arena, "%d", d->made[DEMO_CATEGORY] + 1));
	return insert(d, i, &query_demo_category, &p);
}

static enum problem insert_subcategory(struct demo *d, size_t i)
{
	const struct demo_line *l = &lines[i];
	struct params p = { .values = { l->name, slug_of(d, l->name), id_of(d, DEMO_CATEGORY, l->key) }, .n = 3 };

	db_bind(&p, d->ctl->arena, str_fmt(d->ctl->arena, "%d", d->made[DEMO_SUBCATEGORY] + 1));
	return insert(d, i, &query_demo_subcategory, &p);
}

static enum problem insert_stock(struct demo *d, size_t i)
{
	struct params p = { .values = { d->ids[i] }, .n = 1 };

	if (lines[i].stock == 0)
		return PROBLEM_NONE;
	db_bind(&p, d->ctl->arena, str_fmt(d->ctl->arena, "%d", lines[i].stock));
	return db_run(d->ctl->owner, d->ctl->arena, &query_demo_stock, &p, NULL, &d->err);
}

/* A product, or a variant of the product `main`, whose place in the shop it takes over. */
static enum problem insert_product(struct demo *d, size_t i, size_t main)
{
	const struct demo_line *l = &lines[i], *m = &lines[main];
	const char *name = i == main ? l->name : str_fmt(d->ctl->arena, "%s, %s", m->name, l->name).p;
	struct params p = {
		.values = { l->key, name, slug_of(d, name), m->description, id_of(d, DEMO_STORE, m->store),
			    id_of(d, DEMO_CATEGORY, m->category), id_of(d, DEMO_SUBCATEGORY, m->subcategory),
			    i == main ? NULL : d->ids[main], l->price, i == main ? l->price_before : NULL,
			    lines[line_find(DEMO_STORE, m->store)].tax_rate, m->weight, l->attributes },
		.n = 13,
	};

	enum problem problem = insert(d, i, &query_demo_product, &p);
	return problem ? problem : insert_stock(d, i);
}

/* All of the file or nothing; it belongs to whom the directory belongs, so that uploads and these are alike. */
static bool write_file(const char *directory, const char *path, const char *unfinished, struct str content)
{
	struct stat st;
	int fd = open(unfinished, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0644);

	if (fd < 0)
		return false;
	bool ok = write(fd, content.p, content.n) == (ssize_t)content.n;
	if (ok && geteuid() == 0 && stat(directory, &st) == 0)
		ok = fchown(fd, st.st_uid, st.st_gid) == 0;
	ok = close(fd) == 0 && ok && rename(unfinished, path) == 0;
	if (!ok)
		unlink(unfinished);
	return ok;
}

/* Drawing takes a megabyte and a half; each picture gives it back. */
static bool draw(const struct demo *d, size_t i, const char *path)
{
	struct arena scratch;

	arena_init(&scratch, PICTURE_ARENA_BYTES_MAX);
	struct str png =
		picture_png(&scratch, (unsigned)line_find(DEMO_CATEGORY, lines[i].category), str_z(lines[i].key));
	bool ok = write_file(d->ctl->config.media_dir, path, str_fmt(&scratch, "%s.tmp", path).p, png);
	int error = errno;
	arena_free(&scratch);
	errno = error;
	return ok;
}

static int add_picture(struct demo *d, size_t i)
{
	struct arena *a = d->ctl->arena;
	char random[FILE_NAME_RANDOM_BYTES];

	crypto_random(random, sizeof(random));
	struct str name = str_fmt(a, "%.*s.png", STR_ARG(crypto_hex(a, random, sizeof(random))));
	const char *path = str_fmt(a, "%s/%s", d->ctl->config.media_dir, name.p).p;
	if (!draw(d, i, path))
		return complain(EX_CANTCREAT, "cannot write %s: %m; nothing was changed", path);
	d->files[i] = path;
	d->pictures++;

	struct str side = str_fmt(a, "%d", PICTURE_SIDE);
	struct params p = { .values = { d->ids[i], lines[i].name, name.p, side.p, side.p }, .n = 5 };
	if (db_run(d->ctl->owner, a, &query_demo_image, &p, NULL, &d->err))
		return complain_of_database(d->ctl, d->ctl->owner, "a picture was not added");
	return EX_OK;
}

static int complain_of_line(struct demo *d, size_t i, enum problem problem)
{
	if (problem == PROBLEM_CONFLICT)
		return complain(EX_DATAERR, "there is something called %s already; the examples need an empty shop",
				lines[i].name);
	return complain_of_database(d->ctl, d->ctl->owner, str_fmt(d->ctl->arena, "%s was not made", lines[i].name).p);
}

static int insert_all(struct demo *d)
{
	size_t product = LINES_N;

	for (size_t i = 0; i < LINES_N; i++) {
		enum problem problem = PROBLEM_NONE;
		switch (lines[i].kind) {
		case DEMO_STORE:
			problem = insert_store(d, i);
			break;
		case DEMO_CATEGORY:
			problem = insert_category(d, i);
			break;
		case DEMO_SUBCATEGORY:
			problem = insert_subcategory(d, i);
			break;
		case DEMO_PRODUCT:
			product = i;
			problem = insert_product(d, i, i);
			break;
		case DEMO_VARIANT:
			problem = insert_product(d, i, product);
			break;
		}
		if (problem)
			return complain_of_line(d, i, problem);
		int code = lines[i].kind == DEMO_PRODUCT ? add_picture(d, i) : EX_OK;
		if (code)
			return code;
	}
	return EX_OK;
}

/* In the transaction: is the demonstration there? Two at once wait for each other here. */
static int look(struct demo *d, bool *there)
{
	struct arena *a = d->ctl->arena;
	struct params p = { 0 };
	struct rows row;

	db_bind(&p, a, str_fmt(a, "{%s,%s}", slug_of(d, lines[0].name), slug_of(d, lines[1].name)));
	if (db_begin(d->ctl->owner, a, NULL, STR("shopctl"), &d->err) ||
	    db_script(d->ctl->owner, a, "lock table stores in share row exclusive mode", DB_WRITE_MS_MAX, &d->err) ||
	    db_one(d->ctl->owner, a, &query_demo_exists, &p, &row, &d->err))
		return complain_of_database(d->ctl, d->ctl->owner, "the examples were not made");
	*there = db_true(&row, 0, 0);
	return EX_OK;
}

static int report(const struct demo *d, bool there)
{
	struct buf json;
	int products = d->made[DEMO_PRODUCT], variants = d->made[DEMO_VARIANT];

	if (wants_json(d->ctl)) {
		struct json_out o = open_json(d->ctl, &json);
		json_key(&o, "loaded");
		json_bool(&o, !there);
		json_key(&o, "products");
		json_int(&o, products);
		json_key(&o, "variants");
		json_int(&o, variants);
		json_key(&o, "pictures");
		json_int(&o, d->pictures);
		json_close(&o, '}');
		return print_json(&json);
	}
	if (there)
		printf("the examples are there already; nothing was changed\n");
	else
		printf("made %d stores, %d categories, %d subcategories, %d products, %d variants, %d pictures\n",
		       d->made[DEMO_STORE], d->made[DEMO_CATEGORY], d->made[DEMO_SUBCATEGORY], products, variants,
		       d->pictures);
	return EX_OK;
}

static void remove_pictures(const struct demo *d)
{
	for (size_t i = 0; i < LINES_N; i++)
		if (d->files[i])
			unlink(d->files[i]);
}

int command_load_demo(struct shopctl *ctl)
{
	struct demo d = { .ctl = ctl };
	bool there = false;

	if (!ctl->config.media_dir[0])
		return complain(EX_CONFIG, "MEDIA_DIR is not set; the pictures go there");
	int code = require_migrated(ctl);
	if (!code)
		code = look(&d, &there);
	if (!code && !there)
		code = insert_all(&d);
	if (code) {
		db_rollback(ctl->owner);
		remove_pictures(&d);
		return code;
	}
	/* Whether a commit happened whose answer was lost is not known: the pictures stay. */
	if (db_commit(ctl->owner, ctl->arena, &d.err))
		return complain_of_database(ctl, ctl->owner, "the examples were perhaps not made");
	return report(&d, there);
}

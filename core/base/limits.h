/*
 * Every limit of the program, in one place. Names carry their unit. A request
 * that exceeds a limit is refused with the problem named beside it.
 */
#ifndef CGISHOP_BASE_LIMITS_H
#define CGISHOP_BASE_LIMITS_H

enum {
	/* Memory */
	ARENA_BLOCK_BYTES = 32 * 1024,
	ARENA_BYTES_MAX = 48 * 1024 * 1024, /* one request; 503 when exceeded */

	/* Requests */
	BODY_BYTES_MAX = 1024 * 1024,            /* JSON; 413 */
	ITEMS_BODY_BYTES_MAX = 4 * 1024 * 1024,  /* a list of objects, for routes that take one; 413 */
	BULK_ITEMS_MAX = 1000,                   /* objects of such a list; 413 */
	UPLOAD_BODY_BYTES_MAX = 6 * 1024 * 1024, /* multipart/form-data; 413 */
	UPLOAD_IMAGE_BYTES_MAX = 5 * 1024 * 1024,
	IMAGE_TEXT_BYTES_MAX = 8 * 1000 * 1000, /* unpacked, as libpng has it */
	IMAGE_PIXELS_SIDE_MAX = 12000,
	IMAGE_PIXELS_MAX = 50 * 1000 * 1000,
	IMAGE_SCANS_MAX = 100,             /* of a JPEG: each of them takes the time of all its pixels */
	PATH_BYTES_MAX = 1024,             /* 404 */
	PATH_SEGMENTS_MAX = 8,             /* 404 */
	QUERY_BYTES_MAX = 8 * 1024,        /* 400 */
	QUERY_PARAMS_MAX = 64,             /* 400 */
	HEADER_VALUE_BYTES_MAX = 4 * 1024, /* a longer one counts as absent */
	REQUEST_ID_BYTES_MAX = 64,
	BODY_READ_S_MAX = 20, /* from the first to the last byte of a body; 400 */

	/* JSON */
	JSON_DEPTH_MAX = 16,
	JSON_NUMBER_BYTES_MAX = 40,
	JSON_EXPONENT_MAX = 308, /* of either sign: the range of a double */
	JSON_MEMBERS_MAX = 2000, /* of one object or array */
	JSON_VALUES_MAX = 20000, /* in total: a tree of them costs memory */

	/* Forms */
	FORM_URLENCODED_BYTES_MAX = 8 * 1024, /* application/x-www-form-urlencoded; 413 */
	FORM_PARTS_MAX = 16,
	FORM_PART_HEADER_BYTES_MAX = 2 * 1024,
	FORM_BOUNDARY_BYTES_MAX = 70, /* RFC 2046, 5.1.1 */

	/* Answers */
	RESPONSE_BYTES_MAX = 16 * 1024 * 1024,
	RESPONSE_HEADERS_MAX = 32,
	ERROR_ITEMS_MAX = 50, /* broken rules named in one problem */

	/* Lists */
	PAGE_SIZE_DEFAULT = 20,
	PAGE_SIZE_MAX = 100,
	PAGE_NUMBER_MAX = 100,
	ORDERING_KEYS_MAX = 4,
	CURSOR_BYTES_MAX = 2 * 1024,
	LIST_ROW_BYTES_MAX = 144 * 1024,          /* a longer one is shortened; PAGE_SIZE_MAX of them fit a response */
	LIST_VALUE_BYTES_MAX = 128 * 1024,        /* JSON in a row of a list; a longer one is null */
	SINGLE_VALUE_BYTES_MAX = 4 * 1024 * 1024, /* the same of a single object */
	SEARCH_CHARS_MAX = 200,
	SEARCH_WORDS_MAX = 10,
	FILTER_NAMES_MAX = 50, /* ids and slugs of one filter, or values */
	FILTER_IDS_MAX = 100,
	LIST_COUNT_MAX = 10000, /* rows that count=exact counts */
	FACET_FILTERS_MAX = 20,
	FACET_PRODUCTS_MAX = 10000, /* whose facets are counted */

	/* Exports */
	EXPORT_ROWS_MAX = 2000,              /* of one page; rows are shorter than 5 KiB, so that they fit a response */
	EXPORT_PRODUCTS_MAX = 200,           /* of one page */
	EXPORT_PAGE_BYTES = 4 * 1024 * 1024, /* no further product once a page is longer */
	EXPORT_TAX_DAYS_MAX = 366,
	FEED_ITEMS_MAX = 1000,    /* of one page of a feed */
	SITEMAP_URLS_MAX = 10000, /* of one page of a sitemap, which may have 50,000 */
	FEED_PAGES_MAX = 1000,

	/* Fields */
	COUNTRIES_MAX = 250, /* of one list of country codes: more than exist */

	/* Categories */
	CATEGORY_LEVELS_MAX = 10,
	CATEGORY_TREE_NODES_MAX = 20000, /* of one answer; 422 */
	PRODUCT_CATEGORIES_MAX = 50,
	PRODUCT_OPTIONS_MAX = 6,

	/* Orders */
	ORDER_ITEMS_MAX = 200,
	ORDER_QUANTITY_MAX = 10000,
	COUPON_CHARS_MAX = 40,
	IDEMPOTENCY_KEY_BYTES_MAX = 255,
	IDEMPOTENCY_KEY_ANONYMOUS_BYTES_MIN = 16,

	/* The database */
	SQL_PARAMS_MAX = 96,
	DB_CONNECT_MS_MAX = 2000,
	DB_BUSY_MS_MAX = 1000, /* of these, for a server that has no connection free */
	DB_BUSY_PAUSE_MS = 40, /* before it is asked again, doubled each time */
	DB_READ_MS_MAX = 2500,
	DB_WRITE_MS_MAX = 8000,

	/* People */
	PASSWORD_CHARS_MIN = 10,
	PASSWORD_BYTES_MAX = 256,
	SCRYPT_WAIT_MS_MAX = 3000, /* for one of SCRYPT_CONCURRENCY slots; 429 */
	TOKEN_RANDOM_BYTES = 32,
	OTP_DIGITS = 6,

	/* Settings */
	ENV_FILE_BYTES_MAX = 64 * 1024,
	ENV_PARENTS_MAX = 6, /* directories above the executable that are searched */
};

#endif

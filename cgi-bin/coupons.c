/*
 * Coupons: discounts on an order. Those of a store, and global ones, which
 * admins create. coupon_check() has the rules between fields, coupon_refused()
 * who may use one: both in sql/functions/coupon.sql.
 */
#include "core/app/app.h"
#include "core/resource/tables.h"

enum { COUPON_GOODS_MAX = 250 };

static const struct field coupon_fields[] = {
	{ WRITABLE("code", FIELD_CODE, STAFF, STAFF), .required = true, .chars_max = COUPON_CHARS_MAX,
	  .filter = FILTER_EQUAL | FILTER_ORDER, .doc = "What shoppers type; unique, ignoring case." },
	{ WRITABLE("description", FIELD_LONG_TEXT, STAFF, STAFF), .chars_max = 1000, .doc = "Its purpose." },
	/* Immutable: its amounts are in the store's currency. */
	{ WRITABLE("store", FIELD_REF, STAFF, STAFF), .refers_to = "stores", .nullable = true, .immutable = true,
	  .filter = FILTER_EQUAL, .doc = "Null: valid in all stores; only admins write it." },
	{ WRITABLE("discount_percent", FIELD_DECIMAL, STAFF, STAFF), .nullable = true, PERCENT,
	  .doc = "Percent off each line; not with discount_amount." },
	{ WRITABLE("discount_amount", FIELD_DECIMAL, STAFF, STAFF), .nullable = true, MONEY,
	  .doc = "Amount off the order, in the store's currency." },
	{ WRITABLE("exclude_sale_items", FIELD_BOOL, STAFF, STAFF),
	  .doc = "Not for products on sale: those charged below their price or compare_at_price." },
	{ WRITABLE("free_shipping", FIELD_BOOL, STAFF, STAFF),
	  .doc = "Whether shipping costs nothing; alone, or with one of these two." },
	{ WRITABLE("products", FIELD_UUIDS, STAFF, STAFF), .items_max = COUPON_GOODS_MAX,
	  .doc = "Products of the store that it is for, with their variants; with both lists empty all goods." },
	{ WRITABLE("categories", FIELD_UUIDS, STAFF, STAFF), .items_max = COUPON_GOODS_MAX,
	  .doc = "Categories that it is for, with all below them." },
	{ WRITABLE("min_order_value", FIELD_DECIMAL, STAFF, STAFF), .nullable = true, MONEY,
	  .doc = "The minimum value of the goods that it is for, in the store's currency." },
	{ WRITABLE("valid_from", FIELD_TIME, STAFF, STAFF), .nullable = true, .doc = "Not valid before this time." },
	{ WRITABLE("valid_to", FIELD_TIME, STAFF, STAFF), .nullable = true, .doc = "Not valid from this time on." },
	{ WRITABLE("usage_limit", FIELD_INTEGER, STAFF, STAFF), .nullable = true, .min = 1, .max = INT32_MAX,
	  .doc = "The number of orders, in total." },
	{ WRITABLE("usage_limit_per_customer", FIELD_INTEGER, STAFF, STAFF), .nullable = true, .min = 1,
	  .max = INT32_MAX,
	  .doc = "The number of orders per customer: an account, a mobile number or an e-mail address." },
	{ WRITABLE("first_order", FIELD_BOOL, STAFF, STAFF),
	  .doc = "Whether it is for a customer's first order only." },
	{ READABLE("used_count", FIELD_INTEGER, STAFF),
	  .sql = "(select u.used_count from coupon_uses u where u.coupon = t.id)",
	  .doc = "The number of orders that used it, without cancelled ones." },
	{ WRITABLE("is_active", FIELD_BOOL, STAFF, STAFF), .filter = FILTER_EQUAL, .doc = "Whether it can be used." },
};

static const struct resource coupon = {
	.name = "coupon",
	.table = "coupons",
	RESOURCE_FIELDS(coupon_fields),
	.store_of = "t.store",
	.search = "t.code ilike {search}",
	.search_is_pattern = true,
	RESOURCE_WRITTEN_BY(STAFF),
};

static const struct route routes[] = {
	RESOURCE_ROUTES(&coupon, STAFF, STAFF, STAFF, "The coupons of the caller's stores; admins: all.",
			"Add a coupon.", "One coupon."),
};

int main(int argc, char **argv)
{
	static const struct group coupons = GROUP("coupons", routes);
	return app_run(&coupons, argc, argv);
}

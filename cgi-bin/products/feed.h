/*
 * What other sites read of a store's products: the feed of Google Merchant
 * (RSS 2.0 with its g: elements) and the sitemap (sitemaps.org). Both have what
 * the public sees in lists.
 */
#ifndef CGISHOP_PRODUCTS_FEED_H
#define CGISHOP_PRODUCTS_FEED_H

#include "core/context/context.h"

/* GET /products/feed.xml: an item for each product and variant that is for sale. FEED_ITEMS_MAX a page. */
handler products_feed;
/*
 * GET /products/sitemap.xml: the pages of the products. Of a store with more than SITEMAP_URLS_MAX it is an index of
 * its pages.
 */
handler products_sitemap;

extern const struct body products_feed_query;

#endif

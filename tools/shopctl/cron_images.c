#include "tools/shopctl/cron.h"
#include "tools/shopctl/images.h"

static bool is_over(void *of)
{
	return cron_is_over(of);
}

/* What uploads have not started, or were cut off in. Without image-sizes there is nothing to do. */
int cron_images(struct cron *c)
{
	struct images m = { .ctl = c->ctl, .is_over = is_over, .of = c };
	int code = images_turn(c->ctl, 0) ? images_make(&m) : EX_OK;

	c->images.made = m.made;
	c->images.failed = m.failed + m.unreadable;
	return code;
}

/* Those of an import: later than their products. Without fetch there is nothing to do. */
int cron_downloads(struct cron *c)
{
	struct images_fetch f = { .ctl = c->ctl, .due = true, .is_over = is_over, .of = c, .end_us = c->end_us };
	int code = images_fetch_turn(c->ctl, 0) ? images_fetch(&f) : EX_OK;

	c->is_cut |= f.is_cut;
	c->downloads.fetched = f.fetched + f.same;
	c->downloads.failed = f.failed;
	return code;
}

#include "tools/shopctl/doctor.h"

#include "core/gateway/gateway.h"

/* Is the method named, and not only because the default names all? */
static bool is_wanted(const struct doctor *d, const struct gateway *g)
{
	struct str names = str_z(d->ctl->config.payment_methods);

	if (str_is(names, config_default("PAYMENT_METHODS")))
		return false;
	while (names.n)
		if (str_is(str_trim(str_cut(&names, ',')), g->name))
			return true;
	return false;
}

static struct str known_names(struct arena *a)
{
	struct str names = STR("");

	for (size_t i = 0; i < gateways_n; i++)
		names = str_fmt(a, "%.*s%s%s", STR_ARG(names), i ? ", " : "", gateways[i]->name);
	return names;
}

static void check_names(struct doctor *d)
{
	struct str names = str_z(d->ctl->config.payment_methods);

	while (names.p) {
		struct str name = str_trim(str_cut(&names, ','));

		if (name.n && !gateway_find(name))
			doctor_note_as(
				d, "payment-methods", DOCTOR_FAIL, "payments",
				str_fmt(d->ctl->arena, "PAYMENT_METHODS names %.*s, which there is not", STR_ARG(name)),
				str_fmt(d->ctl->arena, "correct it: there are %.*s",
					STR_ARG(known_names(d->ctl->arena)))
					.p);
	}
}

/* A method is offered with all its settings, so that one that has some of them is meant to be. */
static void check_keys(struct doctor *d, const struct gateway *g)
{
	struct arena *a = d->ctl->arena;
	const char *missing = gateway_missing(g, &d->ctl->config);
	bool has_some = false;

	for (size_t i = 0; i < g->settings_n; i++)
		has_some = has_some || gateway_setting(g, i, &d->ctl->config)[0];
	if (missing && (has_some || is_wanted(d, g)))
		doctor_note_as(d, "payment-keys", DOCTOR_FAIL, "payments",
			       str_fmt(a, "%s is not offered to customers: %s is not set", g->name, missing),
			       str_fmt(a, "copy it from the provider's pages into %s, or %s", missing,
				       has_some ? "remove the other keys" : "remove the method from PAYMENT_METHODS")
				       .p);
}

static void check_offer(struct doctor *d)
{
	struct str offered = STR("");

	for (size_t i = 0; i < gateways_n; i++)
		if (gateway_is_offered(gateways[i], &d->ctl->config))
			offered = str_fmt(d->ctl->arena, "%.*s%s%s", STR_ARG(offered), offered.n ? ", " : "",
					  gateways[i]->name);
	if (offered.n)
		doctor_note(d, DOCTOR_OK, "payments", offered, NULL);
	else
		doctor_note(
			d, DOCTOR_FAIL, "payments", STR("no way to pay is offered: no order can be paid"),
			str_fmt(d->ctl->arena, "name one in PAYMENT_METHODS: %.*s", STR_ARG(known_names(d->ctl->arena)))
				.p);
}

void doctor_payments(struct doctor *d)
{
	/* Wrong settings may have left some of them unset. */
	if (!d->ctl->config_usable)
		return;
	check_offer(d);
	check_names(d);
	for (size_t i = 0; i < gateways_n; i++)
		check_keys(d, gateways[i]);
}

#include "tools/shopctl/doctor.h"

#include "core/config/address.h"

static const char *fix_of(const struct shopctl *ctl, const struct config_error *error)
{
	if (strcmp(error->name, "SECRET_KEY") == 0 && !ctl->config.secret_key[0])
		return "the step Secret key of setup.cgi makes one, and so does shopctl secret-key --write";
	return ctl->config.env_file[0] ? "fix it in .env" : "fix it in .env, or in the environment";
}

/* Those that the programs refuse are failures, and so is one whose name is nearly a known one; others are warnings. */
static void check_values(struct doctor *d)
{
	struct shopctl *ctl = d->ctl;
	const struct config_errors *errors = &ctl->config_errors;

	for (size_t i = 0; i < errors->n; i++)
		doctor_note(d, ctl->config_usable && !errors->items[i].is_misspelt ? DOCTOR_WARN : DOCTOR_FAIL,
			    "settings", str_fmt(ctl->arena, "%s %s", errors->items[i].name, errors->items[i].text),
			    fix_of(ctl, &errors->items[i]));
	if (errors->n == 0)
		doctor_note(d, DOCTOR_OK, "settings", STR("all are valid"), NULL);
}

static void check_app_env(struct doctor *d)
{
	if (d->ctl->config.app_env != APP_PRODUCTION)
		doctor_note_as(d, "app-env", DOCTOR_WARN, "settings", STR("APP_ENV is not production"),
			       "set it to production before real customers use the shop");
}

static void note_public_url(struct doctor *d, enum verdict verdict, const char *found, const char *fix)
{
	doctor_note_as(d, "public-url", verdict, "settings", str_z(found), fix);
}

/* What follows https://shop.example, and its host. */
static struct str path_of(const char *url, struct str *host)
{
	struct str rest = str_z(url);

	str_cut(&rest, '/');
	str_cut(&rest, '/');
	*host = str_cut(&rest, '/');
	if (host->n && host->p[0] == '[')
		*host = str_sub(*host, 0, str_find(*host, ']') + 1);
	else
		*host = str_cut(host, ':');
	return rest.p ? rest : STR("");
}

/* It begins the links of messages, of answers and of invoices, and is where payment providers send the browser back. */
static void check_public_url(struct doctor *d)
{
	const struct config *c = &d->ctl->config;
	bool is_production = c->app_env == APP_PRODUCTION;
	struct str host, path = path_of(c->public_url, &host);

	if (!c->public_url[0]) {
		if (config_fault(&d->ctl->config_errors, "PUBLIC_URL"))
			return;
		note_public_url(d, DOCTOR_WARN, "PUBLIC_URL is not set: messages and invoices cannot link to the shop",
				"set it to the shop's address, such as https://shop.example");
		return;
	}
	if (is_production && address_is_this_machine(host))
		note_public_url(d, DOCTOR_FAIL,
				"PUBLIC_URL is this machine itself: links in messages lead customers nowhere",
				"set it to the address that customers use, such as https://shop.example");
	else if (is_production && str_has_prefix(str_z(c->public_url), STR("http://")))
		note_public_url(d, DOCTOR_WARN,
				"PUBLIC_URL begins with http: passwords and orders would cross networks readable",
				"have your host turn TLS on (most do so free of charge), then write https://");
	if (path.n && (str_has_suffix(path, STR("api")) || strstr(c->public_url, "/cgi-bin")))
		note_public_url(
			d, DOCTOR_FAIL, "PUBLIC_URL has the path of the API, which links would then contain twice",
			"remove everything behind the name of the host, or behind the folder that the shop is in");
}

void doctor_settings(struct doctor *d)
{
	check_values(d);
	check_app_env(d);
	if (d->ctl->config.public_url)
		check_public_url(d);
}

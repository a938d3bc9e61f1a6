/*
 * Any bytes as a file of settings. A configuration that is said to be usable
 * keeps every promise that the programs rely on.
 */
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/base/text.h"
#include "core/config/config.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n);

static void must(bool so)
{
	if (!so)
		abort();
}

static bool ends_with_slash(const char *z)
{
	return str_has_suffix(str_z(z), STR("/"));
}

static void check_texts(const struct config *c)
{
	const char *const texts[] = { c->database_url, c->database_owner_url, c->secret_key,
				      c->otp_dev_code, c->cors_origins,       c->public_url,
				      c->media_dir,    c->media_url,          c->sms_sender,
				      c->env_file };

	for (size_t i = 0; i < ARRAY_LEN(texts); i++)
		must(texts[i] && text_is_printable(str_z(texts[i]), ONE_LINE));
}

static void check_usable(const struct config *c)
{
	must(str_has_prefix(str_z(c->database_url), STR("postgres")) && strlen(c->secret_key) >= 32);
	must(c->database_owner_url[0]);
	must((c->otp_dev_code[0] != '\0') == (c->app_env == APP_DEVELOPMENT));
	must(c->rate_limits || c->app_env != APP_PRODUCTION);
	must(c->sms_sender[0] == '\0' ? c->app_env == APP_PRODUCTION : strcmp(c->sms_sender, "log") == 0);
	must(c->scrypt_cost.log2_n >= 10 && c->scrypt_cost.log2_n <= 17 && c->scrypt_cost.r == 8);
	must(c->scrypt_cost.p >= 1 && c->scrypt_cost.p <= 10);
	must(!ends_with_slash(c->public_url) && !ends_with_slash(c->media_url) && !ends_with_slash(c->media_dir));
	must(c->public_url[0] == '\0' || text_is_url(str_z(c->public_url)));
	must(c->media_dir[0] == '\0' || c->media_dir[0] == '/');
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t n)
{
	struct config_errors errors;
	struct config c;
	struct arena a;
	bool usable;

	arena_init(&a, ARENA_BYTES_MAX);
	usable = config_parse(&c, &a, (struct str){ (const char *)data, n }, NULL, &errors);
	check_texts(&c);
	if (usable)
		check_usable(&c);
	else
		must(errors.n > 0);
	for (size_t i = 0; i < errors.n; i++)
		must(errors.items[i].name[0] && text_is_printable(str_z(errors.items[i].text), ONE_LINE));
	arena_free(&a);
	return 0;
}

/*
 * create-store: the first store, or another one. What else a store has is set over the API.
 */
#include "tools/shopctl/shopctl.h"

#include "core/base/iso.h"
#include "core/base/text.h"
#include "queries.h"

enum { NAME_CHARS_MAX = 255, OBJECT_BYTES_MAX = 4096 };

/* "; use DE", where a code is meant; else nothing. */
static const char *hint(struct shopctl *ctl, struct str meant)
{
	return meant.p ? str_fmt(ctl->arena, "; use %.*s", STR_ARG(meant)).p : "";
}

/* A store keeps its currency, so a slip is caught here. */
static int check_codes(struct shopctl *ctl)
{
	const char *country = option(ctl, OPTION_COUNTRY), *currency = option(ctl, OPTION_CURRENCY);

	if (!iso_is_country(str_z(country)))
		return report_error(EX_DATAERR, "\"%s\" is not the code of a country, such as DE (ISO 3166-1)%s",
				    country, hint(ctl, iso_country_meant(str_z(country))));
	if (!iso_is_currency(str_z(currency)))
		return report_error(EX_DATAERR, "\"%s\" is not the code of a currency, such as EUR (ISO 4217)%s",
				    currency, hint(ctl, iso_currency_meant(str_z(currency))));
	return EX_OK;
}

/* As the API keeps names. */
static struct str store_name(const struct shopctl *ctl)
{
	return text_nfc(ctl->arena, text_trim(str_z(option(ctl, OPTION_NAME))));
}

static int check_words(const struct shopctl *ctl)
{
	const char *tax = option(ctl, OPTION_TAX);
	struct str name = store_name(ctl);

	if (!text_is_utf8(name) || !text_is_plain(name, ONE_LINE) || text_is_blank(name) ||
	    text_chars(name) > NAME_CHARS_MAX)
		return report_error(EX_DATAERR, "the name must be UTF-8, of 1 to %d characters, on one line",
				    NAME_CHARS_MAX);
	if (tax && strcmp(tax, "included") != 0 && strcmp(tax, "added") != 0)
		return report_error(EX_DATAERR, "--tax is included or added, not \"%s\"", tax);
	return EX_OK;
}

static int check_time_zone(struct shopctl *ctl)
{
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };
	struct timezone_known_row zone = { .known = false };

	if (text_is_utf8(str_z(option(ctl, OPTION_TIME_ZONE))) &&
	    query_timezone_known(&scope, &zone, .name = str_z(option(ctl, OPTION_TIME_ZONE))))
		return report_database_error(ctl, ctl->owner, "the time zone was not looked up");
	if (!zone.known)
		return report_error(EX_DATAERR, "\"%s\" is not a time zone, such as Europe/Berlin",
				    option(ctl, OPTION_TIME_ZONE));
	return EX_OK;
}

/* The store as the API has it. */
static struct str store_object(struct shopctl *ctl)
{
	const char *tax = option(ctl, OPTION_TAX);
	struct buf b = buf_new(ctl->arena, 512, OBJECT_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_put_str(&o, "name", store_name(ctl));
	json_put_strz(&o, "description", "");
	json_put_strz(&o, "currency", option(ctl, OPTION_CURRENCY));
	json_put_strz(&o, "timezone", option(ctl, OPTION_TIME_ZONE));
	json_put_bool(&o, "prices_include_tax", tax && strcmp(tax, "included") == 0);
	json_put_open(&o, "address", '{');
	json_put_strz(&o, "country", option(ctl, OPTION_COUNTRY));
	json_close(&o, '}');
	json_close(&o, '}');
	return buf_str(&b);
}

static int insert_store(struct shopctl *ctl, struct str *id)
{
	struct db_scope scope = { .db = ctl->owner, .arena = ctl->arena };
	struct str slug = text_slugify(ctl->arena, store_name(ctl));
	struct store_create_row row;
	enum problem problem;

	if (!slug.n)
		return report_error(EX_DATAERR, "the name needs a letter or a digit: its address is made of it");
	problem = query_store_create(&scope, &row, .object = store_object(ctl), .slug = slug);
	if (problem == PROBLEM_CONFLICT)
		return report_error(EX_DATAERR, "there is a store of that name already; nothing was changed");
	if (problem)
		return report_database_error(ctl, ctl->owner, "the store was not created");
	*id = row.id;
	return EX_OK;
}

int command_create_store(struct shopctl *ctl)
{
	struct buf json;
	struct str id;

	int code = check_words(ctl);
	if (!code)
		code = check_codes(ctl);
	if (!code)
		code = require_migrated(ctl);
	if (!code)
		code = check_time_zone(ctl);
	if (!code)
		code = insert_store(ctl, &id);
	if (code)
		return code;
	if (!wants_json(ctl)) {
		printf("%.*s\n", STR_ARG(id));
		return EX_OK;
	}
	struct json_out o = open_json(ctl, &json);
	json_put_str(&o, "id", id);
	json_put_str(&o, "name", store_name(ctl));
	json_close(&o, '}');
	return print_json(&json);
}

/* Members and bodies as JSON, for --describe. */
#include "core/json/body.h"

static const char *const type_names[] = {
	[FIELD_TEXT] = "text",         [FIELD_LONG_TEXT] = "long_text", [FIELD_SLUG] = "slug",
	[FIELD_EMAIL] = "email",       [FIELD_MOBILE] = "mobile",       [FIELD_URL] = "url",
	[FIELD_CURRENCY] = "currency", [FIELD_COUNTRY] = "country",     [FIELD_COUNTRIES] = "countries",
	[FIELD_EMAILS] = "emails",     [FIELD_TEXTS] = "texts",         [FIELD_UUIDS] = "uuids",
	[FIELD_SKU] = "sku",           [FIELD_GTIN] = "gtin",           [FIELD_CODE] = "code",
	[FIELD_CHOICE] = "choice",     [FIELD_TIMEZONE] = "timezone",   [FIELD_BOOL] = "boolean",
	[FIELD_INTEGER] = "integer",   [FIELD_DECIMAL] = "decimal",     [FIELD_TIME] = "time",
	[FIELD_DATE] = "date",         [FIELD_UUID] = "uuid",           [FIELD_REF] = "reference",
	[FIELD_OBJECT] = "object",     [FIELD_JSON] = "json",           [FIELD_PASSWORD] = "password",
	[FIELD_MEMBERS] = "members",   [FIELD_ARRAY] = "array",
};

static void write_limit(struct json_out *o, const char *name, int64_t limit)
{
	if (!limit)
		return;
	json_put_int(o, name, limit);
}

void member_describe(const struct member *m, struct json_out *o)
{
	json_put_strz(o, "name", m->name);
	json_put_strz(o, "kind", type_names[m->type]);
	json_put_bool(o, "required", m->required);
	json_put_bool(o, "nullable", m->nullable);
	if (m->or_id)
		json_put_bool(o, "or_id", true);
	if (m->or_texts)
		json_put_bool(o, "or_texts", true);
	write_limit(o, "chars_max", m->chars_max);
	write_limit(o, "bytes_max", m->bytes_max);
	write_limit(o, "items_min", m->items_min);
	write_limit(o, "items_max", m->items_max);
	write_limit(o, "min", m->min);
	write_limit(o, "max", m->max);
	write_limit(o, "digits", m->digits);
	write_limit(o, "decimals", m->decimals);
	json_put_list(o, "choices", m->choices);
	if (m->members) {
		json_key(o, "members");
		body_describe(m->members, o);
	}
	json_put_strz(o, "doc", m->doc);
}

void body_describe(const struct body *body, struct json_out *o)
{
	static const char *const accesses[] = {
		[BODY_WRITABLE] = "write",
		[BODY_READ_ONLY] = "refused",
		[BODY_KEPT] = "unchanged",
		[BODY_IGNORED] = "ignored",
	};

	json_open(o, '[');
	for (size_t i = 0; i < body->fields_n; i++) {
		json_open(o, '{');
		json_put_strz(o, "access", accesses[body->fields[i].access]);
		member_describe((const struct member *)&body->fields[i], o);
		json_close(o, '}');
	}
	json_close(o, ']');
}

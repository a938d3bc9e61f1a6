#include "core/resource/field.h"

/* Every major table has them; only delete and restore change is_deleted. */
static const struct field base_fields[] = {
	{ READABLE("id", FIELD_UUID, ANYONE), .doc = "UUIDv7." },
	{ READABLE("created_at", FIELD_TIME, ANYONE), .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was made." },
	{ READABLE("modified_at", FIELD_TIME, ANYONE), .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was last changed." },
	{ READABLE("created_by", FIELD_UUID, STAFF), .nullable = true, .doc = "The user who made it." },
	{ READABLE("modified_by", FIELD_UUID, STAFF), .nullable = true, .doc = "The user who changed it last." },
	{ READABLE("is_deleted", FIELD_BOOL, STAFF), .doc = "Moved by DELETE and restore." },
	{ WRITABLE("status", FIELD_TEXT, STAFF, STAFF), .chars_max = 50, .filter = FILTER_EQUAL,
	  .doc = "A label of the shop's own." },
	{ WRITABLE("comments", FIELD_LONG_TEXT, STAFF, STAFF), .chars_max = 5000, .doc = "Notes of the staff." },
	{ WRITABLE("active_from", FIELD_TIME, STAFF, STAFF), .nullable = true, .doc = "Not public before this time." },
	{ WRITABLE("active_to", FIELD_TIME, STAFF, STAFF), .nullable = true, .doc = "Not public from this time on." },
	{ WRITABLE("is_suspended", FIELD_BOOL, STAFF, STAFF), .filter = FILTER_EQUAL, .doc = "Not public while true." },
};

size_t resource_fields_n(const struct resource *r)
{
	return r->fields_n + (r->plain ? 0 : ARRAY_LEN(base_fields));
}

const struct field *resource_field(const struct resource *r, size_t i)
{
	if (r->plain)
		return &r->fields[i];
	if (i == 0)
		return &base_fields[0];
	return i <= r->fields_n ? &r->fields[i - 1] : &base_fields[i - r->fields_n];
}

const struct field *resource_find_field(const struct resource *r, struct str name)
{
	for (size_t i = 0; i < resource_fields_n(r); i++)
		if (str_is(name, resource_field(r, i)->name))
			return resource_field(r, i);
	return NULL;
}

bool resource_shows_field(const struct resource *r, size_t i)
{
	const struct field *f = resource_field(r, i);

	return resource_find_field(r, str_z(f->name)) == f;
}

const struct member *field_member(const struct field *f)
{
	return (const struct member *)f;
}

const char *field_column(const struct field *f)
{
	return f->column ? f->column : f->name;
}

const char *field_sql_type(const struct field *f)
{
	static const char *const types[] = {
		[FIELD_TEXT] = "text",      [FIELD_LONG_TEXT] = "text",  [FIELD_SLUG] = "text",
		[FIELD_EMAIL] = "text",     [FIELD_MOBILE] = "text",     [FIELD_URL] = "text",
		[FIELD_CURRENCY] = "text",  [FIELD_TIMEZONE] = "text",   [FIELD_BOOL] = "boolean",
		[FIELD_INTEGER] = "bigint", [FIELD_DECIMAL] = "numeric", [FIELD_TIME] = "timestamptz",
		[FIELD_DATE] = "date",      [FIELD_UUID] = "uuid",       [FIELD_REF] = "uuid",
		[FIELD_OBJECT] = "jsonb",   [FIELD_JSON] = "jsonb",      [FIELD_PASSWORD] = "text",
		[FIELD_COUNTRY] = "text",   [FIELD_COUNTRIES] = "jsonb", [FIELD_TEXTS] = "jsonb",
		[FIELD_EMAILS] = "jsonb",   [FIELD_CODE] = "text",       [FIELD_CHOICE] = "text",
		[FIELD_ARRAY] = "jsonb",    [FIELD_UUIDS] = "jsonb",     [FIELD_SKU] = "text",
		[FIELD_GTIN] = "text",
	};
	return f->keeps_order ? "json" : types[f->type];
}

#include "core/resource/field.h"

/* Every major table has them; is_deleted is changed by delete and restore alone. */
static const struct field base_fields[] = {
	{ .name = "id", .type = FIELD_UUID, .read = ANYONE, .doc = "UUIDv7." },
	{ .name = "created_at",
	  .type = FIELD_TIME,
	  .read = ANYONE,
	  .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was made." },
	{ .name = "modified_at",
	  .type = FIELD_TIME,
	  .read = ANYONE,
	  .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was last changed." },
	{ .name = "created_by", .type = FIELD_UUID, .nullable = true, .read = STAFF, .doc = "The user who made it." },
	{ .name = "modified_by",
	  .type = FIELD_UUID,
	  .nullable = true,
	  .read = STAFF,
	  .doc = "The user who changed it last." },
	{ .name = "is_deleted", .type = FIELD_BOOL, .read = STAFF, .doc = "Moved by DELETE and restore." },
	{ .name = "status",
	  .type = FIELD_TEXT,
	  .chars_max = 50,
	  .read = STAFF,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "A label of the shop's own." },
	{ .name = "comments",
	  .type = FIELD_LONG_TEXT,
	  .chars_max = 5000,
	  .read = STAFF,
	  .write = STAFF,
	  .doc = "Notes of the staff." },
	{ .name = "active_from",
	  .type = FIELD_TIME,
	  .nullable = true,
	  .read = STAFF,
	  .write = STAFF,
	  .doc = "Not public before this time." },
	{ .name = "active_to",
	  .type = FIELD_TIME,
	  .nullable = true,
	  .read = STAFF,
	  .write = STAFF,
	  .doc = "Not public from this time on." },
	{ .name = "is_suspended",
	  .type = FIELD_BOOL,
	  .read = STAFF,
	  .write = STAFF,
	  .filter = FILTER_EQUAL,
	  .doc = "Not public while true." },
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
		[FIELD_TEXT] = "text",       [FIELD_LONG_TEXT] = "text",  [FIELD_SLUG] = "text",
		[FIELD_EMAIL] = "text",      [FIELD_MOBILE] = "text",     [FIELD_URL] = "text",
		[FIELD_CURRENCY] = "text",   [FIELD_TIMEZONE] = "text",   [FIELD_BOOL] = "boolean",
		[FIELD_INTEGER] = "bigint",  [FIELD_DECIMAL] = "numeric", [FIELD_TIME] = "timestamptz",
		[FIELD_UUID] = "uuid",       [FIELD_REF] = "uuid",        [FIELD_OBJECT] = "jsonb",
		[FIELD_JSON] = "jsonb",      [FIELD_PASSWORD] = "text",   [FIELD_COUNTRY] = "text",
		[FIELD_COUNTRIES] = "jsonb", [FIELD_CODE] = "text",       [FIELD_CHOICE] = "text",
	};
	return types[f->type];
}

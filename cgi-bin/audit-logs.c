/*
 * The audit log: written by triggers in the database, read here.
 */
#include "core/app/app.h"
#include "core/resource/resource.h"

static const char *const actions[] = { "insert", "update", "delete", NULL };

static const struct field audit_log_fields[] = {
	{ .name = "id", .type = FIELD_UUID, .read = ADMIN, .doc = "UUIDv7." },
	{ .name = "user",
	  .column = "user_id",
	  .type = FIELD_UUID,
	  .nullable = true,
	  .read = ADMIN,
	  .filter = FILTER_EQUAL,
	  .doc = "The acting user; null for a guest, a webhook or a tool." },
	{ .name = "action",
	  .type = FIELD_CHOICE,
	  .choices = actions,
	  .read = ADMIN,
	  .filter = FILTER_EQUAL,
	  .doc = "insert, update or delete; a soft delete is an update." },
	{ .name = "table_name", .type = FIELD_TEXT, .read = ADMIN, .filter = FILTER_EQUAL, .doc = "Of the record." },
	{ .name = "record_id",
	  .type = FIELD_UUID,
	  .read = ADMIN,
	  .filter = FILTER_EQUAL,
	  .doc = "The changed record; for a store's members the store." },
	{ .name = "request_id",
	  .type = FIELD_TEXT,
	  .read = ADMIN,
	  .doc = "X-Request-Id of the response to the request." },
	{ .name = "old_data",
	  .type = FIELD_JSON,
	  .nullable = true,
	  .read = ADMIN,
	  .doc = "The row as it was, without secrets." },
	{ .name = "new_data",
	  .type = FIELD_JSON,
	  .nullable = true,
	  .read = ADMIN,
	  .doc = "The row as it became, without secrets." },
	{ .name = "created_at",
	  .type = FIELD_TIME,
	  .read = ADMIN,
	  .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was done." },
};

static const struct resource audit_log = {
	.name = "audit-log",
	.table = "audit_logs",
	.fields = audit_log_fields,
	.fields_n = ARRAY_LEN(audit_log_fields),
	.plain = true,
};

static const struct route routes[] = {
	{ METHOD_GET, "", ADMIN, resource_list, &audit_log, "The changes, latest first." },
	{ METHOD_GET, "/{id}", ADMIN, resource_get, &audit_log, "One change." },
};

int main(int argc, char **argv)
{
	static const struct group audit_logs = { .name = "audit-logs",
						 .routes = routes,
						 .routes_n = ARRAY_LEN(routes) };
	return app_run(&audit_logs, argc, argv);
}

/*
 * The audit log: written by triggers in the database, read here.
 */
#include "core/app/app.h"
#include "core/resource/resource.h"

static const char *const actions[] = { "insert", "update", "delete", NULL };

static const struct field audit_log_fields[] = {
	{ READABLE("id", FIELD_UUID, ADMIN), .doc = "UUIDv7." },
	{ READABLE("user", FIELD_UUID, ADMIN), .column = "user_id", .nullable = true, .filter = FILTER_EQUAL,
	  .doc = "The acting user; null for a guest, a webhook or a tool." },
	{ READABLE("action", FIELD_CHOICE, ADMIN), .choices = actions, .filter = FILTER_EQUAL,
	  .doc = "insert, update or delete; a soft delete is an update." },
	{ READABLE("table_name", FIELD_TEXT, ADMIN), .filter = FILTER_EQUAL, .doc = "Of the record." },
	{ READABLE("record_id", FIELD_UUID, ADMIN), .filter = FILTER_EQUAL,
	  .doc = "The changed record; for a store's members the store." },
	{ READABLE("request_id", FIELD_TEXT, ADMIN), .doc = "X-Request-Id of the response to the request." },
	{ READABLE("old_data", FIELD_JSON, ADMIN), .nullable = true, .doc = "The row as it was, without secrets." },
	{ READABLE("new_data", FIELD_JSON, ADMIN), .nullable = true, .doc = "The row as it became, without secrets." },
	{ READABLE("created_at", FIELD_TIME, ADMIN), .filter = FILTER_RANGE | FILTER_ORDER,
	  .doc = "When it was done." },
};

static const struct resource audit_log = {
	.name = "audit-log",
	.table = "audit_logs",
	RESOURCE_FIELDS(audit_log_fields),
	.plain = true,
};

static const struct route routes[] = {
	{ METHOD_GET, "", ADMIN, resource_list, &audit_log, "The changes, latest first." },
	{ METHOD_GET, "/{id}", ADMIN, resource_get, &audit_log, "One change." },
};

int main(int argc, char **argv)
{
	static const struct group audit_logs = GROUP("audit-logs", routes);
	return app_run(&audit_logs, argc, argv);
}

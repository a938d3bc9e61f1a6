#include "tools/shopctl/shopctl.h"
#include "queries.h"

int option_store(struct shopctl *ctl, struct db *db, struct str *id)
{
	struct db_scope scope = { .db = db, .arena = ctl->arena };
	struct import_store_row row = { 0 };
	const char *store = option(ctl, OPTION_STORE);

	if (query_import_store(&scope, &row, .store = str_z(store)))
		return report_database_error(ctl, db, "the store was not found");
	if (!row.found)
		return report_error(EX_DATAERR, "there is no store \"%s\": name it by its slug or id", store);
	*id = row.id;
	return EX_OK;
}

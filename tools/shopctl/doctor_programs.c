#include "tools/shopctl/doctor.h"

#include <unistd.h>
#include "core/base/near.h"
#include "core/db/db.h"
#include "core/process/process.h"

enum { VERSION_BYTES_MAX = 4096, VERSION_MS_MAX = 5000 };

/* One of the programs that serve, near shopctl; NULL: they are elsewhere. */
static const char *serving_program(struct arena *a)
{
	static const char *const directories[] = { "cgi-bin/api", "public_html/cgi-bin/api" };
	static const char *const names[] = { "meta.cgi", "meta" };

	for (size_t i = 0; i < ARRAY_LEN(directories) * ARRAY_LEN(names); i++) {
		const char *directory = near_directory(a, "", directories[i / ARRAY_LEN(names)]);
		const char *path = directory ? str_fmt(a, "%s/%s", directory, names[i % ARRAY_LEN(names)]).p : "";

		if (access(path, F_OK) == 0)
			return path;
	}
	return NULL;
}

static void check_tls(struct doctor *d, const char *program, struct str version, bool uses_tls)
{
	struct arena *a = d->ctl->arena;
	bool has_tls = strstr(str_to_z(a, version), "(TLS)");

	if (uses_tls && !has_tls)
		doctor_note(d, DOCTOR_FAIL, "programs",
			    str_fmt(a, "%s lacks TLS, and the connection to the database has it", program),
			    "copy the programs of cgi-bin-tls over those of cgi-bin");
	else
		doctor_note(d, DOCTOR_OK, "programs",
			    str_fmt(a, "%s, %s", program,
				    !has_tls   ? "without TLS, which this database does not need"
				    : uses_tls ? "with TLS to the database"
					       : "with TLS; those of cgi-bin start faster and would do here"),
			    NULL);
}

void doctor_programs(struct doctor *d, bool uses_tls)
{
	struct arena *a = d->ctl->arena;
	const char *argv[] = { serving_program(a), "--version", NULL };
	struct process_result result;

	if (!argv[0])
		return;
	if (process_run(a, argv, STR(""), VERSION_BYTES_MAX, VERSION_MS_MAX, &result) != PROCESS_DONE ||
	    result.status != 0) {
		doctor_note(d, DOCTOR_FAIL, "programs", str_fmt(a, "%s cannot be started", argv[0]),
			    "copy the programs again, in binary mode, and make them executable: chmod 755");
		return;
	}
	check_tls(d, argv[0], result.output, uses_tls);
}

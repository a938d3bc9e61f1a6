/*
 * The checks of `shopctl doctor`: each inspects, leaves no changes, and prints
 * one line or more.
 */
#ifndef CGISHOP_SHOPCTL_DOCTOR_H
#define CGISHOP_SHOPCTL_DOCTOR_H

#include "tools/shopctl/shopctl.h"

enum verdict { DOCTOR_OK, DOCTOR_WARN, DOCTOR_FAIL };

struct doctor {
	struct shopctl *ctl;
	struct json_out o;
	int warnings, failures;
	int unreachable; /* failures that are only an unreachable database */
};

/* One line: the check, what was found, and how to fix it (ignored for DOCTOR_OK). */
void doctor_note(struct doctor *d, enum verdict verdict, const char *check, struct str found, const char *fix);

/* The settings file and MEDIA_DIR: permissions and free space. */
void doctor_files(struct doctor *d);
/* The senders of messages, their texts, and the helper programs. */
void doctor_messages(struct doctor *d);
/* Both connections, the server's version, the schema, the rights, the clocks. */
void doctor_database(struct doctor *d);
/* Memory and time for a password. */
void doctor_machine(struct doctor *d);

#endif

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

/*
 * One line: the check, what was found, and how to fix it (ignored for DOCTOR_OK). Its id, by which programs know it, is
 * the check with '-' for spaces; doctor_note_as gives one of a list of its own.
 */
void doctor_note(struct doctor *d, enum verdict verdict, const char *check, struct str found, const char *fix);
void doctor_note_as(struct doctor *d, const char *id, enum verdict verdict, const char *check, struct str found,
		    const char *fix);

#define ROLE_OF_ITS_OWN "set DATABASE_URL to a role of its own, without rights, and run shopctl migrate"

/* The settings. */
void doctor_settings(struct doctor *d);
/* The ways to pay that are offered, and those that lack something. */
void doctor_payments(struct doctor *d);
/* The settings file and the directories: permissions and free space. */
void doctor_files(struct doctor *d);
/* The senders of messages, their texts, and the helper programs. */
void doctor_messages(struct doctor *d);
/* MAIL_SENDER=smtp. */
void doctor_mail(struct doctor *d);
/* Both connections, the server's version and limits, the clocks. */
void doctor_database(struct doctor *d);
/* Of doctor_database: the tables and functions. False: they are not this version's. */
bool doctor_schema(struct doctor *d);
/* Of doctor_database: what the serving role may do, and must not; owner_works: the other connection can be made. */
void doctor_rights(struct doctor *d, struct str role, bool owner_works);
/* The programs that serve, and whether they suit the database: uses_tls is that of our own connection to it. */
void doctor_programs(struct doctor *d, bool uses_tls);
/* Memory and time for a password. */
void doctor_machine(struct doctor *d);

#endif

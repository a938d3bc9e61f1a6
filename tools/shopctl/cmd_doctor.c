#include "tools/shopctl/doctor.h"

static const char *const verdict_names[] = { [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "fail" };

static struct str id_of(struct arena *a, const char *check)
{
	char *id = str_to_z(a, str_z(check));

	for (char *c = id; *c; c++)
		if (*c == ' ')
			*c = '-';
	return str_z(id);
}

void doctor_note(struct doctor *d, enum verdict verdict, const char *check, struct str found, const char *fix)
{
	doctor_note_as(d, id_of(d->ctl->arena, check).p, verdict, check, found, fix);
}

void doctor_note_as(struct doctor *d, const char *id, enum verdict verdict, const char *check, struct str found,
		    const char *fix)
{
	if (wants_json(d->ctl)) {
		json_open(&d->o, '{');
		json_put_strz(&d->o, "id", id);
		json_put_strz(&d->o, "check", check);
		json_put_strz(&d->o, "result", verdict_names[verdict]);
		json_put_str(&d->o, "found", found);
		json_put_strz(&d->o, "fix", verdict == DOCTOR_OK ? NULL : fix);
		json_close(&d->o, '}');
	} else {
		printf("%-4s  %-12s %.*s", verdict_names[verdict], check, STR_ARG(for_terminal(d->ctl->arena, found)));
		if (verdict != DOCTOR_OK)
			printf(" -> %s", fix);
		putchar('\n');
	}
	d->warnings += verdict == DOCTOR_WARN;
	d->failures += verdict == DOCTOR_FAIL;
}

int command_doctor(struct shopctl *ctl)
{
	struct doctor d = { .ctl = ctl };
	struct buf json;

	d.o = open_json(ctl, &json);
	json_put_open(&d.o, "checks", '[');
	doctor_settings(&d);
	doctor_payments(&d);
	doctor_files(&d);
	doctor_messages(&d);
	doctor_database(&d);
	doctor_machine(&d);
	json_close(&d.o, ']');
	json_put_int(&d.o, "warnings", d.warnings);
	json_put_int(&d.o, "failures", d.failures);
	json_close(&d.o, '}');
	if (wants_json(ctl) && print_json(&json))
		return EX_IOERR;
	if (d.failures == 0)
		return EX_OK;
	return d.failures == d.unreachable ? EX_UNAVAILABLE : EX_CONFIG;
}

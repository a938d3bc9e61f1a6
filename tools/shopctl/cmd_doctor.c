#include "tools/shopctl/doctor.h"

static const char *const verdict_names[] = { [DOCTOR_OK] = "ok", [DOCTOR_WARN] = "warn", [DOCTOR_FAIL] = "fail" };

void doctor_note(struct doctor *d, enum verdict verdict, const char *check, struct str found, const char *fix)
{
	if (wants_json(d->ctl)) {
		json_open(&d->o, '{');
		json_put_strz(&d->o, "check", check);
		json_put_strz(&d->o, "result", verdict_names[verdict]);
		json_put_str(&d->o, "found", found);
		json_put_strz(&d->o, "fix", verdict == DOCTOR_OK ? NULL : fix);
		json_close(&d->o, '}');
	} else {
		printf("%-4s  %-12s %.*s", verdict_names[verdict], check, STR_ARG(found));
		if (verdict != DOCTOR_OK)
			printf(" -> %s", fix);
		putchar('\n');
	}
	d->warnings += verdict == DOCTOR_WARN;
	d->failures += verdict == DOCTOR_FAIL;
}

/* Harmless wrong settings are reported as warnings if all others are right. */
static void check_settings(struct doctor *d)
{
	struct shopctl *ctl = d->ctl;
	const struct config_errors *errors = &ctl->config_errors;
	enum verdict verdict = ctl->config_usable ? DOCTOR_WARN : DOCTOR_FAIL;

	for (size_t i = 0; i < errors->n; i++)
		doctor_note(d, verdict, "settings",
			    str_fmt(ctl->arena, "%s %s", errors->items[i].name, errors->items[i].text),
			    ctl->config.env_file[0] ? "fix it in .env" : "fix it in .env, or in the environment");
	if (errors->n == 0)
		doctor_note(d, DOCTOR_OK, "settings", STR("all are valid"), NULL);
	if (ctl->config.app_env != APP_PRODUCTION)
		doctor_note(d, DOCTOR_WARN, "settings", STR("APP_ENV is not production"),
			    "set it to production before real customers use the shop");
}

int command_doctor(struct shopctl *ctl)
{
	struct doctor d = { .ctl = ctl };
	struct buf json;

	d.o = open_json(ctl, &json);
	json_put_open(&d.o, "checks", '[');
	check_settings(&d);
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

#include "tools/shopctl/doctor.h"

#include "core/base/clock.h"
#include "core/crypto/password.h"

enum { HASH_MS_WARN = 1500 };

/* Available MiB; 0 if unknown. */
static unsigned long memory_mib(void)
{
	char line[256];
	unsigned long kib = 0;
	FILE *f = fopen("/proc/meminfo", "re");

	if (!f)
		return 0;
	while (kib == 0 && fgets(line, sizeof(line), f))
		if (str_has_prefix(str_z(line), STR("MemAvailable:")))
			kib = strtoul(line + strlen("MemAvailable:"), NULL, 10);
	fclose(f);
	return kib >> 10;
}

/* Hash a password at the configured cost: only this shows the limits of the account. */
void doctor_machine(struct doctor *d)
{
	const struct config *c = &d->ctl->config;
	unsigned log2_n = c->scrypt_cost.log2_n, r = c->scrypt_cost.r, p = c->scrypt_cost.p;
	char hash[PASSWORD_STORED_BYTES];

	if (log2_n == 0 || r == 0 || p == 0)
		return; /* reported by check_settings */
	unsigned long needed_mib = (128ul * r << log2_n) >> 20, free_mib = memory_mib();
	int64_t start_us = clock_monotonic_us();
	bool done = password_make(STR("the password of nobody"), log2_n, r, p, hash);
	long long ms = (clock_monotonic_us() - start_us) / 1000;
	struct str found = str_fmt(d->ctl->arena, "a password takes %lld ms and %lu MiB; %lu MiB are free", ms,
				   needed_mib, free_mib);
	const char fix[] = "lower SCRYPT_COST: 14/8/5 and 13/8/10 are as strong and take less memory";

	if (!done)
		doctor_note(d, DOCTOR_FAIL, "password",
			    str_fmt(d->ctl->arena, "there are not %lu MiB to hash a password", needed_mib), fix);
	else if (free_mib && free_mib < 4 * needed_mib)
		doctor_note(d, DOCTOR_WARN, "password", found, fix);
	else if (ms > HASH_MS_WARN)
		doctor_note(d, DOCTOR_WARN, "password", found, "lower the last part of SCRYPT_COST");
	else
		doctor_note(d, DOCTOR_OK, "password", found, NULL);
}

#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/limits.h"
#include "core/config/config.h"
#include "tests/unit/test.h"

#define URL "DATABASE_URL=postgresql://shop:pw@localhost/shop\n"
#define SECRET "SECRET_KEY=0123456789abcdef0123456789abcdef\n"
#define BASE URL SECRET

/* An environment. */
static char *from_list(const char *name)
{
	static char entries[][32] = { "LOG_LEVEL=error", "PUBLIC_URL=", "HTTP_APP_ENV=development",
				      "STRIPE_SECRET_KEY=x", "UNKNOWN=1" };
	size_t n = strlen(name);

	for (size_t i = 0; i < ARRAY_LEN(entries); i++)
		if (strncmp(entries[i], name, n) == 0 && entries[i][n] == '=')
			return entries[i] + n + 1;
	return NULL;
}

/* Is there an error for that name with that text inside? */
static bool has_error(const struct config_errors *errors, const char *name, const char *text)
{
	for (size_t i = 0; i < errors->n; i++)
		if (strcmp(errors->items[i].name, name) == 0 && strstr(errors->items[i].text, text))
			return true;
	return false;
}

static void test_defaults(struct arena *a)
{
	struct config_errors errors;
	struct config c;

	ok(config_parse(&c, a, STR(BASE), NULL, &errors), "two settings are enough");
	is_int(errors.n, 0, "nothing is wrong with them");
	ok(c.app_env == APP_PRODUCTION && c.log_level == LOG_LEVEL_INFO && c.rate_limits,
	   "production, info, limits on");
	ok(c.scrypt_cost.log2_n == 15 && c.scrypt_cost.r == 8 && c.scrypt_cost.p == 3, "scrypt 15/8/3");
	is_str(str_z(c.database_url), "postgresql://shop:pw@localhost/shop", "the database");
	is_str(str_z(c.database_owner_url), "postgresql://shop:pw@localhost/shop", "its owner is the same role");
	is_str(str_z(c.media_url), "", "the media's address follows the request's");
	is_str(str_z(c.otp_dev_code), "", "no code for everybody");
	is_str(str_z(c.sms_sender), "", "no SMS sender");
	is_str(str_z(c.cors_origins), "", "no other origins");
	is_str(str_z(c.public_url), "", "no address");
	is_str(str_z(c.media_dir), "", "no directory");
	is_str(str_z(c.env_file), "", "no file");
}

static void test_development(struct arena *a)
{
	struct config_errors errors;
	struct config c;

	ok(config_parse(&c, a, STR(BASE "APP_ENV=development"), NULL, &errors), "a development environment");
	is_str(str_z(c.otp_dev_code), "1234", "has a code for everybody");
	is_str(str_z(c.sms_sender), "log", "and logs what it would send");
	ok(config_parse(&c, a, STR(BASE "APP_ENV=test\nRATE_LIMITS=off"), NULL, &errors), "a test environment");
	is_str(str_z(c.otp_dev_code), "", "has none");
	ok(!c.rate_limits, "but can do without limits");
}

static void test_limits(struct arena *a)
{
	struct config_errors errors;
	struct config c;

	ok(config_parse(&c, a, STR(BASE "LIMITS=otp-address=300/60"), NULL, &errors), "one limit is changed");
	is_int(c.limits[LIMIT_OTP_ADDRESS].count_max, 300, "it counts to what is set");
	is_int(c.limits[LIMIT_OTP_ADDRESS].window_s, 60, "in the time that is set");
	is_int(c.limits[LIMIT_LOGIN_BOTH].count_max, 10, "the others are as usual");
	is_int(c.limits[LIMIT_LOGIN_BOTH].window_s, 900, "in their time too");
}

static void test_syntax(struct arena *a)
{
	static const char text[] = "# a comment\n"
				   "\n"
				   "   \t\r\n"
				   "  # another\n"
				   " DATABASE_URL =  postgres://h/db?a=b#c  \r\n"
				   "SECRET_KEY=\" 0123456789abcdef0123456789abcdef \"\n"
				   "PUBLIC_URL='https://shop.example///'\n"
				   "MEDIA_URL=https://img.example/m/\n"
				   "MEDIA_DIR=\"/srv/my media/\"\n"
				   "CORS_ORIGINS=https://Shop.example , http://localhost:3000\n"
				   "OTP_DEV_CODE=\n"
				   "LOG_LEVEL=debug";
	struct config_errors errors;
	struct config c;

	ok(config_parse(&c, a, str_z(text), NULL, &errors), "a file with all of the syntax");
	is_int(errors.n, 0, "has no errors");
	is_str(str_z(c.database_url), "postgres://h/db?a=b#c", "spaces around are dropped, '=' and '#' are not");
	is_str(str_z(c.secret_key), " 0123456789abcdef0123456789abcdef ", "spaces in quotes stay");
	is_str(str_z(c.public_url), "https://shop.example", "slashes at the end are dropped");
	is_str(str_z(c.media_url), "https://img.example/m", "here too");
	is_str(str_z(c.media_dir), "/srv/my media", "and here");
	is_str(str_z(c.cors_origins), "https://shop.example,http://localhost:3000", "origins as browsers send them");
	is_int(c.log_level, LOG_LEVEL_DEBUG, "the last line needs no end");
}

static void test_environment(struct arena *a)
{
	struct config_errors errors;
	struct config c;

	ok(config_parse(&c, a, STR(BASE "LOG_LEVEL=debug\nPUBLIC_URL=https://a"), from_list, &errors),
	   "with an environment");
	is_int(errors.n, 0, "in which unknown names are none of our business");
	is_int(c.log_level, LOG_LEVEL_ERROR, "it goes before the file");
	is_str(str_z(c.public_url), "", "even with an empty value");
	is_int(c.app_env, APP_PRODUCTION, "a client's header is no setting");
}

/* One line more than BASE, with what is wrong with it and whether the program can run all the same. */
static void test_values(struct arena *a)
{
	static const struct {
		const char *line, *name, *text; /* name == NULL: nothing is wrong */
		bool usable;
	} cases[] = {
		{ "APP_ENV=staging", "APP_ENV", "not production", false },
		{ "APP_ENV=Production", "APP_ENV", "not production", false },
		{ "LOG_LEVEL=warn", "LOG_LEVEL", "not error", false },
		{ "RATE_LIMITS=off", "RATE_LIMITS", "APP_ENV=production", false },
		{ "LIMITS=otp-address=300/3600, login-both = 5 / 60", NULL, NULL, true },
		{ "SMS_COUNTRIES=IN, DE,+44,+1876", NULL, NULL, true },
		{ "SMS_COUNTRIES=IN,XX", "SMS_COUNTRIES", "countries such as IN", false },
		{ "SMS_COUNTRIES=UK", "SMS_COUNTRIES", "countries such as IN", false },
		{ "DEFAULT_COUNTRY=XK", NULL, NULL, true },
		{ "DEFAULT_COUNTRY=uk", "DEFAULT_COUNTRY", "country such as IN (ISO 3166-1); use GB", false },
		{ "DEFAULT_COUNTRY=AC", "DEFAULT_COUNTRY", "use SH", false },
		{ "DEFAULT_COUNTRY=ZZ", "DEFAULT_COUNTRY", "(ISO 3166-1)", false },
		{ "DEFAULT_CURRENCY=DEM", "DEFAULT_CURRENCY", "currency such as INR (ISO 4217); use EUR", false },
		{ "DEFAULT_CURRENCY=XTS", "DEFAULT_CURRENCY", "(ISO 4217)", false },
		{ "SMS_COUNTRIES=in", "SMS_COUNTRIES", "countries such as IN", false },
		{ "SMS_COUNTRIES=IN,", "SMS_COUNTRIES", "countries such as IN", false },
		{ "SMS_COUNTRIES=44", "SMS_COUNTRIES", "countries such as IN", false },
		{ "SMS_COUNTRIES=+", "SMS_COUNTRIES", "countries such as IN", false },
		{ "SMS_COUNTRIES=+-4", "SMS_COUNTRIES", "countries such as IN", false },
		{ "SMS_PER_HOUR=-1", "SMS_PER_HOUR", "whole number", false },
		{ "LIMITS=otp-adress=300/3600", "LIMITS", "has no limit \"otp-adress\"", false },
		{ "LIMITS=otp-address=300/3600,", "LIMITS", "has no limit \"\"", false },
		{ "LIMITS=otp-address=0/3600", "LIMITS", "bad value for otp-address", false },
		{ "LIMITS=otp-address=300", "LIMITS", "bad value for otp-address", false },
		{ "LIMITS=otp-address=300/-1", "LIMITS", "bad value for otp-address", false },
		{ "LIMITS=otp-address=1e3/60", "LIMITS", "bad value for otp-address", false },
		{ "RATE_LIMITS=no", "RATE_LIMITS", "not on or off", false },
		{ "DATABASE_URL=mysql://a", "DATABASE_URL", "postgresql://", false },
		{ "DATABASE_URL=postgresql://u:a%b@h/d", "DATABASE_URL", "write a % of the password as %25", false },
		{ "DATABASE_URL=postgresql://u:a%2@h/d", "DATABASE_URL", "%25", false },
		{ "DATABASE_URL=postgresql://u:a%00@h/d", "DATABASE_URL", "%25", false },
		{ "DATABASE_URL=postgresql://u:a@b@h/d", "DATABASE_URL", "write it as %40", false },
		{ "DATABASE_URL=postgresql://u:a/b@h/d", "DATABASE_URL", "write it as %2F", false },
		{ "DATABASE_URL=postgresql://u:a@h:x/d", "DATABASE_URL", "port", false },
		{ "DATABASE_URL=postgresql://u:a@h:0/d", "DATABASE_URL", "port", false },
		{ "DATABASE_URL=postgresql://u:a@[::1]:65536/d", "DATABASE_URL", "port", false },
		{ "DATABASE_OWNER_URL=postgresql://u:a%25b%40%2Fc:d?e#f@[::1]:5432,h:1/d?host=%2Frun", NULL, NULL,
		  true },
		{ "DATABASE_OWNER_URL=postgresql:///d?host=/run/x@y&user=u", NULL, NULL, true },
		{ "DATABASE_OWNER_URL=postgresql://h:5432/d?options=a@b", NULL, NULL, true },
		{ "DATABASE_OWNER_URL=postgresql://u@/d?host=/run:5", NULL, NULL, true },
		{ "RATE_LIMIT=off", "RATE_LIMIT", "did you mean RATE_LIMITS?", true },
		{ "RTAE_LIMITS=off", "RTAE_LIMITS", "did you mean RATE_LIMITS?", true },
		{ "rate_limits=off", "rate_limits", "did you mean RATE_LIMITS?", true },
		{ "SENDMAL=/x", "SENDMAL", "did you mean SENDMAIL?", true },
		{ "LIMTS=x", "LIMTS", "did you mean LIMITS?", true },
		{ "RATES=x", "RATES", ".env.example lists them", true },
		{ "SMTP_SERVER_NAME=x", "SMTP_SERVER_NAME", ".env.example lists them", true },
		{ "DATABASE_OWNER_URL=host=a", "DATABASE_OWNER_URL", "postgresql://", false },
		{ "SECRET_KEY=0123456789abcdef0123456789abcde", "SECRET_KEY", "shorter than 32", false },
		{ "OTP_DEV_CODE=1234", "OTP_DEV_CODE", "anyone", false },
		{ "APP_ENV=test\nOTP_DEV_CODE=1234", "OTP_DEV_CODE", "anyone", false },
		{ "APP_ENV=development\nOTP_DEV_CODE=4711", NULL, NULL, true },
		{ "APP_ENV=development\nOTP_DEV_CODE=abcd", "OTP_DEV_CODE", "4 to 8 digits", false },
		{ "APP_ENV=development\nOTP_DEV_CODE=-123", "OTP_DEV_CODE", "4 to 8 digits", false },
		{ "APP_ENV=development\nOTP_DEV_CODE=123", "OTP_DEV_CODE", "4 to 8 digits", false },
		{ "TRUSTED_PROXIES=127.0.0.1, 10.0.0.0/8,2001:db8::/32", NULL, NULL, true },
		{ "TRUSTED_PROXY_HEADER=CF-Connecting-IP", NULL, NULL, true },
		{ "TRUSTED_PROXY_HEADER=forwarded", "TRUSTED_PROXY_HEADER", "not understood", false },
		{ "TRUSTED_PROXY_HEADER=X_Real_IP", "TRUSTED_PROXY_HEADER", "name of a header", false },
		{ "TRUSTED_PROXIES=proxy.example", "TRUSTED_PROXIES", "networks", false },
		{ "TRUSTED_PROXIES=127.0.0.1,", "TRUSTED_PROXIES", "networks", false },
		{ "CORS_ORIGINS=*", NULL, NULL, true },
		{ "CORS_ORIGINS=https://a/", "CORS_ORIGINS", "origins", false },
		{ "CORS_ORIGINS=https://a,", "CORS_ORIGINS", "origins", false },
		{ "CORS_ORIGINS=https://a,*", "CORS_ORIGINS", "origins", false },
		{ "CORS_ORIGINS=a.example", "CORS_ORIGINS", "origins", false },
		{ "PUBLIC_URL=shop.example", "PUBLIC_URL", "https://shop.example", false },
		{ "PUBLIC_URL=https://a/?b", "PUBLIC_URL", "https://shop.example", false },
		{ "PUBLIC_URL=https://a/#b", "PUBLIC_URL", "https://shop.example", false },
		{ "MEDIA_DIR=media", "MEDIA_DIR", "from the root", false },
		{ "MEDIA_DIR=/", "MEDIA_DIR", "from the root", false },
		{ "MEDIA_URL=//a", "MEDIA_URL", "neither a path", false },
		{ "MEDIA_URL=media", "MEDIA_URL", "neither a path", false },
		{ "MEDIA_URL=/a b", "MEDIA_URL", "neither a path", false },
		{ "MEDIA_URL=/", "MEDIA_URL", "neither a path", false },
		{ "SCRYPT_COST=17/8/1", NULL, NULL, true },
		{ "SCRYPT_COST=10/8/10", NULL, NULL, true },
		{ "SCRYPT_COST=9/8/1", "SCRYPT_COST", "10 to 17", false },
		{ "SCRYPT_COST=18/8/1", "SCRYPT_COST", "10 to 17", false },
		{ "SCRYPT_COST=15/16/1", "SCRYPT_COST", "r 8", false },
		{ "SCRYPT_COST=15/8/0", "SCRYPT_COST", "p 1 to 10", false },
		{ "SCRYPT_COST=15/8/11", "SCRYPT_COST", "p 1 to 10", false },
		{ "SCRYPT_COST=15/8", "SCRYPT_COST", "p 1 to 10", false },
		{ "SCRYPT_COST=15/8/3/1", "SCRYPT_COST", "p 1 to 10", false },
		{ "SMS_SENDER=log", "SMS_SENDER", "APP_ENV=production", false },
		{ "APP_ENV=test\nSMS_SENDER=log", NULL, NULL, true },
		{ "SMS_SENDER=twilio", "SMS_SENDER", "needs TWILIO_ACCOUNT_SID", false },
		{ "SMS_SENDER=msg91", "SMS_SENDER", "needs MSG91_AUTH_KEY", false },
		{ "SMS_SENDER=pigeon", "SMS_SENDER", "not twilio", false },
		{ "PUBLIC_URL=\"https://a", "PUBLIC_URL", "quote", false },
		{ "PUBLIC_URL='https://a\"", "PUBLIC_URL", "quote", false },
		{ "MEDIA_DIR=/a\x01", "MEDIA_DIR", "control character", false },
		{ "SECRET_KEY=", "SECRET_KEY", "twice", false },
		{ "PORT=80", "PORT", "not a setting", true },
		{ "Log_Level=info", "Log_Level", "not a setting", true },
		{ "LOG_LEVEL info", ".env", "line 3 is not NAME=value", true },
		{ "export LOG_LEVEL=info", ".env", "line 3 is not", true },
		{ "=x", ".env", "line 3 is not", true },
		{ "LOG_LEVEL=info\nLOG_LEVEL=error", "LOG_LEVEL", "twice", true },
		{ "STRIPE_SECRET_KEY=sk_1\nUNPAID_ORDER_MINUTES=x", "UNPAID_ORDER_MINUTES", "not a number of minutes",
		  false },
		{ "SLOW_PAYMENT_HOURS=0", "SLOW_PAYMENT_HOURS", "not a number of hours from 1", false },
		{ "SLOW_PAYMENT_HOURS=1441", "SLOW_PAYMENT_HOURS", "not a number of hours from 1", false },
		{ "MESSAGES_PER_DAY=-1", "MESSAGES_PER_DAY", "not a whole number from 0", false },
	};

	for (size_t i = 0; i < ARRAY_LEN(cases); i++) {
		struct config_errors errors;
		struct config c;
		bool usable = config_parse(&c, a, str_fmt(a, "%s%s", BASE, cases[i].line), NULL, &errors);

		ok(c.media_url && c.public_url && c.cors_origins && c.scrypt_cost.p, "no field is unset: %s",
		   cases[i].line);
		ok(usable == cases[i].usable, "%s can be served with: %s", cases[i].usable ? "it" : "nothing",
		   cases[i].line);
		if (cases[i].name)
			ok(has_error(&errors, cases[i].name, cases[i].text), "the reason is named: %s", cases[i].line);
		else
			is_int(errors.n, 0, "no error: %s", cases[i].line);
	}
}

static void test_missing(struct arena *a)
{
	struct config_errors errors;
	struct config c;
	char many[4096] = "";

	ok(!config_parse(&c, a, STR(""), NULL, &errors), "nothing can be served with no settings");
	is_int(errors.n, 2, "two are missing");
	ok(has_error(&errors, "DATABASE_URL", "is required") && has_error(&errors, "SECRET_KEY", "is required"),
	   "which are named");
	is_str(str_z(c.secret_key), "", "what is missing is an empty text");
	ok(!config_parse(&c, a, STR(URL "SECRET_KEY=short"), NULL, &errors) && errors.n == 1,
	   "a value that was refused is not missing too");
	for (size_t i = 0; i < 100; i++)
		memcpy(many + 5 * i, "A=b\n\n", 5);
	ok(!config_parse(&c, a, str_z(many), NULL, &errors) && errors.n == CONFIG_ERRORS_MAX,
	   "too many errors are dropped, but what is missing is not forgotten");
}

static void test_secrets_are_not_logged(struct arena *a)
{
	struct config_errors errors;
	struct config c;
	bool told = false;

	ok(!config_parse(&c, a,
			 STR("DATABASE_URL=mysql://hunter2\nSECRET_KEY=hunter2\nOTP_DEV_CODE=hunter2\nhunter2\n"), NULL,
			 &errors),
	   "four lines that are wrong");
	is_int(errors.n, 4, "give four errors");
	for (size_t i = 0; i < errors.n; i++)
		told = told || strstr(errors.items[i].text, "hunter2") || strstr(errors.items[i].name, "hunter2");
	ok(!told, "none of them tells a value");
}

static void write_file(const char *path, struct str text, mode_t mode)
{
	FILE *f = fopen(path, "w");

	if (!f)
		return;
	if (text.n)
		fwrite(text.p, 1, text.n, f);
	fclose(f);
	chmod(path, mode);
}

static void test_files(struct arena *a)
{
	char directory[] = "/tmp/cgishop-test-XXXXXX";
	const char *path;
	struct config_errors errors;
	struct config c;

	if (!ok(mkdtemp(directory) != NULL, "a directory for files"))
		return;
	path = str_fmt(a, "%s/.env", directory).p;
	ok(!config_load(&c, a, path, NULL, &errors) && has_error(&errors, ".env", "no such file"), "no file");
	write_file(path, STR("\xef\xbb\xbf" BASE), 0600);
	ok(config_load(&c, a, path, NULL, &errors) && errors.n == 0, "a file, with a byte order mark");
	is_str(str_z(c.env_file), path, "its path is kept");
	chmod(path, 0602);
	ok(!config_load(&c, a, path, NULL, &errors) && has_error(&errors, ".env", "world-writable"),
	   "one for everybody to write");
	write_file(path, str_fmt(a, "%s#%0*d", BASE, ENV_FILE_BYTES_MAX, 0), 0600);
	ok(!config_load(&c, a, path, NULL, &errors) && has_error(&errors, ".env", "too large"),
	   "one that is too large");
	unlink(path);
	mkdir(path, 0700);
	ok(!config_load(&c, a, path, NULL, &errors) && has_error(&errors, ".env", "regular"), "a directory");
	rmdir(path);
	mkfifo(path, 0600);
	ok(!config_load(&c, a, path, NULL, &errors) && has_error(&errors, ".env", "regular"),
	   "a FIFO, without waiting");
	unlink(path);
	rmdir(directory);
}

/* .env.example names every setting behind its one line, with its default, and can be read. */
static void test_example(struct arena *a)
{
	static const struct {
		const char *name, *standard, *doc;
	} settings[] = {
#define SETTING(name, field, kind, standard, doc) { #name, standard, doc },
#include "core/config/settings.def"
#undef SETTING
	};
	static char text[16384];
	FILE *f = fopen(".env.example", "r");
	struct config_errors errors;
	struct config c;

	if (!ok(f != NULL, ".env.example is in the current directory"))
		return;
	text[0] = '\n';
	text[1 + fread(text + 1, 1, sizeof(text) - 2, f)] = '\0';
	fclose(f);
	for (size_t i = 0; i < ARRAY_LEN(settings); i++) {
		const char *line = str_fmt(a, "\n%s=%s\n", settings[i].name, settings[i].standard).p;
		const char *comment = str_fmt(a, "\n#%s=%s\n", settings[i].name, settings[i].standard).p;

		ok(strstr(text, line) || strstr(text, comment), ".env.example has %s and its default",
		   settings[i].name);
		ok(strstr(text, str_fmt(a, "\n# %s\n", settings[i].doc).p), ".env.example says what %s is",
		   settings[i].name);
	}
	ok(!config_parse(&c, a, str_z(text), NULL, &errors), ".env.example must be filled in");
	is_int(errors.n, 2, "with the two settings that are needed, and no other");
}

/* Run a copy of this program at path with the argument "where"; gives what it prints: the file that it found. */
static struct str found_by_copy(struct arena *a, const char *path)
{
	char found[1024];
	FILE *from = fopen("/proc/self/exe", "r"), *to = fopen(path, "w");
	size_t n;
	int ends[2];

	if (!from || !to || pipe(ends) != 0)
		return STR("");
	while ((n = fread(found, 1, sizeof(found), from)) > 0)
		fwrite(found, 1, n, to);
	fclose(from);
	fclose(to);
	chmod(path, 0700);
	if (fork() == 0) {
		dup2(ends[1], STDOUT_FILENO);
		execl(path, path, "where", NULL);
		_exit(127);
	}
	close(ends[1]);
	n = (size_t)read(ends[0], found, sizeof(found));
	close(ends[0]);
	wait(NULL);
	unlink(path);
	return str_copy(a, (struct str){ found, n <= sizeof(found) ? n : 0 });
}

static int print_where(void)
{
	struct config_errors errors;
	struct config c;
	struct arena a;
	bool usable;

	arena_init(&a, ARENA_BYTES_MAX);
	usable = config_load(&c, &a, NULL, NULL, &errors);
	printf("%d %s", usable, c.env_file);
	arena_free(&a);
	return 0;
}

/* The nearest file counts; one that is too far above does not. */
static void test_search(struct arena *a)
{
	char top[] = "/tmp/cgishop-test-XXXXXX";
	const char *directories[ENV_PARENTS_MAX + 3], *program, *file;
	size_t n = 0;

	if (!ok(mkdtemp(top) != NULL, "a directory for directories"))
		return;
	directories[n++] = top;
	for (; n < ARRAY_LEN(directories) - 1; n++) {
		directories[n] = str_fmt(a, "%s/d", directories[n - 1]).p;
		mkdir(directories[n], 0700);
	}
	program = str_fmt(a, "%s/program", directories[n - 1]).p;

	file = str_fmt(a, "%s/.env", directories[0]).p;
	write_file(file, STR(BASE), 0600);
	is_str(found_by_copy(a, program), "0 ", "a file one directory too far above is not found");
	unlink(file);
	for (size_t i = 1; i < n; i++) {
		file = str_fmt(a, "%s/.env", directories[i]).p;
		write_file(file, STR(BASE), 0600);
		is_str(found_by_copy(a, program), str_fmt(a, "1 %s", file).p, "%zu above the program, it is",
		       n - 1 - i);
	}
	for (size_t i = n; i-- > 0;) {
		unlink(str_fmt(a, "%s/.env", directories[i]).p);
		rmdir(directories[i]);
	}
}

int main(int argc, char **argv)
{
	struct arena a;

	if (argc == 2 && strcmp(argv[1], "where") == 0)
		return print_where();
	arena_init(&a, ARENA_BYTES_MAX);
	test_defaults(&a);
	test_development(&a);
	test_limits(&a);
	test_syntax(&a);
	test_environment(&a);
	test_values(&a);
	test_missing(&a);
	test_secrets_are_not_logged(&a);
	test_files(&a);
	test_search(&a);
	test_example(&a);
	arena_free(&a);
	return test_done();
}

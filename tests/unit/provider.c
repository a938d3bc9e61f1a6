#include "tests/unit/provider.h"

#include <fcntl.h>
#include <sys/stat.h>
#include <unistd.h>
#include "core/base/buf.h"
#include "core/base/json_out.h"
#include "core/base/limits.h"
#include "core/json/json.h"

enum { CALLS_MAX = 4, FILE_BYTES_MAX = 64 * 1024 };

static const char script[] = "#!/bin/sh\n"
			     "d=${0%/*}\n"
			     "n=$(cat \"$d/n\")\n"
			     "echo $((n + 1)) >\"$d/n\"\n"
			     "cat >\"$d/$n.request\"\n"
			     "[ -e \"$d/$n.answer\" ] || exit 69\n"
			     "cat \"$d/$n.answer\"\n"
			     "exit $(cat \"$d/$n.exit\")\n";

static const char *path_in(struct provider *v, const char *name)
{
	return str_fmt(&v->arena, "%s/%s", v->directory, name).p;
}

static void write_file(const char *path, struct str text, mode_t mode)
{
	int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, mode);

	if (fd < 0 || write(fd, text.p, text.n) != (ssize_t)text.n || close(fd) != 0)
		abort();
}

static struct str read_file(struct provider *v, const char *path)
{
	char *p = arena_alloc(&v->arena, FILE_BYTES_MAX);
	int fd = open(path, O_RDONLY | O_CLOEXEC);
	ssize_t n = fd < 0 ? 0 : read(fd, p, FILE_BYTES_MAX);

	if (fd >= 0)
		close(fd);
	return (struct str){ p, n > 0 ? (size_t)n : 0 };
}

void provider_open(struct provider *v, struct config config)
{
	*v = (struct provider){ .config = config, .directory = "/tmp/cgishop-gateway-XXXXXX" };
	arena_init(&v->arena, ARENA_BYTES_MAX);
	if (!mkdtemp(v->directory))
		abort();
	v->config.helper_dir = v->directory;
	v->call = (struct gateway_call){ .arena = &v->arena, .config = &v->config, .request_id = STR("test") };
	write_file(path_in(v, "fetch"), str_z(script), 0700);
}

void provider_close(struct provider *v)
{
	provider_begin(v);
	unlink(path_in(v, "fetch"));
	unlink(path_in(v, "n"));
	rmdir(v->directory);
	arena_free(&v->arena);
}

void provider_begin(struct provider *v)
{
	static const char *const kinds[] = { "request", "answer", "exit" };

	arena_reset(&v->arena);
	for (int i = 0; i < CALLS_MAX; i++)
		for (size_t k = 0; k < ARRAY_LEN(kinds); k++)
			unlink(path_in(v, str_fmt(&v->arena, "%d.%s", i, kinds[k]).p));
	write_file(path_in(v, "n"), STR("0\n"), 0600);
	v->answers_n = 0;
}

void provider_answer_raw(struct provider *v, struct str text, int exit_status)
{
	write_file(path_in(v, str_fmt(&v->arena, "%d.answer", v->answers_n).p), text, 0600);
	write_file(path_in(v, str_fmt(&v->arena, "%d.exit", v->answers_n).p), str_fmt(&v->arena, "%d\n", exit_status),
		   0600);
	v->answers_n++;
}

void provider_answer(struct provider *v, int status, const char *body)
{
	struct buf b = buf_new(&v->arena, 1024, FILE_BYTES_MAX);
	struct json_out o = json_out(&b);

	json_open(&o, '{');
	json_key(&o, "status");
	json_int(&o, status);
	json_key(&o, "headers");
	json_open(&o, '{');
	json_close(&o, '}');
	json_key(&o, "body");
	json_strz(&o, body);
	json_close(&o, '}');
	provider_answer_raw(v, buf_str(&b), 0);
}

int provider_asked_n(struct provider *v)
{
	int64_t n = -1;
	struct str s = read_file(v, path_in(v, "n"));

	s.n -= s.n > 0;
	return str_to_int(s, &n) ? (int)n : -1;
}

struct str provider_asked(struct provider *v, int i, const char *name)
{
	const struct json *all, *member;
	struct error e = { 0 };

	if (json_parse(&v->arena, read_file(v, path_in(v, str_fmt(&v->arena, "%d.request", i).p)), &all, &e) !=
	    PROBLEM_NONE)
		return STR("(no request)");
	if (strncmp(name, "headers/", 8) == 0) {
		all = json_get(all, "headers");
		name += 8;
	}
	member = json_get(all, name);
	return member ? json_text(member) : STR("");
}

const struct gateway_payment provider_new_payment = {
	.id = { PAYMENT, 36 },
	.order = { ORDER, 36 },
	.order_number = { "100001", 6 },
	.amount = { "19.99", 5 },
	.currency = { "EUR", 3 },
};

struct gateway_payment provider_payment(const char *gateway_id, const char *transaction)
{
	struct gateway_payment p = provider_new_payment;

	p.gateway_id = str_z(gateway_id);
	p.transaction = str_z(transaction);
	return p;
}

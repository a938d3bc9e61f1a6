/*
 * pick [-c] [-e] [-n] [-r] [-s] [--arg NAME TEXT]... [--argjson NAME JSON]... FILTER [FILE]
 *
 * Does what `jq` does with the same words. The tests ask thousands of times, and
 * jq 1.6 works for twenty milliseconds before it looks at its input.
 *
 * Most of the filters that the tests use are understood here; where one is not, or
 * meets something unusual (an error, a number with a fraction), nothing has been
 * printed yet and jq itself is run.
 */
#include "tests/pick/pick.h"
#include "core/base/banned.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

enum { INPUT_BYTES_MAX = 64 * 1024 * 1024 };

static char **words;

/* What has been read from standard input. */
static char *input;
static size_t input_n;
static bool input_is_stdin;

/* Where nothing is found, and where the last is false or null: exit codes of -e. */
enum { NOTHING = 4, FALSE = 1 };

struct options {
	bool compact, status, no_input, raw, slurp;
	const char *filter, *file;
	struct json_object *named;
	const struct variable *variables;
};

static struct variable *bind(const char *name, struct json_object *value, const struct variable *next)
{
	struct variable *v = take(sizeof(*v));

	*v = (struct variable){ .name = name, .value = value, .next = next };
	return v;
}

void leave_it_to_jq(void)
{
	int fd = input_is_stdin ? memfd_create("input", MFD_CLOEXEC) : -1;

	if (fd >= 0 &&
	    (write(fd, input, input_n) != (ssize_t)input_n || lseek(fd, 0, SEEK_SET) != 0 || dup2(fd, 0) != 0))
		_exit(1);
	words[0] = (char[]){ "jq" };
	execvp("jq", words);
	perror("jq");
	_exit(127);
}

static void read_letters(struct options *o, const char *letters)
{
	for (; *letters; letters++) {
		switch (*letters) {
		case 'c':
			o->compact = true;
			break;
		case 'e':
			o->status = true;
			break;
		case 'n':
			o->no_input = true;
			break;
		case 'r':
			o->raw = true;
			break;
		case 's':
			o->slurp = true;
			break;
		default:
			leave_it_to_jq();
		}
	}
}

static void read_variable(struct options *o, bool is_json, const char *name, const char *value)
{
	size_t used;
	struct json_object *v = is_json ? parse_json(value, strlen(value), &used) : text_of(value, strlen(value));

	if (is_json && used != strlen(value))
		leave_it_to_jq();
	o->variables = bind(name, v, o->variables);
	json_object_object_add(o->named, name, json_object_get(v));
}

static struct options read_options(char **word)
{
	struct options o = { .named = json_object_new_object() };
	struct json_object *arguments = json_object_new_object();

	for (word++; *word; word++) {
		bool is_json = strcmp(*word, "--argjson") == 0;

		if ((is_json || strcmp(*word, "--arg") == 0) && word[1] && word[2]) {
			read_variable(&o, is_json, word[1], word[2]);
			word += 2;
		} else if (word[0][0] == '-') {
			read_letters(&o, *word + 1);
		} else if (!o.filter) {
			o.filter = *word;
		} else if (!o.file) {
			o.file = *word;
		} else {
			leave_it_to_jq();
		}
	}
	if (!o.filter)
		leave_it_to_jq();
	json_object_object_add(arguments, "positional", json_object_new_array());
	json_object_object_add(arguments, "named", o.named);
	o.variables = bind("ARGS", arguments, o.variables);
	return o;
}

static void read_input(const char *file)
{
	int fd = file ? open(file, O_RDONLY | O_CLOEXEC) : STDIN_FILENO;
	size_t room = 0;
	ssize_t got = 1;

	if (fd < 0)
		leave_it_to_jq();
	input_is_stdin = !file;
	while (got > 0) {
		if (input_n == room) {
			room = room ? 2 * room : 65536;
			input = realloc(input, room);
			if (!input || room > INPUT_BYTES_MAX)
				_exit(1);
		}
		got = read(fd, input + input_n, room - input_n);
		input_n += got > 0 ? (size_t)got : 0;
	}
}

static struct values parse_input(void)
{
	struct values values = { 0 };
	size_t at = 0, used;

	/* Halves of surrogate pairs, and zeros, are taken for what they are by jq alone. */
	if (memmem(input, input_n, "\\ud", 3) || memmem(input, input_n, "\\uD", 3) ||
	    memmem(input, input_n, "\\u0000", 6) || memchr(input, '\0', input_n))
		leave_it_to_jq();
	for (;;) {
		while (at < input_n && strchr(" \t\r\n", input[at]))
			at++;
		if (at == input_n)
			return values;
		add_value(&values, parse_json(input + at, input_n - at, &used));
		at += used;
	}
}

int main(int argc, char **argv)
{
	struct values in = { 0 }, out;
	struct node *filter;
	struct json_object *text, *last = NULL;
	FILE *memory;
	char *said = NULL;
	size_t i, j, n = 0, found = 0;
	struct options o;

	(void)argc;
	words = argv;
	o = read_options(argv);
	filter = parse_filter(o.filter);
	if (!o.no_input) {
		read_input(o.file);
		in = parse_input();
	} else {
		add_value(&in, NULL);
	}
	if (o.slurp)
		in = only(array_of(&in));
	/* Nothing leaves before it is known that all can be printed. */
	memory = open_memstream(&said, &n);
	if (!memory)
		leave_it_to_jq();
	for (i = 0; i < in.n; i++) {
		out = eval(filter, in.of[i], o.variables);
		for (j = 0; j < out.n; j++, found++) {
			last = out.of[j];
			text = o.raw && json_object_is_type(last, json_type_string) ? last : json_text(last, o.compact);
			fwrite(json_object_get_string(text), 1, (size_t)json_object_get_string_len(text), memory);
			putc('\n', memory);
		}
	}
	if (fclose(memory) != 0 || fwrite(said, 1, n, stdout) != n || fflush(stdout) != 0)
		return 2;
	if (!o.status)
		return 0;
	return found == 0 ? NOTHING : is_true(last) ? 0 : FALSE;
}

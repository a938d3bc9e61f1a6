/*
 * image-sizes: the smaller pictures of a picture. It reads what anybody may have uploaded, so it is a program of its
 * own, which opens no file and no connection: bytes come on standard input, files go to standard output.
 */
#include <errno.h>
#include <sys/resource.h>
#include <sysexits.h>
#include <unistd.h>
#include "core/base/arena.h"
#include "core/base/file.h"
#include "tools/image-sizes/confine.h"
#include "tools/image-sizes/sizes.h"

enum { MEMORY_BYTES_MAX = 32 * 1024 * 1024, PRIORITY = 10 };

static const char HELP[] = "Usage: image-sizes <PICTURE >SIZES\n\n"
			   "Read a JPEG, PNG, GIF, WebP or AVIF from standard input and write it 160, 480 and 960\n"
			   "pixels wide to standard output: upright, in sRGB, without metadata, as WebP. For each\n"
			   "width that the picture has: a line \"WIDTH BYTES\", then that many bytes. Of a picture\n"
			   "that moves, or is narrower, nothing is written.\n\n"
			   "  --help      print this\n"
			   "  --version   print the version\n\n"
			   "Exit code: 0, 64 for wrong arguments, 65 for what is not a picture or is a damaged one,\n"
			   "70 when it cannot be made smaller, 74 when it cannot be read or written. A picture that\n"
			   "needs too much memory or time ends the program by a signal.\n";

#ifdef __SANITIZE_ADDRESS__
/* GLib keeps its types to the end: not a leak of ours. */
const char *__asan_default_options(void);
const char *__asan_default_options(void)
{
	return "detect_leaks=0";
}
#endif

static int report_error(int code, const char *what)
{
	fprintf(stderr, "image-sizes: %s\n", what);
	return code;
}

static void out_of_memory(void *ctx UNUSED)
{
	exit(report_error(EX_SOFTWARE, "the picture needs too much memory"));
}

static int code_of(enum sizes_result result)
{
	if (result == SIZES_UNREADABLE)
		return report_error(EX_DATAERR, sizes_error());
	return result == SIZES_FAILED ? report_error(EX_SOFTWARE, sizes_error()) : EX_OK;
}

static int write_sizes(struct arena *a, const struct size *sizes, size_t n)
{
	for (size_t i = 0; i < n; i++)
		if (!file_write_fd(STDOUT_FILENO, str_fmt(a, "%u %zu\n", sizes[i].width, sizes[i].bytes.n)) ||
		    !file_write_fd(STDOUT_FILENO, sizes[i].bytes))
			return report_error(EX_IOERR, "standard output cannot be written");
	return EX_OK;
}

static int run(struct arena *a)
{
	static const unsigned widths[] = { 160, 480, 960 };
	struct size sizes[ARRAY_LEN(widths)];
	size_t n = 0;
	struct image image;
	struct str in;
	int code;

	if (!file_read_fd(a, STDIN_FILENO, UPLOAD_IMAGE_BYTES_MAX, &in))
		return errno == EFBIG ? report_error(EX_DATAERR, "the picture is too large")
				      : report_error(EX_IOERR, "standard input cannot be read");
	if (image_read(a, in, &image))
		return report_error(EX_DATAERR, "it is not a picture, or has too many pixels");
	for (; n < ARRAY_LEN(widths) && widths[n] <= image.width && !image.moves; n++)
		sizes[n].width = widths[n];
	if (n == 0)
		return EX_OK;
	code = code_of(sizes_open(&image));
	if (code)
		return code;
	confine_calls();
	code = code_of(sizes_make(a, &image, sizes, n));
	return code ? code : write_sizes(a, sizes, n);
}

int main(int argc, char **argv)
{
	struct arena a;
	int code;

	if (argc == 2 && !strcmp(argv[1], "--help"))
		return fputs(HELP, stdout) < 0 ? EX_IOERR : EX_OK;
	if (argc == 2 && !strcmp(argv[1], "--version"))
		return puts("cgishop image-sizes " CGISHOP_VERSION) < 0 ? EX_IOERR : EX_OK;
	if (argc != 1)
		return report_error(EX_USAGE, "it takes no arguments except --help and --version");
	confine_resources();
	setpriority(PRIO_PROCESS, 0, PRIORITY);
	arena_init(&a, MEMORY_BYTES_MAX);
	a.on_exhausted = out_of_memory;
	code = run(&a);
	fflush(NULL);
	_exit(code); /* libvips and its threads need not be taken down */
}

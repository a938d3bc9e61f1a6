#include "tools/shopctl/terminal.h"

#include <errno.h>
#include <signal.h>
#include <termios.h>
#include <unistd.h>

enum { KEY_INTERRUPT = 0x03 };

bool terminal_is_there(void)
{
	return isatty(STDIN_FILENO);
}

/* Byte by byte: what follows the line belongs to the next reader. */
static enum terminal_result read_line(bool interactive, char line[TERMINAL_LINE_BYTES_MAX], struct str *out)
{
	size_t n = 0;

	for (;;) {
		char c;
		ssize_t got = read(STDIN_FILENO, &c, 1);

		if (got < 0 && errno == EINTR)
			continue;
		if (got < 0)
			return TERMINAL_FAILED;
		if (got == 0 && n == 0)
			return TERMINAL_END;
		if (got == 0 || c == '\n')
			break;
		if (interactive && c == KEY_INTERRUPT)
			return TERMINAL_INTERRUPTED;
		if (n == TERMINAL_LINE_BYTES_MAX)
			return TERMINAL_TOO_LONG;
		line[n++] = c;
	}
	if (n && line[n - 1] == '\r')
		n--;
	*out = (struct str){ line, n };
	return TERMINAL_OK;
}

static void say(const char *text)
{
	fputs(text, stderr);
	fflush(stderr);
}

/*
 * Signals are blocked until echo is restored; until then the interrupt key is a
 * byte that ends the line.
 */
enum terminal_result terminal_read_secret(const char *prompt, char line[TERMINAL_LINE_BYTES_MAX], struct str *out)
{
	struct termios before, silent;
	sigset_t all, old;

	if (!terminal_is_there())
		return read_line(false, line, out);
	if (tcgetattr(STDIN_FILENO, &before) < 0)
		return TERMINAL_FAILED;
	silent = before;
	silent.c_lflag &= ~(tcflag_t)(ECHO | ECHONL | ISIG);
	silent.c_lflag |= ICANON;
	silent.c_cc[VEOL] = KEY_INTERRUPT;
	sigfillset(&all);
	sigprocmask(SIG_BLOCK, &all, &old);
	say(prompt);
	if (tcsetattr(STDIN_FILENO, TCSAFLUSH, &silent) < 0) {
		sigprocmask(SIG_SETMASK, &old, NULL);
		return TERMINAL_FAILED;
	}
	enum terminal_result result = read_line(true, line, out);
	tcsetattr(STDIN_FILENO, TCSAFLUSH, &before);
	say("\n");
	sigprocmask(SIG_SETMASK, &old, NULL);
	return result;
}

void terminal_show_bar(int64_t done, int64_t all)
{
	int64_t most = all > 0 ? all : 1, shown = done < most ? done : most;
	int width = 40, full = (int)(shown * width / most);

	fprintf(stderr, "\r[%.*s%*s] %3d %%", full, "########################################", width - full, "",
		(int)(shown * 100 / most));
}

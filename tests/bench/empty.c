/* The floor: a CGI program that does nothing but answer. */
#include <unistd.h>

int main(void)
{
	static const char answer[] = "Status: 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 3\r\n\r\nok\n";

	return write(STDOUT_FILENO, answer, sizeof(answer) - 1) == (ssize_t)(sizeof(answer) - 1) ? 0 : 1;
}

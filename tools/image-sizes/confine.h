/*
 * What the program may still do while it decodes a picture of somebody else's:
 * compute, in little memory and time, and write to the files that it has.
 */
#ifndef CGISHOP_IMAGE_SIZES_CONFINE_H
#define CGISHOP_IMAGE_SIZES_CONFINE_H

enum { CONFINE_MEMORY_BYTES_MAX = 640 * 1024 * 1024, CONFINE_CPU_S_MAX = 30 };

/*
 * At the start: limits of memory (address space) and of the processor's time, which cannot be raised again. No core is
 * dumped. Of 50 million pixels, most kinds fit; an AVIF of more than 40 million does not.
 */
void confine_resources(void);
/*
 * When libraries are loaded: no file, socket or other program can be opened any more, and no memory be made executable
 * (seccomp(2); where the system has none, the limit of open files has to do).
 */
void confine_calls(void);

#endif

/* zig has no glibc 2.17 for ppc64le, only 2.19. This makes up for what differs.

   Its libunwind prints with names that glibc has since 2.32 only,
   for numbers it never prints. These print as the old names do. No header is
   included: it would turn the old names into the new ones. */

int vfprintf(void *, const char *, __builtin_va_list);
int vsnprintf(char *, unsigned long, const char *, __builtin_va_list);

int __fprintfieee128(void *stream, const char *format, ...)
{
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    int length = vfprintf(stream, format, arguments);
    __builtin_va_end(arguments);
    return length;
}

int __snprintfieee128(char *text, unsigned long size, const char *format, ...)
{
    __builtin_va_list arguments;
    __builtin_va_start(arguments, format);
    int length = vsnprintf(text, size, format, arguments);
    __builtin_va_end(arguments);
    return length;
}

/* glibc has this since 2.18. Rust's standard library does without where it is not
   there, which it is told by an address of 0. */
__asm__(".globl __cxa_thread_atexit_impl\n.set __cxa_thread_atexit_impl, 0");

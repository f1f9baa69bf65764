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

/* glibc has this since 2.18: a function to call when the thread ends. Without it
   Rust's standard library keeps such functions under a key of the thread, as is
   done here; like there, those of the main thread are not called. */

int pthread_once(int *, void (*)(void));
int pthread_key_create(unsigned *, void (*)(void *));
void *pthread_getspecific(unsigned);
int pthread_setspecific(unsigned, const void *);
void *malloc(unsigned long);
void free(void *);

struct entry {
    void (*call)(void *);
    void *argument;
    struct entry *next;
};

static unsigned key;
static int key_failed;
static int once;

/* The last one first. One that is added meanwhile comes in another round. */
static void call_all(void *first)
{
    for (struct entry *entry = first; entry;) {
        struct entry *next = entry->next;
        entry->call(entry->argument);
        free(entry);
        entry = next;
    }
}

static void make_key(void)
{
    key_failed = pthread_key_create(&key, call_all);
}

int __cxa_thread_atexit_impl(void (*call)(void *), void *argument, void *object)
{
    (void)object;
    pthread_once(&once, make_key);
    struct entry *entry = key_failed ? 0 : malloc(sizeof *entry);
    if (!entry)
        return -1;
    entry->call = call;
    entry->argument = argument;
    entry->next = pthread_getspecific(key);
    return pthread_setspecific(key, entry);
}

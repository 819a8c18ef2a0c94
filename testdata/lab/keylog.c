/* Lets a program that uses OpenSSL write its TLS secrets to the file that
   SSLKEYLOGFILE names, where the program or its OpenSSL does not do so itself:

     cc -shared -fPIC -o keylog.so keylog.c
     SSLKEYLOGFILE=/tmp/keys LD_PRELOAD=$PWD/keylog.so PROGRAM

   Each line is appended by one write, so several processes may share a file. A
   program that logs its secrets somewhere already is left alone. The headers of
   OpenSSL are not needed; the library is looked for as SSLKEYLOG_LIBRARY, or
   libssl.so.3. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/uio.h>
#include <unistd.h>

typedef void callback(const void *connection, const char *line);

static void append(const void *connection, const char *line)
{
	const char *name = getenv("SSLKEYLOGFILE");
	struct iovec parts[] = {{(void *)line, strlen(line)}, {"\n", 1}};
	int file = name ? open(name, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, 0600) : -1;

	(void)connection;
	if (file < 0)
		return;
	if (writev(file, parts, 2) < 0)
		(void)0; /* a secret that cannot be logged is no reason to end a connection */
	close(file);
}

/* Stands before OpenSSL's function of this name. Programs that load the library
   late and for themselves hide it from RTLD_NEXT, so it is asked for by name. */
void *SSL_new(void *context)
{
	const char *name = getenv("SSLKEYLOG_LIBRARY");
	void *library = dlopen(name ? name : "libssl.so.3", RTLD_LAZY);
	void *(*new)(void *) = library ? (void *(*)(void *))dlsym(library, "SSL_new") : NULL;
	callback *(*get)(const void *) = library ? (callback * (*)(const void *)) dlsym(library, "SSL_CTX_get_keylog_callback") : NULL;
	void (*set)(void *, callback *) = library ? (void (*)(void *, callback *))dlsym(library, "SSL_CTX_set_keylog_callback") : NULL;

	if (!new)
		return NULL;
	if (context && get && set && !get(context))
		set(context, append);
	return new (context);
}

/* SPDX-License-Identifier: Apache-2.0 */
/* Preloaded: a resolver that has nobody to ask, and takes its time to say so.
 * Addresses are looked up as ever. */
#include <dlfcn.h>
#include <netdb.h>
#include <string.h>
#include <time.h>

typedef int look_up(const char *name, const char *service,
	const struct addrinfo *hints, struct addrinfo **out);

look_up getaddrinfo;

int
getaddrinfo(const char *name, const char *service, const struct addrinfo *hints,
	struct addrinfo **out)
{
	const struct timespec long_time = {.tv_sec = 3};
	look_up *real = NULL;
	void *found = dlsym(RTLD_NEXT, "getaddrinfo");

	if (name != NULL && strcmp(name, "database.invalid") == 0) {
		(void)nanosleep(&long_time, NULL);
		return EAI_AGAIN;
	}
	memcpy(&real, &found, sizeof(real));
	return real(name, service, hints, out);
}

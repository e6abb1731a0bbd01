/* SPDX-License-Identifier: Apache-2.0 */
#include "kinds/kind_s3.h"

#include <ctype.h>
#include <string.h>

#define HTTP "http://"
#define HTTPS "https://"

/* Whether ${text} has only letters, digits and characters of ${others}. */
static bool
is_made_of(const char *text, const char *others)
{
	for (; *text != '\0'; text++) {
		if (isalnum((unsigned char)*text) == 0 &&
			strchr(others, *text) == NULL)
			return false;
	}
	return true;
}

const char *
kind_check_bucket(const char *text)
{
	if (isalnum((unsigned char)text[0]) != 0 && is_made_of(text, "._-"))
		return NULL;
	return "is no bucket: write its name alone, without s3a:// and folder";
}

const char *
kind_check_region(const char *text)
{
	return is_made_of(text, "-") ? NULL
				     : "is no region: write it like eu-west-1";
}

const char *
kind_check_endpoint(const char *text)
{
	const char *host = text;
	const char *folder;

	if (strncmp(text, HTTPS, strlen(HTTPS)) == 0)
		host += strlen(HTTPS);
	else if (strncmp(text, HTTP, strlen(HTTP)) == 0)
		host += strlen(HTTP);
	folder = host + strcspn(host, "/");
	if (host != text && folder != host && is_made_of(text, ".-_:/[]") &&
		(*folder == '\0' || strcmp(folder, "/") == 0))
		return NULL;
	return "this is no endpoint: write it like https://s3.example.com, "
	       "with http:// or https://, without user and folder";
}

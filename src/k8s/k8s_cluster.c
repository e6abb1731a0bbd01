/* SPDX-License-Identifier: Apache-2.0 */
#include "base/base_json.h"
#include "base/base_text.h"
#include "k8s/k8s_section.h"

#include <string.h>
#include <strings.h>

static const char certificate_authority[] = "certificate-authority";

static bool
begins_with(const char *text, const char *start)
{
	return strncasecmp(text, start, strlen(start)) == 0;
}

/* Printable and without what would end or change the host of a URL. */
static bool
is_server(const char *url)
{
	const char *host = strstr(url, "://");

	if (!begins_with(url, "https://") && !begins_with(url, "http://"))
		return false;
	for (const char *c = url; *c != '\0'; c++) {
		if (*c <= ' ' || *c == 0x7f || strchr("@?#\\", *c) != NULL)
			return false;
	}
	return host[3] != '\0' && host[3] != '/' && host[3] != ':';
}

static const char *
without_last_slashes(struct arena *arena, const char *url)
{
	size_t len = strlen(url);

	while (len > 0 && url[len - 1] == '/')
		len--;
	return arena_copy(arena, url, len);
}

int
k8s_cluster_parse(struct arena *arena, const struct k8s_section *section,
	struct k8s_cluster *out, struct err *e)
{
	const char *server = k8s_section_text(section, "server");

	*out = (struct k8s_cluster){
		.tls_name = k8s_section_text(section, "tls-server-name"),
		.proxy = k8s_section_text(section, "proxy-url"),
		.is_insecure = k8s_section_is_true(
			section, "insecure-skip-tls-verify"),
	};
	if (server == NULL)
		return k8s_section_bad(
			arena, section, "server", "is missing", e);
	if (!is_server(server))
		return k8s_section_bad(arena, section, "server",
			"is not an https:// or http:// address", e);
	out->server = without_last_slashes(arena, server);
	if (out->tls_name != NULL && !text_is_dns_subdomain(out->tls_name))
		return k8s_section_bad(arena, section, "tls-server-name",
			"is not a DNS name", e);
	if (k8s_section_pem(
		    arena, section, certificate_authority, &out->ca, e) != 0)
		return -1;
	if (out->is_insecure && out->ca.len > 0)
		return k8s_section_bad(arena, section,
			"insecure-skip-tls-verify",
			"contradicts the certificate authority given", e);
	return 0;
}

static void
write_if(struct json *j, const char *key, const char *text)
{
	if (text != NULL)
		json_member_text(j, key, text);
}

void
k8s_cluster_write(
	struct arena *arena, const struct k8s_cluster *cluster, struct json *j)
{
	json_object_open(j);
	json_member_text(j, "server", cluster->server);
	write_if(j, "tls-server-name", cluster->tls_name);
	write_if(j, "proxy-url", cluster->proxy);
	if (cluster->ca.len > 0)
		json_member_text(j, "certificate-authority-data",
			text_base64_encode(arena, cluster->ca));
	if (cluster->is_insecure)
		json_member_bool(j, "insecure-skip-tls-verify", true);
	json_object_close(j);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/tls_internal.h"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <time.h>

/* What OpenSSL said last, for people. */
static const char *
reason(void)
{
	const char *text = ERR_reason_error_string(ERR_peek_last_error());

	return text == NULL ? "no PEM" : text;
}

/* Nobody is at the terminal: a key with a password is refused. */
static int
no_password(char *buf, int size, int is_writing, void *arg)
{
	(void)buf;
	(void)size;
	(void)is_writing;
	(void)arg;
	return -1;
}

static void
put_time(const ASN1_TIME *time, char out[TLS_TIME_SIZE])
{
	struct tm tm = {0};

	(void)ASN1_TIME_to_tm(time, &tm);
	(void)strftime(out, TLS_TIME_SIZE, "%Y-%m-%dT%H:%M:%SZ", &tm);
}

static int
check_dates(const X509 *x509, const char *file, time_t now, struct err *e)
{
	char when[TLS_TIME_SIZE];

	if (X509_cmp_time(X509_get0_notAfter(x509), &now) < 0) {
		put_time(X509_get0_notAfter(x509), when);
		return err_set(e, ERR_UNAVAILABLE, "tls_certificate",
			"%s expired at %s: renew it", file, when);
	}
	if (X509_cmp_time(X509_get0_notBefore(x509), &now) > 0) {
		put_time(X509_get0_notBefore(x509), when);
		return err_set(e, ERR_UNAVAILABLE, "tls_certificate",
			"%s is not valid before %s: wait, or set the clock",
			file, when);
	}
	return 0;
}

static int
check_certificate(
	SSL_CTX *context, const char *file, int64_t now_s, struct err *e)
{
	if (SSL_CTX_use_certificate_chain_file(context, file) != 1)
		return err_set(e, ERR_UNAVAILABLE, "tls_certificate",
			"%s is no certificate to serve with (%s): it has to "
			"be a PEM chain, the server's own first",
			file, reason());
	return check_dates(
		SSL_CTX_get0_certificate(context), file, (time_t)now_s, e);
}

static EVP_PKEY *
read_key(const char *file)
{
	BIO *in = BIO_new_file(file, "r");
	EVP_PKEY *key = NULL;

	if (in != NULL)
		key = PEM_read_bio_PrivateKey(in, NULL, no_password, NULL);
	BIO_free(in);
	return key;
}

static int
judge_key(const struct tls_files *files, const X509 *x509, const EVP_PKEY *key,
	struct err *e)
{
	const int type = key == NULL ? 0 : EVP_PKEY_get_base_id(key);

	if (key == NULL)
		return err_set(e, ERR_UNAVAILABLE, "tls_key",
			"%s is no key to serve with (%s): it has to be PEM "
			"without a password",
			files->key, reason());
	if (type != EVP_PKEY_RSA && type != EVP_PKEY_EC)
		return err_set(e, ERR_UNAVAILABLE, "tls_key",
			"%s is neither RSA nor EC: make one of these",
			files->key);
	if (X509_check_private_key(x509, key) != 1)
		return err_set(e, ERR_UNAVAILABLE, "tls_key",
			"%s is not the key of %s: take the two that belong "
			"together",
			files->key, files->certificate);
	return 0;
}

static int
check_key(const struct tls_files *files, const X509 *x509, struct err *e)
{
	EVP_PKEY *key = read_key(files->key);
	int rc = judge_key(files, x509, key, e);

	EVP_PKEY_free(key);
	return rc;
}

int
tls_check_pair(const struct tls_files *files, int64_t now_s, struct err *e)
{
	SSL_CTX *context = SSL_CTX_new(TLS_server_method());
	int rc;

	if (context == NULL)
		return err_set(e, ERR_UNAVAILABLE, "", "OpenSSL: %s", reason());
	rc = check_certificate(context, files->certificate, now_s, e);
	if (rc == 0)
		rc = check_key(files, SSL_CTX_get0_certificate(context), e);
	SSL_CTX_free(context);
	return rc;
}

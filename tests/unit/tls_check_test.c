/* SPDX-License-Identifier: Apache-2.0 */
#include "tls/tls.h"
#include "unit.h"

#include <openssl/evp.h>
#include <openssl/pem.h>
#include <openssl/x509.h>

#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

#define NOW 1800000000 /* in 2027 */
#define DAY 86400

struct pair {
	char folder[64];
	const char *certificate, *key;
};

static FILE *
create(const char *path, mode_t mode)
{
	FILE *f = fopen(path, "we");

	assert_non_null(f);
	assert_int_equal(chmod(path, mode), 0);
	return f;
}

static void
write_key(const struct pair *p, EVP_PKEY *key, const char *password)
{
	FILE *f = create(p->key, 0400);

	assert_int_equal(PEM_write_PrivateKey(f, key,
				 password == NULL ? NULL : EVP_aes_128_cbc(),
				 (const void *)password,
				 password == NULL ? 0 : (int)strlen(password),
				 NULL, NULL),
		1);
	(void)fclose(f);
}

static void
write_certificate(const struct pair *p, EVP_PKEY *key, int from, int to)
{
	const EVP_MD *digest = EVP_PKEY_get_base_id(key) == EVP_PKEY_ED25519
				       ? NULL
				       : EVP_sha256();
	X509 *x509 = X509_new();
	FILE *f = create(p->certificate, 0444);

	assert_int_equal(X509_set_version(x509, 2), 1);
	assert_int_equal(X509_set_pubkey(x509, key), 1);
	assert_non_null(ASN1_TIME_set(X509_getm_notBefore(x509), NOW + from));
	assert_non_null(ASN1_TIME_set(X509_getm_notAfter(x509), NOW + to));
	assert_int_not_equal(X509_sign(x509, key, digest), 0);
	assert_int_equal(PEM_write_X509(f, x509), 1);
	(void)fclose(f);
	X509_free(x509);
}

static EVP_PKEY *
ec_key(void)
{
	return EVP_EC_gen("P-256");
}

static struct pair
make_pair(void **state)
{
	struct pair p = {.folder = "/tmp/roaster-tls-XXXXXX"};

	assert_non_null(mkdtemp(p.folder));
	p.certificate = arena_format(*state, "%s/c.pem", p.folder);
	p.key = arena_format(*state, "%s/k.pem", p.folder);
	return p;
}

static void
remove_pair(const struct pair *p)
{
	(void)unlink(p->certificate);
	(void)unlink(p->key);
	(void)rmdir(p->certificate);
	(void)rmdir(p->folder);
}

static struct pair
good_pair(void **state, EVP_PKEY *key)
{
	struct pair p = make_pair(state);

	write_key(&p, key, NULL);
	write_certificate(&p, key, -DAY, DAY);
	EVP_PKEY_free(key);
	return p;
}

/* The message begins with the file, and has ${words}. */
static void
assert_refused(const struct pair *p, const char *setting, const char *file,
	const char *words)
{
	struct err e = {.code = ERR_NONE};

	assert_int_equal(tls_check(p->certificate, p->key, NOW, &e), -1);
	assert_int_equal(e.code, ERR_UNAVAILABLE);
	assert_string_equal(e.path, setting);
	assert_non_null(strstr(e.message, file));
	if (strstr(e.message, words) == NULL)
		fail_msg("\"%s\" is not in \"%s\"", words, e.message);
	remove_pair(p);
}

static void
tls_check_takes_a_pair_of_rsa_or_ec(void **state)
{
	struct pair p = good_pair(state, ec_key());
	struct err e;

	assert_int_equal(tls_check(p.certificate, p.key, NOW, &e), 0);
	remove_pair(&p);
	p = good_pair(state, EVP_RSA_gen(2048));
	assert_int_equal(tls_check(p.certificate, p.key, NOW, &e), 0);
	remove_pair(&p);
}

static void
tls_check_names_what_is_not_there(void **state)
{
	struct pair p = good_pair(state, ec_key());

	(void)unlink(p.certificate);
	assert_refused(&p, "tls_certificate", p.certificate,
		"No such file or directory): set tls_certificate");
	p = good_pair(state, ec_key());
	(void)unlink(p.key);
	assert_refused(&p, "tls_key", p.key,
		"No such file or directory): set tls_key");
}

static void
tls_check_refuses_what_is_no_file(void **state)
{
	struct pair p = good_pair(state, ec_key());

	(void)unlink(p.certificate);
	assert_int_equal(mkdir(p.certificate, 0755), 0);
	assert_refused(&p, "tls_certificate", p.certificate, "is not a file");
	p = good_pair(state, ec_key());
	(void)unlink(p.key);
	assert_int_equal(mkfifo(p.key, 0400), 0);
	assert_refused(&p, "tls_key", p.key, "is not a file");
}

static void
tls_check_refuses_a_key_that_others_can_read(void **state)
{
	static const mode_t modes[] = {0440, 0404, 0420, 0601};

	for (size_t i = 0; i < COUNT_OF(modes); i++) {
		struct pair p = good_pair(state, ec_key());

		assert_int_equal(chmod(p.key, modes[i]), 0);
		assert_refused(&p, "tls_key", p.key, "chmod 0400");
	}
}

static void
tls_check_refuses_the_key_of_another(void **state)
{
	EVP_PKEY *const others[] = {ec_key(), EVP_RSA_gen(2048)};

	for (size_t i = 0; i < COUNT_OF(others); i++) {
		struct pair p = good_pair(state, ec_key());

		write_key(&p, others[i], NULL);
		EVP_PKEY_free(others[i]);
		assert_refused(&p, "tls_key", p.key, "is not the key of");
	}
}

static void
tls_check_says_when_it_was_or_will_be_valid(void **state)
{
	EVP_PKEY *key = ec_key();
	struct pair p = make_pair(state);

	write_key(&p, key, NULL);
	write_certificate(&p, key, -2 * DAY, -DAY);
	assert_refused(&p, "tls_certificate", p.certificate,
		"expired at 2027-01-14T08:00:00Z: renew it");
	p = make_pair(state);
	write_key(&p, key, NULL);
	write_certificate(&p, key, DAY, 2 * DAY);
	assert_refused(&p, "tls_certificate", p.certificate,
		"is not valid before 2027-01-16T08:00:00Z");
	EVP_PKEY_free(key);
}

static void
tls_check_asks_for_no_password(void **state)
{
	EVP_PKEY *key = ec_key();
	struct pair p = good_pair(state, ec_key());

	write_key(&p, key, "secret");
	EVP_PKEY_free(key);
	assert_refused(&p, "tls_key", p.key, "PEM without a password");
}

static void
tls_check_refuses_what_kore_cannot_sign_with(void **state)
{
	struct pair p =
		good_pair(state, EVP_PKEY_Q_keygen(NULL, NULL, "ED25519"));

	assert_refused(&p, "tls_key", p.key, "is neither RSA nor EC");
}

static void
tls_check_refuses_a_weak_certificate(void **state)
{
	struct pair p = good_pair(state, EVP_RSA_gen(1024));

	assert_refused(
		&p, "tls_certificate", p.certificate, "ee key too small");
}

static void
tls_check_refuses_noise(void **state)
{
	struct pair p = good_pair(state, ec_key());
	FILE *f = create(p.certificate, 0444);

	(void)fputs("-----BEGIN CERTIFICATE-----\nnoise\n", f);
	(void)fclose(f);
	assert_refused(
		&p, "tls_certificate", p.certificate, "has to be a PEM chain");
	p = good_pair(state, ec_key());
	(void)fclose(create(p.key, 0400));
	assert_refused(&p, "tls_key", p.key, "is no key to serve with");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(tls_check_takes_a_pair_of_rsa_or_ec),
		UNIT_TEST(tls_check_names_what_is_not_there),
		UNIT_TEST(tls_check_refuses_what_is_no_file),
		UNIT_TEST(tls_check_refuses_a_key_that_others_can_read),
		UNIT_TEST(tls_check_refuses_the_key_of_another),
		UNIT_TEST(tls_check_says_when_it_was_or_will_be_valid),
		UNIT_TEST(tls_check_asks_for_no_password),
		UNIT_TEST(tls_check_refuses_what_kore_cannot_sign_with),
		UNIT_TEST(tls_check_refuses_a_weak_certificate),
		UNIT_TEST(tls_check_refuses_noise),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

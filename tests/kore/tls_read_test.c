/* SPDX-License-Identifier: Apache-2.0 */
/* Kore's reading of a TLS connection, with a transport that only this test
 * has: OpenSSL's own says what it would like, this one just fails. */
#include "unit.h"

#include <kore/kore.h>

#include <errno.h>

static int
fail_to_read(BIO *bio, char *buf, int size)
{
	(void)bio;
	(void)buf;
	(void)size;
	errno = EAGAIN;
	return -1;
}

static int
take_all(BIO *bio, const char *buf, int size)
{
	(void)bio;
	(void)buf;
	return size;
}

static long
control(BIO *bio, int command, long number, void *pointer)
{
	(void)bio;
	(void)number;
	(void)pointer;
	return command == BIO_CTRL_FLUSH; /* and it has no end */
}

static BIO_METHOD *
new_transport(void)
{
	BIO_METHOD *method = BIO_meth_new(BIO_TYPE_SOURCE_SINK, "failing");

	assert_int_equal(BIO_meth_set_read(method, fail_to_read), 1);
	assert_int_equal(BIO_meth_set_write(method, take_all), 1);
	assert_int_equal(BIO_meth_set_ctrl(method, control), 1);
	return method;
}

/* Nothing is to be sent: there is no buffer for it. */
static void
a_read_that_says_eagain_waits(void **state)
{
	BIO_METHOD *method = new_transport();
	BIO *bio = BIO_new(method);
	SSL_CTX *context = SSL_CTX_new(TLS_client_method());
	unsigned char data[16];
	struct netbuf in = {.buf = data, .b_len = sizeof(data)};
	struct connection c = {.tls = SSL_new(context),
		.rnb = &in,
		.evt = {.flags = KORE_EVENT_READ}};
	size_t n = 0;

	(void)state;
	BIO_set_init(bio, 1);
	SSL_set_bio(c.tls, bio, bio);
	SSL_set_connect_state(c.tls);
	assert_int_equal(kore_tls_read(&c, &n), KORE_RESULT_OK);
	assert_int_equal(c.evt.flags & KORE_EVENT_READ, 0);
	SSL_free(c.tls);
	SSL_CTX_free(context);
	BIO_meth_free(method);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
		UNIT_TEST(a_read_that_says_eagain_waits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}

/* SPDX-License-Identifier: Apache-2.0 */
#include "auth/auth.h"

#include <assert.h>
#include <string.h>

void
auth_pool_take(struct auth_pool *pool, void *out, size_t size)
{
	assert(size <= sizeof(pool->bytes));
	if (pool->left < size) {
		auth_random(pool->bytes, sizeof(pool->bytes));
		pool->left = sizeof(pool->bytes);
	}
	pool->left -= size;
	memcpy(out, pool->bytes + pool->left, size);
}

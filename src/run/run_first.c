/* SPDX-License-Identifier: Apache-2.0 */
#include "run/run_first.h"

#include "auth/auth.h"
#include "db/db_link.h"
#include "fail/fail.h"

#include <stdio.h>
#include <string.h>

#define STATEMENT_MS 10000U
#define CONNECT_MS 5000U

int
run_first_prepare(const struct run_shell *shell, struct err *e)
{
	const struct run_paths *paths = &shell->paths;
	unsigned done = 0;

	if (auth_keys_create(paths->keys, e) == -1)
		return -1;
	if (paths->is_embedded && db_roles(paths->owner, e) == -1)
		return -1;
	if (db_migrate(paths->owner, &done, e) == -1)
		return -1;
	if (done > 0)
		LOG_EVENT(&shell->log, LOG_LEVEL_INFO, "schema_migrated",
			LOG_INT("steps", done),
			LOG_INT("version", db_schema_version()));
	if (!paths->is_embedded)
		return 0;
	return run_file(shell->arena,
		arena_format(shell->arena, "%s/conninfo", paths->state),
		arena_format(shell->arena, "%s\n", paths->owner), e);
}

/* Run a statement that says true or false of what it did. */
static int
ask(const struct run_shell *shell, const struct db_call *call, bool *out,
	struct err *e)
{
	const struct db_link_config config = {.conninfo = shell->paths.owner,
		.app_name = "roaster-run",
		.lane = DB_OWNER,
		.statement_ms = STATEMENT_MS,
		.connect_ms = CONNECT_MS};
	struct db_link *link = db_link_new(&config);
	struct db_reply reply;
	int rc = db_link_run(link, call, &reply, e);

	if (rc == 0)
		*out = db_column_bool(&reply, 0, 0, 0);
	db_link_clear(link);
	db_link_free(link);
	return rc;
}

static struct db_value
new_password(char password[33], char hash[AUTH_HASH_SIZE])
{
	auth_password_generate(password);
	auth_password_hash((struct bytes){password, strlen(password)}, hash);
	return db_text(hash);
}

int
run_first_admin(const struct run_shell *shell, struct err *e)
{
	char password[33];
	char hash[AUTH_HASH_SIZE];
	struct db_value values[] = {new_password(password, hash)};
	struct db_call call = {DB_QUERY_admin_ensure, values};
	bool is_made = false;
	int rc = ask(shell, &call, &is_made, e);

	if (rc == 0 && is_made) {
		FAILPOINT(run_admin_made);
		printf("randomly generated password for user 'admin': %s\n",
			password);
	}
	fflush(stdout);
	explicit_bzero(password, sizeof(password));
	return rc;
}

int
run_first_reset(const struct run_shell *shell, const char *name, struct err *e)
{
	char password[33];
	char hash[AUTH_HASH_SIZE];
	struct db_value values[] = {
		db_text(name), new_password(password, hash)};
	struct db_call call = {DB_QUERY_account_reset, values};
	bool is_done = false;
	int rc = ask(shell, &call, &is_done, e);

	if (rc == 0 && !is_done)
		rc = err_set(e, ERR_NOT_FOUND, "", "there is no user %s", name);
	if (rc == 0)
		printf("new password for user '%s': %s\n", name, password);
	fflush(stdout);
	explicit_bzero(password, sizeof(password));
	return rc;
}

#!/bin/sh
# SPDX-License-Identifier: Apache-2.0
# MariaDB in the place of MySQL: an empty data folder becomes a server with the
# database and the user that the environment names, as in MySQL's own image.
set -eu
data=/var/lib/mysql
setup=/tmp/setup.sql

# secret FILE: its content, for a text of SQL.
secret() {
	sed "s/[\\\\']/\\\\&/g" "$1"
}

if [ ! -d "$data/mysql" ]; then
	mariadb-install-db --no-defaults --datadir="$data" --skip-test-db \
		--auth-root-authentication-method=normal
	umask 077
	cat >"$setup" <<-END
	CREATE DATABASE $MYSQL_DATABASE;
	CREATE USER '$MYSQL_USER'@'%' IDENTIFIED BY '$(secret "$MYSQL_PASSWORD_FILE")';
	GRANT ALL ON $MYSQL_DATABASE.* TO '$MYSQL_USER'@'%';
	ALTER USER root@localhost IDENTIFIED BY '$(secret "$MYSQL_ROOT_PASSWORD_FILE")';
	END
	set -- "$@" --init-file="$setup"
fi
shift
exec mariadbd --no-defaults --datadir="$data" --port=3306 \
	--socket=/var/run/mysqld/mysqld.sock --skip-name-resolve "$@"
